"""Figures that are looked at often and change slowly: worked out once and kept for a while, by this process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Kept:
    value: Any
    until: float


class Remembered:
    """One per use case and process. Two who ask for the same at once wait for one answer; an error is not kept.

    ``most``: so many answers are kept, then the oldest makes room.
    """

    def __init__(self, *, most: int = 500) -> None:
        self._most = most
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
        """What has lapsed, and the oldest where there is no room."""
        now = time.monotonic()
        lapsed = [key for key, kept in self._kept.items() if kept.until <= now]
        room = max(0, len(self._kept) - len(lapsed) - self._most + 1)
        for key in [*lapsed, *[key for key in self._kept if key not in lapsed][:room]]:
            self._kept.pop(key)
        for key in [key for key, lock in self._locks.items() if key not in self._kept and not lock.locked()]:
            self._locks.pop(key)
