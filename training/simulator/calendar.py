"""When people buy: growth, seasons, days of the week and hours of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from training.simulator.parameters import Parameters
from training.simulator.streams import Floats, Random

HOUR = 3600.0
DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Span:
    """The simulated year. Inside the simulator a moment is a float: seconds since ``start``."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()

    def second(self, moment: datetime) -> float:
        return (moment - self.start).total_seconds()

    def moment(self, second: float) -> datetime:
        """Aware UTC, on whole milliseconds, as ``moments`` gives it."""
        return self.start.astimezone(UTC) + timedelta(milliseconds=round(second * 1000))

    def moments(self, seconds: Floats) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
        """UTC datetime64[us] on whole milliseconds; NaN becomes NaT."""
        epoch = np.datetime64(self.start.astimezone(UTC).replace(tzinfo=None), "us")
        known = np.isfinite(seconds)
        steps = np.round(np.where(known, seconds, 0.0) * 1000).astype("timedelta64[ms]")
        return np.where(known, epoch + steps, np.datetime64("NaT", "us")).astype("datetime64[us]")


def span_of(parameters: Parameters) -> Span:
    return Span(parameters.moment("span.start"), parameters.moment("span.end"))


@dataclass(frozen=True, slots=True)
class Busyness:
    """Cumulative order intensity over the span's hours, from 0 to 1."""

    edges: Floats
    cumulative: Floats

    def at(self, seconds: Floats) -> Floats:
        """Share of the year's orders that come before each moment."""
        return np.interp(seconds, self.edges, self.cumulative)

    def draw(self, random: Random, earliest: Floats, latest: Floats) -> Floats:
        """One moment per pair, following the intensity between the two."""
        low, high = self.at(earliest), self.at(latest)
        return np.interp(low + random.random(len(low)) * (high - low), self.cumulative, self.edges)


def busyness(parameters: Parameters, span: Span) -> Busyness:
    """Intensity from the parameters, by local hour."""
    hours = int(span.seconds // HOUR)
    local = [span.start + timedelta(hours=hour) for hour in range(hours)]
    by_hour, by_weekday = parameters.value("calendar.hour_weights"), parameters.value("calendar.weekday_weights")
    weight = np.array([by_hour[m.hour] * by_weekday[m.weekday()] for m in local], dtype=np.float64)
    dates = np.array([m.date().isoformat() for m in local])
    for season in parameters.value("calendar.seasons"):
        weight[(dates >= season["from"]) & (dates < season["to"])] *= season["factor"]
    weight *= 1.0 + parameters.number("span.growth") * np.arange(hours) / hours
    edges = np.arange(hours + 1, dtype=np.float64) * HOUR
    cumulative = np.concatenate([np.zeros(1), np.cumsum(weight)]) / weight.sum()
    return Busyness(edges, np.asarray(cumulative, dtype=np.float64))
