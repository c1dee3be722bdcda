from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from certification_worlds import NOW, SECRET, TERMS, Desk, even_pool, pool

from service.policy import EntityLimit
from training.certification import Terms, candidate_sequence, certify, pooled
from training.certification.draw import draw, inclusion, lots
from training.certification.entities import Holders, codes


def test_a_safe_threshold_is_found_and_an_unsafe_one_refused() -> None:
    testing = even_pool(4000)
    wrong = testing.probability > 0.6
    done = certify(testing, [0.5, 0.55, 0.8], TERMS, Desk(testing, wrong.astype(float)), secret=SECRET, by=NOW)
    assert done.chosen is not None
    assert done.chosen.threshold == 0.55
    assert [one.passed for one in done.tested] == [True, True, False]
    assert done.platforms == ("demo",)


def test_testing_stops_at_the_first_failure() -> None:
    testing = even_pool(4000)
    wrong = (testing.probability > 0.6).astype(float)
    done = certify(testing, [0.9, 0.3], TERMS, Desk(testing, wrong), secret=SECRET, by=NOW)
    assert done.chosen is None
    assert len(done.tested) == 1
    assert "no safe threshold" in done.why


def test_what_is_still_open_counts_as_wrong_in_full() -> None:
    testing = even_pool(3000)
    done = certify(testing, [1.0], TERMS, Desk(testing, [None] * 3000), secret=SECRET, by=NOW)
    assert done.chosen is None
    assert done.tested[0].wrong == done.tested[0].labels == done.drawn == done.unresolved


def test_losses_in_part_count_in_part() -> None:
    """3 % of the money lost by tenths is 0.3 %: both bounds issue, where counting each as wrong would not."""
    testing = even_pool(4000)
    shares = list(0.1 * (np.random.default_rng(1).random(4000) < 0.03))
    for terms in (TERMS, replace(TERMS, method="betting")):
        done = certify(testing, [1.0], terms, Desk(testing, shares), secret=SECRET, by=NOW)
        assert done.chosen is not None
        again = certify(testing, [1.0], terms, Desk(testing, shares), secret=SECRET, by=NOW)
        assert again == done


def test_a_loss_that_is_no_share_is_refused() -> None:
    testing = even_pool(1000)
    with pytest.raises(ValueError, match="not a share"):
        certify(testing, [1.0], TERMS, Desk(testing, [1.2] * 1000), secret=SECRET, by=NOW)


def test_only_drawn_claims_are_shown_to_the_desk_and_once() -> None:
    testing = even_pool(900)
    desk = Desk(testing, [0.0] * 900)
    certify(testing, [0.9, 1.0], TERMS, desk, secret=SECRET, by=NOW)
    everything = np.ones(900, dtype=bool)
    drawn = draw(
        testing.amount, testing.entity, everything, lots(testing.platforms, testing.order_numbers, SECRET), 3e4, 3e4
    )
    assert sorted(desk.asked) == sorted(testing.claim_ids[number] for number in drawn.positions)
    with pytest.raises(ValueError, match="above the cap"):
        certify(pool(np.array([0.1]), np.array([30_001])), [0.1], TERMS, desk, secret=SECRET, by=NOW)


def test_candidates_need_enough_labels_and_come_most_promising_first() -> None:
    ordering = even_pool(3000)
    wrong = (ordering.probability > 0.7).astype(float)
    sequence = candidate_sequence(ordering, wrong, TERMS, 1.0)
    chance = inclusion(ordering.amount, ordering.entity, np.ones(3000, dtype=bool), 30_000)
    assert sequence
    for threshold in sequence:
        assert chance[ordering.probability <= threshold].sum() >= TERMS.labels_wanted
    safe = [threshold <= 0.7 for threshold in sequence]
    assert any(safe)
    assert not all(safe)
    assert safe == sorted(safe, reverse=True)
    assert candidate_sequence(even_pool(100), np.zeros(100), TERMS, 1.0) == []
    nothing = certify(ordering, [], TERMS, Desk(ordering, [0.0] * 3000), secret=SECRET, by=NOW)
    assert nothing.chosen is None
    assert "300" in nothing.why


