"""Commands that make and check data sets from a platform's observable tables."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from service.policy import load_platform_policy
from training.cli.options import Machine, Orders, RecipeFile, Seed, World
from training.cli.printing import clear_errors, show
from training.cli.world import plan_of, world_folder
from training.engines import EngineName
from training.observed import Observed
from training.pipeline import caps_of

app = typer.Typer()

Threads = Annotated[int, typer.Option("--threads", min=1, max=256, help="Processor cores to use.")]
Memory = Annotated[int, typer.Option("--memory", min=256, help="MiB for DuckDB's buffers or Spark's Java heap.")]


@app.command(
    epilog="Examples:  prereview-train backfill  ·  prereview-train backfill --engine spark --world FOLDER "
    "--out rows.parquet --memory 8192"
)
def backfill(
    world: World = None,
    out: Annotated[
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
        plan, _ = plan_of(recipe, None, orders, seed)
        observed = Observed(world or world_folder(plan))
        made = write_rows(
            observed,
            caps_of(load_platform_policy(observed.platform)),
            out or observed.folder / "rows.parquet",
            engine=engine,
            threads=threads,
            memory_mib=memory,
            batch=batch,
            progress=not json_output,
        )
    show({**asdict(made), "out": str(made.out), "engine": made.engine.value}, json_output, title="Backfill")
