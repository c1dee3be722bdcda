"""The ninth held-out set: drawn by somebody who had read neither the extractor's rules nor its tests.

The kinds of page buyers send most, each drawn in a manner less usual than its first idea: slips, time lines, tables,
values above their names, cards within cards. Names, words, prompts and conversations are of the pool ``ninth``.
"""

from __future__ import annotations

from functools import partial

from training.screens.layout import Layout, row

_layout = partial(Layout, pool="ninth", held_out=True)
_ZH = ("zh", "zh", "zh", "en")
_EN = ("en", "en", "zh")
_FULL = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S"),
    "en": ("%Y-%m-%d %H:%M:%S", "%d %b %Y %H:%M:%S", "%b %d, %Y %I:%M:%S %p"),
}
_ORDERS = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y.%m.%d %H:%M:%S", "%Y/%m/%d %H:%M"),
    "en": ("%Y-%m-%d %H:%M", "%d %b %Y, %H:%M", "%b %d, %Y %I:%M %p"),
}
_LETTERS = {
    "zh": ("%Y年%m月%d日 %H:%M", "%Y-%m-%d %H:%M", "%Y.%m.%d %H:%M:%S"),
    "en": ("%d %b %Y, %H:%M", "%B %d, %Y %H:%M", "%b %d, %Y, %I:%M %p"),
}
_YUAN = ("¥{n}", "￥{n}", "¥{g}")

