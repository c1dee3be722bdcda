"""Verifications of the audit trail: asked for, under way, and kept with what they found."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import sqlalchemy.exc

from service.domain.actors import Actor, ActorKind
from service.domain.errors import Conflict
from service.domain.identifiers import new_id
from service.store import audit, chain
from service.store.database import Database, utc
from service.store.trail_tables import trail_verifications as table

_SILENT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """``reaches``: the chain's end when it was asked for; ``position``: how far the walk has come. ``sound`` and
    ``report`` once it has ended; an end without them is a walk that failed."""

    platform_id: str
    id: uuid.UUID
    asked_by: Actor
    asked_at: datetime
    reaches: int
    position: int
    started_at: datetime | None
    ended_at: datetime | None
    sound: bool | None
    report: Mapping[str, Any] | None


class Verifications:
    """Unavailable as for every method of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, platform_id: str, actor: Actor, now: datetime) -> uuid.UUID:
        """Conflict while one is under way."""
        id_ = new_id()
        try:
            async with self._database.transaction() as tx:
                head = await chain.head(tx, platform_id)
                await tx.execute(
                    sa.insert(table),
                    {
                        "platform_id": platform_id, "id": id_, "actor_kind": actor.kind.value,
                        "actor_name": actor.name, "asked_at": now, "reaches": head.position, "position": 0,
                    },
                )  # fmt: skip
                await audit.register_actor(tx, platform_id, actor, now)
                await audit.add_entry(
                    tx, platform_id, actor, "trail.verification_asked", f"trail:{id_}", now,
                    {"reaches": head.position}, after={"reaches": head.position},
                )  # fmt: skip
        except sqlalchemy.exc.IntegrityError:
            raise Conflict("A verification is under way. Wait for its result.") from None
        return id_

    async def take(self, now: datetime) -> Verification | None:
        """The one that waits longest, or that whoever walked it left; it is the caller's until silent for a minute."""
        free = sa.and_(table.c.ended_at.is_(None), sa.or_(table.c.seen_at.is_(None), table.c.seen_at < now - _SILENT))
        first = (
            sa.select(table.c.platform_id, table.c.id)
            .where(free)
            .order_by(table.c.asked_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .cte("first")
        )
        async with self._database.transaction() as tx:
            row = (
                await tx.execute(
                    sa.update(table)
                    .where(table.c.platform_id == first.c.platform_id, table.c.id == first.c.id)
                    .values(started_at=sa.func.coalesce(table.c.started_at, now), seen_at=now, position=0)
                    .returning(*table.c)
                )
            ).one_or_none()
        return None if row is None else _verification(row)

    async def note(self, one: Verification, position: int, now: datetime) -> None:
        """How far the walk has come."""
        async with self._database.transaction() as tx:
            await tx.execute(sa.update(table).where(*_this(one)).values(position=position, seen_at=now))

    async def end(
        self, one: Verification, sound: bool | None, report: Mapping[str, Any] | None, actor: Actor, now: datetime
    ) -> None:
        """Keep what was found. ``sound`` and ``report`` None: the walk failed. Once ended nothing changes any more."""
        position = int(report["position"]) if report is not None else one.position
        async with self._database.transaction() as tx:
            ended = await tx.execute(
                sa.update(table)
                .where(*_this(one), table.c.ended_at.is_(None))
                .values(ended_at=now, seen_at=now, sound=sound, report=report, position=position)
            )
            if ended.rowcount:
                after = {"sound": sound, "position": position}
                await audit.register_actor(tx, one.platform_id, actor, now)
                await audit.add_entry(
                    tx, one.platform_id, actor, "trail.verified", f"trail:{one.id}", now,
                    {"report": dict(report or {})}, after=after,
                )  # fmt: skip

    async def newest(self, platform_id: str, *, limit: int = 20) -> tuple[Verification, ...]:
        async with self._database.reading() as connection:
            rows = await connection.execute(
                sa.select(table)
                .where(table.c.platform_id == platform_id)
                .order_by(table.c.asked_at.desc())
                .limit(limit)
            )
            return tuple(_verification(row) for row in rows)


def _this(one: Verification) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.platform_id == one.platform_id, table.c.id == one.id


def _verification(row: sa.Row[Any]) -> Verification:
    return Verification(
        platform_id=row.platform_id,
        id=row.id,
        asked_by=Actor(ActorKind(row.actor_kind), row.actor_name),
        asked_at=utc(row.asked_at),
        reaches=row.reaches,
        position=row.position,
        started_at=utc(row.started_at) if row.started_at else None,
        ended_at=utc(row.ended_at) if row.ended_at else None,
        sound=row.sound,
        report=row.report,
    )
