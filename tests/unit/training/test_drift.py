from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from service.domain.errors import ConfigurationError
from service.domain.monitoring import Lately
from service.features import FEATURE_NAMES
from service.scoring.drift import Level
from training.drift import as_data, drift_of, live_sample, window, world_sample, write_report
from training.export import served
from training.pipeline import Run

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_the_training_part_has_not_drifted_from_itself(small_run: Run) -> None:
    dataset, bundle = small_run.dataset, served(small_run.parts)
    first, last = small_run.recipe.parts.train
    chosen = window(dataset, first, last)
    report = drift_of(bundle, world_sample(dataset, chosen, bundle.probabilities(dataset.rows[chosen])))
    assert report.count(Level.ACT) == report.count(Level.WATCH) == 0
    assert all(moved.psi < 0.02 for moved in report.features)


def test_pages_that_stop_being_readable_are_seen(small_run: Run) -> None:
    dataset, bundle = small_run.dataset, served(small_run.parts)
    chosen = small_run.split.certify
    rows = dataset.rows[chosen].copy()
    column = FEATURE_NAMES.index("evidence_failed_share")
    rows[: len(rows) // 2, column] = 1.0
    lately = Lately(
        rows=tuple(map(tuple, rows.tolist())), risks=tuple(bundle.probabilities(rows).tolist()), approved=10,
        label_delay_days=(), decided=len(rows) + 5,
    )  # fmt: skip
    report = drift_of(bundle, live_sample(lately))
    [failed] = [moved for moved in report.reading if moved.name == "evidence_failed_share"]
    assert failed.level is Level.ACT
    assert report.features[0].name == "evidence_failed_share"
    assert report.approved_share == pytest.approx(10 / len(rows))


def test_the_report_is_a_picture_a_page_and_data(small_run: Run, tmp_path: Path) -> None:
    dataset, bundle = small_run.dataset, served(small_run.parts)
    chosen = small_run.split.certify
    report = drift_of(bundle, world_sample(dataset, chosen, bundle.probabilities(dataset.rows[chosen])))
    written = write_report(report, tmp_path, model="m1", about="somewhere, SIMULATED", at=NOW)
    assert [path.name for path in written] == ["drift.png", "drift.md", "drift.json"]
    assert written[0].read_bytes().startswith(b"\x89PNG")
    page = written[1].read_text()
    assert "SIMULATED" in page
    assert "reading_score_mean" in page
    data = json.loads(written[2].read_text())
    assert data == as_data(report, model="m1", about="somewhere, SIMULATED", at=NOW)
    assert len(data["features"]) == len(FEATURE_NAMES)
    assert data["score"]["level"] in set(Level)


def test_what_cannot_be_told_is_said(small_run: Run) -> None:
    bundle = served(replace(small_run.parts, reference=None))
    empty = live_sample(Lately(rows=(), risks=(), approved=0, label_delay_days=(), decided=0))
    with pytest.raises(ConfigurationError, match="train and promote again"):
        drift_of(bundle, empty)
    with pytest.raises(ConfigurationError, match="no claim in this window"):
        drift_of(served(small_run.parts), empty)


def test_label_delays_are_of_labels_that_came_in_meanwhile(small_run: Run) -> None:
    """Those of the newest claims have yet to come: counting by claim would make every window look fast."""
    dataset = small_run.dataset
    chosen = window(dataset, 300.0, 330.0)
    delays = world_sample(dataset, chosen, np.zeros(len(chosen))).label_delay_days
    first, last = dataset.as_of[chosen].min(), dataset.as_of[chosen].max()
    inside = (dataset.arrived >= first) & (dataset.arrived <= last)
    assert len(delays) == int(inside.sum()) > 0
    assert delays.max() > 20
