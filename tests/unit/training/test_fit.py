from __future__ import annotations

import numpy as np
import pytest

from service.features import FEATURES
from training.fit import fit, platt, sigmoid
from training.metrics import calibration_error, metrics
from training.pipeline import Run


def test_fitting_twice_gives_the_same_trees(small_run: Run) -> None:
    again = fit(small_run.dataset, small_run.split, small_run.recipe.model, small_run.recipe.seed)
    assert again.trees == small_run.fitted.trees
    assert again.calibrator == small_run.fitted.calibrator


def test_risk_moves_only_in_the_declared_direction(small_run: Run) -> None:
    rows = small_run.dataset.rows[::15]
    margins = small_run.fitted.margins(rows)
    moved = 0
    for number, feature in enumerate(FEATURES):
        if feature.direction == 0:
            continue
        values = small_run.dataset.rows[:, number]
        raised = rows.copy()
        known = ~np.isnan(raised[:, number])
        if not known.any():
            continue
        raised[known, number] = np.nanmax(values)
        change = (small_run.fitted.margins(raised) - margins) * feature.direction
        assert change[known].min() >= -1e-9, feature.name
        moved += bool((change > 1e-9).any())
    assert moved >= 3


def test_it_learns_something_and_knows_how_sure_it_is(small_run: Run) -> None:
    """Loose on purpose: a world of 1,400 claims; the figures that count are in the run of the full size."""
    assert small_run.evaluated.model.auc > 0.75
    assert small_run.evaluated.logistic.auc > 0.7
    assert small_run.evaluated.model.brier < small_run.evaluated.model.base_rate * (
        1 - small_run.evaluated.model.base_rate
    )


def test_platt_finds_the_two_numbers() -> None:
    random = np.random.default_rng(2)
    margins = random.normal(0, 2, 60_000)
    wrong = (random.random(60_000) < sigmoid(0.7 * margins - 0.4)).astype(np.int64)
    calibrator = platt(margins, wrong)
    assert abs(calibrator.slope - 0.7) < 0.03
    assert abs(calibrator.intercept + 0.4) < 0.03


def test_a_score_that_ranks_the_wrong_way_round_becomes_the_base_rate() -> None:
    random = np.random.default_rng(4)
    margins = random.normal(0, 2, 20_000)
    wrong = (random.random(20_000) < sigmoid(-0.5 * margins - 1.0)).astype(np.int64)
    calibrator = platt(margins, wrong)
    assert calibrator.slope > 0
    shown = sigmoid(calibrator.slope * margins + calibrator.intercept)
    assert shown.mean() == pytest.approx(wrong.mean(), abs=1e-3)
    assert np.ptp(shown) < 0.001


def test_metrics_of_perfect_and_of_useless_scores() -> None:
    wrong = np.array([0, 0, 0, 1, 1] * 40)
    perfect = metrics(wrong.astype(np.float64), wrong)
    assert (perfect.auc, perfect.average_precision, perfect.brier, perfect.ece) == (1.0, 1.0, 0.0, 0.0)
    assert calibration_error(np.full(200, 0.9), wrong) == pytest.approx(0.9 - 0.4)
    assert np.isnan(metrics(np.full(5, 0.5), np.zeros(5, dtype=np.int64)).auc)
