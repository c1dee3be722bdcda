"""The risk desk's drawings as numbers for an SVG, in its own units. Every figure in them stands in a table beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.risk_figures import DayFigures
from service.policy.tradeoff import Effect
from service.review.auditing import SequencePoint

WIDTH, HEIGHT = 360.0, 150.0
"""Narrow, so that letters stay readable where the drawing fills a phone's width."""
LEFT, RIGHT, TOP, BOTTOM = 42.0, 30.0, 10.0, 20.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis at ``at``, with its ``text``."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    faint: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysPlot:
    """``bars``: money approved; ``line``: share of claims approved, as points of a polyline in pieces."""

    bars: tuple[Bar, ...]
    line: tuple[str, ...]
    money_ticks: tuple[Tick, ...]
    share_ticks: tuple[Tick, ...]
    days: tuple[Tick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SequencePlot:
    """``band``: a polygon's points between the ends; ``mean``, ``low``: a polyline's. ``alpha``: what is allowed,
    ``bound``: what was certified."""

    band: str
    mean: str
    low: str
    alpha: float
    bound: float
    ticks: tuple[Tick, ...]
    labels: tuple[Tick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeoffPlot:
    """Across: share of claims approved; up: ¥-share wrong. ``open``: from where nothing was audited; None: nowhere."""

    band: str
    line: str
    alpha: float
    at_work: float | None
    chosen: tuple[float, float | None] | None
    open: float | None
    ticks: tuple[Tick, ...]
    shares: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    """From [``low``, ``high``] to [``first``, ``last``], kept inside."""

    low: float
    high: float
    first: float
    last: float

    def __call__(self, value: float) -> float:
        if self.high <= self.low:
            return self.first
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.first + share * (self.last - self.first), 2)


def days_plot(days: Sequence[DayFigures], money: Sequence[str]) -> DaysPlot | None:
    """``money``: how the largest day's sum and half of it read, for the axis; None without days."""
    if not days:
        return None
    most = max(max(day.approved_minor for day in days), 1)
    height = _Scale(0, most, HEIGHT - BOTTOM, TOP)
    shares = _Scale(0, 1, HEIGHT - BOTTOM, TOP)
    first = days[0].day
    span = max((days[-1].day - first).days + 1, 1)
    step = (WIDTH - LEFT - RIGHT) / span
    bars: list[Bar] = []
    pieces: list[list[tuple[float, float]]] = []
    piece: list[tuple[float, float]] = []
    before = None
    for day in days:
        x = LEFT + (day.day - first).days * step
        y = height(day.approved_minor)
        bars.append(
            Bar(round(x + step * 0.1, 2), y, round(step * 0.8, 2), round(HEIGHT - BOTTOM - y, 2), not day.complete)
        )
        if piece and (day.share is None or (before is not None and (day.day - before).days > 1)):
            pieces.append(piece)
            piece = []
        if day.share is not None:
            piece.append((round(x + step / 2, 2), shares(day.share)))
        before = day.day
    pieces.append(piece)
    return DaysPlot(
        bars=tuple(bars),
        line=tuple(_points(each) for each in pieces if each),
        money_ticks=tuple(Tick(height(most * part), text) for part, text in zip((1.0, 0.5), money, strict=True)),
        share_ticks=tuple(Tick(shares(part), f"{part:.0%}") for part in (0.0, 0.5, 1.0)),
        days=(
            Tick(round(LEFT + step / 2, 2), f"{first:%m-%d}"),
            Tick(round(LEFT + (span - 0.5) * step, 2), f"{days[-1].day:%m-%d}"),
        ),
    )


def sequence_plot(points: Sequence[SequencePoint], alpha: float, bound: float) -> SequencePlot | None:
    """None without findings."""
    if not points:
        return None
    top = min(1.0, max(2 * alpha, 1.2 * max(max(point.mean, point.low) for point in points)))
    across = _Scale(0, points[-1].labels, LEFT, WIDTH - RIGHT)
    up = _Scale(0, top, HEIGHT - BOTTOM, TOP)
    high = [(across(point.labels), up(point.high)) for point in points]
    low = [(across(point.labels), up(point.low)) for point in points]
    return SequencePlot(
        band=_points([*high, *reversed(low)]),
        mean=_points([(across(point.labels), up(point.mean)) for point in points]),
        low=_points(low),
        alpha=up(alpha),
        bound=up(bound),
        ticks=tuple(Tick(up(part * top), _percent(part * top)) for part in (0.0, 0.5, 1.0)),
        labels=(Tick(LEFT, "0"), Tick(across(points[-1].labels), f"{points[-1].labels:,}")),
    )


def tradeoff_plot(
    effects: Sequence[Effect], alpha: float, at_work: Effect | None, chosen: Effect | None
) -> TradeoffPlot | None:
    """None with fewer than two thresholds."""
    if len(effects) < 2:
        return None
    low, high = effects[0].approved_share, effects[-1].approved_share
    audited = [each for each in effects if each.loss is not None]
    seen = [min(each.loss.interval.high, 4 * alpha) for each in audited if each.loss is not None]
    top = min(1.0, max([2 * alpha, *(1.1 * value for value in seen)]))
    across, up = _Scale(low, high, LEFT, WIDTH - RIGHT), _Scale(0, top, HEIGHT - BOTTOM, TOP)
    highs, lows, line = [], [], []
    for each in audited:
        assert each.loss is not None
        x = across(each.approved_share)
        highs.append((x, up(each.loss.interval.high)))
        lows.append((x, up(each.loss.interval.low)))
        line.append((x, up(each.loss.share)))
    last = audited[-1] if audited else None
    beyond = last is None or last is not effects[-1]
    return TradeoffPlot(
        band=_points([*highs, *reversed(lows)]),
        line=_points(line),
        alpha=up(alpha),
        at_work=across(at_work.approved_share) if at_work is not None else None,
        chosen=(across(chosen.approved_share), up(chosen.loss.share) if chosen.loss is not None else None)
        if chosen is not None
        else None,
        open=(across(last.approved_share) if last is not None else LEFT) if beyond else None,
        ticks=tuple(Tick(up(part * top), _percent(part * top)) for part in (0.0, 0.5, 1.0)),
        shares=(Tick(LEFT, _percent(low)), Tick(WIDTH - RIGHT, _percent(high))),
    )


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _percent(share: float) -> str:
    return f"{share:.1%}" if share < 0.1 else f"{share:.0%}"
