"""What is to be sent to whom: claimed for a while, noted afterwards, replayed when asked.

A claim is a lease: whoever dies while sending leaves the delivery due again, so it may be sent twice and is never lost.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, ActorKind
from service.domain.event_catalogue import ToldEvent
from service.domain.identifiers import new_id
from service.store import audit, webhooks
from service.store.case_tables import outgoing_events
from service.store.database import Database, utc
from service.store.feed import told_event
from service.store.webhook_tables import webhook_deliveries, webhook_endpoints, webhook_secrets

COURIER = Actor(ActorKind.JOB, "webhooks")
AT_ONCE = 8
"""Deliveries to one endpoint at a time, over all workers; 1 while every attempt fails."""
FAILING_FOR = timedelta(days=5)
"""An endpoint whose every attempt failed for so long is disabled."""
_PRUNED_AT_ONCE = 5_000
_MOST_COUNTED = 10_000

_done = webhook_deliveries.c
_one = webhook_endpoints.c
_moment = sa.DateTime(timezone=True)

_PICK = sa.text(
    """
    UPDATE webhook_deliveries d SET lease = :lease, due_at = :until
    FROM unnest(:platforms, :endpoints, :rooms) AS w(platform_id, endpoint_id, room)
    CROSS JOIN LATERAL (
        SELECT x.position FROM webhook_deliveries x
        WHERE x.platform_id = w.platform_id AND x.endpoint_id = w.endpoint_id
            AND x.state = 'pending' AND x.due_at <= :now
        ORDER BY x.due_at, x.position LIMIT w.room
    ) p
    WHERE d.platform_id = w.platform_id AND d.endpoint_id = w.endpoint_id AND d.position = p.position
        AND d.state = 'pending' AND d.due_at <= :now
    RETURNING d.platform_id, d.endpoint_id, d.position, d.attempts
    """
).bindparams(
    sa.bindparam("platforms", type_=ARRAY(sa.Text)),
    sa.bindparam("endpoints", type_=ARRAY(UUID(as_uuid=True))),
    sa.bindparam("rooms", type_=ARRAY(sa.Integer)),
    sa.bindparam("lease", type_=UUID(as_uuid=True)),
    sa.bindparam("until", type_=_moment),
    sa.bindparam("now", type_=_moment),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery in hand: ``sealed`` are the secrets that sign, ``attempts`` those made before."""

    platform_id: str
    endpoint_id: uuid.UUID
    url: str
    event: ToldEvent
    sealed: tuple[bytes, ...]
    attempts: int
    lease: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What came of one. ``again_at``: when to try again, None for never. ``counts``: False where it was our fault."""

    at: datetime
    delivered: bool
    status: int | None = None
    problem: str = ""
    again_at: datetime | None = None
    gone: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """``state``: pending, delivered or dead. ``due_at``: when it is tried next, for a pending one."""

    event_id: uuid.UUID
    type: str
    sequence: int
    state: str
    attempts: int
    due_at: datetime
    attempted_at: datetime | None
    status: int | None
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryCounts:
    """Over all platforms. ``overdue``: how long the oldest due delivery of an endpoint in order has been waiting."""

    due: int
    dead: int
    overdue: timedelta
    failing: int
    disabled: int


class Deliveries:
    """Unavailable as for every method of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, now: datetime, *, room: int, lease_for: timedelta) -> tuple[Claimed, ...]:
        """Up to ``room`` due deliveries, ours alone for ``lease_for``.

        No endpoint gets more than its share, so one that is slow or has a long backlog holds nobody up; those that
        fail get half of the room at most, after those that do not.
        """
        async with self._database.transaction() as tx:
            ready = await _ready(tx, now, room)
            shares = _shares(ready, room)
            if not shares:
                return ()
            lease = new_id()
            rows = await tx.execute(
                _PICK,
                {
                    "platforms": [row.platform_id for row, _ in shares], "endpoints": [row.id for row, _ in shares],
                    "rooms": [share for _, share in shares], "lease": lease, "until": now + lease_for, "now": now,
                },
            )  # fmt: skip
            urls = {row.id: row.url for row, _ in shares}
            return await _claimed(tx, rows.all(), urls, lease, now)

    async def note(self, claimed: Claimed, attempt: Attempt) -> None:
        """Nothing where the lease was lost: then somebody else is at it, or was."""
        async with self._database.transaction() as tx:
            endpoint = await webhooks.locked(tx, claimed.platform_id, claimed.endpoint_id)
            noted = await tx.execute(
                sa.update(webhook_deliveries)
                .where(
                    _done.platform_id == claimed.platform_id,
                    _done.endpoint_id == claimed.endpoint_id,
                    _done.position == claimed.event.sequence,
                    _done.lease == claimed.lease,
                    _done.state == "pending",
                )
                .values(_values(claimed, attempt))
            )
            if noted.rowcount and endpoint is not None and attempt.counts:
                await _judge(tx, endpoint, attempt)

    async def listed(
        self, platform_id: str, endpoint_id: uuid.UUID, *, state: str | None, before: int | None, limit: int
    ) -> tuple[Delivery, ...]:
        """Newest first; ``before``: positions below it alone. NotFound for an endpoint the platform does not have."""
        async with self._database.reading() as connection:
            await webhooks.require(connection, platform_id, endpoint_id)
            event = outgoing_events.c
            joined = sa.and_(event.platform_id == _done.platform_id, event.id == _done.event_id)
            query = sa.select(webhook_deliveries, event.type).join_from(webhook_deliveries, outgoing_events, joined)
            query = query.where(_done.platform_id == platform_id, _done.endpoint_id == endpoint_id)
            if state is not None:
                query = query.where(_done.state == state)
            if before is not None:
                query = query.where(_done.position < before)
            rows = await connection.execute(query.order_by(_done.position.desc()).limit(limit))
            return tuple(_delivery(row) for row in rows)

    async def counts(self, now: datetime) -> DeliveryCounts:
        """For whoever watches; due ones are counted up to 10,000."""
        in_order = sa.and_(_one.deleted_at.is_(None), _one.disabled_at.is_(None), _one.failing_since.is_(None))
        due = sa.and_(_done.state == "pending", _done.due_at <= now)
        first = (
            sa.select(_done.due_at)
            .where(_done.platform_id == _one.platform_id, _done.endpoint_id == _one.id, due)
            .order_by(_done.due_at)
            .limit(1)
            .scalar_subquery()
        )
        standing = sa.and_(_one.deleted_at.is_(None))
        query = sa.select(
            sa.select(sa.func.count())
            .select_from(sa.select(sa.literal(1)).where(due).limit(_MOST_COUNTED).subquery())
            .scalar_subquery()
            .label("due"),
            sa.select(sa.func.count()).where(_done.state == "dead").scalar_subquery().label("dead"),
            sa.select(sa.func.min(first)).where(in_order).scalar_subquery().label("oldest"),
            sa.select(sa.func.count())
            .where(standing, _one.failing_since.is_not(None), _one.disabled_at.is_(None))
            .scalar_subquery()
            .label("failing"),
            sa.select(sa.func.count()).where(standing, _one.disabled_at.is_not(None)).scalar_subquery().label("off"),
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one()
        overdue = max(now - utc(row.oldest), timedelta(0)) if row.oldest else timedelta(0)
        return DeliveryCounts(due=row.due, dead=row.dead, overdue=overdue, failing=row.failing, disabled=row.off)

    async def prune(self, before: datetime) -> int:
        """Forget what is over and was queued before a moment, and what deleted endpoints left; returns how many.

        5,000 of each at most.
        """
        names = (_done.platform_id, _done.endpoint_id, _done.position)
        key = sa.tuple_(*names)
        deleted = sa.select(_one.platform_id, _one.id).where(_one.deleted_at.is_not(None))
        over = sa.select(*names).where(_done.state != "pending", _done.created_at < before)
        left = sa.select(*names).where(sa.tuple_(_done.platform_id, _done.endpoint_id).in_(deleted))
        pruned = 0
        for some in (over, left):
            async with self._database.transaction() as tx:
                statement = sa.delete(webhook_deliveries).where(key.in_(some.limit(_PRUNED_AT_ONCE)))
                pruned += (await tx.execute(statement)).rowcount
        return pruned


async def _ready(tx: AsyncConnection, now: datetime, room: int) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Endpoints that something is due for, locked so that no other worker gives them more than their share."""
    of_it = sa.and_(_done.platform_id == _one.platform_id, _done.endpoint_id == _one.id)
    due = sa.select(sa.literal(1)).where(of_it, _done.state == "pending", _done.due_at <= now).exists()
    sending = (
        sa.select(sa.func.count())
        .where(of_it, _done.lease.is_not(None), _done.state == "pending", _done.due_at > now)
        .scalar_subquery()
    )
    query = (
        sa.select(_one.platform_id, _one.id, _one.url, _one.failing_since, sending.label("sending"))
        .where(_one.deleted_at.is_(None), _one.disabled_at.is_(None), due)
        # Chance, so that with less room than endpoints none is always the last.
        .order_by(_one.failing_since.is_not(None), sa.func.random())
        .limit(room)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return (await tx.execute(query)).all()


def _shares(ready: Sequence[sa.Row[*tuple[Any, ...]]], room: int) -> list[tuple[sa.Row[*tuple[Any, ...]], int]]:
    shares, for_failing = [], max(room // 2, 1)
    for row in ready:
        share = min((1 if row.failing_since else AT_ONCE) - row.sending, room)
        if row.failing_since:
            share = min(share, for_failing)
        if share > 0:
            shares.append((row, share))
            room -= share
            for_failing -= share if row.failing_since else 0
    return shares


async def _claimed(
    tx: AsyncConnection, rows: Sequence[sa.Row[Any]], urls: dict[uuid.UUID, str], lease: uuid.UUID, now: datetime
) -> tuple[Claimed, ...]:
    if not rows:
        return ()
    event, secret = outgoing_events.c, webhook_secrets.c
    wanted = sorted({(row.platform_id, row.position) for row in rows})
    found = await tx.execute(sa.select(outgoing_events).where(sa.tuple_(event.platform_id, event.position).in_(wanted)))
    events = {(row.platform_id, row.position): told_event(row) for row in found}
    sealed: dict[uuid.UUID, list[bytes]] = {}
    live = sa.or_(secret.expires_at.is_(None), secret.expires_at > now)
    owners = sorted({(row.platform_id, row.endpoint_id) for row in rows})
    of_them = sa.tuple_(secret.platform_id, secret.endpoint_id).in_(owners)
    # The newest signs first: some receivers look at the first signature alone.
    for row in await tx.execute(sa.select(webhook_secrets).where(of_them, live).order_by(secret.id.desc())):
        sealed.setdefault(row.endpoint_id, []).append(bytes(row.sealed))
    return tuple(
        Claimed(
            platform_id=row.platform_id,
            endpoint_id=row.endpoint_id,
            url=urls[row.endpoint_id],
            event=events[row.platform_id, row.position],
            sealed=tuple(sealed.get(row.endpoint_id, ())),
            attempts=row.attempts,
            lease=lease,
        )
        for row in sorted(rows, key=lambda row: row.position)
    )


def _values(claimed: Claimed, attempt: Attempt) -> dict[str, Any]:
    values: dict[str, Any] = {
        "lease": None, "attempted_at": attempt.at, "status": attempt.status, "problem": attempt.problem or None,
        "attempts": claimed.attempts + attempt.counts,
    }  # fmt: skip
    if attempt.delivered:
        return values | {"state": "delivered"}
    return values | ({"due_at": attempt.again_at} if attempt.again_at is not None else {"state": "dead"})


async def _judge(tx: AsyncConnection, endpoint: webhooks.Endpoint, attempt: Attempt) -> None:
    """What an attempt says about its endpoint, whose row is locked."""
    which = (_one.platform_id == endpoint.platform_id, _one.id == endpoint.id)
    if attempt.delivered:
        if endpoint.failing_since is not None:
            await tx.execute(sa.update(webhook_endpoints).where(*which).values(failing_since=None))
        return
    if endpoint.failing_since is None:
        await tx.execute(sa.update(webhook_endpoints).where(*which).values(failing_since=attempt.at))
    since = endpoint.failing_since or attempt.at
    if attempt.gone or attempt.at - since >= FAILING_FOR:
        await audit.register_actor(tx, endpoint.platform_id, COURIER, attempt.at)
        await webhooks.disable(tx, endpoint, "gone" if attempt.gone else "failing", COURIER, attempt.at)


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(
        event_id=row.event_id,
        type=row.type,
        sequence=row.position,
        state=row.state,
        attempts=row.attempts,
        due_at=utc(row.due_at),
        attempted_at=utc(row.attempted_at) if row.attempted_at else None,
        status=row.status,
        problem=row.problem,
    )
