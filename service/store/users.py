"""People who may sign in on a platform. Whatever takes rights away ends their sessions in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.errors import Conflict, NotFound
from service.domain.users import Role, Skills, User
from service.store import audit
from service.store.database import Database, utc
from service.store.tables import audit as trail
from service.store.tables import platforms
from service.store.user_sessions import end_all, skills_of
from service.store.user_tables import users


@dataclass(frozen=True, slots=True)
class Secured:
    """A user with the hash of their password (argon2id, encoded)."""

    user: User
    password_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerGiven:
    """``action``: of the audit entry; ``roles``: those that are new to them, for a new account all."""

    at: datetime
    login: str
    by: str
    action: str
    roles: frozenset[Role]


_LOOKED_THROUGH = 25_000
"""Newest entries of one person: two weeks' worth, also of somebody whose password is guessed at every minute."""
_GIVES = ("user.added", "user.roles_set", "user.password_set", "user.enabled")


class Users:
    """The users of one deployment's platforms; every change with its audit entry."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, user: User, password_hash: str, actor: Actor) -> None:
        """Conflict where the login is taken, also by somebody disabled; NotFound for an unknown platform."""
        row = {
            "platform_id": user.platform_id, "login": user.login, "roles": sorted(user.roles),
            "password_hash": password_hash, "password_set_at": user.password_set_at,
            "password_due": user.password_due, "created_at": user.created_at,
        }  # fmt: skip
        async with self._database.transaction() as tx:
            await _lock_platform(tx, user.platform_id)
            if await _found(tx, user.platform_id, user.login) is not None:
                raise Conflict(f"The login {user.login!r} is taken.", extra={"code": "login_taken"})
            await tx.execute(sa.insert(users), row)
            await audit.register_actor(tx, user.platform_id, user.actor, user.created_at)
            after = {"roles": sorted(user.roles), "password_due": user.password_due}
            await _note(tx, user, actor, "user.added", user.created_at, None, after)

    async def listed(self, platform_id: str) -> tuple[User, ...]:
        """Everybody, disabled people too, by login."""
        query = sa.select(users).where(users.c.platform_id == platform_id).order_by(users.c.login)
        async with self._database.reading() as connection:
            return tuple(_user(row) for row in await connection.execute(query))

    async def get(self, platform_id: str, login: str) -> Secured | None:
        async with self._database.reading() as connection:
            return await _found(connection, platform_id, login)

    async def set_roles(self, platform_id: str, login: str, roles: Iterable[Role], actor: Actor, now: datetime) -> bool:
        """False if they are the same already. Conflict where nobody would administer the platform any more."""
        wanted = frozenset(roles)
        async with self._database.transaction() as tx:
            user = await _locked(tx, platform_id, login)
            if user.roles == wanted:
                return False
            if Role.ADMINISTRATOR not in wanted:
                await _keep_an_administrator(tx, user)
            await _change(tx, user, roles=sorted(wanted))
            await end_all(tx, platform_id, login)
            before, after = {"roles": sorted(user.roles)}, {"roles": sorted(wanted)}
            await _note(tx, user, actor, "user.roles_set", now, before, after)
            return True

    async def set_skills(self, platform_id: str, login: str, skills: Skills, actor: Actor, now: datetime) -> bool:
        """Which cases they are given; False if it was so already."""
        async with self._database.transaction() as tx:
            user = await _locked(tx, platform_id, login)
            if user.skills == skills:
                return False
            await _change(tx, user, lanes=sorted(skills.lanes), reasons=sorted(skills.reasons))
            before, after = ({"lanes": sorted(each.lanes), "reasons": sorted(each.reasons)} for each in
                             (user.skills, skills))  # fmt: skip
            await _note(tx, user, actor, "user.skills_set", now, before, after)
            return True

    async def set_disabled(self, platform_id: str, login: str, disabled: bool, actor: Actor, now: datetime) -> bool:
        """False if it was so already. Conflict where nobody would administer the platform any more."""
        async with self._database.transaction() as tx:
            user = await _locked(tx, platform_id, login)
            if (user.disabled_at is not None) == disabled:
                return False
            if disabled:
                await _keep_an_administrator(tx, user)
            await _change(tx, user, disabled_at=now if disabled else None)
            await end_all(tx, platform_id, login, devices=True)
            action = "user.disabled" if disabled else "user.enabled"
            await _note(tx, user, actor, action, now, {"disabled": not disabled}, {"disabled": disabled})
            return True

    async def set_password(
        self, platform_id: str, login: str, password_hash: str, *, due: bool, actor: Actor, now: datetime
    ) -> User:
        """``due``: to be changed at the next sign-in. Ends all sessions and forgets the devices."""
        async with self._database.transaction() as tx:
            user = await _locked(tx, platform_id, login)
            await _change(tx, user, password_hash=password_hash, password_set_at=now, password_due=due)
            await end_all(tx, platform_id, login, devices=True)
            before, after = {"password_due": user.password_due}, {"password_due": due}
            await _note(tx, user, actor, "user.password_set", now, before, after)
            return user

    async def replace_hash(self, platform_id: str, login: str, old: str, new: str) -> None:
        """The same password under newer parameters; nothing where it was changed meanwhile."""
        async with self._database.transaction() as tx:
            same = sa.and_(users.c.platform_id == platform_id, users.c.login == login, users.c.password_hash == old)
            await tx.execute(sa.update(users).where(same).values(password_hash=new))

    async def powers_given(self, platform_id: str, since: datetime, limit: int) -> tuple[PowerGiven, ...]:
        """What one person gave another since then that lets them act: an account, roles, a password. Newest first."""
        # Person by person, from the index of subjects: the trail of two weeks is mostly cases.
        newest = (
            sa.select(trail)
            .where(trail.c.platform_id == platform_id, trail.c.subject == sa.literal("user:") + users.c.login)
            .order_by(trail.c.id.desc())
            .limit(_LOOKED_THROUGH)
            .lateral("newest")
        )
        query = (
            sa.select(newest)
            .join_from(users, newest, sa.true())
            .where(
                users.c.platform_id == platform_id,
                newest.c.at >= since,
                newest.c.action.in_(_GIVES),
                newest.c.actor_name != newest.c.subject,
            )
            .order_by(newest.c.at.desc(), newest.c.id.desc())
            .limit(limit)
        )
        async with self._database.reading() as connection:
            return tuple(_power(row) for row in await connection.execute(query))

    async def note(self, user: User, actor: Actor, action: str, now: datetime) -> None:
        """An audit entry on somebody who did not change, e.g. a failed attempt to sign in."""
        async with self._database.transaction() as tx:
            await _note(tx, user, actor, action, now, None, None)


async def _lock_platform(tx: AsyncConnection, platform_id: str) -> None:
    """One change of a platform's people at a time, so that the last two administrators cannot remove each other."""
    query = sa.select(platforms.c.id).where(platforms.c.id == platform_id).with_for_update(key_share=True)
    if await tx.scalar(query) is None:
        raise NotFound(f"there is no platform {platform_id!r} here", extra={"code": "platform"})


