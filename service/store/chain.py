"""The writer behind the transactions: gives committed audit entries their place in the platform's chain.

Changes insert their entries unchained, so no commit waits for another. Whoever holds the platform's advisory lock
chains what has been committed by then; an entry that commits late gets a later place, whatever its id.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa
from psycopg.types.json import set_json_loads
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.errors import Conflict
from service.domain.trail import Link, TrailEntry, first_previous, link
from service.store.database import Database, driver_connection, utc
from service.store.tables import audit, platforms

_LOCKS = 0x61756469  # the first half of the lock's number: "audi"
_BATCH = 5_000
_CONTENT = "id, actor_kind, actor_name, action, subject, at, details_sha256, reason, before, after"
_CHAIN = "position, previous_sha256, entry_sha256, field_checks, seal"


class ChainCutShort(Conflict):
    type, title = "audit-chain-cut-short", "The audit chain is not what it was"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a platform's chain: position 0 and the platform's own hash where nothing is chained."""

    position: int
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchained:
    """Entries that have no place yet; ``oldest_at``: of the first of them, None where there are none."""

    platform_id: str
    count: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredLink:
    """An entry with what the database says of its place; any of it may have been tampered with."""

    entry: TrailEntry
    position: int
    previous: bytes
    hash: bytes
    checks: bytes
    seal: bytes | None = None


@dataclass(frozen=True, slots=True)
class ChangedDecision:
    """``position``: of the entry that tells of the decision, None while it is unchained; ``gone``: its row is."""

    subject: str
    assessment_id: str
    position: int | None
    gone: bool


# The last word of the trail on each assessment, against what is stored.
_CHANGED = """
SELECT told.subject, told.id, told.position, stored.document IS NULL
FROM (
    SELECT DISTINCT ON (after ->> 'assessment')
        after ->> 'assessment' AS id, after ->> 'document_sha256' AS sha256, subject, position
    FROM audit WHERE platform_id = %(platform)s AND after ? 'document_sha256' AND after ? 'assessment'
    ORDER BY after ->> 'assessment', position DESC NULLS FIRST, audit.id DESC
) AS told
LEFT JOIN assessments AS stored ON stored.platform_id = %(platform)s AND stored.id = told.id::uuid
WHERE stored.document IS NULL OR encode(sha256(convert_to(stored.document::text, 'UTF8')), 'hex') <> told.sha256
ORDER BY told.position NULLS LAST LIMIT 1000
"""


@dataclass(frozen=True, slots=True)
class ChangedPolicy:
    """A signed version that is not what was signed; ``position`` as above, ``untold``: no entry tells of it at all."""

    version: str
    position: int | None
    untold: bool


# Signed versions against what the trail last told of their text and time, as far as it did then.
_CHANGED_POLICIES = """
SELECT stored.version, told.position, told.id IS NULL
FROM policies AS stored
LEFT JOIN LATERAL (
    SELECT id, after, position FROM audit
    WHERE platform_id = stored.platform_id AND subject = 'policy:' || stored.version
    ORDER BY coalesce(after ? 'effective_at', false) DESC, position DESC NULLS FIRST, id DESC LIMIT 1
) AS told ON true
WHERE stored.platform_id = %(platform)s AND stored.step = 'signed_off' AND (
    told.id IS NULL
    OR told.after ->> 'text_sha256' <> encode(sha256(convert_to(stored.text, 'UTF8')), 'hex')
    OR CASE WHEN told.after ->> 'effective_at' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+[+-][0-9]{2}:[0-9]{2}$'
        THEN (told.after ->> 'effective_at')::timestamptz <> stored.effective_at ELSE false END
)
ORDER BY stored.effective_at LIMIT 1000
"""


