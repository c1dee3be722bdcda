"""What is sold and by whom: sellers of differing quality, products with face values, prices and terms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from service.domain.claims import GoodsKind
from training.simulator.parameters import Parameters
from training.simulator.streams import Flags, Floats, Integers, Random, pick

FAULTS = (
    "not_delivered",
    "code_invalid",
    "code_used",
    "ineffective",
    "not_as_described",
    "service_abnormal",
    "late",
    "duplicate_payment",
    "platform_fault",
    "partial_use",
)


@dataclass(frozen=True, slots=True)
class Categories:
    """One entry per category, in the parameters' order. Times in seconds; rates are shares of orders."""

    names: tuple[str, ...]
    kinds: tuple[GoodsKind, ...]
    shares: Floats
    delivery: Floats
    promise: Floats
    log: Floats
    undo: Floats
    faults: Floats  # (categories, FAULTS)

    def is_kind(self, category: Integers, *kinds: GoodsKind) -> Flags:
        """Whether each category number is of one of the kinds."""
        return np.array([kind in kinds for kind in self.kinds])[category]


@dataclass(frozen=True, slots=True)
class Market:
    """Per product: seller, category, face value and price (fen), weight, terms. Per seller: badness (mean about 1)."""

    categories: Categories
    badness: Floats
    seller: Integers
    category: Integers
    face: Integers
    price: Integers
    weight: Floats
    notice: Flags
    conspicuous: Flags
    time_limit: Integers  # hours; 0: the product has none of its own


def make_market(parameters: Parameters, random: Random, scale: float) -> Market:
    """``scale`` 1 for the default size; the number of sellers grows with its square root."""
    categories = _categories(parameters)
    sellers = max(8, round(parameters.whole("market.sellers") * scale**0.5))
    sigma = parameters.number("market.seller_badness")
    badness = np.exp(random.normal(-sigma * sigma / 2, sigma, sellers))
    popularity = np.exp(random.normal(0.0, parameters.number("market.seller_popularity"), sellers))
    low, high = (int(x) for x in parameters.pair("market.products_per_seller"))
    seller = np.repeat(np.arange(sellers), random.integers(low, high + 1, sellers))
    category = pick(random, categories.shares, len(seller))
    # Every category is sold by somebody, however small the world.
    category[: len(categories.names)] = np.arange(len(categories.names))
    faces = [parameters.value(f"market.categories.{name}.faces") for name in categories.names]
    face = np.array([100 * int(random.choice(faces[number])) for number in category])
    discount = random.uniform(*parameters.pair("market.discount"), len(seller))
    weight = popularity[seller] * random.gamma(2.0, 0.5, len(seller))
    limits = np.array(parameters.value("market.time_limits"))
    own_limit = random.random(len(seller)) < parameters.number("market.seller_time_limit")
    return Market(
        categories=categories,
        badness=badness,
        seller=seller,
        category=category,
        face=face,
        price=np.maximum(100, np.round(face * discount / 10).astype(np.int64) * 10),
        weight=_balanced(weight, category, categories.shares),
        notice=random.random(len(seller)) < parameters.number("market.no_refund_notice"),
        conspicuous=random.random(len(seller)) < parameters.number("market.conspicuous"),
        time_limit=np.where(own_limit, random.choice(limits, len(seller)), 0),
    )


def _balanced(weight: Floats, category: Integers, shares: Floats) -> Floats:
    """Weights scaled so that each category gets its share of orders."""
    sums = np.bincount(category, weight, minlength=len(shares))
    return weight / sums[category] * shares[category]


def _categories(parameters: Parameters) -> Categories:
    names = tuple(parameters.table("market.categories"))

    def each(leaf: str) -> Floats:
        return np.array([parameters.number(f"market.categories.{name}.{leaf}") for name in names])

    faults = np.array(
        [
            [float(parameters.table(f"market.categories.{name}.faults").get(fault, 0.0)) for fault in FAULTS]
            for name in names
        ]
    )
    kinds = tuple(GoodsKind(parameters.value(f"market.categories.{name}.kind")) for name in names)
    faults[:, FAULTS.index("late")] = parameters.number("faults.late_delivery")
    faults[:, FAULTS.index("duplicate_payment")] = parameters.number("faults.duplicate_payment")
    faults[:, FAULTS.index("platform_fault")] = parameters.number("faults.platform_fault")
    member = np.array([kind is GoodsKind.MEMBERSHIP for kind in kinds])
    faults[member, FAULTS.index("partial_use")] = parameters.number("faults.partial_use")
    return Categories(
        names, kinds, each("share"), each("delivery") * 60, each("promise") * 3600, each("log"), each("undo"), faults
    )
