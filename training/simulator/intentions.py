"""Who means to claim which order, for what true cause, when: settled with the order, acted on when the day comes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from training.simulator.calendar import DAY, HOUR
from training.simulator.columns import joined, taken
from training.simulator.market import FAULTS
from training.simulator.orders import LATE, NO_FAULT, NOT_DELIVERED, Orders, Shop
from training.simulator.population import KINDS
from training.simulator.streams import Flags, Floats, Integers, Random, log_normal, pick

OWN_DOING = ("impatience", "slip", "own_device", "regret", "after_use", "denies_delivery", "collusion", "leaked_code")
CAUSES = (*FAULTS, "theft", *OWN_DOING)
"""Why a claim was really made: a fault of goods or platform, a thief's purchase, or a cause of the buyer's own."""
THEFT = len(FAULTS)
(IMPATIENCE, SLIP, OWN_DEVICE, REGRET, AFTER_USE, DENIES_DELIVERY, COLLUSION, LEAKED_CODE) = range(
    THEFT + 1, len(CAUSES)
)
DISHONEST = (AFTER_USE, DENIES_DELIVERY, COLLUSION, LEAKED_CODE)
FORGING = (AFTER_USE, DENIES_DELIVERY)
"""Causes whose evidence is not what it seems; the other dishonest ones have true pages to show."""


@dataclass(frozen=True, slots=True)
class Intentions:
    """``order``: number in the book. ``at``: seconds since the span's start. ``need``: how bold (see Minds) its mind
    must be to go through with it, 0 for anybody. ``staged``: see signal.strength. ``probes``: requests for this order
    that were made and withdrawn before."""

    order: Integers
    cause: Integers
    at: Floats
    need: Floats
    staged: Flags
    probes: Integers

    def __len__(self) -> int:
        return len(self.order)


class Agenda:
    """Intentions by the day they are for."""

    def __init__(self) -> None:
        self._days: dict[int, list[Intentions]] = defaultdict(list)

    def note(self, intentions: Intentions) -> None:
        days = (intentions.at // DAY).astype(np.int64)
        for day in np.unique(days):
            self._days[int(day)].append(taken(intentions, days == day))

    def of_day(self, day: int) -> Intentions:
        return joined(self._days.pop(day, [nothing()]))


def nothing() -> Intentions:
    none = np.zeros(0, dtype=np.int64)
    return Intentions(none, none, np.zeros(0), np.zeros(0), np.zeros(0, dtype=bool), none)


def intend(shop: Shop, orders: Orders, numbers: Integers, random: Random) -> Intentions:
    """What the buyers of a day's ``orders`` mean to do; ``numbers``: their places in the book."""
    willing = random.random(len(orders)) < shop.population.by_kind("claiming.fault_claimed")[orders.account]
    due = np.flatnonzero((orders.fault != NO_FAULT) & willing)
    place, cause, need = (
        np.concatenate(columns)
        for columns in zip(
            (due, orders.fault[due], np.zeros(len(due))),
            _slips(shop, orders, random),
            _undue(shop, orders, random),
            _thefts(shop, orders, random),
            _with_accomplices(shop, orders, random),
            strict=True,
        )
    )
    chosen = taken(orders, place)
    strength = shop.parameters.number("signal.strength")
    staged = random.random(len(place)) < (1.0 - strength) * shop.parameters.number("signal.staged")
    at = _when(shop, chosen, cause, random)
    held = shop.minds.held_until(at)
    waits = np.isfinite(held) & np.isin(cause, DISHONEST) & shop.minds.adapts(shop.population.mind[chosen.account])
    waits &= random.random(len(place)) < shop.parameters.number("adapting.holds")
    at = np.where(waits, held + random.exponential(12 * HOUR, len(place)), at)
    found = Intentions(numbers[place], cause, at, need, staged & (cause < THEFT), np.zeros(len(place), np.int64))
    return taken(found, np.isfinite(at) & (at < shop.span.seconds))


_Part = tuple[Integers, Integers, Floats]


def _slips(shop: Shop, orders: Orders, random: Random) -> _Part:
    noticed = orders.slip & (random.random(len(orders)) < shop.parameters.number("signal.strength"))
    place = np.flatnonzero(noticed)
    return place, np.full(len(place), SLIP), np.zeros(len(place))


