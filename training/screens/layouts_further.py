"""Layouts to develop with, third lot: long captures of several cards, talk that quotes an order, transfers, letters."""

from __future__ import annotations

from functools import partial

from training.screens.layout import Layout, row
from training.screens.layouts_composed import BOTH, FACE, TIMES, VALID, WHOLE_TIMES, other_rows

_layout = partial(Layout, pool="further")

_NUMBER = row("order_number", "订单编号|订单号|订单号码|单号", "Order number|Order ID|Order no.")
_ORDERED = row("ordered_at", "下单时间|创建时间|提交时间|订单时间", "Order date|Ordered on|Placed on")
_PAID = row("paid_at", "付款时间|支付时间", "Paid on|Payment time", 0.7)
_METHOD = row("payment_method", "支付方式|付款方式|支付渠道", "Payment method|Paid with|Payment", 0.85)
_TRADE = row("trade_number", "支付单号|交易流水号|微信支付单号|支付宝交易号|支付流水号", "Transaction ID", 0.45)
_ACCOUNT = row("recharged_account", "充值账号|充值号码|充值账户|游戏账号|到账账号", "Account|Player ID", 0.5)
_SAID_MONEY = ("¥{n}", "￥{n}", "{n}元", "人民币{n}元", "RMB {n}", "¥{g}")
_DELIVERED = row("delivered_at", "发货时间|到账时间|完成时间|成交时间", "Delivered on", 0.5)

