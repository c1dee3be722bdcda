from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from training.certify import Pool, Terms, candidate_sequence, certify, draw, p_value, simulated_secret, upper_bound
from training.labels import Adjudicated

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TERMS = Terms(alpha=0.02, delta=0.05, cap=30_000, candidates=20)
SECRET = simulated_secret(1)


class Desk:
    """Judges from a list of wrong shares; None is still open."""

    def __init__(self, pool: Pool, shares: Sequence[float | None]) -> None:
        self.shares = dict(zip(pool.claim_ids, shares, strict=True))
        self.asked: list[str] = []

    def judge(self, claim_ids: Sequence[str], *, by: datetime) -> list[Adjudicated]:
        self.asked += claim_ids
        found = [(claim_id, self.shares[claim_id]) for claim_id in claim_ids]
        return [Adjudicated(claim_id, share, by) for claim_id, share in found if share is not None]


def pool(probability: np.ndarray, amount: np.ndarray, world: int = 0) -> Pool:
    count = len(probability)
    return Pool(
        claim_ids=tuple(f"c{number}" for number in range(count)),
        order_numbers=tuple(f"o{world}-{number}" for number in range(count)),
        probability=probability,
        amount=amount.astype(np.int64),
    )


def even_pool(count: int, world: int = 0) -> Pool:
    random = np.random.default_rng(world)
    return pool(random.random(count), random.integers(500, 30_001, count), world)


@pytest.mark.parametrize(("wrong", "labels"), [(0, 150), (2, 416), (6, 601), (10, 20)])
def test_bound_and_p_value_are_the_exact_binomial_ones(wrong: int, labels: int) -> None:
    expected = binomtest(wrong, labels, alternative="less").proportion_ci(0.95, "exact").high
    assert upper_bound(wrong, labels, 0.05) == pytest.approx(expected, abs=1e-9)
    assert p_value(wrong, labels, 0.02) == pytest.approx(binom.cdf(wrong, labels, 0.02), abs=1e-9)


def test_about_150_clean_labels_certify_two_percent() -> None:
    assert upper_bound(0, 149, 0.05) <= 0.02 < upper_bound(0, 148, 0.05)
    assert upper_bound(3, 3, 0.05) == 1.0


def test_the_draw_follows_the_money_and_survives_resubmission() -> None:
    large = even_pool(20_000)
    drawn = draw(large, TERMS, SECRET, "demo")
    assert drawn.sum() == pytest.approx((large.amount / TERMS.cap).sum(), rel=0.03)
    assert large.amount[drawn].mean() > 1.2 * large.amount.mean()
    np.testing.assert_array_equal(drawn, draw(large, TERMS, SECRET, "demo"))
    assert (draw(large, TERMS, simulated_secret(2), "demo") != drawn).any()
    with pytest.raises(ValueError, match="above the cap"):
        draw(pool(np.array([0.1]), np.array([30_001])), TERMS, SECRET, "demo")


def test_drawn_labels_estimate_the_share_of_money_not_of_claims() -> None:
    large = even_pool(60_000)
    wrong = large.amount > 27_000
    drawn = draw(large, TERMS, SECRET, "demo")
    share = large.amount[wrong].sum() / large.amount.sum()
    assert wrong[drawn].mean() == pytest.approx(share, abs=0.012)
    assert abs(wrong.mean() - share) > 0.05


def test_a_safe_threshold_is_found_and_an_unsafe_one_refused() -> None:
    testing = even_pool(4000)
    wrong = testing.probability > 0.6
    done = certify(
        testing, [0.5, 0.55, 0.8], TERMS, Desk(testing, wrong.astype(float)), secret=SECRET, platform="demo", by=NOW
    )
    assert done.chosen is not None
    assert done.chosen.threshold == 0.55
    assert [one.passed for one in done.tested] == [True, True, False]


def test_testing_stops_at_the_first_failure() -> None:
    testing = even_pool(4000)
    wrong = (testing.probability > 0.6).astype(float)
    done = certify(testing, [0.9, 0.3], TERMS, Desk(testing, wrong), secret=SECRET, platform="demo", by=NOW)
    assert done.chosen is None
    assert len(done.tested) == 1
    assert "no safe threshold" in done.why


def test_what_is_still_open_or_wrong_in_part_counts_as_wrong() -> None:
    testing = even_pool(3000)
    for share in (None, 0.3):
        done = certify(testing, [1.0], TERMS, Desk(testing, [share] * 3000), secret=SECRET, platform="demo", by=NOW)
        assert done.chosen is None
        assert done.tested[0].wrong == done.tested[0].labels == done.drawn
        assert done.unresolved == (done.drawn if share is None else 0)


def test_only_drawn_claims_are_shown_to_the_desk() -> None:
    testing = even_pool(500)
    desk = Desk(testing, [0.0] * 500)
    certify(testing, [1.0], TERMS, desk, secret=SECRET, platform="demo", by=NOW)
    drawn = np.flatnonzero(draw(testing, TERMS, SECRET, "demo"))
    assert desk.asked == [testing.claim_ids[number] for number in drawn]


def test_candidates_need_enough_labels_and_come_most_promising_first() -> None:
    ordering = even_pool(3000)
    wrong = (ordering.probability > 0.7).astype(np.int64)
    sequence = candidate_sequence(ordering, wrong, TERMS, 1.0)
    chance = ordering.amount / TERMS.cap
    assert sequence
    for threshold in sequence:
        assert chance[ordering.probability <= threshold].sum() >= TERMS.labels_wanted
    safe = [threshold <= 0.7 for threshold in sequence]
    assert any(safe)
    assert not all(safe)
    assert safe == sorted(safe, reverse=True)
    assert candidate_sequence(even_pool(100), np.zeros(100, dtype=np.int64), TERMS, 1.0) == []
    nothing = certify(ordering, [], TERMS, Desk(ordering, [0.0] * 3000), secret=SECRET, platform="demo", by=NOW)
    assert nothing.chosen is None
    assert "300" in nothing.why


def test_the_promise_holds_over_many_worlds() -> None:
    """Independent claims whose ¥-share wrong is 1.1 alpha everywhere: issued in at most 5 % of worlds, but for chance.

    And where nothing is wrong it is issued, or refusing everything would pass this test.
    """
    worlds, broken, issued = 300, 0, 0
    for world in range(worlds):
        testing = even_pool(900, world)
        random = np.random.default_rng(10_000 + world)
        wrong = (random.random(900) < 1.1 * TERMS.alpha).astype(float)
        sequence = [0.8, 0.9, 1.0]
        broken += (
            certify(testing, sequence, TERMS, Desk(testing, wrong), secret=SECRET, platform="demo", by=NOW).chosen
            is not None
        )
        clean = Desk(testing, [0.0] * 900)
        issued += certify(testing, sequence, TERMS, clean, secret=SECRET, platform="demo", by=NOW).chosen is not None
    # 3 standard errors of a binomial at 5 %.
    assert broken <= worlds * 0.05 + 3 * (worlds * 0.05 * 0.95) ** 0.5
    assert issued == worlds
