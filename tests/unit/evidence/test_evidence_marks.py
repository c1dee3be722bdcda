from __future__ import annotations

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import Box, FieldName, Line
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
