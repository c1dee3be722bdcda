"""Spark and DuckDB give the same rows, cell for cell: on a simulated platform, and on a table made of edges."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from service.domain.history import EventKind
from service.features import AGGREGATES, Entity
from service.policy import load_platform_policy
from training.backfill import backfill, read_rows
from training.engines import EngineName, open_engine
from training.history import history_table
from training.observed import Observed
from training.pipeline import caps_of
from training.simulator.parameters import load_parameters
from training.simulator.world import simulate, write

pytest.importorskip("pyspark", reason="Spark is installed with: make spark")
pytestmark = pytest.mark.proof

AS_OF = datetime(2026, 5, 1, 12, tzinfo=UTC)
ENTITIES = [entity.value for entity in Entity]


def test_every_cell_of_a_platform_is_the_same_on_both_engines(tmp_path: Path) -> None:
    """In two batches on Spark and one on DuckDB; some claims name no device, payer or address."""
    world = tmp_path / "world"
    write(simulate(load_parameters().with_values({"span.orders": 30_000}), 9), world, 9)
    claims = pq.read_table(world / "claims.parquet")
    for step, name in enumerate(("device_id", "payer_id", "ip"), start=20):
        gone = np.arange(len(claims)) % step == 0
        column = pa.array(claims[name].to_pylist(), pa.string(), mask=gone)
        claims = claims.set_column(claims.column_names.index(name), name, column)
    pq.write_table(claims, world / "claims.parquet")
    observed, caps = Observed(world), caps_of(load_platform_policy("demo"))
    made = {
        EngineName.DUCKDB: backfill(observed, caps, tmp_path / "duckdb.parquet"),
        EngineName.SPARK: backfill(
            observed, caps, tmp_path / "spark.parquet", engine=EngineName.SPARK, batch=len(claims) // 2 + 1
        ),
    }
    assert made[EngineName.SPARK].rows_hash == made[EngineName.DUCKDB].rows_hash
    assert pq.read_table(made[EngineName.SPARK].out).equals(pq.read_table(made[EngineName.DUCKDB].out))
    assert np.isnan(read_rows(made[EngineName.SPARK].out, observed, caps)).any()
    assert made[EngineName.SPARK].peak_mib > made[EngineName.DUCKDB].peak_mib


def test_edges_and_gaps_are_the_same_on_both_engines(tmp_path: Path) -> None:
    """Moments that tie with every edge of every window, to the microsecond; missing ids, amounts and outcomes."""
    dice = random.Random(8)
    tick = timedelta(microseconds=1)

    def some(letter: str) -> str | None:
        return None if dice.random() < 0.15 else f"{letter}{dice.randrange(4)}"

    def moment() -> datetime:
        return AS_OF - timedelta(hours=12 * dice.randrange(220)) + dice.choice([-tick, 0 * tick, tick])

    def entry(**more: Any) -> dict[str, Any]:
        return {**{name: some(name[0]) for name in ENTITIES}, **more}

    claims = [entry(claim_id=f"c{number}", as_of=moment()) for number in range(80)]
    events = [
        entry(
            kind=dice.choice([kind.value for kind in EventKind]),
            occurred_at=(occurred := moment()),
            recorded_at=occurred + timedelta(hours=12 * dice.choice([-1, 0, 0, 0, 1, 30])),
            amount=dice.choice([None, 100, 250]),
            outcome=dice.choice([None, "failed", "delivered"]),
        )
        for _ in range(3_000)
    ]
    moments, words = pa.timestamp("us", "UTC"), [(name, pa.string()) for name in ENTITIES]
    _written(claims, tmp_path / "claims.parquet", [("claim_id", pa.string()), ("as_of", moments), *words])
    fields = [("kind", pa.string()), ("occurred_at", moments), ("recorded_at", moments), *words]
    _written(events, tmp_path / "events.parquet", [*fields, ("amount", pa.int64()), ("outcome", pa.string())])
    found = {}
    for name in EngineName:
        with open_engine(name) as engine:
            found[name] = history_table(engine, tmp_path / "claims.parquet", tmp_path / "events.parquet", AGGREGATES)
    assert found[EngineName.SPARK].schema.equals(found[EngineName.DUCKDB].schema)
    assert found[EngineName.SPARK].equals(found[EngineName.DUCKDB])
    assert sum(column.null_count for column in found[EngineName.SPARK].columns) > 100


def _written(rows: list[dict[str, Any]], path: Path, fields: list[tuple[str, pa.DataType]]) -> None:
    pq.write_table(pa.Table.from_pylist(rows, pa.schema(fields)), path)
