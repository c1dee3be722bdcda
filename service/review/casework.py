"""What is done to a case after it was accepted: each a move of the machine, in one transaction."""

from __future__ import annotations

import uuid

from service.domain.clock import Clock
from service.domain.history import EventKind
from service.domain.lifecycle import Action, Party
from service.review.requests import Caller, CaseView
from service.review.viewing import view_of_case
from service.store import MoveRequest, Store


class CaseWork:
    """The moves a platform's backend makes, for itself or for its buyer."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def withdraw(
        self, caller: Caller, case_id: uuid.UUID, *, reason: str = "", expected_version: int | None = None
    ) -> CaseView:
        """The buyer wants no refund any more. NotFound, IllegalMove, StaleWrite."""
        now = self._clock.now()
        request = MoveRequest(
            action=Action.WITHDRAW,
            party=Party.BUYER,
            actor=caller.actor,
            now=now,
            expected_version=expected_version,
            reason=reason,
        )
        async with self._store.transaction() as tx:
            case = await self._store.lock_case(tx, caller.platform_id, case_id)
            await self._store.move_case(tx, case, request)
            await self._store.record_on_case(tx, case, EventKind.REFUND_WITHDRAWN, now, now)
        return await view_of_case(self._store, caller.platform_id, case_id)
