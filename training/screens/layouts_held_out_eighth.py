"""The eighth held-out set: what buyers send, drawn by somebody who had read neither the extractor's rules nor tests.

No page of it may be looked at to mend a rule, and its first score is the one that counts. Names, words, prompts and
conversations are of the pool ``eighth``; the templates share no style sheet with the other sets.
"""

from __future__ import annotations

from functools import partial

from training.screens.layout import Layout, row

_layout = partial(Layout, held_out=True)
_ZH_MOSTLY = ("zh", "zh", "zh", "en")
_EN_MOSTLY = ("en", "en", "en", "zh")
_WHOLE = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y/%m/%d %H:%M:%S"),
    "en": ("%Y-%m-%d %H:%M:%S", "%d %b %Y %H:%M:%S"),
}
_BANK = {"zh": ("%Y-%m-%d %H:%M:%S", "%Y.%m.%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H:%M"), "en": ("%Y-%m-%d",)}
_ORDERS = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d %H:%M"),
    "en": ("%Y-%m-%d %H:%M:%S", "%b %d, %Y %H:%M", "%d %b %Y %H:%M"),
}
_LETTERS = {
    "zh": ("%Y-%m-%d %H:%M:%S", "%Y年%m月%d日 %H:%M"),
    "en": ("%b %d, %Y, %I:%M %p", "%B %d, %Y %H:%M", "%d %b %Y, %H:%M"),
}
_YUAN = ("¥{n}", "¥{n}", "￥{n}", "¥{g}")
_ON_FORMS = (
    "code_invalid",
    "code_used",
    "code_wrong",
    "expired",
    "region_mismatch",
    "system_busy",
    "account_restricted",
    "limit_exceeded",
    "code_locked",
    "verification_failed",
    "not_yet_valid",
)
_ON_TOPUPS = (
    "topup_failed",
    "number_not_found",
    "region_mismatch",
    "balance_insufficient",
    "no_such_record",
    "system_busy",
    "payment_failed",
    "duplicate_payment",
    "order_not_found",
    "out_of_stock",
    "account_restricted",
    "not_delivered",
    "limit_exceeded",
    "verification_failed",
)

