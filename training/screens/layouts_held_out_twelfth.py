"""The twelfth held-out set: each layout after one widely used app off the beaten path, drawn by somebody who had read
neither the extractor's rules nor its tests.

No page of it may be looked at to mend a rule, and its first score is the one that counts. Names, words, prompts and
conversations are of the pool ``twelfth``. The kinds of app, in order:

01 bill of a telecom operator's wallet, 02 receipt of a South-East Asian wallet, 03 account detail of a rural
commercial bank, 04 order in a shop's mini-program, 05 record of a game publisher's recharge centre, 06 order of a
European key shop on a desktop, 07 codes of a South-East Asian card portal, 08 result of an operator's app,
09 activation in a game launcher, 10 a small recharge portal with a passing message, 11 e-mail receipt of a store of
apps, 12 recharges in an operator's app, 13 a request at a help desk, 14 a whole order of a maker's own phone shop.
"""

from __future__ import annotations

from functools import partial

from training.screens.layout import Layout, row

_layout = partial(Layout, held_out=True, pool="twelfth")
_EN_FIRST = ("en", "en", "en", "zh")
_ZH_FIRST = ("zh", "zh", "zh", "en")
_SECONDS = {"zh": ("%Y-%m-%d %H:%M:%S",), "en": ("%Y-%m-%d %H:%M:%S",)}

