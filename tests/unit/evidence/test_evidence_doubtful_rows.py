"""What a slanted photo, a form or a list may take for another row's value: doubted or left out, never sure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from evidence_samples import FACTS, line, middle, read, right, rows

from service.domain.evidence import Box, FieldName, Line, PageKind, Read
from service.evidence import extract

AS_OF = date(2026, 3, 20)


@pytest.mark.parametrize(
    "next_value", ["400-681-5068", "2025-10-22 16:42:08", "16:42", "15.00", "138****2496", "06-06"]
)
def test_the_next_row_s_value_is_no_further_line_of_a_number(next_value: str) -> None:
    """A slant lifts the right column, so that two values stand beside one key."""
    lines = [
        middle("充值详情", 40, height=20, page=640.0),
        line("充值号码", 60, 300, height=20),
        right("UID11138803", 600, 286, height=20),
        line("订单编号", 60, 350, height=20),
        right("202510221243525349053185", 600, 338, height=20),
        right(next_value, 600, 366, height=20),
        line("服务热线", 60, 382, height=20),
    ]
    field = extract(read(*lines), as_of=AS_OF).fields.get(FieldName.ORDER_NUMBER)
    assert field is None or field.value == "202510221243525349053185"


def test_a_number_s_first_line_over_its_key_s_middle_is_read_with_the_second() -> None:
    lines = [
        middle("杉湖银行电子回单", 110),
        line("交易时间", 160, 1282, height=48), line("2026-09-08 20:25:48", 450, 1279, height=48),
        line("100007297455072844126727782", 447, 1379, height=48),
        line("交易流水号", 160, 1414, height=56),
        line("08375", 450, 1441, height=50),
        line("商户订单号", 160, 1541, height=52), line("T20260908HNKYN2", 450, 1543, height=48),
    ]  # fmt: skip
    fields = extract(read(*lines), as_of=AS_OF).fields
    assert fields[FieldName.TRADE_NUMBER].value == "10000729745507284412672778208375"
    assert fields[FieldName.ORDER_NUMBER].value == "T20260908HNKYN2"


@pytest.mark.parametrize(
    ("number", "sure"),
    [
        ("4200002162202603117165917542", True),
        ("42000021622026031171659", False),
        ("2026031122001418176145193065", True),
        ("20260311220014181761451", False),
        ("260702-", False),
    ],
)
def test_a_payment_s_number_that_is_too_short_is_doubted(number: str, *, sure: bool) -> None:
    facts = rows(("交易单号", number), ("支付时间", "2026-03-11 07:48:30"), ("支付方式", "零钱"), top=500)
    field = extract(read(middle("账单详情", 110), *facts), as_of=AS_OF).fields.get(FieldName.TRADE_NUMBER)
    assert (field is not None and field.score >= 0.85) is sure


@pytest.mark.parametrize(
    ("account", "sure"), [("199****2496", True), ("199***2496", False), ("199****217315.00", False)]
)
def test_a_masked_phone_of_another_length_is_doubted(account: str, *, sure: bool) -> None:
    facts = rows(("订单编号", "T20260311000123"), ("充值号码", account), ("下单时间", "2026-03-11 07:48:30"), top=500)
    field = extract(read(middle("订单详情", 110), *facts), as_of=AS_OF).fields.get(FieldName.RECHARGED_ACCOUNT)
    assert (field is not None and field.score >= 0.85) is sure


@pytest.mark.parametrize("asked", ["邮箱", "手机号码", "请输入账号", "Email address", "Your region"])
def test_what_a_form_asks_for_is_no_product(asked: str) -> None:
    lines = [middle("激活产品", 110), line("产品", 60, 300), line(asked, 60, 360), line("立即激活", 60, 700)]
    assert FieldName.PRODUCT not in extract(read(*lines), as_of=AS_OF).fields


def test_a_dialog_s_heading_over_what_it_says_states_no_order() -> None:
    lines = [middle("处理结果", 800), middle("查无此号码，请检查后重新输入", 900), middle("确定", 1100)]
    page = extract(read(*lines), as_of=AS_OF)
    assert page.kind is PageKind.PROMPT
    assert FieldName.STATUS not in page.fields


def bills(*names: str) -> Read:
    lines = [line("14:16", 60, 20), right("5G", 1020, 20), middle("账单", 110)]
    for n, name in enumerate(names):
        y = 330 + 170 * n
        lines += [line(name, 180, y), right(f"-{39 + n}.00", 1020, y), line(f"03-1{n} 07:48", 180, y + 60, height=32)]
    return read(*lines)


def test_a_shop_that_was_paid_is_not_what_was_bought() -> None:
    page = extract(bills("北屿数码专营店", "老周点卡铺", "小橘充值", "星河影视会员月卡"), as_of=AS_OF)
    shown = [row.fields.get(FieldName.PRODUCT) for row in page.rows]
    assert [row.fields[FieldName.AMOUNT].value for row in page.rows] == [3900, 4000, 4100, 4200]
    assert shown[0] is None
    assert shown[1] is None
    assert shown[2] is None or shown[2].score < 0.85
    assert shown[3] is not None
    assert shown[3].value == "星河影视会员月卡"


def test_a_title_the_picture_s_edge_runs_through_is_not_sure() -> None:
    lines = [
        Line("国通用手机话费充值100元", 0.99, Box(0, 300, 480, 340)),
        right("¥100.00", 1000, 300),
        *rows(("订单编号", "T20260311000123"), ("下单时间", "2026-03-11 07:48:30"), ("实付款", "¥100.00"), top=600),
    ]
    page = extract(replace(read(*lines), image=replace(FACTS, width=1060)), as_of=AS_OF)
    field = page.fields.get(FieldName.PRODUCT)
    assert field is None or field.score < 0.85


@pytest.mark.parametrize(
    ("term", "until"),
    [
        ("2026年3月11日-3月31日", "2026-03-31"),
        ("2026-12-20 至 01-20", "2027-01-20"),
        ("2027年03月31日24:00", "2027-03-31"),
        ("2026-03-11 至", None),
        ("03/28", None),
    ],
)
def test_the_end_of_a_term_and_not_its_beginning(term: str, until: str | None) -> None:
    facts = rows(("订单编号", "T20260311000123"), ("下单时间", "2026-03-11 07:48:30"), ("有效期", term), top=500)
    field = extract(read(middle("订单详情", 110), *facts), as_of=AS_OF).fields.get(FieldName.VALID_UNTIL)
    assert (field.value if field else None) == until


def test_a_term_broken_behind_its_beginning() -> None:
    facts = rows(("订单编号", "T20260311000123"), ("下单时间", "2026-03-11 07:48:30"), top=500)
    term = [line("有效期", 60, 700), line("2026-03-11 00:00 至", 560, 700), line("2027-03-11 23:59", 560, 748)]
    field = extract(read(middle("订单详情", 110), *facts, *term), as_of=AS_OF).fields[FieldName.VALID_UNTIL]
    assert field.value == "2027-03-11T23:59"


def test_digits_too_far_under_a_number_to_be_read_on_leave_it_in_doubt() -> None:
    number = [line("交易单号", 60, 500), line("1000055837930881408613", 400, 500), line("82369386", 400, 572)]
    facts = rows(("支付时间", "2026-03-11 07:48:30"), ("支付方式", "零钱"), top=660)
    field = extract(read(middle("账单详情", 110), *number, *facts), as_of=AS_OF).fields.get(FieldName.TRADE_NUMBER)
    assert field is None or field.score < 0.85 or field.value == "100005583793088140861382369386"
