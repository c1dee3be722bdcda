"""People who sign in: who may, for how long, and what failed attempts cost whoever makes them.

Signing in tells a stranger nothing: an unknown platform, an unknown login, a disabled user and a wrong password take
about the same time and get the same answer. Nobody can be locked out for good by somebody else: see ``domain.users``.
"""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.domain.actors import Actor, ActorKind
from service.domain.clock import Clock
from service.domain.errors import Conflict, InvalidRequest, NotFound, SignInRefused, SignInWaits, Unavailable
from service.domain.lifecycle import Party
from service.domain.users import (
    PASSWORD_LENGTH,
    Counted,
    Role,
    User,
    checked_login,
    checked_password,
    checked_roles,
    folded_login,
    normal_password,
)
from service.review.desk import Acting
from service.store.platforms import Platform
from service.store.sign_in_failures import SignInFailures
from service.store.user_sessions import Session, Sessions
from service.store.users import Secured, Users

__all__ = ["Accounts", "Platform", "Role", "Session", "SignedIn", "User"]

log = structlog.get_logger(__name__)

SIGN_IN = Actor(ActorKind.JOB, "sign-in")
"""Who notes a failed attempt: nobody knows who made it."""
_HASHES_AT_ONCE, _HASHES_WAITING = 2, 32
_LONGEST_LOGIN, _LONGEST_PASSWORD = 200, 1_000
_REFUSED = "Login or password is wrong. Check both; an administrator can set a new password."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Two secrets for the browser's cookies, in no log: of this session, and of the device for the next time."""

    token: str
    device: str
    user: User


