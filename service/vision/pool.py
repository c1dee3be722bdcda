"""Reader processes behind a bounded queue: no image can hang, crash or flood the service."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from pebble import ProcessExpired

from service.domain.errors import ConfigurationError
from service.domain.evidence import Failed, FailedReason, ReadOutcome
from service.domain.reuse import PictureComparison
from service.vision.decode import DecodeLimits
from service.vision.keeper import Keeper
from service.vision.reader_process import EngineName, ReaderSetup
from service.vision.weights import verify_weights

# What a reader process is asked to do, and the future of its answer.
_Task = Callable[[Keeper], "Future[ReadOutcome] | Future[PictureComparison | None]"]

_START_SECONDS = 60.0  # for the first reader to load its models on a busy machine
_GRACE_SECONDS = 5.0  # beyond an image's deadline; a pool silent for longer is stuck


class ReaderPool:
    """Reads images in ``workers`` processes of one thread each. Call from one event loop.

    ``deadline_seconds``: one image's reading, from its start; past it the process is killed and replaced.
    ``waiting_seconds``: for a free reader. ``max_waiting``: images that may wait; more are refused at once.
    ``weights``: the folder the manifest's paths start in; None for the installed package.
    """

    def __init__(
        self,
        engine: EngineName = "onnx",
        workers: int = 2,
        deadline_seconds: float = 10.0,
        weights: Path | None = None,
        *,
        max_waiting: int = 64,
        waiting_seconds: float = 20.0,
        limits: DecodeLimits | None = None,
        niceness: int = 10,
    ) -> None:
        self.engine: EngineName = engine
        self.workers = workers
        self.deadline_seconds = deadline_seconds
        self.waiting_seconds = waiting_seconds
        self.max_waiting = max_waiting
        self._weights = weights
        self._limits = limits or DecodeLimits()
        self._niceness = niceness
        self._keeper: Keeper | None = None
        self._slots: asyncio.Semaphore | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._reading: set[asyncio.Task[ReadOutcome | PictureComparison]] = set()
        self._waiting = 0
        self._counts: Counter[str] = Counter()

    def start(self, *, wait_seconds: float = _START_SECONDS) -> None:
        """Starts the processes and waits until one answers; blocking, so call it in a thread from async code.

        ConfigurationError if the weights are not in place or no reader comes up in time.
        """
        if self._keeper is not None:
            return
        verify_weights(self._weights)  # in this process, where the message can be seen
        setup = ReaderSetup(
            parent=os.getpid(),
            engine=self.engine,
            weights=self._weights,
            limits=self._limits,
            niceness=self._niceness,
        )
        keeper = Keeper(self.workers, setup)
        keeper.start()
        if not keeper.answers(wait_seconds):
            keeper.stop()
            raise ConfigurationError(
                f"no OCR reader process came up (waited {wait_seconds:g} s at most); "
                "its error is in the log, and `prereview read` on any image shows it too."
            )
        self._keeper = keeper

    def stop(self) -> None:
        """Ends the reader processes; images still being read come back as reader_unavailable. Blocking."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.stop()

    async def read(self, data: bytes) -> ReadOutcome:
        """Reads one image in a reader process. Never raises for anything the image or a reader does."""
        keeper = self._keeper
        if keeper is None:
            return Failed(reason=FailedReason.READER_UNAVAILABLE, detail="the reader pool is not running")
        if len(data) > self._limits.max_bytes:
            # The reader would say the same; here the bytes need not be copied there first.
            detail = f"{len(data):,} bytes; the limit is {self._limits.max_bytes:,}"
            return Failed(reason=FailedReason.TOO_LARGE, detail=detail)
        outcome = await self._when_free(lambda keeper: keeper.schedule(data, self.deadline_seconds), keeper)
        assert not isinstance(outcome, PictureComparison)
        return outcome

    async def compare(self, one: bytes, other: bytes) -> PictureComparison | None:
        """Lays two images over each other in a reader process. None where that came to no end; never raises."""
        keeper = self._keeper
        if keeper is None or max(len(one), len(other)) > self._limits.max_bytes:
            return None
        outcome = await self._when_free(
            lambda keeper: keeper.schedule_comparison(one, other, self.deadline_seconds), keeper
        )
        return outcome if isinstance(outcome, PictureComparison) else None

    async def _when_free(self, task: _Task, keeper: Keeper) -> ReadOutcome | PictureComparison:
        slots = self._slots_of_this_loop()
        if slots.locked() and self._waiting >= self.max_waiting:
            return self._failed(FailedReason.READER_UNAVAILABLE, f"{self._waiting} images wait for a reader already")
        if not await self._take_slot(slots):
            return self._failed(FailedReason.TIMEOUT, f"no reader came free within {self.waiting_seconds:g} s")
        # A task of its own: the slot is free when the reader is, not when the caller stops waiting.
        reading = asyncio.create_task(self._in_slot(keeper, task, slots))
        self._reading.add(reading)
        reading.add_done_callback(self._reading.discard)
        return await asyncio.shield(reading)

    def health(self) -> dict[str, Any]:
        """``state`` (stopped, ready, degraded), process ids alive, images in hand and waiting, outcomes so far."""
        alive = self._keeper.alive() if self._keeper else []
        state = "stopped" if self._keeper is None else "ready" if len(alive) >= self.workers else "degraded"
        return {
            "state": state,
            "engine": self.engine,
            "workers": self.workers,
            "alive": alive,
            "busy": len(self._reading),
            "waiting": self._waiting,
            "max_waiting": self.max_waiting,
            "rebuilds": self._keeper.rebuilds if self._keeper else 0,
            "outcomes": dict(self._counts),
        }

    def _failed(self, reason: FailedReason, detail: str) -> Failed:
        self._counts[reason.value] += 1
        return Failed(reason=reason, detail=detail)

    def _slots_of_this_loop(self) -> asyncio.Semaphore:
        """As many slots as processes: an image is handed over only when a process is free to take it.

        Images must not queue inside pebble: cancelling one there kills the process that takes it up.
        """
        loop = asyncio.get_running_loop()
        if self._slots is None or self._loop is not loop:
            self._slots, self._loop = asyncio.Semaphore(self.workers), loop
        return self._slots

    async def _take_slot(self, slots: asyncio.Semaphore) -> bool:
        self._waiting += 1
        try:
            async with asyncio.timeout(self.waiting_seconds):
                await slots.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return True

    async def _in_slot(self, keeper: Keeper, task: _Task, slots: asyncio.Semaphore) -> ReadOutcome | PictureComparison:
        try:
            for _ in range(2):
                with contextlib.suppress(RuntimeError):
                    # pebble gives a pool up when a process dies idle; what it had not begun is handed to the next one.
                    return await self._once(keeper, task)
                await asyncio.to_thread(keeper.stands, self.deadline_seconds)
            return self._failed(FailedReason.READER_UNAVAILABLE, "the reader processes cannot be started")
        finally:
            slots.release()

    async def _once(self, keeper: Keeper, task: _Task) -> ReadOutcome | PictureComparison:
        """RuntimeError (BrokenProcessPool among them) if the image was never begun."""
        future = task(keeper)
        loop, done = asyncio.get_running_loop(), asyncio.Event()

        def finish(_: Future[Any]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has gone
                loop.call_soon_threadsafe(done.set)

        future.add_done_callback(finish)
        try:
            async with asyncio.timeout(self.deadline_seconds + _GRACE_SECONDS):
                await done.wait()
        except TimeoutError:
            # Not even pebble's own timeout came: a process died holding the channel's lock, say.
            keeper.replace()
            return self._failed(FailedReason.TIMEOUT, "the reader processes did not answer and are being replaced")
        return self._outcome_of(future)

    def _outcome_of(
        self, future: Future[ReadOutcome] | Future[PictureComparison | None]
    ) -> ReadOutcome | PictureComparison:
        try:
            outcome: ReadOutcome | PictureComparison | None = future.result()
        except TimeoutError:
            return self._failed(FailedReason.TIMEOUT, f"reading took longer than {self.deadline_seconds:g} s")
        except CancelledError:
            return self._failed(FailedReason.READER_UNAVAILABLE, "the reader processes were stopped or replaced")
        except ProcessExpired as error:
            return self._failed(FailedReason.READER_CRASHED, f"the reader process ended with code {error.exitcode}")
        except BrokenProcessPool:
            raise
        except Exception as error:
            return self._failed(FailedReason.READER_CRASHED, f"{type(error).__name__}: {error}")
        if outcome is None:
            return Failed(reason=FailedReason.DAMAGED, detail="one of the two images cannot be decoded")
        self._counts["compared" if isinstance(outcome, PictureComparison) else outcome.status] += 1
        return outcome
