"""Certify a model that exists on the tables of one platform, or of several together: what to judge, and what it shows.

Nothing is fitted here. A platform in observing mode has a person decide every claim; of its would-be approvals the
drawn ones are adjudicated, and what the adjudicators say becomes a certificate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np

import service
from service.domain.certificate import Certificate, Origin, Serving
from service.domain.errors import ConfigurationError
from service.features import FEATURE_HASH
from service.policy import EntityLimit, Policy, entity_limit
from service.scoring import Bundle
from training.certification.draw import draw, lots
from training.certification.issue import approved_at, certify
from training.certification.pools import NOT_HELD, pool_of, terms_of
from training.certification.sequence import candidate_sequence
from training.certification.terms import Certification, Pool, Terms, pooled
from training.datasets import build_dataset, split
from training.labels import Adjudicator
from training.observed import Observed
from training.pipeline import caps_of
from training.recipe import Recipe

T = TypeVar("T")


@dataclass(frozen=True)
class Prepared:
    """Everything but the labels. ``sequence``: thresholds in the order they will be tested."""

    platforms: tuple[str, ...]
    pool: Pool
    sequence: tuple[float, ...]
    terms: Terms
    limit: EntityLimit
    serving: Serving
    origin: Origin
    end: datetime
    data_hash: str


@dataclass(frozen=True, slots=True)
class ToJudge:
    """A drawn claim for the adjudicators: no score, no recommendation. ``granted``: what it would get, minor units."""

    platform: str
    claim_id: str
    order_number: str
    granted: int


def prepare(
    platforms: Mapping[str, tuple[Observed, Policy]],
    recipe: Recipe,
    bundle: Bundle,
    *,
    reader: str,
    progress: bool = False,
) -> Prepared:
    """Pools and the sequence. ConfigurationError where the platforms' rules, origins or readers differ: a certificate
    is about one rule."""
    policies, tables = [one[1] for one in platforms.values()], [one[0] for one in platforms.values()]
    limit = _common([entity_limit(policy) for policy in policies], "limits of account, device and payer")
    if limit is None:
        raise ConfigurationError(NOT_HELD)
    digest = _common([policy.digest for policy in policies], "decision-relevant rules")
    _common([policy.classes.risk.wrong_share_up_to_permille for policy in policies], "alphas")
    origin = Origin(_common([observed.facts["origin"] for observed in tables], "origins"))
    read_by = _common([str(observed.facts.get("reader", reader)) for observed in tables], "readers")
    serving = Serving(model=bundle.version, features=FEATURE_HASH, policy=digest, reader=read_by)
    terms = terms_of(policies[0], recipe.certificate, limit)
    testing, ordering, wrong = {}, {}, []
    for name, (observed, policy) in platforms.items():
        dataset = build_dataset(observed, caps_of(policy), progress=progress)
        parts = split(dataset, recipe.parts)
        probabilities = np.asarray(bundle.probabilities(dataset.rows), dtype=np.float64)
        testing[name], _ = pool_of(observed, policy, dataset, parts.certify, probabilities, serving)
        ordering[name], chosen = pool_of(observed, policy, dataset, parts.order, probabilities, serving)
        wrong.append(dataset.wrong[chosen].astype(np.float64))
    pool, before = pooled(testing), pooled(ordering)
    expansion = len(pool) / max(1, len(before))
    sequence = candidate_sequence(before, np.concatenate(wrong), terms, expansion, limit, judged_once=True)
    return Prepared(
        platforms=tuple(platforms),
        pool=pool,
        sequence=tuple(sequence),
        terms=terms,
        limit=limit,
        serving=serving,
        origin=origin,
        end=max(observed.end for observed in tables),
        data_hash="+".join(observed.data_hash for observed in tables),
    )


def _common(found: Sequence[T], what: str) -> T:
    if any(one != found[0] for one in found):
        raise ConfigurationError(f"the platforms' {what} differ; certify them one by one")
    return found[0]


def to_judge(prepared: Prepared, secret: bytes) -> tuple[ToJudge, ...]:
    """The drawn claims of every threshold that may be tested, each once, in order of time."""
    pool, terms = prepared.pool, prepared.terms
    lot = lots(pool.platforms, pool.order_numbers, secret)
    drawn: set[int] = set()
    for threshold in prepared.sequence:
        approved = approved_at(pool, threshold, terms, prepared.limit)
        hits = draw(pool.amount, pool.entity, approved.certified, lot, terms.judged_from, terms.entity_cap)
        drawn.update(hits.positions.tolist())
    return tuple(
        ToJudge(pool.platforms[one], pool.claim_ids[one], pool.order_numbers[one], int(pool.amount[one]))
        for one in sorted(drawn)
    )


def issue(
    prepared: Prepared, adjudicator: Adjudicator, secret: bytes, *, now: datetime, valid_days: int
) -> tuple[Certification, Certificate | None]:
    """Test the sequence on what the adjudicators said by ``now``; what they left open counts as wrong in full."""
    done = certify(
        prepared.pool,
        prepared.sequence,
        prepared.terms,
        adjudicator,
        secret=secret,
        by=now,
        limit=prepared.limit,
    )
    if done.chosen is None:
        return done, None
    serving, terms = prepared.serving, prepared.terms
    return done, Certificate(
        id=f"cert-{serving.model}-{now:%Y%m%d}",
        threshold=done.chosen.threshold,
        alpha=terms.alpha,
        delta=terms.delta,
        bound=done.chosen.bound,
        labels=done.chosen.labels,
        origin=prepared.origin,
        platforms=prepared.platforms,
        model=serving.model,
        features=serving.features,
        policy=serving.policy,
        reader=serving.reader,
        issued_at=now,
        expires_at=now + timedelta(days=valid_days),
        data_hash=prepared.data_hash,
        code_version=service.__version__,
        wrong=done.chosen.wrong,
        method=terms.method,
        entity_cap_minor=prepared.limit.amount,
        entity_window_hours=prepared.limit.window_hours,
        holds_per_platform=len(prepared.platforms) == 1,
    )
