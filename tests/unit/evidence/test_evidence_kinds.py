"""Which kind of page: steps, vouchers, dialogs over a page, notifications, shelves; and the state each shows."""

from __future__ import annotations

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, Page, PageKind
from service.evidence import extract

RECORD = rows(("订单编号", "KM2026041100012345"), ("下单时间", "2026-04-11 07:48:30"), ("实付款", "¥39.00"), top=900)


def shown(*lines: Line) -> Page:
    return extract(read(*lines))


def steps(*names: str, done: int) -> list[Line]:
    """A row of steps; those that were reached have their time below."""
    found = []
    for number, name in enumerate(names):
        found.append(line(name, 80 + 260 * number, 400, height=34))
        if number < done:
            found.append(line(f"04-11 07:4{number}", 80 + 260 * number, 450, height=28))
    return found


def test_steps_are_an_order_and_no_tabs() -> None:
    page = shown(
        line("订单进度", 440, 80),
        line("待发货", 60, 200, height=60),
        *steps("已付款", "商家发货", "充值中", "交易完成", done=2),
        *RECORD,
    )
    assert page.kind is PageKind.ORDER
    assert page.fields[FieldName.STATUS].value == "待发货"


def test_the_step_reached_is_the_state_with_doubt() -> None:
    page = shown(line("订单进度", 440, 80), *steps("提交订单", "付款成功", "充值到账", done=2), *RECORD)
    state = page.fields[FieldName.STATUS]
    assert page.kind is PageKind.ORDER
    assert state.value == "付款成功"
    assert state.score < 0.9
    assert state.note


def test_tabs_are_a_list() -> None:
    tabs = [line(text, 40 + 200 * number, 200) for number, text in enumerate(("全部", "待付款", "待发货", "待评价"))]
    assert shown(line("我的订单", 440, 80), *tabs, line("暂无订单", 440, 900)).kind is PageKind.LIST


VOUCHER_NAMES = ["券码", "核销码", "消费码", "取票码"]


@pytest.mark.parametrize("name", VOUCHER_NAMES)
@pytest.mark.parametrize("facts", [RECORD, ()])
def test_a_shown_voucher_s_code_is_delivered_whatever_is_told_of_its_order(name: str, facts: tuple[Line, ...]) -> None:
    page = shown(
        line("卡券详情", 440, 80),
        middle("云海幻境 30元点卡", 240, height=52),
        middle("待使用", 320),
        middle(name, 460, height=34),
        middle("6240 9267 1426", 520, height=50),
        *facts,
    )
    assert page.kind is PageKind.DELIVERY
    assert page.fields[FieldName.STATUS].value == "待使用"


def test_a_dialog_over_an_order_is_a_prompt() -> None:
    page = shown(
        line("订单详情", 440, 80),
        *rows(("订单编号", "KM2026041100012345"), ("下单时间", "2026-04-11 07:48:30"), top=200),
        middle("温馨提示", 800, height=46),
        middle("该卡密已被使用，请核对后重试", 900),
        middle("我知道了", 1020),
        *rows(("支付方式", "微信支付"), ("实付款", "¥39.00"), top=1500),
    )
    assert page.kind is PageKind.PROMPT
    assert page.fields[FieldName.ERROR_PROMPT].value == "code_used"


def test_a_state_among_a_record_is_no_message() -> None:
    page = shown(
        line("订单详情", 440, 80), middle("已过期", 240, height=52), *RECORD, *rows(("支付方式", "花呗"), top=1300)
    )
    assert page.kind is PageKind.ORDER
    assert page.fields[FieldName.STATUS].value == "已过期"


