"""Cases as a whole: the case, its latest assessment, the claims linked to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.assessment import Assessment
from service.domain.cases import Case, CaseState
from service.domain.claims import Claim
from service.domain.codec import from_data
from service.store.assessments import from_document
from service.store.database import utc
from service.store.jobs import Jobs
from service.store.tables import PENDING_STATES, assessments, cases, linked_claims, order_evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedClaim:
    """A later claim on the same order; ``evidence`` are the hashes of the files it brought."""

    id: uuid.UUID
    claim: Claim
    evidence: tuple[str, ...]
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """``case.evidence`` is everything ever received for the order; ``assessment`` the one that stands."""

    case: Case
    assessment: Assessment | None
    linked: tuple[LinkedClaim, ...]
    decided_at: datetime | None = None


async def load(connection: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> CaseRecord | None:
    return await _load(connection, platform_id, cases.c.id == case_id)


async def load_by_number(connection: AsyncConnection, platform_id: str, number: str) -> CaseRecord | None:
    return await _load(connection, platform_id, cases.c.number == number)


async def find(connection: AsyncConnection, reference: str) -> CaseRecord | None:
    """A case by id or number, whatever its platform."""
    try:
        which = cases.c.id == uuid.UUID(reference)
    except ValueError:
        which = cases.c.number == reference
    where = (await connection.execute(sa.select(cases.c.platform_id, cases.c.id).where(which))).one_or_none()
    return None if where is None else await load(connection, where.platform_id, where.id)


async def _load(connection: AsyncConnection, platform_id: str, which: sa.ColumnElement[bool]) -> CaseRecord | None:
    statement: sa.Select[Any] = (
        sa.select(cases, assessments.c.document, _evidence().label("evidence"), _linked().label("linked"))
        .outerjoin_from(
            cases,
            assessments,
            sa.and_(
                assessments.c.platform_id == cases.c.platform_id,
                assessments.c.id == cases.c.assessment_id,
            ),
        )
        .where(cases.c.platform_id == platform_id, which)
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _record(row)


def _evidence() -> sa.ScalarSelect[Any]:
    column = order_evidence.c
    order = aggregate_order_by(column.sha256, column.received_at, column.position, column.sha256)
    return (
        sa.select(sa.func.array_agg(order))
        .where(column.platform_id == cases.c.platform_id, column.order_number == cases.c.order_number)
        .scalar_subquery()
    )


def _linked() -> sa.ScalarSelect[Any]:
    column = linked_claims.c
    one = sa.func.jsonb_build_object(
        "id", column.id, "claim", column.claim, "evidence", column.evidence, "received_at", column.received_at
    )
    return (
        sa.select(sa.func.jsonb_agg(aggregate_order_by(one, column.received_at, column.id)))
        .where(column.platform_id == cases.c.platform_id, column.case_id == cases.c.id)
        .scalar_subquery()
    )


def _record(row: sa.Row[Any]) -> CaseRecord:
    case = Case(
        id=row.id,
        number=row.number,
        platform_id=row.platform_id,
        claim=from_data(Claim, row.claim),
        state=CaseState(row.state),
        accepted_at=utc(row.accepted_at),
        as_of=utc(row.as_of),
        due_at=utc(row.due_at),
        evidence=tuple(row.evidence or ()),
        version=row.version,
    )
    return CaseRecord(
        case=case,
        assessment=None if row.document is None else from_document(row.document),
        linked=tuple(from_data(LinkedClaim, one) for one in row.linked or ()),
        decided_at=None if row.decided_at is None else utc(row.decided_at),
    )


async def pending(connection: AsyncConnection, now: datetime, limit: int = 1000) -> tuple[tuple[str, uuid.UUID], ...]:
    """(platform, case) of everything accepted, due by ``now`` and not decided, over all platforms, oldest first."""
    rows = await connection.execute(
        sa.select(cases.c.platform_id, cases.c.id)
        .where(cases.c.state.in_(PENDING_STATES), cases.c.due_at <= now)
        .order_by(cases.c.due_at)
        .limit(limit)
    )
    return tuple((row.platform_id, row.id) for row in rows)


_WITHOUT_JOB = sa.text(
    "SELECT platform_id, id FROM cases WHERE state IN ('accepted', 'assessing') AND due_at <= :due AND NOT EXISTS ("
    "SELECT FROM procrastinate_jobs AS job WHERE job.id = cases.assess_job_id AND job.status IN ('todo', 'doing'))"
    " ORDER BY due_at LIMIT 100 FOR UPDATE SKIP LOCKED"
)


async def defer_overdue(tx: AsyncConnection, jobs: Jobs, now: datetime, grace: timedelta) -> int:
    """A new job for every case that is ``grace`` past due and whose job gave up or is gone; returns how many."""
    rows = (await tx.execute(_WITHOUT_JOB, {"due": now - grace})).all()
    for row in rows:
        job_id = await jobs.defer_assessment(tx, row.platform_id, row.id, 0)
        which = sa.and_(cases.c.platform_id == row.platform_id, cases.c.id == row.id)
        await tx.execute(sa.update(cases).where(which).values(assess_job_id=job_id))
    return len(rows)
