"""The command group ``prereview-train screens wordings``: learn what messages mean, and say how well it is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from tqdm import tqdm

app = typer.Typer(help="Learn what messages mean from lists of wordings.", no_args_is_help=True)
_RELEASED = Path(__file__).parents[2] / "service" / "evidence"


@app.command(epilog="Example:  prereview-train screens wordings check --json")
def check(
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object on standard output, no bars.")] = False,
) -> None:
    """Leave each author's wordings, and each set's goods, out of learning in turn, and say what is told of them."""
    from training.wordings.measure import as_facts, as_table, goods_table, measured, measured_goods

    rows = measured(lambda names: tqdm(names, "messages", disable=json_output))
    of_goods = measured_goods(lambda names: tqdm(names, "goods", disable=json_output))
    if json_output:
        typer.echo(json.dumps({"messages": as_facts(rows), "goods": as_facts(of_goods)}))
        return
    console = Console(width=None if Console().is_terminal else 120, highlight=False)
    console.print(as_table(rows))
    console.print(goods_table(of_goods))


@app.command(epilog="Example:  prereview-train screens wordings fit")
def fit(
    out: Annotated[
        Path, typer.Option("--out", file_okay=False, help="Where to; the service reads what stands here by itself.")
    ] = _RELEASED,
) -> None:
    """Learn the weights from every wording, and keep them. The same wordings give the same weights; half a minute."""
    from training.wordings.fit import TASKS, keep, learned

    for task in TASKS:
        found = learned(task)
        keep(found, out / task.file)
        typer.echo(f"{out / task.file}: {(out / task.file).stat().st_size:,} bytes, taught by {found.taught[:12]}")


@app.command(
    epilog="Example:  prereview-train screens wordings lines --set tenth --pages out/tenth --lines out/lines.json"
)
def lines(
    name: Annotated[str, typer.Option("--set", help="The set the pages are of; its lines are replaced.")],
    pages: Annotated[Path, typer.Option("--pages", exists=True, file_okay=False, help="Pages drawn, with truth.json.")],
    read: Annotated[Path, typer.Option("--lines", exists=True, dir_okay=False, help="What was read on them.")],
    most: Annotated[int, typer.Option("--most", min=1, help="Lines to keep.")] = 1000,
) -> None:
    """Take lines of drawn pages that report no error, and their goods' names, to learn from. Of opened sets only."""
    from training.screens.layouts import SPENT
    from training.wordings.harvest import goods_named, harmless_lines, keep_lines
    from training.wordings.pools import PAGE_GOODS

    if name not in SPENT:
        raise typer.BadParameter(f"{name} is sealed: nothing is learned from it", param_hint="--set")
    kept = keep_lines(name, harmless_lines(pages, read, most))
    named = keep_lines(name, goods_named(pages), PAGE_GOODS)
    typer.echo(f"{kept} new lines and {named} new names of goods of {name}")
