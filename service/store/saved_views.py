"""Filters of the queues people keep under names of their own; every change with its audit entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.errors import Conflict
from service.domain.users import User
from service.store import audit
from service.store.database import Database
from service.store.queue_tables import saved_views

MOST_VIEWS = 20
_view = saved_views.c


@dataclass(frozen=True, slots=True)
class SavedView:
    """``query``: of the queues' page, as it stands in its address."""

    name: str
    query: str


class SavedViews:
    """The views of one deployment's people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, user: User) -> tuple[SavedView, ...]:
        """By name."""
        query = sa.select(_view.name, _view.query).where(*_of(user)).order_by(_view.name)
        async with self._database.reading() as connection:
            return tuple(SavedView(row.name, row.query) for row in await connection.execute(query))

    async def save(self, user: User, view: SavedView, now: datetime) -> None:
        """Under its name, in place of what had it. Conflict where they have as many as one may have."""
        row = {
            "platform_id": user.platform_id, "login": user.login, "name": view.name, "query": view.query,
            "saved_at": now,
        }  # fmt: skip
        base = insert(saved_views)
        statement = base.on_conflict_do_update(
            index_elements=["platform_id", "login", "name"],
            set_={"query": base.excluded.query, "saved_at": base.excluded.saved_at},
        )
        async with self._database.transaction() as tx:
            await tx.execute(statement, row)
            if (await tx.scalar(sa.select(sa.func.count()).where(*_of(user))) or 0) > MOST_VIEWS:
                raise Conflict(f"{MOST_VIEWS} views at most: delete one first.", extra={"code": "too_many_views"})
            await _note(tx, user, "view.saved", view.name, now)

    async def delete(self, user: User, name: str, now: datetime) -> bool:
        """False where there is none of that name."""
        async with self._database.transaction() as tx:
            done = await tx.execute(sa.delete(saved_views).where(*_of(user), _view.name == name))
            if not done.rowcount:
                return False
            await _note(tx, user, "view.deleted", name, now)
            return True


def _of(user: User) -> tuple[sa.ColumnElement[bool], ...]:
    return _view.platform_id == user.platform_id, _view.login == user.login


async def _note(tx: AsyncConnection, user: User, action: str, name: str, now: datetime) -> None:
    await audit.add_entry(tx, user.platform_id, user.actor, action, f"user:{user.login}", now, {"name": name})
