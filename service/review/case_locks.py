"""Who works on a case: taken, extended while at work, released, handed to somebody, put on hold.

A decision made in the console is made by whoever has the case. What a platform's own backend decides asks for no lock.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from service.domain.case_locks import (
    HANDED_LASTS,
    HOLD_AT_MOST,
    LOCK_LASTS,
    MOST_HANDED,
    MOST_HOLDS,
    MOST_LOCKS,
    CaseLock,
    Hold,
)
from service.domain.clock import Clock
from service.domain.errors import Conflict, Forbidden, InvalidRequest
from service.domain.queues import Lane
from service.domain.users import User, folded_login
from service.review.fitness import Unfit, unfit, unskilled
from service.review.quality import Quality
from service.review.requests import PolicyOf
from service.review.viewing import view_of_case
from service.store import Connection, Store, audit, case_locks
from service.store.users import Users

_SHORTEST_HOLD = timedelta(minutes=5)
_LONGEST_TEXT = 500

_UNFIT: Mapping[Unfit, str] = {
    Unfit.NO_REVIEWER: "{who} is no reviewer.",
    Unfit.DISABLED: "The account of {who} is disabled.",
    Unfit.SENIOR: "This case is for a senior reviewer, which {who} is not.",
    Unfit.HANDLED_BEFORE: "{who} handled this case before it was appealed; its second review is for somebody else.",
    Unfit.REJECTED_IT: "{who} rejected the claim; another senior reviewer rules on it.",
    Unfit.DIFFERS: "{who} and a colleague differ on this case; a senior reviewer who is neither of them decides it.",
    Unfit.SKILL: "{who} is not set for cases of this lane and reason.",
}


class CaseLocks:
    """One per process. Every method may raise NotFound for a case the platform does not have.

    Refusals are Conflict or Forbidden with ``extra["code"]``: ``case_taken`` (with ``holder`` and ``until``),
    ``not_queued``, ``too_many``, ``too_many_holds``, ``has_enough``, ``no_user``, ``self``, ``judge_first``, or one of
    ``Unfit``.
    """

    def __init__(
        self, store: Store, users: Users, policy_of: PolicyOf, clock: Clock, quality: Quality | None = None
    ) -> None:
        """``quality``: without it no case is judged before its score is shown."""
        self._store = store
        self._users = users
        self._policy_of = policy_of
        self._clock = clock
        self._quality = quality

    async def holder(self, platform_id: str, case_id: uuid.UUID) -> CaseLock | None:
        """Who has it now."""
        async with self._store.reading() as connection:
            return await case_locks.holder(connection, platform_id, case_id, self._clock.now())

    async def held(self, platform_id: str, case_id: uuid.UUID) -> Hold | None:
        """The hold it is on, also one that has woken up and was not taken since."""
        async with self._store.reading() as connection:
            return await case_locks.held(connection, platform_id, case_id)

    async def mine(self, user: User) -> tuple[CaseLock, ...]:
        """What somebody has, the last taken first."""
        async with self._store.reading() as connection:
            return await case_locks.of_person(connection, user.platform_id, user.login, self._clock.now())

    async def take(self, user: User, case_id: uuid.UUID) -> CaseLock:
        """Theirs from now on; theirs already, longer. Forbidden where the case is not for them, Conflict where another
        has it. A hold that has woken up ends."""
        if self._quality is None or not await self._quality.only_judged(user, case_id):
            await self._refuse_unfit(user, case_id)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            return await take_in(tx, user, case_id, now)

    async def extend(self, user: User, case_id: uuid.UUID) -> CaseLock | None:
        """A sign of work: longer. None where it is not theirs any more."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            return await case_locks.extend(tx, user.platform_id, case_id, user.login, now, now + LOCK_LASTS)

    async def release(self, user: User, case_id: uuid.UUID) -> bool:
        """Back to whoever comes next; False where it was not theirs."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            await case_locks.lock_queued(tx, user.platform_id, case_id)
            if not await case_locks.release(tx, user.platform_id, case_id, user.login):
                return False
            await _note(tx, user, "case.released", case_id, now)
            return True

    async def hand_over(self, user: User, case_id: uuid.UUID, to: str, note: str = "") -> CaseLock:
        """To somebody named, who has it for some hours from now on. Conflict where they do not exist, the case is not
        for them, or a third person has it."""
        login, now = folded_login(to), self._clock.now()
        if login == user.login:
            raise Conflict("You have it yourself: name somebody else.", extra={"code": "self"})
        await self._refuse_unjudged(user, case_id)
        found = await self._users.get(user.platform_id, login)
        if found is None:
            raise Conflict(f"There is no user {login!r} on this platform.", extra={"code": "no_user"})
        await self._refuse_unfit(found.user, case_id, skilled=True)
        async with self._store.transaction() as tx:
            if await case_locks.lock_queued(tx, user.platform_id, case_id) is None:
                raise _not_queued()
            waiting = [each for each in await case_locks.of_person(tx, user.platform_id, login, now) if each.handed_by]
            if len(waiting) >= MOST_HANDED and case_id not in {each.case_id for each in waiting}:
                raise Conflict(
                    f"{login} has {MOST_HANDED} cases waiting already: name somebody else.",
                    extra={"code": "has_enough"},
                )
            lock = await case_locks.hand_over(
                tx, user.platform_id, case_id, giver=user.login, to=login, note=_short(note), now=now,
                until=now + HANDED_LASTS,
            )  # fmt: skip
            if lock is None:
                raise await _taken(tx, user.platform_id, case_id, now)
            await _note(tx, user, "case.handed_over", case_id, now, note, {"to": login})
            return lock

    async def put_on_hold(self, user: User, case_id: uuid.UUID, reason: str, wake_at: datetime) -> Hold:
        """Out of the queue until ``wake_at``, when it comes back at the front; its deadline runs on.

        InvalidRequest without a reason, or for a moment that is over or too far off; Conflict where another has it.
        """
        now, said = self._clock.now(), _short(reason)
        if not said:
            raise InvalidRequest("Say why it is put on hold.", extra={"code": "hold_reason"})
        if not now + _SHORTEST_HOLD <= wake_at <= now + HOLD_AT_MOST:
            raise InvalidRequest(
                f"A hold lasts {_SHORTEST_HOLD.seconds // 60} minutes to {HOLD_AT_MOST.days} days.",
                extra={"code": "hold_until"},
            )
        await self._refuse_unjudged(user, case_id)
        await self._refuse_unfit(user, case_id)
        hold = Hold(case_id=case_id, login=user.login, since=now, until=wake_at, reason=said)
        async with self._store.transaction() as tx:
            if await case_locks.lock_queued(tx, user.platform_id, case_id) is None:
                raise _not_queued()
            has = await case_locks.holder(tx, user.platform_id, case_id, now)
            if has is not None and has.login != user.login:
                raise await _taken(tx, user.platform_id, case_id, now)
            if await case_locks.holds_of(tx, user.platform_id, user.login, now) >= MOST_HOLDS:
                raise Conflict(
                    f"You keep {MOST_HOLDS} cases on hold already: decide one of those first.",
                    extra={"code": "too_many_holds"},
                )
            await case_locks.hold(tx, user.platform_id, hold)
            await case_locks.release(tx, user.platform_id, case_id, user.login)
            await _note(tx, user, "case.put_on_hold", case_id, now, said, {"until": wake_at.isoformat()})
        return hold

    async def end_hold(self, user: User, case_id: uuid.UUID) -> bool:
        """Back in the queue before its time; False where it was not on hold."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            if not await case_locks.end_hold(tx, user.platform_id, case_id):
                return False
            await _note(tx, user, "case.hold_ended", case_id, now)
            return True

    async def _refuse_unjudged(self, user: User, case_id: uuid.UUID) -> None:
        """Of every case that is judged before its score is shown, so that none of them is told from the others."""
        if self._quality is not None and await self._quality.blind(user.platform_id, case_id, user):
            raise Conflict(
                "Judge this case first; then it can be handed over or put on hold. Or release it for whoever comes "
                "next.",
                extra={"code": "judge_first"},
            )

    async def _refuse_unfit(self, user: User, case_id: uuid.UUID, *, skilled: bool = False) -> None:
        view = await view_of_case(self._store, user.platform_id, case_id)
        why = unfit(user, view, await self._policy_of(user.platform_id))
        if why is None and skilled and unskilled(user, await self._assigned(user.platform_id, case_id), view):
            why = Unfit.SKILL
        if why is not None:
            raise Forbidden(_UNFIT[why].format(who=user.login), extra={"code": why.value})

    async def _assigned(self, platform_id: str, case_id: uuid.UUID) -> Lane:
        async with self._store.reading() as connection:
            return await case_locks.assigned_lane(connection, platform_id, case_id)


