from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from evidence_samples import FACTS, line, middle, read, right

from service.domain.evidence import FieldName, Line, PageKind, Read
from service.evidence import extract

BAR = [line("14:16", 60, 20), right("5G", 1020, 20)]
TABS = [line(text, 60 + 200 * n, 200) for n, text in enumerate(("全部", "待付款", "已完成", "售后"))]
ORDERS = [
    ("T20250411000123", "腾讯视频VIP会员月卡", "39.00", "2025-04-11 07:48:30", "充值失败"),
    ("T20250409000777", "骏网一卡通100元", "98.00", "2025-04-09 10:01:02", "交易成功"),
    ("T20250401000555", "Q币50个", "49.50", "2025-04-01 22:10:00", "已退款"),
]
Card = Callable[[float, str, str, str, str, str], list[Line]]


def number_last(y: float, number: str, goods: str, amount: str, moment: str, state: str) -> list[Line]:
    return [
        line("星河数卡", 60, y),
        right(state, 1020, y),
        line(goods, 260, y + 80),
        right(f"¥{amount}", 1020, y + 80),
        right("×1", 1020, y + 140, height=32),
        right(f"共1件 实付 ¥{amount}", 1020, y + 220),
        line(moment, 60, y + 290, height=32),
        line(f"订单号 {number}", 60, y + 340, height=32),
        right("再次购买", 1020, y + 340),
    ]


def number_first(y: float, number: str, goods: str, amount: str, moment: str, state: str) -> list[Line]:
    return [
        line(f"订单编号：{number} 复制", 60, y, height=32),
        right(state, 1020, y),
        line(goods, 60, y + 70),
        line(f"下单时间：{moment}", 60, y + 130, height=32),
        right(f"¥{amount}", 1020, y + 130),
    ]


def keyed_lines(y: float, number: str, goods: str, amount: str, moment: str, state: str) -> list[Line]:
    facts = (f"商品：{goods}", f"单号：{number}", f"金额：¥{amount}", f"时间：{moment}", f"状态：{state}")
    return [line(text, 60, y + 60 * n) for n, text in enumerate(facts)]


def values_at_the_right(y: float, number: str, goods: str, amount: str, moment: str, state: str) -> list[Line]:
    pairs = (("订单号", number), ("下单时间", moment), ("实付金额", f"¥{amount}"))
    rows = [one for n, (key, value) in enumerate(pairs, 1) for one in _row(key, value, y + 65 * n)]
    return [line(goods, 60, y), right(state, 1020, y), *rows]


def _row(key: str, value: str, y: float) -> list[Line]:
    return [line(key, 60, y), right(value, 1020, y)]


def bare_number(y: float, number: str, goods: str, amount: str, moment: str, state: str) -> list[Line]:
    return [
        line(goods, 60, y),
        right(f"{amount}元", 1020, y),
        line(number, 60, y + 60, height=30),
        line(moment, 60, y + 105, height=30),
        right(state, 1020, y + 105, height=30),
    ]


def facts_of(shown: Read) -> list[tuple[Any, ...]]:
    page = extract(shown, as_of=date(2025, 4, 12))
    names = ("order_number", "product", "amount", "ordered_at", "status")
    read_rows = [{name.value: field.value for name, field in row.fields.items()} for row in page.rows]
    return [tuple(row.get(name) for name in names) for row in read_rows]


def wanted(*, number: bool = True, moment: slice = slice(None)) -> list[tuple[Any, ...]]:
    return [
        (own if number else None, goods, round(float(amount) * 100), at.replace(" ", "T")[moment], state)
        for own, goods, amount, at, state in ORDERS
    ]


@pytest.mark.parametrize(
    ("card", "pitch"),
    [(number_last, 480), (number_first, 260), (keyed_lines, 340), (values_at_the_right, 300), (bare_number, 200)],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_cards_with_their_facts_in_any_order(card: Card, pitch: float) -> None:
    lines = [one for n, order in enumerate(ORDERS) for one in card(300 + n * pitch, *order)]
    assert facts_of(read(*BAR, middle("我的订单", 110), *TABS, *lines)) == wanted()


def test_rows_of_two_lines_without_number() -> None:
    lines = [
        one
        for n, (_, goods, amount, moment, state) in enumerate(ORDERS)
        for one in (
            line(goods, 60, 300 + 150 * n),
            right(f"-{amount}", 1020, 300 + 150 * n),
            line(moment[5:16], 60, 355 + 150 * n, height=30),
            right(state, 1020, 355 + 150 * n, height=30),
        )
    ]
    assert facts_of(read(*BAR, middle("订单记录", 110), *lines)) == wanted(number=False, moment=slice(16))


def test_a_desktop_table_whose_times_break_in_two() -> None:
    edges = (40, 360, 640, 760, 900)
    head = [
        line(key, x, 80, height=18) for key, x in zip(("商品", "订单号", "金额", "状态", "时间"), edges, strict=True)
    ]
    lines = [
        line(text, x, 130 + 80 * n + shift, height=18)
        for n, (number, goods, amount, moment, state) in enumerate(ORDERS)
        for text, x, shift in (
            (goods, 40, 0), (number, 360, 0), (f"¥{amount}", 640, 0), (state, 760, 0),
            (moment[:10], 900, -10), (moment[11:], 900, 12),
        )
    ]  # fmt: skip
    shown = read(line("订单列表", 40, 20, height=24), *head, *lines)
    assert facts_of(replace(shown, image=replace(FACTS, width=1280, height=800))) == wanted()


def test_cards_under_headings_of_weeks_with_numbers_that_are_only_called_so() -> None:
    facts = [
        ("Emberfall Founder's Pack", "¥76.46", "No. 5327373219783811688", "Cancelled"),
        ("Nova Antivirus 1-year licence", "¥198.00", "No. 202610121848804083405887", "Processing"),
        ("Mobile airtime 50", "¥100.00", "No. DD25121231236828", "Completed"),
        ("Vellum Pro, annual plan", "¥19.00", "No. VKVJJKZE051847", "Shipped"),
    ]
    lines = [line("( Activity", 40, 120, height=50), line("This week", 60, 240), line("Last week", 60, 700)]
    for number, (name, paid, called, state) in enumerate(facts):
        y0 = 340 + 170 * number + (100 if number > 1 else 0)
        lines += [line(name, 60, y0), right(paid, 1000, y0), line(called, 60, y0 + 60), right(state, 1000, y0 + 58)]
    page = extract(read(*lines))
    assert page.kind is PageKind.LIST
    told = [
        (
            row.fields[FieldName.PRODUCT].value,
            row.fields[FieldName.AMOUNT].value,
            row.fields[FieldName.ORDER_NUMBER].value,
            row.fields[FieldName.STATUS].value,
        )
        for row in page.rows
    ]
    assert told == [
        (name, int(paid[1:].replace(".", "")), called.removeprefix("No. "), state)
        for name, paid, called, state in facts
    ]
