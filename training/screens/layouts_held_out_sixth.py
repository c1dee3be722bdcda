"""The sixth held-out set: the desktop, the mailbox, the launcher, paper; its author had read no rule of the extractor.

No page of it may be looked at to mend a rule, and its first score is the one that counts. Names, words, prompts and
conversations are its own (pool ``sixth``).
"""

from __future__ import annotations

from functools import partial

from training.screens.layout import Layout, row

_layout = partial(Layout, held_out=True, languages=("zh", "en"))
_TO_SECONDS = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S"),
    "en": ("%Y-%m-%d %H:%M:%S", "%d %b %Y %H:%M:%S", "%b %d, %Y, %I:%M:%S %p"),
}
_MIXED = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y.%m.%d %H:%M"),
    "en": ("%b %d, %Y %H:%M", "%d %b %Y, %H:%M", "%Y-%m-%d %H:%M:%S", "%b %d, %Y, %I:%M %p"),
}
_WORDED = {
    "zh": ("%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H:%M:%S", "%Y-%m-%d %H:%M"),
    "en": ("%d %B %Y %H:%M", "%B %d, %Y %I:%M %p", "%b %d, %Y, %H:%M", "%d %b %Y, %I:%M %p"),
}
_TILL = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M"),
    "en": ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%d %b %Y %H:%M"),
}
_SMS = {
    "zh": ("%m月%d日%H:%M", "%Y年%m月%d日%H:%M", "%Y-%m-%d %H:%M:%S", "%m月%d日 %H:%M"),
    "en": ("%Y-%m-%d %H:%M", "%d %b %Y %H:%M"),
}
_PLAIN = ("¥{n}", "¥{n}", "¥{g}", "￥{n}", "¥ {n}")
_SITE = ("¥{n}", "¥{g}", "CNY {n}", "¥ {g}")

