"""What grants cost, and what comes to light late or never."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from training.simulator.world import Simulated


@pytest.fixture(scope="module")
def truth(small_world: Simulated) -> pd.DataFrame:
    frame = small_world.truth["claims"].to_pandas()
    outcomes = small_world.year.outcomes
    frame["overturned"] = np.isfinite(outcomes.overturned)
    frame["found"] = np.isfinite(outcomes.found_wrong)
    frame["rejudged"] = np.isfinite(outcomes.rejudged)
    return frame


def test_loss_is_what_was_granted_less_what_was_due_and_recovered(truth: pd.DataFrame) -> None:
    paid = truth["granted"] | truth["overturned"]
    expected = (truth["grantable_minor"] - truth["due_minor"] - truth["recovered_minor"]).clip(lower=0)
    assert (truth["loss_minor"] == expected.where(paid, 0)).all()
    assert (truth["loss_minor"] <= truth["grantable_minor"]).all()
    partly = (truth["loss_minor"] > 0) & (truth["loss_minor"] < truth["grantable_minor"])
    assert partly.sum() > 3


def test_refusals_are_appealed_overturned_and_audited(truth: pd.DataFrame) -> None:
    rejected = truth[~truth["granted"]]
    assert 0.02 < rejected["overturned"].mean() < 0.25
    due = rejected["undue_share"] < 0.5
    assert rejected.loc[due, "overturned"].mean() > 3 * rejected.loc[~due, "overturned"].mean()
    assert truth.loc[truth["granted"], "overturned"].sum() == 0
    assert 0.005 < rejected["rejudged"].mean() < 0.1


def test_some_grants_stay_unresolved_and_have_no_label(small_world: Simulated, truth: pd.DataFrame) -> None:
    unresolved = set(truth.loc[truth["unresolved"], "claim_id"])
    assert 0.002 < len(unresolved) / len(truth) < 0.03
    assert not unresolved & set(small_world.observed["labels"]["claim_id"].to_pylist())


def test_labels_say_where_they_come_from(small_world: Simulated) -> None:
    labels = small_world.observed["labels"].to_pandas()
    assert {"reviewer", "appeal", "settlement"} <= set(labels["source"])
    assert "audit" not in set(labels["source"])
    assert (labels.loc[labels["source"] == "appeal", "wrong"] == 0).all()
    found = labels[labels["source"].isin(["settlement", "chargeback"])]
    assert (found["wrong"] == 1).all()
    assert ((labels["wrong_share"] >= 0) & (labels["wrong_share"] <= 1)).all()
    assert (labels.loc[labels["wrong"] == 0, "wrong_share"] == 0).all()


def test_undone_goods_cost_nothing(small_world: Simulated, truth: pd.DataFrame) -> None:
    undone = small_world.year.logs.voidable | small_world.year.logs.recallable
    assert undone.sum() > 10
    assert (truth["undue_share"].to_numpy()[undone] == 0).all()
    assert (truth["loss_minor"].to_numpy()[undone] == 0).all()
