"""One world from its parameters to figures: simulate, train, certify on the later half-year, hold against the truth."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from service.domain.certificate import Serving
from service.evidence import EXTRACTOR_VERSION
from service.features import FEATURE_HASH
from service.policy import ApprovalClass, Policy, entity_limit, load_platform_policy
from service.vision import READER_VERSION
from training.boosting import OUR_COLUMNS, calibrated, platt
from training.certification import Certification, Pool, terms_of
from training.certification.issue import approved_at
from training.datasets import Dataset, Floats
from training.export import served
from training.metrics import metrics
from training.observed import Observed
from training.pipeline import Run, certify_rule, served_probabilities, train
from training.recipe import Parts, Recipe, load_recipe
from training.rules_only import points
from training.simulator.adjudication import SimulatedAdjudicators
from training.simulator.randomised import RandomisedWorld
from training.simulator.world import simulate, write
from training.studies.results import LOGISTIC, OURS, RULES, Approved, Issued, Ranking, Scored, WorldResult
from training.studies.verdicts import Decided, Flags, decide_window

PARTS = Parts(train=(20, 92), tune=(92, 112), calibrate=(144, 162), order=(162, 182), certify=(182, 352))
"""All that is learned comes from the first half-year; the second certifies and is what is reported. 32 days between
tune and calibrate let the labels mature; the last 13 days are left out, for audits of them would not be back."""

BY_RULES = (ApprovalClass.RECOVERABLE, ApprovalClass.ONE_CLICK)


@dataclass(frozen=True, slots=True)
class Task:
    """A world to run; ``folder`` takes its tables and is the caller's to remove."""

    world: RandomisedWorld
    folder: Path


def study_recipe(orders: int, seed: int) -> Recipe:
    """The committed recipe with this study's parts; nothing else is changed, and nothing is searched for."""
    return load_recipe().model_copy(update={"parts": PARTS, "orders": orders, "seed": seed})


def run_world(task: Task) -> WorldResult:
    """Figures of one world. ConfigurationError where it has too few claims to learn from."""
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    world = task.world
    write(simulate(world.parameters, world.seed), task.folder, world.seed)
    seconds["simulate"] = time.perf_counter() - started
    observed, policy = Observed(task.folder), load_platform_policy("demo")
    recipe = study_recipe(world.parameters.whole("span.orders"), world.seed)
    desk = SimulatedAdjudicators(task.folder, world.parameters, world.seed)
    reader = f"{READER_VERSION}+{EXTRACTOR_VERSION}"
    run = train(observed, recipe, policy, desk, reader=reader, created_at=observed.end)
    seconds |= run.seconds
    started = time.perf_counter()
    serving = Serving(model=run.version, features=FEATURE_HASH, policy=policy.digest, reader=reader)
    decided = decide_window(observed, run.dataset, run.split.certify, policy, serving)
    logistic = run.fitted.baseline_probabilities(run.dataset.rows)
    pool, certification = certify_rule(observed, recipe, policy, desk, run.dataset, run.split, logistic, serving)
    ours = served_probabilities(served(run.parts), run.fitted, run.dataset)
    rule = Rule(policy, recipe)
    scored = (
        _scored(OURS, decided, ours, run.certification, rule.approved(run.pool, run.certification, run.dataset)),
        _scored(LOGISTIC, decided, logistic, certification, rule.approved(pool, certification, run.dataset)),
        _rules_only(decided, _card_probabilities(run)),
    )
    seconds["compare"] = time.perf_counter() - started
    return _result(world, run, policy, decided, scored, seconds)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is served under a certificate: threshold and budgets together."""

    policy: Policy
    recipe: Recipe

    def approved(self, pool: Pool, certification: Certification, dataset: Dataset) -> Flags:
        """Per claim of the data set, whether it is approved by risk; nothing is without a certificate."""
        approved = np.zeros(len(dataset), dtype=np.bool_)
        limit = entity_limit(self.policy)
        if certification.chosen is None or limit is None:
            return approved
        terms = terms_of(self.policy, self.recipe.certificate, limit)
        chosen = approved_at(pool, certification.chosen.threshold, terms, limit).served
        served_ids = {pool.claim_ids[position] for position in np.flatnonzero(chosen)}
        approved[:] = [claim_id in served_ids for claim_id in dataset.claim_ids]
        return approved


def _result(
    world: RandomisedWorld,
    run: Run,
    policy: Policy,
    decided: Decided,
    scored: tuple[Scored, ...],
    seconds: dict[str, float],
) -> WorldResult:
    return WorldResult(
        number=world.number,
        kind=world.kind,
        seed=world.seed,
        parameters_digest=world.parameters.digest,
        alpha=policy.classes.risk.wrong_share_up_to_permille / 1000,
        claims=len(run.dataset),
        window_claims=len(decided.indices),
        base_rate=float(decided.wrong.mean()),
        open_small=_share(decided.by(ApprovalClass.RISK), decided.small),
        scored=scored,
        seconds={name: round(value, 2) for name, value in seconds.items()},
    )


def _card_probabilities(run: Run) -> Floats:
    """The fixed card of points, calibrated on the same part as the model."""
    margins = points(run.dataset.rows, OUR_COLUMNS)
    calibration = run.split.calibrate
    return calibrated(platt(margins[calibration], run.dataset.wrong[calibration]), margins)


def _scored(
    name: str, decided: Decided, probabilities: Floats, certification: Certification, served_by_risk: Flags
) -> Scored:
    chosen, by_risk = certification.chosen, served_by_risk[decided.indices]
    return Scored(
        name=name,
        ranking=_ranking(probabilities[decided.indices], decided),
        certificate=None
        if chosen is None
        else Issued(threshold=chosen.threshold, labels=chosen.labels, wrong=chosen.wrong, bound=chosen.bound),
        why_none=certification.why,
        by_risk=approved_share(decided, by_risk),
        in_all=approved_share(decided, by_risk | decided.by(*BY_RULES)),
        small_by_risk=_share(by_risk, decided.small),
    )


def _rules_only(decided: Decided, probabilities: Floats) -> Scored:
    """The same policy without the class that needs a model; the card only ranks, nothing is approved by it."""
    nothing = np.zeros(len(decided.indices), dtype=np.bool_)
    return Scored(
        name=RULES,
        ranking=_ranking(probabilities[decided.indices], decided),
        certificate=None,
        why_none="rules approve nothing by risk",
        by_risk=approved_share(decided, nothing),
        in_all=approved_share(decided, decided.by(*BY_RULES)),
        small_by_risk=0.0,
    )


def _ranking(probabilities: Floats, decided: Decided) -> Ranking:
    found = metrics(probabilities, decided.wrong.astype(np.int64))
    return Ranking(auc=found.auc, average_precision=found.average_precision, ece=found.ece, brier=found.brier)


def approved_share(decided: Decided, chosen: Flags) -> Approved:
    """Shares of the window that ``chosen`` takes, and the true share of its granted ¥ that is lost."""
    granted = float(decided.granted[chosen].sum())
    return Approved(
        claims=float(chosen.mean()),
        money=float(decided.amount[chosen].sum() / decided.amount.sum()),
        wrong=float(decided.loss[chosen].sum() / granted) if granted else float("nan"),
    )


def _share(of: Flags, among: Flags) -> float:
    return float((of & among).sum() / among.sum()) if among.any() else float("nan")
