"""A decision over HTTP beside a million history events, durable commits. Run: python -m tests.benchmarks.http_decisions

The service, its worker and an embedded PostgreSQL with its default durability run as processes of their own on this
machine, together with the load.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import psycopg

from service.domain.history import EventKind, HistoryEvent
from service.domain.money import Money
from service.features import FEATURE_HASH, FEATURES
from service.scoring import Champion
from service.settings import Settings
from service.store import EmbeddedPostgres, Store
from tests.benchmarks.drawn_pages import draw_page, encode
from tests.benchmarks.http_load import Sent, one_by_one, open_loop, request
from tests.running_service import CLOCK_START, Server, Site, new_claim, set_up

DAYS = 180
KINDS = (EventKind.ORDER, EventKind.PAYMENT, EventKind.FULFILMENT, EventKind.SESSION, EventKind.REFUND_REQUESTED)
SHARES = (35, 30, 17, 12, 6)
# Entities of each kind; the square of a uniform number chooses one, so that few are busy and most are not.
ENTITIES = {
    "account_id": 50_000, "device_id": 45_000, "payer_id": 48_000, "ip": 60_000, "seller_id": 300, "product_id": 2_000,
}  # fmt: skip
Result = dict[str, str | float]


def run(events: int, seconds: float, per_second: float, pages: int) -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="prereview-bench-", dir=_disk()) as folder:
        home = Path(folder)
        with EmbeddedPostgres(home / "db") as postgres:
            site = set_up(home, postgres.url(), PREREVIEW_READER_WORKERS="1", PREREVIEW_LOG_LEVEL="WARNING")
            yield from _floors(home, postgres)
            yield asyncio.run(_load(site, events))
            with site.serving() as server, site.working():
                asyncio.run(open_loop(server.address, _claims(server), per_second=per_second, seconds=5, seed=2))
                sent = asyncio.run(open_loop(server.address, _claims(server), per_second=per_second, seconds=seconds))
                yield _decisions(sent, events, per_second)
                yield from _one_page(server, site, pages)


def _disk() -> str:
    """A folder on a real disk: the temporary one may be memory, where a sync costs nothing."""
    return os.environ.get("PREREVIEW_BENCH_DIR", tempfile.gettempdir())


def _floors(home: Path, postgres: EmbeddedPostgres) -> Iterator[Result]:
    """What no request can be faster than: one sync to disk, one round trip, the model."""
    with (home / "sync").open("wb", buffering=0) as file:

        def sync() -> None:
            file.write(bytes(8192))
            os.fdatasync(file.fileno())

        yield _floor("fdatasync", sync, 300, "8 kB appended and synced where the database lies")
    with psycopg.connect(postgres.url().replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE floor (n int)")
        for name, statement in (("round_trip", "SELECT 1"), ("commit", "INSERT INTO floor VALUES (1)")):
            call = _statement(connection, statement)
            yield _floor(name, call, 300, f"{statement} on a Unix socket, prepared, autocommit, nothing else running")
    bundle = Champion(Settings().models / "risk", feature_hash=FEATURE_HASH).current()
    if bundle is not None:
        row = [1.0] * len(FEATURES)
        yield _floor("model", lambda: bundle.assess(row), 300, f"{bundle.version}: margin, contributions, sentences")


def _statement(connection: psycopg.Connection[Any], statement: str) -> Callable[[], Any]:
    return lambda: connection.execute(statement.encode(), prepare=True)


def _floor(name: str, call: Callable[[], Any], times: int, what: str) -> Result:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1e3)
    return {"benchmark": f"floor.{name}", **_quantiles(taken), "what": what}


async def _load(site: Site, count: int) -> Result:
    store = Store(site.url, str(site.home / "evidence"))
    start = time.perf_counter()
    await store.load_history("demo", _events(count))
    seconds = time.perf_counter() - start
    await store.close()
    with psycopg.connect(site.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE history_events")
        connection.execute("CHECKPOINT")  # writing out the filling is no part of answering claims
        row = connection.execute("SELECT pg_total_relation_size('history_events')").fetchone()
    assert row
    what = f"{count:,} events by COPY; with its indexes {row[0] / 2**20:,.0f} MiB"
    return {"benchmark": "http.load_history", "seconds": round(seconds, 1), "what": what}


def _events(count: int) -> Iterator[tuple[HistoryEvent, datetime]]:
    chance = random.Random(3)
    kinds = chance.choices(KINDS, SHARES, k=count)
    begin, step = CLOCK_START - timedelta(days=DAYS), timedelta(days=DAYS) / count
    for index, kind in enumerate(kinds):
        at = begin + index * step
        event = HistoryEvent(
            event_id=f"e{index}",
            kind=kind,
            occurred_at=at,
            order_number=f"o{chance.randrange(count)}",
            amount=Money(chance.randrange(500, 30_000)),
            outcome="failed" if kind is EventKind.FULFILMENT and chance.random() < 0.03 else None,
            **_entities(chance),
        )
        yield event, at + timedelta(seconds=30)


def _entities(chance: random.Random) -> dict[str, str]:
    return {name: f"{name[:2]}{int(size * chance.random() ** 2)}" for name, size in ENTITIES.items()}


def _claims(server: Server) -> Callable[[], bytes]:
    """Requests for claims by the accounts, on the sellers and products of the history."""
    chance = random.Random(uuid.uuid4().int)
    return lambda: request(server.address, server.keys["full"], _claim(chance), [])


def _claim(chance: random.Random) -> dict[str, Any]:
    claim, ids = new_claim(), _entities(chance)
    claim["account"] |= {
        "id": ids["account_id"], "device_id": ids["device_id"], "payer_id": ids["payer_id"], "ip": ids["ip"]
    }  # fmt: skip
    claim["order"]["seller_id"] = ids["seller_id"]
    claim["order"]["product"]["id"] = ids["product_id"]
    return claim


def _decisions(sent: list[Sent], events: int, per_second: float) -> Result:
    answers = [orjson.loads(one.body) for one in sent if one.status == 201]
    assert answers, f"every claim was refused: {sent[0].body.decode()}"
    approved = sum(answer["decision"] == "auto_approved" for answer in answers)
    quantiles = _quantiles([one.seconds * 1e3 for one in sent])
    in_time = len(answers) == len(sent)
    return {
        "benchmark": "http.decision",
        **quantiles,
        "service_p50_ms": round(statistics.median(answer["ms"]["total"] for answer in answers), 2),
        "requests": len(sent),
        "not_decided": len(sent) - len(answers),
        "load_average": round(os.getloadavg()[0], 1),
        "aim": "p50 <= 15 ms, p99 <= 60 ms",
        "met": in_time and quantiles["p50_ms"] <= 15 and quantiles["p99_ms"] <= 60,
        "what": f"no files, {events:,} events, {per_second:g}/s Poisson, from the scheduled time; {approved} approved",
    }


def _one_page(server: Server, site: Site, pages: int) -> Iterator[Result]:
    """The request's time less that of reading: of the whole stage, and of what the reader process itself took."""
    chance = random.Random(5)
    images = [encode(draw_page(seed)) for seed in range(pages)]
    requests = [request(server.address, server.keys["full"], _claim(chance), [image]) for image in images]
    sent = asyncio.run(one_by_one(server.address, requests))
    answers = [orjson.loads(one.body) for one in sent]
    assert all(answer["internal"]["evidence"][0]["status"] == "read" for answer in answers)
    whole = [one.seconds * 1e3 for one in sent]
    stage = [answer["ms"]["reading"] for answer in answers]
    reader = [_reader_ms(site, answer["internal"]["evidence"][0]["sha256"]) for answer in answers]
    beyond_stage = _quantiles([total - part for total, part in zip(whole, stage, strict=True)])
    beyond_reader = _quantiles([total - part for total, part in zip(whole, reader, strict=True)])
    yield {"benchmark": "http.one_page", **_quantiles(whole), "requests": pages, "what": "one drawn page 1080 × 2340"}
    yield {
        "benchmark": "http.one_page.beyond_reading",
        **beyond_stage,
        "aim": "p50 <= 25 ms",
        "met": beyond_stage["p50_ms"] <= 25,
        "what": "the request less its reading stage",
    }
    yield {
        "benchmark": "http.one_page.beyond_reader",
        **beyond_reader,
        "what": "the request less decoding, detection and recognition in the reader process",
    }


def _reader_ms(site: Site, sha256: str) -> float:
    query = "SELECT outcome->'image'->'ms' FROM readings WHERE sha256 = %s"
    stages: dict[str, float] = site.rows(query, sha256)[0][0]
    return stages.get("total") or sum(stages.values())


def _quantiles(taken: list[float]) -> dict[str, float]:
    p50, p99 = np.quantile(taken, [0.5, 0.99]).round(3).tolist()
    return {"p50_ms": p50, "p99_ms": p99}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=1_000_000)
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--per-second", type=float, default=50)
    options.add_argument("--pages", type=int, default=40)
    chosen = options.parse_args()
    for result in run(chosen.events, chosen.seconds, chosen.per_second, chosen.pages):
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
