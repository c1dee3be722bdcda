"""A threshold with its certificate: with confidence 1 - delta, at most alpha of the money approved by risk is wrong.

Labels come from monetary-unit draws: a would-be approval of amount a is judged with probability c · a. Drawn labels are
then Bernoulli with the ¥-share of wrong money as their mean, and an exact binomial bound applies. Thresholds are put in
order on a part of their own and tested in that order until the first fails (fixed-sequence testing), so that trying
many costs no confidence. That none passes is a normal result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv

from service.policy.audit import uniform
from training.datasets import Floats, Indices
from training.labels import Adjudicator


@dataclass(frozen=True, slots=True)
class Pool:
    """Claims of one part that the rule would approve by risk under a threshold of 1. ``amount`` in minor units."""

    claim_ids: tuple[str, ...]
    order_numbers: tuple[str, ...]
    probability: Floats
    amount: Indices

    def __len__(self) -> int:
        return len(self.claim_ids)


@dataclass(frozen=True, slots=True)
class Terms:
    """``alpha``, ``delta`` in (0, 1); ``cap``: the largest amount the rule approves by risk, minor units."""

    alpha: float
    delta: float
    cap: int
    candidates: int

    @property
    def labels_wanted(self) -> float:
        """Starting at fewer expected labels, a threshold would hardly ever be issued."""
        return 2.0 * float(np.log(1.0 / self.delta)) / self.alpha


@dataclass(frozen=True, slots=True)
class Tested:
    """One threshold as tested: audit ``labels`` at or below it, how many ``wrong``, and the exact ``bound``."""

    threshold: float
    labels: int
    wrong: int
    bound: float
    passed: bool


@dataclass(frozen=True, slots=True)
class Certification:
    """``chosen`` is the passed threshold that lets most money through; None: no safe threshold, and ``why``."""

    chosen: Tested | None
    tested: tuple[Tested, ...]
    why: str
    drawn: int
    unresolved: int


def upper_bound(wrong: float, labels: float, delta: float) -> float:
    """Clopper-Pearson: with confidence 1 - delta the true share is at most this."""
    return 1.0 if wrong >= labels else float(betaincinv(wrong + 1.0, labels - wrong, 1.0 - delta))


def p_value(wrong: float, labels: float, alpha: float) -> float:
    """Chance of at most ``wrong`` among ``labels`` if the share were alpha; real numbers are interpolated."""
    return 1.0 if wrong >= labels else float(betainc(labels - wrong, wrong + 1.0, 1.0 - alpha))


def draw(pool: Pool, terms: Terms, secret: bytes, platform: str) -> NDArray[np.bool_]:
    """Which claims of the pool the audit judges. c = 1 / cap, so that no probability is cut off at 1 and the drawn
    labels stand for money exactly. ValueError for an amount above the cap: the rule would not approve it."""
    if len(pool) and int(pool.amount.max()) > terms.cap:
        raise ValueError(f"a claim of {int(pool.amount.max())} is above the cap {terms.cap} of approval by risk")
    lots = np.array([uniform(secret, platform, number) for number in pool.order_numbers])
    return lots < pool.amount / terms.cap


def simulated_secret(seed: int) -> bytes:
    """The audit secret of a simulated platform: reproducible, and of no use anywhere else."""
    return hashlib.sha256(f"simulated audit {seed}".encode()).digest()


def candidate_sequence(pool: Pool, wrong: Indices, terms: Terms, expansion: float) -> list[float]:
    """Thresholds in the order they will be tested, the most promising first, by the order part's own labels.

    ``expansion``: how many claims the certify part has for each of the order part. Candidates that can expect fewer
    labels than ``terms.labels_wanted`` are left out.
    """
    if not len(pool):
        return []
    chance = pool.amount / terms.cap
    grid = np.unique(np.round(np.quantile(pool.probability, np.linspace(0.2, 1.0, terms.candidates)), 6))
    ranked: list[tuple[float, float]] = []
    for threshold in grid:
        inside = pool.probability <= threshold
        labels = float(chance[inside].sum()) * expansion
        if labels >= terms.labels_wanted:
            mistaken = float((chance * wrong)[inside].sum()) * expansion
            ranked.append((p_value(mistaken, labels, terms.alpha), -float(threshold)))
    return [-negative for _, negative in sorted(ranked)]


def certify(
    pool: Pool,
    sequence: Sequence[float],
    terms: Terms,
    adjudicator: Adjudicator,
    *,
    secret: bytes,
    platform: str,
    by: datetime,
) -> Certification:
    """Draw, have judged, and test the sequence. A drawn claim not judged by ``by``, or granted wrongly in part, counts
    as wrong in full."""
    if not sequence:
        wanted = terms.labels_wanted
        return Certification(None, (), f"no threshold can expect the {wanted:.0f} audit labels it needs", 0, 0)
    drawn = np.flatnonzero(draw(pool, terms, secret, platform))
    judged = {one.claim_id: one for one in adjudicator.judge([pool.claim_ids[number] for number in drawn], by=by)}
    verdicts = [judged.get(pool.claim_ids[number]) for number in drawn]
    wrong = np.array([verdict is None or verdict.wrong_share > 0.0 for verdict in verdicts], dtype=bool)
    tested: list[Tested] = []
    for threshold in sequence:
        tested.append(_test(pool.probability[drawn], wrong, threshold, terms))
        if not tested[-1].passed:
            break
    chosen = max((one for one in tested if one.passed), key=lambda one: one.threshold, default=None)
    why = "" if chosen else _refusal(tested[0], terms)
    return Certification(chosen, tuple(tested), why, len(drawn), sum(verdict is None for verdict in verdicts))


def _test(probability: Floats, wrong: NDArray[np.bool_], threshold: float, terms: Terms) -> Tested:
    inside = probability <= threshold
    labels, mistaken = int(inside.sum()), int(wrong[inside].sum())
    bound = upper_bound(mistaken, labels, terms.delta)
    return Tested(threshold, labels, mistaken, bound, bound <= terms.alpha)


def _refusal(first: Tested, terms: Terms) -> str:
    return (
        f"no safe threshold: at {first.threshold:.4f}, {first.wrong} of {first.labels} audit labels were wrong, "
        f"so up to {first.bound:.2%} of the money could be, above the {terms.alpha:.2%} allowed"
    )
