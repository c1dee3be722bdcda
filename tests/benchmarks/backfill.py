"""History of 5,000,000 events for every claim: declared once and compiled, against SQL written by hand; Spark once.

Run: python -m tests.benchmarks.backfill [--events N] [--world FOLDER]. Without a world one of 100,000 orders is
simulated and laid side by side under other ids until it has as many events. SIMULATED data.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from service.features import AGGREGATES
from training.backfill import backfill
from training.engines import EngineName, open_engine, own_peak_mib
from training.history import history_table
from training.observed import Observed
from training.pipeline import caps_of

EVENTS, ORDERS, SEED, ROUNDS, AIM = 5_000_000, 100_000, 7, 5, 1.5
THREADS = 2
BY_HAND = Path(__file__).with_name("backfill_by_hand.sql")
_IDS = ("account_id", "device_id", "payer_id", "ip", "seller_id", "product_id", "order_number")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=EVENTS)
    options.add_argument("--world", type=Path)
    options.add_argument("--part", choices=("duckdb", "by_hand", "rows", "spark"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.part:
        print(json.dumps(_part(chosen.part, chosen.world)))
        return 0
    with TemporaryDirectory() as folder:
        world = chosen.world or _world(Path(folder), chosen.events)
        print(json.dumps(_compared(world)), flush=True)
        # Each in a process of its own, for its own peak of memory.
        parts = ["by_hand", "duckdb", "rows", *(["spark"] if _has_spark() else [])]
        for part in parts:
            command = [sys.executable, "-m", "tests.benchmarks.backfill", "--part", part, "--world", str(world)]
            subprocess.run(command, check=True)
    if "spark" not in parts:
        print("Spark is not installed (make spark): not measured", file=sys.stderr)
    return 0


def _world(folder: Path, events: int) -> Path:
    """Many platforms of one size side by side: as a market grows, so does the number of its sellers and products."""
    from training.simulator.parameters import load_parameters
    from training.simulator.world import simulate, write

    small, large = folder / "small", folder / "large"
    write(simulate(load_parameters().with_values({"span.orders": ORDERS}), SEED), small, SEED)
    copies = -(-events // pq.ParquetFile(small / "events.parquet").metadata.num_rows)
    large.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"SET TimeZone = 'UTC'; SET threads = {THREADS}; SET memory_limit = '4GB'")
        for table, ids, order in (
            ("events", (*_IDS, "event_id", "case_id"), "recorded_at"),
            ("claims", (*_IDS, "claim_id"), "as_of"),
            ("labels", ("claim_id",), "recorded_at"),
        ):
            marked = ", ".join(f"{name} || '-' || copy AS {name}" for name in ids)
            connection.execute(
                f"COPY (SELECT t.* REPLACE ({marked}) FROM '{small / table}.parquet' t, "
                f"(SELECT unnest(range({copies})) AS copy) ORDER BY {order}) TO '{large / table}.parquet' "
                "(COMPRESSION zstd)"
            )
    shutil.copy(small / "world.json", large)
    return large


def _compared(world: Path) -> dict[str, Any]:
    """Both in turn in one process, so that a busy machine slows them alike; the first of each warms up."""
    by_hand, hand_times, hand_cpu = None, [], []
    declared, declared_times, declared_cpu = None, [], []
    with open_engine(EngineName.DUCKDB, threads=THREADS) as engine, _views(world) as connection:
        for _ in range(ROUNDS + 1):
            by_hand, wall, cpu = _timed(lambda: _by_hand(connection))
            hand_times.append(wall)
            hand_cpu.append(cpu)
            declared, wall, cpu = _timed(lambda: _declared(engine, world))
            declared_times.append(wall)
            declared_cpu.append(cpu)
    assert by_hand is not None
    assert declared is not None
    if not by_hand.sort_by("claim_id").equals(declared.sort_by("claim_id")):
        raise SystemExit("the SQL by hand gives other numbers than the declarations: bring it up to date")
    hand, ours = statistics.median(hand_times[1:]), statistics.median(declared_times[1:])
    cpus = statistics.median(declared_cpu[1:]) / statistics.median(hand_cpu[1:])
    return {
        "what": "declared against by hand",
        "events": pq.ParquetFile(world / "events.parquet").metadata.num_rows,
        "claims": declared.num_rows,
        "by_hand_seconds": round(hand, 2),
        "seconds": round(ours, 2),
        "ratio": round(ours / hand, 2),
        "cpu_ratio": round(cpus, 2),
        "aim": f"ratio <= {AIM}",
        "met": ours / hand <= AIM,
    }


def _part(name: str, world: Path) -> dict[str, Any]:
    if name == "by_hand":
        with _views(world) as connection:
            _, wall, cpu = _timed(lambda: _by_hand(connection))
        return _told("history by hand, DuckDB", wall, cpu, own_peak_mib())
    if name == "duckdb":
        with open_engine(EngineName.DUCKDB, threads=THREADS) as engine:
            _, wall, cpu = _timed(lambda: _declared(engine, world))
        return _told("history declared, DuckDB", wall, cpu, own_peak_mib())
    if name == "rows":
        from service.policy import load_platform_policy

        with TemporaryDirectory() as folder:
            observed = Observed(world)
            caps = caps_of(load_platform_policy(observed.platform))
            made, wall, cpu = _timed(lambda: backfill(observed, caps, Path(folder) / "rows.parquet", threads=THREADS))
        return _told("whole rows, DuckDB", wall, cpu, made.peak_mib)
    with open_engine(EngineName.SPARK, threads=THREADS, memory_mib=4096) as engine:
        first, wall, _ = _timed(lambda: _declared(engine, world))
        told = _told(f"history declared, Spark local[{THREADS}], 4 GiB heap", wall, None, engine.peak_mib)
    with open_engine(EngineName.DUCKDB, threads=THREADS) as engine:
        return {**told, "same_cells_as_duckdb": bool(first.equals(_declared(engine, world)))}


def _told(what: str, wall: float, cpu: float | None, peak: float) -> dict[str, Any]:
    return {"what": what, "seconds": round(wall, 2), "cpu_seconds": cpu and round(cpu, 2), "peak_mib": round(peak)}


def _views(world: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = 'UTC'; SET threads = {THREADS}")
    for name in ("claims", "events"):
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{world / name}.parquet'")
    return connection


def _by_hand(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    return connection.sql(BY_HAND.read_text("utf-8")).to_arrow_table()


def _declared(engine: Any, world: Path) -> pa.Table:
    return history_table(engine, world / "claims.parquet", world / "events.parquet", AGGREGATES)


def _timed(call: Callable[[], Any]) -> tuple[Any, float, float]:
    """(result, seconds of wall time, seconds of this process's CPU time)"""
    wall, before = time.perf_counter(), os.times()
    result = call()
    after = os.times()
    return result, time.perf_counter() - wall, after.user + after.system - before.user - before.system


def _has_spark() -> bool:
    from importlib.util import find_spec

    return find_spec("pyspark") is not None


if __name__ == "__main__":
    sys.exit(main())
