"""Outages: spells in which a category's or a supplier's orders fail, and honest claims come in floods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from training.simulator.calendar import HOUR, Span
from training.simulator.market import Market
from training.simulator.parameters import Parameters
from training.simulator.streams import Flags, Floats, Integers, Random

_EVERY = -1


@dataclass(frozen=True, slots=True)
class Outage:
    """Seconds since the span's start; ``category`` or ``supplier`` -1 for every one. ``failing``: share of orders."""

    begins: float
    ends: float
    failing: float
    category: int = _EVERY
    supplier: int = _EVERY

    def hits(self, category: Integers, supplier: Integers, moment: Floats) -> Flags:
        inside = (moment >= self.begins) & (moment < self.ends)
        if self.category != _EVERY:
            inside &= category == self.category
        if self.supplier != _EVERY:
            inside &= supplier == self.supplier
        return np.asarray(inside)


def make_outages(parameters: Parameters, span: Span, market: Market, random: Random) -> tuple[Outage, ...]:
    """The named ones, which hit a whole category, and the suppliers' own, drawn: bad suppliers have more of them."""
    named = [
        Outage(
            begins=span.second(datetime.fromisoformat(one["from"])),
            ends=span.second(datetime.fromisoformat(one["to"])),
            failing=float(one["failing"]),
            category=market.categories.names.index(one["category"]),
        )
        for one in parameters.value("faults.outages")
    ]
    return (*named, *_of_suppliers(parameters, span, market, random))


def _of_suppliers(parameters: Parameters, span: Span, market: Market, random: Random) -> list[Outage]:
    years = span.seconds / (365.0 * 24 * HOUR)
    rate = parameters.number("faults.supplier_outages") * years * market.supplier_badness
    found: list[Outage] = []
    for supplier, number in enumerate(random.poisson(rate)):
        for _ in range(int(number)):
            begins = float(random.uniform(0.0, span.seconds))
            length = float(random.uniform(*parameters.pair("faults.supplier_outage_hours"))) * HOUR
            failing = float(random.uniform(*parameters.pair("faults.supplier_outage_failing")))
            found.append(Outage(begins, begins + length, failing, supplier=supplier))
    return found
