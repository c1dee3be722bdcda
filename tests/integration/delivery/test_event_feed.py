"""Positions follow commits: nothing is skipped, whatever order writers commit in and however many workers place."""

from __future__ import annotations

import asyncio
import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.domain.errors import Conflict, InvalidRequest
from service.domain.event_catalogue import envelope
from service.review.feed import FeedReading
from service.review.requests import Caller, Scope
from service.store import Platform, Store
from service.store import outgoing as outgoing_store
from service.store.feed import Feed
from service.store.outgoing import OutgoingEvent

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
CALLER = Caller(key_id="k", platform_id="acme", scopes=frozenset(Scope), actor=Actor(ActorKind.KEY, "k"))


async def write(store: Store, *, platform: str = "acme", hold: float = 0, **changes: Any) -> uuid.UUID:
    """One event whose transaction stays open for a while."""
    event = OutgoingEvent(**{"type": "case.approved", "occurred_at": NOW, "data": {}, **changes})
    async with store.transaction() as tx:
        await outgoing_store.tell(tx, platform, event)
        await asyncio.sleep(hold)
    return event.id


async def everything(feed: Feed, platform: str = "acme", limit: int = 7) -> list[tuple[int, uuid.UUID]]:
    seen, after = [], 0
    while True:
        page = await feed.read(platform, after, limit=limit)
        seen += [(event.sequence, event.id) for event in page.events]
        if page.next == after:
            return seen
        after = page.next


async def test_a_reader_misses_nothing_while_writers_commit_out_of_order(store: Store) -> None:
    await store.add_platform(
        Platform(id="north", zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=NOW),
        Actor(ActorKind.PERSON, "founder"),
    )
    chance = random.Random(7)
    written: dict[str, list[uuid.UUID]] = {"acme": [], "north": []}
    read: dict[str, list[tuple[int, uuid.UUID]]] = {"acme": [], "north": []}
    done = asyncio.Event()

    async def writer() -> None:
        for _ in range(25):
            platform = chance.choice(("acme", "north"))
            written[platform].append(await write(store, platform=platform, hold=chance.uniform(0, 0.03)))

    async def placer(feed: Feed) -> None:
        while not done.is_set():
            await feed.place(NOW)
            await asyncio.sleep(chance.uniform(0, 0.01))

    async def reader(platform: str) -> None:
        """As a client does: each page once, from where the last one ended."""
        feed, after = Feed(store.database), 0
        while len(read[platform]) < len(written[platform]) or not done.is_set():
            page = await feed.read(platform, after, limit=3)
            read[platform] += [(event.sequence, event.id) for event in page.events]
            after = page.next
            await asyncio.sleep(0.002)

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        placers = [group.create_task(placer(Feed(store.database))) for _ in range(2)]
        readers = [group.create_task(reader(platform)) for platform in written]
        await asyncio.gather(*(writer() for _ in range(4)))
        while (await Feed(store.database).lag(NOW)).waiting:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        done.set()
        await asyncio.gather(*placers, *readers)
    for platform, ids in written.items():
        positions = [position for position, _ in read[platform]]
        assert positions == list(range(1, len(ids) + 1))
        assert {event_id for _, event_id in read[platform]} == set(ids)
    assert sum(map(len, written.values())) == 100


async def test_what_commits_later_comes_later(store: Store) -> None:
    feed = Feed(store.database)
    slow = asyncio.create_task(write(store, hold=0.3))
    await asyncio.sleep(0.1)
    quick = await write(store)
    assert await feed.place(NOW) == 1
    assert await everything(feed) == [(1, quick)]
    late = await slow
    assert await feed.place(NOW) == 1
    assert await everything(feed) == [(1, quick), (2, late)]


async def test_a_case_is_told_in_its_own_order_whatever_the_clocks_say(store: Store) -> None:
    """Ids carry the time of the process that made them; another's may run behind."""
    feed, case_id = Feed(store.database), uuid.uuid4()
    backwards = [uuid.UUID(int=number) for number in (9, 5, 1)]
    for version, event_id in enumerate(backwards, start=1):
        await write(store, id=event_id, case_id=case_id, case_version=version)
    await feed.place(NOW)
    page = await feed.read("acme", 0, limit=10)
    assert [event.case_version for event in page.events] == [1, 2, 3]
    assert (await feed.lag(NOW)).waiting == 0


async def test_a_filter_moves_on_over_what_it_leaves_out(store: Store) -> None:
    feed = Feed(store.database)
    for type_ in ("case.approved", "case.rejected", "case.approved"):
        await write(store, type=type_)
    await feed.place(NOW)
    page = await feed.read("acme", 0, limit=10, types=["case.rejected"])
    assert ([event.sequence for event in page.events], page.next, page.last) == ([2], 3, 3)
    page = await feed.read("acme", 0, limit=1, types=["case.approved"])
    assert ([event.sequence for event in page.events], page.next) == ([1], 1)
    assert (await feed.read("acme", 0, limit=10, types=["case.paid"])).next == 3
    assert (await feed.read("north", 0, limit=10)).events == ()


async def test_a_reader_may_wait_for_what_comes(store: Store) -> None:
    feed, reading = Feed(store.database), FeedReading(Feed(store.database))
    waiting = asyncio.create_task(reading.read(CALLER, 0, limit=10, types=("case.rejected",), wait=10))
    await write(store)
    await feed.place(NOW)
    await asyncio.sleep(0.5)
    assert not waiting.done(), "another type is nothing to answer for"
    expected = await write(store, type="case.rejected")
    await feed.place(NOW)
    async with asyncio.timeout(3):
        page = await waiting
    assert ([event.id for event in page.events], page.next) == ([expected], 2)
    assert (await reading.read(CALLER, 2, limit=10, wait=0.2)).events == ()


async def test_cursors_and_types_that_cannot_be(store: Store) -> None:
    reading = FeedReading(Feed(store.database))
    with pytest.raises(Conflict, match="ahead of the feed") as caught:
        await reading.read(CALLER, 1, limit=10)
    assert caught.value.extra == {"last": 0}
    with pytest.raises(InvalidRequest, match="types"):
        await reading.read(CALLER, 0, limit=10, types=("case.no_such",))


async def test_what_is_not_declared_stays_inside(store: Store) -> None:
    feed, case_id = Feed(store.database), uuid.uuid4()
    data = {"case_number": "R-1", "reason": "the buyer lied", "risk": 0.9, "statement": "…", "state": "rejected"}
    await write(store, type="case.rejected", data=data, case_id=case_id, case_version=4)
    await feed.place(NOW)
    [event] = (await feed.read("acme", 0, limit=1)).events
    told = envelope(event)
    assert told["data"] == {
        "case_number": "R-1", "state": "rejected", "case_id": str(case_id), "case_version": 4,
    }  # fmt: skip
    assert (told["sequence"], told["timestamp"], told["schema_version"]) == (1, "2026-03-02T04:00:00Z", 1)


async def test_lag_is_told(store: Store) -> None:
    feed = Feed(store.database)
    await write(store)
    lag = await feed.lag(NOW + timedelta(seconds=7))
    assert (lag.waiting, lag.oldest) == (1, timedelta(seconds=7))
    await feed.place(NOW)
    assert (await feed.lag(NOW)).oldest == timedelta(0)
