"""Look a page up among a million of one platform: by its facts and by its looks, new pages and re-used ones.

Run: ``.venv/bin/python tests/benchmarks/store_reuse.py [--pages N] [--looks N]``. Pages come from 200 templates,
some of them very popular: most of their hash keys are the same on every page of a template, so that the most popular
have a hundred thousand rows. Each page has six facts of its own and a code it shares with every page of its shop.
The files' bytes are not there: what is measured is the database's part. Prints a JSON line a measurement and a table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.domain.codec import to_data
from service.domain.evidence import PageKind
from service.domain.identifiers import new_id
from service.domain.reuse import Fact, FactKind, PageFacts, Picture
from service.store import EmbeddedPostgres, NewEvidence, Platform, Store, evidence_records, migrate

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PLATFORM = "bench"
FACTS = PageFacts(
    kind=PageKind.ORDER,
    facts=tuple(Fact(FactKind.NUMBER if n < 2 else FactKind.SECOND, f"{n:x}" * 16) for n in range(6)),
    amounts=(4990, 5000),
    purchase=True,
)
# Page i: order number, template by a cube so that the first are the most popular, keys by PostgreSQL's own hash.
_EVIDENCE = """
INSERT INTO evidence (platform_id, sha256, size, media_type, received_at)
SELECT :platform, lpad(to_hex(i), 64, '0'), 1, 'image/png', CAST(:at AS timestamptz) - make_interval(secs => :pages - i)
FROM generate_series(1, :pages) AS i
"""
_ON_ORDER = """
INSERT INTO order_evidence (platform_id, order_number, sha256, case_id, account_id, name, position, received_at)
SELECT :platform, 'order ' || i / 2, lpad(to_hex(i), 64, '0'), gen_random_uuid(), 'account ' || i / 3, 'a.png', 0,
    CAST(:at AS timestamptz) - make_interval(secs => :pages - i)
FROM generate_series(1, :pages) AS i
"""
_PICTURES = """
INSERT INTO pictures (platform_id, sha256, number, facts, found_by, picture_hash, recorded_at)
SELECT :platform, lpad(to_hex(i), 64, '0'), nextval('picture_numbers'), CAST(:facts AS jsonb),
    ARRAY(SELECT hashint8extended(i * 16 + fact, 1) FROM generate_series(0, 5) AS fact)
    || hashint8extended(i % 500, 2)
    || ARRAY(
        SELECT CASE WHEN hashint8extended(i * 16 + half, 4) % 10 < 7 THEN hashint8extended(template * 16 + half, 3)
            ELSE hashint8extended(i * 16 + half, 5) END
        FROM generate_series(0, 7) AS half
    ),
    repeat('0123456789abcdef.', 4), CAST(:at AS timestamptz) - make_interval(secs => :pages - i)
FROM generate_series(1, :pages) AS i
CROSS JOIN LATERAL (SELECT floor(200 * power(abs(hashint8extended(i, 6) % 1000000) / 1e6, 3))::bigint) AS of (template)
"""
_KEYS = """
INSERT INTO picture_keys (platform_id, key, number)
SELECT platform_id, key, number FROM pictures CROSS JOIN LATERAL unnest(found_by) AS key ORDER BY 1, 2, 3
"""


async def fill(store: Store, pages: int) -> dict[str, Any]:
    """In a handful of statements; the keys in the order of their index, as a restore would write them."""
    started = time.perf_counter()
    values = {"platform": PLATFORM, "pages": pages, "at": NOW, "facts": json.dumps(to_data(FACTS))}
    async with store.transaction() as tx:
        await tx.execute(sa.text("SET LOCAL statement_timeout = 0"))
        await tx.execute(sa.text("SET LOCAL work_mem = '512MB'"))
        for statement in (_EVIDENCE, _ON_ORDER, _PICTURES, _KEYS):
            text = sa.text(statement)
            await tx.execute(text, {name: value for name, value in values.items() if f":{name}" in statement})
    async with store.reading() as connection:
        await connection.execute(sa.text("SET statement_timeout = 0"))
        await connection.execute(sa.text("VACUUM ANALYZE"))
    seconds = time.perf_counter() - started
    async with store.reading() as connection:
        sizes = (
            await connection.execute(
                sa.text(
                    "SELECT pg_relation_size('picture_keys'), pg_indexes_size('picture_keys'), "
                    "pg_total_relation_size('pictures'), (SELECT count(*) FROM picture_keys), "
                    "(SELECT max(n) FROM (SELECT count(*) AS n FROM picture_keys GROUP BY key) AS popular)"
                )
            )
        ).one()
    return {
        "name": "fill", "n": pages, "seconds": round(seconds, 1), "keys": sizes[3], "most_on_one_key": sizes[4],
        "keys_mb": round(sizes[0] / 1e6), "keys_index_mb": round(sizes[1] / 1e6), "pictures_mb": round(sizes[2] / 1e6),
    }  # fmt: skip


async def known(store: Store, number: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(fact keys, picture keys) of a page that is there."""
    async with store.reading() as connection:
        keys = await connection.scalar(
            sa.text("SELECT found_by FROM pictures WHERE platform_id = :platform AND sha256 = :sha256"),
            {"platform": PLATFORM, "sha256": f"{number:064x}"},
        )
    assert keys is not None
    return tuple(keys[:7]), tuple(keys[7:])


