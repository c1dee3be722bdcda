from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from evidence_samples import FACTS, ZONE, claim, field, line, middle, page, read

from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import FulfilmentState, ReasonCode, UseState
from service.domain.evidence import Empty, ErrorCode, Evidence, Failed, FailedReason, FieldName, Page, PageKind
from service.domain.money import Money
from service.evidence import extract, verify
from service.evidence.compare import compare_product

PASS, UNKNOWN, FAIL = Result.PASS, Result.UNKNOWN, Result.FAIL


def check(code: CheckCode, *evidence: Evidence, **changes: Any) -> CheckResult:
    results = verify(claim(**changes), evidence, zone=ZONE)
    assert [one.code for one in results] == list(CheckCode)
    return next(one for one in results if one.code is code)


def of_field(
    code: CheckCode, name: FieldName, value: str | int, *, kind: PageKind = PageKind.ORDER, **more: Any
) -> Result:
    options = {key: more.pop(key) for key in ("text", "score", "rule") if key in more}
    return check(code, page(field(name, value, **options), kind=kind), **more).result


@pytest.mark.parametrize(
    ("read_number", "score", "result"),
    [
        ("T20250411000123", 0.99, PASS),
        ("t2025 0411 000123", 0.99, PASS),
        ("T2O25O411000l23", 0.99, PASS),
        ("T20250411000124", 0.99, FAIL),
        ("T20250411000124", 0.70, UNKNOWN),
        ("T20250411999999", 0.70, FAIL),
        ("20250411000", 0.99, UNKNOWN),
        ("4200001823202304112345678901", 0.99, UNKNOWN),
    ],
)
def test_order_number(read_number: str, score: float, result: Result) -> None:
    assert of_field(CheckCode.ORDER_NUMBER, FieldName.ORDER_NUMBER, read_number, score=score) is result


def test_a_match_up_to_look_alikes_says_so() -> None:
    found = check(CheckCode.ORDER_NUMBER, page(field(FieldName.ORDER_NUMBER, "T2O25O411000123")))
    assert (found.result, found.note) == (PASS, "matches up to look-alikes")
    assert found.record == "T20250411000123"


def test_a_number_is_told_without_the_button_beside_it() -> None:
    for code, name in (
        (CheckCode.ORDER_NUMBER, FieldName.ORDER_NUMBER),
        (CheckCode.TRADE_NUMBER, FieldName.TRADE_NUMBER),
    ):
        found = check(code, page(field(name, "T20250411000199", text="T20250411000199复制")))
        assert found.read == "T20250411000199"


@pytest.mark.parametrize(
    ("minor", "text", "score", "quantity", "result"),
    [
        (3900, "¥39.00", 0.99, 1, PASS),
        (4900, "¥49.00", 0.99, 1, FAIL),
        (8900, "¥89.00", 0.70, 1, UNKNOWN),
        (12345, "¥123.45", 0.70, 1, FAIL),
        (1950, "¥19.50", 0.99, 2, UNKNOWN),
        (3900, "$39.00", 0.99, 1, FAIL),
    ],
)
def test_amount(minor: int, text: str, score: float, quantity: int, result: Result) -> None:
    found = of_field(CheckCode.AMOUNT, FieldName.AMOUNT, minor, text=text, score=score, quantity=quantity)
    assert found is result


def test_an_amount_without_minor_units() -> None:
    evidence = page(field(FieldName.AMOUNT, 50000, text="500"))
    assert check(CheckCode.AMOUNT, evidence, amount_paid=Money(500, "JPY")).result is PASS


@pytest.mark.parametrize(
    ("printed", "result"),
    [
        ("2025-04-11T07:48:30", PASS),
        ("2025-04-11T07:48", PASS),
        ("2025-04-11", PASS),
        ("2025-04-11T07:49:20", PASS),
        ("2025-04-11T07:52:00", FAIL),
        ("2025-04-12T07:48:30", FAIL),
        ("2025-04-12", FAIL),
        ("2025-04-10T23:48:30", FAIL),  # UTC printed as if local is another moment
    ],
)
def test_ordered_at_in_the_platform_s_zone(printed: str, result: Result) -> None:
    assert of_field(CheckCode.ORDERED_AT, FieldName.ORDERED_AT, printed) is result


