"""Pages of structures met late: shelves beside the order, talk with an order's card, slips, transfers told in steps."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, Page, PageKind, Speaker
from service.evidence import extract

AS_OF = date(2025, 4, 20)
TITLE = line("订单详情", 440, 80)
RECORD = rows(("订单编号", "T20250411000123"), ("下单时间", "2025-04-11 07:48:30"), ("支付方式", "微信支付"), top=1000)


def page(*lines: Line) -> Page:
    return extract(read(*lines), as_of=AS_OF)


def value(shown: Page, name: FieldName) -> str | int | None:
    return shown.fields[name].value if name in shown.fields else None


def card(title: str, price: str, foot: str, top: float) -> list[Line]:
    return [line(title, 300, top), line(price, 300, top + 70), right(foot, 1020, top + 70)]


@pytest.mark.parametrize("foot", ["－ 1 ＋", "去购买", "532人付款", "Buy now"])
def test_a_card_that_can_still_be_bought_is_not_what_was_bought(foot: str) -> None:
    shelf = card("霜月三国季卡 官方直充", "¥64.00", foot, 300)
    own = [line("云海幻境月卡", 300, 600), right("¥39.00", 1020, 600), right("x1", 1020, 660)]
    assert value(page(TITLE, *shelf, *own, *RECORD), FieldName.PRODUCT) == "云海幻境月卡"


def test_recommendations_over_the_order_do_not_hide_it() -> None:
    shelf = [line("大家都在看", 60, 220), *card("霜月三国季卡", "¥64.00", "去购买", 300)]
    own = [line("云海幻境月卡", 300, 600), right("¥39.00", 1020, 600), right("x1", 1020, 660)]
    assert value(page(TITLE, *shelf, *own, *RECORD), FieldName.PRODUCT) == "云海幻境月卡"


def test_an_order_s_card_in_a_talk_gives_its_number_only() -> None:
    shown = page(
        middle("在线客服", 110, height=48),
        middle("10:02", 200, height=28),
        line("您好，这里是人工客服，请问有什么可以帮您", 60, 300),
        line("订单编号", 60, 460),
        line("T20250411000123", 300, 460),
        line("云海幻境月卡", 60, 540),
        right("充值卡一直没有到账，麻烦查一下", 1020, 700),
        line("请稍等，正在为您查询", 60, 860),
        line("请输入您想咨询的问题", 60, 2240),
    )
    assert shown.kind is PageKind.CHAT
    assert set(shown.fields) == {FieldName.ORDER_NUMBER}
    assert value(shown, FieldName.ORDER_NUMBER) == "T20250411000123"


def test_a_name_that_recurs_over_bubbles_is_no_part_of_what_is_said() -> None:
    shown = page(
        middle("云海卡券", 110, height=48),
        middle("10:02", 200, height=28),
        right("会员没到账", 1020, 300),
        line("小桃", 120, 420, height=30),
        line("您充值的手机号后四位是多少", 130, 470),
        right("3307 这个号码", 1020, 640),
        line("小桃", 120, 780, height=30),
        line("查到已开通成功，请您重新登录试试", 130, 830),
        line("请输入", 60, 2240),
    )
    said = [(one.speaker, one.text) for one in shown.messages]
    assert (Speaker.OTHER, "您充值的手机号后四位是多少") in said
    assert (Speaker.OTHER, "查到已开通成功，请您重新登录试试") in said


def test_a_service_s_notice_with_a_moment_over_it_is_no_talk() -> None:
    facts = rows(("订单号", "T20250411000123"), ("商品内容", "云海幻境月卡"), ("支付金额", "¥39.00"), top=400)
    shown = page(
        middle("云海卡券", 110, height=48),
        middle("2025-04-11 07:48", 220, height=28),
        line("充值结果通知", 60, 300),
        line("您好，您的订单有新的进展", 60, 340),
        *facts,
        line("购买时间", 60, 670),
        right("2025-04-11 07:48:30", 1020, 670),
    )
    assert shown.kind is not PageKind.CHAT
    assert value(shown, FieldName.AMOUNT) == 3900
    assert value(shown, FieldName.PRODUCT) == "云海幻境月卡"


def test_money_that_reached_the_other_side_was_paid() -> None:
    facts = rows(
        ("收款方", "临川信息技术有限公司"),
        ("付款账户", "零钱"),
        ("转账时间", "2025-04-11 07:48:30"),
        ("转账单号", "1000050001202504110012345678"),
        top=700,
    )
    shown = page(line("转账详情", 440, 80), middle("39.00", 220, height=80), middle("对方已收款", 330), *facts)
    assert value(shown, FieldName.AMOUNT) == 3900


def test_the_first_step_of_a_transfer_dates_its_payment() -> None:
    shown = page(
        line("转账详情", 440, 80),
        middle("39.00", 220, height=80),
        line("2025-04-11 07:48 提交转账", 120, 400),
        line("2025-04-11 07:52 到账成功", 120, 500),
        *rows(("收款人", "临川信息技术有限公司"), ("付款账户", "零钱"), top=700),
    )
    assert shown.kind is PageKind.PAYMENT
    assert value(shown, FieldName.PAID_AT) == "2025-04-11T07:48"
    assert shown.fields[FieldName.PAID_AT].score < 0.9
    assert FieldName.ORDERED_AT not in shown.fields


@pytest.mark.parametrize(("row", "way"), [("信用卡支付", "信用卡支付"), ("先用后付", "先用后付")])
def test_a_way_to_pay_in_the_place_of_the_sum_s_key(row: str, way: str) -> None:
    shown = page(TITLE, line("云海幻境月卡", 60, 300), line(row, 60, 420), right("39.00", 1020, 420), *RECORD[:4])
    assert value(shown, FieldName.PAYMENT_METHOD) == way
    assert value(shown, FieldName.AMOUNT) == 3900
    assert shown.fields[FieldName.AMOUNT].score < 0.9


def test_goods_named_like_a_way_to_pay_are_none() -> None:
    shown = page(TITLE, line("平台礼品卡50面额", 60, 300), right("¥39.00", 1020, 300), *RECORD[:4])
    assert FieldName.PAYMENT_METHOD not in shown.fields


def test_a_state_at_the_end_of_the_number_s_row_and_a_moment_under_it() -> None:
    shown = page(
        TITLE,
        line("订单编号：T20250411000123", 60, 240),
        right("已开通", 1020, 240),
        line("2025-04-11 07:48:30", 60, 300),
        line("云海幻境月卡", 300, 500),
        right("¥39.00", 1020, 500),
        *rows(("实付款", "¥39.00"), ("支付方式", "微信支付"), top=700),
    )
    assert value(shown, FieldName.STATUS) == "已开通"
    assert value(shown, FieldName.ORDERED_AT) == "2025-04-11T07:48:30"


def test_a_headline_in_words_not_known_is_a_state_in_doubt() -> None:
    shown = page(TITLE, line("宝贝飞奔而来", 60, 240, height=64), line("云海幻境月卡", 300, 500), *RECORD)
    assert value(shown, FieldName.STATUS) == "宝贝飞奔而来"
    assert shown.fields[FieldName.STATUS].score < 0.9


def test_what_the_applicant_wrote_is_no_prompt() -> None:
    shown = page(
        line("退款详情", 440, 80),
        line("问题描述：卡密无效", 60, 300),
        *rows(("退款金额", "¥39.00"), ("订单编号", "T20250411000123"), ("下单时间", "2025-04-11 07:48:30"), top=500),
    )
    assert FieldName.ERROR_PROMPT not in shown.fields


@pytest.mark.parametrize("printed", ["2026-04-11 19:55", "April 11, 2026 07:55 PM"])
def test_validity_ends_with_its_clock(printed: str) -> None:
    shown = page(TITLE, line("云海幻境月卡", 60, 300), *RECORD, *rows(("有效期至", printed), top=1400))
    assert value(shown, FieldName.VALID_UNTIL) == "2026-04-11T19:55"


def test_cards_that_repeat_are_a_list_without_a_word_for_it() -> None:
    def entry(title: str, state: str, top: float) -> list[Line]:
        return [
            line(title, 280, top),
            line("2025-04-11 07:48", 280, top + 70),
            line("¥39.00", 280, top + 160),
            right(state, 1020, top + 160),
        ]

    shown = page(
        line("订单", 500, 80),
        *entry("云海幻境月卡", "已完成", 300),
        *entry("霜月三国题库", "退款成功", 640),
        *entry("北境之歌季卡", "发货中", 980),
    )
    assert shown.kind is PageKind.LIST
    assert [row.fields[FieldName.PRODUCT].value for row in shown.rows] == [
        "云海幻境月卡",
        "霜月三国题库",
        "北境之歌季卡",
    ]
