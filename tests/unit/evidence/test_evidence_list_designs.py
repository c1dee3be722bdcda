"""Lists of orders in the designs apps and shops really use, none of them a layout that anything is measured on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from evidence_samples import FACTS, line, middle, read, right

from service.domain.evidence import Box, Line, PageKind, Read
from service.evidence import extract

Order = tuple[str, str, str, str, str]
ORDERS: tuple[Order, ...] = (
    ("T20250411000123", "腾讯视频VIP会员月卡", "39.00", "2025-04-11 07:48:30", "充值失败"),
    ("T20250409000777", "骏网一卡通100元", "98.00", "2025-04-09 10:01:02", "交易成功"),
    ("T20250401000555", "Q币50个", "49.50", "2025-04-01 22:10:00", "已退款"),
    ("T20250330000444", "王者荣耀60点券", "6.00", "2025-03-30 08:00:01", "已完成"),
)
TABS = [line(text, 60 + 200 * n, 200) for n, text in enumerate(("全部", "待付款", "待发货", "待收货", "待评价"))]
PHONE = [line("14:16", 60, 20), right("5G", 1020, 20), middle("我的订单", 110), *TABS]


def desktop(*lines: Line) -> Read:
    return replace(read(*lines), image=replace(FACTS, width=1280, height=900))


def told(shown: Read, *names: str) -> list[tuple[Any, ...]]:
    page = extract(shown, as_of=date(2025, 4, 12))
    assert page.kind is PageKind.LIST
    assert not {"error_prompt", "amount"} & {name.value for name in page.fields}
    found = [{name.value: field.value for name, field in row.fields.items()} for row in page.rows]
    return [tuple(row.get(name) for name in names) for row in found]


def wanted(*names: str, orders: Sequence[Order] = ORDERS, minutes: bool = False) -> list[tuple[Any, ...]]:
    whole = [
        {
            "order_number": number,
            "product": goods,
            "amount": round(float(amount) * 100),
            "ordered_at": moment.replace(" ", "T")[: 16 if minutes else 19],
            "status": state,
        }
        for number, goods, amount, moment, state in orders
    ]
    return [tuple(order[name] for name in names) for order in whole]


def picture_left_price_right(y: float, order: Order) -> list[Line]:
    """Shop and state; picture with a word on it, title, unit price, count; what was paid in the end; buttons."""
    _, goods, amount, _, state = order
    return [
        line("星河数卡专营店 >", 60, y),
        right(state, 1020, y),
        line("自动发货", 90, y + 110, height=24),
        line(goods, 300, y + 80),
        right(f"¥{float(amount) + 10:.2f}", 1020, y + 80),
        right("x1", 1020, y + 135, height=32),
        line("规格：月卡；数量1", 300, y + 150, height=30),
        line("7天无理由", 300, y + 210, height=26),
        right(f"优惠¥10.00 实付款¥{amount}", 1020, y + 280),
        line("更多", 60, y + 360),
        right("申请售后", 700, y + 360, height=34),
        right("再买一单", 1010, y + 360, height=34),
    ]


def total_of_so_many(y: float, order: Order) -> list[Line]:
    _, goods, amount, _, state = order
    return [
        line("畅玩点卡店", 130, y),
        right(state, 1020, y),
        line(goods, 300, y + 80),
        right(f"¥{amount}", 1020, y + 80),
        line("x1", 300, y + 140, height=32),
        right(f"共1件商品 合计：¥{amount}", 1020, y + 260, height=36),
        right("查看详情", 700, y + 340, height=34),
        right("去评价", 1010, y + 340, height=34),
    ]


@pytest.mark.parametrize("card", [picture_left_price_right, total_of_so_many])
def test_cards_without_number_and_date(card: Callable[[float, Order], list[Line]]) -> None:
    lines = [one for n, order in enumerate(ORDERS) for one in card(300 + 480 * n, order)]
    names = ("product", "amount", "status")
    assert told(read(*PHONE, *lines), *names) == wanted(*names)


def test_cards_headed_by_their_moment() -> None:
    lines = [
        one
        for y, (_, goods, amount, moment, state) in zip(range(300, 2000, 340), ORDERS, strict=False)
        for one in (
            line(moment[:16], 60, y, height=32),
            right(state, 1020, y, height=36),
            line(goods, 260, y + 80),
            line("数量：1", 260, y + 140, height=30),
            right(f"¥{amount}", 1020, y + 100),
            right("共1件", 1020, y + 150, height=28),
            right("再来一单", 1010, y + 230, height=34),
        )
    ]
    names = ("product", "amount", "ordered_at", "status")
    assert told(read(*PHONE, *lines), *names) == wanted(*names, minutes=True)


def test_one_line_an_order() -> None:
    lines = [
        one
        for y, (_, goods, amount, moment, state) in zip(range(260, 900, 80), ORDERS, strict=False)
        for one in (
            line(goods, 40, y, height=30),
            line(moment[5:16], 480, y, height=30),
            right(f"¥{amount}", 830, y, height=30),
            right(state, 1040, y, height=30),
        )
    ]
    names = ("product", "amount", "ordered_at", "status")
    assert told(read(*PHONE[:2], middle("充值记录", 110), *lines), *names) == wanted(*names, minutes=True)


def test_cards_headed_by_labels_over_values() -> None:
    goods = ("Streamly Gift Card - digital code", "Northsong Gold Pack 980", "Emberfall Founder's Pack")
    lines = [line("Your Orders", 40, 30, height=34)]
    for y, name, (number, _, amount, moment, _) in zip(range(140, 900, 240), goods, ORDERS, strict=False):
        lines += [
            *(line(text, x, y, height=18) for text, x in (("ORDER PLACED", 40), ("TOTAL", 300), ("SHIP TO", 480))),
            right(f"ORDER # {number}", 1240, y, height=18),
            line(datetime.fromisoformat(moment).strftime("%B %d, %Y"), 40, y + 26, height=20),
            line(f"${amount}", 300, y + 26, height=20),
            line("A. Reader", 480, y + 26, height=20),
            right("View order details", 1240, y + 28, height=18),
            line("Delivered Apr 14", 40, y + 80, height=26),
            line(name, 180, y + 120, height=20),
            line("Buy it again", 180, y + 170, height=18),
        ]
    names = ("order_number", "product", "amount", "ordered_at")
    assert told(desktop(*lines), *names) == [
        (number, name, paid, moment[:10])
        for name, (number, _, paid, moment) in zip(
            goods, wanted("order_number", "product", "amount", "ordered_at"), strict=False
        )
    ]


# --- cards side by side --------------------------------------------------------------------------------------------


def bare_card(x: float, y: float, order: Order) -> list[Line]:
    number, goods, amount, moment, state = order
    return [
        line(f"单号 {number}", x, y, height=16),
        right(state, x + 380, y, height=16),
        line(goods, x, y + 50, height=18),
        line(moment, x, y + 110, height=16),
        right(f"¥{amount}", x + 380, y + 108, height=18),
    ]


def keyed_card(x: float, y: float, order: Order) -> list[Line]:
    number, goods, amount, moment, state = order
    return [
        line("新游卡铺", x, y, height=18),
        right(state, x + 380, y, height=18),
        line(goods, x + 90, y + 50, height=18),
        right("x1", x + 380, y + 50, height=16),
        line(f"下单时间：{moment}", x + 90, y + 90, height=16),
        right(f"实付：¥{amount}", x + 380, y + 118, height=18),
        line(f"订单号：{number}", x, y + 150, height=16),
        right("再次购买", x + 380, y + 150, height=16),
    ]


@pytest.mark.parametrize("card", [bare_card, keyed_card])
@pytest.mark.parametrize("abreast", [2, 3])
def test_cards_side_by_side(card: Callable[[float, float, Order], list[Line]], abreast: int) -> None:
    cards = [card(20 + 410 * (n % abreast), 100 + 230 * (n // abreast), order) for n, order in enumerate(ORDERS)]
    names = ("order_number", "product", "amount", "ordered_at", "status")
    shown = desktop(line("我的订单", 40, 30, height=26), *(one for own in cards for one in own))
    assert told(shown, *names) == wanted(*names)


def test_what_a_shop_offers_side_by_side_is_no_list_of_orders() -> None:
    order = (("订单编号", "T20250411000123"), ("下单时间", "2025-04-11 07:48:30"), ("实付金额", "¥39.00"))
    facts = [line(f"{key}：{value}", 40, 80 + 40 * n, height=18) for n, (key, value) in enumerate(order)]
    offers = [
        line(text, 40 + 300 * n, y, height=18)
        for n, price in enumerate(("¥19.90", "¥29.90", "¥49.90"))
        for text, y in (("点卡特惠", 420), (price, 460), ("已售完", 500))
    ]
    page = extract(desktop(line("订单详情", 40, 30, height=26), *facts, *offers))
    assert (page.kind, page.rows) == (PageKind.ORDER, ())
    assert {name.value: field.value for name, field in page.fields.items()}["amount"] == 3900


# --- what stands about the cards -----------------------------------------------------------------------------------


def test_a_watermark_aslant_joins_no_cards() -> None:
    lines = [
        one
        for y, (number, goods, amount, moment, state) in zip(range(300, 1900, 360), ORDERS, strict=False)
        for one in (
            line(f"No. {number}", 60, y),
            right(state, 1020, y),
            line(goods, 60, y + 110),
            line(moment, 60, y + 210),
            right(f"¥{amount}", 1020, y + 210),
        )
    ]
    marks = [
        Line(text, 0.95, Box(x, y, x + 240, y + 200))
        for n, text in enumerate(("内部资料请勿外传", "请勿外传", "内部资料"))
        for x, y in ((400 + 90 * n, 470 + 370 * n), (90, 500 + 360 * n))
    ]
    names = ("order_number", "product", "amount", "ordered_at", "status")
    assert told(read(*PHONE, *lines, *marks), *names) == wanted(*names)


def test_the_sum_over_the_word_for_it() -> None:
    lines = [
        one
        for y, (number, goods, amount, moment, state) in zip(range(150, 700, 130), ORDERS, strict=False)
        for one in (
            line(moment, 124, y, height=18),
            line(f"订单号：{number}", 300, y, height=18),
            line(goods, 194, y + 38, height=18),
            line("×1", 771, y + 38, height=18),
            right(f"¥{float(amount) + 1:.2f}", 1003, y + 38, height=18),
            line(state, 1040, y + 38, height=18),
            line("订单详情", 1142, y + 38, height=18),
            right(f"¥{amount}", 1003, y + 60, height=18),
            line("再次购买", 1142, y + 60, height=18),
            right("实付（含优惠）", 1003, y + 82, height=18),
        )
    ]
    names = ("order_number", "product", "amount", "ordered_at", "status")
    assert told(desktop(line("我的订单", 40, 30, height=26), *lines), *names) == wanted(*names)


def test_how_it_was_bought_is_not_what() -> None:
    goods = ("Ashen Frontier 2 - Season Pass", "Tallow Wallet Funds 15", "Hollowmere Deluxe Edition", "Starter Bundle")
    ways = ("In-Game Purchase", "Gift Purchase", "Gift Purchase", "In-App Purchase")
    lines = []
    for y, name, way, (number, _, amount, moment, _) in zip(range(100, 700, 90), goods, ways, ORDERS, strict=False):
        lines += [
            line(datetime.fromisoformat(moment).strftime("%b %d, %Y, %H:%M"), 132, y, height=20),
            line(name, 440, y, height=20),
            line(way, 850, y, height=20),
            right(f"¥{amount}", 1060, y, height=20),
            line("Key delivered", 1100, y, height=20),
            line(f"Order {number}", 440, y + 26, height=20),
            line("PayPal", 850, y + 26, height=20),
        ]
    shown = told(desktop(line("Purchase history", 40, 30, height=26), *lines), "order_number", "product", "status")
    assert shown == [(order[0], name, "Key delivered") for order, name in zip(ORDERS, goods, strict=True)]


def test_buttons_in_english_end_a_card() -> None:
    goods = ("6480 Diamonds", "Aurora Racer Activation Key", "Lark Music Premium (3 months)")
    lines = []
    for y, name, (number, _, amount, moment, _) in zip(range(460, 2300, 640), goods, ORDERS, strict=False):
        lines += [
            line("Purple Cards >", 40, y, height=46),
            right("Processing", 1080, y, height=46),
            line(name, 260, y + 85, height=46),
            right(f"¥{float(amount) + 5:.2f}", 1080, y + 85, height=46),
            line("Default", 260, y + 145, height=38),
            right("×3", 1080, y + 140, height=38),
            line(f"Order No. {number}", 40, y + 300, height=40),
            line(datetime.fromisoformat(moment).strftime("%d %b %Y %H:%M"), 40, y + 378, height=40),
            right(f"Paid ¥{amount}", 1080, y + 374, height=40),
            line("Support", 595, y + 465, height=50),
            line("Buy again", 846, y + 465, height=50),
        ]
    shown = told(read(line("12:50", 30, 5), middle("My orders", 110), *lines), "order_number", "product", "status")
    assert shown == [(order[0], name, "Processing") for order, name in zip(ORDERS, goods, strict=False)]


def test_goods_over_their_number_and_state() -> None:
    """The number with the state beside it ends a card here, and the rows are nearly as far apart as the cards."""
    lines = [line("This week", 34, 195), line("Last week", 34, 628)]
    states = ("Delivered", "Completed", "Processing", "Shipped")
    places = (285, 453, 718, 880)
    for n, ((number, _, amount, _, _), state, y) in enumerate(zip(ORDERS, states, places, strict=True)):
        lines += [
            line(f"Game Wallet Code {n}0", 39, y),
            right(f"¥{amount}", 1040, y),
            line(f"No. {number}", 36, y + 63),
            right(state, 1042, y + 60),
        ]
    shown = told(read(line("07:37", 22, 8), line("My orders", 60, 90), *lines), "order_number", "product", "amount")
    paid = [amount for (amount,) in wanted("amount")]
    assert shown == [(ORDERS[n][0], f"Game Wallet Code {n}0", paid[n]) for n in range(len(ORDERS))]
