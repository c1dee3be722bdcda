"""Where the time of one reading goes, stage by stage."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

_UNCOUNTED = nullcontext()


class Stages:
    """Milliseconds by stage: ``wall`` as it passed, ``cpu`` as this process used it. A stage met again adds up.

    A dot in a name marks a part of another stage (``detect.network``); parts whose name ends in ``.network`` are the
    models' own time. ``parts``: False leaves them out, since looking at the clock for each of them, three hundred
    times a page, costs a hundredth of the reading.
    """

    def __init__(self, *, parts: bool = True) -> None:
        self._parts = parts
        self.wall: dict[str, float] = {}
        self.cpu: dict[str, float] = {}

    def __call__(self, name: str) -> AbstractContextManager[None]:
        """Counts what happens inside as the stage ``name``, also where it raises."""
        return self._counted(name) if self._parts or "." not in name else _UNCOUNTED

    @contextmanager
    def _counted(self, name: str) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self.wall[name] = self.wall.get(name, 0.0) + (time.perf_counter() - wall) * 1e3
            self.cpu[name] = self.cpu.get(name, 0.0) + (time.process_time() - cpu) * 1e3

    def whole(self) -> dict[str, float]:
        """Wall milliseconds of the stages that are no part of another, to a hundredth."""
        return {name: round(value, 2) for name, value in self.wall.items() if "." not in name}

    @property
    def networks(self) -> float:
        """CPU milliseconds inside the models."""
        return sum(value for name, value in self.cpu.items() if name.endswith(".network"))
