"""The fifth held-out set, Chinese phones: drawn by somebody who had read neither the extractor's rules nor its tests.

No page of it may be looked at to mend a rule, and its first score is the one that counts. Names, words, prompts and
conversations are of the pool ``fifth``; the templates share no style sheet with the other sets.
"""

from __future__ import annotations

from functools import partial

from training.screens.layout import Layout, row

_layout = partial(Layout, pool="fifth", held_out=True, languages=("zh", "zh", "zh", "en"))
_BILL = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y/%m/%d %H:%M:%S"),
    "en": ("%Y-%m-%d %H:%M:%S", "%b %d, %Y %H:%M:%S", "%Y/%m/%d %H:%M:%S"),
}
_ORDER = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d %H:%M"),
    "en": ("%Y-%m-%d %H:%M:%S", "%d %b %Y %H:%M", "%Y/%m/%d %H:%M"),
}
_RECORD = {
    "zh": ("%Y-%m-%d %H:%M", "%Y.%m.%d %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y-%m-%d %H:%M:%S"),
    "en": ("%Y-%m-%d %H:%M", "%b %d, %Y %H:%M"),
}
_NOTICE = {
    "zh": ("%m月%d日%H:%M", "%Y年%m月%d日%H时%M分", "%m月%d日 %H:%M", "%Y-%m-%d %H:%M:%S"),
}
_YUAN = ("¥{n}", "￥{n}", "¥{n}", "¥ {n}")

