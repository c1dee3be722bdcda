"""What budgets hold at a moment, and the end of what no budget counts any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from service.policy.windows import counted_from
from service.store.database import Database
from service.store.tables import budget_usage

_AT_ONCE = 10_000
# A year is the longest window; parts are kept twice their window, so that what a budget refused can still be explained.
_FORGET = sa.text(
    "DELETE FROM budget_usage WHERE ctid = ANY (ARRAY(SELECT ctid FROM budget_usage "
    "WHERE window_start < CAST(:now AS timestamptz) - 2 * window_hours * interval '1 hour' - interval '1 day' "
    "LIMIT :at_once))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one entity has taken within a budget's window: ``amount_minor`` in ``currency``, ``count`` approvals."""

    entity: str
    currency: str
    amount_minor: int
    count: int


class BudgetBook:
    """The budgets of one deployment, read; approvals write them in ``service.store.budgets``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def taken(
        self, platform_id: str, budget: str, window_hours: int, now: datetime, *, limit: int
    ) -> Sequence[Taken]:
        """What counts at ``now``, at most ``limit`` entities: those with the most money first."""
        column = budget_usage.c
        money, times = sa.func.sum(column.amount_minor), sa.func.sum(column["count"])
        query = (
            sa.select(column.entity, column.currency, money.label("money"), times.label("times"))
            .where(
                column.platform_id == platform_id,
                column.budget == budget,
                column.window_hours == window_hours,
                column.window_start >= counted_from(now, window_hours),
            )
            .group_by(column.entity, column.currency)
            .order_by(money.desc(), times.desc(), column.entity)
            .limit(limit)
        )
        async with self._database.reading() as connection:
            rows = await connection.execute(query)
            return [
                Taken(entity=row.entity, currency=row.currency, amount_minor=int(row.money), count=int(row.times))
                for row in rows
            ]

    async def forget(self, now: datetime) -> int:
        """Delete parts that no window has counted for long, some thousands at once; returns how many."""
        gone = 0
        while True:
            async with self._database.transaction() as tx:
                found = (await tx.execute(_FORGET, {"now": now, "at_once": _AT_ONCE})).rowcount
            gone += found
            if found < _AT_ONCE:
                return gone
