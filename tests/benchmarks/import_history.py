"""Import a million rows of 独角数卡 orders from CSV into a fresh PostgreSQL, then the same file again.

Run: ``.venv/bin/python -m tests.benchmarks.import_history [--rows N]``. Rows are drawn (SIMULATED): they say nothing of
a shop, only how long they take. Prints a JSON line a measurement: rows and events a second, the importing process's own
processor seconds and its peak memory.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import random
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.domain.clock import SystemClock
from service.importing.importer import Order, run_import
from service.importing.loading import load
from service.importing.sources import opened
from service.store import EmbeddedPostgres, Platform, Store, migrate

PLATFORM = "bench"
BENCH = Actor(ActorKind.JOB, "bench")
COLUMNS = (
    "id", "order_sn", "goods_id", "title", "actual_price", "email", "info", "buy_ip", "status", "created_at",
    "updated_at",
)  # fmt: skip
STATUSES = ("4",) * 16 + ("1", "2", "5", "6", "-1", "-1")


def write_orders(path: Path, rows: int) -> None:
    dice, moment = random.Random(1), datetime(2025, 1, 1)  # noqa: DTZ001  as the shop writes them
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(rows):
            moment += timedelta(seconds=dice.randint(1, 40))
            price = f"{dice.randint(100, 20_000) / 100:.2f}"
            writer.writerow(
                (
                    number, f"SN{number:012d}", dice.randint(1, 40), "点卡 30 元", price,
                    f"u{dice.randint(1, rows // 5 + 1)}@mail.com", "CODE-1\nCODE-2", f"203.0.113.{number % 250}",
                    dice.choice(STATUSES), moment, moment + timedelta(seconds=dice.randint(5, 300)),
                )
            )  # fmt: skip


async def measure(url: str, folder: Path, path: Path) -> None:
    store, loaded = Store(url, str(folder / "evidence")), load("dujiaoka")
    platform = Platform(
        id=PLATFORM, zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=datetime.now(UTC)
    )
    await store.add_platform(platform, BENCH)
    for what, dry in (("first import", False), ("the same again", False), ("dry run", True)):
        started, worked = time.perf_counter(), time.process_time()
        order = Order(platform_id=PLATFORM, loaded=loaded, dry_run=dry, anew=True)
        (outcome,) = await run_import(
            store, SystemClock(), BENCH, order, opened(loaded.mapping, [f"orders={path}"]), lambda *_: None
        )
        tell(what, outcome.report.rows, sum(outcome.report.events.values()), started, worked)
    await store.close()


def tell(what: str, rows: int, events: int, started: float, worked: float) -> None:
    seconds, own = time.perf_counter() - started, time.process_time() - worked
    figures: dict[str, Any] = {
        "what": what,
        "rows": rows,
        "events": events,
        "rows_per_second": round(rows / seconds),
        "events_per_second": round(events / seconds),
        "seconds": round(seconds, 1),
        "own_processor_seconds": round(own, 1),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000,
    }
    print(json.dumps(figures), flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    rows = options.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="prereview-import-") as scratch:
        folder = Path(scratch)
        write_orders(folder / "orders.csv", rows)
        with EmbeddedPostgres(folder / "db") as server:
            migrate(server.url())
            asyncio.run(measure(server.url(), folder, folder / "orders.csv"))


if __name__ == "__main__":
    main()
