"""What a command prints: a table for people, one JSON object for machines, one sentence for an error."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from service.domain.errors import PrereviewError

out = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def since(started: float) -> float:
    return round(time.perf_counter() - started, 2)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Errors we raise on purpose are one sentence; anything else is a bug and shows where."""
    try:
        yield
    except PrereviewError as error:
        errors.print("[bold red]error:[/]", error.detail.replace("[", r"\["), soft_wrap=True)
        raise typer.Exit(1) from None


def show(facts: dict[str, Any], json_output: bool, *, title: str) -> None:
    if json_output:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    table = Table(title=f"{title}{origin_of(facts)}", show_header=False, title_justify="left")
    for name, value in facts.items():
        if value is not None:
            table.add_row(name.replace("_", " "), _plain(value))
    out.print(table)


def origin_of(facts: dict[str, Any]) -> str:
    """Where the figures come from, as the facts tell; facts that do not are given no origin."""
    data = facts.get("data") or facts.get("origin")
    return f" ({str(data).upper().removesuffix(' DATA')} data)" if data else ""


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "none"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
