"""Windows of a budget follow on one another without gap or overlap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from service.store.budgets import window_start

MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moment=MOMENTS, hours=st.integers(1, 24 * 31))
def test_a_moment_lies_in_its_window(moment, hours):
    start = window_start(moment, hours)
    assert start <= moment < start + timedelta(hours=hours)
    assert window_start(start, hours) == start
    assert window_start(start - timedelta(microseconds=1), hours) == start - timedelta(hours=hours)


def test_the_zone_a_moment_is_written_in_does_not_matter():
    moment = datetime(2026, 3, 2, 3, 30, tzinfo=timezone(timedelta(hours=8)))
    assert window_start(moment, 24) == window_start(moment.astimezone(UTC), 24) == datetime(2026, 3, 1, tzinfo=UTC)
