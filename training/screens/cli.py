"""The command group ``prereview-train screens``: draw labelled pages, and measure reading on them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from service.domain.errors import PrereviewError
from training.screens.forgery_cli import forgery
from training.screens.gaps_cli import gaps
from training.screens.reuse_cli import reuse
from training.wordings.cli import app as wordings

if TYPE_CHECKING:
    from training.screens.layout import Layout

app = typer.Typer(
    help="Draw labelled pages of invented apps; measure reading on layouts never tuned on.",
    invoke_without_command=True,
    rich_markup_mode="rich",
)
errors = Console(stderr=True, highlight=False)
_PAGES_EACH = 30


class HeldOut(StrEnum):
    """Which of the held-out sets; each has its own first score. ``both``: the first and the second."""

    FIRST = "first"
    SECOND = "second"
    BOTH = "both"
    THIRD = "third"
    FOURTH = "fourth"
    FIFTH = "fifth"
    SIXTH = "sixth"
    SEVENTH = "seventh"
    EIGHTH = "eighth"
    NINTH = "ninth"
    TENTH = "tenth"
    ELEVENTH = "eleventh"
    TWELFTH = "twelfth"
    THIRTEENTH = "thirteenth"


class Engine(StrEnum):
    """Engines that can be read with here; others by --lines."""

    ONNX = "onnx"
    PADDLEOCR = "paddleocr"


Seed = Annotated[int, typer.Option("--seed", min=0, help="The same seed draws the same pages.")]
Layouts = Annotated[list[str] | None, typer.Option("--layout", help="Only this layout; may be repeated.")]
Processes = Annotated[int, typer.Option("--processes", min=1, max=16, help="Processes that draw and read.")]
Machine = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, no bars.")]


@app.callback(epilog="Example:  prereview-train screens --out out/screens --seed 1 --count 60")
def screens(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for pages, truth.json and contact_sheet.png.")
    ] = None,
    seed: Seed = 1,
    count: Annotated[int, typer.Option("--count", min=1, help="Pages, layouts in turn.")] = 60,
    edits: Annotated[
        int, typer.Option("--edits", min=0, max=10, help="Tampered, re-used and look-alike variants of every page.")
    ] = 1,
    held_out: Annotated[
        bool, typer.Option("--held-out", help="The held-out layouts: to measure with, never to tune on.")
    ] = False,
    one_set: Annotated[
        HeldOut | None, typer.Option("--set", help="One held-out set as evaluate draws it: half undamaged, no edits.")
    ] = None,
    layout: Layouts = None,
    sample: Annotated[bool, typer.Option("--sample", help="The fixed sample of tests/data/screens.")] = False,
    processes: Processes = 2,
    json_output: Machine = False,
) -> None:
    """Draw labelled pages of invented apps, damaged as on their way to us, each with its truth."""
    if context.invoked_subcommand is not None:
        return
    if out is None:
        raise typer.BadParameter("say where to draw to", context, param_hint="--out")
    if one_set and layout:
        # Half of a set may be sealed: who asks for one layout of it must not be shown the others.
        raise typer.BadParameter("a set is drawn whole; leave out --set or --layout", context, param_hint="--set")
    from training.screens.evaluate import load_truths
    from training.screens.layouts import DEVELOPMENT, HELD_OUT, SAMPLE, SAMPLE_DAMAGES, SAMPLE_SEED
    from training.screens.rendering import render

    with _clear_errors():
        if one_set:
            _draw(out, seed, count, _groups(None, one_set, development=False), processes, progress=not json_output)
            truths = load_truths(out)
        elif sample:
            truths = render(out, SAMPLE_SEED, len(SAMPLE), SAMPLE, SAMPLE_DAMAGES, progress=not json_output)
        else:
            chosen = _named(layout) or (HELD_OUT if held_out else DEVELOPMENT)
            truths = render(out, seed, count, chosen, edits=edits, progress=not json_output, processes=processes)
    facts = {"folder": str(out), "files": len(truths), "contact_sheet": str(out / "contact_sheet.png")}
    typer.echo(json.dumps(facts) if json_output else f"{len(truths)} files, truth.json and contact_sheet.png in {out}")


@app.command(epilog="Example:  prereview-train screens evaluate --seed 2 --json")
def evaluate(
    pages: Annotated[
        Path | None, typer.Option("--pages", exists=True, file_okay=False, help="Measure these pages, draw none.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Keep the pages drawn here.")] = None,
    seed: Seed = 1,
    count: Annotated[
        int | None, typer.Option("--count", min=1, help="Pages of each set, half of them undamaged; else 30 a layout.")
    ] = None,
    held_out: Annotated[
        HeldOut, typer.Option("--set", help="Held-out layouts to measure on; both: first, second.")
    ] = HeldOut.BOTH,
    development: Annotated[bool, typer.Option("--development", help="Development layouts as well.")] = False,
    layout: Layouts = None,
    engine: Annotated[Engine, typer.Option("--engine", help="Reads the pages.")] = Engine.ONNX,
    lines: Annotated[
        Path | None,
        typer.Option("--lines", exists=True, dir_okay=False, help="Lines read elsewhere (JSON lines), with --pages."),
    ] = None,
    save_lines: Annotated[Path | None, typer.Option("--save-lines", help="Keep the lines that were read.")] = None,
    processes: Processes = 2,
    json_output: Machine = False,
) -> None:
    """Measure reading: exact fields on held-out layouts, by layout and by damage, beside the targets."""
    if lines and not pages:
        raise typer.BadParameter("lines belong to pages: give --pages too", param_hint="--lines")
    from training.screens.evaluate import evaluate as measure
    from training.screens.evaluate import load_truths
    from training.screens.tables import tables

    with _clear_errors(), tempfile.TemporaryDirectory(prefix="prereview-screens-") as scratch:
        folder = pages or out or Path(scratch)
        if not pages:
            groups = _groups(layout, held_out, development=development)
            _draw(folder, seed, count, groups, processes, progress=not json_output)
        chosen = {one.name for one in _named(layout)}
        truths = {name: each for name, each in load_truths(folder).items() if not chosen or each["layout"] in chosen}
        if not truths:
            raise typer.BadParameter(f"{folder} has no page of it", param_hint="--layout")
        board = measure(
            folder,
            truths,
            engine=engine.value,
            lines=lines,
            save_lines=save_lines,
            processes=processes,
            progress=not json_output,
        )
    if json_output:
        typer.echo(json.dumps(board, ensure_ascii=False))
        return
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(width=240, highlight=False)  # a pipe has no width: the table stays whole in a log
    console.print(f"reader: {board['reader']}, extractor: {board['extractor']}")
    for table in tables(board):
        console.print(table)


def _groups(names: list[str] | None, held_out: HeldOut, *, development: bool) -> list[tuple[Layout, ...]]:
    """Layouts to draw, set by set: the pages of one set are the same whether or not another is drawn too."""
    from training.screens.layouts import DEVELOPMENT, HELD_OUT_SETS

    if names:
        return [_named(names)]
    chosen = (HeldOut.FIRST, HeldOut.SECOND) if held_out is HeldOut.BOTH else (held_out,)
    sets = [HELD_OUT_SETS[name] for name in chosen]
    return [*sets, DEVELOPMENT] if development else sets


app.command(epilog="Example:  prereview-train screens forgery --out out/forgery --seed 1 --count 160")(forgery)
app.command(epilog="Example:  prereview-train screens gaps --seed 1 --count 240")(gaps)
app.command(epilog="Example:  prereview-train screens reuse --seed 3 --others 5000 --json")(reuse)
app.add_typer(wordings, name="wordings")


def _draw(
    folder: Path, seed: int, count: int | None, groups: list[tuple[Layout, ...]], processes: int, *, progress: bool
) -> None:
    from training.screens.damage import UNDAMAGED_HALF
    from training.screens.rendering import render, write_truths

    truths: dict[str, dict[str, Any]] = {}
    for layouts in groups:
        pages = count or _PAGES_EACH * len(layouts)
        truths |= render(folder, seed, pages, layouts, UNDAMAGED_HALF, progress=progress, processes=processes)
    if len(groups) > 1:
        write_truths(folder, truths)


def _named(names: list[str] | None) -> tuple[Layout, ...]:
    from training.screens.layouts import BY_NAME

    for name in names or ():
        if name not in BY_NAME:
            raise typer.BadParameter(f"{name} is none of: {', '.join(sorted(BY_NAME))}", param_hint="--layout")
    return tuple(BY_NAME[name] for name in names or ())


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except PrereviewError as error:
        errors.print("[bold red]error:[/]", error.detail.replace("[", r"\["), soft_wrap=True)
        raise typer.Exit(1) from None
