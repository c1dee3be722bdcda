"""Duplicate payments found from the records, also unasked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.money import Money
from service.store.database import utc
from service.store.outcome_tables import anomaly_searches

# What is recorded a moment ago may belong to a transaction that has not committed: it is looked at in the next round.
SETTLED = timedelta(seconds=20)
FIRST_LOOK_BACK = timedelta(days=7)
AT_ONCE = timedelta(hours=6)

# Two payments told of one order under different trade numbers: the later one is the duplicate. A payment told twice
# under one trade number (or without any) is one payment.
_PAID_TWICE = sa.text(
    """
    SELECT later.order_number, later.event_id, later.occurred_at, later.amount_minor, later.currency,
           later.account_id, earlier.event_id AS other, earlier.data ->> 'trade_number' AS other_trade,
           later.data ->> 'trade_number' AS trade
    FROM history_events AS later
    JOIN LATERAL (
        SELECT event_id, data FROM history_events AS paid
        WHERE paid.platform_id = later.platform_id AND paid.account_id = later.account_id
          AND paid.occurred_at BETWEEN later.occurred_at - interval '30 days' AND later.occurred_at
          AND paid.kind = 'payment' AND paid.order_number = later.order_number AND paid.event_id <> later.event_id
          AND (paid.occurred_at, paid.event_id) < (later.occurred_at, later.event_id)
          AND paid.data ->> 'trade_number' IS DISTINCT FROM later.data ->> 'trade_number'
          AND paid.data ->> 'trade_number' IS NOT NULL
        ORDER BY paid.occurred_at, paid.event_id LIMIT 1
    ) AS earlier ON true
    WHERE later.platform_id = :platform_id AND later.kind = 'payment'
      AND later.recorded_at > :since AND later.recorded_at <= :until
      AND later.order_number IS NOT NULL AND later.data ->> 'trade_number' IS NOT NULL
    """
)
# The same account, product and sum, paid for under two order numbers within seconds.
_ORDERED_TWICE = sa.text(
    """
    SELECT later.order_number, later.event_id, later.occurred_at, later.amount_minor, later.currency,
           later.account_id, earlier.order_number AS other
    FROM history_events AS later
    JOIN LATERAL (
        SELECT order_number FROM history_events AS paid
        WHERE paid.platform_id = later.platform_id AND paid.account_id = later.account_id
          AND paid.occurred_at BETWEEN later.occurred_at - CAST(:seconds AS interval) AND later.occurred_at
          AND paid.kind = 'payment' AND paid.product_id = later.product_id
          AND paid.amount_minor = later.amount_minor AND paid.currency = later.currency
          AND paid.order_number <> later.order_number
          AND (paid.occurred_at, paid.order_number) < (later.occurred_at, later.order_number)
        ORDER BY paid.occurred_at DESC, paid.order_number LIMIT 1
    ) AS earlier ON true
    WHERE later.platform_id = :platform_id AND later.kind = 'payment'
      AND later.recorded_at > :since AND later.recorded_at <= :until
      AND later.order_number IS NOT NULL AND later.product_id IS NOT NULL AND later.amount_minor > 0
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoublePayment:
    """``other``: the other order's number, or the trade number of the first payment."""

    order_number: str
    event_id: str
    other: str
    occurred_at: datetime
    amount: Money | None
    trade_number: str | None = None


async def seen_to(connection: AsyncConnection, platform_id: str, now: datetime) -> datetime:
    """Up to when what was recorded has been looked at."""
    found = await connection.scalar(
        sa.select(anomaly_searches.c.seen_to).where(anomaly_searches.c.platform_id == platform_id)
    )
    return utc(found) if found is not None else now - FIRST_LOOK_BACK


async def note_seen(tx: AsyncConnection, platform_id: str, moment: datetime) -> None:
    statement = insert(anomaly_searches).values(platform_id=platform_id, seen_to=moment)
    await tx.execute(statement.on_conflict_do_update(index_elements=["platform_id"], set_={"seen_to": moment}))


async def paid_twice(
    connection: AsyncConnection, platform_id: str, since: datetime, until: datetime
) -> Sequence[DoublePayment]:
    """Second payments of one order, among those recorded in (since, until]."""
    rows = await connection.execute(_PAID_TWICE, {"platform_id": platform_id, "since": since, "until": until})
    return [
        DoublePayment(
            order_number=row.order_number,
            event_id=row.event_id,
            other=row.other_trade,
            occurred_at=utc(row.occurred_at),
            amount=None if row.amount_minor is None else Money(row.amount_minor, row.currency),
            trade_number=row.trade,
        )
        for row in rows
    ]


async def ordered_twice(
    connection: AsyncConnection, platform_id: str, since: datetime, until: datetime, within: timedelta
) -> Sequence[DoublePayment]:
    """Payments of an order that is like another of the account ``within`` so short a time before."""
    asked = {"platform_id": platform_id, "since": since, "until": until, "seconds": within}
    rows = await connection.execute(_ORDERED_TWICE, asked)
    return [
        DoublePayment(
            order_number=row.order_number,
            event_id=row.event_id,
            other=row.other,
            occurred_at=utc(row.occurred_at),
            amount=Money(row.amount_minor, row.currency),
        )
        for row in rows
    ]
