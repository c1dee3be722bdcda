"""The reviewers' queues, in the order in which cases should be taken.

Everything is read from ``queued_cases``: one narrow row a waiting case, so that what was decided is never looked at,
and every list walks an index in its own order and stops when the page is full.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.money import Money
from service.domain.operations import LaneBacklog
from service.domain.queues import (
    COUNTED,
    NEAR,
    Held,
    Lane,
    LaneGlance,
    QueuedCase,
    QueueFilter,
    QueueLength,
    QueuePage,
    QueuePosition,
)
from service.store.database import utc
from service.store.holding_tables import held_decisions
from service.store.queue_tables import case_locks, queued_cases
from service.store.tables import cases

SCANNED = 5_000
"""Cases one page looks through where a filter has no index of its own."""

_q = queued_cases.c
ORDER = (_q.urgent_at, _q.accepted_at, _q.case_id)


def in_lane(lane: Lane, now: datetime) -> sa.ColumnElement[bool]:
    """Whether a queued case is in a lane at a moment."""
    if lane is Lane.INCIDENT:
        return _q.lane == lane.value
    if lane is Lane.NEAR_BREACH:
        return sa.and_(_q.lane != sa.literal_column("'incident'"), _q.urgent_at <= now + NEAR)
    return sa.and_(_q.lane == lane.value, _q.urgent_at > now + NEAR)


def to_take(now: datetime) -> sa.ColumnElement[bool]:
    """Not on hold at a moment."""
    return sa.or_(_q.held_until.is_(None), _q.held_until <= now)


def _lane_at(now: datetime) -> sa.Case[str]:
    return sa.case(
        (_q.lane == Lane.INCIDENT.value, Lane.INCIDENT.value),
        (_q.urgent_at <= now + NEAR, Lane.NEAR_BREACH.value),
        else_=_q.lane,
    )


# --- how many ------------------------------------------------------------------------------------------------------


async def everywhere(connection: AsyncConnection, now: datetime) -> dict[Lane, LaneBacklog]:
    """Every lane, over all platforms."""
    rows = await connection.execute(
        sa.select(
            _lane_at(now).label("queue"),
            sa.func.count().label("cases"),
            sa.func.min(_q.accepted_at).label("oldest"),
            sa.func.count().filter(_q.due_at < now).label("overdue"),
        )
        .where(to_take(now))
        .group_by(sa.literal_column("queue"))
    )
    found = {
        Lane(row.queue): LaneBacklog(row.cases, max(0.0, (now - utc(row.oldest)).total_seconds()), row.overdue)
        for row in rows
    }
    return {lane: found.get(lane, LaneBacklog()) for lane in Lane}


async def lengths(connection: AsyncConnection, platform_id: str, now: datetime) -> tuple[QueueLength, ...]:
    """Every lane that has cases, in the order of ``Lane``, counted to the end."""
    rows = await connection.execute(
        sa.select(
            _lane_at(now).label("queue"),
            sa.func.count().label("cases"),
            sa.func.min(_q.accepted_at).label("oldest"),
            sa.func.min(_q.due_at).label("due_at"),
            sa.func.count(_q.chased_at).label("chased"),
        )
        .where(_q.platform_id == platform_id, to_take(now))
        .group_by(sa.literal_column("queue"))
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


async def glances(connection: AsyncConnection, platform_id: str, now: datetime) -> tuple[LaneGlance, ...]:
    """Every lane, counted as far as ``COUNTED``: the same few index pages however long the queues are."""
    rows = await connection.execute(sa.union_all(*(_glance(platform_id, lane, now) for lane in Lane)))
    found = {row.lane: row for row in rows}
    return tuple(_glanced(lane, found[lane.value]) for lane in Lane)


def _glance(platform_id: str, lane: Lane, now: datetime) -> sa.Select[Any]:
    first = (
        sa.select(*ORDER)
        .where(_q.platform_id == platform_id, in_lane(lane, now), to_take(now))
        .order_by(*ORDER)
        .limit(COUNTED + 1)
        .subquery()
    )
    due = (
        sa.select(_q.due_at)
        .where(_q.platform_id == platform_id, in_lane(lane, now), to_take(now))
        .order_by(*ORDER)
        .limit(1)
        .scalar_subquery()
    )
    return sa.select(
        sa.literal(lane.value).label("lane"),
        sa.func.count().label("cases"),
        sa.func.count().filter(first.c.urgent_at < now).label("late"),
        sa.func.min(first.c.accepted_at).label("oldest"),
        due.label("due_at"),
    ).select_from(first)


def _glanced(lane: Lane, row: sa.Row[Any]) -> LaneGlance:
    return LaneGlance(
        lane=lane,
        cases=min(row.cases, COUNTED),
        more=row.cases > COUNTED,
        late=min(row.late, COUNTED),
        oldest=None if row.oldest is None else utc(row.oldest),
        due_at=None if row.due_at is None else utc(row.due_at),
    )


# --- which ---------------------------------------------------------------------------------------------------------


async def waiting(
    connection: AsyncConnection, platform_id: str, now: datetime, *, lane: Lane | None = None, limit: int = 50
) -> tuple[QueuedCase, ...]:
    """The cases to take next: lane by lane, in each what is most urgent, and the oldest of those."""
    found: list[QueuedCase] = []
    for each in (lane,) if lane is not None else Lane:
        if len(found) < limit:
            of_lane = QueueFilter(lane=each)
            found += (await page(connection, platform_id, of_lane, None, now, limit - len(found))).cases
    return tuple(found)


async def page(
    connection: AsyncConnection,
    platform_id: str,
    wanted: QueueFilter,
    after: QueuePosition | None,
    now: datetime,
    limit: int,
) -> QueuePage:
    """Up to ``limit`` cases, the most urgent first; what a filter without index leaves out is looked through up to
    ``SCANNED`` cases a page."""
    rows = (await connection.execute(statement(platform_id, wanted, after, now, limit))).all()
    found = tuple(_queued(row, now) for row in rows[:limit])
    if len(rows) > limit:
        return QueuePage(cases=found, after=found[-1].position)
    if not _looked_through(wanted):
        return QueuePage(cases=found)
    reached = await _reached(connection, platform_id, wanted, after, now)
    return QueuePage(cases=found, after=reached, looked_through=reached is not None)


def statement(
    platform_id: str, wanted: QueueFilter, after: QueuePosition | None, now: datetime, limit: int
) -> sa.Select[Any]:
    """The query of one page, and of one case more."""
    plain = _looked_through(wanted)
    walk = _walk(platform_id, wanted, after, now).limit(SCANNED if plain else limit + 1).subquery("walk")
    first = sa.select(walk).where(*_left(walk.c, wanted)).order_by(walk.c.urgent_at, walk.c.accepted_at, walk.c.case_id)
    return _dressed(first.limit(limit + 1).subquery("few"), now)


async def chosen(
    connection: AsyncConnection, platform_id: str, case_ids: Collection[uuid.UUID], now: datetime
) -> tuple[QueuedCase, ...]:
    """Of these cases those that wait, the most urgent first."""
    few = sa.select(queued_cases).where(_q.platform_id == platform_id, _q.case_id.in_(case_ids)).subquery("few")
    return tuple(_queued(row, now) for row in await connection.execute(_dressed(few, now)))


def _dressed(few: sa.Subquery, now: datetime) -> sa.Select[Any]:
    """With what a list shows of each case, and who has it."""
    lock = case_locks.c
    return (
        sa.select(
            few,
            cases.c.number,
            cases.c.version,
            cases.c.claim["order"]["product"]["name"].astext.label("product"),
            lock.login.label("holder"),
            lock.handed_by,
            held_decisions.c.id.label("deciding"),
        )
        .join_from(few, cases, sa.and_(cases.c.platform_id == few.c.platform_id, cases.c.id == few.c.case_id))
        .outerjoin(
            case_locks,
            sa.and_(lock.platform_id == few.c.platform_id, lock.case_id == few.c.case_id, lock.until > now),
        )
        .outerjoin(
            held_decisions,
            sa.and_(
                held_decisions.c.platform_id == few.c.platform_id,
                held_decisions.c.case_id == few.c.case_id,
                held_decisions.c.ended_as.is_(None),
            ),
        )
        .order_by(few.c.urgent_at, few.c.accepted_at, few.c.case_id)
    )


def _walk(platform_id: str, wanted: QueueFilter, after: QueuePosition | None, now: datetime) -> sa.Select[Any]:
    """In the list's order, by what an index answers."""
    where: list[sa.ColumnElement[bool]] = [_q.platform_id == platform_id]
    given: list[tuple[Any, Any]] = [
        (_q.reason, wanted.reason.value if wanted.reason else None),
        (_q.seller_id, wanted.seller_id),
        (_q.product_id, wanted.product_id),
        (_q.incident_id, wanted.incident_id),
    ]
    where += [column == value for column, value in given if value is not None]
    if wanted.lane is not None:
        where.append(in_lane(wanted.lane, now))
    if wanted.held is not Held.TOO:
        where.append(_q.held_until > now if wanted.held is Held.ONLY else to_take(now))
    if wanted.mine is not None:
        where.append(_q.case_id.in_(_cases_of(platform_id, wanted.mine, now)))
    if after is not None:
        where.append(sa.tuple_(*ORDER) > sa.tuple_(*(sa.literal(each) for each in after)))
    return sa.select(queued_cases).where(*where).order_by(*ORDER)