EIGHTH: tuple[Layout, ...] = (
    _layout(
        name="eighth_01",
        page="payment",
        pool="eighth",
        rows=(
            row("payment_method", "付款方式|支付方式|付款方式"),
            row("product", "商品说明|商品|交易商品"),
            row("paid_at", "支付时间|付款时间|支付时间"),
            row("acquirer", "收单机构|清算机构", chance=0.5),
            row("payee", "收款方全称|收款商户全称"),
            row("trade_number", "订单号|交易单号|交易号"),
            row("order_number", "商家订单号|商户订单号"),
        ),
        times=_WHOLE,
        money=("-{n}", "-{g}", "-¥{n}", "−{n}"),
    ),
    _layout(
        name="eighth_02",
        page="payment",
        pool="eighth",
        languages=("zh", "zh", "zh", "en"),
        rows=(
            row("status", "当前状态|交易状态|支付状态", "Status|Current status"),
            row("paid_at", "支付时间|付款时间|交易时间", "Paid at|Payment time"),
            row("product", "商品名称|商品", "Description|Item", 0.8),
            row("payment_method", "支付方式|付款方式", "Payment method|Paid with"),
            row("trade_number", "交易单号|支付流水号", "Transaction ID|Transaction No."),
            row("order_number", "商户单号|商户订单号", "Merchant order no.|Merchant order ID"),
        ),
        times=_WHOLE,
        money=("¥{n}", "¥{g}", "￥{n}"),
    ),
    _layout(
        name="eighth_03",
        page="payment",
        pool="eighth/bank",
        rows=(
            row("purpose", "交易类型|摘要|交易摘要"),
            row("payee", "对方户名|收款户名|对方名称"),
            row("bank", "对方开户行|对方行名", chance=0.6),
            row("payment_method", "付款账户|交易账户|付款卡号"),
            row("paid_at", "交易时间|记账时间"),
            row("balance", "账户余额|交易后余额|余额", chance=0.8),
            row("trade_number", "交易流水号|交易流水|银行流水号"),
            row("serial", "凭证号|回单编号", chance=0.5),
        ),
        times=_BANK,
        money=("-{g}", "-{n}", "-¥{g}", "{g}", "-{g}元"),
    ),
    _layout(
        name="eighth_04",
        page="order",
        pool="eighth/shop",
        rows=(
            row("order_number", "订单编号"),
            row("trade_number", "交易流水号|支付交易号", chance=0.5),
            row("ordered_at", "创建时间|下单时间"),
            row("paid_at", "付款时间|支付时间"),
            row("delivered_at", "发货时间", chance=0.5),
            row("payment_method", "支付方式|付款方式", chance=0.7),
            row("recharged_account", "充值账号|充值号码", chance=0.5),
        ),
        times=_ORDERS,
        money=_YUAN,
    ),
    _layout(
        name="eighth_05",
        page="order",
        pool="eighth/game",
        languages=_ZH_MOSTLY,
        devices=("phone", "phone", "phone", "wide"),
        rows=(
            row("recharged_account", "充值账号|玩家ID|游戏账号", "Player ID|Account"),
            row("role", "角色名|角色昵称", "Character", 0.6),
            row("server", "所在区服|区服", "Server", 0.7),
            row("payment_method", "支付渠道|支付方式", "Payment method|Paid via"),
            row("order_number", "订单号|订单编号", "Order ID|Order No."),
            row("ordered_at", "下单时间|创建时间", "Ordered at|Created"),
            row("paid_at", "支付时间|付款时间", "Paid at|Payment time", 0.7),
        ),
        times=_ORDERS,
        money=("¥{n}", "¥{g}", "￥{n}", "¥ {n}"),
    ),
    _layout(
        name="eighth_06",
        page="order",
        pool="eighth/desk",
        languages=_EN_MOSTLY,
        devices=("desktop",),
        rows=(
            row("order_number", "订单号|订单编号", "Order number|Order ID|Order No."),
            row("payment_method", "支付方式|付款方式", "Payment method|Paid with"),
            row("recharged_account", "充值账号|收货邮箱账号", "Delivered to account|Account", 0.7),
            row("serial", "发票号|发票号码", "Invoice no.|Invoice number", 0.6),
            row("invoice", "发票类型", "Invoice", 0.4),
        ),
        shuffled=True,
        times=_LETTERS,
        money=("¥{n}", "¥{g}", "CN¥{n}", "¥ {n}"),
    ),
    _layout(
        name="eighth_07",
        page="delivery",
        pool="eighth/desk",
        languages=_EN_MOSTLY,
        devices=("desktop", "desktop", "phone"),
        rows=(
            row("order_number", "订单编号|订单号", "Order number|Order #|Order ID"),
            row("ordered_at", "下单时间|购买时间", "Order date|Purchased on"),
            row("payment_method", "支付方式", "Payment|Payment method"),
            row("amount", "实付金额|实付款", "Total paid|Amount paid"),
            row("valid_until", "有效期至|兑换截止", "Redeem by|Valid until", 0.7),
        ),
        times=_LETTERS,
        money=("¥{n}", "CNY {n}", "¥{g}", "{n} CNY"),
    ),
    _layout(
        name="eighth_08",
        page="order",
        pool="eighth/topup",
        rows=(
            row("recharged_account", "充值号码|充值账号|充值手机号"),
            row("product", "充值商品|商品名称", chance=0.7),
            row("face_value", "充值面额|面额"),
            row("payment_method", "支付方式|付款方式"),
            row("paid_at", "支付时间|付款时间"),
            row("order_number", "订单编号|充值单号|订单号"),
        ),
        times=_ORDERS,
        money=("¥{n}", "{n}元", "￥{n}"),
    ),
    _layout(
        name="eighth_09",
        page="prompt",
        pool="eighth/desk",
        languages=("en", "en", "zh"),
        devices=("phone", "phone", "desktop"),
        prompts=0.2,
        codes=_ON_FORMS,
    ),
    _layout(
        name="eighth_10",
        page="prompt",
        pool="eighth/topup",
        languages=_ZH_MOSTLY,
        prompts=0.25,
        codes=_ON_TOPUPS,
    ),
    _layout(
        name="eighth_11",
        page="order",
        pool="eighth/member",
        languages=_EN_MOSTLY,
        devices=("phone", "phone", "desktop"),
        rows=(
            row("recharged_account", "会员账号|开通账号", "Account|Member account"),
            row("ordered_at", "下单时间|购买时间", "Purchased on|Order date"),
            row("valid_until", "有效期至|会员到期", "Valid until|Expires on", 0.8),
            row("payment_method", "支付方式|付款方式", "Payment method|Paid with"),
            row("order_number", "订单编号|订单号", "Order number|Order ID"),
            row("trade_number", "交易流水号", "Transaction ID", 0.5),
        ),
        times=_LETTERS,
        money=("¥{n}", "CNY {n}", "¥{g}"),
    ),
    _layout(
        name="eighth_12",
        page="list",
        pool="eighth",
        languages=_ZH_MOSTLY,
        devices=("phone", "phone", "desktop"),
        times=_ORDERS,
        money=("¥{n}", "￥{n}", "¥{g}"),
    ),
    _layout(
        name="eighth_13",
        page="chat",
        pool="eighth",
        languages=("en", "en", "zh"),
        devices=("phone", "phone", "desktop"),
        money=_YUAN,
    ),
    _layout(
        name="eighth_14",
        page="order",
        pool="eighth/shop",
        tall=True,
        rows=(
            row("order_number", "订单编号|订单号"),
            row("ordered_at", "下单时间|提交时间"),
            row("paid_at", "支付时间|付款时间"),
            row("payment_method", "支付方式"),
            row("recharged_account", "充值账号|充值号码", chance=0.7),
            row("delivery_kind", "配送方式|发货方式", chance=0.6),
            row("invoice", "发票信息", chance=0.5),
            row("remark", "订单备注|买家留言", chance=0.5),
        ),
        times=_ORDERS,
        money=_YUAN,
    ),
)