@pytest.mark.parametrize(
    ("printed", "result"), [("2025-04-11T07:55:00", PASS), ("2025-04-11T08:15:00", FAIL), ("2025-04-11", PASS)]
)
def test_paid_at_allows_for_the_notice_s_delay(printed: str, result: Result) -> None:
    assert of_field(CheckCode.PAID_AT, FieldName.PAID_AT, printed, kind=PageKind.PAYMENT) is result


def test_a_date_alone_may_lie_across_midnight() -> None:
    paid = datetime(2025, 4, 10, 16, 3, tzinfo=UTC)  # three minutes into the 11th, local
    evidence = page(field(FieldName.PAID_AT, "2025-04-10"), kind=PageKind.PAYMENT)
    assert check(CheckCode.PAID_AT, evidence, paid_at=paid).result is PASS


@pytest.mark.parametrize(
    ("shown", "kind", "result"),
    [
        ("腾讯视频VIP会员月卡", PageKind.ORDER, PASS),
        ("腾讯视频 VIP会员月卡（手机号直充）", PageKind.ORDER, PASS),
        ("腾讯视频VIP会员年卡", PageKind.ORDER, FAIL),
        ("网易一卡通300点", PageKind.ORDER, FAIL),
        ("网易一卡通300点", PageKind.PAYMENT, UNKNOWN),
        ("腾讯视频会员", PageKind.ORDER, UNKNOWN),
    ],
)
def test_product(shown: str, kind: PageKind, result: Result) -> None:
    assert of_field(CheckCode.PRODUCT, FieldName.PRODUCT, shown, kind=kind) is result


@pytest.mark.parametrize(
    ("shown", "record", "result"),
    [
        ("墨格办公套件激活码 两年", "墨格办公套件 激活码 一年", FAIL),
        ("墨格办公套件激活码 1年", "墨格办公套件 激活码 一年", PASS),
        ("青柠视频会员十二个月", "青柠视频会员12个月", PASS),
        ("青柠视频会员十二个月", "青柠视频会员二十个月", FAIL),
        ("青柠视频会员半年卡", "青柠视频会员年卡", FAIL),
        ("青柠视频会员年卡", "青柠视频会员 一年", PASS),
        ("青柠视频会员半个月", "青柠视频会员半个月", PASS),
    ],
)
def test_a_term_in_words_tells_products_apart(shown: str, record: str, result: Result) -> None:
    assert compare_product(field(FieldName.PRODUCT, shown), record, own_page=True).result is result


@pytest.mark.parametrize(
    ("shown", "rule", "result"),
    [
        ("深圳市星河网络科技有限公司", "payee right", PASS),
        ("深圳市星河网络科技", "payee right", PASS),
        ("深圳***科技有限公司", "payee right", PASS),
        ("*三", "payee right", FAIL),
        ("张三", "payee right", FAIL),
        ("星河点卡", "name above the amount", UNKNOWN),
    ],
)
def test_payee(shown: str, rule: str, result: Result) -> None:
    assert of_field(CheckCode.PAYEE, FieldName.PAYEE, shown, kind=PageKind.PAYMENT, rule=rule) is result


@pytest.mark.parametrize(
    ("shown", "result"),
    [
        ("13800138000", PASS),
        ("138 0013 8000", PASS),
        ("+86 13800138000", PASS),
        ("138-0013-8000", PASS),
        ("UID:13800138000", PASS),
        ("UID:13800138001", FAIL),
        ("138****8000", PASS),
        ("138****1234", FAIL),
        ("*******8000", PASS),
        ("*********00", UNKNOWN),
        ("13900138000", FAIL),
        ("13800138000 (2207)", PASS),
        ("604118 (2207)", FAIL),
    ],
)
def test_recharged_account(shown: str, result: Result) -> None:
    assert of_field(CheckCode.RECHARGED_ACCOUNT, FieldName.RECHARGED_ACCOUNT, shown) is result


