"""Deadlines that run: which are over, which to remind of. Expiry is a job's; a deadline ends with its case's move."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.deadlines import Deadline, DeadlineKind, OpenDeadline
from service.domain.identifiers import new_id
from service.store.case_tables import deadlines
from service.store.database import utc

COLUMNS = ("platform_id", "id", "case_id", "kind", "due_at", "remind_at", "certain", "created_at")
_OPEN = deadlines.c.ended_as.is_(None)


async def set_running(
    tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, deadline: Deadline, now: datetime
) -> None:
    """``deadline`` runs from ``now``."""
    await tx.execute(sa.insert(deadlines), running_row(platform_id, case_id, deadline, now))


def running_row(platform_id: str, case_id: uuid.UUID, deadline: Deadline, now: datetime) -> dict[str, Any]:
    """As ``set_running``, for whoever writes it together with something else."""
    return {
        "platform_id": platform_id, "id": new_id(), "case_id": case_id, "kind": deadline.kind.value,
        "due_at": deadline.due_at, "remind_at": deadline.remind_at, "certain": deadline.certain, "created_at": now,
    }  # fmt: skip


async def end(tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, ended_as: str, now: datetime) -> None:
    """End every running deadline of the case."""
    of_case = sa.and_(deadlines.c.platform_id == platform_id, deadlines.c.case_id == case_id, _OPEN)
    await tx.execute(sa.update(deadlines).where(of_case).values(ended_as=ended_as, ended_at=now))


async def over(connection: AsyncConnection, now: datetime, limit: int) -> tuple[OpenDeadline, ...]:
    """What is past due, over all platforms, oldest first."""
    return await _find(connection, sa.and_(_OPEN, deadlines.c.due_at < now), deadlines.c.due_at, limit)


async def to_remind(connection: AsyncConnection, now: datetime, limit: int) -> tuple[OpenDeadline, ...]:
    """What is due soon, not over, and to be reminded of by now."""
    due_soon = sa.and_(_OPEN, deadlines.c.remind_at <= now, deadlines.c.due_at >= now)
    return await _find(connection, due_soon, deadlines.c.remind_at, limit)


async def uncertain(connection: AsyncConnection, limit: int) -> tuple[OpenDeadline, ...]:
    """Those worked out before the make-up days they depend on were published."""
    return await _find(connection, sa.and_(_OPEN, ~deadlines.c.certain), deadlines.c.due_at, limit)


async def of_case(connection: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> tuple[OpenDeadline, ...]:
    which = sa.and_(deadlines.c.platform_id == platform_id, deadlines.c.case_id == case_id, _OPEN)
    return await _find(connection, which, deadlines.c.due_at, None)


async def still_open(tx: AsyncConnection, which: OpenDeadline) -> bool:
    """Whether it runs still, as seen under the case's lock: the case may have moved since it was found."""
    found = await tx.scalar(
        sa.select(deadlines.c.id).where(
            deadlines.c.platform_id == which.platform_id, deadlines.c.id == which.id, _OPEN,
            deadlines.c.due_at == which.deadline.due_at,
        )
    )  # fmt: skip
    return found is not None


async def note_reminded(tx: AsyncConnection, which: OpenDeadline, now: datetime, after: datetime | None) -> bool:
    """``after``: when to remind again, if ever. False where somebody else was quicker."""
    noted = await tx.execute(
        sa.update(deadlines)
        .where(*_this(which), _OPEN, deadlines.c.remind_at == which.deadline.remind_at)
        .values(reminded_at=now, remind_at=after)
    )
    return bool(noted.rowcount == 1)


async def note_expired(tx: AsyncConnection, which: OpenDeadline, now: datetime) -> None:
    """It is over and the case stays where it is: whoever let it pass is only told."""
    await tx.execute(sa.update(deadlines).where(*_this(which)).values(ended_as="expired", ended_at=now))


async def put_off(tx: AsyncConnection, which: OpenDeadline, deadline: Deadline) -> None:
    """The same deadline at another moment."""
    await tx.execute(
        sa.update(deadlines)
        .where(*_this(which), _OPEN)
        .values(due_at=deadline.due_at, remind_at=deadline.remind_at, certain=deadline.certain)
    )


def _this(which: OpenDeadline) -> Sequence[sa.ColumnElement[bool]]:
    return (deadlines.c.platform_id == which.platform_id, deadlines.c.id == which.id)


async def _find(
    connection: AsyncConnection, where: sa.ColumnElement[bool], order: sa.ColumnElement[Any], limit: int | None
) -> tuple[OpenDeadline, ...]:
    rows = await connection.execute(sa.select(deadlines).where(where).order_by(order, deadlines.c.id).limit(limit))
    return tuple(
        OpenDeadline(
            id=row.id,
            platform_id=row.platform_id,
            case_id=row.case_id,
            created_at=utc(row.created_at),
            deadline=Deadline(
                kind=DeadlineKind(row.kind),
                due_at=utc(row.due_at),
                remind_at=None if row.remind_at is None else utc(row.remind_at),
                certain=row.certain,
            ),
        )
        for row in rows
    )
