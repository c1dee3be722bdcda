"""The fourth held-out set: drawn by somebody who had read neither the extractor's rules nor its tests.

No page of it may be looked at to mend a rule, and its first score is the one that counts. Names, words, prompts and
conversations are of the pool ``fourth``; the templates share no style sheet with the other sets.
"""

from __future__ import annotations

from functools import partial

from training.screens.layout import Layout, row

_layout = partial(Layout, pool="fourth", held_out=True)
_ZH_MOSTLY = ("zh", "zh", "zh", "en")
_EN_MOSTLY = ("en", "en", "en", "zh")
_WHOLE = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S"),
    "en": ("%Y-%m-%d %H:%M:%S", "%b %d, %Y %H:%M:%S"),
}
_ORDERS = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y.%m.%d %H:%M", "%Y/%m/%d %H:%M"),
    "en": ("%Y-%m-%d %H:%M:%S", "%d %b %Y %H:%M", "%b %d, %Y %I:%M %p"),
}
_LETTERS = {
    "zh": ("%Y年%m月%d日 %H:%M", "%Y-%m-%d %H:%M"),
    "en": ("%d %b %Y, %H:%M", "%B %d, %Y %I:%M %p", "%b %d, %Y, %H:%M"),
}
_NOTICES = {
    "zh": ("%m月%d日%H:%M", "%Y年%m月%d日%H:%M", "%m月%d日%H时%M分", "%Y-%m-%d %H:%M"),
    "en": ("%Y-%m-%d %H:%M",),
}
_YUAN = ("¥{n}", "￥{n}", "¥{n}", "¥{g}")

