"""Budgets under concurrency: in no stretch of a window more than the limit, and what is kept is what was granted."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.assessment import Reservation
from service.domain.money import Money
from service.policy import ApprovalClass, load_policy, platform_policy_text
from service.policy.budgets import reservations
from service.store import budgets
from service.store.budget_book import BudgetBook
from service.store.case_tables import grants
from service.store.tables import budget_usage, cases, history_events

LIMITS = {"account": (24, 3000, 4), "seller": (24, 6000, None), "platform": (1, None, 7)}

# Minutes from a start, on either side of edges of parts and windows; several at the same moment.
ASKED = st.lists(
    st.tuples(
        st.integers(0, 3 * 24 * 60) | st.sampled_from([0, 59, 60, 61, 1439, 1440, 1441]),
        st.sampled_from([0, 100, 999, 1000, 3000]),
        st.sampled_from(["a", "b"]),
        st.booleans(),
    ),
    min_size=8,
    max_size=40,
)


def wanted(run: str, amount: int, buyer: str) -> tuple[Reservation, ...]:
    entities = {"account": f"account:{buyer}", "seller": "seller:s", "platform": "platform:p"}
    return tuple(
        Reservation(
            budget=f"{run}-{name}", entity=entities[name], window_hours=hours, amount=Money(amount),
            limit_amount=money, limit_count=count,
        )
        for name, (hours, money, count) in LIMITS.items()
    )  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=ASKED)
async def test_no_stretch_of_a_window_holds_more_than_the_limit(store, now, asked):
    """Whatever the order of clocks, whoever gives up half-way, however many ask at once."""
    run = uuid.uuid4().hex

    async def take(minutes: int, amount: int, buyer: str, fails: bool) -> tuple[datetime, int, str] | None:
        at = now + timedelta(minutes=minutes)
        async with store.transaction() as tx:
            if not await budgets.reserve(tx, "acme", wanted(run, amount, buyer), at):
                return None
            if fails and minutes % 3 == 0:
                await tx.rollback()
                return None
        return at, amount, buyer

    granted = [one for one in await asyncio.gather(*(take(*each) for each in asked)) if one is not None]
    taken = await kept(store, run)
    spent: dict[Reservation, list[tuple[datetime, int]]] = defaultdict(list)
    for at, amount, buyer in granted:
        for one in wanted(run, 0, buyer):
            spent[one].append((at, amount))
    for one, times in spent.items():
        assert taken.pop((one.budget, one.entity)) == (sum(amount for _, amount in times), len(times))
        for end, _ in times:
            inside = [amount for at, amount in times if end - timedelta(hours=one.window_hours) < at <= end]
            assert one.limit_amount is None or sum(inside) <= one.limit_amount
            assert one.limit_count is None or len(inside) <= one.limit_count
    assert taken == {}


async def kept(store, run: str) -> dict[tuple[str, str], tuple[int, int]]:
    column = budget_usage.c
    query = (
        sa.select(column.budget, column.entity, sa.func.sum(column.amount_minor), sa.func.sum(column["count"]))
        .where(column.budget.startswith(run))
        .group_by(column.budget, column.entity)
    )
    async with store.reading() as connection:
        return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in await connection.execute(query)}


async def test_a_window_does_not_begin_anew_at_midnight(store, accept_request, decide_request, make_claim, now):
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    limit = replace(wanted("edge", 3000, "a")[0], limit_amount=3000)
    outcomes = []
    for n, at in enumerate([midnight - timedelta(minutes=1), midnight + timedelta(minutes=1)]):
        request = accept_request(make_claim(f"E{n}"), f"edge-{n}")
        await store.accept(request)
        outcomes.append(await store.decide(decide_request(request.case_id, reservations=(limit,), now=at)))
    assert [one.reserved for one in outcomes] == [True, False]


async def test_what_is_taken_can_be_seen_until_it_is_forgotten(store, now):
    book = BudgetBook(store.database)
    for buyer, amount in (("a", 1000), ("b", 2500), ("a", 100)):
        async with store.transaction() as tx:
            assert await budgets.reserve(tx, "acme", wanted("seen", amount, buyer), now)
    found = await book.taken("acme", "seen-account", 24, now + timedelta(hours=23), limit=5)
    assert [(one.entity, one.amount_minor, one.count) for one in found] == [
        ("account:b", 2500, 1),
        ("account:a", 1100, 2),
    ]
    assert await book.taken("acme", "seen-account", 24, now, limit=1) == found[:1]
    assert await book.taken("acme", "seen-account", 24, now + timedelta(hours=26), limit=5) == []
    assert await book.taken("other", "seen-account", 24, now, limit=5) == []
    assert await book.forget(now + timedelta(hours=48)) == 1  # the platform's hour
    assert await book.forget(now + timedelta(hours=74)) == 3
    assert await kept(store, "seen") == {}


async def test_a_rush_is_granted_just_what_the_policy_has_room_for(
    store, accept_request, decide_request, make_claim, make_assessment
):
    """Every entity of the shipped demo policy, 120 claims at once: grants, history and budgets tell one story."""
    policy = load_policy(platform_policy_text("demo"))
    requests = []
    for n in range(120):
        claim = make_claim(f"R{n}")
        claim = replace(claim, account=replace(claim.account, id=f"acc-{n % 30}", device_id=f"dev-{n % 20}"))
        accepting = accept_request(claim, f"rush-{n}")
        await store.accept(accepting)
        room = reservations(policy, claim, Money(3000), ApprovalClass.ONE_CLICK)
        assert {one.entity.split(":")[0] for one in room} >= {"platform", "account", "device", "seller", "product"}
        requests.append(decide_request(accepting.case_id, reservations=room))
    outcomes = await asyncio.gather(*(store.decide(request) for request in requests))
    approved = sum(one.reserved for one in outcomes)
    assert 0 < approved < len(outcomes)
    by_entity: Counter[tuple[str, str]] = Counter()
    limits: dict[tuple[str, str], int] = {}
    for request, outcome in zip(requests, outcomes, strict=True):
        for one in request.reservations:
            by_entity[(one.budget, one.entity)] += outcome.reserved
            limits[(one.budget, one.entity)] = one.limit_count if one.limit_count is not None else len(outcomes)
    assert all(times <= limits[key] for key, times in by_entity.items())
    # Nobody was refused without a reason: some budget of every refused claim is full.
    refused = [request for request, outcome in zip(requests, outcomes, strict=True) if not outcome.reserved]
    for request in refused:
        keys = [(one.budget, one.entity) for one in request.reservations]
        assert any(by_entity[key] == limits[key] for key in keys)
    async with store.reading() as connection:
        assert {
            (row.budget, row.entity): (row.amount_minor, row._mapping["count"])
            for row in await connection.execute(sa.select(budget_usage))
        } == {key: (3000 * times, times) for key, times in by_entity.items() if times}
        for query in (
            sa.select(sa.func.count()).select_from(cases).where(cases.c.state == "auto_approved"),
            sa.select(sa.func.count()).select_from(history_events).where(history_events.c.kind == "refund_granted"),
            sa.select(sa.func.count()).select_from(grants),
        ):
            assert await connection.scalar(query) == approved
