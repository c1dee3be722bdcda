"""The third held-out set. Spent since 2026-11-22: its pages were looked at to mend rules, so its figures of today are
those of development layouts; only its first score (first_scores.json) was read on pages nobody had tuned on.

Drawn by somebody who had not seen the extractor's rules, after the structure of pages that buyers send most: wallets'
bill details, a bank's receipt, orders of shops, a carrier, a card-code site, mail, a member's page. Names, words,
prompts and conversations are of the pool ``third``; the templates share no style sheet with the other sets.
"""

from __future__ import annotations

from functools import partial

from training.screens.layout import Layout, row

_layout = partial(Layout, pool="third", held_out=True)
_ZH_MOSTLY = ("zh", "zh", "zh", "en")
_EN_MOSTLY = ("en", "en", "zh")
_SECONDS = {"zh": ("%Y-%m-%d %H:%M:%S",), "en": ("%Y-%m-%d %H:%M:%S",)}
_ORDERS = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d %H:%M"),
    "en": ("%Y-%m-%d %H:%M", "%d %b %Y, %H:%M"),
}
_MAIL = {
    "zh": ("%Y年%m月%d日 %H:%M", "%Y-%m-%d %H:%M:%S"),
    "en": ("%d %b %Y %H:%M", "%b %d, %Y, %I:%M %p", "%d %B %Y %H:%M"),
}
_SHORT = {"zh": (*_ORDERS["zh"], "%m-%d %H:%M:%S", "{day} %H:%M"), "en": _ORDERS["en"]}
_YUAN = ("¥{n}", "￥{n}", "¥ {n}", "¥{g}")

THIRD: tuple[Layout, ...] = (
    _layout(
        name="third_01",
        page="payment",
        rows=(
            row("paid_at", "支付时间|付款时间"),
            row("payment_method", "付款方式"),
            row("product", "商品说明"),
            row("acquirer", "收单机构|清算机构", chance=0.6),
            row("trade_number", "订单号|交易号"),
            row("order_number", "商家订单号"),
        ),
        times=_SECONDS,
        money=("-{n}", "-{n}", "{n}", "-{g}"),
    ),
    _layout(
        name="third_02",
        page="payment",
        rows=(
            row("status", "当前状态"),
            row("paid_at", "支付时间"),
            row("product", "商品"),
            row("payee", "商户全称"),
            row("acquirer", "收单机构", chance=0.8),
            row("payment_method", "支付方式"),
            row("trade_number", "交易单号"),
            row("order_number", "商户单号"),
        ),
        times={"zh": ("%Y年%m月%d日 %H:%M:%S", "%Y-%m-%d %H:%M:%S"), "en": _SECONDS["en"]},
        money=("-{n}", "-{n}", "-¥{n}"),
    ),
    _layout(
        name="third_03",
        page="payment",
        devices=("phone", "desktop"),
        rows=(
            row("status", "交易状态|处理状态"),
            row("purpose", "摘要|用途"),
            row("paid_at", "交易时间|记账时间"),
            row("trade_number", "交易流水号|交易流水"),
            row("order_number", "商户订单号", chance=0.7),
        ),
        times={"zh": ("%Y-%m-%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y/%m/%d %H:%M:%S"), "en": _SECONDS["en"]},
        money=("￥{g}", "{g}", "{g}元", "RMB {g}", "¥{n}"),
    ),
    _layout(
        name="third_04",
        page="order",
        rows=(
            row("order_number", "订单编号"),
            row("trade_number", "支付宝交易号|支付交易号", chance=0.7),
            row("ordered_at", "创建时间|下单时间"),
            row("paid_at", "付款时间"),
            row("delivered_at", "发货时间", chance=0.7),
            row("confirmed_at", "成交时间", chance=0.6),
        ),
        times=_ORDERS,
        money=_YUAN,
    ),
    _layout(
        name="third_05",
        page="order",
        rows=(
            row("order_number", "订单编号|订单号"),
            row("payment_method", "支付方式"),
            row("ordered_at", "下单时间"),
            row("paid_at", "支付时间", chance=0.5),
            row("confirmed_at", "拼成时间|成团时间", chance=0.5),
            row("recharged_account", "充值账号", chance=0.5),
        ),
        times=_SHORT,
        money=("¥{n}", "￥{n}", "¥{n}"),
    ),
    _layout(
        name="third_06",
        page="order",
        tall=True,
        rows=(
            row("order_number", "订单编号"),
            row("ordered_at", "下单时间"),
            row("payment_method", "支付方式"),
            row("paid_at", "支付时间", chance=0.7),
            row("delivery_kind", "配送方式", chance=0.7),
            row("invoice", "发票类型|发票信息", chance=0.6),
        ),
        times=_ORDERS,
        money=_YUAN,
    ),
    _layout(
        name="third_07",
        page="order",
        devices=("phone", "phone", "desktop"),
        rows=(
            row("recharged_account", "充值号码|缴费号码"),
            row("face_value", "充值面额|充值面值", chance=0.7),
            row("payment_method", "支付方式"),
            row("paid_at", "支付时间|付款时间"),
            row("order_number", "订单编号|订单号"),
            row("trade_number", "支付流水号|交易流水号", chance=0.6),
            row("hotline", "服务热线", chance=0.4),
        ),
        times=_ORDERS,
        money=("{n}元", "¥{n}", "{n} 元"),
    ),
    _layout(
        name="third_08",
        page="delivery",
        devices=("phone", "desktop"),
        rows=(
            row("order_number", "订单编号|订单号"),
            row("product", "商品名称|订单标题"),
            row("quantity", "购买数量"),
            row("ordered_at", "下单时间"),
            row("recharged_account", "充值账号", chance=0.4),
            row("payment_method", "支付方式|支付通道"),
            row("status", "订单状态"),
            row("amount", "实际支付|实付金额"),
        ),
        times=_SECONDS,
        money=("{n}", "¥{n}", "￥{n}", "{n} 元"),
    ),
    _layout(
        name="third_09",
        page="order",
        languages=_EN_MOSTLY,
        devices=("phone", "desktop"),
        rows=(
            row("order_number", "订单号|订单编号", "Order ID|Order number"),
            row("ordered_at", "购买日期|下单时间", "Date of order|Order date"),
            row("recharged_account", "账户|账户名称", "Account|Account name"),
            row("payment_method", "付款方式", "Payment method|Billed to"),
            row("serial", "凭证编号", "Document no.", 0.5),
        ),
        times=_MAIL,
        money=("¥{n}", "¥ {n}", "CNY {n}", "RMB {n}"),
    ),
    _layout(
        name="third_10",
        page="order",
        languages=_ZH_MOSTLY,
        rows=(
            row("recharged_account", "开通账号|会员账号", "Member account"),
            row("ordered_at", "购买时间|下单时间", "Purchased on"),
            row("valid_until", "有效期至|到期时间", "Valid until", 0.8),
            row("payment_method", "支付方式|支付渠道", "Payment method"),
            row("order_number", "订单号|订单编号", "Order number"),
        ),
        times=_ORDERS,
        money=_YUAN,
    ),
    _layout(
        name="third_11",
        page="prompt",
        languages=("zh", "zh", "en"),
        devices=("phone", "phone", "desktop"),
        prompts=0.25,
    ),
    _layout(name="third_12", page="chat", languages=_ZH_MOSTLY, devices=("phone", "phone", "desktop")),
    _layout(name="third_13", page="list", languages=_ZH_MOSTLY, devices=("desktop",), times=_ORDERS, money=_YUAN),
    _layout(name="third_14", page="identity", devices=("phone", "desktop")),
)
