"""The audit trail as auditors look through it: by case, by actor, by time, in pages that an index answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.domain.actors import ActorKind
from service.store import audit as trail
from service.store import chain, checkpoints
from service.store.audit import AuditEntry
from service.store.database import Database, utc
from service.store.tables import actors, audit

_LOOKED_THROUGH = 5_000
_BATCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailQuery:
    """What is looked for; what is None is not asked. ``since`` ≤ at < ``until``. ``actor``: the name."""

    subject: str | None = None
    actor: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, order=True)
class TrailPosition:
    """Of an entry among all, by time and then by id."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    """Newest first. ``after``: where the next page goes on; None: that was all. ``cut``: so many entries were looked
    through for rare ones that the page ends early."""

    entries: tuple[AuditEntry, ...]
    after: TrailPosition | None
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainStanding:
    """How far a platform's chain reaches: its head's ``position``, entries not chained yet, the newest checkpoint and
    whether it is kept outside the database."""

    position: int
    unchained: int
    oldest_unchained_at: datetime | None
    checkpoint_position: int
    checkpoint_at: datetime | None
    checkpoint_outside: bool


class TrailSearch:
    """Of one platform at a time. Unavailable as for every method of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, platform_id: str, query: TrailQuery, after: TrailPosition | None = None, *, limit: int = 50
    ) -> TrailPage:
        """The newest entries before ``after``. Of one action: among the newest 5,000 that fit the rest."""
        found = _before(_wanted(platform_id, query), after).order_by(audit.c.at.desc(), audit.c.id.desc())
        if query.action is None:
            rows = await self._rows(found.limit(limit + 1))
            entries = tuple(trail.entry_of(row) for row in rows[:limit])
            return TrailPage(entries=entries, after=_last(rows[:limit]) if len(rows) > limit else None)
        looked = found.limit(_LOOKED_THROUGH).subquery()
        rows = await self._rows(
            sa.select(looked).where(looked.c.action == query.action).order_by(looked.c.at.desc(), looked.c.id.desc())
            .limit(limit + 1)
        )  # fmt: skip
        if len(rows) > limit:
            return TrailPage(entries=tuple(trail.entry_of(row) for row in rows[:limit]), after=_last(rows[:limit]))
        seen = sa.func.count().over().label("seen")
        end = await self._rows(sa.select(looked.c.at, looked.c.id, seen).order_by(looked.c.at, looked.c.id).limit(1))
        cut = bool(end) and end[0].seen == _LOOKED_THROUGH
        goes_on = _last(end) if cut else None
        return TrailPage(entries=tuple(trail.entry_of(row) for row in rows), after=goes_on, cut=cut)

    async def actor_named(self, platform_id: str, names: Sequence[str]) -> str | None:
        """The first of ``names`` that an actor of the platform has."""
        async with self._database.reading() as connection:
            found = set(
                await connection.scalars(
                    sa.select(actors.c.name).where(
                        actors.c.platform_id == platform_id,
                        actors.c.kind.in_([kind.value for kind in ActorKind]),
                        actors.c.name.in_(names),
                    )
                )
            )
        return next((name for name in names if name in found), None)

    async def through(self, platform_id: str, query: TrailQuery, *, most: int) -> AsyncIterator[AuditEntry]:
        """Oldest first, at most so many; read in batches, so that no transaction and no memory grows with them."""
        after: TrailPosition | None = None
        given = 0
        while True:
            wanted = _wanted(platform_id, query)
            if after is not None:
                wanted = wanted.where(sa.tuple_(audit.c.at, audit.c.id) > sa.tuple_(after.at, after.id))
            rows = await self._rows(wanted.order_by(audit.c.at, audit.c.id).limit(_BATCH))
            # A rare action is looked for here and not there, where one statement could go on for minutes.
            for row in rows:
                if query.action is None or row.action == query.action:
                    if given == most:
                        return
                    given += 1
                    yield trail.entry_of(row)
            if len(rows) < _BATCH:
                return
            after = _last(rows)

    async def standing(self, platform_id: str) -> ChainStanding:
        """Without looking at the chain itself."""
        async with self._database.reading() as connection:
            head = await chain.head(connection, platform_id)
            waiting = next((one for one in await chain.waiting(connection) if one.platform_id == platform_id), None)
            last = await checkpoints.last(connection, platform_id)
            unkept = await checkpoints.unkept(connection, platform_id, limit=1)
        return ChainStanding(
            position=head.position,
            unchained=waiting.count if waiting else 0,
            oldest_unchained_at=waiting.oldest_at if waiting else None,
            checkpoint_position=last.position if last else 0,
            checkpoint_at=last.at if last else None,
            checkpoint_outside=last is not None and not unkept,
        )

    async def _rows(self, query: sa.Select[Any]) -> list[sa.Row[Any]]:
        async with self._database.reading() as connection:
            return list((await connection.execute(query)).all())


def _wanted(platform_id: str, query: TrailQuery) -> sa.Select[Any]:
    found = sa.select(audit).where(audit.c.platform_id == platform_id)
    if query.subject is not None:
        found = found.where(audit.c.subject == query.subject)
    if query.actor is not None:
        found = found.where(audit.c.actor_name == query.actor)
    if query.since is not None:
        found = found.where(audit.c.at >= query.since)
    if query.until is not None:
        found = found.where(audit.c.at < query.until)
    return found


def _before(found: sa.Select[Any], after: TrailPosition | None) -> sa.Select[Any]:
    if after is None:
        return found
    return found.where(sa.tuple_(audit.c.at, audit.c.id) < sa.tuple_(after.at, after.id))


def _last(rows: list[sa.Row[Any]]) -> TrailPosition:
    return TrailPosition(utc(rows[-1].at), rows[-1].id)
