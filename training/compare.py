"""Rules only, logistic regression, HistGradientBoosting and LightGBM in one run: same rows, same labels, same claims.

A report, not a choice: whoever chose by it would spend the part it is judged on. Settings are chosen on *tune*.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from training.boosting import OUR_COLUMNS, Columns, Examples, calibrated, platt
from training.contenders import HIST_GRADIENT_BOOSTING, LIGHTGBM, LOGISTIC, Contender, Margins
from training.datasets import Dataset, Split
from training.fit import examples
from training.recipe import ModelSettings
from training.resampling import REPLICATES, Counts, Floats, Indices, Interval, Ranked, mirrored, percentile, replicates
from training.rules_only import RULES_ONLY

Clusters = NDArray[np.str_] | NDArray[np.int64]

APPROVED_SHARES = (0.3, 0.5, 0.7)
"""Shares of the claimed money that are approved, least risky first, for the money lost at equal approval."""

CONTENDERS: tuple[Contender, ...] = (RULES_ONLY, LOGISTIC, HIST_GRADIENT_BOOSTING, LIGHTGBM)
_TIMED_CALLS = 100


@dataclass(frozen=True, slots=True)
class Contest:
    """What every contender is given. ``learning`` to fit, ``watching`` to stop early, ``calibrating`` for Platt's two
    numbers, ``judged`` for the figures; ``clusters`` [judged]: whose claim each is."""

    learning: Examples
    watching: Examples
    calibrating: Examples
    judged: Examples
    clusters: Clusters
    columns: Columns


@dataclass(frozen=True, slots=True)
class Standing:
    """How one contender did. ``lost``: by approved share of the money, the share of that money that is wrong.
    ``auc_ahead``: AUC above the last contender's, on the same replicates. ``fit_seconds`` and ``milliseconds`` (of one
    claim, median) in one thread."""

    name: str
    auc: Interval
    average_precision: Interval
    ece: Interval
    brier: Interval
    lost: dict[float, Interval]
    auc_ahead: Interval
    lost_ahead: dict[float, Interval]
    fit_seconds: float
    milliseconds: float
    probabilities: Floats


@dataclass(frozen=True, slots=True)
class Comparison:
    """``standings`` in the order of the contenders, ours last."""

    standings: tuple[Standing, ...]
    wrong: Indices
    amount: Floats

    @property
    def base_rate(self) -> float:
        return float(self.wrong.mean())


def contest(dataset: Dataset, split: Split, judged: Indices, clusters: Clusters) -> Contest:
    """Our own rows. ``judged``: labelled claims outside train, tune and calibrate; ``clusters`` of every claim: its
    account, or its connected entity."""
    return Contest(
        learning=examples(dataset, split.train),
        watching=examples(dataset, split.tune),
        calibrating=examples(dataset, split.calibrate),
        judged=examples(dataset, judged),
        clusters=clusters[judged],
        columns=OUR_COLUMNS,
    )


def compare(
    given: Contest,
    settings: ModelSettings,
    seed: int,
    *,
    contenders: Sequence[Contender] = CONTENDERS,
    count: int = REPLICATES,
    progress: bool = False,
) -> Comparison:
    """Fit, calibrate and judge each; ``count`` bootstrap replicates by cluster, the same for all contenders."""
    # One thread: idle OpenMP and BLAS threads spin, and beside anything else that runs two are slower than one.
    with threadpool_limits(1):
        measured = [
            _measure(contender, given, settings, seed)
            for contender in tqdm(contenders, desc="compare", unit="model", disable=not progress)
        ]
    return judge(
        [(contender.name, one.probabilities) for contender, one in zip(contenders, measured, strict=True)],
        given.judged,
        given.clusters,
        seed=seed,
        count=count,
        seconds=[one.seconds for one in measured],
        milliseconds=[one.milliseconds for one in measured],
    )


class _Measured(NamedTuple):
    probabilities: Floats
    seconds: float
    milliseconds: float


def _measure(contender: Contender, given: Contest, settings: ModelSettings, seed: int) -> _Measured:
    start = time.perf_counter()
    margins = contender.learn(given.learning, given.watching, given.columns, settings, seed)
    seconds = time.perf_counter() - start
    calibrating = given.calibrating
    calibrator = platt(margins(calibrating.rows), calibrating.wrong, calibrating.weight)
    return _Measured(calibrated(calibrator, margins(given.judged.rows)), seconds, _milliseconds(margins, given.judged))


def judge(
    scored: Sequence[tuple[str, Floats]],
    judged: Examples,
    clusters: Clusters,
    *,
    seed: int,
    count: int = REPLICATES,
    seconds: Sequence[float] = (),
    milliseconds: Sequence[float] = (),
) -> Comparison:
    """Standings of given probabilities [judged], by name; differences are to the last. Claims count by their weight."""
    ranked = [Ranked(probabilities, judged.wrong, judged.amount) for _, probabilities in scored]
    weight = judged.weight.astype(np.float32)
    at_once = [_measures(one, weight[None, :]) for one in ranked]
    blocks = [[_measures(one, counts * weight) for one in ranked] for counts in replicates(clusters, count, seed)]
    drawn = [
        {name: np.concatenate([block[number][name] for block in blocks]) for name in at_once[number]}
        for number in range(len(ranked))
    ]
    unknown = [float("nan")] * len(scored)
    return Comparison(
        standings=tuple(
            _standing(name, probabilities, value, draws, at_once[-1], drawn[-1], fit_seconds, taken)
            for (name, probabilities), value, draws, fit_seconds, taken in zip(
                scored, at_once, drawn, seconds or unknown, milliseconds or unknown, strict=True
            )
        ),
        wrong=judged.wrong,
        amount=judged.amount,
    )


def _measures(ranked: Ranked, counts: Counts) -> dict[str, Floats]:
    return {
        "auc": ranked.auc(counts),
        "average_precision": ranked.average_precision(counts),
        "ece": ranked.calibration_error(counts),
        "brier": ranked.brier(counts),
        **{f"lost_{approved}": ranked.lost_share(counts, approved) for approved in APPROVED_SHARES},
    }


def _standing(
    name: str,
    probabilities: Floats,
    value: dict[str, Floats],
    draws: dict[str, Floats],
    last: dict[str, Floats],
    last_draws: dict[str, Floats],
    fit_seconds: float,
    milliseconds: float,
) -> Standing:
    def plain(measure: str) -> Interval:
        return percentile(float(value[measure][0]), draws[measure])

    def ahead(measure: str) -> Interval:
        return percentile(float(value[measure][0] - last[measure][0]), draws[measure] - last_draws[measure])

    return Standing(
        name=name,
        auc=plain("auc"),
        average_precision=plain("average_precision"),
        ece=mirrored(float(value["ece"][0]), draws["ece"]),
        brier=plain("brier"),
        lost={approved: plain(f"lost_{approved}") for approved in APPROVED_SHARES},
        auc_ahead=ahead("auc"),
        lost_ahead={approved: ahead(f"lost_{approved}") for approved in APPROVED_SHARES},
        fit_seconds=fit_seconds,
        milliseconds=milliseconds,
        probabilities=probabilities,
    )


def _milliseconds(margins: Margins, judged: Examples) -> float:
    """Median time of one claim's margin, called one at a time as a service would."""
    taken = []
    for number in range(min(_TIMED_CALLS, len(judged))):
        row = judged.rows[number : number + 1]
        start = time.perf_counter()
        margins(row)
        taken.append((time.perf_counter() - start) * 1e3)
    return float(np.median(taken)) if taken else float("nan")


def weighings(settings: ModelSettings, powers: Sequence[float] = (0.0, 0.25, 0.5, 1.0)) -> tuple[Contender, ...]:
    """LightGBM with examples weighted by amount to each power: what amount-aware weights do at equal approval."""

    def weighted(power: float) -> Contender:
        altered = settings.model_copy(update={"amount_power": power})
        learn = LIGHTGBM.learn
        return replace(
            LIGHTGBM,
            name=f"LightGBM, amount^{power:g}",
            learn=lambda learning, watching, columns, _, seed: learn(learning, watching, columns, altered, seed),
        )

    return tuple(weighted(power) for power in powers)
