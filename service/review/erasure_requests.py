"""Retention and erasure as a platform's administrators see and do them: one asks, another approves."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.domain.actors import Actor, ActorKind, same_person
from service.domain.clock import Clock
from service.domain.errors import Conflict, InvalidRequest, NotFound
from service.domain.identifiers import new_id
from service.review.personal_data import PersonalDataDesk
from service.store import ERASED, Erased, Pseudonym, RetentionRule
from service.store.erasure_requests import ErasureDone, ErasureRequest, ErasureRequests
from service.store.retention_standing import RetentionStanding, RetentionStandings

__all__ = ["ErasureDesk", "ErasureDone", "ErasureRequest", "Keeping", "RetentionStanding"]

EVERY, WHOLE_EVERY = timedelta(hours=1), timedelta(days=1)
"""How often a worker takes away what has come to its end, and how often it looks at everything."""
_LONGEST = 500
_KINDS = ("identity", "chat", "default")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """``days``: kind of page → days after its last case ended, 0 for good; ``default`` for kinds not named.

    ``next_at``/``next_whole_at``: when the next round is due; past where no worker runs, None before the first.
    """

    days: Mapping[str, int]
    standing: RetentionStanding
    next_at: datetime | None
    next_whole_at: datetime | None


class ErasureDesk:
    """Of one platform at a time. ``pseudonym``: platform id → its pseudonyms."""

    def __init__(
        self,
        requests: ErasureRequests,
        standings: RetentionStandings,
        personal_data: PersonalDataDesk,
        rule: RetentionRule,
        pseudonym: Callable[[str], Pseudonym],
        clock: Clock,
    ) -> None:
        self._requests = requests
        self._standings = standings
        self._personal_data = personal_data
        self._rule = rule
        self._pseudonym = pseudonym
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    async def keeping(self, platform_id: str) -> Keeping:
        """How long evidence is kept, and how taking it away stands."""
        standing = await self._standings.of(platform_id, self._clock.now())
        named = [name.rpartition(":")[2] for name in self._rule.days if name.startswith(f"{platform_id}:")]
        general = [name for name in self._rule.days if ":" not in name]
        kinds = dict.fromkeys([*_KINDS, *general, *named])
        run = standing.run
        return Keeping(
            days={kind: self._rule.of(platform_id, kind) for kind in kinds},
            standing=standing,
            next_at=run.ended_at + EVERY if run else None,
            next_whole_at=run.whole_at + WHOLE_EVERY if run and run.whole_at else None,
        )

    async def requests(self, platform_id: str) -> tuple[ErasureRequest, ...]:
        """Newest first, fifty at most."""
        return await self._requests.listed(platform_id)

    async def done(self, platform_id: str) -> tuple[ErasureDone, ...]:
        """What was erased lately, whoever asked for it."""
        return await self._requests.done(platform_id)

    async def ask(self, platform_id: str, account_id: str, reason: str, actor: Actor) -> ErasureRequest:
        """Write a request down; nothing is erased before another person approves. InvalidRequest, Conflict."""
        account, why = account_id.strip(), reason.strip()
        if not 1 <= len(account) <= 200 or not account.isprintable():
            raise InvalidRequest("Give the account's id as your platform sends it.", extra={"code": "account"})
        if not 1 <= len(why) <= _LONGEST or not all(each.isprintable() or each == "\n" for each in why):
            raise InvalidRequest("Say why, in 500 characters at most.", extra={"code": "reason"})
        if account.startswith(ERASED):
            raise InvalidRequest("This is a pseudonym: the account was erased already.", extra={"code": "erased"})
        request = ErasureRequest(
            platform_id=platform_id,
            id=new_id(),
            account_id=account,
            reason=why,
            asked_by=actor.name,
            asked_at=self._clock.now(),
            state="asked",
        )
        await self._requests.add(request, self._named(platform_id, account), actor)
        return request

    async def approve(self, platform_id: str, request_id: uuid.UUID, actor: Actor) -> Erased:
        """Erase the account. Conflict for who asked, or while a case of the account runs; NotFound where nothing is
        stored of it."""
        request = await self._waiting(platform_id, request_id)
        asker = Actor(ActorKind.PERSON, request.asked_by)
        if same_person(asker, actor):
            raise Conflict("Whoever asked cannot approve: another administrator does.", extra={"code": "same_person"})
        try:
            erased = await self._personal_data.erase(platform_id, request.account_id, asker, actor, request.reason)
        except NotFound as error:
            raise NotFound("Nothing is stored of this account.", extra={"code": "nothing"}) from error
        name = self._named(platform_id, request.account_id)
        await self._requests.end(platform_id, request_id, "erased", name, request.reason, actor, self._clock.now())
        return erased

    async def refuse(self, platform_id: str, request_id: uuid.UUID, reason: str, actor: Actor) -> None:
        """End a request without erasing; its account's id goes all the same. Also by who asked."""
        request = await self._waiting(platform_id, request_id)
        why = reason.strip()[:_LONGEST]
        if not why:
            raise InvalidRequest("Say why.", extra={"code": "reason"})
        name = self._named(platform_id, request.account_id)
        await self._requests.end(platform_id, request_id, "refused", name, why, actor, self._clock.now())

    async def export(self, platform_id: str, account_id: str, reason: str, actor: Actor) -> dict[str, Any]:
        """Everything stored of an account, for the person it is about. NotFound; BadRequest without a reason."""
        return await self._personal_data.export(platform_id, account_id.strip(), actor, reason)

    async def _waiting(self, platform_id: str, request_id: uuid.UUID) -> ErasureRequest:
        request = await self._requests.get(platform_id, request_id)
        if request.state != "asked":
            raise Conflict("Somebody else has ended this request already.", extra={"code": "ended"})
        return request

    def _named(self, platform_id: str, account_id: str) -> str:
        return self._pseudonym(platform_id)("account_id", account_id)