NINTH: tuple[Layout, ...] = (
    _layout(
        name="ninth_01",
        page="payment",
        languages=_ZH,
        rows=(
            row("payee", "商户|收款商户|收款方", "Merchant|Paid to"),
            row("product", "商品|商品说明|项目", "Item|Description"),
            row("paid_at", "支付时间|付款时间|交易时间", "Paid at|Payment time"),
            row("payment_method", "支付方式|付款方式", "Paid with|Payment method"),
            row("terminal", "终端号", "Terminal", 0.4),
            row("order_number", "商户单号|商户订单号", "Merchant order no.|Order no."),
            row("trade_number", "交易单号|交易号", "Transaction no.|Transaction ID"),
            row("status", "状态|交易状态", "Status"),
        ),
        times=_FULL,
        money=_YUAN,
    ),
    _layout(
        name="ninth_02",
        page="payment",
        languages=_ZH,
        rows=(
            row("payment_method", "付款方式|付款账户|支付方式", "Payment method|From"),
            row("category", "账单分类|交易类型", "Category"),
            row("product", "商品说明|商品名称|交易说明", "Description|Item"),
            row("order_number", "商家订单号|商户单号", "Merchant order number|Order ID"),
            row("trade_number", "流水号|交易流水号|支付单号", "Transaction ID|Reference no."),
        ),
        times=_FULL,
        money=("-{n}", "-¥{n}", "{n}", "-{g}", "¥{g}"),
    ),
    _layout(
        name="ninth_03",
        page="payment",
        languages=_EN,
        rows=(
            row("payee", "交易对方|商户名称|对方户名", "Merchant|Paid to|Counterparty"),
            row("payment_method", "付款卡|交易卡号|付款账户", "Card|Paid from|Account"),
            row("paid_at", "交易时间|扣款时间", "Transaction time|Date and time"),
            row("trade_number", "交易参考号|银行流水号", "Reference|Bank reference|Transaction ID"),
            row("purpose", "交易摘要|用途", "Type|Details", 0.6),
            row("fee", "手续费", "Fee", 0.6),
            row("balance", "交易后余额|账户余额", "Balance after|Available balance"),
        ),
        times=_LETTERS,
        money=("-¥{g}", "-{g}", "-CNY {g}", "-¥{n}"),
        pool="ninth/bank",
    ),
    _layout(
        name="ninth_04",
        page="order",
        languages=_ZH,
        rows=(
            row("order_number", "订单编号|订单号", "Order number|Order no."),
            row("ordered_at", "下单时间|创建时间", "Order time|Placed on"),
            row("paid_at", "付款时间|支付时间", "Payment time|Paid on", 0.8),
            row("payment_method", "支付方式|付款方式", "Payment"),
            row("delivery_kind", "配送方式|发货方式", "Delivery", 0.6),
            row("invoice_state", "发票", "Invoice", 0.5),
        ),
        times=_ORDERS,
        money=_YUAN,
    ),
    _layout(
        name="ninth_05",
        page="order",
        languages=_ZH,
        devices=("wide", "wide", "phone"),
        rows=(
            row("order_number", "订单号|订单编号", "Order No.|Order ID"),
            row("recharged_account", "充值账号|角色ID|游戏账号", "Player ID|Account"),
            row("product", "商品|充值内容|道具名称", "Item|Product"),
            row("server", "区服|服务器", "Server"),
            row("payment_method", "支付方式|支付渠道", "Payment|Paid by"),
            row("paid_at", "支付时间|付款时间", "Paid at|Payment time"),
            row("quantity", "数量", "Qty", 0.5),
            row("status", "状态|订单状态", "Status"),
        ),
        shuffled=True,
        times=_ORDERS,
        money=("¥{n}", "￥{n}", "{n}元"),
        pool="ninth/game",
    ),
    _layout(
        name="ninth_06",
        page="order",
        languages=_EN,
        devices=("desktop",),
        rows=(
            row("order_number", "订单号|订单编号", "Order number|Order no."),
            row("ordered_at", "下单时间|下单日期", "Placed on|Order date"),
            row("payment_method", "支付方式|付款方式", "Payment method|Paid with"),
            row("recharged_account", "充值账号|接收账号", "Delivered to|Top-up account", 0.6),
            row("serial", "发票号码", "Invoice no.", 0.6),
        ),
        times=_LETTERS,
        money=("¥{g}", "¥{n}", "CNY {g}", "¥ {n}"),
    ),
    _layout(
        name="ninth_07",
        page="delivery",
        languages=_ZH,
        devices=("desktop", "phone", "phone"),
        rows=(
            row("order_number", "订单号|订单编号|查询单号", "Order no.|Order ID"),
            row("product", "商品名称|购买商品|商品", "Product|Item"),
            row("quantity", "购买数量|数量", "Quantity"),
            row("amount", "实付金额|支付金额|付款金额", "Amount paid|Paid"),
            row("payment_method", "支付方式|支付通道", "Payment method"),
            row("ordered_at", "下单时间|创建时间", "Ordered at|Created"),
            row("paid_at", "付款时间|支付时间", "Paid at", 0.6),
            row("status", "订单状态|状态", "Status"),
        ),
        times=_ORDERS,
        money=("¥{n}", "￥{n}", "{n}元", "{n}"),
        pool="ninth/cards",
    ),
    _layout(
        name="ninth_08",
        page="order",
        languages=_ZH,
        rows=(
            row("product", "充值商品|商品", "Product|Item"),
            row("face_value", "充值面额|面值", "Face value", 0.5),
            row("amount", "实付金额|支付金额|实付款", "You paid|Amount paid"),
            row("payment_method", "支付方式|付款方式", "Payment method"),
            row("order_number", "订单编号|订单号|充值单号", "Order number|Order ID"),
            row("score", "获得积分", "Rewards", 0.4),
        ),
        times=_ORDERS,
        money=_YUAN,
        pool="ninth/credit",
    ),
    _layout(
        name="ninth_09",
        page="prompt",
        languages=_EN,
        devices=("phone", "phone", "desktop"),
        prompts=0.2,
        pool="ninth/game",
    ),
    _layout(name="ninth_10", page="prompt", languages=_ZH, prompts=0.25, money=_YUAN),
    _layout(
        name="ninth_11",
        page="order",
        languages=_EN,
        rows=(
            row("order_number", "订单编号|订单号", "Order number|Order ID"),
            row("recharged_account", "开通账号|会员账号", "Account|Member account"),
            row("ordered_at", "购买时间|开通时间", "Purchased|Purchase date"),
            row("payment_method", "支付方式|扣款方式", "Payment method|Billed to"),
            row("channel", "购买渠道", "Purchased via", 0.4),
        ),
        times=_LETTERS,
        money=("¥{n}", "¥{n}", "￥{g}"),
        pool="ninth/member",
    ),
    _layout(
        name="ninth_12",
        page="list",
        languages=_EN,
        devices=("phone", "phone", "desktop"),
        times=_ORDERS,
        money=("¥{n}", "￥{n}", "¥{g}"),
    ),
    _layout(name="ninth_13", page="chat", languages=_ZH, devices=("phone", "phone", "desktop")),
    _layout(
        name="ninth_14",
        page="order",
        languages=_ZH,
        tall=True,
        rows=(
            row("order_number", "订单编号|订单号", "Order number"),
            row("trade_number", "支付流水号|交易流水号", "Payment reference|Transaction ID", 0.7),
            row("ordered_at", "下单时间|创建时间", "Order time|Created"),
            row("paid_at", "付款时间|支付时间", "Payment time"),
            row("delivered_at", "发货时间", "Delivered", 0.7),
            row("payment_method", "付款方式|支付方式", "Payment method"),
            row("remark", "买家留言|订单备注", "Note", 0.5),
        ),
        times=_ORDERS,
        money=_YUAN,
        pool="ninth/cards",
    ),
)
