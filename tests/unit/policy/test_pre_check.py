"""What a buyer is told before applying: as the rules have it, from the order alone, and never a decision."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

from hypothesis import given as hypothesis_given
from hypothesis import settings
from policy_builders import AS_OF, DEMO, ONE_CLICK, PAID_AT, VOIDABLE, claim, no_upload, order
from policy_strategies import claims

from service.domain.assessment import Text
from service.domain.claims import Account, Claim, Fulfilment, FulfilmentState, GoodsKind, ReasonCode, UseState
from service.domain.codec import to_data
from service.policy import PreCheck, Prospect, decide, pre_check
from service.policy.amounts import left_to_refund

UNDELIVERED = Fulfilment(state=FulfilmentState.NOT_DELIVERED)


def told(found: PreCheck, language: str) -> str:
    """Every word of it."""
    texts = [found.message, found.answer_within, found.official_channel, *found.notes]
    texts += [each.text for each in (*found.clauses, *found.materials)] + ([found.arrival] if found.arrival else [])
    return " ".join(text.get(language) for text in texts)


def test_a_claim_that_can_qualify_is_told_what_to_send_in_the_published_words() -> None:
    found = pre_check(DEMO, claim(), AS_OF)
    assert found.prospect is Prospect.CAN_QUALIFY
    assert [each.code for each in found.materials] == ["purchase", "problem"]
    assert found.materials[0].text == DEMO.materials["purchase"].text
    assert found.expected is not None
    assert (found.expected.amount.minor, found.expected.fee.minor) == (12000, 0)
    assert found.arrival == DEMO.routes[0].text
    assert found.apply_by == PAID_AT + timedelta(days=7)
    assert found.answer_within == DEMO.review_promise.text


def test_an_excluded_claim_is_told_the_clause_and_that_a_person_still_looks() -> None:
    late = pre_check(DEMO, claim(), AS_OF + timedelta(days=30))
    assert late.prospect is Prospect.EXCLUDED
    assert [(each.id, each.excludes) for each in late.clauses] == [("N5", True)]
    assert "may still apply" in late.message.en


def test_where_nothing_need_be_uploaded_nothing_is_asked_for() -> None:
    for easy in (ONE_CLICK, VOIDABLE):
        found = pre_check(DEMO, easy, AS_OF)
        assert found.no_upload
        assert found.materials == ()
    fee = pre_check(DEMO, VOIDABLE, AS_OF).expected
    assert fee is not None
    assert (fee.amount.minor, fee.fee.minor) == (8712, 88)


def test_before_the_promise_is_over_the_buyer_is_told_to_wait_until_then() -> None:
    made = claim(
        reason=ReasonCode.NOT_DELIVERED,
        fulfilment=UNDELIVERED,
        order=order(kind=GoodsKind.TOP_UP, ordered_at=AS_OF - timedelta(hours=1), paid_at=AS_OF - timedelta(hours=1)),
    )
    found = pre_check(DEMO, made, AS_OF)
    assert found.prospect is Prospect.TOO_EARLY
    assert found.wait_until is not None
    assert found.wait_until > AS_OF
    later = pre_check(DEMO, made, found.wait_until + timedelta(seconds=1))
    assert later.prospect is Prospect.CAN_QUALIFY


def test_a_person_decides_what_the_policy_leaves_to_people() -> None:
    for made in (
        claim(reason=ReasonCode.UNAUTHORISED),
        claim(reason=ReasonCode.NOT_AS_DESCRIBED),
        claim(order=order(cross_border=True)),
        claim(order=order(disputed=True)),
    ):
        assert pre_check(DEMO, made, AS_OF).prospect is Prospect.PERSON


def test_more_than_is_left_is_told_with_what_is() -> None:
    made = claim(order=order(paid=12000, refunded=5000))
    found = pre_check(DEMO, made, AS_OF)
    assert any("70.00" in note.en for note in found.notes)
    assert found.expected is not None
    assert found.expected.amount.minor <= 7000


@hypothesis_given(claims())
@settings(max_examples=150, deadline=None)
def test_who_asks_makes_no_difference(made: Claim) -> None:
    """No account, device, payer or address enters, so that nothing of how risk is judged can be learned from it."""
    other = replace(
        made,
        account=Account(id="other", device_id="d", ip="198.51.100.7", payer_id="p", opened_at=AS_OF, elderly=True),
        reference="other",
        channel="web",
    )
    assert pre_check(DEMO, made, AS_OF) == pre_check(DEMO, other, AS_OF)


@hypothesis_given(claims())
@settings(max_examples=150, deadline=None)
def test_it_says_what_the_rules_say_and_no_more(made: Claim) -> None:
    found = pre_check(DEMO, made, AS_OF)
    verdict = decide(DEMO, no_upload(claim=made)).verdict
    if verdict.decision.value == "manual_review":
        excluded = {reason.clause for reason in verdict.reasons if reason.code == "excluded"}
        assert {each.id for each in found.clauses if each.excludes} == excluded
    if verdict.decision.value == "auto_approved":
        assert found.prospect in (Prospect.CAN_QUALIFY, Prospect.TOO_EARLY)
        assert found.expected is not None
        assert verdict.grant is not None
        assert found.expected.amount == verdict.grant.amount
    if verdict.decision.value == "materials_needed":
        assert {each.code for each in verdict.buyer.missing} <= {each.code for each in found.materials}
    if found.expected is not None:
        left = left_to_refund(made.order.amount_paid, made.order.amount_refunded)
        assert found.expected.amount + found.expected.fee <= left
    for language, private in (
        ("en", ("risk", "budget", "approved", "threshold", "audit")),
        ("zh", ("风险", "额度", "通过")),
    ):
        assert not any(word in told(found, language).lower() for word in private)


def test_every_field_of_it_can_be_told() -> None:
    data = to_data(pre_check(DEMO, claim(fulfilment=Fulfilment(use=UseState.ACTIVATED)), AS_OF))
    assert set(data) == {each.name for each in fields(PreCheck)}
    assert Text(**data["message"]).zh
