"""Stored cases as another policy would have met them: the claim as it was, and what its first assessment saw."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.assessment import Assessment
from service.domain.claims import Claim
from service.domain.codec import from_data
from service.store.assessments import from_document
from service.store.database import Database, utc
from service.store.learning_tables import labels
from service.store.tables import assessments, cases

_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedCase:
    """``loss_share``: of its money, in [0, 1], as judged last; None where nobody has judged it."""

    case_id: uuid.UUID
    number: str
    accepted_at: datetime
    claim: Claim
    assessment: Assessment
    loss_share: float | None


class TrialCases:
    """Reads only. The first assessment is what the claim was answered with; what came to be known later made others."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def one(self, platform_id: str, reference: str) -> TriedCase | None:
        """A case of this platform by id or number; None where there is none, or it has not been assessed."""
        try:
            which = cases.c.id == uuid.UUID(reference)
        except ValueError:
            which = cases.c.number == reference
        async with self._database.reading() as connection:
            found = await _load(connection, platform_id, which, limit=1)
        return found[0] if found else None

    async def between(self, platform_id: str, since: datetime, until: datetime) -> AsyncIterator[TriedCase]:
        """Assessed cases accepted in [since, until), oldest first; read in batches, so that none fills the memory."""
        column, last = cases.c, None
        window = sa.and_(column.accepted_at >= since, column.accepted_at < until)
        while True:
            rest = window
            if last is not None:
                rest = sa.and_(window, sa.tuple_(column.accepted_at, column.id) > sa.tuple_(*_position(last)))
            async with self._database.reading() as connection:
                batch = await _load(connection, platform_id, rest, limit=_BATCH)
            for one in batch:
                yield one
            if len(batch) < _BATCH:
                return
            last = batch[-1]


def _position(case: TriedCase) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    return (
        sa.bindparam("last_at", case.accepted_at, type_=cases.c.accepted_at.type),
        sa.bindparam("last_id", case.case_id, type_=cases.c.id.type),
    )


async def _load(
    connection: AsyncConnection, platform_id: str, which: sa.ColumnElement[bool], *, limit: int
) -> list[TriedCase]:
    first = (
        sa.select(assessments.c.document, assessments.c.claim)
        .where(assessments.c.platform_id == cases.c.platform_id, assessments.c.case_id == cases.c.id)
        .order_by(assessments.c.recorded_at, assessments.c.id)
        .limit(1)
        .lateral("first_assessment")
    )
    judged = (
        sa.select(labels.c.loss_share)
        .where(labels.c.platform_id == cases.c.platform_id, labels.c.case_id == cases.c.id)
        .order_by(labels.c.recorded_at.desc(), labels.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = await connection.execute(
        sa.select(
            cases.c.id,
            cases.c.number,
            cases.c.accepted_at,
            sa.func.coalesce(first.c.claim, cases.c.claim).label("claim"),
            first.c.document,
            judged.label("loss_share"),
        )
        .join_from(cases, first, sa.true())
        .where(cases.c.platform_id == platform_id, which)
        .order_by(cases.c.accepted_at, cases.c.id)
        .limit(limit)
    )
    return [
        TriedCase(
            case_id=row.id,
            number=row.number,
            accepted_at=utc(row.accepted_at),
            claim=from_data(Claim, row.claim),
            assessment=from_document(row.document),
            loss_share=row.loss_share,
        )
        for row in rows
    ]