class Chain:
    """The chains of one deployment's platforms. Remembers where this process left each, and extends no other."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._left: dict[str, Head] = {}

    async def extend(self, platform_id: str, *, batch: int = _BATCH) -> int | None:
        """Chain what is committed and unchained, up to ``batch`` entries; how many, None where another is at it.

        ChainCutShort where the chain does not hold what this process wrote: it is left for people to look at.
        """
        async with self._database.transaction() as tx:
            if not await lock(tx, platform_id):
                return None
            end = await head(tx, platform_id)
            await self._recognise(tx, platform_id, end)
            entries = await _unchained(tx, platform_id, batch)
            links: list[Link] = []
            previous = end
            for entry in entries:
                links.append(link(platform_id, entry, previous.position + 1, previous.hash))
                previous = Head(links[-1].position, links[-1].hash)
            await _write(tx, platform_id, entries, links)
        self._left[platform_id] = previous
        return len(links)

    async def _recognise(self, tx: AsyncConnection, platform_id: str, end: Head) -> None:
        left = self._left.get(platform_id)
        if left is None or left == end or left.position == 0:
            return
        which = sa.and_(audit.c.platform_id == platform_id, audit.c.position == left.position)
        if await tx.scalar(sa.select(audit.c.entry_sha256).where(which)) != left.hash:
            raise ChainCutShort(
                f"the audit chain of {platform_id!r} no longer holds entry {left.position} as it was written. "
                "Nothing is added to it. Run: prereview audit verify; after a restore, restart the workers"
            )


async def lock(tx: AsyncConnection, platform_id: str) -> bool:
    """Become the one writer of the platform's chain until the transaction ends; False where another is."""
    number = zlib.crc32(platform_id.encode()) - 2**31
    got: bool | None = await tx.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCKS, number)))
    return bool(got)


async def head(connection: AsyncConnection, platform_id: str) -> Head:
    row = (
        await connection.execute(
            sa.select(audit.c.position, audit.c.entry_sha256)
            .where(audit.c.platform_id == platform_id, audit.c.position.is_not(None))
            .order_by(audit.c.position.desc())
            .limit(1)
        )
    ).one_or_none()
    if row is None:
        return Head(0, first_previous(platform_id))
    return Head(row.position, bytes(row.entry_sha256 or b""))


async def waiting(connection: AsyncConnection) -> tuple[Unchained, ...]:
    """What is unchained now, by platform; platforms without are left out."""
    rows = await connection.execute(
        sa.select(audit.c.platform_id, sa.func.count(), sa.func.min(audit.c.at))
        .where(audit.c.position.is_(None))
        .group_by(audit.c.platform_id)
        .order_by(audit.c.platform_id)
    )
    return tuple(Unchained(platform_id=name, count=count, oldest_at=utc(oldest)) for name, count, oldest in rows)


async def chained_platforms(connection: AsyncConnection) -> tuple[str, ...]:
    """Every platform that is set up or has entries, by name."""
    # One look at the index for each platform with entries, not one at every entry.
    found = await connection.execute(
        sa.text(
            "WITH RECURSIVE named(id) AS ("
            " (SELECT platform_id FROM audit ORDER BY platform_id LIMIT 1) UNION ALL"
            " SELECT (SELECT platform_id FROM audit WHERE platform_id > named.id ORDER BY platform_id LIMIT 1)"
            " FROM named WHERE named.id IS NOT NULL) SELECT id FROM named WHERE id IS NOT NULL"
        )
    )
    known = await connection.execute(sa.select(platforms.c.id))
    return tuple(sorted({row[0] for row in found} | {row[0] for row in known}))


async def changed_decisions(connection: AsyncConnection, platform_id: str) -> AsyncIterator[ChangedDecision]:
    """Assessments whose document is not the one the trail last tells of. Those from before it told are passed over."""
    raw = await driver_connection(connection)
    async with raw.cursor() as cursor:
        await cursor.execute("SET LOCAL statement_timeout = '1h'")
        await cursor.execute(_CHANGED, {"platform": platform_id})
        async for subject, assessment_id, position, gone in cursor:
            yield ChangedDecision(subject, assessment_id, position, gone)


