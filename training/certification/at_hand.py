"""The pool to choose by: what the served model and the rule would approve in the part that orders thresholds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from service.domain.certificate import Serving
from service.domain.errors import ConfigurationError
from service.features import FEATURE_HASH
from service.policy import EntityLimit, Policy, entity_limit
from service.scoring import Bundle
from training.certification.draw import Floats, draw, lots, simulated_secret
from training.certification.issue import approved_at
from training.certification.pools import NOT_HELD, pool_of, terms_of
from training.certification.terms import Pool, Terms
from training.datasets import build_dataset, split
from training.labels import Adjudicator
from training.observed import Observed
from training.pipeline import caps_of
from training.recipe import Recipe


@dataclass(frozen=True)
class AtHand:
    """``wrong``: losses of the pool's claims, by reviewers' labels (0 or 1, their errors included), or if
    ``adjudicated`` by the audit's on drawn claims, NaN elsewhere. ``expansion``: claims the certifying part has for
    each of this one."""

    pool: Pool
    wrong: Floats
    terms: Terms
    limit: EntityLimit
    expansion: float
    adjudicated: bool


def at_hand(
    observed: Observed,
    recipe: Recipe,
    policy: Policy,
    bundle: Bundle,
    adjudicator: Adjudicator | None = None,
    *,
    progress: bool = False,
) -> AtHand:
    """Labels of the order part alone: whatever is chosen by them, the certify part has not been looked at. With an
    ``adjudicator``, claims are drawn from it as from the certify part, and judged.

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
    terms = terms_of(policy, recipe.certificate, limit)
    by_reviewers = dataset.wrong[chosen].astype(np.float64)
    return AtHand(
        pool=pool,
        wrong=by_reviewers if adjudicator is None else _judged(pool, terms, limit, adjudicator, recipe, observed),
        terms=terms,
        limit=limit,
        expansion=len(parts.certify) / max(1, len(parts.order)),
        adjudicated=adjudicator is not None,
    )


def _judged(
    pool: Pool, terms: Terms, limit: EntityLimit, adjudicator: Adjudicator, recipe: Recipe, observed: Observed
) -> Floats:
    """The audit's losses on drawn claims of the pool, NaN on the rest; a drawn claim not judged in time is wrong."""
    approved = approved_at(pool, 1.0, terms, limit)
    lot = lots(pool.platforms, pool.order_numbers, simulated_secret(recipe.seed))
    hits = draw(pool.amount, pool.entity, approved.certified, lot, terms.judged_from, terms.entity_cap)
    asked = [pool.claim_ids[position] for position in hits.positions]
    found = {one.claim_id: one.wrong_share for one in adjudicator.judge(asked, by=observed.end)}
    shares = np.full(len(pool), np.nan)
    shares[hits.positions] = [found.get(name, 1.0) for name in asked]
    return shares
