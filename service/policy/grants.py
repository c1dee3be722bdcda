"""What would be granted or may be offered, with everything the platform needs to pay it."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime

from service.domain.assessment import Grant
from service.domain.claims import Claim, Route
from service.domain.money import Money
from service.policy.amounts import Refundable, left_to_refund, unused_share, used_of_total
from service.policy.binding import WHOLE
from service.policy.clause_parts import OfferClause
from service.policy.liability import liability
from service.policy.schema import Policy
from service.policy.timing_parts import RouteRule


def grant_of(policy: Policy, claim: Claim, amount: Refundable) -> Grant:
    return settled_grant(policy, claim, amount.net, amount.fee, basis=amount.basis)


def settled_grant(policy: Policy, claim: Claim, amount: Money, fee: Money, *, basis: tuple[str, ...] = ()) -> Grant:
    """A grant of any ``amount``, a reviewer's included, with route, arrival and liability as the policy has them."""
    rule = route_rule(policy, claim)
    original = claim.route is Route.ORIGINAL
    return Grant(
        amount=amount,
        fee=fee,
        route=claim.route,
        arrival=rule.arrives_within.arrival if rule is not None and rule.arrives_within is not None else None,
        withdrawable=None if original else withdrawable(rule, claim),
        funding_source=claim.order.funding_source if original else None,
        liability=liability(policy, claim, amount),
        basis=basis if rule is None or rule.id is None else (*basis, rule.id),
    )


def route_rule(policy: Policy, claim: Claim) -> RouteRule | None:
    """The published route for this claim: the one that names its payment method, else the one for all others."""
    method = (claim.order.payment_method or "").casefold()
    offered = [rule for rule in policy.routes if rule.route is claim.route]
    named = [rule for rule in offered if method in {each.casefold() for each in rule.payment_methods}]
    return next(iter([*named, *(rule for rule in offered if not rule.payment_methods)]), None)


def withdrawable(rule: RouteRule | None, claim: Claim) -> bool | None:
    """Whether the balance can be withdrawn: as the order's record says, else as published."""
    known = claim.order.balance_withdrawable
    return known if known is not None or rule is None else rule.withdrawable


def offered(policy: Policy, claim: Claim, as_of: datetime, met: Set[str]) -> Grant | None:
    """The part that a reviewer may offer by the first clause that holds; None where none does or nothing is left.

    ``met``: ids of the clauses of the negative list that the claim met. Never more than is left or was claimed, and
    without a fee: what is kept back is kept by the share.
    """
    for clause in policy.offers:
        if clause.concerns(claim) and (not clause.clauses or not met.isdisjoint(clause.clauses)):
            amount = _part(policy, claim, clause, as_of)
            if amount is not None and amount.minor > 0:
                zero = Money(0, amount.currency)
                basis = (clause.id, f"rounding.{policy.rounding.value}")
                return settled_grant(policy, claim, amount, zero, basis=basis)
    return None


def _part(policy: Policy, claim: Claim, clause: OfferClause, as_of: datetime) -> Money | None:
    order = claim.order
    if clause.share_permille is not None:
        part: Money | None = order.amount_paid.share(clause.share_permille, WHOLE, policy.rounding)
    else:
        counts = used_of_total(clause.unused_part_by, claim, as_of)
        part = None
        if counts is not None:
            part = unused_share(order.amount_paid, total=counts[1], used=counts[0], rounding=policy.rounding)
    if part is None:
        return None
    zero = Money(0, order.amount_paid.currency)
    return max(zero, min(left_to_refund(part, max(order.amount_refunded, zero)), claim.amount_claimed))
