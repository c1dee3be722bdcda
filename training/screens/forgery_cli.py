"""The command ``prereview-train screens forgery``."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console


def forgery(
    out: Annotated[Path | None, typer.Option("--out", help="Keep pages, lines, figures.json and roc.png here.")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed draws the same pages.")] = 1,
    count: Annotated[int, typer.Option("--count", min=1, help="Honest pages of each set; three edits of each.")] = 160,
    held_out: Annotated[bool, typer.Option("--held-out/--no-held-out", help="Measure on held-out layouts too.")] = True,
    fit: Annotated[
        bool, typer.Option("--fit", help="Fit the weights anew on the development layouts, and write them.")
    ] = False,
    processes: Annotated[int, typer.Option("--processes", min=1, max=16, help="Processes that draw and read.")] = 2,
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object on standard output, no bars.")] = False,
) -> None:
    """Measure how well traces of editing tell forged pages from honest ones: ROC, catch rate at 2 % false alarms."""
    from training.screens.forgery_fit import fit as fitted
    from training.screens.forgery_fit import write
    from training.screens.forgery_report import plot, tables

    with tempfile.TemporaryDirectory(prefix="prereview-forgery-") as scratch:
        folder = out or Path(scratch)
        if fit:
            pages = _pages(folder / "fit", seed, count, held_out=False, processes=processes, progress=not json_output)
            command = f"prereview-train screens forgery --fit --seed {seed} --count {count}"
            write(fitted(pages), {"command": command, "layouts": "development", "pages": len(pages)})
        names = {"development": False} | ({"held out": True} if held_out else {})
        sets = {
            # Another seed than the weights were fitted with: other facts, other damage, the same layouts.
            name: _measured(folder, name, seed + 1, count, part, processes, progress=not json_output)
            for name, part in names.items()
        }
        if out:
            (out / "figures.json").write_text(json.dumps(sets, indent=1) + "\n", "utf-8")
            plot(sets, out / "roc.png")
    if json_output:
        typer.echo(json.dumps(sets))
        return
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(width=160, highlight=False)
    for name, figures in sets.items():
        for table in tables(figures, name):
            console.print(table)
    if out:
        console.print(f"figures.json and roc.png in {out}")


def _measured(
    folder: Path, name: str, seed: int, count: int, held_out: bool, processes: int, *, progress: bool
) -> dict[str, Any]:
    from training.screens.forgery import measure

    place = folder / name.replace(" ", "_")
    return measure(_pages(place, seed, count, held_out=held_out, processes=processes, progress=progress))


def _pages(folder: Path, seed: int, count: int, *, held_out: bool, processes: int, progress: bool) -> list[Any]:
    """Pages of a folder, drawn where they are not there yet."""
    from training.screens.forgery import draw, load
    from training.screens.layouts import DEVELOPMENT, HELD_OUT

    if not (folder / "truth.json").is_file():
        layouts = HELD_OUT if held_out else DEVELOPMENT
        draw(folder, seed, count, layouts, processes=processes, progress=progress)
    return load(folder, processes=processes, progress=progress)
