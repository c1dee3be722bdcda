"""Commands that look at simulated worlds from outside: one in pictures, many in a study."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from training.cli.options import Machine, ParameterFile
from training.cli.printing import clear_errors, errors, out, show, since
from training.simulator.parameters import load_parameters

if TYPE_CHECKING:
    from training.studies.results import Scored, WorldResult
    from training.studies.summary import Over, Summary
    from training.studies.worlds import Outcome

app = typer.Typer()


@app.command("world-report", epilog="Example:  prereview-train world-report out/training/world-20261120-400000")
def world_report(
    world: Annotated[Path, typer.Argument(help="Folder that prereview-train simulate wrote.")],
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder of the pictures.", show_default="report/ in the world")
    ] = None,
    parameters: ParameterFile = None,
    json_output: Machine = False,
) -> None:
    """Draw the distributions of a simulated world, truth included, as PNG pages and an index.html."""
    from training.simulator.report import write_report

    with clear_errors():
        written = write_report(world, folder or world / "report", load_parameters(parameters), progress=not json_output)
    show(
        {"data": "SIMULATED", "index": str(written[-1]), "pages": [str(path) for path in written[:-1]]},
        json_output,
        title="World",
    )


@app.command(
    epilog="Examples:  prereview-train study  ·  prereview-train study --worlds 6 --orders 60000 --seed 2 --json"
)
def study(
    worlds: Annotated[int, typer.Option(min=2, max=500, help="Randomised worlds, beside the two named ones.")] = 24,
    orders: Annotated[int, typer.Option(min=1000, help="Orders of each world's year.")] = 400_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed the worlds are drawn with.")] = 1,
    processes: Annotated[int, typer.Option(min=1, max=2, help="Worlds at a time.")] = 2,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder of the results.", show_default="out/study-SEED-ORDERS")
    ] = None,
    parameters: ParameterFile = None,
    json_output: Machine = False,
) -> None:
    """Train and certify in many randomised worlds and hold the result against the truth. SIMULATED.

    Among them are one without any signal, where the certificate must refuse, and one whose abuse works by a mechanism
    nothing was tuned on. Stopped, it goes on where it stopped.
    """
    from training.studies.plots import write_plots
    from training.studies.summary import summarise
    from training.studies.worlds import plan_study, run_study

    with clear_errors():
        started = time.perf_counter()
        planned = plan_study(load_parameters(parameters), worlds=worlds, orders=orders, seed=seed)
        place = folder or Path("out") / f"study-{seed}-{orders}"
        outcome = run_study(planned, place, processes=processes, progress=not json_output)
    summary = summarise(outcome.results)
    pictures = write_plots(outcome.results, place) if outcome.results else []
    if json_output:
        print_json(outcome, summary, place, since(started))
    else:
        print_tables(outcome, summary)
        for path in pictures:
            out.print(str(path))
        out.print(f"{since(started)} s")
    for failure in outcome.failures:
        errors.print(f"[bold red]world {failure.number:02d} {failure.kind.value} failed:[/] {failure.reason}")
    if outcome.failures:
        raise typer.Exit(1)


def print_json(outcome: Outcome, summary: Summary, place: Path, seconds: float) -> None:
    import json

    facts = {
        "data": "SIMULATED",
        "folder": str(place),
        "summary": asdict(summary),
        "worlds": [result.model_dump(mode="json") for result in outcome.results],
        "failures": [failure.model_dump(mode="json") for failure in outcome.failures],
        "seconds": seconds,
    }
    typer.echo(json.dumps(_finite(facts), ensure_ascii=False, allow_nan=False))


def _finite(value: Any) -> Any:
    """NaN is not JSON: a figure that does not exist is null."""
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and value != value else value


def print_tables(outcome: Outcome, summary: Summary) -> None:
    from training.studies.results import OURS

    out.print(_per_world(outcome.results))
    if any(one is not None for one in summary.figures[OURS].values()):
        out.print(_over_worlds(summary))
    for result in outcome.results[:2]:
        ours = result.by(OURS)
        out.print(
            f"Small claims (up to the cap of approval by risk) of the world {result.name}, seed {result.seed}: "
            f"{ours.small_by_risk:.1%} approved by risk; under a threshold of 1 it would be {result.open_small:.1%}. "
            "SIMULATED"
        )


def _per_world(results: tuple[WorldResult, ...]) -> Table:
    """Narrow enough for 80 columns; the JSON has every figure. ``bound``: of the certificate, none without one."""
    from training.studies.results import LOGISTIC, OURS, RULES

    title = "Worlds, later half-year, against the truth (SIMULATED)"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=0)
    table.add_column("world", no_wrap=True)
    for name in ("AUC", "logit", "rules", "ECE", "bound", "¥ risk", "wrong", "small", "¥ rules"):
        table.add_column(name, justify="right", no_wrap=True)
    for result in results:
        ours, logistic, rules = (result.by(name) for name in (OURS, LOGISTIC, RULES))
        issued = ours.certificate
        table.add_row(
            result.name,
            *(f"{one.ranking.auc:.3f}" for one in (ours, logistic, rules)),
            f"{ours.ranking.ece:.3f}",
            f"{issued.bound:.2%}" if issued else "none",
            f"{ours.by_risk.money:.1%}",
            _wrong(ours, result.alpha),
            f"{ours.small_by_risk:.1%}",
            f"{rules.in_all.money:.1%}",
        )
    return table


def _wrong(scored: Scored, alpha: float) -> str:
    if scored.certificate is None:
        return "–"
    share = f"{scored.by_risk.wrong:.2%}"
    return f"[bold red]{share}[/]" if scored.by_risk.wrong > alpha else share


def _over_worlds(summary: Summary) -> Table:
    title = "Over the drawn worlds: mean, 95 % interval over worlds, least to most (SIMULATED)"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=0)
    table.add_column("figure")
    for name in summary.figures:
        table.add_column(name, justify="right")
    for figure in next(iter(summary.figures.values())):
        ratio = figure in ("auc", "average_precision", "ece")
        cells = (_plain(of[figure], ratio=ratio) for of in summary.figures.values())
        table.add_row(figure.replace("_", " "), *cells)
    promised = [summary.promises.get(name) for name in summary.figures]
    table.add_row("certificates issued", *(f"{one.issued} of {one.worlds}" if one else "–" for one in promised))
    table.add_row(
        "promises broken",
        *(f"{one.broken} of {one.issued} (≤ {one.at_most:.0%})" if one and one.issued else "–" for one in promised),
    )
    table.add_row(
        "above α afterwards",
        *(f"{one.broken_afterwards} of {one.issued}" if one and one.issued else "–" for one in promised),
    )
    return table


def _plain(one: Over | None, *, ratio: bool) -> str:
    if one is None:
        return "–"
    mean, low, high, least, most = (
        f"{value:.3f}" if ratio else f"{value:.1%}" if one.most > 0.1 else f"{value:.2%}"
        for value in (one.mean, one.low, one.high, one.least, one.most)
    )
    return f"{mean} \\[{low}, {high}] {least}…{most}"
