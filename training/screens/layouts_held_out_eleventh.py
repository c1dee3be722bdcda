"""The eleventh held-out set: after the best-known apps and sites of China, a third of it English first.

Drawn by somebody who had read neither the extractor's rules nor its tests. No page of it may be looked at to mend a
rule, and its first score is the one that counts. Names, words, prompts and conversations are of the pool
``eleventh``. What each is modelled on: 01 the wallet bill of a great pay app (label column, merchant's number beside
its own), 02 the bill of a messenger's pay service, 03 a card debit in a retail bank's app, 04 the order page of the
great marketplace, 05 a game company's own recharge site on a phone, 06 the order page of the great English desktop
shop, 07 the key page of a market of game keys, 08 the result of a carrier's top-up, 09 the redeem page of a game
store with a dialog over it, 10 a toast over a messenger's coin top-up, 11 a subscription in a mobile system's store,
12 the desktop order list of a great electronics shop, 13 a group-buying app's chat with a shop, 14 a long capture of
an order at an auction site.
"""

from __future__ import annotations

from functools import partial

from training.screens.layout import Layout, row

_layout = partial(Layout, held_out=True)
_PLAIN = {"zh": ("%Y-%m-%d %H:%M:%S",), "en": ("%Y-%m-%d %H:%M:%S",)}
_SITE = {"zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S"), "en": ("%Y-%m-%d %H:%M:%S",)}
_SPELT = {"zh": ("%Y年%m月%d日 %H:%M:%S",), "en": ("%b %d, %Y %H:%M:%S",)}
_STORE = {"zh": ("%Y年%m月%d日 %H:%M",), "en": ("%b %d, %Y, %I:%M %p", "%d %b %Y, %H:%M", "%b %d, %Y %H:%M")}
_SHOP_EN = {"zh": ("%Y-%m-%d %H:%M",), "en": ("%B %d, %Y %H:%M", "%B %d, %Y, %I:%M %p", "%d %B %Y %H:%M")}
_AUCTION = {"zh": ("%Y-%m-%d %H:%M",), "en": ("%b %d, %Y at %I:%M %p", "%d %b %Y at %H:%M")}

