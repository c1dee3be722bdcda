"""The layouts of invented apps: which page they are, which rows they show under which names, which are held out.

A held-out layout is used to measure only. It was marked before anything was tuned, and its prompts are worded in ways
the other layouts never use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Labels = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled row: ``fact`` is a field of the read contract, or the name of a distractor (see draw.py)."""

    fact: str
    labels: Labels
    chance: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """``prompts``: share of pages whose prompt is harmless, None where the layout shows no prompt.
    ``codes``: the error codes such a page can show, all when empty.
    ``shuffled``: rows come in any order. ``devices``: names in draw.DEVICES.
    """

    name: str
    page: str
    rows: tuple[Row, ...] = ()
    languages: tuple[str, ...] = ("zh",)
    devices: tuple[str, ...] = ("phone",)
    prompts: float | None = None
    codes: tuple[str, ...] = ()
    shuffled: bool = False
    held_out: bool = False
    money: tuple[str, ...] = ()


def _row(fact: str, zh: str, en: str = "", chance: float = 1.0) -> Row:
    labels = {"zh": tuple(zh.split("|"))} | ({"en": tuple(en.split("|"))} if en else {})
    return Row(fact, labels, chance)


_ORDERED = _row("ordered_at", "下单时间|创建时间|订单时间|提交时间", "Order date|Ordered on|Created|Order time")
_PAID = _row("paid_at", "付款时间|支付时间|支付完成时间", "Paid on|Payment time|Payment date", 0.8)
_METHOD = _row("payment_method", "支付方式|付款方式", "Payment method|Paid with", 0.85)
_ACCOUNT = _row(
    "recharged_account", "充值账号|充值号码|充值手机号|游戏账号", "Account|Recharge account|Phone number", 0.6
)
_TRADE_ON_ORDER = _row("trade_number", "支付流水号|交易流水号|支付单号|流水号", "Transaction ID|Payment reference", 0.4)
_INVOICE = _row("invoice", "发票|发票类型", "Invoice", 0.4)
_DELIVERED = _row("delivered_at", "发货时间|到账时间|成交时间", "Delivered on", 0.4)

