"""Intervals of the share wrong: exact ones against published and scipy's figures, betting ones by trial."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaincinv
from scipy.stats import binomtest

from service.policy.intervals import Method, beta_share, betting, clopper_pearson


@pytest.mark.parametrize(
    ("wrong", "labels", "low", "high"),
    [
        # 95 %, as tables of Clopper and Pearson's limits print them.
        (0, 10, 0.0, 0.3085),
        (5, 10, 0.1871, 0.8129),
        (1, 100, 0.0003, 0.0545),
        (0, 100, 0.0, 0.0362),
        (10, 10, 0.6915, 1.0),
    ],
)
def test_published_limits(wrong: int, labels: int, low: float, high: float) -> None:
    found = clopper_pearson(wrong, labels, 0.95)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.method is Method.CLOPPER_PEARSON


@given(st.integers(0, 3_000), st.integers(0, 3_000), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_the_exact_interval_is_scipys(wrong: int, right: int, confidence: float) -> None:
    labels = wrong + right
    found = clopper_pearson(wrong, labels, confidence)
    if not labels:
        assert (found.low, found.high) == (0.0, 1.0)
        return
    wanted = binomtest(wrong, labels).proportion_ci(confidence, method="exact")
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=1e-9)


@given(st.floats(0.5, 5_000), st.floats(0.5, 5_000), st.floats(0.001, 0.999))
def test_beta_quantiles_come_back(a: float, b: float, share: float) -> None:
    assert beta_share(float(betaincinv(a, b, share)), a, b) == pytest.approx(share, abs=1e-8)


@pytest.mark.parametrize(("wrong", "labels", "confidence"), [(-1, 3, 0.9), (4, 3, 0.9), (1, 3, 0.0), (1, 3, 1.0)])
def test_what_cannot_be_is_refused(wrong: int, labels: int, confidence: float) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        clopper_pearson(wrong, labels, confidence)


def test_the_betting_interval_holds_unequal_sums_and_losses_in_part() -> None:
    """The weighted mean is inside it in at least 90 % of 300 trials; its failures are counted, not assumed."""
    dice, missed = random.Random(20261122), 0
    for _ in range(300):
        weights = [dice.choice([1.0, 0.5]) for _ in range(80)]
        # Half of the money of large claims is at stake at 10 %, of small ones at 30 %: 10 % × 2/3 + 30 % × 1/3, halved.
        shares = [0.5 * (dice.random() < (0.1 if weight == 1.0 else 0.3)) for weight in weights]
        found = betting(shares, weights, 0.9)
        truth = 0.5 * (0.1 * 1.0 + 0.3 * 0.5) / 1.5
        missed += not found.low <= truth <= found.high
    assert missed <= 30
    assert betting([], [], 0.9) == found.__class__(low=0.0, high=1.0, confidence=0.9, method=Method.BETTING)


def test_many_labels_narrow_the_betting_interval() -> None:
    found = betting([0.0] * 970 + [1.0] * 30, [1.0] * 1_000, 0.9)
    assert 0.01 < found.low < 0.03 < found.high < 0.08
