"""The refundable amount: integer minor units, rounded as the policy states, never more than is left of the payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.claims import Claim, FulfilmentState
from service.domain.money import Money, Rounding
from service.policy.binding import WHOLE, Binding, binding
from service.policy.parts import Amount
from service.policy.schema import Policy

_DAY = timedelta(days=1)
_NEVER_OPENED = (FulfilmentState.NOT_DELIVERED, FulfilmentState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refundable:
    """``due``: what the rules allow before looking at what was asked. ``net`` + ``fee`` = min(due, claimed).

    ``basis``: the settings that made it, as paths in the policy (``terms``: the product's own, shown at order time).
    """

    due: Money
    net: Money
    fee: Money
    basis: tuple[str, ...] = ()


def left_to_refund(paid: Money, refunded: Money) -> Money:
    """What was paid less what was already refunded; never negative. ValueError across currencies."""
    return max(paid - refunded, Money(0, paid.currency))


def unused_share(
    paid: Money, *, total: int, used: int, permille: int = WHOLE, rounding: Rounding = Rounding.HALF_UP
) -> Money | None:
    """Pro-rata by units or days: paid × (total - used) / total × permille / 1000, rounded once; None where the counts
    make no sense."""
    if total <= 0 or not 0 <= used <= total:
        return None
    return paid.share((total - used) * permille, total * WHOLE, rounding)


def fee_on(
    amount: Money, *, permille: int, rounding: Rounding = Rounding.HALF_UP, at_most_minor: int | None = None
) -> Money:
    """``permille`` thousandths of the amount, no more than ``at_most_minor``; never above the amount nor negative."""
    fee = amount.share(permille, WHOLE, rounding)
    if at_most_minor is not None:
        fee = min(fee, Money(at_most_minor, amount.currency))
    return min(max(fee, Money(0, amount.currency)), amount)


def refundable(policy: Policy, claim: Claim, as_of: datetime | None = None) -> Refundable | None:
    """What would be granted if the claim is right; None where it cannot be told (pro-rata without counts).

    ``as_of``: aware; days are counted up to it where the policy counts days. Of a pro-rata share, all that was refunded
    before is taken off, although part of it may have been for the used units: the careful reading, and it keeps the sum
    within what is left. ValueError across currencies.
    """
    order, bound = claim.order, binding(policy, claim)
    zero = Money(0, order.amount_paid.currency)
    entitled = _entitled(policy, claim, bound, as_of)
    if entitled is None:
        return None
    due = left_to_refund(entitled, max(order.amount_refunded, zero))
    gross = max(min(due, claim.amount_claimed), zero)
    fee = fee_on(
        gross, permille=bound.fee_permille, rounding=policy.fee.rounding, at_most_minor=policy.fee.at_most_minor
    )
    return Refundable(due=due, net=gross - fee, fee=fee, basis=_basis(policy, claim, bound))


def used_of_total(by: str | None, claim: Claim, as_of: datetime | None) -> tuple[int, int] | None:
    """(used, total) as the log counts them, or in days up to ``as_of``; None where the record does not say."""
    fulfilment = claim.fulfilment
    total, used = fulfilment.units_total, fulfilment.units_used
    if by != "days" or used is not None:
        return None if total is None or used is None else (used, total)
    begun = fulfilment.activated_at or fulfilment.delivered_at
    if begun is None:
        return (0, total or 1) if fulfilment.state in _NEVER_OPENED else None
    if as_of is None:
        return None
    if total is None:
        until = claim.order.terms.valid_until
        total = None if until is None else days_begun(until - begun)
    return None if total is None or total <= 0 else (min(days_begun(as_of - begun), total), total)


def days_begun(elapsed: timedelta) -> int:
    """Periods of 24 hours, one begun counted as whole; 0 for none."""
    return max(0, -(-elapsed // _DAY))


def _entitled(policy: Policy, claim: Claim, bound: Binding, as_of: datetime | None) -> Money | None:
    rule, paid = policy.reasons.get(claim.reason), claim.order.amount_paid
    if rule is None or rule.amount is not Amount.PRO_RATA:
        return paid if bound.share_permille == WHOLE else paid.share(bound.share_permille, WHOLE, policy.rounding)
    counts = used_of_total(rule.pro_rata_by, claim, as_of)
    if counts is None:
        return None
    used, total = counts
    return unused_share(paid, total=total, used=used, permille=bound.share_permille, rounding=policy.rounding)


def _basis(policy: Policy, claim: Claim, bound: Binding) -> tuple[str, ...]:
    rule = policy.reasons.get(claim.reason)
    found = []
    if (rule is not None and rule.amount is not Amount.WHOLE) or bound.share_permille != WHOLE:
        found += [f"reasons.{claim.reason.value}.amount", bound.share_from, f"rounding.{policy.rounding.value}"]
    if bound.fee_permille:
        found += [bound.fee_from, f"fee.rounding.{policy.fee.rounding.value}"]
    return tuple(dict.fromkeys(found))
