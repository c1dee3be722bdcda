"""`prereview-train backtest`: another policy or model on history."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from service.domain.errors import BundleRefused, ConfigurationError
from training.cli.options import Machine, Orders, RecipeFile, Seed, Tracking, World
from training.cli.policies import policy_of
from training.cli.printing import clear_errors, out
from training.cli.world import plan_of, world_folder
from training.observed import Observed

if TYPE_CHECKING:
    from service.policy import Policy
    from service.scoring import Bundle
    from training.backtest import Backtest, Line
    from training.resampling import Interval

app = typer.Typer()

DAY = "%Y-%m-%d"
PolicyFile = Annotated[
    Path | None,
    typer.Option(
        "--policy", exists=True, dir_okay=False, help="The new policy (YAML).", show_default="the current one"
    ),
]
CurrentPolicy = Annotated[
    Path | None,
    typer.Option("--current-policy", exists=True, dir_okay=False, help="What it is held against.",
                 show_default="the package's policy of that platform"),
]  # fmt: skip
Model = Annotated[
    str | None,
    typer.Option("--model", help="The new model: a run's id or a bundle's folder.", show_default="the current one"),
]
CurrentModel = Annotated[
    str | None, typer.Option("--current-model", help="The current one, likewise.", show_default="the champion")
]


@app.command(
    epilog="Examples:  prereview-train backtest --policy NEW.yaml --from 2026-06-01 --to 2026-09-01  ·  "
    "prereview-train backtest --model RUN_ID --world FOLDER --json  ·  "
    "prereview-train backtest --threshold 0.12 --plot backtest.png"
)
def backtest(
    policy: PolicyFile = None,
    model: Model = None,
    threshold: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="The new side's, as if certified.", show_default="its certificate's"),
    ] = None,
    current_policy: CurrentPolicy = None,
    current_model: CurrentModel = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=[DAY], help="First day.", show_default="where learning ended")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=[DAY], help="Day after the last.", show_default="last settled")
    ] = None,
    minutes: Annotated[
        float, typer.Option("--minutes-per-review", min=0, max=600, help="One look of a person, in minutes. Assumed.")
    ] = 6.0,
    world: World = None,
    orders: Orders = None,
    seed: Seed = None,
    recipe: RecipeFile = None,
    models: Annotated[Path, typer.Option(help="Folder of the served bundles.")] = Path("models/risk"),
    mlruns: Tracking = Path("mlruns"),
    plot: Annotated[Path | None, typer.Option(dir_okay=False, help="PNG to draw.")] = None,
    json_output: Machine = False,
) -> None:
    """Replay history under another policy or model: claims, ¥ approved and lost, reviewer hours, by clause."""
    from training.backtest import backtest as run
    from training.backtest_plots import write_backtest_plot
    from training.replaying import side_of

    with clear_errors():
        plan, _ = plan_of(recipe, None, orders, seed)
        observed = Observed(world or world_folder(plan))
        now = policy_of(observed.platform, current_policy)
        served = _bundle(current_model, models, mlruns)
        result = run(
            observed,
            side_of("current", now, served),
            side_of(
                "new",
                now if policy is None else policy_of(observed.platform, policy),
                served if model is None else _bundle(model, models, mlruns),
                threshold,
            ),
            learned_until=observed.start + timedelta(days=plan.parts.calibrate[1]),
            first=_local(first, now),
            last=_local(last, now),
            minutes_per_review=minutes,
            progress=not json_output,
        )
        picture = None if plot is None else write_backtest_plot(result, plot)
    if json_output:
        typer.echo(json.dumps(_document(result, picture), ensure_ascii=False, allow_nan=False))
    else:
        _print(result)
        if picture is not None:
            out.print(str(picture))


def _bundle(reference: str | None, models: Path, mlruns: Path) -> Bundle:
    """The champion, a bundle in a folder, or that of a run."""
    from service.features import FEATURE_HASH
    from service.scoring import load_bundle
    from training.promote import champion_of
    from training.registry import Registry

    if reference is None:
        found = champion_of(models)
        if isinstance(found, BundleRefused):
            raise found
        if found is None:
            raise ConfigurationError(f"{models} names no champion; say which model: --current-model RUN_ID")
        return found
    if Path(reference).is_dir():
        return load_bundle(Path(reference), feature_hash=FEATURE_HASH)
    with tempfile.TemporaryDirectory(prefix="prereview-backtest-") as scratch:
        return load_bundle(Registry(mlruns).fetch(reference, Path(scratch)).bundle, feature_hash=FEATURE_HASH)


def _local(day: datetime | None, policy: Policy) -> datetime | None:
    """A day of the platform's calendar."""
    from zoneinfo import ZoneInfo

    return None if day is None else day.replace(tzinfo=ZoneInfo(policy.zone))


