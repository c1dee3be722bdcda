"""Amount and time: how much against which measure, and how long after what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from service.domain.assessment import Text
from service.features.facts import NAN, Facts, bounded, major
from service.features.feature import Direction, Feature, Group, Unit, text


def _over_cap(facts: Facts, cap: int) -> float:
    return bounded(facts.claim.amount_claimed.minor) / max(bounded(cap), 1.0)


def _claimed_over_paid(facts: Facts) -> float:
    claimed, paid = facts.claim.amount_claimed, facts.claim.order.amount_paid
    if claimed.currency != paid.currency or paid.minor <= 0:
        return NAN
    return bounded(claimed.minor) / bounded(paid.minor)


def _refunded_over_paid(facts: Facts) -> float:
    refunded, paid = facts.claim.order.amount_refunded, facts.claim.order.amount_paid
    if refunded.currency != paid.currency or paid.minor <= 0:
        return NAN
    return bounded(refunded.minor) / bounded(paid.minor)


def _paid_over_usual(facts: Facts) -> float:
    amount, payments = facts.past("account_paid_amount_90d"), facts.past("account_payments_90d")
    if not (payments > 0 and amount > 0):
        return NAN
    return bounded(facts.claim.order.amount_paid.minor) / (amount / payments)


def _amount(
    name: str,
    unit: Unit,
    direction: Direction,
    words: tuple[Text, Text],
    compute: Callable[[Facts], float],
    missing: Text | None = None,
) -> Feature:
    return Feature(
        name=name,
        unit=unit,
        direction=direction,
        group=Group.AMOUNT_TIME,
        description=words[0],
        sentence=words[1],
        compute=compute,
        missing=missing,
    )


def _hours(
    name: str, words: tuple[Text, Text], moment: Callable[[Facts], datetime | None], missing: Text | None
) -> Feature:
    """Hours since a moment; free in direction, since both haste and delay can be honest or not."""
    return Feature(
        name=name,
        unit=Unit.HOURS,
        direction=0,
        group=Group.AMOUNT_TIME,
        description=words[0],
        sentence=words[1],
        compute=lambda facts: facts.hours_since(moment(facts)),
        missing=missing,
    )


_NOTHING_PAID = text("无支付金额或币种不同", "nothing paid, or another currency")

_AMOUNTS = (
    _amount(
        "amount_claimed",
        Unit.YUAN,
        1,
        (text("申请金额", "Amount claimed"), text("申请金额 {value}", "{value} is claimed")),
        lambda facts: major(facts.claim.amount_claimed),
    ),
    _amount(
        "claimed_over_auto_cap",
        Unit.RATIO,
        1,
        (
            text("申请金额对自动通过上限", "Amount claimed over the cap of automatic approval"),
            text("申请金额为自动通过上限的 {value} 倍", "The claim is {value} times the cap of automatic approval"),
        ),
        lambda facts: _over_cap(facts, facts.caps.auto_amount),
    ),
    # Free: a claim kept just under the one-click limit can be the riskier one.
    _amount(
        "claimed_over_one_click",
        Unit.RATIO,
        0,
        (
            text("申请金额对一键退款限额", "Amount claimed over the one-click limit"),
            text("申请金额为一键退款限额的 {value} 倍", "The claim is {value} times the one-click limit"),
        ),
        lambda facts: _over_cap(facts, facts.caps.one_click_amount),
    ),
    _amount(
        "claimed_over_paid",
        Unit.RATIO,
        1,
        (
            text("申请金额对实付金额", "Amount claimed over amount paid"),
            text("申请金额为实付的 {value} 倍", "{value} times the amount paid is claimed"),
        ),
        _claimed_over_paid,
        _NOTHING_PAID,
    ),
    _amount(
        "refunded_over_paid",
        Unit.RATIO,
        1,
        (
            text("本单已退金额对实付金额", "Already refunded on this order over amount paid"),
            text("本单已退实付的 {value} 倍", "{value} times the amount paid was already refunded on this order"),
        ),
        _refunded_over_paid,
        _NOTHING_PAID,
    ),
    _amount(
        "paid_over_usual",
        Unit.RATIO,
        1,
        (
            text("本单实付对账号近90天单笔均值", "Amount of this order over the account's mean payment of 90 days"),
            text("本单金额为账号平常的 {value} 倍", "This order is {value} times the account's usual amount"),
        ),
        _paid_over_usual,
        text("近90天无支付", "no payment in 90 days"),
    ),
)

_TIMES = (
    _hours(
        "hours_since_order",
        (
            text("下单至申请小时数", "Hours from order to claim"),
            text("下单后 {value} 申请", "Claimed {value} after the order"),
        ),
        lambda facts: facts.claim.order.ordered_at,
        None,
    ),
    _hours(
        "hours_since_payment",
        (
            text("支付至申请小时数", "Hours from payment to claim"),
            text("支付后 {value} 申请", "Claimed {value} after payment"),
        ),
        lambda facts: facts.claim.order.paid_at,
        text("无支付时间", "no time of payment"),
    ),
    _hours(
        "hours_since_delivery",
        (
            text("交付至申请小时数", "Hours from delivery to claim"),
            text("交付后 {value} 申请", "Claimed {value} after delivery"),
        ),
        lambda facts: facts.claim.fulfilment.delivered_at,
        text("无交付时间", "no time of delivery"),
    ),
    _hours(
        "hours_since_activation",
        (
            text("激活至申请小时数", "Hours from activation to claim"),
            text("激活后 {value} 申请", "Claimed {value} after activation"),
        ),
        lambda facts: facts.claim.fulfilment.activated_at,
        text("无激活时间", "no time of activation"),
    ),
    _hours(
        "hours_past_promise",
        (
            text("超过承诺交付时间的小时数（负为未到）", "Hours past the promised delivery, negative before it"),
            text("申请时距承诺交付时间 {value}", "Claimed {value} past the promised delivery"),
        ),
        lambda facts: facts.claim.fulfilment.promised_by,
        text("无承诺时间", "no promised time"),
    ),
)

AMOUNT_TIME_FEATURES: tuple[Feature, ...] = (*_AMOUNTS, *_TIMES)
