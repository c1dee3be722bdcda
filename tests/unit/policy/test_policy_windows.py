"""A sliding window kept in parts: whatever lies within one window's length of now is counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from service.policy.windows import PARTS, counted_from, part_start

MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
HOURS = st.integers(1, 24 * 366)


@given(moment=MOMENTS, hours=HOURS)
def test_parts_follow_on_one_another(moment: datetime, hours: int) -> None:
    start, length = part_start(moment, hours), timedelta(hours=hours) / PARTS
    assert start <= moment < start + length
    assert part_start(start, hours) == start
    assert part_start(start - timedelta(microseconds=1), hours) == start - length


@given(moment=MOMENTS, hours=HOURS, share=st.floats(0, 1, exclude_max=True))
def test_what_was_taken_within_the_window_counts_and_little_more(moment: datetime, hours: int, share: float) -> None:
    window = timedelta(hours=hours)
    assert part_start(moment - share * window, hours) >= counted_from(moment, hours)
    assert part_start(moment - window - window / PARTS, hours) < counted_from(moment, hours)


def test_the_zone_a_moment_is_written_in_does_not_matter() -> None:
    moment = datetime(2026, 3, 2, 3, 30, tzinfo=timezone(timedelta(hours=8)))
    assert part_start(moment, 24) == part_start(moment.astimezone(UTC), 24) == datetime(2026, 3, 1, 19, tzinfo=UTC)
