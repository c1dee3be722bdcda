"""Pictures of a comparison, as PNG files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from training.compare import APPROVED_SHARES, Comparison
from training.resampling import Interval

_OTHERS = ("#9467bd", "#8c564b", "#e377c2", "#17becf")
_KNOWN = {
    "rules only": "#7f7f7f",
    "logistic regression": "#ff7f0e",
    "HistGradientBoosting": "#2ca02c",
    "LightGBM": "#1f77b4",
}


def write_comparison_plots(comparison: Comparison, folder: Path, *, origin: str) -> list[Path]:
    """comparison.png (each measure with its interval) and lost_against_approved.png. ``origin`` goes into the title:
    where the data came from."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_measures(comparison, folder, origin), _curves(comparison, folder, origin)]


def _measures(comparison: Comparison, folder: Path, origin: str) -> Path:
    figure, grid = plt.subplots(2, 3, figsize=(11, 5.6), layout="constrained", sharey=True)
    shown = [("AUC", "auc"), ("average precision", "average_precision"), ("ECE", "ece"), ("Brier score", "brier")]
    panels: list[tuple[str, list[Interval]]] = [
        (title, [getattr(one, name) for one in comparison.standings]) for title, name in shown
    ]
    panels += [
        (f"share of approved ¥ wrong, {share:.0%} of ¥ approved", [one.lost[share] for one in comparison.standings])
        for share in APPROVED_SHARES[:2]
    ]
    names = [one.name for one in comparison.standings]
    for axes, (title, intervals) in zip(grid.flat, panels, strict=True):
        for number, one in enumerate(intervals):
            reach = [[one.value - one.low], [one.high - one.value]]
            colour = _colour(names[number], number)
            axes.errorbar([one.value], [number], xerr=np.abs(reach), fmt="o", ms=5, capsize=3, color=colour)
        axes.set_yticks(range(len(names)), names, fontsize=8)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_title(title, fontsize=9)
        axes.tick_params(axis="x", labelsize=8)
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.grid(alpha=0.3)
    figure.suptitle(f"{len(comparison.wrong):,} judged, 95 % intervals · {origin}", fontsize=10)
    return _save(figure, folder / "comparison.png")


def _curves(comparison: Comparison, folder: Path, origin: str) -> Path:
    figure, axes = plt.subplots(figsize=(6, 4.4), layout="constrained")
    for number, one in enumerate(comparison.standings):
        order = np.argsort(one.probabilities, kind="stable")
        approved = np.cumsum(comparison.amount[order])
        lost = np.cumsum((comparison.amount * comparison.wrong)[order])
        # Where many claims tie, only the ends of the tie mean anything.
        ends = np.flatnonzero(np.r_[np.diff(one.probabilities[order]) != 0, True])
        ends = ends[approved[ends] >= 0.02 * approved[-1]]
        axes.plot(
            approved[ends] / approved[-1],
            lost[ends] / approved[ends],
            label=one.name,
            lw=1.3,
            color=_colour(one.name, number),
            marker="." if len(ends) < 60 else None,
        )
    axes.set(xlabel="share of ¥ approved, least risky first", ylabel="share of that ¥ wrong", ylim=(0, None))
    axes.set_title(f"money lost at equal approval · {origin}", fontsize=10)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    return _save(figure, folder / "lost_against_approved.png")


def _colour(name: str, number: int) -> str:
    """A model has one colour in every picture."""
    return _KNOWN.get(name, _OTHERS[number % len(_OTHERS)])


def _save(figure: Any, path: Path) -> Path:
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return path
