"""Pages of cases at 10^5 and 10^6 cases: milliseconds for each filter, and rows read that the page does not show.

Run: ``.venv/bin/python -m tests.benchmarks.case_lists [--cases N ...]``. Cases are made by SQL: 30 accounts in a
thousand have many of them, one in a hundred is in a lane, one in ten thousand has the rare reason. Times are of the
whole call, warm, over the pool; ``discarded`` and ``plan`` are what EXPLAIN ANALYZE says of the first page.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.listing import CaseFilter
from service.store import CaseListing, EmbeddedPostgres, Platform, Store, migrate
from service.store.cases_listing import statement

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
_STATES = ("paid", "auto_approved", "in_review", "awaiting_materials", "rejected")
_FILL = sa.text("""
INSERT INTO cases (platform_id, id, number, order_number, account_id, state, lane, claim, accepted_at, state_since,
    as_of, due_at, decided_at)
SELECT CASE WHEN i % 10 = 0 THEN 'other' ELSE 'acme' END, gen_random_uuid(), 'R-' || i, 'O-' || i,
    'u-' || (CASE WHEN i % 1000 < 30 THEN i % 30 ELSE i END),
    (CAST(:states AS TEXT[]))[1 + (i % 997) % (CASE WHEN i % 50 = 7 THEN 5 ELSE 2 END)],
    CASE WHEN i % 100 = 1 THEN 'large_amount' END,
    jsonb_build_object('reference', 'RF-' || i, 'reason', CASE WHEN i % 10000 = 1 THEN 'unauthorised' ELSE
        'code_invalid' END, 'amount_claimed', jsonb_build_object('minor', 3000, 'currency', 'CNY'),
        'statement', repeat('x', 1500)),
    CAST(:now AS TIMESTAMPTZ) - i * INTERVAL '20 seconds', :now, :now, :now, :now
FROM generate_series(1, :count) AS i
""")
_S = CaseState
FILTERS = {
    "none": CaseFilter(),
    "state": CaseFilter(states=frozenset({_S.IN_REVIEW})),
    "three states": CaseFilter(states=frozenset({_S.IN_REVIEW, _S.AWAITING_MATERIALS, _S.REJECTED})),
    "no such state": CaseFilter(states=frozenset({_S.ARBITRATION})),
    "lane": CaseFilter(lane="large_amount"),
    "account": CaseFilter(account_id="u-7"),
    "reason, rare": CaseFilter(reason=ReasonCode.UNAUTHORISED),
    "order": CaseFilter(order_number="O-77771"),
    "reference": CaseFilter(reference="RF-77771"),
    "a week": CaseFilter(accepted_from=NOW - timedelta(days=10), accepted_before=NOW - timedelta(days=3)),
    "state and lane": CaseFilter(states=frozenset({_S.AUTO_APPROVED}), lane="large_amount"),
}


async def measure(url: str, folder: Path, count: int) -> None:
    store = Store(url, str(folder))
    for platform_id in ("acme", "other"):
        platform = Platform(
            id=platform_id, zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=NOW
        )
        await store.add_platform(platform, Actor(ActorKind.PERSON, "bench"))
    async with store.transaction() as tx:
        await tx.execute(sa.text("SET LOCAL statement_timeout = 0"))
        await tx.execute(_FILL, {"count": count, "now": NOW, "states": list(_STATES)})
    async with store.database.reading() as connection:
        await connection.execute(sa.text("SET statement_timeout = 0"))
        await connection.execute(sa.text("VACUUM ANALYZE cases"))
    listing = CaseListing(store.database)
    for name, wanted in FILTERS.items():
        print(json.dumps({"cases": count, "filter": name, **await _one(store, listing, wanted)}), flush=True)
    await store.close()


async def _one(store: Store, listing: CaseListing, wanted: CaseFilter) -> dict[str, Any]:
    taken, after, shown = [], None, 0
    for _ in range(30):  # walks on through the pages, as a reader would
        begun = time.perf_counter()
        page, after = await listing.page("acme", wanted, after, 50)
        taken.append((time.perf_counter() - begun) * 1000)
        shown += len(page)
    async with store.database.reading() as connection:
        query = statement("acme", wanted, None, 51)
        text = query.compile(dialect=store.database._engine.dialect, compile_kwargs={"literal_binds": True})
        plan = await connection.scalar(
            sa.text(f"EXPLAIN (ANALYZE, FORMAT JSON) {str(text).replace(':', chr(92) + ':')}")
        )
    nodes = list(_nodes(plan[0]["Plan"]))
    return {
        "p50_ms": round(statistics.median(taken), 2),
        "max_ms": round(max(taken[1:]), 2),
        "shown": shown,
        "discarded": sum(node.get("Rows Removed by Filter", 0) for node in nodes),
        "plan": "+".join(sorted({node.get("Index Name") or node["Node Type"] for node in nodes if _reads(node)})),
    }


def _reads(node: dict[str, Any]) -> bool:
    return "Scan" in node["Node Type"] and "Subquery" not in node["Node Type"]


def _nodes(node: dict[str, Any]) -> Any:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, nargs="+", default=[100_000, 1_000_000])
    chosen = options.parse_args()
    for count in chosen.cases:
        with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "db") as server:
            migrate(server.url())
            asyncio.run(measure(server.url(), Path(folder) / "evidence", count))


if __name__ == "__main__":
    main()
