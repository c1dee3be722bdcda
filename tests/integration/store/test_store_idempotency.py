"""A write and its answer commit together: races, failures and a database that dies in between."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.domain.answers import KeptAnswer, Write
from service.domain.errors import Forbidden, IdempotencyKeyReused, RequestInFlight, Unavailable
from service.store import KeptAnswers, Store
from service.store.answer_tables import kept_answers
from service.store.tables import idempotency, platforms

SECRET = b"s" * 32
WRITE = Write(platform_id="acme", key="k-1", digest="d", scopes=frozenset({"cases"}))
ANSWER = KeptAnswer(status=201, headers={"location": "/x"}, body="给您".encode())
Perform = Callable[[], Awaitable[KeptAnswer]]


@pytest.fixture
def answers(store: Store) -> KeptAnswers:
    return KeptAnswers(store.database, SECRET)


def adding(store: Store, platform_id: str = "new") -> Perform:
    """A use case with a transaction of its own, that reads what it wrote."""

    async def perform() -> KeptAnswer:
        async with store.transaction() as tx:
            await tx.execute(
                sa.insert(platforms).values(id=platform_id, zone="UTC", currency="CNY", mode="demo", created_at=NOW[0])
            )
        assert await store.platform(platform_id) is not None, "a use case must see its own changes"
        return ANSWER

    return perform


NOW: list[object] = []


@pytest.fixture(autouse=True)
def _now(now):
    NOW[:] = [now]


async def count(store: Store, table: sa.Table) -> int:
    async with store.reading() as connection:
        return await connection.scalar(sa.select(sa.func.count()).select_from(table))


async def test_the_second_time_nothing_is_done(store, answers, now):
    first = await answers.once(WRITE, now, adding(store))
    assert (first, first.replayed) == (ANSWER, False)

    async def never() -> KeptAnswer:
        raise AssertionError("done twice")

    again = await answers.once(WRITE, now, never)
    assert (again.status, again.headers, again.body, again.replayed) == (201, {"location": "/x"}, ANSWER.body, True)
    with pytest.raises(IdempotencyKeyReused):
        await answers.once(Write(platform_id="acme", key="k-1", digest="other", scopes=WRITE.scopes), now, never)
    with pytest.raises(Forbidden):
        await answers.once(Write(platform_id="acme", key="k-1", digest="d", scopes=frozenset()), now, never)
    # Another platform's key of the same name is another key.
    other = await answers.once(
        Write(platform_id="other", key="k-1", digest="x", scopes=WRITE.scopes), now, adding(store, "p2")
    )
    assert not other.replayed


async def test_what_raises_leaves_neither_change_nor_answer(store, answers, now):
    add = adding(store)

    async def fails_after_its_change() -> KeptAnswer:
        await add()
        raise Unavailable("gone")

    with pytest.raises(Unavailable):
        await answers.once(WRITE, now, fails_after_its_change)
    assert (await store.platform("new"), await count(store, kept_answers)) == (None, 0)
    assert not (await answers.once(WRITE, now, add)).replayed
    assert await store.platform("new") is not None


async def test_a_server_killed_before_the_commit_leaves_a_write_to_be_done_once(store, answers, now):
    add = adding(store)

    async def loses_its_server() -> KeptAnswer:
        answer = await add()
        async with store.transaction() as tx:
            pid = await tx.scalar(sa.select(sa.func.pg_backend_pid()))
        other = asyncio.create_task(terminate(store, pid))  # a task of its own has a connection of its own
        await other
        return answer

    with pytest.raises(Unavailable):
        await answers.once(WRITE, now, loses_its_server)
    assert await store.platform("new") is None
    assert not (await answers.once(WRITE, now, add)).replayed
    assert (await answers.once(WRITE, now, add)).replayed


async def terminate(store: Store, pid: int) -> None:
    async with store.reading() as connection:
        assert await connection.scalar(sa.select(sa.func.pg_terminate_backend(pid)))


async def test_of_many_at_once_one_is_done_and_the_others_do_not_wait(store, answers, now):
    begun, go_on = asyncio.Event(), asyncio.Event()
    add = adding(store)

    async def slow() -> KeptAnswer:
        begun.set()
        await go_on.wait()
        return await add()

    first = asyncio.create_task(answers.once(WRITE, now, slow))
    await begun.wait()
    for _ in range(20):  # more than the pool has connections
        with pytest.raises(RequestInFlight):
            await answers.once(WRITE, now, add)
    go_on.set()
    assert not (await first).replayed
    assert (await answers.once(WRITE, now, add)).replayed


async def test_a_savepoint_that_fails_takes_only_its_own_changes_back(store, answers, now):
    async def perform() -> KeptAnswer:
        await adding(store, "kept")()
        with contextlib.suppress(ZeroDivisionError):
            async with store.transaction() as tx:
                await tx.execute(sa.update(platforms).where(platforms.c.id == "kept").values(mode="live"))
                raise ZeroDivisionError
        return ANSWER

    await answers.once(WRITE, now, perform)
    assert (await store.platform("kept")).mode.value == "demo"


async def test_what_is_kept_is_sealed_and_goes_after_two_days(store, answers, now):
    await answers.once(WRITE, now, adding(store))
    async with store.reading() as connection:
        [row] = await connection.execute(sa.select(kept_answers))
    assert ANSWER.body not in row.body
    assert await answers.forget(now + timedelta(hours=24)) == 0
    assert await answers.forget(now + timedelta(hours=48, seconds=1)) == 1
    assert await count(store, kept_answers) == 0


async def test_an_answer_sealed_under_another_secret_is_not_passed_off_as_ours(store, answers, now):
    await answers.once(WRITE, now, adding(store))
    with pytest.raises(IdempotencyKeyReused, match="cannot be read"):
        await KeptAnswers(store.database, b"t" * 32).once(WRITE, now, adding(store))


async def test_keys_of_claims_are_kept_a_month(store, answers, accept_request, now):
    await store.accept(accept_request())
    assert await answers.forget(now + timedelta(days=30)) == 0
    assert await answers.forget(now + timedelta(days=30, seconds=1)) == 1
    assert await count(store, idempotency) == 0
