"""Files found again on other orders: by bytes, facts and looks, one platform at a time, two claims at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from service.domain.identifiers import new_id
from service.domain.reuse import Fact, FactKind, PageFacts, Picture
from service.store import NewEvidence, Store, evidence_records
from service.store import pictures as store_pictures
from service.store.tables import picture_keys, pictures

FACTS = PageFacts(facts=(Fact(FactKind.NUMBER, "0123456789abcdef"), Fact(FactKind.SECOND, "fedcba9876543210")))


def picture(letter: str, facts: Iterable[int] = (), looks: Iterable[int] = ()) -> Picture:
    return Picture(
        sha256=letter * 64, facts=FACTS, stored=FACTS, fact_keys=tuple(facts), picture_keys=tuple(looks),
        picture_hash="0" * 16,
    )  # fmt: skip


async def receive(store: Store, order: str, one: Picture, at: datetime, *, platform: str = "acme") -> None:
    async with store.transaction() as tx:
        file = NewEvidence(sha256=one.sha256, size=1)
        await evidence_records.attach(tx, platform, order, new_id(), f"account of {order}", [file], at)


async def look(store: Store, order: str, one: Picture, at: datetime, *, platform: str = "acme", seen_to=None):
    found = await store.look_up_pictures(platform, order, [one], at, at, seen_to=seen_to)
    return {(one.sha256[0], one.order_number) for one in found.sightings[one.sha256]}, found.seen_to


async def send(store: Store, order: str, one: Picture, at: datetime, *, platform: str = "acme"):
    await receive(store, order, one, at, platform=platform)
    return (await look(store, order, one, at, platform=platform))[0]


async def test_files_are_found_by_each_fact_they_share(store, now):
    assert await send(store, "A1", picture("a", [1, 2, 3]), now) == set()
    assert await send(store, "A2", picture("b", [9, 3, 8]), now) == {("a", "A1")}
    assert await send(store, "A3", picture("c", [1, 9, 7]), now) == {("a", "A1"), ("b", "A2")}
    assert await send(store, "A4", picture("d", [11, 12, 13]), now) == set()


async def test_what_was_stored_comes_back_as_digests(store, now):
    await send(store, "A1", picture("a", [1, 2]), now)
    found = await store.look_up_pictures("acme", "A2", [picture("b", [1, 5])], now, now, seen_to=10**9)
    (one,) = found.sightings["b" * 64]
    assert (one.facts, one.account_id, one.shared, one.same_bytes) == (FACTS, "account of A1", frozenset({1}), False)


async def test_an_order_never_meets_its_own_pages(store, now):
    await send(store, "A1", picture("a", [1, 2]), now)
    await receive(store, "A1", picture("b", [1, 2]), now)
    found = await store.look_up_pictures("acme", "A1", [picture("a", [1, 2]), picture("b", [1, 2])], now, now)
    assert not any(found.sightings.values())


async def test_one_platform_never_finds_anothers(store, now):
    await send(store, "A1", picture("a", [1, 2], [3]), now)
    assert await send(store, "A1", picture("a", [1, 2], [3]), now, platform="other") == set()
    assert await send(store, "B1", picture("b", [1, 2], [3]), now, platform="other") == {("a", "A1")}
    assert await send(store, "B1", picture("b", [1, 2], [3]), now) == {("a", "A1")}


async def test_looks_are_asked_only_where_facts_are_few(store, now):
    await send(store, "A1", picture("a", [1, 2], [7, 8]), now)
    assert await send(store, "A2", picture("b", [], [8, 9]), now) == {("a", "A1")}
    assert await send(store, "A3", picture("c", [4, 5], [7, 8]), now) == set()


async def test_the_same_bytes_count_as_of_a_moment(store, now):
    page = picture("a")
    for n in range(3):
        await receive(store, f"A{n}", page, now + timedelta(minutes=n))
    late = now + timedelta(hours=1)
    assert (await look(store, "A0", page, late))[0] == {("a", "A1"), ("a", "A2")}
    assert (await look(store, "A9", page, late))[0] == {("a", "A0"), ("a", "A1"), ("a", "A2")}
    assert (await look(store, "A9", page, now + timedelta(minutes=1)))[0] == {("a", "A0")}  # strictly before
    assert await send(store, "A9", picture("b"), late) == set()


async def test_the_same_bytes_of_a_claim_that_overtook_this_one_are_found(store, now):
    """A claim whose files take long to write is looked up after one that came later."""
    page = picture("a", [1, 2])
    assert await send(store, "A2", page, now + timedelta(seconds=2)) == set()
    assert await send(store, "A1", page, now) == {("a", "A2")}
    seen, seen_to = await look(store, "A1", page, now)
    await send(store, "A3", page, now + timedelta(seconds=3))
    assert (await look(store, "A1", page, now, seen_to=seen_to))[0] == seen == {("a", "A2")}


async def test_a_file_sent_for_many_orders_hides_no_other(store, now):
    for n in range(70):
        await receive(store, f"A{n}", picture("a"), now + timedelta(seconds=n))
    await receive(store, "B1", picture("b"), now + timedelta(minutes=5))
    late = now + timedelta(hours=1)
    found = await store.look_up_pictures("acme", "C1", [picture("a"), picture("b")], late, late)
    assert [one.order_number for one in found.sightings["b" * 64]] == ["B1"]
    assert len(found.sightings["a" * 64]) == 64


async def test_looking_again_sees_what_was_seen_and_records_nothing(store, now):
    await send(store, "A1", picture("a", [1, 2]), now)
    await receive(store, "A2", picture("b", [1, 3]), now)
    first, seen_to = await look(store, "A2", picture("b", [1, 3]), now)
    await send(store, "A3", picture("c", [1, 4]), now + timedelta(hours=1))
    assert await look(store, "A2", picture("b", [1, 3]), now, seen_to=seen_to) == (first, seen_to)
    async with store.reading() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(pictures)) == 3


async def test_of_two_claims_at_once_at_least_one_finds_the_other(store, now):
    for attempt in range(12):
        pair = [
            picture(letter, [attempt * 10 + key for key in keys]) for letter, keys in (("a", (1, 2)), ("b", (2, 3)))
        ]
        pair = [replace(one, sha256=f"{attempt:x}{one.sha256[:63]}") for one in pair]
        orders = [f"A{attempt}", f"B{attempt}"]
        for order, one in zip(orders, pair, strict=True):
            await receive(store, order, one, now)
        found = await asyncio.gather(*(look(store, order, one, now) for order, one in zip(orders, pair, strict=True)))
        assert sorted(len(seen) for seen, _ in found) == [0, 1]


async def test_claims_with_the_same_pages_at_once_do_not_lock_each_other_out(store, now):
    pages = [picture(letter, [ord(letter), 7, 8]) for letter in "abcdef"]
    for n in range(8):
        for page in pages:
            await receive(store, f"A{n}", page, now)
    await asyncio.gather(*(store.look_up_pictures("acme", f"A{n}", pages[:: (-1) ** n], now, now) for n in range(8)))
    async with store.reading() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(pictures)) == len(pages)


async def test_a_claim_of_a_thousand_keys_takes_few_of_the_servers_locks(store, now):
    async with store.transaction() as tx:
        await store_pictures.record(tx, "acme", [], [(-1) ** n * n * 2**40 + n for n in range(1000)], now)
        held = await tx.scalar(
            sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        )
    assert held == store_pictures.LOCKS


async def test_a_popular_key_hands_on_a_bounded_number_the_latest_first(store, now):
    for n in range(40):
        one = replace(picture("a", [5, 100 + n]), sha256=f"{n:064x}")
        await receive(store, f"A{n}", one, now)
        await look(store, f"A{n}", one, now)
    found = await store.look_up_pictures("acme", "B", [picture("b", [5, 100])], now, now, seen_to=10**9)
    sightings = found.sightings["b" * 64]
    assert len(sightings) <= 24
    assert sightings[0].order_number == "A0"  # it shares the rare key as well
    assert sightings[1].order_number == "A39"


async def test_what_a_file_is_found_by_goes_with_it(store, now):
    await send(store, "A1", picture("a", [1, 2], [3]), now)
    await send(store, "A2", picture("b", [1, 9]), now)
    assert await store.forget_pictures("acme", ["a" * 64]) == 1
    assert await store.forget_pictures("acme", ["a" * 64]) == 0
    assert await send(store, "A3", picture("c", [2, 3]), now) == set()
    async with store.reading() as connection:
        keys = (await connection.execute(sa.select(picture_keys.c.key).order_by(picture_keys.c.key))).scalars().all()
    assert keys == [1, 2, 3, 9]
