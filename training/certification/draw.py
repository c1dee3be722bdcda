"""Which would-be approvals are judged: monetary-unit sampling of connected entities.

An entity is hit with probability min(1, c · its money), and the hit falls on one of its claims in proportion to the
claim's money. So whatever rings there are, labels of different hits are independent, each is wrong with probability
equal to the ¥-share wrong, and an exact binomial bound applies. An entity of one claim is drawn as the audit draws that
claim: lot < c · amount.

With c above 1 / entity cap, entities of 1 / c and more are hit for certain: they form a stratum judged in full, where a
label stands for its entity's own money, while every label of the sampled stratum stands for 1 / c of money. Labels then
weigh differently, and only the betting bound takes them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.domain.certificate import Origin
from service.domain.errors import ConfigurationError
from service.policy.audit import uniform

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hits:
    """Drawn claims: ``positions`` into the pool, one per entity hit at most, and their ``weights`` in (0, 1]."""

    positions: Indices
    weights: Floats

    def __len__(self) -> int:
        return len(self.positions)


def lots(platforms: Sequence[str], order_numbers: Sequence[str], secret: bytes) -> Floats:
    """The audit lot of each claim in [0, 1): the same for the same order, however often it is applied for."""
    named = zip(platforms, order_numbers, strict=True)
    return np.array([uniform(secret, platform, number) for platform, number in named], dtype=np.float64)


def rounding_lots(platforms: Sequence[str], order_numbers: Sequence[str], secret: bytes) -> Floats:
    """A second lot of each claim, independent of the first: it decides whether a loss in part counts as wrong."""
    return lots(platforms, order_numbers, hashlib.sha256(b"loss in part" + secret).digest())


def simulated_secret(seed: int) -> bytes:
    """The audit secret of a simulated platform: reproducible, and of no use anywhere else."""
    return hashlib.sha256(f"simulated audit {seed}".encode()).digest()


def secret_of(origin: Origin, seed: int, given: bytes | None) -> bytes:
    """The audit's secret. A simulated platform's can be foreseen, so no other platform may use it."""
    if origin is Origin.SIMULATED:
        return simulated_secret(seed)
    if not given:
        raise ConfigurationError(
            "the draw of a real platform needs its own audit secret; set PREREVIEW_AUDIT_SECRET as the service has it"
        )
    return given


def inclusion(amount: Indices, entity: Indices, approved: Flags, certain_from: float) -> Floats:
    """Probability that each claim is the one judged, [n]; 0 for claims not approved. ``certain_from``: 1 / c."""
    money = np.where(approved, amount, 0).astype(np.float64)
    of_entity = np.bincount(entity, weights=money, minlength=1)[entity] if len(entity) else money
    return np.asarray(money / np.maximum(of_entity, certain_from))


def draw(amount: Indices, entity: Indices, approved: Flags, lot: Floats, certain_from: float, cap: float) -> Hits:
    """The claims to judge among the approved, in order of time; all arguments [n] and in order of time.

    Each claim uses its own lot: given that no earlier claim of its entity was hit, it is hit with the probability that
    makes its chance over all exactly ``inclusion``. ``cap``: the most money an entity may hold.
    """
    if not len(amount) or not approved.any():
        return Hits(np.zeros(0, dtype=np.int64), np.zeros(0))
    chance = inclusion(amount, entity, approved, certain_from)
    by_entity = np.argsort(entity, kind="stable")
    sums = np.cumsum(chance[by_entity])
    starts = np.flatnonzero(np.diff(entity[by_entity], prepend=-1))
    lengths = np.diff(np.append(starts, len(sums)))
    before_entity = np.repeat((sums - chance[by_entity])[starts], lengths)
    earlier = np.empty_like(chance)
    earlier[by_entity] = sums - chance[by_entity] - before_entity
    reached = approved & (lot * (1.0 - np.clip(earlier, 0.0, 1.0)) < chance)
    candidates = np.flatnonzero(reached)
    _, first = np.unique(entity[candidates], return_index=True)
    positions = np.sort(candidates[first])
    money = np.bincount(entity, weights=np.where(approved, amount, 0).astype(np.float64))[entity[positions]]
    return Hits(positions, np.maximum(money, certain_from) / max(cap, certain_from))
