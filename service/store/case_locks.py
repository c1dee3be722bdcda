"""Locks on cases, each of one person, ended by time; and holds. All in the caller's transaction.

Whoever writes a lock has the case's queue row locked first, where there is one, as whoever decides the case has: so
waiting never goes round in a circle.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.case_locks import CaseLock, Hold
from service.domain.queues import Lane
from service.store.database import utc
from service.store.queue_tables import case_locks, queued_cases

_lock = case_locks.c
_queued = queued_cases.c


async def take(
    tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, login: str, now: datetime, until: datetime
) -> CaseLock | None:
    """The lock, new or extended; None where another has it."""
    base = insert(case_locks)
    free = sa.or_(case_locks.c.until <= now, case_locks.c.login == login)
    statement = base.on_conflict_do_update(
        index_elements=["platform_id", "case_id"],
        set_={
            "login": login,
            # Their own, still running, began when it began.
            "since": sa.case((sa.and_(_lock.login == login, _lock.until > now), _lock.since), else_=now),
            # Never shorter: what was kept for a decision being made stays kept.
            "until": sa.case(
                (sa.and_(_lock.login == login, _lock.handed_by.is_(None)), sa.func.greatest(_lock.until, until)),
                else_=until,
            ),
            "handed_by": None,
            "note": sa.case((_lock.login == login, _lock.note), else_=None),
        },
        where=free,
    ).returning(*case_locks.c)
    values = {"platform_id": platform_id, "case_id": case_id, "login": login, "since": now, "until": until}
    row = (await tx.execute(statement, values)).one_or_none()
    return None if row is None else _lock_of(row)


async def extend(
    tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, login: str, now: datetime, until: datetime
) -> CaseLock | None:
    """Their own running lock, longer; None where they have none."""
    statement = (
        sa.update(case_locks)
        .where(*_of(platform_id, case_id), _lock.login == login, _lock.until > now, _lock.handed_by.is_(None))
        .values(until=sa.func.greatest(_lock.until, until))
        .returning(*case_locks.c)
    )
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else _lock_of(row)


async def hand_over(
    tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, *, giver: str, to: str, note: str,
    now: datetime, until: datetime,
) -> CaseLock | None:  # fmt: skip
    """To another, whoever of the two had it; None where a third person has it."""
    base = insert(case_locks)
    statement = base.on_conflict_do_update(
        index_elements=["platform_id", "case_id"],
        set_={"login": to, "since": now, "until": until, "handed_by": giver, "note": note or None},
        where=sa.or_(_lock.until <= now, _lock.login.in_([giver, to])),
    ).returning(*case_locks.c)
    values = {
        "platform_id": platform_id, "case_id": case_id, "login": to, "since": now, "until": until,
        "handed_by": giver, "note": note or None,
    }  # fmt: skip
    row = (await tx.execute(statement, values)).one_or_none()
    return None if row is None else _lock_of(row)


async def release(tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, login: str) -> bool:
    """True if it was theirs."""
    done = await tx.execute(sa.delete(case_locks).where(*_of(platform_id, case_id), _lock.login == login))
    return bool(done.rowcount)


async def holder(connection: AsyncConnection, platform_id: str, case_id: uuid.UUID, now: datetime) -> CaseLock | None:
    """The lock that runs."""
    query = sa.select(case_locks).where(*_of(platform_id, case_id), _lock.until > now)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _lock_of(row)


async def of_person(connection: AsyncConnection, platform_id: str, login: str, now: datetime) -> tuple[CaseLock, ...]:
    """What somebody has, the last taken first."""
    query = (
        sa.select(case_locks)
        .where(_lock.platform_id == platform_id, _lock.login == login, _lock.until > now)
        .order_by(_lock.since.desc(), _lock.case_id)
        .limit(200)
    )
    return tuple(_lock_of(row) for row in await connection.execute(query))


async def lock_queued(tx: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> sa.Row[Any] | None:
    """The case's queue row, locked; None where it waits for nobody of ours."""
    query = sa.select(queued_cases).where(_queued.platform_id == platform_id, _queued.case_id == case_id)
    return (await tx.execute(query.with_for_update())).one_or_none()


async def lock_free(tx: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> bool:
    """Lock the case's queue row unless somebody else has it locked at this moment; False then, or where it is gone."""
    query = sa.select(_queued.case_id).where(_queued.platform_id == platform_id, _queued.case_id == case_id)
    return await tx.scalar(query.with_for_update(skip_locked=True)) is not None


async def assigned_lane(connection: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> Lane:
    """The lane a case was put into; standard where it is in none."""
    query = sa.select(_queued.lane).where(_queued.platform_id == platform_id, _queued.case_id == case_id)
    return Lane(await connection.scalar(query) or Lane.STANDARD)


async def hold(tx: AsyncConnection, platform_id: str, hold: Hold) -> bool:
    """Put a queued case off; False where it is not queued."""
    done = await tx.execute(
        sa.update(queued_cases)
        .where(_queued.platform_id == platform_id, _queued.case_id == hold.case_id)
        .values(
            held_until=hold.until, held_since=hold.since, held_by=hold.login, held_reason=hold.reason,
            urgent_at=sa.func.urgent_from(_queued.due_at, _queued.chased_at, hold.until),
        )
    )  # fmt: skip
    return bool(done.rowcount)


async def holds_of(connection: AsyncConnection, platform_id: str, login: str, now: datetime) -> int:
    """How many cases somebody keeps on hold now."""
    query = sa.select(sa.func.count()).where(
        _queued.platform_id == platform_id, _queued.held_by == login, _queued.held_until > now
    )
    return int(await connection.scalar(query) or 0)


async def end_hold(tx: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> bool:
    """Back to where its deadline puts it; True if it was on hold."""
    done = await tx.execute(
        sa.update(queued_cases)
        .where(_queued.platform_id == platform_id, _queued.case_id == case_id, _queued.held_until.is_not(None))
        .values(
            held_until=None, held_since=None, held_by=None, held_reason=None,
            urgent_at=sa.func.urgent_from(_queued.due_at, _queued.chased_at, sa.null()),
        )
    )  # fmt: skip
    return bool(done.rowcount)


async def held(connection: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> Hold | None:
    query = sa.select(queued_cases).where(
        _queued.platform_id == platform_id, _queued.case_id == case_id, _queued.held_until.is_not(None)
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else hold_of(row)


def hold_of(row: sa.Row[Any]) -> Hold | None:
    """Of a queue row."""
    if row.held_until is None:
        return None
    return Hold(
        case_id=row.case_id,
        login=row.held_by,
        since=utc(row.held_since),
        until=utc(row.held_until),
        reason=row.held_reason or "",
    )


def _of(platform_id: str, case_id: uuid.UUID) -> tuple[sa.ColumnElement[bool], ...]:
    return _lock.platform_id == platform_id, _lock.case_id == case_id


def _lock_of(row: sa.Row[Any]) -> CaseLock:
    return CaseLock(
        case_id=row.case_id,
        login=row.login,
        since=utc(row.since),
        until=utc(row.until),
        handed_by=row.handed_by,
        note=row.note,
    )
