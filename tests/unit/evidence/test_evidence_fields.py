from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, PageKind
from service.evidence import extract

HEAD = (line("订单详情", 440, 80), *rows(("订单编号", "T20250411000123"), ("下单时间", "2025-04-11 07:48:30"), top=200))


def values(*lines: Line, **options: Any) -> dict[FieldName, str | int]:
    return {name: found.value for name, found in extract(read(*lines), **options).fields.items()}


def amount(*pairs: tuple[str, str]) -> str | int | None:
    return values(*HEAD, *rows(*pairs)).get(FieldName.AMOUNT)


@pytest.mark.parametrize(
    ("pairs", "minor"),
    [
        ([("商品总价", "¥45.00"), ("优惠", "-¥6.00"), ("实付款", "¥39.00")], 3900),
        ([("实付款", "¥39.00"), ("退款金额", "¥39.00"), ("账户余额", "¥120.00")], 3900),
        ([("订单金额", "¥45.00"), ("支付金额", "¥39.00")], 3900),
        ([("合计", "¥39.00"), ("运费", "¥0.00")], 3900),
        ([("商品总价", "¥45.00"), ("优惠", "-¥6.00"), ("合计", "¥39.00")], 3900),
        ([("订单总额", "¥39.00"), ("优惠", "无优惠")], 3900),
        ([("订单总额", "¥39.00"), ("优惠", "¥0.00")], 3900),
        ([("实付款", "¥O.10")], 10),
    ],
)
def test_the_amount_is_what_was_paid(pairs: list[tuple[str, str]], minor: int) -> None:
    assert amount(*pairs) == minor


@pytest.mark.parametrize(
    "pairs",
    [
        [("订单总额", "¥45.00"), ("优惠", "-¥6.00")],
        [("合计", "¥45.00"), ("优惠", "-¥6.00")],
        [("单价", "¥39.00"), ("数量", "2")],
        [("退款金额", "¥39.00")],
        [("账户余额", "¥120.00")],
        [("运费", "¥8.00")],
        [("充值面值", "100元")],
        [("商品总价", "¥45.00")],
        [("实付款", "¥39.00"), ("实付款", "¥38.00")],
    ],
)
def test_an_amount_in_doubt_is_absent(pairs: list[tuple[str, str]]) -> None:
    assert amount(*pairs) is None


def test_a_bill_s_amount_may_come_in_pieces() -> None:
    bill = [
        line("账单详情", 440, 80),
        middle("星河点卡", 250),
        line("¥", 420, 400, height=60),
        line("39.00", 470, 380, height=100),
        middle("支付成功", 520),
        *rows(("付款方式", "零钱"), ("商户单号", "SJ2025041100012"), ("交易单号", "4200001823202304112345678901")),
    ]
    found = extract(read(*bill))
    assert found.kind is PageKind.PAYMENT
    assert found.fields[FieldName.AMOUNT].value == 3900
    box = found.fields[FieldName.AMOUNT].box
    assert (box.x0, box.y0, box.y1) == (420, 380, 480)


def test_money_that_came_in_is_not_what_was_paid() -> None:
    bill = [
        line("账单详情", 440, 80),
        middle("+39.00", 400, height=100),
        middle("退款成功", 520),
        *rows(("付款方式", "零钱")),
    ]
    assert FieldName.AMOUNT not in values(*bill)


def test_merchant_number_and_trade_number_are_not_confused_on_a_bill() -> None:
    bill = [
        line("账单详情", 440, 80),
        middle("-39.00", 300, height=100),
        *rows(("订单号", "2025041122001411721012319532"), ("商家订单号", "T200P1234567890123")),
    ]
    found = values(*bill)
    assert found[FieldName.ORDER_NUMBER] == "T200P1234567890123"
    assert found[FieldName.TRADE_NUMBER] == "2025041122001411721012319532"


def test_an_order_page_keeps_its_own_number() -> None:
    found = values(
        *HEAD, *rows(("实付款", "¥39.00"), ("支付流水号", "10001234202504110748301234"), ("运单号", "SF1234567"))
    )
    assert found[FieldName.ORDER_NUMBER] == "T20250411000123"
    assert found[FieldName.TRADE_NUMBER] == "10001234202504110748301234"


def test_two_different_numbers_under_one_word_make_a_list_without_fields() -> None:
    page = extract(read(*HEAD, *rows(("订单编号", "T20250411000999"), top=900)))
    assert page.kind is PageKind.LIST
    assert not page.fields


