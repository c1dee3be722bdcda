"""Cases as a whole: the case, its latest assessment, the claims linked to it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.assessment import Assessment, Grant
from service.domain.assessment import Party as Asked
from service.domain.cases import FINAL_STATES, Case, CaseState
from service.domain.claims import Claim
from service.domain.codec import from_data
from service.domain.deadlines import Deadline
from service.domain.lifecycle import REASSESSED, REASSESSED_BESIDE, Action, Party
from service.domain.steps import Proposal, Step
from service.store import steps
from service.store.assessments import from_document
from service.store.case_tables import deadlines, grants
from service.store.database import utc
from service.store.jobs import Jobs
from service.store.step_tables import proposals
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
    """``case.evidence`` is everything ever received for the order; ``assessment`` the one that stands.

    ``steps`` oldest first; ``grant``: the standing one; ``deadline``: the next of those that run; ``request``: the
    claim's JSON as it was sent, with later corrections. ``reassessing``: a new assessment is being made beside.
    """

    case: Case
    assessment: Assessment | None
    linked: tuple[LinkedClaim, ...]
    decided_at: datetime | None = None
    steps: tuple[Step, ...] = ()
    grant: Grant | None = None
    proposal: Proposal | None = None
    deadline: Deadline | None = None
    reassessing: bool = False
    request: Mapping[str, Any] | None = None

    @property
    def to_assess(self) -> bool:
        return self.case.state in PENDING_STATES or self.reassessing


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAssessment:
    """One assessment of a case and the claim it was made of; ``superseded_at`` None for the one that stands."""

    assessment: Assessment
    claim: Claim
    recorded_at: datetime
    superseded_at: datetime | None


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
        sa.select(
            cases,
            assessments.c.document,
            _evidence().label("evidence"),
            _linked().label("linked"),
            steps.all_of_case().label("steps"),
            _grant().label("grant_document"),
            _deadline().label("next_deadline"),
            _proposal().label("proposed"),
        )
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


def _grant() -> sa.ScalarSelect[Any]:
    column = grants.c
    return (
        sa.select(column.document)
        .where(column.platform_id == cases.c.platform_id, column.case_id == cases.c.id, column.ended_as.is_(None))
        .scalar_subquery()
    )


def _deadline() -> sa.ScalarSelect[Any]:
    column = deadlines.c
    one = sa.func.jsonb_build_object("kind", column.kind, "due_at", column.due_at, "certain", column.certain)
    return (
        sa.select(one)
        .where(column.platform_id == cases.c.platform_id, column.case_id == cases.c.id, column.ended_as.is_(None))
        .order_by(column.due_at, column.id)
        .limit(1)
        .scalar_subquery()
    )


def _proposal() -> sa.ScalarSelect[Any]:
    column = proposals.c
    return (
        sa.select(sa.func.to_jsonb(proposals.table_valued()))
        .where(column.platform_id == cases.c.platform_id, column.case_id == cases.c.id)
        .scalar_subquery()
    )


def _answered(done: tuple[Step, ...]) -> tuple[Asked, ...]:
    """Whoever was asked and has answered, or is waited for no longer."""
    answered: dict[Asked, None] = {}
    waited_for: Asked | None = None
    for step in done:
        if step.action == Action.ASK_SUPPLIER:
            waited_for = Asked(step.data.get("asked", Asked.SUPPLIER.value))
        elif waited_for is not None and ("answer" in step.data or step.action == Action.SEND_TO_REVIEW):
            answered[waited_for] = None
    return tuple(answered)


def _tells_of_the_order(step: Step) -> bool:
    """A buyer may correct what the buyer said; of the order only the platform's side knows."""
    return step.party is not Party.BUYER and step.data.get("cause") in ("correction", "supplier_answer")


def _record(row: sa.Row[Any]) -> CaseRecord:
    done = steps.from_rows(row.steps)
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
        under_review=row.reassessing or any(step.party in (Party.REVIEWER, Party.SENIOR) for step in done),
        answered=_answered(done),
        corrected_at=tuple(step.at for step in done if _tells_of_the_order(step)),
    )
    return CaseRecord(
        case=case,
        assessment=None if row.document is None else from_document(row.document),
        linked=tuple(from_data(LinkedClaim, one) for one in row.linked or ()),
        decided_at=None if row.decided_at is None else utc(row.decided_at),
        steps=done,
        grant=None if row.grant_document is None else from_data(Grant, row.grant_document),
        proposal=None if row.proposed is None else steps.proposal_of(row.proposed),
        deadline=None if row.next_deadline is None else from_data(Deadline, row.next_deadline),
        reassessing=row.reassessing,
        request=row.request,
    )


async def kept_assessments(
    connection: AsyncConnection, platform_id: str, case_id: uuid.UUID
) -> tuple[KeptAssessment, ...]:
    """Every assessment of a case, oldest first, each with the claim as it was then."""
    claim = sa.func.coalesce(assessments.c.claim, cases.c.claim).label("claim")
    rows = await connection.execute(
        sa.select(assessments.c.document, assessments.c.recorded_at, assessments.c.superseded_at, claim)
        .join_from(
            assessments,
            cases,
            sa.and_(cases.c.platform_id == assessments.c.platform_id, cases.c.id == assessments.c.case_id),
        )
        .where(assessments.c.platform_id == platform_id, assessments.c.case_id == case_id)
        .order_by(assessments.c.recorded_at, assessments.c.id)
    )
    return tuple(
        KeptAssessment(
            assessment=from_document(row.document),
            claim=from_data(Claim, row.claim),
            recorded_at=utc(row.recorded_at),
            superseded_at=None if row.superseded_at is None else utc(row.superseded_at),
        )
        for row in rows
    )


async def pending(connection: AsyncConnection, now: datetime, limit: int = 1000) -> tuple[tuple[str, uuid.UUID], ...]:
    """(platform, case) of everything accepted, due by ``now`` and not decided, over all platforms, oldest first."""
    rows = await connection.execute(
        sa.select(cases.c.platform_id, cases.c.id)
        .where(sa.or_(cases.c.state.in_(PENDING_STATES), cases.c.reassessing), cases.c.due_at <= now)
        .order_by(cases.c.due_at)
        .limit(limit)
    )
    return tuple((row.platform_id, row.id) for row in rows)


_WITHOUT_JOB = sa.text(
    "SELECT platform_id, id FROM cases WHERE (state IN ('accepted', 'assessing') OR reassessing) AND due_at <= :due "
    "AND NOT EXISTS ("
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


async def live_on(
    connection: AsyncConnection, platform_id: str, order_numbers: Collection[str]
) -> tuple[uuid.UUID, ...]:
    """Live cases on these orders that people or jobs still work on; not those being assessed for the first time."""
    states = REASSESSED | REASSESSED_BESIDE
    rows = await connection.scalars(
        sa.select(cases.c.id)
        .where(
            cases.c.platform_id == platform_id,
            cases.c.order_number == sa.any_(sa.cast(list(order_numbers), sa.ARRAY(sa.Text))),
            cases.c.state.not_in(FINAL_STATES),  # what the index on live orders has
            cases.c.state.in_(states),
        )
        .order_by(cases.c.id)
    )
    return tuple(rows)