TWELFTH: tuple[Layout, ...] = (
    _layout(
        name="twelfth_01",
        page="payment",
        rows=(
            row("payment_method", "付款方式|支付方式"),
            row("payee", "收款商户|商户名称|交易对方"),
            row("product", "商品名称|商品说明", chance=0.8),
            row("paid_at", "交易时间|支付时间"),
            row("trade_number", "交易流水号|交易单号"),
            row("order_number", "商户订单号|商户单号"),
        ),
        times=_SECONDS,
        money=("{n}元", "¥{n}", "-{n}", "{g}元"),
    ),
    _layout(
        name="twelfth_02",
        page="payment",
        pool="twelfth/ewallet",
        languages=_EN_FIRST,
        rows=(
            row("payee", "商家", "Merchant|Paid to"),
            row("product", "付款详情|付款说明", "Payment Details|Description", 0.8),
            row("payment_method", "付款方式", "Payment Method"),
            row("paid_at", "日期与时间|日期/时间", "Date/Time|Date & Time"),
            row("serial", "电子钱包参考号", "Wallet Ref|eWallet Ref."),
            row("order_number", "商家订单号", "Merchant Order No.|Order No.", 0.7),
            row("trade_number", "交易编号|交易号", "Transaction No.|Transaction ID"),
        ),
        times={"zh": ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M"), "en": ("%d %b %Y, %I:%M %p", "%d %b %Y %H:%M:%S")},
        money=("-CNY {n}", "CNY {g}", "-¥{n}", "- CNY {g}"),
    ),
    _layout(
        name="twelfth_03",
        page="payment",
        pool="twelfth/bank",
        rows=(
            row("payment_method", "交易账户|本方账号|付款账号"),
            row("purpose", "交易类型|交易摘要"),
            row("payee", "对方户名|对方名称"),
            row("paid_at", "交易时间|交易日期"),
            row("balance", "账户余额|交易后余额"),
            row("channel", "交易渠道", chance=0.6),
            row("trade_number", "交易流水号|核心流水号|流水号"),
            row("order_number", "商户订单号", chance=0.3),
        ),
        times={"zh": ("%Y-%m-%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y/%m/%d %H:%M:%S")},
        money=("-{g}", "-{n}", "-¥{g}", "{g}"),
    ),
    _layout(
        name="twelfth_04",
        page="order",
        pool="twelfth/mall",
        rows=(
            row("order_number", "订单编号"),
            row("ordered_at", "创建时间|下单时间"),
            row("paid_at", "付款时间", chance=0.8),
            row("payment_method", "支付方式|付款方式", chance=0.8),
            row("delivery_kind", "配送方式", chance=0.5),
            row("remark", "买家留言", chance=0.5),
        ),
        times=_SECONDS,
        money=("¥{n}", "￥{n}", "¥ {n}"),
    ),
    _layout(
        name="twelfth_05",
        page="order",
        pool="twelfth/game",
        devices=("phone", "phone", "desktop"),
        rows=(
            row("order_number", "订单编号|订单号"),
            row("recharged_account", "充值通行证|充值账号"),
            row("server", "充值区服|游戏区服", chance=0.6),
            row("role", "角色名称|角色名", chance=0.5),
            row("product", "充值商品|商品名称"),
            row("quantity", "购买数量", chance=0.5),
            row("amount", "支付金额|实付金额"),
            row("payment_method", "支付渠道|支付方式"),
            row("ordered_at", "下单时间|订单时间"),
            row("paid_at", "支付时间", chance=0.5),
            row("status", "订单状态|状态"),
        ),
        times={"zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y.%m.%d %H:%M:%S")},
        money=("{n}元", "¥{n}", "￥{n}", "{n}"),
    ),
    _layout(
        name="twelfth_06",
        page="order",
        pool="twelfth/keys",
        languages=_EN_FIRST,
        devices=("desktop",),
        rows=(
            row("status", "订单状态", "Status|Order status"),
            row("recharged_account", "密钥发送至|收货邮箱", "Keys delivered to|Delivery e-mail"),
            row("payment_method", "付款方式", "Payment method|Paid with"),
            row("trade_number", "付款参考号", "Payment reference", 0.6),
            row("invoice_state", "发票", "Invoice", 0.6),
        ),
        times={"zh": ("%Y-%m-%d %H:%M", "%Y年%m月%d日 %H:%M"), "en": ("%d %b %Y, %H:%M", "%B %d, %Y %H:%M")},
        money=("CNY {n}", "¥{g}", "{n} CNY", "¥{n}"),
    ),
    _layout(
        name="twelfth_07",
        page="delivery",
        pool="twelfth/cards",
        languages=_ZH_FIRST,
        devices=("phone", "desktop"),
        rows=(
            row("order_number", "订单编号|订单号", "Order No.|Order ID"),
            row("ordered_at", "订单时间|下单时间|购买时间", "Order Date|Purchased on"),
            row("payment_method", "付款方式|支付方式", "Payment Method"),
            row("quantity", "数量", "Qty", 0.7),
            row("amount", "付款总额|支付总额|实付总额", "Total Paid|Amount Paid"),
            row("status", "订单状态|状态", "Status"),
        ),
        times={"zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"), "en": ("%d %b %Y %H:%M:%S", "%Y-%m-%d %H:%M:%S")},
        money=("¥{n}", "CNY {n}", "RMB {n}", "¥ {g}"),
    ),
    _layout(
        name="twelfth_08",
        page="order",
        pool="twelfth/credit",
        rows=(
            row("recharged_account", "充值号码|交费号码"),
            row("face_value", "充值金额|交费金额"),
            row("amount", "实付金额|实际支付"),
            row("payment_method", "支付方式"),
            row("paid_at", "支付时间|交易时间"),
            row("order_number", "订单编号|订单号"),
            row("trade_number", "支付流水号", chance=0.4),
        ),
        times={"zh": ("%Y-%m-%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y-%m-%d %H:%M")},
        money=("{n}元", "¥{n}", "￥{n}"),
    ),
    _layout(
        name="twelfth_09",
        page="prompt",
        pool="twelfth/keys",
        languages=_EN_FIRST,
        devices=("desktop", "desktop", "phone"),
        prompts=0.2,
        codes=(
            *("code_invalid", "code_used", "code_wrong", "expired", "region_mismatch", "account_restricted"),
            *("not_yet_valid", "code_locked", "limit_exceeded", "system_busy", "verification_failed"),
        ),
    ),
    _layout(
        name="twelfth_10",
        page="prompt",
        pool="twelfth/credit",
        languages=("zh", "zh", "zh", "zh", "en"),
        prompts=0.2,
        codes=(
            *("topup_failed", "number_not_found", "out_of_stock", "system_busy", "limit_exceeded", "payment_failed"),
            *("balance_insufficient", "duplicate_payment", "verification_failed", "order_not_found", "no_such_record"),
            "not_delivered",
        ),
    ),
    _layout(
        name="twelfth_11",
        page="order",
        pool="twelfth/member",
        languages=_EN_FIRST,
        devices=("phone", "phone", "desktop"),
        rows=(
            row("order_number", "订单号|订单编号", "Order number"),
            row("ordered_at", "订单日期", "Order date"),
            row("recharged_account", "您的帐号", "Your account"),
        ),
        times={
            "zh": ("%Y年%m月%d日 %H:%M:%S", "%Y-%m-%d %H:%M:%S"),
            "en": ("%d %b %Y %H:%M:%S", "%b %d, %Y %I:%M:%S %p"),
        },
        money=("¥{n}", "CN¥{n}", "CNY {n}"),
    ),
    _layout(
        name="twelfth_12",
        page="list",
        pool="twelfth/reloads",
        times={"zh": ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y.%m.%d %H:%M")},
        money=("¥{n}", "{n}元", "￥{n}"),
    ),
    _layout(
        name="twelfth_13",
        page="chat",
        pool="twelfth/desk",
        languages=_EN_FIRST,
        devices=("desktop", "phone"),
    ),
    _layout(
        name="twelfth_14",
        page="order",
        pool="twelfth/direct",
        tall=True,
        rows=(
            row("order_number", "订单编号|订单号"),
            row("ordered_at", "下单时间"),
            row("payment_method", "支付方式"),
            row("paid_at", "支付时间|付款时间"),
            row("delivered_at", "发货时间", chance=0.6),
            row("invoice", "发票类型", chance=0.7),
        ),
        times={"zh": ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M")},
        money=("¥{n}", "￥{n}", "¥{g}"),
    ),
)
