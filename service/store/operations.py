"""How the whole deployment stands, in a few statements that a process can afford every quarter of a minute."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.assessment import PlatformMode
from service.domain.deadlines import DeadlineKind
from service.domain.operations import Backlog, BudgetStanding, OperationStanding
from service.domain.outcomes import AnomalyKind
from service.store import queues
from service.store.case_tables import deadlines
from service.store.incident_tables import incidents
from service.store.outcome_tables import anomalies, obligations
from service.store.tables import PENDING_STATES, cases, platforms

_PENDING = cases.c.state.in_([state.value for state in PENDING_STATES])
# Written as the index of pending cases is, so that only they are read.
_PENDING_CASES = (
    sa.select(_PENDING.label("first"), sa.func.count().label("count"), sa.func.min(cases.c.as_of).label("oldest"))
    .where(sa.text("state IN ('accepted', 'assessing') OR reassessing"))
    .group_by(_PENDING)
)
_OVERDUE = (
    sa.select(deadlines.c.kind, sa.func.count().label("count"), sa.func.min(deadlines.c.due_at).label("oldest"))
    .where(deadlines.c.ended_as.is_(None), deadlines.c.due_at < sa.bindparam("now"))
    .group_by(deadlines.c.kind)
)
# procrastinate's own tables; by its clock, which is the server's, a job becomes due.
_JOBS = sa.text(
    "SELECT CASE WHEN status = 'todo' THEN CASE WHEN scheduled_at > :real THEN 'scheduled' ELSE 'due' END "
    "ELSE status::text END AS state, count(*) AS count, min(scheduled_at) AS oldest "
    "FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1"
)
_PLATFORMS = sa.select(
    platforms.c.mode, sa.func.count().label("count"), sa.func.count(platforms.c.breaker_tripped_at).label("breakers")
).group_by(platforms.c.mode)
_INCIDENTS = sa.select(
    sa.func.count().label("open"), sa.func.count().filter(incidents.c.confirmed_at.is_(None)).label("unconfirmed")
).where(incidents.c.ended_at.is_(None), incidents.c.dismissed_at.is_(None))
_OBLIGATIONS = sa.select(sa.func.count().label("count"), sa.func.min(obligations.c.created_at).label("oldest")).where(
    obligations.c.confirmed_at.is_(None), obligations.c.failed_at.is_(None)
)
_ANOMALIES = sa.select(anomalies.c.kind, sa.func.count().label("count")).group_by(anomalies.c.kind)

# Held against the limits of the last reservation, as the row has them; parts of a window as service.policy.windows
# cuts them.
_BUDGETS = sa.text(
    "SELECT kind, max(share) AS fullest, count(*) FILTER (WHERE share >= 1) AS full FROM ("
    "SELECT split_part(entity, ':', 1) AS kind, greatest("
    "coalesce(sum(amount_minor)::float8 / nullif(min(limit_amount), 0), 0), "
    'coalesce(sum("count")::float8 / nullif(min(limit_count), 0), 0)) AS share FROM budget_usage '
    "WHERE window_start >= date_bin(window_hours * interval '1 hour' / 24, CAST(:now AS timestamptz), "
    "timestamptz '1970-01-01 00:00:00+00') - window_hours * interval '1 hour' "
    "GROUP BY platform_id, budget, entity, currency, window_hours) AS held GROUP BY kind"
)


async def standing(connection: AsyncConnection, now: datetime, real: datetime) -> OperationStanding:
    """``now`` by the service's clock, ``real`` by the machine's."""
    pending = {row.first: _backlog(row, now) for row in await connection.execute(_PENDING_CASES)}
    overdue = {row.kind: _backlog(row, now) for row in await connection.execute(_OVERDUE, {"now": now})}
    jobs = {row.state: row for row in await connection.execute(_JOBS, {"real": real})}
    modes = (await connection.execute(_PLATFORMS)).all()
    going_on = (await connection.execute(_INCIDENTS)).one()
    owed = (await connection.execute(_OBLIGATIONS)).one()
    odd: dict[str, int] = {row[0]: row[1] for row in await connection.execute(_ANOMALIES)}
    counted = {row.mode: row._mapping["count"] for row in modes}
    return OperationStanding(
        lanes=await queues.everywhere(connection, now),
        first=pending.get(True, Backlog()),
        again=pending.get(False, Backlog()),
        deadlines={kind.value: overdue.get(kind.value, Backlog()) for kind in DeadlineKind},
        jobs={
            state: jobs[state]._mapping["count"] if state in jobs else 0
            for state in ("scheduled", "due", "doing", "failed")
        },
        oldest_job_seconds=_age(jobs["due"].oldest, real) if "due" in jobs else 0.0,
        platforms={mode.value: counted.get(mode.value, 0) for mode in PlatformMode},
        breakers=sum(row.breakers for row in modes),
        incidents=going_on.open,
        incidents_unconfirmed=going_on.unconfirmed,
        obligations=_backlog(owed, now),
        anomalies={kind.value: odd.get(kind.value, 0) for kind in AnomalyKind},
    )


async def budgets(connection: AsyncConnection, now: datetime) -> BudgetStanding:
    """Reads all that budgets count: for once a minute."""
    rows = (await connection.execute(_BUDGETS, {"now": now})).all()
    return BudgetStanding(
        fullest={row.kind: float(row.fullest) for row in rows}, full={row.kind: row.full for row in rows}
    )


def _backlog(row: sa.Row[Any], now: datetime) -> Backlog:
    return Backlog(row._mapping["count"], _age(row.oldest, now))


def _age(oldest: datetime | None, now: datetime) -> float:
    return 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
