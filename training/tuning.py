"""Looking for better settings with a budget: Optuna's TPE over a declared space, judged on the part *tune* alone.

Calibrate, order and certify are never opened: whatever is chosen here leaves them unspent. The figure of the best trial
is still optimistic (it is the best of many, and tune also stops its trees); ``compare`` judges elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.trial import FrozenTrial, TrialState
from tqdm import tqdm

from service.domain.codec import digest
from service.domain.errors import ConfigurationError
from service.features import FEATURE_HASH
from training.boosting import OUR_COLUMNS, THREADS, Columns, Examples, boost, calibrated, learning_weights, platt
from training.datasets import Dataset, Split
from training.fit import examples
from training.recipe import ModelSettings

Objective = Literal["claims", "money"]
Fold = tuple[Examples, Examples]
"""What is learned from, and what stops and judges."""

_REPORT_EVERY = 25
_PATIENT_ROUNDS = 100
_STARTUP = 8
_FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)


@dataclass(frozen=True, slots=True)
class Knob:
    """One searched setting of ModelSettings, both ends included; ``log``: by factors instead of steps."""

    name: str
    low: float
    high: float
    log: bool
    whole: bool
    why: str

    def suggest(self, trial: optuna.Trial) -> float:
        if self.whole:
            return trial.suggest_int(self.name, int(self.low), int(self.high), log=self.log)
        return trial.suggest_float(self.name, self.low, self.high, log=self.log)

    def rounded(self, value: float) -> float:
        """As it is used and written: three significant digits say all there is."""
        return int(value) if self.whole else float(f"{value:.3g}")


SPACE: tuple[Knob, ...] = (
    Knob("learning_rate", 0.01, 0.2, True, False, "slower learns smoother; below 0.01 the rounds run out"),
    Knob("max_depth", 3, 8, False, True, "8 is the most the service explains within its time"),
    Knob("num_leaves", 7, 63, True, True, "the size of interactions; few thousand labels carry no more"),
    Knob("min_data_in_leaf", 10, 200, True, True, "below 10 a leaf is one account's habit"),
    Knob("lambda_l2", 0.1, 50.0, True, False, "shrinks leaves with few claims"),
    Knob("feature_fraction", 0.3, 1.0, False, False, "many columns say nearly the same: windows of 7, 30, 90 days"),
    Knob("bagging_fraction", 0.5, 1.0, False, False, "trees of one account's many claims differ less by it"),
    Knob("amount_power", 0.0, 1.0, False, False, "whether large claims should count more in learning"),
)


@dataclass(frozen=True, slots=True)
class Budget:
    """The search ends at ``trials`` finished trials in all (those of a resumed study counted) or after ``seconds``."""

    trials: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.trials is None and self.seconds is None:
            raise ConfigurationError("a search needs an end: give --trials N, --budget SECONDS or both")


@dataclass(frozen=True, slots=True)
class Trial:
    """``loss``: of a pruned trial the last value it reported, None where it reported none."""

    number: int
    loss: float | None
    pruned: bool
    seconds: float
    settings: ModelSettings


@dataclass(frozen=True)
class Tuned:
    """``settings``: of the smallest loss. ``start_loss``: of the settings the search started from, its trial 0."""

    settings: ModelSettings
    loss: float
    start_loss: float
    objective: Objective
    trials: tuple[Trial, ...]
    study: str
    storage: str

    @property
    def pruned(self) -> int:
        return sum(trial.pruned for trial in self.trials)


def tune(
    dataset: Dataset,
    split: Split,
    start: ModelSettings,
    seed: int,
    budget: Budget,
    *,
    data_hash: str,
    objective: Objective = "claims",
    storage: Path | None = None,
    progress: bool = False,
) -> Tuned:
    """Search for our own rows: learns from train, judges on tune. A study in ``storage`` goes on where it stopped if
    data, features, parts, objective, space and seed are the same; anything else is another study in the same file."""
    fold = (examples(dataset, split.train), examples(dataset, split.tune))
    identity = [data_hash, FEATURE_HASH, len(split.train), len(split.tune)]
    return search(
        [fold],
        OUR_COLUMNS,
        start,
        seed,
        budget,
        identity=digest(identity),
        objective=objective,
        storage=storage,
        progress=progress,
    )


def search(
    folds: Sequence[Fold],
    columns: Columns,
    start: ModelSettings,
    seed: int,
    budget: Budget,
    *,
    identity: str,
    objective: Objective = "claims",
    space: Sequence[Knob] = SPACE,
    storage: Path | None = None,
    progress: bool = False,
) -> Tuned:
    """The least mean loss over ``folds`` within the budget, ``start`` being the first trial."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    name = digest([identity, objective, start.model_dump(), seed, [[knob.name, knob.low, knob.high] for knob in space]])
    study = _study(f"{objective}-{name[:16]}", seed, storage)
    if not study.trials:
        study.enqueue_trial({knob.name: getattr(start, knob.name) for knob in space})

    def value(trial: optuna.Trial) -> float:
        settings = _settings(start, {knob.name: knob.rounded(knob.suggest(trial)) for knob in space})
        return _loss(folds, columns, settings, seed, objective, trial)

    _run(study, value, budget, progress)
    return _tuned(study, start, space, objective, storage)


