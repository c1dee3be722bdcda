"""Curves with their 95 % bands, point by point, from the same bootstrap by cluster as every other interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from training.resampling import BINS, Counts, Floats, Indices, Ranked, replicates
from training.segments import Names

GRID: Floats = np.linspace(0.0, 1.0, 101)
COUNT = 200


@dataclass(frozen=True, slots=True)
class Curve:
    """``y`` at ``x`` with the band around it, all [points]; NaN where the curve is not defined."""

    x: Floats
    y: Floats
    low: Floats
    high: Floats


def roc(scores: Floats, wrong: Indices, clusters: Names, seed: int = 0) -> Curve:
    """True positive rate over the false positive rate."""
    ranked = Ranked(scores, wrong, np.ones(len(wrong)))

    def rates(counts: Counts) -> Floats:
        positive, negative = _from_the_top(ranked, counts)
        return _interpolated(GRID, negative / negative[:, -1:], positive / positive[:, -1:], start=0.0)

    return _with_band(GRID, rates, clusters, seed)


def precision_recall(scores: Floats, wrong: Indices, clusters: Names, seed: int = 0) -> Curve:
    """Precision over recall."""
    ranked, grid = Ranked(scores, wrong, np.ones(len(wrong))), GRID[1:]

    def precision(counts: Counts) -> Floats:
        positive, negative = _from_the_top(ranked, counts)
        with np.errstate(invalid="ignore", divide="ignore"):
            values = positive / (positive + negative)
        recall = positive / positive[:, -1:]
        # A step down in precision at the same recall is not on the curve: the first group that reaches it is.
        found = [np.minimum(np.searchsorted(line, grid - 1e-12), len(line) - 1) for line in recall]
        return np.stack([line[where] for line, where in zip(values, found, strict=True)])

    return _with_band(grid, precision, clusters, seed)


def lost_against_approved(
    scores: Floats, wrong: Indices, amount: Floats, whole: float, clusters: Names, seed: int = 0
) -> Curve:
    """Share of the approved money that is wrong over the share of ``whole`` (money) that is approved, the least risky
    claims first."""
    ranked = Ranked(scores, wrong, amount)
    share = float(amount.sum()) / whole
    grid = np.array([point for point in GRID if 0.05 <= point <= share + 1e-9])

    def lost(counts: Counts) -> Floats:
        return np.stack([ranked.lost_share(counts, min(1.0, point / share)) for point in grid], axis=1)

    return _with_band(grid, lost, clusters, seed)


def reliability_curve(scores: Floats, wrong: Indices, clusters: Names, bins: int = BINS, seed: int = 0) -> Curve:
    """Observed share wrong over the mean score, in bins of equal count; a bin's claims stay in it."""
    order = np.argsort(scores, kind="stable")
    groups = [group for group in np.array_split(np.arange(len(order)), bins) if len(group)]
    starts = np.array([group[0] for group in groups])
    predicted = np.array([scores[order][group].mean() for group in groups])

    def observed(counts: Counts) -> Floats:
        ordered = counts[:, order]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(
                np.add.reduceat(ordered * wrong[order], starts, axis=1) / np.add.reduceat(ordered, starts, axis=1),
                dtype=np.float64,
            )

    return _with_band(predicted, observed, clusters, seed)


def _from_the_top(ranked: Ranked, counts: Counts) -> tuple[Floats, Floats]:
    """Wrong and right claims at or above each score, the riskiest first, [b, groups]."""
    positive, negative = ranked.by_score(counts)
    return np.cumsum(positive[:, ::-1], axis=1), np.cumsum(negative[:, ::-1], axis=1)


def _interpolated(grid: Floats, x: Floats, y: Floats, *, start: float) -> Floats:
    return np.stack([np.interp(grid, np.r_[0.0, one], np.r_[start, other]) for one, other in zip(x, y, strict=True)])


def _with_band(x: Floats, measure: Callable[[Counts], Floats], clusters: Names, seed: int) -> Curve:
    value = measure(np.ones((1, len(clusters)), dtype=np.float32))[0]
    drawn = np.concatenate([measure(counts) for counts in replicates(clusters, COUNT, seed)])
    low, high = np.nanquantile(drawn, (0.025, 0.975), axis=0)
    return Curve(x, value, low, high)
