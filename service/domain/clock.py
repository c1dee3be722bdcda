"""The one place that asks what time it is; times are aware UTC everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

FUTURE_TOLERANCE = timedelta(minutes=5)
"""Clocks of two machines may differ a little; what lies further ahead is a mistake or a forgery."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until set: for replay and tests."""

    def __init__(self, at: datetime) -> None:
        self.at = as_utc(at)

    def now(self) -> datetime:
        return self.at


def as_utc(moment: datetime) -> datetime:
    """The same moment in UTC; a naive datetime raises ValueError, because guessing a zone loses money."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; write it with an offset, e.g. +08:00")
    return moment.astimezone(UTC)


class ShiftedClock:
    """A clock that starts at a given moment and runs at the usual pace: for the demo, whose pages carry dates."""

    def __init__(self, start: datetime) -> None:
        self._offset = as_utc(start) - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset
