from __future__ import annotations

import numpy as np
import pytest
from certification_worlds import SECRET, TERMS, even_pool

from service.policy import EntityLimit
from service.policy.audit import uniform
from training.certification.draw import draw, inclusion, lots, rounding_lots, simulated_secret
from training.certification.entities import Holders, codes, connected, within_budgets, within_cap

CAP = 30_000


def test_the_draw_follows_the_money_and_survives_resubmission() -> None:
    large = even_pool(20_000)
    approved = np.ones(20_000, dtype=bool)
    lot = lots(large.platforms, large.order_numbers, SECRET)
    hits = draw(large.amount, large.entity, approved, lot, CAP, CAP)
    assert len(hits) == pytest.approx((large.amount / CAP).sum(), rel=0.03)
    assert large.amount[hits.positions].mean() > 1.2 * large.amount.mean()
    # Single claims are drawn exactly as the service's audit draws them.
    assert set(hits.positions) == {
        number
        for number, (order, amount) in enumerate(zip(large.order_numbers, large.amount, strict=True))
        if uniform(SECRET, "demo", order) < amount / CAP
    }
    assert (hits.weights == 1.0).all()
    assert (lots(large.platforms, large.order_numbers, simulated_secret(2)) != lot).all()


def test_the_two_lots_of_a_claim_know_nothing_of_each_other() -> None:
    large = even_pool(5000)
    first, second = (make(large.platforms, large.order_numbers, SECRET) for make in (lots, rounding_lots))
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.05


def test_drawn_labels_estimate_the_share_of_money_not_of_claims() -> None:
    large = even_pool(60_000)
    wrong = large.amount > 27_000
    lot = lots(large.platforms, large.order_numbers, SECRET)
    hits = draw(large.amount, large.entity, np.ones(60_000, dtype=bool), lot, CAP, CAP)
    share = large.amount[wrong].sum() / large.amount.sum()
    assert wrong[hits.positions].mean() == pytest.approx(share, abs=0.012)
    assert abs(wrong.mean() - share) > 0.05


@pytest.mark.parametrize("certain_from", [30_000, 12_000])
def test_of_an_entity_at_most_one_claim_is_drawn_each_by_its_money(certain_from: int) -> None:
    """Over many secrets each claim of an entity of three is the one drawn as often as ``inclusion`` says."""
    amount = np.array([6_000, 9_000, 3_000, 12_000])
    entity = np.array([0, 1, 0, 0])
    approved = np.array([True, True, True, True])
    random = np.random.default_rng(3)
    counts, worlds = np.zeros(4), 8_000
    for _ in range(worlds):
        hits = draw(amount, entity, approved, random.random(4), certain_from, CAP)
        counts[hits.positions] += 1
        assert len(set(entity[hits.positions])) == len(hits)
    expected = inclusion(amount, entity, approved, certain_from)
    assert expected == pytest.approx(
        [0.2, 0.3, 0.1, 0.4] if certain_from == 30_000 else [6 / 21, 0.75, 3 / 21, 12 / 21]
    )
    np.testing.assert_allclose(counts / worlds, expected, atol=0.02)


def test_weights_give_certain_entities_their_own_money() -> None:
    amount, entity = np.array([20_000, 3_000]), np.array([0, 1])
    hits = draw(amount, entity, np.array([True, True]), np.array([0.99, 0.0]), 10_000, CAP)
    assert list(hits.positions) == [0, 1]
    np.testing.assert_allclose(hits.weights, [20_000 / CAP, 10_000 / CAP])
    assert len(draw(amount, entity, np.array([False, False]), np.zeros(2), 10_000, CAP)) == 0


def test_claims_are_connected_through_any_shared_identifier() -> None:
    account = codes(["a", "b", "c", "d", "e", None])
    device = codes(["x", "x", "y", "z", None, None])
    payer = codes(["p", "q", "q", "r", None, None])
    entity = connected(account, device, payer)
    assert entity[0] == entity[1] == entity[2]
    assert len(set(entity)) == 4  # what is unknown is shared by nobody


def test_an_entity_keeps_to_its_cap_and_a_smaller_claim_still_fits() -> None:
    amount = np.array([200, 150, 90, 300, 40])
    entity = np.array([0, 0, 0, 1, 0])
    chosen = np.array([True, True, True, True, False])
    np.testing.assert_array_equal(within_cap(amount, entity, chosen, 300), [True, False, True, True, False])
    np.testing.assert_array_equal(within_cap(amount, entity, chosen, 1000), chosen)


def test_budgets_hold_each_identifier_window_by_window() -> None:
    amount = np.array([200, 200, 200, 200])
    account, device = codes(["a", "b", "a", "a"]), codes(["x", "x", "y", "z"])
    entity = connected(account, device)
    holders = Holders((account, device), np.array([0, 0, 0, 1]))
    kept = within_budgets(amount, holders, entity, np.ones(4, dtype=bool), EntityLimit(300, 720))
    # b shares the device of a; a's second is in the window of the first; the third is in the next window.
    np.testing.assert_array_equal(kept, [True, False, False, True])
    assert TERMS.entity_cap == CAP
