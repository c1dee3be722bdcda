"""Transaction 2 against a real PostgreSQL: one decision a case, no budget overspent, all or nothing."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.domain.assessment import Reservation
from service.domain.cases import CaseState
from service.domain.errors import NotFound
from service.domain.history import EventKind, HistoryEvent
from service.domain.identifiers import new_id
from service.domain.money import Money
from service.store import AlreadyDecided, Decided
from service.store.tables import assessments, budget_usage, cases, history_events


def reservation(amount=3000, *, budget="auto", entity="acme", limit_amount=None, limit_count=None, window_hours=24):
    return Reservation(
        budget=budget,
        entity=entity,
        window_hours=window_hours,
        amount=Money(amount),
        limit_amount=limit_amount,
        limit_count=limit_count,
    )


async def usage(store):
    async with store.reading() as connection:
        rows = await connection.execute(sa.select(budget_usage).order_by(budget_usage.c.budget, budget_usage.c.entity))
        return {(row.budget, row.entity): (row.amount_minor, row._mapping["count"]) for row in rows}


async def kinds(store):
    async with store.reading() as connection:
        rows = await connection.execute(sa.select(history_events).order_by(history_events.c.recorded_at))
        return [(row.kind, row.amount_minor) for row in rows]


async def opened(store, accept_request, make_claim, n=0):
    request = accept_request(make_claim(f"A{n}"), f"key-{n}")
    await store.accept(request)
    return request.case_id


async def test_a_decision_is_stored_whole(store, accept_request, decide_request, now):
    request = accept_request()
    await store.accept(request)
    deciding = decide_request(request.case_id, audit_drawn=True, draw_probability=0.02)

    assert await store.decide(deciding) == Decided(deciding.assessment, True)

    record = await store.load_case("acme", request.case_id)
    assert record.case.state is CaseState.AUTO_APPROVED
    assert record.decided_at == deciding.now
    stored, sent = record.assessment, deciding.assessment
    assert math.isnan(stored.features["usual_amount"])
    assert stored.features["account_age_days"] == 12.0
    assert replace(stored, features={}) == replace(sent, features={})
    assert await kinds(store) == [("refund_requested", 3000), ("refund_granted", 3000)]
    entries = await store.audit_entries("acme", request.case_id)
    assert [(e.action, e.actor.name) for e in entries] == [("case.accepted", "key-1"), ("case.assessed", "pre-review")]
    async with store.reading() as connection:
        row = (await connection.execute(sa.select(assessments))).one()
        assert (row.decision, row.audit_drawn, row.draw_probability) == ("auto_approved", True, 0.02)
        left = await connection.scalar(sa.text("SELECT count(*) FROM procrastinate_jobs"))
    assert left == 0  # the job that would have taken over is gone with the decision


async def test_whoever_comes_second_gets_what_the_first_stored(store, accept_request, decide_request):
    request = accept_request()
    await store.accept(request)
    first = decide_request(request.case_id, approve=False)
    await store.decide(first)
    outcome = await store.decide(decide_request(request.case_id, reservations=(reservation(),)))
    assert isinstance(outcome, AlreadyDecided)
    assert outcome.assessment.id == first.assessment.id
    assert await usage(store) == {}
    assert await kinds(store) == [("refund_requested", 3000)]


async def test_many_deciders_at_once_make_one_decision(store, accept_request, decide_request):
    request = accept_request()
    await store.accept(request)
    deciders = [decide_request(request.case_id, reservations=(reservation(),)) for _ in range(10)]
    outcomes = await asyncio.gather(*(store.decide(decider) for decider in deciders))
    assert Counter(type(outcome) for outcome in outcomes) == {Decided: 1, AlreadyDecided: 9}
    assert len({outcome.assessment.id for outcome in outcomes}) == 1
    assert await usage(store) == {("auto", "acme"): (3000, 1)}


async def test_a_withdrawn_case_is_not_decided(store, accept_request, decide_request):
    request = accept_request()
    await store.accept(request)
    async with store.transaction() as tx:
        await tx.execute(sa.update(cases).values(state="withdrawn"))
    assert await store.decide(decide_request(request.case_id)) == AlreadyDecided(None)


async def test_another_platforms_case_is_not_found(store, accept_request, decide_request):
    request = accept_request()
    await store.accept(request)
    with pytest.raises(NotFound):
        await store.decide(decide_request(request.case_id, platform_id="other"))
    with pytest.raises(NotFound):
        await store.decide(decide_request(new_id()))


async def test_without_room_the_fallback_is_stored_and_nothing_is_spent(
    store, accept_request, decide_request, make_claim, now
):
    case_id = await opened(store, accept_request, make_claim)
    granted = HistoryEvent(event_id="mine", kind=EventKind.REFUND_GRANTED, occurred_at=now, case_id=case_id)
    deciding = decide_request(
        case_id,
        reservations=(reservation(budget="a"), reservation(budget="b", limit_amount=2999), reservation(budget="c")),
        events=(granted,),
    )
    assert await store.decide(deciding) == Decided(deciding.fallback, False)
    assert await usage(store) == {}
    assert await kinds(store) == [("refund_requested", 3000)]
    assert (await store.load_case("acme", case_id)).case.state is CaseState.IN_REVIEW


async def test_what_was_taken_before_a_full_budget_is_given_back(store, accept_request, decide_request, make_claim):
    for n in range(2):
        case_id = await opened(store, accept_request, make_claim, n)
        budgets = (reservation(budget="a"), reservation(budget="b", limit_count=1), reservation(budget="c"))
        outcome = await store.decide(decide_request(case_id, reservations=budgets))
        assert outcome.reserved is (n == 0)
    assert await usage(store) == {(name, "acme"): (3000, 1) for name in "abc"}


@pytest.mark.parametrize("limit", [{"limit_amount": 5 * 3000 + 2999}, {"limit_count": 5}])
async def test_a_budget_is_never_overspent_by_simultaneous_decisions(
    store, accept_request, decide_request, make_claim, limit
):
    ids = [await opened(store, accept_request, make_claim, n) for n in range(16)]
    both = (reservation(budget="z"), reservation(budget="a", **limit))
    # Half of them name the budgets the other way round: locked in that order they would lock each other out.
    requests = [decide_request(case_id, reservations=both[:: (-1) ** n]) for n, case_id in enumerate(ids)]
    outcomes = await asyncio.gather(*(store.decide(request) for request in requests))
    assert sum(outcome.reserved for outcome in outcomes) == 5
    assert await usage(store) == {("a", "acme"): (15000, 5), ("z", "acme"): (15000, 5)}
    assert (await kinds(store)).count(("refund_granted", 3000)) == 5


async def test_two_reservations_on_one_budget_count_together(store, accept_request, decide_request, make_claim):
    case_id = await opened(store, accept_request, make_claim)
    twice = (reservation(limit_amount=5999), reservation(limit_amount=9000))
    assert not (await store.decide(decide_request(case_id, reservations=twice))).reserved
    case_id = await opened(store, accept_request, make_claim, 1)
    twice = (reservation(limit_amount=6000), reservation(limit_amount=9000))
    assert (await store.decide(decide_request(case_id, reservations=twice))).reserved
    assert await usage(store) == {("auto", "acme"): (6000, 2)}


async def test_windows_currencies_and_entities_are_apart(store, accept_request, decide_request, make_claim, now):
    one = reservation(limit_count=1)
    different = [
        ((one,), now),
        ((replace(one, entity="buyer-1"),), now),
        ((replace(one, window_hours=1),), now),
        ((replace(one, amount=Money(100, "USD")),), now),
        ((one,), now + timedelta(hours=25)),
    ]
    for n, (reservations, at) in enumerate(different):
        case_id = await opened(store, accept_request, make_claim, n)
        outcome = await store.decide(decide_request(case_id, reservations=reservations, now=at))
        assert outcome.reserved
    case_id = await opened(store, accept_request, make_claim, 9)
    assert not (await store.decide(decide_request(case_id, reservations=(one,)))).reserved


async def test_a_new_assessment_of_a_reopened_case_supersedes_the_old(store, accept_request, decide_request):
    request = accept_request()
    await store.accept(request)
    first, second = (decide_request(request.case_id, approve=False) for _ in range(2))
    await store.decide(first)
    async with store.transaction() as tx:
        await tx.execute(sa.update(cases).values(state="assessing"))
    await store.decide(second)
    async with store.reading() as connection:
        rows = await connection.execute(sa.select(assessments.c.id, assessments.c.superseded_at))
        assert {row.id: row.superseded_at is None for row in rows} == {
            first.assessment.id: False,
            second.assessment.id: True,
        }
    assert (await store.load_case("acme", request.case_id)).assessment.id == second.assessment.id


async def test_a_grant_told_by_the_platform_too_counts_once(store, accept_request, decide_request, now):
    request = accept_request()
    await store.accept(request)
    await store.decide(decide_request(request.case_id))
    told = HistoryEvent(event_id="platform-77", kind=EventKind.REFUND_GRANTED, occurred_at=now, case_id=request.case_id)
    assert await store.record_events("acme", [told], now + timedelta(minutes=5)) == (0, 1)


async def test_pending_cases_are_those_due_and_undecided(store, accept_request, decide_request, make_claim, now):
    ids = []
    for n in range(3):
        request = accept_request(make_claim(f"A{n}"), f"key-{n}", due_at=now + timedelta(seconds=n))
        await store.accept(request)
        ids.append(request.case_id)
    await store.decide(decide_request(ids[1]))
    assert await store.pending_cases(now + timedelta(seconds=5)) == (("acme", ids[0]), ("acme", ids[2]))
    assert await store.pending_cases(now + timedelta(seconds=1)) == (("acme", ids[0]),)
