"""Deadlines at work: reminders, and what happens when one passes. Run by a job, so that no restart forgets any."""

from __future__ import annotations

from datetime import datetime

import structlog

from service.domain.actors import Actor, ActorKind
from service.domain.cases import CaseState
from service.domain.clock import Clock
from service.domain.deadlines import DeadlineKind, OpenDeadline
from service.domain.errors import PrereviewError
from service.domain.lifecycle import MOVES, Action, Party
from service.policy.buyer_steps import RETURNED
from service.policy.deadlines import deadline, deadline_of, next_reminder
from service.review import spans
from service.review.requests import PolicyOf
from service.store import Connection, LockedCase, MoveRequest, Store, outgoing
from service.store import deadlines as stored
from service.store.outgoing import OutgoingEvent

log = structlog.get_logger(__name__)

CLOCK = Actor(ActorKind.JOB, "deadlines")
_AT_ONCE = 200

# What a passed deadline does to its case. Of the others (a late review, ruling or payment) people are told; the case
# waits on, for it is not the buyer who let it pass.
ON_EXPIRY = {
    DeadlineKind.MATERIALS: Action.LAPSE,
    DeadlineKind.OFFER: Action.LAPSE,
    DeadlineKind.OBLIGATION: Action.LAPSE,
    DeadlineKind.SUPPLIER: Action.SEND_TO_REVIEW,
    DeadlineKind.SELLER_REPLY: Action.SEND_TO_REVIEW,
    DeadlineKind.APPEAL: Action.CLOSE,
    DeadlineKind.PAYMENT: Action.RETURN_TO_REVIEW,
}
# A payment that is only late is waited for; one that failed, and is not made up for in time, goes back to a person.
_ONLY_FROM = {DeadlineKind.PAYMENT: frozenset({CaseState.PAYMENT_FAILED})}
_WORDS = {Action.RETURN_TO_REVIEW: RETURNED}
REASONS = {
    DeadlineKind.MATERIALS: "the material asked for did not come in time",
    DeadlineKind.OFFER: "the offer was not answered in time",
    DeadlineKind.OBLIGATION: "the platform did not confirm in time what the grant rests on",
    DeadlineKind.SUPPLIER: "the supplier did not answer in time",
    DeadlineKind.SELLER_REPLY: "the seller did not answer in time: the platform answers",
    DeadlineKind.APPEAL: "nobody appealed in time",
    DeadlineKind.PAYMENT: "the payment failed and was not made in time",
}


class Deadlines:
    """``policy_of``: platform → its policy in force."""

    def __init__(self, store: Store, clock: Clock, policy_of: PolicyOf) -> None:
        self._store = store
        self._clock = clock
        self._policy_of = policy_of

    async def look(self) -> int:
        """One round: what passed, what to remind of, what is known better by now. Returns how many were handled.

        Each in a transaction of its own, so that one that fails holds up no other.
        """
        now = self._clock.now()
        async with self._store.reading() as connection:
            over = await stored.over(connection, now, _AT_ONCE)
            soon = await stored.to_remind(connection, now, _AT_ONCE)
            unsure = await stored.uncertain(connection, _AT_ONCE)
        handled = 0
        for work, found in ((self._expire, over), (self._remind, soon), (self._work_out_again, unsure)):
            for each in found:
                with spans.of_case("deadline", each.case_id, outcome=each.deadline.kind.value):
                    try:
                        handled += await work(each, now)
                    except PrereviewError as error:
                        log.error("a deadline could not be handled", detail=error.detail)
        return handled

    async def _expire(self, which: OpenDeadline, now: datetime) -> bool:
        policy = await self._policy_of(which.platform_id)
        kind = which.deadline.kind
        async with self._store.transaction() as tx:
            case = await self._store.lock_case(tx, which.platform_id, which.case_id)
            if not await stored.still_open(tx, which):
                return False
            action = ON_EXPIRY.get(kind)
            if action is None or case.state not in _ONLY_FROM.get(kind, MOVES[action].sources):
                await stored.note_expired(tx, which, now)
                await self._tell(tx, case, "case.overdue", which, now)
                return True
            target = MOVES[action].target
            request = MoveRequest(
                action=action,
                party=Party.PREREVIEW,
                actor=CLOCK,
                now=now,
                reason=REASONS[kind],
                recorded={"deadline": kind.value, "due_at": which.deadline.due_at.isoformat()},
                told={"expired": kind.value},
                deadline=deadline_of(policy, target, now),
                buyer=_WORDS.get(action),
            )
            await self._store.move_case(tx, case, request)
        return True

    async def _remind(self, which: OpenDeadline, now: datetime) -> bool:
        policy = await self._policy_of(which.platform_id)
        after = next_reminder(policy, now, which.deadline.due_at)
        async with self._store.transaction() as tx:
            case = await self._store.lock_case(tx, which.platform_id, which.case_id)
            if not await stored.note_reminded(tx, which, now, after):
                return False
            await self._tell(tx, case, "case.reminder", which, now)
        return True

    async def _work_out_again(self, which: OpenDeadline, now: datetime) -> bool:
        policy = await self._policy_of(which.platform_id)
        anew = deadline(policy, which.deadline.kind, which.created_at)
        if not anew.certain or which.deadline.due_at <= now:
            return False
        async with self._store.transaction() as tx:
            case = await self._store.lock_case(tx, which.platform_id, which.case_id)
            await stored.put_off(tx, which, anew)
            if anew.due_at != which.deadline.due_at:
                await self._tell(tx, case, "case.deadline_moved", which, now, due_at=anew.due_at)
        return True

    async def _tell(
        self,
        tx: Connection,
        case: LockedCase,
        type_: str,
        which: OpenDeadline,
        now: datetime,
        *,
        due_at: datetime | None = None,
    ) -> None:
        moment = (due_at or which.deadline.due_at).isoformat()
        data = {
            "case_number": case.number, "reference": case.claim.reference, "state": case.state.value,
            "order_number": case.claim.order.order_number, "due": which.deadline.kind.value, "due_at": moment,
        }  # fmt: skip
        event = OutgoingEvent(type=type_, occurred_at=now, data=data, case_id=case.id, case_version=case.version)
        await outgoing.tell(tx, case.platform_id, event)
