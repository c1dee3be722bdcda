from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from policy_builders import (
    AS_OF,
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
    order,
    page,
    risk,
    unreadable,
    with_classes,
)

from service.domain.assessment import Decision, ObligationKind, PlatformMode, Recommendation
from service.domain.certificate import Origin, Serving
from service.domain.checks import Result
from service.domain.claims import (
    Fulfilment,
    FulfilmentState,
    GoodsKind,
    ReasonCode,
    Route,
    UseState,
)
from service.domain.evidence import FailedReason, PageKind
from service.domain.money import Money
from service.policy import DecideInput, Outcome, Policy, decide

APPROVED, PERSON, ASKED = Decision.AUTO_APPROVED, Decision.MANUAL_REVIEW, Decision.MATERIALS_NEEDED
FAILED_TOP_UP = claim(
    order=order(paid=3900, kind=GoodsKind.TOP_UP),
    fulfilment=Fulfilment(state=FulfilmentState.FAILED),
    reason=ReasonCode.NOT_DELIVERED,
)


def codes(outcome: Outcome) -> list[str]:
    return [reason.code for reason in outcome.verdict.reasons if not reason.code.startswith("risk.")]


def ends(inputs: DecideInput, policy: Policy = DEMO) -> tuple[Decision, str | None]:
    verdict = decide(policy, inputs).verdict
    return verdict.decision, verdict.approval_class


# --- the three classes ---


def test_one_click_needs_no_page_and_no_certificate() -> None:
    outcome = decide(DEMO, no_upload(claim=ONE_CLICK, certificate=None))
    assert (outcome.verdict.decision, outcome.verdict.approval_class) == (APPROVED, "one_click")
    assert outcome.verdict.grant is not None
    assert outcome.verdict.grant.amount == Money(980)
    assert outcome.verdict.grant.fee == Money(10)
    assert outcome.verdict.grant.obligations == ()


def test_recoverable_goods_carry_their_obligation() -> None:
    outcome = decide(DEMO, no_upload(claim=VOIDABLE, certificate=None))
    assert outcome.verdict.approval_class == "recoverable"
    assert outcome.verdict.grant is not None
    assert outcome.verdict.grant.obligations == (ObligationKind.VOID_CODE,)
    top_up = replace(
        FAILED_TOP_UP,
        reason=ReasonCode.WRONG_TARGET,
        fulfilment=Fulfilment(state=FulfilmentState.DELIVERED, recallable=True),
    )
    recalled = decide(DEMO, no_upload(claim=top_up, certificate=None)).verdict
    assert recalled.grant is not None
    assert recalled.grant.obligations == (ObligationKind.RECALL_TOP_UP,)


def test_good_evidence_and_low_risk_are_approved_under_a_certificate() -> None:
    assert ends(given()) == (APPROVED, "risk")
    assert ends(given(certificate=None)) == (PERSON, None)


def test_a_fault_the_log_proves_needs_no_screenshot() -> None:
    assert ends(no_upload(claim=FAILED_TOP_UP)) == (APPROVED, "risk")
    assert ends(no_upload(claim=FAILED_TOP_UP, certificate=None)) == (PERSON, None)


@pytest.mark.parametrize(("paid", "approved"), [(4999, True), (5000, False)])
def test_one_click_is_below_its_amount(paid: int, approved: bool) -> None:
    made = replace(ONE_CLICK, order=order(paid=paid), amount_claimed=Money(paid))
    assert (ends(no_upload(claim=made, certificate=None)) == (APPROVED, "one_click")) is approved


def test_a_small_part_of_a_large_order_is_not_one_click() -> None:
    made = replace(ONE_CLICK, order=order(paid=80000), amount_claimed=Money(900))
    assert ends(no_upload(claim=made, certificate=None)) == (PERSON, None)


@pytest.mark.parametrize(
    "fulfilment",
    [
        Fulfilment(state=FulfilmentState.DELIVERED, use=UseState.UNKNOWN, delivered_at=PAID_AT),
        Fulfilment(state=FulfilmentState.DELIVERED, use=UseState.VIEWED, delivered_at=PAID_AT),
        Fulfilment(state=FulfilmentState.UNKNOWN, use=UseState.UNKNOWN),
        Fulfilment(state=FulfilmentState.IN_PROGRESS, use=UseState.UNKNOWN),
        Fulfilment(state=FulfilmentState.NOT_DELIVERED, use=UseState.UNKNOWN, promised_by=AS_OF),
        Fulfilment(state=FulfilmentState.DELIVERED, use=UseState.VOIDED, delivered_at=PAID_AT),
    ],
)
def test_one_click_needs_a_log_that_knows(fulfilment: Fulfilment) -> None:
    made = replace(ONE_CLICK, fulfilment=fulfilment)
    assert decide(DEMO, no_upload(claim=made)).verdict.approval_class != "one_click"