def test_a_wrapped_number_is_joined_and_its_box_covers_both_lines() -> None:
    page = [line("订单详情", 440, 80), line("订单编号", 60, 325), right("1015301368972019011876740624", 1020, 300)]
    page += [right("35", 1020, 350), *rows(("下单时间", "2025-04-11 07:48:30"))]
    found = extract(read(*page)).fields[FieldName.ORDER_NUMBER]
    assert found.value == "101530136897201901187674062435"
    assert (found.box.y0, found.box.y1) == (300, 390)


def test_a_key_stands_at_the_middle_of_a_value_of_three_lines() -> None:
    value = [
        line(text, 300, 300 + 56 * row)
        for row, text in enumerate(("腾讯视频超级影视会员年卡官方", "直充到账支持手机和电视两端使", "用"))
    ]
    page = [line("订单详情", 440, 80), line("商品名称", 60, 356), *value, *rows(("订单编号", "T20250411000123"))]
    assert values(*page)[FieldName.PRODUCT] == "腾讯视频超级影视会员年卡官方直充到账支持手机和电视两端使用"


def test_a_number_cut_short_by_the_page_is_absent() -> None:
    page = [line("订单详情", 440, 80), *rows(("订单编号", "10153013689..."), ("下单时间", "2025-04-11 07:48:30"))]
    assert FieldName.ORDER_NUMBER not in values(*page)


def test_a_masked_phone_is_read_as_printed() -> None:
    found = values(*HEAD, *rows(("充值号码", "138****1234"), ("实付款", "¥39.00")))
    assert found[FieldName.RECHARGED_ACCOUNT] == "138****1234"


def test_a_contact_phone_is_no_recharged_account() -> None:
    found = values(*HEAD, *rows(("联系电话", "13800138000"), ("手机号", "13800138000"), ("实付款", "¥39.00")))
    assert FieldName.RECHARGED_ACCOUNT not in found


def test_a_day_without_a_year_needs_to_know_today() -> None:
    page = [line("订单详情", 440, 80), *rows(("订单编号", "T20250411000123"), ("下单时间", "04-11 07:48"))]
    assert FieldName.ORDERED_AT not in values(*page)
    assert values(*page, as_of=date(2025, 4, 12))[FieldName.ORDERED_AT] == "2025-04-11T07:48"


def test_a_table_s_header_stands_over_its_values() -> None:
    columns = (60, 420, 700, 1000)
    head = [line(text, x, 300) for text, x in zip(("订单编号", "商品", "实付金额", "下单时间"), columns, strict=True)]
    cells = ("T20250411000123", "骏网一卡通", "¥39.00", "2025-04-11 07:48")
    body = [line(text, x, 380, height=30) for text, x in zip(cells, columns, strict=True)]
    found = values(line("订单管理中心", 60, 80), *head, *body)
    assert found[FieldName.ORDER_NUMBER] == "T20250411000123"
    assert found[FieldName.PRODUCT] == "骏网一卡通"
    assert found[FieldName.AMOUNT] == 3900
    assert found[FieldName.ORDERED_AT] == "2025-04-11T07:48"


def test_tabs_are_not_the_order_s_state() -> None:
    tabs = [line(text, 60 + 250 * number, 160) for number, text in enumerate(("全部", "待付款", "待发货", "已完成"))]
    page = extract(read(line("我的订单", 440, 60), *tabs, line("骏网一卡通", 60, 400), right("¥39.00", 1020, 400)))
    assert page.kind is PageKind.LIST
    assert FieldName.STATUS not in page.fields


def test_two_products_leave_the_product_open() -> None:
    cards = [
        line("腾讯视频会员月卡", 300, 600),
        right("¥20.00", 1020, 600),
        line("爱奇艺会员月卡", 300, 1000),
        right("¥19.00", 1020, 1000),
    ]
    assert FieldName.PRODUCT not in values(*HEAD, *cards, *rows(("实付款", "¥39.00"), top=1300))


def test_nothing_read_means_nothing_found() -> None:
    page = extract(read())
    assert page.kind is PageKind.UNKNOWN
    assert not page.fields


def test_what_the_reader_hardly_saw_is_not_there() -> None:
    faint = [line("订单编号", 60, 300, score=0.4), right("T20250411000123", 1020, 300, score=0.4)]
    assert FieldName.ORDER_NUMBER not in values(line("订单详情", 440, 80), *faint)
