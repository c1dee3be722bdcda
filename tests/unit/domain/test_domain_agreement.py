"""Shares and kappa against published and independently computed values."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

from service.domain.agreement import TOO_FEW, Rate, cohen_kappa, wilson

# Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd edition, table 18.1 (of 100 subjects).
FLEISS = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]


@pytest.mark.parametrize(("hits", "n"), [(0, 1), (1, 1), (0, 10), (10, 10), (3, 17), (50, 100), (999, 1000), (1, 1000)])
def test_wilson_as_scipy_has_it(hits: int, n: int) -> None:
    theirs = binomtest(hits, n).proportion_ci(0.95, "wilson")
    assert wilson(hits, n) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_of_nothing_nothing_is_said() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert cohen_kappa([[0, 0], [0, 0]]) is None
    assert cohen_kappa([[40, 0], [0, 0]]) is None  # all in one category: chance would agree as well
    assert Rate(1, TOO_FEW - 1).share is None
    assert Rate(1, TOO_FEW).share == 0.1
    for hits, n in ((-1, 5), (6, 5)):
        with pytest.raises(ValueError, match="is no share"):
            wilson(hits, n)
    with pytest.raises(ValueError, match="square"):
        cohen_kappa([[1, 2, 3], [1, 2, 3]])


def test_kappa_of_the_textbooks() -> None:
    found = cohen_kappa(FLEISS)
    assert found is not None
    assert (round(found.value, 3), round((found.high - found.low) / 2 / 1.959964, 3)) == (0.676, 0.088)
    plain = cohen_kappa([[20, 5], [10, 15]])  # Cohen's kappa is 0.4: observed 0.7, expected 0.5
    assert plain is not None
    assert (plain.value, plain.observed, plain.expected, plain.n) == pytest.approx((0.4, 0.7, 0.5, 50))
    perfect, opposite = cohen_kappa([[30, 0], [0, 30]]), cohen_kappa([[0, 30], [30, 0]])
    assert perfect is not None
    assert opposite is not None
    assert (perfect.value, perfect.low, opposite.value) == (1.0, 1.0, -1.0)


def test_kappa_as_scikit_learn_has_it_and_its_interval_covers() -> None:
    chance = np.random.default_rng(7)
    truth = cohen_kappa([[60_000, 10_000], [5_000, 25_000]])
    assert truth is not None
    covered = 0
    for _ in range(400):
        cells = chance.multinomial(200, [0.6, 0.1, 0.05, 0.25])
        found = cohen_kappa(cells.reshape(2, 2).tolist())
        assert found is not None
        first, second = np.repeat([0, 0, 1, 1], cells), np.repeat([0, 1, 0, 1], cells)
        assert found.value == pytest.approx(cohen_kappa_score(first, second))
        covered += found.low <= truth.value <= found.high
    assert 0.91 <= covered / 400 <= 0.98
