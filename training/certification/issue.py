"""A threshold with its certificate: with confidence 1 - delta, at most alpha of the money approved by risk is wrong.

Thresholds are put in order on a part of their own (``sequence``) and tested in that order until the first fails
(fixed-sequence testing), so that trying many costs no confidence. That none passes is a normal result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from service.policy import EntityLimit
from training.certification.bounds import betting_upper_bound, upper_bound
from training.certification.draw import Floats, Hits, Indices, draw, lots, rounding_lots
from training.certification.entities import within_budgets, within_cap
from training.certification.terms import Certification, Pool, Terms, Tested
from training.labels import Adjudicator

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Approved:
    """What the rule approves at one threshold. ``served``: by the budgets; ``certified``: of it, within the entity
    cap; what is served beyond it counts as wrong in full."""

    served: Flags
    certified: Flags

    def excess(self, amount: Indices) -> float:
        """Share of the served money beyond the entity cap."""
        money = int(amount[self.served].sum())
        return int(amount[self.served & ~self.certified].sum()) / money if money else 0.0


def approved_at(pool: Pool, threshold: float, terms: Terms, limit: EntityLimit | None = None) -> Approved:
    """Claims at or below the threshold that the budgets let through, and those of them within the entity cap."""
    chosen = pool.probability <= threshold
    if pool.holders is not None and limit is not None:
        chosen = within_budgets(pool.amount, pool.holders, pool.entity, chosen, limit)
    return Approved(chosen, within_cap(pool.amount, pool.entity, chosen, terms.entity_cap))


def certify(
    pool: Pool,
    sequence: Sequence[float],
    terms: Terms,
    adjudicator: Adjudicator,
    *,
    secret: bytes,
    by: datetime,
    limit: EntityLimit | None = None,
) -> Certification:
    """Draw, have judged, and test the sequence. A drawn claim not judged by ``by`` counts as wrong in full.

    ValueError for an amount above the cap: the rule would not approve it.
    """
    platforms = tuple(dict.fromkeys(pool.platforms))
    if not sequence:
        wanted = terms.labels_wanted
        why = f"no threshold can expect the {wanted:.0f} audit labels it needs"
        return Certification(None, (), why, 0, 0, platforms)
    if len(pool) and int(pool.amount.max()) > terms.cap:
        raise ValueError(f"a claim of {int(pool.amount.max())} is above the cap {terms.cap} of approval by risk")
    desk = _Desk(pool, adjudicator, by)
    first, second = (make(pool.platforms, pool.order_numbers, secret) for make in (lots, rounding_lots))
    tested = run_sequence(
        sequence,
        lambda threshold: examine(pool, threshold, terms, first, second, desk.shares, limit),
    )
    chosen = max((one for one in tested if one.passed), key=lambda one: one.threshold, default=None)
    why = "" if chosen else _refusal(tested[0], terms)
    return Certification(chosen, tuple(tested), why, len(desk.asked), desk.unresolved, platforms)


def run_sequence(sequence: Sequence[float], test: Callable[[float], Tested]) -> list[Tested]:
    """Test in the given order, up to and with the first that fails."""
    tested: list[Tested] = []
    for threshold in sequence:
        tested.append(test(threshold))
        if not tested[-1].passed:
            break
    return tested


def examine(
    pool: Pool,
    threshold: float,
    terms: Terms,
    lot: Floats,
    rounding: Floats,
    shares_of: Callable[[Indices], Floats],
    limit: EntityLimit | None = None,
) -> Tested:
    """One threshold on its own labels. ``shares_of``: losses in [0, 1] of the claims at the given positions."""
    approved = approved_at(pool, threshold, terms, limit)
    hits = draw(pool.amount, pool.entity, approved.certified, lot, terms.judged_from, terms.entity_cap)
    shares = shares_of(hits.positions)
    wrong, bound = _bound(hits, shares, rounding, terms)
    excess = approved.excess(pool.amount)
    bound = 1.0 if not len(hits) else bound + excess * (1.0 - bound)
    return Tested(
        threshold=threshold,
        labels=len(hits),
        wrong=wrong,
        bound=bound,
        passed=bound <= terms.alpha,
        excess=excess,
        claims=int(approved.served.sum()),
        money=int(pool.amount[approved.served].sum()),
        entities=len(np.unique(pool.entity[approved.served])),
    )


def _bound(hits: Hits, shares: Floats, rounding: Floats, terms: Terms) -> tuple[float, float]:
    if terms.method == "betting":
        return float(shares.sum()), betting_upper_bound(shares, hits.weights, terms.delta)
    wrong = int((rounding[hits.positions] < shares).sum())
    return float(wrong), upper_bound(wrong, len(hits), terms.delta)


class _Desk:
    """Asks the adjudicator once for each drawn claim, and only for those."""

    def __init__(self, pool: Pool, adjudicator: Adjudicator, by: datetime) -> None:
        self._pool, self._adjudicator, self._by = pool, adjudicator, by
        self.asked: dict[int, float | None] = {}

    def shares(self, positions: Indices) -> Floats:
        new = [int(one) for one in positions if int(one) not in self.asked]
        judged = self._adjudicator.judge([self._pool.claim_ids[one] for one in new], by=self._by)
        found = {one.claim_id: one.wrong_share for one in judged}
        for one in new:
            share = found.get(self._pool.claim_ids[one])
            if share is not None and not 0.0 <= share <= 1.0:
                raise ValueError(f"the loss on claim {self._pool.claim_ids[one]} is {share}, not a share from 0 to 1")
            self.asked[one] = share
        known = (self.asked[int(one)] for one in positions)
        return np.array([1.0 if share is None else share for share in known], dtype=np.float64)

    @property
    def unresolved(self) -> int:
        return sum(share is None for share in self.asked.values())


def _refusal(first: Tested, terms: Terms) -> str:
    beyond = f"; {first.excess:.2%} lie beyond the entity cap and count as wrong" if first.excess else ""
    return (
        f"no safe threshold: at {first.threshold:.4f}, {first.wrong:g} of {first.labels} audit labels were wrong, "
        f"so up to {first.bound:.2%} of the money could be, above the {terms.alpha:.2%} allowed{beyond}"
    )
