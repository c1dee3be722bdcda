"""A feature from the future is planted, in each way it gets into a table, and must be caught."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from service.domain.errors import ConfigurationError
from service.policy import load_platform_policy
from training.backfill import backfill
from training.leaks import LeakReport, check_leaks
from training.observed import Observed
from training.pipeline import caps_of

CAPS = caps_of(load_platform_policy("demo"))
SAMPLE = 150


@pytest.fixture(scope="module")
def rows(small_observed: Observed, tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    backfill(small_observed, CAPS, path)
    return pq.read_table(path)


def check(observed: Observed, rows: pa.Table) -> LeakReport:
    return check_leaks(observed, CAPS, rows, sample=SAMPLE)


def changed_world(observed: Observed, folder: Path, **tables: pa.Table) -> Observed:
    shutil.copytree(observed.folder, folder, ignore=shutil.ignore_patterns("truth"))
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return Observed(folder)


def test_honest_rows_are_clean(small_observed: Observed, rows: pa.Table) -> None:
    report = check(small_observed, rows)
    assert report.clean, report
    assert report.sampled == SAMPLE


def test_a_history_that_sees_later_events_is_caught(small_observed: Observed, rows: pa.Table, tmp_path: Path) -> None:
    """Rows made as if each event had happened, and been recorded, forty days before it was: what a join without a
    closing moment gives."""
    hindsight = pq.read_table(small_observed.path("events"))
    for name in ("occurred_at", "recorded_at"):
        earlier = pc.subtract(hindsight[name], pa.scalar(timedelta(days=40), pa.duration("us")))
        hindsight = hindsight.set_column(hindsight.column_names.index(name), name, earlier)
    backfill(changed_world(small_observed, tmp_path / "world", events=hindsight), CAPS, tmp_path / "leaky.parquet")
    report = check(small_observed, pq.read_table(tmp_path / "leaky.parquet"))
    caught = {changed.column for changed in report.changed}
    assert "account_orders_30d" in caught
    assert "account_refunds_requested_90d" in caught
    assert all(changed.claims > 0 and changed.given != changed.remade for changed in report.changed)


def test_one_cell_of_one_column_is_enough(small_observed: Observed, rows: pa.Table) -> None:
    name = "account_refunds_wrong_90d"
    cells = rows[name].to_numpy().copy()
    cells += 1.0
    report = check(small_observed, rows.set_column(rows.column_names.index(name), name, pa.array(cells)))
    assert [changed.column for changed in report.changed] == [name]
    assert report.changed[0].claims == SAMPLE


def test_a_column_made_of_the_label_is_caught(small_observed: Observed, rows: pa.Table) -> None:
    labels = {entry["claim_id"]: entry["wrong"] for entry in pq.read_table(small_observed.path("labels")).to_pylist()}
    dice = np.random.default_rng(4)
    wrong = np.array([labels.get(claim_id, 0) for claim_id in rows["claim_id"].to_pylist()])
    # Not the label itself: what a score trained on it, or a note written after the decision, would look like.
    planted = wrong + dice.normal(0.0, 0.35, len(wrong))
    noise = dice.normal(size=len(wrong))
    told_only_if_wrong = pa.array(noise, mask=wrong == 0)
    given = (
        rows.append_column("reviewer_note_length", pa.array(planted))
        .append_column("days_to_chargeback", told_only_if_wrong)
        .append_column("harmless", pa.array(noise))
    )
    report = check(small_observed, given)
    assert {suspect.column for suspect in report.suspects} == {"reviewer_note_length", "days_to_chargeback"}
    assert not any(suspect.known for suspect in report.suspects)
    assert not report.changed


def test_an_outcome_recorded_before_its_claim_is_caught(
    small_observed: Observed, rows: pa.Table, tmp_path: Path
) -> None:
    claims = pq.read_table(small_observed.path("claims"))
    first = claims.slice(0, 1).to_pylist()[0]
    events = pq.read_table(small_observed.path("events"))
    planted: dict[str, Any] = {
        "event_id": "planted",
        "kind": "refund_rejected",
        "case_id": first["claim_id"],
        "account_id": first["account_id"],
        "occurred_at": first["as_of"] - timedelta(hours=2),
        "recorded_at": first["as_of"] - timedelta(hours=1),
    }
    more = pa.concat_tables([events, pa.Table.from_pylist([planted], events.schema)])
    labels = pq.read_table(small_observed.path("labels")).to_pylist()
    labels[0]["recorded_at"] -= timedelta(days=400)
    early = pa.Table.from_pylist(labels, pq.read_schema(small_observed.path("labels")))
    record = json.loads(first["record"])
    record["order"]["confirmed_at"] = (first["as_of"] + timedelta(days=3)).isoformat()
    records = [json.dumps(record), *claims["record"].to_pylist()[1:]]
    told = claims.set_column(claims.column_names.index("record"), "record", pa.array(records))
    report = check_leaks(
        changed_world(small_observed, tmp_path / "world", events=more, labels=early, claims=told),
        CAPS,
        rows,
        sample=len(claims),
    )
    assert report.own_outcomes == 1
    assert report.early_labels == 1
    assert report.later_facts == {"order.confirmed_at": 1}


def test_rows_of_other_claims_are_refused(small_observed: Observed, rows: pa.Table) -> None:
    with pytest.raises(ConfigurationError, match="not of these claims"):
        check(small_observed, rows.slice(1))
