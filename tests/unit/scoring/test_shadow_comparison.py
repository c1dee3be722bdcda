from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from service.domain.shadow import JudgedShadow, ShadowScore
from service.scoring.shadow_comparison import band_of, compare_shadow, wrong_share

AT = datetime(2026, 11, 22, tzinfo=UTC)


def row(
    champion: str | None,
    shadow: str | None,
    amount: int = 1_000,
    *,
    risks: tuple[float | None, float] = (0.1, 0.2),
    loss: float | None = None,
    stands_for: float = 1.0,
    **changes: object,
) -> JudgedShadow:
    score = ShadowScore(
        platform_id="demo", case_id=uuid.uuid4(), assessment_id=uuid.uuid4(), model="v2", probability=risks[1],
        approval_class=shadow, champion="v1", champion_probability=risks[0], champion_class=champion,
        amount_minor=amount, currency="CNY", recorded_at=AT,
    )  # fmt: skip
    return JudgedShadow(score=replace(score, **changes), loss_share=loss, stands_for=stands_for)  # type: ignore[arg-type]


def test_money_is_told_apart_by_who_would_approve() -> None:
    rows = [
        row("risk", "risk", 1_000),
        row("risk", None, 2_000),
        row("risk", None, 30_000),
        row(None, "risk", 4_000),
        row("costless", "costless", 500),
        row(None, None, 7_000),
    ]
    report = compare_shadow(rows)
    assert {cell.kind: (cell.claims, cell.amount_minor) for cell in report.cells} == {
        "both": (2, 1_500),
        "only champion": (2, 32_000),
        "only shadow": (1, 4_000),
        "neither": (1, 7_000),
    }
    assert (report.champion_amount_minor, report.shadow_amount_minor) == (33_500, 5_500)
    assert [(cell.group, cell.kind, cell.amount_minor) for cell in report.by_amount] == [
        ("10-50", "only champion", 2_000),
        ("10-50", "only shadow", 4_000),
        ("200-1000", "only champion", 30_000),
    ]
    assert {(cell.group, cell.kind) for cell in report.by_class} == {("risk", "only champion"), ("risk", "only shadow")}
    assert report.mean_difference == pytest.approx(0.1)


def test_what_cannot_be_compared_is_left_out_and_counted() -> None:
    rows = [row("risk", None), row(None, "risk", risks=(None, 0.2)), row("risk", "risk", currency="USD")]
    report = compare_shadow(rows)
    assert (report.claims, report.left_out, report.currency) == (1, 2, "CNY")
    with pytest.raises(ValueError, match="one shadow"):
        compare_shadow([row("risk", None), row("risk", None, model="v3")])
    with pytest.raises(ValueError, match="one shadow"):
        compare_shadow([])


def test_agreement_of_ranks_is_spearmans() -> None:
    from scipy.stats import spearmanr

    random = np.random.default_rng(0)
    theirs = random.random(200)
    ours = np.clip(theirs + random.normal(0, 0.3, 200), 0, 1)
    rows = [row(None, None, risks=(float(a), float(b))) for a, b in zip(theirs, ours, strict=True)]
    assert compare_shadow(rows).rank_agreement == pytest.approx(spearmanr(ours, theirs).statistic, abs=0.01)
    assert compare_shadow(rows[:2]).rank_agreement is None


@pytest.mark.parametrize(("amount", "band"), [(1, "0-10"), (1_000, "0-10"), (1_001, "10-50"), (200_000, "over 1000")])
def test_bands(amount: int, band: str) -> None:
    assert band_of(amount) == band


def test_few_labels_estimate_nothing_and_none_wrong_is_no_proof() -> None:
    assert wrong_share([row("risk", None, loss=0.0) for _ in range(9)]) is None
    clean = wrong_share([row("risk", None, loss=0.0) for _ in range(50)])
    assert clean is not None
    assert (clean.share, clean.low, clean.labels) == (0.0, 0.0, 50)
    assert clean.high == pytest.approx(0.0713, abs=1e-3)  # Wilson, 0 of 50


def test_a_drawn_label_speaks_for_what_was_not_drawn() -> None:
    """Claims drawn with a chance proportional to the amount: without the weights small claims' losses would vanish."""
    random = np.random.default_rng(1)
    inside = []
    for _ in range(300):
        amount = random.integers(100, 10_000, 1_500)
        loss = (random.random(1_500) < np.where(amount < 2_000, 0.4, 0.05)).astype(float)
        chance = amount / 20_000
        drawn = random.random(1_500) < chance
        rows = [
            row("risk", None, int(a), loss=float(share), stands_for=1 / float(c))
            for a, share, c in zip(amount[drawn], loss[drawn], chance[drawn], strict=True)
        ]
        found, truth = wrong_share(rows), float((amount * loss).sum() / amount.sum())
        assert found is not None
        inside.append(found.low <= truth <= found.high)
    assert 0.91 <= np.mean(inside) <= 0.985  # 95 % wanted; 300 worlds, three standard errors
