"""Pools and desks for the tests of certification."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from training.certification.draw import simulated_secret
from training.certification.terms import Pool, Terms
from training.labels import Adjudicated

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TERMS = Terms(alpha=0.02, delta=0.05, cap=30_000, entity_cap=30_000, candidates=20)
SECRET = simulated_secret(1)


class Desk:
    """Judges from a list of wrong shares; None is still open."""

    def __init__(self, pool: Pool, shares: Sequence[float | None]) -> None:
        self.shares = dict(zip(pool.claim_ids, shares, strict=True))
        self.asked: list[str] = []

    def judge(self, claim_ids: Sequence[str], *, by: datetime) -> list[Adjudicated]:
        self.asked += claim_ids
        found = [(claim_id, self.shares[claim_id]) for claim_id in claim_ids]
        return [Adjudicated(claim_id, share, by) for claim_id, share in found if share is not None]


def pool(probability: np.ndarray, amount: np.ndarray, world: int = 0, entity: np.ndarray | None = None) -> Pool:
    count = len(probability)
    return Pool(
        platforms=("demo",) * count,
        claim_ids=tuple(f"c{number}" for number in range(count)),
        order_numbers=tuple(f"o{world}-{number}" for number in range(count)),
        probability=probability,
        amount=amount.astype(np.int64),
        entity=np.arange(count) if entity is None else entity.astype(np.int64),
    )


def even_pool(count: int, world: int = 0) -> Pool:
    random = np.random.default_rng(world)
    return pool(random.random(count), random.integers(500, 30_001, count), world)
