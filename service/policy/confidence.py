"""An anytime-valid lower confidence bound for the mean of values in [0, 1], by betting.

Bets of several sizes are placed against "the mean is at most m"; if that is true, no bet gains in expectation, so the
average of their capitals reaches 1 / delta with probability at most delta, however often one looks (Ville). Capital
falls as m rises, so the means refuted are an interval from 0: its end is the lower bound. Waudby-Smith and Ramdas,
"Estimating means of bounded random variables by betting", JRSS B 2023 (their diversified Kelly bets, one-sided).

The bets are fixed beforehand instead of learnt from earlier values, so capital does not depend on the order in which
values came: a state rebuilt from the same values says the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

BETS: tuple[float, ...] = tuple(0.001 * 2 ** (step / 2) for step in range(19))
"""Share of capital staked on each value. The best stake against a true mean p is (p - m) / (1 - m): 0.001 to 0.512
covers 1.05 times 2 % as well as one half, at a cost of log(19) in log-capital at most."""

_STEPS = 60  # halvings of [0, 1]: down to what a float tells apart


class Value(NamedTuple):
    """``value`` in [0, 1] seen so many ``times`` in ``period`` ≥ 0, each time with ``weight`` in (0, 1]."""

    period: int
    value: float
    weight: float
    times: int


def log_capital(values: Sequence[Value], mean: float) -> float:
    """Log of the capital of who bets that the mean is above ``mean`` in (0, 1); 0.0 before the first value.

    Capital is spread over players who begin in period 0, 1, 2, …, with shares 1/2, 1/6, 1/12, …: a long good past does
    not have to be won back before a bad present shows. ValueError for a mean outside (0, 1).
    """
    if not 0.0 < mean < 1.0:
        raise ValueError(f"the mean to bet against must lie between 0 and 1, not at {mean}")
    periods = sorted({value.period for value in values})
    if not periods:
        return 0.0
    # Players who begin after the last period still hold what they came with.
    players = [-math.log(periods[-1] + 2.0)]
    totals = [0.0] * len(BETS)
    edges = [-1, *periods]
    for earlier, period in reversed(list(pairwise(edges))):
        _stake(totals, (value for value in values if value.period == period), mean)
        share = 1.0 / (earlier + 2.0) - 1.0 / (period + 2.0)  # of all who begin after ``earlier``, up to ``period``
        players.append(math.log(share) + _log_sum(totals) - math.log(len(BETS)))
    return _log_sum(players)


def _stake(totals: list[float], values: Iterable[Value], mean: float) -> None:
    """Add to each bet's log-capital what the values brought it."""
    for _, value, weight, times in values:
        gain = weight * (value / mean - 1.0)
        for number, bet in enumerate(BETS):
            totals[number] += times * math.log1p(bet * gain)


def lower_bound(values: Sequence[Value], delta: float) -> float:
    """With confidence 1 - ``delta``, at every moment at once, the mean is at least this; 0.0 where nothing is known."""
    wanted = math.log(1.0 / delta)
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        if log_capital(values, middle) >= wanted:
            low = middle
        else:
            high = middle
    return low


def _log_sum(logs: Sequence[float]) -> float:
    top = max(logs)
    return top + math.log(sum(math.exp(each - top) for each in logs))
