"""Pictures of the proof, the breaker and the workbench, as PNG files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from training.certification.breaking import Performance, Setting, first_trips
from training.certification.proof import DELTA, Count, Power
from training.certification.workbench import LABEL_COUNTS, Row

_DPI = 110


def plot_proof(counts: Mapping[float, Sequence[Count]], powers: Sequence[Power], path: Path) -> Path:
    """Broken promises by scenario with their intervals, beside power by label count."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 5.2), layout="constrained", width_ratios=(3, 2))
    for offset, (times, found) in zip((-0.15, 0.15), counts.items(), strict=True):
        places = np.arange(len(found)) + offset
        shares = np.array([one.broken / one.worlds for one in found])
        spread = np.array([[share - one.low, one.high - share] for share, one in zip(shares, found, strict=True)]).T
        left.errorbar(shares, places, xerr=np.maximum(spread, 0), fmt="o", ms=4, capsize=2, label=f"{times:g} × α")
    names = [one.name for one in next(iter(counts.values()))]
    left.set_yticks(np.arange(len(names)), names, fontsize=8)
    left.invert_yaxis()
    left.axvline(DELTA, color="black", lw=0.8, ls="--", label=f"δ = {DELTA:g}")
    left.set(xlabel="share of worlds in which the promise was broken (95 % interval)", xlim=(0, None))
    left.legend(fontsize=8)
    for number, share in enumerate(sorted({one.share for one in powers})):
        line = [one for one in powers if one.share == share]
        labels, colour = [one.labels for one in line], f"C{number}"
        right.plot(
            labels, [one.fixed for one in line], ":", color=colour, label=f"{share:g} × α, one threshold (exact)"
        )
        right.plot(labels, [one.sequence for one in line], "o-", color=colour, label=f"{share:g} × α, the procedure")
        right.plot(labels, [one.ringed for one in line], "s--", color=colour, label=f"{share:g} × α, all of it rings")
    right.set(xlabel="labels expected", ylabel="share of worlds in which a certificate is issued", ylim=(-0.02, 1.02))
    right.set_xscale("log")
    right.set_xticks([one.labels for one in powers], [str(one.labels) for one in powers])
    right.minorticks_off()
    right.legend(fontsize=7)
    return _save(figure, (left, right), path, "The certificate on resampled worlds")


def plot_breaker(performance: Performance, path: Path, sequences: int = 400, seed: int = 9) -> Path:
    """Share of sequences tripped by the number of labels."""
    setting: Setting = performance.setting
    figure, axes = plt.subplots(figsize=(7, 4.6), layout="constrained")
    random, length = np.random.default_rng(seed), setting.labels_in_life
    period = setting.period(np.arange(length))
    for times in (1.0, *(one.times_alpha for one in performance.from_start)):
        losses = (random.random((sequences, length)) < times * setting.alpha).astype(np.float64)
        found = first_trips(losses, period, setting.alpha, setting.delta)
        late = np.sort(np.where(found == 0, length + 1, found))
        steps = np.arange(1, sequences + 1) / sequences
        inside = late <= length
        axes.step(
            np.r_[1, late[inside], length],
            np.r_[0, steps[inside], steps[inside][-1] if inside.any() else 0],
            where="post",
            label=f"{times:g} × α",
        )
    axes.axhline(setting.delta, color="black", lw=0.8, ls="--", label=f"δ = {setting.delta:g}")
    axes.set(xlabel="audited labels", ylabel="share of sequences tripped", xscale="log", ylim=(0, 1.02))
    axes.legend(fontsize=8)
    return _save(figure, (axes,), path, f"The breaker at α = {setting.alpha:.1%}")


def plot_workbench(rows: Sequence[Row], alpha: float, path: Path, origin: str) -> Path:
    """Money let through against what the labels at hand say is wrong, with the bounds of several label counts."""
    figure, axes = plt.subplots(figsize=(7, 4.6), layout="constrained")
    money = [row.money_share for row in rows]
    axes.plot(money, [row.wrong_share for row in rows], "o-", ms=3, label="wrong by the labels at hand")
    for number, count in enumerate(LABEL_COUNTS):
        axes.plot(money, [row.bounds[number] for row in rows], "--", lw=1, label=f"bound with {count} labels")
    axes.plot(money, [row.bound for row in rows], lw=1, color="black", label="bound with the labels expected")
    axes.axhline(alpha, color="red", lw=0.8, label=f"α = {alpha:.1%}")
    top = 1.15 * max([2 * alpha, *(row.wrong_share for row in rows if np.isfinite(row.wrong_share))])
    axes.set(xlabel="share of the money that the threshold lets through", ylabel="¥-share wrong", ylim=(0, top))
    axes.legend(fontsize=8)
    return _save(figure, (axes,), path, f"Thresholds · {origin}")


def _save(figure: Any, axes: Sequence[Any], path: Path, title: str) -> Path:
    for one in axes:
        one.grid(alpha=0.3)
    figure.suptitle(f"{title} · SIMULATED" if "SIMULATED" not in title else title, fontsize=10)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=_DPI)
    plt.close(figure)
    return path
