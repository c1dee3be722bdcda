from __future__ import annotations

import pytest

from service.evidence.labels import EXACT, hits_in
from service.evidence.lexicon import Label
from service.evidence.normalise import clean


def first(text: str) -> Label | None:
    found = hits_in(clean(text))
    return found[0].label if found else None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("订单号", Label.ORDER_NUMBER),
        ("订单编号：0fd182e", Label.ORDER_NUMBER),
        ("訂單編號", Label.ORDER_NUMBER),
        ("Order No. 12345", Label.ORDER_NUMBER),
        ("Order # 12345", Label.ORDER_NUMBER),
        ("美团订单号", Label.ORDER_NUMBER),
        ("商户单号", Label.MERCHANT_NUMBER),
        ("商家订单号", Label.MERCHANT_NUMBER),
        ("交易单号", Label.TRADE_NUMBER),
        ("第三方交易订单号", Label.TRADE_NUMBER),
        ("建行支付单号", Label.TRADE_NUMBER),
        ("短订单号", Label.OTHER_NUMBER),
        ("第三方商户订单号", Label.OTHER_NUMBER),
        ("快递单号", Label.OTHER_NUMBER),
        ("实付款(含运费)：¥39.00", Label.PAID),
        ("共2件商品合计：¥39.00", Label.TOTAL),
        ("商品总价", Label.GOODS_TOTAL),
        ("退款金额", Label.REFUNDED),
        ("支付方式 微信支付", Label.PAYMENT_METHOD),
    ],
)
def test_labels_in_their_many_forms(text: str, label: Label) -> None:
    assert first(text) is label


@pytest.mark.parametrize(
    ("text", "label"),
    [("订単编号", Label.ORDER_NUMBER), ("下单吋间", Label.ORDERED_AT), ("交易单号：", Label.TRADE_NUMBER)],
)
def test_one_slip_of_the_reader_is_forgiven(text: str, label: Label) -> None:
    assert first(text) is label


@pytest.mark.parametrize("text", ["收款时间", "发款时间"])
def test_another_word_is_not_a_slip(text: str) -> None:
    assert first(text) is not Label.PAID_AT


@pytest.mark.parametrize(
    "text", ["订单号不存在", "查看订单", "商品已发货", "Aurora Gift Card", "余额不足", "下单就送", "合计划"]
)
def test_words_in_sentences_are_no_keys(text: str) -> None:
    assert first(text) is None


def test_several_keys_share_a_line() -> None:
    found = hits_in(clean("商品金额：¥9.90 优惠：-¥1.00 实付：¥8.90"))
    assert [hit.label for hit in found] == [Label.GOODS_TOTAL, Label.DISCOUNT, Label.PAID]
    assert all(hit.sureness == EXACT for hit in found)


def test_a_value_that_reads_like_a_key_stays_a_value() -> None:
    assert [hit.label for hit in hits_in(clean("支付方式：余额支付"))] == [Label.PAYMENT_METHOD]
