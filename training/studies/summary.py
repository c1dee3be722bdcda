"""What holds over the worlds: means with their intervals, certificates issued, promises broken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from training.simulator.randomised import WorldKind
from training.studies.results import LOGISTIC, OURS, RULES, Scored, WorldResult

SCORERS = (OURS, LOGISTIC, RULES)
FIGURES: dict[str, Callable[[Scored], float]] = {
    "auc": lambda one: one.ranking.auc,
    "average_precision": lambda one: one.ranking.average_precision,
    "ece": lambda one: one.ranking.ece,
    "approved_claims": lambda one: one.in_all.claims,
    "approved_money": lambda one: one.in_all.money,
    "approved_claims_by_risk": lambda one: one.by_risk.claims,
    "approved_money_by_risk": lambda one: one.by_risk.money,
    "wrong_money_by_risk": lambda one: one.by_risk.wrong,
    "wrong_money_afterwards": lambda one: one.by_risk_afterwards.wrong,
    "small_claims_by_risk": lambda one: one.small_by_risk,
}
_RESAMPLES = 4000


@dataclass(frozen=True, slots=True)
class Over:
    """Mean over the worlds in which the figure exists, its 95 % interval (bootstrap of worlds), and the extremes."""

    mean: float
    low: float
    high: float
    least: float
    most: float
    worlds: int


@dataclass(frozen=True, slots=True)
class Promises:
    """``broken``: certified worlds in which the true ¥-share wrong, by risk, was above alpha. ``at_most``: with
    confidence 95 %, the chance of a broken promise in a certified world of this kind. ``broken_afterwards``: likewise
    in what came after the certifying part alone: fewer claims, and a world that had moved on."""

    worlds: int
    issued: int
    broken: int
    at_most: float
    broken_afterwards: int


@dataclass(frozen=True, slots=True)
class Summary:
    figures: dict[str, dict[str, Over | None]]
    promises: dict[str, Promises]


def summarise(results: Sequence[WorldResult], kinds: Sequence[WorldKind] = (WorldKind.DRAWN,)) -> Summary:
    """Over the worlds of these kinds. The reference world and the two special ones are told on their own."""
    chosen = [result for result in results if result.kind in kinds]
    scorers = {name: [result.by(name) for result in chosen] for name in SCORERS}
    return Summary(
        figures={
            name: {figure: over([take(one) for one in every]) for figure, take in FIGURES.items()}
            for name, every in scorers.items()
        },
        promises={name: promises(chosen, name) for name in (OURS, LOGISTIC)},
    )


def over(values: Sequence[float]) -> Over | None:
    """None if the figure exists in no world. Resampling is seeded: the same values give the same interval."""
    known = np.array([value for value in values if np.isfinite(value)])
    if not len(known):
        return None
    draws = np.random.default_rng(0).integers(0, len(known), (_RESAMPLES, len(known)))
    low, high = np.quantile(known[draws].mean(axis=1), [0.025, 0.975])
    return Over(float(known.mean()), float(low), float(high), float(known.min()), float(known.max()), len(known))


def promises(results: Sequence[WorldResult], scorer: str) -> Promises:
    issued = [result for result in results if result.by(scorer).certificate is not None]
    broken = sum(result.by(scorer).by_risk.wrong > result.alpha for result in issued)
    afterwards = sum(result.by(scorer).by_risk_afterwards.wrong > result.alpha for result in issued)
    bound = binomtest(broken, len(issued)).proportion_ci(0.90, "exact").high if issued else float("nan")
    return Promises(len(results), len(issued), broken, float(bound), afterwards)
