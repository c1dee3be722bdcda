"""Entries a second that the audit trail takes in, chains and verifies, and the memory verifying needs.

python -m tests.benchmarks --only audit_chain
python -m tests.benchmarks.audit_chain --entries 1000000
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.domain.clock import SystemClock
from service.review.trail import Trail
from service.store import (
    CheckpointFiles,
    CheckpointKey,
    CheckpointRule,
    EmbeddedPostgres,
    Platform,
    Store,
    migrate,
)

_FILL = """
INSERT INTO audit (platform_id, actor_kind, actor_name, action, subject, at, details_sha256, reason, before, after)
SELECT 'acme', 'job', 'pre-review', 'case.assessed', 'case:' || gen_random_uuid(),
    '2026-03-01T00:00:00Z'::timestamptz + n * interval '1 second', encode(sha256(n::text::bytea), 'hex'),
    'risk_below_threshold', '{"state": "accepted", "version": 1}',
    jsonb_build_object('state', 'auto_approved', 'version', 2, 'assessment', gen_random_uuid(), 'document_sha256',
        encode(sha256(n::text::bytea), 'hex'))
FROM generate_series(1, %s) AS n
"""


async def measure(url: str, folder: Path, entries: int) -> None:
    store = Store(url, str(folder / "evidence"))
    now = datetime(2026, 3, 1, tzinfo=UTC)
    platform = Platform(id="acme", zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=now)
    await store.add_platform(platform, Actor(ActorKind.PERSON, "founder"))
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(_FILL, (entries,))
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE audit")
    trail = Trail(
        store,
        CheckpointKey(b"bench"),
        CheckpointFiles(str(folder / "outside")),
        SystemClock(),
        CheckpointRule(),
        timedelta(seconds=60),
    )
    start = time.perf_counter()
    chained = await trail.tend()
    seconds = time.perf_counter() - start
    print(json.dumps({"what": "chain", "entries": chained, "seconds": round(seconds, 1),
                      "entries/s": round(chained / seconds)}), flush=True)  # fmt: skip
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    report = await trail.verify()
    seconds = time.perf_counter() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert report.sound
    assert report.platforms[0].entries == entries + 1
    print(json.dumps({"what": "verify", "entries": chained, "seconds": round(seconds, 1),
                      "entries/s": round(chained / seconds), "peak memory grew MiB": round(grown)}))  # fmt: skip
    await store.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--entries", type=int, default=200_000)
    entries = arguments.parse_args().entries
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "db") as server:
        migrate(server.url())
        asyncio.run(measure(server.url(), Path(folder), entries))


if __name__ == "__main__":
    main()
