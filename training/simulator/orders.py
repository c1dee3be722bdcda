"""Orders of the year, how each was fulfilled, and what truly went wrong with it; placed day by day.

When somebody wants to buy is drawn for the whole year (nobody's wish depends on an answer of ours). What is bought is
drawn on the day, with what the buyer knows by then.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from service.domain.claims import GoodsKind
from training.simulator.adapting import Minds, Shelf
from training.simulator.calendar import DAY, HOUR, Busyness, Span
from training.simulator.columns import taken
from training.simulator.market import FAULTS, Market
from training.simulator.outages import Outage
from training.simulator.parameters import Parameters
from training.simulator.population import CARELESS, COLLUDING, NOVEL, RING, Population, Sessions, draw_sessions
from training.simulator.streams import Flags, Floats, Integers, Random, log_normal, pick, pick_rows

NO_FAULT = len(FAULTS)
NOT_DELIVERED = FAULTS.index("not_delivered")
LATE = FAULTS.index("late")
ONE_CLICK_FEN = 5000
CODES = (GoodsKind.CARD_CODE, GoodsKind.ACTIVATION)


@dataclass(frozen=True, slots=True)
class Orders:
    """One entry per order, in order of time. Moments are seconds since the span's start, NaN for never.

    ``fault``: index into FAULTS, NO_FAULT for none: the truth. ``slip``: the buyer gave a wrong number or server.
    ``failed``: when the supplier reported a failure. ``log``: the supplier keeps a usable log of this order.
    ``undo``: it can be voided or recalled while unused. ``theft``: bought by whoever holds a stolen account; ``sham``:
    between a colluding seller and its own buyer; ``leaked``: see the novel mechanism; ``piece``: of a split purchase.
    """

    account: Integers
    product: Integers
    category: Integers
    seller: Integers
    supplier: Integers
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
    theft: Flags
    sham: Flags
    leaked: Flags
    piece: Flags

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True, slots=True)
class Plan:
    """Who wants to buy when, in order of time."""

    account: Integers
    ordered: Floats

    def of_day(self, day: int) -> Plan:
        first, last = np.searchsorted(self.ordered, [day * DAY, (day + 1) * DAY])
        return Plan(self.account[first:last], self.ordered[first:last])


def plan_orders(parameters: Parameters, busy: Busyness, population: Population, random: Random, count: int) -> Plan:
    """``count`` wishes, those of thieves among them."""
    victims = np.flatnonzero(population.crew >= 0)
    stolen = np.repeat(victims, random.poisson(parameters.number("accounts.stolen.orders"), len(victims)))[: count // 2]
    span = population.taken_to[stolen] - population.taken_from[stolen]
    when = population.taken_from[stolen] + random.random(len(stolen)) * span
    open_share = busy.at(population.active_to) - busy.at(population.active_from)
    account = pick(random, population.activity * open_share, count - len(stolen))
    ordered = busy.draw(random, population.active_from[account], population.active_to[account])
    account, ordered = np.concatenate([account, stolen]), np.concatenate([ordered, when])
    order = np.argsort(ordered, kind="stable")
    return Plan(account[order], ordered[order])


@dataclass(frozen=True, slots=True)
class Shop:
    """Where orders are placed: all that is fixed for the year."""

    parameters: Parameters
    span: Span
    population: Population
    market: Market
    outages: tuple[Outage, ...]
    shelf: Shelf
    minds: Minds


def place(shop: Shop, plan: Plan, random: Random) -> Orders:
    """The orders of a day, from the wishes of that day and what the minds know this morning."""
    plan, product, piece = _split(shop, plan, *_products(shop, random, plan), random)
    account, ordered, count = plan.account, plan.ordered, len(plan.account)
    parameters, population, market = shop.parameters, shop.population, shop.market
    category, seller, supplier = market.category[product], market.seller[product], market.supplier[product]
    several = (random.random(count) < parameters.number("market.quantity_two")) & ~piece
    quantity = 1 + several.astype(np.int64)
    paid = ordered + random.exponential(40.0, count)
    fault = _faults(shop, random, category, seller, supplier, ordered)
    theft = population.in_thiefs_hands(account, ordered)
    sham = (population.kind[account] == COLLUDING) & (seller == population.own_seller[account])
    sham &= random.random(count) < parameters.number("accounts.colluding.sham")
    fault[sham | theft] = NO_FAULT
    slips = parameters.number("faults.wrong_target") * np.where(
        population.kind[account] == CARELESS, parameters.number("faults.wrong_target_careless"), 1.0
    )
    top_up = market.categories.is_kind(category, GoodsKind.TOP_UP)
    promised = paid + market.categories.promise[category]
    log = random.random(count) < market.categories.log[category] * market.supplier_logs[supplier]
    reported = (fault == NOT_DELIVERED) & log & (random.random(count) < parameters.number("records.failure_reported"))
    failed = paid + random.uniform(0.02, 0.8, count) * (promised - paid)
    leaky = (population.kind[account] == NOVEL) & market.leaky[supplier] & market.categories.is_kind(category, *CODES)
    return Orders(
        account=account,
        product=product,
        category=category,
        seller=seller,
        supplier=supplier,
        ordered=ordered,
        paid=paid,
        promised=promised,
        delivered=_deliveries(market, random, category, paid, promised, fault),
        failed=np.where(reported, failed, np.nan),
        quantity=quantity,
        amount=market.price[product] * quantity,
        sessions=draw_sessions(population, random, account, ordered),
        fault=fault,
        slip=top_up & (fault == NO_FAULT) & ~theft & (random.random(count) < slips),
        log=log,
        undo=random.random(count) < market.categories.undo[category],
        cross_border=random.random(count) < parameters.number("market.cross_border"),
        theft=theft,
        sham=sham,
        leaked=leaky & (fault == NO_FAULT),
        piece=piece,
    )


def _products(shop: Shop, random: Random, plan: Plan) -> tuple[Integers, Floats]:
    """What is bought, and per wish a number in [0, 1) that settles whether it is split."""
    parameters, population, market = shop.parameters, shop.population, shop.market
    kind, mind, count = population.kind[plan.account], population.mind[plan.account], len(plan.account)
    product = pick(random, market.weight, count)
    cheap = shop.shelf.between(random, np.zeros(count, np.int64), np.full(count, ONE_CLICK_FEN))
    sly = (kind == RING) & (random.random(count) < parameters.number("claiming.ring_below_one_click"))
    _replace(product, cheap, sly)
    # What one got away with before sets how much one dares; an announced limit does the same for everybody.
    ceiling = shop.minds.ceiling[mind]
    dares = shop.shelf.between(random, (0.4 * ceiling).astype(np.int64), ceiling + 1)
    _replace(product, dares, (ceiling > 0) & (random.random(count) < parameters.number("adapting.under_ceiling")))
    safest = shop.shelf.of(random, shop.minds.safest(mind))
    _replace(product, safest, random.random(count) < parameters.number("adapting.same_goods"))
    limit = shop.minds.limit(float(plan.ordered[0])) if count else 0
    under = shop.minds.adapts(mind) & (random.random(count) < parameters.number("adapting.under_limit"))
    _replace(product, shop.shelf.between(random, np.full(count, limit // 2), np.full(count, limit)), under)
    _replace(product, _of_own_seller(shop, random, plan.account), kind == COLLUDING)
    return product, random.random(count)


def _replace(product: Integers, other: Integers, mask: Flags) -> None:
    chosen = mask & (other >= 0)
    product[chosen] = other[chosen]


def _of_own_seller(shop: Shop, random: Random, account: Integers) -> Integers:
    """A product of the colluding seller one works with, for a share of the orders; -1 for the rest."""
    own = shop.population.own_seller[account]
    first, last = (np.searchsorted(shop.market.seller, own, side=side) for side in ("left", "right"))
    product = first + np.floor(random.random(len(own)) * (last - first)).astype(np.int64)
    there = random.random(len(own)) < shop.parameters.number("accounts.colluding.at_own_seller")
    return np.where((own >= 0) & there, product, -1)


def _split(shop: Shop, plan: Plan, product: Integers, lot: Floats, random: Random) -> tuple[Plan, Integers, Flags]:
    """Large wishes of who has learned, as several orders under the limit within the hour."""
    mind = shop.population.mind[plan.account]
    limit = shop.minds.limit(float(plan.ordered[0])) if len(mind) else 0
    split = shop.minds.adapts(mind) & (shop.minds.granted[mind] >= 0.5) & (shop.market.price[product] > limit)
    split &= (limit > 0) & (lot < shop.parameters.number("adapting.split"))
    pieces = np.where(split, shop.parameters.whole("adapting.pieces"), 1)
    who = np.repeat(np.arange(len(mind)), pieces)
    piece = split[who]
    product = product[who]
    small = shop.shelf.between(random, np.full(len(who), limit // 2), np.full(len(who), limit))
    _replace(product, small, piece)
    ordered = plan.ordered[who]
    midnight = (ordered // DAY + 1) * DAY
    later = np.minimum(ordered + random.random(len(who)) * HOUR, midnight - 1e-3)
    ordered = np.where(piece, later, ordered)
    order = np.argsort(ordered, kind="stable")
    return Plan(plan.account[who][order], ordered[order]), product[order], np.asarray(piece[order])


def _faults(
    shop: Shop, random: Random, category: Integers, seller: Integers, supplier: Integers, ordered: Floats
) -> Integers:
    market = shop.market
    badness = market.badness[seller] * market.supplier_badness[supplier]
    rates = market.categories.faults[category] * badness[:, None]
    rates *= np.minimum(1.0, 0.6 / np.maximum(rates.sum(axis=1), 1e-9))[:, None]
    for outage in shop.outages:
        hit = outage.hits(category, supplier, ordered)
        if hit.any():
            rates[hit, NOT_DELIVERED] += outage.failing * (1.0 - rates[hit].sum(axis=1))
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


class Book:
    """All orders placed so far: ``orders`` may be longer than ``used``, what lies beyond has not happened."""

    def __init__(self, capacity: int) -> None:
        self._capacity, self.used = max(1, capacity), 0
        self._orders: Orders | None = None

    @property
    def orders(self) -> Orders:
        assert self._orders is not None, "nothing was entered yet"
        return self._orders

    def enter(self, placed: Orders) -> Integers:
        """Adds a day's orders; returns their numbers."""
        if self._orders is None or self.used + len(placed) > self._capacity:
            self._grow(placed)
        numbers = np.arange(self.used, self.used + len(placed))
        _copy(placed, self.orders, numbers)
        self.used += len(placed)
        return numbers

    def _grow(self, placed: Orders) -> None:
        old = self._orders
        self._capacity = max(self._capacity, 2 * (self.used + len(placed)) if old is not None else len(placed))
        self._orders = _empty(placed, self._capacity)
        if old is not None:
            _copy(taken(old, np.arange(self.used)), self._orders, np.arange(self.used))

    def close(self) -> Orders:
        """The year's orders."""
        return _first(self.orders, self.used)


def _empty(like: Orders, capacity: int) -> Orders:
    def room(value: object) -> object:
        if isinstance(value, Sessions):
            return Sessions(*(np.zeros(capacity, dtype=np.int64) for _ in fields(value)))
        assert isinstance(value, np.ndarray)
        return np.zeros(capacity, dtype=value.dtype)

    return replace(like, **{one.name: room(getattr(like, one.name)) for one in fields(like)})  # type: ignore[arg-type]


def _copy(source: Orders | Sessions, target: Orders | Sessions, numbers: Integers) -> None:
    for one in fields(source):
        value = getattr(source, one.name)
        if isinstance(value, Sessions):
            _copy(value, getattr(target, one.name), numbers)
        else:
            getattr(target, one.name)[numbers] = value


def _first(orders: Orders, count: int) -> Orders:
    """Views of the first ``count`` entries."""
    sessions = Sessions(*(getattr(orders.sessions, one.name)[:count] for one in fields(Sessions)))
    arrays = {one.name: getattr(orders, one.name)[:count] for one in fields(orders) if one.name != "sessions"}
    return Orders(sessions=sessions, **arrays)
