"""The scoreboard as tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

_MARKS = {True: "[green]✓[/]", False: "[red]✗[/]", None: " "}


def tables(board: Mapping[str, Any]) -> Iterator[Table]:
    """Fields, sure errors, layouts, damages."""
    yield _fields(board)
    yield _groups(board["layouts"], "layout")
    yield _groups(board["damages"], "damage")


def _fields(board: Mapping[str, Any]) -> Table:
    pages = board["pages"]
    title = (
        f"Exact fields: {pages['all']} pages, {pages['undamaged']} undamaged, {pages['held_out']} of held-out layouts"
    )
    table = Table(title=f"{title}; 95 % Wilson", title_justify="left")
    columns = ("field", "undamaged", "target", "damaged", "target", "wrong", "missed", "invented", "wrong, score ≥ 0.9")
    for index, heading in enumerate(columns):
        table.add_column(heading, justify="right" if index else "left")
    for name, row in board["fields"].items():
        cells = [name]
        for part in ("undamaged", "damaged"):
            cells += [_rate(row[part]), _target(row[part]["rate"], row[part]["target"])]
        table.add_row(*cells, *(str(row[key]) for key in ("wrong", "missed", "invented", "surely_wrong")))
    sure = board["surely_wrong"]
    table.add_section()
    met = None if sure["all"]["rate"] is None else sure["all"]["rate"] <= sure["target"]
    table.add_row(
        "wrong, score ≥ 0.9",
        *(_rate(sure["undamaged"]), "", _rate(sure["damaged"]), f"≤ {_percent(sure['target'])} {_MARKS[met]}"),
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
