"""Accept and decide at 50 claims a second over a million history events; and the history query alone.

Run: ``.venv/bin/python tests/benchmarks/store_decide.py [--events N] [--rate R] [--seconds S]``. Commits are durable
(fsync on), the server is the embedded one. Prints a JSON line a measurement, then a table. Nothing is scored or read:
what is measured is the two transactions and what they ask of the database. The load comes at fixed times, whether or
not earlier claims are done, so that waiting counts.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import uvloop

from service.domain.actors import PREREVIEW_JOB, Actor, ActorKind
from service.domain.assessment import (
    Assessment,
    BuyerAnswer,
    Contribution,
    Decision,
    Grant,
    PlatformMode,
    Reason,
    Recommendation,
    Reservation,
    Risk,
    Text,
    Verdict,
)
from service.domain.cases import CaseState
from service.domain.claims import Account, Claim, Fulfilment, GoodsKind, Order, Product, ReasonCode, Route
from service.domain.codec import digest, to_data
from service.domain.history import EventKind, HistoryEvent
from service.domain.identifiers import case_number, new_id
from service.domain.money import Money
from service.features import AGGREGATES, FEATURES
from service.store import AcceptRequest, DecideRequest, EmbeddedPostgres, Platform, Store, migrate

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
PLATFORM = "bench"
# Numbers of ids an event draws from, the first ones far more often: hot sellers and busy accounts are the point.
IDS = {"account": 60_000, "device": 50_000, "payer": 55_000, "ip": 40_000, "seller": 2_000, "product": 10_000}
KINDS = (
    *([EventKind.ORDER] * 6), *([EventKind.PAYMENT] * 6), *([EventKind.FULFILMENT] * 6), EventKind.SESSION,
    EventKind.REFUND_REQUESTED, EventKind.REFUND_GRANTED, EventKind.REFUND_REJECTED,
)  # fmt: skip


def drawn(rng: random.Random, kind: str) -> str:
    return f"{kind}-{int(IDS[kind] * rng.random() ** 2)}"


def past(count: int) -> Iterator[tuple[HistoryEvent, datetime]]:
    """120 days of events, in order."""
    rng = random.Random(1)
    step = timedelta(days=120) / count
    for n in range(count):
        occurred_at = NOW - timedelta(days=120) + n * step
        event = HistoryEvent(
            event_id=f"e{n}",
            kind=rng.choice(KINDS),
            occurred_at=occurred_at,
            account_id=drawn(rng, "account"),
            device_id=drawn(rng, "device"),
            payer_id=drawn(rng, "payer"),
            ip=drawn(rng, "ip"),
            seller_id=drawn(rng, "seller"),
            product_id=drawn(rng, "product"),
            order_number=f"order-{n // 4}",
            amount=Money(rng.randrange(100, 50_000)),
            outcome="failed" if rng.random() < 0.02 else None,
        )
        yield event, occurred_at + timedelta(seconds=2)


def claims(rng: random.Random) -> Iterator[Claim]:
    for n in itertools.count():
        amount = Money(rng.randrange(100, 5_000))
        yield Claim(
            platform_id=PLATFORM,
            reference=f"ref-{n}",
            account=Account(
                id=drawn(rng, "account"), device_id=drawn(rng, "device"), payer_id=drawn(rng, "payer"),
                ip=drawn(rng, "ip"),
            ),
            order=Order(
                order_number=f"claimed-{uuid.UUID(int=rng.getrandbits(128))}",
                product=Product(id=drawn(rng, "product"), name="点卡 30 元", kind=GoodsKind.CARD_CODE),
                seller_id=drawn(rng, "seller"),
                amount_paid=amount,
                amount_refunded=Money(0),
                ordered_at=NOW - timedelta(hours=3),
            ),
            fulfilment=Fulfilment(),
            reason=ReasonCode.CODE_INVALID,
            amount_claimed=amount,
            statement="激活时提示激活码无效, 请退款",
        )  # fmt: skip


def assessment(case_id: uuid.UUID, claim: Claim, *, approve: bool) -> Assessment:
    """As large as a real one: every feature, ten contributions, reasons in two languages."""
    text = Text(zh="账号在过去三十天内申请退款的次数与同类账号相比偏低", en="few refunds asked for in the last 30 days")
    contributions = tuple(Contribution(feature=f.name, value=1.5, log_odds=-0.12, text=text) for f in FEATURES[:10])
    verdict = Verdict(
        decision=Decision.AUTO_APPROVED if approve else Decision.MANUAL_REVIEW,
        recommendation=Recommendation.APPROVE,
        reasons=tuple(Reason(code=c.feature, text=text, contribution=c.log_odds) for c in contributions),
        buyer=BuyerAnswer(message=text, next=text),
        grant=Grant(amount=claim.amount_claimed, fee=Money(0), route=Route.ORIGINAL) if approve else None,
    )
    return Assessment(
        id=new_id(),
        case_id=case_id,
        as_of=NOW,
        assessed_at=NOW,
        verdict=verdict,
        evidence=(),
        checks=(),
        features={feature.name: 1.5 for feature in FEATURES},
        risk=Risk(probability=0.01, log_odds=-4.6, base=-3.4, contributions=contributions, model="bench"),
        threshold=0.02,
        certificate=None,
        versions={"code": "bench"},
    )


async def one_claim(store: Store, claim: Claim) -> None:
    """What a request without files asks of the store, from the first statement to the answer."""
    case_id, now = new_id(), NOW
    request = AcceptRequest(
        platform_id=PLATFORM,
        idempotency_key=str(case_id),
        body_digest=digest(to_data(claim)),
        claim=claim,
        claim_data=to_data(claim),
        files=(),
        actor=Actor(ActorKind.KEY, "bench"),
        case_id=case_id,
        number=case_number(case_id, now, UTC),  # type: ignore[arg-type]
        now=now,
        due_at=now + timedelta(seconds=10),
        assess_in_seconds=10,
    )
    await store.accept(request)
    async with store.reading() as connection:
        await store.order_evidence(connection, PLATFORM, claim.order.order_number)
        await store.history(connection, claim, now, AGGREGATES)
    room = {"window_hours": 24, "amount": claim.amount_claimed, "limit_amount": 10**12, "limit_count": 10**9}
    await store.decide(
        DecideRequest(
            platform_id=PLATFORM,
            case_id=case_id,
            assessment=assessment(case_id, claim, approve=True),
            reservations=(
                Reservation(budget="auto", entity=PLATFORM, **room),
                Reservation(budget="account", entity=claim.account.id, **room),
            ),
            fallback=assessment(case_id, claim, approve=False),
            new_state=CaseState.AUTO_APPROVED,
            fallback_state=CaseState.IN_REVIEW,
            actor=PREREVIEW_JOB,
            now=now,
        )
    )


async def at_rate(
    work: Callable[[Claim], Awaitable[Any]], source: Iterator[Claim], rate: float, seconds: float
) -> list[float]:
    """Milliseconds from the moment each was due until it was done."""
    taken: list[float] = []

    async def timed(due: float, claim: Claim) -> None:
        await work(claim)
        taken.append((time.perf_counter() - due) * 1e3)

    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for n in range(int(rate * seconds)):
            due = started + n / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(timed(due, next(source)))
    return taken


async def one_by_one(name: str, work: Callable[[Claim], Awaitable[Any]], source: Iterator[Claim]) -> dict[str, Any]:
    """Without any waiting for each other; ``cpu_ms`` is our own process's share, which other load does not stretch."""
    taken, cpu = [], time.process_time()
    for _ in range(300):
        started = time.perf_counter()
        await work(next(source))
        taken.append((time.perf_counter() - started) * 1e3)
    return summary(name, taken, cpu_ms=round((time.process_time() - cpu) / 300 * 1e3, 2))


