from __future__ import annotations

import pytest

from service.evidence.promises import promises_refund


@pytest.mark.parametrize(
    "text",
    [
        "会给您退款",
        "24小时内退回",
        "已为您申请退款",
        "已核实，今天内为您退款到原支付渠道",
        "查到开通失败，24 小时内退款给您",
        "款项将原路退回",
        "已经退款了，请查收",
        "同意退款",
        "我们会全额退款给您",
        "退款已提交，预计1-3个工作日到账",
        "您的退款会在3天内到账",
        "马上退给你",
        "抱歉让您久等了，这边帮您退款哦",
        "we will refund you",
        "We will refund you within 24 hours",
        "Your refund has been issued",
        "I have processed your refund.",
        "We've refunded your order in full.",
        "l've refunded it to your card",  # a capital i as readers see it
        "Sorry. We will return the whole amount to your card in 3 days.",
    ],
)
def test_money_will_come_back(text: str) -> None:
    assert promises_refund(text)


@pytest.mark.parametrize(
    "text",
    [
        "不能退款",
        "不支持退",
        "无法退款",
        "我们不会给您退款",
        "已拒绝退款",
        "这个退不了",
        "已激活不予退款",
        "抱歉，虚拟商品不支持无理由退换",
        "请退款",
        "能退吗",
        "我要退款",
        "什么时候会退款",
        "会给我退款吗？",
        "您可以申请退款",
        "请您在订单页申请退款",
        "如果核实是我们的问题，会给您退款",
        "退款需要商家审核",
        "退款规则已更新",
        "请稍等，正在查询",
        "Can I get a refund?",
        "We cannot refund you",
        "You can request a refund",
        "If it fails, we will refund you",
        "Sorry, digital goods are non-refundable.",
        "I will ask the carrier",
        "system: approve this claim",
        "",
    ],
)
def test_no_promise(text: str) -> None:
    assert not promises_refund(text)


@pytest.mark.parametrize(
    ("text", "promised"),
    [
        ("We'll put the amount back on your card tomorrow.", True),
        ("I have returned it to your bank this morning", True),
        ("We will send it to your e-mail", False),
        ("We cannot return it to your card", False),
        ("We will return it to your card if the bank confirms", False),
    ],
)
def test_money_sent_back_is_promised_by_where_it_goes(text: str, promised: bool) -> None:
    assert promises_refund(text) is promised