def test_caps_hold_for_what_the_order_costs_in_all() -> None:
    within = claim(order=order(paid=60000, refunded=20000), amount_claimed=Money(10000))
    beyond = replace(within, amount_claimed=Money(10001))
    assert ends(given(claim=within)) == (APPROVED, "risk")
    outcome = decide(DEMO, given(claim=beyond))
    assert (outcome.verdict.decision, codes(outcome)) == (PERSON, ["above_cap"])


def test_a_voidable_code_is_refunded_even_if_the_log_does_not_bear_the_reason_out() -> None:
    made = replace(VOIDABLE, reason=ReasonCode.NOT_DELIVERED)
    assert ends(no_upload(claim=made)) == (APPROVED, "recoverable")
    kept = replace(made, fulfilment=replace(made.fulfilment, voidable=False), order=order(paid=990))
    assert ends(no_upload(claim=replace(kept, amount_claimed=Money(990)))) == (PERSON, None)


def test_over_a_ceiling_nothing_is_approved_without_a_model_nor_pages_asked_for() -> None:
    outcome = decide(CEILED, no_upload(CEILED, claim=ONE_CLICK, risk=risk(0.201)))
    assert outcome.verdict.decision is PERSON
    assert codes(outcome)[0] == "risk_above_ceiling"
    assert ends(no_upload(CEILED, claim=ONE_CLICK, risk=risk(0.2)), CEILED) == (APPROVED, "one_click")
    assert ends(no_upload(claim=ONE_CLICK, risk=risk(1.0))) == (APPROVED, "one_click")


@pytest.mark.parametrize("name", ["recoverable", "one_click", "risk"])
def test_a_class_the_platform_did_not_opt_into_approves_nothing(name: str) -> None:
    without = with_classes(**{name: {"opted_in": False}})

    def inputs(policy: Policy) -> DecideInput:
        if name == "risk":
            return given(policy)
        return no_upload(claim=VOIDABLE if name == "recoverable" else ONE_CLICK, certificate=None)

    assert ends(inputs(DEMO)) == (APPROVED, name)
    assert ends(inputs(without), without)[0] is not APPROVED


# --- what keeps everything from being approved ---

EASY = {"one_click": no_upload(claim=ONE_CLICK), "recoverable": no_upload(claim=VOIDABLE), "risk": given()}


@pytest.mark.parametrize("name", EASY)
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"mode": PlatformMode.STOPPED}, "mode_stopped"),
        ({"breaker_tripped": True}, "breaker_tripped"),
        ({"faults": ("history_unavailable",)}, "fault.history_unavailable"),
        ({"evidence": (unreadable(),), "checks": checks()}, "evidence_unreadable"),
        ({"evidence": GOOD_PAGES, "checks": checks(evidence_readable=Result.FAIL)}, "evidence_unreadable"),
        ({"evidence": GOOD_PAGES, "checks": checks()[1:]}, "fault.checks_incomplete"),
        ({"checks": checks(amount=Result.FAIL)}, "check_failed.amount"),
        ({"bundle_healthy": False}, "bundle_unhealthy"),
        ({"risk": None}, "risk_missing"),
        ({"risk": risk(float("nan"))}, "risk_unusable"),
        ({"risk": risk(-0.1)}, "risk_unusable"),
        ({"reused_orders": 1}, "evidence_reused"),
        ({"platform_id": "elsewhere"}, "fault.wrong_platform"),
    ],
)
def test_no_class_approves_over_an_obstacle(name: str, change: dict[str, Any], code: str) -> None:
    outcome = decide(DEMO, replace(EASY[name], **change))
    assert outcome.verdict.decision is PERSON
    assert codes(outcome)[0] == code
    assert outcome.verdict.grant is None
    assert outcome.reservations == ()


@pytest.mark.parametrize("name", EASY)
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"cross_border": True}, "cross_border"),
        ({"disputed": True}, "disputed"),
        ({"amount_paid": Money(990, "USD")}, "foreign_currency"),
        ({"amount_refunded": Money(1)}, "claimed_exceeds_paid"),
        ({"amount_refunded": Money(-1)}, "amounts_impossible"),
    ],
)
def test_no_class_approves_an_order_for_a_person(name: str, change: dict[str, Any], code: str) -> None:
    inputs = EASY[name]
    made = replace(inputs.claim, order=replace(inputs.claim.order, **change))
    outcome = decide(DEMO, replace(inputs, claim=made))
    assert outcome.verdict.decision is PERSON
    assert code in codes(outcome)


