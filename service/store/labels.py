"""Labels on cases, and the audit sample they are collected for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, ActorKind
from service.domain.errors import InvalidRequest, NotFound
from service.domain.identifiers import new_id
from service.domain.labels import Label, LabelSource, SampledCase
from service.store import audit
from service.store.database import utc
from service.store.learning_tables import labels
from service.store.tables import assessments, cases


async def add(tx: AsyncConnection, label: Label) -> uuid.UUID:
    """Store a label and return its id; NotFound for a case the platform does not have, InvalidRequest for a share
    outside [0, 1]."""
    if not 0.0 <= label.loss_share <= 1.0:
        raise InvalidRequest(f"a loss share is between 0 (right) and 1 (all of it wrong), not {label.loss_share:g}")
    label_id = new_id()
    try:
        await tx.execute(
            sa.insert(labels),
            {
                "platform_id": label.platform_id, "id": label_id, "case_id": label.case_id,
                "source": label.source.value, "reviewer_kind": label.reviewer.kind.value,
                "reviewer_name": label.reviewer.name, "loss_share": label.loss_share,
                "recorded_at": label.recorded_at, "score_seen": label.score_seen,
                "draw_probability": label.draw_probability,
            },
        )  # fmt: skip
    except sa.exc.IntegrityError as error:
        raise NotFound(f"there is no case {label.case_id} here") from error
    details = {"label": str(label_id), "source": label.source.value, "loss_share": label.loss_share}
    subject = audit.case_subject(label.case_id)
    await audit.add_entry(
        tx, label.platform_id, label.reviewer, "case.labelled", subject, label.recorded_at, details, after=details
    )
    return label_id


_WOULD, _STANDS = assessments.c.document["would_have_been"], assessments.c.document["verdict"]
# Approved first and judged afterwards, as the assessment says: an approval of a class outside the audit is no sample.
_LATER = assessments.c.document["audited_later"].astext == "true"
_CLASS = sa.case((_LATER, _STANDS["approval_class"].astext), else_=_WOULD["approval_class"].astext)
_AMOUNT = sa.case((_LATER, _STANDS["grant"]["amount"]), else_=_WOULD["grant"]["amount"])
# Sent to a person by the draw alone, or approved in spite of it; partial index assessments_drawn_idx.
_SAMPLE = (
    sa.select(
        assessments.c.case_id,
        assessments.c.recorded_at,
        cases.c.number,
        assessments.c.document["certificate"].astext.label("certificate"),
        _CLASS.label("approval_class"),
        _AMOUNT.label("amount"),
    )
    .join_from(
        assessments,
        cases,
        sa.and_(cases.c.platform_id == assessments.c.platform_id, cases.c.id == assessments.c.case_id),
    )
    .where(
        assessments.c.platform_id == sa.bindparam("platform_id"),
        assessments.c.audit_drawn,
        # Evidence added afterwards must not take a case out of the sample: the draw stays with what it drew.
        assessments.c.document["under_review"].astext.is_distinct_from("true"),
        _CLASS.is_not(None),
    )
    .order_by(assessments.c.recorded_at, assessments.c.case_id)
)


async def sample(
    connection: AsyncConnection,
    platform_id: str,
    *,
    case_id: uuid.UUID | None = None,
    certificate: str | None = None,
    approval_class: str | None = None,
    drawn_after: datetime | None = None,
) -> tuple[SampledCase, ...]:
    """Would-be approvals of the platform that were drawn for audit, oldest first, with all their labels.

    Each further word narrows it: one case; those approved under one certificate, or by one class; those drawn after a
    moment. The whole sample grows for ever, so who asks often says which part.
    """
    wanted = {
        assessments.c.case_id: case_id,
        assessments.c.document["certificate"].astext: certificate,
        _CLASS: approval_class,
    }
    query = _SAMPLE.where(*(column == value for column, value in wanted.items() if value is not None))
    if drawn_after is not None:
        query = query.where(assessments.c.recorded_at > drawn_after)
    rows = (await connection.execute(query, {"platform_id": platform_id})).all()
    found = await labels_of(connection, platform_id, [row.case_id for row in rows])
    return tuple(
        SampledCase(
            case_id=row.case_id,
            number=row.number,
            drawn_at=utc(row.recorded_at),
            amount_minor=int(row.amount["minor"]),
            currency=row.amount["currency"],
            approval_class=row.approval_class,
            certificate=row.certificate,
            labels=tuple(found.get(row.case_id, ())),
        )
        for row in rows
    )


async def labels_of(
    connection: AsyncConnection, platform_id: str, case_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[Label]]:
    """All labels of these cases, oldest first."""
    rows = await connection.execute(
        sa.select(labels)
        .where(labels.c.platform_id == platform_id, labels.c.case_id == _any(case_ids))
        .order_by(labels.c.recorded_at, labels.c.id)
    )
    found: dict[uuid.UUID, list[Label]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(_label(row))
    return found


def _any(case_ids: Sequence[uuid.UUID]) -> Any:
    # One parameter, however many: a statement has room for 65,535.
    return sa.any_(sa.cast(list(case_ids), ARRAY(UUID(as_uuid=True))))


def _label(row: sa.Row[Any]) -> Label:
    return Label(
        platform_id=row.platform_id,
        case_id=row.case_id,
        source=LabelSource(row.source),
        reviewer=Actor(ActorKind(row.reviewer_kind), row.reviewer_name),
        loss_share=row.loss_share,
        recorded_at=utc(row.recorded_at),
        score_seen=row.score_seen,
        draw_probability=row.draw_probability,
    )