def _document(result: Backtest, picture: Path | None) -> dict[str, Any]:
    found: dict[str, Any] = _plain(asdict(result))
    return {**found, "data": result.origin.upper(), "plot": str(picture) if picture else None}


def _plain(value: Any) -> Any:
    """JSON-ready: moments as text, and a figure that does not exist as null."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return None if isinstance(value, float) and value != value else value


_TOTALS = (
    ("claims approved", "claims", 1.0, "{:,.0f}"), ("¥ approved", "money", 100.0, "{:,.0f}"),
    ("¥ lost", "lost", 100.0, "{:,.0f}"), ("share lost, %", "wrong_share", 0.01, "{:.2f}"),
    ("¥ approved unseen", "unseen", 100.0, "{:,.0f}"), ("reviewer hours", "hours", 1.0, "{:,.1f}"),
)  # fmt: skip


def _print(result: Backtest) -> None:
    title = (
        f"{result.claims:,} claims, ¥{result.claimed / 100:,.0f} claimed, {result.first:{DAY}} to {result.last:{DAY}}, "
        f"{result.minutes_per_review:g} minutes a review ({result.origin.upper()} data)"
    )
    table = Table(title=title, title_justify="left")
    for name in ("with 95 % interval", "current", "new", "difference"):
        table.add_column(name, justify="left" if name.startswith("with") else "right")
    for label, name, unit, form in _TOTALS:
        sides = (result.current.totals[name], result.new.totals[name], result.difference[name])
        table.add_row(label, *(_shown(one, unit, form) for one in sides))
    table.add_row("turned by a budget", f"{result.current.over_budget:,}", f"{result.new.over_budget:,}", "")
    out.print(table)
    out.print(_lines("by what became of the claim", "¥ approved", result.current.classes, result.new.classes))
    out.print(_lines("by clause that decided", "¥ claimed", result.current.clauses, result.new.clauses))
    if result.moved:
        out.print(_moves(result))
    for note in result.notes:
        out.print(f"· {note}")


def _shown(one: Interval, unit: float, form: str) -> str:
    value, low, high = (form.format(number / unit) for number in (one.value, one.low, one.high))
    return f"{value} \\[{low}, {high}]" if one.low == one.low else value


def _lines(title: str, money: str, current: tuple[Line, ...], new: tuple[Line, ...]) -> Table:
    table = Table(title=title, title_justify="left")
    columns = ("", *(f"{side}: {what}" for side in ("current", "new") for what in ("claims", money, "¥ lost")))
    for name in columns:
        # A clause is there to be looked up: folded, never cut.
        table.add_column(name, justify="right" if name else "left", overflow="fold")
    sides = [{line.name: line for line in lines} for lines in (current, new)]
    for name in sorted({*sides[0], *sides[1]}):
        found = [side.get(name) for side in sides]
        table.add_row(name, *(cell for line in found for cell in (("–", "", "") if line is None else _cells(line))))
    return table


def _cells(line: Line) -> tuple[str, str, str]:
    return f"{line.claims.value:,.0f}", f"{line.money.value / 100:,.0f}", f"{line.lost.value / 100:,.0f}"


def _moves(result: Backtest) -> Table:
    table = Table(title="claims that go another way", title_justify="left")
    for name in ("from", "to", "claims", "¥ claimed", "¥ lost more"):
        table.add_column(name, justify="left" if name in ("from", "to") else "right")
    for one in result.moved:
        money = f"{one.money / 100:,.0f}"
        table.add_row(one.before, one.after, f"{one.claims:,}", money, _shown(one.lost, 100.0, "{:,.0f}"))
    return table
