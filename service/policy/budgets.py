"""Room an approval takes from the platform's budgets. The store reserves it, or the fallback stands."""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.assessment import Reservation
from service.domain.claims import Claim
from service.domain.money import Money
from service.policy.parts import ApprovalClass, BudgetEntity
from service.policy.schema import Policy


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
