"""A write and its answer in one transaction: sent again, the same request changes nothing and is told the same.

The key is locked before it is looked up, and the answer is written last. So of two at once one is refused at once, and
whatever dies before its commit leaves neither change nor answer: the next try does it anew, once.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.answers import KeptAnswer, Write
from service.domain.errors import Forbidden, IdempotencyKeyReused, RequestInFlight
from service.store.answer_tables import kept_answers
from service.store.database import Database
from service.store.tables import idempotency

# Longer than the day that is promised: a retry on the second morning still meets its answer.
KEPT_FOR = timedelta(hours=48)
# A claim's key is a row of 100 bytes and stands between a late retry and a second case.
CLAIM_KEYS_KEPT_FOR = timedelta(days=30)
_AT_ONCE = 5_000
_READ_AT_ONCE = 500

# Refuses instead of waiting: a flood of the same request must not hold a connection each.
_LOCK = sa.text("SELECT pg_try_advisory_xact_lock(hashtextextended(:platform_id || ' ' || :key, 7))")
_FIND = sa.select(kept_answers).where(
    kept_answers.c.platform_id == sa.bindparam("platform_id"), kept_answers.c.key == sa.bindparam("key")
)
_KEEP = sa.insert(kept_answers).inline()


async def once(
    tx: AsyncConnection, seal: Fernet, write: Write, now: datetime, perform: Callable[[], Awaitable[KeptAnswer]]
) -> KeptAnswer:
    """The kept answer, or ``perform()``'s, kept. RequestInFlight, IdempotencyKeyReused; Forbidden where it would show
    more than the asking key may see."""
    which = {"platform_id": write.platform_id, "key": write.key}
    if not await tx.scalar(_LOCK, which):
        raise RequestInFlight(
            "The first request with this Idempotency-Key is still being answered. Ask again in a moment.", retry_after=1
        )
    # A statement of its own: it must see what the lock's last holder committed.
    row = (await tx.execute(_FIND, which)).one_or_none()
    if row is not None:
        return _replayed(row, seal, write)
    answer = await perform()
    body = seal.encrypt(answer.body)
    kept = {"status": answer.status, "headers": dict(answer.headers), "body": body, "created_at": now}
    await tx.execute(_KEEP, write.asked | kept)
    return answer


def _replayed(row: sa.Row[Any], seal: Fernet, write: Write) -> KeptAnswer:
    if row.digest != write.digest:
        raise IdempotencyKeyReused(
            "This Idempotency-Key was used for another request. Use a new key for a new request, or send the first "
            "one again unchanged."
        )
    if not frozenset(row.scopes) <= write.scopes:
        raise Forbidden(
            "This request was first sent with a key of more scopes. Send it again with that key, or with its successor."
        )
    try:
        body = seal.decrypt(row.body)
    except InvalidToken:
        raise IdempotencyKeyReused(
            "This request was done, and its answer cannot be read any more. Read the thing itself instead."
        ) from None
    return KeptAnswer(status=row.status, headers=row.headers, body=body, replayed=True)


class KeptAnswers:
    """The answers of one deployment's writes, sealed: they show what their platform may see, secrets included.

    ``secret``: 32 random bytes or more, the same on every process.
    """

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._seal = Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"answers:" + secret).digest()))

    async def once(self, write: Write, now: datetime, perform: Callable[[], Awaitable[KeptAnswer]]) -> KeptAnswer:
        """``perform()`` and its answer in one transaction, or the answer it gave before; see ``Database.whole``."""
        async with self._database.whole() as tx:
            return await once(tx, self._seal, write, now, perform)

    async def blank(self, tx: AsyncConnection, platform_id: str, needles: Collection[bytes]) -> int:
        """Take away what answers say that hold one of ``needles``; returns how many did.

        That the write was done stays known: a late retry must not do it again.
        """
        blanked, after = 0, ""
        column = kept_answers.c
        while True:
            some = sa.select(column.key, column.body).where(column.platform_id == platform_id, column.key > after)
            rows = (await tx.execute(some.order_by(column.key).limit(_READ_AT_ONCE))).all()
            found = [row.key for row in rows if any(needle in self._said(row.body) for needle in needles)]
            if found:
                which = sa.and_(column.platform_id == platform_id, column.key.in_(found))
                await tx.execute(sa.update(kept_answers).where(which).values(body=b"", headers={}))
            blanked += len(found)
            if len(rows) < _READ_AT_ONCE:
                return blanked
            after = rows[-1].key

    def _said(self, body: bytes) -> bytes:
        """An answer's text; nothing of one that cannot be read any more."""
        try:
            return self._seal.decrypt(body)
        except InvalidToken:
            return b""

    async def forget(self, now: datetime) -> int:
        """Delete what is past its time, some thousands a transaction; returns how many."""
        gone = 0
        while True:
            async with self._database.transaction() as tx:
                some = await forget(tx, now)
            gone += some
            if some < _AT_ONCE:
                return gone


async def forget(tx: AsyncConnection, now: datetime) -> int:
    """Delete what is past its time, some thousands at once; returns how many answers went."""
    gone = 0
    for table, kept_for in ((kept_answers, KEPT_FOR), (idempotency, CLAIM_KEYS_KEPT_FOR)):
        old = (
            sa.select(table.c.platform_id, table.c.key)
            .where(table.c.created_at < now - kept_for)
            .order_by(table.c.created_at)
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True)
        ).cte("old")
        result = await tx.execute(
            sa.delete(table).where(table.c.platform_id == old.c.platform_id, table.c.key == old.c.key)
        )
        gone += result.rowcount
    return gone
