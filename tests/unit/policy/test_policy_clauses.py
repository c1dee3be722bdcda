from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from policy_builders import AS_OF, DEMO, GOOD_PAGES, PAID_AT, claim, order, page

from service.domain.claims import (
    Anchor,
    Claim,
    Fulfilment,
    FulfilmentState,
    GoodsKind,
    ProductTerms,
    ReasonCode,
    UseState,
)
from service.domain.evidence import ErrorCode, PageKind
from service.policy import Policy, load_platform_policy
from service.policy.clauses import Facts, claim_deadline, negative_findings, promise_over
from service.policy.findings import Effect
from service.policy.log_clauses import log_findings, log_proves
from service.policy.parts import TimeLimit

DELIVERED = Fulfilment(state=FulfilmentState.DELIVERED, use=UseState.VIEWED, delivered_at=PAID_AT)


def facts(made: Claim, policy: Policy = DEMO, as_of: datetime = AS_OF, evidence: Any = ()) -> Facts:
    return Facts(policy=policy, claim=made, as_of=as_of, evidence=evidence)


def negative(made: Claim, **more: Any) -> list[str | None]:
    return [finding.clause for finding in negative_findings(facts(made, **more))]


def log(made: Claim, **more: Any) -> list[str]:
    return [finding.code for finding in log_findings(facts(made, **more))]


def terms(**changes: Any) -> Claim:
    return claim(order=order(terms=ProductTerms(**changes)))


def test_a_plain_claim_meets_no_clause() -> None:
    assert negative(claim()) == []
    assert log(claim()) == []


# --- activated, used, viewed ---


@pytest.mark.parametrize(
    ("reason", "by_claimant", "excluded"),
    [
        (ReasonCode.CODE_INVALID, True, True),
        (ReasonCode.CODE_INVALID, None, True),
        (ReasonCode.CODE_INVALID, False, False),
        (ReasonCode.CODE_ALREADY_USED, True, True),
        (ReasonCode.CODE_ALREADY_USED, None, False),
        (ReasonCode.CODE_ALREADY_USED, False, False),
        (ReasonCode.USED_WITHOUT_EFFECT, True, False),
        (ReasonCode.SERVICE_ABNORMAL, True, False),
    ],
)
def test_activated_goods_are_excluded_unless_someone_else_used_them(
    reason: ReasonCode, by_claimant: bool | None, excluded: bool
) -> None:
    used = replace(DELIVERED, use=UseState.ACTIVATED, used_by_claimant=by_claimant)
    assert ("N1" in negative(claim(reason=reason, fulfilment=used))) is excluded


def test_part_use_excludes_a_change_of_mind_but_not_a_pro_rata_claim() -> None:
    used = replace(DELIVERED, use=UseState.PARTLY_USED, units_total=30, units_used=10)
    assert negative(claim(reason=ReasonCode.UNUSED_CHANGE_OF_MIND, fulfilment=used)) == ["N2"]
    assert negative(claim(reason=ReasonCode.PARTIAL_USE, fulfilment=used)) == []


def test_a_viewed_code_matters_only_where_it_cannot_be_voided() -> None:
    unused = claim(reason=ReasonCode.UNUSED_CHANGE_OF_MIND)
    assert negative(unused) == ["N8"]
    assert negative(replace(unused, fulfilment=replace(DELIVERED, voidable=True))) == []


# --- terms shown at order time ---


def test_a_notice_counts_only_if_conspicuous_and_only_where_nothing_was_wrong() -> None:
    for reason, conspicuous, excluded in (
        (ReasonCode.PARTIAL_USE, True, True),
        (ReasonCode.PARTIAL_USE, False, False),
        (ReasonCode.CODE_INVALID, True, False),
    ):
        made = replace(terms(no_refund_notice=True, conspicuous=conspicuous), reason=reason)
        assert ("N6" in negative(made)) is excluded


def test_the_products_notice_binds_even_where_the_platforms_list_is_silent() -> None:
    template = load_platform_policy("template")
    shown = terms(no_refund_notice=True, conspicuous=True)
    assert log(replace(shown, reason=ReasonCode.PARTIAL_USE), policy=template) == ["terms.no_refund_notice"]
    assert log(replace(shown, reason=ReasonCode.CODE_INVALID), policy=template) == []
    hidden = replace(terms(no_refund_notice=True, conspicuous=False), reason=ReasonCode.PARTIAL_USE)
    assert log(hidden, policy=template) == []


