"""The thirteenth held-out set: the plainest screens buyers send, by somebody who had read neither the rules nor tests.

No page of it may be looked at to mend a rule, and its first score is the one that counts. Names, words, prompts and
conversations are of the pool ``thirteenth``. Kinds of apps: 1 and 2 the two great wallets' bills, 3 a bank's app, 4 a
shop app, 5 a game publisher's recharge centre, 6 a world-wide shop's site, 7 a card shop's order query, 8 a top-up of
mobile phones, 9 a games platform's redeem page, 10 a top-up form and an order query with a toast, 11 a mobile system's
purchase record, 12 a shop app's list, 13 a shop's support, 14 a group-buying shop's order, captured whole.
"""

from __future__ import annotations

from functools import partial

from training.screens.layout import Layout, row

_layout = partial(Layout, pool="thirteenth", held_out=True)
_ZH_MOSTLY = ("zh", "zh", "zh", "zh", "en")
_EN_MOSTLY = ("en", "en", "en", "zh")
_SECONDS = {
    "zh": ("%Y-%m-%d %H:%M:%S",),
    "en": ("%Y-%m-%d %H:%M:%S",),
}
_WORDED = {"zh": ("%Y年%m月%d日 %H:%M:%S", "%Y-%m-%d %H:%M:%S"), "en": ("%Y-%m-%d %H:%M:%S",)}
_SHOPS = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y.%m.%d %H:%M:%S"),
    "en": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d %b %Y %H:%M"),
}
_LETTERS = {
    "zh": ("%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H:%M"),
    "en": ("%B %d, %Y %H:%M", "%b %d, %Y %I:%M %p", "%d %b %Y, %H:%M"),
}
_YUAN = ("¥{n}", "¥{n}", "￥{n}")
_REDEEMED = (
    *("code_invalid", "code_used", "code_wrong", "expired", "region_mismatch", "code_locked", "not_yet_valid"),
    *("limit_exceeded", "account_restricted", "system_busy"),
)
_TOASTED = (
    *("topup_failed", "number_not_found", "balance_insufficient", "payment_failed", "duplicate_payment"),
    *("out_of_stock", "limit_exceeded", "system_busy", "verification_failed"),
    *("order_not_found", "no_such_record", "not_delivered"),
)

