"""How a run's model did on claims it never saw: figures with intervals, and who is served how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from training.boosting import Floats, Indices
from training.compare import Comparison, judge
from training.datasets import Dataset
from training.fit import Fitted, examples
from training.metrics import Metrics, metrics
from training.observed import Observed
from training.segments import Names, Segment, claim_facts, segments

MATURING_SLACK = timedelta(days=8)
"""Review and appeal come before and after the maturing time; claims younger than both are not yet fairly labelled."""


@dataclass(frozen=True)
class Evaluated:
    """The certify window as the run saw it: claims whose label had time to mature, and how each model did on them.
    ``accounts``: whose claims they are. ``comparison``: logistic regression and ours, with intervals by account.
    ``segments`` at the certified threshold."""

    indices: Indices
    probabilities: Floats
    baseline: Floats
    model: Metrics
    logistic: Metrics
    accounts: Names
    comparison: Comparison
    segments: tuple[Segment, ...]


def matured(dataset: Dataset, indices: Indices, observed: Observed) -> Indices:
    """Those whose label is known and had time to mature: among younger claims rejections are known sooner than good
    grants."""
    oldest = observed.end - timedelta(days=float(observed.facts["label_delay_days"])) - MATURING_SLACK
    known = dataset.labelled(indices, observed.end)
    return known[dataset.as_of[known] <= np.datetime64(int(oldest.timestamp() * 1e6), "us")]


def evaluate(
    dataset: Dataset,
    window: Indices,
    fitted: Fitted,
    probabilities: Floats,
    observed: Observed,
    *,
    threshold: float | None,
    seed: int,
) -> Evaluated:
    """``window``: claims to judge by; ``probabilities`` of all claims, as served; ``threshold``: certified, or None."""
    indices = matured(dataset, window, observed)
    baseline = fitted.baseline_probabilities(dataset.rows[indices])
    wrong, ours = dataset.wrong[indices], probabilities[indices]
    facts = claim_facts(observed)
    account = facts.account[indices]
    return Evaluated(
        indices=indices,
        probabilities=ours,
        baseline=baseline,
        model=metrics(ours, wrong),
        logistic=metrics(baseline, wrong),
        accounts=account,
        comparison=judge(
            [("logistic regression", baseline), ("LightGBM", ours)], examples(dataset, indices), account, seed=seed
        ),
        segments=segments(
            ours,
            wrong,
            account,
            {name: labels[indices] for name, labels in facts.groups().items()},
            threshold=threshold,
            seed=seed,
        ),
    )
