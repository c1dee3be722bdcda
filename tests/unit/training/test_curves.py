from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import precision_recall_curve, roc_auc_score

from service.features import FEATURE_NAMES
from training.curves import lost_against_approved, precision_recall, reliability_curve, roc
from training.pipeline import Run
from training.shap_summary import contributions


@pytest.fixture(scope="module")
def sample() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(9)
    scores = random.random(900)
    return scores, (random.random(900) < scores**2).astype(np.int64), random.integers(0, 500, 900).astype(str)


def test_the_area_under_the_roc_curve_is_the_auc(sample: tuple) -> None:
    scores, wrong, accounts = sample
    curve = roc(scores, wrong, accounts)
    assert np.trapezoid(curve.y, curve.x) == pytest.approx(roc_auc_score(wrong, scores), abs=0.01)
    assert (curve.low <= curve.y + 0.02).all()
    assert (curve.y <= curve.high + 0.02).all()
    assert (curve.high - curve.low).max() > 0.02


def test_precision_is_that_of_the_first_score_that_reaches_the_recall(sample: tuple) -> None:
    scores, wrong, accounts = sample
    curve = precision_recall(scores, wrong, accounts)
    precision, recall, _ = precision_recall_curve(wrong, scores)
    for point, found in zip(curve.x, curve.y, strict=True):
        reached = np.flatnonzero(recall >= point - 1e-12)[-1]
        assert found == pytest.approx(precision[reached])


def test_the_last_point_of_all_approved_is_all_that_is_wrong(sample: tuple) -> None:
    scores, wrong, accounts = sample
    amount = np.linspace(10, 100, 900)
    curve = lost_against_approved(scores, wrong, amount, float(amount.sum()), accounts)
    assert curve.x[-1] == 1.0
    assert curve.y[-1] == pytest.approx((amount * wrong).sum() / amount.sum())
    part = lost_against_approved(scores, wrong, amount, 2 * float(amount.sum()), accounts)
    assert part.x[-1] == pytest.approx(0.5)
    assert part.y[-1] == pytest.approx(curve.y[-1])


def test_reliability_of_a_calibrated_score_holds_the_diagonal() -> None:
    random = np.random.default_rng(3)
    scores = random.random(4000)
    wrong = (random.random(4000) < scores).astype(np.int64)
    curve = reliability_curve(scores, wrong, np.arange(4000).astype(str))
    assert len(curve.x) == 10
    held = ((curve.low <= curve.x) & (curve.x <= curve.high)).sum()
    assert held >= 8


def test_contributions_add_up_to_the_score(small_run: Run) -> None:
    fitted, rows = small_run.fitted, small_run.dataset.rows
    made = contributions(fitted.trees, fitted.calibrator, tuple(FEATURE_NAMES), rows, count=60)
    log_odds = fitted.calibrator.slope * fitted.margins(made.rows) + fitted.calibrator.intercept
    base = log_odds - made.values.sum(axis=1)
    assert np.ptp(base) < 1e-9
    assert made.milliseconds[0] > 0
    strongest = made.largest(3)
    assert len(strongest) == 3
    strength = np.abs(made.values).mean(axis=0)
    assert strength[strongest[0]] == strength.max()
