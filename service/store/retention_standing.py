"""How retention stands on a platform: when it was last looked after, and what went lately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from service.store.database import Database, utc
from service.store.personal_data_tables import evidence_tombstones, retention_runs

LATELY = timedelta(days=30)
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRun:
    """``taken``: files of the last round; ``whole_at``: of the last one that looked at everything."""

    ended_at: datetime
    taken: int
    whole_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionStanding:
    """``lately``: files taken away in the last 30 days by kind, ``counted`` of them at most (the newest 10,000).

    ``waiting``: files whose bytes still have to be deleted, counted up to 10,000. ``run`` None: never yet.
    """

    run: RetentionRun | None
    lately: Mapping[str, int]
    counted: int
    waiting: int


class RetentionStandings:
    """Unavailable as for every method of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, platform_id: str, taken: int, now: datetime, *, whole: bool) -> None:
        """A round over the platform has come to its end."""
        row = {"platform_id": platform_id, "ended_at": now, "taken": taken, "whole_at": now if whole else None}
        values = {"ended_at": now, "taken": taken, **({"whole_at": now} if whole else {})}
        async with self._database.transaction() as tx:
            await tx.execute(
                insert(retention_runs).values(row).on_conflict_do_update(index_elements=["platform_id"], set_=values)
            )

    async def of(self, platform_id: str, now: datetime) -> RetentionStanding:
        """Counts are bounded: nothing here grows with what a platform has ever had."""
        gone = evidence_tombstones.c
        newest = (
            sa.select(gone.kind)
            .where(gone.platform_id == platform_id, gone.erased_at > now - LATELY)
            .order_by(gone.erased_at.desc())
            .limit(MOST_COUNTED)
            .subquery()
        )
        due = (
            sa.select(sa.literal(1))
            .where(gone.platform_id == platform_id, gone.bytes_gone_at.is_(None))
            .limit(MOST_COUNTED)
            .subquery()
        )
        last = sa.select(retention_runs).where(retention_runs.c.platform_id == platform_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(last)).one_or_none()
            kinds = await connection.execute(
                sa.select(newest.c.kind, sa.func.count().label("files")).group_by(newest.c.kind)
            )
            lately: dict[str, int] = {each.kind: each.files for each in kinds}
            waiting = await connection.scalar(sa.select(sa.func.count()).select_from(due)) or 0
        run = None
        if row is not None:
            whole_at = utc(row.whole_at) if row.whole_at else None
            run = RetentionRun(ended_at=utc(row.ended_at), taken=row.taken, whole_at=whole_at)
        return RetentionStanding(run=run, lately=lately, counted=sum(lately.values()), waiting=waiting)
