"""The first held-out layouts: sealed until 2026-11-22, development material since (``layouts.SPENT``)."""

from __future__ import annotations

from training.screens.layout import Layout, row

_FIRST: tuple[Layout, ...] = (
    Layout(
        name="heldout_bill",
        page="payment",
        held_out=True,
        rows=(
            row("status", "交易状态|支付状态"),
            row("product", "交易内容|商品名称"),
            row("order_number", "商户订单号|商户单号|商家订单号"),
            row("trade_number", "支付流水号|交易单号|流水号"),
            row("payment_method", "支付方式|扣款方式"),
            row("payee", "收款商户|收款方"),
            row("paid_at", "交易时间|支付时间"),
            row("acquirer", "服务商", chance=0.5),
        ),
    ),
    Layout(
        name="heldout_order",
        page="order",
        held_out=True,
        rows=(
            row("ordered_at", "下单时间|创建时间|下单日期"),
            row("paid_at", "支付时间|付款时间", chance=0.8),
            row("order_number", "订单编号|订单号|单号"),
            row("trade_number", "交易号|支付流水号", chance=0.5),
            row("payment_method", "支付方式|付款方式"),
            row("recharged_account", "充值账号|充值号码", chance=0.6),
            row("invoice", "开票状态", chance=0.4),
        ),
    ),
    Layout(
        name="heldout_order_en",
        page="order",
        held_out=True,
        languages=("en",),
        devices=("phone", "desktop"),
        rows=(
            row("order_number", "订单号", "Order number|Order ID|Order No."),
            row("ordered_at", "下单时间", "Placed on|Order date"),
            row("payment_method", "支付方式", "Payment method|Payment"),
            row("recharged_account", "账号", "Recharge account|Delivered to", 0.6),
            row("trade_number", "交易号", "Transaction ID|Transaction number", 0.5),
        ),
    ),
    Layout(name="heldout_sheet", page="prompt", held_out=True, languages=("zh", "en"), prompts=0.2),
)

_NO_YEAR = {
    "zh": ("{day} %H:%M", "%m-%d %H:%M:%S", "%m月%d日 %H:%M", "%Y-%m-%d %H:%M:%S", "%Y年%m月%d日%H:%M"),
    "en": ("%d/%b/%Y %H:%M", "%B %d, %Y at %I:%M %p", "%Y-%m-%d %H:%M:%S"),
}

_LATER: tuple[Layout, ...] = (
    Layout(
        name="heldout_transfer",
        page="payment",
        held_out=True,
        languages=("zh", "en"),
        rows=(
            row("payee", "收款方名称|收款商家|商家全称", "Recipient name|Paid to"),
            row("payment_method", "扣款账户|付款渠道|支付渠道", "Funding source|Debited from"),
            row("paid_at", "付款成功时间|交易完成时间|支付成功时间", "Completed at|Payment completed"),
            row("product", "付款说明|商品信息", "Description|For", 0.7),
            row("trade_number", "支付交易号|付款流水号|支付订单流水", "Payment reference no.|Transfer ID"),
            row("order_number", "商家订单编号|商户订单编号", "Merchant order reference|Order reference"),
        ),
        times={"zh": ("%Y-%m-%d %H:%M:%S", "%m月%d日 %H:%M:%S", "%Y.%m.%d %H:%M"), "en": _NO_YEAR["en"]},
    ),
    Layout(
        name="heldout_steps",
        page="order",
        held_out=True,
        rows=(
            row("payment_method", "付款渠道|支付渠道"),
            row("recharged_account", "充入账号|到账号码|受赠账号", chance=0.7),
            row("trade_number", "支付交易号|付款流水号", chance=0.6),
            row("invoice", "发票信息", chance=0.4),
        ),
        times=_NO_YEAR,
    ),
    Layout(
        name="heldout_coupon",
        page="delivery",
        held_out=True,
        languages=("zh", "en"),
        devices=("phone", "phone", "desktop"),
        rows=(
            row("order_number", "购买单号|订单序号|订单编码", "Purchase no.|Order reference"),
            row("ordered_at", "购买日期|下单日期", "Purchase date|Date of order"),
            row("amount", "支付总额|付款金额|实付总额", "You paid|Total charged"),
            row("face_value", "面值|卡面值", "Face value", 0.8),
            row("payment_method", "付款渠道|支付渠道", "Charged to|Paid by", 0.6),
            row("valid_until", "使用截止|有效期限", "Use before|Expires on", 0.7),
        ),
    ),
    Layout(
        name="heldout_long",
        page="order",
        held_out=True,
        tall=True,
        rows=(
            row("order_number", "订单编码|订单编号|购买单号"),
            row("ordered_at", "购买时间|下单日期|订单创建时间"),
            row("paid_at", "付款成功时间|支付成功时间", chance=0.8),
            row("payment_method", "付款渠道|支付渠道|支付方式"),
            row("recharged_account", "到账号码|充入账号", chance=0.7),
            row("trade_number", "付款流水号|支付交易号", chance=0.6),
            row("delivered_at", "出卡时间|完成时间", chance=0.7),
        ),
        times=_NO_YEAR,
    ),
    Layout(
        name="heldout_notice",
        page="payment",
        held_out=True,
        rows=(
            row("payee", "收款商家|收款方名称|商家"),
            row("payment_method", "扣款账户|付款渠道|支付方式"),
            row("product", "商品信息|消费项目"),
            row("paid_at", "扣款时间|付款成功时间|交易完成时间"),
            row("status", "支付结果|交易结果"),
            row("trade_number", "支付交易号|付款流水号"),
        ),
        times=_NO_YEAR,
        money=("¥{n}", "￥{g}", "{n}元", "RMB{n}"),
    ),
    Layout(
        name="heldout_banner",
        page="prompt",
        held_out=True,
        languages=("zh", "en"),
        devices=("phone", "phone", "desktop"),
        prompts=0.2,
    ),
    Layout(name="heldout_talk", page="chat", held_out=True, languages=("zh", "en")),
    Layout(name="heldout_shelf", page="list", held_out=True, languages=("zh", "en"), devices=("phone", "desktop")),
    Layout(name="heldout_identity", page="identity", held_out=True),
)

HELD_OUT: tuple[Layout, ...] = (*_FIRST, *_LATER)
