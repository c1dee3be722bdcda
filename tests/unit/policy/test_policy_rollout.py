"""A share of would-be approvals first, and small drawn ones approved before they are judged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from policy_builders import DEMO, ONE_CLICK, VOIDABLE, given, no_upload, order, risk
from policy_strategies import plausible_inputs

from service.domain.assessment import Decision, PlatformMode, Recommendation
from service.domain.claims import Claim
from service.domain.errors import InvalidPolicy
from service.domain.money import Money
from service.policy import DecideInput, Policy, audit_draw, decide, load_policy, platform_policy_text, share_draw
from service.policy.parts import Rollout

APPROVED, PERSON = Decision.AUTO_APPROVED, Decision.MANUAL_REVIEW
SECRET = b"a secret of this test"


def sharing(permille: int) -> Policy:
    return DEMO.model_copy(update={"rollout": Rollout(approved_permille=permille)})


def first_below(minor: int) -> Policy:
    return DEMO.model_copy(update={"audit": DEMO.audit.model_copy(update={"approved_first_below_minor": minor})})


@pytest.mark.parametrize("claim", [given().claim, ONE_CLICK, VOIDABLE])
def test_only_a_share_is_approved_and_the_rest_goes_to_a_person(claim: Claim) -> None:
    policy, whole = sharing(100), decide(DEMO, given(claim=claim))
    inside, outside, unknown = (decide(policy, given(claim=claim, share_draw=lot)) for lot in (0.0999, 0.1, None))
    assert whole.verdict.decision is APPROVED
    assert inside == whole
    for outcome in (outside, unknown):
        assert (outcome.verdict.decision, outcome.verdict.recommendation) == (PERSON, Recommendation.REVIEW)
        assert outcome.verdict.reasons[0].code == "outside_rollout"
        assert outcome.would_have_been == whole.verdict
        assert (outcome.held_back, outcome.reservations) == (True, ())


def test_none_of_them_and_all_of_them() -> None:
    for lot in (0.0, 0.9999, None):
        assert decide(sharing(0), given(share_draw=lot)).verdict.decision is PERSON
        assert decide(sharing(1000), given(share_draw=lot)).verdict.decision is APPROVED


def test_who_is_held_back_does_not_learn_of_the_audit() -> None:
    policy = sharing(0)
    assert decide(policy, given(policy, audit_drawn=True)) == decide(policy, given(policy))


def test_the_lot_stays_however_often_one_applies_and_a_larger_share_keeps_the_smaller() -> None:
    lots = [share_draw(SECRET, "demo", f"A{number}") for number in range(2000)]
    assert lots == [share_draw(SECRET, "demo", f"A{number}") for number in range(2000)]
    inside = {permille: {n for n, lot in enumerate(lots) if lot < permille / 1000} for permille in (50, 200, 500)}
    assert inside[50] < inside[200] < inside[500]
    assert 340 < len(inside[200]) < 460
    with pytest.raises(ValueError, match="needs a secret"):
        share_draw(b"", "demo", "A1")


def test_the_lot_tells_nothing_of_the_audits() -> None:
    draws = [
        (share_draw(SECRET, "demo", str(n)) < 0.5, audit_draw(DEMO, SECRET, "demo", str(n), Money(200000))[1])
        for n in range(2000)
    ]
    both = sum(share and drawn for share, drawn in draws)
    assert 440 < both < 560  # a quarter of them, as of two that know nothing of each other


@hypothesis_given(
    inputs=plausible_inputs(), lot=st.none() | st.floats(0, 1, exclude_max=True), permille=st.integers(0, 1000)
)
def test_a_share_never_helps(inputs: DecideInput, lot: float | None, permille: int) -> None:
    policy = sharing(permille)
    whole = decide(DEMO, inputs)
    shared = decide(policy, replace(inputs, share_draw=lot))
    assert whole.verdict.decision is APPROVED or shared.verdict.decision is not APPROVED
    if shared.verdict.decision is APPROVED:
        assert shared.verdict.grant == whole.verdict.grant


def test_a_small_drawn_claim_is_approved_first_and_judged_later() -> None:
    policy = first_below(991)
    outcome = decide(policy, no_upload(policy, claim=ONE_CLICK, audit_drawn=True))
    plain = decide(policy, no_upload(policy, claim=ONE_CLICK))
    assert outcome.audited_later
    assert not plain.audited_later
    assert outcome == replace(plain, audited_later=True)
    assert outcome.reservations
    held = first_below(990)
    assert decide(held, no_upload(held, claim=ONE_CLICK, audit_drawn=True)).verdict.decision is PERSON


def test_what_was_refunded_before_counts_towards_the_sum() -> None:
    policy = first_below(991)
    split = replace(ONE_CLICK, order=replace(order(paid=1980), amount_refunded=Money(990)))
    assert decide(policy, no_upload(policy, claim=split, audit_drawn=True)).verdict.decision is PERSON


def test_approving_first_approves_nothing_the_rules_do_not() -> None:
    policy = first_below(400000)
    for changes in ({"risk": risk(0.9)}, {"mode": PlatformMode.OBSERVING}, {"breaker_tripped": True}):
        outcome = decide(policy, given(policy, audit_drawn=True, **changes))
        assert (outcome.verdict.decision, outcome.audited_later) == (PERSON, False)


def test_neither_is_decisive_for_a_certificate() -> None:
    assert sharing(10).digest == first_below(5000).digest == DEMO.digest
    assert len({sharing(10).fingerprint, first_below(5000).fingerprint, DEMO.fingerprint}) == 3


def test_what_makes_no_sense_is_refused() -> None:
    text = platform_policy_text("demo")
    audit = next(line for line in text.splitlines() if line.startswith("audit:"))
    beyond = text.replace(audit, audit.replace("}", ", approved_first_below_minor: 400001}"))
    with pytest.raises(InvalidPolicy, match="certain_from_minor"):
        load_policy(beyond)
    with pytest.raises(InvalidPolicy, match="1000"):
        load_policy(f"{text}\nrollout: {{approved_permille: 1001}}\n")