async def take_in(tx: Connection, user: User, case_id: uuid.UUID, now: datetime) -> CaseLock:
    """Take a case within a transaction; Conflict where another has it, or they have as many as one may have."""
    queued = await case_locks.lock_queued(tx, user.platform_id, case_id)
    had = await case_locks.holder(tx, user.platform_id, case_id, now)
    mine = had is not None and had.login == user.login
    # What others hand somebody does not keep them from work.
    theirs = [each for each in await case_locks.of_person(tx, user.platform_id, user.login, now) if not each.handed_by]
    if not mine and len(theirs) >= MOST_LOCKS:
        raise Conflict(f"You have {MOST_LOCKS} cases already: decide or release one first.", extra={"code": "too_many"})
    lock = await case_locks.take(tx, user.platform_id, case_id, user.login, now, now + LOCK_LASTS)
    if lock is None:
        raise await _taken(tx, user.platform_id, case_id, now)
    if queued is not None and queued.held_until is not None:
        await case_locks.end_hold(tx, user.platform_id, case_id)
    if not mine or (had is not None and had.handed_by is not None):
        await _note(tx, user, "case.taken", case_id, now)
    return lock


async def _taken(tx: Connection, platform_id: str, case_id: uuid.UUID, now: datetime) -> Conflict:
    has = await case_locks.holder(tx, platform_id, case_id, now)
    who, until = (has.login, has.until.isoformat()) if has is not None else ("", "")
    return Conflict(
        f"{who or 'Somebody'} is at work on this case. Take another, or ask them to hand it over.",
        extra={"code": "case_taken", "holder": who, "until": until},
    )


def _not_queued() -> Conflict:
    return Conflict("The case does not wait for a reviewer any more.", extra={"code": "not_queued"})


async def _note(
    tx: Connection,
    user: User,
    action: str,
    case_id: uuid.UUID,
    now: datetime,
    reason: str = "",
    after: Mapping[str, str] | None = None,
) -> None:
    await audit.register_actor(tx, user.platform_id, user.actor, now)
    await audit.add_entry(
        tx,
        user.platform_id,
        user.actor,
        action,
        audit.case_subject(case_id),
        now,
        {"reason": reason, **(after or {})},
        reason=reason or None,
        after=after,
    )


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_TEXT]
