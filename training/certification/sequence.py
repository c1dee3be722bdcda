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
    pool: Pool,
    wrong: Floats,
    terms: Terms,
    expansion: float,
    limit: EntityLimit | None = None,
    *,
    judged_once: bool = False,
) -> list[float]:
    """Thresholds in the order they will be tested, the most promising first, by the order part's own labels.

    ``wrong``: share lost of each claim of the pool, [n]. ``expansion``: how many claims the certify part has for each
    of the order part. Candidates that can expect fewer labels than ``terms.labels_wanted`` are left out: starting at
    the smallest threshold would end at once, for want of labels.

    ``judged_once``: by single reviewers, who err about as often as alpha wherever they look. What they find wrong under
    the safest threshold is then taken for error and left out of account: with it, the fewer labels a threshold can
    expect the more promising it would look. (Any order is valid; a poor one finds less.)
    """
    if not len(pool):
        return []
    found = []
    for threshold in candidate_thresholds(pool, terms.candidates):
        approved = approved_at(pool, float(threshold), terms, limit)
        chance = inclusion(pool.amount, pool.entity, approved.certified, terms.judged_from)
        labels = float(chance.sum())
        if labels > 0:
            found.append((float(threshold), labels, float((chance * wrong).sum()), approved.excess(pool.amount)))
    by_error = min((lost / labels for _, labels, lost, _ in found), default=0.0) if judged_once else 0.0
    ranked = []
    for threshold, labels, lost, excess in found:
        if labels * expansion >= terms.labels_wanted and excess < terms.alpha:
            allowed = (terms.alpha - excess) / (1.0 - excess)
            mistaken = max(0.0, lost - by_error * labels) * expansion
            ranked.append((p_value(mistaken, labels * expansion, allowed), -threshold))
    return [-negative for _, negative in sorted(ranked)]
