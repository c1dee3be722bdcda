"""The risk model of a platform: LightGBM with the declared directions as constraints, Platt scaling on its margin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.pipeline import Pipeline

from service.scoring.format import Calibrator, Trees, compact_trees
from training.boosting import (
    OUR_COLUMNS,
    THREADS,
    Booster,
    Examples,
    Floats,
    Indices,
    Rows,
    boost,
    calibrated,
    platt,
    sigmoid,
)
from training.contenders import log_scaled, logistic
from training.datasets import Dataset, Split
from training.recipe import ModelSettings
from training.selective import learning_weights

__all__ = ["THREADS", "Fitted", "examples", "fit", "platt", "sigmoid"]


@dataclass(frozen=True)
class Fitted:
    """``booster`` gives raw margins in log-odds; ``calibrator`` turns them into calibrated log-odds."""

    booster: Booster
    trees: Trees
    calibrator: Calibrator
    baseline: Pipeline
    rounds: int

    def margins(self, rows: Rows) -> Floats:
        """LightGBM's own margins, float64 [n]."""
        return np.asarray(self.booster.predict(rows, raw_score=True, num_threads=THREADS), dtype=np.float64)

    def probabilities(self, rows: Rows) -> Floats:
        return calibrated(self.calibrator, self.margins(rows))

    def baseline_probabilities(self, rows: Rows) -> Floats:
        """Logistic regression on the same rows."""
        return np.asarray(self.baseline.predict_proba(log_scaled(rows))[:, 1], dtype=np.float64)


def examples(dataset: Dataset, indices: Indices) -> Examples:
    """Labelled claims of a data set as a learner takes them; ``amount`` in minor units. Weighted by their chance of
    being seen: plain learning misjudges what only some claims show."""
    amount = dataset.amount[indices].astype(np.float64)
    return Examples(dataset.rows[indices], dataset.wrong[indices], amount, learning_weights(dataset, indices))


def fit(dataset: Dataset, split: Split, settings: ModelSettings, seed: int) -> Fitted:
    """Fit on train, stop by tune, calibrate on calibrate. The same twice on one machine."""
    learning = examples(dataset, split.train)
    booster = boost(learning, examples(dataset, split.tune), OUR_COLUMNS, settings, seed)
    trees = compact_trees(booster.dump_model(num_iteration=booster.best_iteration))
    calibrating = examples(dataset, split.calibrate)
    margins = np.asarray(booster.predict(calibrating.rows, raw_score=True, num_threads=THREADS))
    return Fitted(
        booster=booster,
        trees=trees,
        calibrator=platt(margins, calibrating.wrong, calibrating.weight),
        baseline=logistic(learning, seed),
        rounds=booster.best_iteration,
    )
