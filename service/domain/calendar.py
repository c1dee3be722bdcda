"""Working days of a platform's calendar, and when a term given in hours or working days is over.

How days are counted follows the Civil Code of the PRC, articles 200 to 203, which is also what most platforms publish:

- Hours are elapsed time: 24 hours are 24 hours, whatever the clocks do meanwhile. They run from the very moment.
- Of working days the day on which the term begins does not count, whatever the hour: the first day is the next working
  day in the platform's zone. The term is over when the last working day ends: at 24:00 there, which is the first moment
  of the next day, or at the end of office hours where the platform keeps such hours.
- A Saturday or Sunday made up for a holiday (调休) is a working day; the weekday it was exchanged for is none.

China publishes next year's make-up days in November or so. Until the ``holidays`` package (or the platform's own
``open`` and ``closed``) has them, only statutory holidays and weekends are known: a term that ends after
``known_until`` is worked out from those and said to be not ``certain``. Whoever stores such a moment works it out again
once the days are known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Protocol

from service.domain.clock import as_utc

_DAY = timedelta(days=1)
_MONDAY_TO_FRIDAY = range(5)
# Countries that announce make-up days year by year; elsewhere what is law holds until it is changed.
_ANNOUNCED_YEARLY = frozenset({"AZ", "BY", "CN", "HU", "KG", "KZ", "LV", "RU", "TW", "UZ", "VN"})
_FIRST_LOOKED_AT = 2015
_YEARS_AHEAD = 40


class Span(Protocol):
    """Either ``hours`` or ``working_days``, never both: what ``service.policy.parts.Term`` is."""

    @property
    def hours(self) -> int | None: ...
    @property
    def working_days(self) -> int | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """``country``: ISO 3166-1 alpha-2, None for Monday to Friday without holidays; ``subdivision`` as the holidays
    package names it. ``closed`` and ``open`` are the platform's own days and win over the country's.

    ``closes_at``: local time at which a working day ends; None: 24:00. ``known_until``: the last day whose make-up days
    are known; None: the holidays package says. ValueError for a country or subdivision it does not have, and for a day
    both open and closed.
    """

    country: str | None = "CN"
    subdivision: str | None = None
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()
    closes_at: time | None = None
    known_until: date | None = None

    def __post_init__(self) -> None:
        both = sorted(self.closed & self.open)
        if both:
            raise ValueError(f"{both[0]} is both open and closed; keep it in one of the two lists")
        if self.country is None:
            if self.subdivision is not None:
                raise ValueError("a subdivision needs its country")
            return
        _check_country(self.country, self.subdivision)

    @property
    def horizon(self) -> date | None:
        """The last day whose make-up days are known; None where nothing is announced year by year."""
        if self.known_until is not None or self.country is None:
            return self.known_until
        return _announced_until(self.country, self.subdivision)

    def is_working_day(self, day: date) -> bool:
        if day in self.open or day in self.closed:
            return day in self.open
        if self.country is None:
            return day.weekday() in _MONDAY_TO_FRIDAY
        return day in _working_days(self.country, self.subdivision, day.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """``at``: UTC; a thing done at or before it is in time. ``certain`` False: make-up days up to then are not yet
    published, so that it may still move by some days."""

    at: datetime
    certain: bool


def due(start: datetime, term: Span, zone: tzinfo, calendar: Calendar) -> Due:
    """When ``term`` is over that began at ``start``. ValueError for a naive ``start`` or a term of neither kind."""
    if (term.hours is None) == (term.working_days is None):
        raise ValueError("a term is in hours or in working days, and in one of them only")
    begun = as_utc(start)
    if term.hours is not None:
        return Due(at=begun + timedelta(hours=term.hours), certain=True)
    assert term.working_days is not None
    if term.working_days < 1:
        raise ValueError(f"a term of {term.working_days} working days has no last day")
    last = nth_working_day(begun.astimezone(zone).date(), term.working_days, calendar)
    horizon = calendar.horizon
    return Due(at=_end_of(last, zone, calendar), certain=horizon is None or last <= horizon)


def nth_working_day(after: date, count: int, calendar: Calendar) -> date:
    """The ``count``-th working day after the day ``after``, which itself does not count; ``after`` itself for 0."""
    day = after
    while count > 0:
        day += _DAY
        count -= calendar.is_working_day(day)
    return day


def working_days_between(earlier: date, later: date, calendar: Calendar) -> int:
    """Working days after ``earlier`` up to and including ``later``; 0 where ``later`` is not later."""
    days = (earlier + _DAY * number for number in range(1, (later - earlier).days + 1))
    return sum(calendar.is_working_day(day) for day in days)


def reminders(start: datetime, end: datetime, hours_before: Iterable[int]) -> tuple[datetime, ...]:
    """When to remind of ``end``, earliest first (UTC); moments not after ``start`` are left out."""
    begun, over = as_utc(start), as_utc(end)
    moments = {over - timedelta(hours=hours) for hours in hours_before if hours > 0}
    return tuple(sorted(moment for moment in moments if moment > begun))


def _end_of(day: date, zone: tzinfo, calendar: Calendar) -> datetime:
    # Where midnight falls into a gap of the clocks, fold 0 gives the moment of the gap: the day's end all the same.
    if calendar.closes_at is not None:
        return datetime.combine(day, calendar.closes_at, zone).astimezone(UTC)
    return datetime.combine(day + _DAY, time.min, zone).astimezone(UTC)


# --- what the holidays package knows; imported where it is asked, as few commands ask it ---


def _check_country(country: str, subdivision: str | None) -> None:
    import holidays
    from holidays.registry import EntityLoader

    # Not the package's list of supported countries: it imports all 250 of them.
    if country not in EntityLoader.get_country_codes(include_aliases=False):
        raise ValueError(f"{country!r} is not a country whose holidays are known; write two letters such as CN")
    if subdivision is None:
        return
    supported = holidays.country_holidays(country).subdivisions
    if subdivision not in supported:
        known = ", ".join(supported) or "none"
        raise ValueError(f"{subdivision!r} is not a part of {country} whose holidays are known (known: {known})")


@lru_cache(maxsize=256)
def _working_days(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """Every working day of one year."""
    import holidays

    # Next year's notice may make up days of this December (as that for 2002 did), so both are loaded.
    bounds = holidays.country_holidays(country, subdiv=subdivision)
    years = [each for each in (year, year + 1) if bounds.start_year <= each <= bounds.end_year]
    known = holidays.country_holidays(country, subdiv=subdivision, years=years, expand=False)
    first = date(year, 1, 1)
    days = (first + _DAY * number for number in range((date(year, 12, 31) - first).days + 1))
    return frozenset(day for day in days if known.is_working_day(day))


@lru_cache(maxsize=64)
def _announced_until(country: str, subdivision: str | None) -> date | None:
    """The end of the last year for which the package has make-up days."""
    import holidays

    if country not in _ANNOUNCED_YEARLY:
        return None
    bounds = holidays.country_holidays(country, subdiv=subdivision)
    years = range(max(_FIRST_LOOKED_AT, bounds.start_year), min(_FIRST_LOOKED_AT + _YEARS_AHEAD, bounds.end_year + 1))
    known = holidays.country_holidays(country, subdiv=subdivision, years=years, expand=False)
    return date(max((day.year for day in known.weekend_workdays), default=_FIRST_LOOKED_AT), 12, 31)