def test_reviewers_errors_do_not_favour_the_thresholds_with_fewest_labels() -> None:
    """Nothing is wrong below 0.7, and one label in thirty is an error everywhere."""
    ordering = even_pool(4000)
    random = np.random.default_rng(3)
    wrong = ((ordering.probability > 0.7) ^ (random.random(4000) < 1 / 30)).astype(float)
    first = [
        candidate_sequence(ordering, wrong, TERMS, 1.0, judged_once=judged_once)[0] for judged_once in (False, True)
    ]
    assert first[0] < first[1] <= 0.72


def test_what_budgets_let_through_beyond_the_entity_cap_counts_as_wrong() -> None:
    """A ring with a device for every claim is under each limit, and over what a connected entity may take."""
    ring, honest = 40, 2000
    amount = np.full(ring + honest, 15_000)
    entity = np.r_[np.zeros(ring), np.arange(1, honest + 1)]
    accounts = codes(["ring"] * ring + [f"a{number}" for number in range(honest)])
    devices = codes([f"d{number}" for number in range(ring + honest)])
    testing = pool(np.zeros(ring + honest), amount, entity=entity)
    loose = replace(testing, holders=Holders((devices,), np.zeros(ring + honest, dtype=np.int64)))
    tight = replace(testing, holders=Holders((accounts, devices), np.zeros(ring + honest, dtype=np.int64)))
    limit = EntityLimit(30_000, 2160)
    found = [
        certify(one, [0.5], TERMS, Desk(one, [0.0] * len(one)), secret=SECRET, by=NOW, limit=limit)
        for one in (loose, tight)
    ]
    assert found[0].tested[0].excess == pytest.approx(38 / 2040)
    assert found[0].tested[0].bound > 38 / 2040
    assert found[0].chosen is None
    assert found[1].tested[0].excess == 0.0
    assert found[1].chosen is not None


def test_pooled_platforms_keep_their_entities_apart() -> None:
    one, other = even_pool(50, 1), replace(even_pool(70, 2), platforms=("other",) * 70)
    both = pooled({"demo": one, "other": other})
    assert len(both) == 120
    assert len(np.unique(both.entity)) == 120
    done = certify(both, [1.0], TERMS, Desk(both, [0.0] * 120), secret=SECRET, by=NOW)
    assert done.platforms == ("demo", "other")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"alpha": 0.0}, "between 0 and 1"),
        ({"delta": 1.0}, "between 0 and 1"),
        ({"entity_cap": 0}, "above 0"),
        ({"certain_from": 10_000.0}, "betting"),
    ],
)
def test_terms_that_promise_nothing_are_refused(change: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Terms(**{"alpha": 0.02, "delta": 0.05, "cap": 30_000, "entity_cap": 30_000, "candidates": 20, **change})


def test_the_promise_holds_over_many_worlds() -> None:
    """Independent claims whose ¥-share wrong is 1.1 alpha everywhere: issued in at most 5 % of worlds, but for chance.

    And where nothing is wrong it is issued, or refusing everything would pass this test.
    """
    worlds, broken, issued = 80, 0, 0
    for world in range(worlds):
        testing = even_pool(900, world)
        random = np.random.default_rng(10_000 + world)
        wrong = (random.random(900) < 1.1 * TERMS.alpha).astype(float)
        sequence = [0.8, 0.9, 1.0]
        broken += certify(testing, sequence, TERMS, Desk(testing, wrong), secret=SECRET, by=NOW).chosen is not None
        clean = Desk(testing, [0.0] * 900)
        issued += certify(testing, sequence, TERMS, clean, secret=SECRET, by=NOW).chosen is not None
    # 3 standard errors of a binomial at 5 %.
    assert broken <= worlds * 0.05 + 3 * (worlds * 0.05 * 0.95) ** 0.5
    assert issued == worlds