async def _found(connection: AsyncConnection, platform_id: str, login: str) -> Secured | None:
    query = sa.select(users).where(users.c.platform_id == platform_id, users.c.login == login)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else Secured(_user(row), row.password_hash)


async def _locked(tx: AsyncConnection, platform_id: str, login: str) -> User:
    await _lock_platform(tx, platform_id)
    found = await _found(tx, platform_id, login)
    if found is None:
        raise NotFound(f"There is no user {login!r} on {platform_id!r}.", extra={"code": "no_user"})
    return found.user


async def _keep_an_administrator(tx: AsyncConnection, without: User) -> None:
    if Role.ADMINISTRATOR not in without.roles or without.disabled_at is not None:
        return
    others = sa.select(users.c.login).where(
        users.c.platform_id == without.platform_id,
        users.c.login != without.login,
        users.c.disabled_at.is_(None),
        sa.literal(Role.ADMINISTRATOR.value) == sa.any_(users.c.roles),
    )
    if (await tx.execute(others.limit(1))).first() is None:
        raise Conflict(
            "This is the platform's only administrator. Make somebody else one first.",
            extra={"code": "last_administrator"},
        )


async def _change(tx: AsyncConnection, user: User, **values: Any) -> None:
    which = sa.and_(users.c.platform_id == user.platform_id, users.c.login == user.login)
    await tx.execute(sa.update(users).where(which).values(values))


async def _note(
    tx: AsyncConnection,
    user: User,
    actor: Actor,
    action: str,
    now: datetime,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    await audit.register_actor(tx, user.platform_id, actor, now)
    await audit.add_entry(
        tx, user.platform_id, actor, action, subject(user.login), now, after or {}, before=before, after=after
    )


def subject(login: str) -> str:
    """How audit entries name a user."""
    return f"user:{login}"


def _power(row: sa.Row[Any]) -> PowerGiven:
    before, after = ({Role(role) for role in (each or {}).get("roles", ())} for each in (row.before, row.after))
    return PowerGiven(
        at=utc(row.at),
        login=row.subject.removeprefix("user:"),
        by=row.actor_name,
        action=row.action,
        roles=frozenset(after - before),
    )


def _user(row: sa.Row[Any]) -> User:
    return User(
        platform_id=row.platform_id,
        login=row.login,
        roles=frozenset(Role(role) for role in row.roles),
        created_at=utc(row.created_at),
        password_set_at=utc(row.password_set_at),
        password_due=row.password_due,
        disabled_at=None if row.disabled_at is None else utc(row.disabled_at),
        skills=skills_of(row.lanes, row.reasons),
    )
