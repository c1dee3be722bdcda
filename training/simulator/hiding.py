"""Facts that a page hides, cut off or covered, and whether the evidence is whole in spite of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from service.domain.checks import CheckCode, Result
from service.domain.claims import ReasonCode
from service.domain.evidence import FieldName
from training.simulator.records import World
from training.simulator.streams import Flags, Integers, Random

ORDER_PAGE, PAYMENT_PAGE = 0, 1  # columns of the pages that record a purchase
NOTHING = -1
# Per page the facts that may be hidden: number, amount, time.
FACTS: Mapping[int, tuple[tuple[CheckCode, FieldName], ...]] = {
    ORDER_PAGE: (
        (CheckCode.ORDER_NUMBER, FieldName.ORDER_NUMBER),
        (CheckCode.AMOUNT, FieldName.AMOUNT),
        (CheckCode.ORDERED_AT, FieldName.ORDERED_AT),
    ),
    PAYMENT_PAGE: (
        (CheckCode.TRADE_NUMBER, FieldName.TRADE_NUMBER),
        (CheckCode.AMOUNT, FieldName.AMOUNT),
        (CheckCode.PAID_AT, FieldName.PAID_AT),
    ),
}
_GROUPS, _TIME = 3, 2
_WITH_PROBLEM = frozenset(
    {
        ReasonCode.NOT_DELIVERED,
        ReasonCode.CODE_INVALID,
        ReasonCode.CODE_ALREADY_USED,
        ReasonCode.USED_WITHOUT_EFFECT,
        ReasonCode.SERVICE_ABNORMAL,
    }
)


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


def see_completeness(
    world: World, ranks: Integers, codes: tuple[CheckCode, ...], hiding: Hiding, readable: Flags, problem: Flags
) -> None:
    """The rank of the completeness check, as ``service.evidence`` finds it on the pages written from these draws.

    ``problem``: a page came that shows what went wrong.
    """
    passing, unknown, failing = (result.rank for result in (Result.PASS, Result.UNKNOWN, Result.FAIL))
    needs = np.array([reason in _WITH_PROBLEM for reason in world.claims.reason])
    whole, gapped = np.ones(len(needs), bool), np.zeros(len(needs), bool)
    for group in range(_GROUPS):
        shown, told = np.zeros(len(needs), bool), np.zeros(len(needs), bool)
        for page, facts in FACTS.items():
            rank = ranks[:, codes.index(facts[group][0])]
            here = hiding.told[:, page] == group
            # What agrees with the record is shown, whatever stands near it; of moments that is not asked.
            agrees = (rank == passing) & (group != _TIME)
            shown |= readable[:, page] & (rank != unknown) & (~here | agrees)
            told |= readable[:, page] & here
        whole &= shown
        gapped |= told & ~shown
    complete = whole & (problem | ~needs)
    ranks[:, codes.index(CheckCode.EVIDENCE_COMPLETE)] = np.where(gapped, failing, np.where(complete, passing, unknown))
