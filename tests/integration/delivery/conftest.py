"""A store, its endpoints, and a worker's sending, stepped by the test or left running."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from webhook_receiver import Authority, Receiver, authority, receiving

from service.delivery import SecretBox, Sender, Targets
from service.delivery.addresses import Address
from service.domain.actors import Actor, ActorKind
from service.domain.clock import FixedClock
from service.review.delivering import Delivering
from service.review.webhooks import NewSecret, Webhooks
from service.store import Store
from service.store import outgoing as outgoing_store
from service.store.feed import Feed
from service.store.outgoing import OutgoingEvent

OWNER = Actor(ActorKind.KEY, "key-1")
BOX = SecretBox(b"the deployment's own")
TARGETS = Targets(allow_private=True)


async def here(host: str, port: int, platform_id: str) -> list[Address]:
    return [ipaddress.ip_address("127.0.0.1")]


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"), "shop.example")


@pytest.fixture
async def receiver(trusted: Authority) -> AsyncIterator[Receiver]:
    async with receiving(trusted.server) as found:
        yield found


@dataclass
class House:
    """``clock`` is the sender's and stands still; what is signed has to be of now, so it starts at the present."""

    store: Store
    trusted: Authority
    clock: FixedClock = field(default_factory=lambda: FixedClock(datetime.now(UTC)))
    workers: list[Delivering] = field(default_factory=list)

    @property
    def webhooks(self) -> Webhooks:
        return Webhooks(self.store, BOX, TARGETS, self.clock)

    @property
    def feed(self) -> Feed:
        return Feed(self.store.database)

    def worker(self, *, seconds: float = 2, box: SecretBox = BOX) -> Delivering:
        sender = Sender(TARGETS, resolver=here, context=self.trusted.client, total_seconds=seconds)
        return Delivering(self.store, sender, box, clock=self.clock)

    async def endpoint(self, url: str, *types: str) -> NewSecret:
        return await self.webhooks.create("acme", OWNER, url=url, types=types)

    async def tell(self, count: int = 1, *, type: str = "case.approved", **data: Any) -> list[uuid.UUID]:
        ids = []
        for number in range(count):
            event = OutgoingEvent(type=type, occurred_at=self.clock.now(), data={"case_number": f"R-{number}", **data})
            async with self.store.transaction() as tx:
                await outgoing_store.tell(tx, "acme", event)
            ids.append(event.id)
        return ids

    async def round(self, worker: Delivering | None = None) -> None:
        """Place what there is, send what is due, and note what came of it."""
        worker = worker or self.worker()
        while await worker.place():
            pass
        await worker.send()
        await worker.drained()

    def later(self, **by: float) -> None:
        self.clock.at += timedelta(**by)

    @contextlib.asynccontextmanager
    async def working(self, worker: Delivering | None = None) -> AsyncIterator[None]:
        task = asyncio.create_task((worker or self.worker()).run())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@pytest.fixture
def house(store: Store, trusted: Authority) -> House:
    return House(store, trusted)
