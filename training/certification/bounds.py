"""Upper confidence bounds for a ¥-share from drawn labels, and how many labels they need.

Two bounds are valid for losses in part, and which one is used is settled in the recipe, before any label is seen:

- *binomial*: a loss of share x counts as a wrong label where the claim's own lot is below x. Such labels are Bernoulli
  with the mean of the losses, so the exact binomial bound (Clopper & Pearson 1934) holds; where every loss is 0 or 1
  the lots change nothing.
- *betting*: capital bet against "the share is above alpha" multiplies by 1 + g · w · (alpha - x) / (1 - alpha) with
  each label of share x and weight w; if the share is above alpha it grows to 1 / delta with probability at most delta
  (Waudby-Smith & Ramdas 2023). It uses losses in part as they are and takes labels of unequal weight, which the
  binomial bound cannot; with losses of 0 and 1 alone it is wider.

Stringer's bound, the auditors' custom for losses in part, has no proof for samples of this size and is not used.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, logsumexp

Floats = NDArray[np.float64]

STAKES: Floats = np.linspace(0.1, 1.0, 10)
_CLEAN = 0.5  # of the capital rides on there being no loss at all, the rest is spread over all stakes
_SHARES: Floats = np.full(len(STAKES), (1 - _CLEAN) / len(STAKES)) + _CLEAN * (STAKES == 1.0)


def upper_bound(wrong: float, labels: float, delta: float) -> float:
    """Clopper-Pearson: with confidence 1 - delta the true share is at most this; 1 without labels."""
    return 1.0 if wrong >= labels else float(betaincinv(wrong + 1.0, labels - wrong, 1.0 - delta))


def p_value(wrong: float, labels: float, alpha: float) -> float:
    """Chance of at most ``wrong`` among ``labels`` if the share were alpha; real numbers are interpolated."""
    return 1.0 if wrong >= labels else float(betainc(labels - wrong, wrong + 1.0, 1.0 - alpha))


def betting_upper_bound(shares: Floats, weights: Floats, delta: float) -> float:
    """With confidence 1 - delta the weighted mean of the losses is at most this. ``shares`` in [0, 1], ``weights`` in
    (0, 1], both [n]; 1 without labels."""
    wanted = math.log(1.0 / delta)
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2.0
        low, high = (low, middle) if log_capital(shares, weights, middle) >= wanted else (middle, high)
    return high


def log_capital(shares: Floats, weights: Floats, alpha: float) -> float:
    """Log-capital of the bets that the mean loss is below ``alpha`` in (0, 1)."""
    pull = weights * (shares - alpha) / (1.0 - alpha)
    with np.errstate(divide="ignore"):  # all staked and lost: log 0
        played = np.log1p(-STAKES[:, None] * pull[None, :]).sum(axis=1)
    return float(logsumexp(played, b=_SHARES))


def labels_needed(alpha: float, delta: float, wrong: int = 0) -> int:
    """Fewest labels by monetary unit, ``wrong`` of them wrong, that certify ``alpha``: whatever the amounts."""
    low, high = wrong, max(8, 8 * (wrong + 1))
    while upper_bound(wrong, high, delta) > alpha:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if upper_bound(wrong, middle, delta) <= alpha else (middle, high)
    return high


def labels_needed_uniformly(alpha: float, delta: float, mean_amount: float, cap: float) -> int:
    """The same where claims are drawn evenly, none wrong. A clean sample bounds how many claims are wrong, and each of
    them may be worth the cap, so it must be tighter by cap / mean amount. Amounts in minor units, 0 < mean ≤ cap."""
    if not 0 < mean_amount <= cap:
        raise ValueError(f"the mean amount {mean_amount} must lie between 0 and the cap {cap}")
    return math.ceil(math.log(delta) / math.log1p(-alpha * mean_amount / cap))
