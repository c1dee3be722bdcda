"""Shops' desktop lists: a band with an order's day and number over, or under, the row of its goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from evidence_samples import FACTS, line, read

from service.domain.evidence import Line, PageKind, Read
from service.evidence import extract

AS_OF = date(2026, 3, 20)
HEAD = (("宝贝", 420), ("单价", 760), ("数量", 880), ("实付款", 990), ("交易状态", 1120), ("操作", 1260))
FIRST = ("2026-03-15 13:27:07", "260315249637128203", "云海手游 648钻 官方直充", "¥632.10", "交易成功")
SECOND = ("2025-12-01 08:02:44", "7KWA-20251201-S5E9", "星河音乐会员季卡", "¥45.00", "已发货")
THIRD = ("2025-10-23 18:36:19", "T20251023HQ9", "掌上图书年度通行证", "¥118.00", "交易关闭")
TOLD = [
    {"ordered_at": "2026-03-15T13:27:07", "order_number": "260315249637128203", "product": "云海手游 648钻 官方直充",
     "amount": 63210, "status": "交易成功"},
    {"ordered_at": "2025-12-01T08:02:44", "order_number": "7KWA-20251201-S5E9", "product": "星河音乐会员季卡",
     "amount": 4500, "status": "已发货"},
    {"ordered_at": "2025-10-23T18:36:19", "order_number": "T20251023HQ9", "product": "掌上图书年度通行证",
     "amount": 11800, "status": "交易关闭"},
]  # fmt: skip


def small(text: str, x0: float, y0: float) -> Line:
    return line(text, x0, y0, height=20)


def goods(order: Sequence[str], y: float) -> list[Line]:
    _, _, product, amount, state = order
    cells = ((product, 180), (amount, 760), ("1", 895), (amount, 985), (state, 1120), ("订单详情", 1255))
    return [small(text, x, y) for text, x in cells]


def desktop(*rows: Sequence[Line], head: Sequence[tuple[str, float]] = HEAD) -> Read:
    lines = [line("已买到的宝贝", 60, 20, height=26), *(small(text, x, 100) for text, x in head)]
    return replace(read(*lines, *(one for row in rows for one in row)), image=replace(FACTS, width=1440, height=900))


def told(shown: Read) -> list[dict[str, Any]]:
    page = extract(shown, as_of=AS_OF)
    assert page.kind is PageKind.LIST
    assert page.fields == {}
    return [{name.value: field.value for name, field in row.fields.items()} for row in page.rows]


def apart(order: Sequence[str], y: float) -> list[Line]:
    return [small(order[0], 120, y), small(f"订单号：{order[1]}", 340, y), small("老周点卡铺", 800, y)]


def in_one_line(order: Sequence[str], y: float) -> list[Line]:
    return [small(f"{order[0]} 订单编号:{order[1]}", 120, y)]


def number_first(order: Sequence[str], y: float) -> list[Line]:
    return [small(f"订单号：{order[1]} 下单时间：{order[0]}", 120, y), small("删除", 1300, y)]


@pytest.mark.parametrize("band", [apart, in_one_line, number_first])
def test_a_band_over_the_goods_gives_their_number_and_moment(band: Any) -> None:
    orders = (FIRST, SECOND, THIRD)
    shown = [row for n, order in enumerate(orders) for row in (band(order, 160 + 110 * n), goods(order, 210 + 110 * n))]
    assert told(desktop(*shown)) == TOLD


def test_a_band_under_the_goods_is_theirs_too() -> None:
    orders = (FIRST, SECOND, THIRD)
    shown = [row for n, o in enumerate(orders) for row in (goods(o, 160 + 110 * n), apart(o, 205 + 110 * n))]
    assert told(desktop(*shown)) == TOLD


def test_a_number_without_its_word_is_known_beside_a_moment() -> None:
    orders = (FIRST, SECOND)
    bands = [[small(o[0], 120, 160 + 110 * n), small(o[1], 360, 160 + 110 * n)] for n, o in enumerate(orders)]
    shown = [row for n, o in enumerate(orders) for row in (bands[n], goods(o, 210 + 110 * n))]
    assert told(desktop(*shown)) == TOLD[:2]


def test_the_goods_of_an_order_with_several_are_not_guessed() -> None:
    further = [small("纸鸢书城月卡", 180, 262), small("¥12.00", 760, 262), small("2", 895, 262)]
    shown = [apart(FIRST, 160), goods(FIRST, 210), further, apart(SECOND, 330), goods(SECOND, 380)]
    first, second = told(desktop(*shown))
    assert "product" not in first
    assert first["amount"] == 63210
    assert second == TOLD[1]


def test_a_slanted_photo_keeps_bands_and_goods_together() -> None:
    orders = (FIRST, SECOND, THIRD)
    lines = [
        one
        for n, o in enumerate(orders)
        for one in (*apart(o, 160 + 110 * n), *goods(o, 215 + 110 * n))
    ]  # fmt: skip
    slanted = [replace(one, box=replace(one.box, y0=one.box.y0 - 0.03 * one.box.x0, y1=one.box.y1 - 0.03 * one.box.x0))
               for one in lines]  # fmt: skip
    assert told(desktop(slanted)) == TOLD


def test_an_english_table_with_bands() -> None:
    head = (("Item", 420), ("Qty", 880), ("Paid", 1000), ("Status", 1120), ("Actions", 1260))
    rows = [
        [small("2026-02-09 19:16", 120, 160), small("Order no. 7NZC1DM7W53K", 340, 160)],
        [small("Harbour Pass (1 Year)", 180, 210), small("1", 890, 210), small("¥327.50", 990, 210),
         small("Delivered", 1110, 210), small("Details", 1260, 210)],
        [small("2025-11-08 02:43", 120, 270), small("Order no. SYE-6305309-7694", 340, 270)],
        [small("300 Moon Gems", 180, 320), small("1", 890, 320), small("¥29.90", 990, 320),
         small("Refunded", 1110, 320), small("Details", 1260, 320)],
    ]  # fmt: skip
    assert [(row["order_number"], row["ordered_at"], row["product"]) for row in told(desktop(*rows, head=head))] == [
        ("7NZC1DM7W53K", "2026-02-09T19:16", "Harbour Pass (1 Year)"),
        ("SYE-6305309-7694", "2025-11-08T02:43", "300 Moon Gems"),
    ]
