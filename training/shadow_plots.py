"""Champion beside shadow, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from service.domain.shadow import JudgedShadow
from service.scoring.shadow_comparison import KINDS, ShadowReport

_COLOURS = {"only champion": "tab:orange", "only shadow": "tab:blue"}


def plot_shadow(rows: Sequence[JudgedShadow], report: ShadowReport, path: Path, *, note: str = "") -> Path:
    """Left: both risks of every claim, on a log scale; right: the money they differ on, by amount."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4.4), layout="constrained")
    scored = [row.score for row in rows if row.score.champion_probability is not None]
    ours = np.array([one.probability for one in scored])
    theirs = np.array([one.champion_probability for one in scored], dtype=np.float64)
    floor = 1e-4
    left.scatter(np.maximum(theirs, floor), np.maximum(ours, floor), s=8, alpha=0.35, lw=0)
    left.plot([floor, 1], [floor, 1], color="grey", lw=0.8)
    left.set(
        xscale="log", yscale="log", xlabel=f"risk by {', '.join(report.champions)}", ylabel=f"risk by {report.model}"
    )
    bands = list(dict.fromkeys(cell.group for cell in report.by_amount))
    places = np.arange(len(bands))
    for shift, kind in ((-0.2, KINDS[1]), (0.2, KINDS[2])):
        money = {cell.group: cell.amount_minor / 100 for cell in report.by_amount if cell.kind == kind}
        bars = [money.get(band, 0.0) for band in bands]
        drawn = right.bar(places + shift, bars, width=0.38, color=_COLOURS[kind], label=f"{kind} approves")
        right.bar_label(drawn, labels=[f"{bar:,.0f}" if bar else "" for bar in bars], fontsize=8)
    right.set_xticks(places, bands)
    right.set(xlabel=f"amount, {report.currency}", ylabel=f"{report.currency} they differ on")
    if bands:
        right.legend(fontsize=8)
    else:
        right.text(0.5, 0.5, "both approve the same claims", ha="center", transform=right.transAxes)
    for axes in (left, right):
        axes.grid(alpha=0.3)
    figure.suptitle(f"{report.claims:,} claims{' · ' + note if note else ''}", fontsize=10)
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return path
