from __future__ import annotations

import pytest
from hypothesis import example
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from policy_builders import DEMO, claim, order

from service.domain.claims import Fulfilment, FulfilmentState, ReasonCode, UseState
from service.domain.money import Money
from service.policy.amounts import fee_on, left_to_refund, refundable, unused_share

minor = st.integers(0, 10**9)


def partly_used(total: int | None, used: int | None) -> Fulfilment:
    return Fulfilment(state=FulfilmentState.DELIVERED, use=UseState.PARTLY_USED, units_total=total, units_used=used)


def test_a_30_day_card_used_10_days_is_worth_two_thirds() -> None:
    assert unused_share(Money(3000), total=30, used=10) == Money(2000)


@pytest.mark.parametrize(
    ("paid", "total", "used", "share"), [(1, 2, 1, 1), (100, 3, 1, 67), (100, 3, 2, 33), (5, 4, 3, 1)]
)
def test_shares_round_half_up(paid: int, total: int, used: int, share: int) -> None:
    assert unused_share(Money(paid), total=total, used=used) == Money(share)


@pytest.mark.parametrize(("total", "used"), [(0, 0), (-1, 0), (30, 31), (30, -1)])
def test_senseless_counts_have_no_share(total: int, used: int) -> None:
    assert unused_share(Money(3000), total=total, used=used) is None


@pytest.mark.parametrize(
    ("amount", "permille", "fee"), [(990, 10, 10), (950, 10, 10), (949, 10, 9), (50, 10, 1), (49, 10, 0)]
)
def test_fees_round_half_up(amount: int, permille: int, fee: int) -> None:
    assert fee_on(Money(amount), permille=permille) == Money(fee)


def test_no_fee_when_platform_or_seller_is_at_fault() -> None:
    for reason, rule in DEMO.reasons.items():
        found = refundable(DEMO, claim(reason=reason, fulfilment=partly_used(30, 0)))
        assert found is not None
        assert (found.fee == Money(0)) == (rule.fault.value != "buyer"), reason


def test_what_was_refunded_before_is_taken_off_the_unused_share() -> None:
    part = claim(order=order(paid=3000, refunded=500), reason=ReasonCode.PARTIAL_USE, fulfilment=partly_used(30, 10))
    found = refundable(DEMO, part)
    assert found is not None
    assert found.due == Money(1500)


def test_without_counts_there_is_no_pro_rata_amount() -> None:
    assert refundable(DEMO, claim(reason=ReasonCode.PARTIAL_USE, fulfilment=partly_used(None, 3))) is None


@hypothesis_given(paid=minor, refunded=minor)
def test_left_is_never_negative_nor_more_than_paid(paid: int, refunded: int) -> None:
    left = left_to_refund(Money(paid), Money(refunded))
    assert Money(0) <= left <= Money(paid)


@hypothesis_given(paid=minor, total=st.integers(1, 1000), used=st.integers(0, 1000))
def test_used_and_unused_make_the_whole_within_one_minor_unit(paid: int, total: int, used: int) -> None:
    unused = unused_share(Money(paid), total=total, used=used)
    if used > total:
        assert unused is None
        return
    assert unused is not None
    assert abs(unused.minor * total - paid * (total - used)) * 2 <= total


@example(paid=100, refunded=0, claimed=-5, reason=ReasonCode.WRONG_TARGET, total=None, used=None)
@example(paid=100, refunded=-5, claimed=200, reason=ReasonCode.CODE_INVALID, total=None, used=None)
@example(paid=100, refunded=150, claimed=100, reason=ReasonCode.PARTIAL_USE, total=30, used=30)
@hypothesis_given(
    paid=st.integers(-10, 10**9),
    refunded=st.integers(-10, 10**9),
    claimed=st.integers(-10, 2 * 10**9),
    reason=st.sampled_from(ReasonCode),
    total=st.none() | st.integers(-1, 400),
    used=st.none() | st.integers(-1, 400),
)
def test_never_more_than_claimed_or_left_and_never_negative(
    paid: int, refunded: int, claimed: int, reason: ReasonCode, total: int | None, used: int | None
) -> None:
    made = claim(
        order=order(paid=paid, refunded=refunded),
        amount_claimed=Money(claimed),
        reason=reason,
        fulfilment=partly_used(total, used),
    )
    found = refundable(DEMO, made)
    if found is None:
        assert reason is ReasonCode.PARTIAL_USE
        return
    granted = found.net + found.fee
    assert found.net >= Money(0)
    assert found.fee >= Money(0)
    assert granted <= max(Money(claimed), Money(0))
    assert granted <= max(Money(paid) - Money(max(refunded, 0)), Money(0))
