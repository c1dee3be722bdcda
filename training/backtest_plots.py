"""A back-test in one picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.backtest import Backtest, SideResult
from training.resampling import Interval

_COLOURS = ("#7f7f7f", "#1f77b4")
_PANELS = (
    ("money", "¥ approved", 100.0),
    ("lost", "¥ lost (by observed labels)", 100.0),
    ("wrong_share", "share of it lost, %", 0.01),
    ("hours", "hours of reviewers", 1.0),
)


def write_backtest_plot(result: Backtest, path: Path) -> Path:
    """Totals of both sides with their intervals, and where claims go, as a PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure = plot_backtest(result)
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return path


def plot_backtest(result: Backtest) -> Figure:
    """The same as a figure."""
    figure = plt.figure(figsize=(11, 5.6), layout="constrained")
    halves: Any = figure.subfigures(2, 1, height_ratios=(1, 1.1))
    upper, lower = halves
    sides = (result.current, result.new)
    for axes, (name, title, unit) in zip(upper.subplots(1, len(_PANELS)), _PANELS, strict=True):
        _bars(axes, [side.totals[name] for side in sides], unit)
        axes.set_title(title, fontsize=9)
        axes.set_xticks(range(2), [side.name for side in sides], fontsize=8)
    left, right = lower.subplots(1, 2)
    _routes(left, sides)
    _moved(right, result)
    figure.suptitle(
        f"{result.first:%Y-%m-%d} to {result.last:%Y-%m-%d}, {result.claims:,} claims, 95 % intervals by connected "
        f"entity · {result.origin.upper()} data",
        fontsize=10,
    )
    return figure


def _bars(axes: Axes, totals: list[Interval], unit: float) -> None:
    for place, one in enumerate(totals):
        low, high = (abs(one.value - edge) / unit for edge in (one.low, one.high))
        axes.bar(place, one.value / unit, color=_COLOURS[place], width=0.6)
        if np.isfinite([low, high]).all():
            axes.errorbar(place, one.value / unit, yerr=[[low], [high]], color="black", capsize=4)
    axes.grid(alpha=0.3, axis="y")
    axes.tick_params(axis="y", labelsize=8)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")


def _routes(axes: Axes, sides: tuple[SideResult, SideResult]) -> None:
    """Claims by what became of them."""
    names = sorted({line.name for side in sides for line in side.classes})
    for number, side in enumerate(sides):
        found = {line.name: line.claims.value for line in side.classes}
        places = np.arange(len(names)) + (number - 0.5) * 0.38
        axes.barh(places, [found.get(name, 0.0) for name in names], 0.36, color=_COLOURS[number], label=side.name)
    axes.set_yticks(range(len(names)), [name.replace("_", " ") for name in names], fontsize=8)
    axes.set_title("claims by what became of them", fontsize=9)
    axes.tick_params(axis="x", labelsize=8)
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3, axis="x")


def _moved(axes: Axes, result: Backtest) -> None:
    """The largest moves, by money claimed."""
    shown: list[Any] = list(result.moved[:8])
    axes.barh(range(len(shown)), [one.money / 100 for one in shown], 0.7, color="#ff7f0e")
    axes.set_yticks(range(len(shown)), [f"{one.before} → {one.after}".replace("_", " ") for one in shown], fontsize=8)
    axes.set_ylim(max(len(shown), 4) - 0.5, -0.5)  # one bar alone is no wall
    axes.set_title("¥ claimed of claims that go another way" if shown else "no claim goes another way", fontsize=9)
    axes.tick_params(axis="x", labelsize=8)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.grid(alpha=0.3, axis="x")
