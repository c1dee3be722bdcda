"""One random stream per stage, so that a change to one stage leaves the others' draws alone."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Random = np.random.Generator


class Streams:
    """``streams("orders")`` is a generator that depends on the seed and the name alone."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, name: str) -> Random:
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
        return np.random.default_rng([self.seed, key])


def pick(random: Random, shares: Floats, count: int) -> Integers:
    """``count`` indices drawn with probability proportional to ``shares``."""
    edges = np.cumsum(shares / shares.sum())
    return np.minimum(np.searchsorted(edges, random.random(count), side="right"), len(shares) - 1)


def pick_rows(random: Random, shares: Floats) -> Integers:
    """One index per row of ``shares`` (rows, choices); where a row sums to less than 1, ``choices`` stands for none."""
    edges = np.cumsum(shares, axis=1)
    draws = random.random(len(shares))[:, None]
    return np.asarray((draws >= edges).sum(axis=1), dtype=np.int64)


def log_normal(random: Random, median: float | Floats, sigma: float, count: int) -> Floats:
    """Draws with the given median (its unit is kept) and sigma of the logarithm."""
    return np.asarray(median * np.exp(random.normal(0.0, sigma, count)), dtype=np.float64)
