from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from evidence_samples import FACTS, ZONE, claim, line, middle, read, right

from service.domain.checks import CheckCode, Result
from service.domain.evidence import Evidence, FieldName, Line, Page, Read
from service.domain.money import Money
from service.evidence import extract, verify

AS_OF = date(2025, 4, 12)
TABS = [line(text, 60 + 200 * n, 200) for n, text in enumerate(("全部", "待付款", "待发货", "已完成", "退款"))]
HEAD = [line("14:16", 60, 20), right("5G", 1020, 20), middle("我的订单", 110), *TABS]

OWN = ("T20250411000123", "腾讯视频VIP会员月卡", "¥39.00", "2025-04-11 07:48:30", "充值失败")
OTHER = ("T20250409000777", "骏网一卡通100元", "¥98.00", "2025-04-09 10:01:02", "交易成功")
THIRD = ("T20250401000555", "Q币50个", "¥49.50", "2025-04-01 22:10:00", "已退款")


def card(top: float, order: tuple[str, ...], *, number: bool = True) -> list[Line]:
    """A card of a phone's list: shop and state, goods and time, sum, buttons."""
    own_number, product, amount, moment, state = order
    shown = [line("老周点卡铺", 60, top), right(state, 1020, top)]
    if number:
        shown.append(line(f"订单号：{own_number}", 60, top + 60))
    return [
        *shown,
        line(product, 240, top + 130),
        line(moment, 240, top + 190, height=34),
        right(f"实付 {amount}", 1020, top + 270),
        line("删除订单", 640, top + 345),
        line("再次购买", 850, top + 345),
    ]


def cards(*orders: tuple[str, ...], number: bool = True, top: float = 300.0, height: int = 2340) -> Read:
    lines = [one for n, order in enumerate(orders) for one in card(top + 470 * n, order, number=number)]
    return replace(read(*HEAD, *lines), image=replace(FACTS, height=height))


def table(*orders: tuple[str, ...]) -> Read:
    edges = (60, 420, 800, 960, 1300)
    keys = ("订单号", "商品", "金额", "下单时间", "状态")
    lines = [line(text, x, 200, height=20) for text, x in zip(keys, edges, strict=True)]
    for n, order in enumerate(orders):
        lines += [line(text, x, 260 + 50 * n, height=20) for text, x in zip(order, edges, strict=True)]
    head = line("我的订单", 60, 100, height=30)
    return replace(read(head, *lines), image=replace(FACTS, width=1440, height=900))


def values(page: Page) -> list[dict[str, Any]]:
    return [{name.value: field.value for name, field in row.fields.items()} for row in page.rows]


@pytest.mark.parametrize("shown", [cards(OWN, OTHER, THIRD), table(OWN, OTHER, THIRD)], ids=["cards", "table"])
def test_each_order_of_a_list_is_a_row(shown: Read) -> None:
    page = extract(shown, as_of=AS_OF)
    assert page.fields == {}
    names = ("order_number", "product", "amount", "ordered_at", "status")
    assert [tuple(row[name] for name in names) for row in values(page)] == [
        ("T20250411000123", "腾讯视频VIP会员月卡", 3900, "2025-04-11T07:48:30", "充值失败"),
        ("T20250409000777", "骏网一卡通100元", 9800, "2025-04-09T10:01:02", "交易成功"),
        ("T20250401000555", "Q币50个", 4950, "2025-04-01T22:10:00", "已退款"),
    ]  # fmt: skip


def test_cards_that_show_no_number() -> None:
    page = extract(cards(OWN, OTHER, number=False), as_of=AS_OF)
    assert [(row["product"], row["amount"], row["status"]) for row in values(page)] == [
        ("腾讯视频VIP会员月卡", 3900, "充值失败"),
        ("骏网一卡通100元", 9800, "交易成功"),
    ]
    assert all("order_number" not in row for row in values(page))


def test_a_card_cut_at_the_page_s_end_is_not_taken() -> None:
    whole = cards(OWN, OTHER, THIRD)
    cut = [one for one in whole.lines if one.box.y0 < 300 + 940 + 200]  # the last card's sum is below the edge
    page = extract(replace(whole, lines=tuple(cut), image=replace(FACTS, height=1480)), as_of=AS_OF)
    assert [row["order_number"] for row in values(page)] == ["T20250411000123", "T20250409000777"]


def slanting(one: Line) -> Line:
    """Level at the table's heading, and the lower the more: over the width the lowest rows rise by most of a row."""
    rise = max(one.box.y0 - 210, 0) / 500 * one.box.x0 / 25
    return Line(one.text, one.score, replace(one.box, y0=one.box.y0 - rise, y1=one.box.y1 - rise))


def test_rows_of_a_photo_may_slant() -> None:
    states = ("待发货", "已发货", "交易关闭", "待评价")
    more = [(f"T202504010009{n}0", "Q币50个", "¥4.50", "2025-04-01 22:10:00", state) for n, state in enumerate(states)]
    shown = table(OWN, OTHER, THIRD, *more)
    page = extract(replace(shown, lines=tuple(slanting(one) for one in shown.lines)), as_of=AS_OF)
    shown_states = [(row["order_number"], row["status"]) for row in values(page)]
    assert shown_states[:3] == [(OWN[0], OWN[4]), (OTHER[0], OTHER[4]), (THIRD[0], THIRD[4])]
    assert [state for _, state in shown_states[3:]] == ["待发货", "已发货", "交易关闭", "待评价"]