def _tempted(shop: Shop, chance: Floats, random: Random) -> tuple[Flags, Floats]:
    """Who might do it if bold enough, and how bold that would have to be: chance · boldness beats the draw."""
    draw = random.random(len(chance))
    most = shop.parameters.pair("adapting.boldness")[1] * shop.parameters.number("adapting.surge")
    return np.asarray(draw < chance * most), draw / np.maximum(chance, 1e-12)


def _undue(shop: Shop, orders: Orders, random: Random) -> _Part:
    strength = shop.parameters.number("signal.strength")
    chance = strength * shop.population.by_kind("claiming.undue_claimed")[orders.account]
    tempted, need = _tempted(shop, chance, random)
    tempted &= (orders.fault == NO_FAULT) & ~orders.slip & ~orders.theft & ~orders.sham & ~orders.leaked
    place = np.flatnonzero(tempted)
    cause = np.zeros(len(place), dtype=np.int64)
    kind = shop.population.kind[orders.account[place]]
    for number, name in enumerate(KINDS):
        mine = np.flatnonzero(kind == number)
        if len(mine):
            cause[mine] = THEFT + 1 + pick(random, _shares(shop, name), len(mine))
    return place, cause, need[place]


def _shares(shop: Shop, kind: str) -> Floats:
    causes = shop.parameters.table("claiming.undue_causes")
    table = causes.get(kind, causes["honest"])
    return np.array([float(table.get(cause, 0.0)) for cause in OWN_DOING])


def _thefts(shop: Shop, orders: Orders, random: Random) -> _Part:
    """The thief wants the money back as well; for what is left, the owner asks once the account is returned."""
    place = np.flatnonzero(orders.theft)
    strength = shop.parameters.number("signal.strength")
    thief = random.random(len(place)) < strength * shop.parameters.number("accounts.stolen.thief_claims")
    owner = random.random(len(place)) < shop.parameters.number("accounts.stolen.owner_claims")
    cause = np.where(thief, AFTER_USE, THEFT)
    asks = thief | owner
    return place[asks], cause[asks], np.zeros(int(asks.sum()))


def _with_accomplices(shop: Shop, orders: Orders, random: Random) -> _Part:
    strength = shop.parameters.number("signal.strength")
    chance = np.where(orders.sham, strength * shop.parameters.number("accounts.colluding.claimed"), 0.0)
    chance = np.where(orders.leaked, strength * shop.parameters.number("novel.claimed"), chance)
    tempted, need = _tempted(shop, chance, random)
    place = np.flatnonzero(tempted)
    return place, np.where(orders.leaked[place], LEAKED_CODE, COLLUSION), need[place]


def _when(shop: Shop, orders: Orders, cause: Integers, random: Random) -> Floats:
    parameters, count = shop.parameters, len(cause)
    paid, promised, delivered = orders.paid, orders.promised, orders.delivered
    visible = np.where(np.isfinite(delivered), delivered, promised)
    # Nobody waits a whole day before asking where a top-up is; half ask before the promise is over.
    asked = np.where(random.random(count) < 0.5, promised, paid + random.random(count) * (promised - paid))
    visible = np.where(np.isin(cause, (NOT_DELIVERED, COLLUSION)), asked, visible)
    visible = np.where(cause == LATE, promised, visible)
    # The owner learns of a theft when the account is returned.
    visible = np.where(cause == THEFT, shop.population.taken_to[orders.account], visible)
    due_median, due_sigma = parameters.pair("claiming.delay_due")
    undue_median, undue_sigma = parameters.pair("claiming.delay_undue")
    delay = np.where(
        np.isin(cause, FORGING),
        log_normal(random, undue_median * HOUR, undue_sigma, count),
        log_normal(random, due_median * HOUR, due_sigma, count),
    )
    late = random.random(count) < parameters.number("claiming.late_share")
    delay = np.where(late, random.uniform(2.0, 30.0, count) * DAY, delay)
    impatient = paid + random.uniform(0.05, 0.9, count) * np.maximum(delivered - paid, 60.0)
    return np.where(cause == IMPATIENCE, impatient, visible + delay)
