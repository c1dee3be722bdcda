"""One world from its parameters to figures: simulate, train, certify on the later half-year, hold against the truth."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from service.domain.certificate import Serving
from service.evidence import EXTRACTOR_VERSION
from service.features import FEATURE_HASH
from service.policy import ApprovalClass, Policy, entity_limit, load_platform_policy
from service.vision import READER_VERSION
from training.boosting import OUR_COLUMNS, calibrated, platt
from training.certification import Certification, Pool, pool_of, terms_of
from training.certification.issue import approved_at
from training.datasets import Floats, Indices
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
from training.studies.verdicts import Decided, Flags, between, decide_window

PARTS = Parts(train=(20, 93), tune=(93, 113), calibrate=(145, 163), order=(163, 182), certify=(199, 288))
"""All that is learned comes from the first half-year; 32 days between tune and calibrate let the labels mature. The
part that certifies lies inside one window of the policy's budgets of 90 days, which begins on day 198: where windows
meet, an entity may take its limit twice, and what is taken beyond it counts as wrong."""

LATER_HALF, AFTERWARDS = (182.0, 352.0), (288.0, 352.0)
"""Days reported. Claims of the last 13 days may have no verdict yet by the year's end. What comes after the certifying
part was seen by nothing before."""

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
    started, processor = time.perf_counter(), time.process_time()
    world = task.world
    write(simulate(world.parameters, world.seed), task.folder, world.seed)
    seconds["simulate"] = time.perf_counter() - started
    observed, policy = Observed(task.folder), load_platform_policy("demo")
    recipe = study_recipe(world.parameters.whole("span.orders"), world.seed)
    desk = SimulatedAdjudicators(task.folder, world.parameters, world.seed)
    reader = f"{READER_VERSION}+{EXTRACTOR_VERSION}"
    run = train(observed, recipe, policy, desk, reader=reader, created_at=observed.end)
    seconds |= run.seconds
    seconds["simulate to certify, processor"] = time.process_time() - processor
    started = time.perf_counter()
    serving = Serving(model=run.version, features=FEATURE_HASH, policy=policy.digest, reader=reader)
    window = between(run.dataset, *LATER_HALF)
    decided = decide_window(observed, run.dataset, window, policy, serving)
    ours = served_probabilities(served(run.parts), run.fitted, run.dataset)
    logistic = run.fitted.baseline_probabilities(run.dataset.rows)
    _, certification = certify_rule(observed, recipe, policy, desk, run.dataset, run.split, logistic, serving)
    open_to_risk = window[decided.by(ApprovalClass.RISK)]
    pool, members = pool_of(observed, policy, run.dataset, open_to_risk, ours, serving)
    later = Later(decided, pool, members, policy, recipe, between(run.dataset, *AFTERWARDS))
    scored = (
        later.scored(OURS, ours, run.certification),
        later.scored(LOGISTIC, logistic, certification),
        later.rules_only(_card_probabilities(run)),
    )
    seconds["compare"] = time.perf_counter() - started
    return _result(world, run, policy, decided, scored, seconds)


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


@dataclass(frozen=True, slots=True)
class Later:
    """The later half-year: what is decided on its claims, the pool of those open to approval by risk, and the indices
    of the latter (``members``) and of the claims that came after the certifying part (``afterwards``)."""

    decided: Decided
    pool: Pool
    members: Indices
    policy: Policy
    recipe: Recipe
    afterwards: Indices

    def scored(self, name: str, probabilities: Floats, certification: Certification) -> Scored:
        """Against the truth, under the certificate that these probabilities were given; one per claim of the data."""
        decided, chosen = self.decided, certification.chosen
        by_risk = self._by_risk(probabilities, chosen.threshold if chosen else None)
        return Scored(
            name=name,
            ranking=_ranking(probabilities[decided.indices], decided),
            certificate=None
            if chosen is None
            else Issued(threshold=chosen.threshold, labels=chosen.labels, wrong=chosen.wrong, bound=chosen.bound),
            why_none=certification.why,
            by_risk=approved_share(decided, by_risk),
            by_risk_afterwards=approved_share(decided, by_risk, np.isin(decided.indices, self.afterwards)),
            in_all=approved_share(decided, by_risk | decided.by(*BY_RULES)),
            small_by_risk=_share(by_risk, decided.small),
        )

    def rules_only(self, probabilities: Floats) -> Scored:
        """The same policy without the class that needs a model; the card only ranks, nothing is approved by it."""
        return self.scored(RULES, probabilities, Certification(None, (), "rules approve nothing by risk", 0, 0))

    def _by_risk(self, probabilities: Floats, threshold: float | None) -> Flags:
        """Which claims of the half-year are served by risk: at or below the threshold, and within the budgets."""
        limit = entity_limit(self.policy)
        if threshold is None or limit is None:
            return np.zeros(len(self.decided.indices), dtype=np.bool_)
        pool = replace(self.pool, probability=probabilities[self.members])
        terms = terms_of(self.policy, self.recipe.certificate, limit)
        return np.isin(self.decided.indices, self.members[approved_at(pool, threshold, terms, limit).served])


def _ranking(probabilities: Floats, decided: Decided) -> Ranking:
    found = metrics(probabilities, decided.wrong.astype(np.int64))
    return Ranking(auc=found.auc, average_precision=found.average_precision, ece=found.ece, brier=found.brier)


def approved_share(decided: Decided, chosen: Flags, within: Flags | None = None) -> Approved:
    """Shares of the claims ``within`` (all) that ``chosen`` takes, and the true share of its granted ¥ that is lost."""
    inside = np.ones(len(chosen), dtype=np.bool_) if within is None else within
    chosen = chosen & inside
    granted = float(decided.granted[chosen].sum())
    return Approved(
        claims=_share(chosen, inside),
        money=float(decided.amount[chosen].sum() / max(1, decided.amount[inside].sum())),
        wrong=float(decided.loss[chosen].sum() / granted) if granted else float("nan"),
    )


def _share(of: Flags, among: Flags) -> float:
    return float((of & among).sum() / among.sum()) if among.any() else float("nan")
