"""The order in which thresholds are tested, found on labels that certify nothing."""

from __future__ import annotations

import numpy as np

from service.policy import EntityLimit
from training.certification.bounds import p_value
from training.certification.draw import Floats, inclusion
from training.certification.issue import approved_at
from training.certification.terms import Pool, Terms


def candidate_thresholds(pool: Pool, candidates: int) -> Floats:
    """Where the scores of would-be approvals lie, from their first fifth up; at most ``candidates``, rising."""
    return np.unique(np.round(np.quantile(pool.probability, np.linspace(0.2, 1.0, candidates)), 6))


def candidate_sequence(
    pool: Pool, wrong: Floats, terms: Terms, expansion: float, limit: EntityLimit | None = None
) -> list[float]:
    """Thresholds in the order they will be tested, the most promising first, by the order part's own labels.

    ``wrong``: share lost of each claim of the pool, [n]. ``expansion``: how many claims the certify part has for each
    of the order part. Candidates that can expect fewer labels than ``terms.labels_wanted`` are left out: starting at
    the smallest threshold would end at once, for want of labels.
    """
    if not len(pool):
        return []
    ranked: list[tuple[float, float]] = []
    for threshold in candidate_thresholds(pool, terms.candidates):
        approved = approved_at(pool, float(threshold), terms, limit)
        chance = inclusion(pool.amount, pool.entity, approved.certified, terms.judged_from)
        labels = float(chance.sum()) * expansion
        excess = approved.excess(pool.amount)
        if labels >= terms.labels_wanted and excess < terms.alpha:
            allowed = (terms.alpha - excess) / (1.0 - excess)
            ranked.append((p_value(float((chance * wrong).sum()) * expansion, labels, allowed), -float(threshold)))
    return [-negative for _, negative in sorted(ranked)]
