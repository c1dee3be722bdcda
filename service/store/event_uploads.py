"""Uploads of history events in pieces: each commits with the line it reached, so that none is lost or repeated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.errors import Conflict
from service.domain.history import HistoryEvent
from service.domain.uploads import UploadStanding
from service.store import history
from service.store.database import Database, utc
from service.store.upload_tables import event_uploads


class EventUploads:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def standing(self, platform_id: str, upload: str) -> UploadStanding | None:
        """How far an upload has come; None where there is none of this name."""
        async with self._database.reading() as connection:
            return await _standing(connection, platform_id, upload)

    async def record(
        self,
        platform_id: str,
        upload: str,
        after_line: int,
        lines: int,
        events: Sequence[HistoryEvent],
        refused: int,
        now: datetime,
    ) -> UploadStanding:
        """One piece: ``lines`` lines after line ``after_line``. Conflict where the upload is not there (any more)."""
        async with self._database.transaction() as tx:
            if after_line == 0:
                await tx.execute(
                    insert(event_uploads).on_conflict_do_nothing(),
                    {
                        "platform_id": platform_id, "id": upload, "lines": 0, "accepted": 0, "duplicates": 0,
                        "refused": 0, "started_at": now, "updated_at": now,
                    },
                )  # fmt: skip
            where = (event_uploads.c.platform_id == platform_id, event_uploads.c.id == upload)
            at = await tx.scalar(sa.select(event_uploads.c.lines).where(*where).with_for_update())
            if at != after_line:
                raise Conflict(
                    f"Upload {upload!r} is at line {at or 0}, not at line {after_line}: go on with "
                    f"from_line={(at or 0) + 1}.",
                    extra={"lines": at or 0},
                )
            accepted, duplicates = await history.record_events(tx, platform_id, events, now)
            column = event_uploads.c
            await tx.execute(
                sa.update(event_uploads)
                .where(*where)
                .values(
                    lines=column.lines + lines,
                    accepted=column.accepted + accepted,
                    duplicates=column.duplicates + duplicates,
                    refused=column.refused + refused,
                    updated_at=now,
                )
            )
            found = await _standing(tx, platform_id, upload)
            assert found is not None
            return found


async def _standing(connection: AsyncConnection, platform_id: str, upload: str) -> UploadStanding | None:
    where = (event_uploads.c.platform_id == platform_id, event_uploads.c.id == upload)
    row = (await connection.execute(sa.select(event_uploads).where(*where))).one_or_none()
    if row is None:
        return None
    return UploadStanding(
        upload=row.id,
        lines=row.lines,
        accepted=row.accepted,
        duplicates=row.duplicates,
        refused=row.refused,
        updated_at=utc(row.updated_at),
    )
