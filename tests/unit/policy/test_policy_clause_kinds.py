"""Liability, confirmations, offers, further materials, senior review: clauses beside the negative list."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from policy_builders import (
    AS_OF,
    DEMO,
    ONE_CLICK,
    PAID_AT,
    ZONE,
    checks,
    claim,
    given,
    no_upload,
    order,
    page,
    risk,
)

from service.domain.assessment import Arrival, Decision, PaidFrom, Party, Verdict
from service.domain.claims import Claim, Fulfilment, FulfilmentState, GoodsKind, ReasonCode, Route, UseState
from service.domain.deadlines import DeadlineKind
from service.domain.evidence import ErrorCode, PageKind
from service.domain.money import Money
from service.policy import DecideInput, Policy, decide, load_platform_policy
from service.policy.clauses import Facts, promise_over
from service.policy.grants import settled_grant
from service.policy.liability import liability
from service.policy.log_clauses import log_findings
from service.policy.materials import missing_materials
from service.policy.parts import Handling
from service.policy.terms import arrives_by, due_at, reminders_of

CARDS, TOP_UP, MEMBERSHIP = (load_platform_policy(name) for name in ("card-alliance", "top-up", "membership"))
DELIVERED = Fulfilment(state=FulfilmentState.DELIVERED, use=UseState.VIEWED, delivered_at=PAID_AT)


def on(policy: Policy, made: Claim, **more: Any) -> DecideInput:
    """The claim put to that platform, without a certificate."""
    base = given(policy, claim=replace(made, platform_id=policy.platform), platform_id=policy.platform)
    return replace(base, certificate=None, **more)


def verdict(policy: Policy, made: Claim, **more: Any) -> Verdict:
    return decide(policy, on(policy, made, **more)).verdict


def lacking(policy: Policy, made: Claim, evidence: Any = ()) -> list[str]:
    facts = Facts(policy=policy, claim=made, as_of=AS_OF, evidence=evidence)
    return [each.code for each in missing_materials(facts)]


# --- who is liable ---


@pytest.mark.parametrize(
    ("policy", "confirmed", "reason", "kind", "expected"),
    [
        (TOP_UP, False, ReasonCode.CODE_INVALID, GoodsKind.CARD_CODE, (Party.SELLER, PaidFrom.ESCROW, None, True)),
        (
            TOP_UP,
            True,
            ReasonCode.CODE_INVALID,
            GoodsKind.CARD_CODE,
            (Party.SELLER, PaidFrom.PLATFORM, Party.SELLER, False),
        ),
        (CARDS, True, ReasonCode.CODE_INVALID, GoodsKind.CARD_CODE, (Party.SELLER, PaidFrom.SELLER, None, False)),
        (
            TOP_UP,
            True,
            ReasonCode.NOT_DELIVERED,
            GoodsKind.TOP_UP,
            (Party.SUPPLIER, PaidFrom.PLATFORM, Party.SUPPLIER, False),
        ),
        (
            TOP_UP,
            True,
            ReasonCode.DUPLICATE_PAYMENT,
            GoodsKind.TOP_UP,
            (Party.PLATFORM, PaidFrom.PLATFORM, None, False),
        ),
        (
            TOP_UP,
            True,
            ReasonCode.WRONG_TARGET,
            GoodsKind.TOP_UP,
            (Party.BUYER, PaidFrom.PLATFORM, Party.SELLER, False),
        ),
        (TOP_UP, True, ReasonCode.OTHER, GoodsKind.TOP_UP, (Party.UNCLEAR, PaidFrom.PLATFORM, None, False)),
        (TOP_UP, False, ReasonCode.OTHER, GoodsKind.TOP_UP, (Party.UNCLEAR, PaidFrom.ESCROW, None, True)),
    ],
)
def test_who_is_liable_and_who_pays(
    policy: Policy, confirmed: bool, reason: ReasonCode, kind: GoodsKind, expected: tuple[Any, ...]
) -> None:
    made = claim(order=order(kind=kind, confirmed_at=PAID_AT if confirmed else None), reason=reason)
    found = liability(policy, made, Money(1000))
    assert (found.party, found.paid_from, found.recover_from, found.freeze) == expected
    assert found.recover == (Money(1000) if expected[2] is not None else Money(0))


def test_a_person_may_find_another_party_liable() -> None:
    made = claim(order=order(confirmed_at=PAID_AT), reason=ReasonCode.CODE_INVALID)
    found = liability(TOP_UP, made, Money(1000), party=Party.PLATFORM)
    assert (found.party, found.recover_from, found.clause) == (Party.PLATFORM, None, None)


def test_a_grant_goes_back_where_the_money_came_from_or_says_what_the_balance_is() -> None:
    paid = order(funding_source="bank card ending 1234", payment_method="bank")
    back = settled_grant(TOP_UP, claim(order=paid), Money(100), Money(0))
    assert (back.funding_source, back.withdrawable) == ("bank card ending 1234", None)
    assert back.arrival == Arrival(working_days=5)
    kept = settled_grant(CARDS, claim(order=paid, route=Route.BALANCE), Money(100), Money(0))
    assert (kept.funding_source, kept.withdrawable) == (None, False)
    assert kept.arrival == Arrival(minutes=10)
    assert kept.basis == ("R3",)


def test_what_a_transfer_to_a_bank_card_needs_is_said_and_only_there() -> None:
    needs = "持卡人姓名、开户行、卡号"
    for method, said in (("bank", True), ("alipay", False)):
        made = replace(ONE_CLICK, order=replace(ONE_CLICK.order, payment_method=method))
        answer = decide(TOP_UP, on(TOP_UP, made, evidence=(), checks=checks())).verdict
        assert answer.decision is Decision.AUTO_APPROVED
        assert (needs in answer.buyer.next.zh) is said


# --- who is asked first ---

UNKNOWN_TOP_UP = claim(
    order=order(paid=5000, kind=GoodsKind.TOP_UP),
    reason=ReasonCode.NOT_DELIVERED,
    fulfilment=Fulfilment(state=FulfilmentState.UNKNOWN),
)


def test_the_supplier_is_asked_where_the_log_cannot_tell_and_nothing_is_approved_before() -> None:
    asked = verdict(TOP_UP, UNKNOWN_TOP_UP)
    assert asked.decision is Decision.MANUAL_REVIEW
    assert asked.ask == (Party.SUPPLIER,)
    assert "C1" in asked.clauses
    assert "向运营商核实" in asked.buyer.next.zh
    known = replace(UNKNOWN_TOP_UP, fulfilment=Fulfilment(state=FulfilmentState.FAILED))
    assert verdict(TOP_UP, known).ask == ()
    assert verdict(TOP_UP, UNKNOWN_TOP_UP, answered=(Party.SUPPLIER,)).ask == ()


def test_the_supplier_is_asked_whose_activation_it_was() -> None:
    used = claim(reason=ReasonCode.CODE_ALREADY_USED, fulfilment=replace(DELIVERED, use=UseState.ACTIVATED))
    assert verdict(CARDS, used).ask == (Party.SUPPLIER,)
    for by_claimant in (True, False):
        told = replace(used, fulfilment=replace(used.fulfilment, used_by_claimant=by_claimant))
        assert verdict(CARDS, told).ask == ()


def test_the_seller_is_asked_before_a_person_decides_but_stands_in_no_small_refunds_way() -> None:
    invalid = claim(fulfilment=DELIVERED)
    asked = verdict(TOP_UP, invalid, risk=risk(0.9))
    assert asked.ask == (Party.SELLER,)
    assert "48 小时" in asked.buyer.next.zh
    assert verdict(TOP_UP, invalid, risk=risk(0.9), answered=(Party.SELLER,)).ask == ()
    small = replace(ONE_CLICK, reason=ReasonCode.CODE_INVALID)
    approved = decide(TOP_UP, on(TOP_UP, small, evidence=(), checks=checks())).verdict
    assert approved.decision is Decision.AUTO_APPROVED
    assert approved.ask == ()


# --- offers and senior review ---


def test_a_part_is_offered_only_to_a_reviewer_and_never_by_itself() -> None:
    used = claim(
        order=order(paid=3000),
        reason=ReasonCode.UNUSED_CHANGE_OF_MIND,
        fulfilment=replace(DELIVERED, use=UseState.PARTLY_USED, units_total=30, units_used=12),
    )
    found = verdict(MEMBERSHIP, used)
    assert found.decision is Decision.MANUAL_REVIEW
    assert found.offer is not None
    assert (found.offer.amount, found.offer.basis[0]) == (Money(1800), "O1")
    assert "18.00" not in found.buyer.message.zh + found.buyer.next.zh
    assert verdict(MEMBERSHIP, replace(used, fulfilment=DELIVERED)).offer is None
    half = verdict(MEMBERSHIP, replace(used, reason=ReasonCode.WRONG_TARGET)).offer
    assert half is not None
    assert (half.amount, half.basis[0]) == (Money(1500), "O3")


@pytest.mark.parametrize("flag", ["cross_border", "disputed"])
def test_cross_border_and_disputed_orders_are_for_a_senior_reviewer(flag: str) -> None:
    assert not decide(DEMO, given(risk=risk(0.9))).verdict.senior
    assert decide(DEMO, given(claim=claim(order=order(**{flag: True})))).verdict.senior


def test_second_review_is_said_where_two_must_agree() -> None:
    large = claim(order=order(paid=250_000))
    assert decide(DEMO, given(claim=large)).verdict.second_review
    assert not decide(DEMO, given(risk=risk(0.9))).verdict.second_review


# --- materials ---


def test_cross_border_claims_wait_for_proof_of_identity_and_then_go_to_a_person() -> None:
    abroad = claim(order=order(cross_border=True), fulfilment=DELIVERED, reason=ReasonCode.CODE_ALREADY_USED)
    abroad = replace(abroad, fulfilment=replace(DELIVERED, use=UseState.ACTIVATED, used_by_claimant=False))
    asked = verdict(TOP_UP, abroad, evidence=(), checks=checks())
    assert asked.decision is Decision.MATERIALS_NEEDED
    assert [each.code for each in asked.buyer.missing] == ["identity"]
    shown = verdict(TOP_UP, abroad, evidence=(page(PageKind.IDENTITY),), checks=checks())
    assert shown.decision is Decision.MANUAL_REVIEW
    assert shown.senior


def test_a_disputed_payment_is_not_asked_for_anything() -> None:
    disputed = claim(order=order(cross_border=True, disputed=True))
    assert verdict(TOP_UP, disputed, evidence=(), checks=checks()).decision is Decision.MANUAL_REVIEW


def test_large_refunds_need_more() -> None:
    assert "identity" in lacking(CARDS, claim(order=order(paid=100_000)))
    assert "identity" not in lacking(CARDS, claim(order=order(paid=99_999)))


@pytest.mark.parametrize(
    ("statement", "enough"),
    [
        ("东西不好用，退款！", False),
        ("东西不好用。。。。。。。。。。。。。。。退款退款退款", False),
        ("兑换时提示卡密无效，请退回原支付账户", True),
        ("", False),
    ],
)
def test_a_vague_statement_is_asked_to_say_what_happened(statement: str, enough: bool) -> None:
    made = claim(reason=ReasonCode.OTHER, statement=statement)
    assert ("explanation" not in lacking(TOP_UP, made)) is enough
    answer = verdict(TOP_UP, made, evidence=(), checks=checks())
    assert (answer.decision is Decision.MATERIALS_NEEDED) is not enough


def test_the_standard_set_needs_a_statement_with_the_order_number_beside_the_pages() -> None:
    number = claim().order.order_number
    pages = (page(PageKind.ORDER), page(PageKind.PAYMENT), page(PageKind.PROMPT, prompt=ErrorCode.CODE_INVALID))
    without = claim(statement="兑换时一直提示这张卡密无效，请退回原来的支付账户，谢谢")
    assert lacking(CARDS, without, pages)[-1:] == ["statement"]
    assert "statement" not in lacking(CARDS, replace(without, statement=f"{without.statement}，订单 {number}"), pages)


def test_what_the_log_proves_needs_no_page_even_where_the_set_is_strict() -> None:
    failed = claim(
        order=order(kind=GoodsKind.TOP_UP),
        reason=ReasonCode.NOT_DELIVERED,
        fulfilment=Fulfilment(state=FulfilmentState.FAILED),
    )
    assert lacking(CARDS, failed) == []


# --- delivery, activation, use ---


def test_a_phone_top_up_is_missing_after_a_day_whatever_was_promised() -> None:
    made = claim(
        order=order(kind=GoodsKind.TOP_UP),
        reason=ReasonCode.NOT_DELIVERED,
        fulfilment=Fulfilment(state=FulfilmentState.NOT_DELIVERED, promised_by=PAID_AT + timedelta(minutes=10)),
    )
    for hours, missing in ((23, False), (24, False), (25, True)):
        assert promise_over(TOP_UP, made, PAID_AT + timedelta(hours=hours)) is missing
    code = replace(made, order=order())
    assert promise_over(TOP_UP, code, PAID_AT + timedelta(minutes=11))


def test_activated_goods_need_a_person_where_the_platforms_list_is_silent() -> None:
    silent = DEMO.model_copy(update={"negative_list": ()})
    used = claim(
        reason=ReasonCode.CODE_ALREADY_USED,
        fulfilment=replace(DELIVERED, use=UseState.ACTIVATED, used_by_claimant=True),
    )
    facts = Facts(policy=silent, claim=used, as_of=AS_OF, evidence=())
    assert "log.activated" in [each.code for each in log_findings(facts)]
    assert decide(silent, given(silent, claim=used)).verdict.decision is Decision.MANUAL_REVIEW
    by_another = replace(used, fulfilment=replace(used.fulfilment, used_by_claimant=False))
    assert "log.activated" not in [each.code for each in log_findings(replace(facts, claim=by_another))]
    assert "log.activated" not in [each.code for each in log_findings(replace(facts, policy=DEMO))]


@pytest.mark.parametrize(("used", "excluded"), [(15, False), (16, True)])
def test_a_membership_used_for_more_than_half_is_excluded(used: int, excluded: bool) -> None:
    made = claim(
        order=order(kind=GoodsKind.MEMBERSHIP),
        reason=ReasonCode.PARTIAL_USE,
        fulfilment=replace(DELIVERED, use=UseState.PARTLY_USED, units_total=30, units_used=used),
    )
    assert ("N3" in verdict(MEMBERSHIP, made).clauses) is excluded


def test_a_clause_holds_for_its_kinds_of_goods_only() -> None:
    slip = claim(reason=ReasonCode.WRONG_TARGET, fulfilment=DELIVERED)
    assert "N2" not in verdict(TOP_UP, slip).clauses
    assert "N2" in verdict(TOP_UP, replace(slip, order=order(kind=GoodsKind.TOP_UP))).clauses


def test_confirmed_receipt_needs_a_person() -> None:
    late = claim(
        order=order(confirmed_at=PAID_AT),
        reason=ReasonCode.NOT_DELIVERED,
        fulfilment=Fulfilment(state=FulfilmentState.FAILED),
    )
    assert "N5" in verdict(TOP_UP, late).clauses


@pytest.mark.parametrize("policy", [CARDS, TOP_UP, MEMBERSHIP], ids=lambda policy: policy.platform)
def test_a_stolen_account_always_goes_to_a_person_on_every_sample(policy: Policy) -> None:
    assert policy.reasons[ReasonCode.UNAUTHORISED].handling is Handling.PERSON_AFTER_MATERIALS
    stolen = replace(ONE_CLICK, reason=ReasonCode.UNAUTHORISED)
    assert decide(policy, on(policy, stolen)).verdict.decision is not Decision.AUTO_APPROVED


def test_the_person_who_judges_a_stolen_account_is_told_what_the_platform_knows() -> None:
    stolen = claim(reason=ReasonCode.UNAUTHORISED)
    told = replace(stolen, account=replace(stolen.account, second_factor_passed=True, contact_confirmed=False))
    codes = [reason.code for reason in decide(DEMO, given(claim=told)).verdict.reasons]
    assert {"access.second_factor_passed", "access.contact_not_confirmed"} <= set(codes)
    for unmoved in (stolen, replace(told, reason=ReasonCode.CODE_INVALID)):
        codes = [reason.code for reason in decide(DEMO, given(claim=unmoved, risk=risk(0.9))).verdict.reasons]
        assert not [code for code in codes if code.startswith("access.")]


# --- when things are due ---


def test_each_deadline_has_a_term_also_where_the_file_names_none() -> None:
    old = load_platform_policy("cautious")
    start = datetime(2026, 11, 20, 12, 0, tzinfo=ZONE)
    for deadline in DeadlineKind:
        assert due_at(old, deadline, start).at > start
    assert due_at(old, DeadlineKind.MATERIALS, start).at == start + timedelta(hours=24)
    assert due_at(old, DeadlineKind.REVIEW, start).at == datetime(2026, 11, 26, tzinfo=ZONE)
    assert due_at(TOP_UP, DeadlineKind.REVIEW, start).at == datetime(2026, 11, 23, 18, tzinfo=ZONE)


def test_reminders_come_before_and_arrival_follows_the_calendar() -> None:
    start = datetime(2026, 9, 30, 12, 0, tzinfo=ZONE)
    end = due_at(TOP_UP, DeadlineKind.SELLER_REPLY, start).at
    assert reminders_of(TOP_UP, start, end) == (start + timedelta(hours=24), start + timedelta(hours=44))
    assert arrives_by(DEMO, Arrival(working_days=2), start) == datetime(2026, 10, 10, tzinfo=ZONE)
    assert arrives_by(DEMO, Arrival(minutes=10), start) == start + timedelta(minutes=10)


def test_no_upload_is_needed_for_a_small_unused_code_on_any_sample() -> None:
    for policy, kind in (
        (CARDS, GoodsKind.CARD_CODE),
        (TOP_UP, GoodsKind.CARD_CODE),
        (MEMBERSHIP, GoodsKind.MEMBERSHIP),
    ):
        made = replace(ONE_CLICK, order=order(paid=990, kind=kind), fulfilment=ONE_CLICK.fulfilment)
        made = replace(made, platform_id=policy.platform, fulfilment=replace(made.fulfilment, delivered_at=AS_OF))
        base = no_upload(policy, claim=made, platform_id=policy.platform)
        assert decide(policy, base).verdict.approval_class == "one_click", policy.platform
