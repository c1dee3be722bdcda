"""The figures of the whole deployment: over all platforms, and right at the moment they are asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode, Reservation
from service.domain.clock import FixedClock
from service.domain.deadlines import Deadline, DeadlineKind
from service.domain.money import Money
from service.domain.operations import Backlog, LaneBacklog
from service.domain.queues import Lane
from service.review.operations import OperationsWatch, WorkDone
from service.store import Platform, operations
from service.store.budgets import reserve
from service.store.switches import Switches

FOUNDER = Actor(ActorKind.PERSON, "founder")


async def standing(store, now):
    async with store.reading() as connection:
        return await operations.standing(connection, now, datetime.now(UTC))


async def _beta(store, now):
    platform = Platform(id="beta", zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.LIVE, created_at=now)
    await store.add_platform(platform, FOUNDER)


async def test_cases_of_all_platforms_are_counted_where_they_wait(
    store, accept_request, decide_request, make_assessment, make_claim, now
):
    await _beta(store, now)
    for platform_id, order, due_in in (("acme", "A1", 1), ("acme", "A2", 30), ("beta", "B1", 1)):
        request = accept_request(replace(make_claim(order), platform_id=platform_id), f"key-{order}")
        await store.accept(request)
        assessment = make_assessment(request.case_id, approve=False)
        deadline = Deadline(kind=DeadlineKind.REVIEW, due_at=now + timedelta(hours=due_in))
        await store.decide(
            decide_request(
                request.case_id, platform_id=platform_id, approve=False, assessment=assessment, deadline=deadline
            )
        )
    pending = accept_request(make_claim("A3"), "key-A3")
    await store.accept(pending)

    found = await standing(store, now + timedelta(hours=2))

    late = LaneBacklog(cases=2, oldest_seconds=7200.0, overdue=2)
    assert found.lanes[Lane.NEAR_BREACH] == late
    assert found.lanes[Lane.STANDARD] == LaneBacklog(cases=1, oldest_seconds=7200.0, overdue=0)
    assert set(found.lanes) == set(Lane)
    assert found.first == Backlog(1, 7200.0)
    assert found.again == Backlog()
    assert found.deadlines["review"] == Backlog(2, 3600.0)
    assert found.jobs["scheduled"] + found.jobs["due"] == 1, "the one that guards the pending case"
    assert found.jobs["failed"] == 0
    assert (await standing(store, now + timedelta(minutes=1))).deadlines["review"] == Backlog()


async def test_stops_and_breakers_are_counted(store, now):
    await _beta(store, now)
    before = await standing(store, now)
    assert (before.platforms["demo"], before.platforms["live"], before.platforms["stopped"]) == (1, 1, 0)
    assert before.breakers == 0
    await store.trip_breaker("beta", "too many wrong", FOUNDER, now)
    await Switches(store.database).stop("acme", "a leak", FOUNDER, now)
    after = await standing(store, now)
    assert after.breakers == 1
    assert (after.platforms["demo"], after.platforms["stopped"]) == (0, 1)


async def take(store, now, platform_id, entity, amount, limit, count=None):
    one = Reservation(
        budget="day", entity=entity, window_hours=24, amount=Money(amount), limit_amount=limit, limit_count=count
    )
    async with store.transaction() as tx:
        assert await reserve(tx, platform_id, [one], now)


async def test_the_fullest_budget_is_told_by_kind_and_slides_with_the_window(store, now):
    await _beta(store, now)
    await take(store, now, "acme", "account:u1", 2000, 10_000)
    await take(store, now, "acme", "account:u2", 3000, 10_000, 4)
    await take(store, now, "beta", "account:u1", 100, None, 2)
    await take(store, now, "beta", "platform:beta", 5000, 5000)

    async def held(later):
        async with store.reading() as connection:
            return await operations.budgets(connection, now + later)

    found = await held(timedelta(0))
    assert found.fullest == {"account": 0.5, "platform": 1.0}, "of count and sum the larger, of each platform its own"
    assert found.full == {"account": 0, "platform": 1}
    assert await held(timedelta(hours=23)) == found
    assert (await held(timedelta(hours=26))).fullest == {}


async def test_queues_are_looked_at_each_time_and_budgets_seldom(store, accept_request, now):
    watch = OperationsWatch(store, FixedClock(now), WorkDone(), lambda: None)
    assert (watch.standing, watch.looked_at) == (None, None)
    await watch.look()
    await store.accept(accept_request())
    await take(store, now, "acme", "account:u1", 2000, 10_000)
    await watch.look()
    assert watch.standing.first.count == 1
    assert watch.budgets.fullest == {}, "its turn comes in a minute"