SIXTH: tuple[Layout, ...] = (
    _layout(
        name="sixth_01",
        pool="sixth",
        page="order",
        devices=("desktop",),
        rows=(
            row("order_number", "订单编号|订单号", "Order number|Order ID|Order no."),
            row("ordered_at", "下单时间|创建时间", "Order date|Placed on"),
            row("paid_at", "付款时间|支付时间", "Payment date|Paid on", 0.6),
            row("payment_method", "支付方式|付款方式", "Payment method|Paid with"),
            row("serial", "发票编号|商品序列", "Invoice no.|Invoice number", 0.5),
            row("channel", "下单渠道|来源", "Channel", 0.4),
            row("recharged_account", "激活账号|充值账号", "Activation account|Top-up account", 0.5),
        ),
        times=_MIXED,
        money=_SITE,
    ),
    _layout(name="sixth_02", pool="sixth", page="list", devices=("desktop",), times=_MIXED, money=_PLAIN),
    _layout(
        name="sixth_03",
        pool="sixth",
        page="order",
        devices=("phone", "desktop"),
        rows=(
            row("recharged_account", "账户|帐户", "Account|Account ID"),
            row("ordered_at", "购买日期|日期", "Date of purchase|Purchase date|Order date"),
            row("order_number", "订单号|订单 ID|订单编号", "Order ID|Order number"),
            row("serial", "文稿编号|收据编号", "Document no.|Receipt no.", 0.8),
            row("payment_method", "付款方式|支付方式", "Payment method|Billed to"),
        ),
        times=_WORDED,
        money=_SITE,
    ),
    _layout(
        name="sixth_04",
        pool="sixth/pay",
        page="payment",
        devices=("desktop", "phone"),
        rows=(
            row("payee", "收款方|商户名称|收款商户", "Merchant|Pay to"),
            row("order_number", "商户订单号|商家订单号", "Merchant order no.|Order reference|Order number"),
            row("trade_number", "交易号|支付流水号|交易流水号", "Transaction ID|Transaction no."),
            row("paid_at", "支付时间|交易时间|完成时间", "Payment time|Date and time|Paid at"),
            row("payment_method", "支付方式|付款方式", "Payment method"),
            row("terminal", "终端号", "Terminal", 0.3),
        ),
        times=_TO_SECONDS,
        money=("¥{n}", "￥{n}", "CNY {g}", "¥{g}"),
    ),
    _layout(
        name="sixth_05",
        pool="sixth",
        page="delivery",
        devices=("desktop", "phone"),
        rows=(
            row("order_number", "订单编号|订单号", "Order no.|Order ID"),
            row("product", "商品名称|商品", "Product|Item"),
            row("quantity", "购买数量|数量", "Qty|Quantity"),
            row("amount", "实付金额|支付金额|实付款", "Amount paid|Total paid"),
            row("payment_method", "支付方式|支付通道", "Payment method|Paid via", 0.8),
            row("ordered_at", "下单时间|创建时间", "Created|Order time"),
            row("status", "订单状态|状态", "Status|Order status"),
        ),
        times=_MIXED,
        money=("¥{n}", "￥{n}", "{n}", "¥{g}"),
    ),
    _layout(
        name="sixth_06",
        pool="sixth",
        page="order",
        devices=("phone", "desktop"),
        rows=(
            row("order_number", "订单编号|订单号", "Order number|Order ID|Order no."),
            row("ordered_at", "下单时间|订购时间|购买时间", "Order date|Purchased on|Ordered on"),
            row("payment_method", "付款方式|支付方式", "Payment method|Paid with|Payment"),
            row("recharged_account", "充值账号|绑定账号", "Delivered to account|Top-up account", 0.4),
            row("trade_number", "支付交易号|交易号", "Transaction ID|Payment reference", 0.4),
        ),
        times=_WORDED,
        money=_SITE,
    ),
    _layout(
        name="sixth_07",
        pool="sixth/launcher",
        page="list",
        devices=("phone", "desktop"),
        times=_WORDED,
        money=("¥{n}", "¥ {n}", "¥{g}"),
    ),
    _layout(
        name="sixth_08",
        pool="sixth/launcher",
        page="prompt",
        devices=("desktop", "desktop", "wide", "phone"),
        prompts=0.25,
    ),
    _layout(
        name="sixth_09",
        pool="sixth/pay",
        page="payment",
        rows=(
            row("status", "交易状态|当前状态", "Status"),
            row("paid_at", "支付时间|交易时间|付款时间", "Date|Paid at|Date & time"),
            row("payment_method", "付款方式|扣款账户|支付方式", "Paid with|Payment method"),
            row("product", "商品|商品说明", "Description|Item", 0.7),
            row("order_number", "商户单号|商家订单号", "Merchant order|Merchant order no."),
            row("trade_number", "交易单号|流水号", "Transaction ID|Transaction no.", 0.8),
            row("earned", "获得返现|返利", "Cashback earned", 0.4),
            row("category", "账单分类", "Category", 0.4),
        ),
        times=_MIXED,
        money=("-{n}", "-¥{n}", "¥{n}", "-¥{g}"),
    ),
    _layout(
        name="sixth_10",
        pool="sixth/cards",
        page="delivery",
        devices=("phone", "desktop"),
        rows=(
            row("status", "卡片状态|状态", "Card status|Status"),
            row("face_value", "面值|卡面值", "Face value|Card value"),
            row("valid_until", "有效期至|到期时间", "Valid until|Expires"),
            row("ticket", "卡号", "Card number"),
            row("order_number", "购买订单号|订单编号", "Order number|Purchase order no."),
            row("ordered_at", "购买时间|下单时间", "Purchased|Ordered on"),
            row("quantity", "购买张数|购买数量", "Cards bought|Quantity"),
            row("amount", "实付金额|购卡实付", "You paid|Amount paid"),
            row("payment_method", "支付方式", "Payment method|Paid with", 0.6),
        ),
        times=_MIXED,
        money=_PLAIN,
    ),
    _layout(
        name="sixth_11",
        pool="sixth/till",
        page="order",
        rows=(
            row("order_number", "订单号|销售单号", "Order no|Order"),
            row("trade_number", "交易流水号|支付单号", "Trans ID|Transaction no"),
            row("paid_at", "交易时间|支付时间", "Paid at|Date"),
            row("payment_method", "支付方式|付款方式", "Paid by|Payment"),
            row("terminal", "终端号|机号", "Terminal"),
            row("batch", "批次号", "Batch", 0.6),
        ),
        times=_TILL,
        money=("{n}", "¥{n}", "￥{n}"),
    ),
    _layout(
        name="sixth_12",
        pool="sixth",
        page="order",
        tall=True,
        rows=(
            row("recharged_account", "充值账号|充值号码", "Top-up account|Player ID", 0.7),
            row("order_number", "订单编号|订单号", "Order number|Order no."),
            row("ordered_at", "下单时间|创建时间", "Ordered at|Order time"),
            row("paid_at", "付款时间|支付时间", "Paid at|Payment time"),
            row("delivered_at", "发货时间", "Delivered at", 0.6),
            row("confirmed_at", "成交时间|完成时间", "Completed at", 0.5),
            row("payment_method", "支付方式|付款方式", "Payment method"),
            row("trade_number", "支付交易号|交易流水号", "Transaction ID", 0.5),
            row("delivery_kind", "配送方式|发货方式", "Delivery", 0.6),
        ),
        times=_MIXED,
        money=_PLAIN,
    ),
    _layout(
        name="sixth_13",
        pool="sixth/pay",
        page="payment",
        times=_SMS,
        money=("{n}", "{n}", "¥{n}", "{g}"),
    ),
    _layout(name="sixth_14", pool="sixth", page="chat", devices=("desktop", "phone")),
)
