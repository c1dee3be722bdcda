"""Cases found by an id as somebody typed it, and the filters people keep."""

from __future__ import annotations

import unicodedata

from service.domain.clock import Clock
from service.domain.errors import InvalidRequest
from service.domain.finding import FoundCase, IdKind, Likeness
from service.domain.users import User
from service.store import Store, case_search
from service.store.saved_views import MOST_VIEWS, SavedView, SavedViews

__all__ = ["MOST_VIEWS", "CaseFinding", "FoundCase", "IdKind", "KeptViews", "Likeness", "SavedView"]

LONGEST_TYPED = 200
_FOUND = 20
_LONGEST_NAME, _LONGEST_QUERY = 40, 1_000


class CaseFinding:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, platform_id: str, typed: str) -> tuple[FoundCase, ...]:
        """At most 20, the best first: by case id or number, reference, order, payment or account; also where letters
        and digits that look alike were mistaken, or two neighbours changed about."""
        text = typed.replace("\0", "").strip()[:LONGEST_TYPED]
        if not text:
            return ()
        async with self._store.reading() as connection:
            return await case_search.find(connection, platform_id, text, _FOUND)


class KeptViews:
    """Somebody's own filters of the queues."""

    def __init__(self, views: SavedViews, clock: Clock) -> None:
        self._views = views
        self._clock = clock

    async def of(self, user: User) -> tuple[SavedView, ...]:
        return await self._views.of(user)

    async def save(self, user: User, name: str, query: str) -> SavedView:
        """InvalidRequest without a name, or for too long a one; Conflict where there are too many."""
        plain = " ".join(_visible(name).split())
        if not plain or len(plain) > _LONGEST_NAME or len(query) > _LONGEST_QUERY or "\0" in query:
            raise InvalidRequest(f"A view has a name of 1 to {_LONGEST_NAME} characters.", extra={"code": "view_name"})
        view = SavedView(plain, query)
        await self._views.save(user, view, self._clock.now())
        return view

    async def delete(self, user: User, name: str) -> bool:
        """False where there is none of that name."""
        return await self._views.delete(user, name.replace("\0", "")[:_LONGEST_NAME], self._clock.now())


def _visible(text: str) -> str:
    return "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text)
