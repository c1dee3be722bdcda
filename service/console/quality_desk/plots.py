"""Shares with their intervals as an SVG, and the same as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.agreement import Rate

WIDTH, ROW, LEFT, RIGHT, TOP = 360, 22, 92, 16, 20
"""Narrow, so that letters stay readable where the drawing fills a phone's width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisker:
    """One line of the plot, in its units; ``at`` None where there are too few to say, and nothing is drawn."""

    name: str
    y: int
    at: float | None
    low: float
    high: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatePlot:
    width: int
    height: int
    left: int
    right: int
    whiskers: tuple[Whisker, ...]
    ticks: tuple[tuple[float, str], ...]


def rate_plot(named: Sequence[tuple[str, Rate]], language: str) -> RatePlot:
    """In the order given."""
    return RatePlot(
        width=WIDTH,
        height=TOP + ROW * len(named) + 8,
        left=LEFT,
        right=WIDTH - RIGHT,
        whiskers=tuple(
            _whisker(name, rate, TOP + ROW * place + ROW // 2, language) for place, (name, rate) in enumerate(named)
        ),
        ticks=tuple((_across(part / 4), f"{part * 25}%") for part in range(5)),
    )


def _whisker(name: str, rate: Rate, y: int, language: str) -> Whisker:
    low, high = rate.interval
    share = rate.share
    return Whisker(
        name=name,
        y=y,
        at=None if share is None else _across(share),
        low=_across(low),
        high=_across(high),
        text=rate_text(rate, language),
    )


def rate_text(rate: Rate, language: str) -> str:
    """``93% (84–97%) · 56 of 60``; of too few only how many."""
    counted = f"{rate.hits:,} of {rate.n:,}" if language == "en" else f"{rate.hits:,}/{rate.n:,} 单"
    if rate.share is None:
        return f"too few ({rate.n})" if language == "en" else f"太少（{rate.n}）"
    low, high = rate.interval
    return f"{rate.share:.0%} ({low * 100:.0f}–{high:.0%}) · {counted}"


def _across(share: float) -> float:
    return round(LEFT + share * (WIDTH - RIGHT - LEFT), 1)