def test_trials_and_validity() -> None:
    mind = {"reason": ReasonCode.NOT_AS_DESCRIBED}
    assert negative(replace(terms(trial=True), **mind)) == ["N3"]
    assert negative(replace(terms(valid_until=AS_OF), **mind)) == []
    assert negative(replace(terms(valid_until=AS_OF - timedelta(seconds=1)), **mind)) == ["N4"]


# --- time limits ---


def test_the_last_second_is_in_time() -> None:
    end = PAID_AT + timedelta(hours=168)
    assert negative(claim(), as_of=end) == []
    assert negative(claim(), as_of=end + timedelta(seconds=1)) == ["N5"]


def test_the_products_terms_win_over_the_platforms_in_both_directions() -> None:
    late, early = PAID_AT + timedelta(days=10), PAID_AT + timedelta(days=2)
    assert negative(terms(time_limit_hours=24 * 15), as_of=late) == []
    assert negative(terms(time_limit_hours=24), as_of=early) == ["N5"]


def test_the_reasons_limit_wins_over_the_goods_and_that_over_the_default() -> None:
    limits = DEMO.time_limits.model_copy(
        update={
            "by_reason": {ReasonCode.CODE_INVALID: TimeLimit(hours=1, anchor=Anchor.PAID)},
            "by_goods": {GoodsKind.CARD_CODE: TimeLimit(hours=2, anchor=Anchor.PAID)},
        }
    )
    policy = DEMO.model_copy(update={"time_limits": limits})
    assert claim_deadline(policy, claim()) == PAID_AT + timedelta(hours=1)
    assert claim_deadline(policy, claim(reason=ReasonCode.OTHER)) == PAID_AT + timedelta(hours=2)
    other = claim(reason=ReasonCode.OTHER, order=order(kind=GoodsKind.TOP_UP))
    assert claim_deadline(policy, other) == PAID_AT + timedelta(hours=168)


def test_anchors() -> None:
    delivered = PAID_AT + timedelta(hours=5)
    by_delivery = terms(time_limit_hours=24, anchor=Anchor.DELIVERED)
    assert claim_deadline(
        DEMO, replace(by_delivery, fulfilment=replace(DELIVERED, delivered_at=delivered))
    ) == delivered + timedelta(hours=24)
    # Delivered without a time on record: counted from payment, which is earlier.
    unknown_moment = replace(by_delivery, fulfilment=replace(DELIVERED, delivered_at=None))
    assert claim_deadline(DEMO, unknown_moment) == PAID_AT + timedelta(hours=24)
    never = replace(by_delivery, fulfilment=Fulfilment(state=FulfilmentState.NOT_DELIVERED))
    assert claim_deadline(DEMO, never) is None
    by_receipt = terms(time_limit_hours=24, anchor=Anchor.CONFIRMED)
    assert claim_deadline(DEMO, by_receipt) is None
    unpaid = claim(order=order(paid_at=None, ordered_at=PAID_AT - timedelta(hours=1)))
    assert claim_deadline(DEMO, unpaid) == PAID_AT + timedelta(hours=167)


def test_the_late_reason_says_when_the_limit_ended_in_the_platforms_zone() -> None:
    (finding,) = negative_findings(facts(claim(), as_of=PAID_AT + timedelta(days=30)))
    assert "截止 2026-11-25 12:00" in finding.text.zh


# --- prompts ---


def test_a_prompt_on_any_page_is_seen() -> None:
    pages = (*GOOD_PAGES, page(PageKind.CHAT, prompt=ErrorCode.REGION_MISMATCH))
    (finding,) = negative_findings(facts(claim(), evidence=pages))
    assert (finding.clause, finding.effect) == ("N9", Effect.NEEDS_PERSON)
    assert negative(claim(), evidence=GOOD_PAGES) == []


def test_a_wrong_target_is_excluded_once_it_arrived_and_cannot_be_recalled() -> None:
    slip = claim(reason=ReasonCode.WRONG_TARGET, fulfilment=replace(DELIVERED, use=UseState.UNKNOWN))
    assert negative(slip) == ["N7"]
    assert negative(replace(slip, fulfilment=replace(slip.fulfilment, recallable=True))) == []
    assert negative(replace(slip, fulfilment=Fulfilment(state=FulfilmentState.FAILED))) == []


# --- the log ---


