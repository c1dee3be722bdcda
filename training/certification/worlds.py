"""Cheap worlds to prove the certificate on: would-be approvals with scores, money, entities and losses, no model.

Every world is drawn anew from a law whose ¥-share wrong is known at every threshold, so a certificate that breaks its
promise is known to. A ring is wrong as a whole; what it claims in all is far beyond what an entity may take.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from training.certification.entities import within_cap
from training.certification.terms import Pool

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Shape = Literal["flat", "rising"]

CAP = 30_000  # ¥300: the demo policy's cap of approval by risk, and what it lets an entity take


@dataclass(frozen=True, slots=True)
class Law:
    """How a world is drawn.

    ``claims`` expected outside rings. ``share``: of the money approved at a threshold of 1, the part wrong. ``ringed``:
    of what is wrong, the part that rings take, each with ``ring_claims`` claims; the rest is wrong claim by claim, and
    then loses ``part`` of its money. ``held``: the rule holds a ring to the entity cap (and ``share`` is reached with
    that many more rings). ``shape``: *flat*: the same share at every threshold; *rising*: claims outside rings are
    wrong in proportion to their score, so that smaller thresholds are safer.
    """

    claims: int
    share: float
    ringed: float = 0.0
    ring_claims: int = 30
    held: bool = True
    shape: Shape = "flat"
    part: float = 1.0

    @property
    def alone(self) -> float:
        """Expected loss of a claim outside rings, as a share of its money."""
        return (1.0 - self.ringed) * self.share / (1.0 - self.ringed * self.share)

    @property
    def rings(self) -> float:
        """Rings expected."""
        by_rings = self.ringed * self.share
        taken = _held_takings(self.ring_claims) if self.held else self.ring_claims * mean_amount()
        return by_rings / (1.0 - by_rings) * self.claims * mean_amount() / taken

    def share_at(self, threshold: float) -> float:
        """Of the money approved at or below the threshold, the part wrong in expectation."""
        below = 1.0 if self.shape == "flat" else threshold
        return self.share * (self.ringed + (1.0 - self.ringed) * below)


@dataclass(frozen=True, slots=True)
class World:
    """``shares``: loss of each claim of the pool, in [0, 1]."""

    pool: Pool
    shares: Floats

    def claim_by_claim(self) -> World:
        """The same world to a test that takes every claim for an entity of its own."""
        return replace(self, pool=replace(self.pool, entity=np.arange(len(self.pool))))

    def held(self) -> World:
        """The claims that an entity cap lets through. Claims of a ring share one score, so none of it depends on the
        threshold."""
        kept = within_cap(self.pool.amount, self.pool.entity, np.ones(len(self.pool), dtype=bool), CAP)
        chosen = np.flatnonzero(kept)
        return World(
            Pool(
                platforms=self.pool.platforms[: len(chosen)],
                claim_ids=self.pool.claim_ids[: len(chosen)],
                order_numbers=self.pool.order_numbers[: len(chosen)],
                probability=self.pool.probability[chosen],
                amount=self.pool.amount[chosen],
                entity=self.pool.entity[chosen],
            ),
            self.shares[chosen],
        )


def amounts(random: np.random.Generator, count: int) -> Indices:
    """Log-normal around ¥60, as small claims are, within the cap; minor units."""
    return np.clip(np.round(np.exp(random.normal(8.7, 0.8, count))), 500, CAP).astype(np.int64)


@cache
def mean_amount() -> float:
    return float(amounts(np.random.default_rng(0), 400_000).mean())


@cache
def _held_takings(claims: int) -> float:
    """What a ring of so many claims gets under the entity cap, on average."""
    random, rings = np.random.default_rng(1), 2000
    amount = amounts(random, claims * rings)
    kept = within_cap(amount, np.repeat(np.arange(rings), claims), np.ones(len(amount), dtype=bool), CAP)
    return float(amount[kept].sum() / rings)


def claims_for(labels: float) -> int:
    """Claims that give so many labels, drawn by money with an entity cap of CAP."""
    return round(labels * CAP / mean_amount())


def draw_world(law: Law, random: np.random.Generator) -> World:
    """One part of a world. Claims come in an order of time that mixes rings with the rest."""
    single, rings = int(random.poisson(law.claims)), int(random.poisson(law.rings))
    in_rings = rings * law.ring_claims
    count = single + in_rings
    score = np.r_[random.random(single), np.repeat(random.random(rings), law.ring_claims)]
    expected = law.alone if law.shape == "flat" else 2.0 * law.alone * score[:single]
    lost = law.part * (random.random(single) < expected / law.part)
    entity = np.r_[np.arange(single), single + np.repeat(np.arange(rings), law.ring_claims)]
    mixed = random.permutation(count)
    nameless = ("",) * count
    pool = Pool(nameless, nameless, nameless, score[mixed], amounts(random, count), entity[mixed])
    return World(pool, np.r_[lost, np.ones(in_rings)][mixed])
