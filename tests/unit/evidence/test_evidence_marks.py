from __future__ import annotations

from dataclasses import replace

import pytest
from evidence_samples import FACTS, line, middle, read, right, rows

from service.domain.evidence import Box, FieldName, Line, Read
from service.evidence import extract

HEAD = [line("14:16", 60, 20), right("5G", 1020, 20), middle("订单详情", 110)]
BODY = rows(("订单编号", "T20250411000123"), ("实付款", "¥39.00"), ("下单时间", "2025-04-11 07:48:30"))


def mark(*lines: Line) -> tuple[object, str] | None:
    found = extract(read(*lines)).fields.get(FieldName.PLATFORM_MARK)
    return (found.value, found.rule) if found else None


def aslant(text: str, x0: float, y0: float, score: float = 0.8) -> Line:
    """Text written upwards at some twenty degrees: its box is far too high for its width."""
    return Line(text, score, Box(x0, y0, x0 + 38.0 * len(text), y0 + 40.0 + 14.0 * len(text)))


def test_a_page_without_a_mark() -> None:
    assert mark(*HEAD, *BODY) is None


def test_a_tilted_watermark_read_a_little_differently_each_time() -> None:
    places = [aslant("星河点卡商城", 90, 300), aslant("星河点长商城", 500, 800, 0.6), aslant("星河点卡商城", 200, 1500)]
    assert mark(*HEAD, *BODY, *places) == ("星河点卡商城", "watermark")


def test_a_level_watermark_strewn_over_the_page() -> None:
    places = [line("Bluebird Pay", 100 + 420 * (n % 2) + 40 * n, 560 + 240 * n, height=34) for n in range(5)]
    assert mark(*HEAD, *BODY, *places) == ("Bluebird Pay", "watermark")


def test_the_buttons_and_goods_of_a_list_are_no_watermark() -> None:
    cells = [line(text, x, 400 + 200 * n) for n in range(4) for text, x in (("查看卡密", 700), ("骏网一卡通", 60))]
    assert mark(*HEAD, *BODY, *cells) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("本服务由杭城星河网络科技有限公司提供", "杭城星河网络科技有限公司"),
        ("由 万卡通 提供技术支持", "万卡通"),
        ("Powered by Bluebird Digital", "Bluebird Digital"),
        ("© 2020-2026 Bluebird Digital. All rights reserved", "Bluebird Digital"),
        ("Copyright 2026 星河商城 版权所有", "星河商城"),
        ("技术支持：星河网络", "星河网络"),
    ],
)
def test_a_footer_names_the_provider(text: str, value: str) -> None:
    assert mark(*HEAD, *BODY, middle(text, 2100)) == (value, "footer")


def test_what_the_shop_provides_for_is_no_footer() -> None:
    assert mark(*HEAD, *BODY, middle("由您提供的资料", 2100)) is None


def test_a_seal() -> None:
    assert mark(*HEAD, *BODY, line("江南银行电子回单专用章", 600, 1500)) == ("江南银行电子回单专用章", "seal")


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("支付宝", "支付宝"),
        ("星河点卡", "星河点卡"),
        ("万卡通旗舰店", "万卡通旗舰店"),
        ("江南银行", "江南银行"),
        ("订单详情", None),
        ("我的订单", None),
        ("会员中心", None),
        ("话费充值", None),
        ("在线客服", None),
    ],
)
def test_a_platform_s_name_in_the_title_bar(title: str, value: str | None) -> None:
    found = mark(*HEAD[:2], middle(title, 110, height=50), *BODY)
    assert (found[0] if found else None) == value


def test_a_shop_or_payee_further_down_is_no_mark() -> None:
    assert mark(*HEAD, line("速达数码专营店", 60, 250), *BODY) is None


@pytest.mark.parametrize(
    "top",
    [
        [line("中国联通", 40, 24, height=34), line("订单详情", 450, 110, height=46)],
        [line("中国移动 4G", 40, 24, height=34), middle("14:16", 24, height=34)],
        [line("China Telecom", 40, 24, height=34), right("80%", 1040, 24, height=34)],
    ],
)
def test_a_net_s_name_at_the_top_is_no_mark(top: list[Line]) -> None:
    assert mark(*top, *BODY) is None


def test_a_carrier_s_own_page() -> None:
    assert mark(*HEAD[:2], middle("中国联通", 110, height=50), *BODY) == ("中国联通", "title bar")


@pytest.mark.parametrize(
    "lines",
    [
        [line("发行方：星河数卡", 60, 1200)],
        [line("交易平台", 60, 1200), right("星河数卡", 1020, 1200)],
        [line("来自 星河数卡", 60, 1200, height=30)],
        [line("Issued by: 星河数卡", 60, 1200)],
    ],
)
def test_who_issues_or_sells_it(lines: list[Line]) -> None:
    found = mark(*HEAD, *BODY, *lines)
    assert found is not None
    assert found[0] == "星河数卡"


def test_the_way_to_pay_and_the_shop_are_no_source() -> None:
    assert mark(*HEAD, *BODY, *rows(("订单来源", "微信支付"), ("店铺", "星河数卡"), top=1200)) is None


def test_the_sender_of_a_service_account_s_notice() -> None:
    notice = [line("口袋卡券", 180, 240, height=34), line("订单发货提醒", 60, 320, height=46)]
    assert mark(*HEAD[:2], *notice, *rows(("订单编号", "T20250411000123"), ("商品", "骏网一卡通"))) == (
        "口袋卡券",
        "service account",
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("星河商城客服热线 400-938-1115", "星河商城"),
        ("Bluebird support", "Bluebird"),
        ("联系客服 400-938-1115", None),
        ("商家客服", None),
    ],
)
def test_support_at_the_foot_is_the_provider_s(text: str, value: str | None) -> None:
    found = mark(*HEAD, *BODY, line(text, 300, 2200, height=30))
    assert (found[0] if found else None) == value


