"""Reader processes are spawned clean: they do not run the parent's main module again."""

from __future__ import annotations

import threading
from multiprocessing import popen_spawn_posix, spawn
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from typing import Any

_LAUNCHING = threading.Lock()


class _CleanPopen(popen_spawn_posix.Popen):
    def _launch(self, process_obj: BaseProcess) -> None:
        """As spawn does, but silent about ``__main__``.

        A spawned child imports its parent's main module first; behind a console script that is the whole service with
        its database and web layers. multiprocessing has no switch for it, so what it tells the child is filtered while
        this thread launches one.
        """
        here, original = threading.get_ident(), spawn.get_preparation_data

        def without_main(name: str) -> dict[str, Any]:
            data = original(name)
            if threading.get_ident() == here:
                data.pop("init_main_from_name", None)
                data.pop("init_main_from_path", None)
            return data

        with _LAUNCHING:
            spawn.get_preparation_data = without_main
            try:
                super()._launch(process_obj)  # type: ignore[misc]
            finally:
                spawn.get_preparation_data = original


class CleanSpawnProcess(SpawnProcess):
    """A spawned process whose target must be importable by name, never from ``__main__``."""

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> popen_spawn_posix.Popen:  # noqa: N802
        return _CleanPopen(process_obj)


class CleanSpawnContext(SpawnContext):
    """Makes clean processes and remembers them, so that their owner can count the living."""

    def __init__(self) -> None:
        super().__init__()
        self._launched: list[CleanSpawnProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> CleanSpawnProcess:  # type: ignore[override]  # noqa: N802
        process = CleanSpawnProcess(*args, **kwargs)
        self._launched = [p for p in self._launched if p.is_alive()] + [process]
        return process

    def alive(self) -> list[int]:
        """Process ids of those still running."""
        return [p.pid for p in self._launched if p.pid is not None and p.is_alive()]
