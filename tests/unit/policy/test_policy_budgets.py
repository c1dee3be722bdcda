from __future__ import annotations

from dataclasses import replace

from policy_builders import DEMO, claim

from service.domain.money import Money
from service.policy import ApprovalClass, feature_caps
from service.policy.budgets import reservations

AMOUNT = Money(990)


def names(approved_as: ApprovalClass) -> list[str]:
    return [each.budget for each in reservations(DEMO, claim(), AMOUNT, approved_as)]


def test_each_budget_that_holds_is_reserved_for_its_entity() -> None:
    found = {each.budget: each for each in reservations(DEMO, claim(), AMOUNT, ApprovalClass.RISK)}
    account = found["account-day"]
    assert (account.entity, account.window_hours, account.amount) == ("account:acc-1", 24, AMOUNT)
    assert (account.limit_count, account.limit_amount) == (3, 60000)
    assert found["platform-day"].entity == "platform:demo"
    assert found["seller-day"].entity == "seller:sel-1"
    assert found["product-day"].entity == "product:prd-1"


def test_a_budget_of_one_class_is_not_taken_by_another() -> None:
    assert "account-month-one-click" in names(ApprovalClass.ONE_CLICK)
    assert "account-month-one-click" not in names(ApprovalClass.RISK)


def test_an_entity_the_claim_does_not_name_is_left_out() -> None:
    bare = claim(account=replace(claim().account, device_id=None, payer_id=None))
    found = [each.budget for each in reservations(DEMO, bare, AMOUNT, ApprovalClass.RISK)]
    assert "device-day" not in found
    assert "payer-day" not in found
    assert "platform-day" in found


def test_reservations_come_in_one_order() -> None:
    found = names(ApprovalClass.ONE_CLICK)
    assert found == sorted(found)


def test_feature_caps_are_the_policys_limits() -> None:
    caps = feature_caps(DEMO)
    assert (caps.auto_amount, caps.one_click_amount) == (30000, 5000)
