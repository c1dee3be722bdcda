"""Commands that watch: the tracking server, drift, and what a shadow would have done."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from service.domain.clock import SystemClock
from service.domain.errors import ConfigurationError, NotFound
from training.cli.options import Machine, Tracking
from training.cli.printing import clear_errors, errors, out, show

if TYPE_CHECKING:
    from service.domain.monitoring import Lately
    from service.domain.shadow import JudgedShadow
    from service.scoring import Bundle
    from service.scoring.drift import DriftReport, Moved, Sample

app = typer.Typer()


@app.command(
    epilog="Examples:  prereview-train mlflow  ·  "
    "prereview-train mlflow --database postgresql://user:password@host/mlflow --artifacts s3://bucket/mlflow"
)
def mlflow(
    mlruns: Tracking = Path("mlruns"),
    host: Annotated[str, typer.Option(help="Address; MLflow asks nobody who they are.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 5000,
    database: Annotated[
        str | None, typer.Option(help="Database URL.", envvar="PREREVIEW_MLFLOW_DATABASE", show_default="SQLite")
    ] = None,
    artifacts: Annotated[
        str | None, typer.Option(help="Folder or URL.", envvar="PREREVIEW_MLFLOW_ARTIFACTS", show_default="files")
    ] = None,
) -> None:
    """Serve MLflow over the store runs are logged to; others then set MLFLOW_TRACKING_URI=http://127.0.0.1:5000.

    Without URLs: SQLite and files below --mlruns, the ones `prereview-train run` uses by itself. It sends no telemetry.
    """
    from training.tracking import tracking_server

    with clear_errors():
        server = tracking_server(mlruns, host, port, database, artifacts)
        errors.print(f"MLflow on http://{host}:{port}, runs in {_without_password(server.database)}", soft_wrap=True)
        server.run()


def _without_password(url: str) -> str:
    from sqlalchemy import make_url

    return make_url(url).render_as_string(hide_password=True)


Models = Annotated[Path, typer.Option(help="Folder of the served bundles.")]


@app.command(
    epilog="Examples:  prereview-train drift --platform demo --days 7  ·  "
    "prereview-train drift --world out/training/world-20261120-400000 --from-day 282 --to-day 352 --report out/drift"
)
def drift(
    platform: Annotated[str | None, typer.Option(help="Of the service's database.", show_default="all")] = None,
    days: Annotated[float, typer.Option(min=0.01, help="How far back in the service's database.")] = 7.0,
    world: Annotated[Path | None, typer.Option(exists=True, file_okay=False, help="A world instead.")] = None,
    from_day: Annotated[float, typer.Option(min=0, help="Of the world's data.")] = 0.0,
    to_day: Annotated[float, typer.Option(min=0, help="Of the world's data.", show_default="its end")] = 1e6,
    models: Models = Path("models/risk"),
    report: Annotated[Path, typer.Option(help="Folder for drift.png, drift.md and drift.json.")] = Path("out/drift"),
    run_id: Annotated[str | None, typer.Option("--run", help="Log the report to this run as well.")] = None,
    fail: Annotated[bool, typer.Option("--fail", help="Exit code 1 where something is to be acted on.")] = False,
    mlruns: Tracking = Path("mlruns"),
    json_output: Machine = False,
) -> None:
    """Hold recent claims against what the champion learned from: features, score, reading, label delay, approvals.

    Live claims come from the service's database (PREREVIEW_DATABASE_URL, or the embedded one in PREREVIEW_HOME).
    """
    from training.drift import as_data, drift_of, write_report

    with clear_errors():
        now, bundle = SystemClock().now(), _champion(models)
        if world is not None:
            sample, about = _of_world(world, bundle, from_day, to_day, progress=not json_output)
        else:
            sample, about = _of_service(platform, days)
        found = drift_of(bundle, sample)
        write_report(found, report, model=bundle.version, about=about, at=now)
        if run_id is not None:
            from training.registry import Registry

            Registry(mlruns).log_report(run_id, report, f"drift/{now:%Y%m%dT%H%M%S}")
    if json_output:
        show(as_data(found, model=bundle.version, about=about, at=now), json_output, title="Drift")
    else:
        _show_drift(found, f"{bundle.version} · {about}: {found.level.value}", report)
    if fail and found.level.value == "act":
        raise typer.Exit(1)


@app.command(
    "compare-shadow",
    epilog="Examples:  prereview-train compare-shadow --platform demo  ·  "
    "prereview-train compare-shadow --days 7 --json",
)
def compare_shadow(
    platform: Annotated[str, typer.Option(help="The platform.")] = "demo",
    days: Annotated[float, typer.Option(min=0.01, help="How far back.")] = 30.0,
    version: Annotated[str | None, typer.Option(help="The shadow.", show_default="the newest with scores")] = None,
    report: Annotated[Path, typer.Option(help="Folder for shadow.png and shadow.json.")] = Path("out/shadow"),
    run_id: Annotated[str | None, typer.Option("--run", help="Log the report to this run as well.")] = None,
    mlruns: Tracking = Path("mlruns"),
    json_output: Machine = False,
) -> None:
    """Draw and report where champion and shadow differ in money. `prereview models compare` prints the table alone."""
    import json

    from service.domain.codec import to_data
    from service.scoring.shadow_comparison import compare_shadow as compare
    from training.shadow_plots import plot_shadow

    with clear_errors():
        rows = asyncio.run(_shadows(platform, days, version))
        if not rows:
            raise NotFound(
                f"no shadow has scored a claim of {platform} in the last {days:g} days; "
                "name one with: prereview-train shadow --by NAME"
            )
        newest = [row for row in rows if row.score.model == rows[-1].score.model]
        found = compare(newest)
        facts = to_data(found)
        report.mkdir(parents=True, exist_ok=True)
        plot_shadow(newest, found, report / "shadow.png", note=_about(platform, days))
        (report / "shadow.json").write_text(json.dumps(facts, indent=2), "utf-8")
        if run_id is not None:
            from training.registry import Registry

            now = SystemClock().now()
            Registry(mlruns).log_report(run_id, report, f"shadow/{now:%Y%m%dT%H%M%S}")
    if json_output:
        show(facts, json_output, title="Shadow")
        return
    cells = {cell.kind: f"{cell.claims:,} claims, {cell.amount_minor / 100:,.2f}" for cell in found.cells}
    out.print(f"{found.model} beside {', '.join(found.champions)}, {found.currency}: {cells}")
    out.print(f"Report: {report}/shadow.png, shadow.json")


def _champion(models: Path) -> Bundle:
    from service.scoring import Versions

    versions = Versions(models)
    if versions.champion is None:
        raise ConfigurationError(f"{models} names no champion; promote a model, or give its folder with --models")
    return versions.usable(versions.champion)


def _of_world(folder: Path, bundle: Bundle, from_day: float, to_day: float, *, progress: bool) -> tuple[Sample, str]:
    from service.policy import load_platform_policy
    from training.datasets import build_dataset
    from training.drift import window, world_sample
    from training.observed import Observed
    from training.pipeline import caps_of

    observed = Observed(folder)
    dataset = build_dataset(observed, caps_of(load_platform_policy(observed.facts["platform"])), progress=progress)
    chosen = window(dataset, from_day, to_day)
    if not len(chosen):
        raise ConfigurationError(f"{folder} has no claim between day {from_day:g} and {to_day:g}; widen the window")
    about = f"{folder.name}, days {from_day:g} to {min(to_day, (dataset.end - dataset.start).days):g}"
    origin = str(observed.facts["origin"]).upper()
    return world_sample(dataset, chosen, bundle.probabilities(dataset.rows[chosen])), f"{about}, {origin}"


def _of_service(platform: str | None, days: float) -> tuple[Sample, str]:
    from training.drift import live_sample

    found = asyncio.run(_lately(platform, days))
    if not found.rows:
        raise ConfigurationError(
            f"{platform or 'no platform'} has decided no claim on these features in the last {days:g} days "
            f"({found.decided} on any); look further back with --days"
        )
    return live_sample(found), _about(platform, days)


def _about(platform: str | None, days: float) -> str:
    said = f"{platform or 'all platforms'}, last {days:g} days"
    return f"{said}, SIMULATED claims" if platform == "demo" else said


async def _lately(platform: str | None, days: float) -> Lately:
    from service import wiring
    from service.features import FEATURE_HASH, FEATURE_NAMES
    from service.settings import Settings

    async with wiring.deployed(Settings(), reading=False) as deployment:
        now = deployment.clock.now()
        return await deployment.store.learning.lately(
            platform, now - timedelta(days=days), now, features=FEATURE_NAMES, feature_hash=FEATURE_HASH
        )


async def _shadows(platform: str, days: float, version: str | None) -> tuple[JudgedShadow, ...]:
    from service import wiring
    from service.settings import Settings

    async with wiring.deployed(Settings(), reading=False) as deployment:
        now = deployment.clock.now()
        return await deployment.store.learning.judged_shadows(platform, now - timedelta(days=days), now, version)


def _show_drift(found: DriftReport, title: str, report: Path) -> None:
    from training.drift import THRESHOLDS

    table = Table("figure", "PSI", "by chance", "", "mean then", "mean now", title=title, title_justify="left")
    delay = [found.label_delay] if found.label_delay else []
    for one in (found.score, *delay, *found.features[:10]):
        table.add_row(*_line(one))
    out.print(table)
    out.print(f"{found.claims:,} claims. {THRESHOLDS}")
    out.print(f"Report: {report}/drift.png, drift.md, drift.json")


def _line(one: Moved) -> tuple[Any, ...]:
    means = (f"{value:.3g}" if value is not None else "–" for value in (one.mean_then, one.mean_now))
    return one.name, f"{one.psi:.3f}", f"{one.by_chance:.3f}", one.level.value, *means
