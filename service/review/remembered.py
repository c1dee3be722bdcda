"""Figures that are looked at often and change slowly: worked out once and kept for a while, by this process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
_MOST = 500


@dataclass(slots=True)
class _Kept:
    value: Any
    until: float


class Remembered:
    """One per process. Two who ask for the same at once wait for one answer; an error is not kept."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, _Kept] = {}
        self._locks: dict[Hashable, asyncio.Lock] = {}

    async def get(self, key: Hashable, seconds: float, find: Callable[[], Awaitable[T]]) -> T:
        """What ``find`` gave at most ``seconds`` ago under ``key``, which names the platform too."""
        async with self._locks.setdefault(key, asyncio.Lock()):
            kept = self._kept.get(key)
            if kept is None or kept.until <= time.monotonic():
                value = await find()
                self._forget()
                kept = self._kept[key] = _Kept(value, time.monotonic() + seconds)
            found: T = kept.value
            return found

    def drop(self, key: Hashable) -> None:
        """Something was changed: ask anew next time."""
        self._kept.pop(key, None)

    def _forget(self) -> None:
        if len(self._kept) < _MOST:
            return
        now = time.monotonic()
        for key in [key for key, kept in self._kept.items() if kept.until <= now]:
            self._kept.pop(key)
        if len(self._kept) >= _MOST:
            self._kept.pop(next(iter(self._kept)))
        for key in [key for key, lock in self._locks.items() if key not in self._kept and not lock.locked()]:
            self._locks.pop(key)
