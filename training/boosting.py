"""LightGBM on any matrix: the one place where trees are grown, for our rows and for tables nobody here made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from service.features import FEATURE_NAMES, FEATURES
from service.scoring.format import Calibrator
from training.libgomp import ensure_libgomp
from training.recipe import ModelSettings

ensure_libgomp()
import lightgbm  # noqa: E402

Rows = NDArray[np.float32]
Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

THREADS = 1
"""LightGBM's OpenMP threads spin while they wait: beside anything else that runs, two take many times as long as one
(8,000 rows: 49 s against 1 s), and alone they gain little on tables of this size."""

Booster = lightgbm.Booster

LEAST_SLOPE = 1e-4
"""Of Platt scaling; a bundle with none, or a negative one, is refused."""


@dataclass(frozen=True, slots=True)
class Columns:
    """``directions``: +1 the risk may only rise with the column, -1 only fall, 0 free. One per name."""

    names: tuple[str, ...]
    directions: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.names) != len(self.directions) or not set(self.directions) <= {-1, 0, 1}:
            raise ValueError("every column needs a direction of -1, 0 or 1")


OUR_COLUMNS = Columns(tuple(FEATURE_NAMES), tuple(feature.direction for feature in FEATURES))


@dataclass(frozen=True, slots=True)
class Examples:
    """``rows`` float32 [n, columns]; ``wrong`` 0 or 1 [n]; ``amount`` [n], at stake in each, any one unit of money.
    ``weight`` [n]: how many cases each stands for, where only some had a chance to be seen."""

    rows: Rows
    wrong: Indices
    amount: Floats
    weight: Floats

    def __len__(self) -> int:
        return len(self.wrong)

    def at(self, indices: Indices) -> Examples:
        return Examples(self.rows[indices], self.wrong[indices], self.amount[indices], self.weight[indices])


def learning_weights(examples: Examples, power: float) -> Floats:
    """What each example counts in learning, mean 1 but for rounding: the cases it stands for, by their amount."""
    return examples.weight * amount_weights(examples.amount, power)


def amount_weights(amount: Floats, power: float) -> Floats:
    """Weight of each example, mean 1: the amount to a power, 0 counting claims and 1 counting money. Amounts are held
    within a hundredth of and a hundred times their median first, so that one claim cannot outweigh a thousand."""
    if power == 0.0 or not len(amount):
        return np.ones(len(amount))
    middle = max(float(np.median(amount)), 1e-9)
    weights: Floats = np.clip(amount / middle, 0.01, 100.0) ** power
    return np.asarray(weights / weights.mean(), dtype=np.float64)


def boost(
    learning: Examples,
    watching: Examples,
    columns: Columns,
    settings: ModelSettings,
    seed: int,
    *,
    callbacks: Sequence[Callable[[Any], None]] = (),
    feval: Callable[[Any, Any], Any] | None = None,
) -> lightgbm.Booster:
    """Trees for ``learning``, added until ``watching`` gains no more. The same twice on one machine."""
    power = settings.amount_power
    table = lightgbm.Dataset(
        learning.rows,
        learning.wrong,
        weight=learning_weights(learning, power),
        feature_name=list(columns.names),
        free_raw_data=False,
    )
    watched = lightgbm.Dataset(
        watching.rows,
        watching.wrong,
        weight=learning_weights(watching, power),
        reference=table,
        free_raw_data=False,
    )
    return lightgbm.train(
        _parameters(columns, settings, seed),
        table,
        num_boost_round=settings.rounds,
        valid_sets=[watched],
        feval=feval,
        callbacks=[lightgbm.early_stopping(settings.early_stopping, first_metric_only=True, verbose=False), *callbacks],
    )


def _parameters(columns: Columns, settings: ModelSettings, seed: int) -> dict[str, Any]:
    return {
        "objective": "binary",
        "metric": "binary_logloss",
        "learning_rate": settings.learning_rate,
        "max_depth": settings.max_depth,
        "num_leaves": settings.num_leaves,
        "min_data_in_leaf": settings.min_data_in_leaf,
        "lambda_l2": settings.lambda_l2,
        "feature_fraction": settings.feature_fraction,
        "bagging_fraction": settings.bagging_fraction,
        "bagging_freq": int(settings.bagging_fraction < 1.0),
        "monotone_constraints": list(columns.directions),
        "monotone_constraints_method": "intermediate",
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": THREADS,
        "seed": seed,
        "verbosity": -1,
    }


def platt(margins: NDArray[np.floating[Any]], wrong: Indices, weight: Floats | None = None) -> Calibrator:
    """Two numbers by (all but) unpenalised logistic regression of the label on the margin. Every case counts once,
    whatever its amount: what is shown is the probability that *this claim* is wrong. ``weight``: of Examples.

    A margin that ranks the wrong way round, as happens where there is nothing to learn, is not turned around: all
    claims then get about the base rate, and no threshold can pass."""
    model = LogisticRegression(C=1e6, solver="lbfgs").fit(np.asarray(margins).reshape(-1, 1), wrong, weight)
    slope = float(model.coef_[0, 0])
    if slope >= LEAST_SLOPE:
        return Calibrator(slope=slope, intercept=float(model.intercept_[0]))
    rate = float(np.average(wrong, weights=weight))
    return Calibrator(slope=LEAST_SLOPE, intercept=float(np.log(rate / (1.0 - rate)) - LEAST_SLOPE * np.mean(margins)))


def calibrated(calibrator: Calibrator, margins: NDArray[np.floating[Any]]) -> Floats:
    """Probabilities of margins."""
    return sigmoid(calibrator.slope * margins + calibrator.intercept)


def sigmoid(log_odds: NDArray[np.floating[Any]]) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -700, 700))), dtype=np.float64)
