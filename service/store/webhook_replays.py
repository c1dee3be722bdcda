"""Sending again: one event, dead letters, what was missed while an endpoint was disabled, or everything."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.domain.event_catalogue import TEST_TYPE
from service.store import audit, webhooks
from service.store.case_tables import outgoing_events
from service.store.database import Database
from service.store.webhook_tables import webhook_deliveries

AT_ONCE = 10_000
"""Events one request may queue; the answer says where to go on."""

_done = webhook_deliveries.c
_QUEUE = """
    INSERT INTO webhook_deliveries AS d
        (platform_id, endpoint_id, position, event_id, state, attempts, due_at, created_at)
    SELECT o.platform_id, e.id, o.position, o.id, 'pending', 0, :now, :now
    FROM outgoing_events o JOIN webhook_endpoints e ON e.platform_id = o.platform_id AND e.id = :endpoint
    WHERE o.platform_id = :platform AND {which} AND o.type <> :test
        AND (cardinality(e.types) = 0 OR o.type = ANY (e.types))
    ON CONFLICT (platform_id, endpoint_id, position) DO UPDATE
        SET state = 'pending', attempts = 0, due_at = :now, lease = NULL
        WHERE {again}
"""
_ONE = sa.text(_QUEUE.format(which="o.position = :position", again="d.state <> 'pending'"))
_MISSED = sa.text(_QUEUE.format(which="o.position > :after AND o.position <= :upto", again="d.state = 'dead'"))
_ALL = sa.text(_QUEUE.format(which="o.position > :after AND o.position <= :upto", again="d.state <> 'pending'"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """``upto``: the last position looked at; go on after it where it is below ``last``."""

    queued: int
    upto: int
    last: int


class Replays:
    """Unavailable as for every method of the store; NotFound for an endpoint the platform does not have."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def one(
        self, platform_id: str, endpoint_id: uuid.UUID, event_id: uuid.UUID, actor: Actor, now: datetime
    ) -> Replayed:
        """Send one event again, whatever became of it. NotFound where the platform has no such event."""
        async with self._database.transaction() as tx:
            await webhooks.require(tx, platform_id, endpoint_id)
            event = outgoing_events.c
            query = sa.select(event.position).where(event.platform_id == platform_id, event.id == event_id)
            position = await tx.scalar(query)
            if position is None:
                raise NotFound("There is no event with this id in your platform's feed.")
            values = _queue_values(platform_id, endpoint_id, now) | {"position": position}
            queued = (await tx.execute(_ONE, values)).rowcount
            details = {"event_id": str(event_id)}
            await _note_replay(tx, platform_id, endpoint_id, actor, now, details)
            return Replayed(queued=queued, upto=position, last=position)

    async def after(
        self, platform_id: str, endpoint_id: uuid.UUID, which: str, after: int, last: int, actor: Actor, now: datetime
    ) -> Replayed:
        """Queue the events after a position: ``dead`` letters, all that were ``missed``, or ``all``; 10,000 at most."""
        upto = min(last, after + AT_ONCE)
        async with self._database.transaction() as tx:
            await webhooks.require(tx, platform_id, endpoint_id)
            if which == "dead":
                queued, upto = await _revive(tx, platform_id, endpoint_id, after, last, now)
            else:
                values = _queue_values(platform_id, endpoint_id, now) | {"after": after, "upto": upto}
                result = await tx.execute(_MISSED if which == "missed" else _ALL, values)
                queued = result.rowcount
            await _note_replay(tx, platform_id, endpoint_id, actor, now, {"which": which, "after": after})
            return Replayed(queued=queued, upto=max(upto, after), last=max(last, after))


async def _revive(
    tx: AsyncConnection, platform_id: str, endpoint_id: uuid.UUID, after: int, last: int, now: datetime
) -> tuple[int, int]:
    """How many dead letters are pending again, and up to which position there is none left."""
    of_it = (_done.platform_id == platform_id, _done.endpoint_id == endpoint_id, _done.state == "dead")
    some = sa.select(_done.position).where(*of_it, _done.position > after).order_by(_done.position).limit(AT_ONCE)
    revived = await tx.execute(
        sa.update(webhook_deliveries)
        .where(*of_it, _done.position.in_(some))
        .values(state="pending", attempts=0, due_at=now, lease=None)
        .returning(_done.position)
    )
    positions = revived.scalars().all()
    return len(positions), max(positions) if len(positions) == AT_ONCE else last


def _queue_values(platform_id: str, endpoint_id: uuid.UUID, now: datetime) -> dict[str, Any]:
    return {"platform": platform_id, "endpoint": endpoint_id, "now": now, "test": TEST_TYPE}


async def _note_replay(
    tx: AsyncConnection, platform_id: str, endpoint_id: uuid.UUID, actor: Actor, now: datetime, after: dict[str, Any]
) -> None:
    await audit.register_actor(tx, platform_id, actor, now)
    subject = f"webhook:{endpoint_id}"
    await audit.add_entry(tx, platform_id, actor, "webhook.replayed", subject, now, after, after=after)
