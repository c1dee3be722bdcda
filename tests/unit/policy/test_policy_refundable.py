"""The refundable amount under any mixture of rules, fees, terms shown at order time and records."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from policy_builders import AS_OF, DEMO, PAID_AT, claim, order

from service.domain.claims import Claim, Fulfilment, FulfilmentState, ProductTerms, ReasonCode, UseState
from service.domain.money import Money, Rounding
from service.policy import Policy, load_platform_policy
from service.policy.amounts import days_begun, refundable
from service.policy.binding import binding
from service.policy.grants import grant_of, offered
from service.policy.parts import Amount, Fault, Fee

MEMBERSHIP = load_platform_policy("membership")
MIND, PARTIAL, SLIP = ReasonCode.UNUSED_CHANGE_OF_MIND, ReasonCode.PARTIAL_USE, ReasonCode.WRONG_TARGET


def with_rules(policy: Policy = DEMO, *, fee: dict[str, Any] | None = None, **rules: dict[str, Any]) -> Policy:
    """The policy with its fee and some of its reasons changed."""
    reasons = dict(policy.reasons)
    for reason, changes in rules.items():
        reasons[ReasonCode(reason)] = reasons[ReasonCode(reason)].model_copy(update=changes)
    changed = policy.model_copy(update={"reasons": reasons})
    return changed if fee is None else changed.model_copy(update={"fee": policy.fee.model_copy(update=fee)})


def member(paid: int = 3000, used_days: float = 10.0, term_days: int = 30, **more: Any) -> Claim:
    opened = AS_OF - timedelta(days=used_days)
    return claim(
        order=order(paid=paid, terms=ProductTerms(valid_until=opened + timedelta(days=term_days)), **more),
        reason=PARTIAL,
        fulfilment=Fulfilment(
            state=FulfilmentState.DELIVERED, use=UseState.PARTLY_USED, delivered_at=PAID_AT, activated_at=opened
        ),
    )


# --- by days ---


@pytest.mark.parametrize(
    ("used", "due"), [(0.0, 3000), (0.01, 2900), (10.0, 2000), (10.01, 1900), (29.5, 0), (45.0, 0)]
)
def test_days_count_from_activation_and_one_begun_is_used(used: float, due: int) -> None:
    found = refundable(MEMBERSHIP, member(used_days=used), AS_OF)
    assert found is not None
    assert found.due == Money(due)
    assert "reasons.partial_use.amount" in found.basis
    assert "rounding.half_up" in found.basis


def test_the_log_wins_over_the_calendar_and_what_never_opened_is_unused() -> None:
    opened = member()
    logged = claim(
        order=opened.order,
        reason=PARTIAL,
        fulfilment=Fulfilment(state=FulfilmentState.DELIVERED, activated_at=PAID_AT, units_total=30, units_used=3),
    )
    never = claim(order=opened.order, reason=PARTIAL, fulfilment=Fulfilment(state=FulfilmentState.FAILED))
    unknown = claim(order=order(paid=3000), reason=PARTIAL, fulfilment=Fulfilment(state=FulfilmentState.DELIVERED))
    for made, due in ((logged, 2700), (never, 3000)):
        found = refundable(MEMBERSHIP, made, AS_OF)
        assert found is not None
        assert found.due == Money(due)
    assert refundable(MEMBERSHIP, unknown, AS_OF) is None


def test_days_begun() -> None:
    hours = [0, 1, 24, 25, 48, -5]
    assert [days_begun(timedelta(hours=each)) for each in hours] == [0, 1, 1, 2, 2, 0]


# --- shares, fees and what binds ---


def test_a_share_of_the_price_is_rounded_as_the_policy_says() -> None:
    for rounding, due in ((Rounding.HALF_UP, 500), (Rounding.DOWN, 499), (Rounding.HALF_EVEN, 500), (Rounding.UP, 500)):
        rules = with_rules(unused_change_of_mind={"amount": Amount.SHARE, "share_permille": 500})
        rules = rules.model_copy(update={"rounding": rounding})
        found = refundable(rules, claim(order=order(paid=999), reason=MIND))
        assert found is not None
        assert found.due == Money(due)
        assert f"rounding.{rounding.value}" in found.basis


def test_a_fee_by_reason_wins_and_the_ceiling_holds() -> None:
    rules = with_rules(fee={"by_reason": {MIND: 50}, "at_most_minor": 300})
    for reason, paid, fee in ((MIND, 5000, 250), (MIND, 90000, 300), (SLIP, 5000, 50), (SLIP, 90000, 300)):
        found = refundable(rules, claim(order=order(paid=paid), reason=reason))
        assert found is not None
        assert found.fee == Money(fee)
        assert found.net + found.fee == Money(paid)


@pytest.mark.parametrize(
    ("shown", "conspicuous", "fee"),
    [(5, False, 5), (5, True, 5), (10, False, 10), (40, False, 10), (40, True, 40), (500, True, 50), (-3, True, 0)],
)
def test_the_fee_shown_at_order_time_binds_if_better_or_not_to_be_missed(
    shown: int, conspicuous: bool, fee: int
) -> None:
    made = claim(order=order(terms=ProductTerms(fee_permille=shown, conspicuous=conspicuous)), reason=MIND)
    assert binding(DEMO, made).fee_permille == fee


@pytest.mark.parametrize(
    ("shown", "conspicuous", "share"), [(800, False, 800), (300, False, 500), (300, True, 300), (2000, False, 1000)]
)
def test_the_share_shown_at_order_time_binds_likewise(shown: int, conspicuous: bool, share: int) -> None:
    rules = with_rules(unused_change_of_mind={"amount": Amount.SHARE, "share_permille": 500})
    made = claim(order=order(terms=ProductTerms(refund_permille=shown, conspicuous=conspicuous)), reason=MIND)
    bound = binding(rules, made)
    assert bound.share_permille == share
    assert (bound.share_from == "terms") == (share != 500)


def test_no_term_takes_from_a_buyer_who_is_not_at_fault() -> None:
    harsh = ProductTerms(fee_permille=50, refund_permille=0, conspicuous=True)
    for reason, rule in DEMO.reasons.items():
        bound = binding(DEMO, claim(order=order(terms=harsh), reason=reason))
        assert (bound.fee_permille, bound.share_permille) == ((50, 0) if rule.fault is Fault.BUYER else (0, 1000))


# --- whatever the rules ---

minor = st.integers(0, 10**7)
counts = st.none() | st.integers(-1, 400)
permille = st.none() | st.integers(-5, 1200)
terms = st.builds(
    ProductTerms,
    fee_permille=permille,
    refund_permille=permille,
    conspicuous=st.booleans(),
    valid_until=st.none() | st.just(AS_OF + timedelta(days=20)),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    shares = draw(st.sampled_from([Amount.WHOLE, Amount.SHARE, Amount.PRO_RATA]))
    changes: dict[str, Any] = {
        "amount": shares,
        "share_permille": draw(st.integers(1, 999)) if shares is Amount.SHARE else None,
        "pro_rata_by": draw(st.sampled_from([None, "units", "days"])) if shares is Amount.PRO_RATA else None,
    }
    fee = Fee(
        buyer_at_fault_permille=draw(st.integers(0, 50)),
        rounding=draw(st.sampled_from(Rounding)),
        by_reason=draw(st.sampled_from([{}, {MIND: 50}, {PARTIAL: 0}])),
        at_most_minor=draw(st.none() | st.integers(0, 5000)),
    )
    base = with_rules(draw(st.sampled_from([DEMO, MEMBERSHIP])), partial_use=changes, unused_change_of_mind=changes)
    return base.model_copy(update={"fee": fee, "rounding": draw(st.sampled_from(Rounding))})


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    paid = draw(minor)
    return claim(
        order=order(paid=paid, refunded=draw(st.integers(-5, paid + 5)), terms=draw(terms)),
        amount_claimed=Money(draw(st.integers(-5, 2 * paid + 5))),
        reason=draw(st.sampled_from([MIND, PARTIAL, SLIP, ReasonCode.CODE_INVALID, ReasonCode.SERVICE_ABNORMAL])),
        fulfilment=Fulfilment(
            state=draw(st.sampled_from(FulfilmentState)),
            delivered_at=draw(st.none() | st.just(PAID_AT)),
            activated_at=draw(st.none() | st.just(PAID_AT)),
            units_total=draw(counts),
            units_used=draw(counts),
        ),
    )


@hypothesis_given(policy=policies(), made=claims())
def test_never_negative_never_above_what_is_left_or_claimed_and_the_fee_within_bounds(
    policy: Policy, made: Claim
) -> None:
    found = refundable(policy, made, AS_OF)
    if found is None:
        return
    zero, paid = Money(0), made.order.amount_paid
    granted, left = found.net + found.fee, max(paid - max(made.order.amount_refunded, zero), zero)
    assert zero <= found.net
    assert granted == max(min(found.due, made.amount_claimed), zero)
    assert granted <= left
    bound = binding(policy, made)
    assert 0 <= bound.fee_permille <= 50
    assert 0 <= bound.share_permille <= 1000
    assert found.fee.minor <= -(-granted.minor * bound.fee_permille // 1000)
    ceiling = policy.fee.at_most_minor
    assert ceiling is None or found.fee.minor <= ceiling
    assert {amount.currency for amount in (found.due, found.net, found.fee)} == {"CNY"}
    if found.fee.minor:
        assert f"fee.rounding.{policy.fee.rounding.value}" in found.basis


@hypothesis_given(policy=policies(), made=claims(), more=st.integers(1, 10**5))
def test_more_claimed_or_less_refunded_is_never_less(policy: Policy, made: Claim, more: int) -> None:
    found = refundable(policy, made, AS_OF)
    if found is None:
        return
    asked = refundable(policy, _with(made, amount_claimed=made.amount_claimed + Money(more)), AS_OF)
    before = refundable(policy, _with(made, refunded=made.order.amount_refunded - Money(more)), AS_OF)
    assert asked is not None
    assert before is not None
    assert found.net <= asked.net
    assert found.net <= before.net
    assert found.due <= before.due


@hypothesis_given(policy=policies(), made=claims(), later=st.integers(0, 60))
def test_waiting_never_raises_what_is_due(policy: Policy, made: Claim, later: int) -> None:
    now = refundable(policy, made, AS_OF)
    then = refundable(policy, made, AS_OF + timedelta(days=later))
    assert (now is None) == (then is None)
    assert now is None or then is None or then.due <= now.due


@hypothesis_given(policy=policies(), made=claims(), met=st.sampled_from([set(), {"N2"}, {"N3"}]))
def test_an_offer_is_within_what_is_left_and_claimed(policy: Policy, made: Claim, met: set[str]) -> None:
    found = offered(policy, made, AS_OF, met)
    if found is not None:
        zero = Money(0)
        left = made.order.amount_paid - max(made.order.amount_refunded, zero)
        assert zero < found.amount <= min(left, made.amount_claimed)
        assert found.fee == zero
        assert found.basis[0] in {offer.id for offer in policy.offers}


@hypothesis_given(policy=policies(), made=claims())
def test_what_is_recovered_is_what_is_paid_or_nothing(policy: Policy, made: Claim) -> None:
    amount = refundable(policy, made, AS_OF)
    if amount is None:
        return
    grant = grant_of(policy, made, amount)
    assert grant.liability is not None
    owed = grant.liability.recover_from is not None
    assert grant.liability.recover == (grant.amount if owed else Money(0))


def _with(made: Claim, *, refunded: Money | None = None, amount_claimed: Money | None = None) -> Claim:
    changed = made if refunded is None else replace(made, order=replace(made.order, amount_refunded=refunded))
    return changed if amount_claimed is None else replace(changed, amount_claimed=amount_claimed)
