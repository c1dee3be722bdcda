"""When a jump of claims is more than chance: Poisson, against the usual rate."""

from __future__ import annotations

import math

from service.domain.incidents import Jump

AT_LEAST = 10
"""Different accounts within the hour below which nothing is called an incident."""

_CHANCE = 1e-6  # looked at every minute for some thousand sellers: about once in a quarter by chance alone, at 1e-6
_USUAL_AT_LEAST = 0.5  # a seller without a past is not one who never has claims


def is_incident(jump: Jump) -> bool:
    """More accounts claimed than chance explains: P(X >= count) < 1e-6 for X ~ Poisson(usual)."""
    return jump.count >= AT_LEAST and chance(jump.count, max(jump.usual, _USUAL_AT_LEAST)) < _CHANCE


def chance(count: int, mean: float) -> float:
    """P(X >= count) for X ~ Poisson(mean); ValueError for a mean that is not positive."""
    if not mean > 0:
        raise ValueError("the mean of a Poisson distribution is positive")
    below = math.fsum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(count))
    return max(0.0, 1.0 - below)
