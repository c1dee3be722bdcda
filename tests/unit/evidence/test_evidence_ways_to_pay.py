"""The way to pay where no key, or an unusual one, stands before it."""

from __future__ import annotations

import pytest
from evidence_fresh_pages import placed

from service.domain.evidence import FieldName, ImageFacts, Page, Read
from service.evidence import extract

FACTS = "订单编号 | 55001122334455 >\n下单时间 | 2026-04-11 08:00:00 >\n实付款 | ¥30.00 >"


def shown(row: str) -> Page:
    lines = placed(f"44 订单详情 ^\n48 交易成功\n+40\n商品名称 | 云海幻境月卡 >\n{FACTS}\n{row}")
    return extract(Read(lines=tuple(lines), image=ImageFacts(media_type="image/png", width=1080, height=1400)))


@pytest.mark.parametrize(
    ("row", "way"),
    [
        ("微信支付 | ¥30.00 >", "微信支付"),
        ("付款 | 花呗 >", "花呗"),
        ("Card | Visa •••• 4242 >", "Visa •••• 4242"),
        ("支付平台 | 支付宝 >", "支付宝"),
        ("结账方式 | 微信 >", "微信"),
        ("支付方式 | Xbox account balance >", "Xbox account balance"),
        ("支付方式 | 200 points + Visa >", "200 points + Visa"),
    ],
)
def test_a_way_to_pay_among_an_order_s_facts(row: str, way: str) -> None:
    assert shown(row).fields[FieldName.PAYMENT_METHOD].value == way


@pytest.mark.parametrize(
    "row", ["微信支付\n支付宝", "账户余额 | ¥1,000.00 >", "卖家 | 微信 >\n买家 | 支付宝 >", "余额 | ¥20.00 >"]
)
def test_a_choice_of_ways_and_a_balance_are_none(row: str) -> None:
    assert FieldName.PAYMENT_METHOD not in shown(row).fields
