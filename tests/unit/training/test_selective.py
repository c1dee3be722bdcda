"""What labels chosen by a rule say of its approvals: the plain mean, weighting, and where weighting ends."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.selective import Population, inverse_weights, plot_selective, refused_wrongly, selective_report

CLAIMS = 15_000
CERTAIN_FROM = 15_000


def world(
    seed: int, *, unaudited_below: float = 0.0, up_to: float = 0.2, cheats: float = 3.0
) -> tuple[Population, np.ndarray, float]:
    """Claims of an old rule: what it trusts is approved and audited by monetary unit, the rest goes to a person. The
    rule is not blind, so what people see is worse than what they do not. Returns the claims a new rule would approve
    of both, up to a risk, what is wrong in truth (all of them), and its share of the money."""
    dice = np.random.default_rng(seed)
    risk = dice.beta(0.6, 5.0, CLAIMS)
    amount = np.round(np.exp(dice.normal(7.6, 0.8, CLAIMS)))
    # Small sums are where cheats are: an audit that leaves them out must miss it.
    wrong = (dice.random(CLAIMS) < np.minimum(1.0, risk * np.where(amount < 2_000, cheats, 1.0))).astype(float)
    trusted = risk < 0.08
    audit = np.where(amount < unaudited_below, 0.0, np.minimum(1.0, amount / CERTAIN_FROM))
    chance = np.where(trusted, audit, 1.0)
    asked = dice.random(CLAIMS) < chance
    new_rule = risk < up_to
    claims = Population(
        amount=amount[new_rule],
        wrong_share=np.where(asked, wrong, np.nan)[new_rule],
        asked=asked[new_rule],
        probability=chance[new_rule],
        cluster=np.arange(CLAIMS)[new_rule],
    )
    return claims, wrong[new_rule], float((amount * wrong)[new_rule].sum() / amount[new_rule].sum())


def test_the_plain_mean_misjudges_and_weighting_mends_it() -> None:
    """Over 12 worlds: the plain mean is far off in each, the weighted one is right on average and covers the truth."""
    plain, weighted, ratio, covered = [], [], [], 0
    for seed in range(12):
        claims, _, truth = world(seed)
        report = selective_report(claims, count=100, seed=seed)
        plain.append(report.naive.share.value / truth)
        weighted.append(report.weighted.share.value / truth)
        ratio.append(report.ratio.share.value / truth)
        covered += report.weighted.share.low <= truth <= report.weighted.share.high
        assert report.unseen.claims == 0
        assert report.naive.share.low > truth
    assert min(plain) > 1.3
    assert np.mean(weighted) == pytest.approx(1.0, abs=0.06)
    assert np.mean(ratio) == pytest.approx(1.0, abs=0.06)
    assert covered >= 9


def test_no_weight_helps_where_nothing_could_be_seen() -> None:
    claims, wrong, truth = world(3, unaudited_below=2_000, up_to=0.08, cheats=6.0)
    bands = np.where(claims.amount < 2_000, "small", "large")
    report = selective_report(claims, groups={"amount": bands}, count=200, seed=3)
    # Weighting answers for what could be seen, and there it is right.
    reach = claims.reachable
    of_reachable = float((claims.amount * wrong)[reach].sum() / claims.amount[reach].sum())
    assert report.weighted.share.low <= of_reachable <= report.weighted.share.high
    # For all of the money it is too small, and says that it cannot tell.
    assert report.weighted.share.high < truth
    low, high = report.everything
    assert low <= truth <= high
    width = report.weighted.share.high - report.weighted.share.low
    assert high - low == pytest.approx(report.unseen.money + width * (1.0 - report.unseen.money))
    assert set(report.unseen.where) == {"amount: small"}
    assert "cannot mend" in report.sentence


def test_what_people_could_not_tell_counts_as_wrong() -> None:
    population = Population(
        amount=np.array([100.0, 100.0]),
        wrong_share=np.array([0.0, np.nan]),
        asked=np.array([True, True]),
        probability=np.ones(2),
        cluster=np.arange(2),
    )
    report = selective_report(population)
    assert report.unresolved == 1
    assert report.weighted.share.value == 0.5


def test_probabilities_that_are_not_of_these_labels_are_refused() -> None:
    fields = {"amount": np.ones(1), "wrong_share": np.zeros(1), "cluster": np.zeros(1)}
    with pytest.raises(ValueError, match="no chance"):
        Population(**fields, asked=np.array([True]), probability=np.zeros(1))
    with pytest.raises(ValueError, match="lies in"):
        Population(**fields, asked=np.array([True]), probability=np.array([1.5]))
    with pytest.raises(ValueError, match="nobody was asked"):
        selective_report(Population(**fields, asked=np.array([False]), probability=np.ones(1)))


def test_clipping_is_reported_and_lowers_the_estimate() -> None:
    claims, _, _ = world(1)
    plain, clipped = selective_report(claims, count=10), selective_report(claims, clip=5.0, count=10)
    assert plain.clipped == 0.0
    assert clipped.clipped > 0.1
    assert clipped.weighted.share.value < plain.weighted.share.value
    np.testing.assert_array_equal(inverse_weights(np.array([0.0, 0.5, 0.001]), 100.0), [0.0, 2.0, 100.0])


def test_wrong_refusals_come_from_appeals_and_the_audit_together() -> None:
    both = refused_wrongly(1000, 50, 100, 10)
    assert both.value == pytest.approx(0.05 + 0.95 * 0.1)
    assert 0.05 < both.low < both.value < both.high < 0.25
    # Without an audit, appeals give the least it can be and nothing above.
    assert refused_wrongly(1000, 50, 0, 0).high == 1.0
    assert refused_wrongly(1000, 0, 100, 0).low == 0.0
    assert refused_wrongly(1000, 0, 100, 100).high == 1.0
    assert np.isnan(refused_wrongly(0, 0, 0, 0).value)


def test_the_picture_can_be_drawn(tmp_path: Path) -> None:
    claims, _, truth = world(2, unaudited_below=2_000)
    path = tmp_path / "selective.png"
    plot_selective(selective_report(claims, count=100), origin="SIMULATED data", truth=truth).savefig(path)
    assert path.stat().st_size > 5_000
