"""Room an approval takes from the platform's budgets. The store reserves it, or the fallback stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.assessment import Reservation
from service.domain.claims import Claim
from service.domain.money import Money
from service.policy.parts import ApprovalClass, BudgetEntity
from service.policy.schema import Policy

HOLDERS = (BudgetEntity.ACCOUNT, BudgetEntity.DEVICE, BudgetEntity.PAYER)
"""By whom claims belong together."""

_LONG_HOURS = 24 * 30  # a limit over days holds nobody over the weeks a certificate is drawn from


@dataclass(frozen=True, slots=True)
class EntityLimit:
    """The most one account, one device or one payer is granted by risk, in minor units, within each window."""

    amount: int
    window_hours: int


def entity_limit(policy: Policy) -> EntityLimit | None:
    """What the budgets of 30 days or longer hold account, device and payer to; None where one of them is not held.

    Where their limits differ it is the loosest: that much can be taken.
    """
    found = []
    for entity in HOLDERS:
        limits = [
            EntityLimit(budget.max_amount_minor, budget.window_hours)
            for budget in policy.budgets
            if budget.entity is entity
            and budget.max_amount_minor is not None
            and budget.window_hours >= _LONG_HOURS
            and (not budget.classes or ApprovalClass.RISK in budget.classes)
        ]
        if not limits:
            return None
        found.append(min(limits, key=lambda limit: (limit.amount, -limit.window_hours)))
    return EntityLimit(max(limit.amount for limit in found), min(limit.window_hours for limit in found))


def reservations(policy: Policy, claim: Claim, amount: Money, approved_as: ApprovalClass) -> tuple[Reservation, ...]:
    """One reservation for each budget that holds for the class and whose entity the claim names.

    Sorted by budget and entity, so that concurrent decisions take their locks in one order.
    """
    ids = _entities(policy, claim)
    found = [
        Reservation(
            budget=budget.id,
            entity=f"{budget.entity.value}:{ids[budget.entity]}",
            window_hours=budget.window_hours,
            amount=amount,
            limit_amount=budget.max_amount_minor,
            limit_count=budget.max_count,
        )
        for budget in policy.budgets
        if ids[budget.entity] and (not budget.classes or approved_as in budget.classes)
    ]
    return tuple(sorted(found, key=lambda each: (each.budget, each.entity)))


def _entities(policy: Policy, claim: Claim) -> Mapping[BudgetEntity, str | None]:
    return {
        BudgetEntity.PLATFORM: policy.platform,
        BudgetEntity.ACCOUNT: claim.account.id,
        BudgetEntity.DEVICE: claim.account.device_id,
        BudgetEntity.PAYER: claim.account.payer_id,
        BudgetEntity.SELLER: claim.order.seller_id,
        BudgetEntity.PRODUCT: claim.order.product.id,
    }
