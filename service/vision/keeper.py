"""Keeps one pool of reader processes alive, and puts a new one in its place when it breaks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from pebble import ProcessPool

from service.domain.evidence import ReadOutcome
from service.domain.reuse import PictureComparison
from service.vision.reader_process import ReaderSetup, compare_bytes, read_bytes, ready, set_up
from service.vision.spawning import CleanSpawnContext

T = TypeVar("T")

_WATCH_SECONDS = 0.25
_BETWEEN_POOLS_SECONDS = 3.0  # from one start to the next at least, so that a setup that cannot start does not spin


class Keeper(threading.Thread):
    """Owns the processes for as long as it lives.

    A thread of its own, because the kernel takes the death of the *thread* that started a process for the death of its
    parent, and because pebble gives a pool up for good when a process dies idle.
    """

    def __init__(self, workers: int, setup: ReaderSetup) -> None:
        super().__init__(name="reader-keeper", daemon=True)
        self._workers = workers
        self._setup = setup
        self._context = CleanSpawnContext()
        self._pool: ProcessPool | None = None
        self._stopping = threading.Event()
        self._stuck = threading.Event()
        self._standing = threading.Condition()
        self._outstanding: set[Future[Any]] = set()
        self.rebuilds = 0

    def run(self) -> None:
        while not self._stopping.is_set():
            opened = time.monotonic()
            pool = self._open()
            while pool.active and not self._stuck.is_set() and not self._stopping.is_set():
                self._stopping.wait(_WATCH_SECONDS)
            self._close(pool)
            if not self._stopping.is_set():
                self.rebuilds += 1
                self._stopping.wait(opened + _BETWEEN_POOLS_SECONDS - time.monotonic())

    def schedule(self, data: bytes, deadline_seconds: float) -> Future[ReadOutcome]:
        """Hands one image to the pool. RuntimeError while there is none."""
        return self._schedule(read_bytes, [data], deadline_seconds)

    def schedule_comparison(
        self, one: bytes, other: bytes, deadline_seconds: float
    ) -> Future[PictureComparison | None]:
        """Hands two images to the pool, to be laid over each other. RuntimeError while there is none."""
        return self._schedule(compare_bytes, [one, other], deadline_seconds)

    def _schedule(self, work: Callable[..., T], arguments: list[bytes], deadline_seconds: float) -> Future[T]:
        pool = self._pool
        if pool is None:
            raise RuntimeError("the reader processes are being replaced")
        future: Future[T] = pool.schedule(work, args=arguments, timeout=deadline_seconds)
        self._outstanding.add(future)
        future.add_done_callback(self._outstanding.discard)
        return future

    def answers(self, within_seconds: float) -> bool:
        """Whether a reader is set up and answers in that time."""
        if not self.stands(within_seconds) or self._pool is None:
            return False
        try:
            return bool(self._pool.schedule(ready).result(within_seconds))
        except Exception:
            return False

    def stands(self, within_seconds: float) -> bool:
        """Waits for a pool that takes images."""
        with self._standing:
            return self._standing.wait_for(self._takes_images, within_seconds)

    def replace(self) -> None:
        """Asks for a new pool: this one does not answer."""
        self._stuck.set()

    def alive(self) -> list[int]:
        """Process ids of the readers running now."""
        return self._context.alive()

    def stop(self) -> None:
        """Ends the processes and waits for it."""
        self._stopping.set()
        if self.is_alive():
            self.join()

    def _takes_images(self) -> bool:
        pool = self._pool
        return pool is not None and bool(pool.active)

    def _open(self) -> ProcessPool:
        pool = ProcessPool(self._workers, context=self._context, initializer=set_up, initargs=[self._setup])
        self._stuck.clear()
        with self._standing:
            self._pool = pool if pool.active else None  # asking starts it, here, in this thread
            self._standing.notify_all()
        return pool

    def _close(self, pool: ProcessPool) -> None:
        self._pool = None
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()
        # pebble leaves these pending for ever.
        for future in list(self._outstanding):
            future.cancel()