FOURTH: tuple[Layout, ...] = (
    _layout(
        name="fourth_01",
        page="payment",
        rows=(
            row("trade_number", "交易流水号|云杉付订单号|支付流水号"),
            row("order_number", "商户订单号|商家订单编号"),
            row("paid_at", "交易时间|支付时间"),
            row("payment_method", "付款方式|支付方式|付款账户"),
            row("product", "订单描述|商品名称|商品描述"),
            row("category", "账单分类", chance=0.6),
            row("batch", "凭证号", chance=0.5),
        ),
        shuffled=True,
        times=_WHOLE,
        money=("-{n}", "¥{n}", "-¥{n}", "￥{g}", "{n}元"),
    ),
    _layout(
        name="fourth_02",
        page="payment",
        rows=(
            row("payee", "收款方|收款商户|商户名称"),
            row("payment_method", "支付方式|付款方式"),
            row("paid_at", "支付时间|付款时间|交易时间"),
            row("product", "商品详情|商品", chance=0.6),
            row("order_number", "商户单号|商家单号"),
            row("trade_number", "交易单号|支付单号", chance=0.7),
            row("status", "交易状态|当前状态"),
        ),
        times=_WHOLE,
        money=("￥{n}", "¥{n}", "¥{g}"),
    ),
    _layout(
        name="fourth_03",
        page="payment",
        devices=("phone", "phone", "desktop"),
        rows=(
            row("payee", "对方户名|交易对方|收款人"),
            row("bank", "对方开户行|收款银行", chance=0.5),
            row("paid_at", "交易时间|记账时间|交易日期"),
            row("trade_number", "交易流水号|流水号|交易参考号"),
            row("balance", "账户余额|交易后余额|余额"),
            row("purpose", "交易摘要|附言|交易类型", chance=0.7),
            row("payment_method", "付款账户|付款方式", chance=0.7),
        ),
        shuffled=True,
        times=_WHOLE,
        money=("-{g}", "-{n}", "-¥{g}", "{g}", "{g}元"),
    ),
    _layout(
        name="fourth_04",
        page="order",
        tall=True,
        rows=(
            row("order_number", "订单编号"),
            row("ordered_at", "下单时间|提交时间"),
            row("paid_at", "支付时间|付款时间", chance=0.8),
            row("payment_method", "支付方式"),
            row("delivery_kind", "发货方式", chance=0.6),
            row("recharged_account", "充值账号|充值号码", chance=0.6),
            row("remark", "订单备注|买家留言", chance=0.5),
        ),
        times=_ORDERS,
        money=_YUAN,
    ),
    _layout(
        name="fourth_05",
        page="order",
        rows=(
            row("order_number", "订单号|订单号码|订单编号"),
            row("member", "取货号", chance=0.3),
            row("quantity", "购买数量|数量"),
            row("ordered_at", "下单时间|购买时间"),
            row("paid_at", "付款时间|支付时间", chance=0.6),
            row("payment_method", "支付方式|付款方式", chance=0.8),
            row("hotline", "商家电话", chance=0.5),
        ),
        times=_ORDERS,
        money=("¥{n}", "￥{n}", "{n}元"),
    ),
    _layout(
        name="fourth_06",
        page="order",
        languages=_EN_MOSTLY,
        devices=("phone", "desktop"),
        rows=(
            row("recharged_account", "帐户名称|帐户", "Account name|Account"),
            row("order_number", "订单编号|订单号", "Order number|Order no.|Order"),
            row("ordered_at", "购买日期|下单日期", "Date purchased|Order placed"),
            row("payment_method", "付款方式|支付方式", "Payment method|Paid with"),
            row("trade_number", "交易编号|交易 ID", "Transaction ID", 0.5),
        ),
        times=_LETTERS,
        money=("¥ {n}", "¥{n}", "¥{g}", "CNY {n}"),
    ),
    _layout(
        name="fourth_07",
        page="order",
        languages=("en",),
        devices=("desktop", "desktop", "phone"),
        rows=(
            row("serial", "发票号码", "Invoice number|Invoice no."),
            row("order_number", "订单号", "Order number|Order ID"),
            row("ordered_at", "订单日期", "Order date|Ordered on"),
            row("paid_at", "付款日期", "Payment date|Paid on", 0.7),
            row("payment_method", "付款方式", "Payment method|Method of payment"),
        ),
        times=_LETTERS,
        money=("¥{n}", "CNY {g}", "RMB {n}", "¥{g}"),
    ),
    _layout(
        name="fourth_08",
        page="delivery",
        devices=("phone", "phone", "desktop"),
        rows=(
            row("status", "订单状态|发货状态"),
            row("order_number", "订单号|订单编号"),
            row("product", "商品|商品名称|购买商品"),
            row("amount", "支付金额|实付金额"),
            row("quantity", "数量|提取数量"),
            row("ordered_at", "下单时间|创建时间"),
            row("paid_at", "支付时间|付款时间", chance=0.5),
            row("valid_until", "有效期至|使用截止", chance=0.4),
        ),
        shuffled=True,
        times=_ORDERS,
        money=("￥{n}", "¥{n}", "{n}元", "{n}"),
    ),
    _layout(
        name="fourth_09",
        page="order",
        languages=_ZH_MOSTLY,
        rows=(
            row("recharged_account", "充值账号|充值号码|到账账号", "Top-up account|Player ID"),
            row("server", "游戏区服|区服", "Server", 0.4),
            row("product", "充值商品|商品名称|商品", "Item|Product"),
            row("face_value", "充值面额|面值", "Face value", 0.6),
            row("amount", "实付金额|支付金额|实际支付", "Amount paid|You paid"),
            row("payment_method", "支付方式", "Payment method"),
            row("paid_at", "支付时间|付款时间", "Paid at|Payment time"),
            row("order_number", "订单编号|订单号", "Order number|Order ID"),
        ),
        times=_ORDERS,
        money=_YUAN,
    ),
    _layout(
        name="fourth_10",
        page="prompt",
        languages=("zh", "zh", "en"),
        devices=("phone", "phone", "phone", "desktop"),
        prompts=0.25,
    ),
    _layout(
        name="fourth_11",
        page="order",
        languages=_ZH_MOSTLY,
        rows=(
            row("order_number", "订单编号|订单号", "Order number|Order ID"),
            row("recharged_account", "开通账号|充值账号", "Account"),
            row("ordered_at", "开通时间|下单时间|购买时间", "Purchase date|Ordered on"),
            row("valid_until", "有效期至|到期时间|会员到期", "Valid until|Expires on", 0.8),
            row("payment_method", "支付方式|付款方式", "Payment method"),
        ),
        shuffled=True,
        times=_ORDERS,
        money=_YUAN,
    ),
    _layout(
        name="fourth_12",
        page="list",
        languages=_ZH_MOSTLY,
        devices=("phone", "phone", "desktop"),
        times=_ORDERS,
        money=_YUAN,
    ),
    _layout(name="fourth_13", page="chat", languages=_ZH_MOSTLY, devices=("phone", "phone", "desktop")),
    _layout(name="fourth_14", page="payment", times=_NOTICES, money=("{n}元", "人民币{n}元", "{g}元", "RMB{n}")),
)
