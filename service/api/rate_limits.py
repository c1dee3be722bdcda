"""How much one key may ask of one process, told in the RateLimit fields of draft-ietf-httpapi-ratelimit-headers.

Counts are this process's own: with N processes behind a balancer each holds a key to an Nth of its limits (setting
``processes``), so that the limit holds over all of them; a balancer that spreads unevenly refuses somewhat early.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from service.api.errors import TooManyRequests
from service.domain.errors import Unavailable

STANDARD = "standard"
TOO_MANY = TooManyRequests("This key has used up its 100 requests in 1 s. Send it again in 1 s.", retry_after=1)
OVERLOADED = Unavailable("Too many requests at once. Send it again in a moment.", retry_after=2)


@dataclass(frozen=True, slots=True)
class _Limit:
    name: str
    item: RateLimitItem


class RateLimits:
    """Sliding windows of requests, a set of them for each class of keys; a class without limits is not counted."""

    def __init__(self, classes: Mapping[str, str] | None = None, *, processes: int = 1) -> None:
        """``classes``: name → limits as ``"100/second; 3000/minute"``; a key of an unknown class is a standard one."""
        self._classes = {name: _limits(text, processes) for name, text in (classes or {}).items()}
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def spend(self, key_id: str, rate_class: str, cost: int = 1) -> dict[str, str]:
        """Take ``cost`` requests from the key's windows; the headers that tell what is left.

        TooManyRequests, with nothing taken, where a window has no room; ``cost`` above a whole window takes all of it.
        """
        found = self._classes.get(rate_class, self._classes.get(STANDARD, ()))
        full = [limit for limit in found if not await self._limiter.test(limit.item, key_id, cost=_within(limit, cost))]
        if full:
            raise await self._refusal(key_id, full[-1], found)
        for limit in found:
            await self._limiter.hit(limit.item, key_id, cost=_within(limit, cost))
        return await self._told(key_id, found)

    async def _refusal(self, key_id: str, full: _Limit, found: tuple[_Limit, ...]) -> TooManyRequests:
        stats = await self._limiter.get_window_stats(full.item, key_id)
        wait = max(1, math.ceil(stats.reset_time - time.time()))
        error = TooManyRequests(
            f"This key has used up its {full.item.amount} requests in {full.item.get_expiry()} s. Send it again in "
            f"{wait} s.",
            retry_after=wait,
        )
        error.headers = await self._told(key_id, found)
        return error

    async def _told(self, key_id: str, found: tuple[_Limit, ...]) -> dict[str, str]:
        if not found:
            return {}
        left, now = [], time.time()
        for limit in found:
            stats = await self._limiter.get_window_stats(limit.item, key_id)
            left.append(f'"{limit.name}";r={stats.remaining};t={max(0, math.ceil(stats.reset_time - now))}')
        policies = (f'"{limit.name}";q={limit.item.amount};w={limit.item.get_expiry()}' for limit in found)
        return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(left)}


def _limits(text: str, processes: int) -> tuple[_Limit, ...]:
    shares = []
    for item in parse_many(text) if text.strip() else ():
        share = type(item)(max(1, item.amount // processes), item.multiples)
        name = share.GRANULARITY.name if share.multiples == 1 else f"{share.multiples}-{share.GRANULARITY.name}s"
        shares.append(_Limit(name, share))
    return tuple(sorted(shares, key=lambda limit: limit.item.get_expiry()))


def _within(limit: _Limit, cost: int) -> int:
    return min(cost, limit.item.amount)


class Places:
    """How many requests a process answers at once: beyond, it says so at once rather than let all of them wait.

    One key gets half of the places at most, so that a platform in trouble leaves room for the others; a door where
    nobody has said yet who they are gets an eighth.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._each, self._few = max(1, limit // 2), max(1, limit // 8)
        self._taken = 0
        self._by_key: dict[str, int] = {}

    def take(self, credentials: str, *, few: bool = False) -> bool:
        """Whether there was a place for a request with these credentials; whoever took one gives it back."""
        mine = self._by_key.get(credentials, 0)
        if self._taken >= self._limit or mine >= (self._few if few else self._each):
            return False
        self._taken += 1
        self._by_key[credentials] = mine + 1
        return True

    def give_back(self, credentials: str) -> None:
        self._taken -= 1
        left = self._by_key[credentials] - 1
        if left:
            self._by_key[credentials] = left
        else:
            del self._by_key[credentials]
