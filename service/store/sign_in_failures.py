"""How often signing in failed, and until when no attempt is looked at.

An attempt is booked as a failure before its password is looked at and taken back if it was right: a thousand attempts
sent at once are counted one after the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from service.domain.users import FAILURES_COUNT_FOR, Counted, wait_after
from service.store.database import Database, utc
from service.store.user_tables import sign_in_failures as table

_PRUNED_AT_ONCE = 100

Subjects = Mapping[Counted, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureKey:
    platform_id: str
    counted: str
    subject: bytes


class _Waits(Exception):
    """Ends the transaction of an attempt that is not looked at."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class SignInFailures:
    """Counts of one deployment. Logins and addresses are kept as digests and forgotten after a day or two."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def book(self, platform_id: str, subjects: Subjects, now: datetime) -> datetime | None:
        """Count one more failure against each subject, or, where one of them has to wait, only say until when: then
        nothing is kept, or a caller who is made to wait could fill the table with names they make up."""
        try:
            await self._count(platform_id, subjects, now)
        except _Waits as waits:
            return waits.until
        await self._prune(now)
        return None

    async def _count(self, platform_id: str, subjects: Subjects, now: datetime) -> None:
        async with self._database.transaction() as tx:
            found = []
            # In one order everywhere, so that two attempts never wait for each other.
            for counted in sorted(subjects):
                key = key_of(platform_id, counted, subjects[counted])
                fresh = {**asdict(key), "failures": 0, "last_at": now, "wait_until": now}
                await tx.execute(insert(table).values(fresh).on_conflict_do_nothing())
                row = (await tx.execute(sa.select(table).where(_is(key)).with_for_update())).one()
                found.append((counted, key, row))
            waits = [utc(row.wait_until) for _, _, row in found if utc(row.wait_until) > now]
            if waits:
                raise _Waits(max(waits))
            for counted, key, row in found:
                recent = utc(row.last_at) > now - FAILURES_COUNT_FOR
                failures = (row.failures if recent else 0) + 1
                until = now + wait_after(counted, failures)
                await tx.execute(
                    sa.update(table).where(_is(key)).values(failures=failures, last_at=now, wait_until=until)
                )

    async def take_back(self, platform_id: str, subjects: Subjects, now: datetime) -> None:
        """The attempt was right. The count of an address only loses this one: it may be shared with an attacker."""
        async with self._database.transaction() as tx:
            for counted in sorted(subjects):
                key = key_of(platform_id, counted, subjects[counted])
                if counted is Counted.ADDRESS:
                    less = sa.func.greatest(table.c.failures - 1, 0)
                    await tx.execute(sa.update(table).where(_is(key)).values(failures=less, wait_until=now))
                else:
                    await tx.execute(sa.delete(table).where(_is(key)))

    async def forget(self, platform_id: str, counted: Counted, subject: str) -> None:
        """An administrator lets somebody try again at once."""
        async with self._database.transaction() as tx:
            await tx.execute(sa.delete(table).where(_is(key_of(platform_id, counted, subject))))

    async def _prune(self, now: datetime) -> None:
        each = table.alias()
        old = (
            sa.select(each.c.platform_id, each.c.counted, each.c.subject)
            .where(each.c.last_at < now - FAILURES_COUNT_FOR - timedelta(days=1))
            .limit(_PRUNED_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        async with self._database.transaction() as tx:
            await tx.execute(
                sa.delete(table).where(sa.tuple_(table.c.platform_id, table.c.counted, table.c.subject).in_(old))
            )


def key_of(platform_id: str, counted: Counted, subject: str) -> FailureKey:
    """Under what the failures against a subject are counted."""
    digest = hashlib.sha256(f"{counted.value}\n{subject}".encode(errors="replace")).digest()
    # An address is one caller, whichever platform they try.
    scope = "" if counted is Counted.ADDRESS else platform_id
    return FailureKey(platform_id=scope, counted=counted.value, subject=digest)


def _is(key: FailureKey) -> sa.ColumnElement[bool]:
    return sa.and_(*(table.c[name] == value for name, value in asdict(key).items()))