def _cases_of(platform_id: str, login: str, now: datetime) -> sa.Select[Any]:
    lock = case_locks.c
    return sa.select(lock.case_id).where(lock.platform_id == platform_id, lock.login == login, lock.until > now)


def _looked_through(wanted: QueueFilter) -> bool:
    plain = (wanted.state, wanted.amount_from, wanted.amount_to, wanted.currency, wanted.accepted_before)
    return wanted.free or any(each is not None for each in plain)


def _left(column: Any, wanted: QueueFilter) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = []
    if wanted.state is not None:
        where.append(column.state == wanted.state.value)
    if wanted.currency is not None:
        where.append(column.currency == wanted.currency)
    if wanted.amount_from is not None:
        where.append(column.amount_minor >= wanted.amount_from)
    if wanted.amount_to is not None:
        where.append(column.amount_minor <= wanted.amount_to)
    if wanted.accepted_before is not None:
        where.append(column.accepted_at < wanted.accepted_before)
    if wanted.free:
        had = sa.select(case_locks.c.case_id).where(
            case_locks.c.platform_id == column.platform_id, case_locks.c.case_id == column.case_id
        )
        where.append(~had.exists())
    return where


async def _reached(
    connection: AsyncConnection, platform_id: str, wanted: QueueFilter, after: QueuePosition | None, now: datetime
) -> QueuePosition | None:
    """The last case that was looked through; None where there are no more."""
    last = _walk(platform_id, wanted, after, now).with_only_columns(*ORDER).offset(SCANNED - 1).limit(1)
    row = (await connection.execute(last)).one_or_none()
    return None if row is None else (utc(row.urgent_at), utc(row.accepted_at), row.case_id)


