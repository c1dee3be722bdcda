"""The next case for somebody: skill, lane, seniority, conflict of interest, what was handed over, what others have."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from review_people import add_user, platform_policy_of, review_waiting

from service.domain.claims import ReasonCode
from service.domain.clock import FixedClock
from service.domain.lifecycle import Party
from service.domain.queues import Lane
from service.domain.users import Role, Skills
from service.review.case_locks import CaseLocks
from service.review.casework import CaseWork
from service.review.deciding import Decision
from service.review.desk import Acting
from service.review.next_case import NextCase
from service.store.users import Users

DECISION = Decision(message="no", reason="used", clause="reasons.code_invalid")


@pytest.fixture
def clock(now):
    return FixedClock(now + timedelta(minutes=1))


@pytest.fixture
async def desk(store, now, clock):
    policy_of = await platform_policy_of(store, now)
    return NextCase(store, policy_of, clock), CaseLocks(store, Users(store.database), policy_of, clock)


@pytest.fixture
def person(store, now):
    return lambda login, *roles, **more: add_user(store, now, login, *roles, **more)


@pytest.fixture
def in_review(store, accept_request, decide_request, make_assessment, make_claim, now):
    return review_waiting(store, accept_request, decide_request, make_assessment, make_claim, now)


async def taken(next_case, user, count):
    found = [await next_case.take(user) for _ in range(count)]
    return [each and each.case_id for each in found]


async def test_lanes_in_their_order_and_what_others_have_is_passed_over(desk, person, in_review):
    next_case, locks = desk
    ana, bo = await person("ana"), await person("bo")
    plain, elderly = await in_review("A1"), await in_review("A2", lane="elderly")
    large, late = await in_review("A3", lane="large_amount"), await in_review("A4", due_in=timedelta(hours=1))
    await locks.take(bo, large)

    assert await taken(next_case, ana, 4) == [late, elderly, plain, None]
    assert await taken(next_case, bo, 1) == [None]


async def test_skill_and_seniority(desk, person, in_review):
    next_case, _ = desk
    elderly_only = await person("ana", skills=Skills(lanes=frozenset({Lane.ELDERLY})))
    reasons = Skills(reasons=frozenset({ReasonCode.NOT_DELIVERED}))
    missing_only, senior = await person("bo", skills=reasons), await person("sun", Role.SENIOR)
    reviewer = await person("cai")
    stolen = await in_review("A1", reason=ReasonCode.UNAUTHORISED, due_in=timedelta(hours=1))
    elderly = await in_review("A2", lane="elderly")
    missing = await in_review("A3", reason=ReasonCode.NOT_DELIVERED)
    plain = await in_review("A4")

    assert await taken(next_case, elderly_only, 2) == [elderly, None]
    assert await taken(next_case, missing_only, 2) == [missing, None]
    assert await taken(next_case, reviewer, 2) == [plain, None]
    assert await taken(next_case, senior, 2) == [stolen, None]


async def test_an_appeal_is_for_somebody_who_had_no_hand_in_it(store, desk, person, in_review, clock):
    next_case, _ = desk
    ana, bo = await person("ana"), await person("bo")
    case_id = await in_review("A1")
    work = CaseWork(store, clock)
    await work.deciding.reject(Acting(platform_id="acme", party=Party.REVIEWER, actor=ana.actor), case_id, DECISION)
    buyer = Acting(platform_id="acme", party=Party.BUYER, actor=bo.actor)
    await work.appeals.appeal(buyer, case_id, "The code was never activated, see the log.")

    assert await taken(next_case, ana, 1) == [None]
    assert await taken(next_case, bo, 1) == [case_id]


async def test_ones_own_proposal_waits_for_somebody_else(store, desk, person, in_review, clock):
    next_case, _ = desk
    ana, bo = await person("ana", Role.SENIOR), await person("bo", Role.SENIOR)
    case_id = await in_review("A1", amount=900_000)
    acting = Acting(platform_id="acme", party=Party.SENIOR, actor=ana.actor)
    view = await CaseWork(store, clock).deciding.approve(acting, case_id, Decision(message="ok", reason="fits"))
    assert view.proposal is not None

    assert await taken(next_case, ana, 1) == [None]
    assert await taken(next_case, bo, 1) == [case_id]


async def test_what_was_handed_over_and_ones_own_woken_hold_come_first(desk, person, in_review, clock):
    next_case, locks = desk
    ana, bo = await person("ana"), await person("bo")
    late = await in_review("A1", due_in=timedelta(minutes=-5))
    handed, held = await in_review("A2"), await in_review("A3", due_in=timedelta(days=3))
    await locks.hand_over(ana, handed, "bo")
    await locks.put_on_hold(bo, held, "asked the seller", clock.at + timedelta(hours=1))
    assert await taken(next_case, ana, 2) == [late, None]

    clock.at += timedelta(hours=1)
    assert await taken(next_case, bo, 3) == [handed, held, late]


async def test_many_at_once_never_get_the_same(desk, person, in_review):
    next_case, _ = desk
    people = [await person(f"r{n}") for n in range(8)]
    waiting = {await in_review(f"A{n}") for n in range(12)}

    found = await asyncio.gather(*(next_case.take(each) for each in people))

    assert len({each.case_id for each in found}) == 8
    assert {each.case_id for each in found} <= waiting
