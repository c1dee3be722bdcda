"""From the base rate to this case: contributions as bars that add up, in log-odds and as probability."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from service.console.case_page.words import GROUPS
from service.console.words import named
from service.domain.assessment import Contribution, Risk
from service.features import FEATURES, Group

WIDTH = 1000.0
"""Of the drawing, in its own units."""
PARTS_SHOWN = 2
_ORDER = (Group.ACCOUNT, Group.EVIDENCE, Group.GOODS, Group.LINKS, Group.AMOUNT_TIME)
_GROUP_OF = {feature.name: feature.group.value for feature in FEATURES}
_OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One feature. ``hundredths`` of log-odds, as shown; ``sentence`` has its value and how unusual that is."""

    sentence: str
    hundredths: int

    @property
    def change(self) -> str:
        return signed(self.hundredths)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One group: from ``start`` to ``end`` log-odds. ``x`` and ``width`` in units of WIDTH.

    ``parts``: its largest features; ``further``: how many more, which together make ``further_hundredths``.
    """

    key: str
    name: str
    start: float
    end: float
    hundredths: int
    probability: str
    x: float
    width: float
    parts: tuple[Part, ...]
    further: int
    further_hundredths: int

    @property
    def change(self) -> str:
        return signed(self.hundredths)

    @property
    def further_change(self) -> str:
        return signed(self.further_hundredths)

    @property
    def raises(self) -> bool:
        return self.hundredths > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """``base`` + all changes = ``total``: exactly as floats, and exactly as shown in hundredths."""

    base: float
    total: float
    base_hundredths: int
    total_hundredths: int
    base_probability: str
    probability: str
    base_x: float
    total_x: float
    threshold_x: float | None
    bars: tuple[Bar, ...]
    model: str

    @property
    def base_shown(self) -> str:
        return signed(self.base_hundredths)

    @property
    def total_shown(self) -> str:
        return signed(self.total_hundredths)


def waterfall(risk: Risk, threshold: float | None, language: str) -> Waterfall:
    """The bars of ``risk``, group by group. What is shown are differences of rounded sums, not rounded differences:
    so the figures on the page add up to the last digit."""
    groups = _grouped(risk.contributions)
    running = _Running(risk.base)
    drawn = [(key, *_steps(running, members, language)) for key, members in groups]
    limit = _log_odds(threshold)
    scale = _Scale.over([risk.base, running.total, *(end for _, _, end, _ in drawn)], limit)
    bars = tuple(_bar(key, start, end, parts, scale, language) for key, start, end, parts in drawn)
    return Waterfall(
        base=risk.base,
        total=running.total,
        base_hundredths=hundredths(risk.base),
        total_hundredths=hundredths(running.total),
        base_probability=percent(probability(risk.base)),
        probability=percent(risk.probability),
        base_x=scale.x(risk.base),
        total_x=scale.x(running.total),
        threshold_x=None if limit is None else scale.x(limit),
        bars=bars,
        model=risk.model,
    )


def _grouped(contributions: Iterable[Contribution]) -> list[tuple[str, list[Contribution]]]:
    """In the page's order of groups, the largest feature first; a feature of an older model is among the others."""
    found: dict[str, list[Contribution]] = {}
    for each in contributions:
        found.setdefault(_GROUP_OF.get(each.feature, _OTHER), []).append(each)
    order = [*(group.value for group in _ORDER), _OTHER]
    return [(key, sorted(found[key], key=lambda one: -abs(one.log_odds))) for key in order if key in found]


class _Running:
    """The exact sum so far: added up anew each time, so that the last equals the risk's own log-odds."""

    def __init__(self, base: float) -> None:
        self._terms = [base]
        self.total = base

    def add(self, change: float) -> int:
        """How the shown sum changes, in hundredths."""
        before = hundredths(self.total)
        self._terms.append(change)
        self.total = math.fsum(self._terms)
        return hundredths(self.total) - before


def _steps(running: _Running, members: list[Contribution], language: str) -> tuple[float, float, list[Part]]:
    start = running.total
    parts = [Part(sentence=each.text.get(language), hundredths=running.add(each.log_odds)) for each in members]
    return start, running.total, parts


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float

    @classmethod
    def over(cls, values: list[float], limit: float | None) -> _Scale:
        shown = [*values, *([] if limit is None else [limit])]
        low, high = min(shown), max(shown)
        margin = max((high - low) * 0.04, 0.05)
        return cls(low - margin, high + margin)

    def x(self, value: float) -> float:
        return round(WIDTH * (value - self.low) / (self.high - self.low), 1)


def _bar(key: str, start: float, end: float, parts: list[Part], scale: _Scale, language: str) -> Bar:
    other = "Others" if language == "en" else "其他"
    left, right = sorted((scale.x(start), scale.x(end)))
    rest = parts[PARTS_SHOWN:]
    return Bar(
        key=key.replace(" ", "-"),
        name=other if key == _OTHER else named(GROUPS, key, language),
        start=start,
        end=end,
        hundredths=hundredths(end) - hundredths(start),
        probability=percent(probability(end)),
        x=left,
        width=max(round(right - left, 1), 1.0),
        parts=tuple(parts[:PARTS_SHOWN]),
        further=len(rest),
        further_hundredths=sum(part.hundredths for part in rest),
    )


def hundredths(log_odds: float) -> int:
    return round(log_odds * 100)


def signed(count: int) -> str:
    """Hundredths as people read them: ``+0.42``, ``−1.05``, ``0.00``."""
    sign = "+" if count > 0 else "−" if count < 0 else ""
    return f"{sign}{abs(count) // 100}.{abs(count) % 100:02d}"


def probability(log_odds: float) -> float:
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    grown = math.exp(log_odds)
    return grown / (1 + grown)


def percent(share: float) -> str:
    """Two digits that matter below one per cent, one decimal above."""
    return f"{share * 100:.2f}%" if share < 0.01 else f"{share * 100:.1f}%"


def _log_odds(share: float | None) -> float | None:
    if share is None or not 0 < share < 1:
        return None
    return math.log(share / (1 - share))
