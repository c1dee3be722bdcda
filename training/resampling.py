"""Bootstrap by cluster: what intervals of ranking, calibration and money are made of.

Claims of one account are alike, so accounts are drawn, not claims (Field & Welsh, 2007); a replicate is a vector of
counts, how often each claim is in it. All measures are computed for many replicates at once from one sorting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Counts = NDArray[np.float32]

REPLICATES = 400
BINS = 10
_CHUNK = 4_000_000  # numbers held at once, 16 MB


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval; NaN where it does not exist, as ranking with one label only."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}–{self.high:.3f})"


def percentile(value: float, replicates: Floats) -> Interval:
    """The middle 95 % of the replicates."""
    known = replicates[np.isfinite(replicates)]
    if not len(known) or not np.isfinite(value):
        return Interval(value, float("nan"), float("nan"))
    low, high = np.quantile(known, (0.025, 0.975))
    return Interval(value, float(low), float(high))


def mirrored(value: float, replicates: Floats) -> Interval:
    """The percentiles mirrored at the value, not below 0: for a measure that noise can only raise, as ECE is. Drawing
    again adds that noise a second time, so the plain percentiles would lie above the truth."""
    plain = percentile(value, replicates)
    return Interval(value, max(0.0, 2 * value - plain.high), max(0.0, 2 * value - plain.low))


def replicates(clusters: Sequence[str] | NDArray[np.generic], count: int, seed: int) -> Iterator[Counts]:
    """Blocks of counts, float32 [b, n], ``count`` rows in all; the same for the same seed."""
    _, cluster = np.unique(np.asarray(clusters), return_inverse=True)
    clusters_in_all = int(cluster.max()) + 1 if len(cluster) else 0
    random = np.random.default_rng(seed)
    block = max(1, _CHUNK // max(1, len(cluster)))
    for first in range(0, count, block):
        drawn = random.multinomial(
            clusters_in_all, np.full(clusters_in_all, 1 / clusters_in_all), size=min(block, count - first)
        )
        yield drawn[:, cluster].astype(np.float32)


class Ranked:
    """Scores sorted once, for measures under any counts [b, n]. Ties are groups: their order says nothing."""

    def __init__(self, scores: Floats, wrong: Indices, amount: Floats) -> None:
        self.order = np.argsort(scores, kind="stable")
        ranked = scores[self.order]
        self.starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]]) if len(ranked) else np.zeros(0, np.intp)
        self.scores = ranked
        self.wrong = wrong[self.order].astype(np.float64)
        self.amount = amount[self.order]

    def _groups(self, counts: Counts, values: Floats) -> Floats:
        summed = np.add.reduceat(counts[:, self.order] * values, self.starts, axis=1)
        return np.asarray(summed, dtype=np.float64)

    def by_score(self, counts: Counts) -> tuple[Floats, Floats]:
        """Wrong and right claims at each different score, the least risky first, [b, groups]."""
        return self._groups(counts, self.wrong), self._groups(counts, 1.0 - self.wrong)

    def auc(self, counts: Counts) -> Floats:
        """Chance that a wrong claim ranks above a right one, ties half; NaN without both."""
        wrong, right = self.by_score(counts)
        below = np.cumsum(right, axis=1) - right / 2
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((wrong * below).sum(axis=1) / (wrong.sum(axis=1) * right.sum(axis=1)))

    def average_precision(self, counts: Counts) -> Floats:
        """Sum of precision over the steps of recall, from the riskiest down; NaN without a wrong claim."""
        wrong = self._groups(counts, self.wrong)[:, ::-1]
        both = self._groups(counts, np.ones_like(self.wrong))[:, ::-1]
        with np.errstate(invalid="ignore", divide="ignore"):
            precision = np.nan_to_num(np.cumsum(wrong, axis=1) / np.cumsum(both, axis=1))
            return np.asarray((wrong * precision).sum(axis=1) / wrong.sum(axis=1))

    def brier(self, counts: Counts) -> Floats:
        error = (self.scores - self.wrong) ** 2
        ordered = counts[:, self.order]
        return np.asarray(ordered @ error / ordered.sum(axis=1))

    def calibration_error(self, counts: Counts, bins: int = BINS) -> Floats:
        """ECE over bins of equal count in the data itself; the bins stay, their content is drawn."""
        edges = np.array([group[0] for group in np.array_split(np.arange(len(self.scores)), bins) if len(group)])
        ordered = counts[:, self.order]
        gap = np.add.reduceat(ordered * (self.scores - self.wrong), edges, axis=1)
        return np.asarray(np.abs(gap).sum(axis=1) / ordered.sum(axis=1))

    def lost_share(self, counts: Counts, approved: float) -> Floats:
        """Of the money in the least risky claims that make up the share ``approved`` of all money, the share that is
        wrong. Within a tie claims are taken in no order: its money counts in proportion."""
        money = np.cumsum(self._groups(counts, self.amount), axis=1)
        lost = np.cumsum(self._groups(counts, self.amount * self.wrong), axis=1)
        found = np.empty(len(counts))
        for number, (sums, losses) in enumerate(zip(money, lost, strict=True)):
            wanted = approved * sums[-1]
            found[number] = np.interp(wanted, np.r_[0.0, sums], np.r_[0.0, losses]) / wanted if wanted else np.nan
        return found
