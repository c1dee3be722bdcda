"""History as of a moment: the compiled SQL against a plain Python reading of the declarations."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
import sqlalchemy as sa

from service.domain.errors import BadRequest
from service.domain.history import EventKind, HistoryEvent
from service.domain.identifiers import new_id
from service.domain.money import Money
from service.features.aggregates import Aggregate, Entity, Measure
from service.store.database import driver_connection
from service.store.history import compiled, parameters
from service.store.tables import history_events

KINDS = (EventKind.ORDER, EventKind.REFUND_REQUESTED, EventKind.REFUND_GRANTED, EventKind.FULFILMENT)
AGGREGATES = tuple(
    Aggregate(
        name=f"{entity.name}_{measure}_{days}_{len(kinds)}_{len(outcomes)}",
        entity=entity,
        kinds=kinds,
        measure=measure,
        window_days=days,
        outcomes=outcomes,
    )
    for entity in Entity
    for measure in Measure
    for days in (1, 30)
    for kinds, outcomes in (((EventKind.ORDER,), ()), (KINDS[1:3], ()), (KINDS, ("failed", "it's 100%: odd")))
)


def expected(aggregate, claim_ids, events, as_of):
    """``events``: pairs of an event and the moment it was recorded."""
    entity_id = claim_ids[aggregate.entity.value]
    if entity_id is None:
        return None
    seen = [
        event
        for event, recorded_at in events
        if getattr(event, aggregate.entity.value) == entity_id
        and event.kind in aggregate.kinds
        and (not aggregate.outcomes or event.outcome in aggregate.outcomes)
        and recorded_at < as_of
        and as_of - timedelta(days=aggregate.window_days) < event.occurred_at <= as_of
    ]
    if aggregate.measure is Measure.COUNT:
        return float(len(seen))
    if aggregate.measure is Measure.AMOUNT:
        return float(sum(event.amount.minor for event in seen if event.amount))
    return float(len({event.account_id for event in seen if event.account_id}))


def some_past(rng, now, count):
    """Events around every edge: at as_of, at a window's start, recorded late, without entity or amount."""
    ages = [timedelta(0), timedelta(days=1), timedelta(days=30), timedelta(hours=5), timedelta(days=12)]
    for n in range(count):
        occurred_at = now - rng.choice(ages) + rng.choice([0, 0, -1, 1]) * timedelta(microseconds=1)
        delay = rng.choice([timedelta(0), timedelta(microseconds=1), timedelta(days=2)])
        event = HistoryEvent(
            event_id=f"e{n}",
            kind=rng.choice(KINDS),
            occurred_at=occurred_at,
            **{entity.value: rng.choice([None, "x", "y"]) for entity in Entity},
            amount=rng.choice([None, Money(rng.randrange(10**6)), Money(10**14)]),
            outcome=rng.choice([None, "failed", "it's 100%: odd"]),
            data={"n": n},
        )
        yield event, occurred_at + delay


@pytest.mark.parametrize("seed", range(3))
async def test_the_numbers_are_those_declared(store, make_claim, now, seed):
    events = list(some_past(random.Random(seed), now, 400))
    assert await store.load_history("acme", events) == 400
    assert await store.load_history("other", events) == 400
    claim = make_claim(id="x", device_id="y", payer_id=None, ip="nobody")
    claim = replace(claim, order=replace(claim.order, seller_id="x", product=replace(claim.order.product, id="y")))
    ids = {"account_id": "x", "device_id": "y", "payer_id": None, "ip": "nobody", "seller_id": "x", "product_id": "y"}
    for as_of in (now, now + timedelta(microseconds=1), now - timedelta(days=1)):
        found = await store.history(None, claim, as_of, AGGREGATES)
        assert found == {one.name: expected(one, ids, events, as_of) for one in AGGREGATES}
    assert any(found.values())


async def test_what_is_recorded_after_as_of_is_never_seen(store, make_claim, now):
    claim = make_claim()
    one = (
        Aggregate(name="orders", entity=Entity.ACCOUNT, kinds=(EventKind.ORDER,), measure=Measure.COUNT, window_days=7),
    )
    event = HistoryEvent(event_id="e", kind=EventKind.ORDER, occurred_at=now - timedelta(days=1), account_id="buyer-1")
    await store.record_events("acme", [event], now)
    assert await store.history(None, claim, now, one) == {"orders": 0.0}
    assert await store.history(None, claim, now + timedelta(microseconds=1), one) == {"orders": 1.0}
    assert await store.history(None, replace(claim, platform_id="other"), now + timedelta(days=1), one) == {"orders": 0}


