from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from service.features import FEATURE_NAMES
from training.boosting import OUR_COLUMNS, Columns, Examples, amount_weights, boost
from training.compare import APPROVED_SHARES, Comparison, compare, contest, judge
from training.compare_plots import write_comparison_plots
from training.contenders import LIGHTGBM
from training.datasets import split
from training.observed import Observed
from training.pipeline import Run
from training.rules_only import CARD, points
from training.segments import claim_facts
from training.splits import connected_claims, stress_split


@pytest.fixture(scope="module")
def compared(small_run: Run, small_observed: Observed) -> Comparison:
    given = contest(
        small_run.dataset, small_run.split, small_run.evaluated.indices, claim_facts(small_observed).account
    )
    settings = small_run.recipe.model.model_copy(update={"rounds": 60})
    return compare(given, settings, small_run.recipe.seed, count=60)


def test_all_four_are_judged_on_the_same_claims(compared: Comparison, small_run: Run) -> None:
    assert [one.name for one in compared.standings] == [
        "rules only",
        "logistic regression",
        "HistGradientBoosting",
        "LightGBM",
    ]
    for one in compared.standings:
        assert len(one.probabilities) == len(compared.wrong) == len(small_run.evaluated.indices)
        assert ((one.probabilities > 0) & (one.probabilities < 1)).all()
        assert one.auc.low <= one.auc.value <= one.auc.high
        assert set(one.lost) == set(APPROVED_SHARES)
        assert one.milliseconds > 0
    assert compared.standings[-1].auc_ahead.low == compared.standings[-1].auc_ahead.high == 0.0


def test_ours_is_the_model_of_the_run(small_run: Run, small_observed: Observed) -> None:
    """The comparison fits through the same code, to the same figures."""
    given = contest(
        small_run.dataset, small_run.split, small_run.evaluated.indices, claim_facts(small_observed).account
    )
    again = compare(
        given,
        small_run.recipe.model,
        small_run.recipe.seed,
        contenders=(LIGHTGBM,),
        count=5,
    )
    assert again.standings[0].auc.value == pytest.approx(small_run.evaluated.model.auc, abs=1e-4)
    np.testing.assert_allclose(again.standings[0].probabilities, small_run.evaluated.probabilities, atol=1e-5)


def test_a_better_score_is_surely_ahead_and_an_equal_one_is_not() -> None:
    random = np.random.default_rng(1)
    truth = random.random(1500)
    wrong = (random.random(1500) < truth).astype(np.int64)
    noisy = np.clip(truth + random.normal(0, 0.4, 1500), 0.001, 0.999)
    judged = Examples(np.zeros((1500, 1), np.float32), wrong, np.full(1500, 100.0), np.ones(1500))
    found = judge(
        [("noisy", noisy), ("the same", truth), ("truth", truth)], judged, np.arange(1500), seed=1, count=100
    ).standings
    assert found[0].auc_ahead.high < 0
    assert found[0].lost_ahead[0.5].low > 0
    assert (found[1].auc_ahead.low, found[1].auc_ahead.high) == (0.0, 0.0)


def test_a_label_that_stands_for_many_claims_counts_for_many() -> None:
    wrong, scores = np.array([0, 1, 1, 0] * 50), np.array([0.1, 0.2, 0.8, 0.9] * 50)
    weight = np.where(wrong == 1, 1.0, 3.0) * np.where(scores > 0.5, 1.0, 5.0)
    rows = np.zeros((200, 1), np.float32)
    repeated = np.repeat(np.arange(200), weight.astype(int))
    plain = Examples(rows[repeated], wrong[repeated], np.ones(len(repeated)), np.ones(len(repeated)))
    one = judge([("x", scores)], Examples(rows, wrong, np.ones(200), weight), np.arange(200), seed=0, count=5)
    other = judge([("x", scores[repeated])], plain, np.arange(len(repeated)), seed=0, count=5)
    for name in ("auc", "average_precision", "brier"):
        assert getattr(one.standings[0], name).value == pytest.approx(getattr(other.standings[0], name).value)


def test_the_card_of_rules_reads_features_there_are_and_missing_ones_never_count() -> None:
    assert {rule.feature for rule in CARD} <= set(FEATURE_NAMES)
    row = np.zeros((1, len(FEATURE_NAMES)), np.float32)
    row[:] = np.nan
    assert points(row, OUR_COLUMNS)[0] == 0
    row[0, FEATURE_NAMES.index("checks_failed")] = 2
    assert points(row, OUR_COLUMNS)[0] == 7


def test_amounts_weigh_as_told_and_one_claim_cannot_outweigh_all() -> None:
    amount = np.array([100.0] * 98 + [10_000_000.0, 0.0])
    assert (amount_weights(amount, 0.0) == 1.0).all()
    weights = amount_weights(amount, 1.0)
    assert weights.mean() == pytest.approx(1.0)
    assert weights.max() / np.median(weights) == pytest.approx(100.0)
    assert weights.min() > 0
    half = amount_weights(np.array([100.0, 400.0]), 0.5)
    assert half[1] / half[0] == pytest.approx(2.0)


def test_weights_turn_the_trees_towards_the_money(small_run: Run) -> None:
    """Two groups of claims that nothing else tells apart: large ones are wrong, small ones are not."""
    random = np.random.default_rng(3)
    rows = random.random((2000, 1)).astype(np.float32)
    large = np.arange(2000) % 2 == 0
    data = Examples(rows, large.astype(np.int64), np.where(large, 400.0, 100.0), np.ones(2000))
    columns = Columns(("noise",), (0,))
    settings = small_run.recipe.model.model_copy(update={"rounds": 30})
    plain, weighted = (
        boost(data, data, columns, settings.model_copy(update={"amount_power": power}), 1).predict(rows).mean()
        for power in (0.0, 1.0)
    )
    assert plain == pytest.approx(0.5, abs=0.05)
    assert weighted == pytest.approx(0.8, abs=0.05)


def test_a_direction_is_one_of_three() -> None:
    with pytest.raises(ValueError, match="direction"):
        Columns(("a",), (2,))
    with pytest.raises(ValueError, match="direction"):
        Columns(("a", "b"), (1,))


def test_on_the_stress_split_nobody_judged_was_learned_from(small_run: Run, small_observed: Observed) -> None:
    entities = connected_claims(small_observed)
    parts = stress_split(small_run.dataset, small_run.recipe.parts, entities)
    known = split(small_run.dataset, small_run.recipe.parts)
    given = contest(small_run.dataset, parts, known.order[np.isin(known.order, parts.order)], entities)
    assert len(given.learning) < len(known.train)
    assert not set(given.clusters.tolist()) & set(entities[np.r_[parts.train, parts.tune]].tolist())


def test_plots_are_pictures(compared: Comparison, tmp_path: Path) -> None:
    for path in write_comparison_plots(compared, tmp_path, origin="SIMULATED data"):
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.stat().st_size > 10_000
