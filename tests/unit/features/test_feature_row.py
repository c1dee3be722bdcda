from __future__ import annotations

import math
import struct
from dataclasses import replace
from datetime import timedelta

import pytest
from feature_cases import (
    AS_OF,
    caps_any,
    check_lists,
    claims_with_history,
    evidence_lists,
    make_row,
    no_past,
    page,
    plain_claim,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import Account, Claim, Fulfilment, FulfilmentState, ReasonCode, UseState
from service.domain.evidence import Evidence, Failed, FailedReason, FieldName, Gap, GapKind, HintKind, TamperHint
from service.domain.money import Money
from service.features import FEATURE_NAMES, FEATURES, Caps, Group, row

History = dict[str, float | None]
CHECK_FEATURES = [f"check_{code.value}" for code in CheckCode]


@settings(max_examples=150, deadline=None)
@given(claims_with_history(), evidence_lists, check_lists, caps_any, st.integers(0, 10**30))
def test_row_is_total_and_missing_only_where_declared(
    case: tuple[Claim, History], evidence: list[Evidence], checks: list[CheckResult], caps: Caps, reused: int
) -> None:
    claim, history = case
    made = row(
        claim,
        as_of=AS_OF,
        evidence=evidence,
        checks=checks,
        history=history,
        caps=caps,
        reused_orders=reused,
        reused_accounts=reused,
    )
    assert len(made.values) == len(FEATURES)
    for feature, value in zip(FEATURES, made.values, strict=True):
        assert not math.isinf(value), feature.name
        assert feature.missing is not None or not math.isnan(value), feature.name
        if feature.levels:
            assert value in range(len(feature.levels)), feature.name


@settings(max_examples=60, deadline=None)
@given(evidence_lists.flatmap(lambda items: st.tuples(st.just(items), st.permutations(items))))
def test_order_of_evidence_does_not_matter(pair: tuple[list[Evidence], list[Evidence]]) -> None:
    assert _bits(make_row(evidence=pair[0]).values) == _bits(make_row(evidence=pair[1]).values)


@settings(max_examples=60, deadline=None)
@given(check_lists.flatmap(lambda items: st.tuples(st.just(items), st.permutations(items))))
def test_order_of_checks_does_not_matter(pair: tuple[list[CheckResult], list[CheckResult]]) -> None:
    assert _bits(make_row(checks=pair[0]).values) == _bits(make_row(checks=pair[1]).values)


@settings(max_examples=100, deadline=None)
@given(check_lists, st.sampled_from(CheckCode))
def test_a_worse_check_never_lowers_the_risk(others: list[CheckResult], code: CheckCode) -> None:
    """From pass to unknown to fail, every feature it touches moves in its risky direction and has one."""
    rest = [check for check in others if check.code is not code]
    rows = [make_row(checks=[*rest, CheckResult(code=code, result=result)]).values for result in Result]
    for before, after in ((rows[0], rows[1]), (rows[1], rows[2])):
        moved = 0
        for feature, low, high in zip(FEATURES, before, after, strict=True):
            if low != high and not (math.isnan(low) and math.isnan(high)):
                assert (high - low) * feature.direction > 0, feature.name
                moved += 1
        assert moved


def test_check_features_say_pass_unknown_fail_and_unknown_where_not_made() -> None:
    checks = [
        CheckResult(code=CheckCode.AMOUNT, result=Result.PASS),
        CheckResult(code=CheckCode.PAYEE, result=Result.FAIL),
    ]
    made = make_row(checks=checks).as_mapping()
    assert [made["check_amount"], made["check_payee"], made["check_order_number"]] == [0, 2, 1]
    assert [made["checks_failed"], made["checks_not_passed"], made["core_checks_passed"]] == [1, 14, 1]
    assert set(CHECK_FEATURES) <= set(made)


def test_the_worst_of_a_repeated_check_counts() -> None:
    checks = [CheckResult(code=CheckCode.AMOUNT, result=result) for result in (Result.FAIL, Result.PASS)]
    assert make_row(checks=checks).as_mapping()["check_amount"] == 2


def test_history_rates_are_smoothed() -> None:
    newcomer = make_row(history=no_past()).as_mapping()
    one_of_one = make_row(history=no_past(account_refunds_requested_90d=1, account_orders_90d=1)).as_mapping()
    ten_of_ten = make_row(history=no_past(account_refunds_requested_90d=10, account_orders_90d=10)).as_mapping()
    assert newcomer["account_refund_rate_90d"] == pytest.approx(0.05)
    assert one_of_one["account_refund_rate_90d"] == pytest.approx(1.25 / 6)
    assert ten_of_ten["account_refund_rate_90d"] == pytest.approx(10.25 / 15)
    assert newcomer["seller_refund_rate_30d"] == pytest.approx(0.05)


def test_a_first_rejection_is_not_held_against_the_buyer() -> None:
    name = "account_rejections_beyond_first_90d"
    values = [make_row(history=no_past(account_refunds_rejected_90d=n)).as_mapping()[name] for n in (0, 1, 2, 5)]
    assert values == [0, 0, 1, 4]


def test_amounts() -> None:
    history = no_past(account_payments_90d=4, account_paid_amount_90d=6_000, account_granted_amount_30d=1_250)
    claim = plain_claim(amount_claimed=Money(1_500))
    made = make_row(claim, history=history).as_mapping()
    assert made["amount_claimed"] == 15
    assert made["claimed_over_paid"] == 0.5
    assert made["claimed_over_auto_cap"] == pytest.approx(0.075)
    assert made["claimed_over_one_click"] == pytest.approx(0.3)
    assert made["paid_over_usual"] == 2
    assert made["account_granted_amount_30d"] == 12.5
    assert math.isnan(make_row(claim).as_mapping()["paid_over_usual"])


def test_ratios_across_currencies_are_missing() -> None:
    made = make_row(plain_claim(amount_claimed=Money(1_000, "USD"))).as_mapping()
    assert math.isnan(made["claimed_over_paid"])
    assert made["amount_claimed"] == 10


def test_a_cap_of_zero_is_no_division_by_zero() -> None:
    assert make_row(caps=Caps(auto_amount=0, one_click_amount=0)).as_mapping()["claimed_over_auto_cap"] == 3_000


def test_times_count_from_as_of() -> None:
    claim = plain_claim()
    late = replace(claim, fulfilment=replace(claim.fulfilment, promised_by=AS_OF + timedelta(hours=3)))
    made = make_row(late).as_mapping()
    assert [made["hours_since_order"], made["hours_since_delivery"], made["account_age_days"]] == [10, 9, 100]
    assert made["hours_past_promise"] == -3
    assert math.isnan(made["hours_since_activation"])


@pytest.mark.parametrize(
    ("reason", "fulfilment", "expected"),
    [
        (ReasonCode.NOT_DELIVERED, Fulfilment(state=FulfilmentState.DELIVERED), 1),
        (ReasonCode.NOT_DELIVERED, Fulfilment(state=FulfilmentState.UNKNOWN), 0),
        (ReasonCode.CODE_INVALID, Fulfilment(use=UseState.ACTIVATED), 1),
        (ReasonCode.CODE_ALREADY_USED, Fulfilment(use=UseState.ACTIVATED), 0),
        (ReasonCode.UNUSED_CHANGE_OF_MIND, Fulfilment(use=UseState.PARTLY_USED), 1),
        (ReasonCode.UNUSED_CHANGE_OF_MIND, Fulfilment(use=UseState.NEVER_VIEWED), 0),
    ],
)
def test_a_reason_that_contradicts_the_log(reason: ReasonCode, fulfilment: Fulfilment, expected: int) -> None:
    assert make_row(plain_claim(reason=reason, fulfilment=fulfilment)).as_mapping()["reason_against_log"] == expected


def test_use_is_ordered_from_voided_to_activated() -> None:
    states = [UseState.VOIDED, UseState.NEVER_VIEWED, UseState.VIEWED, UseState.UNKNOWN, UseState.ACTIVATED]
    ranks = [make_row(plain_claim(fulfilment=Fulfilment(use=use))).as_mapping()["use_state"] for use in states]
    assert ranks == sorted(set(ranks))


def test_reading_quality() -> None:
    evidence = [page("a", 0.9, 0.7), page("b", 0.5), Evidence(sha256="c", outcome=Failed(reason=FailedReason.DAMAGED))]
    made = make_row(evidence=evidence).as_mapping()
    assert made["pages_read"] == 2
    assert made["evidence_failed_share"] == pytest.approx(1 / 3)
    assert made["reading_score_lowest"] == pytest.approx(0.5)
    assert made["reading_score_mean"] == pytest.approx(0.7)


def test_gaps_count_facts_that_a_page_hides_and_nothing_else() -> None:
    covered = Gap(kind=GapKind.COVERED, field=FieldName.ORDER_NUMBER)
    others = (Gap(kind=GapKind.NOT_SHOWN, field=FieldName.AMOUNT), Gap(kind=GapKind.CUT_OFF), Gap(kind=GapKind.NO_DATE))
    made = make_row(evidence=[page("a", 0.9, gaps=(covered, *others)), page("b", 0.9, gaps=(covered,))])
    assert made.as_mapping()["evidence_gaps"] == 2
    many = make_row(evidence=[page(str(number), 0.9, gaps=(covered,)) for number in range(9)])
    assert many.as_mapping()["evidence_gaps"] == 6


def test_no_page_is_never_better_than_a_page() -> None:
    without, with_page = make_row().as_mapping(), make_row(evidence=[page("a", 0.2)]).as_mapping()
    for feature in FEATURES:
        if feature.name.startswith(("reading_", "pages_")):
            assert (with_page[feature.name] - without[feature.name]) * feature.direction < 0


def test_a_holder_s_age_is_no_feature() -> None:
    young = plain_claim(account=Account(id="a1", elderly=False))
    old = plain_claim(account=Account(id="a1", elderly=True))
    assert _bits(make_row(young).values) == _bits(make_row(old).values)


def test_no_entity_gives_missing_links_and_only_those() -> None:
    history = {name: (None if name.startswith(("device_", "payer_", "ip_")) else 0) for name in no_past()}
    made = make_row(plain_claim(account=Account(id="a1", opened_at=AS_OF)), history=history).as_mapping()
    links = [feature.name for feature in FEATURES if feature.group is Group.LINKS and feature.missing]
    assert len(links) == 10
    assert all(math.isnan(made[name]) for name in links)
    assert made["reused_orders"] == made["reused_accounts"] == 0


def test_a_history_with_a_gap_is_not_scored() -> None:
    history = no_past()
    del history["account_refunds_requested_30d"]
    with pytest.raises(KeyError):
        make_row(history=history)


def test_values_are_float32_exact_and_named_in_order() -> None:
    made = make_row(history=no_past(account_refunds_requested_90d=1, account_orders_90d=2))
    assert list(made.as_mapping()) == list(FEATURE_NAMES)
    assert _bits(made.values) == _bits(struct.unpack(f"{len(made.values)}f", _float32(made.values)))


def test_no_value_is_a_raw_epoch() -> None:
    """The same claim ten years later has the same row: nothing counts from a fixed date."""
    claim = plain_claim()
    shift = timedelta(days=3653)
    later = replace(
        claim,
        account=replace(claim.account, opened_at=AS_OF - timedelta(days=100) + shift),
        order=replace(
            claim.order,
            ordered_at=claim.order.ordered_at + shift,
            paid_at=AS_OF - timedelta(hours=10) + shift,
        ),
        fulfilment=replace(claim.fulfilment, delivered_at=AS_OF - timedelta(hours=9) + shift),
    )
    now = make_row(claim)
    then = row(
        later,
        as_of=AS_OF + shift,
        evidence=[],
        checks=[],
        history=no_past(),
        caps=Caps(20_000, 5_000),
        reused_orders=0,
        reused_accounts=0,
    )
    assert _bits(now.values) == _bits(then.values)


def _float32(values: tuple[float, ...]) -> bytes:
    return struct.pack(f"{len(values)}f", *values)


def _bits(values: tuple[float, ...]) -> bytes:
    """Equality that holds for NaN too."""
    return struct.pack(f"{len(values)}d", *values)


def test_the_strongest_trace_of_editing_counts_wherever_it_is() -> None:
    def traces(*strengths: float) -> tuple[TamperHint, ...]:
        return tuple(TamperHint(kind=HintKind.FONT, strength=strength) for strength in strengths)

    evidence = [page("a", 0.9, hints=traces(0.3, 0.6)), page("b", 0.9, hints=traces(0.8, 0.5)), page("c", 0.9)]
    for order in (evidence, evidence[::-1]):
        made = make_row(evidence=order).as_mapping()
        assert (made["tamper_strength"], made["tamper_places"]) == (pytest.approx(0.8), 2)
    without = make_row(evidence=[page("c", 0.9)]).as_mapping()
    assert (without["tamper_strength"], without["tamper_places"]) == (0, 0)
    many = make_row(evidence=[page(str(number), 0.9, hints=traces(0.9)) for number in range(9)]).as_mapping()
    assert many["tamper_places"] == 3
