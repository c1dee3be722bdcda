"""Small print of shops: links behind titles, the next tile's words, devices, accounts signed in, inline errors."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evidence_samples import AS_OF, FACTS, STATUS_BAR, line, middle, page_of, right, rows, values_of

from service.domain.evidence import FieldName, PageKind, Read
from service.evidence import extract


@pytest.mark.parametrize("link", ["[交易快照]", "【商品快照】"])
def test_a_link_to_a_snapshot_is_no_part_of_a_title(link: str) -> None:
    goods = [line(f"云帆通用话费98元充值 {link}", 60, 300), line("¥98.00", 60, 370)]
    facts = rows(("订单编号", "T20250411000123"), ("实付款", "¥98.00"), ("下单时间", "2025-04-11 07:48:30"), top=700)
    assert values_of(*STATUS_BAR, middle("订单详情", 110), *goods, *facts)["product"] == "云帆通用话费98元充值"


def test_goods_shown_in_several_places_are_no_watermark() -> None:
    shelf = [line("1980 Star Gems + Bonus", 60 + 470 * (n % 2) + 20 * n, 1400 + 150 * n) for n in range(4)]
    facts = rows(("Order no.", "T20261003081244"), ("Ordered at", "2026-10-03 08:12:44"), top=700)
    assert "platform_mark" not in values_of(*STATUS_BAR, middle("Order details", 110), *facts, *shelf)


@pytest.mark.parametrize("device", ["Platform: PC · Region: Global", "平台：PC 地区：中国大陆"])
def test_the_device_a_game_runs_on_is_nobody_s_mark(device: str) -> None:
    facts = rows(("Order no.", "T20261003081244"), ("Ordered at", "2026-10-03 08:12:44"), top=700)
    assert "platform_mark" not in values_of(*STATUS_BAR, middle("Order details", 110), line(device, 60, 300), *facts)


def test_a_way_to_pay_ends_where_the_next_fact_begins() -> None:
    tiles = [line("支付方式", 60, 700), line("微信支付", 60, 746), line("账单抬头", 60, 792), line("满集", 60, 838)]
    tiles += [line("订单编号", 600, 700), line("T20250411000123", 600, 746)]
    assert values_of(*STATUS_BAR, middle("订单详情", 110), *tiles)["payment_method"] == "微信支付"


def test_an_address_behind_a_payee_is_not_its_name() -> None:
    facts = rows(("Payee", "Larkspur Media Ltd help@larkspur.example"), ("Paid at", "2026-10-03 08:12:44"), top=700)
    head = [middle("Payment details", 110), middle("-$25.00", 300, height=80)]
    assert values_of(*STATUS_BAR, *head, *facts)["payee"] == "Larkspur Media Ltd"


def test_a_moment_may_have_an_at_before_its_clock() -> None:
    facts = rows(("Order no.", "T20261003081244"), ("Purchased on", "03 Aug, 2026 @03:45PM"), top=700)
    assert values_of(*STATUS_BAR, middle("Order details", 110), *facts)["ordered_at"] == "2026-08-03T15:45"


@pytest.mark.parametrize("key", ["当前账号", "Signed in as"])
def test_who_is_signed_in_at_a_form_is_told_with_doubt(key: str) -> None:
    form = [
        line(key, 60, 400),
        line("o.lind@example.com", 60, 460),
        line("卡号", 60, 560),
        line("1943468717309097", 60, 620),
    ]
    shown = page_of(*STATUS_BAR, middle("兑换中心", 110), *form, middle("该卡密已被使用", 1000), middle("确定", 1100))
    field = shown.fields[FieldName.RECHARGED_ACCOUNT]
    assert (field.value, field.score < 0.9) == ("o.lind@example.com", True)


@pytest.mark.parametrize("name", ["Code 1/2", "卡密2/2"])
def test_one_code_of_several_is_a_delivery(name: str) -> None:
    facts = [line("订单编号", 1100, 200), right("DD26080325933293", 1800, 200), line("下单时间", 1100, 260)]
    facts += [right("2026-08-03 15:45:10", 1800, 260)]
    codes = [line("云帆安全软件三台设备一年", 300, 180), line(name, 200, 300), line("T645-X029-X259-E803", 200, 350)]
    desk = Read(lines=(*facts, *codes), image=replace(FACTS, width=1920, height=1080))
    shown = extract(desk, as_of=AS_OF)
    assert shown.kind is PageKind.DELIVERY
    assert "T645" not in str([field.value for field in shown.fields.values()])


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("密码错误，您还可以再试3次", "code_wrong"),
        ("账号存在风险，已限制充值", "account_restricted"),
        ("账户余额不足，无法完成支付", "balance_insufficient"),
    ],
)
def test_an_error_in_a_form_and_what_follows_from_it(said: str, code: str) -> None:
    form = [
        line("充值账号", 60, 300),
        line("o.lind@example.com", 60, 360),
        right("切换", 1020, 360),
        line("卡号", 60, 460),
    ]
    form += [line("1943468717309097", 60, 520), line("兑换码", 60, 620), line("B302-Q413-T962-Q261", 60, 680)]
    foot = [
        line(text, 60, 1100 + 70 * row)
        for row, text in enumerate(("扫描卡片", "在哪里找到卡密？", "使用帮助", "服务条款", "购卡记录", "联系我们"))
    ]
    shown = page_of(
        *STATUS_BAR, middle("卡密充值", 110), *form, line(said, 60, 760, height=34), middle("确认充值", 900), *foot
    )
    assert shown.fields[FieldName.ERROR_PROMPT].value == code
