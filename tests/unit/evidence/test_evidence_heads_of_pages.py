"""Whose page it is: a bank over a payment's facts, a menu that counts; and a bill's sum."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evidence_samples import AS_OF, FACTS, STATUS_BAR, line, middle, read, right, rows, values_of

from service.domain.evidence import Line
from service.evidence import extract

FACTS_OF_A_PAYMENT = rows(
    ("付款卡", "储蓄卡(5521)"),
    ("收款方", "蓝桥数字商行"),
    ("交易时间", "2026-03-08 10:22:31"),
    ("流水号", "20260308102231000178"),
    top=520.0,
)


def payment(*head: Line) -> dict[str, str | int]:
    return values_of(*STATUS_BAR, middle("交易详情", 110), *head, *FACTS_OF_A_PAYMENT)


def test_a_bank_beside_the_word_for_the_sum_is_whose_page_it_is() -> None:
    head = [line("支出金额", 60, 220), right("青河银行", 1020, 220), line("-45.80", 60, 300, height=72)]
    assert payment(*head)["platform_mark"] == "青河银行"


def test_two_banks_over_a_payments_facts_leave_open_whose_page_it_is() -> None:
    head = [line("青河银行", 60, 220), right("南岭银行", 1020, 220), line("-45.80", 60, 300, height=72)]
    assert "platform_mark" not in payment(*head)


def test_a_bank_among_the_facts_is_no_mark() -> None:
    shown = [line("-45.80", 60, 300, height=72), *FACTS_OF_A_PAYMENT, *rows(("对方开户行", "青河银行"), top=900.0)]
    assert "platform_mark" not in values_of(*STATUS_BAR, middle("交易详情", 110), *shown)


def site(head: list[Line]) -> dict[str, str | int]:
    facts = [
        line("Order number: 99120384417265", 140, 160, height=24),
        line("Placed on 14 April 2026, 14:46", 140, 200, height=18),
        line("Order total", 940, 300, height=20),
        right("$12.50", 1260, 300, height=20),
        line("Order status", 940, 420, height=18),
        line("Completed", 940, 450, height=18),
    ]
    page = extract(replace(read(*head, *facts), image=replace(FACTS, width=1440, height=900)), as_of=AS_OF)
    return {name.value: field.value for name, field in page.fields.items()}


MENU = [line("Cart (2)", 1000, 24, height=18), line("My account ▼", 1160, 24, height=18)]


def test_a_menu_may_say_how_much_lies_in_its_cart() -> None:
    found = site([line("Fernhill Codes", 140, 18, height=28), line("ρ Search all games", 400, 22, height=18), *MENU])
    assert found["platform_mark"] == "Fernhill Codes"


def test_a_menu_lifted_by_slant_may_hold_a_tongue_and_a_count() -> None:
    aside = [line("EN | EUR", 820, 24, height=18), line("♡ 4", 930, 24, height=18)]
    found = site(
        [*aside, *MENU, line("Fernhill Codes", 140, 52, height=28), line("Search all games", 400, 56, height=18)]
    )
    assert found["platform_mark"] == "Fernhill Codes"


@pytest.mark.parametrize("key", ["交费金额", "充值金额"])
def test_what_a_bill_was_paid_by_is_its_face_value(key: str) -> None:
    found = values_of(
        *STATUS_BAR,
        middle("话费充值", 110),
        middle("充值成功", 300, height=56),
        *rows(
            ("手机号码", "13800138000"),
            (key, "¥50.00"),
            ("实付金额", "¥49.20"),
            ("支付时间", "2026-02-09 01:09:11"),
            ("订单号", "YD77120934518826"),
        ),
    )
    assert (found["face_value"], found["amount"]) == (5000, 4920)
