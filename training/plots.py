"""Pictures of a run, as PNG files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from service.features import FEATURE_NAMES
from training.curves import Curve, lost_against_approved, precision_recall, reliability_curve, roc
from training.datasets import Floats, Indices
from training.pipeline import Run
from training.segments import FEWEST
from training.shap_summary import contributions, draw_summary

_COLOURS = {"LightGBM": "#1f77b4", "logistic regression": "#ff7f0e"}


def write_plots(run: Run, folder: Path) -> list[Path]:
    """pr, roc, reliability, approved_against_loss, segments and shap_summary, each a .png; bands and bars are 95 %
    intervals by account. The title says where the data came from."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn: dict[str, tuple[Callable[[Run, Any], None], tuple[float, float]]] = {
        "pr": (_pr, (5, 4)),
        "roc": (_roc, (5, 4)),
        "reliability": (_reliability, (5, 4)),
        "approved_against_loss": (_approved, (6, 4.4)),
        "segments": (_segments, (6.5, 5.5)),
        "shap_summary": (_shap, (6.5, 6)),
    }
    written = []
    for name, (draw, size) in drawn.items():
        figure, axes = plt.subplots(figsize=size, layout="constrained")
        draw(run, axes)
        axes.set_title(f"{name.replace('_', ' ')} · {run.parts.origin.value.upper()} data", fontsize=9)
        axes.grid(alpha=0.3)
        path = folder / f"{name}.png"
        figure.savefig(path, dpi=110)
        plt.close(figure)
        written.append(path)
    return written


def _scores(run: Run) -> list[tuple[str, Floats]]:
    return [("LightGBM", run.evaluated.probabilities), ("logistic regression", run.evaluated.baseline)]


def _wrong(run: Run) -> Indices:
    return run.dataset.wrong[run.evaluated.indices]


def _band(axes: Any, curve: Curve, name: str, **style: Any) -> None:
    colour = style.pop("color", _COLOURS.get(name))
    axes.plot(curve.x, curve.y, label=name, color=colour, lw=1.3, **style)
    axes.fill_between(curve.x, curve.low, curve.high, color=colour, alpha=0.18, lw=0)


def _pr(run: Run, axes: Any) -> None:
    for name, scores in _scores(run):
        _band(axes, precision_recall(scores, _wrong(run), run.evaluated.accounts), name)
    axes.axhline(_wrong(run).mean(), color="grey", lw=0.8, label="base rate")
    axes.set(xlabel="recall", ylabel="precision", ylim=(0, 1.02))
    axes.legend(fontsize=8)


def _roc(run: Run, axes: Any) -> None:
    for name, scores in _scores(run):
        _band(axes, roc(scores, _wrong(run), run.evaluated.accounts), name)
    axes.plot([0, 1], [0, 1], color="grey", lw=0.8)
    axes.set(xlabel="false positive rate", ylabel="true positive rate")
    axes.legend(fontsize=8, loc="lower right")


def _reliability(run: Run, axes: Any) -> None:
    for name, scores in _scores(run):
        curve = reliability_curve(scores, _wrong(run), run.evaluated.accounts)
        reach = np.abs(np.stack([curve.y - curve.low, curve.high - curve.y]))
        axes.errorbar(curve.x, curve.y, yerr=reach, fmt="o-", ms=4, lw=1, capsize=2, label=name, color=_COLOURS[name])
    axes.plot([0, 1], [0, 1], color="grey", lw=0.8)
    axes.set(xlabel="mean predicted risk", ylabel="observed share wrong")
    axes.legend(fontsize=8, loc="upper left")


def _approved(run: Run, axes: Any) -> None:
    """By score alone over all claims, and what the whole rule (caps, exclusions) would approve. The curves are by
    reviewers' labels, errors and all; the certified point rests on adjudicated ones, so it may lie below."""
    indices, scores, accounts = run.evaluated.indices, run.evaluated.probabilities, run.evaluated.accounts
    amount = run.dataset.amount[indices].astype(np.float64)
    whole = float(amount.sum())
    _band(axes, lost_against_approved(scores, _wrong(run), amount, whole, accounts), "all claims, by score alone")
    passing = set(run.pool.claim_ids)
    ruled = np.array([run.dataset.claim_ids[number] in passing for number in indices], dtype=bool)
    if ruled.sum() >= FEWEST:
        curve = lost_against_approved(scores[ruled], _wrong(run)[ruled], amount[ruled], whole, accounts[ruled])
        _band(axes, curve, "what the whole rule lets through", color="#2ca02c")
    alpha = run.policy.classes.risk.wrong_share_up_to_permille / 1000
    axes.axhline(alpha, color="red", lw=0.8, label=f"alpha {alpha:.1%}")
    if run.certificate is not None:
        inside = ruled & (scores <= run.certificate.threshold)
        share = float(amount[inside].sum()) / whole
        axes.plot([share], [run.certificate.bound], "k*", ms=11, label=f"certified: {run.certificate.bound:.2%}")
    axes.set(
        xlabel="share of the claimed ¥ approved", ylabel="share of that ¥ wrong, by reviewers' labels", ylim=(0, None)
    )
    axes.legend(fontsize=8)


def _segments(run: Run, axes: Any) -> None:
    """Calibration gap of every group, red where it leaves out 0, and in words what else a group is flagged for."""
    shown = [one for one in run.evaluated.segments if one.claims >= FEWEST]
    for line, one in enumerate(shown):
        off = one.gap.low > 0 or one.gap.high < 0
        axes.errorbar(
            [one.gap.value],
            [line],
            xerr=[[one.gap.value - one.gap.low], [one.gap.high - one.gap.value]],
            fmt="o",
            ms=4,
            capsize=2,
            color="#d62728" if off else "#1f77b4",
        )
        if one.flags:
            text = "; ".join(one.flags)
            axes.text(
                0.99, line - 0.22, text, fontsize=6, color="#d62728", ha="right", transform=axes.get_yaxis_transform()
            )
    names = [f"{one.grouping}: {one.group} ({one.claims:,})" for one in shown]
    axes.set_yticks(range(len(shown)), names, fontsize=7)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.axvline(0, color="black", lw=0.6)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.set_xlabel("mean score - share wrong, interval for all groups at once; red: what is flagged", fontsize=8)


def _shap(run: Run, axes: Any) -> None:
    rows = run.dataset.rows[run.evaluated.indices]
    draw_summary(axes, contributions(run.fitted.trees, run.fitted.calibrator, tuple(FEATURE_NAMES), rows))
