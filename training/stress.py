"""How much of a model's skill is knowing whom it has met: the plain time split beside the split by connected entity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.boosting import calibrated
from training.datasets import Dataset, Floats, Indices, Split, split
from training.evaluation import matured
from training.fit import fit
from training.observed import Observed
from training.recipe import Recipe
from training.resampling import REPLICATES, Interval, Ranked, percentile, replicates
from training.splits import LEARNED, connected_claims, stress_split

_FEWEST = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """``claims`` judged and learned from; intervals by connected entity."""

    name: str
    auc: Interval
    average_precision: Interval
    claims: int
    learned_from: int


@dataclass(frozen=True, slots=True)
class StressTest:
    """``plain``: the time split. ``met``, ``unmet``: the same model on claims whose connected entity is, or is not, in
    train or tune. ``stress``: learned and judged with no entity on both sides, so from fewer claims as well."""

    plain: Judged
    met: Judged
    unmet: Judged
    stress: Judged

    @property
    def all(self) -> tuple[Judged, ...]:
        return (self.plain, self.met, self.unmet, self.stress)


def stress_test(observed: Observed, dataset: Dataset, recipe: Recipe, *, count: int = REPLICATES) -> StressTest | None:
    """Two fits with the recipe's settings; judged on the matured claims of the certify part. None where a part of the
    stress split has too few labels to learn from: half a small world is too small."""
    entities = connected_claims(observed)
    plain = split(dataset, recipe.parts)
    stressed = stress_split(dataset, recipe.parts, entities, seed=recipe.seed)
    if not _enough(dataset, stressed):
        return None
    judged, apart = (matured(dataset, made.certify, observed) for made in (plain, stressed))
    ours, others = (
        calibrated(fitted.calibrator, fitted.margins(dataset.rows))
        for fitted in (fit(dataset, made, recipe.model, recipe.seed) for made in (plain, stressed))
    )
    learned, learned_apart = (sum(len(getattr(made, name)) for name in LEARNED) for made in (plain, stressed))
    known = np.isin(entities[judged], entities[np.concatenate([getattr(plain, name) for name in LEARNED])])

    def figures(name: str, indices: Indices, probabilities: Floats, learned_from: int) -> Judged:
        return _judged(name, dataset, indices, probabilities, entities, learned_from, count, recipe.seed)

    return StressTest(
        plain=figures("time split", judged, ours, learned),
        met=figures("of those, met before", judged[known], ours, learned),
        unmet=figures("of those, never met", judged[~known], ours, learned),
        stress=figures("stress split", apart, others, learned_apart),
    )


def _enough(dataset: Dataset, made: Split) -> bool:
    labels = (dataset.wrong[getattr(made, name)] for name in ("train", "tune", "calibrate"))
    return all(min((part == 1).sum(), (part == 0).sum()) >= _FEWEST for part in labels)


def _judged(
    name: str,
    dataset: Dataset,
    indices: Indices,
    probabilities: Floats,
    entities: Indices,
    learned_from: int,
    count: int,
    seed: int,
) -> Judged:
    ranked = Ranked(probabilities[indices], dataset.wrong[indices], dataset.amount[indices].astype(np.float64))
    once = np.ones((1, len(indices)), dtype=np.float32)
    draws = np.concatenate(list(replicates(entities[indices], count, seed))) if len(indices) else once
    return Judged(
        name=name,
        auc=percentile(float(ranked.auc(once)[0]), ranked.auc(draws)),
        average_precision=percentile(float(ranked.average_precision(once)[0]), ranked.average_precision(draws)),
        claims=len(indices),
        learned_from=learned_from,
    )
