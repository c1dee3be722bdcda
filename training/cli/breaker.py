"""`prereview-train breaker`: how soon the breaker trips, and how often for nothing."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from tqdm import tqdm

from training.cli.options import Machine
from training.cli.printing import out, show

if TYPE_CHECKING:
    from training.certification.breaking import Tripping

app = typer.Typer()


@app.command(
    epilog="Examples:  prereview-train breaker  ·  prereview-train breaker --per-day 100000 --plot breaker.png"
)
def breaker(
    alpha: Annotated[float, typer.Option(min=0.0005, max=0.5, help="¥-share that may be wrong.")] = 0.02,
    delta: Annotated[float, typer.Option(min=0.0001, max=0.5, help="Chance of a false trip in a life.")] = 0.05,
    per_day: Annotated[float, typer.Option(min=1, help="¥ approved by risk a day. Assumed.")] = 40_000,
    per_label: Annotated[
        float, typer.Option(min=1, help="¥ approved for each audited label (audit.certain_from).")
    ] = 4_000,
    delay: Annotated[float, typer.Option(min=0, max=90, help="Days from approval to label. Assumed.")] = 7,
    life: Annotated[int, typer.Option(min=1, max=730, help="Days a certificate holds.")] = 180,
    sequences: Annotated[int, typer.Option(min=20, max=20_000, help="Simulated for each row.")] = 1000,
    seed: Annotated[int, typer.Option(min=0)] = 20261122,
    plot: Annotated[Path | None, typer.Option("--plot", dir_okay=False, help="PNG to draw.")] = None,
    json_output: Machine = False,
) -> None:
    """Labels and ¥ lost before the breaker trips at 1.5, 2, 4, 10 × alpha, and false trips a year (SIMULATED)."""
    from training.certification.breaking import PARTS_OF_WORK, Setting, performance
    from training.certification.plots import plot_breaker

    setting = Setting(alpha, delta, round(per_label * 100), round(per_day * 100), delay, life)
    with tqdm(total=PARTS_OF_WORK, desc="rows", disable=json_output) as bar:
        found = performance(setting, sequences, seed, bar.update)
    picture = str(plot_breaker(found, plot)) if plot else None
    if json_output:
        show(
            {"data": "SIMULATED", **asdict(found), "labels_per_day": setting.labels_per_day, "plot": picture},
            True,
            title="",
        )
        return
    out.print(
        f"α = {alpha:.1%}, δ = {delta:.0%}; {setting.labels_per_day:.1f} labels a day, {setting.labels_in_life:,} in "
        f"{life} days; labels arrive after {delay:g} days; {sequences:,} sequences a row (SIMULATED)"
    )
    out.print(_table("Wrong from the first label", found.from_start))
    out.print(_table(f"Wrong from label {found.after_half[0].after:,} on, at half of alpha before", found.after_half))
    for one in found.false:
        out.print(
            f"False trips a year at {one.times_alpha:g} × α: {one.per_year:.3f} ({one.low:.3f} to {one.high:.3f}), "
            f"promised at most {delta * 365 / life:.3f}"
        )
    if picture:
        out.print(f"[dim]{picture}[/]")


def _table(title: str, rows: tuple[Tripping, ...]) -> Table:
    table = Table(title=title, title_justify="left", caption="– : fewer tripped before the certificate ended",
                  caption_justify="left")  # fmt: skip
    names = ("truly wrong", "tripped, with 95 % interval", "labels: median", "90 %", "¥ lost: median", "90 %")
    for number, name in enumerate(names):
        table.add_column(name, justify="right" if number else "left")
    for one in rows:
        table.add_row(
            f"{one.times_alpha:g} × α",
            f"{one.tripped:.1%} ({one.low:.1%} to {one.high:.1%})",
            *("–" if each is None else f"{each:,}" for each in one.labels),
            *("–" if each is None else f"{each / 100:,.0f}" for each in one.lost),
        )
    return table
