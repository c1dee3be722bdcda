"""Writes done once, however often they are sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from service.domain.answers import KeptAnswer, Write
from service.domain.clock import Clock
from service.store import KeptAnswers


class Writes:
    """Runs a use case and keeps its answer in one transaction."""

    def __init__(self, answers: KeptAnswers, clock: Clock) -> None:
        self._answers = answers
        self._clock = clock
        self.in_progress = 0

    async def once(self, write: Write, perform: Callable[[], Awaitable[KeptAnswer]]) -> KeptAnswer:
        """``perform()``'s answer, or the one it gave when this was asked before.

        What ``perform`` changes commits with its answer, or not at all: where it raises, nothing is kept and the next
        try runs anew. It must work in the task it is called in, and leave slow work to jobs. RequestInFlight,
        IdempotencyKeyReused, Forbidden.
        """
        self.in_progress += 1
        try:
            return await self._answers.once(write, self._clock.now(), perform)
        finally:
            self.in_progress -= 1

    async def forget(self) -> int:
        """Let go of answers past their time; returns how many."""
        return await self._answers.forget(self._clock.now())
