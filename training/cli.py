"""The command ``prereview-train``. Exit codes: 0 done, 1 refused or failed (the message says what to do), 2 usage."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from service.domain.clock import SystemClock
from service.domain.errors import PrereviewError
from training.observed import Observed
from training.recipe import Recipe, load_recipe
from training.screens.cli import app as screens
from training.simulator.parameters import Parameters, load_parameters

app = typer.Typer(
    name="prereview-train",
    help="Simulate a platform, train and certify the risk model, promote it. All data here is SIMULATED.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.add_typer(screens, name="screens")
out = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

World = Annotated[
    Path | None, typer.Option("--world", help="Folder of the platform's tables.", show_default="by size and seed")
]
Orders = Annotated[
    int | None, typer.Option("--orders", min=1000, help="Size of the simulated year.", show_default="recipe's")
]
Seed = Annotated[
    int | None, typer.Option("--seed", min=0, help="Seed of the world and the model.", show_default="recipe's")
]
RecipeFile = Annotated[Path | None, typer.Option("--recipe", exists=True, dir_okay=False, help="Another recipe.yaml.")]
ParameterFile = Annotated[
    Path | None, typer.Option("--parameters", exists=True, dir_okay=False, help="Another simulator parameters.yaml.")
]
Machine = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, no bars.")]
Tracking = Annotated[
    Path, typer.Option("--mlruns", help="Folder of the local MLflow store; MLFLOW_TRACKING_URI overrides it.")
]

DEFAULT_WORLDS = Path("out/training")


@app.command(
    epilog="Examples:  prereview-train simulate  ·  prereview-train simulate --orders 20000 --seed 7 --world FOLDER"
)
def simulate(
    world: World = None,
    orders: Orders = None,
    seed: Seed = None,
    recipe: RecipeFile = None,
    parameters: ParameterFile = None,
    json_output: Machine = False,
) -> None:
    """Simulate a year of the demo platform: events, claims, labels, and the truth in a folder of its own."""
    with _clear_errors():
        plan, values = _plan(recipe, parameters, orders, seed)
        folder = world or _world_folder(plan)
        started = time.perf_counter()
        _simulate(folder, plan, values, progress=not json_output)
        facts = {**Observed(folder).facts, "folder": str(folder), "seconds": _since(started)}
    _show(facts, json_output, title="Simulated")


@app.command(epilog="Examples:  prereview-train run  ·  prereview-train run --orders 100000 --json")
def run(
    world: World = None,
    orders: Orders = None,
    seed: Seed = None,
    recipe: RecipeFile = None,
    parameters: ParameterFile = None,
    mlruns: Tracking = Path("mlruns"),
    json_output: Machine = False,
) -> None:
    """Simulate if needed, build rows, fit, calibrate, certify, and log everything as one MLflow run."""
    with _clear_errors():
        started = time.perf_counter()
        plan, values = _plan(recipe, parameters, orders, seed)
        summary = _run(world or _world_folder(plan), plan, values, mlruns, progress=not json_output)
        summary["seconds"] = {**summary["seconds"], "total": _since(started)}
    _show(summary, json_output, title="Run")
    if not json_output:
        out.print(f"\nNext: [bold]prereview-train promote --run {summary['run_id']}[/]")


@app.command(epilog="Examples:  prereview-train promote  ·  prereview-train promote --run RUN_ID --models models/risk")
def promote(
    run_id: Annotated[
        str | None, typer.Option("--run", help="Run to promote.", show_default="the challenger's")
    ] = None,
    models: Annotated[Path, typer.Option(help="Folder of the served bundles.")] = Path("models/risk"),
    mlruns: Tracking = Path("mlruns"),
    json_output: Machine = False,
) -> None:
    """Check a run's bundle (features, parity over at least 10,000 rows, that it loads) and make it the champion."""
    from training.promote import promote as promote_bundle
    from training.registry import Registry

    with _clear_errors(), tempfile.TemporaryDirectory(prefix="prereview-promote-") as scratch:
        registry = Registry(mlruns)
        chosen = run_id or registry.latest()
        promoted = promote_bundle(registry.fetch(chosen, Path(scratch)), models)
        number = registry.crown(chosen)
    facts = {
        "run_id": chosen,
        "version": promoted.version,
        "folder": str(promoted.folder),
        "bytes": promoted.size,
        "parity": {"rows": promoted.rows, "worst_log_odds": promoted.worst},
        "certificate": promoted.certificate,
        "previous": promoted.previous,
        "model_version": number,
    }
    _show(facts, json_output, title="Promoted")


