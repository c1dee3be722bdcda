"""How people's accounts stand: where they are signed in, and how often signing in as them failed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.domain.users import FAILURES_COUNT_FOR, Counted
from service.store import audit
from service.store.database import Database, utc
from service.store.sign_in_failures import key_of
from service.store.user_sessions import SessionTerms, end_all
from service.store.user_tables import sign_in_failures, user_sessions, users


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStanding:
    """``sessions`` that last, ``used_at`` the one used last; ``failures`` in a row to sign in, and until when no
    attempt is looked at."""

    sessions: int = 0
    used_at: datetime | None = None
    failures: int = 0
    wait_until: datetime | None = None


class AccountStandings:
    """Unavailable as for every method of the store; NotFound for a login the platform does not have."""

    def __init__(self, database: Database, terms: SessionTerms = SessionTerms()) -> None:  # noqa: B008  frozen
        self._database = database
        self._terms = terms

    async def of(self, platform_id: str, logins: Collection[str], now: datetime) -> Mapping[str, AccountStanding]:
        """Login → how the account stands, for those given."""
        column = user_sessions.c
        sessions = (
            sa.select(column.login, sa.func.count().label("sessions"), sa.func.max(column.used_at).label("used_at"))
            .where(
                column.platform_id == platform_id,
                column.used_at > now - self._terms.idle,
                column.started_at > now - self._terms.absolute,
            )
            .group_by(column.login)
        )
        keys = {bytes(key_of(platform_id, Counted.ACCOUNT, login).subject): login for login in logins}
        failed = sign_in_failures.c
        failures = sa.select(failed.subject, failed.failures, failed.wait_until).where(
            failed.platform_id == platform_id,
            failed.counted == Counted.ACCOUNT.value,
            failed.subject.in_(list(keys)),
            failed.last_at > now - FAILURES_COUNT_FOR,
        )
        async with self._database.reading() as connection:
            signed_in = {row.login: row for row in await connection.execute(sessions)}
            waits = {keys[bytes(row.subject)]: row for row in await connection.execute(failures)} if keys else {}
        return {login: _standing(signed_in.get(login), waits.get(login)) for login in logins}

    async def end_sessions(self, platform_id: str, login: str, actor: Actor, now: datetime) -> int:
        """Sign somebody out everywhere; how many sessions that ended. Their devices stay known."""
        async with self._database.transaction() as tx:
            mine = sa.and_(users.c.platform_id == platform_id, users.c.login == login)
            if (await tx.execute(sa.select(users.c.login).where(mine).with_for_update(key_share=True))).first() is None:
                raise NotFound(f"There is no user {login!r} on {platform_id!r}.", extra={"code": "no_user"})
            of_them = sa.and_(user_sessions.c.platform_id == platform_id, user_sessions.c.login == login)
            count = await tx.scalar(sa.select(sa.func.count()).where(of_them)) or 0
            if count:
                await end_all(tx, platform_id, login)
                told = {"sessions": count}
                await audit.register_actor(tx, platform_id, actor, now)
                await audit.add_entry(
                    tx, platform_id, actor, "user.sessions_ended", f"user:{login}", now, told, after=told
                )
            return count


def _standing(session: sa.Row[*tuple[object, ...]] | None, wait: sa.Row[*tuple[object, ...]] | None) -> AccountStanding:
    signed_in = None if session is None else session._mapping
    failed = None if wait is None else wait._mapping
    return AccountStanding(
        sessions=signed_in["sessions"] if signed_in is not None else 0,
        used_at=utc(signed_in["used_at"]) if signed_in is not None else None,
        failures=failed["failures"] if failed is not None else 0,
        wait_until=utc(failed["wait_until"]) if failed is not None else None,
    )
