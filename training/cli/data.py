"""Commands that make and check data sets from a platform's observable tables."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from service.domain.errors import ConfigurationError
from service.features import Caps
from service.policy import load_platform_policy
from training.cli.options import Machine, Orders, RecipeFile, Seed, World
from training.cli.printing import clear_errors, out, show
from training.cli.world import plan_of, world_folder
from training.engines import EngineName
from training.leaks import LeakReport
from training.observed import Observed
from training.pipeline import caps_of
from training.splits import SplitFigures
from training.stress import StressTest

app = typer.Typer()

ROWS = "rows.parquet"
Threads = Annotated[int, typer.Option("--threads", min=1, max=256, help="Processor cores to use.")]
Memory = Annotated[int, typer.Option("--memory", min=256, help="MiB for DuckDB's buffers or Spark's Java heap.")]


@app.command(
    epilog="Examples:  prereview-train backfill  ·  prereview-train backfill --engine spark --world FOLDER "
    "--out rows.parquet --memory 8192"
)
def backfill(
    world: World = None,
    to: Annotated[
        Path | None, typer.Option("--out", dir_okay=False, help="File to write.", show_default="rows.parquet in world")
    ] = None,
    engine: Annotated[EngineName, typer.Option("--engine", help="spark: for more than one machine's memory.")] = (
        EngineName.DUCKDB
    ),
    orders: Orders = None,
    seed: Seed = None,
    recipe: RecipeFile = None,
    threads: Threads = 2,
    memory: Memory = 2048,
    batch: Annotated[int, typer.Option("--batch", min=1000, help="Claims computed at once.")] = 50_000,
    json_output: Machine = False,
) -> None:
    """Write every claim's feature row as it would have been online: the same cells from DuckDB and from Spark."""
    from training.backfill import backfill as write_rows

    with clear_errors():
        observed = _observed(world, orders, seed, recipe)
        made = write_rows(
            observed,
            _caps(observed),
            to or observed.folder / ROWS,
            engine=engine,
            threads=threads,
            memory_mib=memory,
            batch=batch,
            progress=not json_output,
        )
    facts = {**asdict(made), "data": observed.facts["origin"], "out": str(made.out), "engine": made.engine.value}
    show(facts, json_output, title="Backfill")


@app.command(
    "check-leaks",
    epilog="Examples:  prereview-train check-leaks --world FOLDER  ·  prereview-train check-leaks --rows mine.parquet",
)
def check_leaks(
    world: World = None,
    rows: Annotated[
        Path | None,
        typer.Option("--rows", help="Rows to check.", show_default="rows.parquet in world, made if missing"),
    ] = None,
    sample: Annotated[int, typer.Option("--sample", min=10, help="Claims whose rows are made again.")] = 300,
    auc: Annotated[float, typer.Option("--auc", min=0.5, max=1.0, help="AUC of one column that is too good.")] = 0.95,
    orders: Orders = None,
    seed: Seed = None,
    recipe: RecipeFile = None,
    json_output: Machine = False,
) -> None:
    """Cut the future off, make rows again, and name every column that changes; exit code 1 if anything leaks."""
    import pyarrow.parquet as pq

    from training.backfill import backfill as write_rows
    from training.leaks import check_leaks as check

    with clear_errors():
        observed = _observed(world, orders, seed, recipe)
        caps, path = _caps(observed), rows or observed.folder / ROWS
        if rows is not None and not rows.is_file():
            raise ConfigurationError(f"there are no rows at {rows}; make them with: prereview-train backfill")
        if not path.is_file():
            write_rows(observed, caps, path, progress=not json_output)
        report = check(observed, caps, pq.read_table(path), sample=sample, suspicious=auc)
    if json_output:
        show({"clean": report.clean, **asdict(report)}, True, title="Leaks")
    else:
        _print_leaks(report)
    if not report.clean:
        raise typer.Exit(1)


def _print_leaks(report: LeakReport) -> None:
    if report.clean:
        out.print(
            f"[green]no leak found[/]: {report.sampled} rows made again from what was known, cell for cell the same"
        )
        return
    for changed in report.changed:
        out.print(
            f"[bold red]leak[/] {changed.column}: {changed.claims} of {report.sampled} cells change without the future,"
            f" e.g. {changed.given:g} should be {changed.remade:g} in claim {changed.example}"
        )
    for suspect in report.suspects:
        whose = "" if suspect.known else ", a column that cannot be made again"
        out.print(f"[bold red]leak?[/] {suspect.column}: alone it tells right from wrong (AUC {suspect.auc:g}){whose}")
    if report.own_outcomes:
        out.print(
            f"[bold red]leak[/] events of {report.own_outcomes} claims' own cases are recorded before their as_of"
        )
    if report.early_labels:
        out.print(f"[bold red]leak[/] {report.early_labels} labels arrived before their claim's as_of")
    for field, count in report.later_facts.items():
        out.print(f"[bold red]leak[/] {field} of the claim's record is later than as_of in {count} of {report.sampled}")


