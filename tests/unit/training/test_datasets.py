from __future__ import annotations

import shutil
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from service.domain.errors import ConfigurationError
from service.features import FEATURE_NAMES
from service.policy import load_platform_policy
from training.datasets import feature_rows, split
from training.observed import Observed
from training.pipeline import Run, caps_of
from training.recipe import PART_NAMES, Parts, Recipe, load_recipe

CAPS = caps_of(load_platform_policy("demo"))


def test_parts_are_disjoint_and_in_time(small_run: Run) -> None:
    chosen = [getattr(small_run.split, name) for name in PART_NAMES]
    together = np.concatenate(chosen)
    assert len(set(together)) == len(together)
    for earlier, later in pairwise(chosen):
        assert small_run.dataset.as_of[earlier].max() < small_run.dataset.as_of[later].min()


def test_training_labels_had_arrived_before_calibration_began(small_run: Run, small_recipe: Recipe) -> None:
    dataset, parts = small_run.dataset, small_recipe.parts
    begin = np.datetime64((dataset.moment(parts.calibrate[0])).replace(tzinfo=None) - timedelta(hours=8), "us")
    for name in ("train", "tune"):
        assert (dataset.arrived[getattr(small_run.split, name)] <= begin).all()
    # With the gap taken away, labels that come later must be missing from the training part.
    tight = Parts(train=(45, 211), tune=(211, 221), calibrate=(222, 250), order=(250, 282), certify=(282, 352))
    assert len(split(dataset, tight).train) < len(dataset.part(tight, "train")) - 20


def test_a_claim_without_a_label_is_not_learned_from(small_run: Run) -> None:
    dataset = small_run.dataset
    unlabelled = np.flatnonzero(dataset.wrong < 0)
    assert len(unlabelled) > 0
    for name in ("train", "tune", "calibrate", "order"):
        assert not set(unlabelled) & set(getattr(small_run.split, name))


def test_events_learned_later_change_no_row_and_earlier_ones_do(small_observed: Observed, tmp_path: Path) -> None:
    """A refund found wrong is planted for every account, recorded a second after and a second before each claim."""
    before = feature_rows(small_observed, CAPS)
    for seconds, changes in ((1, False), (-1, True)):
        folder = tmp_path / str(changes)
        shutil.copytree(small_observed.folder, folder, ignore=shutil.ignore_patterns("truth"))
        last = pq.read_table(folder / "claims.parquet", columns=["account_id", "as_of"]).to_pylist()
        # The last claim of each account, or a plant for one claim would rightly show in a later one.
        newest = {entry["account_id"]: entry["as_of"] for entry in last}
        events = pq.read_table(folder / "events.parquet")
        planted = [
            {
                "event_id": f"planted-{account_id}",
                "kind": "refund_wrong",
                "occurred_at": as_of - timedelta(days=2),
                "recorded_at": as_of + timedelta(seconds=seconds),
                "account_id": account_id,
            }
            for account_id, as_of in newest.items()
        ]
        pq.write_table(
            pa.concat_tables([events, pa.Table.from_pylist(planted, events.schema)]), folder / "events.parquet"
        )
        after = feature_rows(Observed(folder), CAPS)
        column = FEATURE_NAMES.index("account_refunds_wrong_90d")
        if changes:
            grown = after[:, column] - before[:, column]
            assert grown.sum() == len(newest)
        else:
            np.testing.assert_array_equal(after, before)


def test_a_folder_that_is_not_a_platform_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="prereview-train simulate"):
        Observed(tmp_path)


def test_overlapping_parts_are_refused(tmp_path: Path) -> None:
    text = (
        (Path(__file__).parents[3] / "training" / "recipe.yaml")
        .read_text("utf-8")
        .replace("calibrate: [222, 250]", "calibrate: [150, 250]")
    )
    path = tmp_path / "recipe.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match="overlap"):
        load_recipe(path)
