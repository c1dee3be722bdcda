"""How good a set of probabilities is: ranking, calibration, and the money a threshold would let through."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from training.datasets import Floats, Indices

BINS = 10


@dataclass(frozen=True, slots=True)
class Metrics:
    """``ece``: expected calibration error over 10 bins of equal count. ``base_rate``: share of label 1."""

    auc: float
    average_precision: float
    ece: float
    brier: float
    base_rate: float
    claims: int

    def named(self, prefix: str) -> dict[str, float]:
        return {f"{prefix}_{name}": float(value) for name, value in asdict(self).items()}


def metrics(probabilities: Floats, wrong: Indices) -> Metrics:
    """Of probabilities against 0/1 labels; ranking figures are NaN where only one label occurs."""
    both = 0 < wrong.sum() < len(wrong)
    return Metrics(
        auc=float(roc_auc_score(wrong, probabilities)) if both else float("nan"),
        average_precision=float(average_precision_score(wrong, probabilities)) if both else float("nan"),
        ece=calibration_error(probabilities, wrong),
        brier=float(brier_score_loss(wrong, probabilities)),
        base_rate=float(wrong.mean()),
        claims=len(wrong),
    )


@dataclass(frozen=True, slots=True)
class Reliability:
    """Mean predicted and observed share per bin of equal count, and the count."""

    predicted: Floats
    observed: Floats
    count: Indices


def reliability(probabilities: Floats, wrong: Indices, bins: int = BINS) -> Reliability:
    groups = [group for group in np.array_split(np.argsort(probabilities, kind="stable"), bins) if len(group)]
    return Reliability(
        predicted=np.array([probabilities[group].mean() for group in groups]),
        observed=np.array([wrong[group].mean() for group in groups]),
        count=np.array([len(group) for group in groups], dtype=np.int64),
    )


def calibration_error(probabilities: Floats, wrong: Indices) -> float:
    table = reliability(probabilities, wrong)
    return float(np.average(np.abs(table.predicted - table.observed), weights=table.count))