@pytest.mark.parametrize(("typed", "result"), [("13800138000", PASS), ("13900138000", UNKNOWN)])
def test_an_account_in_a_form_contradicts_no_record(typed: str, result: Result) -> None:
    """A buyer may try a code on another account than the order was for."""
    form = [line("充值账号", 60, 300), line(typed, 60, 360), line("卡密", 60, 460), line("QX71-2204-KK31", 60, 520)]
    said = [middle("该卡密已被使用", 1000), middle("确定", 1100)]
    shown = extract(read(middle("激活码兑换", 110), *form, *said))
    assert shown.kind is PageKind.PROMPT
    evidence = Evidence(sha256="1" * 64, outcome=read(), page=shown)
    assert check(CheckCode.RECHARGED_ACCOUNT, evidence).result is result


@pytest.mark.parametrize(
    ("state", "refunded", "result"),
    [
        ("支付成功", 0, PASS),
        ("待收货", 0, PASS),
        ("商家同意退款", 0, PASS),
        ("Paid", 0, PASS),
        ("待付款", 0, FAIL),
        ("等待买家付款", 0, FAIL),
        ("支付失败", 0, FAIL),
        ("Payment failed", 0, FAIL),
        ("退款成功", 0, FAIL),
        ("已全额退款", 3900, UNKNOWN),
        ("交易关闭", 0, UNKNOWN),
        ("充值失败", 0, UNKNOWN),
    ],
)
def test_payment_state(state: str, refunded: int, result: Result) -> None:
    evidence = page(field(FieldName.STATUS, state))
    assert check(CheckCode.PAYMENT_STATE, evidence, amount_refunded=Money(refunded)).result is result


@pytest.mark.parametrize(
    ("code", "reason", "result"),
    [
        (ErrorCode.CODE_INVALID, ReasonCode.CODE_INVALID, PASS),
        (ErrorCode.CODE_USED, ReasonCode.CODE_ALREADY_USED, PASS),
        (ErrorCode.CODE_USED, ReasonCode.CODE_INVALID, FAIL),
        (ErrorCode.CODE_USED, ReasonCode.NOT_DELIVERED, FAIL),
        (ErrorCode.TOPUP_FAILED, ReasonCode.NOT_DELIVERED, PASS),
        (ErrorCode.SYSTEM_BUSY, ReasonCode.OTHER, UNKNOWN),
        (ErrorCode.CODE_USED, ReasonCode.UNUSED_CHANGE_OF_MIND, FAIL),
    ],
)
def test_prompt_against_the_reason(code: ErrorCode, reason: ReasonCode, result: Result) -> None:
    evidence = page(field(FieldName.ERROR_PROMPT, code.value), kind=PageKind.PROMPT)
    assert check(CheckCode.PROMPT_REASON, evidence, reason=reason).result is result


@pytest.mark.parametrize(
    ("code", "reason", "state", "against_reason", "against_log"),
    [
        (ErrorCode.NOT_DELIVERED, ReasonCode.NOT_DELIVERED, FulfilmentState.NOT_DELIVERED, UNKNOWN, UNKNOWN),
        (ErrorCode.CODE_INVALID, ReasonCode.CODE_INVALID, FulfilmentState.DELIVERED, UNKNOWN, UNKNOWN),
        (ErrorCode.CODE_USED, ReasonCode.NOT_DELIVERED, FulfilmentState.DELIVERED, FAIL, FAIL),
        (ErrorCode.NOT_DELIVERED, ReasonCode.NOT_DELIVERED, FulfilmentState.DELIVERED, UNKNOWN, FAIL),
    ],
)
def test_a_prompt_whose_meaning_is_guessed_bears_nothing_out_and_still_contradicts(
    code: ErrorCode, reason: ReasonCode, state: FulfilmentState, against_reason: Result, against_log: Result
) -> None:
    guessed = page(field(FieldName.ERROR_PROMPT, code.value, score=0.84), kind=PageKind.PROMPT)
    given = {"reason": reason, "state": state, "use": UseState.VIEWED}
    assert check(CheckCode.PROMPT_REASON, guessed, **given).result is against_reason
    assert check(CheckCode.PROMPT_FULFILMENT, guessed, **given).result is against_log


