"""A world without signal: nothing that can be observed tells what is due."""

from __future__ import annotations

import numpy as np
import pytest

from training.simulator.intentions import CAUSES, THEFT
from training.simulator.parameters import load_parameters
from training.simulator.population import HONEST
from training.simulator.streams import Flags
from training.simulator.world import Simulated, simulate

STAGED = 0.2


@pytest.fixture(scope="module")
def silent() -> Simulated:
    changes = {"span.orders": 25_000, "signal.strength": 0.0, "signal.staged": STAGED}
    return simulate(load_parameters().with_values(changes), 21)


def test_only_faults_are_claimed_and_some_of_them_are_staged(silent: Simulated) -> None:
    claims = silent.world.claims
    assert {CAUSES[number] for number in np.unique(claims.cause)} <= set(CAUSES[: THEFT + 1])
    faults = claims.cause < THEFT
    assert abs(claims.staged[faults].mean() - STAGED) < 4 * np.sqrt(STAGED * (1 - STAGED) / faults.sum())
    assert (claims.due[claims.staged] == 0).all()
    assert not silent.year.findings.tampered.any()


def test_staged_claims_look_like_the_others(silent: Simulated) -> None:
    world, year = silent.world, silent.year
    claims, orders = world.claims, world.orders
    faults = claims.cause < THEFT
    sides: dict[str, Flags] = {
        "not honest": world.population.kind[claims.account] != HONEST,
        "young": claims.claimed - world.population.opened[claims.account] < 60 * 86400,
        "small": orders.amount[claims.order] < 5000,
        "probed": claims.probes > 0,
        "logged": orders.log[claims.order],
        "delivered": np.array([state.value == "delivered" for state in year.logs.state]),
        "sent little": year.findings.sent.sum(axis=1) < 2,
        "granted": year.reviews.granted,
    }
    for name, side in sides.items():
        inside, outside = faults & side, faults & ~side
        assert min(inside.sum(), outside.sum()) > 20, name
        gap = claims.staged[inside].mean() - claims.staged[outside].mean()
        error = np.sqrt(STAGED * (1 - STAGED) * (1 / inside.sum() + 1 / outside.sum()))
        assert abs(gap) < 4 * error, name


def test_what_is_staged_comes_to_light_later_or_never(silent: Simulated) -> None:
    staged, granted = silent.world.claims.staged, silent.year.reviews.granted
    found = np.isfinite(silent.year.outcomes.found_wrong)
    assert not found[~staged & (silent.world.claims.due > 0.5)].any()
    assert 0.4 < found[staged & granted].mean() < 0.8
