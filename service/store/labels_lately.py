"""Labels as they come in, for whoever watches whether there are enough and how they were made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from service.store.database import Database, utc
from service.store.learning_tables import labels

_MOST = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCount:
    """Labels of one source on one UTC day. ``wrong``: with a loss; ``seen``: whose giver knew the score."""

    source: str
    day: datetime
    labels: int
    wrong: int
    seen: int


class LabelsLately:
    """Unavailable as for every method of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counted(self, platform_id: str, since: datetime, until: datetime) -> tuple[LabelCount, ...]:
        """Of the newest 50,000 labels in [since, until), by source and day."""
        newest = (
            sa.select(labels.c.source, labels.c.recorded_at, labels.c.loss_share, labels.c.score_seen)
            .where(labels.c.platform_id == platform_id, labels.c.recorded_at >= since, labels.c.recorded_at < until)
            .order_by(labels.c.recorded_at.desc())
            .limit(_MOST)
            .subquery()
        )
        day = sa.func.date_trunc("day", newest.c.recorded_at)
        query = (
            sa.select(
                newest.c.source,
                day.label("day"),
                sa.func.count().label("labels"),
                sa.func.count().filter(newest.c.loss_share > 0).label("wrong"),
                sa.func.count().filter(newest.c.score_seen).label("seen"),
            )
            .group_by(newest.c.source, day)
            .order_by(newest.c.source, day)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(
            LabelCount(source=row.source, day=utc(row.day), labels=row.labels, wrong=row.wrong, seen=row.seen)
            for row in rows
        )
