"""Deadlines against a real PostgreSQL: what passes, when, once, and to the day of the platform's calendar."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
import sqlalchemy as sa

from service.domain.actors import Actor, ActorKind
from service.domain.cases import CaseState
from service.domain.clock import FixedClock
from service.domain.deadlines import Deadline, DeadlineKind
from service.domain.lifecycle import Action, Party
from service.policy import load_policy
from service.policy.deadlines import deadline_of
from service.review.deadlines import Deadlines
from service.store import MoveRequest
from service.store.case_tables import deadlines, grants, outgoing_events

LIN = Actor(ActorKind.PERSON, "lin")
POLICY = load_policy(files("service.policy").joinpath("platforms", "demo.yaml").read_text("utf-8"))


async def policy_of(_: str):
    return POLICY


def at_work(store, moment):
    return Deadlines(store, FixedClock(moment), policy_of)


async def told(store):
    async with store.reading() as connection:
        rows = await connection.execute(sa.select(outgoing_events.c.type).order_by(outgoing_events.c.occurred_at))
        return [row.type for row in rows]


async def running(store):
    async with store.reading() as connection:
        rows = await connection.execute(sa.select(deadlines).where(deadlines.c.ended_as.is_(None)))
        return {(row.kind, row.due_at) for row in rows}


async def in_state(store, accept_request, decide_request, state, deadline, **changes):
    request = accept_request()
    await store.accept(request)
    approve = state is CaseState.AUTO_APPROVED
    await store.decide(decide_request(request.case_id, approve=approve, new_state=state, deadline=deadline, **changes))
    return request.case_id


async def test_material_that_does_not_come_lets_the_case_lapse_the_moment_it_is_late_and_not_before(
    store, accept_request, decide_request, now
):
    due = now + timedelta(days=3)
    deadline = Deadline(kind=DeadlineKind.MATERIALS, due_at=due, remind_at=due - timedelta(hours=24))
    case_id = await in_state(store, accept_request, decide_request, CaseState.AWAITING_MATERIALS, deadline)

    assert await at_work(store, due).look() == 1  # on time is on time: only the reminder
    assert (await store.load_case("acme", case_id)).case.state is CaseState.AWAITING_MATERIALS
    assert await at_work(store, due + timedelta(seconds=1)).look() == 1
    assert await at_work(store, due + timedelta(days=9)).look() == 0

    assert (await store.load_case("acme", case_id)).case.state is CaseState.LAPSED
    assert await told(store) == ["case.accepted", "case.materials_requested", "case.reminder", "case.lapsed"]
    assert await running(store) == set()


async def test_many_workers_let_one_case_lapse_once(store, accept_request, decide_request, now):
    deadline = Deadline(kind=DeadlineKind.MATERIALS, due_at=now + timedelta(hours=1))
    await in_state(store, accept_request, decide_request, CaseState.AWAITING_MATERIALS, deadline)

    done = await asyncio.gather(*(at_work(store, now + timedelta(hours=2)).look() for _ in range(5)))

    assert sum(done) == 1
    assert (await told(store)).count("case.lapsed") == 1


async def test_what_comes_in_time_is_not_overtaken_by_the_clock(store, accept_request, decide_request, now):
    due = now + timedelta(hours=1)
    deadline = Deadline(kind=DeadlineKind.MATERIALS, due_at=due)
    case_id = await in_state(store, accept_request, decide_request, CaseState.AWAITING_MATERIALS, deadline)
    async with store.transaction() as tx:
        case = await store.lock_case(tx, "acme", case_id)
        request = MoveRequest(action=Action.REASSESS, party=Party.BUYER, actor=LIN, now=due, reason="a page came")
        await store.move_case(tx, case, request)

    assert await at_work(store, due + timedelta(days=1)).look() == 0
    assert (await store.load_case("acme", case_id)).case.state is CaseState.ASSESSING


async def test_a_supplier_who_is_silent_leaves_the_case_to_a_person_with_a_deadline_of_its_own(
    store, accept_request, decide_request, now
):
    deadline = deadline_of(POLICY, CaseState.AWAITING_SUPPLIER, now)
    case_id = await in_state(store, accept_request, decide_request, CaseState.AWAITING_SUPPLIER, deadline)

    late = deadline.due_at + timedelta(seconds=1)
    await at_work(store, late).look()

    assert (await store.load_case("acme", case_id)).case.state is CaseState.IN_REVIEW
    assert {kind for kind, _ in await running(store)} == {"review"}


async def test_a_late_review_is_told_and_stays_with_its_person(store, accept_request, decide_request, now):
    deadline = deadline_of(POLICY, CaseState.IN_REVIEW, now)
    case_id = await in_state(store, accept_request, decide_request, CaseState.IN_REVIEW, deadline)

    for _ in range(2):
        await at_work(store, deadline.due_at + timedelta(minutes=1)).look()

    assert (await store.load_case("acme", case_id)).case.state is CaseState.IN_REVIEW
    assert (await told(store)).count("case.overdue") == 1


async def test_an_obligation_nobody_confirms_ends_the_grant_before_it_is_paid(
    store, accept_request, decide_request, now
):
    deadline = deadline_of(POLICY, CaseState.AUTO_APPROVED, now, obligations=True)
    assert deadline.kind is DeadlineKind.OBLIGATION
    case_id = await in_state(store, accept_request, decide_request, CaseState.AUTO_APPROVED, deadline)

    await at_work(store, deadline.due_at + timedelta(seconds=1)).look()

    assert (await store.load_case("acme", case_id)).case.state is CaseState.LAPSED
    async with store.reading() as connection:
        assert (await connection.execute(sa.select(grants.c.ended_as))).scalars().all() == ["lapsed"]


async def test_each_reminder_is_told_once(store, accept_request, decide_request, now):
    due = now + timedelta(days=4)
    deadline = Deadline(kind=DeadlineKind.MATERIALS, due_at=due, remind_at=due - timedelta(hours=24))
    await in_state(store, accept_request, decide_request, CaseState.AWAITING_MATERIALS, deadline)

    for hours in (25, 24, 23, 3, 2, 1):
        await at_work(store, due - timedelta(hours=hours)).look()

    assert (await told(store)).count("case.reminder") == 2  # the policy says 24 and 2 hours before


@pytest.mark.parametrize(
    ("begun", "over"),
    [  # three working days of the demo's policy, Asia/Shanghai; National Day 2026 is 1 to 7 October, the 10th a workday
        (datetime(2026, 9, 29, 2, 0, tzinfo=UTC), datetime(2026, 10, 9, 16, 0, tzinfo=UTC)),
        (datetime(2026, 11, 19, 2, 0, tzinfo=UTC), datetime(2026, 11, 24, 16, 0, tzinfo=UTC)),
    ],
)
def test_working_days_of_the_platform_not_ours(begun, over):
    assert deadline_of(POLICY, CaseState.AWAITING_MATERIALS, begun).due_at == over


async def test_a_moment_worked_out_too_early_is_mended_when_the_make_up_days_are_known(
    store, accept_request, decide_request, now
):
    uncertain = Deadline(kind=DeadlineKind.MATERIALS, due_at=now + timedelta(days=40), certain=False)
    await in_state(store, accept_request, decide_request, CaseState.AWAITING_MATERIALS, uncertain)

    assert await at_work(store, now + timedelta(minutes=1)).look() == 1

    ((_, due_at),) = await running(store)
    assert due_at == deadline_of(POLICY, CaseState.AWAITING_MATERIALS, now + timedelta(seconds=1)).due_at
    assert (await told(store))[-1] == "case.deadline_moved"
