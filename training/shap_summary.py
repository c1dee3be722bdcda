"""What moves the score, over many claims: our own TreeSHAP, in calibrated log-odds, the largest features first."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from service.scoring.explain import TreeShap
from service.scoring.format import Calibrator, Trees
from training.boosting import Floats, Rows

CLAIMS = 1000
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Contributions:
    """``values``: float64 [claims, features], log-odds after calibration; ``rows``: the claims' features [same].
    ``milliseconds``: of one explanation, median and 99th percentile."""

    names: tuple[str, ...]
    values: Floats
    rows: Rows
    milliseconds: tuple[float, float]

    def largest(self, count: int = SHOWN) -> list[int]:
        """Features by mean absolute contribution, the largest first, those without any left out."""
        strength = np.abs(self.values).mean(axis=0)
        return [number for number in np.argsort(-strength, kind="stable")[:count].tolist() if strength[number] > 0]


def contributions(
    trees: Trees, calibrator: Calibrator, names: tuple[str, ...], rows: Rows, seed: int = 0, count: int = CLAIMS
) -> Contributions:
    """Of at most ``count`` of the rows, drawn by ``seed``."""
    drawn = np.random.default_rng(seed).permutation(len(rows))[:count]
    chosen = rows[np.sort(drawn)]
    explainer = TreeShap(trees)
    values, taken = np.zeros(chosen.shape), []
    for number, row in enumerate(chosen.astype(np.float64)):
        start = time.perf_counter()
        values[number] = explainer.contributions(row)
        taken.append((time.perf_counter() - start) * 1e3)
    middle, slowest = np.quantile(taken, (0.5, 0.99)) if taken else (float("nan"), float("nan"))
    return Contributions(names, calibrator.slope * values, chosen, (float(middle), float(slowest)))


def draw_summary(axes: Any, made: Contributions, count: int = SHOWN) -> None:
    """One line a feature, one point a claim: to the right it raised the risk; dark is a high value, grey a missing
    one."""
    shown = made.largest(count)
    random = np.random.default_rng(0)
    for line, number in enumerate(shown):
        values, cells = made.values[:, number], made.rows[:, number]
        height = line + _spread(values, random)
        known = ~np.isnan(cells)
        axes.scatter(values[~known], height[~known], s=3, color="#bbbbbb", rasterized=True)
        axes.scatter(
            values[known],
            height[known],
            s=3,
            c=_standing(cells[known]),
            cmap="viridis_r",
            vmin=0,
            vmax=1,
            rasterized=True,
        )
    axes.axvline(0, color="black", lw=0.6)
    axes.set_yticks(range(len(shown)), [made.names[number] for number in shown], fontsize=7)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlabel("contribution to the log-odds · dark: high value, light: low, grey: missing", fontsize=8)


def _standing(cells: Rows) -> Floats:
    """Where each value stands among the feature's values, 0 to 1; equal values stand alike."""
    different, where = np.unique(cells, return_inverse=True)
    return np.asarray(where / max(1, len(different) - 1), dtype=np.float64)


def _spread(values: Floats, random: np.random.Generator) -> Floats:
    """Points pushed apart where many claims have about the same contribution."""
    counts, edges = np.histogram(values, bins=60)
    crowd = counts[np.clip(np.digitize(values, edges[1:-1]), 0, len(counts) - 1)] / max(1, counts.max())
    return np.asarray(random.uniform(-0.42, 0.42, len(values)) * np.sqrt(crowd), dtype=np.float64)
