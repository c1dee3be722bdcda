"""What is done to a case after it was accepted: each a move of the machine, in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

import structlog

from service.domain.actors import Actor
from service.domain.cases import CaseState
from service.domain.clock import Clock
from service.domain.errors import InvalidRequest, PrereviewError, Unavailable
from service.domain.history import EventKind, HistoryEvent
from service.domain.labels import LabelSource
from service.domain.lifecycle import Action, Party
from service.policy import buyer_steps
from service.review.appeals import Appeals
from service.review.deciding import Deciding
from service.review.desk import Acting, AfterDecision, Desk
from service.review.marking import Marking
from service.review.materials import Materials
from service.review.offers import Offers
from service.review.receiving import Receiving
from service.review.requests import CaseView
from service.store import Store

log = structlog.get_logger(__name__)

REVERSAL_SOURCES = (LabelSource.CHARGEBACK, LabelSource.RECORD, LabelSource.REVIEW)
# Logs that tell something about an order itself; sessions and new accounts do not.
_TELLING = frozenset({EventKind.PAYMENT, EventKind.FULFILMENT, EventKind.CHARGEBACK, EventKind.REFUND_GRANTED})


class CaseWork:
    """The moves of platforms, buyers and reviewers. Every method may raise NotFound, IllegalMove, StaleWrite."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        assess_within_seconds: float = 10.0,
        after_decision: AfterDecision | None = None,
    ) -> None:
        """``assess_within_seconds``: from when a new assessment may be thought lost."""
        self._desk = desk = Desk(
            store, clock, assess_within_seconds=assess_within_seconds, after_decision=after_decision
        )
        self.deciding = Deciding(desk)
        self.offers = Offers(desk)
        self.appeals = Appeals(desk)
        self.materials = Materials(desk, Receiving(store))
        self.marking = Marking(desk)

    async def view(self, acting: Acting, case_id: uuid.UUID) -> CaseView:
        """The case as it stands."""
        return await self._desk.view(acting, case_id)

    async def withdraw(
        self, acting: Acting, case_id: uuid.UUID, *, reason: str = "", expected_version: int | None = None
    ) -> CaseView:
        """The buyer wants no refund any more. Before a decision it counts in the account's history."""
        async with self._desk.open(acting, case_id, expected_version) as work:
            await work.move(Action.WITHDRAW, reason=reason)
            await work.record(EventKind.REFUND_WITHDRAWN)
        return await self._desk.view(acting, case_id)

    async def reopen(
        self, acting: Acting, case_id: uuid.UUID, reason: str = "", expected_version: int | None = None
    ) -> CaseView:
        """Take up a lapsed case again: it is assessed anew. Conflict where the order has another live case."""
        async with self._desk.open(acting, case_id, expected_version) as work:
            await work.move(Action.REOPEN, reason=reason)
            await work.reassess("reopened")
        return await self._desk.view(acting, case_id)

    async def reverse(
        self,
        acting: Acting,
        case_id: uuid.UUID,
        reason: str,
        loss_share: float,
        source: LabelSource,
        expected_version: int | None = None,
    ) -> CaseView:
        """Take back what was granted. ``loss_share`` in [0, 1]: the part that was not due and is not recovered; it
        becomes a label of ``source``."""
        if source not in REVERSAL_SOURCES:
            raise InvalidRequest(f"A reversal is learned from: {', '.join(each.value for each in REVERSAL_SOURCES)}.")
        if source is LabelSource.REVIEW and acting.party is not Party.SENIOR:
            raise InvalidRequest("Only a senior reviewer's reversal is learned from as a review; name the record.")
        async with self._desk.open(acting, case_id, expected_version) as work:
            recorded = {"source": source.value, "loss_permille": round(loss_share * 1000)}
            await work.move(Action.REVERSE, reason=reason, recorded=recorded)
            if loss_share > 0:
                await work.record(EventKind.REFUND_WRONG)
            await work.label(source, loss_share)
        return await self._desk.view(acting, case_id)

    async def close(
        self, acting: Acting, case_id: uuid.UUID, reason: str, expected_version: int | None = None
    ) -> CaseView:
        """End a rejected case for good."""
        async with self._desk.open(acting, case_id, expected_version) as work:
            await work.move(Action.CLOSE, reason=reason, buyer=buyer_steps.BY_STATE[CaseState.CLOSED])
        return await self._desk.view(acting, case_id)

    def in_one(self) -> AbstractAsyncContextManager[object]:
        """One transaction around new records and what they ask of cases: sent again, a record is known and asks for
        nothing any more, so it must not be in without that."""
        return self._desk.store.database.whole()

    async def late_records(self, platform_id: str, events: Sequence[HistoryEvent], actor: Actor) -> int:
        """New records about orders with a live case: each such case is assessed anew. Returns how many.

        A case that takes in nothing new is passed over. Unavailable: of the records nothing may stay either.
        """
        orders = {event.order_number for event in events if event.kind in _TELLING and event.order_number}
        if not orders:
            return 0
        acting = Acting(platform_id=platform_id, party=Party.PLATFORM, actor=actor)
        count = 0
        for case_id in await self._desk.store.casework.live_on(platform_id, orders):
            try:
                async with self._desk.open(acting, case_id, None) as work:
                    await work.reassess("late_record")
                    count += 1
            except Unavailable:
                raise
            except PrereviewError as error:
                log.warning("a late record made no new assessment", case_id=str(case_id), detail=error.detail)
        return count
