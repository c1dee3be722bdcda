"""Endpoints of a platform and their sealed secrets. Every change leaves an audit entry."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.codec import digest
from service.domain.errors import Conflict, NotFound
from service.domain.event_catalogue import DISABLED_TYPE
from service.domain.identifiers import new_id
from service.store import audit, outgoing
from service.store.database import Database, utc
from service.store.outgoing import OutgoingEvent
from service.store.webhook_tables import webhook_deliveries, webhook_endpoints, webhook_secrets

MOST_ENDPOINTS = 10
"""Of one platform: each is a connection of ours, and every event is stored once for each."""
MOST_SECRETS = 4
_MOST_COUNTED = 10_000

_one = webhook_endpoints.c
_secret = webhook_secrets.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """``types``: empty for every type. ``failing_since``: every attempt failed since then."""

    platform_id: str
    id: uuid.UUID
    url: str
    types: tuple[str, ...]
    description: str
    created_at: datetime
    failing_since: datetime | None = None
    disabled_at: datetime | None = None
    disabled_because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointCounts:
    pending: int = 0
    dead: int = 0


class Endpoints:
    """Unavailable as for every method of the store; NotFound for what the platform does not have."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, endpoint: Endpoint, sealed: bytes, actor: Actor) -> None:
        """Conflict where the platform has one of this URL, or has as many as it may."""
        async with self._database.transaction() as tx:
            await audit.register_actor(tx, endpoint.platform_id, actor, endpoint.created_at)
            await _lock_platform(tx, endpoint.platform_id)
            await _refuse_same_url(tx, endpoint.platform_id, endpoint.id, endpoint.url)
            own = sa.select(sa.func.count()).select_from(webhook_endpoints).where(*_of(endpoint.platform_id))
            if (await tx.scalar(own) or 0) >= MOST_ENDPOINTS:
                raise Conflict(f"A platform has {MOST_ENDPOINTS} endpoints at most. Delete one that is not needed.")
            await tx.execute(
                sa.insert(webhook_endpoints),
                {
                    "platform_id": endpoint.platform_id, "id": endpoint.id, "url": endpoint.url,
                    "types": list(endpoint.types), "description": endpoint.description,
                    "created_at": endpoint.created_at,
                },
            )  # fmt: skip
            await _add_secret(tx, endpoint.platform_id, endpoint.id, sealed, endpoint.created_at)
            await _note(tx, endpoint, actor, "webhook.created", endpoint.created_at, after=_summary(endpoint))

    async def get(self, platform_id: str, endpoint_id: uuid.UUID) -> Endpoint:
        async with self._database.reading() as connection:
            return await _get(connection, platform_id, endpoint_id)

    async def listed(self, platform_id: str) -> tuple[Endpoint, ...]:
        """Oldest first."""
        query = sa.select(webhook_endpoints).where(*_of(platform_id)).order_by(_one.created_at, _one.id)
        async with self._database.reading() as connection:
            return tuple(_endpoint(row) for row in await connection.execute(query))

    async def counts(self, platform_id: str) -> Mapping[uuid.UUID, EndpointCounts]:
        """What still has to be sent and what nobody took, of each endpoint; counted up to 10,000."""
        pending, dead = _counted("pending"), _counted("dead")
        query = sa.select(_one.id, pending.label("pending"), dead.label("dead")).where(*_of(platform_id))
        async with self._database.reading() as connection:
            rows = await connection.execute(query)
            return {row.id: EndpointCounts(pending=row.pending, dead=row.dead) for row in rows}

    async def update(
        self, platform_id: str, endpoint_id: uuid.UUID, changes: Mapping[str, Any], actor: Actor, now: datetime
    ) -> Endpoint:
        """``changes``: of url, types and description. Conflict where another endpoint has the URL."""
        async with self._database.transaction() as tx:
            await audit.register_actor(tx, platform_id, actor, now)
            await _lock_platform(tx, platform_id)
            before = await _get(tx, platform_id, endpoint_id, lock=True)
            values: dict[str, Any] = {
                name: list(value) if name == "types" else value for name, value in changes.items()
            }
            if not values:
                return before
            if "url" in values:
                await _refuse_same_url(tx, platform_id, endpoint_id, values["url"])
            which = (*_of(platform_id), _one.id == endpoint_id)
            changed = sa.update(webhook_endpoints).where(*which).values(values).returning(webhook_endpoints)
            row = (await tx.execute(changed)).one()
            after = _endpoint(row)
            await _note(tx, after, actor, "webhook.changed", now, before=_summary(before), after=_summary(after))
            return after

    async def disable(
        self, platform_id: str, endpoint_id: uuid.UUID, because: str, actor: Actor, now: datetime
    ) -> None:
        """It is sent nothing from now on; what was waiting stays. Again without effect."""
        async with self._database.transaction() as tx:
            await audit.register_actor(tx, platform_id, actor, now)
            await disable(tx, await _get(tx, platform_id, endpoint_id, lock=True), because, actor, now)

    async def enable(self, platform_id: str, endpoint_id: uuid.UUID, actor: Actor, now: datetime) -> None:
        """What was waiting when it was disabled goes out; what happened since then is for the feed or a replay."""
        async with self._database.transaction() as tx:
            await audit.register_actor(tx, platform_id, actor, now)
            endpoint = await _get(tx, platform_id, endpoint_id, lock=True)
            if endpoint.disabled_at is None:
                return
            await _set(tx, endpoint, disabled_at=None, disabled_because=None, failing_since=None)
            await _note(tx, endpoint, actor, "webhook.enabled", now)

    async def delete(self, platform_id: str, endpoint_id: uuid.UUID, actor: Actor, now: datetime) -> None:
        """Its secrets go at once, and nothing more is sent."""
        async with self._database.transaction() as tx:
            await audit.register_actor(tx, platform_id, actor, now)
            endpoint = await _get(tx, platform_id, endpoint_id, lock=True)
            await tx.execute(
                sa.delete(webhook_secrets).where(_secret.platform_id == platform_id, _secret.endpoint_id == endpoint_id)
            )
            await _set(tx, endpoint, deleted_at=now)
            await _note(tx, endpoint, actor, "webhook.deleted", now, before=_summary(endpoint))

    async def rotate(
        self,
        platform_id: str,
        endpoint_id: uuid.UUID,
        sealed: bytes,
        actor: Actor,
        now: datetime,
        *,
        old_until: datetime,
    ) -> None:
        """A new secret; those before it sign along until ``old_until``. Conflict where too many sign already."""
        async with self._database.transaction() as tx:
            await audit.register_actor(tx, platform_id, actor, now)
            endpoint = await _get(tx, platform_id, endpoint_id, lock=True)
            of_it = (_secret.platform_id == platform_id, _secret.endpoint_id == endpoint_id)
            await tx.execute(sa.delete(webhook_secrets).where(*of_it, _secret.expires_at <= now))
            later = sa.or_(_secret.expires_at.is_(None), _secret.expires_at > old_until)
            await tx.execute(sa.update(webhook_secrets).where(*of_it, later).values(expires_at=old_until))
            if old_until <= now:
                await tx.execute(sa.delete(webhook_secrets).where(*of_it))
            signing = await tx.scalar(sa.select(sa.func.count()).select_from(webhook_secrets).where(*of_it))
            if (signing or 0) >= MOST_SECRETS:
                raise Conflict(
                    f"{signing} secrets of this endpoint sign still. Wait for an overlap to end, or make the new one "
                    "without overlap."
                )
            await _add_secret(tx, platform_id, endpoint_id, sealed, now)
            await _note(tx, endpoint, actor, "webhook.secret_rotated", now, after={"old_until": old_until})

    async def tell_test(
        self, platform_id: str, endpoint_id: uuid.UUID, actor: Actor, now: datetime, event: OutgoingEvent
    ) -> None:
        """Have a test event sent to one endpoint. Conflict while it is disabled."""
        async with self._database.transaction() as tx:
            await audit.register_actor(tx, platform_id, actor, now)
            endpoint = await _get(tx, platform_id, endpoint_id)
            if endpoint.disabled_at is not None:
                raise Conflict("The endpoint is disabled, so nothing is sent to it. Enable it first.")
            await outgoing.tell(tx, platform_id, event)
            await _note(tx, endpoint, actor, "webhook.tested", now)


