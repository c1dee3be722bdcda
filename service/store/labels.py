"""Labels: what a case turned out to be, from whom, and how it came to be looked at."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.domain.identifiers import new_id
from service.store import audit
from service.store.tables import labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """``source``: e.g. audit_draw, review, appeal, chargeback. ``value``: e.g. right, wrong.

    ``score_seen``: the reviewer saw the risk before judging, so the label leans on it. ``draw_probability`` in (0, 1]:
    how likely this case was to be drawn, for weighting; None where it was not drawn by chance.
    """

    platform_id: str
    case_id: uuid.UUID
    source: str
    reviewer: Actor
    value: str
    recorded_at: datetime
    score_seen: bool
    draw_probability: float | None = None


async def add(tx: AsyncConnection, label: Label) -> uuid.UUID:
    """Store a label and return its id; NotFound for a case the platform does not have."""
    label_id = new_id()
    try:
        await tx.execute(
            sa.insert(labels),
            {
                "platform_id": label.platform_id, "id": label_id, "case_id": label.case_id, "source": label.source,
                "reviewer_kind": label.reviewer.kind.value, "reviewer_name": label.reviewer.name,
                "value": label.value, "recorded_at": label.recorded_at, "score_seen": label.score_seen,
                "draw_probability": label.draw_probability,
            },
        )  # fmt: skip
    except sa.exc.IntegrityError as error:
        raise NotFound(f"there is no case {label.case_id} here") from error
    details = {"label": str(label_id), "source": label.source, "value": label.value}
    subject = audit.case_subject(label.case_id)
    await audit.add_entry(tx, label.platform_id, label.reviewer, "case.labelled", subject, label.recorded_at, details)
    return label_id
