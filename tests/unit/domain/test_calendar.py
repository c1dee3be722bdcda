from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.calendar import Calendar, due, nth_working_day, reminders, working_days_between

SHANGHAI, NEW_YORK, HAVANA = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), ZoneInfo("America/Havana")
CHINA, NO_HOLIDAYS = Calendar(), Calendar(country=None)


@dataclass(frozen=True)
class Days:
    working_days: int | None
    hours: int | None = None


def hours(count: int) -> Days:
    return Days(None, count)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("begun", "days", "over"),
    [
        ("2025-09-30 10:00", 1, "2025-10-10 00:00"),  # National Day 1 to 8 October
        ("2025-09-30 10:00", 3, "2025-10-12 00:00"),  # 9, 10 and the made-up Saturday
        ("2025-09-26 23:59", 1, "2025-09-29 00:00"),  # the made-up Sunday
        ("2026-09-30 18:00", 3, "2026-10-11 00:00"),  # 1 to 7 October off; 8, 9 and Saturday the 10th worked
        ("2026-09-18 09:00", 1, "2026-09-21 00:00"),  # Sunday the 20th is made up
        ("2025-01-25 12:00", 1, "2025-01-27 00:00"),  # the Sunday before Spring Festival
        ("2025-01-27 12:00", 3, "2025-02-08 00:00"),  # 28 January to 4 February off
        ("2025-01-27 12:00", 4, "2025-02-09 00:00"),  # Saturday the 8th is made up
        ("2026-02-13 12:00", 1, "2026-02-15 00:00"),  # Saturday the 14th is made up
        ("2026-02-13 12:00", 2, "2026-02-25 00:00"),  # 15 to 23 February off
        ("2026-11-20 09:00", 3, "2026-11-26 00:00"),  # no holiday: Monday to Wednesday
        ("2001-12-28 09:00", 2, "2001-12-31 00:00"),  # made up by the notice for the year after
    ],
)
def test_chinese_holidays_with_their_make_up_days(begun: str, days: int, over: str) -> None:
    assert due(at(begun), Days(days), SHANGHAI, CHINA).at == at(over)


def test_the_day_a_term_begins_on_is_that_of_the_platforms_zone_and_does_not_count() -> None:
    friday_there = datetime(2026, 11, 20, 15, 59, tzinfo=UTC)
    saturday_there = friday_there + timedelta(minutes=1)
    for begun in (friday_there, saturday_there):
        assert due(begun, Days(1), SHANGHAI, CHINA).at == at("2026-11-24 00:00")
    assert due(at("2026-11-23 00:00"), Days(1), SHANGHAI, CHINA).at == at("2026-11-25 00:00")


def test_hours_are_elapsed_time_and_days_are_local_days_where_clocks_change() -> None:
    american = Calendar(country="US")
    before = at("2026-03-07 12:00", NEW_YORK)  # clocks go forward in the night to the 8th
    assert due(before, hours(24), NEW_YORK, american).at == at("2026-03-08 13:00", NEW_YORK)
    assert due(before, Days(1), NEW_YORK, american).at == at("2026-03-10 00:00", NEW_YORK)
    assert due(at("2026-10-30 12:00", NEW_YORK), Days(1), NEW_YORK, american).at == datetime(2026, 11, 3, 5, tzinfo=UTC)


def test_a_day_ends_where_its_midnight_does_not_exist() -> None:
    # Havana's clocks went from 0:00 to 1:00 on Sunday 2026-03-08.
    calendar = Calendar(country=None, open=frozenset({date(2026, 3, 7)}))
    over = due(at("2026-03-06 12:00", HAVANA), Days(1), HAVANA, calendar).at
    assert over == datetime(2026, 3, 8, 5, tzinfo=UTC)
    assert (over - timedelta(microseconds=1)).astimezone(HAVANA).date() == date(2026, 3, 7)


def test_office_hours_end_the_last_day_sooner() -> None:
    office = Calendar(closes_at=time(18))
    for begun in ("2026-11-20 09:00", "2026-11-20 20:00"):
        assert due(at(begun), Days(1), SHANGHAI, office).at == at("2026-11-23 18:00")


def test_the_platforms_own_days_win() -> None:
    own = Calendar(closed=frozenset({date(2026, 11, 23)}), open=frozenset({date(2026, 11, 22), date(2026, 10, 1)}))
    assert due(at("2026-11-20 09:00"), Days(2), SHANGHAI, own).at == at("2026-11-25 00:00")
    assert own.is_working_day(date(2026, 10, 1))
    with pytest.raises(ValueError, match="2026-11-23 is both open and closed"):
        Calendar(closed=frozenset({date(2026, 11, 23)}), open=frozenset({date(2026, 11, 23)}))


