"""Order numbers in conversations, and without a key on pages."""

from __future__ import annotations

import pytest
from evidence_samples import line, middle, read, right

from service.domain.evidence import Field, FieldName, PageKind
from service.evidence import extract
from service.evidence.said_numbers import said
from service.evidence.sheet import Sheet


def talk(*texts: str) -> list[Field]:
    return said(Sheet([line(text, 60, 300 + 44 * row) for row, text in enumerate(texts)]))


@pytest.mark.parametrize(
    ("texts", "number"),
    [
        (["订单号是T20250411000123"], "T20250411000123"),
        (["单号：2025041100", "0123456"], "20250411000123456"),
        (["order number is KM20250411-", "0001 thanks"], "KM20250411-0001"),
        (["我买的卡一直用不了，订单号：", "DEHALFDCCVRJ"], "DEHALFDCCVRJ"),
        (["亲，订单编号8827712345已为您查询"], "8827712345"),
    ],
)
def test_a_number_with_its_key(texts: list[str], number: str) -> None:
    assert [field.value for field in talk(*texts)] == [number]


@pytest.mark.parametrize(
    ("texts", "number"),
    [
        (["我的订单T20250411000123还没到账"], "T20250411000123"),
        (["my order KM202504110001", "please check"], "KM202504110001"),
        (["亲，请提供一下订单号哦。", "T20250411000123"], "T20250411000123"),
    ],
)
def test_a_number_in_passing_is_less_certain(texts: list[str], number: str) -> None:
    (field,) = talk(*texts)
    assert field.value == number
    assert field.score < 0.9
    assert field.note


@pytest.mark.parametrize(
    "texts", [["13800138000"], ["T20250411000123"], ["订单号：A123456 和 订单号：B123456"], ["好的，请稍等"]]
)
def test_a_phone_or_two_numbers_are_none(texts: list[str]) -> None:
    assert talk(*texts) == []


@pytest.mark.parametrize("printed", ["#88201234567", "No. 88201234567", "订单 88201234567", "88201234567890123"])
def test_a_page_may_show_its_number_without_a_key(printed: str) -> None:
    page = extract(
        read(
            middle("订单详情", 100, height=48),
            line(printed, 60, 200),
            line("腾讯视频VIP会员月卡", 60, 300),
            right("¥39.00", 1020, 300),
            line("下单时间", 60, 400),
            right("2026-11-03 21:04:05", 1020, 400),
            line("实付款", 60, 480),
            right("¥39.00", 1020, 480),
        )
    )
    assert page.kind is PageKind.ORDER
    found = page.fields[FieldName.ORDER_NUMBER]
    assert str(found.value) == printed.lstrip("#No.订单 ")
    assert found.score < 0.9


def test_a_remark_names_no_order() -> None:
    page = extract(
        read(
            middle("转账详情", 100, height=48),
            line("转账时间", 60, 200),
            right("2026-11-03 21:04:05", 1020, 200),
            line("收款人", 60, 280),
            right("深圳卡汇科技有限公司", 1020, 280),
            line("附言", 60, 360),
            right("订单T2025041100012", 1020, 360),
            line("交易流水号", 60, 440),
            right("GS20250411074830000012", 1020, 440),
        )
    )
    assert FieldName.ORDER_NUMBER not in page.fields


def test_the_end_of_a_number_is_not_taken_for_the_number() -> None:
    shown = extract(
        read(
            middle("账单详情", 100, height=48),
            line("商户单号", 60, 300),
            right("T2025041100012?~345678", 1020, 300),
            right("90123456", 1020, 350),
        )
    )
    assert FieldName.ORDER_NUMBER not in shown.fields
