"""Cursors: what is put in comes out, in its own list alone, and nothing else opens anything."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.api.pagination import PageRequest, cursor
from service.domain.errors import InvalidRequest

FILTERS = {"state": ["in_review"], "account_id": None}
KINDS = (datetime, uuid.UUID, int, str)
POSITION = (datetime(2026, 3, 2, 4, 0, 0, 123456, tzinfo=UTC), uuid.UUID(int=7), -5, "卡")


def test_a_position_comes_back_as_it_was() -> None:
    text = cursor(POSITION, FILTERS)
    assert PageRequest(limit=1, cursor=text).after(KINDS, FILTERS) == POSITION
    assert PageRequest(limit=1, cursor=None).after(KINDS, FILTERS) is None


@pytest.mark.parametrize("filters", [{}, {**FILTERS, "account_id": "u-1"}, {"state": ["paid"], "account_id": None}])
def test_a_cursor_belongs_to_its_filters(filters: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest):
        PageRequest(limit=1, cursor=cursor(POSITION, FILTERS)).after(KINDS, filters)


def forged(*parts: object) -> str:
    mark = orjson.loads(base64.urlsafe_b64decode(cursor(POSITION, FILTERS) + "=="))[0]
    return base64.urlsafe_b64encode(orjson.dumps([mark, *parts])).rstrip(b"=").decode()


NEVER = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=23))).isoformat()


@given(text=st.one_of(st.text(max_size=80), st.binary(max_size=60).map(lambda b: base64.urlsafe_b64encode(b).decode())))
@example(text=forged(NEVER, str(uuid.UUID(int=7)), 1, ""))
@example(text=forged("2026-03-02T04:00:00", str(uuid.UUID(int=7)), 1, ""))
@example(text=forged("2026-03-02T04:00:00+00:00", "x", 1, ""))
@example(text=forged("2026-03-02T04:00:00+00:00", str(uuid.UUID(int=7)), 2**63, ""))
@example(text=forged("2026-03-02T04:00:00+00:00", str(uuid.UUID(int=7)), True, ""))
@example(text=forged("2026-03-02T04:00:00+00:00", str(uuid.UUID(int=7)), 1, "\x00"))
@example(text=forged())
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        PageRequest(limit=1, cursor=text).after(KINDS, FILTERS)
