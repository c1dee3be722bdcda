from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from service.domain.errors import BundleRefused
from service.features import FEATURE_HASH, FEATURE_NAMES
from service.scoring import load_bundle
from service.scoring.drift import Level, Reference, distribution, drift, moved, sample_of

Write = Callable[..., Path]


def test_bins_hold_equal_shares_and_a_common_value_has_its_own() -> None:
    even = distribution(np.arange(1_000, dtype=np.float64))
    assert even.counts == (100,) * 10
    assert even.mean == pytest.approx(499.5)
    counts = distribution(np.array([0.0] * 700 + [1.0] * 200 + [2.0] * 60 + [9.0] * 40 + [math.nan] * 10))
    assert counts.edges == (0.0, 1.0, 2.0) or counts.edges == (0.0, 1.0)
    assert counts.counts[0] == 700
    assert (counts.missing, counts.total) == (10, 1_010)
    constant = distribution(np.ones(50))
    assert (constant.edges, constant.counts) == ((), (50,))
    nothing = distribution(np.full(5, math.nan))
    assert (nothing.edges, nothing.counts, nothing.missing, nothing.mean) == ((), (0,), 5, None)


def test_psi_is_the_textbooks() -> None:
    """Two bins, 500 and 500 before, 800 and 200 after: (.8-.5) ln(.8/.5) + (.2-.5) ln(.2/.5)."""
    then = replace(distribution(np.array([0.0] * 500 + [1.0] * 500)), edges=(0.5,), counts=(500, 500))
    found = moved("x", then, np.array([0.0] * 800 + [1.0] * 200))
    assert found.psi == pytest.approx(0.3 * math.log(1.6) - 0.3 * math.log(0.4), abs=2e-3)
    assert found.level is Level.ACT
    assert (found.mean_then, found.mean_now) == (0.5, 0.2)


def test_without_drift_chance_is_exceeded_once_in_a_thousand() -> None:
    random = np.random.default_rng(0)
    beyond = 0
    for _ in range(3_000):
        then = distribution(random.normal(size=2_000))
        found = moved("x", then, random.normal(size=300))
        beyond += found.psi > found.by_chance
    assert beyond <= 12  # 3 expected; more than 12 has a chance below 1e-4


def test_a_small_window_is_unclear_rather_than_an_alarm() -> None:
    random = np.random.default_rng(1)
    then = distribution(random.normal(size=5_000))
    levels = {moved("x", then, random.normal(size=40)).level for _ in range(50)}
    assert levels <= {Level.UNCLEAR}
    assert moved("x", then, np.array([])).level is Level.UNCLEAR
    assert moved("x", then, random.normal(2.0, 1.0, 40)).level is Level.ACT
    assert moved("x", then, random.normal(size=5_000)).level is Level.STABLE


def test_values_that_begin_to_be_missing_are_drift() -> None:
    random = np.random.default_rng(2)
    then = distribution(random.normal(size=5_000))
    now = random.normal(size=2_000)
    now[:800] = math.nan
    found = moved("x", then, now)
    assert found.level is Level.ACT
    assert (found.missing_then, found.missing_now) == (0.0, 0.4)


def reference(rows: np.ndarray) -> Reference:
    return Reference(
        features=tuple(distribution(column) for column in rows.T),
        score=distribution(rows[:, 0]),
        below_threshold=0.5,
        label_delay_days=distribution(np.arange(30.0)),
        first_day="2026-01-01",
        last_day="2026-06-01",
    )


def test_the_report_names_what_moved_first() -> None:
    random = np.random.default_rng(3)
    rows = random.normal(size=(4_000, len(FEATURE_NAMES)))
    now = random.normal(size=(3_000, len(FEATURE_NAMES)))
    now[:, 7] += 1.0
    sample = sample_of(now.tolist(), now[:, 0].tolist(), [3.0, 4.0], 900)
    report = drift(reference(rows), sample, threshold=0.0)
    assert report.features[0].name == FEATURE_NAMES[7]
    assert (report.count(Level.ACT), report.level, report.score.level) == (1, Level.ACT, Level.STABLE)
    assert report.approved_share == pytest.approx(0.3)
    assert report.below_threshold_now == pytest.approx(0.5, abs=0.03)
    assert {one.name for one in report.reading} == {
        "evidence_failed_share", "pages_read", "evidence_gaps", "reading_score_mean", "reading_score_lowest",
    }  # fmt: skip


def test_a_bundle_keeps_its_reference_and_refuses_another_features(write_bundle: Write) -> None:
    random = np.random.default_rng(4)
    made = reference(random.normal(size=(100, len(FEATURE_NAMES))))
    assert load_bundle(write_bundle("v1", version="v1", reference=made), feature_hash=FEATURE_HASH).reference == made
    assert load_bundle(write_bundle("v2", version="v2"), feature_hash=FEATURE_HASH).reference is None
    short = replace(made, features=made.features[1:])
    with pytest.raises(BundleRefused, match="one distribution per feature"):
        load_bundle(write_bundle("v3", version="v3", reference=short), feature_hash=FEATURE_HASH)
