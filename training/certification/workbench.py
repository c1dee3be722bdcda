"""The threshold workbench: what each threshold lets through, and what it takes to certify it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.policy import EntityLimit
from training.certification.bounds import upper_bound
from training.certification.draw import Floats, inclusion
from training.certification.issue import approved_at
from training.certification.terms import Pool, Terms

LABEL_COUNTS = (150, 300, 600, 1200)


@dataclass(frozen=True, slots=True)
class Row:
    """One threshold. ``claims``, ``money`` (minor units): approved by risk under it, ``claim_share`` and
    ``money_share`` of all that the rest of the rule would let pass. ``labels``: expected of the audit draw over this
    pool. ``wrong_share``: ¥-share lost by the labels at hand, NaN without any: a figure to choose by, not a promise.
    ``bounds``: what a sample of each of ``LABEL_COUNTS`` would show if it found just that share, and ``bound`` what
    ``labels`` would. ``needed``: labels that would certify alpha at that share; None where none would.
    """

    threshold: float
    claims: int
    claim_share: float
    money: int
    money_share: float
    labels: float
    wrong_share: float
    bound: float
    bounds: tuple[float, ...]
    needed: int | None


def workbench(
    pool: Pool,
    wrong: Floats,
    terms: Terms,
    *,
    thresholds: Sequence[float] | None = None,
    limit: EntityLimit | None = None,
    rows: int = 20,
    drawn: bool = False,
) -> tuple[Row, ...]:
    """A row for each threshold, rising. ``wrong``: loss share of each claim of the pool, NaN where no label is known.
    ``drawn``: the labels are the audit's, drawn by money already, so that all weigh the same.

    Without ``thresholds``, ``rows`` quantiles of the pool's scores. ValueError where ``wrong`` does not fit the pool.
    """
    if len(wrong) != len(pool):
        raise ValueError(f"{len(wrong)} losses for a pool of {len(pool)} claims")
    if not len(pool):
        return ()
    chosen = (
        np.unique(np.round(np.quantile(pool.probability, np.linspace(1 / rows, 1.0, rows)), 6))
        if thresholds is None
        else np.sort(np.asarray(thresholds, dtype=np.float64))
    )
    return tuple(_row(pool, wrong, terms, float(threshold), limit, drawn) for threshold in chosen)


def _row(pool: Pool, wrong: Floats, terms: Terms, threshold: float, limit: EntityLimit | None, drawn: bool) -> Row:
    approved = approved_at(pool, threshold, terms, limit)
    chance = inclusion(pool.amount, pool.entity, approved.certified, terms.judged_from)
    known = np.isfinite(wrong)
    weights = approved.certified[known].astype(np.float64) if drawn else chance[known]
    weight = float(weights.sum())
    share = float((weights * wrong[known]).sum() / weight) if weight else float("nan")
    labels, money = float(chance.sum()), int(pool.amount[approved.served].sum())
    return Row(
        threshold=threshold,
        claims=int(approved.served.sum()),
        claim_share=float(approved.served.mean()),
        money=money,
        money_share=money / int(pool.amount.sum()),
        labels=labels,
        wrong_share=share,
        bound=_bound(share, labels, terms.delta),
        bounds=tuple(_bound(share, count, terms.delta) for count in LABEL_COUNTS),
        needed=needed_at(share, terms.alpha, terms.delta),
    )


def _bound(share: float, labels: float, delta: float) -> float:
    """What a sample that finds just ``share`` shows; 1 where nothing is known."""
    return upper_bound(share * labels, labels, delta) if np.isfinite(share) and labels > 0 else 1.0


def needed_at(share: float, alpha: float, delta: float, most: int = 1_000_000) -> int | None:
    """Fewest labels whose bound is within alpha if they find ``share`` wrong; None where ``most`` would not do."""
    if not np.isfinite(share) or _bound(share, most, delta) > alpha:
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _bound(share, middle, delta) <= alpha else (middle, high)
    return high
