"""Facts in columns side by side, and values broken over lines: tiles of mails and receipts, sums with remarks."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import Box, FieldName, Line, Page, PageKind
from service.evidence import extract

AS_OF = date(2026, 12, 1)


def told(page: Page) -> dict[str, object]:
    return {name.value: field.value for name, field in page.fields.items()}


def tiles(*facts: tuple[str, str, str, str], top: float = 500.0) -> list[Line]:
    """Two keys a row, each over its value; a value may have a second line after a stroke."""
    found = []
    for number, (left, value, other, second) in enumerate(facts):
        y = top + 190 * number
        found += [line(left, 90, y, height=32), line(other, 560, y, height=32)]
        for x, text in ((90, value), (560, second)):
            found += [line(part, x, y + 44 + 44 * n, height=34) for n, part in enumerate(text.split("|"))]
    return found


HEAD = [line("14:16", 60, 20), line("您的购买收据", 60, 110), line("鸣泉视频<noreply@store.example>", 180, 190)]
TAIL = [line("纸鸢书城年卡", 90, 950), right("¥98.00", 1000, 950), line("合计", 760, 1100), right("¥98.00", 1000, 1100)]


def test_two_columns_of_keys_over_values_are_one_order() -> None:
    facts = tiles(
        ("订单编号", "251027-479553961|747611", "购买日期", "2025年10月27日 1|5:37"),
        ("账户名称", "19900001996", "付款方式", "微信支付"),
    )
    page = extract(read(*HEAD, *facts, *TAIL), as_of=AS_OF)
    assert page.kind is PageKind.ORDER
    shown = told(page)
    assert shown["order_number"] == "251027-479553961747611"
    assert shown["ordered_at"] == "2025-10-27T15:37"
    assert shown["payment_method"] == "微信支付"
    assert shown["recharged_account"] == "19900001996"
    assert shown["platform_mark"] == "鸣泉视频"
    assert "status" not in shown


def test_a_line_drawn_across_two_columns_is_two_values() -> None:
    facts = [
        *tiles(("订单编号", "T20251027000123", "下单时间", "2025-10-27 15:37")),
        line("账户名称", 90, 700, height=32),
        line("付款方式", 560, 700, height=32),
        Line("u7379@mail.example 云闪付", 0.99, Box(90, 744, 690, 778)),
    ]
    shown = told(extract(read(*HEAD, *facts, *TAIL), as_of=AS_OF))
    assert shown["payment_method"] == "云闪付"
    assert shown["recharged_account"] == "u7379@mail.example"


def test_two_keys_drawn_as_one_line_are_two_keys() -> None:
    facts = [
        *tiles(("订单编号", "T20251027000123", "下单时间", "2025-10-27 15:37")),
        Line("会员账号 付款方式", 0.99, Box(90, 700, 690, 732)),
        line("19900001996", 90, 744, height=34),
        line("云闪付", 560, 744, height=34),
    ]
    shown = told(extract(read(*HEAD, *facts, *TAIL), as_of=AS_OF))
    assert (shown["recharged_account"], shown["payment_method"]) == ("19900001996", "云闪付")


def test_a_value_with_a_blank_over_no_second_key_stays_whole() -> None:
    facts = [
        *tiles(("订单编号", "T20251027000123", "下单时间", "2025-10-27 15:37")),
        *rows(("商品", "纸鸢书城 年卡"), top=750),
    ]
    assert told(extract(read(*HEAD, *facts), as_of=AS_OF))["product"] == "纸鸢书城 年卡"


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("Dec 06, 2025, 05:5|9 AM", "2025-12-06T05:59"),
        ("Dec 06, 2025, 05:59|AM", "2025-12-06T05:59"),
        ("2025年10月27日 1|5:37", "2025-10-27T15:37"),
        ("2025-10-27 1|5:37:08", "2025-10-27T15:37:08"),
        ("2025年10月|27日 15:37", "2025-10-27T15:37"),
        ("2025-10-27 15:37:0|8", "2025-10-27T15:37:08"),
    ],
)
def test_a_moment_broken_over_two_lines(printed: str, moment: str) -> None:
    facts = tiles(("订单编号", "T20251027000123", "下单时间", printed))
    assert told(extract(read(*HEAD, *facts, *TAIL), as_of=AS_OF))["ordered_at"] == moment


@pytest.mark.parametrize(
    ("key", "amount"),
    [
        ("应付总额（已付）", 9700),
        ("合计(已支付)", 9700),
        ("订单总额（已付款）", 9700),
        ("Total (paid)", 9700),
        ("实付款（含运费）", 9700),
    ],
)
def test_a_remark_behind_a_sum_s_word_says_that_it_was_paid(key: str, amount: int) -> None:
    sums = rows(("商品总额", "¥98.00"), ("商品优惠", "-¥1.00"), (key, "¥97.00"), top=900)
    facts = rows(("订单编号", "T20251027000123"), ("下单时间", "2025-10-27 15:37"), top=500)
    assert told(extract(read(middle("订单详情", 110), *facts, *sums), as_of=AS_OF))["amount"] == amount


def test_steps_side_by_side_are_no_keys_of_the_sum_under_them() -> None:
    steps = [line(word, 114 + 260 * n, 540) for n, word in enumerate(("提交订单", "付款", "出库", "完成"))]
    goods = [line("弹珠勇士月卡", 327, 817), right("¥98.00", 1060, 817), line("数量：1", 327, 880, height=34)]
    facts = rows(("订单编号", "T20251027000123"), ("下单时间", "2025-10-27 15:37"), top=1200)
    sums = rows(("商品总额", "¥98.00"), ("商品优惠", "-¥1.00"), ("应付总额", "¥97.00"), top=1500)
    assert told(extract(read(middle("订单详情", 110), *steps, *goods, *facts, *sums), as_of=AS_OF))["amount"] == 9700


@pytest.mark.parametrize(
    "secret",
    [
        [line("卡密信息：", 60, 1100), line("账号:261008220018----311220018847", 90, 1160)],
        [line("卡密：", 60, 1100), line("账号:000418422026", 90, 1160), line("密码：495DFCF72FDA", 560, 1160)],
    ],
)
def test_the_account_that_was_sold_is_not_the_one_recharged(secret: list[Line]) -> None:
    facts = rows(("订单编号", "T20251027000123"), ("下单时间", "2025-10-27 15:37"), ("实付金额", "¥20.00"), top=500)
    page = extract(read(middle("查询结果", 110), *facts, *secret, line("复制卡密", 60, 1300)), as_of=AS_OF)
    assert page.kind is PageKind.DELIVERY
    assert FieldName.RECHARGED_ACCOUNT not in page.fields


def test_a_key_s_word_at_the_end_of_a_value_is_the_value_s() -> None:
    facts = [
        line("订单编号：DD25102544898182", 60, 500),
        line("商品名称：青冥录标准版CDKey激活码", 60, 580),
        line("下单时间：2025-10-25 09:12:10", 60, 660),
    ]
    field = extract(read(middle("订单详情", 110), *facts), as_of=AS_OF).fields[FieldName.PRODUCT]
    assert field.value == "青冥录标准版CDKey激活码"
