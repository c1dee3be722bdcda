"""What binds a claim: the terms shown for the product when the order was placed, over the platform's general ones.

Of fee and share the product's term binds where it is better for the buyer; where it is worse, only if it could not be
missed. They concern the buyer's own change of heart or slip: nobody contracts out of delivering what was paid for.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.claims import Anchor, Claim, ReasonCode
from service.policy.parts import MOST_FEE_PERMILLE, Amount, Fault, ReasonRule
from service.policy.schema import Policy

WHOLE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """``*_from``: where each comes from, a path in the policy or ``terms`` for the product's own.

    ``fee_permille`` 0..50 of what is granted, ``share_permille`` 0..1000 of the price, or of its unused part.
    """

    time_limit_hours: int
    anchor: Anchor
    time_limit_from: str
    fee_permille: int
    fee_from: str
    share_permille: int
    share_from: str


def binding(policy: Policy, claim: Claim) -> Binding:
    hours, anchor, limit_from = _time_limit(policy, claim)
    fee, fee_from = _fee(policy, claim)
    share, share_from = _share(policy, claim)
    return Binding(
        time_limit_hours=hours,
        anchor=anchor,
        time_limit_from=limit_from,
        fee_permille=fee,
        fee_from=fee_from,
        share_permille=share,
        share_from=share_from,
    )


def _time_limit(policy: Policy, claim: Claim) -> tuple[int, Anchor, str]:
    """The product's terms, then the reason's limit, then that of the kind of goods, then the default."""
    terms, limits, kind = claim.order.terms, policy.time_limits, claim.order.product.kind
    own, place = limits.default, "time_limits.default"
    if claim.reason in limits.by_reason:
        own, place = limits.by_reason[claim.reason], f"time_limits.by_reason.{claim.reason.value}"
    elif kind in limits.by_goods:
        own, place = limits.by_goods[kind], f"time_limits.by_goods.{kind.value}"
    if terms.time_limit_hours is not None or terms.anchor is not None:
        place = "terms"
    hours = own.hours if terms.time_limit_hours is None else terms.time_limit_hours
    return hours, terms.anchor or own.anchor, place


def _buyers_doing(rule: ReasonRule | None) -> bool:
    return rule is not None and rule.fault is Fault.BUYER


def fee_permille(policy: Policy, reason: ReasonCode) -> int:
    """The platform's own fee for a reason; 0 where the buyer is not at fault."""
    if not _buyers_doing(policy.reasons.get(reason)):
        return 0
    return policy.fee.by_reason.get(reason, policy.fee.buyer_at_fault_permille)


def _fee(policy: Policy, claim: Claim) -> tuple[int, str]:
    reason = claim.reason
    if not _buyers_doing(policy.reasons.get(reason)):
        return 0, f"reasons.{reason.value}.fault"
    own = fee_permille(policy, reason)
    place = f"fee.by_reason.{reason.value}" if reason in policy.fee.by_reason else "fee.buyer_at_fault_permille"
    shown = claim.order.terms.fee_permille
    if shown is None:
        return own, place
    shown = min(max(shown, 0), MOST_FEE_PERMILLE)
    return (shown, "terms") if shown < own or claim.order.terms.conspicuous else (own, place)


def _share(policy: Policy, claim: Claim) -> tuple[int, str]:
    rule = policy.reasons.get(claim.reason)
    place = f"reasons.{claim.reason.value}.amount"
    own = rule.share_permille if rule is not None and rule.amount is Amount.SHARE else None
    own = WHOLE if own is None else own
    shown = claim.order.terms.refund_permille
    if shown is None or not _buyers_doing(rule):
        return own, place
    shown = min(max(shown, 0), WHOLE)
    return (shown, "terms") if shown > own or claim.order.terms.conspicuous else (own, place)