_CARRIER_ERRORS = ("topup_failed", "number_not_found", "balance_insufficient", "not_delivered", "system_busy")
_TOP_UP_ERRORS = (
    *_CARRIER_ERRORS,
    "region_mismatch",
    "payment_failed",
    "account_restricted",
    "out_of_stock",
    "order_not_found",
    "duplicate_payment",
)

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        name="bill_spread",
        page="payment",
        rows=(
            _row("status", "当前状态|交易状态|状态", chance=0.6),
            _row("paid_at", "支付时间|付款时间|交易时间"),
            _row("payment_method", "付款方式|支付方式|交易方式"),
            _row("product", "商品说明|商品|商品名称"),
            _row("payee", "收款方全称|收款方|商户全称|对方账户|收款商户"),
            _row("acquirer", "收单机构|清算机构", chance=0.5),
            _row("trade_number", "订单号|交易号|支付宝交易号|交易订单号"),
            _row("order_number", "商家订单号|商户订单号"),
        ),
        money=("-{n}", "{n}", "-{g}", "¥{n}"),
    ),
    Layout(
        name="bill_columns",
        page="payment",
        rows=(
            _row("status", "当前状态"),
            _row("paid_at", "支付时间|转账时间"),
            _row("product", "商品|商品详情"),
            _row("payee", "商户全称|收款方|收款人"),
            _row("acquirer", "收单机构|清算机构", chance=0.6),
            _row("payment_method", "支付方式"),
            _row("trade_number", "交易单号|转账单号"),
            _row("order_number", "商户单号"),
        ),
        money=("-{n}", "-¥{n}", "-{g}"),
    ),
    Layout(
        name="bank_receipt",
        page="payment",
        languages=("zh", "en"),
        rows=(
            _row("status", "交易状态|交易结果", "Status"),
            _row("payee", "收款人户名|对方户名|收款户名", "Payee|Beneficiary|Recipient"),
            _row("bank", "收款银行|对方银行", "Beneficiary bank", 0.6),
            _row("payment_method", "付款账户|付款卡号", "From account|Paid from"),
            _row("paid_at", "交易时间|交易日期|记账时间", "Transaction time|Date and time"),
            _row("trade_number", "交易流水号|流水号|凭证号", "Transaction reference|Reference number"),
            _row("order_number", "商户订单号|商户单号", "Merchant order no.|Merchant order number", 0.7),
            _row("purpose", "摘要|用途|附言", "Remark|Purpose", 0.8),
        ),
        shuffled=True,
    ),
    Layout(
        name="order_cards",
        page="order",
        rows=(
            _row("order_number", "订单编号|订单号"),
            _ORDERED,
            _PAID,
            _METHOD,
            _ACCOUNT,
            _TRADE_ON_ORDER,
            _DELIVERED,
            _INVOICE,
        ),
    ),
    Layout(
        name="order_inline",
        page="order",
        rows=(
            _row("order_number", "订单编号|订单号|订单ID"),
            _ORDERED,
            _PAID,
            _METHOD,
            _ACCOUNT,
            _TRADE_ON_ORDER,
            _DELIVERED,
        ),
        shuffled=True,
    ),
    Layout(
        name="order_stacked",
        page="order",
        languages=("zh", "en"),
        rows=(
            _row("order_number", "订单号|订单编号", "Order number|Order no.|Order ID"),
            _ORDERED,
            _METHOD,
            _ACCOUNT,
            _TRADE_ON_ORDER,
            _PAID,
        ),
    ),
    Layout(
        name="order_desktop",
        page="order",
        languages=("zh", "en"),
        devices=("desktop",),
        rows=(
            _row("order_number", "订单号|订单编号", "Order number|Order #"),
            _ORDERED,
            _PAID,
            _METHOD,
            _ACCOUNT,
            _TRADE_ON_ORDER,
            _DELIVERED,
            _INVOICE,
        ),
    ),
    Layout(
        name="card_delivery",
        page="delivery",
        rows=(
            _row("order_number", "订单编号|订单号"),
            _ORDERED,
            _row("amount", "实付金额|支付金额|实付款"),
            _row("delivered_at", "发卡时间|提取时间", chance=0.7),
            _row("stock", "购买数量|数量", chance=0.7),
        ),
    ),
    Layout(
        name="membership_record",
        page="order",
        languages=("zh", "en"),
        rows=(
            _row("order_number", "订单编号|订单号", "Order no."),
            _row("recharged_account", "开通账号|会员账号", "Member account"),
            _row("amount", "实付金额|支付金额", "Amount paid|Total paid"),
            _row("list_price", "原价|套餐价格", "Original price", 0.7),
            _row("ordered_at", "购买时间|开通时间|下单时间", "Purchased on|Order time"),
            _row("valid_until", "有效期至|到期时间", "Valid until", 0.7),
            _row("payment_method", "支付渠道|支付方式", "Payment method"),
        ),
    ),
    Layout(
        name="topup_result",
        page="prompt",
        languages=("zh", "en"),
        rows=(
            _row("recharged_account", "充值账号|充值号码|手机号码", "Number|Account"),
            _row("amount", "支付金额|实付金额", "Amount paid"),
            _row("order_number", "订单号|订单编号", "Order number", 0.7),
            _row("ordered_at", "提交时间|下单时间", "Submitted|Order time", 0.5),
        ),
        prompts=0.25,
        codes=_TOP_UP_ERRORS,
    ),
    Layout(name="redeem_dialog", page="prompt", languages=("zh", "en"), prompts=0.2),
    Layout(name="toast", page="prompt", languages=("zh", "en"), prompts=0.2),
    Layout(name="order_list_desktop", page="list", languages=("zh", "en"), devices=("desktop",)),
    Layout(name="order_list_phone", page="list"),
    Layout(name="support_chat", page="chat", languages=("zh", "en")),
    Layout(name="carrier_message", page="chat", prompts=0.15, codes=_CARRIER_ERRORS),
    # Held out: to measure with, never to tune on.
    Layout(
        name="heldout_bill",
        page="payment",
        held_out=True,
        rows=(
            _row("status", "交易状态|支付状态"),
            _row("product", "交易内容|商品名称"),
            _row("order_number", "商户订单号|商户单号|商家订单号"),
            _row("trade_number", "支付流水号|交易单号|流水号"),
            _row("payment_method", "支付方式|扣款方式"),
            _row("payee", "收款商户|收款方"),
            _row("paid_at", "交易时间|支付时间"),
            _row("acquirer", "服务商", chance=0.5),
        ),
    ),
    Layout(
        name="heldout_order",
        page="order",
        held_out=True,
        rows=(
            _row("ordered_at", "下单时间|创建时间|下单日期"),
            _row("paid_at", "支付时间|付款时间", chance=0.8),
            _row("order_number", "订单编号|订单号|单号"),
            _row("trade_number", "交易号|支付流水号", chance=0.5),
            _row("payment_method", "支付方式|付款方式"),
            _row("recharged_account", "充值账号|充值号码", chance=0.6),
            _row("invoice", "开票状态", chance=0.4),
        ),
    ),
    Layout(
        name="heldout_order_en",
        page="order",
        held_out=True,
        languages=("en",),
        devices=("phone", "desktop"),
        rows=(
            _row("order_number", "订单号", "Order number|Order ID|Order No."),
            _row("ordered_at", "下单时间", "Placed on|Order date"),
            _row("payment_method", "支付方式", "Payment method|Payment"),
            _row("recharged_account", "账号", "Recharge account|Delivered to", 0.6),
            _row("trade_number", "交易号", "Transaction ID|Transaction number", 0.5),
        ),
    ),
    Layout(name="heldout_sheet", page="prompt", held_out=True, languages=("zh", "en"), prompts=0.2),
)

BY_NAME = {layout.name: layout for layout in LAYOUTS}
DEVELOPMENT = tuple(layout for layout in LAYOUTS if not layout.held_out)
HELD_OUT = tuple(layout for layout in LAYOUTS if layout.held_out)

# The fixed sample under tests/data/screens: every development layout once, prompts and bills again.
_AGAIN = (
    "redeem_dialog", "toast", "bill_columns", "redeem_dialog", "bill_spread", "order_cards", "toast", "topup_result",
)  # fmt: skip
SAMPLE = (*DEVELOPMENT, *(BY_NAME[name] for name in _AGAIN))
SAMPLE_SEED = 4242
