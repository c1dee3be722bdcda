"""Pages of cards and codes: what they are, and their help texts, which report no error."""

from __future__ import annotations

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, PageKind
from service.evidence import extract

_HELP = (
    ("使用说明", "激活失败请联系客服", "卡密已被使用", "兑换码不存在"),
    ("常见问题", "卡密无效", "请核对字母大小写", "账号被限制兑换"),
    ("兑换遇到问题？", "提示卡密已使用", "激活失败", "系统繁忙"),
    ("温馨提示", "卡密错误：请核对大小写", "账号异常的，请先解除限制", "激活失败，请更换网络"),
    ("Trouble redeeming?", "Code already used", "Activation failed", "Code has expired"),
    ("How to use", "This code is invalid", "Card already redeemed", "Contact support"),
)


def card(*tips: str, code: str = "4221-7749-8023 复制") -> list[Line]:
    facts = rows(
        ("卡号", "8607 1177 0163 3692"), ("激活码", code), ("订单号", "202605095003565360"), ("实付款", "¥14.00")
    )
    tail = [line(tip, 60, 1100 + 60 * row) for row, tip in enumerate(tips)]
    return [middle("卡片详情", 120), line("星海旅人点卡15元", 90, 300), line("未激活", 90, 400), *facts, *tail]


@pytest.mark.parametrize("tips", _HELP)
def test_what_a_card_s_help_text_names_did_not_happen(tips: tuple[str, ...]) -> None:
    page = extract(read(*card(*tips)))
    assert page.kind is PageKind.DELIVERY
    assert FieldName.ERROR_PROMPT not in page.fields


@pytest.mark.parametrize("tips", _HELP)
def test_nor_with_a_button_under_it(tips: tuple[str, ...]) -> None:
    page = extract(read(*card(*tips), middle("确定", 1450)))
    assert page.kind is PageKind.DELIVERY
    assert FieldName.ERROR_PROMPT not in page.fields


@pytest.mark.parametrize(
    "text",
    [
        "提示“该卡已被使用”：请确认是否由他人兑换",
        "显示卡号不存在，多为输入有误",
        '报错"激活失败"，请更换网络',
        "It says “Code already used”: check your other accounts",
    ],
)
def test_what_a_message_would_say_is_no_message(text: str) -> None:
    assert FieldName.ERROR_PROMPT not in extract(read(line(text, 60, 600))).fields


@pytest.mark.parametrize("text", ["该卡已被使用", "系统提示：卡密已被使用", "激活失败，请联系客服"])
def test_a_message_by_itself_still_is_one(text: str) -> None:
    page = extract(read(middle(text, 900), middle("确定", 1050)))
    assert page.kind is PageKind.PROMPT
    assert FieldName.ERROR_PROMPT in page.fields


@pytest.mark.parametrize("code", ["•••• •••• 查看", "****-****-7036", "2401-4233 -1256 复制", "Show"])
def test_a_hidden_code_is_given_too(code: str) -> None:
    facts = rows(("卡片编号", "3919 0315 5283 6000"), ("PIN码", code), ("单号", "DD26042747895959"))
    assert extract(read(middle("我的卡包", 120), line("喵喵礼品卡", 60, 400), *facts)).kind is PageKind.DELIVERY


def test_a_pin_that_is_asked_for_is_none_given() -> None:
    lines = [middle("银行卡支付", 120), line("PIN", 60, 600), right("请输入", 1020, 600)]
    assert extract(read(*lines)).kind is not PageKind.DELIVERY


@pytest.mark.parametrize("head", ["您已购买的卡密", "所购的激活码", "提取券码", "Gift codes"])
def test_codes_under_a_heading_that_says_they_were_bought(head: str) -> None:
    codes = [line("HX2V-7470-W2LP-1039", 90, 300), line("K3XB-4707-H8FC-0394", 90, 380)]
    facts = rows(("订单编号", "251005-921135908827869"), ("实付金额", "195.50"), ("下单时间", "2025/10/05 15:10:26"))
    page = [middle("河谷卡铺", 120), line(head, 60, 230), *codes, *facts]
    assert extract(read(*page)).kind is PageKind.DELIVERY
