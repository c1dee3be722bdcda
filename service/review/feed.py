"""The events of a platform as a feed: read after a cursor, waited for a while where there is nothing new."""

from __future__ import annotations

import asyncio
from collections import Counter

from service.domain.errors import Conflict
from service.domain.event_catalogue import known_types
from service.review.requests import Caller
from service.store.feed import Feed, FeedPage

LONGEST_WAIT = 20.0
"""Seconds; below what balancers cut off and what a process is given to stop."""
_LOOK_EVERY = 0.3
# Of one platform in one process: who waits holds a connection.
_MOST_WAITING = 16


class FeedReading:
    """One per process."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._waiting: Counter[str] = Counter()

    async def read(
        self, caller: Caller, after: int, *, limit: int, types: tuple[str, ...] = (), wait: float = 0
    ) -> FeedPage:
        """The events after ``after``, in order. With ``wait`` an empty page is answered after so many seconds only.

        InvalidRequest for an unknown type; Conflict for a cursor ahead of the feed.
        """
        wanted = known_types(types, "query.types")
        platform_id = caller.platform_id
        page = await self._feed.read(platform_id, after, limit=limit, types=wanted)
        if after > page.last:
            raise Conflict(
                f"The cursor {after} is ahead of the feed, whose newest event is {page.last}: it is another platform's "
                "or from before the data were restored. Read again from a cursor that is not.",
                extra={"last": page.last},
            )
        if page.events or wait <= 0 or page.next < page.last or self._waiting[platform_id] >= _MOST_WAITING:
            return page
        return await self._wait(platform_id, page, limit=limit, types=wanted, seconds=min(wait, LONGEST_WAIT))

    async def _wait(
        self, platform_id: str, page: FeedPage, *, limit: int, types: tuple[str, ...], seconds: float
    ) -> FeedPage:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        self._waiting[platform_id] += 1
        try:
            while not page.events and (left := end - loop.time()) > 0:
                await asyncio.sleep(min(_LOOK_EVERY, left))
                if await self._feed.last(platform_id) > page.next:
                    page = await self._feed.read(platform_id, page.next, limit=limit, types=types)
            return page
        finally:
            self._waiting[platform_id] -= 1
            if not self._waiting[platform_id]:
                del self._waiting[platform_id]
