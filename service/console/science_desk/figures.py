"""Drift, labels and the shadow's differences as the pages show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.console.foreign_text import visible
from service.review.model_desk import LabelCount, Moved

_DAYS = 14
_WIDTH, _HEIGHT = 360, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRow:
    """``width``: of a bar of 100 for a PSI of 0.5."""

    name: str
    psi: str
    by_chance: str
    level: str
    width: int
    then: str
    now: str
    missing_then: str
    missing_now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    source: str
    labels: int
    wrong: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Of the plot of labels by day, in its view box of 360 × 120."""

    x: int
    y: int
    width: int
    height: int
    day: str
    labels: int


def moved_row(one: Moved) -> MovedRow:
    return MovedRow(
        name=visible(one.name, 80),
        psi=f"{one.psi:.3f}",
        by_chance=f"{one.by_chance:.3f}",
        level=one.level.value,
        width=min(100, round(one.psi * 200)),
        then=_mean(one.mean_then),
        now=_mean(one.mean_now),
        missing_then=f"{one.missing_then:.1%}",
        missing_now=f"{one.missing_now:.1%}",
    )


def source_rows(counts: Sequence[LabelCount]) -> list[SourceRow]:
    """By source, most labels first."""
    found: dict[str, list[LabelCount]] = defaultdict(list)
    for one in counts:
        found[one.source].append(one)
    rows = [
        SourceRow(
            source=source,
            labels=(total := sum(one.labels for one in group)),
            wrong=f"{sum(one.wrong for one in group) / total:.1%}",
            seen=f"{sum(one.seen for one in group) / total:.1%}",
        )
        for source, group in found.items()
    ]
    return sorted(rows, key=lambda row: -row.labels)


def label_bars(counts: Sequence[LabelCount], now: datetime) -> list[Bar]:
    """One bar a UTC day, the newest at the right, the highest as high as the plot."""
    by_day: dict[str, int] = defaultdict(int)
    for one in counts:
        by_day[f"{one.day:%m-%d}"] += one.labels
    days = [f"{now - timedelta(days=back):%m-%d}" for back in reversed(range(_DAYS))]
    highest = max([by_day[day] for day in days] + [1])
    step = _WIDTH // _DAYS
    return [
        Bar(
            x=number * step + 2,
            y=_HEIGHT - (height := round(_HEIGHT * by_day[day] / highest)),
            width=step - 4,
            height=height,
            day=day,
            labels=by_day[day],
        )
        for number, day in enumerate(days)
    ]


def _mean(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"
