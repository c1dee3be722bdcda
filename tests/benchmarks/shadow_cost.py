"""What a shadow model costs the request and the process. Run: python -m tests.benchmarks.shadow_cost

Two services on one database, one with a shadow, are asked in turn: what the machine does meanwhile is common to both.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psutil

from service.scoring import Versions
from service.settings import Settings
from service.store import EmbeddedPostgres
from tests.benchmarks.http_load import Sent, one_by_one, request
from tests.running_service import Server, new_claim, set_up

Result = dict[str, str | float]


def run(rounds: int, claims: int) -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="prereview-bench-") as folder:
        home = Path(folder)
        without, beside = home / "without", home / "with"
        for models in (without, beside):
            shutil.copytree(Settings().models / "risk", models / "risk")
        versions = Versions(beside / "risk")
        assert versions.champion is not None, "no champion is committed"
        versions.set_shadow(versions.champion, by="benchmark", at=datetime.now(UTC))
        with EmbeddedPostgres(home / "db") as postgres:
            site = set_up(home, postgres.url(), PREREVIEW_READER_WORKERS="1", PREREVIEW_LOG_LEVEL="WARNING")
            with (
                site.serving(PREREVIEW_MODELS=str(without)) as alone,
                site.serving(PREREVIEW_MODELS=str(beside)) as shadowed,
            ):
                _ask(alone, 100), _ask(shadowed, 100)
                before = {server.address: _cpu(server) for server in (alone, shadowed)}
                taken: dict[str, list[float]] = {alone.address: [], shadowed.address: []}
                for _ in range(rounds):
                    for server in (alone, shadowed):
                        taken[server.address] += [sent.seconds * 1e3 for sent in _ask(server, claims)]
                time.sleep(3)  # the last batch
                spent = {server.address: _cpu(server) - before[server.address] for server in (alone, shadowed)}
            stored = site.rows("SELECT count(*) FROM shadow_scores")[0][0]
        asked = rounds * claims
        for name, server in (("without", alone), ("with", shadowed)):
            p50, p99 = np.quantile(taken[server.address], (0.5, 0.99))
            yield {
                "benchmark": f"shadow.{name}", "p50_ms": round(float(p50), 2), "p99_ms": round(float(p99), 2),
                "cpu_ms_per_claim": round(spent[server.address] / asked * 1e3, 3),
                "what": f"{asked} claims without files one by one; {stored} shadow scores stored",
            }  # fmt: skip
        added = np.median(taken[shadowed.address]) - np.median(taken[alone.address])
        yield {"benchmark": "shadow.added", "p50_ms": round(float(added), 2), "what": "difference of the medians"}


def _ask(server: Server, count: int) -> list[Sent]:
    raw = [request(server.address, server.keys["full"], new_claim(), []) for _ in range(count)]
    sent = asyncio.run(one_by_one(server.address, raw))
    assert {one.status for one in sent} == {201}
    return sent


def _cpu(server: Server) -> float:
    times = psutil.Process(server.child.process.pid).cpu_times()
    return float(times.user + times.system)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--claims", type=int, default=50, help="for each service in a round")
    chosen = parser.parse_args()
    for result in run(chosen.rounds, chosen.claims):
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