ELEVENTH: tuple[Layout, ...] = (
    _layout(
        name="eleventh_01",
        page="payment",
        pool="eleventh/wallet",
        rows=(
            row("paid_at", "支付时间"),
            row("payment_method", "付款方式"),
            row("product", "商品说明"),
            row("acquirer", "收单机构", chance=0.5),
            row("payee", "收款方全称"),
            row("trade_number", "订单号"),
            row("order_number", "商家订单号"),
        ),
        times=_PLAIN,
        money=("-{n}", "-{g}"),
    ),
    _layout(
        name="eleventh_02",
        page="payment",
        pool="eleventh/messenger",
        rows=(
            row("status", "当前状态"),
            row("paid_at", "支付时间"),
            row("product", "商品"),
            row("payee", "商户全称"),
            row("acquirer", "收单机构"),
            row("payment_method", "支付方式"),
            row("trade_number", "交易单号"),
            row("order_number", "商户单号"),
        ),
        times=_SPELT,
        money=("-{n}", "-{n}", "-{g}"),
    ),
    _layout(
        name="eleventh_03",
        page="payment",
        pool="eleventh/bank",
        rows=(
            row("paid_at", "交易时间"),
            row("purpose", "交易类型"),
            row("payment_method", "交易卡号|付款账户|付款卡"),
            row("payee", "商户名称|交易商户|对方户名"),
            row("balance", "交易后余额|账户余额", chance=0.8),
            row("trade_number", "交易流水号|流水号"),
            row("order_number", "商户订单号", chance=0.5),
            row("remark", "备注", chance=0.5),
        ),
        times=_SITE,
        money=("-{g}", "-{n}", "-¥{g}", "-￥{n}"),
    ),
    _layout(
        name="eleventh_04",
        page="order",
        pool="eleventh/market",
        rows=(
            row("order_number", "订单编号"),
            row("trade_number", "禾付宝交易号"),
            row("ordered_at", "创建时间"),
            row("paid_at", "付款时间"),
            row("delivered_at", "发货时间"),
            row("confirmed_at", "成交时间"),
        ),
        times=_PLAIN,
        money=("￥{n}", "¥{n}"),
    ),
    _layout(
        name="eleventh_05",
        page="order",
        pool="eleventh/game",
        rows=(
            row("recharged_account", "充值账号|游戏账号|到账账号"),
            row("server", "游戏区服|所在区服"),
            row("role", "角色昵称|角色名", chance=0.7),
            row("product", "商品名称|充值商品"),
            row("quantity", "购买数量", chance=0.6),
            row("unit_price", "商品单价", chance=0.5),
            row("amount", "实付金额|支付金额"),
            row("payment_method", "支付渠道|支付方式"),
            row("ordered_at", "下单时间|创建时间"),
            row("paid_at", "支付时间", chance=0.6),
            row("order_number", "订单号|订单编号"),
        ),
        times=_SITE,
        money=("¥{n}", "{n}元", "￥{n}", "¥ {n}"),
    ),
    _layout(
        name="eleventh_06",
        page="order",
        pool="eleventh/shop",
        languages=("en",),
        devices=("desktop",),
        rows=(
            row("ordered_at", "下单日期", "Ordered on|Order placed"),
            row("order_number", "订单编号", "Order#|Order #"),
        ),
        times=_SHOP_EN,
        money=("¥{n}", "CNY {g}", "¥{g}"),
    ),
    _layout(
        name="eleventh_07",
        page="delivery",
        pool="eleventh/keys",
        languages=("en",),
        devices=("desktop", "desktop", "phone"),
        rows=(
            row("order_number", "订单", "Order ID|Order number|Order no."),
            row("ordered_at", "下单", "Order date|Ordered|Date"),
            row("paid_at", "付款", "Payment date|Paid on", 0.4),
            row("payment_method", "付款方式", "Payment method|Paid with"),
            row("status", "状态", "Status|Order status"),
        ),
        times=_STORE,
        money=("¥{n}", "¥{g}", "CNY {n}", "{n} CNY"),
    ),
    _layout(
        name="eleventh_08",
        page="order",
        pool="eleventh/phone",
        rows=(
            row("recharged_account", "充值号码|手机号码"),
            row("face_value", "充值金额|到账金额"),
            row("amount", "实付金额|支付金额"),
            row("payment_method", "支付方式"),
            row("paid_at", "支付时间|交易时间"),
            row("order_number", "订单编号|订单号"),
            row("trade_number", "交易流水号|支付流水号", chance=0.4),
        ),
        times=_SITE,
        money=("¥{n}", "{n}元", "￥{n}", "{n} 元"),
    ),
    _layout(
        name="eleventh_09",
        page="prompt",
        pool="eleventh/redeem",
        languages=("en", "en", "en", "zh"),
        devices=("desktop", "desktop", "phone"),
        prompts=0.2,
        codes=(
            *("code_invalid", "code_used", "code_wrong", "expired", "region_mismatch", "limit_exceeded"),
            *("code_locked", "account_restricted", "not_yet_valid", "system_busy"),
        ),
    ),
    _layout(
        name="eleventh_10",
        page="prompt",
        pool="eleventh/coins",
        prompts=0.2,
        codes=(
            *("topup_failed", "number_not_found", "balance_insufficient", "system_busy", "payment_failed"),
            *("limit_exceeded", "account_restricted", "verification_failed", "duplicate_payment", "out_of_stock"),
        ),
        money=("{n}元", "¥{n}", "￥{n}"),
    ),
    _layout(
        name="eleventh_11",
        page="order",
        pool="eleventh/member",
        languages=("en", "en", "en", "zh"),
        rows=(
            row("amount", "已付金额|总计", "Total|Amount paid"),
            row("paid_at", "付款时间", "Payment date|Paid on"),
            row("payment_method", "付款方式", "Payment method"),
            row("order_number", "订单号|订单编号", "Order number|Order ID"),
        ),
        times=_STORE,
        money=("¥{n}", "CNY {n}", "CN¥{n}"),
    ),
    _layout(
        name="eleventh_12",
        page="list",
        pool="eleventh/list",
        devices=("desktop",),
        times=_PLAIN,
        money=("¥{n}", "¥{n}", "￥{n}"),
    ),
    _layout(name="eleventh_13", page="chat", pool="eleventh/group", languages=("zh", "zh", "zh", "en")),
    _layout(
        name="eleventh_14",
        page="order",
        pool="eleventh/auction",
        languages=("en",),
        tall=True,
        rows=(
            row("ordered_at", "下单时间", "Time placed"),
            row("order_number", "订单编号", "Order number"),
        ),
        times=_AUCTION,
        money=("CNY {n}", "¥{n}", "RMB {g}"),
    ),
)
