"""Assessments as stored documents."""

from __future__ import annotations

import math
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.assessment import Assessment
from service.domain.codec import from_data, to_data
from service.store import together
from service.store.tables import assessments

# Of the text PostgreSQL gives: the same for whoever asks later, whatever numbers looked like on their way in.
STORED_SHA256 = sa.func.encode(
    sa.func.sha256(sa.func.convert_to(sa.cast(assessments.c.document, sa.Text), "UTF8")), "hex"
)
_COLUMNS = (
    "platform_id", "id", "case_id", "document", "decision", "risk", "audit_drawn", "draw_probability", "recorded_at",
)  # fmt: skip
_ADD = together.statement(
    {
        "added": together.insert_of(
            assessments,
            _COLUMNS,
            instead="RETURNING encode(sha256(convert_to(document::text, 'UTF8')), 'hex') AS sha256",
        )
    },
    "SELECT sha256 FROM added",
)


def to_document(assessment: Assessment) -> dict[str, Any]:
    """JSON-ready and complete. A feature that is not a number becomes null: JSON has no other word for it."""
    document: dict[str, Any] = to_data(assessment)
    document["features"] = {
        name: value if math.isfinite(value) else None for name, value in assessment.features.items()
    }
    return document


def from_document(document: dict[str, Any]) -> Assessment:
    """The assessment that ``to_document`` wrote."""
    features = {name: math.nan if value is None else value for name, value in document["features"].items()}
    return from_data(Assessment, {**document, "features": features})


async def add(
    tx: AsyncConnection,
    platform_id: str,
    assessment: Assessment,
    *,
    recorded_at: datetime,
    audit_drawn: bool,
    draw_probability: float | None,
    supersedes: uuid.UUID | None,
) -> str:
    """Store an assessment; the one it supersedes stays and is marked. Returns SHA-256 (hex) of the document as stored,
    for the audit trail."""
    if supersedes is not None:
        await tx.execute(
            sa.update(assessments)
            .where(assessments.c.platform_id == platform_id, assessments.c.id == supersedes)
            .values(superseded_at=recorded_at)
        )
    row = {
        "platform_id": platform_id, "id": assessment.id, "case_id": assessment.case_id,
        "document": to_document(assessment), "decision": assessment.verdict.decision.value,
        "risk": assessment.risk.probability if assessment.risk else None, "audit_drawn": audit_drawn,
        "draw_probability": draw_probability, "recorded_at": recorded_at,
    }  # fmt: skip
    [(stored,)] = await together.run(tx, _ADD, {"assessments": [row]})
    return str(stored)


async def get(connection: AsyncConnection, platform_id: str, assessment_id: uuid.UUID) -> Assessment | None:
    document = await connection.scalar(
        sa.select(assessments.c.document).where(
            assessments.c.platform_id == platform_id, assessments.c.id == assessment_id
        )
    )
    return None if document is None else from_document(document)
