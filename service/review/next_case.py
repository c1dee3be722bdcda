"""The next case for somebody: what was handed to them, what they put off until now, then lane by lane.

No two people get the same one: whoever locks its queue row first has it, and the other goes on to the following case.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import AsyncIterator, Sequence

from service.domain.case_locks import CaseLock
from service.domain.clock import Clock
from service.domain.errors import Conflict, NotFound
from service.domain.queues import Lane
from service.domain.users import Role, User
from service.policy import Policy
from service.review.case_locks import take_in
from service.review.fitness import unfit
from service.review.quality import Quality
from service.review.requests import PolicyOf
from service.review.viewing import view_of_case
from service.store import Store, case_locks, next_cases
from service.store.next_cases import SeniorsOnly, Taker

_AT_ONCE, _ROUNDS = 20, 5
# How often what waits for a judgement alone comes before what waits in the queues: by chance, as any case might.
_BESIDE_FIRST = 0.25


class NextCase:
    """One per process."""

    def __init__(self, store: Store, policy_of: PolicyOf, clock: Clock, quality: Quality | None = None) -> None:
        """``quality``: what waits for judgements beside the queues; without it nothing does."""
        self._store = store
        self._policy_of = policy_of
        self._clock = clock
        self._quality = quality

    async def take(self, user: User) -> CaseLock | None:
        """The lock on their next case; None where nothing waits that is for them. Conflict where they have too many.

        Skill, seniority and conflict of interest are kept to: never the same person before and after an appeal, nor
        one's own proposal to confirm.
        """
        policy = await self._policy_of(user.platform_id)
        taker = _taker(user, policy)
        beside = await self._beside(user)
        early = bool(beside) and random.SystemRandom().random() < _BESIDE_FIRST
        if early and (lock := await self._judge(user, beside)) is not None:
            return lock
        async for case_id in self._candidates(taker):
            lock = await self._try(user, case_id, policy)
            if lock is not None:
                return lock
        return None if early else await self._judge(user, beside)

    async def _beside(self, user: User) -> list[uuid.UUID]:
        """What waits for their judgement alone and is not before them already."""
        if self._quality is None:
            return []
        async with self._store.reading() as connection:
            held = await case_locks.of_person(connection, user.platform_id, user.login, self._clock.now())
        mine = {lock.case_id for lock in held}
        waiting = await self._quality.waiting(user.platform_id, user)
        return [each.case_id for each in waiting if each.case_id not in mine]

    async def _judge(self, user: User, beside: Sequence[uuid.UUID]) -> CaseLock | None:
        """The first of what waits for their judgement alone, in no queue, that nobody else has at this moment."""
        for case_id in beside:
            try:
                async with self._store.transaction() as tx:
                    return await take_in(tx, user, case_id, self._clock.now())
            except Conflict as error:
                if error.extra.get("code") != "case_taken":
                    raise
        return None

    async def _candidates(self, taker: Taker) -> AsyncIterator[uuid.UUID]:
        now = self._clock.now()
        async with self._store.reading() as connection:
            first = (
                *await next_cases.handed(connection, taker, now),
                *await next_cases.woken(connection, taker, now),
            )
        for case_id in first:
            yield case_id
        for lane in Lane:
            seen: list[uuid.UUID] = []
            for _ in range(_ROUNDS):
                async with self._store.reading() as connection:
                    found = await next_cases.of_lane(
                        connection, taker, lane, self._clock.now(), without=seen, limit=_AT_ONCE
                    )
                for case_id in found:
                    yield case_id
                seen += found
                if len(found) < _AT_ONCE:
                    break

    async def _try(self, user: User, case_id: uuid.UUID, policy: Policy) -> CaseLock | None:
        """None where it is not for them, or somebody else was quicker."""
        try:
            if unfit(user, await view_of_case(self._store, user.platform_id, case_id), policy) is not None:
                return None
            async with self._store.transaction() as tx:
                if not await case_locks.lock_free(tx, user.platform_id, case_id):
                    return None
                return await take_in(tx, user, case_id, self._clock.now())
        except NotFound:
            return None
        except Conflict as error:
            if error.extra.get("code") == "case_taken":
                return None
            raise


def _taker(user: User, policy: Policy) -> Taker:
    rule = policy.senior_review
    return Taker(
        platform_id=user.platform_id,
        login=user.login,
        actor_name=user.actor.name,
        skills=user.skills,
        seniors_only=None
        if Role.SENIOR in user.roles
        else SeniorsOnly(
            reasons=frozenset(reason.value for reason in rule.reasons),
            disputed=rule.disputed,
            cross_border=rule.cross_border,
            amount_from=rule.amount_from_minor,
            currency=policy.currency,
        ),
    )
