"""What traces cost the request and the process. Run: python -m tests.benchmarks.tracing_cost

Two services on one database, one with a collector on this machine, are asked in turn: what the machine does meanwhile
is common to both.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from service.store import EmbeddedPostgres
from tests.benchmarks.shadow_cost import Result, _ask, _cpu
from tests.otlp_receiver import collecting
from tests.running_service import set_up


def run(rounds: int, claims: int) -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="prereview-bench-") as folder, collecting() as collector:
        home = Path(folder)
        with EmbeddedPostgres(home / "db") as postgres:
            site = set_up(home, postgres.url(), PREREVIEW_READER_WORKERS="1", PREREVIEW_LOG_LEVEL="WARNING")
            with site.serving() as plain, site.serving(PREREVIEW_OTLP_ENDPOINT=collector.address) as traced:
                _ask(plain, 100), _ask(traced, 100)
                before = {server.address: _cpu(server) for server in (plain, traced)}
                taken: dict[str, list[float]] = {plain.address: [], traced.address: []}
                for _ in range(rounds):
                    for server in (plain, traced):
                        taken[server.address] += [sent.seconds * 1e3 for sent in _ask(server, claims)]
                time.sleep(6)  # the last batch
                spent = {server.address: _cpu(server) - before[server.address] for server in (plain, traced)}
        asked, sent = rounds * claims, len(collector.spans())
        for name, server in (("without", plain), ("with", traced)):
            p50, p99 = np.quantile(taken[server.address], (0.5, 0.99))
            yield {
                "benchmark": f"tracing.{name}", "p50_ms": round(float(p50), 2), "p99_ms": round(float(p99), 2),
                "cpu_ms_per_claim": round(spent[server.address] / asked * 1e3, 3),
                "what": f"{asked} claims without files one by one; {sent} spans came in",
            }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--claims", type=int, default=50, help="claims a round")
    given = parser.parse_args()
    for result in run(given.rounds, given.claims):
        print(json.dumps(result, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