async def test_a_transaction_sees_its_own_events(store, make_claim, now):
    one = (
        Aggregate(
            name="asked",
            entity=Entity.ACCOUNT,
            kinds=(EventKind.REFUND_REQUESTED,),
            measure=Measure.AMOUNT,
            window_days=1,
        ),
    )
    async with store.transaction() as tx:
        insert = sa.insert(history_events).values(
            platform_id="acme", event_id="e", kind="refund_requested", occurred_at=now, account_id="buyer-1",
            recorded_at=now - timedelta(seconds=1), amount_minor=70,
        )  # fmt: skip
        await tx.execute(insert)
        assert await store.history(tx, make_claim(), now, one) == {"asked": 70.0}
    assert await store.history(None, make_claim(), now, ()) == {}


async def test_events_are_recorded_once(store, now):
    case_id = new_id()
    events = [
        HistoryEvent(event_id="1", kind=EventKind.ORDER, occurred_at=now, amount=Money(5), data={"a": None, "b": "ü"}),
        HistoryEvent(event_id="2", kind=EventKind.REFUND_GRANTED, occurred_at=now, case_id=case_id),
        HistoryEvent(event_id="3", kind=EventKind.REFUND_GRANTED, occurred_at=now, case_id=case_id),
        HistoryEvent(event_id="4", kind=EventKind.SESSION, occurred_at=now, case_id=case_id),
        HistoryEvent(event_id="5", kind=EventKind.SESSION, occurred_at=now, case_id=case_id),
        HistoryEvent(event_id="1", kind=EventKind.ORDER, occurred_at=now),
    ]
    assert await store.record_events("acme", events, now) == (4, 2)
    assert await store.record_events("acme", events, now) == (0, 6)
    assert await store.record_events("other", events, now) == (4, 2)
    assert await store.record_events("acme", [], now) == (0, 0)
    async with store.reading() as connection:
        row = (
            await connection.execute(
                sa.select(history_events).where(
                    history_events.c.event_id == "1", history_events.c.platform_id == "acme"
                )
            )
        ).one()
    assert (row.amount_minor, row.currency, row.data) == (5, "CNY", {"a": None, "b": "ü"})


async def test_batches_sent_at_once_do_not_lock_each_other_out(store, now):
    events = [HistoryEvent(event_id=str(n), kind=EventKind.ORDER, occurred_at=now) for n in range(500)]
    shuffled = [random.Random(n).sample(events, len(events)) for n in range(6)]
    counts = await asyncio.gather(*(store.record_events("acme", batch, now) for batch in shuffled))
    assert sum(accepted for accepted, _ in counts) == 500


async def test_a_batch_larger_than_one_statement_is_still_all_or_nothing(store, now):
    events = [HistoryEvent(event_id=f"{n:06}", kind=EventKind.ORDER, occurred_at=now) for n in range(6_000)]
    broken = [*events, HistoryEvent(event_id="999999", kind=EventKind.ORDER, occurred_at=now, outcome="a\x00")]
    with pytest.raises(BadRequest):
        await store.record_events("acme", broken, now)
    assert await store.record_events("acme", events, now) == (6_000, 0)


async def test_every_entity_is_answered_from_its_own_index(store, make_claim, now):
    """The plan, not the time: one index-only scan an entity and nothing else."""
    events = [
        (
            HistoryEvent(
                event_id=str(n), kind=EventKind.ORDER, occurred_at=now - timedelta(minutes=n),
                **{entity.value: f"{entity.value}-{n % 500}" for entity in Entity},
            ),
            now - timedelta(minutes=n),
        )
        for n in range(20_000)
    ]  # fmt: skip
    await store.load_history("acme", events)
    statement, names = compiled(AGGREGATES)
    values = parameters(make_claim(), now, AGGREGATES)
    async with store.reading() as connection:
        await connection.execute(sa.text("VACUUM ANALYZE history_events"))
        async with psycopg.AsyncRawCursor(await driver_connection(connection, reading=True)) as cursor:
            await cursor.execute(b"EXPLAIN (COSTS OFF) " + statement, [values[name] for name in names])
            plan = [line for (line,) in await cursor.fetchall()]
    scans = [line.split("using ")[1].split()[0] for line in plan if "Scan" in line and "using" in line]
    assert sorted(scans) == sorted(f"history_events_{entity.value}_idx" for entity in Entity)
    assert not [line for line in plan if "Seq Scan" in line]
    assert len([line for line in plan if "Index Only Scan" in line]) == len(Entity)
