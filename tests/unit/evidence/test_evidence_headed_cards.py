"""Lists whose cards each have a row of headings, and names that a sum or a second line belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from evidence_samples import FACTS, line, middle, read, right

from service.domain.evidence import Line, PageKind, Read
from service.evidence import extract

Order = tuple[str, str, str, str, str]
ORDERS: tuple[Order, ...] = (
    ("T20250411000123", "云海视频会员季卡", "68.00", "2025-04-11 07:48:30", "已退款"),
    ("T20250409000777", "山岚手游月卡", "29.40", "2025-04-09 10:01:02", "交易成功"),
    ("T20250401000555", "加油电子券", "195.50", "2025-04-01 22:10:00", "待收货"),
)


def rows_of(shown: Read, *names: str) -> list[tuple[Any, ...]]:
    page = extract(shown, as_of=date(2025, 4, 12))
    assert page.kind is PageKind.LIST
    found = [{name.value: field.value for name, field in row.fields.items()} for row in page.rows]
    return [tuple(row.get(name) for name in names) for row in found]


def headed(orders: Sequence[Order]) -> list[Line]:
    lines = [line("我的订单", 120, 20, height=36)]
    for y, (number, goods, amount, moment, state) in zip(range(90, 900, 190), orders, strict=False):
        lines += [
            line("下单时间", 140, y, height=18),
            line("实付款", 420, y, height=18),
            right("订单编号", 1140, y, height=18),
            line(moment, 140, y + 24, height=18),
            line(f"¥{amount}", 420, y + 24, height=18),
            right(number, 1140, y + 24, height=18),
            line(state, 220, y + 74, height=22),
            right("订单详情", 1130, y + 90, height=20),
            line(goods, 220, y + 104, height=22),
        ]
    return lines


def test_each_card_under_headings_of_its_own_keeps_its_state_and_goods() -> None:
    shown = replace(read(*headed(ORDERS)), image=replace(FACTS, width=1280, height=800))
    names = ("order_number", "ordered_at", "amount", "status", "product")
    assert rows_of(shown, *names) == [
        (number, moment.replace(" ", "T"), round(float(amount) * 100), state, goods)
        for number, goods, amount, moment, state in ORDERS
    ]


def ledger(names: Sequence[tuple[str, ...]]) -> Read:
    """Phone rows: the name with the sum at its right, the moment with the state, the number."""
    lines = [line("14:16", 60, 20), right("5G", 1020, 20), middle("购买记录", 110)]
    y = 260.0
    for name, (number, _, amount, moment, state) in zip(names, ORDERS, strict=True):
        lines += [line(name[0], 190, y), right(f"¥{amount}", 1040, y)]
        lines += [line(text, 190, y + 48 * place) for place, text in enumerate(name[1:], 1)]
        y += 48 * (len(name) - 1)
        lines += [line(moment, 190, y + 66, height=34), right(state, 1040, y + 66)]
        lines += [line(f"订单号 {number}", 190, y + 126, height=34)]
        y += 250
    return read(*lines)


def test_a_round_sum_at_a_name_s_end_is_its_own_where_another_was_paid() -> None:
    shown = ledger((("石头商城充值卡 ¥68",), ("山岚手游月卡",), ("加油电子券 ¥199.5",)))
    assert rows_of(shown, "product", "amount") == [
        ("石头商城充值卡 ¥68", 6800),
        ("山岚手游月卡", 2940),
        ("加油电子券 ¥199.5", 19550),
    ]


def test_the_first_card_s_name_keeps_the_line_it_begins_in() -> None:
    shown = ledger((("云海视频会员季卡 电视电脑手机均可（购买", "前请核对账号）"), ("山岚手游月卡",), ("加油电子券",)))
    assert rows_of(shown, "product", "amount")[0] == ("云海视频会员季卡 电视电脑手机均可（购买前请核对账号）", 6800)
