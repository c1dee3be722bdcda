"""Who buys: accounts of eight kinds, their devices, payers and addresses, rings and crews that share them, and minds.

A *mind* is who learns from a decision: most accounts have one of their own, the accounts of a ring and the buyers of
one colluding seller share one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.simulator.calendar import DAY, Span
from training.simulator.market import Market
from training.simulator.parameters import Parameters
from training.simulator.streams import Flags, Floats, Integers, Random, pick

KINDS = ("honest", "careless", "opportunist", "abuser", "ring", "stolen", "colluding", "novel")
HONEST, CARELESS, OPPORTUNIST, ABUSER, RING, STOLEN, COLLUDING, NOVEL = range(len(KINDS))
# What a table of behaviour leaves out for these kinds is as it is for the honest.
_AS_THE_HONEST = frozenset({"stolen", "colluding", "novel"})
ADAPTING = (OPPORTUNIST, ABUSER, RING, COLLUDING)
_THEFT_TAIL = 30 * DAY  # thefts end this long before the year does, so that what follows is seen


@dataclass(frozen=True, slots=True)
class Population:
    """One entry per account. Devices, payers and addresses are numbers; names are made when tables are written.

    ``opened``, ``active_from``, ``active_to``, ``taken_from``, ``taken_to`` (in a thief's hands; NaN for never):
    seconds since the span's start. ``ring``, ``crew`` (of thieves), ``own_seller`` (whom a colluding buyer buys from):
    -1 for none. ``mind``: who learns, 0 to ``minds`` - 1.
    """

    kind: Integers
    opened: Floats
    active_from: Floats
    active_to: Floats
    activity: Floats
    ring: Integers
    own_seller: Integers
    crew: Integers
    taken_from: Floats
    taken_to: Floats
    mind: Integers
    minds: int
    device: Integers
    payer: Integers
    elderly: Flags
    parameters: Parameters

    def __len__(self) -> int:
        return len(self.kind)

    def by_kind(self, path: str) -> Floats:
        """A per-kind parameter table as one value per account; kinds the table leaves out count 0, or as the honest.

        ``signal.strength`` pulls every kind towards the honest: at 0 all do as they do.
        """
        table = self.parameters.table(path)
        honest, strength = float(table.get("honest", 0.0)), self.parameters.number("signal.strength")
        values = {kind: float(table.get(kind, honest if kind in _AS_THE_HONEST else 0.0)) for kind in KINDS}
        return np.array([honest + strength * (values[kind] - honest) for kind in KINDS])[self.kind]

    def in_thiefs_hands(self, account: Integers, moment: Floats) -> Flags:
        """Whether each account was taken over at its moment."""
        return np.asarray((moment >= self.taken_from[account]) & (moment < self.taken_to[account]))


@dataclass(frozen=True, slots=True)
class Sessions:
    """Where a request came from, one entry per request."""

    device: Integers
    payer: Integers
    address: Integers


def make_population(parameters: Parameters, span: Span, market: Market, random: Random, count: int) -> Population:
    shares = np.array([parameters.number(f"accounts.kinds.{kind}.share") for kind in KINDS])
    kind = pick(random, shares, count)
    opened = _openings(parameters, span, random, kind)
    active_from, active_to = np.maximum(opened, 0.0), np.full(count, span.seconds)
    ring = _groups(random, np.flatnonzero(kind == RING), parameters.pair("accounts.ring.size"), count)
    _worn_out(parameters, span, random, ring, (opened, active_from, active_to))
    circle = _groups(random, np.flatnonzero(kind == COLLUDING), parameters.pair("accounts.colluding.size"), count)
    taken_from, taken_to, crew = _thefts(parameters, span, random, kind)
    shape = parameters.number("accounts.activity_shape")
    factor = np.array([parameters.number(f"accounts.kinds.{name}.activity") for name in KINDS])[kind]
    numbers, rings = np.arange(count), int(ring.max(initial=-1)) + 1
    mind = np.where(ring >= 0, count + ring, np.where(circle >= 0, count + rings + circle, numbers))
    return Population(
        kind=kind,
        opened=opened,
        active_from=active_from,
        active_to=active_to,
        activity=random.gamma(shape, 1.0 / shape, count) * factor,
        ring=ring,
        own_seller=_own_sellers(market, random, circle),
        crew=crew,
        taken_from=taken_from,
        taken_to=taken_to,
        mind=mind,
        minds=count + rings + int(circle.max(initial=-1)) + 1,
        device=_shared(random, numbers, parameters.number("accounts.shared_device")),
        payer=_shared(random, numbers, parameters.number("accounts.shared_payer")),
        elderly=random.random(count) < parameters.number("claiming.elderly"),
        parameters=parameters,
    )


def _openings(parameters: Parameters, span: Span, random: Random, kind: Integers) -> Floats:
    count = len(kind)
    old_share = np.full(count, parameters.number("accounts.old_share"))
    old_share[kind == ABUSER] = 1.0 - parameters.number("accounts.abuser_new_share")
    old_share[np.isin(kind, (STOLEN, NOVEL))] = 1.0
    old = random.random(count) < old_share
    oldest = parameters.number("accounts.oldest") * DAY
    return np.where(old, -random.random(count) * oldest, random.random(count) * span.seconds * 0.97)


def _groups(random: Random, members: Integers, size: tuple[float, float], count: int) -> Integers:
    """Members put into groups one after the other; -1 for everybody else."""
    group = np.full(count, -1, dtype=np.int64)
    first, number = 0, 0
    while first < len(members):
        chosen = members[first : first + int(random.integers(int(size[0]), int(size[1]) + 1))]
        group[chosen] = number
        first, number = first + len(chosen), number + 1
    return group


def _worn_out(
    parameters: Parameters, span: Span, random: Random, ring: Integers, lives: tuple[Floats, Floats, Floats]
) -> None:
    """A ring's accounts are opened shortly before it begins, and given up when it ends."""
    opened, active_from, active_to = lives
    for number in range(int(ring.max(initial=-1)) + 1):
        chosen = np.flatnonzero(ring == number)
        life = random.uniform(*parameters.pair("accounts.ring.life")) * DAY
        begin = random.uniform(0.0, span.seconds - 20 * DAY)
        opened[chosen] = begin - random.random(len(chosen)) * parameters.number("accounts.ring.warm_up") * DAY
        active_from[chosen] = np.maximum(begin, 0.0)
        active_to[chosen] = min(begin + life, span.seconds)


def _own_sellers(market: Market, random: Random, circle: Integers) -> Integers:
    """Each circle of buyers works with one colluding seller; several may serve the same."""
    crooked = np.flatnonzero(market.colluding)
    own = crooked[random.integers(0, len(crooked), int(circle.max(initial=-1)) + 2)]
    return np.where(circle >= 0, own[circle], -1)


def _thefts(parameters: Parameters, span: Span, random: Random, kind: Integers) -> tuple[Floats, Floats, Integers]:
    """When stolen accounts are in a thief's hands, and whose: a crew works through several."""
    victims = np.flatnonzero(kind == STOLEN)
    taken_from, taken_to = np.full(len(kind), np.nan), np.full(len(kind), np.nan)
    crew = np.full(len(kind), -1, dtype=np.int64)
    began = random.uniform(10 * DAY, span.seconds - _THEFT_TAIL, len(victims))
    order = np.argsort(began)
    taken_from[victims] = began
    taken_to[victims] = began + random.uniform(*parameters.pair("accounts.stolen.days"), len(victims)) * DAY
    crew[victims[order]] = np.arange(len(victims)) // parameters.whole("accounts.stolen.crew")
    return taken_from, taken_to, crew


def _shared(random: Random, own: Integers, share: float) -> Integers:
    """Everybody's own number, except a share who use another's."""
    borrowed = random.random(len(own)) < share
    return np.where(borrowed, random.integers(0, len(own), len(own)), own)


def draw_sessions(population: Population, random: Random, account: Integers, moment: Floats) -> Sessions:
    """Device, payer and address of one request per entry of ``account`` at its ``moment``."""
    parameters, total, count = population.parameters, len(population), len(account)
    second = (account * 2654435761 % 1000) < parameters.number("accounts.second_device") * 1000
    other_device = second & (random.random(count) < 0.3)
    device = np.where(other_device, total + account, population.device[account])
    payer = population.payer[account].copy()
    mobile = random.random(count) < parameters.number("accounts.carrier_address")
    carrier = total + random.integers(0, parameters.whole("accounts.carrier_addresses"), count)
    address = np.where(mobile, carrier, account)
    ring = population.ring[account]
    offset = 2 * total + 1000
    for target, name in ((device, "devices"), (payer, "payers"), (address, "addresses")):
        size = parameters.whole(f"accounts.ring.{name}")
        shared = (ring >= 0) & (random.random(count) < parameters.number("accounts.ring.sharing"))
        common = offset + ring * size + random.integers(0, size, count)
        target[shared] = common[shared]
    # A thief comes from elsewhere and pays with what the owner has left on the account.
    thief = population.in_thiefs_hands(account, moment)
    foreign = 3 * total + 2000 + population.crew[account]
    return Sessions(np.where(thief, foreign, device), payer, np.where(thief, foreign, address))