@pytest.mark.parametrize(
    ("code", "log", "result"),
    [
        (ErrorCode.CODE_USED, {"use": UseState.ACTIVATED, "used_by_claimant": True}, FAIL),
        (ErrorCode.CODE_USED, {"use": UseState.ACTIVATED, "used_by_claimant": False}, PASS),
        (ErrorCode.CODE_USED, {"use": UseState.ACTIVATED}, UNKNOWN),
        (ErrorCode.CODE_USED, {"use": UseState.VIEWED}, FAIL),
        (ErrorCode.CODE_INVALID, {"use": UseState.VIEWED}, PASS),
        (ErrorCode.CODE_INVALID, {"use": UseState.ACTIVATED}, FAIL),
        (ErrorCode.CODE_INVALID, {"use": UseState.NEVER_VIEWED}, UNKNOWN),
        (ErrorCode.NOT_DELIVERED, {"state": FulfilmentState.DELIVERED}, FAIL),
        (ErrorCode.NOT_DELIVERED, {"state": FulfilmentState.NOT_DELIVERED}, PASS),
        (
            ErrorCode.NO_SUCH_RECORD,
            {"state": FulfilmentState.DELIVERED, "reason": ReasonCode.USED_WITHOUT_EFFECT},
            UNKNOWN,
        ),
        (ErrorCode.SYSTEM_BUSY, {"state": FulfilmentState.DELIVERED}, UNKNOWN),
    ],
)
def test_prompt_against_the_fulfilment_log(code: ErrorCode, log: dict[str, Any], result: Result) -> None:
    evidence = page(field(FieldName.ERROR_PROMPT, code.value), kind=PageKind.PROMPT)
    assert check(CheckCode.PROMPT_FULFILMENT, evidence, **log).result is result


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        (read(line("订单详情", 0, 0)), PASS),
        (read(line("订单详情", 0, 0, score=0.5)), UNKNOWN),
        (Empty(image=FACTS), UNKNOWN),
        (Failed(reason=FailedReason.TRUNCATED), FAIL),
        (Failed(reason=FailedReason.TIMEOUT), UNKNOWN),
    ],
)
def test_evidence_readable(outcome: Any, result: Result) -> None:
    evidence = Evidence(sha256="b" * 64, outcome=outcome)
    assert check(CheckCode.EVIDENCE_READABLE, evidence).result is result


def test_without_evidence_everything_is_unknown() -> None:
    results = verify(claim(), [], zone=ZONE)
    assert {one.result for one in results} == {UNKNOWN}


def test_the_worst_page_decides_and_is_named() -> None:
    good = page(field(FieldName.AMOUNT, 3900, text="¥39.00"), sha256="1" * 64)
    bad = page(field(FieldName.AMOUNT, 5000, text="¥50.00"), sha256="2" * 64)
    for order in ((good, bad), (bad, good)):
        found = check(CheckCode.AMOUNT, *order)
        assert (found.result, found.evidence_sha256, found.read) == (FAIL, "2" * 64, "¥50.00")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("订单号：T20250411000123复制", Result.PASS),
        ("Order No. T2O25 O411 OOO123", Result.PASS),
        ("订单号：T2025041100012300", Result.UNKNOWN),
        ("流水 99T20250411000123", Result.UNKNOWN),
    ],
)
def test_a_list_shows_the_order_where_its_number_stands_by_itself(text: str, result: Result) -> None:
    shown = Evidence(sha256="c" * 64, outcome=read(line(text, 40, 300)), page=Page(kind=PageKind.LIST, fields={}))
    checked = {one.code: one for one in verify(claim(), [shown], zone=ZONE)}
    assert checked[CheckCode.ORDER_NUMBER].result is result


def test_a_list_speaks_only_of_the_claim_s_own_order() -> None:
    other = page(field(FieldName.ORDER_NUMBER, "T999"), field(FieldName.AMOUNT, 1), kind=PageKind.LIST)
    assert check(CheckCode.ORDER_NUMBER, other).result is UNKNOWN
    assert check(CheckCode.AMOUNT, other).result is UNKNOWN
    own = Evidence(
        sha256="c" * 64,
        outcome=read(line("订单号 T999", 0, 0), line("订单号：T20250411000123", 0, 90)),
        page=Page(kind=PageKind.LIST, fields={}),
    )
    assert check(CheckCode.ORDER_NUMBER, own).result is PASS


def test_a_fact_the_record_lacks_is_unknown() -> None:
    evidence = page(field(FieldName.TRADE_NUMBER, "1234567890"))
    found = check(CheckCode.TRADE_NUMBER, evidence, trade_number=None)
    assert (found.result, found.note) == (UNKNOWN, "the record has no such fact")
