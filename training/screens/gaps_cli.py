"""The command ``prereview-train screens gaps``."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console


def gaps(
    pages: Annotated[
        Path | None, typer.Option("--pages", exists=True, file_okay=False, help="Hide facts of these pages, draw none.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed hides the same facts.")] = 1,
    count: Annotated[int, typer.Option("--count", min=1, help="Pages to draw.")] = 240,
    held_out: Annotated[bool, typer.Option("--held-out", help="Held-out layouts instead of development ones.")] = False,
    sets: Annotated[
        list[str] | None, typer.Option("--set", help="Layouts of this held-out set; may be repeated.")
    ] = None,
    processes: Annotated[int, typer.Option("--processes", min=1, max=16, help="Processes that draw and read.")] = 2,
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object on standard output, no bars.")] = False,
) -> None:
    """Measure how often a fact that is covered, cut off or illegible is told as such, and a whole page accused."""
    from training.screens.evaluate import load_truths
    from training.screens.gap_scores import gap_table, measure
    from training.screens.layouts import DEVELOPMENT, HELD_OUT, HELD_OUT_SETS
    from training.screens.rendering import render

    for name in sets or ():
        if name not in HELD_OUT_SETS:
            raise typer.BadParameter(f"{name} is none of: {', '.join(HELD_OUT_SETS)}", param_hint="--set")
    if pages and (sets or held_out):
        raise typer.BadParameter("pages are given: none are drawn of a set", param_hint="--pages")
    if sets and held_out:
        raise typer.BadParameter(
            "--held-out is the first set and the second; leave out one of the two", param_hint="--set"
        )

    with tempfile.TemporaryDirectory(prefix="prereview-gaps-") as scratch:
        folder = pages or Path(scratch)
        if not pages:
            chosen = HELD_OUT if held_out else DEVELOPMENT
            if sets:
                chosen = tuple(layout for name in dict.fromkeys(sets) for layout in HELD_OUT_SETS[name])
            render(folder, seed, count, chosen, ("none", "jpeg"), progress=not json_output, processes=processes)
        board = measure(folder, load_truths(folder), seed=seed, processes=processes, progress=not json_output)
    if json_output:
        typer.echo(json.dumps(board))
        return
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(width=160, highlight=False)
    console.print(gap_table(board))
