"""Layouts to develop with: anything may be tuned on these."""

from __future__ import annotations

from training.screens.layout import Layout, row

_ORDERED = row("ordered_at", "下单时间|创建时间|订单时间|提交时间", "Order date|Ordered on|Created|Order time")
_PAID = row("paid_at", "付款时间|支付时间|支付完成时间", "Paid on|Payment time|Payment date", 0.8)
_METHOD = row("payment_method", "支付方式|付款方式", "Payment method|Paid with", 0.85)
_ACCOUNT = row(
    "recharged_account", "充值账号|充值号码|充值手机号|游戏账号", "Account|Recharge account|Phone number", 0.6
)
_TRADE_ON_ORDER = row("trade_number", "支付流水号|交易流水号|支付单号|流水号", "Transaction ID|Payment reference", 0.4)
_INVOICE = row("invoice", "发票|发票类型", "Invoice", 0.4)
_DELIVERED = row("delivered_at", "发货时间|到账时间|成交时间", "Delivered on", 0.4)

_CARRIER_ERRORS = ("topup_failed", "number_not_found", "balance_insufficient", "not_delivered", "system_busy")
_TOP_UP_ERRORS = (
    *_CARRIER_ERRORS,
    "region_mismatch",
    "payment_failed",
    "account_restricted",
    "out_of_stock",
    "order_not_found",
    "duplicate_payment",
)

FIRST: tuple[Layout, ...] = (
    Layout(
        name="bill_spread",
        page="payment",
        rows=(
            row("status", "当前状态|交易状态|状态", chance=0.6),
            row("paid_at", "支付时间|付款时间|交易时间"),
            row("payment_method", "付款方式|支付方式|交易方式"),
            row("product", "商品说明|商品|商品名称"),
            row("payee", "收款方全称|收款方|商户全称|对方账户|收款商户"),
            row("acquirer", "收单机构|清算机构", chance=0.5),
            row("trade_number", "订单号|交易号|支付宝交易号|交易订单号"),
            row("order_number", "商家订单号|商户订单号"),
        ),
        money=("-{n}", "{n}", "-{g}", "¥{n}"),
    ),
    Layout(
        name="bill_columns",
        page="payment",
        rows=(
            row("status", "当前状态"),
            row("paid_at", "支付时间|转账时间"),
            row("product", "商品|商品详情"),
            row("payee", "商户全称|收款方|收款人"),
            row("acquirer", "收单机构|清算机构", chance=0.6),
            row("payment_method", "支付方式"),
            row("trade_number", "交易单号|转账单号"),
            row("order_number", "商户单号"),
        ),
        money=("-{n}", "-¥{n}", "-{g}"),
    ),
    Layout(
        name="bank_receipt",
        page="payment",
        languages=("zh", "en"),
        rows=(
            row("status", "交易状态|交易结果", "Status"),
            row("payee", "收款人户名|对方户名|收款户名", "Payee|Beneficiary|Recipient"),
            row("bank", "收款银行|对方银行", "Beneficiary bank", 0.6),
            row("payment_method", "付款账户|付款卡号", "From account|Paid from"),
            row("paid_at", "交易时间|交易日期|记账时间", "Transaction time|Date and time"),
            row("trade_number", "交易流水号|流水号|凭证号", "Transaction reference|Reference number"),
            row("order_number", "商户订单号|商户单号", "Merchant order no.|Merchant order number", 0.7),
            row("purpose", "摘要|用途|附言", "Remark|Purpose", 0.8),
        ),
        shuffled=True,
    ),
    Layout(
        name="order_cards",
        page="order",
        rows=(
            row("order_number", "订单编号|订单号"),
            _ORDERED,
            _PAID,
            _METHOD,
            _ACCOUNT,
            _TRADE_ON_ORDER,
            _DELIVERED,
            _INVOICE,
        ),
    ),
    Layout(
        name="order_inline",
        page="order",
        rows=(
            row("order_number", "订单编号|订单号|订单ID"),
            _ORDERED,
            _PAID,
            _METHOD,
            _ACCOUNT,
            _TRADE_ON_ORDER,
            _DELIVERED,
        ),
        shuffled=True,
    ),
    Layout(
        name="order_stacked",
        page="order",
        languages=("zh", "en"),
        rows=(
            row("order_number", "订单号|订单编号", "Order number|Order no.|Order ID"),
            _ORDERED,
            _METHOD,
            _ACCOUNT,
            _TRADE_ON_ORDER,
            _PAID,
        ),
    ),
    Layout(
        name="order_desktop",
        page="order",
        languages=("zh", "en"),
        devices=("desktop",),
        rows=(
            row("order_number", "订单号|订单编号", "Order number|Order #"),
            _ORDERED,
            _PAID,
            _METHOD,
            _ACCOUNT,
            _TRADE_ON_ORDER,
            _DELIVERED,
            _INVOICE,
        ),
    ),
    Layout(
        name="card_delivery",
        page="delivery",
        rows=(
            row("order_number", "订单编号|订单号"),
            _ORDERED,
            row("amount", "实付金额|支付金额|实付款"),
            row("delivered_at", "发卡时间|提取时间", chance=0.7),
            row("stock", "购买数量|数量", chance=0.7),
        ),
    ),
    Layout(
        name="membership_record",
        page="order",
        languages=("zh", "en"),
        rows=(
            row("order_number", "订单编号|订单号", "Order no."),
            row("recharged_account", "开通账号|会员账号", "Member account"),
            row("amount", "实付金额|支付金额", "Amount paid|Total paid"),
            row("list_price", "原价|套餐价格", "Original price", 0.7),
            row("ordered_at", "购买时间|开通时间|下单时间", "Purchased on|Order time"),
            row("valid_until", "有效期至|到期时间", "Valid until", 0.7),
            row("payment_method", "支付渠道|支付方式", "Payment method"),
        ),
    ),
    Layout(
        name="topup_result",
        page="prompt",
        languages=("zh", "en"),
        rows=(
            row("recharged_account", "充值账号|充值号码|手机号码", "Number|Account"),
            row("amount", "支付金额|实付金额", "Amount paid"),
            row("order_number", "订单号|订单编号", "Order number", 0.7),
            row("ordered_at", "提交时间|下单时间", "Submitted|Order time", 0.5),
        ),
        prompts=0.25,
        codes=_TOP_UP_ERRORS,
    ),
    Layout(name="redeem_dialog", page="prompt", languages=("zh", "en"), prompts=0.2),
    Layout(name="toast", page="prompt", languages=("zh", "en"), prompts=0.2),
    Layout(name="order_list_desktop", page="list", languages=("zh", "en"), devices=("desktop",)),
    Layout(name="order_list_phone", page="list"),
    Layout(name="support_chat", page="chat", languages=("zh", "en")),
    Layout(name="carrier_message", page="chat", prompts=0.15, codes=_CARRIER_ERRORS),
)