async def changed_policies(connection: AsyncConnection, platform_id: str) -> AsyncIterator[ChangedPolicy]:
    """Signed versions whose text or time is not the one the trail last tells of."""
    raw = await driver_connection(connection)
    async with raw.cursor() as cursor:
        await cursor.execute("SET LOCAL statement_timeout = '1h'")
        await cursor.execute(_CHANGED_POLICIES, {"platform": platform_id})
        async for version, position, untold in cursor:
            yield ChangedPolicy(version, position, untold)


async def guarded(connection: AsyncConnection) -> bool:
    """Whether the database itself still refuses to change or delete entries."""
    count: int | None = await connection.scalar(
        sa.text(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'audit'::regclass AND tgname IN"
            " ('audit_guard', 'audit_guard_all') AND tgenabled = 'A'"
        )
    )
    return count == 2


async def stored(
    connection: AsyncConnection, platform_id: str, *, batch: int = _BATCH
) -> AsyncIterator[Sequence[StoredLink]]:
    """The platform's chain in the order of its positions, in batches, so that any length fits into memory."""
    raw = await driver_connection(connection, reading=True)
    after: tuple[int, int] = (-(2**63), -1)
    query = (
        f"SELECT {_CONTENT}, {_CHAIN} FROM audit WHERE platform_id = %s AND position IS NOT NULL"  # noqa: S608
        " AND (position, id) > (%s, %s) ORDER BY position, id LIMIT %s"
    )
    async with _cursor(raw) as cursor:
        while True:
            await cursor.execute(query, (platform_id, *after, batch))
            rows = [_stored_link(row) for row in await cursor.fetchall()]
            if not rows:
                return
            yield rows
            after = rows[-1].position, rows[-1].entry.id


def _stored_link(row: tuple[Any, ...]) -> StoredLink:
    *content, position, previous, own, checks, seal = row
    return StoredLink(
        TrailEntry(*content),
        position,
        bytes(previous or b""),
        bytes(own or b""),
        bytes(checks or b""),
        None if seal is None else bytes(seal),
    )


async def unchained(connection: AsyncConnection, platform_id: str, limit: int) -> list[StoredLink]:
    """Entries that have no place yet, with their seals; their position is 0."""
    query = (
        f"SELECT {_CONTENT}, 0, NULL, NULL, NULL, seal FROM audit "  # noqa: S608
        "WHERE platform_id = %s AND position IS NULL ORDER BY id LIMIT %s"
    )
    async with _cursor(await driver_connection(connection, reading=True)) as cursor:
        await cursor.execute(query, (platform_id, limit))
        return [_stored_link(row) for row in await cursor.fetchall()]


async def _unchained(tx: AsyncConnection, platform_id: str, limit: int) -> list[TrailEntry]:
    query = f"SELECT {_CONTENT} FROM audit WHERE platform_id = %s AND position IS NULL ORDER BY id LIMIT %s"  # noqa: S608
    async with _cursor(await driver_connection(tx)) as cursor:
        await cursor.execute(query, (platform_id, limit))
        return [TrailEntry(*row) for row in await cursor.fetchall()]


async def _write(tx: AsyncConnection, platform_id: str, entries: Sequence[TrailEntry], links: Sequence[Link]) -> None:
    if not links:
        return
    async with _cursor(await driver_connection(tx)) as cursor:
        await cursor.execute(
            "UPDATE audit SET position = placed.position, previous_sha256 = placed.previous,"
            " entry_sha256 = placed.hash, field_checks = placed.checks"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[])"
            " AS placed(id, position, previous, hash, checks)"
            " WHERE audit.platform_id = %s AND audit.id = placed.id",
            (
                [entry.id for entry in entries],
                [one.position for one in links],
                [one.previous for one in links],
                [one.hash for one in links],
                [one.checks for one in links],
                platform_id,
            ),
        )


def _cursor(raw: psycopg.AsyncConnection[Any]) -> psycopg.AsyncCursor[tuple[Any, ...]]:
    cursor = raw.cursor(binary=True)
    set_json_loads(orjson.loads, cursor)
    return cursor
