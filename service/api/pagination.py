"""Long lists in pages: a cursor names the last thing seen, so that what arrives meanwhile neither repeats nor skips.

A cursor is opaque to callers. It only says where to go on in the caller's own list (the platform always comes from the
key), so it is checked for form and for belonging to the same filters, and needs no secret.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, cast

import orjson
from fastapi import Depends, Query, Request

from service.domain.clock import as_utc
from service.domain.errors import InvalidRequest

MAX_LIMIT = 200
_DEFAULT = 50
_MAX_CURSOR = 512

# What a list is ordered by, last of all an id, so that no two things share a position.
Position = tuple[datetime | uuid.UUID | int | str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """``limit``: entries wanted. ``cursor``: as sent, unread."""

    limit: int
    cursor: str | None

    def after(self, kinds: tuple[type, ...], filters: Mapping[str, Any]) -> Position | None:
        """The position to go on after; None for the first page. InvalidRequest for a cursor of another list.

        ``kinds``: the types of the position; ``filters``: whatever else chooses the list's entries, JSON-ready.
        """
        return None if self.cursor is None else _read(self.cursor, kinds, filters)

    def after_moment(self, filters: Mapping[str, Any]) -> tuple[datetime, uuid.UUID] | None:
        """The same for lists by time: a moment and an id."""
        position = self.after((datetime, uuid.UUID), filters)
        return None if position is None else cast("tuple[datetime, uuid.UUID]", position)


async def _page(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Entries a page.")] = _DEFAULT,
    cursor: Annotated[
        str | None, Query(max_length=_MAX_CURSOR, description="`next_cursor` of the page before.")
    ] = None,
) -> PageRequest:
    return PageRequest(limit=limit, cursor=cursor)


Page = Annotated[PageRequest, Depends(_page)]
HEADERS = {"Link": 'The next page: `</v1/…?cursor=…>; rel="next"`; absent on the last.'}
BAD_CURSOR = InvalidRequest(
    "query.cursor does not belong to this list. Take `next_cursor` as it was answered, with the same filters, or "
    "leave it out to start at the beginning.",
    extra={"errors": [{"path": "query.cursor", "message": "does not belong to this list"}], "error_count": 1},
)


def cursor(position: Position, filters: Mapping[str, Any]) -> str:
    """The cursor after ``position`` in the list that ``filters`` choose."""
    data = [_mark(filters), *(_plain(part) for part in position)]
    return base64.urlsafe_b64encode(orjson.dumps(data)).rstrip(b"=").decode()


def link(request: Request, next_cursor: str | None) -> dict[str, str]:
    """The Link header (RFC 8288) of a page; none on the last."""
    if next_cursor is None:
        return {}
    url = request.url.include_query_params(cursor=next_cursor)
    return {"Link": f'<{url.path}?{url.query}>; rel="next"'}


def _read(text: str, kinds: tuple[type, ...], filters: Mapping[str, Any]) -> Position:
    try:
        data = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        if not isinstance(data, list) or len(data) != len(kinds) + 1 or data[0] != _mark(filters):
            raise ValueError
        return tuple(_value(part, kind) for part, kind in zip(data[1:], kinds, strict=True))
    except (ValueError, OverflowError, binascii.Error):
        raise BAD_CURSOR from None


def _value(part: Any, kind: type) -> datetime | uuid.UUID | int | str:
    if kind is int:
        if type(part) is not int or not -(2**63) <= part < 2**63:
            raise ValueError
        return part
    if not isinstance(part, str) or "\x00" in part:
        raise ValueError
    if kind is datetime:
        return as_utc(datetime.fromisoformat(part))
    return uuid.UUID(part) if kind is uuid.UUID else part


def _plain(part: datetime | uuid.UUID | int | str) -> int | str:
    if isinstance(part, datetime):
        return part.isoformat()
    return part if isinstance(part, int) else str(part)


def _mark(filters: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(dict(filters), option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()[:12]
