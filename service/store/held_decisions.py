"""Decisions that wait to take effect, in the caller's transactions.

Whoever holds one locks the case first; whoever carries one out locks it here first and then the case. The two never
wait for each other: while one waits here, nobody else puts another on its case.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, ActorKind
from service.domain.codec import from_data, to_data
from service.domain.holding import Ended, Held, Intended, LeadsTo
from service.domain.lifecycle import Party
from service.store import audit, standing
from service.store.database import utc
from service.store.holding_tables import held_decisions
from service.store.tables import platforms

_COLUMN = held_decisions.c
_WAITS = _COLUMN.ended_as.is_(None)
_TO_TELL = sa.or_(_WAITS, sa.and_(_COLUMN.ended_as == Ended.NOT_DONE.value, _COLUMN.told_at.is_(None)))
_AT_ONCE = 5_000


async def add(tx: AsyncConnection, held: Held) -> None:
    """Keep it, with its audit entry. The caller has the case locked and has seen that nothing waits on it."""
    await tx.execute(
        sa.insert(held_decisions),
        {
            "platform_id": held.platform_id, "id": held.id, "case_id": held.case_id,
            "case_number": held.case_number, "version": held.version, "intended": to_data(held.intended),
            "leads_to": to_data(held.leads_to), "party": held.party.value, "actor_kind": held.actor.kind.value,
            "actor_name": held.actor.name, "score_seen": held.score_seen, "once": held.once,
            "made_at": held.made_at, "due_at": held.due_at,
        },
    )  # fmt: skip
    await audit.register_actor(tx, held.platform_id, held.actor, held.made_at)
    await _note(tx, held, held.actor, "case.decision_held", held.made_at)


async def wait_until(
    tx: AsyncConnection, platform_id: str, ids: Collection[uuid.UUID], due_at: datetime
) -> frozenset[uuid.UUID]:
    """Have those of them that wait still wait until then; returns which."""
    moved = await tx.scalars(
        sa.update(held_decisions)
        .where(_COLUMN.platform_id == platform_id, _COLUMN.id == _any(ids), _WAITS)
        .values(due_at=due_at)
        .returning(_COLUMN.id)
    )
    return frozenset(moved)


async def waiting_on(connection: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> Held | None:
    """What waits on a case."""
    return (await waiting_on_cases(connection, platform_id, [case_id])).get(case_id)


async def waiting_on_cases(
    connection: AsyncConnection, platform_id: str, case_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Held]:
    """What waits on each of these cases."""
    of_cases = _COLUMN.case_id == _any(case_ids)
    found = await _find(connection, sa.and_(_COLUMN.platform_id == platform_id, of_cases, _WAITS))
    return {held.case_id: held for held in found}


async def made_with(
    connection: AsyncConnection, platform_id: str, case_id: uuid.UUID, actor: Actor, once: str
) -> Held | None:
    """What was held when this form was sent before."""
    found = await _find(
        connection,
        sa.and_(
            _COLUMN.platform_id == platform_id,
            _COLUMN.case_id == case_id,
            _COLUMN.actor_name == actor.name,
            _COLUMN.once == once,
        ),
    )
    return found[0] if found else None


async def get(connection: AsyncConnection, platform_id: str, held_id: uuid.UUID) -> Held | None:
    found = await _find(connection, sa.and_(_COLUMN.platform_id == platform_id, _COLUMN.id == held_id))
    return found[0] if found else None


async def of_actor(connection: AsyncConnection, platform_id: str, actor: Actor, limit: int) -> tuple[Held, ...]:
    """What somebody still has to hear of, newest first: what waits, and what came to nothing."""
    mine = sa.and_(_COLUMN.platform_id == platform_id, _COLUMN.actor_name == actor.name, _TO_TELL)
    rows = await connection.execute(sa.select(held_decisions).where(mine).order_by(_COLUMN.id.desc()).limit(limit))
    return tuple(_held(row) for row in rows)


async def note_told(
    tx: AsyncConnection, platform_id: str, actor: Actor, ids: Collection[uuid.UUID], now: datetime
) -> None:
    """Whoever made them has seen that these were not done."""
    await tx.execute(
        sa.update(held_decisions)
        .where(
            _COLUMN.platform_id == platform_id,
            _COLUMN.actor_name == actor.name,
            _COLUMN.id == _any(ids),
            _COLUMN.ended_as == Ended.NOT_DONE.value,
            _COLUMN.told_at.is_(None),
        )
        .values(told_at=now)
    )


async def due(connection: AsyncConnection, now: datetime, limit: int) -> tuple[tuple[str, uuid.UUID], ...]:
    """(platform, held decision) of what is to be carried out by ``now``, over all platforms, oldest first."""
    rows = await connection.execute(
        sa.select(_COLUMN.platform_id, _COLUMN.id)
        .where(_WAITS, _COLUMN.due_at <= now)
        .order_by(_COLUMN.due_at, _COLUMN.id)
        .limit(limit)
    )
    return tuple((row.platform_id, row.id) for row in rows)


async def take(tx: AsyncConnection, platform_id: str, held_id: uuid.UUID, now: datetime) -> Held | None:
    """One that waits and is due, locked; None where another has it in hand, or it has ended."""
    rows = await tx.execute(
        sa.select(held_decisions)
        .where(_COLUMN.platform_id == platform_id, _COLUMN.id == held_id, _WAITS, _COLUMN.due_at <= now)
        .with_for_update(skip_locked=True)
    )
    row = rows.one_or_none()
    return None if row is None else _held(row)


async def take_back(
    tx: AsyncConnection, platform_id: str, actor: Actor, held_id: uuid.UUID, now: datetime, noted_at: datetime
) -> Held | None:
    """End one of the actor's own that waits; None where it has ended. Waits for whoever is carrying it out."""
    row = (
        await tx.execute(
            sa.update(held_decisions)
            .where(_COLUMN.platform_id == platform_id, _COLUMN.id == held_id, _COLUMN.actor_name == actor.name, _WAITS)
            .values(ended_as=Ended.UNDONE.value, ended_at=now)
            .returning(held_decisions)
        )
    ).one_or_none()
    if row is None:
        return None
    await _note(tx, _held(row), actor, "case.decision_undone", noted_at)
    return _held(row)