# --- whose row it is -----------------------------------------------------------------------------------------------


def results(shown: Read, **changes: Any) -> dict[CheckCode, tuple[Result, str]]:
    page = extract(shown, as_of=AS_OF)
    evidence = [Evidence(sha256="a" * 64, outcome=shown, page=page)]
    return {one.code: (one.result, one.note) for one in verify(claim(**changes), evidence, zone=ZONE)}


FACT_CHECKS = (
    CheckCode.ORDER_NUMBER,
    CheckCode.AMOUNT,
    CheckCode.ORDERED_AT,
    CheckCode.PRODUCT,
    CheckCode.PAYMENT_STATE,
)


@pytest.mark.parametrize("shown", [cards(OTHER, OWN, THIRD), table(THIRD, OTHER, OWN)], ids=["cards", "table"])
def test_the_claim_s_own_row_is_compared(shown: Read) -> None:
    found = results(shown)
    for code in FACT_CHECKS[:4]:
        assert found[code][0] is Result.PASS, code
    wrong = results(shown, amount_paid=Money(4900), ordered_at=datetime(2025, 4, 10, 20, 0, tzinfo=UTC))
    assert wrong[CheckCode.AMOUNT][0] is Result.FAIL
    assert wrong[CheckCode.ORDERED_AT][0] is Result.FAIL


def test_look_alikes_in_the_number_are_the_same_row() -> None:
    shown = cards((OWN[0].replace("0", "O"), *OWN[1:]), OTHER)
    assert results(shown)[CheckCode.AMOUNT][0] is Result.PASS


def test_a_list_without_the_order_shows_nothing() -> None:
    found = results(cards(OTHER, THIRD))
    for code in FACT_CHECKS:
        assert found[code] == (Result.UNKNOWN, "the list shows other orders"), code


def test_a_row_without_number_is_told_by_goods_sum_and_time() -> None:
    found = results(cards(OTHER, OWN, THIRD, number=False))
    assert found[CheckCode.AMOUNT][0] is Result.PASS
    assert found[CheckCode.PRODUCT][0] is Result.PASS
    assert found[CheckCode.ORDER_NUMBER][0] is Result.UNKNOWN


def test_two_rows_that_fit_tell_nothing() -> None:
    assert results(cards(OWN, OWN, OTHER, number=False))[CheckCode.AMOUNT][0] is Result.UNKNOWN


def test_a_row_that_fits_but_for_its_sum_is_another_order_s() -> None:
    nearly = (*OWN[:2], "¥49.00", *OWN[3:])
    assert results(cards(nearly, OTHER, number=False))[CheckCode.AMOUNT][0] is Result.UNKNOWN


def test_the_own_row_s_refund_is_seen() -> None:
    found = results(cards((*OWN[:4], "已退款"), OTHER))
    assert found[CheckCode.PAYMENT_STATE] == (Result.FAIL, "the page shows the money already refunded")
    assert FieldName.STATUS not in extract(cards(OWN, OTHER)).fields


def test_a_list_of_payments_that_names_no_numbers() -> None:
    names = ("幻塔纪元通行证激活码", "百川网盘超级会员季卡", "骏网一卡通100元", "Q币50个")
    entries = [
        shown
        for n, name in enumerate(names)
        for shown in (
            line(name, 180, 400 + 210 * n),
            right(f"¥{n + 1}9.00", 1020, 430 + 210 * n),
            line(f"2025-04-1{n} 07:48:30", 180, 460 + 210 * n, height=34),
        )
    ]
    page = extract(read(line("14:16", 60, 20), right("5G", 1020, 20), middle("账单", 110), *entries), as_of=AS_OF)
    assert page.fields == {}
    assert [(row["product"], row["amount"], row["ordered_at"]) for row in values(page)] == [
        (name, 1900 + 1000 * n, f"2025-04-1{n}T07:48:30") for n, name in enumerate(names)
    ]


@pytest.mark.parametrize("state", ["充值失败", ""], ids=["each with a state", "one state covered"])
def test_a_picture_inside_a_card_takes_more_room_than_lies_between_cards(state: str) -> None:
    """A number's row with the state at its end heads a card; the moment shares its line with the sum."""
    lines = []
    for number, order in enumerate((OWN, OTHER, THIRD)):
        top, shown = 300 + 400 * number, order[4] if number != 0 or state else ""
        lines += [line(f"订单编号 {order[0]}", 60, top), line(order[1], 240, top + 70)]
        lines += [right(shown, 1020, top)] if shown else []
        lines.append(right(f"{order[3]} 实付{order[2]}", 1020, top + 270))
    found = values(extract(read(*HEAD, *lines), as_of=AS_OF))
    assert [(row["order_number"], row["amount"]) for row in found] == [
        (OWN[0], 3900),
        (OTHER[0], 9800),
        (THIRD[0], 4950),
    ]
    assert [row["ordered_at"] for row in found] == [one[3].replace(" ", "T") for one in (OWN, OTHER, THIRD)]
