"""Money approved under both policies, a pair of bars for each period, as numbers an SVG is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from service.console.figures import money
from service.review.policy_backtest import Period

WIDTH, HEIGHT = 720, 180
_LEFT, _BOTTOM, _TOP = 4, 20, 8
_LABELS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    x: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The same for who reads a table."""

    start: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """``most``: what the height stands for."""

    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    rows: tuple[Row, ...]
    most: str
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - _BOTTOM


def plot(periods: tuple[Period, ...], currency: str) -> Plot:
    most = max((max(each.before, each.after) for each in periods), default=0)
    room = (WIDTH - 2 * _LEFT) / max(1, len(periods))
    bars: list[Bar] = []
    labels: list[Label] = []
    every = max(1, -(-len(periods) // _LABELS))
    for number, period in enumerate(periods):
        left = _LEFT + number * room
        wide = min(room * 0.4, 24.0)
        for side, value, offset in (("before", period.before, 0.0), ("after", period.after, wide)):
            high = 0.0 if most == 0 else (HEIGHT - _BOTTOM - _TOP) * value / most
            bars.append(
                Bar(
                    x=round(left + offset, 1),
                    y=round(HEIGHT - _BOTTOM - high, 1),
                    width=round(wide * 0.92, 1),
                    height=round(high, 1),
                    side=side,
                )
            )
        if number % every == 0:
            labels.append(Label(x=round(left, 1), text=f"{period.start:%m-%d}"))
    return Plot(
        bars=tuple(bars),
        labels=tuple(labels),
        rows=tuple(
            Row(
                start=period.start.isoformat(),
                before=money(period.before, currency),
                after=money(period.after, currency),
            )
            for period in periods
        ),
        most=money(most, currency),
    )
