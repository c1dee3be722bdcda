"""Goods' names among what stands around them: shops, brands, variants, members' banners, counters."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, PageKind
from service.evidence import extract

AS_OF = date(2026, 12, 1)
BAR = [line("14:16", 60, 20), right("5G", 1020, 20)]
RECORD = rows(("订单编号", "T20251027000123"), ("下单时间", "2025-10-27 15:37:08"), ("支付方式", "微信支付"), top=1300)


def product(*lines: Line) -> object:
    field = extract(read(*lines), as_of=AS_OF).fields.get(FieldName.PRODUCT)
    return field.value if field else None


def card(*under: Line, title: str = "星河影视VIP会员年卡", price_right: bool = False) -> list[Line]:
    """A shop's order: shop, picture's room, title, what stands under it, the price at the right or below."""
    price = right("¥328.00", 1020, 600) if price_right else line("¥328.00", 350, 740)
    return [
        *BAR, middle("订单详情", 110), line("阿柚的点卡小铺>", 60, 505), line(title, 350, 600, height=44),
        *under, price, right("实付¥328.00", 1020, 900), *RECORD,
    ]  # fmt: skip


@pytest.mark.parametrize("variant", ["夜雨听风", "小鱼干", "NoobMaster", "ZhaoYun_98", "moon_rabbit"])
def test_a_counted_line_under_a_title_is_the_variant_or_account_chosen(variant: str) -> None:
    under = [line(variant, 350, 668, height=44), right("×1", 1020, 668)]
    assert product(*card(*under)) == "星河影视VIP会员年卡"


@pytest.mark.parametrize("kind", ["订阅", "数字版", "自动续费订阅", "Subscription", "In-App Purchase", "Digital code"])
def test_the_kind_of_goods_under_their_name_is_no_part_of_it(kind: str) -> None:
    assert product(*card(line(kind, 350, 664, height=42), price_right=True)) == "星河影视VIP会员年卡"


def test_a_title_s_second_line_beside_its_count_is_the_title_s_where_the_price_stands_above() -> None:
    title = "星河影视VIP会员年卡直充到账"
    under = [line("手机号秒到", 350, 660, height=44), right("×1", 1020, 660)]
    assert product(*card(*under, title=title, price_right=True)) == "星河影视VIP会员年卡直充到账手机号秒到"


@pytest.mark.parametrize(("title", "rest"), [("弹珠勇士月卡+礼包【自动充", "值】"), ("掌机平台充值卡港服可", "用")])
def test_a_few_characters_that_found_no_room_are_the_title_s(title: str, rest: str) -> None:
    assert product(*card(line(rest, 350, 654, height=60), title=title, price_right=True)) == title + rest


@pytest.mark.parametrize(
    ("brand", "banner", "name", "state"),
    [
        ("沁影会员", "已累计陪伴你 400 天", "音乐会员季卡", "已发货"),
        ("星河SVIP", "成长值 1280", "影视会员月卡", "交易成功"),
        ("Fernline Premium", "With you for 483 days", "Harbour Wallet Top-up 100", "Completed"),
        ("Fernline Premium", "Member since 2021", "Season Two Pass", "Completed"),
    ],
)
def test_a_member_s_banner_is_not_what_was_bought(brand: str, banner: str, name: str, state: str) -> None:
    head = [*BAR, middle("开通详情", 110), line(brand, 110, 240, height=56), line(banner, 110, 320, height=34)]
    order = [line(name, 90, 500), right(state, 990, 500), line("实付", 90, 620), right("¥9.40", 990, 610, height=52)]
    assert product(*head, *order, *RECORD) == name


def test_goods_with_their_state_head_their_order() -> None:
    head = [*BAR, middle("开通详情", 110), line("鸣泉会员中心", 110, 240, height=56)]
    order = [line("有声书会员季卡", 90, 500), right("已到账", 990, 500)]
    assert product(*head, *order, *RECORD) == "有声书会员季卡"


def test_a_counter_s_name_is_no_goods() -> None:
    head = [*BAR, line("返回", 60, 110), middle("充值详情", 110), line("鹿鸣卡网·网上营业厅", 60, 200)]
    paid = [
        middle("办公软件家庭版一年订阅密钥", 400),
        middle("实际支付", 470, height=34),
        middle("49.50元", 530, height=84),
    ]
    facts = rows(
        ("充值号码", "199 0000 6921"), ("付款时间", "2025/10/24 23:08:03"), ("订单号", "DD25102411940085"), top=800
    )
    assert product(*head, *paid, *facts) == "办公软件家庭版一年订阅密钥"


@pytest.mark.parametrize("title", ["充值详情", "交费详情", "话费缴费详情"])
@pytest.mark.parametrize("state", ["待发货", "交易成功", "充值中"])
def test_goods_over_what_was_paid_on_a_top_up_s_page_are_no_payee(title: str, state: str) -> None:
    head = [*BAR, line("返回", 60, 110), middle(title, 110)]
    paid = [middle("铁幕天际月卡+礼包", 360), middle("实际支付", 430, height=34), middle("9.50元", 490, height=84)]
    facts = rows(
        ("缴费号码", "UID42409669"), ("支付方式", "杉湖银行信用卡(5512)"), ("支付时间", "2026-02-25 16:19"),
        ("订单号", "202602257411601934827690"), ("交易流水号", "2026022522001618176145193065"), top=800,
    )  # fmt: skip
    page = extract(read(*head, *paid, middle(state, 620), *facts), as_of=AS_OF)
    assert page.kind is PageKind.ORDER
    assert page.fields[FieldName.PRODUCT].value == "铁幕天际月卡+礼包"
    assert FieldName.PAYEE not in page.fields


@pytest.mark.parametrize("head", ["Larkspur", "鸣泉视频", "订单确认", "Order Confirmation"])
def test_whoever_heads_a_mail_is_no_state(head: str) -> None:
    mail = [*BAR, line("Your receipt from Larkspur", 60, 110), line("鸣泉视频 <noreply@store.example>", 180, 190)]
    shown = [*mail, line(head, 90, 330, height=60), line("有声书会员季卡", 90, 900), right("¥45.00", 990, 900), *RECORD]
    assert FieldName.STATUS not in extract(read(*shown), as_of=AS_OF).fields
