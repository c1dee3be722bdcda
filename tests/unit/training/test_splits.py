from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from service.domain.errors import ConfigurationError
from training.observed import Observed
from training.pipeline import Run
from training.recipe import PART_NAMES, Recipe
from training.splits import connected_claims, require_gap, split_figures, stress_split
from training.stress import stress_test


def test_accounts_are_tied_by_what_few_share(small_observed: Observed, tmp_path: Path) -> None:
    """Claims of a, b, c, d: a and b share a device, b and c a payer seen only in an event, d only a crowded address."""
    claims = pa.table(
        {
            "account_id": ["a", "b", "c", "d", "e"],
            "device_id": ["d1", "d1", "d3", "d4", None],
            "payer_id": ["p1", "p2", "p3", "p4", None],
            "ip": ["crowd", "i2", "i3", "crowd", None],
        }
    )
    crowd = [f"x{number}" for number in range(20)]
    events = pa.table(
        {
            "kind": ["payment", "payment", "fulfilment", *["session"] * len(crowd)],
            "account_id": ["b", "c", "e", *crowd],
            "device_id": pa.array([None, None, "d1", *[None] * len(crowd)], pa.string()),
            "payer_id": pa.array(["shared", "shared", None, *[None] * len(crowd)], pa.string()),
            "ip": pa.array([None, None, None, *["crowd"] * len(crowd)], pa.string()),
        }
    )
    for name, table in (("claims", claims), ("events", events), ("labels", claims)):
        pq.write_table(table, tmp_path / f"{name}.parquet")
    (tmp_path / "world.json").write_text("{}")
    a, b, c, d, e = connected_claims(Observed(tmp_path)).tolist()
    assert a == b == c
    assert len({a, d, e}) == 3


def test_no_entity_is_on_both_sides_of_the_stress_split(
    small_run: Run, small_recipe: Recipe, small_observed: Observed
) -> None:
    dataset, parts = small_run.dataset, small_recipe.parts
    entities = connected_claims(small_observed)
    stress = stress_split(dataset, parts, entities, seed=1)
    learned = set(entities[np.concatenate([stress.train, stress.tune])].tolist())
    judged = set(entities[np.concatenate([stress.calibrate, stress.order, stress.certify])].tolist())
    assert learned
    assert judged
    assert not learned & judged
    for name in PART_NAMES:
        assert set(getattr(stress, name)) <= set(getattr(small_run.split, name))
    plain, kept = (split_figures(dataset, parts, one, entities) for one in (small_run.split, stress))
    assert plain.parts[-1].met_before > 0.05
    assert kept.parts[-1].met_before == 0.0


def test_rings_are_one_entity(small_observed: Observed) -> None:
    """The truth is for tests alone: what shares devices and payers by design must be found connected."""
    truth = pq.read_table(small_observed.folder / "truth" / "claims.parquet", columns=["ring"])["ring"].to_numpy()
    entities = connected_claims(small_observed)
    rings = [entities[truth == ring] for ring in np.unique(truth[truth >= 0])]
    large = [ring for ring in rings if len(ring) >= 3]
    assert large
    assert np.mean([len(set(ring.tolist())) <= 2 for ring in large]) >= 0.8


def test_a_gap_shorter_than_the_label_delay_is_refused(small_recipe: Recipe) -> None:
    require_gap(small_recipe.parts, timedelta(days=30))
    with pytest.raises(ConfigurationError, match="move the parts"):
        require_gap(small_recipe.parts, timedelta(days=45))


def test_labels_that_come_after_the_closing_stay_out_and_are_counted(small_run: Run, small_recipe: Recipe) -> None:
    parts = small_recipe.parts.model_copy(update={"tune": (160, 221.9)})
    figures = split_figures(
        small_run.dataset, parts, small_run.split, np.arange(len(small_run.dataset), dtype=np.int64)
    )
    assert figures.parts[1].late > 10


def test_entities_must_be_of_the_data_set(small_run: Run, small_recipe: Recipe) -> None:
    with pytest.raises(ValueError, match="entities for"):
        stress_split(replace(small_run.dataset), small_recipe.parts, np.zeros(3, dtype=np.int64))


def test_both_splits_are_judged_and_reported(small_run: Run, small_recipe: Recipe, small_observed: Observed) -> None:
    tested = stress_test(small_observed, small_run.dataset, small_recipe, count=50)
    assert tested is not None
    assert tested.met.claims + tested.unmet.claims == tested.plain.claims
    assert 0 < tested.stress.claims < tested.plain.claims
    assert tested.stress.learned_from < tested.plain.learned_from
    for one in tested.all:
        assert one.auc.low <= one.auc.value <= one.auc.high
    assert tested.plain.auc.value == pytest.approx(small_run.evaluated.model.auc, abs=1e-3)
    few = replace(small_run.dataset, wrong=np.zeros(len(small_run.dataset), dtype=np.int64))
    assert stress_test(small_observed, few, small_recipe) is None
