from __future__ import annotations

import numpy as np
import pytest

from training.observed import Observed
from training.segments import AMOUNT_BANDS, banded, claim_facts, flagged, segments


def world(seed: int, claims: int = 3000, groups: int = 10) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Scores that are right for everybody, labels, accounts and groups."""
    random = np.random.default_rng(seed)
    scores = random.beta(1, 4, claims)
    wrong = (random.random(claims) < scores).astype(np.int64)
    accounts = random.integers(0, claims // 2, claims).astype(str)
    return scores, wrong, accounts, np.array([f"g{number}" for number in random.integers(0, groups, claims)])


def test_a_group_that_is_thought_better_than_it_is_is_flagged_and_no_other() -> None:
    scores, wrong, accounts, groups = world(1)
    worse = groups == "g3"
    wrong[worse] = (np.random.default_rng(2).random(worse.sum()) < scores[worse] + 0.2).astype(np.int64)
    table = segments(scores, wrong, accounts, {"group": groups})
    assert [(one.group, one.flags) for one in flagged(table)] == [("g3", ("thought better than it is",))]
    (found,) = flagged(table)
    assert found.gap.high < 0
    assert found.base_rate - found.mean_score == pytest.approx(0.2, abs=0.06)


def test_many_groups_served_alike_are_seldom_flagged() -> None:
    """At 5 % for the whole table, 40 tables should bear about 2; without the correction it would be about 16."""
    bearing = sum(bool(flagged(segments(s, w, a, {"group": g}, count=100))) for s, w, a, g in map(world, range(40)))
    assert bearing <= 7


def test_a_group_shut_out_of_approval_is_flagged() -> None:
    scores, wrong, accounts, groups = world(3)
    scores = np.where(groups == "g7", np.minimum(scores + 0.15, 1.0), scores)
    table = segments(scores, wrong, accounts, {"group": groups}, threshold=0.15)
    flags = {one.group: one.flags for one in flagged(table)}
    assert set(flags) == {"g7"}
    assert "more false alarms than elsewhere" in flags["g7"]
    assert "thought worse than it is" in flags["g7"]


def test_rates_are_those_of_the_threshold() -> None:
    scores = np.array([0.01, 0.02, 0.03, 0.5, 0.6] * 10)
    wrong = np.array([0, 0, 1, 0, 1] * 10)
    (one,) = segments(scores, wrong, np.arange(50).astype(str), {"all": np.full(50, "x")}, threshold=0.1)
    assert one.approved is not None
    assert one.false_approval is not None
    assert one.false_alarm is not None
    assert (one.approved.value, one.false_approval.value, one.false_alarm.value) == (0.6, 1 / 3, 1 / 3)
    assert one.false_approval.low < 1 / 3 < one.false_approval.high


def test_a_handful_of_claims_is_shown_but_not_judged() -> None:
    scores, wrong = np.full(40, 0.1), np.zeros(40, dtype=np.int64)
    wrong[:5] = 1
    groups = np.array(["few"] * 5 + ["many"] * 35)
    table = segments(scores, wrong, np.arange(40).astype(str), {"group": groups}, threshold=0.5)
    assert {one.group: one.claims for one in table} == {"few": 5, "many": 35}
    assert not [one for one in table if one.group == "few" and one.flags]


def test_bands_start_at_their_edge_and_know_what_is_not_known() -> None:
    assert banded(np.array([0, 1999, 2000, 20000]), AMOUNT_BANDS).tolist() == [
        "under ¥20",
        "under ¥20",
        "¥20-50",
        "¥200 and more",
    ]
    assert banded(np.array([np.nan, 3.0]), ((0.0, "any"),)).tolist() == ["not known", "any"]


def test_facts_are_read_claim_by_claim(small_observed: Observed) -> None:
    facts = claim_facts(small_observed)
    assert len(facts.account) == small_observed.facts["claims"]
    assert set(facts.platform) == {"demo"}
    assert len(set(facts.category)) >= 6
    assert (facts.age_days[~np.isnan(facts.age_days)] >= 0).all()
    assert set(facts.groups()) == {"platform", "category", "amount", "account age"}