class Accounts:
    """The users of all platforms of one deployment. Times are the clock's."""

    def __init__(self, users: Users, sessions: Sessions, failures: SignInFailures, clock: Clock) -> None:
        self._users = users
        self._sessions = sessions
        self._failures = failures
        self._clock = clock
        self._hashing = _Hashing()

    # -- signing in and out

    async def sign_in(self, platform_id: str, login: str, password: str, *, address: str, device: str = "") -> SignedIn:
        """A session. SignInRefused for whatever is wrong, SignInWaits after too many failures, Unavailable.

        ``address``: the caller's network address. ``device``: the token of the device cookie, if there is one.
        """
        if len(login) > _LONGEST_LOGIN or len(platform_id) > _LONGEST_LOGIN or len(password) > _LONGEST_PASSWORD:
            raise SignInRefused(_REFUSED)
        login, now = folded_login(login), self._clock.now()
        found = await self._users.get(platform_id, login)
        known = found is not None and await self._sessions.knows(platform_id, login, device, now)
        # Also what does not exist is counted, and alike, or waiting would tell what does.
        strangers = {Counted.ADDRESS: _network(address), Counted.ACCOUNT: login}
        subjects = {Counted.DEVICE: device} if known else strangers
        await self._book(platform_id, subjects, now)
        right = await self._hashing.verify(None if found is None else found.password_hash, normal_password(password))
        if found is None or not right or found.user.disabled_at is not None or found.user.password_lapsed(now):
            await self._note_failure(found, now)
            raise SignInRefused(_REFUSED)
        password_hash = await self._renewed(found, normal_password(password))
        try:
            token, kept = await self._sessions.start(found.user, password_hash, now, device=device if known else None)
        except LookupError:
            raise SignInRefused(_REFUSED) from None
        await self._failures.take_back(platform_id, subjects, now)
        return SignedIn(token=token, device=kept, user=found.user)

    async def session(self, token: str) -> Session | None:
        """Who a session's token belongs to; None where it has ended."""
        return await self._sessions.find(token, self._clock.now())

    async def sign_out(self, session: Session) -> None:
        await self._sessions.end(session, self._clock.now())

    async def change_password(self, session: Session, old: str, new: str) -> SignedIn:
        """A person's own change: every session ends, and this browser gets a new one. SignInRefused for a wrong old
        password, SignInWaits, InvalidRequest for a new one that will not do."""
        user, now = session.user, self._clock.now()
        checked = checked_password(new, user.login)
        subjects = {Counted.SESSION: str(session.id)}
        await self._book(user.platform_id, subjects, now)
        found = await self._users.get(user.platform_id, user.login)
        old = normal_password(old[:_LONGEST_PASSWORD])
        if not await self._hashing.verify(None if found is None else found.password_hash, old):
            await self._note_failure(found, now)
            raise SignInRefused("The present password is wrong.", extra={"code": "old_password"})
        if checked == old:
            raise InvalidRequest("The new password is the present one.", extra={"code": "password_same"})
        hashed = await self._hashing.hash(checked)
        changed = await self._users.set_password(
            user.platform_id, user.login, hashed, due=False, actor=user.actor, now=now
        )
        await self._failures.take_back(user.platform_id, subjects, now)
        try:
            token, device = await self._sessions.start(changed, hashed, now, device=None)
        except LookupError:
            raise SignInRefused(_REFUSED) from None
        return SignedIn(token=token, device=device, user=changed)

    # -- administering

    async def add(
        self, platform_id: str, login: str, roles: Iterable[str], actor: Actor, *, password: str | None = None
    ) -> tuple[User, str | None]:
        """A new user. Without ``password`` one is made, returned this once, and has to be changed at first sign-in."""
        plain = checked_login(login)
        given = None if password is None else checked_password(password, plain)
        made = _made_password() if given is None else None
        now = self._clock.now()
        user = User(
            platform_id=platform_id,
            login=plain,
            roles=checked_roles(roles),
            created_at=now,
            password_set_at=now,
            password_due=made is not None,
        )
        await self._users.add(user, await self._hashing.hash(given or made or ""), actor)
        return user, made

    async def may_still_review(self, acting: Acting) -> bool:
        """Whether somebody of the console still has the role they decided in, and may sign in."""
        face, _, login = acting.actor.name.partition(":")
        found = await self._users.get(acting.platform_id, login) if face == "user" else None
        if found is None or found.user.disabled_at is not None:
            return False
        return found.user.may((Role.SENIOR if acting.party is Party.SENIOR else Role.REVIEWER,), change=True)

    async def listed(self, platform_id: str) -> tuple[User, ...]:
        return await self._users.listed(platform_id)

    async def set_roles(self, platform_id: str, login: str, roles: Iterable[str], actor: Actor) -> bool:
        """Ends the person's sessions; False if nothing changes. Nobody changes their own: Conflict."""
        wanted, login = checked_roles(roles), folded_login(login)
        _another(login, actor)
        return await self._users.set_roles(platform_id, login, wanted, actor, self._clock.now())

    async def set_disabled(self, platform_id: str, login: str, disabled: bool, actor: Actor) -> bool:
        """Disabled, somebody is signed out and cannot sign in; False if nothing changes. Nobody does it to themselves:
        Conflict."""
        login = folded_login(login)
        _another(login, actor)
        return await self._users.set_disabled(platform_id, login, disabled, actor, self._clock.now())

    async def set_password(
        self, platform_id: str, login: str, actor: Actor, *, password: str | None = None
    ) -> str | None:
        """A new password for somebody else, who has to change it at the next sign-in, and need not wait any more.

        Without ``password`` one is made and returned this once.
        """
        login = folded_login(login)
        _another(login, actor)
        if await self._users.get(platform_id, login) is None:
            raise NotFound(f"There is no user {login!r} on {platform_id!r}.", extra={"code": "no_user"})
        given = None if password is None else checked_password(password, login)
        made = _made_password() if given is None else None
        hashed = await self._hashing.hash(given or made or "")
        await self._users.set_password(platform_id, login, hashed, due=True, actor=actor, now=self._clock.now())
        await self._failures.forget(platform_id, Counted.ACCOUNT, login)
        return made

    async def _book(self, platform_id: str, subjects: dict[Counted, str], now: datetime) -> None:
        until = await self._failures.book(platform_id, subjects, now)
        if until is not None:
            seconds = max(1, round((until - now).total_seconds()))
            raise SignInWaits(f"Too many attempts failed. Try again in {seconds} s.", retry_after=seconds)

    async def _note_failure(self, found: Secured | None, now: datetime) -> None:
        """Of somebody there is, in the audit trail; what strangers make up stays out of it."""
        if found is None:
            log.info("a sign-in was refused: no such user")
        else:
            await self._users.note(found.user, SIGN_IN, "user.sign_in_failed", now)

    async def _renewed(self, found: Secured, password: str) -> str:
        """The hash under today's parameters."""
        if not self._hashing.outdated(found.password_hash):
            return found.password_hash
        renewed = await self._hashing.hash(password)
        await self._users.replace_hash(found.user.platform_id, found.user.login, found.password_hash, renewed)
        return renewed


class _Hashing:
    """argon2id (RFC 9106's second recommended parameters), two at a time in threads: each takes 64 MiB."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._places = asyncio.Semaphore(_HASHES_AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        async with self._place():
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """False also where there is no hash, after as long."""
        async with self._place():
            right = await asyncio.to_thread(self._matches, password_hash or _nobodys_hash(), password)
        return right and password_hash is not None

    def outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._waiting >= _HASHES_WAITING:
            raise Unavailable("Too many people sign in at once. Try again in a moment.", retry_after=2)
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()


@cache
def _nobodys_hash() -> str:
    return PasswordHasher().hash(secrets.token_urlsafe(32))


def _made_password() -> str:
    """Four groups of five, 100 bits, without characters that are mistaken for each other."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    made = "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))
    assert len(made) in PASSWORD_LENGTH
    return made


def _another(login: str, actor: Actor) -> None:
    if actor == Actor(ActorKind.PERSON, f"user:{login}"):
        raise Conflict("Another administrator does this for you.", extra={"code": "own_account"})


def _network(address: str) -> str:
    """What one caller can hardly have many of: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if found.version == 4:
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped) if mapped is not None else str(ipaddress.ip_network((found, 64), strict=False).network_address)
