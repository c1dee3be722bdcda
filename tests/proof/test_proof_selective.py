"""Selective labels on simulated platforms that went live: the truth is opened here, and only here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from service.features import FEATURES
from service.policy import load_platform_policy
from training.datasets import Dataset, Floats, Indices, build_dataset
from training.observed import Observed
from training.pipeline import caps_of
from training.selective import population, refusals, selective_report
from training.simulator.parameters import load_parameters
from training.simulator.world import simulate, write
from training.splits import connected_claims

pytestmark = pytest.mark.proof

ORDERS, SEEDS = 100_000, (11, 12, 13)
LIVE = {"operation.mode": "live", "operation.audit_certain_from": 300, "operation.unaudited_below": 10}
MATURED = timedelta(days=45)


def test_weighting_mends_what_the_rule_hid_and_says_where_it_cannot(tmp_path: Path) -> None:
    """All claims since the platform went live, of which the rule approved most unseen. What people were asked about is
    taken from the truth: reviewers err, and lean on the score, and no weight mends that."""
    plain, weighted, covered = [], [], 0
    for seed in SEEDS:
        observed, dataset, truth = live_platform(tmp_path / str(seed), seed)
        chosen = matured_since_live(observed, dataset)
        judged = population(dataset, chosen, connected_claims(observed))
        claims = replace(judged, wrong_share=np.where(judged.asked, truth[chosen], np.nan))
        report = selective_report(claims, groups={"route": dataset.route[chosen]}, seed=seed)
        wrong, reach = claims.amount * truth[chosen], claims.reachable
        share = float(wrong[reach].sum() / claims.amount[reach].sum())
        plain.append(report.naive.share.value - share)
        weighted.append(report.weighted.share.value - share)
        covered += report.weighted.share.low <= share <= report.weighted.share.high
        # The rule trusts whom it should, so what people see is worse than what is there.
        assert report.naive.share.value > report.weighted.share.value
        # What is never seen is named, and bounded rather than guessed.
        assert report.unseen.where["route: recoverable"] == 1.0
        low, high = report.everything
        assert low < float(wrong.sum() / claims.amount.sum()) < high
        assert "cannot mend" in report.sentence
        told = refusals(observed, dataset, chosen)
        assert told.refused > 100
        assert 0.0 < told.share.low <= told.share.value <= told.share.high < 1.0
    assert np.mean(plain) > 0.008, plain
    assert abs(np.mean(weighted)) < 0.5 * np.mean(plain), (plain, weighted)
    assert covered >= 2


def live_platform(folder: Path, seed: int) -> tuple[Observed, Dataset, Floats]:
    """Its tables, its claims (without features), and what of each was not due."""
    write(simulate(load_parameters().with_values({"span.orders": ORDERS, **LIVE}), seed), folder, seed)
    observed = Observed(folder)
    truth = pq.read_table(folder / "truth" / "claims.parquet")["undue_share"].to_numpy()
    rows = np.empty((len(truth), len(FEATURES)), dtype=np.float32)
    return observed, build_dataset(observed, caps_of(load_platform_policy("demo")), rows=rows), truth


def matured_since_live(observed: Observed, dataset: Dataset) -> Indices:
    went_live = int(np.flatnonzero(dataset.route != "person")[0])
    oldest = np.datetime64(int((observed.end - MATURED).timestamp() * 1e6), "us")
    return np.flatnonzero((np.arange(len(dataset)) >= went_live) & (dataset.as_of <= oldest))
