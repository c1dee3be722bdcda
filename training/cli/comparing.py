"""Commands that hold ways of scoring against each other and look for better settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from training.cli.options import Machine, Orders, ParameterFile, RecipeFile, Seed, World
from training.cli.printing import clear_errors, out, show
from training.cli.world import is_this_world, plan_of, simulate_into, world_folder
from training.compare import APPROVED_SHARES, Comparison, Standing
from training.datasets import Dataset
from training.observed import Observed
from training.recipe import Recipe
from training.resampling import Interval

app = typer.Typer()


@app.command(
    epilog="Examples:  prereview-train compare  ·  prereview-train compare --orders 100000 --plot out/compare  ·  "
    "prereview-train compare --weights --json"
)
def compare(
    world: World = None,
    orders: Orders = None,
    seed: Seed = None,
    recipe: RecipeFile = None,
    parameters: ParameterFile = None,
    plot: Annotated[Path | None, typer.Option("--plot", help="Folder for PNG plots.")] = None,
    weights: Annotated[
        bool, typer.Option("--weights", help="Instead: LightGBM with examples weighted by amount to several powers.")
    ] = False,
    json_output: Machine = False,
) -> None:
    """Hold rules only, logistic regression, HistGradientBoosting and LightGBM against each other on the same claims: on
    the plain split by time, and on the stress split, where nobody judged was ever learned from."""
    from training.compare import CONTENDERS, contest, weighings
    from training.compare import compare as hold
    from training.compare_plots import write_comparison_plots
    from training.datasets import split
    from training.evaluation import matured
    from training.segments import claim_facts

    with clear_errors():
        plan, observed, dataset = _data(world, orders, seed, recipe, parameters, progress=not json_output)
        parts = split(dataset, plan.parts)
        judged = matured(dataset, parts.certify, observed)
        contenders = weighings(plan.model) if weights else CONTENDERS
        given = contest(dataset, parts, judged, claim_facts(observed).account)
        made = hold(given, plan.model, plan.seed, contenders=contenders, progress=not json_output)
        stressed = None if weights else _stressed(plan, observed, dataset, progress=not json_output)
        origin = f"{str(observed.facts['origin']).upper()} data"
        plots = write_comparison_plots(made, plot, origin=origin) if plot else []
    facts = {
        "data": origin,
        "claims": len(made.wrong),
        "base_rate": round(made.base_rate, 4),
        "models": [_standing(one) for one in made.standings],
        "stress_split": stressed
        and {
            "claims": len(stressed.wrong),
            "models": [_standing(one) for one in stressed.standings],
        },
        "plots": [str(path) for path in plots] or None,
    }
    if json_output:
        show(facts, json_output, title="Compared")
        return
    _print(made, f"{origin}, split by time")
    if stressed:
        _print(stressed, f"{origin}, nobody judged was learned from")
    for path in plots:
        out.print(f"[dim]{path}[/]")


def _stressed(plan: Recipe, observed: Observed, dataset: Dataset, *, progress: bool) -> Comparison:
    """The same contest with every connected entity on one side only, intervals by entity."""
    from training.compare import compare as hold
    from training.compare import contest
    from training.evaluation import matured
    from training.splits import connected_claims, stress_split

    entities = connected_claims(observed)
    parts = stress_split(dataset, plan.parts, entities, seed=plan.seed)
    judged = matured(dataset, parts.certify, observed)
    return hold(contest(dataset, parts, judged, entities), plan.model, plan.seed, progress=progress)


def _data(
    world: Path | None,
    orders: int | None,
    seed: int | None,
    recipe: Path | None,
    parameters: Path | None,
    *,
    progress: bool,
) -> tuple[Recipe, Observed, Dataset]:
    """The recipe, its world (simulated where no folder is given) and the rows."""
    from service.policy import load_platform_policy
    from training.datasets import build_dataset
    from training.pipeline import caps_of

    plan, values = plan_of(recipe, parameters, orders, seed)
    folder = world or world_folder(plan)
    if world is None and not is_this_world(folder, plan, values):
        simulate_into(folder, plan, values, progress=progress)
    observed = Observed(folder)
    return plan, observed, build_dataset(observed, caps_of(load_platform_policy(plan.platform)), progress=progress)


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "name": one.name,
        "auc": interval(one.auc),
        "average_precision": interval(one.average_precision),
        "ece": interval(one.ece),
        "brier": interval(one.brier),
        "auc_ahead_of_last": interval(one.auc_ahead),
        "lost_share_at_approved_share": {f"{share:g}": interval(one.lost[share]) for share in APPROVED_SHARES},
        "fit_seconds": round(one.fit_seconds, 3),
        "ms_per_claim": round(one.milliseconds, 4),
    }


def interval(one: Interval) -> list[float]:
    """value, low, high"""
    return [round(number, 5) for number in (one.value, one.low, one.high)]


def _print(made: Comparison, origin: str) -> None:
    """One column a model, or a terminal of 80 columns would cut every figure."""
    table = Table(title=f"{len(made.wrong):,} claims, {made.base_rate:.1%} wrong ({origin})", title_justify="left")
    table.add_column("")
    for one in made.standings:
        table.add_column(one.name, justify="right", overflow="fold")
    for title, name in (("AUC", "auc"), ("AP", "average_precision"), ("ECE", "ece"), ("Brier", "brier")):
        table.add_row(title, *(_cell(getattr(one, name), ".3f") for one in made.standings))
    for share in APPROVED_SHARES:
        cells = (_cell(one.lost[share], ".1%") for one in made.standings)
        table.add_row(f"wrong ¥ at\n{share:.0%} approved", *cells)
    table.add_row("seconds to fit", *(f"{one.fit_seconds:.2f}" for one in made.standings))
    table.add_row("ms a claim", *(f"{one.milliseconds:.3f}" for one in made.standings))
    out.print(table)
    out.print("[dim]95 % intervals by whose claims they are. Wrong ¥: of the money approved, least risky first.[/]")


def _cell(one: Interval, form: str) -> str:
    return f"{one.value:{form}}\n[dim]{one.low:{form}}–{one.high:{form}}[/]"


@app.command(
    epilog="Examples:  prereview-train tune --trials 40  ·  prereview-train tune --budget 300 --objective money  ·  "
    "prereview-train run --recipe out/tuning/recipe.yaml"
)
def tune(
    world: World = None,
    orders: Orders = None,
    seed: Seed = None,
    recipe: RecipeFile = None,
    parameters: ParameterFile = None,
    trials: Annotated[
        int | None, typer.Option("--trials", min=1, help="Finished trials in all, resumed ones too.")
    ] = None,
    budget: Annotated[
        float | None, typer.Option("--budget", min=1, help="Seconds; the running trial is finished.")
    ] = None,
    objective: Annotated[
        str, typer.Option("--objective", help="claims: log loss, each claim once; money: by amount.")
    ] = "claims",
    study: Annotated[Path, typer.Option("--study", help="SQLite file; the same search goes on in it.")] = Path(
        "out/tuning/studies.db"
    ),
    to: Annotated[Path, typer.Option("--out", help="Recipe to write.")] = Path("out/tuning/recipe.yaml"),
    plot: Annotated[Path | None, typer.Option("--plot", help="Folder for the PNG of the trials.")] = None,
    json_output: Machine = False,
) -> None:
    """Look for better settings on the part tune alone, and write them as a recipe for prereview-train run."""
    from training.datasets import split
    from training.tuning import Budget, timed
    from training.tuning import tune as look
    from training.tuning_report import write_history, write_recipe

    if objective not in ("claims", "money"):
        raise typer.BadParameter("it is one of: claims, money", param_hint="--objective")
    with clear_errors():
        allowed = Budget(trials, budget) if trials or budget else Budget(trials=40)
        plan, observed, dataset = _data(world, orders, seed, recipe, parameters, progress=not json_output)
        found = look(
            dataset,
            split(dataset, plan.parts),
            plan.model,
            plan.seed,
            allowed,
            data_hash=observed.data_hash,
            objective="money" if objective == "money" else "claims",
            storage=study,
            progress=not json_output,
        )
        origin = f"{str(observed.facts['origin']).upper()} data"
        written = write_recipe(plan, found, to, data_hash=observed.data_hash)
        picture = write_history(found, plot, origin=origin) if plot else None
    facts = {
        "data": origin,
        "recipe": str(written),
        "trials": len(found.trials),
        "pruned": found.pruned,
        "seconds": round(timed(found), 1),
        "log_loss_at_start": round(found.start_loss, 6),
        "log_loss": round(found.loss, 6),
        "settings": found.settings.model_dump(),
        "study": f"{found.storage}:{found.study}",
        "plot": str(picture) if picture else None,
    }
    show(facts, json_output, title="Tuned")
    if not json_output:
        out.print(f"\nNext: [bold]prereview-train run --recipe {written}[/]")