@app.command("demo-history", epilog="Example:  prereview-train demo-history")
def demo_history(
    path: Annotated[Path, typer.Option(help="File to write.")] = Path("service/demo/history.ndjson.gz"),
    json_output: Machine = False,
) -> None:
    """Write the past of the demo platform that make demo loads. SIMULATED."""
    from training.demo_history import write_demo_history

    with _clear_errors():
        events, size = write_demo_history(path, load_parameters())
    _show({"file": str(path), "events": events, "bytes": size}, json_output, title="Demo history")


def main() -> None:
    """Entry point of the console script."""
    app()


def _plan(
    recipe: Path | None, parameters: Path | None, orders: int | None, seed: int | None
) -> tuple[Recipe, Parameters]:
    chosen = load_recipe(recipe)
    plan = chosen.model_copy(
        update={
            "orders": chosen.orders if orders is None else orders,
            "seed": chosen.seed if seed is None else seed,
        }
    )
    return plan, load_parameters(parameters).with_values({"span.orders": plan.orders})


def _world_folder(plan: Recipe) -> Path:
    return DEFAULT_WORLDS / f"world-{plan.seed}-{plan.orders}"


def _simulate(folder: Path, plan: Recipe, values: Parameters, *, progress: bool) -> None:
    from training.simulator.world import simulate as simulate_world
    from training.simulator.world import write

    write(simulate_world(values, plan.seed, progress=progress), folder, plan.seed)


def _is_this_world(folder: Path, plan: Recipe, values: Parameters) -> bool:
    try:
        facts = Observed(folder).facts
    except PrereviewError:
        return False
    return bool(facts["parameters_digest"] == values.digest and facts["seed"] == plan.seed)


def _run(folder: Path, plan: Recipe, values: Parameters, mlruns: Path, *, progress: bool) -> dict[str, Any]:
    from service.evidence import EXTRACTOR_VERSION
    from service.policy import load_platform_policy
    from service.vision import READER_VERSION
    from training.pipeline import train
    from training.registry import Registry
    from training.simulator.adjudication import SimulatedAdjudicators

    seconds: dict[str, float] = {}
    started = time.perf_counter()
    if not _is_this_world(folder, plan, values):
        _simulate(folder, plan, values, progress=progress)
        seconds["simulate"] = _since(started)
    made = train(
        Observed(folder),
        plan,
        load_platform_policy(plan.platform),
        SimulatedAdjudicators(folder, values, plan.seed),
        reader=f"{READER_VERSION}+{EXTRACTOR_VERSION}",
        created_at=SystemClock().now(),
        progress=progress,
    )
    started = time.perf_counter()
    logged = Registry(mlruns).log(made)
    seconds |= {**made.seconds, "mlflow": _since(started)}
    chosen = made.certification.chosen
    return {
        "run_id": logged.run_id,
        "model_version": logged.model_version,
        "tracking_uri": logged.tracking_uri,
        "version": made.version,
        "data": "SIMULATED",
        "rows": {name: len(getattr(made.split, name)) for name in ("train", "calibrate", "order", "certify")},
        "model": _figures(made.evaluated.model),
        "logistic": _figures(made.evaluated.logistic),
        "parity": {"rows": made.parity.rows, "worst_log_odds": made.parity.worst},
        "certificate": None
        if chosen is None
        else {
            "threshold": chosen.threshold,
            "labels": chosen.labels,
            "wrong": chosen.wrong,
            "bound": round(chosen.bound, 5),
        },
        "why_no_certificate": made.certification.why or None,
        "seconds": seconds,
    }


def _figures(metrics: Any) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(metrics).items()}


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 2)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Errors we raise on purpose are one sentence; anything else is a bug and shows where."""
    try:
        yield
    except PrereviewError as error:
        errors.print("[bold red]error:[/]", error.detail.replace("[", r"\["), soft_wrap=True)
        raise typer.Exit(1) from None


def _show(facts: dict[str, Any], json_output: bool, *, title: str) -> None:
    if json_output:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    table = Table(title=f"{title} (SIMULATED data)", show_header=False, title_justify="left")
    for name, value in facts.items():
        if value is not None:
            table.add_row(name.replace("_", " "), _plain(value))
    out.print(table)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(inner)}" for name, inner in value.items())
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


if __name__ == "__main__":
    main()
