"""Badges that say for whom a price is, before a title: no sum's key, no word of the title."""

from __future__ import annotations

import pytest
from evidence_samples import STATUS_BAR, line, right, rows, values_of

from service.domain.evidence import Line
from service.evidence.normalise import strip_noise

RECORD = rows(("订单编号", "DD26010327834078"), ("创建时间", "2026-01-03 18:02:44"), ("付款方式", "云闪付"), top=1100)
TOTAL = (line("实付款", 60, 960), right("¥645.22", 1020, 960))


def product(*lines: Line) -> object:
    return values_of(*STATUS_BAR, line("订单详情", 440, 100), *lines, *TOTAL, *RECORD).get("product")


@pytest.mark.parametrize("badge", ["会员价", "限时折扣", "秒杀价", "新人价"])
def test_a_price_badge_beside_a_title_is_no_key(badge: str) -> None:
    first = line(badge, 300, 504, height=32)
    seen = product(
        line("云岭数卡专营店>", 60, 400),
        first,
        line("腾云方舟季度通行证", first.box.x1 + 14, 500),
        right("¥648.00", 1020, 500),
        line("激活码（主机）不支持退换", 300, 560),
        right("×1", 1020, 560),
    )
    assert seen == "腾云方舟季度通行证激活码（主机）不支持退换"


@pytest.mark.parametrize("badge", ["会员价", "限时特价", "拼团价"])
def test_a_price_badge_run_together_with_its_title_is_left_out(badge: str) -> None:
    seen = product(
        line("云岭数卡专营店>", 60, 400),
        line(f"{badge}晴空影视黄金会员 3个月", 300, 500),
        right("¥58.00", 1020, 500),
        line("极速发货", 300, 556, height=34),
        right("×1", 1020, 556),
    )
    assert seen == "晴空影视黄金会员 3个月"


def test_a_discounts_row_stays_a_discount() -> None:
    found = values_of(
        *STATUS_BAR,
        line("订单详情", 440, 100),
        line("云岭数卡专营店>", 60, 400),
        line("晴空影视黄金会员 3个月", 300, 500),
        right("¥58.00", 1020, 500),
        *rows(("商品金额", "¥58.00"), ("限时折扣", "-¥8.00"), ("实付款", "¥50.00"), top=700),
        *RECORD,
    )
    assert (found["product"], found["amount"]) == ("晴空影视黄金会员 3个月", 5000)


def test_where_a_title_says_to_look_is_no_button() -> None:
    assert strip_noise("双月协奏100点卡 官方卡密请到订单详情查看") == "双月协奏100点卡 官方卡密请到订单详情查看"
    assert strip_noise("双月协奏100点卡 查看详情") == "双月协奏100点卡"
