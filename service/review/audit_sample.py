"""What of the audit sample still wants a judge after it was decided: known to this process, so that pages do not look
through the whole sample."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from service.domain.actors import Actor
from service.domain.cases import CaseState
from service.domain.clock import Clock
from service.domain.queues import WAITING
from service.policy import Policy
from service.review.remembered import Remembered
from service.store import Store, quality
from service.store.quality import Unsettled

QUEUED = frozenset({*WAITING, CaseState.ACCEPTED, CaseState.ASSESSING, CaseState.REOPENED})
"""Of these a queue has a row, or will."""
_MOST = 400
# What was drawn may be committed somewhat later.
_LATE = timedelta(minutes=10)


class AuditSample:
    """``remember_seconds``: for so long it is known what is not settled."""

    def __init__(self, store: Store, clock: Clock, *, remember_seconds: float = 15.0) -> None:
        self._store = store
        self._clock = clock
        self._seconds = remember_seconds
        self._remembered = Remembered()
        self._seen: dict[str, tuple[tuple[uuid.UUID, ...], datetime]] = {}

    async def for_judge(self, platform_id: str, judge: Actor, policy: Policy, *, senior: bool) -> tuple[Unsettled, ...]:
        """Decided cases this person has not judged, oldest first. Of those two differ on only for a senior, who settles
        them having seen no more than they had."""
        found = await self._remembered.get(platform_id, self._seconds, lambda: self._unsettled(platform_id, policy))
        found = tuple(each for each in found if each.audited < 2 or senior)
        if not found:
            return ()
        async with self._store.reading() as connection:
            judged = await quality.judged_by(connection, platform_id, judge, [each.case_id for each in found])
        return tuple(each for each in found if each.case_id not in judged)

    def changed(self, platform_id: str) -> None:
        """Somebody has judged: look anew next time."""
        self._remembered.drop(platform_id)

    async def _unsettled(self, platform_id: str, policy: Policy) -> tuple[Unsettled, ...]:
        """What is settled stays so: all is looked through once, then only what was open and what is new."""
        now = self._clock.now()
        start = now - timedelta(days=policy.audit.settled_within_days)
        known, seen_to = self._seen.get(platform_id, ((), start))
        async with self._store.reading() as connection:
            new = await quality.unsettled(connection, platform_id, drawn_from=max(start, seen_to - _LATE), limit=_MOST)
            still = await quality.unsettled(connection, platform_id, drawn_from=start, among=known, limit=_MOST)
        found = {each.case_id: each for each in (*still, *new)}
        self._seen[platform_id] = tuple(found)[-_MOST:], new[-1].drawn_at if len(new) == _MOST else now
        return tuple(each for each in found.values() if each.state not in QUEUED)
