"""The use cases around a platform's policy: check a text, propose it, sign it off, publish what is in force."""

from __future__ import annotations

import asyncio
import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from service import policy
from service.domain.actors import Actor, readable_name
from service.domain.assessment import PlatformMode
from service.domain.claims import Claim
from service.domain.clock import Clock
from service.domain.errors import InvalidPolicy, InvalidPolicyText, InvalidRequest, NotFound
from service.domain.policy_versions import PolicyRecord, PolicyState, PolicyStep, Signature, state_of, text_digest
from service.policy import Policy, PolicyDifference, PreCheck, policy_differences
from service.store import Platform, Store

LONGEST_NOTE = 1000
# A sentence of the loader: "line 12, fee.rounding: ..." or "fee: missing; ..." or plain words.
_LINE = re.compile(r"line (?P<line>\d+)(?:, (?:column \d+|(?P<path>[^:]{1,200})))?: (?P<message>.+)", re.DOTALL)
_PATH = re.compile(r"(?P<path>[\w.\[\]-]{1,200}): (?P<message>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What is in force on a platform, for everybody to read. ``effective_at``: since when."""

    policy: Policy
    version: str
    effective_at: datetime
    text_sha256: str

    def view(self, language: str) -> dict[str, Any]:
        """What is published, JSON-ready, in ``zh`` or ``en``."""
        since = self.effective_at.astimezone(self.policy.time_zone).isoformat(timespec="minutes")
        return {**policy.public_view(self.policy, language), "in_force": {"version": self.version, "since": since}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A version and where it stands now. ``voids_certificate``: its decision-relevant part is not the one in force, so
    no certificate issued under that covers it."""

    record: PolicyRecord
    state: PolicyState
    voids_certificate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two texts compared. ``lines``: a unified diff; ``meanings``: clause by clause; ``decides_alike``: nothing that
    says what would be approved, and for how much, is different."""

    before: str
    after: str
    meanings: tuple[PolicyDifference, ...]
    lines: tuple[str, ...]
    decides_alike: bool


class PolicyDesk:
    """One per process; keeps nothing between calls but texts already parsed."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._life = store.policy_life
        self._clock = clock

    # --- reading ----------------------------------------------------------------------------------------------
    def now(self) -> datetime:
        """By which versions come into force."""
        return self._clock.now()

    async def published(self, platform_id: str) -> Published:
        """The policy in force now; NotFound for a platform without one."""
        found = await self._store.platform_in_force(platform_id, self._clock.now())
        if found is None:
            raise NotFound(f"There is no policy in force for a platform {platform_id!r} here.")
        version = found[1]
        return Published(
            policy=parsed(version.text),
            version=version.version,
            effective_at=version.effective_at,
            text_sha256=text_digest(version.text),
        )

    async def versions(self, platform_id: str) -> tuple[Standing, ...]:
        """Every version of a platform, newest first. NotFound for an unknown platform."""
        await self._platform(platform_id)
        records = await self._life.listed(platform_id)
        return tuple(reversed(self._standings(records)))

    async def version(self, platform_id: str, version: str) -> Standing:
        """NotFound for a version the platform does not have."""
        for standing in await self.versions(platform_id):
            if standing.record.version == version:
                return standing
        raise NotFound(f"There is no policy version {version!r} on this platform. List them first.")

    async def compare(self, platform_id: str, before: str, after: str) -> Comparison:
        """Two stored versions of one platform."""
        one, other = [await self._life.one(platform_id, each) for each in (before, after)]
        return compared(one.text, other.text, before=f"version {before}", after=f"version {after}")

    async def pre_check(self, claim: Claim) -> tuple[PreCheck, str]:
        """What the policy in force says of a claim not made yet, and its version. Nothing else is read."""
        published = await self.published(claim.platform_id)
        return policy.pre_check(published.policy, claim, self._clock.now()), published.version

    # --- changing ---------------------------------------------------------------------------------------------
    async def check(self, platform_id: str, text: str) -> Policy:
        """The policy written in ``text``, fit for this platform; InvalidPolicyText with line and message for each
        problem."""
        # In a thread: a long text takes a second to read, and a process has other requests.
        return _fit(await asyncio.to_thread(checked, text), await self._platform(platform_id))

    async def propose(
        self,
        platform_id: str,
        text: str,
        *,
        person: str,
        actor: Actor,
        wanted_at: datetime | None = None,
        note: str = "",
        draft: bool = False,
    ) -> Standing:
        """Store a new version; it waits for a second person's signature. ``wanted_at`` None: in force once signed.

        ``draft``: kept, but not up for signature yet. InvalidPolicyText, InvalidRequest (a time that is past), Conflict
        (the text in force).
        """
        _plain_note(note)
        parsed_text = await self.check(platform_id, text)
        by = self._signature(person, actor)
        _refuse_past(wanted_at, by.at)
        store = self._life.draft if draft else self._life.propose_new
        record = await store(platform_id, text, parsed_text.digest, note, wanted_at, by)
        return await self._standing(record)

    async def propose_draft(self, platform_id: str, version: str, *, person: str, actor: Actor) -> Standing:
        """Put a draft up for signature. Its text is checked again: what a policy may say can have changed since."""
        record = await self._life.one(platform_id, version)
        await self.check(platform_id, record.text)
        return await self._standing(await self._life.propose(platform_id, version, self._signature(person, actor)))

    async def sign_off(
        self, platform_id: str, version: str, text_sha256: str, *, person: str, actor: Actor
    ) -> Standing:
        """A second person's signature under the text with this digest (hex SHA-256 of its UTF-8).

        Conflict where it may be the same person's, where the version is not proposed, or its time has come too near;
        StaleWrite where the text or what it was proposed against has changed.
        """
        record = await self._life.one(platform_id, version)
        await self.check(platform_id, record.text)
        by = self._signature(person, actor)
        return await self._standing(await self._life.sign_off(platform_id, version, text_sha256, by))

    async def withdraw(self, platform_id: str, version: str, *, why: str, person: str, actor: Actor) -> Standing:
        """Take back what is not in force yet."""
        return await self._end(platform_id, version, PolicyStep.WITHDRAWN, why, person, actor)

    async def reject(self, platform_id: str, version: str, *, why: str, person: str, actor: Actor) -> Standing:
        """Refuse the signature a proposal asks for."""
        return await self._end(platform_id, version, PolicyStep.REJECTED, why, person, actor)

    # --- inside -----------------------------------------------------------------------------------------------
    async def _end(
        self, platform_id: str, version: str, step: PolicyStep, why: str, person: str, actor: Actor
    ) -> Standing:
        _plain_note(why)
        if not why.strip():
            raise InvalidRequest("Say why in a few words: whoever proposed it will want to know.")
        by = self._signature(person, actor)
        return await self._standing(await self._life.end(platform_id, version, step, why, by))

    def _signature(self, person: str, actor: Actor) -> Signature:
        return Signature(person=readable_name(person), actor=actor, at=self._clock.now())

    async def _platform(self, platform_id: str) -> Platform:
        found = await self._store.platform(platform_id)
        if found is None:
            raise NotFound(f"There is no platform {platform_id!r} here. Add it with: prereview platforms add")
        return found

    async def _standing(self, record: PolicyRecord) -> Standing:
        records = await self._life.listed(record.platform_id)
        return next(each for each in self._standings(records) if each.record.version == record.version)

    def _standings(self, records: Sequence[PolicyRecord]) -> list[Standing]:
        now = self._clock.now()
        states = [state_of(record, records, now) for record in records]
        ruling = {record.digest for record, state in zip(records, states, strict=True) if state is PolicyState.IN_FORCE}
        return [
            Standing(record=record, state=state, voids_certificate=record.digest not in ruling)
            for record, state in zip(records, states, strict=True)
        ]


@lru_cache(maxsize=64)
def parsed(text: str) -> Policy:
    """A stored text as policy; each is parsed once a process."""
    return policy.load_policy(text)


def checked(text: str) -> Policy:
    """The policy written in a text from outside; InvalidPolicyText with line and message for each problem."""
    try:
        return parsed(text)
    except InvalidPolicy as wrong:
        problems = [located(each) for each in wrong.extra.get("problems", [wrong.detail])]
        raise InvalidPolicyText(wrong.detail, extra={"errors": problems, "error_count": len(problems)}) from None


def located(problem: str) -> dict[str, Any]:
    """A problem's sentence as {"line", "path", "message"}."""
    found = _LINE.fullmatch(problem)
    if found is not None:
        return {"line": int(found["line"]), "path": found["path"] or "", "message": found["message"]}
    found = _PATH.fullmatch(problem)
    if found is not None:
        return {"line": None, "path": found["path"], "message": found["message"]}
    return {"line": None, "path": "", "message": problem}


def compared(one: str, other: str, *, before: str, after: str) -> Comparison:
    """Two texts by meaning and line by line. InvalidPolicyText where one cannot be read."""
    old, new = checked(one), checked(other)
    lines = difflib.unified_diff(one.splitlines(), other.splitlines(), before, after, lineterm="", n=2)
    return Comparison(
        before=before,
        after=after,
        meanings=policy_differences(old, new),
        lines=tuple(lines),
        decides_alike=old.digest == new.digest,
    )


def _fit(given: Policy, platform: Platform) -> Policy:
    """A platform's name, zone and currency are its own: a policy of another has no place here."""
    wrong = list(_misfits(given, platform))
    if wrong:
        problems = [{"line": None, "path": path, "message": message} for path, message in wrong]
        first = problems[0]
        raise InvalidPolicyText(
            f"{first['path']}: {first['message']}", extra={"errors": problems, "error_count": len(problems)}
        )
    return given


def _misfits(given: Policy, platform: Platform) -> Iterator[tuple[str, str]]:
    for path, has, needs in (
        ("platform", given.platform, platform.id),
        ("zone", given.zone, platform.zone),
        ("currency", given.currency, platform.currency),
    ):
        if has != needs:
            yield path, f"is {has!r}, but this platform's is {needs!r}; write that"


def _refuse_past(wanted_at: datetime | None, now: datetime) -> None:
    if wanted_at is not None and wanted_at <= now:
        raise InvalidRequest(
            f"It is to come into force at {wanted_at.isoformat()}, which is past: no decision that was made may change "
            "its rules. Give a later time."
        )


def _plain_note(note: str) -> None:
    if len(note) > LONGEST_NOTE or any(not each.isprintable() and each != "\n" for each in note):
        raise InvalidRequest(f"A note has at most {LONGEST_NOTE} characters, all of them visible.")


def may_be_set_up(mode: PlatformMode) -> bool:
    """Whether an operator alone may replace a policy: only where no real money hangs on it."""
    return mode is PlatformMode.DEMO
