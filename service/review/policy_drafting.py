"""Writing a policy: a draft for each person, what is wrong with its text, and putting it forward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.actors import Actor
from service.domain.clock import Clock
from service.domain.errors import InvalidPolicyText, NotFound, StaleWrite, TooLarge
from service.domain.policy_versions import text_digest
from service.policy import Policy
from service.review.policies import PolicyDesk, Standing
from service.store.policy_drafts import PolicyDraft, PolicyDrafts

__all__ = ["Checked", "PolicyDraft", "PolicyDrafting"]

MOST_CHARACTERS = 400_000
"""Twice what a policy may have, so that a text that became too long can still be kept and cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """``policy``: what a text says, or None and what is wrong with it: {"line", "path", "message"} each, by line."""

    policy: Policy | None
    problems: tuple[dict[str, Any], ...] = ()


class PolicyDrafting:
    """One per process; keeps nothing between calls. Times are the machine's, not a demo's."""

    def __init__(self, drafts: PolicyDrafts, desk: PolicyDesk, clock: Clock) -> None:
        self._drafts = drafts
        self._desk = desk
        self._clock = clock

    def now(self) -> datetime:
        """By which drafts are kept."""
        return self._clock.now()

    async def mine(self, platform_id: str, login: str) -> PolicyDraft | None:
        return await self._drafts.get(platform_id, login)

    async def save(
        self, platform_id: str, login: str, text: str, *, revision: int, began_from: str | None = None
    ) -> PolicyDraft:
        """Keep a text as it was typed, whatever is wrong with it. StaleWrite; TooLarge beyond 400,000 characters."""
        if len(text) > MOST_CHARACTERS:
            raise TooLarge(f"A draft is kept up to {MOST_CHARACTERS:,} characters; this text is longer.")
        kept = storable(text)
        return await self._drafts.save(
            platform_id, login, kept, self._clock.now(), revision=revision, began_from=began_from
        )

    async def discard(self, platform_id: str, login: str) -> None:
        await self._drafts.discard(platform_id, login)

    async def begin(self, platform_id: str, login: str, version: str) -> PolicyDraft:
        """A draft with a version's text in place of the one there is. NotFound for an unknown version."""
        text = (await self._desk.version(platform_id, version)).record.text
        present = await self._drafts.get(platform_id, login)
        return await self._drafts.save(
            platform_id,
            login,
            text,
            self._clock.now(),
            revision=0 if present is None else present.revision,
            began_from=version,
        )

    async def check(self, platform_id: str, text: str) -> Checked:
        """What is wrong with a text, or the policy it is."""
        try:
            return Checked(policy=await self._desk.check(platform_id, text))
        except InvalidPolicyText as wrong:
            found = wrong.extra.get("errors", [])
            return Checked(policy=None, problems=tuple(sorted(found, key=lambda each: each["line"] or 0)))

    async def propose(
        self, platform_id: str, login: str, text_sha256: str, *, actor: Actor, wanted_at: datetime | None, note: str
    ) -> Standing:
        """Propose one's draft as it was read: StaleWrite where it is another by now. The draft is over with it."""
        draft = await self._drafts.get(platform_id, login)
        if draft is None:
            raise NotFound("You have no draft. Begin one first.")
        if text_digest(draft.text) != text_sha256:
            raise StaleWrite("Your draft has changed since you read it here. Look at the difference again.")
        standing = await self._desk.propose(
            platform_id, draft.text, person=login, actor=actor, wanted_at=wanted_at, note=note
        )
        await self._drafts.discard(platform_id, login)
        return standing


def storable(text: str) -> str:
    """A text as the database can hold it: what it cannot becomes ``�`` and stands where it stood."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
