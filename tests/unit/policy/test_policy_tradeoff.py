"""What another threshold would have done: worked by hand, and for any past."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.policy.intervals import Method, clopper_pearson
from service.policy.tradeoff import Past, PastClaim, Standing, curve, effect, largest_within

BEGAN = datetime(2026, 3, 2, tzinfo=UTC)


def claim(number: int, standing: Standing, risk: float | None, **changes: object) -> PastClaim:
    one = PastClaim(
        case_id=uuid.UUID(int=number),
        accepted_at=BEGAN + timedelta(hours=number),
        standing=standing,
        risk=risk,
        amount_minor=1_000,
    )
    return replace(one, **changes)


@st.composite
def pasts(draw: st.DrawFn) -> Past:
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(Standing), st.none() | st.floats(0, 1), st.integers(1, 50_000), st.booleans(),
                st.none() | st.sampled_from([0.0, 0.25, 1.0]), st.sampled_from([1.0, 1.0, 0.5]),
            ),
            max_size=40,
        )
    )  # fmt: skip
    return Past(
        tuple(
            claim(number, standing, risk, amount_minor=amount, drawn=drawn, loss_share=loss, weight=weight)
            for number, (standing, risk, amount, drawn, loss, weight) in enumerate(rows)
        ),
        audited_up_to=draw(st.floats(0, 1)),
    )


PAST = Past(
    (
        claim(0, Standing.OTHERWISE, None, amount_minor=500),
        claim(1, Standing.PERSON, 0.01),
        claim(2, Standing.BY_RISK, 0.02, drawn=True, loss_share=0.0),
        claim(3, Standing.BY_RISK, 0.04, drawn=True, loss_share=1.0, amount_minor=3_000),
        claim(4, Standing.BY_RISK, 0.05, drawn=True),
        claim(5, Standing.ABOVE, 0.09, amount_minor=4_000),
    ),
    audited_up_to=0.08,
)


def test_one_threshold_by_hand() -> None:
    found = effect(PAST, 0.04, confidence=0.9)
    assert (found.claims, found.approved, found.by_risk, found.to_people) == (6, 3, 2, 5)
    assert (found.approved_minor, found.by_risk_minor, found.claimed_minor) == (4_500, 4_000, 10_500)
    assert found.loss is not None
    assert (found.loss.share, found.loss.labels) == (0.5, 2)
    assert found.loss.interval == clopper_pearson(1, 2, 0.9)
    assert found.lost_minor == 2_000
    assert found.hours(6.0) == 0.5


def test_above_what_was_certified_nothing_is_known_of_the_loss() -> None:
    found = effect(PAST, 0.1, confidence=0.9)
    assert (found.approved, found.loss, found.lost_minor) == (5, None, None)


def test_where_nothing_was_audited_no_loss_is_made_up() -> None:
    assert effect(PAST, 0.01, confidence=0.9).loss is None
    assert effect(Past(()), 0.5, confidence=0.9).approved_share == 0.0


def test_unequal_sums_are_held_by_bets() -> None:
    first, second = PAST.claims[2], replace(PAST.claims[3], weight=0.5)
    found = effect(Past((first, second)), 0.05, confidence=0.9).loss
    assert found is not None
    assert (found.share, found.interval.method) == (pytest.approx(1 / 3), Method.BETTING)


def test_a_level_of_risk_finds_the_largest_threshold_that_is_shown_to_keep_it() -> None:
    clean = tuple(claim(n, Standing.BY_RISK, n / 10_000, drawn=True, loss_share=float(n > 400)) for n in range(500))
    found = largest_within(Past(clean), 0.02, up_to=0.05, confidence=0.9)
    assert found is not None
    assert found.loss is not None
    assert found.loss.interval.high <= 0.02
    assert 0.03 < found.threshold < 0.041
    assert largest_within(Past(clean), 0.001, up_to=0.05, confidence=0.9) is None


@given(pasts(), st.floats(0, 1), st.floats(0, 1))
def test_tightening_never_approves_a_claim_that_was_not_approved_before(past: Past, one: float, other: float) -> None:
    tight, loose = sorted((one, other))
    assert all(each.approved_at(loose) for each in past.claims if each.approved_at(tight))
    less, more = (effect(past, threshold, confidence=0.9) for threshold in (tight, loose))
    assert less.approved <= more.approved
    assert less.approved_minor <= more.approved_minor
    assert less.to_people + less.approved >= less.claims


@given(pasts())
def test_a_curve_rises_and_every_interval_holds_its_estimate(past: Past) -> None:
    found = curve(past, up_to=1.0, confidence=0.9)
    assert [each.threshold for each in found] == sorted({each.threshold for each in found})
    assert len(found) <= 31
    for each in found:
        if each.loss is not None and each.loss.interval.method is Method.BETTING:
            assert each.loss.interval.low - 1e-6 <= each.loss.share <= each.loss.interval.high + 1e-6