def picture(rng: random.Random, facts: tuple[int, ...], looks: tuple[int, ...]) -> Picture:
    return Picture(
        sha256=f"{rng.getrandbits(256):064x}", facts=FACTS, stored=FACTS, fact_keys=facts, picture_keys=looks
    )


async def measure(url: str, folder: Path, pages: int, looks: int) -> list[dict[str, Any]]:
    store = Store(url, str(folder / "evidence"))
    platform = Platform(id=PLATFORM, zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=NOW)
    await store.add_platform(platform, Actor(ActorKind.PERSON, "bench"))
    results = [await fill(store, pages)]
    rng = random.Random(3)
    for name, reused, telling in (
        ("a new page", False, True),
        ("a page sent before", True, True),
        ("a page without facts", False, False),
    ):
        asked: list[Picture] = []
        for _ in range(looks):
            facts, seen = await known(store, rng.randrange(1, pages + 1))
            fresh = (*(rng.getrandbits(63) for _ in range(6)), facts[6])
            asked.append(picture(rng, (facts if reused else fresh) if telling else (), seen))
        await timed(store, "warm", asked[: looks // 5], None)  # connections, plans and caches
        seen_to = 2**62
        results.append(await timed(store, f"look up {name}", asked, seen_to))
        results.append(await timed(store, f"record and look up {name}", asked, None))
    await store.close()
    return results


async def look(store: Store, one: Picture, seen_to: int | None) -> int:
    found = await store.look_up_pictures(PLATFORM, f"order of {one.sha256}", [one], NOW, NOW, seen_to=seen_to)
    return len(found.sightings[one.sha256])


async def timed(store: Store, name: str, asked: list[Picture], seen_to: int | None) -> dict[str, Any]:
    taken, cpu, sightings = [], 0.0, 0
    for one in asked:
        if seen_to is None:
            async with store.transaction() as tx:
                file = NewEvidence(sha256=one.sha256, size=1)
                await evidence_records.attach(tx, PLATFORM, f"order of {one.sha256}", new_id(), "a", [file], NOW)
        started, used = time.perf_counter(), time.process_time()
        sightings += await look(store, one, seen_to)
        taken.append((time.perf_counter() - started) * 1e3)
        cpu += time.process_time() - used
    ordered = sorted(taken)
    at = {q: round(ordered[min(len(ordered) - 1, int(len(ordered) * q / 100))], 2) for q in (50, 95, 99)}
    return {
        "name": name, "n": len(taken), "p50_ms": at[50], "p95_ms": at[95], "p99_ms": at[99], "aim_ms": 10,
        "own_cpu_ms": round(cpu / len(asked) * 1e3, 2),
        "sightings": round(sightings / len(asked), 1),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1_000_000)
    parser.add_argument("--looks", type=int, default=500)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="prereview-bench-") as name,
        EmbeddedPostgres(Path(name) / "data") as server,
    ):
        migrate(server.url())
        results = asyncio.run(measure(server.url(), Path(name), arguments.pages, arguments.looks))
    results.append({"name": "machine", "cpus": os.cpu_count(), "load_1min": round(os.getloadavg()[0], 1)})
    for result in results:
        print(json.dumps(result, ensure_ascii=False))
    print()
    for result in results:
        print(f"{result['name']:<48} " + "  ".join(f"{key} {value}" for key, value in result.items() if key != "name"))


if __name__ == "__main__":
    main()
