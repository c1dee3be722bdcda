"""How a title on a card begins and goes on: a shop site's badge, a promise in brackets, a word that names codes."""

from __future__ import annotations

import pytest
from evidence_samples import STATUS_BAR, line, middle, page_of, right, rows

from service.domain.evidence import FieldName, Line, PageKind

RECORD = rows(
    *(("商品总价", "¥64.80"), ("实付款", "¥64.80"), ("订单编号", "202512287363951157")),
    *(("创建时间", "2025-12-28 00:13:17"), ("付款时间", "2025-12-28 00:15:39")),
    top=1000,
)


def product(*lines: Line) -> object:
    page = page_of(*STATUS_BAR, middle("订单详情", 120), middle("交易成功", 230), *lines, *RECORD)
    assert page.kind is PageKind.ORDER
    field = page.fields.get(FieldName.PRODUCT)
    return field.value if field else None


def card(*titles: str, start: float = 320.0) -> list[Line]:
    lines = [line(text, start, 500 + 60 * place) for place, text in enumerate(titles)]
    return [*lines, right("¥64.80", 1020, 500), right("x1", 1020, 560)]


@pytest.mark.parametrize("badge", ["天猫", "天猫超市", "京东自营", "柚猫"])
@pytest.mark.parametrize("goods", ["腾云视频会员月卡", "星海旅人点卡100元"])
def test_a_sites_badge_is_no_part_of_the_name(badge: str, goods: str) -> None:
    assert product(*card(badge + goods)) == goods


@pytest.mark.parametrize(
    "goods", ["天猫超市卡100元电子卡", "天猫精灵音乐会员月卡", "熊猫直播会员月卡", "加菲猫漫画会员年卡", "京东E卡100元"]
)
def test_a_name_of_goods_may_begin_like_one(goods: str) -> None:
    assert product(*card(goods)) == goods


@pytest.mark.parametrize("promise", ["【自动发货】", "【官方直充】", "【秒到账】"])
def test_a_promise_in_brackets_over_a_title_is_of_it(promise: str) -> None:
    assert product(*card(promise, "星海旅人648点券 填ID到账")) == f"{promise}星海旅人648点券 填ID到账"


def test_one_without_a_price_beside_it_is_a_tag() -> None:
    lines = [line("【自动发货】", 320, 440), *card("星海旅人648点券 填ID到账")]
    assert product(*lines) == "星海旅人648点券 填ID到账"


@pytest.mark.parametrize("second", ["激活码 全球版", "兑换码 官方正版", "卡密 在线自取"])
def test_a_word_that_names_codes_goes_on_with_a_title(second: str) -> None:
    assert product(*card("星海旅人远征篇豪华数字", second)) == f"星海旅人远征篇豪华数字{second}"


@pytest.mark.parametrize("shown", ["点击查看", "已发送至短信", "复制"])
def test_a_code_that_is_shown_on_demand_keeps_its_key(shown: str) -> None:
    page = page_of(*STATUS_BAR, *card("星海旅人点卡100元"), line(f"卡密 {shown}", 60, 800), *RECORD)
    assert page.fields[FieldName.PRODUCT].value == "星海旅人点卡100元"