@pytest.mark.parametrize(
    ("fulfilment", "reason", "clause"),
    [
        (DELIVERED, ReasonCode.NOT_DELIVERED, "log.delivered"),
        (Fulfilment(state=FulfilmentState.IN_PROGRESS), ReasonCode.NOT_DELIVERED, "log.may_still_arrive"),
        (
            Fulfilment(state=FulfilmentState.NOT_DELIVERED, promised_by=AS_OF + timedelta(hours=1)),
            ReasonCode.NOT_DELIVERED,
            "log.may_still_arrive",
        ),
        (DELIVERED, ReasonCode.CODE_ALREADY_USED, "log.never_activated"),
        (DELIVERED, ReasonCode.USED_WITHOUT_EFFECT, "log.never_activated"),
        (replace(DELIVERED, use=UseState.ACTIVATED), ReasonCode.CODE_ALREADY_USED, "log.user_unknown"),
        (DELIVERED, ReasonCode.DUPLICATE_PAYMENT, "log.duplicate_not_named"),
    ],
)
def test_a_log_that_does_not_bear_the_reason_out(fulfilment: Fulfilment, reason: ReasonCode, clause: str) -> None:
    assert clause in log(claim(fulfilment=fulfilment, reason=reason))


@pytest.mark.parametrize(
    "fulfilment",
    [
        replace(DELIVERED, activated_at=PAID_AT),
        replace(DELIVERED, delivered_at=AS_OF + timedelta(days=1)),
        replace(DELIVERED, voidable=True, use=UseState.ACTIVATED),
        replace(DELIVERED, units_used=-1),
        replace(DELIVERED, units_total=3, units_used=4, use=UseState.PARTLY_USED),
        replace(DELIVERED, units_total=3, units_used=1),
        Fulfilment(state=FulfilmentState.NOT_DELIVERED, use=UseState.VIEWED),
        Fulfilment(state=FulfilmentState.NOT_DELIVERED, delivered_at=PAID_AT),
    ],
)
def test_a_record_that_contradicts_itself_is_noticed(fulfilment: Fulfilment) -> None:
    assert "log.contradicts_itself" in log(claim(fulfilment=fulfilment))


def test_delivery_is_overdue_by_the_orders_promise_else_by_the_platforms() -> None:
    code = claim(fulfilment=Fulfilment(state=FulfilmentState.NOT_DELIVERED))
    assert not promise_over(DEMO, code, PAID_AT + timedelta(hours=1))
    assert promise_over(DEMO, code, PAID_AT + timedelta(hours=1, seconds=1))
    top_up = replace(code, order=order(kind=GoodsKind.TOP_UP))
    assert not promise_over(DEMO, top_up, PAID_AT + timedelta(hours=24))
    promised = replace(top_up, fulfilment=replace(top_up.fulfilment, promised_by=PAID_AT + timedelta(hours=2)))
    assert promise_over(DEMO, promised, PAID_AT + timedelta(hours=3))


@pytest.mark.parametrize(
    ("fulfilment", "reason", "proven"),
    [
        (Fulfilment(state=FulfilmentState.FAILED), ReasonCode.NOT_DELIVERED, True),
        (Fulfilment(state=FulfilmentState.NOT_DELIVERED), ReasonCode.NOT_DELIVERED, True),
        (Fulfilment(state=FulfilmentState.NOT_DELIVERED, promised_by=AS_OF), ReasonCode.NOT_DELIVERED, False),
        (Fulfilment(state=FulfilmentState.FAILED), ReasonCode.SERVICE_ABNORMAL, True),
        (replace(DELIVERED, use=UseState.VOIDED), ReasonCode.CODE_INVALID, True),
        (DELIVERED, ReasonCode.CODE_INVALID, False),
        (
            replace(DELIVERED, use=UseState.ACTIVATED, used_by_claimant=False),
            ReasonCode.CODE_ALREADY_USED,
            True,
        ),
        (replace(DELIVERED, use=UseState.ACTIVATED), ReasonCode.CODE_ALREADY_USED, False),
        (Fulfilment(state=FulfilmentState.FAILED), ReasonCode.CODE_INVALID, False),
    ],
)
def test_what_the_log_proves_by_itself(fulfilment: Fulfilment, reason: ReasonCode, proven: bool) -> None:
    assert log_proves(facts(claim(fulfilment=fulfilment, reason=reason))) is proven