async def disable(tx: AsyncConnection, endpoint: Endpoint, because: str, actor: Actor, now: datetime) -> None:
    """In the caller's transaction, the endpoint's row being locked."""
    if endpoint.disabled_at is not None:
        return
    await _set(tx, endpoint, disabled_at=now, disabled_because=because)
    await _note(tx, endpoint, actor, "webhook.disabled", now, after={"disabled_because": because})
    if because != "asked":
        data = {"webhook_id": str(endpoint.id), "disabled_because": because}
        await outgoing.tell(tx, endpoint.platform_id, OutgoingEvent(type=DISABLED_TYPE, occurred_at=now, data=data))


async def locked(tx: AsyncConnection, platform_id: str, endpoint_id: uuid.UUID) -> Endpoint | None:
    """The endpoint with its row locked; None where it is gone."""
    try:
        return await _get(tx, platform_id, endpoint_id, lock=True)
    except NotFound:
        return None


async def require(connection: AsyncConnection, platform_id: str, endpoint_id: uuid.UUID) -> None:
    """NotFound where the platform has no such endpoint."""
    await _get(connection, platform_id, endpoint_id)


async def _get(
    connection: AsyncConnection, platform_id: str, endpoint_id: uuid.UUID, *, lock: bool = False
) -> Endpoint:
    query = sa.select(webhook_endpoints).where(*_of(platform_id), _one.id == endpoint_id)
    row = (await connection.execute(query.with_for_update(key_share=True) if lock else query)).one_or_none()
    if row is None:
        raise NotFound("There is no webhook endpoint with this id on your platform.")
    return _endpoint(row)


