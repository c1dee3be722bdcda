"""The life of a policy's text: drafted, proposed, signed off by a second person, in force, superseded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.actors import Actor, ActorKind, same_person

# From a signature, or a withdrawal, to the earliest moment it may change what is in force: longer than a transaction
# and than the difference of two machines' clocks, so that no decision is made under a text that another process no
# longer has in force at that moment.
LEAD = timedelta(minutes=1)


class PolicyStep(StrEnum):
    """What people did to a version last; stored."""

    DRAFTED = "drafted"
    PROPOSED = "proposed"
    SIGNED_OFF = "signed_off"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class PolicyState(StrEnum):
    """Where a version stands at a moment. SCHEDULED: signed off, its time has not come."""

    DRAFTED = "drafted"
    PROPOSED = "proposed"
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """``person`` is the name given; ``actor`` who brought it: the same person at a command line, or a platform's key.

    A name is no proof. Where a key brings it, the platform vouches for it, and two signatures need two keys as well.
    """

    person: str
    actor: Actor
    at: datetime

    def may_be_of(self, person: str, actor: Actor) -> bool:
        """Whether ``person`` acting through ``actor`` may be the same as who signed here."""
        one_key = actor.kind is ActorKind.KEY and actor == self.actor
        return one_key or same_person(self.person, person)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRecord:
    """One stored version with its life so far.

    ``digest``: of the decision-relevant part. ``wanted_at``: when it is to come into force, None: once signed off;
    ``effective_at``: when it does, set by the signature. ``based_on``: the version signed off last when this one was
    proposed. ``ended``: who rejected or withdrew it, with ``ended_why``.
    """

    platform_id: str
    version: str
    step: PolicyStep
    text: str
    text_sha256: str
    digest: str
    note: str
    wanted_at: datetime | None
    effective_at: datetime | None
    based_on: str | None
    drafted: Signature
    proposed: Signature | None = None
    signed: Signature | None = None
    ended: Signature | None = None
    ended_why: str = ""


def text_digest(text: str) -> str:
    """SHA-256 (hex) of a policy's text, UTF-8: what a signature is under."""
    return hashlib.sha256(text.encode()).hexdigest()


def state_of(record: PolicyRecord, records: Sequence[PolicyRecord], now: datetime) -> PolicyState:
    """Where one of a platform's ``records`` stands at ``now``."""
    if record.step is not PolicyStep.SIGNED_OFF:
        return PolicyState(record.step.value)
    if record.effective_at is None or record.effective_at > now:
        return PolicyState.SCHEDULED
    ruling = in_force(records, now)
    return PolicyState.IN_FORCE if ruling is not None and ruling.version == record.version else PolicyState.SUPERSEDED


def in_force(records: Sequence[PolicyRecord], now: datetime) -> PolicyRecord | None:
    """The signed version whose time came last; of two with one time, the one signed later."""
    signed = [
        (record.effective_at, record.signed.at, record.version, record)
        for record in records
        if record.step is PolicyStep.SIGNED_OFF
        and record.signed is not None
        and record.effective_at is not None
        and record.effective_at <= now
    ]
    return max(signed, key=lambda each: each[:3])[3] if signed else None
