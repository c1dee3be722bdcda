"""What the HTTP conventions cost, in milliseconds, without HTTP: a write once, again, a key's limits, a key looked up.

Run: ``.venv/bin/python -m tests.benchmarks.http_conventions [--rounds N]``. One at a time, durable commits, embedded
server. ``plain`` is a use case's own transaction of one INSERT; ``once`` the same with its answer of 4 kB kept.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from service.api.rate_limits import RateLimits
from service.domain.actors import Actor, ActorKind
from service.domain.answers import KeptAnswer, Write
from service.domain.assessment import PlatformMode
from service.store import EmbeddedPostgres, KeptAnswers, Platform, Store, migrate
from service.store.tables import actors

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ANSWER = KeptAnswer(status=200, headers={"etag": '"3.0123456789ab"'}, body=b"x" * 4096)
PERSON = Actor(ActorKind.PERSON, "bench")


async def measure(url: str, folder: Path, rounds: int) -> None:
    store = Store(url, str(folder))
    platform = Platform(id="bench", zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=NOW)
    await store.add_platform(platform, PERSON)
    _, token = await store.create_key("bench", "bench", ["claims"], PERSON, NOW)
    answers, limits = KeptAnswers(store.database, b"s" * 32), RateLimits({"standard": "100000/second; 9000000/minute"})

    async def change() -> KeptAnswer:
        async with store.transaction() as tx:
            row = {"platform_id": "bench", "kind": "job", "name": uuid.uuid4().hex, "first_seen_at": NOW}
            await tx.execute(sa.insert(actors).inline(), row)
        return ANSWER

    def write(key: str) -> Write:
        return Write(platform_id="bench", key=key, digest="d", scopes=frozenset({"cases"}))

    work: dict[str, Callable[[], Awaitable[Any]]] = {
        "plain": change,
        "once": lambda: answers.once(write(uuid.uuid4().hex), NOW, change),
        "once, again": lambda: answers.once(write("again"), NOW, change),
        "key looked up": lambda: store.authenticate(token, NOW),
        "limits": lambda: limits.spend("key", "standard"),
    }
    for name, one in work.items():
        taken = []
        for _ in range(rounds + 50):
            begun = time.perf_counter()
            await one()
            taken.append((time.perf_counter() - begun) * 1000)
        taken = sorted(taken[50:])
        p99 = taken[int(len(taken) * 0.99)]
        print(json.dumps({"what": name, "p50_ms": round(statistics.median(taken), 3), "p99_ms": round(p99, 3)}))
    await store.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=1000)
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "db") as server:
        migrate(server.url())
        asyncio.run(measure(server.url(), Path(folder) / "evidence", rounds))


if __name__ == "__main__":
    main()
