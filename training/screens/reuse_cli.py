"""The command ``prereview-train screens reuse``."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console


def reuse(
    pages: Annotated[
        Path | None, typer.Option("--pages", exists=True, file_okay=False, help="Pages drawn with their variants.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed draws the same pages.")] = 1,
    count: Annotated[int, typer.Option("--count", min=1, help="Pages to draw, each with ten variants.")] = 52,
    others: Annotated[int, typer.Option("--others", min=0, help="Pages of other orders to look among.")] = 5000,
    development: Annotated[bool, typer.Option("--development", help="Development layouts, not held-out ones.")] = False,
    processes: Annotated[int, typer.Option("--processes", min=1, max=16, help="Processes that draw and read.")] = 2,
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object on standard output, no bars.")] = False,
) -> None:
    """Measure the search for re-used pages: recall by variant, false alarms on look-alikes."""
    from training.screens.layouts import DEVELOPMENT, HELD_OUT
    from training.screens.rendering import render
    from training.screens.reuse_search import measure_reuse, reuse_table

    with tempfile.TemporaryDirectory(prefix="prereview-screens-") as scratch:
        folder = pages or Path(scratch)
        if not pages:
            chosen = DEVELOPMENT if development else HELD_OUT
            render(folder, seed, count, chosen, edits=10, progress=not json_output, processes=processes)
        board = measure_reuse(folder, others=others, seed=seed, processes=processes, progress=not json_output)
    if json_output:
        typer.echo(json.dumps(board, ensure_ascii=False))
    else:
        Console(width=160, highlight=False).print(reuse_table(board))
