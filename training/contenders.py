"""The ways of scoring that are held against each other: each learns from the same examples and gives margins.

A margin is any number that rises with the risk; Platt scaling on the calibration part makes probabilities of it, the
same way for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import onnxruntime
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from service.scoring.format import ONNX_INPUT, ONNX_OUTPUT, Trees, compact_trees
from training.boosting import Columns, Examples, Floats, Rows, boost, learning_weights
from training.export_onnx import risk_onnx
from training.recipe import ModelSettings

Margins = Callable[[Rows], Floats]
"""Rows float32 [n, columns] to margins float64 [n]."""

Learner = Callable[[Examples, Examples, Columns, ModelSettings, int], Margins]
"""(learning, watching, columns, settings, seed); ``watching`` is for early stopping alone."""


@dataclass(frozen=True, slots=True)
class Contender:
    name: str
    learn: Learner


def logistic(examples: Examples, seed: int, amount_power: float = 0.0) -> Pipeline:
    """Logistic regression on log-scaled columns with medians in the gaps."""
    model = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(C=1.0, max_iter=2000, random_state=seed),
    )
    weight = learning_weights(examples, amount_power)
    return model.fit(log_scaled(examples.rows), examples.wrong, logisticregression__sample_weight=weight)


def log_scaled(rows: Rows) -> Floats:
    """Counts and amounts on a log scale, or a linear model sees nothing but the largest."""
    wide = rows.astype(np.float64)
    return np.asarray(np.sign(wide) * np.log1p(np.abs(wide)), dtype=np.float64)


def _logistic(learning: Examples, _: Examples, __: Columns, settings: ModelSettings, seed: int) -> Margins:
    model = logistic(learning, seed, settings.amount_power)
    return lambda rows: np.asarray(model.decision_function(log_scaled(rows)), dtype=np.float64)


def _hist_gradient_boosting(
    learning: Examples, watching: Examples, columns: Columns, settings: ModelSettings, seed: int
) -> Margins:
    """scikit-learn's boosting at the same settings and under the same constraints."""
    model = HistGradientBoostingClassifier(
        learning_rate=settings.learning_rate,
        max_iter=settings.rounds,
        max_depth=settings.max_depth,
        max_leaf_nodes=settings.num_leaves,
        min_samples_leaf=settings.min_data_in_leaf,
        l2_regularization=settings.lambda_l2,
        max_features=settings.feature_fraction,
        monotonic_cst=list(columns.directions),
        early_stopping=True,
        n_iter_no_change=settings.early_stopping,
        random_state=seed,
    )
    model.fit(
        learning.rows,
        learning.wrong,
        sample_weight=learning_weights(learning, settings.amount_power),
        X_val=watching.rows,
        y_val=watching.wrong,
        sample_weight_val=learning_weights(watching, settings.amount_power),
    )
    return lambda rows: np.asarray(model.decision_function(rows), dtype=np.float64)


def _lightgbm(learning: Examples, watching: Examples, columns: Columns, settings: ModelSettings, seed: int) -> Margins:
    """As it is served: the trees through onnxruntime."""
    booster = boost(learning, watching, columns, settings, seed)
    return served_margins(compact_trees(booster.dump_model(num_iteration=booster.best_iteration)))


def served_margins(trees: Trees) -> Margins:
    """Margins of trees as the service computes them, in one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(risk_onnx(trees), options, providers=["CPUExecutionProvider"])
    return lambda rows: np.asarray(session.run([ONNX_OUTPUT], {ONNX_INPUT: rows})[0][:, 0], dtype=np.float64)


LOGISTIC = Contender("logistic regression", _logistic)
HIST_GRADIENT_BOOSTING = Contender("HistGradientBoosting", _hist_gradient_boosting)
LIGHTGBM = Contender("LightGBM", _lightgbm)