FURTHER: tuple[Layout, ...] = (
    _layout(
        name="scroll_mall",
        page="order",
        languages=("zh", "zh", "zh", "en"),
        tall=True,
        rows=(
            _NUMBER,
            _ORDERED,
            _PAID,
            _METHOD,
            _TRADE,
            _ACCOUNT,
            _DELIVERED,
            *other_rows("remark", "invoice_state", "delivery_kind", "quantity"),
        ),
        times=WHOLE_TIMES,
        money=("¥{n}", "￥{n}", "¥ {n}"),
    ),
    _layout(name="talk_order_card", page="chat", languages=("zh", "zh", "zh", "en"), times=WHOLE_TIMES),
    _layout(name="talk_service_desk", page="chat", languages=("zh", "zh", "zh", "en"), times=WHOLE_TIMES),
    _layout(
        name="transfer_sheet",
        page="payment",
        languages=("zh", "zh", "zh", "en"),
        rows=(
            row("payee", "收款方|收款人|对方账户|收款账户名|对方户名", "To|Recipient|Payee"),
            row(
                "payment_method",
                "付款账户|支付方式|付款方式|扣款账户|付款卡|转出账户|付款账号|资金来源",
                "From|Paid with|From account",
            ),
            row("paid_at", "转账时间|支付时间|付款时间|交易时间|创建时间|转出时间", "Date|Transfer date|Sent on"),
            row("delivered_at", "收款时间|到账时间|对方收款时间", "Received on", 0.5),
            row("product", "转账说明|转账备注|付款说明|附言|备注|留言", "Message|Note|Reference", 0.0),
            row("trade_number", "转账单号|交易单号|流水号|订单号|凭证号", "Transfer ID|Reference number"),
            row("order_number", "商户订单号|商家订单号|商户单号", "Merchant order no.", 0.5),
            *other_rows("fee", "category", "acquirer", "bank"),
        ),
        times=TIMES,
        money=("¥{n}", "￥{n}", "{n}", "-{n}", "{n}元", "¥{g}"),
        shuffled=True,
    ),
    _layout(
        name="wallet_tiles",
        page="payment",
        languages=BOTH,
        rows=(
            row("payee", "商户名称|收款方|商户全称", "Merchant|Paid to"),
            row("product", "商品|商品说明|订单内容", "Description|Item", 0.7),
            row("payment_method", "支付方式|付款方式|支付卡", "Payment method|Card"),
            row("paid_at", "交易时间|支付时间|付款时间", "Date & time|Payment time"),
            row("trade_number", "交易单号|交易流水号|支付单号", "Transaction ID"),
            row("order_number", "商户订单号|商户单号|商家订单号", "Merchant order ID", 0.8),
            *other_rows("category", "earned", "instalment", "balance"),
        ),
        times=TIMES,
        money=("-{n}", "- ¥{n}", "-¥{g}", "{n}", "¥{n}"),
    ),
    _layout(
        name="bank_statement_line",
        page="payment",
        rows=(
            row("amount", "交易金额|支出金额|付款金额|金额|发生额"),
            *other_rows("balance", chance=0.8),
            row("paid_at", "交易时间|交易日期|记账日期|记账时间|付款时间"),
            row("payment_method", "交易卡号|付款卡号|支付账户|付款账户|本方账户|扣款账号"),
            row("payee", "对方户名|交易对手|商户名称|收款人户名|对方名称|交易商户"),
            row("purpose", "交易类型|摘要|用途|交易摘要|业务类型"),
            row("status", "交易状态|状态|处理状态", chance=0.5),
            row("trade_number", "交易流水号|流水号|交易编号|核心流水号|网银流水号|检索参考号", chance=0.8),
            row("order_number", "商户订单号|商户单号|订单编号", chance=0.6),
            *other_rows("bank", "terminal", "fee"),
        ),
        times=TIMES,
        money=("-{n}", "{n}", "¥{n}", "-¥{g}", "人民币 {n}", "{n}元", "RMB {g}"),
    ),
    _layout(
        name="mini_order",
        page="order",
        rows=(
            row("order_number", "订单号|订单编号|单号|订单ID"),
            row("ordered_at", "下单时间|创建时间|时间|购买时间"),
            row("recharged_account", "充值号码|充值账号|手机号|绑定账号", chance=0.6),
            row("payment_method", "支付方式|付款方式", chance=0.6),
            row("delivered_at", "完成时间|到账时间", chance=0.4),
            *other_rows("quantity", "server", "operator", "remark"),
        ),
        times=TIMES,
        money=("¥{n}", "￥{n}", "{n}元", "¥ {n}"),
    ),
    _layout(
        name="order_letter",
        page="order",
        languages=BOTH,
        devices=("phone", "phone", "desktop"),
        rows=(_NUMBER, _ORDERED, _METHOD, _ACCOUNT, *other_rows("member", "serial", chance=0.2)),
        times=WHOLE_TIMES,
    ),
    _layout(
        name="account_notice",
        page="order",
        rows=(
            row("order_number", "订单编号|订单号|单号"),
            row("product", "商品名称|商品信息|充值内容|购买商品|商品"),
            row("recharged_account", "充值账号|充值号码|充值手机", chance=0.5),
            row("amount", "支付金额|实付金额|付款金额"),
            row("ordered_at", "下单时间|购买时间|提交时间"),
            row("status", "订单状态|当前状态|处理进度|充值状态"),
        ),
        times=TIMES,
        money=("¥{n}", "{n}元", "￥{n}"),
        shuffled=True,
    ),
    _layout(
        name="refund_request",
        page="order",
        languages=("zh", "zh", "en"),
        rows=(_NUMBER, _ORDERED, _METHOD, _PAID),
        times=WHOLE_TIMES,
        money=("¥{n}", "￥{n}"),
        prompts=0.0,
    ),
    _layout(
        name="code_wallet",
        page="delivery",
        languages=("zh", "zh", "en"),
        rows=(_NUMBER, _ORDERED, _METHOD, FACE, VALID, *other_rows("quantity", "hotline", "batch")),
        times=WHOLE_TIMES,
        money=("¥{n}", "￥{n}", "{n}元"),
    ),
    _layout(
        name="site_detail",
        page="order",
        languages=BOTH,
        devices=("desktop",),
        rows=(_NUMBER, _ORDERED, _PAID, _METHOD, _TRADE, _ACCOUNT, *other_rows("remark", "channel", "hotline")),
        times=WHOLE_TIMES,
        money=("¥{n}", "￥{n}", "¥{g}"),
    ),
    _layout(name="shop_list", page="list", languages=("zh", "zh", "en"), times=TIMES),
    _layout(
        name="record_list",
        page="list",
        languages=("zh", "zh", "en"),
        devices=("phone", "phone", "desktop"),
        times=TIMES,
    ),
    _layout(name="other_pages", page="unknown", languages=("zh", "zh", "en"), money=("¥{n}", "￥{n}", "¥{g}")),
    _layout(name="said_outcome", page="prompt", languages=("zh", "zh", "en"), prompts=0.25),
    _layout(
        name="slip_total",
        page="order",
        languages=("zh", "zh", "en"),
        rows=(_NUMBER, _ORDERED, _TRADE, _ACCOUNT, *other_rows("serial", "terminal", "member", chance=0.2)),
        times=WHOLE_TIMES,
        money=("¥{n}", "￥{n}", "{n}", "{n}元"),
    ),
    _layout(
        name="row_state",
        page="order",
        languages=("zh", "zh", "en"),
        rows=(_PAID, _METHOD, _TRADE, _ACCOUNT, _DELIVERED, *other_rows("remark", "invoice_state")),
        times=WHOLE_TIMES,
        money=("¥{n}", "￥{n}", "¥ {n}"),
    ),
    _layout(
        name="told_order",
        page="order",
        languages=BOTH,
        rows=(_METHOD, _ACCOUNT, _TRADE, *other_rows("channel", "remark")),
        times=WHOLE_TIMES,
        money=("¥{n}", "￥{n}", "¥{g}"),
    ),
    _layout(
        name="transfer_steps",
        page="payment",
        languages=("zh", "zh", "en"),
        rows=(
            row("payee", "收款方|收款人|收款户名|对方账户", "Recipient|To"),
            row("payment_method", "付款账户|付款方式|转出账户|付款卡", "From|Paid from"),
            row("trade_number", "转账单号|交易单号|流水号", "Transfer ID|Reference"),
            row("order_number", "商户订单号|商户单号", "Merchant order no.", 0.4),
            *other_rows("fee", "bank"),
        ),
        times=TIMES,
        money=("¥{n}", "￥{n}", "{n}", "{n}元", "-{n}"),
    ),
    _layout(name="talk_bubbles_wide", page="chat", languages=("zh", "zh", "zh", "en")),
    _layout(name="sms_thread", page="payment", languages=("zh", "zh", "en"), times=TIMES, money=_SAID_MONEY),
    _layout(name="notice_centre", page="payment", languages=("zh", "zh", "en"), times=TIMES, money=_SAID_MONEY),
    _layout(
        name="gift_card_face",
        page="delivery",
        languages=("zh", "zh", "en"),
        rows=(_NUMBER, _ORDERED, _METHOD, VALID),
        times=WHOLE_TIMES,
        money=("¥{n}", "￥{n}", "{n}元"),
    ),
    _layout(
        name="issued_code",
        page="delivery",
        languages=("zh", "zh", "en"),
        rows=(_NUMBER, _ORDERED, _METHOD, VALID, *other_rows("quantity")),
        times=WHOLE_TIMES,
        money=("¥{n}", "￥{n}", "{n}元"),
    ),
)
