"""Queues against a real PostgreSQL: who comes first, and what a chase does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.actors import Actor, ActorKind
from service.domain.cases import CaseState
from service.domain.clock import FixedClock
from service.domain.deadlines import Deadline, DeadlineKind
from service.domain.errors import Conflict, IllegalMove, NotFound
from service.domain.queues import Lane
from service.review.queues import Queues
from service.review.requests import Caller

KEY = Actor(ActorKind.KEY, "key-1")
CALLER = Caller(key_id="key-1", platform_id="acme", scopes=frozenset(), actor=KEY)


@pytest.fixture
def in_review(store, accept_request, decide_request, make_assessment, make_claim, now):
    async def make(order, *, lane="standard", due_in=timedelta(days=1)):
        request = accept_request(make_claim(order), f"key-{order}")
        await store.accept(request)
        fine = make_assessment(request.case_id, approve=False)
        assessment = replace(fine, verdict=replace(fine.verdict, lane=lane))
        due = Deadline(kind=DeadlineKind.REVIEW, due_at=now + due_in)
        await store.decide(decide_request(request.case_id, approve=False, assessment=assessment, deadline=due))
        return request.case_id

    return make


@pytest.fixture
def at(store, now):
    return lambda later: Queues(store, FixedClock(now + later))


async def test_what_is_nearly_late_comes_first_then_large_sums_then_elderly_holders(in_review, at):
    plain = await in_review("A1")
    elderly = await in_review("A2", lane="elderly")
    large = await in_review("A3", lane="large_amount")
    late = await in_review("A4", due_in=timedelta(hours=2))
    odd = await in_review("A5", lane="a lane of an older policy", due_in=timedelta(hours=20))

    queues = at(timedelta(minutes=1))

    assert [each.case_id for each in await queues.waiting("acme")] == [late, large, elderly, odd, plain]
    assert [each.case_id for each in await queues.waiting("acme", lane=Lane.ELDERLY)] == [elderly]
    lengths = {each.lane: each.cases for each in await queues.lengths("acme")}
    assert lengths == {Lane.NEAR_BREACH: 1, Lane.LARGE_AMOUNT: 1, Lane.ELDERLY: 1, Lane.STANDARD: 2}
    assert await queues.waiting("other") == ()


async def test_a_chase_counts_once_and_only_when_the_promise_is_broken(store, in_review, at):
    case_id = await in_review("A1")
    with pytest.raises(Conflict, match="promised by") as early:
        await at(timedelta(hours=23)).chase(CALLER, case_id)
    assert "from" in early.value.extra

    late = at(timedelta(days=1, minutes=1))
    first = await late.chase(CALLER, case_id)
    again = await late.chase(CALLER, case_id)

    assert first.case.version == again.case.version == 3
    (queued,) = await late.waiting("acme")
    assert (queued.lane, queued.chased_at) != (Lane.STANDARD, None)
    assert [each.chased for each in await late.lengths("acme")] == [1]


async def test_nobody_chases_what_waits_for_the_buyer_or_is_anothers(store, accept_request, decide_request, at):
    request = accept_request()
    await store.accept(request)
    await store.decide(decide_request(request.case_id, approve=False, new_state=CaseState.AWAITING_MATERIALS))
    with pytest.raises(IllegalMove, match="does not wait for a reviewer"):
        await at(timedelta(days=9)).chase(CALLER, request.case_id)
    other = replace(CALLER, platform_id="other")
    with pytest.raises(NotFound):
        await at(timedelta(days=9)).chase(other, request.case_id)
