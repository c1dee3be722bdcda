"""Budgets: how much may be approved for one entity in any stretch of a window, never more, whoever asks at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.assessment import Reservation
from service.policy.windows import counted_from, part_start
from service.store.tables import budget_usage

_KEY = [column.name for column in budget_usage.primary_key]
_COLUMNS = {
    "budget": "text", "entity": "text", "currency": "text", "window_hours": "integer", "window_start": "timestamptz",
    "amount_minor": "bigint", "count": "bigint", "limit_amount": "bigint", "limit_count": "bigint",
}  # fmt: skip
# Of the advisory locks with two keys those of budgets: apart from every other use.
_LOCKS = 0x62756467  # "budg"


async def reserve(tx: AsyncConnection, platform_id: str, reservations: Sequence[Reservation], now: datetime) -> bool:
    """Take room from every budget, or from none and return False.

    A budget is locked until the transaction ends, so two decisions that want the same one queue up; all are locked in
    one order, so none locks another out. A row is one part of one window: ``window_start`` is where the part begins.
    """
    rows = _rows(platform_id, reservations, now)
    if not rows:
        return True
    names = ["\x1f".join(str(row[name]) for name in _KEY if name != "window_start") for row in rows]
    # A statement of its own: what the next one reads was committed by whoever held the locks before.
    await tx.execute(_LOCK, {"names": names})
    asked = {name: [row[name] for row in rows] for name in _COLUMNS}
    since = [counted_from(now, row["window_hours"]) for row in rows]
    taken = await tx.execute(_TAKE, {"platform_id": platform_id, "since": since, "rows": len(rows), **asked})
    return taken.rowcount == len(rows)


_LOCK = sa.text(
    "SELECT pg_advisory_xact_lock(CAST(:of_budgets AS integer), number) FROM (SELECT DISTINCT hashtext(name) AS number "
    "FROM unnest(CAST(:names AS text[])) AS asked (name) ORDER BY 1) AS numbers"
).bindparams(of_budgets=_LOCKS)


def _take() -> sa.TextClause:
    """One statement for any number of budgets: all are taken from, or none is."""
    names = ", ".join(_COLUMNS)
    arrays = ", ".join(f"CAST(:{name} AS {type_}[])" for name, type_ in _COLUMNS.items())
    same = " AND ".join(f"used.{name} = asked.{name}" for name in _KEY if name not in ("platform_id", "window_start"))
    return sa.text(
        f"WITH asked AS (SELECT * FROM unnest({arrays}, CAST(:since AS timestamptz[])) AS asked ({names}, since)), "  # noqa: S608
        "held AS (SELECT count(*) AS rows FROM asked CROSS JOIN LATERAL ("
        "SELECT coalesce(sum(used.amount_minor), 0) AS amount, coalesce(sum(used.count), 0) AS times "
        f"FROM budget_usage AS used WHERE used.platform_id = :platform_id AND {same} "
        "AND used.window_start >= asked.since) AS taken "
        "WHERE (asked.limit_amount IS NULL OR taken.amount + asked.amount_minor <= asked.limit_amount) "
        "AND (asked.limit_count IS NULL OR taken.times + asked.count <= asked.limit_count)) "
        f"INSERT INTO budget_usage AS used (platform_id, {names}) SELECT :platform_id, {names} FROM asked "
        "WHERE (SELECT rows FROM held) = :rows "
        f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET amount_minor = used.amount_minor + excluded.amount_minor, "
        "count = used.count + excluded.count, limit_amount = excluded.limit_amount, limit_count = excluded.limit_count"
    )


_TAKE = _take()


def _rows(platform_id: str, reservations: Sequence[Reservation], now: datetime) -> list[dict[str, Any]]:
    """One row a budget; two reservations that name one budget become one row, at the lower limit."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in reservations:
        row: dict[str, Any] = {
            "platform_id": platform_id, "budget": one.budget, "entity": one.entity, "currency": one.amount.currency,
            "window_hours": one.window_hours, "window_start": part_start(now, one.window_hours),
            "amount_minor": one.amount.minor, "count": 1,
            "limit_amount": one.limit_amount, "limit_count": one.limit_count,
        }  # fmt: skip
        key = tuple(row[name] for name in _KEY)
        if (other := rows.get(key)) is not None:
            row["amount_minor"] += other["amount_minor"]
            row["count"] += other["count"]
            row["limit_amount"] = _lower(row["limit_amount"], other["limit_amount"])
            row["limit_count"] = _lower(row["limit_count"], other["limit_count"])
        rows[key] = row
    return list(rows.values())


def _lower(one: int | None, other: int | None) -> int | None:
    known = [limit for limit in (one, other) if limit is not None]
    return min(known) if known else None
