"""What open pages hear of: differences from what they show, whichever process answers, and nothing of anybody else."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from review_people import add_user, platform_policy_of, review_waiting

from service.domain.actors import Actor, ActorKind
from service.domain.clock import FixedClock
from service.domain.errors import Unavailable
from service.review import live
from service.review.case_locks import CaseLocks
from service.review.live import MOST_OF_ONE, MOST_OF_PERSON, Kind, LiveWatch, Rhythm, Seen, lock_key
from service.store.user_sessions import Sessions
from service.store.users import Users

FOUNDER = Actor(ActorKind.PERSON, "founder")
QUICK = Rhythm(look=0.02, count=0.04, heartbeat=0.3)


@pytest.fixture
def clock(now):
    return FixedClock(now + timedelta(minutes=1))


@pytest.fixture
def in_review(store, accept_request, decide_request, make_assessment, make_claim, now):
    return review_waiting(store, accept_request, decide_request, make_assessment, make_claim, now)


@pytest.fixture
async def ana(store, now):
    return await add_user(store, now, "ana")


@pytest.fixture
def session_of(store, clock):
    async def start(user):
        token, _ = await Sessions(store.database).start(user, "not a hash", clock.at, device=None)
        return await Sessions(store.database).find(token, clock.at)

    return start


@pytest.fixture
def watch(store, clock):
    return LiveWatch(store, Sessions(store.database), lambda: None, clock, clock, QUICK)


@asynccontextmanager
async def stream(watch, session, case_id=None, seen=Seen(), platform="acme"):  # noqa: B008
    events = watch.events(
        platform_id=platform, login=session.user.login, session_id=session.id, case_id=case_id, seen=seen
    )

    async def following(kind=None):
        async with asyncio.timeout(5):
            async for event in events:
                if event.kind is not None or kind is None:
                    return event
        raise AssertionError("the stream ended")

    try:
        yield following
    finally:
        await events.aclose()


async def test_another_claim_new_evidence_and_a_tripped_breaker(store, watch, clock, ana, session_of, in_review, now):
    bo = await add_user(store, now, "bo")
    locks = CaseLocks(store, Users(store.database), await platform_policy_of(store, now), clock)
    case_id = await in_review("A1")
    platform = await store.platform("acme")
    shown = Seen(banner=watch.banner_key(platform), version=2, lock=lock_key(case_id, None))

    async with stream(watch, await session_of(ana), case_id, shown) as following:
        assert (await following()).kind is None  # nothing is different, and the connection lives
        await locks.take(bo, case_id)
        taken = await following(Kind.LOCK)
        assert (taken.kind, taken.case_id) == (Kind.LOCK, case_id)
        assert "bo" not in str(taken)
        async with store.transaction() as tx:
            await tx.exec_driver_sql("UPDATE cases SET version = 3")
        changed = await following(Kind.CASE)
        assert (changed.kind, changed.version) == (Kind.CASE, 3)
        await store.trip_breaker("acme", "too much was wrong", FOUNDER, clock.at)
        assert (await following(Kind.BANNER)).kind is Kind.BANNER
        await in_review("A2", due_in=timedelta(hours=1))
        last = await following(Kind.QUEUES)
        assert last.kind is Kind.QUEUES

    # After a break, at another process: what was seen is not told again, and what was missed is.
    await locks.release(bo, case_id)
    other = LiveWatch(store, Sessions(store.database), lambda: None, clock, clock, QUICK)
    async with stream(other, await session_of(ana), case_id, Seen.parse(last.id)) as following:
        assert (await following(Kind.LOCK)).kind is Kind.LOCK
        assert (await following()).kind is None


async def test_a_stream_ends_with_its_session(watch, ana, session_of, clock):
    session = await session_of(ana)
    async with stream(watch, session) as following:
        assert (await following()).kind is None
        clock.at += timedelta(hours=2)
        assert (await following(Kind.ENDED)).kind is Kind.ENDED


async def test_a_case_of_another_platform_tells_nothing(store, watch, ana, session_of, in_review):
    case_id = await in_review("A1")
    events = watch.events(
        platform_id="other", login="ana", session_id=(await session_of(ana)).id, case_id=case_id,
        seen=Seen(version=1, lock="0" * 8),
    )  # fmt: skip
    # Nor is a session of one platform any of another's: the stream ends at once.
    assert {event.kind async for event in events} <= {None, Kind.ENDED}


async def test_the_oldest_of_too_many_streams_makes_place(watch, ana, session_of):
    session = await session_of(ana)
    async with stream(watch, session) as oldest:
        await oldest()
        later = [stream(watch, session) for _ in range(MOST_OF_ONE)]
        following = [await each.__aenter__() for each in later]
        for each in following:
            await each()
        assert (await oldest(Kind.REPLACED)).kind is Kind.REPLACED
        for each in later:
            await each.__aexit__(None, None, None)
    watch.close()
    with pytest.raises(Unavailable):
        watch.require_place("acme")


async def test_nobody_takes_anothers_place_by_signing_in_again(watch, ana, session_of, monkeypatch):
    async with stream(watch, await session_of(ana)) as oldest:
        await oldest()
        later = [stream(watch, await session_of(ana)) for _ in range(MOST_OF_PERSON)]
        for each in later:
            await (await each.__aenter__())()
        assert (await oldest(Kind.REPLACED)).kind is Kind.REPLACED
        monkeypatch.setattr(live, "MOST_OF_PLATFORM", MOST_OF_PERSON)
        with pytest.raises(Unavailable):
            watch.require_place("acme")
        watch.require_place("another")
        for each in later:
            await each.__aexit__(None, None, None)


@pytest.mark.parametrize("text", ["", "x", "a.b.c.d", "12345678.12345678.1.12345678\n", "-.-.9999999999.-", "-.-.-"])
def test_what_is_no_event_of_ours_is_passed_over(text):
    assert Seen.parse(text) is None


def test_what_was_seen_comes_back_from_an_events_id():
    for seen in (Seen(), Seen("0" * 8, None, 7, "a" * 8), Seen(lock=lock_key(uuid.uuid4(), "ana"))):
        assert Seen.parse(str(seen)) == seen
