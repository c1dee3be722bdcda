"""Whether today's claims still look like those the model learned from: population stability, pure arithmetic.

PSI = Σ (p - q) · ln(p / q) over the reference's bins. Up to 0.1 is taken as stable, from 0.25 on as changed enough to
act on: the rule of thumb of credit scoring (Siddiqi, "Credit Risk Scorecards", 2006). It says nothing of chance, so it
is held against the PSI that no drift at all would give: (1/n + 1/m) times a χ² variable with one degree less than
there are bins (Yurdakul 2018).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, with_config

from service.features import FEATURE_NAMES

WATCH, ACT = 0.1, 0.25
BINS = 10
# About a hundred figures are looked at each time: one in a thousand, so that chance seldom raises one.
_NORMAL_999 = 3.090232
_HALF = 0.5
_STRICT = ConfigDict(extra="forbid")

Floats = NDArray[np.float64]
READING = ("evidence_failed_share", "pages_read", "evidence_gaps", "reading_score_mean", "reading_score_lowest")
"""Features that tell how well pages could be read."""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """``counts`` of values in (-∞, edges[0]], (edges[0], edges[1]], …, (edges[-1], ∞), and those ``missing`` (NaN)."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    missing: int
    mean: float | None

    @property
    def total(self) -> int:
        return sum(self.counts) + self.missing


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What the model learned from. ``features`` in FEATURES order, over the claims of the training part; ``score`` over
    claims it was not fitted on; ``below_threshold``: share of those at or below the certified threshold;
    ``label_delay_days``: from claim to label."""

    features: tuple[Distribution, ...]
    score: Distribution
    below_threshold: float | None
    label_delay_days: Distribution | None
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Sample:
    """Claims of now: ``rows`` [m, F] and ``scores`` [m] (NaN where not known), ``label_delay_days`` of the labels that
    came in, ``approved`` of ``decided`` claims."""

    rows: Floats
    scores: Floats
    label_delay_days: Floats
    approved: int
    decided: int


class Level(StrEnum):
    """UNCLEAR: too few claims to tell whether it moved."""

    STABLE = "stable"
    WATCH = "watch"
    ACT = "act"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """``by_chance``: PSI that no drift exceeds in 999 of 1000 looks; means and missing shares then and now."""

    name: str
    psi: float
    by_chance: float
    level: Level
    mean_then: float | None
    mean_now: float | None
    missing_then: float
    missing_now: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftReport:
    """``features`` with the most moved first; ``reading`` those of them that tell how well pages are read."""

    claims: int
    score: Moved
    features: tuple[Moved, ...]
    label_delay: Moved | None
    below_threshold_then: float | None
    below_threshold_now: float | None
    approved_share: float | None

    @property
    def reading(self) -> tuple[Moved, ...]:
        return tuple(moved for moved in self.features if moved.name in READING)

    def count(self, level: Level) -> int:
        """How many of the features are at a level."""
        return sum(moved.level is level for moved in self.features)

    @property
    def level(self) -> Level:
        """The worst of score, features and label delay."""
        found = {
            moved.level for moved in (self.score, *self.features, *([self.label_delay] if self.label_delay else []))
        }
        return next(level for level in (Level.ACT, Level.WATCH, Level.UNCLEAR, Level.STABLE) if level in found)


def distribution(values: Floats | NDArray[np.float32], bins: int = BINS) -> Distribution:
    """Bins of equal count where values allow; a value that fills several of them has one of its own."""
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    edges: tuple[float, ...] = ()
    if len(known):
        cuts = np.quantile(known, np.arange(1, bins) / bins, method="inverted_cdf")
        # The largest value needs no bin above it.
        edges = tuple(float(cut) for cut in np.unique(cuts) if cut < known.max())
    return _counted(np.asarray(values, dtype=np.float64), edges)


def _counted(values: Floats, edges: tuple[float, ...]) -> Distribution:
    known = values[~np.isnan(values)]
    places = np.searchsorted(np.array(edges), known, side="left")
    counts = np.bincount(places, minlength=len(edges) + 1)
    return Distribution(
        edges=edges,
        counts=tuple(int(count) for count in counts),
        missing=len(values) - len(known),
        mean=float(known.mean()) if len(known) else None,
    )


def moved(name: str, then: Distribution, values: Floats) -> Moved:
    """One figure held against its reference; UNCLEAR without values."""
    now = _counted(np.asarray(values, dtype=np.float64), then.edges)
    before, after = (np.array((*one.counts, one.missing), dtype=np.float64) for one in (then, now))
    used = (before > 0) | (after > 0)
    before, after = before[used], after[used]
    psi, chance = 0.0, math.inf
    if now.total and then.total:
        # Half a claim in every bin: an empty one would make it infinite.
        first = (before + _HALF) / (before.sum() + _HALF * len(before))
        second = (after + _HALF) / (after.sum() + _HALF * len(after))
        psi = float(((second - first) * np.log(second / first)).sum())
        chance = (1 / then.total + 1 / now.total) * _chi_square_999(len(before) - 1)
    return Moved(
        name=name,
        psi=psi,
        by_chance=chance,
        level=_level(psi, chance),
        mean_then=then.mean,
        mean_now=now.mean,
        missing_then=then.missing / then.total if then.total else 0.0,
        missing_now=now.missing / now.total if now.total else 0.0,
    )


def drift(reference: Reference, sample: Sample, *, threshold: float | None) -> DriftReport:
    """The claims of now against the reference. ``threshold``: of the certificate, None without one."""
    features = [
        moved(name, then, sample.rows[:, column])
        for column, (name, then) in enumerate(zip(FEATURE_NAMES, reference.features, strict=True))
    ]
    delays = reference.label_delay_days
    scored = sample.scores[~np.isnan(sample.scores)]
    return DriftReport(
        claims=len(sample.rows),
        score=moved("score", reference.score, sample.scores),
        features=tuple(sorted(features, key=lambda one: -one.psi)),
        label_delay=moved("label_delay_days", delays, sample.label_delay_days) if delays is not None else None,
        below_threshold_then=reference.below_threshold,
        below_threshold_now=float((scored <= threshold).mean()) if threshold is not None and len(scored) else None,
        approved_share=sample.approved / sample.decided if sample.decided else None,
    )


def _level(psi: float, chance: float) -> Level:
    if psi <= chance:
        return Level.STABLE if chance <= WATCH else Level.UNCLEAR
    if psi < WATCH:
        return Level.STABLE
    return Level.ACT if psi >= ACT else Level.WATCH


def _chi_square_999(degrees: int) -> float:
    """99.9 % quantile of χ² (Wilson and Hilferty 1931; within 2 % from one degree on)."""
    if degrees < 1:
        return 0.0
    part = 2 / (9 * degrees)
    return float(degrees * (1 - part + _NORMAL_999 * math.sqrt(part)) ** 3)


def sample_of(
    features: Sequence[Sequence[float]], scores: Sequence[float], delays: Sequence[float], approved: int
) -> Sample:
    """A Sample from plain lists, one entry a decided claim."""
    rows = np.array(features, dtype=np.float64).reshape(len(scores), len(FEATURE_NAMES))
    return Sample(rows, np.array(scores, dtype=np.float64), np.array(delays, dtype=np.float64), approved, len(scores))
