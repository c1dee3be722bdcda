"""What an external table is turned into, and what is found on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from service.domain.codec import digest
from service.domain.errors import ConfigurationError
from training.boosting import THREADS, Columns, Examples, Indices, boost
from training.compare import Comparison, Contest, compare
from training.contenders import HIST_GRADIENT_BOOSTING, LIGHTGBM, LOGISTIC
from training.recipe import ModelSettings
from training.segments import Names
from training.tuning import SPACE, Budget, Fold, Tuned, calibrated_loss, search


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached, and whose figure it is."""

    auc: float
    average_precision: float
    whose: str


@dataclass(frozen=True)
class External:
    """``contest``: parts by time, later ones never used for earlier ones. ``folds``: parts of the training time alone,
    for choosing. ``agreement``: share of rows where an as-of aggregate of ours equals the table's own column."""

    name: str
    how: str
    contest: Contest
    folds: tuple[Fold, ...]
    target: Target
    agreement: dict[str, float]


@dataclass(frozen=True)
class Found:
    """``directed``: whether the declared directions were kept, by the folds' loss with and without."""

    external: External
    comparison: Comparison
    directed: bool
    loss_directed: float
    loss_free: float
    tuned: Tuned | None
    settings: ModelSettings

    @property
    def reached(self) -> bool:
        ours, target = self.comparison.standings[-1], self.external.target
        return ours.auc.value >= target.auc and ours.average_precision.value >= target.average_precision


def run(external: External, settings: ModelSettings, seed: int, *, trials: int = 0, progress: bool = False) -> Found:
    """Choose on the folds of the training time, then fit once and judge once on the last part. Amounts do not weigh:
    the figures to be reached count transactions."""
    settings = settings.model_copy(update={"amount_power": 0.0})
    contest = external.contest
    free = Columns(contest.columns.names, (0,) * len(contest.columns.names))
    directed, undirected = (_fold_loss(external.folds, columns, settings, seed) for columns in (contest.columns, free))
    columns = contest.columns if directed <= undirected else free
    tuned = None
    if trials:
        tuned = search(
            external.folds,
            columns,
            settings,
            seed,
            Budget(trials),
            identity=digest([external.name, list(columns.directions)]),
            space=[knob for knob in SPACE if knob.name != "amount_power"],
            progress=progress,
        )
    chosen = tuned.settings if tuned else settings
    comparison = compare(
        replace(contest, columns=columns),
        chosen,
        seed,
        contenders=(LOGISTIC, HIST_GRADIENT_BOOSTING, LIGHTGBM),
        progress=progress,
    )
    return Found(external, comparison, columns is contest.columns, directed, undirected, tuned, chosen)


def _fold_loss(folds: Sequence[Fold], columns: Columns, settings: ModelSettings, seed: int) -> float:
    losses = []
    for learning, watching in folds:
        booster = boost(learning, watching, columns, settings, seed)
        margins = np.asarray(booster.predict(watching.rows, raw_score=True, num_threads=THREADS))
        losses.append(calibrated_loss(margins, watching, "claims"))
    return float(np.mean(losses))


def read_table(path: Path, needed: Sequence[str]) -> pd.DataFrame:
    """A CSV file with at least these columns; ConfigurationError names what is missing."""
    if not path.is_file():
        raise ConfigurationError(f"{path} is not there; give the folder that holds {path.name} with --data")
    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path} cannot be read as a table: {error}; fetch it again") from error
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise ConfigurationError(f"{path} lacks the columns {', '.join(missing)}; it is not the table that is meant")
    return table


def contest_of(
    rows: pd.DataFrame,
    wrong: Indices,
    amount: pd.Series[float],
    clusters: Names,
    directions: Sequence[int],
    parts: tuple[Indices, Indices, Indices, Indices],
) -> Contest:
    """``parts``: learning, watching, calibrating, judged."""
    everything = Examples(rows.to_numpy(np.float32), wrong, np.asarray(amount, dtype=np.float64), np.ones(len(wrong)))
    learning, watching, calibrating, judged = (everything.at(part) for part in parts)
    return Contest(
        learning=learning,
        watching=watching,
        calibrating=calibrating,
        judged=judged,
        clusters=clusters[parts[3]],
        columns=Columns(tuple(rows.columns), tuple(directions)),
    )
