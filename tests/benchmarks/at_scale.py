"""Requests a second, latencies and ingestion beside 10^5, 10^6 and 10^7 history events.

Run: python -m tests.benchmarks.at_scale [--events 100000 --events 1000000 ...]. Ten million take a quarter of an hour
and some 12 GB of disk. The service, its worker and an embedded PostgreSQL with its default durability run on this
machine together with the load.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import numpy as np
import orjson

from service.store import EmbeddedPostgres
from tests.benchmarks.http_decisions import Result, _claims, _disk, _load
from tests.benchmarks.http_load import Connections, Sent, open_loop
from tests.running_service import CLOCK_START, Server, set_up

CLIENTS = 8
UPLOADED = 40_000
AIM = "p99 at 10^7 events <= 1.3 x that at 10^5"


def run(events: int, seconds: float, per_second: float) -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="prereview-scale-", dir=_disk()) as folder:
        home = Path(folder)
        with EmbeddedPostgres(home / "db") as postgres:
            site = set_up(home, postgres.url(), PREREVIEW_READER_WORKERS="1", PREREVIEW_LOG_LEVEL="WARNING")
            yield asyncio.run(_load(site, events))
            with site.serving(PREREVIEW_RATE_LIMITS='{"standard": "", "unlimited": ""}') as server, site.working():
                make = _claims(server)
                asyncio.run(open_loop(server.address, make, per_second=per_second, seconds=5, seed=2))
                sent = asyncio.run(open_loop(server.address, make, per_second=per_second, seconds=seconds))
                yield _latency("scale.decision", sent, events, f"no files, {per_second:g}/s Poisson")
                yield asyncio.run(
                    _most("scale.most_decisions", server, [make() for _ in range(4_000)], seconds, events)
                )
                raw = make()
                asyncio.run(_once(server, raw))
                again = asyncio.run(open_loop(server.address, lambda: raw, per_second=per_second, seconds=10))
                yield _latency("scale.replay", again, events, f"the same request again, {per_second:g}/s Poisson")
                yield _ingest(server, events)


def _latency(name: str, sent: list[Sent], events: int, what: str) -> Result:
    taken = [one.seconds * 1e3 for one in sent]
    p50, p99 = np.quantile(taken, [0.5, 0.99]).round(2).tolist()
    failed = sum(one.status not in (200, 201) for one in sent)
    return {
        "benchmark": name, "events": events, "p50_ms": p50, "p99_ms": p99, "requests": len(sent),
        "not_answered": failed,
        "what": f"{what}, from the scheduled time", "aim": AIM,
    }  # fmt: skip


async def _once(server: Server, raw: bytes) -> None:
    connections = Connections(server.address)
    await connections.post(raw)
    await connections.close()


async def _most(name: str, server: Server, requests: list[bytes], seconds: float, events: int) -> Result:
    """As many as eight connections get answered, each sending the next when it has its answer."""
    connections, left = Connections(server.address), iter(requests)
    begun = time.perf_counter()
    done = 0

    async def client() -> None:
        nonlocal done
        for raw in left:
            status, _ = await connections.post(raw)
            done += status == 201
            if time.perf_counter() - begun > seconds:
                return

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    taken = time.perf_counter() - begun
    await connections.close()
    return {
        "benchmark": name, "events": events, "per_second": round(done / taken, 1), "requests": done,
        "what": f"{CLIENTS} connections, no files; one process serves, load and database on the same cores",
    }  # fmt: skip


def _ingest(server: Server, events: int) -> Result:
    """Events into PostgreSQL over HTTP, one a line, on one connection."""
    at = CLOCK_START - timedelta(days=1)
    lines = [
        orjson.dumps(
            {
                "event_id": f"up-{events}-{number}",
                "kind": ("order", "payment", "session")[number % 3],
                "occurred_at": (at + timedelta(milliseconds=number)).isoformat(),
                "account_id": f"ac{number % 50_000}",
                "device_id": f"de{number % 45_000}",
                "payer_id": f"pa{number % 48_000}",
                "ip": f"ip{number % 60_000}",
                "seller_id": f"se{number % 300}",
                "product_id": f"pr{number % 2_000}",
                "order_number": f"up{number // 2}",
                "amount": 3000,
            }
        )
        for number in range(UPLOADED)
    ]
    begun = time.perf_counter()
    with server.http() as http:
        answer = http.post(
            "/v1/events/uploads/scale",
            content=b"\n".join(lines),
            headers={"Content-Type": "application/x-ndjson"},
            timeout=httpx.Timeout(600),
        )
    taken = time.perf_counter() - begun
    assert answer.json()["accepted"] == UPLOADED, answer.text
    rate = UPLOADED / taken
    return {
        "benchmark": "scale.ingest", "events": events, "per_second": round(rate), "aim": ">= 5,000 events/s",
        "met": rate >= 5_000, "what": f"{UPLOADED:,} events with six entities each as NDJSON, durable",
    }  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, action="append", help="once for each size; default 10^5 and 10^6")
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--per-second", type=float, default=30)
    chosen = options.parse_args()
    tails: dict[int, float] = {}
    for events in chosen.events or [100_000, 1_000_000]:
        for result in run(events, chosen.seconds, chosen.per_second):
            if result["benchmark"] == "scale.decision":
                tails[events] = float(result["p99_ms"])
            print(json.dumps(result), flush=True)
    if len(tails) > 1:
        ratio = round(tails[max(tails)] / tails[min(tails)], 2)
        sizes = f"{max(tails):,} over {min(tails):,} events"
        print(json.dumps({"benchmark": "scale.p99_ratio", "ratio": ratio, "aim": "<= 1.3", "what": sizes}), flush=True)


if __name__ == "__main__":
    main()