def test_what_lies_beyond_the_published_make_up_days_is_said_to_be_uncertain() -> None:
    published = CHINA.horizon
    assert published is not None
    assert published >= date(2026, 12, 31)
    last = datetime.combine(published, time(12), SHANGHAI)
    assert not due(last, Days(1), SHANGHAI, CHINA).certain
    assert due(last, hours(240), SHANGHAI, CHINA).certain
    assert due(last - timedelta(days=20), Days(3), SHANGHAI, CHINA).certain
    told = Calendar(known_until=published + timedelta(days=365))
    assert due(last, Days(1), SHANGHAI, told).certain
    assert Calendar(country="US").horizon is None


def test_holidays_of_a_part_of_a_country() -> None:
    bavaria, berlin = Calendar(country="DE", subdivision="BY"), Calendar(country="DE", subdivision="BE")
    epiphany = date(2026, 1, 6)
    assert berlin.is_working_day(epiphany)
    assert not bavaria.is_working_day(epiphany)


@pytest.mark.parametrize(
    "wrong", [{"country": "China"}, {"country": "XX"}, {"country": "DE", "subdivision": "XX"}, {"country": "cn"}]
)
def test_unknown_places_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="holidays are known"):
        Calendar(**wrong)  # type: ignore[arg-type]


def test_a_naive_start_and_a_term_of_neither_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        due(datetime(2026, 11, 20), Days(1), SHANGHAI, CHINA)  # noqa: DTZ001
    for wrong in (Days(None), Days(1, 1), Days(0)):
        with pytest.raises(ValueError, match="term"):
            due(at("2026-11-20 09:00"), wrong, SHANGHAI, CHINA)


# --- what holds for every calendar ---

zones = st.sampled_from(["Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "UTC"]).map(ZoneInfo)
own_days = st.frozensets(st.dates(date(2024, 1, 1), date(2027, 12, 31)), max_size=8)
calendars = st.builds(
    lambda country, closed, opened: Calendar(country=country, closed=closed - opened, open=opened),
    st.sampled_from(["CN", "US", "AE", None]),
    own_days,
    own_days,
)
starts = st.integers(0, 30_000).map(
    lambda number: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=number, minutes=7)
)


@given(start=starts, count=st.integers(1, 60), zone=zones, calendar=calendars)
def test_a_term_ends_with_the_day_that_makes_the_count_full(
    start: datetime, count: int, zone: ZoneInfo, calendar: Calendar
) -> None:
    over = due(start, Days(count), zone, calendar).at
    first, last = start.astimezone(zone).date(), (over - timedelta(microseconds=1)).astimezone(zone).date()
    assert over.astimezone(zone).time() == time.min
    assert calendar.is_working_day(last)
    assert working_days_between(first, last, calendar) == count


@given(start=starts, later=st.timedeltas(timedelta(0), timedelta(days=40)), count=st.integers(1, 30), zone=zones)
def test_who_starts_later_or_has_more_days_is_never_due_sooner(
    start: datetime, later: timedelta, count: int, zone: ZoneInfo
) -> None:
    over = due(start, Days(count), zone, CHINA).at
    assert due(start + later, Days(count), zone, CHINA).at >= over
    assert due(start, Days(count + 1), zone, CHINA).at > over
    assert over > start


@given(day=st.dates(date(2024, 1, 1), date(2027, 6, 1)), one=st.integers(0, 30), other=st.integers(0, 30))
def test_days_add_up(day: date, one: int, other: int) -> None:
    assert nth_working_day(nth_working_day(day, one, CHINA), other, CHINA) == nth_working_day(day, one + other, CHINA)


@given(start=starts, count=st.integers(1, 400), before=st.lists(st.integers(-5, 500), max_size=5))
def test_hours_are_exact_and_reminders_fall_within(start: datetime, count: int, before: list[int]) -> None:
    over = due(start, hours(count), NEW_YORK, CHINA).at
    assert over - start == timedelta(hours=count)
    moments = reminders(start, over, before)
    assert moments == tuple(sorted(set(moments)))
    assert all(start < moment < over for moment in moments)
    assert len(moments) == len({each for each in before if 0 < each < count})
