"""What is sold, by whom, and from where: sellers and suppliers of differing quality, products with prices and terms."""

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
    """Per product: seller, supplier, category, face value and price (fen), weight, terms.

    Per seller: ``badness`` (mean about 1, a factor on failures) and whether it is ``colluding`` with buyers of its own.
    Per supplier: ``supplier_badness``, ``supplier_logs`` (factor on the share of usable logs) and whether it is
    ``leaky`` (see the novel mechanism in parameters.yaml). A supplier serves several sellers.
    """

    categories: Categories
    badness: Floats
    colluding: Flags
    supplier_badness: Floats
    supplier_logs: Floats
    leaky: Flags
    seller: Integers
    supplier: Integers
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
    badness = _factor(random, parameters.number("market.seller_badness"), sellers)
    suppliers = max(len(categories.names), round(parameters.number("market.suppliers_per_seller") * sellers))
    supplier_badness = _factor(random, parameters.number("market.supplier_badness"), suppliers)
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
        colluding=_some(random, parameters.number("market.colluding_sellers"), sellers),
        supplier_badness=supplier_badness,
        # Who delivers badly also logs badly.
        supplier_logs=np.clip(supplier_badness ** -parameters.number("market.log_falls_with_badness"), 0.3, 1.3),
        leaky=_some(random, parameters.number("novel.leaky_suppliers"), suppliers),
        seller=seller,
        supplier=_suppliers(random, seller, category, suppliers, len(categories.names)),
        category=category,
        face=face,
        price=np.maximum(100, np.round(face * discount / 10).astype(np.int64) * 10),
        weight=_balanced(weight, category, categories.shares),
        notice=random.random(len(seller)) < parameters.number("market.no_refund_notice"),
        conspicuous=random.random(len(seller)) < parameters.number("market.conspicuous"),
        time_limit=np.where(own_limit, random.choice(limits, len(seller)), 0),
    )


def _factor(random: Random, sigma: float, count: int) -> Floats:
    """Log-normal factors with mean 1."""
    return np.exp(random.normal(-sigma * sigma / 2, sigma, count))


def _some(random: Random, share: float, count: int) -> Flags:
    """A share of ``count``, at least one."""
    chosen = random.random(count) < share
    chosen[int(random.integers(0, count))] |= not chosen.any()
    return np.asarray(chosen)


def _suppliers(random: Random, seller: Integers, category: Integers, suppliers: int, categories: int) -> Integers:
    """A seller gets its products of a category from one of the suppliers of that category (number mod categories)."""
    serving = np.maximum(1, (suppliers - np.arange(categories) - 1) // categories + 1)
    choice = random.random((int(seller.max()) + 1, categories))
    return category + categories * np.floor(choice[seller, category] * serving[category]).astype(np.int64)


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
