"""What people who have a page open want to hear of, read for all of them at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.platforms import Platform, platform_of
from service.store.queue_tables import case_locks
from service.store.tables import cases, platforms

CaseKey = tuple[str, uuid.UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseState:
    """``holder``: the login of who has it now."""

    version: int
    holder: str | None


async def platforms_now(connection: AsyncConnection, ids: Collection[str]) -> dict[str, Platform]:
    rows = await connection.execute(sa.select(platforms).where(platforms.c.id.in_(sorted(ids))))
    return {row.id: platform_of(row) for row in rows}


async def cases_now(
    connection: AsyncConnection, wanted: Collection[CaseKey], now: datetime
) -> dict[CaseKey, CaseState]:
    """By platform and id; those a platform does not have are left out."""
    query = (
        sa.select(cases.c.platform_id, cases.c.id, cases.c.version, case_locks.c.login)
        .outerjoin_from(
            cases,
            case_locks,
            sa.and_(
                case_locks.c.platform_id == cases.c.platform_id,
                case_locks.c.case_id == cases.c.id,
                case_locks.c.until > now,
            ),
        )
        .where(sa.tuple_(cases.c.platform_id, cases.c.id).in_(sorted(wanted)))
    )
    rows = await connection.execute(query)
    return {(row.platform_id, row.id): CaseState(version=row.version, holder=row.login) for row in rows}
