"""Locks on cases against a real PostgreSQL: one person at a time, ended by time, handed over, put off and woken."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa
from review_people import add_user, platform_policy_of, review_waiting

from service.domain.case_locks import HANDED_LASTS, LOCK_LASTS, MOST_LOCKS
from service.domain.clock import FixedClock
from service.domain.errors import Conflict, Forbidden, InvalidRequest
from service.domain.lifecycle import Party
from service.domain.queues import Lane
from service.domain.users import Role, Skills
from service.review import case_locks
from service.review.case_locks import CaseLocks
from service.review.casework import CaseWork
from service.review.deciding import Decision
from service.review.desk import Acting
from service.review.queues import Queues
from service.store.tables import audit
from service.store.users import Users


@pytest.fixture
def clock(now):
    return FixedClock(now + timedelta(minutes=1))


@pytest.fixture
def person(store, now):
    return lambda login, *roles, **more: add_user(store, now, login, *roles, **more)


@pytest.fixture
async def locks(store, clock, now):
    return CaseLocks(store, Users(store.database), await platform_policy_of(store, now), clock)


@pytest.fixture
def in_review(store, accept_request, decide_request, make_assessment, make_claim, now):
    return review_waiting(store, accept_request, decide_request, make_assessment, make_claim, now)


async def actions(store, case_id):
    async with store.reading() as connection:
        query = sa.select(audit.c.action).where(audit.c.subject == f"case:{case_id}").order_by(audit.c.id)
        return [each for each in await connection.scalars(query) if not each.startswith("case.accept")]


async def test_nobody_empties_a_queue_by_holds_or_hands_a_colleague_all_of_it(
    locks, person, in_review, clock, monkeypatch
):
    ana = await person("ana")
    await person("bo")
    monkeypatch.setattr(case_locks, "MOST_HOLDS", 1)
    monkeypatch.setattr(case_locks, "MOST_HANDED", 1)
    first, second = await in_review("A1"), await in_review("A2")
    await locks.put_on_hold(ana, first, "later", clock.at + timedelta(days=1))
    with pytest.raises(Conflict, match="on hold already"):
        await locks.put_on_hold(ana, second, "later", clock.at + timedelta(days=1))
    await locks.hand_over(ana, first, "bo")
    with pytest.raises(Conflict, match="waiting already"):
        await locks.hand_over(ana, second, "bo")


async def test_a_case_is_one_persons_until_it_is_released_or_the_time_is_over(store, locks, person, in_review, clock):
    ana, bo = await person("ana"), await person("bo")
    case_id = await in_review("A1")

    taken = await locks.take(ana, case_id)
    assert (taken.login, taken.until) == ("ana", clock.at + LOCK_LASTS)
    with pytest.raises(Conflict) as refused:
        await locks.take(bo, case_id)
    assert refused.value.extra == {"code": "case_taken", "holder": "ana", "until": taken.until.isoformat()}

    clock.at += LOCK_LASTS - timedelta(seconds=1)
    extended = await locks.extend(ana, case_id)
    assert (extended.since, extended.until) == (taken.since, clock.at + LOCK_LASTS)
    clock.at += LOCK_LASTS
    assert await locks.holder("acme", case_id) is None
    assert await locks.extend(ana, case_id) is None
    assert (await locks.take(bo, case_id)).login == "bo"
    assert not await locks.release(ana, case_id)
    assert await locks.release(bo, case_id)
    assert await locks.holder("acme", case_id) is None
    assert [each for each in await actions(store, case_id) if each.startswith("case.t")] == ["case.taken"] * 2
    assert (await actions(store, case_id))[-1] == "case.released"


async def test_of_many_who_want_one_case_at_once_one_has_it(locks, person, in_review):
    people = [await person(f"r{n}") for n in range(6)]
    case_id = await in_review("A1")

    outcomes = await asyncio.gather(*(locks.take(each, case_id) for each in people), return_exceptions=True)

    assert sum(not isinstance(each, BaseException) for each in outcomes) == 1
    assert all(isinstance(each, Conflict) for each in outcomes if isinstance(each, BaseException))


async def test_nobody_hoards(locks, person, in_review):
    ana, bo = await person("ana"), await person("bo")
    await locks.hand_over(bo, await in_review("H1"), "ana")  # which is no doing of hers
    for n in range(MOST_LOCKS):
        await locks.take(ana, await in_review(f"A{n}"))
    with pytest.raises(Conflict, match="already"):
        await locks.take(ana, await in_review("B1"))


async def test_a_case_is_handed_to_somebody_who_exists_and_is_able(locks, person, in_review, clock, store):
    ana, bo = await person("ana"), await person("bo")
    await person("sam", Role.AUDITOR)
    await person("lee", skills=Skills(lanes=frozenset({Lane.ELDERLY})))
    case_id = await in_review("A1")
    await locks.take(ana, case_id)

    for to, code in (("nobody", "no_user"), ("ana", "self"), ("sam", "no_reviewer"), ("lee", "skill")):
        with pytest.raises((Conflict, Forbidden)) as refused:
            await locks.hand_over(ana, case_id, to)
        assert refused.value.extra["code"] == code
    handed = await locks.hand_over(ana, case_id, "Bo", "you know this seller")
    assert (handed.login, handed.handed_by, handed.until) == ("bo", "ana", clock.at + HANDED_LASTS)
    with pytest.raises(Conflict, match="bo is at work"):
        await locks.take(ana, case_id)
    assert [each.note for each in await locks.mine(bo)] == ["you know this seller"]
    taken_up = await locks.take(bo, case_id)
    assert (taken_up.handed_by, taken_up.until) == (None, clock.at + LOCK_LASTS)
    assert (await actions(store, case_id))[-2:] == ["case.handed_over", "case.taken"]


async def test_what_is_put_on_hold_comes_back_at_the_front(store, locks, person, in_review, clock):
    ana = await person("ana")
    late, other = await in_review("A1", due_in=timedelta(hours=-1)), await in_review("A2", due_in=timedelta(days=3))
    queues = Queues(store, clock)
    assert [each.case_id for each in await queues.waiting("acme")] == [late, other]

    with pytest.raises(InvalidRequest, match="why"):
        await locks.put_on_hold(ana, other, " ", clock.at + timedelta(hours=1))
    with pytest.raises(InvalidRequest, match="days"):
        await locks.put_on_hold(ana, other, "later", clock.at + timedelta(days=60))
    await locks.put_on_hold(ana, other, "seller answers at noon", clock.at + timedelta(hours=1))
    assert [each.case_id for each in await queues.waiting("acme")] == [late]
    assert await locks.holder("acme", other) is None

    clock.at += timedelta(hours=1)
    assert [each.case_id for each in await queues.waiting("acme")] == [other, late]
    await locks.take(ana, other)
    assert await locks.held("acme", other) is None
    assert [each.case_id for each in await queues.waiting("acme")] == [late, other]


async def test_a_decision_ends_lock_and_hold(store, locks, person, in_review, clock):
    ana = await person("ana", Role.SENIOR)
    case_id = await in_review("A1")
    await locks.take(ana, case_id)
    acting = Acting(platform_id="acme", party=Party.SENIOR, actor=ana.actor)
    decision = Decision(message="no", reason="used", clause="reasons.code_invalid")
    await CaseWork(store, clock).deciding.reject(acting, case_id, decision)
    assert await locks.holder("acme", case_id) is None
    with pytest.raises(Conflict, match="does not wait"):
        await locks.put_on_hold(ana, case_id, "later", clock.at + timedelta(hours=1))
