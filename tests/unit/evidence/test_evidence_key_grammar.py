"""Keys of numbers, amounts and moments that no list holds, put together from their parts."""

from __future__ import annotations

import pytest

from service.evidence.labels import hits_in
from service.evidence.lexicon import Label
from service.evidence.normalise import clean

MEANINGS = {
    Label.ORDER_NUMBER: "订单代号 拼团单号 團購訂單編號 Purchase ref. no.",
    Label.TRADE_NUMBER: "交易參考編號 跨行序號 支付參考號碼 Trans. No. | Txn. ref.",
    Label.VOUCHER_NUMBER: "轉數快參考編號 匯款參考編號 RRN | UTR number | IMPS ref no | PayNow reference",
    Label.PAID: "You've paid | 已刷卡金额",
    Label.PAYMENT_AMOUNT: "刷卡總額 本次刷卡金额 Total amount sent",
    Label.GOODS_TOTAL: (
        "折前总价 商品金额小计 原价总额 標價合計 货款合计 Items subtotal | Basket subtotal | Goods value "
        "| Full retail price | Subtotal before tax | Amount before savings"
    ),
    Label.DISCOUNT: "京东E卡抵扣 點數抵減 折價券折抵 官方津贴 优惠码立减 已节省 You've saved | Member points redeemed",
    Label.FREIGHT: (
        "同城配送费用 寄送費 餐盒费 送餐费 运费合计 Shipping & handling charges | Standard postage | Courier fee"
    ),
    Label.OTHER_AMOUNT: (
        "账户结余 扣款后余额 储值余额 每张单价 单份价格 含税单价 返京豆 獲得點數 信用卡红利点数 "
        "本单成长值 Previous balance | Wallet balance after purchase | Price per card | Cost/piece | "
        "Bonus miles | Stars earned | You earned points"
    ),
    Label.REFUNDED: (
        "部分退款金额 实际退款总额 退款到账金额 共退款 Total amount refunded | Refund sent | You've been "
        "refunded | Net refund"
    ),
    Label.ORDERED_AT: "訂單成立日期 落單日期 购买成单时间 下訂時間",
    Label.PAID_AT: "刷卡日期 买单日期 成功扣款时间 Date of payment",
    Label.OTHER_TIME: (
        "下次还款日 預計到貨日 账单日 Dispatched at | Last modified | Refund requested on | Parcel "
        "delivered on | Release time | Arriving by | Statement date | Date refunded | Return by"
    ),
}


def _words(text: str) -> list[str]:
    """Han words by blanks, Latin ones by bars."""
    found: list[str] = []
    for part in text.split("|"):
        han = [word for word in part.split() if not word.isascii()]
        rest = " ".join(word for word in part.split() if word.isascii())
        found += [*han, *([rest] if rest else [])]
    return found


@pytest.mark.parametrize(
    ("label", "word"), [(label, word) for label, words in MEANINGS.items() for word in _words(words)]
)
def test_words_put_together(label: Label, word: str) -> None:
    assert [(hit.label, hit.whole) for hit in hits_in(clean(word))] == [(label, True)]


@pytest.mark.parametrize(
    "text",
    [
        "PSP-99182277",
        "Checkout . Paid",
        "Aurora wallet balance",
        "1000點數",
        "不可抵扣",
        "Returned",
        "Refund to",
        "No balance left",
        "运费险",
        "限时直降商品",
    ],
)
def test_values_states_and_sentences_are_no_keys_of_sums(text: str) -> None:
    sums = {Label.REFUNDED, Label.DISCOUNT, Label.OTHER_AMOUNT, Label.GOODS_TOTAL}
    assert not any(hit.whole and hit.label in sums for hit in hits_in(clean(text)))