_NO_YEAR = {
    "zh": (
        "{day} %H:%M:%S",
        "{day} %H:%M",
        "%m-%d %H:%M",
        "%m/%d %H:%M:%S",
        "%m月%d日 %H:%M:%S",
        "%m月%d日%H:%M",
        "%Y-%m-%d%H:%M:%S",
        "%Y-%m-%d %H:%M:%S",
    ),
    "en": ("%b %d %H:%M", "%d %b, %I:%M %p", "%Y-%m-%d %H:%M:%S"),
}

LATER: tuple[Layout, ...] = (
    Layout(
        name="order_scroll",
        page="order",
        languages=("zh", "en"),
        tall=True,
        rows=(
            row("order_number", "订单编号|订单号", "Order number|Order ID"),
            _ORDERED,
            _PAID,
            _METHOD,
            _ACCOUNT,
            _TRADE_ON_ORDER,
            _DELIVERED,
            _INVOICE,
        ),
    ),
    Layout(
        name="topup_record",
        page="order",
        rows=(
            row("recharged_account", "充值号码|充值账号|手机号码"),
            row("face_value", "充值面额|面值|卡面值"),
            row("ordered_at", "下单时间|提交时间|创建时间"),
            row("paid_at", "付款时间|支付时间", chance=0.6),
            row("payment_method", "支付方式|付款方式"),
            row("order_number", "订单编号|订单号|充值单号"),
            row("trade_number", "支付单号|交易流水号", chance=0.4),
            row("delivered_at", "到账时间|完成时间", chance=0.5),
        ),
        times=_NO_YEAR,
        shuffled=True,
    ),
    Layout(
        name="pay_result",
        page="payment",
        languages=("zh", "en"),
        rows=(
            row("payee", "收款方|收款商户|商家名称", "Paid to|Merchant"),
            row("product", "商品|商品名称|订单内容", "Item|Product", 0.7),
            row("payment_method", "付款方式|支付方式", "Payment method|Paid with"),
            row("paid_at", "付款时间|支付时间", "Payment time|Paid on"),
            row("trade_number", "交易单号|交易号", "Transaction ID|Transaction no."),
            row("order_number", "商户单号|商户订单号", "Merchant order no.|Merchant order ID", 0.8),
        ),
        times=_NO_YEAR,
    ),
    Layout(
        name="bill_desktop",
        page="payment",
        languages=("zh", "en"),
        devices=("desktop",),
        rows=(
            row("status", "交易状态|状态", "Status|Payment status"),
            row("product", "商品名称|商品说明", "Item|Description"),
            row("payee", "收款方|对方账户", "Payee|Paid to"),
            row("trade_number", "交易号|交易流水号", "Transaction ID|Transaction number"),
            row("order_number", "商户订单号|商家订单号", "Merchant order ID|Merchant order number"),
            row("paid_at", "付款时间|支付时间", "Payment date|Paid on"),
            row("payment_method", "付款方式|支付方式", "Payment method|Paid with"),
        ),
        money=("-{n}", "{n}", "¥{g}", "- ¥{n}"),
    ),
    Layout(name="form_notice", page="prompt", languages=("zh", "en"), devices=("phone", "desktop"), prompts=0.2),
    Layout(name="game_popup", page="prompt", languages=("zh", "en"), devices=("wide",), prompts=0.2),
    Layout(name="talk_bubbles", page="chat", languages=("zh", "en")),
    Layout(name="identity_card", page="identity"),
)
