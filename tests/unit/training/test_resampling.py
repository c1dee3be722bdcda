from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from training.metrics import calibration_error
from training.resampling import Ranked, mirrored, percentile, replicates


@pytest.fixture
def ties() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(4)
    scores = np.round(random.random(500), 1)
    return scores, (random.random(500) < scores).astype(np.int64), random.integers(100, 9000, 500).astype(float)


def test_measures_under_counts_are_those_of_the_weighted_claims(ties: tuple) -> None:
    scores, wrong, amount = ties
    counts = np.random.default_rng(5).integers(0, 4, (7, 500)).astype(np.float32)
    ranked = Ranked(scores, wrong, amount)
    for number, weight in enumerate(counts):
        assert ranked.auc(counts)[number] == pytest.approx(roc_auc_score(wrong, scores, sample_weight=weight))
        assert ranked.average_precision(counts)[number] == pytest.approx(
            average_precision_score(wrong, scores, sample_weight=weight)
        )
        assert ranked.brier(counts)[number] == pytest.approx(
            brier_score_loss(wrong, scores, sample_weight=weight), rel=1e-5
        )


def test_counting_every_claim_once_is_the_plain_figure(ties: tuple) -> None:
    scores, wrong, amount = ties
    once = np.ones((1, 500), dtype=np.float32)
    assert Ranked(scores, wrong, amount).calibration_error(once)[0] == pytest.approx(calibration_error(scores, wrong))


def test_money_lost_is_counted_along_the_ranking_and_shared_out_within_a_tie() -> None:
    scores = np.array([0.1, 0.2, 0.2, 0.9])
    wrong = np.array([0, 1, 0, 1])
    ranked = Ranked(scores, wrong, np.array([100.0, 50.0, 150.0, 100.0]))
    once = np.ones((1, 4), dtype=np.float32)
    assert ranked.lost_share(once, 0.25)[0] == 0.0
    # Half of the tie: 100 of its 200, a quarter of which is wrong.
    assert ranked.lost_share(once, 0.5)[0] == pytest.approx(25 / 200)
    assert ranked.lost_share(once, 1.0)[0] == pytest.approx(150 / 400)


def test_a_replicate_takes_accounts_whole_and_the_same_ones_by_seed() -> None:
    accounts = np.repeat([f"a{number}" for number in range(50)], 6)
    drawn = np.concatenate(list(replicates(accounts, 300, 1)))
    assert drawn.shape == (300, 300)
    blocks = drawn.reshape(300, 50, 6)
    assert (blocks == blocks[:, :, :1]).all()
    assert drawn.sum(axis=1) == pytest.approx(300)
    assert (drawn == np.concatenate(list(replicates(accounts, 300, 1)))).all()
    assert (drawn != np.concatenate(list(replicates(accounts, 300, 2)))).any()


def test_claims_of_one_account_widen_the_interval() -> None:
    """Six alike claims of each account hold the information of one."""
    random = np.random.default_rng(7)
    scores = np.repeat(random.random(100), 6)
    wrong = np.repeat((random.random(100) < scores[::6]).astype(np.int64), 6)
    ranked = Ranked(scores, wrong, np.ones(600))
    widths = []
    for clusters in (np.repeat(np.arange(100), 6), np.arange(600)):
        draws = np.concatenate([ranked.auc(counts) for counts in replicates(clusters, 300, 3)])
        found = percentile(0.5, draws)
        widths.append(found.high - found.low)
    assert widths[0] > 1.8 * widths[1]


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """Of 150 samples from a world whose AUC is known."""
    held = 0
    truth = 0.76025  # of normals one standard deviation apart: Phi(1 / sqrt 2)
    for seed in range(150):
        random = np.random.default_rng(seed)
        wrong = (np.arange(400) < 120).astype(np.int64)
        scores = random.normal(wrong, 1.0)
        ranked = Ranked(scores, wrong, np.ones(400))
        draws = np.concatenate([ranked.auc(counts) for counts in replicates(np.arange(400), 120, seed)])
        one = percentile(0.0, draws)
        held += one.low <= truth <= one.high
    assert 0.88 <= held / 150 <= 0.995


def test_a_calibrated_score_s_ece_interval_reaches_down_to_nothing() -> None:
    """Plain percentiles would not: drawing again adds noise that ECE can only count upwards."""
    reaching = {"plain": 0, "mirrored": 0}
    for seed in range(40):
        random = np.random.default_rng(seed)
        scores = random.random(800)
        wrong = (random.random(800) < scores).astype(np.int64)
        ranked = Ranked(scores, wrong, np.ones(800))
        value = float(ranked.calibration_error(np.ones((1, 800), dtype=np.float32))[0])
        draws = np.concatenate([ranked.calibration_error(counts) for counts in replicates(np.arange(800), 100, seed)])
        reaching["plain"] += percentile(value, draws).low < 0.01
        reaching["mirrored"] += mirrored(value, draws).low < 0.01
    assert reaching["mirrored"] >= 30
    assert reaching["plain"] <= 5


def test_one_label_alone_ranks_nothing() -> None:
    ranked = Ranked(np.array([0.1, 0.2]), np.array([1, 1]), np.ones(2))
    once = np.ones((1, 2), dtype=np.float32)
    assert np.isnan(ranked.auc(once)[0])
    assert np.isnan(percentile(float("nan"), np.array([np.nan])).low)
