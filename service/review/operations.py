"""What this process has done, and how the whole deployment stands, for whoever watches it."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.domain.assessment import Assessment, Decision
from service.domain.clock import Clock, SystemClock
from service.domain.operations import BudgetStanding, OperationStanding
from service.policy import ApprovalClass
from service.store import Connection, Store, operations

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds, in seconds, of the steps durations are counted in; the last step has none."""
BUDGETS_EVERY_SECONDS = 55.0
BUDGETS_SHARE = 0.01
"""Of a process's time that looking at budgets may take of the database's."""


@dataclass(slots=True)
class Durations:
    """``steps``: how many fell in each step of BOUNDS, not added up."""

    steps: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        self.steps[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds


class WorkDone:
    """Counts since the process started; written by its event loop alone."""

    def __init__(self) -> None:
        self.stages: dict[str, Durations] = {}
        self.faults: Counter[str] = Counter()
        # There from the start: of what was never counted nobody can be told that it no longer happens.
        self.decisions: Counter[tuple[str, str]] = Counter(
            dict.fromkeys(
                [
                    *((Decision.AUTO_APPROVED.value, each.value) for each in ApprovalClass),
                    *((each.value, "none") for each in Decision if each is not Decision.AUTO_APPROVED),
                ],
                0,
            )
        )
        self.not_held = 0

    def assessed(self, assessment: Assessment) -> None:
        """An assessment came to its end, whether its decision is stored or not."""
        for stage, milliseconds in assessment.ms.items():
            self.stages.setdefault(stage, Durations()).add(milliseconds / 1e3)
        self.faults.update(assessment.faults)

    def decided(self, stands: Assessment, asked: Assessment) -> None:
        """``stands`` was stored; ``asked``: what would have been, had it still held."""
        verdict = stands.verdict
        self.decisions[verdict.decision.value, verdict.approval_class or "none"] += 1
        self.not_held += stands is not asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """How busy the parts of this process are. ``reader``: as the reader tells of itself."""

    reader: Mapping[str, Any]
    connections_in_use: int
    connections: int
    assessing: int
    writing: int


class OperationsWatch:
    """One per process; ``standing`` and ``budgets`` are from its last look, None before."""

    def __init__(self, store: Store, clock: Clock, done: WorkDone, parts: Callable[[], Parts]) -> None:
        self._store = store
        self._clock = clock
        self.done = done
        self.parts = parts
        self.standing: OperationStanding | None = None
        self.budgets: BudgetStanding | None = None
        self.looked_at: datetime | None = None
        self._budgets_due = 0.0

    async def look(self) -> None:
        """Look at the queues, and at the budgets where their turn has come."""
        now = self._clock.now()
        async with self._store.reading() as connection:
            self.standing = await operations.standing(connection, now, SystemClock().now())
            self.looked_at = SystemClock().now()
            if time.monotonic() >= self._budgets_due:
                await self._look_at_budgets(connection, now)

    async def _look_at_budgets(self, connection: Connection, now: datetime) -> None:
        """Every row that counts is read for it, so that it is done the less often the longer it takes."""
        begun = time.monotonic()
        try:
            self.budgets = await operations.budgets(connection, now)
        finally:
            ended = time.monotonic()
            self._budgets_due = ended + max(BUDGETS_EVERY_SECONDS, (ended - begun) / BUDGETS_SHARE)
