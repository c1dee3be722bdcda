"""The seventh held-out set, what buyers most commonly send: drawn by somebody who had read neither rules nor tests.

No page of it may be looked at to mend a rule, and its first score is the one that counts. Names, words, prompts and
conversations are of the pool ``seventh``; the templates share no style sheet with the other sets.
"""

from __future__ import annotations

from functools import partial

from training.screens.layout import Layout, row

_layout = partial(Layout, pool="seventh", held_out=True, languages=("zh", "zh", "zh", "en"))
_BILL = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y/%m/%d %H:%M:%S"),
    "en": ("%Y-%m-%d %H:%M:%S", "%b %d, %Y %H:%M:%S"),
}
_ORDER = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y.%m.%d %H:%M:%S", "%Y/%m/%d %H:%M"),
    "en": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%b %d, %Y %H:%M"),
}
_YUAN = ("¥{n}", "￥{n}", "¥{n}", "¥ {n}")
_REDEEM = (
    *("code_invalid", "code_used", "code_wrong", "expired", "region_mismatch", "system_busy", "account_restricted"),
    *("limit_exceeded", "code_locked", "verification_failed", "not_yet_valid"),
)

SEVENTH: tuple[Layout, ...] = (
    _layout(
        name="seventh_01",
        page="payment",
        rows=(
            row("paid_at", "支付时间|付款时间", "Payment time|Paid at"),
            row("payment_method", "付款方式|支付方式", "Payment method"),
            row("product", "商品说明|商品", "Description|Item"),
            row("acquirer", "收单机构", "Acquirer", 0.4),
            row("payee", "收款方全称|商户全称", "Payee", 0.7),
            row("trade_number", "订单号|交易单号|交易号", "Transaction no.|Transaction ID"),
            row("order_number", "商家订单号|商户单号", "Merchant order no.|Merchant order ID"),
        ),
        times=_BILL,
        money=("-{n}", "-{n}", "-¥{n}", "{n}", "-{g}"),
    ),
    _layout(
        name="seventh_02",
        page="payment",
        rows=(
            row("status", "交易状态|当前状态", "Status"),
            row("paid_at", "交易时间|支付时间", "Payment time"),
            row("payment_method", "支付方式", "Payment method"),
            row("payee", "收款商户|商户名称|收款方", "Merchant"),
            row("product", "商品名称|商品信息", "Item", 0.7),
            row("trade_number", "支付单号|交易流水号", "Payment no."),
            row("order_number", "商户订单号|商户单号", "Merchant order no."),
        ),
        times=_BILL,
        money=("¥{n}", "￥{n}", "¥{g}", "{n}元"),
    ),
    _layout(
        name="seventh_03",
        page="payment",
        rows=(
            row("payee", "收款方|商户名称|收款商家", "Payee|Merchant"),
            row("product", "商品|商品详情", "Item", 0.5),
            row("payment_method", "支付方式|付款方式", "Payment method"),
            row("paid_at", "支付时间|交易时间", "Time|Payment time"),
            row("status", "交易状态|支付状态", "Status", 0.7),
            row("order_number", "商户单号", "Merchant order no.", 0.4),
        ),
        times=_BILL,
        money=("¥{n}", "￥{n}", "¥{n}"),
    ),
    _layout(
        name="seventh_04",
        page="order",
        tall=True,
        rows=(
            row("order_number", "订单编号", "Order no.|Order ID"),
            row("trade_number", "支付交易号|交易号", "Transaction no.", 0.6),
            row("ordered_at", "创建时间|下单时间", "Created at|Ordered at"),
            row("paid_at", "付款时间", "Paid at"),
            row("delivered_at", "发货时间", "Shipped at", 0.6),
            row("recharged_account", "充值账号", "Top-up account", 0.3),
        ),
        times=_ORDER,
        money=_YUAN,
    ),
    _layout(
        name="seventh_05",
        page="order",
        rows=(
            row("order_number", "订单编号|订单号", "Order no."),
            row("ordered_at", "下单时间", "Ordered at"),
            row("payment_method", "支付方式", "Payment method"),
            row("paid_at", "支付时间|付款时间", "Paid at", 0.5),
            row("delivery_kind", "配送方式", "Delivery", 0.5),
            row("invoice_state", "发票", "Invoice", 0.3),
        ),
        times=_ORDER,
        money=("¥{n}", "￥{n}", "¥{n}"),
    ),
    _layout(
        name="seventh_06",
        page="order",
        pool="seventh/game",
        rows=(
            row("product", "充值商品|充值内容|商品", "Item"),
            row("recharged_account", "充值账号|游戏账号|角色ID", "Top-up account|Player ID"),
            row("server", "游戏区服|区服", "Server", 0.6),
            row("role", "角色名称|角色", "Character", 0.4),
            row("quantity", "购买数量|数量", "Quantity", 0.5),
            row("amount", "实付金额|支付金额|实际支付", "Amount paid|You paid"),
            row("payment_method", "支付方式|付款方式", "Payment method"),
            row("ordered_at", "下单时间|创建时间", "Ordered at"),
            row("paid_at", "支付时间|付款时间", "Paid at", 0.5),
            row("order_number", "订单编号|订单号", "Order no.|Order ID"),
        ),
        times=_ORDER,
        money=("¥{n}", "￥{n}", "{n}元", "¥{n}"),
    ),
    _layout(
        name="seventh_07",
        page="delivery",
        pool="seventh/cards",
        rows=(
            row("order_number", "订单编号|订单号", "Order no."),
            row("ordered_at", "下单时间|创建时间", "Ordered at"),
            row("paid_at", "付款时间|支付时间", "Paid at", 0.5),
            row("delivered_at", "发卡时间|发货时间", "Sent at", 0.6),
            row("payment_method", "支付方式", "Payment method", 0.7),
        ),
        times=_ORDER,
        money=_YUAN,
    ),
    _layout(name="seventh_08", page="list", times=_ORDER, money=("¥{n}", "￥{n}", "¥{n}")),
    _layout(
        name="seventh_09", page="prompt", pool="seventh/game", prompts=0.2, codes=_REDEEM, times=_ORDER, money=_YUAN
    ),
    _layout(name="seventh_10", page="chat", money=_YUAN, times=_ORDER),
)
