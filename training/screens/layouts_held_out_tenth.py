"""The tenth held-out set: what buyers most often send, drawn by somebody who knew neither the rules nor their tests.

No page of it may be looked at to mend a rule before its first score. Names, words, prompts and conversations are of
the pool ``tenth`` and its parts; the templates share no style sheet with the other sets.
"""

from __future__ import annotations

from functools import partial

from training.screens.layout import Layout, row

_layout = partial(Layout, pool="tenth", held_out=True)
_ZH_MOSTLY = ("zh", "zh", "zh", "en")
_EN_MOSTLY = ("en", "en", "zh")
_ZH_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d %H:%M:%S", "%Y-%m-%d %H:%M")
_BILL = {
    "zh": ("%Y年%m月%d日 %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S"),
    "en": ("%Y-%m-%d %H:%M:%S", "%b %d, %Y %H:%M:%S", "%B %d, %Y at %I:%M:%S %p"),
}
_LEDGER = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y.%m.%d %H:%M:%S"),
    "en": ("%Y-%m-%d %H:%M:%S", "%d %b %Y %H:%M:%S", "%d %b %Y, %I:%M %p"),
}
_SHOP = {"zh": _ZH_TIMES, "en": ("%Y-%m-%d %H:%M:%S", "%b %d, %Y %H:%M", "%d %b %Y, %I:%M %p")}
_WEST = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y/%m/%d %H:%M"),
    "en": ("%d %b, %Y @ %I:%M%p", "%B %d, %Y %I:%M %p", "%b %d, %Y, %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d %B %Y, %H:%M"),
}
_YUAN = ("¥{n}", "￥{n}", "¥{n}", "¥{g}")
_CODES_REDEEM = (
    *("code_invalid", "code_used", "code_wrong", "expired", "region_mismatch", "system_busy", "account_restricted"),
    *("limit_exceeded", "code_locked", "verification_failed", "not_yet_valid", "number_not_found"),
)
_CODES_TOAST = (
    *("topup_failed", "number_not_found", "system_busy", "payment_failed", "duplicate_payment", "out_of_stock"),
    *("account_restricted", "limit_exceeded", "balance_insufficient", "verification_failed", "not_delivered"),
    *("no_such_record", "order_not_found", "region_mismatch"),
)

