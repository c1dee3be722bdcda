"""Who cheats learns: from answers to earlier claims, and from what the platform announces.

A mind knows in the morning what was answered before midnight. That is why steps of a day are enough: a reviewer's
answer takes hours, goods have to be bought and delivered before they can be claimed, and who is answered at once by a
machine still acts on it the next day. Nothing in this world reacts faster.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from training.simulator.calendar import DAY, Span
from training.simulator.market import Market
from training.simulator.parameters import Parameters
from training.simulator.population import ADAPTING, Population
from training.simulator.streams import Flags, Floats, Integers, Random


@dataclass(frozen=True, slots=True)
class Change:
    """A rule made public at ``announced`` and in force from ``begins`` (seconds since the span's start).

    ``limit``: claims below it (fen) are then asked for no upload, and approved at once where the platform is live.
    """

    announced: float
    begins: float
    limit: int


def changes_of(parameters: Parameters, span: Span) -> tuple[Change, ...]:
    return tuple(
        Change(
            span.second(datetime.fromisoformat(one["announced"])),
            span.second(datetime.fromisoformat(one["from"])),
            round(100 * one["one_click_below"]),
        )
        for one in parameters.value("operation.changes")
    )


class Minds:
    """What each mind has learned by this morning. ``granted``, ``rejected``: answers to its undue claims, fading;
    ``won``, ``lost``: the same by category of goods (minds, categories), since where the supplier keeps a log one is
    found out; ``ceiling``: the largest amount (fen) it got away with, 0 for none."""

    def __init__(
        self, parameters: Parameters, population: Population, categories: int, changes: tuple[Change, ...]
    ) -> None:
        self.granted: Floats = np.zeros(population.minds)
        self.rejected: Floats = np.zeros(population.minds)
        self.won: Floats = np.zeros((population.minds, categories))
        self.lost: Floats = np.zeros((population.minds, categories))
        self.ceiling: Integers = np.zeros(population.minds, dtype=np.int64)
        self._adapts = np.zeros(population.minds, dtype=bool)
        if parameters.value("adapting.on"):
            self._adapts[population.mind[np.isin(population.kind, ADAPTING)]] = True
        self._answers: dict[int, list[tuple[Integers, Flags, Integers, Integers]]] = defaultdict(list)
        self._parameters, self._changes = parameters, changes
        self._fading = float(np.exp(-1.0 / parameters.number("adapting.memory")))

    def tell(self, mind: Integers, decided: Floats, granted: Flags, amount: Integers, category: Integers) -> None:
        """Answers to undue claims; each is known from the morning after it was given."""
        known = (decided // DAY).astype(np.int64) + 1
        for day in np.unique(known[self._adapts[mind]]):
            chosen = (known == day) & self._adapts[mind]
            self._answers[int(day)].append((mind[chosen], granted[chosen], amount[chosen], category[chosen]))

    def wake(self, day: int) -> None:
        """Morning of ``day``: what was learned fades, and yesterday's answers are taken in."""
        for learned in (self.granted, self.rejected, self.won, self.lost):
            learned *= self._fading
        for mind, granted, amount, category in self._answers.pop(day, ()):
            np.add.at(self.granted, mind[granted], 1.0)
            np.add.at(self.rejected, mind[~granted], 1.0)
            np.add.at(self.won, (mind[granted], category[granted]), 1.0)
            np.add.at(self.lost, (mind[~granted], category[~granted]), 1.0)
            np.maximum.at(self.ceiling, mind[granted], amount[granted])
            # What was refused was too much.
            lower = (self._parameters.number("adapting.lower_after_refusal") * amount).astype(np.int64)
            np.minimum.at(self.ceiling, mind[~granted], lower[~granted])

    def adapts(self, mind: Integers) -> Flags:
        return np.asarray(self._adapts[mind])

    def boldness(self, mind: Integers, category: Integers) -> Floats:
        """Factor on the wish to claim what is not due: more after grants, less after refusals, above all of the same
        goods; 1 for who does not learn."""
        bolder, shyer = (self._parameters.number(f"adapting.{name}") for name in ("bolder", "shyer"))
        least, most = self._parameters.pair("adapting.boldness")
        refused = 0.5 * self.rejected[mind] + self.lost[mind, category]
        factor = np.clip(bolder ** self.granted[mind] * shyer**refused, least, most)
        return np.where(self._adapts[mind], factor, 1.0)

    def safest(self, mind: Integers) -> Integers:
        """The category in which each mind fared best, -1 where it was granted nothing lately."""
        balance = self.won[mind] - self.lost[mind]
        best = balance.argmax(axis=1) if len(mind) else np.zeros(0, dtype=np.int64)
        return np.where(balance.max(axis=1, initial=-np.inf) > 0.25, best, -1)

    def limit(self, moment: float) -> int:
        """The one-click limit (fen) that is public at ``moment``; 0 for none."""
        return max((change.limit for change in self._changes if change.announced <= moment), default=0)

    def held_until(self, moment: Floats) -> Floats:
        """Start of an announced change that a claim at ``moment`` had better wait for; NaN for none."""
        until = np.full(len(moment), np.nan)
        for change in self._changes:
            until[(moment >= change.announced) & (moment < change.begins)] = change.begins
        return until

    def surge(self, moment: Floats) -> Floats:
        """Factor on the wish to claim in the days after a change: everybody who cheats tries it out."""
        days = self._parameters.number("adapting.surge_days") * DAY
        factor = np.ones(len(moment))
        for change in self._changes:
            factor[(moment >= change.begins) & (moment < change.begins + days)] = self._parameters.number(
                "adapting.surge"
            )
        return factor


class Shelf:
    """The market's products by price and by category, to buy what one dares to claim."""

    def __init__(self, market: Market) -> None:
        self._by_category = np.argsort(market.category, kind="stable")
        self._category = market.category[self._by_category]
        self._category_edges = np.concatenate([np.zeros(1), np.cumsum(market.weight[self._by_category])])
        self._order = np.argsort(market.price, kind="stable")
        self._price = market.price[self._order]
        self._edges = np.concatenate([np.zeros(1), np.cumsum(market.weight[self._order])])

    def between(self, random: Random, low: Integers, high: Integers) -> Integers:
        """One product per entry with low <= price < high (fen); -1 where there is none."""
        first, last = np.searchsorted(self._price, low), np.searchsorted(self._price, high)
        return _weighted(random, self._order, self._edges, first, last)

    def of(self, random: Random, category: Integers) -> Integers:
        """One product per entry of its category; -1 where the category is -1."""
        first, last = (np.searchsorted(self._category, category, side=side) for side in ("left", "right"))
        return _weighted(random, self._by_category, self._category_edges, first, last)


def _weighted(random: Random, order: Integers, edges: Floats, first: Integers, last: Integers) -> Integers:
    """One of ``order[first:last]`` per entry by weight (``edges``: cumulative); -1 where there is none."""
    share = edges[first] + random.random(len(first)) * (edges[last] - edges[first])
    place = np.clip(np.searchsorted(edges, share, side="right") - 1, first, np.maximum(last - 1, first))
    return np.where(last > first, order[np.minimum(place, len(order) - 1)], -1)