async def stopped_after(tx: AsyncConnection, held: Held) -> str | None:
    """Why the platform was stopped, if it was after the decision was made; nobody stops it unseen until ``tx`` ends."""
    await standing.share(tx, held.platform_id)
    # A statement of its own: it sees what was committed while the first waited.
    row = (
        await tx.execute(
            sa.select(platforms.c.stopped_at, platforms.c.stop_reason).where(platforms.c.id == held.platform_id)
        )
    ).one()
    stopped = row.stopped_at is not None and row.stopped_at > held.made_at
    return (row.stop_reason or "") if stopped else None


async def end(tx: AsyncConnection, held: Held, ended: Ended, now: datetime) -> None:
    """It took effect, in this transaction."""
    await tx.execute(sa.update(held_decisions).where(*_this(held)).values(ended_as=ended.value, ended_at=now))


async def give_up(tx: AsyncConnection, held: Held, why: str, actor: Actor, now: datetime, noted_at: datetime) -> None:
    """It is not done, and whoever made it is told why."""
    values = {"ended_as": Ended.NOT_DONE.value, "ended_at": now, "why": why}
    await tx.execute(sa.update(held_decisions).where(*_this(held)).values(values))
    await audit.register_actor(tx, held.platform_id, actor, noted_at)
    await _note(tx, held, actor, "case.decision_not_done", noted_at, why)


async def put_off(tx: AsyncConnection, held: Held, until: datetime) -> None:
    """Something failed on our side: it is tried again."""
    await tx.execute(
        sa.update(held_decisions).where(*_this(held), _WAITS).values(due_at=until, tries=_COLUMN.tries + 1)
    )


async def forget(tx: AsyncConnection, ended_before: datetime) -> int:
    """Delete what ended long ago, some thousands at once; returns how many."""
    old = (
        sa.select(_COLUMN.platform_id, _COLUMN.id)
        .where(_COLUMN.ended_as.is_not(None), _COLUMN.ended_at < ended_before)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).cte("old")
    gone = await tx.execute(
        sa.delete(held_decisions).where(_COLUMN.platform_id == old.c.platform_id, _COLUMN.id == old.c.id)
    )
    return int(gone.rowcount)


def _any(ids: Collection[uuid.UUID]) -> Any:
    return sa.any_(sa.cast(list(ids), sa.ARRAY(sa.Uuid)))


def _this(held: Held) -> tuple[sa.ColumnElement[bool], ...]:
    return _COLUMN.platform_id == held.platform_id, _COLUMN.id == held.id


async def _note(
    tx: AsyncConnection, held: Held, actor: Actor, action: str, at: datetime, reason: str | None = None
) -> None:
    """What was meant and by whom; the words stay out, as in every entry."""
    after: dict[str, Any] = {"act": held.intended.act.value, "version": held.version, "held": str(held.id)}
    details = after | {"intended": to_data(held.intended), "by": held.actor.name}
    subject = audit.case_subject(held.case_id)
    await audit.add_entry(tx, held.platform_id, actor, action, subject, at, details, reason=reason, after=after)


async def _find(connection: AsyncConnection, where: sa.ColumnElement[bool]) -> tuple[Held, ...]:
    return tuple(_held(row) for row in await connection.execute(sa.select(held_decisions).where(where)))


def _held(row: sa.Row[Any]) -> Held:
    return Held(
        id=row.id,
        platform_id=row.platform_id,
        case_id=row.case_id,
        case_number=row.case_number,
        version=row.version,
        intended=from_data(Intended, row.intended),
        leads_to=from_data(LeadsTo, row.leads_to),
        party=Party(row.party),
        actor=Actor(ActorKind(row.actor_kind), row.actor_name),
        score_seen=row.score_seen,
        once=row.once,
        made_at=utc(row.made_at),
        due_at=utc(row.due_at),
        tries=row.tries,
        ended=None if row.ended_as is None else Ended(row.ended_as),
        ended_at=None if row.ended_at is None else utc(row.ended_at),
        why=row.why or "",
    )
