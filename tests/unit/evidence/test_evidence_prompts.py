from __future__ import annotations

import pytest
from evidence_samples import line, middle, read, rows

from service.domain.evidence import ErrorCode, FieldName, PageKind
from service.evidence import extract

SAYINGS = [
    (ErrorCode.CODE_INVALID, "该激活码无效，请核对后重试"),
    (ErrorCode.CODE_INVALID, "您输入的兑换码不存在"),
    (ErrorCode.CODE_INVALID, "The product code you've entered is not valid."),
    (ErrorCode.CODE_INVALID, "Invalid gift card code"),
    (ErrorCode.CODE_USED, "此卡密已被其他账号使用"),
    (ErrorCode.CODE_USED, "兑换码已使用过"),
    (ErrorCode.CODE_USED, "This code has already been redeemed"),
    (ErrorCode.CODE_WRONG, "卡号或密码错误，请重新输入"),
    (ErrorCode.CODE_WRONG, "卡密格式不正确"),
    (ErrorCode.CODE_WRONG, "Incorrect code. Please try again."),
    (ErrorCode.EXPIRED, "激活码已过期"),
    (ErrorCode.EXPIRED, "Sorry, this code has expired"),
    (ErrorCode.TOPUP_FAILED, "话费充值失败，款项将原路退回"),
    (ErrorCode.TOPUP_FAILED, "Your top-up was unsuccessful"),
    (ErrorCode.NUMBER_NOT_FOUND, "充值失败：手机号码不存在"),
    (ErrorCode.NUMBER_NOT_FOUND, "您输入的手机号有误"),
    (ErrorCode.NUMBER_NOT_FOUND, "We can't find a user with this ID"),
    (ErrorCode.REGION_MISMATCH, "区服匹配失败"),
    (ErrorCode.REGION_MISMATCH, "该兑换码不支持您所在的地区使用"),
    (ErrorCode.REGION_MISMATCH, "This code cannot be redeemed in your country"),
    (ErrorCode.BALANCE_INSUFFICIENT, "支付失败，账户余额不足"),
    (ErrorCode.BALANCE_INSUFFICIENT, "Insufficient funds"),
    (ErrorCode.NO_SUCH_RECORD, "未查询到相关充值记录"),
    (ErrorCode.NO_SUCH_RECORD, "No transaction records found"),
    (ErrorCode.SYSTEM_BUSY, "系统繁忙，请稍后再试"),
    (ErrorCode.SYSTEM_BUSY, "网络开小差了"),
    (ErrorCode.SYSTEM_BUSY, "Something went wrong. Please try again later."),
    (ErrorCode.PAYMENT_FAILED, "付款失败"),
    (ErrorCode.PAYMENT_FAILED, "Your payment was declined"),
    (ErrorCode.DUPLICATE_PAYMENT, "该订单已支付，请勿重复支付"),
    (ErrorCode.DUPLICATE_PAYMENT, "You have been charged twice"),
    (ErrorCode.ORDER_NOT_FOUND, "订单不存在或已被删除"),
    (ErrorCode.ORDER_NOT_FOUND, "Order not found"),
    (ErrorCode.OUT_OF_STOCK, "商品库存不足"),
    (ErrorCode.OUT_OF_STOCK, "This item is out of stock"),
    (ErrorCode.ACCOUNT_RESTRICTED, "您的账号存在异常，已被限制充值"),
    (ErrorCode.ACCOUNT_RESTRICTED, "Your account has been suspended"),
    (ErrorCode.NOT_DELIVERED, "款项已支付，话费未到账"),
    (ErrorCode.NOT_DELIVERED, "Delivery failed"),
]

HARMLESS = [
    "激活成功",
    "充值成功，请勿重复支付",
    "兑换成功，该卡密已使用",
    "支付成功",
    "Redeemed successfully",
    "确认激活该卡密吗？激活后卡密将失效",
    "确定取消订单吗？",
    "如充值失败请联系客服",
    "若24小时未到账，请联系客服",
    "充值未到账怎么办？",
    "1、已被使用的卡密不支持退款",
    "充值失败后自动退款",
    "If the code is invalid, contact support",
    "Is your code already used?",
    "这里是提示内容，这里是提示内容",
    "使用已过期的优惠券",
    "验证码已发送",
    "请输入卡密",
]


@pytest.mark.parametrize(("code", "saying"), SAYINGS)
def test_a_prompt_is_told_by_its_meaning(code: ErrorCode, saying: str) -> None:
    shown = extract(read(middle("提示", 500), middle(saying, 700), middle("我知道了", 1000)))
    assert shown.fields[FieldName.ERROR_PROMPT].value == code.value
    assert shown.kind is PageKind.PROMPT


@pytest.mark.parametrize("saying", HARMLESS)
def test_tips_questions_and_good_news_are_no_prompts(saying: str) -> None:
    shown = extract(read(middle("提示", 500), middle(saying, 700), middle("确定", 1000)))
    assert FieldName.ERROR_PROMPT not in shown.fields


def test_a_message_wraps_anywhere() -> None:
    shown = extract(
        read(middle("温馨提示", 500), line("抱歉，您输入的激活码已被", 240, 700), line("使用，请更换", 240, 756))
    )
    found = shown.fields[FieldName.ERROR_PROMPT]
    assert found.value == ErrorCode.CODE_USED.value
    assert found.box.y0 == 700
    assert found.box.y1 == 796


@pytest.mark.parametrize("saying", ["激沽码无效", "余额不促", "系统繁亡"])
def test_one_misread_character_does_not_hide_a_prompt(saying: str) -> None:
    shown = extract(read(line(saying, 300, 700, score=0.85), middle("确定", 1000)))
    assert FieldName.ERROR_PROMPT in shown.fields


def test_words_on_a_full_order_page_are_not_its_message() -> None:
    page = [
        line("订单详情", 440, 80),
        *rows(("订单编号", "T20250411000123"), ("下单时间", "2025-04-11 07:48:30"), ("实付款", "¥39.00"), top=300),
        *rows(("支付方式", "微信支付"), ("充值账号", "13800138000"), ("订单状态", "充值成功"), top=600),
        line("充值未到账请联系在线客服为您处理", 60, 1000),
        line("已过期的优惠券不能使用", 60, 1060),
        line("再次购买", 800, 1400),
    ]
    shown = extract(read(*page))
    assert shown.kind is PageKind.ORDER
    assert FieldName.ERROR_PROMPT not in shown.fields


def test_the_reason_in_a_record_of_an_application_is_the_applicant_s_own() -> None:
    facts = rows(
        ("服务单号", "1740774142"),
        ("申请退款金额", "¥2.25"),
        ("原因", "卡密无法使用"),
        ("订单号", "T20250411000123"),
        ("下单时间", "2025-04-11 07:48:30"),
        ("订单实付", "¥9.50"),
    )
    page = extract(read(line("9:41", 60, 20), line("<服务单详情", 40, 130), *facts))
    assert FieldName.ERROR_PROMPT not in page.fields


def test_a_card_that_cannot_be_reported_lost_is_not_locked() -> None:
    facts = rows(("订单编号", "T20250411000123"), ("下单时间", "2025-04-11 07:48:30"), ("卡密", "EE12F1EE3988526"))
    page = extract(read(*facts, line("本卡不记名、不挂失。售价以订单为准。", 60, 1300)))
    assert FieldName.ERROR_PROMPT not in page.fields