@app.command(
    "export-history",
    epilog="Examples:  prereview-train export-history --platform acme --out out/acme  ·  PREREVIEW_DATABASE_URL=... "
    "prereview-train export-history --platform acme --out out/acme --until 2026-11-01T00:00:00+08:00",
)
def export_history(
    platform: Annotated[str, typer.Option("--platform", help="Whose history.")],
    to: Annotated[Path, typer.Option("--out", file_okay=False, help="Folder to write.")],
    until: Annotated[str | None, typer.Option("--until", help="Nothing recorded from then on.", show_default="now")] = (
        None
    ),
    maturing_days: Annotated[
        float, typer.Option("--maturing-days", min=0, help="How long a decision must stand to be a label.")
    ] = 30.0,
    json_output: Machine = False,
) -> None:
    """Write a real platform's events, claims and labels out of the service's database, as tables that train.

    The database is the service's own (PREREVIEW_HOME or PREREVIEW_DATABASE_URL); one read-only snapshot is taken. The
    tables hold personal data: keep them where only you can read them, and delete them when the model is made.
    """
    from service import wiring
    from service.domain.clock import SystemClock
    from service.settings import Settings
    from service.store.database import conninfo
    from training.live_history import export_history as export

    with clear_errors():
        end = _moment(until) if until else SystemClock().now()
        url, embedded = wiring.database_url(Settings())
        try:
            made = export(
                conninfo(url),
                platform,
                to,
                until=end,
                maturing=timedelta(days=maturing_days),
                progress=not json_output,
            )
        finally:
            if embedded is not None:
                embedded.release()
    facts = {**asdict(made), "folder": str(made.folder)}
    if json_output:
        show(facts, True, title="Exported")
        return
    out.print(
        f"{made.claims:,} claims, {made.labels:,} labels and {made.events:,} events in {made.folder}\n"
        f"{made.left_out:,} cases were never decided and are left out"
    )
    if made.unknown_policy:
        out.print(f"{made.unknown_policy:,} claims were decided under a policy not stored: counted as never audited")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"--until {text!r} is no moment such as 2026-11-01T00:00:00+08:00") from None
    if moment.tzinfo is None:
        raise ConfigurationError(f"--until {text!r} lacks a time zone; write e.g. {text}+08:00")
    return moment


@app.command(epilog="Examples:  prereview-train splits --world FOLDER  ·  prereview-train splits --fit --json")
def splits(
    world: World = None,
    orders: Orders = None,
    seed: Seed = None,
    recipe: RecipeFile = None,
    fit: Annotated[bool, typer.Option("--fit", help="Fit on both splits as well, and hold them together.")] = False,
    json_output: Machine = False,
) -> None:
    """Show the parts of the data, split in time and with no connected entity on both sides."""
    import numpy as np

    from service.features import FEATURES
    from training.datasets import build_dataset, split
    from training.splits import connected_claims, require_gap, split_figures, stress_split
    from training.stress import stress_test

    with clear_errors():
        plan, _ = plan_of(recipe, None, orders, seed)
        observed = _observed(world, orders, seed, recipe)
        require_gap(plan.parts, observed.label_delay)
        entities = connected_claims(observed)
        # Which claims are in which part does not depend on their features.
        rows = None if fit else np.empty((len(entities), len(FEATURES)), dtype=np.float32)
        dataset = build_dataset(observed, _caps(observed), rows=rows, progress=fit and not json_output)
        made = {
            "time": split(dataset, plan.parts),
            "stress": stress_split(dataset, plan.parts, entities, seed=plan.seed),
        }
        figures = {name: split_figures(dataset, plan.parts, one, entities) for name, one in made.items()}
        tested = stress_test(observed, dataset, plan) if fit else None
    if json_output:
        fitted = {"stress_test": asdict(tested)} if tested else {}
        show({**{name: asdict(one) for name, one in figures.items()}, **fitted}, True, title="Splits")
        return
    _print_splits(figures)
    if fit and tested is None:
        out.print("too few labels to fit on the stress split; take more orders or wider parts")
    elif tested is not None:
        _print_stress(tested, str(observed.facts["origin"]).upper())


def _print_splits(figures: dict[str, SplitFigures]) -> None:
    table = Table("split", "part", "claims", "used", "labels too late", "wrong", "met before", title_justify="left")
    for name, one in figures.items():
        for part in one.parts:
            shown = (part.claims, part.used, part.late)
            shares = (f"{part.wrong_share:.1%}", f"{part.met_before:.1%}")
            table.add_row(name, part.name, *(f"{number:,}" for number in shown), *shares)
    out.print(table)
    whole = next(iter(figures.values()))
    out.print(f"{whole.entities:,} connected entities; the largest has {whole.largest:,} claims")


def _print_stress(tested: StressTest, origin: str) -> None:
    table = Table("", "AUC", "AP", "judged", "learned from", title=f"stress test ({origin} data)", title_justify="left")
    for one in tested.all:
        table.add_row(one.name, str(one.auc), str(one.average_precision), f"{one.claims:,}", f"{one.learned_from:,}")
    out.print(table)


def _observed(world: Path | None, orders: int | None, seed: int | None, recipe: Path | None) -> Observed:
    return Observed(world or world_folder(plan_of(recipe, None, orders, seed)[0]))


def _caps(observed: Observed) -> Caps:
    return caps_of(load_platform_policy(observed.platform))
