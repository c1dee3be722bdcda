"""Jobs exist exactly if their transaction committed, and outlive the worker that took them."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.domain.clock import FixedClock
from service.store import Accepted, Linked, Store, WorkerOptions
from service.store.acceptance import accept
from service.store.database import driver_connection

QUICK = WorkerOptions(heartbeat=0.2, stalled_after=1.0, poll=0.2, rescue_every=1)
STUCK_WORKER = """
import asyncio, sys
from service.store import Store, WorkerOptions
async def assess(platform_id, case_id, attempt):
    print("taken", case_id, flush=True)
    await asyncio.sleep(600)
store = Store(sys.argv[1], "memory://")
asyncio.run(store.run_worker(assess, WorkerOptions(heartbeat=0.2, poll=0.2)))
"""


async def jobs(store):
    async with store.reading() as connection:
        query = "SELECT status::text, attempts FROM procrastinate_jobs WHERE task_name = 'assess_case' ORDER BY id"
        return [tuple(row) for row in await connection.execute(sa.text(query))]


@contextlib.asynccontextmanager
async def working(store, assess, options=QUICK):
    worker = asyncio.create_task(store.run_worker(assess, options))
    try:
        yield worker
    finally:
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait_for(worker, 10)


async def until(condition, seconds=20):
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110  a row in a database, which sets no event
            await asyncio.sleep(0.05)


async def test_no_commit_no_job(store, accept_request):
    async def broken_off():
        async with store.transaction() as tx:
            assert isinstance(await accept(tx, store.jobs, accept_request()), Accepted)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await broken_off()
    assert await jobs(store) == []
    async with store.reading() as connection:
        assert await connection.scalar(sa.text("SELECT count(*) FROM cases")) == 0


async def test_outside_a_transaction_nothing_can_be_deferred(store, accept_request):
    async with store.reading() as connection:
        with pytest.raises(RuntimeError, match="inside a transaction"):
            await driver_connection(connection)


async def test_a_worker_assesses_what_is_due_and_not_before(store, accept_request, make_claim):
    soon = accept_request(make_claim("A1"), "key-1", assess_in_seconds=0.5)
    later = accept_request(make_claim("A2"), "key-2", assess_in_seconds=600)
    for request in (soon, later):
        await store.accept(request)
    seen = []

    async def assess(platform_id, case_id, attempt):
        seen.append((platform_id, case_id))

    async def done():
        return len(await jobs(store)) == 1

    async with working(store, assess):
        await until(done)
    assert seen == [("acme", soon.case_id)]
    assert await jobs(store) == [("todo", 0)]


async def test_an_assessment_that_fails_is_tried_again(store, accept_request):
    await store.accept(accept_request(assess_in_seconds=0))
    attempts = []

    async def assess(platform_id, case_id, attempt):
        attempts.append(attempt)
        if len(attempts) == 1:
            raise OSError("a passing fault")

    async def done():
        return await jobs(store) == []

    async with working(store, assess):
        await until(done)
    assert attempts == [1, 2]


async def test_the_job_of_a_killed_worker_is_done_by_another(store, database_url, accept_request):
    request = accept_request(assess_in_seconds=0)
    await store.accept(request)
    pipe = asyncio.subprocess.PIPE
    stuck = await asyncio.create_subprocess_exec(sys.executable, "-c", STUCK_WORKER, database_url, stdout=pipe)
    try:
        assert await stuck.stdout.readline() == f"taken {request.case_id}\n".encode()
    finally:
        stuck.kill()
        await stuck.wait()
    assert await jobs(store) == [("doing", 0)]
    seen = []

    async def assess(platform_id, case_id, attempt):
        seen.append((case_id, attempt))

    async def done():
        return await jobs(store) == []

    async with working(store, assess):
        await until(done)
    assert seen == [(request.case_id, 2)]  # so that what kills every reader comes to an end


async def test_a_worker_that_lives_keeps_its_job(store, accept_request):
    await store.accept(accept_request(assess_in_seconds=0))
    started = []

    async def assess(platform_id, case_id, attempt):
        started.append(case_id)
        await asyncio.sleep(3)  # three times what a silent worker would be given

    async def done():
        return await jobs(store) == []

    async with working(store, assess):
        await until(done)
    assert len(started) == 1


async def test_an_overdue_case_without_a_job_gets_one(store, accept_request, make_claim, decide_request, now):
    ids = []
    for n in range(3):
        request = accept_request(make_claim(f"A{n}"), f"key-{n}")
        await store.accept(request)
        ids.append(request.case_id)
    await store.decide(decide_request(ids[2]))
    async with store.transaction() as tx:
        await tx.execute(
            sa.text("UPDATE procrastinate_jobs SET status = 'failed' WHERE args ->> 'case_id' = :id"),
            {"id": str(ids[0])},
        )
    store._clock = FixedClock(now + timedelta(minutes=1))
    assert await store.defer_overdue() == 0  # still within its grace
    store._clock = FixedClock(now + timedelta(minutes=3))
    assert await store.defer_overdue() == 1
    assert await store.defer_overdue() == 0
    assert sorted(await jobs(store)) == [("failed", 0), ("todo", 0), ("todo", 0)]


async def test_a_linked_claim_defers_nothing(store, accept_request):
    await store.accept(accept_request())
    assert isinstance(await store.accept(accept_request(key="key-b")), Linked)
    assert await jobs(store) == [("todo", 0)]


async def test_two_stores_share_the_queue(store, database_url, accept_request, make_claim, now):
    other = Store(database_url, "memory://other", clock=FixedClock(now))
    seen = []

    async def assess(platform_id, case_id, attempt):
        seen.append(case_id)

    async def done():
        return await jobs(store) == []

    async with working(store, assess), working(other, assess):
        requests = [accept_request(make_claim(f"A{n}"), f"key-{n}", assess_in_seconds=0) for n in range(10)]
        for request in requests:
            await store.accept(request)
        await until(done)
    await other.close()
    assert sorted(seen) == sorted(request.case_id for request in requests)
