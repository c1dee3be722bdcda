"""The pool to choose by: what the served model and the rule would approve in the part that orders thresholds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from service.domain.certificate import Serving
from service.domain.errors import ConfigurationError
from service.features import FEATURE_HASH
from service.policy import EntityLimit, Policy, entity_limit
from service.scoring import Bundle
from training.certification.draw import Floats
from training.certification.pools import NOT_HELD, pool_of, terms_of
from training.certification.terms import Pool, Terms
from training.datasets import build_dataset, split
from training.observed import Observed
from training.pipeline import caps_of
from training.recipe import Recipe


@dataclass(frozen=True)
class AtHand:
    """``wrong``: reviewers' labels of the pool's claims, 0 or 1. ``expansion``: claims the certifying part has for each
    of this one."""

    pool: Pool
    wrong: Floats
    terms: Terms
    limit: EntityLimit
    expansion: float


def at_hand(observed: Observed, recipe: Recipe, policy: Policy, bundle: Bundle, *, progress: bool = False) -> AtHand:
    """Labels of the order part alone: whatever is chosen by them, the certify part has not been looked at.

    ConfigurationError where the policy holds no entity, or the part has no labelled claim that risk could approve.
    """
    limit = entity_limit(policy)
    if limit is None:
        raise ConfigurationError(NOT_HELD)
    dataset = build_dataset(observed, caps_of(policy), progress=progress)
    parts = split(dataset, recipe.parts)
    serving = Serving(model=bundle.version, features=FEATURE_HASH, policy=policy.digest, reader="as read in history")
    probabilities = np.asarray(bundle.probabilities(dataset.rows), dtype=np.float64)
    pool, chosen = pool_of(observed, policy, dataset, parts.order, probabilities, serving)
    if not len(pool):
        raise ConfigurationError(
            f"among {len(parts.order)} labelled claims of the order part risk could approve none; "
            "simulate more orders (--orders) or widen the part in the recipe"
        )
    return AtHand(
        pool=pool,
        wrong=dataset.wrong[chosen].astype(np.float64),
        terms=terms_of(policy, recipe.certificate, limit),
        limit=limit,
        expansion=len(parts.certify) / max(1, len(parts.order)),
    )
