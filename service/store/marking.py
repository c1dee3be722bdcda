"""Reading labels and risk marks, in the caller's transactions. Texts of pages stay out of the audit entries."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, ActorKind
from service.domain.evidence import FieldName
from service.domain.marks import ReadingLabel, RiskMark
from service.store import audit
from service.store.database import utc
from service.store.marking_tables import reading_labels, risk_marks


async def add_reading(tx: AsyncConnection, label: ReadingLabel, order_number: str) -> None:
    await tx.execute(
        sa.insert(reading_labels),
        {
            "platform_id": label.platform_id, "id": label.id, "case_id": label.case_id,
            "order_number": order_number, "sha256": label.sha256, "field": label.field.value, "read": label.read,
            "text": label.text, "value": label.value, "reader": label.reader, "actor_kind": label.actor.kind.value,
            "actor_name": label.actor.name, "recorded_at": label.recorded_at,
        },
    )  # fmt: skip
    after = {"field": label.field.value, "sha256": label.sha256, "label": str(label.id)}
    await _note(tx, label.platform_id, label.case_id, label.actor, "case.reading_corrected", label.recorded_at, after)


async def readings_of_order(
    connection: AsyncConnection, platform_id: str, order_number: str, *, by: datetime
) -> tuple[ReadingLabel, ...]:
    """Of every page of an order, as known at ``by``, oldest first."""
    column = reading_labels.c
    rows = await connection.execute(
        sa.select(reading_labels)
        .where(column.platform_id == platform_id, column.order_number == order_number, column.recorded_at <= by)
        .order_by(column.recorded_at, column.id)
    )
    return tuple(
        ReadingLabel(
            id=row.id,
            platform_id=row.platform_id,
            case_id=row.case_id,
            sha256=row.sha256,
            field=FieldName(row.field),
            read=row.read,
            text=row.text,
            value=row.value,
            reader=row.reader,
            actor=Actor(ActorKind(row.actor_kind), row.actor_name),
            recorded_at=utc(row.recorded_at),
        )
        for row in rows
    )


async def add_mark(tx: AsyncConnection, mark: RiskMark) -> None:
    await tx.execute(
        sa.insert(risk_marks),
        {
            "platform_id": mark.platform_id, "id": mark.id, "case_id": mark.case_id, "loss_share": mark.loss_share,
            "confidence": mark.confidence, "note": mark.note, "score_seen": mark.score_seen,
            "actor_kind": mark.actor.kind.value, "actor_name": mark.actor.name, "recorded_at": mark.recorded_at,
        },
    )  # fmt: skip
    permille = round(mark.loss_share * 1000)
    after = {"mark": str(mark.id), "loss_permille": permille, "confidence": mark.confidence, "seen": mark.score_seen}
    await _note(tx, mark.platform_id, mark.case_id, mark.actor, "case.risk_marked", mark.recorded_at, after)


async def _note(
    tx: AsyncConnection,
    platform_id: str,
    case_id: uuid.UUID,
    actor: Actor,
    action: str,
    at: datetime,
    after: Mapping[str, object],
) -> None:
    await audit.register_actor(tx, platform_id, actor, at)
    await audit.add_entry(tx, platform_id, actor, action, audit.case_subject(case_id), at, after, after=after)
