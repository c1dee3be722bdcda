"""Money sent: transfers headed by whom they go to, bills that keep what came back, and a bank's record of a payment."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import Box, FieldName, Line, Page, PageKind
from service.evidence import extract
from service.evidence.paid_to import goes_out, named_in
from service.evidence.values import tidy
from service.evidence.vocabulary import status_text

_AS_OF = date(2026, 11, 20)


def _page(*lines: Line) -> Page:
    return extract(read(*lines), as_of=_AS_OF)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("转账-转给 晨光点卡-小吴", "晨光点卡-小吴"),
        ("转账一给*海燕", "*海燕"),
        ("转账-给橘子卡铺", "橘子卡铺"),
        ("汇款给**强", "**强"),
        ("转账给阿强充值", "阿强充值"),
        ("向阿强转账", "阿强"),
        ("给139充值店付款", "139充值店"),
        ("扫二维码付款-给星空数码店", "星空数码店"),
        ("Transfer - to *Haiyan", "*Haiyan"),
        ("Sent to: Nimbus Digital", "Nimbus Digital"),
        ("Payment to Larkspur Trading", "Larkspur Trading"),
        ("一口气超市", "一口气超市"),
    ],
)
def test_whom_money_goes_to(head: str, name: str) -> None:
    assert named_in(head) == name


def test_a_name_alone_does_not_say_that_money_goes_out() -> None:
    assert not any(
        map(goes_out, ["橘子卡铺", "转账", "转账成功", "收到转账", "Transfer", "来自阿强的转账", "向日葵小店"])
    )


def _transfer(head: str, amount: str, state: str) -> Page:
    facts = rows(
        ("转账备注", "尾款"),
        ("转账时间", "2026-07-18 01:34:48"),
        ("收款时间", "2026-07-18 03:10:12"),
        ("支付方式", "零钱"),
        ("转账单号", "2026071822001416070170902290"),
    )
    return _page(middle("转账详情", 120), middle(head, 350), middle(amount, 440, height=80), middle(state, 560), *facts)


@pytest.mark.parametrize("head", ["转账一给橘子卡铺", "转账-转给橘子卡铺", "向橘子卡铺转账", "转账给橘子卡铺"])
@pytest.mark.parametrize("state", ["已收款", "对方已收款", "好友已收钱"])
def test_what_was_sent_went_out_though_the_other_side_has_it(head: str, state: str) -> None:
    page = _transfer(head, "¥197.50", state)
    assert (page.kind, page.fields[FieldName.AMOUNT].value) == (PageKind.PAYMENT, 19750)
    assert page.fields[FieldName.PAYEE].value == "橘子卡铺"
    assert page.fields[FieldName.STATUS].value == state


def test_what_was_received_is_still_no_payment() -> None:
    assert FieldName.AMOUNT not in _transfer("来自橘子卡铺", "¥197.50", "已收款").fields
    assert status_text("对方已收款") == "对方已收款"


def _bill(*tail: tuple[str, str]) -> Page:
    facts = rows(
        ("当前状态", "已全额退款"),
        ("付款时间", "2026-05-09 23:26:50"),
        ("付款方式", "零钱通"),
        ("交易单号", "2026050922001416070170902290"),
        *tail,
    )
    return _page(middle("账单详情", 120), middle("星空数码店", 350), middle("¥14.00", 440, height=80), *facts)


@pytest.mark.parametrize(
    ("key", "value"), [("退款记录", "退款成功>"), ("退款详情", "已退款金额¥14.00"), ("退款到账", "零钱通")]
)
def test_a_bill_keeps_the_record_of_what_came_back_under_its_facts(key: str, value: str) -> None:
    assert _bill((key, value)).fields[FieldName.AMOUNT].value == 1400


def test_a_refunds_own_page_is_no_payment() -> None:
    facts = rows(
        ("退款时间", "2026-05-09 23:26:50"), ("退款方式", "零钱"), ("交易单号", "2026050922001416070170902290")
    )
    page = _page(middle("退款详情", 120), middle("退款成功", 350), middle("¥14.00", 440, height=80), *facts)
    assert FieldName.AMOUNT not in page.fields


@pytest.mark.parametrize("way_key", ["支出账户", "转出账户", "支出账号"])
@pytest.mark.parametrize("way", ["零钱通", "东岭银行储蓄卡(7315)"])
def test_a_banks_record_of_a_payment(way_key: str, way: str) -> None:
    page = _page(
        middle("交易明细", 120),
        middle("支出金额", 250),
        middle("-129.10", 330, height=80),
        *rows(
            ("交易后余额", "8,674.79"),
            ("电子回单号", "4200080525202601238596119516"),
            ("记账时间", "2026-01-23 00:45:13"),
            (way_key, way),
            ("对方户名", "星空数码经营部"),
            ("对方账号", "2433********0196"),
            ("对方开户行", "江南银行总行营业部"),
        ),
    )
    values = {name: field.value for name, field in page.fields.items()}
    assert values[FieldName.PAYEE] == "星空数码经营部"
    assert values[FieldName.PAYMENT_METHOD] == way
    assert values[FieldName.AMOUNT] == 12910
    # A receipt's number identifies the payment where no other does, and never for certain.
    assert values[FieldName.TRADE_NUMBER] == "4200080525202601238596119516"
    assert page.fields[FieldName.TRADE_NUMBER].score < 0.85
    assert FieldName.RECHARGED_ACCOUNT not in values


def test_a_balance_beside_the_way_to_pay_paid() -> None:
    page = _page(
        middle("Bill Details", 120),
        middle("Nimbus Digital", 350),
        middle("-50.00", 440, height=80),
        *rows(
            ("Payment Method", "Balance"),
            ("Transaction ID", "2026041922001121768815803602"),
            ("Available balance", "¥1,981.38"),
            ("Payment Time", "2026-04-19 23:56:29"),
        ),
    )
    assert page.fields[FieldName.PAYMENT_METHOD].value == "Balance"


def test_a_number_s_last_digit_may_stand_a_little_further_off() -> None:
    page = _page(
        middle("账单详情", 120),
        middle("-50.00", 440, height=80),
        line("交易流水号", 78, 700, height=36),
        Line(text="1000071879607138929690633424359", score=1.0, box=Box(316, 700, 1000, 736)),
        Line(text="0", score=1.0, box=Box(974, 763, 1000, 794)),
        line("付款方式", 78, 900, height=36),
        line("零钱", 900, 900, height=36),
    )
    assert page.fields[FieldName.TRADE_NUMBER].value == "10000718796071389296906334243590"


@pytest.mark.parametrize(
    ("read_as", "printed"),
    [
        ("农商银行储蓄卡（5540）)", "农商银行储蓄卡（5540）"),
        ("Bank card (5540))", "Bank card (5540)"),
        ("月卡(含(券))", "月卡(含(券))"),
    ],
)
def test_a_closing_bracket_read_twice(read_as: str, printed: str) -> None:
    assert tidy(read_as) == printed


@pytest.mark.parametrize("whom", ["Counterparty:", "Merchant", "Payee:"])
def test_a_serial_number_in_a_banks_record_is_the_payment_s(whom: str) -> None:
    page = _page(
        middle("Transaction details", 120),
        middle("-64.80", 330, height=80),
        *rows(
            (whom, "Nimbus Digital Ltd."),
            ("Transaction time:", "2026-01-16 22:46:29"),
            ("Serial number", "2026011622001001949196040497"),
            ("Counterparty account:", "95****3307"),
        ),
    )
    assert page.kind is PageKind.PAYMENT
    assert page.fields[FieldName.TRADE_NUMBER].value == "2026011622001001949196040497"
    assert page.fields[FieldName.PAYEE].value == "Nimbus Digital Ltd."


def test_a_serial_number_of_goods_is_what_was_delivered() -> None:
    page = _page(
        middle("Order details", 120),
        *rows(
            ("Product", "Vellum Pro license"),
            ("Merchant", "Nimbus Digital Ltd."),
            ("Order number", "DD26011622440013"),
            ("Paid at", "2026-01-16 22:46:29"),
            ("Serial number", "VLMP-8823-0917-4410"),
        ),
    )
    assert page.kind is PageKind.DELIVERY
    assert FieldName.TRADE_NUMBER not in page.fields


@pytest.mark.parametrize("height", [40.0, 31.0])
def test_a_line_that_fills_its_row_goes_on_in_a_flatter_box(height: float) -> None:
    page = _page(
        middle("账单详情", 120),
        middle("-45.91", 440, height=80),
        line("付款方式", 60, 600),
        right("零钱", 1020, 600),
        line("商品名称", 60, 690),
        right("星空影音会员年卡自动发货不支持退换请", 1020, 690),
        right("核对账号后下单", 1020, 690 + 54, height=height),
        line("交易号", 60, 834),
        right("2026011622001001949196040497", 1020, 834),
    )
    assert page.fields[FieldName.PRODUCT].value == "星空影音会员年卡自动发货不支持退换请核对账号后下单"


def test_a_small_remark_under_a_short_value_is_none_of_it() -> None:
    page = _page(
        middle("账单详情", 120),
        middle("-45.91", 440, height=80),
        line("付款方式", 60, 600),
        right("零钱", 1020, 600),
        line("商品名称", 60, 690),
        right("星空影音会员年卡", 1020, 690),
        right("自动发货不支持退换", 1020, 690 + 54, height=30),
        line("交易号", 60, 834),
        right("2026011622001001949196040497", 1020, 834),
    )
    assert page.fields[FieldName.PRODUCT].value == "星空影音会员年卡"


def test_a_bill_cut_off_from_its_keys_is_no_conversation() -> None:
    page = _page(
        line("收支详情", 80, 120),
        right("客服", 1060, 120),
        line("交易金额", 80, 250),
        line("-64.80", 80, 330, height=80),
        right("江南银行总行营业部南浦支行", 1060, 600),
        right("星空数码经营部", 1060, 690),
        right("2025-10-30 14:09:32", 1060, 780),
        line("账单分期续费，最高可分", 0, 960),
        line("考，以柜台打印为准", 0, 1050),
    )
    assert (page.kind, page.fields[FieldName.AMOUNT].value) == (PageKind.PAYMENT, 6480)
