"""How soon the breaker trips, what is lost until then, and how often it trips for nothing: simulated label by label.

The capital is the one of ``service.policy.confidence``, for many sequences at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp
from scipy.stats import binomtest

from service.policy.breaker import PERIOD
from service.policy.confidence import BETS

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

TIMES_ALPHA = (1.5, 2.0, 4.0, 10.0)
YEAR_DAYS = 365.0
_STAKES = np.asarray(BETS, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Setting:
    """``money_per_label``: approved for each audited label, that is ``audit.certain_from_minor``; ``money_per_day``
    approved by risk; ``delay_days`` from approval to label; ``life_days`` of a certificate, after which the breaker
    starts anew. Money in minor units."""

    alpha: float = 0.02
    delta: float = 0.05
    money_per_label: int = 400_000
    money_per_day: int = 4_000_000
    delay_days: float = 7.0
    life_days: int = 180

    @property
    def labels_per_day(self) -> float:
        return self.money_per_day / self.money_per_label

    @property
    def labels_in_life(self) -> int:
        """At least one, or there would be nothing to look at."""
        return max(1, round(self.labels_per_day * self.life_days))

    def period(self, label: Indices) -> Indices:
        return np.asarray(label // max(1.0, self.labels_per_day * PERIOD.days), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Tripping:
    """At ``times_alpha`` × alpha from label ``after`` on. ``labels`` counted from there to the trip, and what was
    ``lost``, minor units, with what was approved while labels were on their way: median and 90th of 100; None where
    fewer tripped within the certificate's life. ``tripped``: share that did, with its 95 % interval."""

    times_alpha: float
    after: int
    sequences: int
    tripped: float
    low: float
    high: float
    labels: tuple[int | None, int | None]
    lost: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class FalseTrips:
    """Per year, at a share that keeps the promise: ``times_alpha`` ≤ 1. With its 95 % interval."""

    times_alpha: float
    sequences: int
    per_year: float
    low: float
    high: float


def first_trips(losses: Floats, period: Indices, alpha: float, delta: float) -> Indices:
    """Label at which each sequence trips, counted from 1; 0: never. ``losses``: [sequences, labels]; ``period``:
    [labels], rising from 0, the same for all."""
    sequences, labels = losses.shape
    found = np.zeros(sequences, dtype=np.int64)
    beginnings = int(period[-1]) + 1
    capital = np.zeros((sequences, beginnings, len(_STAKES)))
    running = np.arange(sequences)
    shares = np.array([1.0 / ((start + 1.0) * (start + 2.0)) for start in range(beginnings)]) / len(_STAKES)
    clean = np.log1p(-_STAKES)
    for label in range(labels):
        now = int(period[label])
        value = losses[running, label]
        capital[running, : now + 1] += clean
        hit = np.flatnonzero(value > 0.0)
        if not len(hit):
            continue
        where = running[hit]
        gained = np.log1p(_STAKES * (value[hit, None] / alpha - 1.0)) - clean
        capital[where, : now + 1] += gained[:, None, :]
        played = logsumexp(capital[where, : now + 1], b=shares[: now + 1, None], axis=(1, 2))
        total = np.logaddexp(played, -math.log(now + 2.0))
        tripped = where[total >= math.log(1.0 / delta)]
        if len(tripped):
            found[tripped] = label + 1
            running = running[found[running] == 0]
            if not len(running):
                break
    return found


def tripping(
    setting: Setting, times_alpha: float, sequences: int, seed: int, *, after: int = 0, before_share: float = 0.5
) -> Tripping:
    """Sequences in which every label is wrong with ``times_alpha`` × alpha from label ``after`` on, and with
    ``before_share`` × alpha until then."""
    random = np.random.default_rng(seed)
    length = setting.labels_in_life
    share = np.where(np.arange(length) < after, before_share, times_alpha) * setting.alpha
    losses = (random.random((sequences, length)) < share).astype(np.float64)
    found = first_trips(losses, setting.period(np.arange(length)), setting.alpha, setting.delta)
    counted = found[(found == 0) | (found > after)]  # those that tripped before are false trips, counted elsewhere
    late = np.where(counted == 0, np.inf, counted - after)
    hits = int((counted > 0).sum())
    interval = binomtest(hits, len(counted)).proportion_ci(0.95, "exact")
    labels = tuple(_quantile(late, part) for part in (0.5, 0.9))
    wrong = times_alpha * setting.alpha
    on_the_way = setting.delay_days * setting.money_per_day
    lost = tuple(
        None if each is None else round(wrong * (each * setting.money_per_label + on_the_way)) for each in labels
    )
    return Tripping(
        times_alpha, after, len(counted), hits / len(counted), float(interval.low), float(interval.high),
        (labels[0], labels[1]), (lost[0], lost[1]),
    )  # fmt: skip


def _quantile(late: Floats, part: float) -> int | None:
    found = float(np.quantile(late, part, method="higher"))
    return None if math.isinf(found) else int(found)


def false_trips(setting: Setting, times_alpha: float, sequences: int, seed: int) -> FalseTrips:
    """A certificate's life at a share within the promise, and how many such lives make a year."""
    random = np.random.default_rng(seed)
    length = setting.labels_in_life
    losses = (random.random((sequences, length)) < times_alpha * setting.alpha).astype(np.float64)
    hits = int((first_trips(losses, setting.period(np.arange(length)), setting.alpha, setting.delta) > 0).sum())
    interval = binomtest(hits, sequences).proportion_ci(0.95, "exact")
    lives = YEAR_DAYS / setting.life_days
    return FalseTrips(times_alpha, sequences, lives * hits / sequences, lives * interval.low, lives * interval.high)


@dataclass(frozen=True, slots=True)
class Performance:
    setting: Setting
    from_start: tuple[Tripping, ...]
    after_half: tuple[Tripping, ...]
    false: tuple[FalseTrips, ...]


def performance(
    setting: Setting, sequences: int, seed: int, tick: Callable[[int], object] = lambda _: None
) -> Performance:
    """Everything the command prints."""
    half = setting.labels_in_life // 2
    from_start, after_half, false = [], [], []
    for number, times in enumerate(TIMES_ALPHA):
        from_start.append(tripping(setting, times, sequences, seed + number))
        tick(1)
        after_half.append(tripping(setting, times, sequences, seed + 100 + number, after=half))
        tick(1)
    for number, times in enumerate((1.0, 0.5)):
        false.append(false_trips(setting, times, sequences, seed + 200 + number))
        tick(1)
    return Performance(setting, tuple(from_start), tuple(after_half), tuple(false))


PARTS_OF_WORK = 2 * len(TIMES_ALPHA) + 2
