"""`prereview-train certificate …`: what one shows, what it takes, which to ask for, whether it keeps its promise."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from service.domain.errors import BundleRefused, ConfigurationError
from training.cli.options import Machine, Orders, RecipeFile, Seed, World
from training.cli.printing import clear_errors, out, show, since
from training.cli.world import plan_of, world_folder

if TYPE_CHECKING:
    from service.scoring import Bundle
    from training.certification.at_hand import AtHand
    from training.certification.proof import Count, Power
    from training.certification.workbench import Row

app = typer.Typer(no_args_is_help=True, help="The certificate of a threshold: show, plan, suggest, prove.")

Models = Annotated[Path, typer.Option(help="Folder of the served bundles.")]
Adjudicated = Annotated[
    bool,
    typer.Option("--adjudicated", help="Judge drawn claims of the order part as an audit would (simulated worlds)."),
]
Plot = Annotated[Path | None, typer.Option("--plot", dir_okay=False, help="PNG to draw.")]
MODELS = Path("models/risk")


@app.command("show", epilog="Examples:  prereview-train certificate show  ·  prereview-train certificate show --json")
def showchampion(models: Models = MODELS, json_output: Machine = False) -> None:
    """The champion's certificate: its promise, what it rests on, and how far it moves if adjudicators err."""
    from training.certification.sensitivity import misjudged_tolerated, missed_rate_tolerated, with_missed_wrongs

    with clear_errors():
        held = champion(models).certificate
        if held is None:
            raise ConfigurationError(f"the champion in {models} has no certificate: risk approves nothing")
    moved = with_missed_wrongs(held.bound, held.alpha)
    facts: dict[str, Any] = {
        "promise": held.promise,
        **{name: value for name, value in _plain(asdict(held)).items() if value is not None},
        "bound_if_adjudication_misses": {f"{one.missed:.0%} of wrong": f"{one.bound:.2%}" for one in moved},
        "misses_tolerated": f"{missed_rate_tolerated(held.bound, held.alpha):.1%} of wrong grants",
        "misjudged_tolerated": f"{misjudged_tolerated(held.bound, held.alpha):.2%} of grants judged right",
    }
    if json_output:
        facts["bound_if_adjudication_misses"] = [asdict(one) for one in moved]
        facts["misses_tolerated"] = missed_rate_tolerated(held.bound, held.alpha)
        facts["misjudged_tolerated"] = misjudged_tolerated(held.bound, held.alpha)
    show(facts, json_output, title="Certificate")


@app.command(epilog="Example:  prereview-train certificate labels --delta 0.05 --json")
def labels(
    delta: Annotated[float, typer.Option(min=1e-6, max=0.5, help="1 - confidence.")] = 0.05,
    json_output: Machine = False,
) -> None:
    """How many labels without a wrong one certify alpha: drawn by money, and drawn evenly."""
    from training.certification.bounds import labels_needed, labels_needed_uniformly

    ratios = (2, 5, 10)
    rows = [
        {
            "alpha": alpha,
            "by_money": labels_needed(alpha, delta),
            "by_money_one_wrong": labels_needed(alpha, delta, 1),
            **{f"evenly_cap_{ratio}x_mean": labels_needed_uniformly(alpha, delta, 1, ratio) for ratio in ratios},
        }
        for alpha in (0.05, 0.02, 0.01, 0.005)
    ]
    if json_output:
        show({"delta": delta, "rows": rows}, json_output, title="")
        return
    titles = ["alpha", "by money", "one wrong", *(f"evenly, cap {ratio} × mean" for ratio in ratios)]
    table = _table(f"Labels needed, none wrong, at confidence {1 - delta:.0%} (calculated)", titles)
    for row in rows:
        alpha, *counts = row.values()
        table.add_row(f"{alpha:.1%}", *(f"{count:,}" for count in counts))
    out.print(table)


@app.command(
    epilog="Examples:  prereview-train certificate workbench  ·  prereview-train certificate workbench --plot bench.png"
)
def workbench(
    world: World = None,
    orders: Orders = None,
    seed: Seed = None,
    recipe: RecipeFile = None,
    models: Models = MODELS,
    rows: Annotated[int, typer.Option(min=2, max=200, help="Thresholds to show.")] = 15,
    adjudicated: Adjudicated = False,
    plot: Plot = None,
    json_output: Machine = False,
) -> None:
    """What each threshold lets through and what certifying it takes, by the labels of the order part."""
    with clear_errors():
        found, origin = _at_hand(world, orders, seed, recipe, models, adjudicated, progress=not json_output)
        made = _rows(found, rows)
        picture = _workbench_plot(made, found.terms.alpha, plot, origin)
    if json_output:
        document = [_plain(asdict(row)) for row in made]
        show({"data": origin, "alpha": found.terms.alpha, "rows": document, "plot": picture}, json_output, title="")
        return
    out.print(_workbench_table(made, found.terms.alpha, origin))
    if picture:
        out.print(f"[dim]{picture}[/]")


