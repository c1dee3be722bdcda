"""Requests that an account's data be erased: written down by one person, approved or refused by another.

The account's id is personal data: it stands here while it is needed, and its pseudonym afterwards.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from service.domain.actors import Actor
from service.domain.errors import Conflict, NotFound
from service.store import audit
from service.store.database import Database, utc
from service.store.personal_data_tables import account_erasures
from service.store.personal_data_tables import erasure_requests as table


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRequest:
    """``state``: asked, erased or refused. ``asked_by``/``ended_by``: actors' names, of people."""

    platform_id: str
    id: uuid.UUID
    account_id: str
    reason: str
    asked_by: str
    asked_at: datetime
    state: str
    ended_by: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureDone:
    pseudonym: str
    erased_at: datetime
    cases: int
    files: int
    events: int


class ErasureRequests:
    """Unavailable as for every method of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, request: ErasureRequest, pseudonym: str, actor: Actor) -> None:
        """Conflict where one for this account waits already."""
        row = {
            "platform_id": request.platform_id, "id": request.id, "account_id": request.account_id,
            "reason": request.reason, "asked_by": request.asked_by, "asked_at": request.asked_at, "state": "asked",
        }  # fmt: skip
        async with self._database.transaction() as tx:
            made = await tx.execute(insert(table).on_conflict_do_nothing().returning(table.c.id), row)
            if made.first() is None:
                raise Conflict("A request for this account waits already.", extra={"code": "waits"})
            await audit.register_actor(tx, request.platform_id, actor, request.asked_at)
            told = {"request": str(request.id)}
            await audit.add_entry(
                tx, request.platform_id, actor, "account.erasure_asked", f"account:{pseudonym}", request.asked_at, told,
                reason=request.reason, after=told,
            )  # fmt: skip

    async def get(self, platform_id: str, request_id: uuid.UUID) -> ErasureRequest:
        """NotFound for one the platform does not have."""
        query = sa.select(table).where(table.c.platform_id == platform_id, table.c.id == request_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound("There is no such request on this platform.")
        return _request(row)

    async def end(
        self, platform_id: str, request_id: uuid.UUID, state: str, pseudonym: str, reason: str, actor: Actor,
        now: datetime,
    ) -> None:  # fmt: skip
        """``state``: erased or refused. Conflict where somebody else was first."""
        which = sa.and_(table.c.platform_id == platform_id, table.c.id == request_id, table.c.state == "asked")
        values = {"state": state, "account_id": pseudonym, "ended_by": actor.name, "ended_at": now}
        async with self._database.transaction() as tx:
            if (await tx.execute(sa.update(table).where(which).values(values))).rowcount == 0:
                raise Conflict("Somebody else has ended this request already.", extra={"code": "ended"})
            await audit.register_actor(tx, platform_id, actor, now)
            told = {"request": str(request_id)}
            await audit.add_entry(
                tx, platform_id, actor, f"account.erasure_{state}", f"account:{pseudonym}", now, told,
                reason=reason or None, before={"state": "asked"}, after={"state": state, **told},
            )  # fmt: skip

    async def listed(self, platform_id: str, limit: int = 50) -> tuple[ErasureRequest, ...]:
        """Newest first."""
        query = sa.select(table).where(table.c.platform_id == platform_id)
        async with self._database.reading() as connection:
            rows = await connection.execute(query.order_by(table.c.asked_at.desc()).limit(limit))
            return tuple(_request(row) for row in rows)

    async def done(self, platform_id: str, limit: int = 20) -> tuple[ErasureDone, ...]:
        """What was erased, whoever asked for it, newest first."""
        column = account_erasures.c
        query = sa.select(account_erasures).where(column.platform_id == platform_id)
        async with self._database.reading() as connection:
            rows = await connection.execute(query.order_by(column.erased_at.desc()).limit(limit))
            return tuple(
                ErasureDone(
                    pseudonym=row.pseudonym,
                    erased_at=utc(row.erased_at),
                    cases=row.cases,
                    files=row.files,
                    events=row.events,
                )
                for row in rows
            )


def _request(row: sa.Row[*tuple[Any, ...]]) -> ErasureRequest:
    return ErasureRequest(
        platform_id=row.platform_id,
        id=row.id,
        account_id=row.account_id,
        reason=row.reason,
        asked_by=row.asked_by,
        asked_at=utc(row.asked_at),
        state=row.state,
        ended_by=row.ended_by,
        ended_at=utc(row.ended_at) if row.ended_at else None,
    )
