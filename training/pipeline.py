"""From observable tables to a certified bundle, in one pass."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import numpy as np

import service
from service.domain.certificate import Certificate, Origin, Serving
from service.domain.errors import ConfigurationError
from service.features import FEATURE_HASH, Caps
from service.policy import Policy, entity_limit, feature_caps
from service.scoring import Bundle
from service.scoring.format import BundleParts
from training.card import model_card
from training.certification import (
    NOT_HELD,
    Certification,
    Pool,
    candidate_sequence,
    certify,
    pool_of,
    secret_of,
    terms_of,
)
from training.datasets import Dataset, Floats, Split, build_dataset, split
from training.evaluation import Evaluated, evaluate
from training.export import Parity, bundle_parts, parity, served, version_of
from training.fit import Fitted, fit, sigmoid
from training.labels import Adjudicator
from training.observed import Observed
from training.recipe import Recipe
from training.splits import require_gap
from training.stress import StressTest, stress_test


@dataclass(frozen=True)
class Run:
    """Everything one run made. ``seconds`` per stage."""

    recipe: Recipe
    policy: Policy
    dataset: Dataset
    split: Split
    fitted: Fitted
    evaluated: Evaluated
    pool: Pool
    certification: Certification
    certificate: Certificate | None
    parity: Parity
    parts: BundleParts
    data_hash: str
    seconds: dict[str, float] = field(default_factory=dict)
    stress: StressTest | None = None

    @property
    def version(self) -> str:
        return self.parts.version


def train(
    observed: Observed,
    recipe: Recipe,
    policy: Policy,
    adjudicator: Adjudicator,
    *,
    reader: str,
    created_at: datetime,
    audit_secret: bytes | None = None,
    stress: bool = False,
    progress: bool = False,
) -> Run:
    """Rows, fit, calibration, served scores, certificate, bundle. ``reader``: behaviour version of reading that will
    serve. ``stress``: fit and judge on the split by connected entity as well. ConfigurationError where a part of the
    data is too small to learn from, or its labels had no time to arrive."""
    require_gap(recipe.parts, observed.label_delay)
    seconds: dict[str, float] = {}
    with _timed(seconds, "dataset"):
        dataset = build_dataset(observed, caps_of(policy), progress=progress)
        parts_of_data = split(dataset, recipe.parts)
    _require(dataset, parts_of_data)
    with _timed(seconds, "fit"):
        fitted = fit(dataset, parts_of_data, recipe.model, recipe.seed)
    version = version_of(fitted, observed.end, recipe.platform)
    make = partial(
        bundle_parts,
        dataset,
        parts_of_data,
        fitted,
        version=version,
        created_at=created_at,
        origin=Origin(observed.facts["origin"]),
    )
    with _timed(seconds, "export"):
        draft = served(make(certificate=None, card="draft"))
        probabilities = served_probabilities(draft, fitted, dataset)
        agreement = parity(draft, fitted, dataset.rows)
    serving = Serving(model=version, features=FEATURE_HASH, policy=policy.digest, reader=reader)
    with _timed(seconds, "certify"):
        pool, certification = certify_rule(
            observed, recipe, policy, adjudicator, dataset, parts_of_data, probabilities, serving, audit_secret
        )
    certificate = _certificate(certification, recipe, policy, serving, observed)
    with _timed(seconds, "evaluate"):
        threshold = certificate.threshold if certificate else None
        evaluated = evaluate(
            dataset, parts_of_data.certify, fitted, probabilities, observed, threshold=threshold, seed=recipe.seed
        )
    with _timed(seconds, "stress"):
        tested = stress_test(observed, dataset, recipe) if stress else None
    card = model_card(observed, recipe, evaluated, certification, certificate, version)
    parts = make(certificate=certificate, card=card)
    return Run(
        recipe=recipe,
        policy=policy,
        dataset=dataset,
        split=parts_of_data,
        fitted=fitted,
        evaluated=evaluated,
        pool=pool,
        certification=certification,
        certificate=certificate,
        parity=agreement,
        parts=parts,
        data_hash=observed.data_hash,
        seconds=seconds,
        stress=tested,
    )


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[name] = round(time.perf_counter() - start, 2)


def caps_of(policy: Policy) -> Caps:
    """The policy's limits as the feature row takes them."""
    caps = feature_caps(policy)
    return Caps(auto_amount=caps.auto_amount, one_click_amount=caps.one_click_amount)


def served_probabilities(bundle: Bundle, fitted: Fitted, dataset: Dataset) -> Floats:
    """Calibrated probabilities from the served margin, float64 [n]."""
    return sigmoid(fitted.calibrator.slope * bundle.margins(dataset.rows) + fitted.calibrator.intercept)


def _require(dataset: Dataset, parts: Split) -> None:
    for name in ("train", "tune", "calibrate", "order"):
        labels = dataset.wrong[getattr(parts, name)]
        if len(labels) < 50 or not 0 < labels.sum() < len(labels):
            raise ConfigurationError(
                f"the part {name} has {len(labels)} labelled claims, {int(labels.sum())} of them wrong: too few to "
                "learn from; simulate more orders (--orders) or widen the part in the recipe"
            )


def certify_rule(
    observed: Observed,
    recipe: Recipe,
    policy: Policy,
    adjudicator: Adjudicator,
    dataset: Dataset,
    parts: Split,
    probabilities: Floats,
    serving: Serving,
    audit_secret: bytes | None = None,
) -> tuple[Pool, Certification]:
    """What the rule would approve by risk in the certify part under these scores, one per claim, and the outcome of
    certifying a threshold for it. ``audit_secret``: the platform's own; only a simulated platform does without."""
    testing, _ = pool_of(observed, policy, dataset, parts.certify, probabilities, serving)
    limit = entity_limit(policy)
    if limit is None:
        return testing, Certification(None, (), NOT_HELD, 0, 0, (recipe.platform,))
    terms = terms_of(policy, recipe.certificate, limit)
    ordering, chosen = pool_of(observed, policy, dataset, parts.order, probabilities, serving)
    expansion = len(parts.certify) / max(1, len(parts.order))
    wrong = dataset.wrong[chosen].astype(np.float64)
    sequence = candidate_sequence(ordering, wrong, terms, expansion, limit, judged_once=True)
    secret = secret_of(Origin(observed.facts["origin"]), recipe.seed, audit_secret)
    return testing, certify(testing, sequence, terms, adjudicator, secret=secret, by=observed.end, limit=limit)


def _certificate(
    certification: Certification, recipe: Recipe, policy: Policy, serving: Serving, observed: Observed
) -> Certificate | None:
    chosen = certification.chosen
    if chosen is None:
        return None
    held = entity_limit(policy)
    assert held is not None  # or nothing would have been tested
    return Certificate(
        id=f"cert-{serving.model}",
        threshold=chosen.threshold,
        alpha=policy.classes.risk.wrong_share_up_to_permille / 1000,
        delta=recipe.certificate.delta,
        bound=chosen.bound,
        labels=chosen.labels,
        origin=Origin(observed.facts["origin"]),
        platforms=(recipe.platform,),
        model=serving.model,
        features=serving.features,
        policy=serving.policy,
        reader=serving.reader,
        issued_at=observed.end,
        expires_at=observed.end + timedelta(days=recipe.certificate.valid_days),
        data_hash=observed.data_hash,
        code_version=service.__version__,
        wrong=chosen.wrong,
        method=recipe.certificate.method,
        entity_cap_minor=held.amount,
        entity_window_hours=held.window_hours,
        holds_per_platform=True,  # one platform's tables
    )
