"""One simulated year, from parameters and a seed to tables on disk."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

from training.simulator.calendar import span_of
from training.simulator.parameters import Parameters
from training.simulator.records import PLATFORM, World
from training.simulator.streams import Streams
from training.simulator.tables import observed_tables, truth_tables
from training.simulator.year import DEFAULT_ORDERS, Year, days_of, run_year

__all__ = ["DEFAULT_ORDERS", "TRUTH", "Simulated", "simulate", "write"]
TRUTH = "truth"
_ROWS_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Simulated:
    """A finished world in memory: ``observed`` and ``truth`` hold Arrow tables by name."""

    year: Year
    observed: dict[str, pa.Table]
    truth: dict[str, pa.Table]

    @property
    def world(self) -> World:
        return self.year.world


def simulate(parameters: Parameters, seed: int, *, progress: bool = False) -> Simulated:
    """The world of these parameters and this seed; the same twice."""
    streams, span = Streams(seed), span_of(parameters)
    with tqdm(total=days_of(span) + 1, desc="simulate", unit="day", disable=not progress) as bar:
        year = run_year(parameters, span, streams, lambda _: bar.update(1))
        bar.set_postfix_str("tables")
        observed = observed_tables(year, streams)
        truth = truth_tables(year)
        bar.update(1)
    return Simulated(year, observed, truth)


def write(simulated: Simulated, folder: Path, seed: int) -> None:
    """Write the tables below ``folder``, whole or not at all; an existing world there is replaced."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".world-") as scratch:
        made = Path(scratch) / "world"
        (made / TRUTH).mkdir(parents=True)
        for place, tables in ((made, simulated.observed), (made / TRUTH, simulated.truth)):
            for name, table in tables.items():
                pq.write_table(table, place / f"{name}.parquet", compression="zstd", row_group_size=_ROWS_AT_ONCE)
        facts = _facts(simulated, seed)
        (made / "world.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", "utf-8")
        if folder.exists():
            folder.replace(Path(scratch) / "old")
        made.replace(folder)


def _facts(simulated: Simulated, seed: int) -> dict[str, Any]:
    world = simulated.world
    return {
        "origin": "simulated",
        "platform": PLATFORM,
        "parameters": world.parameters.name,
        "parameters_digest": world.parameters.digest,
        "seed": seed,
        "mode": world.parameters.value("operation.mode"),
        "start": world.span.start.isoformat(),
        "end": world.span.end.isoformat(),
        "orders": len(world.orders),
        "claims": len(world.claims),
        "events": simulated.observed["events"].num_rows,
        "accounts": len(world.population),
        "label_delay_days": world.parameters.number("reviewing.maturing"),
    }
