"""Thieves, colluding sellers, suppliers, and cheats who learn."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from training.simulator.intentions import CAUSES, COLLUSION, DISHONEST, LEAKED_CODE
from training.simulator.market import Market
from training.simulator.orders import NOT_DELIVERED
from training.simulator.parameters import Parameters, load_parameters
from training.simulator.population import ADAPTING, COLLUDING, KINDS, NOVEL, STOLEN
from training.simulator.world import Simulated, simulate

MANY = {
    "span.orders": 9000,
    "accounts.kinds.stolen.share": 0.02,
    "accounts.kinds.colluding.share": 0.02,
    "accounts.kinds.novel.share": 0.02,
}


@pytest.fixture(scope="module")
def crowded() -> Simulated:
    """A small world with many of the rarer kinds."""
    return simulate(load_parameters().with_values(MANY), 8)


def test_accounts_come_in_the_shares_asked_for(small_world: Simulated, small_parameters: Parameters) -> None:
    kind = small_world.world.population.kind
    for number, name in enumerate(KINDS):
        share = small_parameters.number(f"accounts.kinds.{name}.share")
        slack = 4 * np.sqrt(max(share * (1 - share), 1e-9) / len(kind)) + 1e-9
        assert abs((kind == number).mean() - share) < slack, name


def test_a_stolen_account_is_used_from_elsewhere_and_only_while_it_is_stolen(crowded: Simulated) -> None:
    orders, people = crowded.world.orders, crowded.world.population
    theft = orders.theft
    assert theft.sum() > 20
    assert (people.kind[orders.account[theft]] == STOLEN).all()
    assert (orders.ordered[theft] >= people.taken_from[orders.account[theft]]).all()
    assert (orders.ordered[theft] < people.taken_to[orders.account[theft]]).all()
    own = set(zip(orders.account[~theft].tolist(), orders.sessions.device[~theft].tolist(), strict=True))
    thieves = set(zip(orders.account[theft].tolist(), orders.sessions.device[theft].tolist(), strict=True))
    assert not own & thieves
    claims = crowded.world.claims
    owners = claims.cause == CAUSES.index("theft")
    assert owners.sum() > 5
    assert (claims.claimed[owners] >= people.taken_to[claims.account[owners]]).all()
    assert (claims.due[owners & np.isnan(claims.disputed)] == 1.0).all()
    # Theft is told apart from what the log says of the owner: it never names the claimant.
    assert (crowded.year.logs.claimant[owners] != 1).all()


def test_colluding_buyers_claim_at_their_own_crooked_seller(crowded: Simulated) -> None:
    world, claims = crowded.world, crowded.world.claims
    sham = claims.cause == COLLUSION
    assert sham.sum() > 10
    seller = world.orders.seller[claims.order[sham]]
    assert (seller == world.population.own_seller[claims.account[sham]]).all()
    assert world.market.colluding[seller].all()
    assert (world.population.kind[claims.account[sham]] == COLLUDING).all()
    assert (claims.due[sham] == 0).all()


def test_the_novel_mechanism_is_off_unless_asked_for(small_world: Simulated, crowded: Simulated) -> None:
    assert not (small_world.world.population.kind == NOVEL).any()
    assert not (small_world.world.claims.cause == LEAKED_CODE).any()
    world, claims = crowded.world, crowded.world.claims
    leaked = claims.cause == LEAKED_CODE
    assert leaked.sum() > 10
    assert world.market.leaky[world.orders.supplier[claims.order[leaked]]].all()
    assert (world.population.opened[claims.account[leaked]] < 0).all()
    assert not crowded.year.findings.tampered[leaked].any()


def test_a_supplier_serves_several_sellers_and_a_seller_one_supplier_per_category(small_world: Simulated) -> None:
    market = small_world.world.market
    pairs = {(int(s), int(c)) for s, c in zip(market.seller, market.category, strict=True)}
    trios = {(int(s), int(c), int(p)) for s, c, p in zip(market.seller, market.category, market.supplier, strict=True)}
    assert len(pairs) == len(trios)
    assert _sellers_per_supplier(market) > 2
    assert (np.unique(market.category[np.argsort(market.supplier)]) == np.arange(8)).all()
    assert market.supplier_badness.std() > 0.1


def _sellers_per_supplier(market: Market) -> float:
    pairs = np.unique(np.stack([market.supplier, market.seller]), axis=1)[0]
    return float(np.bincount(pairs)[np.unique(pairs)].mean())


def test_a_suppliers_outage_hits_its_orders_alone() -> None:
    changes = {"span.orders": 3000, "faults.supplier_outages": 20.0, "faults.supplier_outage_failing": [0.9, 0.9]}
    world = simulate(load_parameters().with_values({**changes, "faults.supplier_outage_hours": [24, 48]}), 4)
    assert (
        _failing(world).mean() > 2 * _failing(simulate(load_parameters().with_values({"span.orders": 3000}), 4)).mean()
    )
    claims = world.world.claims
    of_outage = claims.cause == NOT_DELIVERED
    assert (claims.due[of_outage & np.isnan(claims.disputed)] == 1.0).all()


def _failing(simulated: Simulated) -> np.ndarray:
    return np.asarray(simulated.world.orders.fault == NOT_DELIVERED)


@pytest.fixture(scope="module")
def learned() -> dict[bool, Simulated]:
    """The same year with cheats who learn and with cheats who do not; there are many of them."""
    base = {"span.orders": 12_000, "accounts.kinds.abuser.share": 0.08, "accounts.kinds.opportunist.share": 0.08}
    return {on: simulate(load_parameters().with_values({**base, "adapting.on": on}), 6) for on in (True, False)}


def _cheats(simulated: Simulated) -> np.ndarray:
    people = simulated.world.population
    return np.asarray(np.isin(people.kind, ADAPTING))


def test_cheats_move_under_an_announced_limit_and_others_do_not(learned: dict[bool, Simulated]) -> None:
    def under(simulated: Simulated, cheats: bool, after: bool) -> float:
        orders, span = simulated.world.orders, simulated.world.span
        announced = span.second(datetime.fromisoformat("2026-05-18T00:00:00+08:00"))
        chosen = (_cheats(simulated)[orders.account] == cheats) & ((orders.ordered >= announced) == after)
        return float(((orders.amount >= 2500) & (orders.amount < 5000))[chosen].mean())

    assert under(learned[True], True, True) > under(learned[True], True, False) + 0.1
    assert abs(under(learned[True], False, True) - under(learned[True], False, False)) < 0.05
    assert abs(under(learned[False], True, True) - under(learned[False], True, False)) < 0.05
    assert learned[True].world.orders.piece.sum() > 5
    assert not learned[False].world.orders.piece.any()


def test_cheats_wait_for_a_change_and_then_come_in_numbers(learned: dict[bool, Simulated]) -> None:
    def a_day(simulated: Simulated, first: str, last: str) -> float:
        claims, span = simulated.world.claims, simulated.world.span
        begin, end = (span.second(datetime.fromisoformat(f"2026-{day}T00:00:00+08:00")) for day in (first, last))
        chosen = np.isin(claims.cause, DISHONEST) & _cheats(simulated)[claims.account]
        chosen &= (claims.claimed >= begin) & (claims.claimed < end)
        return float(chosen.sum()) / ((end - begin) / 86400)

    waiting, after = a_day(learned[True], "05-18", "06-01"), a_day(learned[True], "06-01", "06-15")
    assert after > 1.8 * waiting
    assert a_day(learned[False], "06-01", "06-15") < 1.5 * a_day(learned[False], "05-18", "06-01")


def test_a_grant_makes_bold_and_a_refusal_shy(learned: dict[bool, Simulated]) -> None:
    """Orders of cheats who were last granted an undue claim are claimed more often than of those last refused."""
    world, reviews = learned[True].world, learned[True].year.reviews
    claims, orders, mind = world.claims, world.orders, world.population.mind
    undue = np.isin(claims.cause, DISHONEST)
    answered = sorted(
        zip(reviews.decided[undue], mind[claims.account[undue]], reviews.granted[undue], strict=True),
        key=lambda entry: float(entry[0]),
    )
    claimed = np.zeros(len(orders), dtype=bool)
    claimed[claims.order[undue]] = True
    last: dict[int, bool] = {}
    tally = {True: [0, 0], False: [0, 0]}
    position = 0
    for number in np.flatnonzero(_cheats(learned[True])[orders.account]):
        while position < len(answered) and answered[position][0] < orders.ordered[number]:
            last[int(answered[position][1])] = bool(answered[position][2])
            position += 1
        known = last.get(int(mind[orders.account[number]]))
        if known is not None:
            tally[known][0] += int(claimed[number])
            tally[known][1] += 1
    granted, refused = (tally[known][0] / tally[known][1] for known in (True, False))
    assert granted > refused
