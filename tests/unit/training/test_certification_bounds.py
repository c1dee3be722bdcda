from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from training.certification.bounds import (
    betting_upper_bound,
    labels_needed,
    labels_needed_uniformly,
    log_capital,
    p_value,
    upper_bound,
)


@pytest.mark.parametrize(("wrong", "labels"), [(0, 150), (2, 416), (6, 601), (10, 20)])
def test_bound_and_p_value_are_the_exact_binomial_ones(wrong: int, labels: int) -> None:
    expected = binomtest(wrong, labels, alternative="less").proportion_ci(0.95, "exact").high
    assert upper_bound(wrong, labels, 0.05) == pytest.approx(expected, abs=1e-9)
    assert p_value(wrong, labels, 0.02) == pytest.approx(binom.cdf(wrong, labels, 0.02), abs=1e-9)


def test_about_150_clean_labels_certify_two_percent_and_600_half_a_percent() -> None:
    assert labels_needed(0.02, 0.05) == 149
    assert labels_needed(0.005, 0.05) == 598
    assert upper_bound(0, 149, 0.05) <= 0.02 < upper_bound(0, 148, 0.05)
    assert upper_bound(3, 3, 0.05) == 1.0
    for wrong in (1, 3):
        needed = labels_needed(0.02, 0.05, wrong)
        assert upper_bound(wrong, needed, 0.05) <= 0.02 < upper_bound(wrong, needed - 1, 0.05)


def test_an_even_draw_needs_many_times_as_many() -> None:
    """At an average of a fifth of the cap, five times; at the cap itself, as many."""
    assert labels_needed_uniformly(0.02, 0.05, 6_000, 30_000) == 748
    assert labels_needed_uniformly(0.02, 0.05, 30_000, 30_000) == 149
    assert labels_needed_uniformly(0.005, 0.05, 3_000, 30_000) > 9 * labels_needed(0.005, 0.05)
    for mean in (0, 30_001):
        with pytest.raises(ValueError, match="mean amount"):
            labels_needed_uniformly(0.02, 0.05, mean, 30_000)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_the_betting_bound_lies_between_the_mean_and_one(found: list[float]) -> None:
    shares = np.array(found)
    bound = betting_upper_bound(shares, np.ones(len(shares)), 0.05)
    assert shares.mean() - 1e-9 <= bound <= 1.0
    more = np.minimum(shares + 0.1, 1.0)
    assert betting_upper_bound(more, np.ones(len(shares)), 0.05) >= bound - 1e-9


def test_betting_is_wider_on_zeros_and_ones_and_tighter_on_losses_in_part() -> None:
    clean = betting_upper_bound(np.zeros(300), np.ones(300), 0.05)
    assert upper_bound(0, 300, 0.05) < clean < 1.3 * upper_bound(0, 300, 0.05)
    parts = np.r_[np.full(30, 0.2), np.zeros(570)]
    assert betting_upper_bound(parts, np.ones(600), 0.05) < upper_bound(6, 600, 0.05)
    assert betting_upper_bound(np.zeros(0), np.zeros(0), 0.05) > 0.999


@pytest.mark.parametrize("part", [1.0, 0.3])
def test_the_betting_bound_misses_in_no_more_than_delta_of_samples(part: float) -> None:
    """A mean of 2 % as full losses and as losses in part, with labels of unequal weight independent of the loss."""
    random = np.random.default_rng(5)
    missed, worlds = 0, 1500
    for _ in range(worlds):
        shares = part * (random.random(400) < 0.02 / part)
        weights = random.choice([1.0, 0.4], 400)
        missed += log_capital(shares, weights, 0.02) >= np.log(20)
    assert missed <= worlds * 0.05 + 3 * (worlds * 0.05 * 0.95) ** 0.5
