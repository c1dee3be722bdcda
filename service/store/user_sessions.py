"""Sessions and known devices: 256 random bits in the browser's cookie, of which only the SHA-256 is stored here."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.claims import ReasonCode
from service.domain.identifiers import new_id
from service.domain.queues import Lane
from service.domain.users import Role, Skills, User
from service.store import audit
from service.store.database import Database, utc
from service.store.platforms import Platform, platform_of
from service.store.tables import platforms
from service.store.user_tables import known_devices, user_sessions, users

_USE_NOTED_EVERY = timedelta(minutes=1)
_DEVICES_KEPT = 10
_LONGEST_TOKEN = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTerms:
    """A session ends ``idle`` after its last request, and at the latest ``absolute`` after sign-in."""

    idle: timedelta = timedelta(minutes=60)
    absolute: timedelta = timedelta(hours=12)
    device: timedelta = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody signed in, and the platform as it stands at this request."""

    id: uuid.UUID
    user: User
    platform: Platform
    started_at: datetime


class Sessions:
    """The sessions of one deployment's users."""

    def __init__(self, database: Database, terms: SessionTerms = SessionTerms()) -> None:
        self._database = database
        self.terms = terms

    async def start(self, user: User, password_hash: str, now: datetime, *, device: str | None) -> tuple[str, str]:
        """Tokens of a new session and of its device, ``device`` where it is one of theirs. Forgets what has ended.

        LookupError where password, roles or standing changed since ``user`` was read: the session would outlive what
        ended all others.
        """
        async with self._database.transaction() as tx:
            await _still(tx, user, password_hash)
            await self._prune(tx, user, now)
            token = secrets.token_urlsafe(32)
            row = {
                "platform_id": user.platform_id, "id": new_id(), "login": user.login, "token_sha256": _digest(token),
                "started_at": now, "used_at": now,
            }  # fmt: skip
            await tx.execute(sa.insert(user_sessions), row)
            kept = device if device is not None else secrets.token_urlsafe(32)
            await _keep_device(tx, user, kept, now)
            await _entry(tx, user, user.actor, "user.signed_in", now)
            return token, kept

    async def find(self, token: str, now: datetime) -> Session | None:
        """The session of a token while it lasts and its user may sign in. Its use is noted once a minute."""
        if len(token) > _LONGEST_TOKEN or not token.isascii():
            return None
        query = (
            sa.select(
                platforms,
                *(user_sessions.c[name].label(f"session_{name}") for name in ("id", "started_at", "used_at")),
                *(column.label(f"user_{column.name}") for column in users.c if column.name != "password_hash"),
            )
            .join_from(user_sessions, users, sa.and_(
                users.c.platform_id == user_sessions.c.platform_id, users.c.login == user_sessions.c.login
            ))
            .join(platforms, platforms.c.id == user_sessions.c.platform_id)
            .where(
                user_sessions.c.token_sha256 == _digest(token),
                user_sessions.c.used_at > now - self.terms.idle,
                user_sessions.c.started_at > now - self.terms.absolute,
                users.c.disabled_at.is_(None),
            )
        )  # fmt: skip
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        user = User(
            platform_id=row.user_platform_id,
            login=row.user_login,
            roles=frozenset(Role(role) for role in row.user_roles),
            created_at=utc(row.user_created_at),
            password_set_at=utc(row.user_password_set_at),
            password_due=row.user_password_due,
            skills=skills_of(row.user_lanes, row.user_reasons),
        )
        if utc(row.session_used_at) <= now - _USE_NOTED_EVERY:
            await self._note_use(user, row.session_id, now)
        return Session(id=row.session_id, user=user, platform=platform_of(row), started_at=utc(row.session_started_at))

    async def alive(self, wanted: Collection[tuple[str, uuid.UUID]], now: datetime) -> frozenset[tuple[str, uuid.UUID]]:
        """Which of these (platform, session) have not ended; asking is no use of them."""
        column = user_sessions.c
        query = (
            sa.select(column.platform_id, column.id)
            .join_from(
                user_sessions, users, sa.and_(users.c.platform_id == column.platform_id, users.c.login == column.login)
            )
            .where(
                sa.tuple_(column.platform_id, column.id).in_(sorted(wanted)),
                column.used_at > now - self.terms.idle,
                column.started_at > now - self.terms.absolute,
                users.c.disabled_at.is_(None),
            )
        )
        async with self._database.reading() as connection:
            return frozenset((row.platform_id, row.id) for row in await connection.execute(query))

    async def end(self, session: Session, now: datetime) -> None:
        """Sign out; again without effect."""
        user = session.user
        async with self._database.transaction() as tx:
            gone = await tx.execute(
                sa.delete(user_sessions).where(
                    user_sessions.c.platform_id == user.platform_id, user_sessions.c.id == session.id
                )
            )
            if gone.rowcount:
                await _entry(tx, user, user.actor, "user.signed_out", now)

    async def knows(self, platform_id: str, login: str, device: str, now: datetime) -> bool:
        """Whether the device is one on which they signed in before."""
        if not device or len(device) > _LONGEST_TOKEN or not device.isascii():
            return False
        query = sa.select(known_devices.c.used_at).where(
            known_devices.c.platform_id == platform_id,
            known_devices.c.login == login,
            known_devices.c.token_sha256 == _digest(device),
            known_devices.c.used_at > now - self.terms.device,
        )
        async with self._database.reading() as connection:
            return await connection.scalar(query) is not None

    async def _note_use(self, user: User, session_id: uuid.UUID, now: datetime) -> None:
        async with self._database.transaction() as tx:
            await tx.execute(
                sa.update(user_sessions)
                .where(user_sessions.c.platform_id == user.platform_id, user_sessions.c.id == session_id)
                .values(used_at=now)
            )

    async def _prune(self, tx: AsyncConnection, user: User, now: datetime) -> None:
        mine = sa.and_(user_sessions.c.platform_id == user.platform_id, user_sessions.c.login == user.login)
        over = sa.or_(
            user_sessions.c.used_at <= now - self.terms.idle, user_sessions.c.started_at <= now - self.terms.absolute
        )
        await tx.execute(sa.delete(user_sessions).where(mine, over))


