"""Events placed and delivered a second, how long one takes to the feed, and what a slow neighbour costs.

Run: ``.venv/bin/python tests/benchmarks/webhook_delivery.py [--events N]``. Commits are durable, the server is the
embedded one, receivers are plain http on loopback in the same process, so a figure includes their work. Prints a JSON
line a measurement.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ipaddress
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from service.delivery import SecretBox, Sender, Targets
from service.delivery.addresses import Address
from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.domain.clock import SystemClock
from service.domain.identifiers import new_id
from service.review.delivering import Delivering
from service.review.webhooks import Webhooks
from service.store import EmbeddedPostgres, Platform, Store, migrate, outgoing
from service.store.case_tables import outgoing_events
from service.store.feed import Feed
from service.store.outgoing import OutgoingEvent

OWNER = Actor(ActorKind.PERSON, "bench")
BOX, TARGETS = SecretBox(b"bench"), Targets(allow_private=True)


async def here(host: str, port: int, platform_id: str) -> list[Address]:
    return [ipaddress.ip_address("127.0.0.1")]


def show(name: str, **figures: float) -> None:
    print(json.dumps({"benchmark": name, **{key: round(value, 3) for key, value in figures.items()}}), flush=True)


@contextlib.asynccontextmanager
async def receiver(seconds: float = 0) -> AsyncIterator[tuple[str, list[float]]]:
    taken: list[float] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]))
        if seconds:
            await asyncio.sleep(seconds)
        taken.append(time.perf_counter())
        writer.write(b"HTTP/1.1 204 OK\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=1000)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", taken
    server.close()


async def write(store: Store, count: int) -> None:
    rows = [
        {"platform_id": "bench", "id": new_id(), "type": "case.approved", "occurred_at": datetime.now(UTC),
         "data": {"case_number": "R-1", "order_number": "KM1", "state": "approved"}}
        for _ in range(count)
    ]  # fmt: skip
    async with store.transaction() as tx:
        await tx.execute(sa.insert(outgoing_events), rows)


@contextlib.asynccontextmanager
async def working(store: Store) -> AsyncIterator[None]:
    task = asyncio.create_task(Delivering(store, Sender(TARGETS, resolver=here), BOX).run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def placing(store: Store, count: int) -> None:
    feed = Feed(store.database)
    await write(store, count)
    begun = time.perf_counter()
    while await feed.place(datetime.now(UTC)):
        pass
    show("placing", events=count, per_second=count / (time.perf_counter() - begun))


async def lag(store: Store, count: int = 100) -> None:
    feed, waits = Feed(store.database), []
    async with working(store):
        for _ in range(count):
            event = OutgoingEvent(type="case.approved", occurred_at=datetime.now(UTC), data={})
            last = await feed.last("bench")
            async with store.transaction() as tx:
                await outgoing.tell(tx, "bench", event)
            begun = time.perf_counter()
            while await feed.last("bench") == last:  # noqa: ASYNC110
                await asyncio.sleep(0.002)
            waits.append(time.perf_counter() - begun)
            await asyncio.sleep(0.037)
    show("commit_to_feed_ms", p50=statistics.median(waits) * 1e3, p99=sorted(waits)[int(count * 0.99) - 1] * 1e3)


async def delivering(store: Store, count: int, endpoints: int, slow: int = 0) -> None:
    webhooks = Webhooks(store, BOX, TARGETS, SystemClock())
    async with contextlib.AsyncExitStack() as stack:
        found = [await stack.enter_async_context(receiver()) for _ in range(endpoints)]
        found += [await stack.enter_async_context(receiver(10)) for _ in range(slow)]
        made = [await webhooks.create("bench", OWNER, url=url) for url, _ in found]
        begun = time.perf_counter()
        await write(store, count)
        async with working(store):
            while any(len(taken) < count for _, taken in found[:endpoints]):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            seconds = max(taken[count - 1] for _, taken in found[:endpoints]) - begun
            show("delivering", endpoints=endpoints, slow_neighbours=slow, per_second=count * endpoints / seconds)
        for one in made:
            await webhooks.delete("bench", one.endpoint.id, OWNER)


async def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "db") as server:
        migrate(server.url())
        store = Store(server.url(), str(Path(folder) / "evidence"))
        now = datetime.now(UTC)
        await store.add_platform(
            Platform(id="bench", zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=now), OWNER
        )
        await placing(store, count * 10)
        await lag(store)
        await delivering(store, count, 1)
        await delivering(store, count, 4)
        await delivering(store, count, 4, slow=4)
        await store.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000)
    asyncio.run(main(parser.parse_args().events))
