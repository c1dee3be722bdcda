"""What platforms are told, in one order: positions are given behind the transactions, and read as a feed.

A change writes its event in its own transaction and waits for nobody. One writer at a time, whichever worker holds the
lock, gives committed events the next positions of their platform; what commits later gets a later one. So whoever has
read up to a position has read everything that will ever stand before it.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, UUID, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.event_catalogue import TEST_TYPE, ToldEvent
from service.store.case_tables import outgoing_events
from service.store.database import Database, utc
from service.store.webhook_tables import event_positions

# Of the database's advisory locks; any number nobody else takes.
_LOCK = 7_305_114
_BATCH = 1_000
# Positions one reading looks through, so that a filter that fits nothing does not read everything.
SCANNED = 5_000

_try_lock = sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))
_event = outgoing_events.c
_UNPLACED = (
    sa.select(_event.platform_id, _event.id).where(_event.position.is_(None)).order_by(_event.written).limit(_BATCH)
)
_SOME = sa.select(sa.select(sa.literal(1)).where(_event.position.is_(None)).exists())
# Positions, and in the same breath a delivery for every endpoint that wants the event.
_PLACE = sa.text(
    """
    WITH placed AS (
        UPDATE outgoing_events o SET position = v.position
        FROM unnest(:platforms, :ids, :positions) AS v(platform_id, id, position)
        WHERE o.platform_id = v.platform_id AND o.id = v.id
        RETURNING o.platform_id, o.id, o.type, o.position, o.data ->> 'webhook_id' AS webhook_id
    )
    INSERT INTO webhook_deliveries
        (platform_id, endpoint_id, position, event_id, state, attempts, due_at, created_at)
    SELECT p.platform_id, e.id, p.position, p.id, 'pending', 0, :now, :now
    FROM placed p JOIN webhook_endpoints e ON e.platform_id = p.platform_id
    WHERE e.deleted_at IS NULL AND e.disabled_at IS NULL
        AND CASE WHEN p.type = :test THEN p.webhook_id = e.id::text
            ELSE cardinality(e.types) = 0 OR p.type = ANY (e.types) END
    """
).bindparams(
    sa.bindparam("platforms", type_=ARRAY(sa.Text)),
    sa.bindparam("ids", type_=ARRAY(UUID(as_uuid=True))),
    sa.bindparam("positions", type_=ARRAY(sa.BigInteger)),
    sa.bindparam("now", type_=sa.DateTime(timezone=True)),
    sa.bindparam("test", TEST_TYPE, type_=sa.Text),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """``next``: where to go on, also where no event of the page fitted the filter; ``last``: the newest position."""

    events: tuple[ToldEvent, ...]
    next: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLag:
    """Events that have no position yet, and how long the oldest of them has been waiting."""

    waiting: int
    oldest: timedelta


class Feed:
    """Unavailable as for every method of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def place(self, now: datetime) -> int:
        """Give positions to what has committed, up to 1,000 events; 0 also where another worker is at it.

        ``now``: from when their deliveries are due.
        """
        async with self._database.reading() as connection:
            if not await connection.scalar(_SOME):
                return 0
        async with self._database.transaction() as tx:
            if not await tx.scalar(_try_lock):
                return 0
            # A statement of its own, begun after the lock was had: it sees all that the last writer placed.
            rows = (await tx.execute(_UNPLACED)).all()
            if not rows:
                return 0
            following = await _reserve(tx, Counter(row.platform_id for row in rows))
            positions = []
            for row in rows:
                positions.append(following[row.platform_id])
                following[row.platform_id] += 1
            placed = {"platforms": [row.platform_id for row in rows], "ids": [row.id for row in rows]}
            await tx.execute(_PLACE, {**placed, "positions": positions, "now": now})
        return len(rows)

    async def read(self, platform_id: str, after: int, *, limit: int, types: Sequence[str] = ()) -> FeedPage:
        """The events after a position, in order; ``types``: those alone. At most 5,000 positions are looked through."""
        async with self._database.reading() as connection:
            last = await _last(connection, platform_id)
            upto = min(last, after + SCANNED)
            wanted = sa.and_(_event.platform_id == platform_id, _event.position > after, _event.position <= upto)
            query = sa.select(outgoing_events).where(wanted).order_by(_event.position).limit(limit)
            rows = (await connection.execute(query.where(_event.type.in_(types)) if types else query)).all()
        events = tuple(told_event(row) for row in rows)
        reached = events[-1].sequence if len(events) == limit else max(upto, after)
        return FeedPage(events=events, next=reached, last=last)

    async def last(self, platform_id: str) -> int:
        """The newest position; 0 before the first event."""
        async with self._database.reading() as connection:
            return await _last(connection, platform_id)

    async def lag(self, now: datetime) -> EventLag:
        """How far positions are behind commits, over all platforms; ``now`` by the clock events are written by."""
        query = sa.select(sa.func.count().label("waiting"), sa.func.min(_event.occurred_at).label("oldest"))
        async with self._database.reading() as connection:
            row = (await connection.execute(query.where(_event.position.is_(None)))).one()
        oldest = max(now - utc(row.oldest), timedelta(0)) if row.oldest else timedelta(0)
        return EventLag(waiting=row.waiting, oldest=oldest)


def told_event(row: sa.Row[Any]) -> ToldEvent:
    """A placed row as an event."""
    event_id: uuid.UUID = row.id
    return ToldEvent(
        id=event_id,
        sequence=row.position,
        type=row.type,
        occurred_at=utc(row.occurred_at),
        data=row.data,
        case_id=row.case_id,
        case_version=row.case_version,
    )


async def _last(connection: AsyncConnection, platform_id: str) -> int:
    query = sa.select(event_positions.c.last).where(event_positions.c.platform_id == platform_id)
    return int(await connection.scalar(query) or 0)


async def _reserve(tx: AsyncConnection, counts: Counter[str]) -> dict[str, int]:
    """The first free position of each platform, with as many reserved as it has events."""
    base = insert(event_positions)
    statement = base.on_conflict_do_update(
        index_elements=["platform_id"], set_={"last": event_positions.c.last + base.excluded.last}
    ).returning(event_positions.c.platform_id, event_positions.c.last)
    values = [{"platform_id": platform_id, "last": count} for platform_id, count in sorted(counts.items())]
    rows = await tx.execute(statement.values(values))
    return {row.platform_id: row.last - counts[row.platform_id] + 1 for row in rows}