async def at_most(
    work: Callable[[Claim], Awaitable[Any]], source: Iterator[Claim], callers: int, seconds: float
) -> float:
    """Done per second by so many callers that never pause."""
    until, done = time.perf_counter() + seconds, 0

    async def caller() -> None:
        nonlocal done
        while time.perf_counter() < until:
            await work(next(source))
            done += 1

    await asyncio.gather(*(caller() for _ in range(callers)))
    return done / seconds


def summary(name: str, taken: list[float], **more: Any) -> dict[str, Any]:
    ordered = sorted(taken)
    at = {q: round(ordered[min(len(ordered) - 1, int(len(ordered) * q / 100))], 2) for q in (50, 95, 99)}
    return {"name": name, "n": len(taken), "p50_ms": at[50], "p95_ms": at[95], "p99_ms": at[99], **more}


async def measure(url: str, folder: Path, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    store = Store(url, str(folder / "evidence"))
    platform = Platform(id=PLATFORM, zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=NOW)
    await store.add_platform(platform, Actor(ActorKind.PERSON, "bench"))
    started = time.perf_counter()
    await store.load_history(PLATFORM, past(arguments.events))
    filled = time.perf_counter() - started
    async with store.reading() as connection:
        await connection.execute(sa.text("SET statement_timeout = 0"))
        await connection.execute(sa.text("VACUUM ANALYZE"))
    size = await database_size(store)
    results = [{"name": "fill by COPY", "n": arguments.events, "seconds": round(filled, 1), "database_mb": size}]
    source = claims(random.Random(2))

    async def history(claim: Claim) -> None:
        await store.history(None, claim, NOW, AGGREGATES)

    async def whole(claim: Claim) -> None:
        await one_claim(store, claim)

    for name, work in (("history query", history), ("accept + history + decide", whole)):
        await at_rate(work, source, arguments.rate, 3)  # connections, plans and caches
        results.append(await one_by_one(f"{name} one by one", work, source))
        taken = await at_rate(work, source, arguments.rate, arguments.seconds)
        results.append(summary(f"{name} at {arguments.rate:g}/s", taken, aggregates=len(AGGREGATES)))
        per_second = await at_most(work, source, 8, min(10.0, arguments.seconds))
        results.append({"name": f"{name} at most", "per_second": round(per_second, 1)})
    await store.close()
    return results


async def database_size(store: Store) -> int:
    async with store.reading() as connection:
        size = await connection.scalar(sa.text("SELECT pg_database_size(current_database())"))
    return round((size or 0) / 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="prereview-bench-") as name,
        EmbeddedPostgres(Path(name) / "data") as server,
    ):
        migrate(server.url())
        results = uvloop.run(measure(server.url(), Path(name), arguments))  # as under uvicorn
    results.append({"name": "machine", "cpus": os.cpu_count(), "load_1min": round(os.getloadavg()[0], 1)})
    for result in results:
        print(json.dumps(result, ensure_ascii=False))
    print()
    for result in results:
        figures = "  ".join(f"{key} {value}" for key, value in result.items() if key != "name")
        print(f"{result['name']:<36} {figures}")


if __name__ == "__main__":
    main()
