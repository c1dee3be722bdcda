"""The database goes away and comes back: every call says so, and everything recovers by itself."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.domain.errors import Unavailable
from service.store import Accepted, EmbeddedPostgres, InFlight, Platform, Store, WorkerOptions, migrate

FOUNDER = Actor(ActorKind.PERSON, "founder")


@pytest.fixture
def server(tmp_path: Path):
    with EmbeddedPostgres(tmp_path / "own", settings={"shared_buffers": "16MB"}) as own:
        migrate(own.url())
        yield own


@pytest.fixture
async def store(server: EmbeddedPostgres, tmp_path: Path, now) -> AsyncIterator[Store]:
    opened = Store(server.url(), str(tmp_path / "evidence"), pool_size=3)
    platform = Platform(id="acme", zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=now)
    await opened.add_platform(platform, FOUNDER)
    yield opened
    await opened.close()


async def kill(server: EmbeddedPostgres) -> None:
    """Returns when it is dead, and with it the backends, which answer for some moments longer."""
    number = int((server.data / "postmaster.pid").read_text().split()[0])
    backends = psutil.Process(number).children(recursive=True)
    os.kill(number, signal.SIGKILL)
    async with asyncio.timeout(10):
        while server._runs() or any(each.is_running() for each in backends):  # noqa: ASYNC110  other processes
            await asyncio.sleep(0.05)


async def test_calls_say_unavailable_until_it_is_back(server, store, accept_request):
    request = accept_request()
    assert await store.accept(request) == Accepted(request.case_id)
    await kill(server)
    for call in (store.ping(), store.accept(accept_request(key="b")), store.load_case("acme", request.case_id)):
        with pytest.raises(Unavailable) as caught:
            await call
        assert caught.value.retry_after
    server.acquire()
    await asyncio.gather(*(store.ping() for _ in range(3)))  # at once, on every connection of the pool
    assert await store.accept(request) == InFlight(request.case_id)  # what was accepted is still there


async def test_a_connection_lost_within_a_transaction_is_unavailable_and_leaves_nothing(server, store, accept_request):
    async def cut_off():
        async with store.transaction() as tx:
            await tx.execute(sa.text("INSERT INTO actors VALUES ('acme', 'key', 'x', '2026-01-01T00:00Z')"))
            await tx.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(Unavailable):
        await cut_off()
    async with store.reading() as connection:
        assert await connection.scalar(sa.text("SELECT count(*) FROM actors")) == 0


async def test_a_worker_goes_on_after_a_restart(server, store, accept_request):
    seen = asyncio.Event()

    async def assess(platform_id, case_id, attempt):
        seen.set()

    worker = asyncio.create_task(store.run_worker(assess, WorkerOptions(heartbeat=0.2, poll=0.2)))
    try:
        await asyncio.sleep(1)
        await kill(server)
        await asyncio.sleep(1.5)
        server.acquire()
        await store.accept(accept_request(assess_in_seconds=0))
        await asyncio.wait_for(seen.wait(), 30)
    finally:
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait_for(worker, 10)


async def test_a_pool_in_use_is_unavailable_and_not_a_hang(server, store):
    store = Store(server.url(), "memory://", pool_size=1)
    store.database._engine.pool._timeout = 0.2
    async with store.transaction():
        with pytest.raises(Unavailable, match="in use"):
            await store.ping()
    await store.ping()
    await store.close()
