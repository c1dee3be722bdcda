"""Imports of a platform's past: batches by COPY, each with its checkpoint, and no decided case seen anew."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.errors import Conflict
from service.domain.history import HistoryEvent
from service.store import audit
from service.store.database import Database, driver_connection, utc
from service.store.history import COLUMNS, event_values
from service.store.tables import cases, imports

_NAMES = ", ".join(COLUMNS)
_ALL = f"platform_id, recorded_at, {_NAMES}"
_COPY = f"COPY staged ({_ALL}) FROM STDIN"
# Everything of an event but when it was recorded: two that differ in it contradict each other.
_CONTENTS = [name for name in COLUMNS if name != "event_id"]
_SAME = " AND ".join(f"s.{name} IS NOT DISTINCT FROM h.{name}" for name in _CONTENTS)
# Sorted, so that two writers with events in common wait for each other instead of locking each other out.
_INSERT = sa.text(
    f"INSERT INTO history_events ({_ALL}) SELECT {_ALL} FROM staged ORDER BY event_id ON CONFLICT DO NOTHING"  # noqa: S608
)
_CONTRADICTING = sa.text(
    f"SELECT count(*) FROM staged s JOIN history_events h USING (platform_id, event_id) WHERE NOT ({_SAME})"  # noqa: S608
)
_STAGED = "CREATE TEMPORARY TABLE staged (LIKE history_events)"
# A rehearsal remembers ids and a digest of contents: all it needs to find events given twice, in its own session.
_DIGEST = f"md5(ROW({', '.join(f'{{0}}.{name}' for name in _CONTENTS)})::text)::uuid"
_REHEARSED = "CREATE TEMPORARY TABLE rehearsed (event_id text PRIMARY KEY, contents uuid NOT NULL)"
_SEEN = sa.text(
    "SELECT count(*) FILTER (WHERE before IS NOT NULL OR nth > 1), "  # noqa: S608
    "count(*) FILTER (WHERE contents <> coalesce(before, first)) FROM ("
    f"SELECT {_DIGEST.format('s')} AS contents, row_number() OVER one AS nth, "
    f"first_value({_DIGEST.format('s')}) OVER one AS first, "
    f"coalesce(r.contents, CASE WHEN h.event_id IS NULL THEN NULL ELSE {_DIGEST.format('h')} END) AS before "
    "FROM staged s LEFT JOIN rehearsed r USING (event_id) "
    "LEFT JOIN history_events h ON h.platform_id = s.platform_id AND h.event_id = s.event_id "
    "WINDOW one AS (PARTITION BY s.event_id ORDER BY s.ctid)) AS looked"
)
_REMEMBER = sa.text(
    f"INSERT INTO rehearsed SELECT event_id, {_DIGEST.format('s')} FROM staged s ORDER BY s.ctid "  # noqa: S608
    "ON CONFLICT DO NOTHING"
)

Known = tuple[HistoryEvent, datetime]


@dataclass(frozen=True, slots=True)
class Written:
    """Of a batch: events that are new, whose id was there, and of those the ones with other contents."""

    new: int
    known: int
    contradicting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How far an import of one source under one mapping has come. ``position`` and ``report`` are the importer's."""

    platform_id: str
    id: str
    source: str
    position: Any
    report: Mapping[str, Any]
    started_at: datetime
    finished_at: datetime | None


class Overtaken(Exception):
    """A case was accepted that would have seen events of the batch; nothing of it was written."""

    def __init__(self, decided_to: datetime) -> None:
        super().__init__(decided_to.isoformat())
        self.decided_to = decided_to


