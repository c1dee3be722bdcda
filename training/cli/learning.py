"""Commands that make a model of a world's observable tables."""

from __future__ import annotations

import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.domain.clock import SystemClock
from service.domain.errors import ConfigurationError
from training.cli.issuing import SECRET
from training.cli.options import Machine, Orders, ParameterFile, RecipeFile, Seed, Tracking, World
from training.cli.policies import policy_of
from training.cli.printing import clear_errors, out, show, since
from training.cli.world import is_this_world, plan_of, simulate_into, world_folder
from training.observed import Observed
from training.recipe import PART_NAMES, Recipe
from training.simulator.parameters import Parameters

if TYPE_CHECKING:
    from service.policy import Policy
    from training.labels import Adjudicator

app = typer.Typer()


Tables = Annotated[
    Path | None,
    typer.Option(
        "--tables", exists=True, file_okay=False, help="Learn from these, as export-history wrote them, instead."
    ),
]
Adjudications = Annotated[
    Path | None,
    typer.Option(
        exists=True, dir_okay=False, help="With --tables: what the audit settled.", show_default="the folder's own"
    ),
]
PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", exists=True, dir_okay=False, help="With --tables: the platform's policy.",
                 show_default="the package's of that name"),
]  # fmt: skip


@app.command(
    epilog="Examples:  prereview-train run  ·  prereview-train run --orders 100000 --json  ·  "
    "prereview-train run --tables TABLES --policy my-shop.yaml --recipe my-shop-recipe.yaml"
)
def run(
    world: World = None,
    tables: Tables = None,
    adjudications: Adjudications = None,
    policy: PolicyFile = None,
    orders: Orders = None,
    seed: Seed = None,
    recipe: RecipeFile = None,
    parameters: ParameterFile = None,
    mlruns: Tracking = Path("mlruns"),
    json_output: Machine = False,
) -> None:
    """Simulate if needed, build rows, fit, calibrate, certify, and log everything as one MLflow run.

    With --tables nothing is simulated: a platform's own records are learned from. Days of the recipe's parts count
    from their first day, and certifying needs the service's PREREVIEW_AUDIT_SECRET.
    """
    with clear_errors():
        started = time.perf_counter()
        plan, values = plan_of(recipe, parameters, orders, seed)
        if tables is not None:
            if world or orders or parameters:
                raise ConfigurationError("--tables are records; --world, --orders and --parameters make a simulation")
            summary = _run_tables(tables, adjudications, policy, plan, mlruns, progress=not json_output)
        else:
            if adjudications or policy:
                raise ConfigurationError("--adjudications and --policy belong to --tables")
            if world is not None:
                _require_own(world, plan, values)
            summary = _run_world(world or world_folder(plan), plan, values, mlruns, progress=not json_output)
        summary["seconds"] = {**summary["seconds"], "total": since(started)}
    show(summary, json_output, title="Run")
    if not json_output:
        out.print(f"\nNext: [bold]prereview-train promote --run {summary['run_id']} --requested-by NAME[/]")


def _require_own(world: Path, plan: Recipe, values: Parameters) -> None:
    """A folder that was named may hold somebody's tables: it is filled where it is empty, and never written over."""
    if world.is_dir() and any(world.iterdir()) and not is_this_world(world, plan, values):
        raise ConfigurationError(
            f"{world} holds something else than the world of seed {plan.seed}, {plan.orders:,} orders and these "
            "parameters; give it as it was made (--seed, --orders, --parameters), or another folder"
        )


def _run_world(folder: Path, plan: Recipe, values: Parameters, mlruns: Path, *, progress: bool) -> dict[str, Any]:
    from service.policy import load_platform_policy
    from training.simulator.adjudication import SimulatedAdjudicators

    seconds: dict[str, float] = {}
    started = time.perf_counter()
    if not is_this_world(folder, plan, values):
        simulate_into(folder, plan, values, progress=progress)
        seconds["simulate"] = since(started)
    desk = SimulatedAdjudicators(folder, values, plan.seed)
    return _learned(Observed(folder), plan, load_platform_policy(plan.platform), desk, mlruns, seconds, progress)


def _run_tables(
    folder: Path, adjudications: Path | None, policy: Path | None, plan: Recipe, mlruns: Path, *, progress: bool
) -> dict[str, Any]:
    from training.labels import RecordedAdjudications

    observed = Observed(folder)
    platform = observed.facts["platform"]
    rules = policy_of(platform, policy)
    settled = adjudications or folder / "adjudications.csv"
    if not settled.exists():
        raise ConfigurationError(f"{settled} is not there: nobody could certify; give --adjudications")
    own = plan.model_copy(update={"platform": platform})
    return _learned(observed, own, rules, RecordedAdjudications(settled), mlruns, {}, progress)


def _learned(
    observed: Observed,
    plan: Recipe,
    rules: Policy,
    desk: Adjudicator,
    mlruns: Path,
    seconds: dict[str, float],
    progress: bool,
) -> dict[str, Any]:
    from service.evidence import EXTRACTOR_VERSION
    from service.vision import READER_VERSION
    from training.pipeline import train
    from training.registry import Registry
    from training.segments import flagged

    made = train(
        observed,
        plan,
        rules,
        desk,
        reader=f"{READER_VERSION}+{EXTRACTOR_VERSION}",
        created_at=SystemClock().now(),
        audit_secret=os.environ.get(SECRET, "").encode() or None,
        stress=True,
        progress=progress,
    )
    started = time.perf_counter()
    logged = Registry(mlruns).log(made)
    seconds |= {**made.seconds, "mlflow": since(started)}
    chosen = made.certification.chosen
    return {
        "run_id": logged.run_id,
        "model_version": logged.model_version,
        "tracking_uri": logged.tracking_uri,
        "version": made.version,
        "data": str(observed.facts["origin"]).upper(),
        "rows": {name: len(getattr(made.split, name)) for name in PART_NAMES},
        "model": _figures(made.evaluated.model),
        "logistic": _figures(made.evaluated.logistic),
        "intervals": {one.name: _intervals(one) for one in made.evaluated.comparison.standings},
        "flagged_groups": [
            f"{one.grouping}: {one.group} ({'; '.join(one.flags)})" for one in flagged(made.evaluated.segments)
        ],
        "stress_test": {one.name: {"auc": round(one.auc.value, 4), "claims": one.claims} for one in made.stress.all}
        if made.stress
        else None,
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


def _intervals(one: Any) -> dict[str, list[float]]:
    """value, low, high; 95 %, by account"""
    found = {name: getattr(one, name) for name in ("auc", "average_precision", "ece", "brier")}
    return {name: [round(end, 4) for end in (held.value, held.low, held.high)] for name, held in found.items()}


def _figures(metrics: Any) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(metrics).items()}
