"""The case page as a value: it adds up, says what would have changed the outcome, and tells nothing too early."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from case_page_builders import (
    CARD,
    NOW,
    ORDER,
    POLICY,
    PROMPT,
    approved,
    around,
    doubtful,
    lacking,
    risk,
    step,
    view,
)

from service.console.case_page import RECHARGED_ACCOUNT, CasePage, case_page
from service.console.case_page.head import time_left
from service.console.case_page.waterfall import signed, waterfall
from service.domain.assessment import Decision
from service.domain.cases import CaseState
from service.domain.checks import Result
from service.domain.evidence import Box
from service.domain.lifecycle import Action, Party
from service.domain.money import Money


def page(shown: object = None, **changes: object) -> CasePage:
    return case_page(shown or doubtful(), POLICY, around(**changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("total", [-7.31, -4.0, 0.004, 0.3, 2.675])
def test_the_waterfall_adds_up_exactly_and_as_shown(total: float) -> None:
    scored = risk(total)
    fall = waterfall(scored, 0.05, "en")
    assert fall.total == scored.log_odds
    assert fall.bars[0].start == scored.base
    assert all(before.end == after.start for before, after in pairwise(fall.bars))
    assert fall.base_hundredths + sum(bar.hundredths for bar in fall.bars) == fall.total_hundredths
    for bar in fall.bars:
        assert sum(part.hundredths for part in bar.parts) + bar.further_hundredths == bar.hundredths
    assert fall.total_hundredths == round(scored.log_odds * 100)
    assert [bar.key for bar in fall.bars] == [
        "account-history", "evidence", "goods-and-seller", "links", "amount-and-time"
    ]  # fmt: skip
    assert sum(len(bar.parts) + bar.further for bar in fall.bars) == len(scored.contributions)


def test_bars_lie_on_one_scale_with_the_threshold() -> None:
    fall = waterfall(risk(0.3), 0.05, "en")
    assert fall.threshold_x is not None
    assert fall.threshold_x < fall.total_x  # the risk is above it
    assert all(bar.x >= 0 and bar.x + bar.width <= 1000 for bar in fall.bars)
    assert waterfall(risk(0.3), None, "en").threshold_x is None


def test_signs_are_told_apart() -> None:
    assert [signed(count) for count in (42, -105, 0, -3)] == ["+0.42", "−1.05", "0.00", "−0.03"]


def test_each_fact_has_its_evidence_and_its_place() -> None:
    rows = {row.key: row for row in page().facts}
    amount = rows["amount"]
    assert (amount.claimed, amount.read, amount.record, amount.verdict) == (
        "¥120.00", "￥1200.00", "¥120.00", Result.FAIL
    )  # fmt: skip
    assert amount.page == ORDER
    drawn = [box for box in page().pictures[0].boxes if box.fact == "amount"]
    assert len(drawn) == 1
    assert drawn[0].failed
    assert drawn[0].x < 800 < 980 < drawn[0].x + drawn[0].width


def test_the_recharged_account_is_covered_everywhere_until_it_was_revealed() -> None:
    assert "13812345678" not in repr(page())
    shown = page(revealed=frozenset({RECHARGED_ACCOUNT}))
    assert "13812345678" in repr(shown.facts)
    assert "13812345678" in repr(shown.fields)


def test_an_identity_card_is_not_even_addressed_until_it_was_revealed() -> None:
    card = page().pictures[2]
    assert (card.concealed, card.address, card.boxes) == (True, None, ())
    assert card.outlines
    revealed = page(revealed=frozenset({CARD})).pictures[2]
    assert (revealed.concealed, revealed.address) == (False, f"evidence/{CARD}")


def test_a_page_that_lay_on_its_side_is_shown_upright() -> None:
    assert [picture.quarters for picture in page().pictures] == [0, 3, 0, 0]


def test_what_would_have_changed_the_outcome() -> None:
    other = page().what_if
    assert other is not None
    assert not other.rules_changed
    assert [one.codes for one in other.single] == [
        ("evidence_unreadable",),
        ("check_failed.amount",),
        ("evidence_reused",),
    ]
    assert not any(one.changes for one in other.single)
    assert other.together is not None
    # With the pages in order the risk is the next thing in the way, and it is thought away as well.
    assert set(other.together.codes) >= {
        "evidence_unreadable",
        "check_failed.amount",
        "evidence_reused",
        "risk_above_threshold",
    }
    assert (other.together.decision, other.together.amount) == (Decision.AUTO_APPROVED, "¥120.00")


def test_an_approval_rested_on_its_class() -> None:
    other = page(approved()).what_if
    assert other is not None
    assert [(one.codes, one.changes, one.decision) for one in other.single] == [
        (("class_risk",), True, Decision.MANUAL_REVIEW)
    ]


def test_a_missing_page_alone_made_the_difference() -> None:
    other = page(lacking()).what_if
    assert other is not None
    assert other.outcome == "material is asked for"
    assert all(code.startswith("material_missing.") for one in other.single for code in one.codes)


def test_what_the_rules_said_is_not_told_where_it_was_set_aside() -> None:
    case = approved()
    assert case.assessment is not None
    manual = replace(
        case.assessment,
        under_review=True,
        verdict=replace(case.assessment.verdict, decision=Decision.MANUAL_REVIEW, grant=None),
    )
    other = page(replace(case, assessment=manual)).what_if
    assert other is not None
    assert (other.set_aside, other.outcome, other.single) == (True, "", ())


def test_without_the_certificate_of_the_day_one_is_assumed_and_said_so() -> None:
    other = page(certificate=None).what_if
    assert other is not None
    assert other.assumed
    assert not other.rules_changed


def test_nobody_who_has_not_judged_can_tell_what_was_decided() -> None:
    """Two cases that differ in nothing but score, verdict, state, steps and deadline give one page."""
    one, other = doubtful(), approved()
    assert one.assessment is not None
    assert other.assessment is not None
    decided = replace(
        one,
        case=replace(one.case, state=CaseState.PAID),
        assessment=replace(
            one.assessment,
            verdict=replace(other.assessment.verdict, lane=one.assessment.verdict.lane),
            risk=risk(-4.0),
            threshold=None,
            certificate=None,
        ),
        steps=(*other.steps, *one.steps[1:], step(5, Action.CONFIRM_PAYMENT, Party.PLATFORM, CaseState.PAID)),
        deadline=other.deadline,
    )
    settings = {"blind": True, "judge_by": NOW + timedelta(hours=5)}
    blind = page(one, **settings)
    assert blind == page(decided, **settings)
    assert (blind.waterfall, blind.fired, blind.what_if) == (None, None, None)
    assert (blind.head.score, blind.head.proposed, blind.head.state) == (None, None, None)
    assert not any(picture.hints for picture in blind.pictures)
    assert blind.deciding is not None
    assert not any(clause.fired for clause in blind.deciding.clauses)


def test_forms_follow_the_state_the_party_and_the_keys_are_told_apart() -> None:
    forms = page().deciding
    assert forms is not None
    assert [(form.key, form.act) for form in forms.forms] == [
        ("a", "approve"), ("p", "approve-partially"), ("r", "reject"), ("m", "ask-for-materials"),
        ("s", "ask-supplier"), ("o", "offer"), ("e", "hand-up"),
    ]  # fmt: skip
    assert (forms.version, forms.once) == (4, "once-1")
    second = view(doubtful().case.claim, CaseState.IN_SECOND_REVIEW, doubtful().assessment)
    acts = page(second).deciding
    assert acts is not None
    assert [form.act for form in acts.forms] == ["approve", "approve-partially", "uphold", "escalate"]
    for party in (Party.REVIEWER, Party.SENIOR):
        for state in CaseState:
            found = page(view(doubtful().case.claim, state, doubtful().assessment), party=party).deciding
            assert found is not None
            keys = [form.key for form in found.forms]
            assert len(set(keys)) == len(keys), state
    assert page(may_act=False).deciding is None


def test_no_draft_to_the_buyer_says_how_risk_is_judged() -> None:
    for language in ("zh", "en"):
        found = page(language=language).deciding
        assert found is not None
        drafts = " ".join(form.message for form in found.forms)
        assert not any(word in drafts for word in ("风险", "评分", "模型", "risk", "score", "model", "screenshot"))


def test_a_part_is_worked_out_from_the_policy() -> None:
    less = doubtful().case.claim
    half = replace(less, amount_claimed=Money(12000), order=replace(less.order, amount_refunded=Money(2000)))
    assert half.order.amount_paid - half.order.amount_refunded == Money(10000)
    found = page(view(half, CaseState.IN_REVIEW, doubtful().assessment)).deciding
    assert found is not None
    assert found.part is not None
    assert found.part.amount == "100.00"


def test_when_the_case_moved_on_the_page_says_what_happened() -> None:
    moved = page(acted_on=3, typed={"act": "approve", "reason": "typed"}).moved_on
    assert moved is not None
    assert [moment.what for moment in moved.moments] == ["offer declined"]
    assert page(acted_on=4).moved_on is None


def test_links_come_from_what_was_looked_up_and_from_pages_seen_elsewhere() -> None:
    links = page().links
    assert [(row.account, row.shares, row.wrong) for row in links.rows] == [
        ("acc-7", "device, IP address", 1),
        ("acc-9", "screenshot", None),
    ]
    assert [(count.name, count.accounts, count.requested) for count in links.counts] == [("device", 3, 7)]
    assert len(links.edges) == 3 + 3  # three things shared, by two and one
    assert "13800001111" not in repr(links)


def test_time_left_in_words() -> None:
    assert time_left(NOW, NOW + timedelta(hours=3, minutes=20), "en") == "3 h 20 min"
    assert time_left(NOW, NOW + timedelta(days=2, hours=4, minutes=9), "zh") == "2 天 4 小时"
    assert time_left(NOW, NOW - timedelta(minutes=25), "en") == "25 min late"


def test_a_case_that_is_not_assessed_yet_has_a_page_all_the_same() -> None:
    fresh = page(view(doubtful().case.claim, CaseState.ACCEPTED, None))
    assert not fresh.assessed
    assert (fresh.facts, fresh.pictures, fresh.waterfall, fresh.what_if) == ((), (), None, None)


def test_a_box_outside_its_picture_is_not_drawn() -> None:
    case = doubtful()
    assert case.assessment is not None
    amount = next(check for check in case.assessment.checks if check.code == "amount")
    for box in (Box(5000, 5000, 5100, 5100), Box(math.nan, 0, 1, 1), Box(0, 0, math.inf, 1)):
        checks = tuple(replace(check, box=box) if check is amount else check for check in case.assessment.checks)
        drawn = page(replace(case, assessment=replace(case.assessment, checks=checks))).pictures[0].boxes
        assert all(each.x + each.width <= 1080 and each.y + each.height <= 2340 for each in drawn)
        assert not any(each.failed for each in drawn)
    assert PROMPT in page().picture_numbers
