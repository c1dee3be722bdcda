"""The reviewers' queues, and the buyer's chase (催办) that moves a late case to their head."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from service.domain.clock import Clock
from service.domain.errors import Conflict, IllegalMove
from service.domain.lifecycle import Change, Party
from service.domain.queues import (
    WAITING,
    Lane,
    LaneGlance,
    QueuedCase,
    QueueFilter,
    QueueLength,
    QueuePage,
    QueuePosition,
)
from service.review.requests import Caller, CaseView
from service.review.viewing import view_of_case
from service.store import ChangeRequest, Store, queues


class Queues:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def lengths(self, platform_id: str) -> tuple[QueueLength, ...]:
        async with self._store.reading() as connection:
            return await queues.lengths(connection, platform_id, self._clock.now())

    async def waiting(self, platform_id: str, *, lane: Lane | None = None, limit: int = 50) -> tuple[QueuedCase, ...]:
        """What to take next, most urgent first."""
        async with self._store.reading() as connection:
            return await queues.waiting(connection, platform_id, self._clock.now(), lane=lane, limit=limit)

    async def glances(self, platform_id: str) -> tuple[LaneGlance, ...]:
        """Every lane, counted as far as ``COUNTED``: for pages, whatever the queues' length."""
        async with self._store.reading() as connection:
            return await queues.glances(connection, platform_id, self._clock.now())

    async def page(
        self, platform_id: str, wanted: QueueFilter, after: QueuePosition | None = None, limit: int = 50
    ) -> QueuePage:
        """What waits, the most urgent first, after a position."""
        async with self._store.reading() as connection:
            return await queues.page(connection, platform_id, wanted, after, self._clock.now(), limit)

    async def chosen(self, platform_id: str, case_ids: Collection[uuid.UUID]) -> tuple[QueuedCase, ...]:
        """Of these cases those that wait, the most urgent first."""
        async with self._store.reading() as connection:
            return await queues.chosen(connection, platform_id, case_ids, self._clock.now())

    def now(self) -> datetime:
        """The moment deadlines and holds are held against."""
        return self._clock.now()

    async def chase(self, caller: Caller, case_id: uuid.UUID) -> CaseView:
        """Move a case to the head of the queues, once, when its promised time is over; chasing again changes nothing.

        NotFound; IllegalMove where nobody of ours is to act; Conflict, with the moment, where the time is not over.
        """
        now = self._clock.now()
        async with self._store.transaction() as tx:
            case = await self._store.lock_case(tx, caller.platform_id, case_id)
            if case.state not in WAITING:
                raise IllegalMove(
                    f"A case that is {case.state.value} does not wait for a reviewer. "
                    f"It can be chased while it is: {', '.join(state.value for state in WAITING)}."
                )
            due_at = await queues.review_due(tx, caller.platform_id, case_id)
            if due_at is not None and now <= due_at:
                raise Conflict(
                    f"The case was promised by {due_at.isoformat()}; it can be chased from then on.",
                    extra={"from": due_at.isoformat()},
                )
            if await queues.chase(tx, caller.platform_id, case_id, now):
                change = ChangeRequest(change=Change.CHASED, party=Party.BUYER, actor=caller.actor, now=now)
                await self._store.casework.change(tx, case, change)
        return await view_of_case(self._store, caller.platform_id, case_id)
