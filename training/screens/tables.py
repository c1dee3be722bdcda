"""The scoreboard as tables for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from training.screens.layouts import SPENT

_MARKS = {True: "[green]✓[/]", False: "[red]✗[/]", None: " "}


def first_scores(sets: Sequence[str]) -> dict[str, Any]:
    """What held-out sets gave when each was read first, before anything was tuned on it; several sets are pooled.

    {command, fields: {name: {undamaged, damaged: {hits, n}}}, surely_wrong: {undamaged, damaged: {hits, n}}}.
    """
    kept = _kept()
    chosen = [kept[name] for name in sets]
    names = {field for scores in chosen for field in scores["fields"]}
    return {
        "command": "; ".join(scores["command"] for scores in chosen),
        "fields": {field: _pooled([scores["fields"].get(field, {}) for scores in chosen]) for field in names},
        "surely_wrong": _pooled([scores["surely_wrong"] for scores in chosen]),
    }


def _kept() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(Path(__file__).with_name("first_scores.json").read_text("utf-8"))
    return kept


def _pooled(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    return {
        part: {count: sum(row.get(part, {}).get(count, 0) for row in rows) for count in ("hits", "n")}
        for part in ("undamaged", "damaged")
    }


def tables(board: Mapping[str, Any]) -> Iterator[Table]:
    """Fields, sure errors, layouts, damages. On held-out pages alone the first score ever stands beside the last; a
    set that is read for the first time has none yet."""
    held_out = board["pages"]["held_out"] == board["pages"]["all"]
    beside = held_out and set(board["sets"]) <= _kept().keys()
    yield _fields(board, first_scores(board["sets"]) if beside else None)
    yield _groups(board["layouts"], "layout")
    yield _groups(board["damages"], "damage")


def _fields(board: Mapping[str, Any], first: Mapping[str, Any] | None) -> Table:
    pages = board["pages"]
    title = (
        f"Exact fields: {pages['all']} pages, {pages['undamaged']} undamaged, {pages['held_out']} of held-out layouts"
    )
    title += " (spent: looked at since)" if pages["held_out"] and set(board["sets"]) <= SPENT else ""
    title += "; 95 % Wilson" + (f"; first: {first['command']}" if first else "")
    table = Table(title=title, title_justify="left")
    part_columns = ("first", "target") if first else ("target",)
    columns = ("field", "undamaged", *part_columns, "damaged", *part_columns)
    columns = (*columns, "wrong", "missed", "invented", "wrong, score ≥ 0.9")
    for index, heading in enumerate(columns):
        table.add_column(heading, justify="right" if index else "left")
    for name, row in board["fields"].items():
        cells = [name]
        for part in ("undamaged", "damaged"):
            cells.append(_rate(row[part]))
            cells += [_first(first["fields"].get(name), part)] if first else []
            cells.append(_target(row[part]["rate"], row[part]["target"]))
        table.add_row(*cells, *(str(row[key]) for key in ("wrong", "missed", "invented", "surely_wrong")))
    sure = board["surely_wrong"]
    table.add_section()
    met = None if sure["all"]["rate"] is None else sure["all"]["rate"] <= sure["target"]
    cells = ["wrong, score ≥ 0.9"]
    for part in ("undamaged", "damaged"):
        cells += [_rate(sure[part]), *([_first(first["surely_wrong"], part)] if first else [])]
        cells.append(f"≤ {_percent(sure['target'])} {_MARKS[met]}" if part == "damaged" else "")
    table.add_row(
        *cells,
        *("", "", "", f"{sure['all']['hits']} of {sure['all']['n']}"),
    )
    return table


def _groups(groups: Mapping[str, Mapping[str, Any]], name: str) -> Table:
    table = Table(title=f"By {name}: exact fields, then single ones", title_justify="left")
    headings = ("pages", "page kind", "all fields", "order no.", "trade no.", "amount", "ordered", "paid", "product")
    for index, heading in enumerate(
        (name, *headings, "payee", "method", "status", "prompt", "invented", "sure, wrong")
    ):
        table.add_column(heading, justify="right" if index else "left")
    shown = (
        *("order_number", "trade_number", "amount", "ordered_at", "paid_at", "product", "payee"),
        *("payment_method", "status", "error_prompt"),
    )
    for group, row in groups.items():
        single = [_share(row["by_field"].get(field)) for field in shown]
        first = (str(row["pages"]), _share(row["page"]), _rate(row["fields"]))
        table.add_row(group, *first, *single, str(row["invented"]), str(row["surely_wrong"]))
    return table


def _first(row: Mapping[str, Any] | None, part: str) -> str:
    return _percent(row[part]["hits"] / row[part]["n"]) if row and row[part]["n"] else "–"


def _target(rate: float | None, target: float | None) -> str:
    if target is None:
        return ""
    return f"{_percent(target)} {_MARKS[None if rate is None else rate >= target]}"


def _rate(rate: Mapping[str, Any]) -> str:
    if rate["rate"] is None:
        return "–"
    return f"{_percent(rate['rate'])} [dim]({_percent(rate['low'])}–{_percent(rate['high'])}, {rate['n']})[/]"


def _share(rate: Mapping[str, Any] | None) -> str:
    return "" if rate is None or rate["rate"] is None else f"{rate['rate'] * 100:.0f}/{rate['n']}"


def _percent(value: float) -> str:
    return f"{value * 100:.1f}"