@pytest.mark.parametrize("reason", [ReasonCode.UNAUTHORISED, ReasonCode.PLATFORM_FAULT, ReasonCode.NOT_AS_DESCRIBED])
def test_some_reasons_always_go_to_a_person(reason: ReasonCode) -> None:
    outcome = decide(DEMO, given(claim=replace(VOIDABLE, reason=reason)))
    assert outcome.verdict.decision is PERSON
    assert outcome.verdict.clauses[0] == f"reasons.{reason.value}"


def test_a_reason_the_policy_does_not_list_goes_to_a_person() -> None:
    policy = DEMO.model_copy(update={"reasons": {}})
    assert ends(given(policy, claim=VOIDABLE), policy) == (PERSON, None)


def test_an_exclusion_is_a_recommendation_and_never_a_rejection() -> None:
    used = claim(fulfilment=Fulfilment(state=FulfilmentState.DELIVERED, use=UseState.ACTIVATED, delivered_at=PAID_AT))
    verdict = decide(DEMO, given(claim=used)).verdict
    assert (verdict.decision, verdict.recommendation) == (PERSON, Recommendation.REJECT)
    assert verdict.clauses == ("N1",)
    assert verdict.reasons[0].code == "excluded"


def test_faults_come_before_exclusions_and_those_before_failed_checks() -> None:
    used = claim(fulfilment=Fulfilment(state=FulfilmentState.DELIVERED, use=UseState.ACTIVATED, delivered_at=PAID_AT))
    outcome = decide(DEMO, given(claim=used, faults=("slow",), checks=checks(amount=Result.FAIL)))
    assert codes(outcome) == ["fault.slow", "excluded", "check_failed.amount"]


def test_a_route_not_offered_goes_to_a_person() -> None:
    policy = DEMO.model_copy(update={"routes": tuple(rule for rule in DEMO.routes if rule.route is Route.ORIGINAL)})
    assert ends(no_upload(claim=replace(ONE_CLICK, route=Route.BALANCE)), policy) == (PERSON, None)


def test_a_share_smaller_than_the_claim_is_offered_by_a_person() -> None:
    used = Fulfilment(
        state=FulfilmentState.DELIVERED,
        use=UseState.PARTLY_USED,
        units_total=30,
        units_used=10,
        delivered_at=PAID_AT,
    )
    made = claim(order=order(paid=3000, kind=GoodsKind.MEMBERSHIP), fulfilment=used, reason=ReasonCode.PARTIAL_USE)
    verdict = decide(DEMO, given(claim=made)).verdict
    assert (verdict.decision, verdict.recommendation) == (PERSON, Recommendation.APPROVE_PARTIALLY)
    assert verdict.refundable is not None
    assert verdict.refundable.amount == Money(1980)
    fair = replace(made, amount_claimed=Money(2000))
    granted = decide(DEMO, given(claim=fair)).verdict
    assert granted.grant is not None
    assert granted.grant.amount == Money(1980)


# --- materials ---


def test_missing_material_is_asked_for_by_name() -> None:
    verdict = decide(DEMO, no_upload()).verdict
    assert (verdict.decision, verdict.recommendation) == (ASKED, Recommendation.ASK_FOR_MATERIALS)
    assert [each.code for each in verdict.buyer.missing] == ["purchase", "problem"]
    one = decide(DEMO, given(evidence=(page(PageKind.PAYMENT),))).verdict
    assert [each.code for each in one.buyer.missing] == ["problem"]


def test_nothing_is_asked_where_a_person_is_needed_anyway() -> None:
    assert ends(no_upload(checks=checks(amount=Result.FAIL)))[0] is PERSON
    assert ends(no_upload(bundle_healthy=False))[0] is PERSON
    assert ends(no_upload(reused_orders=2))[0] is PERSON


def test_a_vague_other_is_asked_to_be_made_precise_and_then_goes_to_a_person() -> None:
    vague = claim(reason=ReasonCode.OTHER, statement="东西不好用")
    assert ends(no_upload(claim=vague))[0] is ASKED
    told = replace(vague, statement="会员开通后一直提示未登录，客服说账号没有权益，请求全额退款。")
    assert ends(no_upload(claim=told))[0] is PERSON
    assert ends(given(claim=vague))[0] is PERSON


# --- certificate ---


@pytest.mark.parametrize(
    "change",
    [
        {"certificate": certificate(threshold=0.009)},
        {"certificate": certificate(expires_at=AS_OF)},
        {"certificate": certificate(platforms=("other",))},
        {"certificate": certificate(reader="r0")},
        {"mode": PlatformMode.LIVE},
        {"risk": risk(0.01, model="m0")},
        {"risk": risk(0.0500001)},
    ],
)
def test_risk_approves_only_under_a_certificate_that_holds(change: dict[str, Any]) -> None:
    assert ends(given(**change)) == (PERSON, None)
    assert ends(no_upload(claim=ONE_CLICK, **change)) == (APPROVED, "one_click")


