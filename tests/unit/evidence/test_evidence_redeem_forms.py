"""Forms that ask for a code, what long captures show besides the order, and names that end in initials."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, Page, PageKind
from service.evidence import extract


def seen(*lines: Line) -> Page:
    return extract(read(*lines), as_of=date(2026, 8, 31))


@pytest.mark.parametrize(
    ("title", "asks", "says", "buttons", "code"),
    [
        ("兑换礼品卡或充值码", "输入12位代码以添加到您的帐户。", "服务器繁忙，请过几分钟再试", "继续", "system_busy"),
        ("激活产品", "请输入您购买产品附带的激活码。", "扣款失败，订单未支付", "兑换", "payment_failed"),
        ("兑换代码", "请输入卡密", "服务器繁忙，请过几分钟再试", "下一步", "system_busy"),
    ],
)
def test_a_form_that_asks_for_a_code_is_no_conversation(
    title: str, asks: str, says: str, buttons: str, code: str
) -> None:
    page = seen(
        line("青橄商店", 40, 40),
        line("商店", 320, 44),
        line("游戏库", 460, 44),
        line("好友", 620, 44),
        line("腾云纪事 季票", 40, 700),
        line("云岭战线 标准版", 560, 700),
        line(title, 200, 1250),
        line(asks, 200, 1330, height=34),
        line("837C-6540-10FF", 220, 1440),
        line(says, 200, 1540, height=34),
        line("上一步", 560, 1660),
        line(buttons, 760, 1660),
    )
    assert page.kind is PageKind.PROMPT
    assert page.fields[FieldName.ERROR_PROMPT].value == code


@pytest.mark.parametrize("name", ["Larkspur Commerce B.V.", "Moonvale Trading S.A."])
def test_the_point_after_initials_is_part_of_the_name(name: str) -> None:
    page = seen(
        middle("Payment successful", 200),
        middle("¥97.00", 320, height=80),
        *rows(("Merchant", name), ("Transaction no.", "2026101822001328615355909229"), ("Payment method", "Alipay")),
    )
    assert page.fields[FieldName.PAYEE].value == name


@pytest.mark.parametrize("heading", ["你可能还喜欢", "More to explore", "More for you"])
def test_what_else_is_sold_has_no_face_value_of_the_order(heading: str) -> None:
    page = seen(
        line("订单详情", 40, 60),
        line("腾云会员季卡", 360, 300),
        right("¥48.00", 1020, 300),
        *rows(("订单编号", "DD26010327834078"), ("下单时间", "2026-01-03 18:02:44"), ("实付款", "¥48.00"), top=500),
        middle(heading, 1200),
        line("橙盒礼品卡 面值328元", 40, 1600),
        line("¥327.50", 40, 1660),
    )
    assert FieldName.FACE_VALUE not in page.fields
