"""A shop's list of orders as its site shows it: a greeting over all, each order under its day and number."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line

from service.domain.evidence import FieldName, ImageFacts, Line, Page, PageKind, Read
from service.evidence import extract
from service.evidence.steps import deed_of
from service.evidence.values import tidy
from service.evidence.vocabulary import status_text

FACTS = ImageFacts(media_type="image/png", width=1440, height=900)
ORDERS = [
    ("2025-04-11 07:48:30", "T20250411000123", "优听音乐会员月卡 官方自动充值", "39.00", "等待收货"),
    ("2025-04-09 10:01:02", "T20250409000777", "一卡通点券100元", "98.00", "正在配货"),
    ("2025-04-01 22:10:00", "T20250401000555", "云盘超级会员年卡", "49.50", "已完成"),
]


def site(greeting: str = "你好，小鱼儿", *, beside: tuple[Line, ...] = ()) -> Page:
    lines = [
        *beside,
        line("上海", 60, 4, height=18),
        line(greeting, 900, 4, height=18),
        line("退出 帮助中心", 1120, 4, height=18),
        line("星河商城", 60, 50, height=30),
        line("历史订单", 220, 120, height=20),
        line("待评价3", 420, 120, height=20),
    ]
    for number, (moment, code, goods, amount, state) in enumerate(ORDERS):
        y = 180 + 140 * number
        lines += _order(y, moment, code, goods, amount, state)
    read = Read(lines=tuple(lines), image=FACTS)
    return extract(read, as_of=date(2026, 11, 20))


def _order(y: int, moment: str, code: str, goods: str, amount: str, state: str) -> list[Line]:
    return [
        line(moment, 240, y, height=18),
        line(f"订单号：{code}", 480, y, height=18),
        line("星河数卡", 780, y, height=18),
        line(goods, 330, y + 45, height=18),
        line("x1", 760, y + 45, height=18),
        line(f"¥{amount}", 1010, y + 45, height=18),
        line(state, 1130, y + 45, height=18),
        line("确认收货", 1290, y + 45, height=18),
    ]


@pytest.mark.parametrize("greeting", ["你好，小鱼儿", "您好 139****8800", "Hi, Mina", "hello xiaoyu", "欢迎回来"])
def test_a_site_that_greets_is_no_conversation(greeting: str) -> None:
    page = site(greeting)
    assert page.kind is PageKind.LIST
    assert [row.fields[FieldName.ORDER_NUMBER].value for row in page.rows] == [order[1] for order in ORDERS]


def test_goods_handed_over_by_themselves_are_no_state() -> None:
    assert [row.fields[FieldName.STATUS].value for row in site().rows] == [order[4] for order in ORDERS]
    assert [row.fields[FieldName.PRODUCT].value for row in site().rows] == [order[2] for order in ORDERS]


@pytest.mark.parametrize("goods", ["视频会员季卡官方直充", "手游月卡 秒充", "游戏点券 人工代充值"])
def test_goods_with_how_they_are_handed_over_are_no_step(goods: str) -> None:
    assert deed_of(goods) is None


@pytest.mark.parametrize("step", ["系统自动充值", "商家自动发货", "会员权益已自动充值", "卡密已发放", "充值到账"])
def test_what_was_done_to_goods_is_a_step(step: str) -> None:
    assert deed_of(step) is not None


@pytest.mark.parametrize(
    "state",
    [
        "正在备货",
        "商品出库",
        "打包中",
        "待出库",
        "已妥投",
        "等待厂家发货",
        "等待付款确认",
        "Packing",
        "Ready for dispatch",
    ],
)
def test_states_of_a_warehouse(state: str) -> None:
    assert status_text(state) == state


@pytest.mark.parametrize("words", ["出库单", "准备", "打包", "已准备好材料", "已开票", "锁定屏幕"])
def test_words_of_a_warehouse_alone_are_no_state(words: str) -> None:
    assert status_text(words) is None


@pytest.mark.parametrize("menu", ["优惠券", "余额", "红包"])
def test_a_menu_s_word_beside_the_goods_is_no_key_of_theirs(menu: str) -> None:
    page = site(beside=(line(menu, 60, 225, height=18),))
    assert [row.fields[FieldName.PRODUCT].value for row in page.rows] == [order[2] for order in ORDERS]


@pytest.mark.parametrize("printed", ["[秒到账】游戏月卡", "【秒到账]游戏月卡", "【秒到账】游戏月卡"])
def test_brackets_of_one_pair_are_of_one_kind(printed: str) -> None:
    assert tidy(printed) == "【秒到账】游戏月卡"