def _study(name: str, seed: int, storage: Path | None) -> optuna.Study:
    if storage is not None:
        storage.parent.mkdir(parents=True, exist_ok=True)
    where = f"sqlite:///{storage}" if storage is not None else None
    try:
        study = optuna.create_study(
            study_name=name,
            storage=where,
            direction="minimize",
            load_if_exists=True,
            pruner=optuna.pruners.MedianPruner(n_startup_trials=_STARTUP, n_warmup_steps=_PATIENT_ROUNDS),
        )
    except Exception as error:
        raise ConfigurationError(
            f"{storage} is not a study file ({type(error).__name__}); give another with --study, or delete it"
        ) from error
    # A resumed study must not draw its first trials again.
    study.sampler = optuna.samplers.TPESampler(
        seed=seed + len(study.trials), n_startup_trials=_STARTUP, multivariate=True, constant_liar=False
    )
    return study


def _run(study: optuna.Study, value: Any, budget: Budget, progress: bool) -> None:
    done = sum(trial.state in _FINISHED for trial in study.trials)
    left = None if budget.trials is None else budget.trials - done
    if left is not None and left <= 0:
        return
    with tqdm(total=budget.trials, initial=done, desc="tune", unit="trial", disable=not progress) as bar:

        def shown(study: optuna.Study, _: FrozenTrial) -> None:
            bar.update()
            bar.set_postfix(best=f"{_best(study).value:.5f}")

        study.optimize(value, n_trials=left, timeout=budget.seconds, callbacks=[shown])


def _best(study: optuna.Study) -> FrozenTrial:
    """The first trial of the smallest loss."""
    complete = [trial for trial in study.trials if trial.state is TrialState.COMPLETE and trial.value is not None]
    return min(complete, key=lambda trial: (trial.value, trial.number))


def _settings(start: ModelSettings, values: dict[str, float]) -> ModelSettings:
    return ModelSettings.model_validate({**start.model_dump(), **values})


def _loss(
    folds: Sequence[Fold],
    columns: Columns,
    settings: ModelSettings,
    seed: int,
    objective: Objective,
    trial: optuna.Trial,
) -> float:
    """Mean calibrated log loss over the folds; raises TrialPruned where it is no use to go on."""
    losses: list[float] = []
    for number, (learning, watching) in enumerate(folds):
        watch = _Watch(trial, watching, objective, tuple(losses), number)
        booster = boost(learning, watching, columns, settings, seed, callbacks=[watch.report], feval=watch.remember)
        margins = np.asarray(booster.predict(watching.rows, raw_score=True, num_threads=THREADS))
        losses.append(calibrated_loss(margins, watching, objective))
    return float(np.mean(losses))


def calibrated_loss(margins: NDArray[np.floating[Any]], judged: Examples, objective: Objective) -> float:
    """Log loss after Platt scaling on the same claims, so that weights and shrinkage, which calibration would mend, do
    not count; each claim once, or by its amount."""
    calibrator = platt(margins, judged.wrong, judged.weight)
    probability = np.clip(calibrated(calibrator, margins), 1e-9, 1 - 1e-9)
    loss = -np.where(judged.wrong == 1, np.log(probability), np.log(1 - probability))
    weights = learning_weights(judged, 1.0 if objective == "money" else 0.0)
    return float(np.average(loss, weights=weights))


class _Watch:
    """Reports a fold's loss to Optuna while the trees are grown."""

    def __init__(
        self, trial: optuna.Trial, judged: Examples, objective: Objective, before: tuple[float, ...], fold: int
    ) -> None:
        self._trial, self._judged, self._objective = trial, judged, objective
        self._before, self._first = before, fold * 100_000
        self._probability: NDArray[np.float64] | None = None

    def remember(self, predicted: NDArray[np.float64], _: Any) -> tuple[str, float, bool]:
        """An evaluation that only keeps what it was handed; early stopping looks at the first metric alone."""
        self._probability = predicted
        return "kept", 0.0, False

    def report(self, state: Any) -> None:
        """A LightGBM callback; it is called after the evaluation of its round."""
        if (state.iteration + 1) % _REPORT_EVERY or self._probability is None:
            return
        clipped = np.clip(self._probability, 1e-9, 1 - 1e-9)
        margins = np.log(clipped / (1 - clipped))
        losses = [*self._before, calibrated_loss(margins, self._judged, self._objective)]
        self._trial.report(float(np.mean(losses)), self._first + state.iteration + 1)
        if self._trial.should_prune():
            raise optuna.TrialPruned


def _tuned(
    study: optuna.Study, start: ModelSettings, space: Sequence[Knob], objective: Objective, storage: Path | None
) -> Tuned:
    def settings(trial: FrozenTrial) -> ModelSettings:
        return _settings(start, {knob.name: knob.rounded(trial.params[knob.name]) for knob in space})

    finished = [trial for trial in study.trials if trial.state in _FINISHED]
    if not any(trial.state is TrialState.COMPLETE for trial in finished):
        raise ConfigurationError("the budget ended before one trial did; give a larger --budget")
    best, first = _best(study), finished[0]
    return Tuned(
        settings=settings(best),
        loss=float(best.value or 0.0),
        start_loss=float(first.value if first.value is not None else float("nan")),
        objective=objective,
        trials=tuple(
            Trial(
                number=trial.number,
                loss=trial.value if trial.value is not None else _last(trial),
                pruned=trial.state is TrialState.PRUNED,
                seconds=trial.duration.total_seconds() if trial.duration else 0.0,
                settings=settings(trial),
            )
            for trial in finished
        ),
        study=study.study_name,
        storage=str(storage) if storage else "",
    )


def _last(trial: FrozenTrial) -> float | None:
    return trial.intermediate_values[max(trial.intermediate_values)] if trial.intermediate_values else None


def timed(tuned: Tuned) -> float:
    """Seconds all finished trials took."""
    return sum(trial.seconds for trial in tuned.trials)