def skills_of(lanes: Sequence[str], reasons: Sequence[str]) -> Skills:
    """Of a user's row."""
    return Skills(
        lanes=frozenset(Lane(lane) for lane in lanes), reasons=frozenset(ReasonCode(each) for each in reasons)
    )


async def end_all(tx: AsyncConnection, platform_id: str, login: str, *, devices: bool = False) -> None:
    """End every session of a user within the change that makes it necessary; with ``devices`` forget those too."""
    for table in (user_sessions, known_devices) if devices else (user_sessions,):
        await tx.execute(sa.delete(table).where(table.c.platform_id == platform_id, table.c.login == login))


async def _still(tx: AsyncConnection, user: User, password_hash: str) -> None:
    query = sa.select(users.c.password_hash, users.c.roles, users.c.disabled_at).where(
        users.c.platform_id == user.platform_id, users.c.login == user.login
    )
    row = (await tx.execute(query.with_for_update(key_share=True))).one_or_none()
    if row is None or row.password_hash != password_hash or row.disabled_at is not None:
        raise LookupError("changed meanwhile")


async def _keep_device(tx: AsyncConnection, user: User, token: str, now: datetime) -> None:
    row = {
        "platform_id": user.platform_id, "login": user.login, "token_sha256": _digest(token), "used_at": now,
    }  # fmt: skip
    await tx.execute(
        insert(known_devices).values(row).on_conflict_do_update(
            index_elements=["platform_id", "login", "token_sha256"], set_={"used_at": now}
        )
    )  # fmt: skip
    each = known_devices.alias()
    newest = (
        sa.select(each.c.token_sha256)
        .where(each.c.platform_id == user.platform_id, each.c.login == user.login)
        .order_by(each.c.used_at.desc())
        .limit(_DEVICES_KEPT)
    )
    mine = sa.and_(known_devices.c.platform_id == user.platform_id, known_devices.c.login == user.login)
    await tx.execute(sa.delete(known_devices).where(mine, known_devices.c.token_sha256.not_in(newest)))


async def _entry(tx: AsyncConnection, user: User, actor: Actor, action: str, now: datetime) -> None:
    await audit.add_entry(tx, user.platform_id, actor, action, f"user:{user.login}", now, {})


def _digest(token: str) -> bytes:
    """Plain SHA-256 is enough for a secret of 256 random bits: there is nothing to guess."""
    return hashlib.sha256(token.encode()).digest()
