"""The refundable amount: integer minor units, every share rounded half up, never more than is left of what was paid."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.claims import Claim, Fulfilment
from service.domain.money import Money
from service.policy.parts import Amount, Fault
from service.policy.schema import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Refundable:
    """``due``: what the rules allow before looking at what was asked. ``net`` + ``fee`` = min(due, claimed)."""

    due: Money
    net: Money
    fee: Money


def left_to_refund(paid: Money, refunded: Money) -> Money:
    """What was paid less what was already refunded; never negative. ValueError across currencies."""
    return max(paid - refunded, Money(0, paid.currency))


def unused_share(paid: Money, *, total: int, used: int) -> Money | None:
    """Pro-rata by units or days: paid × (total - used) / total, half up; None where the counts make no sense."""
    if total <= 0 or not 0 <= used <= total:
        return None
    return paid.share(total - used, total)


def fee_on(amount: Money, *, permille: int) -> Money:
    """``permille`` thousandths of the amount, half up; never more than the amount and never negative."""
    fee = amount.share(permille, 1000)
    return min(max(fee, Money(0, amount.currency)), amount)


def refundable(policy: Policy, claim: Claim) -> Refundable | None:
    """What would be granted if the claim is right; None where it cannot be told (pro-rata without counts).

    Of a pro-rata share, all that was refunded before is taken off, although part of it may have been for the used
    units: the careful reading, and it keeps the sum within what is left. ValueError across currencies.
    """
    order, rule = claim.order, policy.reasons.get(claim.reason)
    zero = Money(0, order.amount_paid.currency)
    entitled: Money | None = order.amount_paid
    if rule is not None and rule.amount is Amount.PRO_RATA:
        entitled = _pro_rata(order.amount_paid, claim.fulfilment)
    if entitled is None:
        return None
    due = left_to_refund(entitled, max(order.amount_refunded, zero))
    gross = max(min(due, claim.amount_claimed), zero)
    buyer_pays = rule is not None and rule.fault is Fault.BUYER
    fee = fee_on(gross, permille=policy.fee.buyer_at_fault_permille) if buyer_pays else zero
    return Refundable(due=due, net=gross - fee, fee=fee)


def _pro_rata(paid: Money, fulfilment: Fulfilment) -> Money | None:
    if fulfilment.units_total is None or fulfilment.units_used is None:
        return None
    return unused_share(paid, total=fulfilment.units_total, used=fulfilment.units_used)