class Imports:
    """The store's part of an import. Unavailable as for every method of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def decided_to(self, platform_id: str) -> datetime | None:
        """The latest ``as_of`` of a platform's cases: what is recorded before it, a case should have seen."""
        async with self._database.reading() as connection:
            return await _decided_to(connection, platform_id)

    async def begin(self, fresh: Checkpoint, actor: Actor, *, anew: bool) -> Checkpoint:
        """The unfinished import of this id to go on with, or ``fresh`` where there is none (or ``anew``)."""
        async with self._database.transaction() as tx:
            await audit.register_actor(tx, fresh.platform_id, actor, fresh.started_at)
            row = (
                await tx.execute(sa.select(imports).where(*_of(fresh.platform_id, fresh.id)).with_for_update())
            ).one_or_none()
            if row is not None and row.finished_at is None and not anew:
                return _checkpoint(row)
            values = {
                "platform_id": fresh.platform_id, "id": fresh.id, "source": fresh.source, "position": fresh.position,
                "report": fresh.report, "started_at": fresh.started_at, "updated_at": fresh.started_at,
                "finished_at": None,
            }  # fmt: skip
            await tx.execute(
                insert(imports).on_conflict_do_update(index_elements=["platform_id", "id"], set_=values), values
            )
            await _note(tx, fresh, actor, "history.import_began", fresh.started_at)
            return fresh

    async def write(
        self,
        checkpoint: Checkpoint,
        events: Sequence[Known],
        position: Any,
        report: Callable[[Written], Mapping[str, Any]],
        now: datetime,
    ) -> Written:
        """One batch and the checkpoint behind it, or neither.

        Overtaken where a case was accepted meanwhile with an ``as_of`` behind an event's moment of recording: it was
        decided without that event and must be decided the same again. Conflict where another run moved the checkpoint.
        """
        async with self._database.transaction() as tx:
            await tx.execute(sa.text("SET LOCAL statement_timeout = 0"))
            await tx.execute(sa.text(f"{_STAGED} ON COMMIT DROP"))
            await _stage(tx, checkpoint.platform_id, events)
            new = (await tx.execute(_INSERT)).rowcount
            known = len(events) - new
            contradicting = (await tx.execute(_CONTRADICTING)).scalar_one() if known else 0
            written = Written(new, known, contradicting)
            await _move(tx, checkpoint, {"position": position, "report": report(written), "updated_at": now})
            if events:
                await _refuse_if_overtaken(tx, checkpoint.platform_id, min(moment for _, moment in events))
            return written

    async def finish(self, checkpoint: Checkpoint, report: Mapping[str, Any], actor: Actor, now: datetime) -> None:
        async with self._database.transaction() as tx:
            await _move(tx, checkpoint, {"report": report, "updated_at": now, "finished_at": now})
            await _note(tx, checkpoint, actor, "history.imported", now, new=report.get("new"))

    @asynccontextmanager
    async def rehearsal(self, platform_id: str) -> AsyncIterator[Rehearsal]:
        """Batches are looked at and none is written; what was seen is remembered in the session's own tables."""
        async with self._database.reading() as connection:
            await connection.execute(sa.text("SET statement_timeout = 0"))
            await connection.execute(sa.text(_STAGED))
            await connection.execute(sa.text(_REHEARSED))
            try:
                yield Rehearsal(connection, platform_id)
            finally:
                # The pool's connection is used again; one that broke is not.
                if not connection.invalidated:
                    await connection.execute(sa.text("DROP TABLE IF EXISTS staged, rehearsed"))
                    await connection.execute(sa.text("RESET statement_timeout"))


class Rehearsal:
    """A dry run's batches."""

    def __init__(self, connection: AsyncConnection, platform_id: str) -> None:
        self._connection, self._platform_id = connection, platform_id

    async def look(self, events: Sequence[Known]) -> Written:
        await self._connection.execute(sa.text("TRUNCATE staged"))
        await _stage(self._connection, self._platform_id, events)
        known, contradicting = (await self._connection.execute(_SEEN)).one()
        await self._connection.execute(_REMEMBER)
        return Written(len(events) - known, known, contradicting)


async def _stage(connection: AsyncConnection, platform_id: str, events: Sequence[Known]) -> None:
    driver = await driver_connection(connection, reading=True)
    async with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(["text", "timestamptz", *COLUMNS.values()])
        for event, recorded_at in events:
            await copy.write_row((platform_id, recorded_at, *event_values(event)))


async def _move(tx: AsyncConnection, checkpoint: Checkpoint, values: dict[str, Any]) -> None:
    """From the position this run knows; the row stays locked to the transaction's end."""
    moved = await tx.execute(
        sa.update(imports)
        .where(*_of(checkpoint.platform_id, checkpoint.id), imports.c.position == checkpoint.position)
        .values(**values)
    )
    if moved.rowcount != 1:
        raise Conflict("Another run is importing the same source; let it end, or stop it, then run this again.")


async def _refuse_if_overtaken(tx: AsyncConnection, platform_id: str, earliest: datetime) -> None:
    """Locked until commit: a case is either seen here, or accepted when the events are there to be seen."""
    await tx.execute(sa.text("LOCK TABLE cases IN SHARE MODE"))
    latest = await _decided_to(tx, platform_id)
    if latest is not None and latest > earliest:
        raise Overtaken(latest)


async def _decided_to(connection: AsyncConnection, platform_id: str) -> datetime | None:
    latest = await connection.scalar(
        sa.select(cases.c.as_of).where(cases.c.platform_id == platform_id).order_by(cases.c.as_of.desc()).limit(1)
    )
    return None if latest is None else utc(latest)


async def _note(
    tx: AsyncConnection, checkpoint: Checkpoint, actor: Actor, action: str, now: datetime, **more: Any
) -> None:
    details = {"source": checkpoint.source, **more}
    subject = f"import:{checkpoint.id}"
    await audit.add_entry(tx, checkpoint.platform_id, actor, action, subject, now, details, after=more)


def _of(platform_id: str, import_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return imports.c.platform_id == platform_id, imports.c.id == import_id


def _checkpoint(row: Any) -> Checkpoint:
    return Checkpoint(
        platform_id=row.platform_id,
        id=row.id,
        source=row.source,
        position=row.position,
        report=row.report,
        started_at=utc(row.started_at),
        finished_at=None if row.finished_at is None else utc(row.finished_at),
    )
