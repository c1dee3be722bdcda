"""Texts of policies somebody is still writing: one for each person, theirs alone, and no part of the audit trail.

A draft decides nothing. Proposed, its text becomes a version (``policy_life``), with its author and an audit entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from service.domain.errors import StaleWrite
from service.store.database import Database, utc
from service.store.policy_work_tables import policy_drafts as table


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDraft:
    """``began_from``: the version it was copied from. ``revision``: counts changes, from 1."""

    platform_id: str
    login: str
    text: str
    began_from: str | None
    revision: int
    saved_at: datetime


class PolicyDrafts:
    """Unavailable as for every method of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, platform_id: str, login: str) -> PolicyDraft | None:
        query = sa.select(table).where(table.c.platform_id == platform_id, table.c.login == login)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _draft(row)

    async def save(
        self, platform_id: str, login: str, text: str, now: datetime, *, revision: int, began_from: str | None = None
    ) -> PolicyDraft:
        """The draft with this text. ``revision``: the one it changes, 0 for a first one.

        StaleWrite, with the present ``revision``, where it was changed elsewhere since. The same text again changes
        nothing.
        """
        mine = sa.and_(table.c.platform_id == platform_id, table.c.login == login)
        fresh = {
            "platform_id": platform_id, "login": login, "text": text, "began_from": began_from, "revision": 1,
            "saved_at": now,
        }  # fmt: skip
        async with self._database.transaction() as tx:
            made = (await tx.execute(insert(table).on_conflict_do_nothing().returning(table), fresh)).one_or_none()
            if made is not None:
                return _draft(made)
            row = (await tx.execute(sa.select(table).where(mine).with_for_update())).one()
            if row.text == text:
                return _draft(row)
            if row.revision != revision:
                raise StaleWrite(
                    "The draft was changed in another window since. Look at both texts and save the one you want.",
                    extra={"revision": row.revision},
                )
            values = {"text": text, "revision": row.revision + 1, "saved_at": now}
            if began_from is not None:
                values["began_from"] = began_from
            return _draft((await tx.execute(sa.update(table).where(mine).values(values).returning(table))).one())

    async def discard(self, platform_id: str, login: str) -> None:
        """Again without effect."""
        async with self._database.transaction() as tx:
            await tx.execute(sa.delete(table).where(table.c.platform_id == platform_id, table.c.login == login))


def _draft(row: sa.Row[tuple[object, ...]]) -> PolicyDraft:
    found = row._mapping
    return PolicyDraft(
        platform_id=found["platform_id"],
        login=found["login"],
        text=found["text"],
        began_from=found["began_from"],
        revision=found["revision"],
        saved_at=utc(found["saved_at"]),
    )
