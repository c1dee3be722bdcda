"""Orders of the year, how each was fulfilled, and what truly went wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from service.domain.claims import GoodsKind
from training.simulator.calendar import HOUR, Busyness, Span
from training.simulator.market import FAULTS, Market
from training.simulator.parameters import Parameters
from training.simulator.population import RING, Population, Sessions, draw_sessions
from training.simulator.streams import Flags, Floats, Integers, Random, log_normal, pick, pick_rows

NO_FAULT = len(FAULTS)
NOT_DELIVERED = FAULTS.index("not_delivered")
LATE = FAULTS.index("late")
ONE_CLICK_FEN = 5000


@dataclass(frozen=True, slots=True)
class Orders:
    """One entry per order, in order of time. Moments are seconds since the span's start, NaN for never.

    ``fault``: index into FAULTS, NO_FAULT for none: the truth. ``slip``: the buyer gave a wrong number or server.
    ``failed``: when the supplier reported a failure. ``log``: the supplier keeps a usable log of this order.
    ``undo``: it can be voided or recalled while unused.
    """

    account: Integers
    product: Integers
    category: Integers
    seller: Integers
    ordered: Floats
    paid: Floats
    promised: Floats
    delivered: Floats
    failed: Floats
    quantity: Integers
    amount: Integers
    sessions: Sessions
    fault: Integers
    slip: Flags
    log: Flags
    undo: Flags
    cross_border: Flags

    def __len__(self) -> int:
        return len(self.account)


def make_orders(
    parameters: Parameters,
    span: Span,
    busy: Busyness,
    population: Population,
    market: Market,
    random: Random,
    count: int,
) -> Orders:
    open_share = busy.at(population.active_to) - busy.at(population.active_from)
    account = pick(random, population.activity * open_share, count)
    ordered = busy.draw(random, population.active_from[account], population.active_to[account])
    order = np.argsort(ordered, kind="stable")
    account, ordered = account[order], ordered[order]
    product = _products(parameters, population, market, random, account)
    category, seller = market.category[product], market.seller[product]
    quantity = 1 + (random.random(count) < parameters.number("market.quantity_two")).astype(np.int64)
    paid = ordered + random.exponential(40.0, count)
    fault = _faults(parameters, span, market, random, category, seller, ordered)
    careless = population.kind[account] == 1
    slip_rate = parameters.number("faults.wrong_target") * np.where(
        careless, parameters.number("faults.wrong_target_careless"), 1.0
    )
    top_up = market.categories.is_kind(category, GoodsKind.TOP_UP)
    promised = paid + market.categories.promise[category]
    log = random.random(count) < market.categories.log[category]
    reported = (fault == NOT_DELIVERED) & log & (random.random(count) < parameters.number("records.failure_reported"))
    failed = paid + random.uniform(0.02, 0.8, count) * (promised - paid)
    return Orders(
        account=account,
        product=product,
        category=category,
        seller=seller,
        ordered=ordered,
        paid=paid,
        promised=promised,
        delivered=_deliveries(market, random, category, paid, promised, fault),
        failed=np.where(reported, failed, np.nan),
        quantity=quantity,
        amount=market.price[product] * quantity,
        sessions=draw_sessions(population, random, account),
        fault=fault,
        slip=top_up & (fault == NO_FAULT) & (random.random(count) < slip_rate),
        log=log,
        undo=random.random(count) < market.categories.undo[category],
        cross_border=random.random(count) < parameters.number("market.cross_border"),
    )


def _products(
    parameters: Parameters, population: Population, market: Market, random: Random, account: Integers
) -> Integers:
    product = pick(random, market.weight, len(account))
    small = np.flatnonzero(market.price < ONE_CLICK_FEN)
    sly = (population.kind[account] == RING) & (
        random.random(len(account)) < parameters.number("claiming.ring_below_one_click")
    )
    product[sly] = small[pick(random, market.weight[small], int(sly.sum()))]
    return product


def _faults(
    parameters: Parameters,
    span: Span,
    market: Market,
    random: Random,
    category: Integers,
    seller: Integers,
    ordered: Floats,
) -> Integers:
    rates = market.categories.faults[category] * market.badness[seller][:, None]
    rates *= np.minimum(1.0, 0.6 / np.maximum(rates.sum(axis=1), 1e-9))[:, None]
    for outage in parameters.value("faults.outages"):
        begin, finish = (span.second(datetime.fromisoformat(outage[key])) for key in ("from", "to"))
        hit = (category == market.categories.names.index(outage["category"])) & (ordered >= begin) & (ordered < finish)
        rates[hit, NOT_DELIVERED] += float(outage["failing"]) * (1.0 - rates[hit].sum(axis=1))
    return pick_rows(random, rates)


def _deliveries(
    market: Market, random: Random, category: Integers, paid: Floats, promised: Floats, fault: Integers
) -> Floats:
    usual = paid + np.minimum(
        log_normal(random, market.categories.delivery[category], 0.8, len(paid)), 0.95 * (promised - paid)
    )
    late = promised + log_normal(random, 10 * HOUR, 0.9, len(paid))
    delivered = np.where(fault == LATE, late, usual)
    return np.where(fault == NOT_DELIVERED, np.nan, delivered)