def _queued(row: sa.Row[Any], now: datetime) -> QueuedCase:
    urgent = utc(row.urgent_at)
    lane = Lane(row.lane)
    return QueuedCase(
        case_id=row.case_id,
        number=row.number,
        version=row.version,
        lane=Lane.NEAR_BREACH if lane is not Lane.INCIDENT and urgent <= now + NEAR else lane,
        state=CaseState(row.state),
        reason=ReasonCode(row.reason),
        amount=Money(row.amount_minor, row.currency),
        accepted_at=utc(row.accepted_at),
        due_at=None if row.due_at is None else utc(row.due_at),
        chased_at=None if row.chased_at is None else utc(row.chased_at),
        incident_id=row.incident_id,
        urgent_at=urgent,
        product=row.product or "",
        seller_id=row.seller_id,
        holder=row.holder,
        handed_by=row.handed_by,
        held_until=None if row.held_until is None else utc(row.held_until),
        held_by=row.held_by,
        held_reason=row.held_reason,
        being_decided=row.deciding is not None,
    )


# --- one case ------------------------------------------------------------------------------------------------------


async def review_due(connection: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> datetime | None:
    """When the review the case waits for was or is due."""
    found = await connection.scalar(sa.select(_q.due_at).where(_q.platform_id == platform_id, _q.case_id == case_id))
    return None if found is None else utc(found)


async def chase(tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, now: datetime) -> bool:
    """False where the case was chased before."""
    done = await tx.execute(
        sa.update(cases)
        .where(cases.c.platform_id == platform_id, cases.c.id == case_id, cases.c.chased_at.is_(None))
        .values(chased_at=now)
    )
    return bool(done.rowcount)
