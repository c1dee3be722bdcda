"""LightGBM with the declared directions as constraints, Platt scaling on its margin, and what it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from service.features import FEATURE_NAMES, FEATURES
from service.scoring.format import Calibrator, Trees, compact_trees
from training.datasets import Dataset, Floats, Indices, Rows, Split
from training.libgomp import ensure_libgomp
from training.recipe import ModelSettings

ensure_libgomp()
import lightgbm  # noqa: E402

THREADS = 2
_LATEST = 0.2


@dataclass(frozen=True)
class Fitted:
    """``booster`` gives raw margins in log-odds; ``calibrator`` turns them into calibrated log-odds."""

    booster: lightgbm.Booster
    trees: Trees
    calibrator: Calibrator
    baseline: Pipeline
    rounds: int

    def margins(self, rows: Rows) -> Floats:
        """LightGBM's own margins, float64 [n]."""
        return np.asarray(self.booster.predict(rows, raw_score=True, num_threads=THREADS), dtype=np.float64)

    def probabilities(self, rows: Rows) -> Floats:
        return sigmoid(self.calibrator.slope * self.margins(rows) + self.calibrator.intercept)

    def baseline_probabilities(self, rows: Rows) -> Floats:
        """Logistic regression on the same rows."""
        return np.asarray(self.baseline.predict_proba(_plain(rows))[:, 1], dtype=np.float64)


def sigmoid(log_odds: NDArray[np.floating[Any]]) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -700, 700))), dtype=np.float64)


def fit(dataset: Dataset, split: Split, settings: ModelSettings, seed: int) -> Fitted:
    """Fit on the training part, calibrate on the calibration part. The same twice on one machine."""
    booster = _boost(dataset, split.train, settings, seed)
    trees = compact_trees(booster.dump_model(num_iteration=booster.best_iteration))
    margins = np.asarray(booster.predict(dataset.rows[split.calibrate], raw_score=True, num_threads=THREADS))
    return Fitted(
        booster=booster,
        trees=trees,
        calibrator=platt(margins, dataset.wrong[split.calibrate]),
        baseline=_baseline(dataset, split.train, seed),
        rounds=booster.best_iteration,
    )


def _boost(dataset: Dataset, train: Indices, settings: ModelSettings, seed: int) -> lightgbm.Booster:
    """Trees are added until the last fifth of the training part, in time, gains no more."""
    cut = round(len(train) * (1.0 - _LATEST))
    early, late = train[:cut], train[cut:]
    parameters = {
        "objective": "binary",
        "metric": "binary_logloss",
        "learning_rate": settings.learning_rate,
        "max_depth": settings.max_depth,
        "num_leaves": settings.num_leaves,
        "min_data_in_leaf": settings.min_data_in_leaf,
        "lambda_l2": settings.lambda_l2,
        "feature_fraction": settings.feature_fraction,
        "monotone_constraints": [feature.direction for feature in FEATURES],
        "monotone_constraints_method": "intermediate",
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": THREADS,
        "seed": seed,
        "verbosity": -1,
    }
    names = list(FEATURE_NAMES)
    learning = lightgbm.Dataset(dataset.rows[early], dataset.wrong[early], feature_name=names, free_raw_data=False)
    watching = lightgbm.Dataset(dataset.rows[late], dataset.wrong[late], reference=learning, free_raw_data=False)
    return lightgbm.train(
        parameters,
        learning,
        num_boost_round=settings.rounds,
        valid_sets=[watching],
        callbacks=[lightgbm.early_stopping(settings.early_stopping, verbose=False)],
    )


def platt(margins: NDArray[np.floating[Any]], wrong: Indices) -> Calibrator:
    """Two numbers by (all but) unpenalised logistic regression of the label on the margin."""
    model = LogisticRegression(C=1e6, solver="lbfgs").fit(np.asarray(margins).reshape(-1, 1), wrong)
    return Calibrator(slope=float(model.coef_[0, 0]), intercept=float(model.intercept_[0]))


def _baseline(dataset: Dataset, train: Indices, seed: int) -> Pipeline:
    model = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(C=1.0, max_iter=2000, random_state=seed),
    )
    return model.fit(_plain(dataset.rows[train]), dataset.wrong[train])


def _plain(rows: Rows) -> Floats:
    """Counts and amounts on a log scale, or a linear model sees nothing but the largest."""
    wide = rows.astype(np.float64)
    return np.sign(wide) * np.log1p(np.abs(wide))
