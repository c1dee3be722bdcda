"""Budgets: how much may be approved for one entity in any stretch of a window, never more, whoever asks at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.assessment import Reservation
from service.policy.windows import counted_from, part_start
from service.store import together
from service.store.tables import budget_usage

_KEY = tuple(column.name for column in budget_usage.primary_key)
COLUMNS = (*_KEY, "amount_minor", "count", "limit_amount", "limit_count")
# Of the advisory locks with two keys those of budgets: apart from every other use.
_LOCKS = 0x62756467  # "budg"


def lock_of(parameter: str) -> str:
    """A query that locks the budgets named in an array until the transaction ends, in one order for whoever asks, so
    that none locks another out."""
    return (
        f"SELECT CAST(pg_advisory_xact_lock({_LOCKS}, number) AS text) FROM (SELECT DISTINCT hashtext(name) AS number "  # noqa: S608
        f"FROM unnest(CAST({parameter} AS text[])) AS asked (name) ORDER BY 1) AS numbers"
    )


def with_room(parameter: str, platform: str) -> str:
    """A query for how many of the budgets asked (a JSON array of rows) have room. To be run once they are locked, in a
    statement of its own: it sees what was committed by whoever held the locks before."""
    same = " AND ".join(f"used.{name} = asked.{name}" for name in _KEY if name not in ("platform_id", "window_start"))
    return (
        "SELECT count(*) FROM jsonb_to_recordset(CAST("  # noqa: S608
        f"{parameter} AS jsonb)) AS asked (budget text, entity text, currency text, window_hours integer, "
        "amount_minor bigint, count bigint, limit_amount bigint, limit_count bigint, since timestamptz) "
        "CROSS JOIN LATERAL (SELECT coalesce(sum(used.amount_minor), 0) AS amount, coalesce(sum(used.count), 0) AS "
        f"times FROM budget_usage AS used WHERE used.platform_id = {platform} AND {same} "
        "AND used.window_start >= asked.since) AS taken "
        "WHERE (asked.limit_amount IS NULL OR taken.amount + asked.amount_minor <= asked.limit_amount) "
        "AND (asked.limit_count IS NULL OR taken.times + asked.count <= asked.limit_count)"
    )


TAKE = together.insert_of(
    budget_usage,
    COLUMNS,
    instead=f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET "
    "amount_minor = budget_usage.amount_minor + excluded.amount_minor, count = budget_usage.count + excluded.count, "
    "limit_amount = excluded.limit_amount, limit_count = excluded.limit_count",
)
_LOCK = lock_of("$1").encode()
_ROOM = with_room("$2", "$1").encode()
_TAKE = together.statement({"taken": TAKE}, "SELECT 1")


async def reserve(tx: AsyncConnection, platform_id: str, reservations: Sequence[Reservation], now: datetime) -> bool:
    """Take room from every budget, or from none and return False.

    A budget is locked until the transaction ends, so two decisions that want the same one queue up.
    """
    rows = rows_of(platform_id, reservations, now)
    if not rows:
        return True
    await together.fetch(tx, _LOCK, (names_of(rows),))
    [(room,)] = await together.fetch(tx, _ROOM, (platform_id, asked_of(rows, now)))
    if room != len(rows):
        return False
    await together.run(tx, _TAKE, {"budget_usage": rows})
    return True


def names_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What budgets are locked by."""
    return ["\x1f".join(str(row[name]) for name in _KEY if name != "window_start") for row in rows]


def asked_of(rows: Sequence[Mapping[str, Any]], now: datetime) -> str:
    """Rows as ``with_room`` takes them."""
    return orjson.dumps([{**row, "since": counted_from(now, row["window_hours"])} for row in rows]).decode()


def rows_of(platform_id: str, reservations: Sequence[Reservation], now: datetime) -> list[dict[str, Any]]:
    """One row a budget: one part of one window, ``window_start`` is where the part begins. Two reservations that name
    one budget become one row, at the lower limit."""
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
