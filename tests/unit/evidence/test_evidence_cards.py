"""Products without a key: cards, headlines, vouchers, what stands around them."""

from __future__ import annotations

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, Page
from service.evidence import extract

RECORD = rows(("订单编号", "KM2026041100012345"), ("下单时间", "2026-04-11 07:48:30"), top=1400)


def shown(*lines: Line) -> Page:
    return extract(read(*lines))


def product(*lines: Line) -> str | int | None:
    found = shown(*lines).fields.get(FieldName.PRODUCT)
    return found.value if found else None


def card(*title: str, under: tuple[str, ...] = (), shop: str = "老王点卡") -> list[Line]:
    """A shop's name, a picture's room, the title's lines with price and count at the right."""
    lines = [line(shop, 60, 420), right("¥39.00", 1020, 500), right("x1", 1020, 560, height=34)]
    lines += [line(text, 300, 500 + 58 * number) for number, text in enumerate(title)]
    return lines + [
        line(text, 300, 500 + 58 * len(title) + 52 * number, height=32) for number, text in enumerate(under)
    ]


def test_a_title_beside_its_price() -> None:
    assert product(line("订单详情", 440, 80), *card("云海幻境月卡"), *RECORD) == "云海幻境月卡"


def test_a_title_goes_on_while_its_lines_are_full() -> None:
    page = [line("订单详情", 440, 80), *card("腾跃视频会员年卡手机", "号直充自动到账"), *RECORD]
    assert product(*page) == "腾跃视频会员年卡手机号直充自动到账"


@pytest.mark.parametrize(
    "under",
    [
        "规格：标准版",
        "自动发货",
        "7天无理由退货",
        "套餐一",
        "微信1区",
        "虚拟商品不退换",
        "数量：1",
        "国服 一区；官方标配",
    ],
)
def test_what_stands_under_a_title_is_no_part_of_it(under: str) -> None:
    assert product(line("订单详情", 440, 80), *card("云海幻境月卡", under=(under,)), *RECORD) == "云海幻境月卡"


@pytest.mark.parametrize("shop", ["海豚互娱官方店", "阿里卡券", "小鹿充值", "Bluebird Digital", "极速数码专营店 >"])
def test_a_shop_over_a_card_is_no_product(shop: str) -> None:
    assert product(line("订单详情", 440, 80), *card("云海幻境640水晶", shop=shop), *RECORD) == "云海幻境640水晶"


def test_the_worth_of_a_card_may_stand_on_its_second_line() -> None:
    page = [line("订单详情", 440, 80), *card("国家电网电费充值一次", "500元"), *RECORD]
    assert product(*page) == "国家电网电费充值一次500元"


def test_a_title_may_end_in_a_word_that_is_a_key_elsewhere() -> None:
    page = [line("订单详情", 440, 80), *card("【秒到】六百四钻石填写", "游戏ID"), *RECORD]
    assert product(*page) == "【秒到】六百四钻石填写游戏ID"


def test_two_cards_of_one_order_name_no_product() -> None:
    second = [line("青柚视频季卡", 300, 800), right("¥58.00", 1020, 800), right("x1", 1020, 860)]
    assert product(line("订单详情", 440, 80), *card("云海幻境月卡"), *second, *RECORD) is None


def test_what_else_the_shop_sells_is_not_what_was_bought() -> None:
    others = [
        one
        for number, name in enumerate(("原野传说点卡", "星河战纪礼包"))
        for one in (line(name, 60 + 520 * number, 2000), line("¥30.00", 60 + 520 * number, 2060))
    ]
    page = shown(line("订单详情", 440, 80), *card("云海幻境月卡"), *RECORD, *others)
    assert page.fields[FieldName.PRODUCT].value == "云海幻境月卡"


def test_a_headline_over_its_secret_names_the_goods() -> None:
    page = [
        line("卡密详情", 440, 80),
        *rows(("订单编号", "KM2026041100012345"), ("实付金额", "¥30.00"), top=200),
        line("极速漂移1000点券", 60, 600),
        *rows(("卡号", "82973868204"), ("卡密", "29738682042249"), top=680),
    ]
    assert product(*page) == "极速漂移1000点券"


def test_a_key_and_a_card_that_differ_lower_the_score() -> None:
    page = shown(
        line("订单详情", 440, 80), *card("云海幻境月卡"), *RECORD, *rows(("商品名称", "青柚视频季卡"), top=1700)
    )
    found = page.fields[FieldName.PRODUCT]
    assert found.value == "青柚视频季卡"
    assert found.score < 0.9
    assert "云海幻境月卡" in found.note


def test_a_value_between_whose_lines_its_key_stands() -> None:
    page = [
        line("账单详情", 440, 80),
        middle("-39.00", 300, height=90),
        right("4200012345678901234567890", 1020, 500),
        line("交易单号", 60, 526),
        right("123", 1020, 556),
        right("328元 应用商店充值卡（中国", 1020, 680),
        line("商品名称", 60, 708),
        right("区）", 1020, 736),
        *rows(("支付方式", "零钱"), top=850),
    ]
    assert product(*page) == "328元 应用商店充值卡（中国区）"


def test_the_words_of_navigation_are_no_value() -> None:
    nav = [line("蓝鲸钱包", 60, 40), line("购买商品", 300, 40), line("订单查询", 520, 40), line("使用教程", 740, 40)]
    page = [*nav, *rows(("订单号", "KE81261448089228"), ("订单名称", "音浪音乐豪华绿钻"), top=600)]
    assert product(*page) == "音浪音乐豪华绿钻"


def test_a_checkout_bought_nothing_yet() -> None:
    assert product(line("收银台", 470, 80), *card("云海幻境月卡"), middle("立即支付", 1300)) is None
