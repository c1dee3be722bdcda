"""Who buys: accounts of five kinds, their devices, payers and addresses, and rings that share them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.simulator.calendar import DAY, Span
from training.simulator.parameters import Parameters
from training.simulator.streams import Flags, Floats, Integers, Random, pick

KINDS = ("honest", "careless", "opportunist", "abuser", "ring", "novel")
# Kinds that a table of behaviour leaves out because they do as others do.
_AS_THE_HONEST = frozenset({"novel"})
RING = KINDS.index("ring")
ABUSER = KINDS.index("abuser")
NOVEL = KINDS.index("novel")


@dataclass(frozen=True, slots=True)
class Population:
    """One entry per account. Devices, payers and addresses are numbers; names are made when tables are written.

    ``opened``, ``active_from``, ``active_to``: seconds since the span's start. ``ring``: -1 for none.
    """

    kind: Integers
    opened: Floats
    active_from: Floats
    active_to: Floats
    activity: Floats
    ring: Integers
    device: Integers
    payer: Integers
    elderly: Flags
    parameters: Parameters

    def __len__(self) -> int:
        return len(self.kind)

    def by_kind(self, path: str) -> Floats:
        """A per-kind parameter table as one value per account; kinds the table leaves out count 0.

        ``signal.strength`` pulls every kind towards the honest: at 0 all do as they do.
        """
        table = self.parameters.table(path)
        honest, strength = float(table.get("honest", 0.0)), self.parameters.number("signal.strength")
        values = {kind: float(table.get(kind, honest if kind in _AS_THE_HONEST else 0.0)) for kind in KINDS}
        return np.array([honest + strength * (values[kind] - honest) for kind in KINDS])[self.kind]


@dataclass(frozen=True, slots=True)
class Sessions:
    """Where a request came from, one entry per request."""

    device: Integers
    payer: Integers
    address: Integers


def make_population(parameters: Parameters, span: Span, random: Random, count: int) -> Population:
    shares = np.array([parameters.number(f"accounts.kinds.{kind}.share") for kind in KINDS])
    kind = pick(random, shares, count)
    opened, active_from, active_to, ring = _lives(parameters, span, random, kind)
    shape = parameters.number("accounts.activity_shape")
    factor = np.array([parameters.number(f"accounts.kinds.{name}.activity") for name in KINDS])[kind]
    numbers = np.arange(count)
    return Population(
        kind=kind,
        opened=opened,
        active_from=active_from,
        active_to=active_to,
        activity=random.gamma(shape, 1.0 / shape, count) * factor,
        ring=ring,
        device=_shared(random, numbers, parameters.number("accounts.shared_device")),
        payer=_shared(random, numbers, parameters.number("accounts.shared_payer")),
        elderly=random.random(count) < parameters.number("claiming.elderly"),
        parameters=parameters,
    )


def _lives(
    parameters: Parameters, span: Span, random: Random, kind: Integers
) -> tuple[Floats, Floats, Floats, Integers]:
    """Opening and active time per account, and its ring."""
    count = len(kind)
    old_share = np.full(count, parameters.number("accounts.old_share"))
    old_share[kind == ABUSER] = 1.0 - parameters.number("accounts.abuser_new_share")
    old_share[kind == NOVEL] = 1.0
    old = random.random(count) < old_share
    oldest = parameters.number("accounts.oldest") * DAY
    opened = np.where(old, -random.random(count) * oldest, random.random(count) * span.seconds * 0.97)
    active_from, active_to = np.maximum(opened, 0.0), np.full(count, span.seconds)
    ring = np.full(count, -1, dtype=np.int64)
    members = np.flatnonzero(kind == RING)
    low, high = (int(x) for x in parameters.pair("accounts.ring.size"))
    first, number = 0, 0
    while first < len(members):
        chosen = members[first : first + int(random.integers(low, high + 1))]
        life = random.uniform(*parameters.pair("accounts.ring.life")) * DAY
        begin = random.uniform(0.0, span.seconds - 20 * DAY)
        ring[chosen] = number
        opened[chosen] = begin - random.random(len(chosen)) * parameters.number("accounts.ring.warm_up") * DAY
        active_from[chosen] = np.maximum(begin, 0.0)
        active_to[chosen] = min(begin + life, span.seconds)
        first, number = first + len(chosen), number + 1
    return opened, active_from, active_to, ring


def _shared(random: Random, own: Integers, share: float) -> Integers:
    """Everybody's own number, except a share who use another's."""
    borrowed = random.random(len(own)) < share
    return np.where(borrowed, random.integers(0, len(own), len(own)), own)


def draw_sessions(population: Population, random: Random, account: Integers) -> Sessions:
    """Device, payer and address of one request per entry of ``account``."""
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
    return Sessions(device, payer, address)
