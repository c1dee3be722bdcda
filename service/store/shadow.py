"""Shadow scores: written in batches beside the flow, read together with what the cases turned out to be."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from statistics import fmean
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.labels import LabelSource
from service.domain.shadow import JudgedShadow, ShadowScore
from service.store.database import utc
from service.store.learning_tables import labels, shadow_scores
from service.store.tables import assessments

_NAMES = tuple(ShadowScore.__dataclass_fields__)
# The first that a case has counts; several blind judgements of one case are averaged.
_ORDER = (
    LabelSource.RECORD, LabelSource.ADJUDICATION, LabelSource.AUDIT, LabelSource.CHARGEBACK, LabelSource.APPEAL,
    LabelSource.REVIEW,
)  # fmt: skip


async def add(tx: AsyncConnection, scores: Sequence[ShadowScore]) -> None:
    """Store scores; one that is there already stays."""
    await tx.execute(insert(shadow_scores).on_conflict_do_nothing(), [asdict(score) for score in scores])


async def judged(
    connection: AsyncConnection,
    platform_id: str,
    since: datetime,
    until: datetime,
    model: str | None = None,
    newest: int | None = None,
) -> tuple[JudgedShadow, ...]:
    """Scores recorded in [since, until), oldest first, each with the labels its case has by now; only the ``newest`` of
    them where that is given."""
    if newest is not None:
        since = await _from(connection, platform_id, since, until, newest)
    wanted = [
        shadow_scores.c.platform_id == platform_id,
        shadow_scores.c.recorded_at >= since,
        shadow_scores.c.recorded_at < until,
        *([shadow_scores.c.model == model] if model else []),
    ]
    rows = (
        await connection.execute(
            sa.select(shadow_scores, assessments.c.audit_drawn, assessments.c.draw_probability)
            .outerjoin(
                assessments,
                sa.and_(
                    assessments.c.platform_id == shadow_scores.c.platform_id,
                    assessments.c.id == shadow_scores.c.assessment_id,
                ),
            )
            .where(*wanted)
            .order_by(shadow_scores.c.recorded_at, shadow_scores.c.assessment_id)
        )
    ).all()
    found = await _shares(connection, platform_id, sa.select(shadow_scores.c.case_id).where(*wanted))
    return tuple(_judged(row, found.get(row.case_id)) for row in rows)


async def _from(
    connection: AsyncConnection, platform_id: str, since: datetime, until: datetime, newest: int
) -> datetime:
    """Since when there are ``newest`` scores, by the index of their times."""
    moment = shadow_scores.c.recorded_at
    query = sa.select(moment).where(shadow_scores.c.platform_id == platform_id, moment >= since, moment < until)
    found = await connection.scalar(query.order_by(moment.desc()).offset(newest - 1).limit(1))
    return since if found is None else utc(found)


def _judged(row: sa.Row[Any], loss_share: float | None) -> JudgedShadow:
    values = {name: getattr(row, name) for name in _NAMES}
    score = ShadowScore(**{**values, "recorded_at": utc(values["recorded_at"])})
    drawn = bool(row.audit_drawn) and row.draw_probability
    return JudgedShadow(score=score, loss_share=loss_share, stands_for=1.0 / row.draw_probability if drawn else 1.0)


async def _shares(
    connection: AsyncConnection, platform_id: str, of_cases: sa.Select[tuple[uuid.UUID]]
) -> dict[uuid.UUID, float]:
    rows = await connection.execute(
        sa.select(labels.c.case_id, labels.c.source, labels.c.loss_share).where(
            labels.c.platform_id == platform_id, labels.c.case_id.in_(of_cases)
        )
    )
    found: dict[uuid.UUID, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for case_id, source, share in rows:
        found[case_id][source].append(share)
    return {
        case_id: fmean(next(by_source[source] for source in _ORDER if source in by_source))
        for case_id, by_source in found.items()
    }
