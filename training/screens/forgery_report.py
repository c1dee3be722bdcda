"""The figures of the search for traces of editing: tables for people, and a plot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.table import Table

_GROUPS = (("kinds", "kind of edit"), ("bases", "forger began with"), ("finishes", "sent on as"))


def tables(figures: Mapping[str, Any], name: str) -> Iterator[Table]:
    """By kind of edit, by what the forger began with and by what happened after; then honest pages alone."""
    pages = figures["pages"]
    for part, heading in _GROUPS:
        title = f"{name}: {pages['forged']} forged, {pages['honest']} honest pages of {pages['layouts']} layouts; 95 %"
        table = Table(title=title, title_justify="left")
        columns = (heading, "n", "page AUC", "caught at 2 %", "above 0.5", "place AUC", "caught at 2 %", "points there")
        for index, column in enumerate(columns):
            table.add_column(column, justify="right" if index else "left")
        rows = figures[part] | ({"all": figures["all"]} if part == "kinds" else {})
        for key, row in rows.items():
            table.add_row(
                key,
                str(row["n"]),
                _area(row["page"]),
                _rate(row["page"]["caught"]),
                _rate(row["page"]["passed"]),
                _area(row["place"]),
                _rate(row["place"]["caught"]),
                _rate(row["pointed"]),
            )
        yield table
    yield _honest(figures["honest"], name)


def _honest(rows: Mapping[str, Any], name: str) -> Table:
    table = Table(title=f"{name}: honest pages, strength of the strangest place", title_justify="left")
    for index, column in enumerate(("came as", "n", "above 0.5", "median", "90 %", "98 %")):
        table.add_column(column, justify="right" if index else "left")
    for key, row in rows.items():
        table.add_row(key, str(row["n"]), _rate(row), *(f"{row[share]:.2f}" for share in ("q50", "q90", "q98")))
    return table


def plot(sets: Mapping[str, Mapping[str, Any]], path: Path) -> None:
    """ROC by kind of edit, one panel for each set of pages, false alarms on a logarithmic axis."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(sets), figsize=(6.5 * len(sets), 5.5), squeeze=False)
    for panel, (name, figures) in zip(axes[0], sets.items(), strict=True):
        for kind, curve in figures["roc"].items():
            row = figures["kinds"][kind]
            alarms, caught = zip(*curve, strict=True)
            panel.step(alarms, caught, where="post", label=f"{kind} (AUC {row['page']['auc']:.2f}, n {row['n']})")
        panel.axvline(0.02, color="grey", linestyle=":")
        chance = [10 ** (power / 20) for power in range(-60, 1)]  # a curve on this axis
        panel.plot(chance, chance, color="lightgrey")
        panel.set(
            xscale="log", xlim=(0.003, 1), ylim=(0, 1), xlabel="honest pages alarmed", ylabel="forged pages caught"
        )
        panel.set_title(f"{name}: {figures['pages']['forged']} forged, {figures['pages']['honest']} honest pages")
        panel.legend(loc="upper left", fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def _area(row: Mapping[str, Any]) -> str:
    return "–" if row["auc"] is None else f"{row['auc']:.2f} [dim]({row['low']:.2f}–{row['high']:.2f})[/]"


def _rate(row: Mapping[str, Any]) -> str:
    if row["rate"] is None:
        return "–"
    return f"{row['rate'] * 100:.1f} % [dim]({row['low'] * 100:.1f}–{row['high'] * 100:.1f})[/]"