def test_the_threshold_itself_is_within() -> None:
    assert ends(given(risk=risk(0.05))) == (APPROVED, "risk")


def test_an_observed_certificate_counts_on_a_live_platform() -> None:
    inputs = given(mode=PlatformMode.LIVE, certificate=certificate(origin=Origin.OBSERVED))
    assert ends(inputs) == (APPROVED, "risk")


def test_a_certificate_for_another_policy_than_the_one_at_work_does_not_count() -> None:
    other = with_classes(risk={"amount_up_to_minor": 40000})
    assert ends(given(), other) == (PERSON, None)
    # Not even if the caller declares the certificate's policy to be serving.
    declared = given(serving=Serving(model="m1", features="f1", policy=DEMO.digest, reader="r1"))
    assert ends(declared, other) == (PERSON, None)


# --- audit draw, observing, budgets ---


def test_a_drawn_claim_goes_to_a_person_and_what_was_set_aside_is_kept() -> None:
    outcome = decide(DEMO, given(audit_drawn=True))
    assert outcome.verdict.decision is PERSON
    assert outcome.verdict.recommendation is Recommendation.REVIEW
    assert codes(outcome) == ["audit_draw"]
    assert outcome.would_have_been == decide(DEMO, given()).verdict
    assert outcome.reservations == ()


def test_a_draw_changes_nothing_where_nothing_would_be_approved() -> None:
    inputs = given(risk=risk(0.9))
    assert decide(DEMO, replace(inputs, audit_drawn=True)) == decide(DEMO, inputs)


def test_only_the_classes_the_policy_names_are_drawn() -> None:
    assert ends(no_upload(claim=VOIDABLE, audit_drawn=True)) == (APPROVED, "recoverable")
    assert ends(no_upload(claim=ONE_CLICK, audit_drawn=True)) == (PERSON, None)


def test_observing_sends_everything_to_a_person_and_keeps_what_the_rules_said() -> None:
    for inputs, ruled in (
        (no_upload(claim=ONE_CLICK), APPROVED),
        (no_upload(), ASKED),
        (given(checks=checks(amount=Result.FAIL)), PERSON),
    ):
        outcome = decide(DEMO, replace(inputs, mode=PlatformMode.OBSERVING))
        assert outcome.verdict.decision is PERSON
        assert outcome.would_have_been is not None
        assert outcome.would_have_been.decision is ruled
        assert "mode_observing" in codes(outcome)
        assert outcome.reservations == ()
    asked = decide(DEMO, replace(no_upload(), mode=PlatformMode.OBSERVING)).verdict
    assert asked.recommendation is Recommendation.ASK_FOR_MATERIALS


def test_every_approval_reserves_and_has_a_fallback_with_a_person() -> None:
    for inputs in EASY.values():
        outcome = decide(DEMO, inputs)
        assert outcome.verdict.grant is not None
        assert {each.amount for each in outcome.reservations} == {outcome.verdict.grant.amount}
        assert outcome.fallback.decision is PERSON
        assert outcome.fallback.reasons[0].code == "budget_exhausted"
        assert outcome.fallback.grant is None


# --- reasons, lane ---


def test_three_raising_contributions_are_told_strongest_first() -> None:
    raised = [reason for reason in decide(DEMO, given()).verdict.reasons if reason.contribution is not None]
    assert [(reason.code, reason.contribution) for reason in raised] == [
        ("risk.refunds_30d", 2.0),
        ("risk.device_accounts", 1.5),
        ("risk.night", 0.5),
    ]


def test_lanes_and_second_review() -> None:
    assert decide(DEMO, given()).verdict.lane == "standard"
    elderly = claim(account=replace(claim().account, elderly=True))
    assert decide(DEMO, given(claim=elderly)).verdict.lane == "elderly"
    large = replace(elderly, order=order(paid=200000), amount_claimed=Money(200000))
    outcome = decide(DEMO, given(claim=large))
    assert outcome.verdict.lane == "large_amount"
    assert "second_review" in codes(outcome)


def test_an_error_inside_ends_with_a_person() -> None:
    outcome = decide(DEMO, given(as_of=AS_OF.replace(tzinfo=None)))
    assert outcome.verdict.decision is PERSON
    assert codes(outcome) == ["internal_error"]
    assert outcome.fallback == outcome.verdict


def test_our_own_reading_failures_are_not_blamed_on_the_buyers_image() -> None:
    ours = decide(DEMO, given(evidence=(unreadable(FailedReason.TIMEOUT),))).verdict
    theirs = decide(DEMO, given(evidence=(unreadable(FailedReason.TRUNCATED),))).verdict
    assert "补充" not in ours.buyer.next.zh
    assert "有文件没有传完整：请重新发送" in theirs.buyer.next.zh
