"""Results and forms of topping up: the record under a result's title, what reached the phone, what a toast says."""

from __future__ import annotations

import pytest
from evidence_samples import STATUS_BAR, line, middle, page_of, right, rows, values_of

from service.domain.evidence import FieldName, Line, PageKind

TOPPED_UP = rows(
    ("手机号", "199 0000 6420 备用卡"),
    ("实际到账金额", "¥200.00"),
    ("立减", "-¥1.20"),
    ("支付金额", "¥198.80"),
    ("付款方式", "云闪付"),
    ("付款时间", "2026-07-08 21:14:09"),
    ("订单编号", "CZ2026070821140917"),
)


def result(title: str, state: str, under: str, *record: Line) -> list[Line]:
    return [*STATUS_BAR, middle(title, 110, height=44), middle(state, 330, height=60), middle(under, 420), *record]


@pytest.mark.parametrize("title", ["充值结果", "办理结果", "交费结果"])
@pytest.mark.parametrize(
    ("state", "under"),
    [
        ("充值成功", "感谢您的支持"),
        ("充值失败", "款项将在1-3个工作日内原路退回"),
        ("充值中", "高峰时段，最迟2小时到账"),
    ],
)
def test_a_whole_record_under_a_results_title_is_an_order(title: str, state: str, under: str) -> None:
    page = page_of(*result(title, state, under, *TOPPED_UP))
    assert page.kind is PageKind.ORDER
    found = {name: one.value for name, one in page.fields.items()}
    assert found[FieldName.STATUS] == state
    assert found[FieldName.RECHARGED_ACCOUNT] == "19900006420"
    assert found[FieldName.AMOUNT] == 19880
    assert not {FieldName.ERROR_PROMPT, FieldName.PRODUCT} & set(found)


@pytest.mark.parametrize("key", ["到账金额", "入账金额", "实际到账金额", "充值面额"])
def test_what_reached_the_phone_is_its_worth(key: str) -> None:
    record = rows(
        ("充值号码", "199****6420"), (key, "50.00元"), ("实付金额", "49.85元"), ("订单号", "CZ2026070821140917")
    )
    assert values_of(*result("充值结果", "充值成功", "祝您生活愉快", *record))["face_value"] == 5000


def test_what_reached_a_bank_card_is_no_worth_of_goods() -> None:
    record = rows(
        ("提现金额", "¥50.00"), ("到账金额", "¥49.90"), ("支付金额", "¥50.00"), ("订单号", "TX2026070821140917")
    )
    assert "face_value" not in values_of(*result("提现结果", "提现成功", "预计2小时内到账", *record))


def form(*over: Line, button: bool = True) -> list[Line]:
    offered = [
        one
        for row, (top, prices) in enumerate(
            [(800, ("30.00元", "50.00元", "100.00元")), (980, ("200.00元", "300.00元", "500.00元"))]
        )
        for column, price in enumerate(prices)
        for one in (
            line(f"{(row * 3 + column + 1) * 100}点", 120 + 320 * column, top - 60),
            line(price, 110 + 320 * column, top),
        )
    ]
    ways = [
        line("支付方式", 60, 1250),
        line("柚子支付满50减2", 60, 1340),
        line("银行卡支付", 60, 1430),
        line("手机话费", 60, 1520),
    ]
    pay = [line("应付：100.00元", 60, 2200), right("立即充值", 1000, 2200)] if button else []
    head = [*STATUS_BAR, middle("点数充值", 110, height=44), line("到账账号", 60, 300), line("3318820457", 260, 300)]
    return [*head, line("选择充值面额", 60, 640), *offered, *ways, *pay, *over]


@pytest.mark.parametrize("said", ["已复制", "复制成功", "领取成功，可在卡包中查看", "绑定成功"])
@pytest.mark.parametrize("top", [880, 1640])
def test_a_toast_over_a_form_makes_it_a_message_and_no_state(said: str, top: int) -> None:
    page = page_of(*form(middle(said, top)))
    assert page.kind is PageKind.PROMPT
    assert not {FieldName.STATUS, FieldName.PRODUCT, FieldName.PAYMENT_METHOD} & set(page.fields)


def test_a_form_without_a_toast_records_and_says_nothing() -> None:
    assert page_of(*form()).kind is PageKind.UNKNOWN


def test_the_first_of_several_ways_to_pay_was_not_taken() -> None:
    assert "payment_method" not in values_of(*form(middle("系统繁忙，请稍后再试", 1640), button=False))


REDEEM = [*STATUS_BAR, line("Redeem your code", 60, 200, height=50)]
SAID = [
    line("Sorry!", 120, 1300, height=50),
    line("This code has already been used.", 120, 1400),
    right("OK", 960, 1520),
]


@pytest.mark.parametrize("key", ["Account", "Add funds to account", "Apply to account"])
@pytest.mark.parametrize("account", ["harbour_2071", "m4417@example.com"])
def test_the_account_over_a_typed_code_is_whose_it_shall_be_and_not_sure(key: str, account: str) -> None:
    typed = [line(f"{key}: {account}", 60, 600), line("PIN", 60, 690), line("9QP9-QV6H-3QYY-MACE", 80, 770)]
    found = page_of(*REDEEM, *typed, *SAID).fields[FieldName.RECHARGED_ACCOUNT]
    assert found.value == account
    assert found.score < 0.9


def test_a_cards_number_is_no_account() -> None:
    typed = [line("account: harbour lane", 60, 600), line("number", 60, 690), line("3349 6294 6351 6420", 60, 780)]
    assert "recharged_account" not in values_of(*REDEEM, *typed, *SAID)
