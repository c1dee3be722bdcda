"""The undo window: what a reviewer decides waits some seconds before it takes effect.

A decision is tried when it is made and taken back at once, so that whatever stands against it is said to whoever still
has the case before them. It takes effect by a job, through the same use case and as the same person, in the transaction
that ends its waiting: so it is done once, or not at all and its maker is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from service.domain.actors import Actor, ActorKind
from service.domain.clock import Clock
from service.domain.codec import digest, to_data
from service.domain.errors import Conflict, IdempotencyKeyReused, NotFound, PrereviewError, Unavailable
from service.domain.holding import AT_ONCE, Act, Ended, Held, Intended, LeadsTo
from service.domain.identifiers import new_id
from service.review import spans
from service.review.casework import CaseWork
from service.review.desk import Acting, refuse_held
from service.review.performing import GRANTING, leads_to, perform
from service.store import Connection, Store, case_moves, held_decisions

__all__ = ["HOLDING", "Act", "Held", "HeldDecisions", "Intended", "NotHeld", "Wanted"]

log = structlog.get_logger(__name__)

HOLDING = Actor(ActorKind.JOB, "held decisions")
AT_MOST = 200
"""Decisions made at once."""
_ROUND, _TRIES = 200, 5
_KEPT_FOR = timedelta(days=14)
_SHOWN = 50

MayStill = Callable[[Acting], Awaitable[bool]]
"""Whether somebody may still do what they decided: they have the role, and may sign in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A decision on ``version`` of a case, made with the form ``once``: sent again, it is held once."""

    case_id: uuid.UUID
    version: int
    intended: Intended
    once: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHeld:
    """Refused when it was made; nothing waits."""

    case_id: uuid.UUID
    error: PrereviewError


class _TakenBack(Exception):
    """Ends a trial's transaction."""


