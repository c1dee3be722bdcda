"""The worlds the proof counts on; the proof itself is in tests/proof."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from training.certification.proof import ALPHA, Scenario, count_broken, power, scenarios
from training.certification.worlds import CAP, Law, claims_for, draw_world, mean_amount

LAW = Law(claims=3000, share=0.04)


@pytest.mark.parametrize(
    "law",
    [
        LAW,
        replace(LAW, shape="rising"),
        replace(LAW, part=0.25),
        replace(LAW, ringed=1.0, ring_claims=30),
        replace(LAW, ringed=0.5, ring_claims=10, held=False),
        replace(LAW, ringed=0.5, ring_claims=20, shape="rising"),
    ],
)
def test_a_world_has_the_share_its_law_says_at_every_threshold(law: Law) -> None:
    random = np.random.default_rng(6)
    worlds = [draw_world(law, random) for _ in range(60)]
    if law.held:
        worlds = [world.held() for world in worlds]
    for threshold in (0.3, 1.0):
        money = lost = 0.0
        for world in worlds:
            inside = world.pool.probability <= threshold
            money += world.pool.amount[inside].sum()
            lost += (world.pool.amount * world.shares)[inside].sum()
        assert lost / money == pytest.approx(law.share_at(threshold), rel=0.12)


def test_a_ring_shares_its_score_and_takes_no_more_than_the_cap() -> None:
    world = draw_world(replace(LAW, ringed=1.0), np.random.default_rng(1))
    ring = np.flatnonzero(np.bincount(world.pool.entity) > 1)
    assert len(ring)
    assert all(len(np.unique(world.pool.probability[world.pool.entity == one])) == 1 for one in ring)
    held = world.held()
    assert np.bincount(held.pool.entity, weights=held.pool.amount).max() <= CAP
    assert len(np.unique(world.claim_by_claim().pool.entity)) == len(world.pool)
    assert claims_for(450) * mean_amount() == pytest.approx(450 * CAP, rel=0.01)


def test_every_scenario_asks_for_shares_at_or_above_alpha() -> None:
    for times in (1.0, 1.1):
        for one in scenarios(times):
            assert one.law.share_at(1.0) >= times * ALPHA * 0.999


def test_claims_taken_for_independent_break_the_promise_in_rings_and_entities_do_not() -> None:
    law = Law(claims=claims_for(450), share=ALPHA, ringed=1.0, ring_claims=30)
    naive = count_broken(Scenario("claims", replace(law, held=False), "claims"), 60, 1)
    ours = count_broken(Scenario("entities", law), 60, 1)
    assert not naive.keeps
    assert ours.keeps


def test_a_certificate_is_issued_where_it_is_deserved() -> None:
    found = power(600, 0.0, 20, 1)
    assert found.fixed == found.sequence == found.ringed == 1.0
    assert power(150, 0.0, 5, 1).sequence == 0.0  # 300 labels must be expected before a threshold is tried