def test_a_wallet_s_notification_is_a_payment() -> None:
    page = shown(
        line("微信支付", 440, 80),
        middle("4月11日 07:48", 180, height=30),
        line("付款成功通知", 60, 280, height=46),
        middle("付款金额", 380, height=34),
        middle("¥39.00", 440, height=90),
        *rows(("收款方", "星河点卡"), ("商品", "云海幻境月卡"), ("支付方式", "零钱"), top=640),
    )
    assert page.kind is PageKind.PAYMENT
    assert page.fields[FieldName.PAYEE].value == "星河点卡"
    assert page.fields[FieldName.PRODUCT].value == "云海幻境月卡"


def test_a_checkout_s_ways_to_pay_make_no_payment() -> None:
    ways = [line(text, 60, 600 + 90 * number) for number, text in enumerate(("微信支付", "支付宝", "云闪付"))]
    page = shown(line("收银台", 470, 80), middle("¥39.00", 240, height=90), *ways, middle("确认支付 ¥39.00", 1300))
    assert page.kind is PageKind.UNKNOWN
    assert page.fields == {}


def test_a_shelf_records_nothing() -> None:
    goods = [
        one
        for number, name in enumerate(("云海幻境月卡", "星河战纪礼包", "原野传说点卡", "青柚视频季卡"))
        for one in (
            line(name, 60 + 520 * (number % 2), 400 + 400 * (number // 2)),
            line("¥30.00", 60 + 520 * (number % 2), 460 + 400 * (number // 2)),
        )
    ]
    assert shown(line("点卡专区", 440, 80), *goods).kind is PageKind.UNKNOWN


def test_a_headline_that_contradicts_the_key_is_noted() -> None:
    page = shown(
        line("订单详情", 440, 80),
        line("交易关闭", 60, 200, height=64),
        *RECORD,
        *rows(("订单状态", "充值成功"), top=1300),
    )
    state = page.fields[FieldName.STATUS]
    assert state.value == "充值成功"
    assert state.score < 0.9
    assert "交易关闭" in state.note


def test_text_beside_the_result_makes_it_a_key() -> None:
    page = shown(
        line("转账汇款", 440, 80),
        middle("¥39.00", 220, height=90),
        *rows(("处理结果", "转账已提交"), ("收款方", "李建国"), ("转出卡", "6222****4471"), top=420),
    )
    assert page.kind is PageKind.PAYMENT
    assert page.fields[FieldName.PAYMENT_METHOD].value == "6222****4471"


def test_an_account_holder_next_to_the_account_paid_to() -> None:
    page = shown(
        line("转账记录", 440, 80),
        middle("¥39.00", 220, height=90),
        *rows(("户名", "**国"), ("收款账号", "6222 **** **** 1234"), ("交易时间", "2026-04-11 11:47:59"), top=420),
    )
    assert page.fields[FieldName.PAYEE].value == "**国"
    assert page.fields[FieldName.PAYEE].score < 0.9


def test_lines_that_begin_with_keys_need_no_colon() -> None:
    column = ["订单编号 KM2026041100012345", "下单时间 2026-04-11 07:48", "状态 已完成", "商品 云海幻境月卡"]
    page = shown(line("订单详情", 440, 80), *[line(text, 60, 300 + 80 * number) for number, text in enumerate(column)])
    assert page.fields[FieldName.STATUS].value == "已完成"
    assert page.fields[FieldName.PRODUCT].value == "云海幻境月卡"


def test_who_was_paid_in_a_sentence_s_form() -> None:
    page = shown(
        line("账单详情", 440, 80),
        middle("向海豚互娱官方店付款", 240),
        middle("-39.00", 320, height=90),
        *rows(("支付方式", "余额宝"), ("支付时间", "2026-04-11 07:48:30"), top=600),
    )
    assert page.fields[FieldName.PAYEE].value == "海豚互娱官方店"


def test_a_plain_phone_among_an_order_s_details_is_doubted() -> None:
    page = shown(
        line("订单详情", 440, 80), *RECORD, right("", 1020, 10), *rows(("手机号码", "138 0013 8000"), top=1300)
    )
    found = page.fields[FieldName.RECHARGED_ACCOUNT]
    assert found.value == "13800138000"
    assert found.score < 0.9
