"""Which cases somebody could be given next: theirs first, then lane by lane, the most urgent first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.cases import CaseState
from service.domain.lifecycle import Action, Party
from service.domain.queues import Lane
from service.domain.users import Skills
from service.store.holding_tables import held_decisions
from service.store.queue_tables import case_locks, queued_cases
from service.store.queues import ORDER, in_lane, to_take
from service.store.step_tables import case_steps, proposals

LOOKED_THROUGH = 20_000
"""Of a lane, where somebody is set for little of what it holds."""

_q = queued_cases.c
_SECOND_LOOK = (CaseState.APPEALED.value, CaseState.IN_SECOND_REVIEW.value)
_PEOPLE = (Party.REVIEWER.value, Party.SENIOR.value)
_REJECTING = (Action.REJECT.value, Action.UPHOLD.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeniorsOnly:
    """What of the policy makes a case one for seniors. ``amount_from``: in ``currency``; any other currency too."""

    reasons: frozenset[str]
    disputed: bool
    cross_border: bool
    amount_from: int | None
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """Who wants a case. ``seniors_only``: None for a senior."""

    platform_id: str
    login: str
    actor_name: str
    skills: Skills
    seniors_only: SeniorsOnly | None


async def handed(connection: AsyncConnection, taker: Taker, now: datetime) -> tuple[uuid.UUID, ...]:
    """Given to them by somebody and not taken up yet, the first given first."""
    lock = case_locks.c
    query = (
        sa.select(lock.case_id)
        .where(
            lock.platform_id == taker.platform_id, lock.login == taker.login, lock.until > now,
            lock.handed_by.is_not(None), ~_being_decided(lock.platform_id, lock.case_id),
        )
        .order_by(lock.since, lock.case_id)
        .limit(20)
    )  # fmt: skip
    return tuple(await connection.scalars(query))


async def woken(connection: AsyncConnection, taker: Taker, now: datetime) -> tuple[uuid.UUID, ...]:
    """Those they put on hold themselves whose time has come."""
    query = (
        sa.select(_q.case_id)
        .where(_q.platform_id == taker.platform_id, _q.held_by == taker.login, _q.held_until <= now)
        .where(*_open_to(taker, queued_cases.c, now))
        .order_by(_q.held_until, _q.case_id)
        .limit(20)
    )
    return tuple(await connection.scalars(query))


async def of_lane(
    connection: AsyncConnection, taker: Taker, lane: Lane, now: datetime, *, without: Sequence[uuid.UUID], limit: int
) -> tuple[uuid.UUID, ...]:
    """The most urgent of a lane that nobody has and that are for them, as far as the database can tell."""
    query = statement(taker, lane, now, without=without, limit=limit)
    return tuple(row.case_id for row in await connection.execute(query))


def statement(
    taker: Taker, lane: Lane, now: datetime, *, without: Sequence[uuid.UUID] = (), limit: int = 20
) -> sa.Select[tuple[uuid.UUID]]:
    walk = (
        sa.select(queued_cases)
        .where(_q.platform_id == taker.platform_id, in_lane(lane, now), to_take(now))
        .order_by(*ORDER)
        .limit(LOOKED_THROUGH)
        .subquery("walk")
    )
    column = walk.c
    query = sa.select(column.case_id).where(*_open_to(taker, column, now))
    if taker.skills.lanes:
        query = query.where(column.lane.in_(sorted(taker.skills.lanes)))
    if taker.skills.reasons:
        query = query.where(column.reason.in_(sorted(taker.skills.reasons)))
    if without:
        query = query.where(column.case_id.not_in(without))
    return query.order_by(column.urgent_at, column.accepted_at, column.case_id).limit(limit)


def _open_to(taker: Taker, column: Any, now: datetime) -> list[sa.ColumnElement[bool]]:
    """Nobody has it, nothing is being decided on it, and they have no part in it that keeps them away."""
    platform, case = column.platform_id, column.case_id
    lock, step = case_locks.c, case_steps.c
    had = sa.select(lock.case_id).where(lock.platform_id == platform, lock.case_id == case, lock.until > now)
    theirs = sa.and_(step.platform_id == platform, step.case_id == case, step.actor_name == taker.actor_name)
    other = case_steps.alias("other").c
    appealed = (
        sa.select(sa.func.max(other.version))
        .where(other.platform_id == platform, other.case_id == case, other.action == Action.APPEAL.value)
        .scalar_subquery()
    )
    handled = sa.select(step.version).where(theirs, step.party.in_(_PEOPLE), step.version < appealed).exists()
    rejected = sa.select(step.version).where(theirs, step.action.in_(_REJECTING)).exists()
    proposed = sa.select(proposals.c.case_id).where(
        proposals.c.platform_id == platform, proposals.c.case_id == case, proposals.c.actor_name == taker.actor_name
    )
    where = [
        ~had.exists(),
        ~_being_decided(platform, case),
        ~proposed.exists(),
        sa.or_(column.state.not_in(_SECOND_LOOK), ~handled),
        sa.or_(column.state != CaseState.ARBITRATION.value, ~rejected),
    ]
    return where if taker.seniors_only is None else [*where, *_not_for_seniors(taker.seniors_only, column)]


def _being_decided(platform: sa.ColumnElement[str], case: sa.ColumnElement[uuid.UUID]) -> sa.ColumnElement[bool]:
    held = held_decisions.c
    return (
        sa.select(held.id).where(held.platform_id == platform, held.case_id == case, held.ended_as.is_(None)).exists()
    )


def _not_for_seniors(rule: SeniorsOnly, column: Any) -> list[sa.ColumnElement[bool]]:
    where = [column.state != CaseState.ARBITRATION.value]
    if rule.disputed:
        where.append(~column.disputed)
    if rule.cross_border:
        where.append(~column.cross_border)
    if rule.reasons:
        where.append(column.reason.not_in(sorted(rule.reasons)))
    if rule.amount_from is not None:
        where += [column.currency == rule.currency, column.amount_minor < rule.amount_from]
    return where
