"""What sellers and suppliers owe: every grant with the party liable for it, and how often whose goods fail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.history import EventKind
from service.domain.ledger import FailureRate, LedgerEntry
from service.domain.money import Money
from service.store.case_tables import grants
from service.store.database import utc
from service.store.tables import cases, history_events

_ORDER = cases.c.claim["order"]
_LIABILITY = grants.c.document["liability"]


async def entries(
    connection: AsyncConnection, platform_id: str, since: datetime, until: datetime, *, seller_id: str | None = None
) -> AsyncIterator[LedgerEntry]:
    """Grants in [since, until), oldest first; read in pieces, so that a year of them fits into memory."""
    statement = (
        sa.select(
            grants,
            cases.c.number,
            _ORDER["seller_id"].astext.label("seller_id"),
            _ORDER["product"]["id"].astext.label("product_id"),
            _ORDER["supplier_id"].astext.label("supplier_id"),
            cases.c.claim["reason"].astext.label("reason"),
        )
        .join_from(grants, cases, sa.and_(cases.c.platform_id == grants.c.platform_id, cases.c.id == grants.c.case_id))
        .where(grants.c.platform_id == platform_id, grants.c.granted_at >= since, grants.c.granted_at < until)
        .order_by(grants.c.granted_at, grants.c.id)
    )
    if seller_id is not None:
        statement = statement.where(_ORDER["seller_id"].astext == seller_id)
    async with connection.stream(statement.execution_options(yield_per=500)) as rows:
        async for row in rows:
            liability = row.document.get("liability") or {}
            recover = liability.get("recover")
            yield LedgerEntry(
                case_id=row.case_id,
                case_number=row.number,
                order_number=row.order_number,
                seller_id=row.seller_id,
                product_id=row.product_id,
                supplier_id=row.supplier_id,
                reason=row.reason,
                granted=Money(row.amount_minor, row.currency),
                granted_at=utc(row.granted_at),
                paid=None if row.paid_minor is None else Money(row.paid_minor, row.currency),
                paid_at=None if row.paid_at is None else utc(row.paid_at),
                liable=liability.get("party"),
                recover_from=liability.get("recover_from"),
                recover=None if recover is None else Money(recover["minor"], recover["currency"]),
                clause=liability.get("clause"),
                ended_as=row.ended_as,
            )


async def failure_rates(
    connection: AsyncConnection, platform_id: str, since: datetime, until: datetime, currency: str
) -> tuple[FailureRate, ...]:
    """Per seller and product in [since, until), most money first; the row with product None is the whole seller."""
    seller, product = _ORDER["seller_id"].astext, _ORDER["product"]["id"].astext
    failed = (
        sa.select(
            seller.label("seller_id"),
            product.label("product_id"),
            sa.func.grouping(product).label("whole"),
            sa.func.count().label("granted"),
            sa.func.sum(grants.c.amount_minor).label("amount"),
        )
        .join_from(grants, cases, sa.and_(cases.c.platform_id == grants.c.platform_id, cases.c.id == grants.c.case_id))
        .where(
            grants.c.platform_id == platform_id,
            grants.c.granted_at >= since,
            grants.c.granted_at < until,
            grants.c.currency == currency,
            grants.c.ended_as.is_(None),
            _LIABILITY["party"].astext.in_(["seller", "supplier"]),
        )
        .group_by(sa.func.grouping_sets(sa.tuple_(seller, product), sa.tuple_(seller)))
        .order_by(sa.desc("amount"), "seller_id")
    )
    found = []
    for row in (await connection.execute(failed)).all():
        product_id = None if row.whole else row.product_id
        orders = await _orders(connection, platform_id, row.seller_id, product_id, since, until)
        found.append(
            FailureRate(
                seller_id=row.seller_id,
                product_id=product_id,
                orders=orders,
                granted=row.granted,
                amount=Money(int(row.amount), currency),
            )
        )
    return tuple(found)


async def _orders(
    connection: AsyncConnection,
    platform_id: str,
    seller_id: str,
    product_id: str | None,
    since: datetime,
    until: datetime,
) -> int:
    where = [
        history_events.c.platform_id == platform_id,
        history_events.c.kind == EventKind.ORDER.value,
        history_events.c.occurred_at >= since,
        history_events.c.occurred_at < until,
        history_events.c.seller_id == seller_id,
    ]
    if product_id is not None:
        where.append(history_events.c.product_id == product_id)
    return int(await connection.scalar(sa.select(sa.func.count()).where(*where)) or 0)
