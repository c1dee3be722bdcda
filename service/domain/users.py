"""People who sign in: roles, logins, what a password must be, and how long failed attempts make one wait."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.actors import Actor, ActorKind
from service.domain.claims import ReasonCode
from service.domain.errors import InvalidRequest
from service.domain.queues import ASSIGNED, Lane

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}\Z")
PASSWORD_LENGTH = range(12, 129)
GIVEN_PASSWORD_LASTS = timedelta(days=7)
"""A password somebody else chose opens nothing after that: it lies in a mail or a chat."""
_FEWEST_DIFFERENT = 5


class Role(StrEnum):
    """What a person may do on their platform. Somebody may have several."""

    REVIEWER = "reviewer"
    SENIOR = "senior"
    AUDITOR = "auditor"
    RISK_OWNER = "risk_owner"
    DATA_SCIENTIST = "data_scientist"
    ADMINISTRATOR = "administrator"


READ_ONLY = frozenset({Role.AUDITOR})
"""Roles that see and change nothing."""
_IMPLIED = {Role.SENIOR: frozenset({Role.REVIEWER})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Skills:
    """Which cases the next-case button gives somebody: of these lanes and reasons; empty: of any."""

    lanes: frozenset[Lane] = frozenset()
    reasons: frozenset[ReasonCode] = frozenset()

    def cover(self, lane: Lane, reason: ReasonCode) -> bool:
        """``lane``: the one the policy gave, or incident; how near its limit a case is asks for no skill."""
        return (not self.lanes or lane in self.lanes) and (not self.reasons or reason in self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody of one platform. ``password_due``: it was given by somebody else and has to be changed first."""

    platform_id: str
    login: str
    roles: frozenset[Role]
    created_at: datetime
    password_set_at: datetime
    password_due: bool = False
    disabled_at: datetime | None = None
    skills: Skills = Skills()

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.PERSON, f"user:{self.login}")

    def password_lapsed(self, now: datetime) -> bool:
        """Whether it was given and never changed in time; an administrator gives a new one."""
        return self.password_due and now > self.password_set_at + GIVEN_PASSWORD_LASTS

    def may(self, roles: Iterable[Role], *, change: bool = False) -> bool:
        """Whether one of ``roles`` is theirs; for a ``change``, one that is not read only."""
        held = self.roles.union(*(_IMPLIED.get(role, frozenset()) for role in self.roles))
        wanted = frozenset(roles) & held
        return bool(wanted - READ_ONLY if change else wanted)


class Counted(StrEnum):
    """What failed attempts are counted against."""

    ACCOUNT = "account"
    ADDRESS = "address"
    DEVICE = "device"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class _Waiting:
    free: int
    longest: timedelta


# An account's wait stays short: it is what strangers can do to its owner. Whoever signed in there before has a known
# device, which is counted by itself. Addresses may be shared by many people.
_WAITS = {
    Counted.ACCOUNT: _Waiting(free=5, longest=timedelta(minutes=1)),
    Counted.ADDRESS: _Waiting(free=20, longest=timedelta(minutes=15)),
    Counted.DEVICE: _Waiting(free=5, longest=timedelta(minutes=15)),
    Counted.SESSION: _Waiting(free=5, longest=timedelta(minutes=15)),
}
FAILURES_COUNT_FOR = timedelta(days=1)


def wait_after(counted: Counted, failures: int) -> timedelta:
    """How long no attempt is looked at after so many failures in a row: none at first, then doubling from 2 s."""
    rule = _WAITS[counted]
    beyond = failures - rule.free
    if beyond <= 0:
        return timedelta(0)
    return min(rule.longest, timedelta(seconds=2 ** min(beyond, 20)))


def checked_login(text: str) -> str:
    """A login as it is stored, the same for every spelling; InvalidRequest for what is none."""
    login = folded_login(text)
    if not _LOGIN.match(login):
        raise InvalidRequest(
            "A login has 2 to 40 characters: letters a-z, digits, dot, underscore, hyphen; e.g. ana.lopez",
            extra={"code": "login"},
        )
    return login


def folded_login(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def checked_roles(roles: Iterable[str]) -> frozenset[Role]:
    """At least one role, each a known one; InvalidRequest otherwise."""
    try:
        found = frozenset(Role(role) for role in roles)
    except ValueError:
        found = frozenset()
    if not found:
        raise InvalidRequest(f"Name at least one role of: {', '.join(Role)}", extra={"code": "roles"})
    return found


def checked_skills(lanes: Iterable[str], reasons: Iterable[str]) -> Skills:
    """Of the names of lanes and reasons; all of one kind are the same as none. InvalidRequest for an unknown name."""
    try:
        skills = Skills(
            lanes=frozenset(Lane(lane) for lane in lanes), reasons=frozenset(ReasonCode(each) for each in reasons)
        )
    except ValueError:
        skills = Skills(lanes=frozenset({Lane.NEAR_BREACH}))
    if not skills.lanes <= ASSIGNED:
        named = ", ".join([*sorted(ASSIGNED), *ReasonCode])
        raise InvalidRequest(f"Somebody can be set for lanes and reasons: {named}", extra={"code": "skills"})
    return Skills(
        lanes=frozenset() if skills.lanes == ASSIGNED else skills.lanes,
        reasons=frozenset() if skills.reasons == frozenset(ReasonCode) else skills.reasons,
    )


def normal_password(text: str) -> str:
    """The same for every way of typing one password (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", text)


def checked_password(text: str, login: str) -> str:
    """A new password in its normal form; InvalidRequest for one that is too easily guessed."""
    password = normal_password(text)
    if len(password) not in PASSWORD_LENGTH:
        raise InvalidRequest(
            f"A password has {PASSWORD_LENGTH.start} to {PASSWORD_LENGTH.stop - 1} characters; a few words are fine.",
            extra={"code": "password_length"},
        )
    if len(set(password)) < _FEWEST_DIFFERENT or login in password.casefold():
        raise InvalidRequest(
            f"A password has {_FEWEST_DIFFERENT} different characters or more, and not the login in it.",
            extra={"code": "password_easy"},
        )
    return password
