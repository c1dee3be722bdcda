"""Lists of cases by filter, newest first, in pages that neither repeat nor skip while cases arrive.

Every query walks one index in the list's own order and stops when the page is full. Of several states each is walked by
itself and the walks are merged: an index on the state gives no order over several.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.listing import CaseFilter, CasePosition, CaseSummary
from service.domain.money import Money
from service.store.database import Database, utc
from service.store.tables import cases

_COLUMNS: tuple[sa.ColumnElement[Any], ...] = (
    *(cases.c.id, cases.c.number, cases.c.version, cases.c.state, cases.c.lane, cases.c.order_number),
    *(cases.c.account_id, cases.c.accepted_at, cases.c.state_since, cases.c.decided_at),
    sa.literal_column("claim ->> 'reason'").label("reason"),
    sa.literal_column("claim ->> 'reference'").label("reference"),
    sa.literal_column("claim -> 'amount_claimed'").label("claimed"),
)


class CaseListing:
    """The cases of one deployment, to be listed platform by platform."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, platform_id: str, wanted: CaseFilter, after: CasePosition | None, limit: int
    ) -> tuple[tuple[CaseSummary, ...], CasePosition | None]:
        """Up to ``limit`` cases after a position, and where to go on; None where that was all."""
        async with self._database.reading() as connection:
            found = await listed(connection, platform_id, wanted, after, limit + 1)
        page = found[:limit]
        return page, page[-1].position if len(found) > limit else None


async def listed(
    connection: AsyncConnection, platform_id: str, wanted: CaseFilter, after: CasePosition | None, limit: int
) -> tuple[CaseSummary, ...]:
    rows = await connection.execute(statement(platform_id, wanted, after, limit))
    return tuple(_summary(row) for row in rows)


def statement(platform_id: str, wanted: CaseFilter, after: CasePosition | None, limit: int) -> sa.Select[Any]:
    """The query of one page."""
    conditions = _conditions(platform_id, wanted, after)
    if len(wanted.states) < 2:
        own = [cases.c.state == state.value for state in wanted.states]
        return _newest(sa.select(*_COLUMNS).where(*conditions, *own), cases.c, limit)
    walks = [
        _newest(sa.select(*_COLUMNS).where(*conditions, cases.c.state == state.value), cases.c, limit).subquery()
        for state in sorted(wanted.states)
    ]
    merged = sa.union_all(*(sa.select(walk) for walk in walks)).subquery()
    return _newest(sa.select(merged), merged.c, limit)


def _newest(query: sa.Select[Any], columns: Any, limit: int) -> sa.Select[Any]:
    return query.order_by(columns.accepted_at.desc(), columns.id.desc()).limit(limit)


def _conditions(platform_id: str, wanted: CaseFilter, after: CasePosition | None) -> list[sa.ColumnElement[bool]]:
    columns = cases.c
    given: list[tuple[Any, Any]] = [
        (columns.lane, wanted.lane),
        (columns.order_number, wanted.order_number),
        (columns.account_id, wanted.account_id),
        (columns.number, wanted.number),
        (sa.literal_column("(claim ->> 'reason')"), wanted.reason.value if wanted.reason else None),
        (sa.literal_column("(claim ->> 'reference')"), wanted.reference),
    ]
    conditions = [
        columns.platform_id == platform_id,
        *(column == value for column, value in given if value is not None),
    ]
    if wanted.accepted_from is not None:
        conditions.append(columns.accepted_at >= wanted.accepted_from)
    if wanted.accepted_before is not None:
        conditions.append(columns.accepted_at < wanted.accepted_before)
    if after is not None:
        position = sa.tuple_(sa.literal(after[0]), sa.literal(after[1]))
        conditions.append(sa.tuple_(columns.accepted_at, columns.id) < position)
    return conditions


def _summary(row: sa.Row[Any]) -> CaseSummary:
    return CaseSummary(
        id=row.id,
        number=row.number,
        version=row.version,
        state=CaseState(row.state),
        lane=row.lane,
        order_number=row.order_number,
        account_id=row.account_id,
        reference=row.reference,
        reason=ReasonCode(row.reason),
        claimed=Money(row.claimed["minor"], row.claimed["currency"]),
        accepted_at=utc(row.accepted_at),
        state_since=utc(row.state_since),
        decided_at=utc(row.decided_at) if row.decided_at else None,
    )