def test_a_site_s_name_in_the_corner_of_a_desktop_page() -> None:
    facts = rows(("订单编号", "T20250411000123"), ("实付款", "¥39.00"), top=200, pitch=40, page=1280)
    shown = Read(lines=(line("淘乐", 24, 16, height=20), *facts), image=replace(FACTS, width=1280, height=800))
    assert extract(shown).fields[FieldName.PLATFORM_MARK].value == "淘乐"
    titled = replace(shown, lines=(line("订单详情", 24, 16, height=20), *facts))
    assert FieldName.PLATFORM_MARK not in extract(titled).fields


def test_the_sender_s_name_over_a_letter_s_salutation() -> None:
    letter = [line("云雀购", 60, 200, height=60), line("尊敬的用户：", 60, 320), *BODY]
    assert mark(line("14:16", 60, 20), right("5G", 1020, 20), *letter) == ("云雀购", "letterhead")


@pytest.mark.parametrize(
    ("title", "told"),
    [("星河直充 电子回单", "星河直充"), ("橙芽支付电子回单", "橙芽支付"), ("银行电子回单", None), ("电子回单", None)],
)
def test_who_issues_a_receipt_stands_in_its_title(title: str, told: str | None) -> None:
    bill = rows(
        ("交易时间", "2025-04-11 07:48:30"), ("收款人户名", "某某公司"), ("金额", "¥39.00"), ("流水号", "20250411")
    )
    found = mark(*HEAD[:2], middle(title, 110), *bill)
    assert (found[0] if found else None) == told


def test_the_issuer_stands_first_on_a_drawn_card() -> None:
    card = [
        line("星河直充", 100, 220),
        line("星河点卡 100元 电子卡密", 100, 280, height=48),
        line("已发货", 100, 360),
        middle("卡密", 740),
        middle("8888 6666 5555 4444", 810, height=48),
        middle("复制", 920),
    ]
    assert mark(*HEAD[:2], *card, *BODY[:2]) == ("星河直充", "name on the card")


def test_a_part_of_a_site_in_its_title_row_is_no_platform() -> None:
    page = [
        line("云雀购", 80, 20, height=26),
        right("买家中心", 1200, 20, height=22),
        line("订单号", 84, 100, height=22),
        line("T20250411000123", 200, 100, height=22),
        line("下单时间", 575, 100, height=22),
        line("2025-04-11 07:48:30", 690, 100, height=22),
        line("实付 ¥53.20", 1100, 220, height=22),
    ]
    found = extract(Read(lines=tuple(page), image=replace(FACTS, width=1280, height=800)))
    assert found.fields[FieldName.PLATFORM_MARK].value == "云雀购"


@pytest.mark.parametrize(
    "foot",
    [
        [middle("© 浅川数卡 Powered by 小蓝发卡", 2100)],
        [middle("浅川数卡 | Powered by 小蓝发卡", 2100)],
        [middle("Copyright © 2026 浅川数卡", 2050), middle("Powered by 小蓝发卡", 2120)],
        [middle("浅川数卡 版权所有", 2050), middle("技术支持：小蓝发卡", 2120)],
    ],
)
def test_the_owner_of_a_site_goes_before_who_made_its_software(foot: list[Line]) -> None:
    assert mark(*HEAD, *BODY, *foot) == ("浅川数卡", "footer")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Larkspur <no-reply@larkspur.example>", "Larkspur"),
        ("发件人：星河视频<noreply@xinghe.example>", "星河视频"),
        ('From: "Larkspur Games" <orders@mail.larkspur.example>', "Larkspur Games"),
        ("南浦银行 <service@npbank.example>", "南浦银行"),
        ("Larkspur <noreplyelarkspur.example>", "Larkspur"),
    ],
)
def test_a_mail_is_its_sender_s(said: str, value: str) -> None:
    head = [line("14:16", 60, 20), line("您的购买收据", 60, 110), line(said, 180, 190), line("发给 我", 180, 240)]
    assert mark(*head, *BODY) == (value, "sender")


def test_an_address_among_the_facts_is_no_sender() -> None:
    assert mark(*HEAD, *BODY, *rows(("充值账号", "u7379@mail.example"), top=1000)) is None


@pytest.mark.parametrize(
    "said", ["云麓通信·网上营业厅", "云麓通信 掌上营业厅", "云麓通信营业厅", "云麓通信 | 自助缴费大厅"]
)
def test_whose_counter_it_is(said: str) -> None:
    head = [line("14:16", 60, 20), line("返回", 60, 110), middle("充值详情", 110), line(said, 60, 190)]
    assert mark(*head, *BODY) == ("云麓通信", "counter")


def test_words_to_the_reader_are_no_name() -> None:
    desktop = [line("感谢您的购买", 40, 30, height=24)]
    facts = [line(f"{key}：{value}", 300, 200 + 50 * n, height=20) for n, (key, value) in enumerate(
        (("订单编号", "T20250411000123"), ("实付款", "¥39.00"), ("下单时间", "2025-04-11 07:48:30")))]  # fmt: skip
    page = replace(read(*desktop, *facts), image=replace(FACTS, width=1440, height=900))
    assert FieldName.PLATFORM_MARK not in extract(page).fields
    assert mark(line("14:16", 60, 20), middle("您的购买收据", 110), *BODY) is None


def test_the_name_before_a_site_s_navigation_read_as_one_line() -> None:
    assert mark(line("浅川数卡 首页 查询订单 联系我们", 40, 30, height=24), *BODY) == ("浅川数卡", "logo")
