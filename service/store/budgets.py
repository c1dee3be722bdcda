"""Budgets: how much may be approved for one entity within one window of time, never more, whoever asks at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.assessment import Reservation
from service.store.tables import budget_usage

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KEY = [column.name for column in budget_usage.primary_key]
_COLUMNS = {
    "budget": "text", "entity": "text", "currency": "text", "window_hours": "integer", "window_start": "timestamptz",
    "amount_minor": "bigint", "count": "bigint", "limit_amount": "bigint", "limit_count": "bigint",
}  # fmt: skip


def window_start(moment: datetime, window_hours: int) -> datetime:
    """Start of the window ``moment`` falls in. Windows follow on one another from 1970-01-01T00:00Z."""
    window = timedelta(hours=window_hours)
    return moment - (moment - _EPOCH) % window


async def reserve(tx: AsyncConnection, platform_id: str, reservations: Sequence[Reservation], now: datetime) -> bool:
    """Take room from every budget, or from none and return False.

    The rows stay locked until the transaction ends and are always locked in the order of their keys, so two decisions
    that want the same budgets queue up instead of locking each other out.
    """
    rows = _rows(platform_id, reservations, now)
    if not all(_fits(row) for row in rows):
        return False
    if not rows:
        return True
    asked = {name: [row[name] for row in rows] for name in _COLUMNS}
    taken = {tuple(row) for row in await tx.execute(_TAKE, {"platform_id": platform_id, **asked})}
    if len(taken) == len(rows):
        return True
    await _give_back(tx, platform_id, [row for row in rows if _key(row)[1:] in taken])
    return False


def _take() -> sa.TextClause:
    """One statement for any number of budgets; the rows are locked in the order in which the arrays name them."""
    names = ", ".join(_COLUMNS)
    arrays = ", ".join(f"CAST(:{name} AS {type_}[])" for name, type_ in _COLUMNS.items())
    key = ", ".join(_KEY)
    return sa.text(
        f"INSERT INTO budget_usage AS used (platform_id, {names}) SELECT :platform_id, {names} "  # noqa: S608
        f"FROM unnest({arrays}) WITH ORDINALITY AS asked ({names}, position) ORDER BY position "
        f"ON CONFLICT ({key}) DO UPDATE SET amount_minor = used.amount_minor + excluded.amount_minor, "
        "count = used.count + excluded.count, limit_amount = excluded.limit_amount, limit_count = excluded.limit_count "
        "WHERE (excluded.limit_amount IS NULL OR used.amount_minor + excluded.amount_minor <= excluded.limit_amount) "
        "AND (excluded.limit_count IS NULL OR used.count + excluded.count <= excluded.limit_count) "
        f"RETURNING {key.removeprefix('platform_id, ')}"
    )


def _given_back() -> sa.TextClause:
    names = ", ".join(_COLUMNS)
    arrays = ", ".join(f"CAST(:{name} AS {type_}[])" for name, type_ in _COLUMNS.items())
    same = " AND ".join(f"used.{name} = taken.{name}" for name in _KEY if name != "platform_id")
    return sa.text(
        "UPDATE budget_usage AS used SET amount_minor = used.amount_minor - taken.amount_minor, "  # noqa: S608
        f"count = used.count - taken.count FROM unnest({arrays}) AS taken ({names}) "
        f"WHERE used.platform_id = :platform_id AND {same}"
    )


_TAKE, _GIVE_BACK = _take(), _given_back()


async def _give_back(tx: AsyncConnection, platform_id: str, rows: Sequence[dict[str, Any]]) -> None:
    """Safe without a savepoint: the rows are locked by us until the transaction ends."""
    if rows:
        taken = {name: [row[name] for row in rows] for name in _COLUMNS}
        await tx.execute(_GIVE_BACK, {"platform_id": platform_id, **taken})


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _KEY)


def _rows(platform_id: str, reservations: Sequence[Reservation], now: datetime) -> list[dict[str, Any]]:
    """One row a budget, in the order of locking; two that name one budget become one, at the lower limit."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in reservations:
        row: dict[str, Any] = {
            "platform_id": platform_id, "budget": one.budget, "entity": one.entity, "currency": one.amount.currency,
            "window_hours": one.window_hours, "window_start": window_start(now, one.window_hours),
            "amount_minor": one.amount.minor, "count": 1,
            "limit_amount": one.limit_amount, "limit_count": one.limit_count,
        }  # fmt: skip
        key = _key(row)
        if (other := rows.get(key)) is not None:
            row["amount_minor"] += other["amount_minor"]
            row["count"] += other["count"]
            row["limit_amount"] = _lower(row["limit_amount"], other["limit_amount"])
            row["limit_count"] = _lower(row["limit_count"], other["limit_count"])
        rows[key] = row
    return [rows[key] for key in sorted(rows)]


def _lower(one: int | None, other: int | None) -> int | None:
    known = [limit for limit in (one, other) if limit is not None]
    return min(known) if known else None


def _fits(row: dict[str, Any]) -> bool:
    """Whether an empty window would hold it: the first row of a window meets no other to be compared with."""
    within_amount = row["limit_amount"] is None or row["amount_minor"] <= row["limit_amount"]
    return within_amount and (row["limit_count"] is None or row["count"] <= row["limit_count"])
