"""Live operation: only what people decide and what the audit draws gets a label."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from service.domain.errors import ConfigurationError
from service.policy import load_platform_policy
from training.datasets import build_dataset
from training.observed import Observed
from training.pipeline import caps_of
from training.simulator.parameters import load_parameters
from training.simulator.world import Simulated, simulate, write

# Drawn more often than the demo's policy does, so that a small world has something to count.
LIVE = {"span.orders": 15_000, "operation.mode": "live", "operation.audit_certain_from": 400}


@pytest.fixture(scope="module")
def live() -> Simulated:
    return simulate(load_parameters().with_values(LIVE), 12)


@pytest.fixture(scope="module")
def claims(live: Simulated) -> pd.DataFrame:
    frame = live.observed["claims"].to_pandas().drop(columns=["record", "evidence", "checks"])
    labels = live.observed["labels"].to_pandas().drop(columns=["draw_probability", "score_seen"])
    return frame.merge(live.truth["claims"].to_pandas(), on="claim_id").merge(labels, on="claim_id", how="left")


def test_only_what_was_seen_has_a_label(claims: pd.DataFrame) -> None:
    automatic = (claims["route"] != "person") & ~claims["drawn"]
    assert automatic.mean() > 0.2
    assert claims.loc[automatic, "wrong"].isna().all()
    assert claims.loc[automatic, "granted"].all()
    old = claims["as_of"] < claims["as_of"].max() - pd.Timedelta(days=60)
    seen = claims[~automatic & old & ~claims["unresolved"]]
    assert seen["wrong"].notna().all()
    drawn = claims[claims["drawn"] & old]
    assert set(drawn["source"]) == {"audit"}
    assert set(drawn["judgements"]) <= {2, 3}


def test_every_claim_stores_its_chance_of_being_seen(claims: pd.DataFrame) -> None:
    person = claims["route"] == "person"
    assert (claims.loc[person, "draw_probability"] == 1.0).all()
    assert (claims.loc[claims["route"] == "recoverable", "draw_probability"] == 0.0).all()
    audited = claims[claims["route"].isin(["risk", "one_click"])]
    expected = np.minimum(1.0, audited["amount"] / 40_000)
    assert np.allclose(audited["draw_probability"], expected)
    spread = np.sqrt((expected * (1 - expected)).sum())
    assert abs(audited["drawn"].sum() - expected.sum()) < 4 * spread


def test_no_judge_of_an_audited_claim_saw_a_score(claims: pd.DataFrame) -> None:
    assert not claims.loc[claims["route"] != "person", "score_seen"].any()
    before = claims["as_of"] < pd.Timestamp("2026-02-20", tz="Asia/Shanghai")
    assert not claims.loc[before, "score_seen"].any()
    assert claims.loc[before, "score"].isna().all()
    assert (claims.loc[before, "route"] == "person").all()
    by_people = claims[~before & (claims["route"] == "person")]
    assert 0.7 < by_people["score_seen"].mean() < 0.9


def test_what_the_rule_approves_is_better_than_what_it_does_not_and_still_partly_wrong(claims: pd.DataFrame) -> None:
    risk, person = (claims.loc[claims["route"] == name, "undue_share"].mean() for name in ("risk", "person"))
    assert 0.0 < risk < person


def test_small_sums_can_be_left_unaudited() -> None:
    changes = {**LIVE, "span.orders": 4000, "operation.unaudited_below": 30}
    observed = simulate(load_parameters().with_values(changes), 12).observed["claims"].to_pandas()
    audited = observed[observed["route"].isin(["risk", "one_click"])]
    small = audited["amount"] < 3000
    assert small.any()
    assert (audited.loc[small, "draw_probability"] == 0).all()
    assert (audited.loc[~small, "draw_probability"] > 0).all()


def test_a_data_set_of_it_knows_what_was_seen(live: Simulated, tmp_path: Path) -> None:
    folder = tmp_path / "world"
    write(live, folder, 12)
    dataset = build_dataset(Observed(folder), caps_of(load_platform_policy("demo")))
    labelled = dataset.wrong >= 0
    assert (dataset.draw_probability[labelled] > 0).all()
    assert 0 < dataset.score_seen.sum() < len(dataset)


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="observing or live"):
        simulate(load_parameters().with_values({"span.orders": 2000, "operation.mode": "shadow"}), 1)
