"""Endpoints of a platform: made, changed, tested, given new secrets, replayed. A secret is shown once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from service.delivery import SecretBox, Targets, new_secret
from service.domain.actors import Actor
from service.domain.clock import Clock
from service.domain.errors import NotFound
from service.domain.event_catalogue import TEST_TYPE, known_types
from service.domain.identifiers import new_id
from service.store import Store
from service.store.feed import Feed
from service.store.outgoing import OutgoingEvent
from service.store.webhook_deliveries import Deliveries, Delivery
from service.store.webhook_replays import Replayed, Replays
from service.store.webhooks import Endpoint, EndpointCounts, Endpoints

__all__ = ["Delivery", "Endpoint", "EndpointCounts", "NewSecret", "Webhooks"]

LONGEST_OVERLAP = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """``secret`` is shown this once; secrets before it sign along until ``old_until``."""

    endpoint: Endpoint
    secret: str = field(repr=False)
    old_until: datetime | None = None


class Webhooks:
    """Of one platform at a time: the caller's. Every change names who made it."""

    def __init__(self, store: Store, box: SecretBox, targets: Targets, clock: Clock) -> None:
        self._store = store
        self._feed = Feed(store.database)
        self._endpoints = Endpoints(store.database)
        self._deliveries = Deliveries(store.database)
        self._replays = Replays(store.database)
        self._box = box
        self._targets = targets
        self._clock = clock

    async def create(
        self, platform_id: str, actor: Actor, *, url: str, types: tuple[str, ...] = (), description: str = ""
    ) -> NewSecret:
        """A new endpoint and its first secret. AddressRefused, InvalidRequest, Conflict, NotFound."""
        if await self._store.platform(platform_id) is None:
            raise NotFound(f"There is no platform {platform_id!r} here.")
        endpoint = Endpoint(
            platform_id=platform_id,
            id=new_id(),
            url=str(self._targets.check(url)),
            types=known_types(types, "types"),
            description=description,
            created_at=self._clock.now(),
        )
        secret = new_secret()
        await self._endpoints.create(endpoint, self._box.seal(platform_id, endpoint.id, secret), actor)
        return NewSecret(endpoint=endpoint, secret=secret)

    async def get(self, platform_id: str, endpoint_id: uuid.UUID) -> Endpoint:
        return await self._endpoints.get(platform_id, endpoint_id)

    async def listed(self, platform_id: str) -> tuple[Endpoint, ...]:
        """Oldest first; ten at most."""
        return await self._endpoints.listed(platform_id)

    async def counts(self, platform_id: str) -> Mapping[uuid.UUID, EndpointCounts]:
        return await self._endpoints.counts(platform_id)

    async def update(
        self, platform_id: str, endpoint_id: uuid.UUID, actor: Actor, changes: Mapping[str, Any]
    ) -> Endpoint:
        """``changes``: of url, types, description, and enabled (True or False)."""
        now, plain = self._clock.now(), {name: value for name, value in changes.items() if name != "enabled"}
        if "url" in plain:
            plain["url"] = str(self._targets.check(plain["url"]))
        if "types" in plain:
            plain["types"] = known_types(plain["types"], "types")
        await self._endpoints.update(platform_id, endpoint_id, plain, actor, now)
        if changes.get("enabled") is False:
            await self._endpoints.disable(platform_id, endpoint_id, "asked", actor, now)
        elif changes.get("enabled"):
            await self._endpoints.enable(platform_id, endpoint_id, actor, now)
        return await self._endpoints.get(platform_id, endpoint_id)

    async def delete(self, platform_id: str, endpoint_id: uuid.UUID, actor: Actor) -> None:
        await self._endpoints.delete(platform_id, endpoint_id, actor, self._clock.now())

    async def rotate(self, platform_id: str, endpoint_id: uuid.UUID, actor: Actor, overlap: timedelta) -> NewSecret:
        """A new secret. Those before it sign along for ``overlap``, at most a week; zero: they are dead at once."""
        now, secret = self._clock.now(), new_secret()
        until = now + min(max(overlap, timedelta(0)), LONGEST_OVERLAP)
        sealed = self._box.seal(platform_id, endpoint_id, secret)
        await self._endpoints.rotate(platform_id, endpoint_id, sealed, actor, now, old_until=until)
        endpoint = await self._endpoints.get(platform_id, endpoint_id)
        return NewSecret(endpoint=endpoint, secret=secret, old_until=until)

    async def test(self, platform_id: str, endpoint_id: uuid.UUID, actor: Actor) -> uuid.UUID:
        """Have a test event sent, as any other is; returns its id. Conflict while the endpoint is disabled."""
        now = self._clock.now()
        event = OutgoingEvent(type=TEST_TYPE, occurred_at=now, data={"webhook_id": str(endpoint_id)})
        await self._endpoints.tell_test(platform_id, endpoint_id, actor, now, event)
        return event.id

    async def deliveries(
        self, platform_id: str, endpoint_id: uuid.UUID, *, state: str | None, before: int | None, limit: int
    ) -> tuple[Delivery, ...]:
        """Newest first; ``state``: pending, delivered or dead alone."""
        return await self._deliveries.listed(platform_id, endpoint_id, state=state, before=before, limit=limit)

    async def replay_one(self, platform_id: str, endpoint_id: uuid.UUID, event_id: uuid.UUID, actor: Actor) -> Replayed:
        return await self._replays.one(platform_id, endpoint_id, event_id, actor, self._clock.now())

    async def replay_after(
        self, platform_id: str, endpoint_id: uuid.UUID, which: str, after: int, actor: Actor
    ) -> Replayed:
        """``which``: dead letters, all that were ``missed`` (dead or never queued), or ``all``."""
        last = await self._feed.last(platform_id)
        return await self._replays.after(platform_id, endpoint_id, which, after, last, actor, self._clock.now())
