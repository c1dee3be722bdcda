from __future__ import annotations

import numpy as np
import pytest

from training.comparison import compare, weights


def test_the_interval_covers_the_true_difference() -> None:
    """Repeated windows from a known law: the one-sided upper bound is below the truth in about 5 % of them."""
    random = np.random.default_rng(0)

    def window(size: int) -> tuple[np.ndarray, ...]:
        truth = random.beta(1, 6, size)
        wrong = (random.random(size) < truth).astype(np.int64)
        other = 1 / (1 + np.exp(-(np.log(truth / (1 - truth)) + random.normal(0, 0.5, size))))
        # Accounts with one to four claims each.
        return (
            other,
            truth,
            wrong,
            random.gamma(2.0, 1500.0, size),
            np.repeat(np.arange(size), random.integers(1, 5, size))[:size],
        )

    large = compare(*window(400_000), seed=0, resamples=2)
    assert large.relative > 0.01  # noise on the log-odds is worse than the truth
    below = sum(compare(*window(600), seed=trial, resamples=200).high < large.relative for trial in range(200))
    assert below <= 24  # 10 expected; chance of more than 24 is below 1e-4


def test_claims_weigh_by_their_money_and_their_chance_to_be_judged() -> None:
    amount, chance = np.array([100, 100, 100]), np.array([1.0, 0.5, 0.001])
    assert weights(amount, chance).tolist() == [100.0, 200.0, 2000.0]
    wrong = np.array([1, 0])
    first = compare(np.array([0.9, 0.5]), np.array([0.5, 0.5]), wrong, np.array([1.0, 1e6]), np.array([0, 1]), seed=0)
    assert abs(first.relative) < 1e-5  # the claim on which they differ is worth nothing beside the other
    assert first.claims == 2
    assert first.wrong == 1


def test_nothing_to_compare_is_refused() -> None:
    empty, none = np.array([]), np.array([], dtype=np.int64)
    with pytest.raises(ValueError, match="no labelled claims"):
        compare(empty, empty, none, empty, none, seed=0)


def test_claims_of_one_account_are_one_piece_of_evidence() -> None:
    """The same claim a hundred times over, on one account each or on one for all: certainty differs tenfold."""
    random = np.random.default_rng(3)
    truth = random.beta(1, 6, 60)
    wrong = (random.random(60) < truth).astype(np.int64)
    other = np.clip(truth * random.lognormal(0, 0.6, 60), 0.001, 0.999)
    many = [np.repeat(values, 100) for values in (other, truth, wrong)]
    weight = np.ones(6_000)
    apart = compare(many[0], many[1], many[2], weight, np.arange(6_000), seed=0, resamples=400)
    together = compare(many[0], many[1], many[2], weight, np.repeat(np.arange(60), 100), seed=0, resamples=400)
    assert together.relative == pytest.approx(apart.relative)
    assert 6 < (together.high - together.low) / (apart.high - apart.low) < 15
