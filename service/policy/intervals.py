"""Two-sided confidence intervals for the share of money that was wrong, from audited labels.

Where every label stands for as much money, and the losses are counted as wrong or right, it is the exact binomial one
(Clopper and Pearson, Biometrika 1934). A loss of part of a sum counts as wrong where the claim's own lot is below that
part, so that labels are Bernoulli with the mean of the losses. Where labels stand for unequal sums it is the betting
one of ``service.policy.confidence``, which is wider and holds at every moment at once.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.policy.confidence import Value, lower_bound

_HALVINGS = 60  # of [0, 1]: down to what a float tells apart
_FEWEST_TERMS = 60


class Method(StrEnum):
    CLOPPER_PEARSON = "clopper_pearson"
    BETTING = "betting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """With confidence ``confidence`` the true share lies in [``low``, ``high``]; each end misses with half the rest."""

    low: float
    high: float
    confidence: float
    method: Method


def clopper_pearson(wrong: int, labels: int, confidence: float) -> Interval:
    """Of a share of which ``wrong`` of ``labels`` were seen; [0, 1] without labels. ValueError for counts that cannot
    be, or a confidence outside (0, 1)."""
    if not 0 <= wrong <= labels or not 0.0 < confidence < 1.0:
        raise ValueError(f"{wrong} of {labels} at confidence {confidence} cannot be")
    tail = (1.0 - confidence) / 2.0
    right = labels - wrong
    return Interval(
        low=0.0 if wrong == 0 else _quantile(tail, wrong, right + 1.0),
        high=1.0 if right == 0 else _quantile(1.0 - tail, wrong + 1.0, right),
        confidence=confidence,
        method=Method.CLOPPER_PEARSON,
    )


def betting(shares: Sequence[float], weights: Sequence[float], confidence: float) -> Interval:
    """Of the weighted mean of ``shares`` in [0, 1]; ``weights`` in (0, 1], as many. [0, 1] without labels."""
    tail = (1.0 - confidence) / 2.0
    found = Counter(zip(shares, weights, strict=True))
    lost = [Value(0, share, weight, times) for (share, weight), times in found.items()]
    kept = [Value(0, 1.0 - share, weight, times) for (share, weight), times in found.items()]
    return Interval(
        low=_from(lower_bound(lost, tail)),
        high=1.0 - _from(lower_bound(kept, tail)),
        confidence=confidence,
        method=Method.BETTING,
    )


def _from(bound: float) -> float:
    return bound if bound > 1e-9 else 0.0


def _quantile(probability: float, a: float, b: float) -> float:
    """Where the distribution function of Beta(a, b) reaches ``probability``."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if beta_share(middle, a, b) >= probability else (middle, high)
    return (low + high) / 2.0


def beta_share(x: float, a: float, b: float) -> float:
    """The distribution function of Beta(a, b) at ``x``, for a, b > 0: the regularised incomplete beta function.

    By its continued fraction (DLMF 8.17.22) on the side where it converges in some sqrt(a + b) terms.
    """
    if not 0.0 < x < 1.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - beta_share(1.0 - x, b, a)
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    fraction = 1.0
    for step in range(_FEWEST_TERMS + 4 * math.isqrt(int(a + b)), 0, -1):
        fraction = 1.0 + _coefficient(step, x, a, b) / fraction
    return math.exp(logarithm) / (a * fraction)


def _coefficient(step: int, x: float, a: float, b: float) -> float:
    half = step // 2
    if step % 2:
        return -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1.0))
    return half * (b - half) * x / ((a + 2 * half - 1.0) * (a + 2 * half))
