"""Back-tests that run beside the requests of a process, within bounds, and can be looked at from any other."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from service.domain.actors import Actor
from service.domain.clock import Clock
from service.domain.codec import from_data, to_data
from service.domain.errors import InvalidRequest, PrereviewError
from service.domain.identifiers import new_id
from service.domain.policy_versions import text_digest
from service.review.policies import PolicyDesk
from service.review.policy_backtest import PolicyBacktest, PolicyBacktests
from service.store.policy_backtest_runs import BacktestRun, PolicyBacktestRuns

__all__ = ["MOST_CASES", "BacktestRun", "BacktestRuns", "Found"]

log = structlog.get_logger(__name__)

MOST_CASES = 20_000
"""A run judges this many cases at most, the newest of its window."""
LONGEST_DAYS = 366
_TICK_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A run and, once it is done, its result."""

    run: BacktestRun
    result: PolicyBacktest | None


class BacktestRuns:
    """One per process. ``clock`` is the service's, by which cases were accepted; ``real`` the machine's."""

    def __init__(
        self, runs: PolicyBacktestRuns, desk: PolicyDesk, backtests: PolicyBacktests, clock: Clock, real: Clock
    ) -> None:
        self._runs = runs
        self._desk = desk
        self._backtests = backtests
        self._clock = clock
        self._real = real
        self._working: set[asyncio.Task[None]] = set()

    async def start(
        self,
        platform_id: str,
        text: str,
        days: int,
        actor: Actor,
        *,
        version: str | None = None,
        certified: bool = False,
    ) -> BacktestRun:
        """Begin with the cases of the last ``days`` days, and return at once.

        InvalidPolicyText; InvalidRequest where there are no cases; Conflict while another one of the platform runs.
        """
        await self._desk.check(platform_id, text)
        if not 1 <= days <= LONGEST_DAYS:
            raise InvalidRequest(f"Give 1 to {LONGEST_DAYS} days.")
        until = self._clock.now()
        since, total = await self._runs.window(platform_id, until - timedelta(days=days), until, MOST_CASES)
        if total == 0:
            raise InvalidRequest("No case came in these days. Give a longer time.", extra={"code": "no_cases"})
        now = self._real.now()
        run = BacktestRun(
            platform_id=platform_id,
            id=new_id(),
            version=version,
            text_sha256=text_digest(text),
            certified=certified,
            since=since,
            until=until,
            actor=actor,
            state="running",
            total=total,
            done=0,
            started_at=now,
            updated_at=now,
        )
        await self._runs.start(run)
        task = asyncio.create_task(self._work(run, text))
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return run

    async def get(self, platform_id: str, run_id: uuid.UUID) -> Found:
        """NotFound for one the platform does not have."""
        run = await self._runs.get(platform_id, run_id, self._real.now())
        result = None if run.result is None else from_data(PolicyBacktest, run.result)
        return Found(run=run, result=result)

    async def listed(self, platform_id: str) -> tuple[BacktestRun, ...]:
        """Newest first, without results."""
        return await self._runs.listed(platform_id, self._real.now())

    async def stop(self, platform_id: str, run_id: uuid.UUID) -> bool:
        """Within about a second, wherever it runs. False where it had ended. NotFound."""
        await self._runs.get(platform_id, run_id, self._real.now())
        return await self._runs.end(platform_id, run_id, "stopped", self._real.now())

    async def close(self) -> None:
        """End what runs here, before the database is closed."""
        for task in tuple(self._working):
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)

    async def _work(self, run: BacktestRun, text: str) -> None:
        counted = _Counted()
        working = asyncio.create_task(
            self._backtests.run(
                run.platform_id, text, run.since, run.until, certified=run.certified, progress=counted.note
            )
        )
        telling = asyncio.create_task(self._tell(run, counted, working.cancel))
        try:
            result = await working
            await self._runs.end(
                run.platform_id, run.id, "done", self._real.now(), done=result.cases, result=to_data(result)
            )
        except asyncio.CancelledError:
            working.cancel()
            with contextlib.suppress(PrereviewError):
                await self._runs.end(run.platform_id, run.id, "stopped", self._real.now(), done=counted.cases)
        except Exception as error:  # nobody waits for this task: its row says that it failed
            log.error("a back-test failed", platform=run.platform_id, error=repr(error))
            with contextlib.suppress(PrereviewError):
                await self._runs.end(run.platform_id, run.id, "failed", self._real.now(), done=counted.cases)
        finally:
            telling.cancel()

    async def _tell(self, run: BacktestRun, counted: _Counted, cancel: Callable[[], object]) -> None:
        """Write down how far it has come, every second, and end it where somebody asked for that."""
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            with contextlib.suppress(PrereviewError):  # without a database it ends by itself
                if not await self._runs.note_progress(run.platform_id, run.id, counted.cases, self._real.now()):
                    cancel()
                    return


class _Counted:
    def __init__(self) -> None:
        self.cases = 0

    def note(self, cases: int) -> None:
        self.cases = cases
