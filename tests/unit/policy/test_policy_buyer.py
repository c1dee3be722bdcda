from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as hypothesis_given
from policy_builders import (
    CEILED,
    DEMO,
    GOOD_PAGES,
    ONE_CLICK,
    PAID_AT,
    VOIDABLE,
    certificate,
    checks,
    claim,
    given,
    no_upload,
    risk,
)
from policy_strategies import easy_inputs, plausible_inputs

from service.domain.assessment import BuyerAnswer, Decision, PlatformMode
from service.domain.checks import CheckCode, Result
from service.domain.claims import Fulfilment, FulfilmentState, Route, UseState
from service.domain.codec import canonical, to_data
from service.policy import decide, load_platform_policy, platform_policy_names
from service.policy.buyer import route_rule

# Each of these sends a claim that would be approved to a person, for a reason the buyer must not be able to tell.
SUSPICIONS: dict[str, dict[str, Any]] = {
    "audit draw": {"audit_drawn": True},
    "risk above threshold": {"risk": risk(0.06)},
    "risk far above": {"risk": risk(0.99)},
    "failed check": {"checks": checks(amount=Result.FAIL)},
    "other failed checks": {"checks": checks(payee=Result.FAIL, order_number=Result.FAIL)},
    "page seen on other orders": {"reused_orders": 3},
    "no certificate": {"certificate": None},
    "certificate of another model": {"certificate": certificate(model="m0")},
    "no healthy model": {"bundle_healthy": False},
    "fault": {"faults": ("history_unavailable",)},
    "stopped": {"mode": PlatformMode.STOPPED},
    "observing": {"mode": PlatformMode.OBSERVING},
}
TELLTALE = (
    "风险",
    "模型",
    "阈值",
    "抽",
    "概率",
    "额度",
    "核对",
    "risk",
    "model",
    "threshold",
    "audit",
    "score",
    "budget",
)


def told(answer: BuyerAnswer) -> bytes:
    return canonical(to_data(answer))


def test_every_suspicion_reads_the_same() -> None:
    budget = decide(DEMO, given()).fallback.buyer
    for name, change in SUSPICIONS.items():
        verdict = decide(DEMO, given(**change)).verdict
        assert verdict.decision is Decision.MANUAL_REVIEW, name
        assert told(verdict.buyer) == told(budget), name


def test_one_click_over_the_risk_ceiling_reads_the_same_too() -> None:
    ring = decide(CEILED, no_upload(CEILED, claim=ONE_CLICK, risk=risk(0.9))).verdict.buyer
    assert told(ring) == told(decide(DEMO, no_upload(claim=ONE_CLICK, audit_drawn=True)).verdict.buyer)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@hypothesis_given(inputs=plausible_inputs() | easy_inputs())
def test_the_message_of_a_person_hangs_on_claim_and_pages_alone(inputs: Any) -> None:
    seen = set()
    readable = next(check for check in inputs.checks if check.code is CheckCode.EVIDENCE_READABLE)
    for change in ({}, *SUSPICIONS.values()):
        if "checks" in change and readable.result is Result.FAIL:
            continue  # whether the pages can be read the buyer is told
        outcome = decide(DEMO, replace(inputs, **change))
        verdicts = [outcome.verdict, outcome.fallback]
        seen |= {told(each.buyer) for each in verdicts if each.decision is Decision.MANUAL_REVIEW}
        for verdict in verdicts:
            words = f"{verdict.buyer.message} {verdict.buyer.next} {verdict.buyer.missing}".casefold()
            assert not [word for word in TELLTALE if word in words]
    assert len(seen) <= 1


def test_every_answer_names_the_official_channel_in_both_languages() -> None:
    for inputs in (given(), no_upload(), given(audit_drawn=True), no_upload(claim=VOIDABLE)):
        answer = decide(DEMO, inputs).verdict.buyer
        assert DEMO.official_channel.zh in answer.next.zh
        assert DEMO.official_channel.en in answer.next.en
        assert answer.message.zh
        assert answer.message.en


def test_an_approval_tells_amount_fee_route_and_what_to_leave_alone() -> None:
    answer = decide(DEMO, no_upload(claim=VOIDABLE)).verdict.buyer
    assert answer.message.zh == "您的退款 ¥87.12 已通过（已扣除手续费 ¥0.88）。"
    assert answer.message.en == "Your refund of ¥87.12 is approved (after a fee of ¥0.88)."
    assert "请勿再使用" in answer.next.zh
    assert "1 至 2 个工作日" in answer.next.zh


def test_an_exclusion_names_the_published_clause() -> None:
    used = Fulfilment(state=FulfilmentState.DELIVERED, use=UseState.ACTIVATED, delivered_at=PAID_AT)
    answer = decide(DEMO, given(claim=claim(fulfilment=used))).verdict.buyer
    assert "「商品已激活或已消耗」" in answer.message.zh
    assert "a person will look at it" in answer.message.en


def test_missing_material_names_what_and_by_when() -> None:
    answer = decide(DEMO, no_upload()).verdict.buyer
    assert all(each.text.zh in answer.message.zh for each in answer.missing)
    assert "3 个工作日" in answer.next.zh


@pytest.mark.parametrize(
    ("known", "said"), [(None, "该余额可以提现"), (True, "该余额可以提现"), (False, "该余额不可提现")]
)
def test_the_balance_route_says_whether_it_can_be_withdrawn(known: bool | None, said: str) -> None:
    made = replace(VOIDABLE, route=Route.BALANCE, order=replace(VOIDABLE.order, balance_withdrawable=known))
    assert said in decide(DEMO, no_upload(claim=made)).verdict.buyer.next.zh


def test_the_route_follows_the_payment_method() -> None:
    wechat = claim(order=replace(claim().order, payment_method="WeChat"))
    card = claim(order=replace(claim().order, payment_method="bank"))
    unknown = claim(order=replace(claim().order, payment_method=None))
    found = [route_rule(DEMO, each) for each in (wechat, card, unknown)]
    assert [rule.zh[-6:] for rule in found if rule is not None] == ["个工作日到账"] * 3
    assert found[0] is not found[1]
    assert found[1] is found[2]


@pytest.mark.parametrize("name", platform_policy_names())
def test_no_shipped_wording_teaches_how_risk_is_judged(name: str) -> None:
    policy = load_platform_policy(name)
    texts = [material.text for material in policy.materials.values()] + [clause.text for clause in policy.negative_list]
    for text in texts:
        assert not [word for word in TELLTALE if word in f"{text.zh} {text.en}".casefold()]


def test_good_pages_are_what_the_builder_says() -> None:
    assert decide(DEMO, given(evidence=GOOD_PAGES)).verdict.decision is Decision.AUTO_APPROVED
