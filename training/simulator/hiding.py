"""Facts that a page hides, cut off or covered, and what the reader says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from service.domain.evidence import FieldName
from training.simulator.records import World
from training.simulator.streams import Flags, Integers, Random

ORDER_PAGE, PAYMENT_PAGE = 0, 1  # columns of the pages that record a purchase
NOTHING = -1
# Per page the facts that may be hidden: number, amount, time.
FACTS: Mapping[int, tuple[FieldName, ...]] = {
    ORDER_PAGE: (FieldName.ORDER_NUMBER, FieldName.AMOUNT, FieldName.ORDERED_AT),
    PAYMENT_PAGE: (FieldName.TRADE_NUMBER, FieldName.AMOUNT, FieldName.PAID_AT),
}
_GROUPS = 3


@dataclass(frozen=True, slots=True)
class Hiding:
    """Per claim and page of a purchase an index into its FACTS, or NOTHING.

    ``hidden``: what cannot be read; ``told``: what the reader says cannot be, at times wrongly.
    """

    hidden: Integers
    told: Integers


def make_hiding(world: World, dishonest: Flags, readable: Flags, random: Random) -> Hiding:
    """``readable``: (claims, pages), the pages of a purchase that came and could be read."""
    parameters, shape = world.parameters, readable.shape
    chance = world.population.by_kind("evidence.hidden")[world.claims.account]
    chance = np.where(dishonest, chance, parameters.number("evidence.hidden_honest"))
    hides = readable & (random.random(shape) < chance[:, None])
    fact = random.integers(0, _GROUPS, shape)
    hidden = np.where(hides, fact, NOTHING)
    noticed = random.random(shape) < parameters.number("evidence.gap_told")
    wrongly = random.random(shape) < parameters.number("evidence.gap_told_wrongly")
    told = np.where(hides, np.where(noticed, fact, NOTHING), np.where(readable & wrongly, fact, NOTHING))
    return Hiding(hidden, told)
