"""Whether another platform has received the very same file: the one question that looks across platforms.

Asked and answered between platforms that both agreed to it, and answered by yes or no alone: not who, when, how often
or in what case. Nothing is stored for it, so a file erased there is no longer seen there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.store import audit
from service.store.database import Database
from service.store.sighting_tables import sharing_platforms

# No row where the asking platform does not share.
_ELSEWHERE = sa.text("""
    SELECT EXISTS (
        SELECT FROM evidence JOIN sharing_platforms AS other ON other.platform_id = evidence.platform_id
        WHERE evidence.sha256 = ANY (CAST(:sha256s AS text[])) AND evidence.platform_id <> :platform_id
            AND NOT EXISTS (
                SELECT FROM evidence_tombstones AS gone
                WHERE gone.platform_id = evidence.platform_id AND gone.sha256 = evidence.sha256
            )
    )
    FROM sharing_platforms WHERE platform_id = :platform_id
""")


class Sightings:
    """What platforms that agreed to it learn of each other's files."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def elsewhere(self, platform_id: str, sha256s: Sequence[str]) -> bool | None:
        """Whether another sharing platform has any of these files; None where this one does not share."""
        async with self._database.reading() as connection:
            found: bool | None = await connection.scalar(
                _ELSEWHERE, {"platform_id": platform_id, "sha256s": list(sha256s)}
            )
            return found

    async def share(self, platform_id: str, shares: bool, reason: str, actor: Actor, now: datetime) -> bool:
        """Take part, or no longer; False where that was so already. NotFound for an unknown platform."""
        async with self._database.transaction() as tx:
            changed = await (_begin if shares else _end)(tx, platform_id, now)
            if changed:
                await audit.add_entry(
                    tx, platform_id, actor, "platform.sightings_shared" if shares else "platform.sightings_kept",
                    f"platform:{platform_id}", now, {"shares": shares}, reason=reason,
                    before={"shares_sightings": not shares}, after={"shares_sightings": shares},
                )  # fmt: skip
            return changed


async def _begin(tx: AsyncConnection, platform_id: str, now: datetime) -> bool:
    row = insert(sharing_platforms).values(platform_id=platform_id, since=now).on_conflict_do_nothing()
    try:
        return (await tx.execute(row)).rowcount == 1
    except sa.exc.IntegrityError as error:
        raise NotFound(f"there is no platform {platform_id!r} here") from error


async def _end(tx: AsyncConnection, platform_id: str, _now: datetime) -> bool:
    gone = await tx.execute(sa.delete(sharing_platforms).where(sharing_platforms.c.platform_id == platform_id))
    return gone.rowcount == 1
