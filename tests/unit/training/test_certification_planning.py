"""Sensitivity, the threshold workbench and the suggestion of alpha."""

from __future__ import annotations

import math

import numpy as np
import pytest
from certification_worlds import TERMS, even_pool, pool

from training.certification.bounds import upper_bound
from training.certification.sensitivity import misjudged_tolerated, missed_rate_tolerated, with_missed_wrongs
from training.certification.suggestion import suggest
from training.certification.workbench import LABEL_COUNTS, needed_at, workbench


def test_missed_wrongs_widen_the_bound_by_what_goes_unseen() -> None:
    moved = with_missed_wrongs(0.0196, 0.02)
    assert [one.missed for one in moved] == [0.01, 0.02, 0.05]
    assert [round(one.bound, 5) for one in moved] == [0.0198, 0.02, 0.02063]
    assert [one.within_alpha for one in moved] == [True, True, False]
    assert missed_rate_tolerated(0.0196, 0.02) == pytest.approx(0.02)
    assert missed_rate_tolerated(0.03, 0.02) == 0.0
    assert misjudged_tolerated(0.01, 0.02) == pytest.approx(0.01 / 0.99)
    with pytest.raises(ValueError, match="missed wrongs"):
        with_missed_wrongs(0.01, 0.02, (1.0,))


def test_the_sensitivity_is_what_a_simulated_desk_shows() -> None:
    """Of 2.5 % wrong a desk that misses a fifth sees 2 %."""
    (moved,) = with_missed_wrongs(0.02, 0.03, (0.2,))
    random = np.random.default_rng(2)
    wrong = random.random(400_000) < moved.bound
    seen = wrong & (random.random(400_000) >= 0.2)
    assert seen.mean() == pytest.approx(0.02, abs=0.001)


def test_the_workbench_says_what_each_threshold_lets_through_and_takes() -> None:
    found = even_pool(4000)
    wrong = (np.random.default_rng(1).random(4000) < 0.03 * found.probability).astype(float)
    rows = workbench(found, wrong, TERMS, thresholds=[1.0, 0.5])
    assert [row.threshold for row in rows] == [0.5, 1.0]
    assert rows[1].claims == 4000
    assert rows[1].money == found.amount.sum()
    assert rows[1].claim_share == rows[1].money_share == 1.0
    assert rows[1].labels == pytest.approx(found.amount.sum() / 30_000)
    # Expected labels are drawn by money, so their share wrong is the share of money.
    assert rows[1].wrong_share == pytest.approx((found.amount * wrong).sum() / found.amount.sum())
    assert rows[0].wrong_share < rows[1].wrong_share
    assert rows[0].bounds == tuple(
        upper_bound(rows[0].wrong_share * count, count, TERMS.delta) for count in LABEL_COUNTS
    )
    assert rows[0].needed is not None
    assert upper_bound(rows[0].wrong_share * rows[0].needed, rows[0].needed, 0.05) <= 0.02


def test_the_workbench_without_labels_promises_nothing() -> None:
    rows = workbench(even_pool(300), np.full(300, np.nan), TERMS, rows=3)
    assert len(rows) == 3
    assert all(math.isnan(row.wrong_share) and row.bound == 1.0 and row.needed is None for row in rows)
    assert workbench(pool(np.zeros(0), np.zeros(0)), np.zeros(0), TERMS) == ()
    with pytest.raises(ValueError, match="300"):
        workbench(even_pool(300), np.zeros(299), TERMS)


def test_labels_needed_at_a_share() -> None:
    assert needed_at(0.0, 0.02, 0.05) == 149
    assert needed_at(0.02, 0.02, 0.05) is None
    halfway = needed_at(0.01, 0.02, 0.05)
    assert halfway is not None
    assert 500 < halfway < 700


def test_alpha_is_suggested_between_what_is_expected_wrong_and_what_pays() -> None:
    found = even_pool(6000)
    wrong = (np.random.default_rng(1).random(6000) < 0.004).astype(float)
    made = suggest(workbench(found, wrong, TERMS), 600, 0.05)
    assert made.best is not None
    assert made.break_even is not None
    assert made.break_even == pytest.approx(600 / found.amount.mean(), rel=0.1)
    assert made.alpha is not None
    assert made.best.wrong_share < made.alpha < made.break_even
    assert made.alpha * 1000 == pytest.approx(round(made.alpha * 1000))
    assert "nets most" in made.why
    assert made.best.net == max(option.net for option in made.options)


def test_nothing_is_suggested_where_nothing_pays_or_can_be_certified() -> None:
    found = even_pool(6000)
    everything_wrong = workbench(found, np.ones(6000), TERMS)
    made = suggest(everything_wrong, 300, 0.05)
    assert made.alpha is None
    assert "approve nothing" in made.why
    few = even_pool(60)
    made = suggest(workbench(few, np.zeros(60), TERMS), 300, 0.05)
    assert made.alpha is None
    assert "collect more labels" in made.why
    with pytest.raises(ValueError, match="above 0"):
        suggest(everything_wrong, 0, 0.05)
