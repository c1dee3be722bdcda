"""What has been decided lately, as drift needs it: features, risk, outcome, and how late labels come."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.assessment import Decision
from service.domain.monitoring import Lately
from service.store.learning_tables import labels
from service.store.tables import assessments, cases, platforms


async def lately(
    connection: AsyncConnection,
    platform_id: str | None,
    since: datetime,
    until: datetime,
    *,
    features: Sequence[str],
    feature_hash: str,
    limit: int,
) -> Lately:
    """The newest ``limit`` assessments in [since, until) made on these features; of every platform where None."""
    wanted = [
        assessments.c.recorded_at >= since,
        assessments.c.recorded_at < until,
        assessments.c.superseded_at.is_(None),
        *([assessments.c.platform_id == platform_id] if platform_id else []),
    ]
    rows = (await connection.execute(_newest(platform_id, wanted, feature_hash, limit))).all()
    every = await connection.scalar(sa.select(sa.func.count()).select_from(assessments).where(*wanted)) or 0
    delays = await connection.execute(
        sa.select(labels.c.recorded_at - cases.c.accepted_at)
        .join_from(labels, cases, sa.and_(cases.c.platform_id == labels.c.platform_id, cases.c.id == labels.c.case_id))
        .where(
            labels.c.recorded_at >= since,
            labels.c.recorded_at < until,
            *([labels.c.platform_id == platform_id] if platform_id else []),
        )
        .order_by(labels.c.recorded_at.desc())
        .limit(limit)
    )
    return Lately(
        rows=tuple(tuple(_number(row.features.get(name)) for name in features) for row in rows),
        risks=tuple(_number(row.risk) for row in rows),
        approved=sum(row.decision == Decision.AUTO_APPROVED.value for row in rows),
        label_delay_days=tuple(delay.total_seconds() / 86_400 for delay in delays.scalars()),
        decided=every,
    )


def _newest(
    platform_id: str | None, wanted: list[sa.ColumnElement[bool]], feature_hash: str, limit: int
) -> sa.Select[Any]:
    """Walked newest first along an index, platform by platform: documents are large, and older ones are not opened."""
    document = assessments.c.document
    found = (
        sa.select(
            assessments.c.decision,
            assessments.c.risk,
            assessments.c.recorded_at,
            document["features"].label("features"),
        )
        .where(
            *wanted,
            document["versions"]["features"].astext == feature_hash,
            document["features"] != sa.text("'{}'::jsonb"),
        )
        .order_by(assessments.c.recorded_at.desc())
        .limit(limit)
    )
    if platform_id is not None:
        return found
    each = found.where(assessments.c.platform_id == platforms.c.id).correlate(platforms).lateral("each")
    return sa.select(each).select_from(platforms).join(each, sa.true()).order_by(each.c.recorded_at.desc()).limit(limit)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
