from __future__ import annotations

import pytest
from evidence_samples import STATUS_BAR, line, middle, page_of, right, rows, values_of
from hypothesis import given
from hypothesis import strategies as st

from service.domain.evidence import FieldName
from service.evidence.goods_words import UNLIKELY, goods_chance

FACTS = rows(("订单编号", "T20261003081244"), ("下单时间", "2026-10-03 08:12:44"), ("实付款", "¥30.00"), top=900)


@pytest.mark.parametrize(
    "name",
    [
        "云帆月卡 30天 自动续费",
        "Larkspur Deluxe Edition (PC)",
        "【秒发】星辰点卡328元",
        "12 Month Pass - Global",
        "6480 星钻礼包",
    ],
)
def test_names_of_goods_are_likely(name: str) -> None:
    assert goods_chance(name) > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "首页 / 我的订单 / 订单详情",
        "Please look into your mailbox",
        "Estimated tax",
        "到账可能有延迟，请耐心等候",
        "查看更多推荐",
    ],
)
def test_what_else_stands_on_a_page_is_not(text: str) -> None:
    assert goods_chance(text) <= UNLIKELY


@pytest.mark.parametrize("beside", ["Please look into your mailbox", "我的账户 / 订单 / 详情", "预计到账可能延迟"])
def test_a_line_like_no_goods_does_not_stand_for_them(beside: str) -> None:
    card = [line("云帆视频年卡", 240, 300), right("¥30.00", 1020, 300), line(beside, 240, 420)]
    assert values_of(*STATUS_BAR, middle("订单详情", 110), *card, *FACTS)["product"] == "云帆视频年卡"


def test_a_name_in_words_like_no_goods_is_told_with_doubt() -> None:
    facts = rows(("商品名称", "请前往邮箱查收"), ("订单编号", "T20261003081244"), ("下单时间", "2026-10-03 08:12:44"))
    found = page_of(*STATUS_BAR, middle("订单详情", 110), *facts).fields.get(FieldName.PRODUCT)
    assert found is None or (found.score < 0.9 and found.note)


@given(st.text(max_size=120))
def test_any_text_has_a_chance(text: str) -> None:
    assert 0.0 <= goods_chance(text) <= 1.0
