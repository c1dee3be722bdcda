"""What the buyer is told of pages that hide something, and when material is asked for because of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from policy_builders import DEMO, VOIDABLE, checks, claim, given, page, unreadable
from test_policy_buyer import TELLTALE

from service.domain.assessment import Decision, Recommendation
from service.domain.checks import Result
from service.domain.claims import Fulfilment, ReasonCode, UseState
from service.domain.evidence import OUR_FAULT, Edge, ErrorCode, FailedReason, FieldName, Gap, GapKind, PageKind
from service.policy import decide
from service.policy.gap_sentences import FACTS, FILES, UNUSABLE_AS_SENT, gap_sentence

PROMPT = page(PageKind.PROMPT, prompt=ErrorCode.CODE_INVALID)
NUMBER = FieldName.ORDER_NUMBER
INCOMPLETE = checks(evidence_complete=Result.FAIL)


def hiding(*gaps: Gap, without: tuple[FieldName, ...] = (NUMBER,), **more: Any) -> Any:
    order_page = page(PageKind.ORDER, gaps=gaps, without=without)
    return given(evidence=(order_page, PROMPT), checks=INCOMPLETE, **more)


@pytest.mark.parametrize(
    ("gap", "zh", "en"),
    [
        (
            Gap(kind=GapKind.CUT_OFF, field=NUMBER, edge=Edge.TOP),
            "订单号在顶部被截掉了：请发送完整页面",
            "the order number is cut off at the top: please send the whole page",
        ),
        (
            Gap(kind=GapKind.COVERED, field=NUMBER),
            "订单号被遮挡了：请发送没有遮挡的页面",
            "the order number is covered: please send the page with nothing over it",
        ),
        (
            Gap(kind=GapKind.TOO_SMALL, field=NUMBER),
            "订单号的文字太小：请发送原图，不要发送缩略图",
            "the order number is too small to read: please send the original, not a thumbnail",
        ),
        (
            Gap(kind=GapKind.NOT_SHOWN, field=NUMBER),
            "页面上没有订单号：请发送显示订单号的页面",
            "no page shows the order number: please send the page that shows it",
        ),
    ],
)
def test_what_is_missing_is_asked_for_by_name(gap: Gap, zh: str, en: str) -> None:
    verdict = decide(DEMO, hiding(gap)).verdict
    assert (verdict.decision, verdict.recommendation) == (
        Decision.MATERIALS_NEEDED,
        Recommendation.ASK_FOR_MATERIALS,
    )
    (missing,) = verdict.buyer.missing
    assert (missing.code, missing.text.zh, missing.text.en) == ("purchase", zh, en)
    assert zh in verdict.buyer.message.zh


def test_a_page_that_cannot_be_made_out_is_said_to_be_so() -> None:
    strange = page(PageKind.UNKNOWN, gaps=(Gap(kind=GapKind.WRONG_KIND),))
    blurred = page(PageKind.UNKNOWN, gaps=(Gap(kind=GapKind.BLURRED), Gap(kind=GapKind.WRONG_KIND)))
    for sent, words in ((strange, "不是所需的页面"), (blurred, "页面看不清")):
        verdict = decide(DEMO, given(evidence=(sent, PROMPT), checks=checks())).verdict
        assert [each.code for each in verdict.buyer.missing] == ["purchase"]
        assert words in verdict.buyer.missing[0].text.zh
        assert DEMO.materials["purchase"].zh in verdict.buyer.missing[0].text.zh


def test_what_another_page_shows_is_not_asked_for() -> None:
    covered = page(PageKind.ORDER, gaps=(Gap(kind=GapKind.COVERED, field=NUMBER),), without=(NUMBER,))
    payment = page(PageKind.PAYMENT)
    assert decide(DEMO, given(evidence=(covered, payment, PROMPT))).verdict.decision is Decision.AUTO_APPROVED


def test_a_mark_beside_a_number_that_agrees_with_the_record_hides_nothing() -> None:
    beside = page(PageKind.ORDER, gaps=(Gap(kind=GapKind.COVERED, field=NUMBER),))
    assert decide(DEMO, given(evidence=(beside, PROMPT))).verdict.decision is Decision.AUTO_APPROVED
    of_another = claim(order=replace(claim().order, order_number="QW20261118120000000009"))
    verdict = decide(DEMO, given(claim=of_another, evidence=(beside, PROMPT))).verdict
    assert [each.code for each in verdict.buyer.missing] == ["purchase"]


def test_where_no_page_is_needed_a_covered_one_stands_in_nobodys_way() -> None:
    covered = Gap(kind=GapKind.COVERED, field=NUMBER)
    assert decide(DEMO, hiding(covered, claim=VOIDABLE)).verdict.approval_class == "recoverable"


def test_where_nothing_can_be_asked_a_person_looks_and_the_buyer_knows_what_to_mend() -> None:
    activated = Fulfilment(state=claim().fulfilment.state, use=UseState.ACTIVATED, used_by_claimant=None)
    made = claim(reason=ReasonCode.CODE_ALREADY_USED, fulfilment=activated)
    verdict = decide(DEMO, hiding(Gap(kind=GapKind.CUT_OFF, field=NUMBER, edge=Edge.LEFT), claim=made)).verdict
    assert verdict.decision is Decision.MANUAL_REVIEW
    assert "订单号在左侧被截掉了：请发送完整页面" in verdict.buyer.next.zh
    assert "The order number is cut off at the left: please send the whole page." in verdict.buyer.next.en


def test_incomplete_evidence_never_approves_by_risk() -> None:
    verdict = decide(DEMO, given(checks=INCOMPLETE)).verdict
    assert verdict.decision is Decision.MANUAL_REVIEW
    assert "evidence_incomplete" in [reason.code for reason in verdict.reasons]


def test_every_gap_has_a_sentence_that_teaches_nothing_of_risk_or_pixels() -> None:
    assert set(FACTS) == set(FieldName)
    pixels = ("像素", "检测", "识别", "pixel", "detect", "recogni", "forg", "tamper", "伪造", "篡改")
    for kind, field, edge in product(GapKind, [None, *FieldName], [None, *Edge]):
        said = gap_sentence(Gap(kind=kind, field=field, edge=edge))
        assert said.zh
        assert said.en
        assert "{" not in said.zh + said.en
        assert not [word for word in (*TELLTALE, *pixels) if word in f"{said.zh} {said.en}".casefold()]


@pytest.mark.parametrize("reason", FailedReason)
def test_every_file_that_the_buyer_can_mend_has_a_sentence(reason: FailedReason) -> None:
    assert (reason in FILES) != (reason in OUR_FAULT)
    answer = decide(DEMO, given(evidence=(unreadable(reason), PROMPT), checks=checks())).verdict.buyer
    said = answer.message.zh + answer.next.zh
    assert (FILES[reason].zh in said) if reason in FILES else "补充" not in said


@pytest.mark.parametrize("reason", sorted(UNUSABLE_AS_SENT))
def test_a_file_that_nobody_can_open_as_sent_is_asked_for_again(reason: FailedReason) -> None:
    verdict = decide(DEMO, given(evidence=(unreadable(reason), PROMPT), checks=checks())).verdict
    assert verdict.decision is Decision.MATERIALS_NEEDED
    (missing,) = verdict.buyer.missing
    assert missing.code == "purchase"
    assert DEMO.materials["purchase"].zh in missing.text.zh
    assert FILES[reason].zh in missing.text.zh
    assert FILES[reason].en in missing.text.en
    assert "evidence_unreadable" in [each.code for each in verdict.reasons]


def test_a_file_beside_a_page_that_hides_something_is_named_with_it() -> None:
    hides = page(PageKind.ORDER, gaps=(Gap(kind=GapKind.COVERED, field=NUMBER),), without=(NUMBER,))
    animation = unreadable(FailedReason.TOO_MANY_FRAMES)
    verdict = decide(DEMO, given(evidence=(hides, animation, PROMPT), checks=INCOMPLETE)).verdict
    assert verdict.decision is Decision.MATERIALS_NEEDED
    assert "订单号被遮挡了" in verdict.buyer.missing[0].text.zh
    assert FILES[FailedReason.TOO_MANY_FRAMES].zh in verdict.buyer.missing[0].text.zh


@pytest.mark.parametrize("reason", FailedReason)
def test_a_file_that_cannot_be_read_never_lets_a_claim_through(reason: FailedReason) -> None:
    """Nor is it asked for where the other pages show everything, or where it may have been spoiled on our way."""
    complete = decide(DEMO, given(evidence=(page(PageKind.ORDER), PROMPT, unreadable(reason)))).verdict
    assert complete.decision is Decision.MANUAL_REVIEW
    if reason not in UNUSABLE_AS_SENT:
        assert decide(DEMO, given(evidence=(unreadable(reason),), checks=checks())).verdict.decision is (
            Decision.MANUAL_REVIEW
        )


def test_nothing_is_asked_for_where_a_person_is_needed_anyway() -> None:
    pdf = unreadable(FailedReason.UNSUPPORTED_TYPE)
    disputed = claim(order=replace(claim().order, disputed=True))
    verdict = decide(DEMO, given(claim=disputed, evidence=(pdf,), checks=checks())).verdict
    assert verdict.decision is Decision.MANUAL_REVIEW
    assert FILES[FailedReason.UNSUPPORTED_TYPE].zh in verdict.buyer.next.zh