FIFTH: tuple[Layout, ...] = (
    _layout(
        name="fifth_01",
        page="payment",
        rows=(
            row("status", "当前状态", "Current Status|Status"),
            row("paid_at", "支付时间|付款时间", "Payment Time|Time"),
            row("product", "商品", "Product", 0.9),
            row("payee", "商户全称", "Merchant Full Name", 0.5),
            row("acquirer", "收单机构", "Acquirer", 0.6),
            row("payment_method", "支付方式", "Payment Method"),
            row("trade_number", "交易单号", "Transaction ID"),
            row("order_number", "商户单号", "Merchant Order No.|Merchant Order ID"),
        ),
        times=_BILL,
        money=("-{n}", "-{n}", "-¥{n}", "¥{n}", "-{g}"),
    ),
    _layout(
        name="fifth_02",
        page="payment",
        rows=(
            row("paid_at", "支付时间|付款时间", "Payment time"),
            row("payment_method", "付款方式|支付方式", "Payment method"),
            row("product", "商品说明|商品名称", "Item|Description"),
            row("payee", "收款方全称", "Payee", 0.5),
            row("trade_number", "交易号|订单号|交易订单号", "Transaction no.|Transaction number"),
            row("order_number", "商家订单号|商户订单号", "Merchant order no."),
        ),
        times=_BILL,
        money=("-{n}", "{n}", "{g}", "-{g}"),
    ),
    _layout(
        name="fifth_03",
        page="payment",
        pool="fifth/person",
        rows=(
            row("paid_at", "转账时间", "Transfer Time|Sent at"),
            row("confirmed_at", "收款时间", "Received at", 0.6),
            row("payment_method", "支付方式|付款方式", "Payment Method"),
            row("trade_number", "转账单号|交易单号", "Transfer ID|Transfer No."),
        ),
        times=_BILL,
        money=("¥{n}", "-{n}", "￥{n}", "-¥{n}"),
    ),
    _layout(
        name="fifth_04",
        page="payment",
        rows=(
            row("payee", "对方户名|交易对方|商户名称", "Counterparty|Merchant"),
            row("bank", "对方开户行|对方银行", "Counterparty bank", 0.5),
            row("paid_at", "交易时间|记账时间", "Transaction time|Time"),
            row("payment_method", "付款账户|付款方式|支出账户", "Paid from|Payment account"),
            row("fee", "手续费", "Fee", 0.4),
            row("balance", "账户余额|交易后余额|可用余额", "Balance after|Available balance"),
            row("purpose", "交易摘要|摘要|交易类型", "Summary|Type", 0.7),
            row("trade_number", "交易流水号|流水号|电子回单号", "Reference number|Serial number"),
        ),
        shuffled=True,
        times=_BILL,
        money=("-{g}", "-{n}", "-¥{g}", "￥{g}"),
    ),
    _layout(
        name="fifth_05",
        page="payment",
        languages=("zh",),
        times=_NOTICE,
        money=("{n}元", "人民币{n}元", "{g}元", "RMB{n}", "￥{n}"),
    ),
    _layout(
        name="fifth_06",
        page="order",
        pool="fifth/cards",
        rows=(
            row("order_number", "订单编号|订单号", "Order No.|Order number"),
            row("ordered_at", "下单时间|创建时间", "Ordered at|Order time"),
            row("paid_at", "支付时间|付款时间", "Paid at", 0.6),
            row("payment_method", "支付方式", "Payment"),
            row("delivery_kind", "配送方式|发货方式", "Delivery", 0.6),
            row("remark", "买家备注|备注", "Note", 0.5),
        ),
        times=_ORDER,
        money=_YUAN,
    ),
    _layout(
        name="fifth_07",
        page="order",
        tall=True,
        rows=(
            row("order_number", "订单编号", "Order number|Order ID"),
            row("trade_number", "支付交易号|交易流水号", "Payment no.", 0.6),
            row("ordered_at", "创建时间|下单时间", "Created at|Order placed"),
            row("paid_at", "付款时间", "Paid at|Payment time"),
            row("payment_method", "付款方式|支付方式", "Payment method", 0.6),
            row("delivered_at", "发货时间", "Shipped at", 0.5),
            row("waybill", "物流单号", "Tracking no.", 0.3),
            row("invoice_state", "发票信息", "Invoice", 0.5),
        ),
        times=_ORDER,
        money=("¥{n}", "￥{n}", "¥{n}"),
    ),
    _layout(
        name="fifth_08",
        page="delivery",
        pool="fifth/cards",
        devices=("phone", "phone", "phone", "desktop"),
        rows=(
            row("order_number", "订单编号|订单号|订单号码", "Order number|Order ID"),
            row("product", "商品名称|商品", "Product|Item"),
            row("amount", "实付金额|支付金额", "Amount paid"),
            row("quantity", "购买数量|数量", "Quantity"),
            row("ordered_at", "下单时间|创建时间", "Order time"),
            row("paid_at", "付款时间|支付时间", "Paid at", 0.5),
            row("payment_method", "支付方式", "Payment method", 0.7),
            row("status", "订单状态|状态", "Status"),
        ),
        shuffled=True,
        times=_ORDER,
        money=("{n}", "￥{n}", "¥{n}", "¥ {n}"),
    ),
    _layout(
        name="fifth_09",
        page="order",
        pool="fifth/game",
        rows=(
            row("product", "充值商品|商品名称|充值内容", "Item|Product"),
            row("recharged_account", "充值账号|游戏账号|到账账号", "Top-up account|Game account"),
            row("server", "所在区服|区服", "Server", 0.6),
            row("role", "角色名|角色昵称", "Character", 0.4),
            row("payment_method", "支付方式", "Payment method"),
            row("paid_at", "支付时间|付款时间", "Paid at|Payment time"),
            row("order_number", "订单编号|订单号", "Order ID|Order number"),
        ),
        times=_ORDER,
        money=_YUAN,
    ),
    _layout(
        name="fifth_10",
        page="order",
        pool="fifth/credit",
        languages=("zh",),
        rows=(
            row("operator", "运营商|号码归属", "Operator", 0.6),
            row("face_value", "充值面额|面值|充值面值", "Face value|Top-up value"),
            row("amount", "实付金额|实际支付|支付金额", "Amount paid|You paid"),
            row("payment_method", "支付方式|付款方式", "Payment method"),
            row("ordered_at", "下单时间|创建时间", "Order time|Ordered at"),
            row("paid_at", "支付时间|付款时间", "Paid at", 0.5),
            row("order_number", "充值订单号|订单号|订单编号", "Order number|Order No."),
            row("trade_number", "支付流水号|交易流水号", "Payment reference", 0.4),
        ),
        times=_ORDER,
        money=("¥{n}", "{n}元", "￥{n}", "¥{n}"),
    ),
    _layout(name="fifth_11", page="list", times=_ORDER, money=("¥{n}", "￥{n}", "¥{g}")),
    _layout(name="fifth_12", page="list", pool="fifth/member", times=_RECORD, money=("¥{n}", "￥{n}", "¥{n}")),
    _layout(name="fifth_13", page="chat", money=_YUAN, times=_ORDER),
    _layout(name="fifth_14", page="prompt", prompts=0.25, money=_YUAN, times=_ORDER),
)
