"""How far people agree: a share with its interval, and Cohen's kappa with its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_Z = 1.959963984540054  # of 95 %, both sides
TOO_FEW = 10
"""Below so many cases a share says more about chance than about anybody."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``hits`` of ``n``."""

    hits: int
    n: int

    @property
    def share(self) -> float | None:
        """In [0, 1]; None of too few to say."""
        return self.hits / self.n if self.n >= TOO_FEW else None

    @property
    def interval(self) -> tuple[float, float]:
        """At 95 %."""
        return wilson(self.hits, self.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kappa:
    """``value`` in [-1, 1]: agreement beyond chance; 0 is what chance would bring. ``low``, ``high``: at 95 %.

    ``observed``, ``expected``: shares of ``n`` cases on which two agree, and would by chance.
    """

    value: float
    low: float
    high: float
    observed: float
    expected: float
    n: int


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a proportion (Wilson 1927); (0, 1) of nothing. ValueError for hits outside [0, n]."""
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no share")
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, _Z * _Z
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = _Z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def cohen_kappa(table: Sequence[Sequence[int]]) -> Kappa | None:
    """``table[i][j]``: cases that the first put into category i and the second into j; square.

    None where all fall into one category, or there is no case: nothing is said about chance then. The interval is
    from the large-sample variance of Fleiss, Cohen and Everitt, "Large sample standard errors of kappa and weighted
    kappa", Psychological Bulletin 72 (1969).
    """
    size = len(table)
    if any(len(row) != size for row in table):
        raise ValueError("the table of two people's categories is square")
    n = sum(map(sum, table))
    if n == 0:
        return None
    share = [[cell / n for cell in row] for row in table]
    rows = [sum(row) for row in share]
    columns = [sum(row[j] for row in share) for j in range(size)]
    observed = sum(share[i][i] for i in range(size))
    expected = sum(rows[i] * columns[i] for i in range(size))
    if expected >= 1.0:
        return None
    value = (observed - expected) / (1 - expected)
    same = sum(share[i][i] * ((1 - expected) - (rows[i] + columns[i]) * (1 - observed)) ** 2 for i in range(size))
    other = sum(share[i][j] * (columns[i] + rows[j]) ** 2 for i in range(size) for j in range(size) if i != j)
    shift = (observed * expected - 2 * expected + observed) ** 2
    variance = (same + (1 - observed) ** 2 * other - shift) / (n * (1 - expected) ** 4)
    half = _Z * math.sqrt(max(0.0, variance))
    return Kappa(
        value=value,
        low=max(-1.0, value - half),
        high=min(1.0, value + half),
        observed=observed,
        expected=expected,
        n=n,
    )