def _counted(state: str) -> sa.ScalarSelect[int]:
    of = webhook_deliveries.c
    some = (
        sa.select(sa.literal(1))
        .where(of.platform_id == _one.platform_id, of.endpoint_id == _one.id, of.state == state)
        .limit(_MOST_COUNTED)
        .correlate(webhook_endpoints)
        .subquery()
    )
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def _of(platform_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (_one.platform_id == platform_id, _one.deleted_at.is_(None))


async def _set(tx: AsyncConnection, endpoint: Endpoint, **values: Any) -> None:
    await tx.execute(
        sa.update(webhook_endpoints)
        .where(_one.platform_id == endpoint.platform_id, _one.id == endpoint.id)
        .values(values)
    )


async def _refuse_same_url(tx: AsyncConnection, platform_id: str, endpoint_id: uuid.UUID, url: str) -> None:
    same = sa.select(_one.id).where(*_of(platform_id), _one.url == url, _one.id != endpoint_id)
    other = await tx.scalar(same)
    if other is not None:
        raise Conflict(
            f"The endpoint {other} has this URL already. Change that one, or make it a new secret.",
            extra={"webhook_id": str(other)},
        )


async def _lock_platform(tx: AsyncConnection, platform_id: str) -> None:
    """So that two at once do not both pass a limit."""
    await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"webhooks:{platform_id}", 0))))


async def _add_secret(
    tx: AsyncConnection, platform_id: str, endpoint_id: uuid.UUID, sealed: bytes, now: datetime
) -> None:
    await tx.execute(
        insert(webhook_secrets),
        {"platform_id": platform_id, "id": new_id(), "endpoint_id": endpoint_id, "sealed": sealed, "created_at": now},
    )


async def _note(
    tx: AsyncConnection,
    endpoint: Endpoint,
    actor: Actor,
    action: str,
    now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    details = {"before": str(before), "after": str(after)}
    subject = f"webhook:{endpoint.id}"
    await audit.add_entry(tx, endpoint.platform_id, actor, action, subject, now, details, before=before, after=after)


def _summary(endpoint: Endpoint) -> dict[str, Any]:
    """For the audit trail, which stays for good: a URL may hold a token, so only its digest goes in."""
    return {"url_sha256": digest(endpoint.url), "types": list(endpoint.types), "description": endpoint.description}


def _endpoint(row: sa.Row[Any]) -> Endpoint:
    return Endpoint(
        platform_id=row.platform_id,
        id=row.id,
        url=row.url,
        types=tuple(row.types),
        description=row.description,
        created_at=utc(row.created_at),
        failing_since=utc(row.failing_since) if row.failing_since else None,
        disabled_at=utc(row.disabled_at) if row.disabled_at else None,
        disabled_because=row.disabled_because,
    )