TENTH: tuple[Layout, ...] = (
    _layout(
        name="tenth_01",
        page="payment",
        pool="tenth/wallet",
        languages=_ZH_MOSTLY,
        rows=(
            row("status", "当前状态", "Current Status|Status"),
            row("paid_at", "支付时间", "Payment Time|Time"),
            row("product", "商品", "Product|Item"),
            row("payee", "商户全称", "Merchant Full Name"),
            row("payment_method", "支付方式", "Payment Method"),
            row("trade_number", "交易单号", "Transaction ID"),
            row("order_number", "商户单号", "Merchant Order ID|Merchant Order No."),
        ),
        times=_BILL,
        money=("-{n}", "-{n}", "-{g}"),
    ),
    _layout(
        name="tenth_02",
        page="payment",
        pool="tenth/bill",
        languages=("zh", "zh", "en"),
        rows=(
            row("paid_at", "支付时间|付款时间", "Date|Paid on"),
            row("payment_method", "付款方式", "Paid with"),
            row("product", "商品说明", "Item"),
            row("payee", "收款方全称", "Seller|Sent to"),
            row("trade_number", "交易号|鹿铃宝交易号|订单号", "Transaction ID"),
            row("order_number", "商家订单号|商户订单号", "Merchant order number|Seller's order no."),
        ),
        times=_BILL,
        money=("-{n}", "-{n}", "-{g}", "¥{n}", "-¥{n}"),
    ),
    _layout(
        name="tenth_03",
        page="payment",
        pool="tenth/bank",
        languages=_ZH_MOSTLY,
        rows=(
            row("paid_at", "交易时间|交易日期", "Transaction time|Date and time"),
            row("payment_method", "付款方式|交易卡|付款账户", "Paid from|Card used"),
            row("payee", "对方户名|商户名称|收款户名", "Merchant|Payee name|Beneficiary"),
            row("purpose", "交易摘要|摘要", "Description", 0.8),
            row("balance", "账户余额|卡内余额|交易后余额", "Available balance|Balance after"),
            row("trade_number", "交易流水号|流水号|支付交易序号", "Reference no.|Transaction reference"),
            row("status", "交易状态|处理状态", "Status"),
            row("order_number", "商户订单号", "Merchant order no.", 0.5),
        ),
        shuffled=True,
        times=_LEDGER,
        money=("-{g}", "-¥{g}", "-{n}", "¥{g}", "{g}"),
    ),
    _layout(
        name="tenth_04",
        page="order",
        languages=_ZH_MOSTLY,
        rows=(
            row("order_number", "订单编号|订单号", "Order No.|Order number"),
            row("trade_number", "交易号|支付单号", "Payment No.", 0.4),
            row("ordered_at", "下单时间|创建时间", "Placed on|Order time"),
            row("paid_at", "付款时间|支付时间", "Paid on|Payment time"),
            row("delivered_at", "发货时间", "Shipped on", 0.6),
            row("payment_method", "支付方式", "Payment method", 0.8),
            row("delivery_kind", "配送方式", "Delivery", 0.5),
        ),
        times=_SHOP,
        money=("¥{n}", "￥{n}", "¥{n}", "¥ {n}"),
    ),
    _layout(
        name="tenth_05",
        page="order",
        pool="tenth/game",
        languages=_EN_MOSTLY,
        devices=("phone", "phone", "desktop"),
        rows=(
            row("product", "充值商品|购买商品|商品名称", "Item|Product|Package"),
            row("recharged_account", "游戏UID|充值账号|角色ID", "Player ID|User ID|Account"),
            row("server", "区服|服务器", "Server|Zone", 0.6),
            row("role", "角色名|游戏昵称", "Nickname|In-game name", 0.5),
            row("order_number", "订单编号|订单号", "Order ID|Order number"),
            row("ordered_at", "下单时间|创建时间", "Order date|Created"),
            row("payment_method", "支付渠道|支付方式", "Payment channel|Payment method"),
            row("trade_number", "渠道流水号|支付流水号", "Payment reference|Channel transaction ID", 0.5),
        ),
        times=_SHOP,
        money=("¥{n}", "CNY {n}", "¥ {g}", "{n} CNY"),
    ),
    _layout(
        name="tenth_06",
        page="order",
        pool="tenth/store",
        languages=_EN_MOSTLY,
        devices=("desktop",),
        rows=(
            row("ordered_at", "下单时间|订购时间", "Order placed|Ordered on"),
            row("order_number", "订单编号|订单号", "Order #|Order no."),
            row("payment_method", "支付方式|付款方式", "Payment method|Paid with"),
        ),
        times=_WEST,
        money=("¥{n}", "¥{g}", "CNY {g}", "¥ {n}"),
    ),
    _layout(
        name="tenth_07",
        page="delivery",
        pool="tenth/code",
        languages=_EN_MOSTLY,
        devices=("phone", "desktop", "desktop"),
        rows=(
            row("order_number", "订单号|订单编号", "Order number|Order ID|Order"),
            row("ordered_at", "下单时间|购买时间", "Purchased|Order date"),
            row("delivered_at", "发卡时间|发货时间", "Delivered|Delivered on", 0.6),
            row("payment_method", "支付方式", "Payment method|Paid with"),
            row("recharged_account", "接收账号|购买账号", "Delivered to|Account", 0.5),
            row("quantity", "购买数量|数量", "Quantity|Qty"),
            row("amount", "实付金额|实付", "Total paid|Amount paid"),
            row("valid_until", "有效期至|请在此日期前使用", "Redeem before|Valid until", 0.5),
        ),
        times=_WEST,
        money=("¥{n}", "￥{n}", "CNY {n}", "¥{g}"),
    ),
    _layout(
        name="tenth_08",
        page="order",
        pool="tenth/phone",
        languages=("zh",),
        rows=(
            row("recharged_account", "充值号码|充值手机号|缴费号码", "Mobile number|Number topped up"),
            row("face_value", "充值面额|充值金额|面值", "Top-up value|Face value"),
            row("payment_method", "支付方式|付款方式", "Payment method"),
            row("order_number", "订单编号|业务流水号|充值订单号", "Order number|Order no."),
            row("paid_at", "支付时间|付款时间", "Paid on|Payment time"),
            row("product", "商品名称|办理业务", "Product|Item", 0.6),
            row("hotline", "客服电话", "Hotline", 0.4),
        ),
        times=_SHOP,
        money=("¥{n}", "{n}元", "￥{n}", "{n}元"),
    ),
    _layout(
        name="tenth_09",
        page="prompt",
        pool="tenth/code",
        languages=("en", "en", "zh", "zh"),
        devices=("phone", "phone", "desktop"),
        prompts=0.2,
        codes=_CODES_REDEEM,
    ),
    _layout(
        name="tenth_10",
        page="prompt",
        pool="tenth/phone",
        languages=_ZH_MOSTLY,
        prompts=0.25,
        codes=_CODES_TOAST,
    ),
    _layout(
        name="tenth_11",
        page="order",
        pool="tenth/member",
        languages=_ZH_MOSTLY,
        rows=(
            row("recharged_account", "开通账号|充值账号|会员账号", "Account|Member account"),
            row("ordered_at", "下单时间|购买时间", "Purchased on|Order date"),
            row("valid_until", "有效期至|会员到期时间|到期时间", "Valid until|Expires", 0.8),
            row("payment_method", "支付方式|支付渠道", "Payment method"),
            row("order_number", "订单编号|订单号", "Order number|Order ID"),
            row("trade_number", "支付流水号|交易流水号", "Transaction number", 0.4),
        ),
        shuffled=True,
        times=_SHOP,
        money=("¥{n}", "￥{n}", "¥{g}", "¥{n}"),
    ),
    _layout(
        name="tenth_12",
        page="list",
        languages=_ZH_MOSTLY,
        devices=("phone", "phone", "desktop"),
        times=_SHOP,
        money=_YUAN,
    ),
    _layout(name="tenth_13", page="chat", languages=_ZH_MOSTLY, times=_SHOP, money=_YUAN),
    _layout(
        name="tenth_14",
        page="order",
        pool="tenth/used",
        tall=True,
        rows=(
            row("order_number", "订单编号|订单号"),
            row("trade_number", "交易号|支付交易号|担保交易号"),
            row("ordered_at", "拍下时间|创建时间|下单时间"),
            row("paid_at", "付款时间|支付时间"),
            row("delivered_at", "发货时间", chance=0.7),
            row("confirmed_at", "成交时间", chance=0.4),
            row("remark", "买家留言|备注", chance=0.4),
        ),
        times={"zh": _ZH_TIMES},
        money=("¥{n}", "￥{n}", "¥{n}", "¥{g}"),
    ),
)
