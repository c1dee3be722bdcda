"""What platforms tell of their cases afterwards, and what does not add up in what they tell."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from service.domain.actors import Actor
from service.domain.assessment import BuyerAnswer, ObligationKind
from service.domain.cases import CaseState
from service.domain.clock import FUTURE_TOLERANCE, Clock
from service.domain.deadlines import Deadline, DeadlineKind
from service.domain.errors import InvalidRequest
from service.domain.history import EventKind
from service.domain.labels import Label, LabelSource
from service.domain.ledger import FailureRate, LedgerEntry
from service.domain.lifecycle import MOVES, Action, Party
from service.domain.money import Money
from service.domain.outcomes import CONFIRMS, FAILS, LOCKS, Anomaly, AnomalyKind, Outcome, OutcomeKind
from service.policy import Policy
from service.policy.buyer_steps import RETURNED
from service.policy.deadlines import deadline
from service.review.requests import Caller, CaseView, PolicyOf
from service.review.viewing import view_of_case
from service.store import (
    Connection,
    LockedCase,
    MoveRequest,
    Store,
    anomaly_search,
    deadlines,
    labels,
    ledger,
    outgoing,
)
from service.store import outcomes as stored
from service.store.outgoing import OutgoingEvent

log = structlog.get_logger(__name__)

_WITHIN = timedelta(seconds=60)
"""Two identical orders of one account this close together: nobody means to buy the same thing twice in a minute, and
whoever does is only asked."""


@dataclass(frozen=True, slots=True)
class _Told:
    """One outcome being recorded: where, of what, by whom, when."""

    tx: Connection
    case: LockedCase
    outcome: Outcome
    actor: Actor
    now: datetime


class Outcomes:
    def __init__(self, store: Store, clock: Clock, policy_of: PolicyOf) -> None:
        self._store = store
        self._clock = clock
        self._policy_of = policy_of

    async def tell(self, caller: Caller, case_id: uuid.UUID, outcome: Outcome) -> CaseView:
        """Record an outcome and what follows from it, once. NotFound, Conflict, InvalidRequest.

        What was paid is never refused, for it has happened: where it does not fit, it is kept and told as an anomaly.
        """
        now = self._clock.now()
        if outcome.occurred_at > now + FUTURE_TOLERANCE:
            raise InvalidRequest("occurred_at lies in the future; check the sender's clock and time zone.")
        if outcome.kind is OutcomeKind.PAID and outcome.amount is None:
            raise InvalidRequest("paid needs the amount that was paid.")
        policy = await self._policy_of(caller.platform_id)
        async with self._store.transaction() as tx:
            case = await self._store.lock_case(tx, caller.platform_id, case_id)
            if await stored.add(tx, case.platform_id, case.id, outcome, caller.actor, now):
                await self._follow(_Told(tx, case, outcome, caller.actor, now), policy)
        return await view_of_case(self._store, caller.platform_id, case_id)

    async def anomalies(
        self, platform_id: str, *, kinds: tuple[AnomalyKind, ...] = (), before: uuid.UUID | None = None, limit: int = 50
    ) -> tuple[Anomaly, ...]:
        """Newest first."""
        async with self._store.reading() as connection:
            return await stored.listed(connection, platform_id, kinds=kinds, before=before, limit=limit)

    async def ledger(
        self, platform_id: str, since: datetime, until: datetime, *, seller_id: str | None = None
    ) -> AsyncIterator[LedgerEntry]:
        # A cursor needs a transaction: a year of grants is read in pieces.
        async with self._store.transaction() as connection:
            async for entry in ledger.entries(connection, platform_id, since, until, seller_id=seller_id):
                yield entry

    async def failure_rates(self, platform_id: str, since: datetime, until: datetime) -> tuple[FailureRate, ...]:
        policy = await self._policy_of(platform_id)
        async with self._store.reading() as connection:
            return await ledger.failure_rates(connection, platform_id, since, until, policy.currency)

    async def look(self) -> int:
        """The job's round: payments that look like made twice, on all platforms. Returns how many are new."""
        now = self._clock.now()
        return sum([await self._search(platform.id, now) for platform in await self._store.platforms()])

    # --- inside -----------------------------------------------------------------------------------------------
    async def _follow(self, told: _Told, policy: Policy) -> None:
        kind = told.outcome.kind
        if kind is OutcomeKind.PAID:
            await self._paid(told)
        elif kind is OutcomeKind.PAYMENT_FAILED:
            again = deadline(policy, DeadlineKind.PAYMENT, told.now)  # by then it is paid, or a person looks at it
            await self._move_if_legal(told, Action.FAIL_PAYMENT, reason=told.outcome.note, deadline=again)
        elif kind in CONFIRMS or kind in FAILS:
            await self._obligation(told, policy)
        elif kind in LOCKS:
            await self._locked(told)
        elif kind is OutcomeKind.DISPUTE_CLOSED:
            closed_at = told.outcome.occurred_at
            await stored.unlock_dispute(told.tx, told.case.platform_id, told.case.claim, closed_at, told.now)
            await self._tell(told, "case.dispute_closed")
        else:
            await self._learned(told)

    async def _paid(self, told: _Told) -> None:
        amount, case = told.outcome.amount, told.case
        assert amount is not None
        grant = await stored.standing_grant(told.tx, case.platform_id, case.id)
        if grant is None or case.state not in MOVES[Action.CONFIRM_PAYMENT].sources:
            await self._anomaly(told, AnomalyKind.PAID_WITHOUT_GRANT, amount)
            # The money is gone: a case that lapsed, and is opened again, must not bring it a second time.
            await stored.lock_payment(told.tx, case.platform_id, case.id, case.claim, told.outcome)
            await self._tell(told, "case.refund_locked")
            return
        grant_id, granted = grant
        if await stored.unconfirmed(told.tx, case.platform_id, grant_id):
            await self._anomaly(told, AnomalyKind.PAID_BEFORE_CONFIRMATION, amount)
        if amount != granted:
            await self._anomaly(told, AnomalyKind.PAID_OTHER_SUM, amount, granted=granted.minor)
        await stored.note_paid(told.tx, case.platform_id, grant_id, amount, told.outcome.occurred_at)
        await self._move_if_legal(told, Action.CONFIRM_PAYMENT, amount=amount)

    async def _obligation(self, told: _Told, policy: Policy) -> None:
        case, kind = told.case, told.outcome.kind
        grant = await stored.standing_grant(told.tx, case.platform_id, case.id)
        obligation = CONFIRMS.get(kind) or FAILS[kind]
        confirmed = kind in CONFIRMS
        if grant is None:
            return
        settled = await stored.settle_obligation(
            told.tx, case.platform_id, grant[0], obligation, confirmed=confirmed, now=told.now
        )
        if not confirmed:
            await self._not_recovered(told, obligation, grant[1], policy)
        elif settled and not await stored.unconfirmed(told.tx, case.platform_id, grant[0]):
            await deadlines.end(told.tx, case.platform_id, case.id, "met", told.now)
            if case.state in MOVES[Action.CONFIRM_PAYMENT].sources:  # else it was paid before
                payment = deadline(policy, DeadlineKind.PAYMENT, told.now)
                await deadlines.set_running(told.tx, case.platform_id, case.id, payment, told.now)
            await self._tell(told, "case.obligations_confirmed")

    async def _not_recovered(self, told: _Told, obligation: ObligationKind, granted: Money, policy: Policy) -> None:
        """A person has to look: before the money goes, at the case; after that, at what was lost."""
        returned = await self._move_if_legal(
            told,
            Action.RETURN_TO_REVIEW,
            party=Party.PREREVIEW,
            reason=f"{obligation.value} failed",
            deadline=deadline(policy, DeadlineKind.REVIEW, told.now),
            buyer=RETURNED,
        )
        if not returned:
            await self._anomaly(told, AnomalyKind.NOT_RECOVERED, granted, obligation=obligation.value)
            await self._tell(told, "case.recovery_failed")

    async def _locked(self, told: _Told) -> None:
        """The money is given back elsewhere, or may be: nothing more is granted here, and what was is a loss."""
        case = told.case
        await stored.lock_payment(told.tx, case.platform_id, case.id, case.claim, told.outcome)
        await self._tell(told, "case.refund_locked")
        if told.outcome.kind is OutcomeKind.DISPUTE_OPENED:
            return
        if told.outcome.kind is OutcomeKind.CHARGEBACK:
            await self._store.record_on_case(told.tx, case, EventKind.CHARGEBACK, told.outcome.occurred_at, told.now)
        if await stored.standing_grant(told.tx, case.platform_id, case.id) is not None:
            await self._anomaly(told, AnomalyKind.REFUNDED_TWICE, told.outcome.amount)
            await self._lost(told, LabelSource.CHARGEBACK)

    async def _learned(self, told: _Told) -> None:
        case = told.case
        if told.outcome.kind is OutcomeKind.ACTIVATED_LATER:
            grant = await stored.standing_grant(told.tx, case.platform_id, case.id)
            if grant is not None or case.state is CaseState.PAID:
                await self._lost(told, LabelSource.RECORD)
        await self._tell(told, f"case.{told.outcome.kind.value}")

    async def _lost(self, told: _Told, source: LabelSource) -> None:
        """What was granted was not due: a label, and a wrong refund in the account's history."""
        label = Label(
            platform_id=told.case.platform_id,
            case_id=told.case.id,
            source=source,
            reviewer=told.actor,
            loss_share=1.0,
            recorded_at=told.now,
            score_seen=False,
        )
        await labels.add(told.tx, label)
        await self._store.record_on_case(told.tx, told.case, EventKind.REFUND_WRONG, told.outcome.occurred_at, told.now)

    async def _move_if_legal(
        self,
        told: _Told,
        action: Action,
        *,
        party: Party = Party.PLATFORM,
        reason: str = "",
        amount: Money | None = None,
        deadline: Deadline | None = None,
        buyer: BuyerAnswer | None = None,
    ) -> bool:
        move = MOVES[action]
        if told.case.state not in move.sources:
            return False
        paid = {} if amount is None else {"amount": amount.minor, "currency": amount.currency}
        # Under a name of its own: what was paid is held against what the grant's row says of it.
        recorded = {} if amount is None else {"paid_minor": amount.minor, "currency": amount.currency}
        request = MoveRequest(
            action=action,
            party=party,
            actor=told.actor,
            now=told.now,
            reason=reason,
            told={**paid, "occurred_at": told.outcome.occurred_at.isoformat()},
            recorded={"outcome": told.outcome.reference, **recorded},
            deadline=deadline,
            buyer=buyer,
        )
        await self._store.move_case(told.tx, told.case, request)
        return True

    async def _anomaly(self, told: _Told, kind: AnomalyKind, amount: Money | None, **data: object) -> None:
        case = told.case
        found = stored.anomaly(
            kind, told.outcome.reference, told.now, order_number=case.claim.order.order_number, case_id=case.id,
            amount=amount, data={"case_number": case.number, **data},
        )  # fmt: skip
        await stored.found(told.tx, case.platform_id, found)

    async def _tell(self, told: _Told, type_: str) -> None:
        case = told.case
        data = {
            "case_number": case.number, "reference": case.claim.reference, "state": case.state.value,
            "order_number": case.claim.order.order_number, "occurred_at": told.outcome.occurred_at.isoformat(),
        }  # fmt: skip
        event = OutgoingEvent(type=type_, occurred_at=told.now, data=data, case_id=case.id, case_version=case.version)
        await outgoing.tell(told.tx, case.platform_id, event)

    async def _search(self, platform_id: str, now: datetime) -> int:
        async with self._store.reading() as connection:
            since = await anomaly_search.seen_to(connection, platform_id, now)
            until = min(now - anomaly_search.SETTLED, since + anomaly_search.AT_ONCE)
            if until <= since:
                return 0
            paid = await anomaly_search.paid_twice(connection, platform_id, since, until)
            ordered = await anomaly_search.ordered_twice(connection, platform_id, since, until, _WITHIN)
        new = 0
        async with self._store.transaction() as tx:
            for kind, doubles in ((AnomalyKind.DUPLICATE_PAYMENT, paid), (AnomalyKind.IDENTICAL_ORDERS, ordered)):
                for double in doubles:
                    told = {"other": double.other, "trade_number": double.trade_number}
                    found = stored.anomaly(
                        kind, double.event_id, now, order_number=double.order_number, amount=double.amount,
                        data={name: value for name, value in told.items() if value is not None},
                    )  # fmt: skip
                    new += await stored.found(tx, platform_id, found)
            await anomaly_search.note_seen(tx, platform_id, until)
        return new