@app.command(
    epilog="Examples:  prereview-train certificate suggest --review-cost 3.50  ·  "
    "prereview-train certificate suggest --review-cost 2 --json"
)
def suggest(
    review_cost: Annotated[float, typer.Option("--review-cost", help="What a person's look at a claim costs, in ¥.")],
    world: World = None,
    orders: Orders = None,
    seed: Seed = None,
    recipe: RecipeFile = None,
    models: Models = MODELS,
    adjudicated: Adjudicated = False,
    json_output: Machine = False,
) -> None:
    """Suggest alpha from the cost of a review and the amounts claimed. The risk owner decides."""
    from training.certification.suggestion import suggest as suggested

    with clear_errors():
        if not (math.isfinite(review_cost) and review_cost >= 0.01):
            raise ConfigurationError(
                "--review-cost must be at least ¥0.01; give what a reviewer's time for a claim costs"
            )
        found, origin = _at_hand(world, orders, seed, recipe, models, adjudicated, progress=not json_output)
        # Of the part that will certify: that many more labels can be expected.
        made = suggested(_rows(found, 40), round(review_cost * 100), found.terms.delta, expansion=found.expansion)
    if json_output:
        show({"data": origin, "policy_alpha": found.terms.alpha, **_plain(asdict(made))}, json_output, title="")
        return
    titles = ["threshold", "claims", "¥ approved", "wrong", "¥ saved in reviews", "¥ lost", "¥ net"]
    table = _table(f"By threshold, order part, ¥{review_cost:.2f} a review ({origin})", titles)
    for one in made.options[:: max(1, len(made.options) // 14)]:
        table.add_row(
            f"{one.threshold:.4f}", f"{one.claims:,}", f"{one.money / 100:,.0f}", f"{one.wrong_share:.2%}",
            f"{one.saved / 100:,.0f}", f"{one.lost / 100:,.0f}", f"{one.net / 100:,.0f}",
        )  # fmt: skip
    out.print(table)
    out.print(f"Suggested alpha: [bold]{'none' if made.alpha is None else f'{made.alpha:.1%}'}[/]: {made.why}.")
    out.print(f"The policy's is {found.terms.alpha:.1%} (classes.risk.wrong_share_up_to_permille); changing it is the "
              "risk owner's decision.")  # fmt: skip


@app.command(
    epilog="Examples:  prereview-train certificate proof  ·  "
    "prereview-train certificate proof --worlds 500 --plot proof.png"
)
def proof(
    worlds: Annotated[int, typer.Option(min=20, help="Resampled worlds for each scenario.")] = 2000,
    power_worlds: Annotated[int, typer.Option(min=20, help="Worlds for each cell of the power table.")] = 400,
    seed: Annotated[int, typer.Option(min=0)] = 20261122,
    plot: Plot = None,
    json_output: Machine = False,
) -> None:
    """Run the whole procedure over thousands of cheap worlds: broken promises at 1.0 and 1.1 × alpha, and power."""
    import time

    from training.certification.plots import plot_proof
    from training.certification.proof import ALPHA, DELTA, LABELS, prove

    started = time.perf_counter()
    counts, powers = prove(worlds, power_worlds, seed, progress=not json_output)
    picture = str(plot_proof(counts, powers, plot)) if plot else None
    if json_output:
        document = {
            str(times): [{**asdict(one), "keeps": one.keeps} for one in found] for times, found in counts.items()
        }
        facts = {"data": "SIMULATED", "alpha": ALPHA, "delta": DELTA, "labels": LABELS, "broken": document,
                 "power": [asdict(one) for one in powers], "plot": picture, "seconds": since(started)}  # fmt: skip
        show(facts, json_output, title="")
        return
    out.print(_broken_table(counts, DELTA, LABELS))
    out.print(_power_table(powers, ALPHA))
    if picture:
        out.print(f"[dim]{picture}[/]")


def _broken_table(counts: dict[float, tuple[Count, ...]], delta: float, labels: int) -> Table:
    """Only what tests entities, or knows no rings, has to keep the promise; the rest shows what happens otherwise."""
    worlds = next(iter(counts.values()))[0].worlds
    table = _table(
        f"Broken promises in {worlds:,} worlds each, about {labels} labels, δ = {delta:.0%} (SIMULATED)",
        ["world and test", *(f"at {times:g} × α, with 95 % interval" for times in counts)],
    )
    for row in zip(*counts.values(), strict=True):
        table.add_row(
            row[0].name,
            *(
                f"{one.broken / one.worlds:.1%} ({one.low:.1%} to {one.high:.1%})"
                if one.keeps
                else f"[red]{one.broken / one.worlds:.1%}[/] ({one.low:.1%} to {one.high:.1%})"
                for one in row
            ),
        )
    return table


def _power_table(powers: tuple[Power, ...], alpha: float) -> Table:
    worlds = powers[0].worlds
    table = _table(
        f"How often a certificate at {alpha:.0%} is issued, {worlds:,} worlds a cell (SIMULATED)",
        ["labels", "truly wrong", "one threshold (exact)", "the whole procedure", "the same, all of it rings"],
    )
    for one in powers:
        table.add_row(
            f"{one.labels:,}", f"{one.share:g} × α", f"{one.fixed:.1%}", f"{one.sequence:.1%}", f"{one.ringed:.1%}"
        )
    return table


def _workbench_table(rows: tuple[Row, ...], alpha: float, origin: str) -> Table:
    from training.certification.workbench import LABEL_COUNTS

    table = _table(
        f"Thresholds on the order part, α = {alpha:.1%} ({origin})",
        ["threshold", "claims", "¥ share", "labels", "wrong", "needed", *(f"{count}" for count in LABEL_COUNTS)],
        caption="labels: expected here; needed: to certify that share; the last four: bound with so many labels",
    )
    for row in rows:
        table.add_row(
            f"{row.threshold:.4f}", f"{row.claims:,}", f"{row.money_share:.0%}", f"{row.labels:.0f}",
            "–" if row.wrong_share != row.wrong_share else f"{row.wrong_share:.2%}",
            "never" if row.needed is None else f"{row.needed:,}",
            *(f"{bound:.2%}" if bound > alpha else f"[green]{bound:.2%}[/]" for bound in row.bounds),
        )  # fmt: skip
    return table


def _table(title: str, titles: list[str], caption: str | None = None) -> Table:
    table = Table(title=title, title_justify="left", caption=caption, caption_justify="left")
    for number, name in enumerate(titles):
        table.add_column(name, justify="right" if number else "left")
    return table


def _rows(found: AtHand, count: int) -> tuple[Row, ...]:
    from training.certification.workbench import workbench as table

    return table(found.pool, found.wrong, found.terms, limit=found.limit, rows=count, drawn=found.adjudicated)


def _workbench_plot(rows: tuple[Row, ...], alpha: float, plot: Path | None, origin: str) -> str | None:
    from training.certification.plots import plot_workbench

    return str(plot_workbench(rows, alpha, plot, origin)) if plot else None


def _at_hand(
    world: Path | None,
    orders: int | None,
    seed: int | None,
    recipe: Path | None,
    models: Path,
    adjudicated: bool,
    *,
    progress: bool,
) -> tuple[AtHand, str]:
    from service.policy import load_platform_policy
    from training.certification.at_hand import at_hand
    from training.observed import Observed
    from training.simulator.adjudication import SimulatedAdjudicators

    plan, values = plan_of(recipe, None, orders, seed)
    observed = Observed(world or world_folder(plan))
    policy = load_platform_policy(plan.platform)
    desk = SimulatedAdjudicators(observed.folder, values, plan.seed) if adjudicated else None
    found = at_hand(observed, plan, policy, champion(models), desk, progress=progress)
    by = "audit labels" if adjudicated else "reviewers' labels, their errors included"
    return found, f"{str(observed.facts['origin']).upper()}; {by}"


def champion(models: Path) -> Bundle:
    from training.promote import champion_of

    found = champion_of(models)
    if isinstance(found, BundleRefused):
        raise found
    if found is None:
        raise ConfigurationError(f"{models} names no champion; train and promote one, or give --models")
    return found


def _plain(value: Any) -> Any:
    """JSON-ready: moments as text, and a figure that does not exist as null."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return None if isinstance(value, float) and math.isnan(value) else value
