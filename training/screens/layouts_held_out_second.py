"""The second held-out set. Spent since 2026-11-22: its pages were looked at to mend rules, so its figures of today are
those of development layouts; only its first score (first_scores.json) was read on pages nobody had tuned on.

Made after the development layouts of ``layouts_composed.py`` and ``layouts_apps.py`` and apart from them: other
structures, names, prompts, conversations and faces (pool ``second``). Numbered, so that a table of scores tells
nobody what a page looks like.
"""

from __future__ import annotations

from functools import partial

from training.screens.layout import Layout, row

_layout = partial(Layout, pool="second", held_out=True)
_BOTH = ("zh", "en")
_TIMES = {
    "zh": (
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y年%m月%d日 %H:%M",
        "%Y/%m/%d %H:%M",
        "%Y.%m.%d %H:%M:%S",
        "%m-%d %H:%M:%S",
        "{day} %H:%M",
    ),
    "en": ("%d %b %Y %H:%M", "%b %d, %Y %I:%M %p", "%Y-%m-%d %H:%M", "%d %B %Y, %H:%M"),
}
_WHOLE = {"zh": _TIMES["zh"][:5], "en": _TIMES["en"]}
_PLAIN = ("¥{n}", "{n}", "¥{g}", "￥{n}", "{n}元")

SECOND: tuple[Layout, ...] = (
    _layout(
        name="second_01",
        page="payment",
        rows=(
            row("payee", "商户名称|收款商户"),
            row("terminal", "终端编号"),
            row("payment_method", "付款卡|付款方式"),
            row("status", "交易状态|交易结果"),
            row("paid_at", "交易时间|日期时间"),
            row("trade_number", "交易参考号|交易流水号"),
            row("order_number", "商户订单号|商户单号"),
        ),
        times=_WHOLE,
        money=("RMB {n}", "¥{n}", "{n}", "CNY {n}"),
    ),
    _layout(
        name="second_02",
        page="order",
        languages=("zh", "zh", "en"),
        rows=(
            row("order_number", "订单编号|订单号|购买编号", "Order number|Order no."),
            row("ordered_at", "订购时间|下单时间|购入时间", "Ordered|Ordered at"),
            row("recharged_account", "开通账号|会员账号", "Account", 0.7),
            row("payment_method", "支付方式|付款来源", "Payment method|Paid using"),
            row("valid_until", "会员有效期至|到期日", "Valid through", 0.6),
        ),
        times=_TIMES,
        money=_PLAIN,
    ),
    _layout(
        name="second_03",
        page="payment",
        languages=("en", "en", "zh"),
        rows=(
            row("paid_at", "付款时间|支付时间", "Date and time|Payment date"),
            row("payment_method", "付款来源|支付方式", "Funding source|Payment method"),
            row("product", "付款内容|商品", "For|Item"),
            row("trade_number", "交易单号|支付编号", "Transaction ID|Payment ID"),
            row("order_number", "商家订单号|商户单号", "Merchant's order number|Merchant order ID"),
        ),
        times=_WHOLE,
        money=("¥{n}", "-¥{n}", "¥{g}"),
    ),
    _layout(
        name="second_04",
        page="order",
        languages=("en", "en", "zh"),
        devices=("desktop",),
        rows=(
            row("order_number", "订单号|订单编号", "Order ID|Order number"),
            row("ordered_at", "购入时间|下单时间", "Date of purchase|Ordered on"),
            row("payment_method", "支付方式", "Payment via|Payment method"),
            row("recharged_account", "账户名|到账账户", "Account name|Credited account", 0.6),
            row("trade_number", "交易号|支付流水号", "Transaction ID", 0.5),
        ),
        times=_WHOLE,
        money=("¥{n}", "¥ {n}", "CNY {g}"),
    ),
    _layout(
        name="second_05",
        page="order",
        rows=(
            row("payment_method", "支付方式|付款方式"),
            row("recharged_account", "充值号码|受充号码|充值账号", chance=0.7),
            row("paid_at", "付款时间|支付时间", chance=0.7),
            row("trade_number", "支付流水号|交易流水号", chance=0.5),
            row("remark", "留言", chance=0.4),
        ),
        times=_TIMES,
        money=_PLAIN,
    ),
    _layout(
        name="second_06",
        page="delivery",
        languages=("zh", "zh", "en"),
        rows=(
            row("amount", "支付金额|实付金额|订单实付", "You paid|Amount paid"),
            row("order_number", "订单号|商城订单号|订单编号", "Order number|Order no."),
            row("ordered_at", "购买时间|下单时间", "Bought on|Order date"),
            row("face_value", "面额|面值", "Value", 0.7),
            row("valid_until", "有效期至|请于此日前使用", "Use by", 0.6),
        ),
        times=_WHOLE,
        money=_PLAIN,
    ),
    _layout(
        name="second_07",
        page="payment",
        devices=("phone", "desktop"),
        rows=(
            row("purpose", "用途|摘要"),
            row("paid_at", "交易时间|交易日期"),
            row("status", "交易状态|处理结果"),
            row("trade_number", "交易流水号|流水号"),
            row("order_number", "商户订单号|商户单号", chance=0.6),
        ),
        times=_WHOLE,
        money=("¥{n}", "{n}", "{g}", "￥{g}"),
    ),
    _layout(
        name="second_08",
        page="order",
        rows=(
            row("order_number", "订单编号|订单号"),
            row("ordered_at", "下单时间|订单时间"),
            row("status", "订单状态"),
            row("payment_method", "支付方式", chance=0.6),
            row("recharged_account", "充值账号|充值号码", chance=0.5),
        ),
        times=_WHOLE,
        money=_PLAIN,
    ),
    _layout(name="second_09", page="prompt", languages=_BOTH, devices=("phone", "phone", "desktop"), prompts=0.25),
    _layout(name="second_10", page="prompt", languages=_BOTH, prompts=0.25),
    _layout(name="second_11", page="chat", languages=_BOTH, devices=("phone", "desktop")),
    _layout(name="second_12", page="list", languages=_BOTH, devices=("phone", "desktop"), money=_PLAIN),
    _layout(name="second_13", page="identity", devices=("phone", "desktop")),
    _layout(
        name="second_14",
        page="order",
        languages=_BOTH,
        devices=("phone", "phone", "desktop"),
        times=_WHOLE,
        money=("¥{n}", "¥ {n}", "￥{g}"),
    ),
    _layout(
        name="second_15",
        page="order",
        languages=_BOTH,
        devices=("desktop",),
        rows=(
            row("order_number", "订单编号|订单号", "Order number|Order ID"),
            row("ordered_at", "下单时间|订购时间", "Ordered on|Order date"),
            row("paid_at", "付款时间|支付时间", "Paid on", 0.8),
            row("payment_method", "支付方式|付款方式", "Payment method"),
            row("recharged_account", "游戏账号|充值账号", "Player account", 0.6),
            row("trade_number", "支付流水号|交易单号", "Transaction ID", 0.6),
            row("quantity", "件数", "Units"),
            row("server", "区服", "Server", 0.6),
            row("hotline", "卖家电话", "Seller's phone", 0.6),
        ),
        times=_WHOLE,
        money=_PLAIN,
    ),
    _layout(name="second_16", page="unknown", languages=_BOTH),
)
