"""Every event reaches every endpoint that wants it, through crashes, failures and slow neighbours."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta

import psycopg
import pytest
import standardwebhooks
from webhook_receiver import Authority, Receiver, receiving, reset, silence, status

from service.delivery import ATTEMPTS, AddressRefused, SecretBox
from service.domain.actors import Actor, ActorKind
from service.domain.clock import SystemClock
from service.domain.errors import Conflict, NotFound
from service.review import delivering
from service.review.delivering import Delivering
from service.store import audit
from service.store.webhook_deliveries import COURIER, FAILING_FOR, Attempt, Deliveries
from service.store.webhooks import MOST_ENDPOINTS

OWNER = Actor(ActorKind.KEY, "key-1")


async def letters(house, endpoint, state=None):
    found = await house.webhooks.deliveries("acme", endpoint.endpoint.id, state=state, before=None, limit=100)
    return {letter.sequence: letter for letter in found}


async def test_events_arrive_in_order_signed_and_once(house, receiver):
    made = await house.endpoint(receiver.url())
    ids = await house.tell(3, order_number="订单1", reason="never told")
    await house.round()
    assert {post.headers["webhook-id"] for post in receiver.posts} == {str(one) for one in ids}
    for post in receiver.posts:
        told = standardwebhooks.Webhook(made.secret).verify(post.body, post.headers)
        assert told["id"] == post.headers["webhook-id"]
        assert (told["type"], told["data"]["order_number"]) == ("case.approved", "订单1")
        assert "reason" not in told["data"]
    assert sorted(post.data["sequence"] for post in receiver.posts) == [1, 2, 3]
    await house.round()
    assert len(receiver.posts) == 3
    assert {letter.state for letter in (await letters(house, made)).values()} == {"delivered"}


async def test_endpoints_get_the_types_they_asked_for_and_only_what_came_after_them(house, receiver):
    await house.tell(type="case.rejected")
    await house.round()
    await house.endpoint(receiver.url(path="/some"), "case.rejected", "case.paid")
    await house.endpoint(receiver.url(path="/all"))
    for type_ in ("case.rejected", "case.approved", "case.paid"):
        await house.tell(type=type_)
    await house.round()
    got = {path: [post.data["type"] for post in receiver.posts if post.path == path] for path in ("/some", "/all")}
    assert sorted(got["/some"]) == ["case.paid", "case.rejected"]
    assert sorted(got["/all"]) == ["case.approved", "case.paid", "case.rejected"]


async def test_a_test_event_goes_to_one_endpoint(house, receiver):
    await house.endpoint(receiver.url(path="/other"))
    made = await house.endpoint(receiver.url(path="/asked"), "case.paid")
    event_id = await house.webhooks.test("acme", made.endpoint.id, OWNER)
    await house.round()
    assert [(post.path, post.headers["webhook-id"]) for post in receiver.posts] == [("/asked", str(event_id))]
    assert receiver.posts[0].data["data"] == {"webhook_id": str(made.endpoint.id)}


async def test_a_failed_delivery_comes_back_by_the_table_and_dies_after_a_day(house, receiver):
    made = await house.endpoint(receiver.url())
    receiver.react = status(500)
    [event_id] = await house.tell()
    begun = house.clock.now()
    for attempt in range(1, ATTEMPTS + 1):
        await house.round()
        assert len(receiver.posts) == attempt
        letter = (await letters(house, made))[1]
        assert (letter.attempts, letter.status, letter.event_id) == (attempt, 500, event_id)
        if letter.state == "dead":
            break
        await house.round()
        assert len(receiver.posts) == attempt, "not before its time"
        house.clock.at = letter.due_at
    assert (attempt, letter.state) == (ATTEMPTS, "dead")
    assert house.clock.now() - begun >= timedelta(hours=24)
    house.later(days=3)
    await house.round()
    assert len(receiver.posts) == ATTEMPTS
    assert {post.headers["webhook-id"] for post in receiver.posts} == {str(event_id)}
    assert len({post.headers["webhook-timestamp"] for post in receiver.posts}) == ATTEMPTS, "each is signed anew"


async def test_retry_after_is_honoured(house, receiver):
    made = await house.endpoint(receiver.url())
    receiver.react = status(429, "Retry-After: 3600")
    await house.tell()
    await house.round()
    letter = (await letters(house, made))[1]
    assert letter.due_at == house.clock.now() + timedelta(hours=1)


@pytest.mark.parametrize("react", [reset, status(301, "Location: https://shop.example/"), status(404)])
async def test_what_is_no_success_is_tried_again(house, receiver, react):
    made = await house.endpoint(receiver.url())
    receiver.react = react
    await house.tell()
    await house.round()
    receiver.react = status(200)
    house.later(minutes=1)
    await house.round()
    letter = (await letters(house, made))[1]
    assert (letter.state, letter.attempts, len(receiver.posts)) == ("delivered", 2, 2)


async def test_killed_between_sending_and_noting_it_is_sent_again(house, receiver):
    made = await house.endpoint(receiver.url())
    await house.tell()
    dying = house.worker()
    await dying.place()
    claimed = await Deliveries(house.store.database).claim(house.clock.now(), room=5, lease_for=delivering.LEASE)
    assert (await dying._attempt(claimed[0])).delivered  # and is not noted
    await house.round()
    assert len(receiver.posts) == 1, "the lease still runs"
    house.clock.at += delivering.LEASE
    await house.round()
    assert [post.headers["webhook-id"] for post in receiver.posts] == [str(claimed[0].event.id)] * 2
    # Whoever wakes up late with an old lease changes nothing any more.
    await Deliveries(house.store.database).note(claimed[0], Attempt(at=house.clock.now(), delivered=False))
    assert (await letters(house, made))[1].state == "delivered"


async def test_several_workers_share_without_sending_twice(house, receiver):
    await house.endpoint(receiver.url(path="/a"))
    await house.endpoint(receiver.url(path="/b"))
    async with house.working(), house.working(), house.working():
        ids = await house.tell(40)
        await receiver.wait(80)
        await asyncio.sleep(0.5)
    for path in ("/a", "/b"):
        got = [post.headers["webhook-id"] for post in receiver.posts if post.path == path]
        assert sorted(got) == sorted(map(str, ids))


async def test_a_slow_endpoint_holds_nobody_up(house, trusted: Authority):
    async with receiving(trusted.server, silence) as slow, receiving(trusted.server) as quick:
        await house.endpoint(slow.url())
        async with house.working(house.worker(seconds=30)):
            await house.tell(60)
            await slow.wait(8)
            await house.endpoint(quick.url())
            begun = asyncio.get_running_loop().time()
            await house.tell(20)
            await quick.wait(20, seconds=20)
            assert asyncio.get_running_loop().time() - begun < 15, "half of what one slow answer takes"
        assert slow.most_at_once <= 8


async def test_an_endpoint_that_fails_is_tried_one_at_a_time(house, receiver):
    await house.endpoint(receiver.url())
    receiver.react = status(500)
    await house.tell(30)
    await house.round()
    assert 1 <= len(receiver.posts) <= 8
    for _ in range(3):
        before = len(receiver.posts)
        await house.round()
        assert len(receiver.posts) - before == 1


async def test_both_secrets_sign_during_the_overlap_and_the_new_one_alone_after(house, receiver):
    first = await house.endpoint(receiver.url())
    second = await house.webhooks.rotate("acme", first.endpoint.id, OWNER, timedelta(hours=24))
    await house.tell()
    await house.round()
    for secret in (first.secret, second.secret):
        standardwebhooks.Webhook(secret).verify(receiver.posts[0].body, receiver.posts[0].headers)
    third = await house.webhooks.rotate("acme", first.endpoint.id, OWNER, timedelta(0))
    await house.tell()
    await house.round()
    standardwebhooks.Webhook(third.secret).verify(receiver.posts[1].body, receiver.posts[1].headers)
    assert len(receiver.posts[1].headers["webhook-signature"].split()) == 1
    for _ in range(3):
        await house.webhooks.rotate("acme", first.endpoint.id, OWNER, timedelta(days=2))
    with pytest.raises(Conflict, match="sign still"):
        await house.webhooks.rotate("acme", first.endpoint.id, OWNER, timedelta(days=2))


async def test_gone_disables_the_endpoint_and_is_told_to_the_others(house, receiver, trusted):
    made = await house.endpoint(receiver.url())
    async with receiving(trusted.server) as other:
        await house.endpoint(other.url(), "webhook.disabled")
        receiver.react = status(410)
        await house.tell(2)
        await house.round()
        found = await house.webhooks.get("acme", made.endpoint.id)
        assert (found.disabled_because, found.disabled_at) == ("gone", house.clock.now())
        before = len(receiver.posts)
        await house.tell()
        await house.round()
        assert len(receiver.posts) == before
        assert other.posts[0].data["data"] == {"webhook_id": str(made.endpoint.id), "disabled_because": "gone"}
    async with house.store.reading() as connection:
        entries = await audit.entries(connection, "acme", f"webhook:{made.endpoint.id}")
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("webhook.created", OWNER), ("webhook.disabled", COURIER),
    ]  # fmt: skip


async def test_failing_for_days_disables_the_endpoint_and_a_success_clears_it(house, receiver):
    made = await house.endpoint(receiver.url())
    receiver.react = status(503)
    await house.tell()
    await house.round()
    house.clock.at += FAILING_FOR - timedelta(hours=1)
    receiver.react = status(200)
    await house.tell()
    await house.round()
    receiver.react = status(503)
    house.later(hours=2)
    await house.tell()
    await house.round()
    assert (await house.webhooks.get("acme", made.endpoint.id)).disabled_at is None, "one success cleared it"
    house.clock.at += FAILING_FOR
    await house.round()
    found = await house.webhooks.get("acme", made.endpoint.id)
    assert found.disabled_because == "failing"
    receiver.react = status(200)
    await house.webhooks.update("acme", made.endpoint.id, OWNER, {"enabled": True})
    house.later(days=1)
    await house.round()
    assert {letter.state for letter in (await letters(house, made)).values()} == {"delivered"}


async def test_dead_letters_and_what_was_missed_can_be_sent_again(house, receiver):
    made = await house.endpoint(receiver.url())
    receiver.react = status(500)
    [first] = await house.tell()
    for _ in range(ATTEMPTS):
        await house.round()
        house.clock.at = (await letters(house, made))[1].due_at
    assert list(await letters(house, made, "dead")) == [1]
    receiver.react = status(200)
    replayed = await house.webhooks.replay_after("acme", made.endpoint.id, "dead", 0, OWNER)
    assert (replayed.queued, replayed.upto, replayed.last) == (1, 1, 1)
    await house.round()
    assert receiver.posts[-1].headers["webhook-id"] == str(first)
    await house.webhooks.update("acme", made.endpoint.id, OWNER, {"enabled": False})
    await house.tell(3)
    await house.round()
    await house.webhooks.update("acme", made.endpoint.id, OWNER, {"enabled": True})
    count = len(receiver.posts)
    await house.round()
    assert len(receiver.posts) == count
    assert (await house.webhooks.replay_after("acme", made.endpoint.id, "missed", 1, OWNER)).queued == 3
    await house.round()
    assert sorted(post.data["sequence"] for post in receiver.posts[count:]) == [2, 3, 4]
    assert (await house.webhooks.replay_after("acme", made.endpoint.id, "missed", 0, OWNER)).queued == 0
    assert (await house.webhooks.replay_one("acme", made.endpoint.id, first, OWNER)).queued == 1
    await house.round()
    assert receiver.posts[-1].headers["webhook-id"] == str(first)
    assert (await house.webhooks.replay_after("acme", made.endpoint.id, "all", 2, OWNER)).queued == 2
    with pytest.raises(NotFound):
        await house.webhooks.replay_one("acme", made.endpoint.id, uuid.uuid4(), OWNER)


async def test_without_the_key_nothing_is_sent_unsigned_and_no_attempt_is_lost(house, receiver):
    made = await house.endpoint(receiver.url())
    await house.tell()
    await house.round(house.worker(box=SecretBox(b"another key")))
    assert receiver.posts == []
    letter = (await letters(house, made))[1]
    assert (letter.attempts, letter.problem, letter.state) == (0, "secret", "pending")
    house.later(minutes=6)
    await house.round()
    assert len(receiver.posts) == 1


async def test_a_lost_database_is_found_again(house, receiver, monkeypatch):
    await house.endpoint(receiver.url())
    monkeypatch.setattr(delivering, "_AFTER_ERROR", 0.1)
    broken, claim = [True], Deliveries.claim

    async def claim_or_fail(*args, **named):
        if broken[0]:
            broken[0] = False
            raise ConnectionError("gone")
        return await claim(*args, **named)

    monkeypatch.setattr(Deliveries, "claim", claim_or_fail)
    async with house.working():
        await house.tell()
        await receiver.wait(1, seconds=5)
    assert not broken[0]


async def test_endpoints_are_bounded_apart_and_named_once(house, receiver: Receiver):
    made = await house.endpoint(receiver.url())
    with pytest.raises(Conflict, match=str(made.endpoint.id)):
        await house.endpoint(receiver.url())
    with pytest.raises(AddressRefused):
        await house.endpoint("https://user:pw@shop.example/")
    for number in range(MOST_ENDPOINTS - 1):
        await house.endpoint(receiver.url(path=f"/{number}"))
    with pytest.raises(Conflict, match="at most"):
        await house.endpoint(receiver.url(path="/one-too-many"))
    with pytest.raises(NotFound):
        await house.webhooks.create("nobody", OWNER, url=receiver.url())
    for asked in (
        house.webhooks.get("north", made.endpoint.id),
        house.webhooks.update("north", made.endpoint.id, OWNER, {"enabled": False}),
        house.webhooks.rotate("north", made.endpoint.id, OWNER, timedelta(0)),
        house.webhooks.test("north", made.endpoint.id, OWNER),
        house.webhooks.delete("north", made.endpoint.id, OWNER),
        house.webhooks.deliveries("north", made.endpoint.id, state=None, before=None, limit=5),
        house.webhooks.replay_after("north", made.endpoint.id, "all", 0, OWNER),
    ):
        with pytest.raises(NotFound):
            await asked
    await house.webhooks.delete("acme", made.endpoint.id, OWNER)
    with pytest.raises(NotFound):
        await house.webhooks.get("acme", made.endpoint.id)
    await house.endpoint(receiver.url())
    await house.tell()
    await house.round()
    assert len([post for post in receiver.posts if post.path == "/hooks"]) == 1
    assert await Deliveries(house.store.database).prune(house.clock.now() - timedelta(days=30)) == 0


async def test_what_a_deleted_endpoint_left_is_forgotten(house, receiver):
    made = await house.endpoint(receiver.url())
    await house.tell(2)
    await house.worker().place()
    await house.webhooks.delete("acme", made.endpoint.id, OWNER)
    assert await Deliveries(house.store.database).prune(house.clock.now() - timedelta(days=30)) == 2


async def test_a_worker_that_is_stopped_ends_what_it_is_sending(house, receiver):
    made = await house.endpoint(receiver.url())

    async def slowly(post, writer):
        await asyncio.sleep(0.5)
        await status(200)(post, writer)

    receiver.react = slowly
    async with house.working():
        await house.tell()
        await receiver.wait(1)
    assert (await letters(house, made))[1].state == "delivered"


async def test_secrets_are_nowhere_in_the_clear(house, receiver, database_url):
    made = await house.endpoint(receiver.url())
    assert made.secret not in repr(made)
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        [(sealed,)] = connection.execute("SELECT sealed FROM webhook_secrets").fetchall()
    assert made.secret[6:].encode() not in bytes(sealed)


async def test_figures_for_whoever_watches(house, receiver):
    deliveries = Deliveries(house.store.database)
    await house.endpoint(receiver.url())
    await house.tell(3)
    await house.worker().place()
    house.later(seconds=9)
    counts = await deliveries.counts(house.clock.now())
    assert (counts.due, counts.overdue, counts.dead, counts.failing) == (3, timedelta(seconds=9), 0, 0)
    receiver.react = status(500)
    await house.round()
    counts = await deliveries.counts(house.clock.now())
    assert (counts.due, counts.overdue, counts.failing) == (0, timedelta(0), 1)
    assert await deliveries.prune(house.clock.now() + timedelta(days=99)) == 0
    house.later(minutes=1)
    receiver.react = status(200)
    for _ in range(3):
        await house.round()
    assert await deliveries.prune(house.clock.now() + timedelta(days=99)) == 3


def test_a_worker_sends_by_the_real_clock(house):
    """A demo's clock is shifted; a receiver refuses what was not signed just now."""
    assert isinstance(Delivering(house.store, house.worker()._sender, SecretBox(b"k"))._clock, SystemClock)
