"""The reviewers' queues, in the order in which cases should be taken."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.deadlines import DeadlineKind
from service.domain.money import Money
from service.domain.operations import LaneBacklog
from service.domain.queues import NEAR, WAITING, Lane, QueuedCase, QueueLength
from service.store.case_tables import deadlines
from service.store.database import utc
from service.store.tables import cases

_FIRST_DUE = sa.select(sa.func.min(deadlines.c.due_at).label("due_at")).where(
    deadlines.c.platform_id == cases.c.platform_id,
    deadlines.c.case_id == cases.c.id,
    deadlines.c.kind.in_([DeadlineKind.REVIEW.value, DeadlineKind.ARBITRATION.value]),
    # A deadline that passed has ended as expired, and the case is still late.
    deadlines.c.ended_as.is_distinct_from("met"),
    deadlines.c.created_at >= cases.c.state_since,
)
_DUE = _FIRST_DUE.scalar_subquery()


def _waiting(platform_id: str | None, now: datetime) -> sa.Subquery:
    """Of every platform where None."""
    due = _FIRST_DUE.lateral("first_due")  # looked up once a case, though it is used several times
    known = [lane.value for lane in Lane]
    lane = sa.case(
        (cases.c.incident_id.is_not(None), Lane.INCIDENT.value),
        (sa.or_(cases.c.chased_at.is_not(None), now + NEAR >= due.c.due_at), Lane.NEAR_BREACH.value),
        (cases.c.lane.in_(known), cases.c.lane),
        else_=Lane.STANDARD.value,
    )
    of_platform = () if platform_id is None else (cases.c.platform_id == platform_id,)
    return (
        sa.select(
            cases.c.id,
            cases.c.number,
            cases.c.state,
            cases.c.accepted_at,
            cases.c.chased_at,
            cases.c.incident_id,
            cases.c.claim["reason"].astext.label("reason"),
            cases.c.claim["amount_claimed"].label("amount"),
            lane.label("queue"),
            due.c.due_at,
        )
        .join_from(cases, due, sa.true())
        .where(*of_platform, cases.c.state.in_([state.value for state in WAITING]))
        .subquery()
    )


async def everywhere(connection: AsyncConnection, now: datetime) -> dict[Lane, LaneBacklog]:
    """Every lane, over all platforms."""
    waiting = _waiting(None, now)
    rows = await connection.execute(
        sa.select(
            waiting.c.queue,
            sa.func.count().label("cases"),
            sa.func.min(waiting.c.accepted_at).label("oldest"),
            sa.func.count().filter(waiting.c.due_at < now).label("overdue"),
        ).group_by(waiting.c.queue)
    )
    found = {
        Lane(row.queue): LaneBacklog(row.cases, max(0.0, (now - utc(row.oldest)).total_seconds()), row.overdue)
        for row in rows
    }
    return {lane: found.get(lane, LaneBacklog()) for lane in Lane}


async def lengths(connection: AsyncConnection, platform_id: str, now: datetime) -> tuple[QueueLength, ...]:
    """Every lane that has cases, in the order of ``Lane``."""
    waiting = _waiting(platform_id, now)
    rows = await connection.execute(
        sa.select(
            waiting.c.queue,
            sa.func.count().label("cases"),
            sa.func.min(waiting.c.accepted_at).label("oldest"),
            sa.func.min(waiting.c.due_at).label("due_at"),
            sa.func.count(waiting.c.chased_at).label("chased"),
        ).group_by(waiting.c.queue)
    )
    found = [
        QueueLength(
            lane=Lane(row.queue),
            cases=row.cases,
            oldest=utc(row.oldest),
            due_at=None if row.due_at is None else utc(row.due_at),
            chased=row.chased,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: list(Lane).index(each.lane)))


async def waiting(
    connection: AsyncConnection, platform_id: str, now: datetime, *, lane: Lane | None = None, limit: int = 50
) -> tuple[QueuedCase, ...]:
    """The cases to take next: lane by lane, in each what is due first, and the oldest of those."""
    found = _waiting(platform_id, now)
    rank = sa.case({each.value: n for n, each in enumerate(Lane)}, value=found.c.queue)
    statement = sa.select(found).order_by(rank, found.c.due_at.nulls_last(), found.c.accepted_at, found.c.id)
    if lane is not None:
        statement = statement.where(found.c.queue == lane.value)
    return tuple(_queued(row) for row in await connection.execute(statement.limit(limit)))


async def review_due(connection: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> datetime | None:
    """When the review the case waits for was or is due."""
    statement = sa.select(_DUE).select_from(cases).where(cases.c.platform_id == platform_id, cases.c.id == case_id)
    found = await connection.scalar(statement)
    return None if found is None else utc(found)


async def chase(tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, now: datetime) -> bool:
    """False where the case was chased before."""
    done = await tx.execute(
        sa.update(cases)
        .where(cases.c.platform_id == platform_id, cases.c.id == case_id, cases.c.chased_at.is_(None))
        .values(chased_at=now)
    )
    return bool(done.rowcount)


def _queued(row: sa.Row[Any]) -> QueuedCase:
    return QueuedCase(
        case_id=row.id,
        number=row.number,
        lane=Lane(row.queue),
        state=CaseState(row.state),
        reason=ReasonCode(row.reason),
        amount=Money(row.amount["minor"], row.amount["currency"]),
        accepted_at=utc(row.accepted_at),
        due_at=None if row.due_at is None else utc(row.due_at),
        chased_at=None if row.chased_at is None else utc(row.chased_at),
        incident_id=row.incident_id,
    )
