"""Pictures of a run, as PNG files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import precision_recall_curve, roc_curve

from training.metrics import reliability
from training.pipeline import Run

_TITLE = "SIMULATED data"


def write_plots(run: Run, folder: Path) -> list[Path]:
    """pr.png, roc.png, reliability.png, approved_against_loss.png."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {"pr": _pr, "roc": _roc, "reliability": _reliability, "approved_against_loss": _approved}
    written = []
    for name, draw in drawn.items():
        figure, axes = plt.subplots(figsize=(5, 4), layout="constrained")
        draw(run, axes)
        axes.set_title(f"{name.replace('_', ' ')} · {_TITLE}", fontsize=9)
        axes.grid(alpha=0.3)
        path = folder / f"{name}.png"
        figure.savefig(path, dpi=110)
        plt.close(figure)
        written.append(path)
    return written


def _scores(run: Run) -> list[tuple[str, Any]]:
    return [("LightGBM", run.evaluated.probabilities), ("logistic regression", run.evaluated.baseline)]


def _wrong(run: Run) -> Any:
    return run.dataset.wrong[run.evaluated.indices]


def _pr(run: Run, axes: Any) -> None:
    for name, scores in _scores(run):
        precision, recall, _ = precision_recall_curve(_wrong(run), scores)
        axes.plot(recall, precision, label=name)
    axes.set(xlabel="recall", ylabel="precision", ylim=(0, 1.02))
    axes.legend(fontsize=8)


def _roc(run: Run, axes: Any) -> None:
    for name, scores in _scores(run):
        false, true, _ = roc_curve(_wrong(run), scores)
        axes.plot(false, true, label=name)
    axes.plot([0, 1], [0, 1], color="grey", lw=0.8)
    axes.set(xlabel="false positive rate", ylabel="true positive rate")
    axes.legend(fontsize=8)


def _reliability(run: Run, axes: Any) -> None:
    for name, scores in _scores(run):
        table = reliability(scores, _wrong(run))
        axes.plot(table.predicted, table.observed, marker="o", ms=4, label=name)
    axes.plot([0, 1], [0, 1], color="grey", lw=0.8)
    axes.set(xlabel="predicted risk", ylabel="observed share wrong")
    axes.legend(fontsize=8)


def _approved(run: Run, axes: Any) -> None:
    """Share of the money approved against the share of it that is wrong, by observed labels, over all thresholds."""
    indices = run.evaluated.indices
    order = np.argsort(run.evaluated.probabilities, kind="stable")
    amount = run.dataset.amount[indices][order].astype(np.float64)
    lost = np.cumsum(amount * _wrong(run)[order])
    approved = np.cumsum(amount)
    axes.plot(approved / approved[-1], lost / approved, lw=1.2, label="all claims, observed labels")
    axes.axhline(run.policy.classes.risk.wrong_share_up_to_permille / 1000, color="red", lw=0.8, label="alpha")
    if run.certificate is not None:
        share = float((run.evaluated.probabilities <= run.certificate.threshold) @ run.dataset.amount[indices])
        axes.axvline(share / float(approved[-1]), color="green", lw=0.8, label="certified threshold")
    axes.set(xlabel="share of ¥ at or below the threshold", ylabel="share of that ¥ wrong", ylim=(0, None))
    axes.legend(fontsize=8)