THIRTEENTH: tuple[Layout, ...] = (
    _layout(
        name="thirteenth_01",
        page="payment",
        pool="thirteenth/wallet",
        languages=_ZH_MOSTLY,
        rows=(
            row("status", "当前状态", "Current Status|Status"),
            row("paid_at", "支付时间", "Payment Time"),
            row("product", "商品", "Product", 0.85),
            row("payee", "商户全称", "Merchant Full Name", 0.7),
            row("acquirer", "收单机构", "Acquirer", 0.5),
            row("payment_method", "支付方式", "Payment Method"),
            row("trade_number", "交易单号", "Transaction ID"),
            row("order_number", "商户单号", "Merchant Order ID"),
        ),
        times=_WORDED,
        money=("-{n}", "-{n}", "-¥{n}", "-{g}"),
    ),
    _layout(
        name="thirteenth_02",
        page="payment",
        pool="thirteenth/wallet",
        rows=(
            row("paid_at", "支付时间|付款时间"),
            row("payment_method", "付款方式"),
            row("product", "商品说明"),
            row("acquirer", "收单机构", chance=0.5),
            row("payee", "收款方全称"),
            row("trade_number", "订单号|交易号"),
            row("order_number", "商家订单号"),
        ),
        times=_SECONDS,
        money=("-{n}", "-{n}", "-{g}", "{n}"),
    ),
    _layout(
        name="thirteenth_03",
        page="payment",
        pool="thirteenth/bank",
        rows=(
            row("payment_method", "交易卡号|交易账户|付款卡号"),
            row("payee", "对方户名|交易商户|商户名称"),
            row("paid_at", "交易时间"),
            row("purpose", "交易类型|摘要"),
            row("channel", "交易渠道", chance=0.4),
            row("balance", "交易后余额|余额|账户余额"),
            row("trade_number", "交易流水号|流水号"),
        ),
        times=_WORDED,
        money=("-{g}", "-¥{g}", "¥{g}", "-{n}"),
    ),
    _layout(
        name="thirteenth_04",
        page="order",
        languages=_ZH_MOSTLY,
        rows=(
            row("recharged_account", "充值账号|充值号码", "Top-up account", 0.6),
            row("order_number", "订单编号|订单号", "Order No."),
            row("trade_number", "支付交易号|支付单号", "Payment No.", 0.4),
            row("ordered_at", "创建时间|下单时间", "Order time|Created"),
            row("paid_at", "付款时间|支付时间", "Payment time|Paid"),
            row("delivered_at", "发货时间", "Shipped", 0.5),
            row("payment_method", "支付方式", "Payment method", 0.7),
        ),
        times=_SHOPS,
        money=_YUAN,
    ),
    _layout(
        name="thirteenth_05",
        page="order",
        pool="thirteenth/centre",
        languages=_ZH_MOSTLY,
        devices=("phone", "phone", "desktop"),
        rows=(
            row("order_number", "订单号", "Order ID"),
            row("recharged_account", "充值账号|角色ID", "Player ID|Account"),
            row("server", "游戏大区|区服", "Server", 0.6),
            row("product", "充值商品|购买道具", "Item"),
            row("quantity", "数量", "Quantity", 0.5),
            row("amount", "支付金额|实付金额", "Amount paid"),
            row("payment_method", "支付方式|支付渠道", "Payment method"),
            row("ordered_at", "下单时间", "Order time", 0.5),
            row("paid_at", "支付时间", "Payment time"),
            row("status", "订单状态", "Status"),
        ),
        times=_SHOPS,
        money=_YUAN,
    ),
    _layout(
        name="thirteenth_06",
        page="order",
        pool="thirteenth/site",
        languages=_EN_MOSTLY,
        devices=("desktop",),
        times=_LETTERS,
        money=("¥{g}", "CNY {g}", "¥{n}"),
    ),
    _layout(
        name="thirteenth_07",
        page="delivery",
        pool="thirteenth/cards",
        devices=("phone", "phone", "desktop"),
        rows=(
            row("order_number", "订单编号|订单号", "Order number"),
            row("product", "商品名称|购买商品", "Product"),
            row("quantity", "购买数量|数量", "Quantity"),
            row("amount", "支付金额|实付金额", "Total paid"),
            row("payment_method", "支付方式", "Payment method"),
            row("ordered_at", "下单时间|创建时间", "Created"),
            row("paid_at", "支付时间|付款时间", "Paid", 0.7),
            row("status", "订单状态", "Status"),
        ),
        times=_SHOPS,
        money=("￥{n}", "¥{n}", "{n}元", "{n}"),
    ),
    _layout(
        name="thirteenth_08",
        page="order",
        pool="thirteenth/topup",
        languages=_ZH_MOSTLY,
        rows=(
            row("recharged_account", "充值号码|手机号码", "Mobile number"),
            row("operator", "运营商|归属地", "Operator", 0.4),
            row("face_value", "充值面额|充值金额", "Top-up value"),
            row("amount", "实付金额|实际支付", "You paid"),
            row("payment_method", "支付方式|付款方式", "Paid with"),
            row("ordered_at", "下单时间|创建时间", "Ordered at", 0.4),
            row("paid_at", "支付时间|付款时间", "Paid at"),
            row("order_number", "订单编号|订单号", "Order number"),
        ),
        times=_SHOPS,
        money=_YUAN,
    ),
    _layout(
        name="thirteenth_09",
        page="prompt",
        pool="thirteenth/redeem",
        languages=_EN_MOSTLY,
        devices=("phone", "desktop"),
        prompts=0.15,
        codes=_REDEEMED,
    ),
    _layout(
        name="thirteenth_10",
        page="prompt",
        pool="thirteenth/topup",
        languages=_ZH_MOSTLY,
        prompts=0.2,
        codes=_TOASTED,
    ),
    _layout(
        name="thirteenth_11",
        page="order",
        pool="thirteenth/member",
        languages=_EN_MOSTLY,
        rows=(
            row("recharged_account", "帐户|账户", "Account"),
            row("ordered_at", "购买日期|日期", "Purchase date|Date"),
            row("order_number", "订单号", "Order ID|Order number"),
            row("payment_method", "付款方式", "Payment method"),
            row("valid_until", "有效期至|下次续订日期", "Valid until|Renews on"),
        ),
        times=_LETTERS,
        money=("¥{n}", "CNY {n}", "¥{g}"),
    ),
    _layout(
        name="thirteenth_12",
        page="list",
        languages=_ZH_MOSTLY,
        devices=("phone", "phone", "phone", "desktop"),
        times=_SHOPS,
        money=_YUAN,
    ),
    _layout(name="thirteenth_13", page="chat", languages=_ZH_MOSTLY, money=_YUAN),
    _layout(
        name="thirteenth_14",
        page="order",
        tall=True,
        rows=(
            row("order_number", "订单编号"),
            row("payment_method", "支付方式"),
            row("ordered_at", "下单时间"),
            row("paid_at", "付款时间|支付时间", chance=0.8),
            row("delivered_at", "发货时间", chance=0.6),
            row("confirmed_at", "成交时间|完成时间", chance=0.4),
            row("remark", "订单备注", chance=0.4),
        ),
        times=_SECONDS,
        money=_YUAN,
    ),
)