class HeldDecisions:
    """``clock``: the service's, which stamps what happens; ``waiting``: the machine's, by which a wait passes."""

    def __init__(
        self,
        store: Store,
        casework: CaseWork,
        clock: Clock,
        waiting: Clock,
        may_still: MayStill,
        *,
        seconds: float = 10.0,
    ) -> None:
        self._store = store
        self._casework = casework
        self._clock = clock
        self._waiting = waiting
        self._may_still = may_still
        self._window = timedelta(seconds=seconds)

    # --- making and taking back ---------------------------------------------------------------------------------
    async def hold(self, acting: Acting, wanted: Sequence[Wanted]) -> tuple[Held | NotHeld, ...]:
        """Each decision held, or refused for what stands against it now; in the order given, each by itself.

        ValueError for more than ``AT_MOST`` at once.
        """
        if len(wanted) > AT_MOST:
            raise ValueError(f"at most {AT_MOST} decisions are made at once")
        made: list[Held | NotHeld] = []
        for each in wanted:
            try:
                made.append(await self._hold(acting, each))
            except Unavailable:
                if not made:
                    raise
                made.append(NotHeld(case_id=each.case_id, error=_LATER))
            except PrereviewError as error:
                made.append(NotHeld(case_id=each.case_id, error=error))
        return await self._together(acting, made)

    async def preview(self, acting: Acting, wanted: Sequence[Wanted]) -> tuple[LeadsTo | NotHeld, ...]:
        """What each would come to, or what stands against it now; nothing waits and nothing is kept."""
        found: list[LeadsTo | NotHeld] = []
        for each in wanted:
            try:
                async with self._store.database.whole() as tx:
                    case = await self._store.lock_case(tx, acting.platform_id, each.case_id)
                    case_moves.refuse_stale(case, each.version)
                    await refuse_held(tx, acting, each.case_id)
                    found.append(await self._tried(acting, each))
            except PrereviewError as error:
                if isinstance(error, Unavailable):
                    raise
                found.append(NotHeld(case_id=each.case_id, error=error))
        return tuple(found)

    async def hold_one(self, acting: Acting, wanted: Wanted) -> Held:
        """One decision held; NotFound, StaleWrite, DecisionHeld, and whatever its use case refuses."""
        return await self._hold(acting, wanted)

    async def undo(self, platform_id: str, actor: Actor, held_ids: Collection[uuid.UUID]) -> tuple[Held, ...]:
        """Take back one's own that wait still; those that have taken effect, or were another's, are left out."""
        now, noted_at = self._waiting.now(), self._clock.now()
        back: list[Held] = []
        async with self._store.transaction() as tx:
            for held_id in sorted(set(held_ids)):
                held = await held_decisions.take_back(tx, platform_id, actor, held_id, now, noted_at)
                if held is not None:
                    back.append(held)
        return tuple(back)

    # --- looking ------------------------------------------------------------------------------------------------
    async def waiting_on(self, platform_id: str, case_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Held]:
        """What waits on each of these cases."""
        async with self._store.reading() as connection:
            return await held_decisions.waiting_on_cases(connection, platform_id, case_ids)

    async def of_actor(self, platform_id: str, actor: Actor) -> tuple[Held, ...]:
        """What somebody has to hear of, newest first: what waits, and what was not done and why, until ``seen``."""
        async with self._store.reading() as connection:
            return await held_decisions.of_actor(connection, platform_id, actor, _SHOWN)

    async def seen(self, platform_id: str, actor: Actor, held_ids: Collection[uuid.UUID]) -> None:
        """They have seen that these were not done."""
        async with self._store.transaction() as tx:
            await held_decisions.note_told(tx, platform_id, actor, held_ids, self._waiting.now())

    async def get(self, platform_id: str, held_id: uuid.UUID) -> Held:
        """One, also after it has ended; NotFound."""
        async with self._store.reading() as connection:
            held = await held_decisions.get(connection, platform_id, held_id)
        if held is None:
            raise NotFound("There is no such decision any more.")
        return held

    def seconds_left(self, held: Held) -> float:
        """Until it takes effect; 0 where that is due."""
        return max(0.0, (held.due_at - self._waiting.now()).total_seconds())

    # --- carrying out -------------------------------------------------------------------------------------------
    async def look(self) -> int:
        """One round: carry out what is due. Returns how many were done or given up. Any number of processes may."""
        now = self._waiting.now()
        async with self._store.reading() as connection:
            due = await held_decisions.due(connection, now, _ROUND)
        handled = 0
        for platform_id, held_id in due:
            try:
                handled += await self._carry_out(platform_id, held_id)
            except Unavailable as error:
                log.warning("a decision could not be carried out yet", held=str(held_id), detail=error.detail)
            except Exception as error:  # what is wrong with one must not keep the others waiting
                log.error("a decision failed and is tried again", held=str(held_id), error=repr(error))
                await self._put_off(platform_id, held_id)
        return handled

    async def forget(self) -> int:
        """Let go of what ended two weeks ago; returns how many."""
        async with self._store.transaction() as tx:
            return await held_decisions.forget(tx, self._waiting.now() - _KEPT_FOR)

    async def _hold(self, acting: Acting, wanted: Wanted) -> Held:
        if wanted.intended.act in AT_ONCE:
            raise ValueError(f"{wanted.intended.act} is carried out at once")
        async with self._store.database.whole() as tx:
            case = await self._store.lock_case(tx, acting.platform_id, wanted.case_id)
            before = await held_decisions.made_with(tx, acting.platform_id, wanted.case_id, acting.actor, wanted.once)
            if before is not None:
                return _the_same(before, wanted)
            case_moves.refuse_stale(case, wanted.version)
            await refuse_held(tx, acting, wanted.case_id)
            outcome = await self._tried(acting, wanted)
            held = Held(
                id=new_id(),
                platform_id=acting.platform_id,
                case_id=case.id,
                case_number=case.number,
                version=wanted.version,
                intended=wanted.intended,
                leads_to=outcome,
                party=acting.party,
                actor=acting.actor,
                score_seen=acting.score_seen,
                once=wanted.once,
                made_at=self._clock.now(),
                due_at=self._waiting.now() + self._window,
            )
            await held_decisions.add(tx, held)
        return held

    async def _together(self, acting: Acting, made: Sequence[Held | NotHeld]) -> tuple[Held | NotHeld, ...]:
        """Of many the first has waited by the time the last is made: all wait from now on."""
        waiting = [each.id for each in made if isinstance(each, Held) and each.ended is None]
        if len(waiting) < 2:
            return tuple(made)
        due_at = self._waiting.now() + self._window
        async with self._store.transaction() as tx:
            moved = await held_decisions.wait_until(tx, acting.platform_id, waiting, due_at)
        return tuple(
            replace(each, due_at=due_at) if isinstance(each, Held) and each.id in moved else each for each in made
        )

    async def _tried(self, acting: Acting, wanted: Wanted) -> LeadsTo:
        """What the decision leads to; everything it changes is taken back."""
        found: LeadsTo | None = None
        try:
            async with self._store.transaction():
                view = await perform(self._casework, acting, wanted.case_id, wanted.intended, wanted.version)
                found = leads_to(wanted.intended.act, view)
                raise _TakenBack
        except _TakenBack:
            assert found is not None
            return found

    async def _carry_out(self, platform_id: str, held_id: uuid.UUID) -> bool:
        """False where another process has it, or it has ended meanwhile."""
        now = self._waiting.now()
        async with self._store.database.whole() as tx:
            held = await held_decisions.take(tx, platform_id, held_id, now)
            if held is None:
                return False
            with spans.of_case("held decision", held.case_id, outcome=held.intended.act.value):
                try:
                    await self._perform(tx, held)
                except Unavailable:
                    raise
                except PrereviewError as error:
                    log.info("a held decision was not done", case_id=str(held.case_id), why=type(error).__name__)
                    await held_decisions.give_up(tx, held, error.detail, HOLDING, now, self._clock.now())
                else:
                    await held_decisions.end(tx, held, Ended.DONE, now)
        return True

    async def _perform(self, tx: Connection, held: Held) -> None:
        acting = Acting(
            platform_id=held.platform_id,
            party=held.party,
            actor=held.actor,
            score_seen=held.score_seen,
            carrying_out=held.id,
        )
        if not await self._may_still(acting):
            raise Conflict("Whoever decided this may not decide it any more.")
        act = held.intended.act
        if act in GRANTING:
            stopped = await held_decisions.stopped_after(tx, held)
            if stopped is not None:
                raise Conflict(f"The platform was stopped before this took effect ({stopped}). Decide it again.")
        async with self._store.transaction():
            view = await perform(self._casework, acting, held.case_id, held.intended, held.version)
            if leads_to(act, view) != held.leads_to:
                raise Conflict("The policy changed before this took effect: it would lead elsewhere now.")

    async def _put_off(self, platform_id: str, held_id: uuid.UUID) -> None:
        """Try again later; after some tries whoever decided is told that it failed."""
        now = self._waiting.now()
        try:
            async with self._store.transaction() as tx:
                held = await held_decisions.take(tx, platform_id, held_id, now)
                if held is None:
                    return
                if held.tries + 1 >= _TRIES:
                    why = "Something failed on our side. Decide the case again."
                    await held_decisions.give_up(tx, held, why, HOLDING, now, self._clock.now())
                else:
                    await held_decisions.put_off(tx, held, now + timedelta(seconds=2**held.tries))
        except PrereviewError as error:
            log.error("a decision that failed could not be put off", held=str(held_id), detail=error.detail)


_LATER = Unavailable("The database did not answer; decide this one again.")


def _the_same(before: Held, wanted: Wanted) -> Held:
    """What this form made before; IdempotencyKeyReused where it says something else now, Conflict where it came to
    nothing: sent again, it must not look decided."""
    said = digest(to_data(before.intended)), before.version
    if said != (digest(to_data(wanted.intended)), wanted.version):
        raise IdempotencyKeyReused("This form was sent before with something else in it. Load the page again.")
    if before.ended in (Ended.UNDONE, Ended.NOT_DONE):
        raise Conflict("What this form decided was taken back or came to nothing. Check it and send it again.")
    return before
