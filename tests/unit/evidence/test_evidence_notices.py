"""Payments told in sentences."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, read

from service.domain.evidence import Line, PageKind
from service.evidence import extract
from service.evidence.payment_notices import find_notice
from service.evidence.sheet import Sheet

AS_OF = date(2026, 11, 25)


def told(*texts: str) -> dict[str, str | int]:
    lines = [line(text, 60, 300 + 400 * row) for row, text in enumerate(texts)]
    return {field.name.value: field.value for field in find_notice(Sheet(lines), AS_OF)}


@pytest.mark.parametrize(
    ("text", "amount", "paid_at", "payee"),
    [
        (
            "【某银行】您尾号4471的储蓄卡于02-2005:27快捷支付293.45元，收款方：深南万卡有限公司，余额8882.52元。",
            29345,
            "2026-02-20T05:27",
            "深南万卡有限公司",
        ),
        (
            "2026-06-01 "
            "21:44:04，您尾号为6012的账户向京选电子商务（华东）有限公司付款RMB983.00，流水号2026060122001320593851553457，余额RMB1.00",
            98300,
            "2026-06-01T21:44:04",
            "京选电子商务（华东）有限公司",
        ),
        ("您尾号1234的储蓄卡11月20日12:33在某商城消费人民币50.00元", 5000, "2026-11-20T12:33", "某商城"),
        (
            "您账户4471于8月8日 13:15支出人民币8.30元（北屿智卡科技有限公司），余额5.00元",
            830,
            "2026-08-08T13:15",
            "北屿智卡科技有限公司",
        ),
        ("您于今天10:20向星河点卡支付了20元", 2000, "2026-11-25T10:20", "星河点卡"),
        ("You paid $5.65 to Star Cards on Apr 3, 2026 10:20", 565, "2026-04-03T10:20", "Star Cards"),
    ],
)
def test_a_sentence_tells_a_payment(text: str, amount: int, paid_at: str, payee: str) -> None:
    found = told(text)
    assert (found["amount"], found["paid_at"], found["payee"]) == (amount, paid_at, payee)
    assert found.get("trade_number") == ("2026060122001320593851553457" if "流水号" in text else None)


@pytest.mark.parametrize(
    "text",
    [
        "您的退款50.00元已到账",
        "您尾号1234的信用卡消费50.00元失败",
        "将于11月30日扣款50.00元",
        "缴话费立减34.55元，点击领取",
        "您账户1234于11月20日12:33收入50.00元",
        "如需支付50.00元请点击",
        "Your payment of $5.00 was declined",
        "消费满1.2万元",
        "2026年3月 支出¥7,037.88 收入¥0.00",
    ],
)
def test_what_was_not_paid_is_no_payment(text: str) -> None:
    assert told(text) == {}


def test_of_two_payments_nobody_knows_which_is_meant() -> None:
    assert told("您于今天10:20向星河点卡支付了20元", "您于今天10:25向星河点卡支付了30元") == {}


def test_a_bank_s_message_is_a_payment_record() -> None:
    page: list[Line] = [
        line("95588", 480, 100),
        line("11月20日 12:33", 420, 220, height=30),
        line("您尾号1234的储蓄卡11月20日12:33在某商城", 60, 300),
        line("消费人民币50.00元，余额88.00元。", 60, 352),
    ]
    found = extract(read(*page), as_of=AS_OF)
    assert found.kind is PageKind.PAYMENT
    assert {name.value: one.value for name, one in found.fields.items() if name.value in ("amount", "paid_at")} == {
        "amount": 5000,
        "paid_at": "2026-11-20T12:33",
    }
