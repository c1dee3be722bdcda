"""Layouts to develop with whose pages are put together at random: parts, their order, names of rows, clutter.

Names of rows are drawn from synonyms, so that a page of one layout seldom says a thing as another does.
"""

from __future__ import annotations

from functools import partial

from training.screens.layout import Layout, Row, row

breadth_layout = partial(Layout, pool="breadth")
BOTH = ("zh", "en")

TIMES = {
    "zh": (
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y/%m/%d %H:%M:%S",
        "%Y.%m.%d %H:%M:%S",
        "%Y.%m.%d %H:%M",
        "%Y年%m月%d日 %H:%M:%S",
        "%Y年%m月%d日 %H:%M",
        "%Y年%m月%d日%H:%M",
        "%Y-%m-%d%H:%M:%S",
        "%m-%d %H:%M",
        "%m月%d日 %H:%M",
        "%m/%d %H:%M:%S",
        "{day} %H:%M",
        "{day}%H:%M",
    ),
    "en": (
        "%Y-%m-%d %H:%M:%S",
        "%b %d, %Y %H:%M",
        "%d %b %Y, %I:%M %p",
        "%B %d, %Y %I:%M %p",
        "%Y/%m/%d %H:%M",
        "%d %B %Y %H:%M:%S",
        "%b %d, %I:%M %p",
    ),
}
WHOLE_TIMES = {"zh": TIMES["zh"][:7], "en": TIMES["en"][:6]}
PAID_MONEY = ("-{n}", "-¥{n}", "{n}", "¥{n}", "- ¥{g}", "-{g}", "￥{n}", "{n}元")

NUMBER = row(
    "order_number",
    "订单编号|订单号|订单ID|单号|订单号码|单据编号|消费单号|业务单号|平台订单号",
    "Order number|Order no.|Order ID|Order #|Purchase ID",
)
_ORDERED = row(
    "ordered_at",
    "下单时间|创建时间|订单时间|提交时间|下单于|拍下时间|购买时间|订单生成时间",
    "Order date|Ordered on|Created|Order time|Purchase date",
    0.85,
)
_PAID = row(
    "paid_at",
    "付款时间|支付时间|支付完成时间|付款于|扣款时间|付款日期",
    "Paid on|Payment time|Payment date|Charged on|Paid at",
    0.7,
)
_METHOD = row(
    "payment_method",
    "支付方式|付款方式|支付渠道|支付工具|付款账户",
    "Payment method|Paid with|Paid by|Payment type",
    0.8,
)
_ACCOUNT = row(
    "recharged_account",
    "充值账号|充值号码|充值到|充到|到账手机号|充值手机号|游戏账号|会员账号|充值对象|到账账号",
    "Account|Recharge account|Player ID|Credited to|Phone number",
    0.5,
)
_TRADE = row(
    "trade_number",
    "支付流水号|交易流水号|支付单号|流水号|支付宝交易号|微信支付单号|付款凭证号|支付凭证号|第三方流水号|交易号",
    "Transaction ID|Payment reference|Transaction no.|Payment ID",
    0.45,
)
_DELIVERED = row("delivered_at", "发货时间|到账时间|完成时间|发卡时间|成交时间", "Delivered on|Fulfilled on", 0.35)
VALID = row("valid_until", "有效期至|到期时间|使用期限|有效期|截止日期", "Valid until|Expiry date", 0.4)
FACE = row("face_value", "面值|充值面额|卡面值|面额", "Face value|Card value", 0.5)


def other_rows(*names: str, chance: float = 0.25) -> tuple[Row, ...]:
    """Rows of distractors, each shown with that chance."""
    return tuple(row(name, *_OTHER[name], chance) for name in names)


_OTHER = {
    "quantity": ("数量|购买数量|商品数量", "Quantity|Qty"),
    "unit_price": ("单价|商品单价", "Unit price"),
    "channel": ("下单渠道|订单来源|交易渠道", "Channel|Source"),
    "delivery_kind": ("发货方式|配送方式|发货类型", "Delivery|Delivery type"),
    "server": ("区服|游戏区服|大区|所在区服", "Server|Region"),
    "role": ("角色名|角色|游戏昵称", "Character|Nickname"),
    "invoice_state": ("发票|发票状态|发票信息", "Invoice"),
    "refund_rule": ("退款规则|售后政策|退换说明", "Return policy"),
    "operator": ("运营商|所属运营商", "Carrier"),
    "settlement": ("担保方式|担保服务", "Settlement"),
    "score": ("积分|获得积分", "Points"),
    "remark": ("备注|买家留言|留言", "Note|Remark"),
    "category": ("分类|账单分类|商品类目", "Category"),
    "fee": ("手续费|服务费", "Fee"),
    "balance": ("余额|账户余额|剩余额度", "Balance"),
    "instalment": ("每期应还|分期金额", "Per month"),
    "refunded": ("已退金额|退款金额", "Refunded"),
    "earned": ("返利|返现", "Cashback"),
    "batch": ("批次号|发卡批次", "Batch"),
    "serial": ("序列号|设备号|机器号", "Serial no."),
    "member": ("会员号|客户号|会员ID", "Member no.|Customer no."),
    "terminal": ("终端号|设备编号", "Terminal"),
    "waybill": ("物流单号|运单号", "Tracking no."),
    "hotline": ("客服电话|商家电话", "Hotline"),
    "confirmed_at": ("确认收货时间|收货时间", "Confirmed on"),
    "closes_at": ("售后截止|自动确认时间|退款截止时间", "Return by"),
    "printed_at": ("打印时间|查询时间|截至时间", "Printed on"),
    "acquirer": ("收单机构|清算机构", "Acquirer"),
    "bank": ("收款银行|对方银行|开户行", "Bank"),
    "purpose": ("摘要|用途|交易类型|业务类型", "Type|Purpose"),
}

ORDER_ROWS = (
    NUMBER,
    _ORDERED,
    _PAID,
    _METHOD,
    _TRADE,
    _ACCOUNT,
    _DELIVERED,
    *other_rows("quantity", "channel", "delivery_kind", "invoice_state", "remark", "settlement", chance=0.18),
    *other_rows("confirmed_at", "closes_at", "waybill", "score", "member", "refunded", "batch", chance=0.12),
)
_PAYEE = row(
    "payee",
    "收款方|收款方全称|商户全称|商户名称|收款商户|交易对象|交易对方|向谁付款|入账方|收款单位|商家全称|付给",
    "Paid to|Payee|Merchant|Recipient|Beneficiary",
)
_BILL_PRODUCT = row(
    "product", "商品|商品说明|商品名称|商品详情|购买内容|消费内容|订单名称", "Item|Description|Product", 0.85
)
_BILL_TIME = row(
    "paid_at", "支付时间|付款时间|交易时间|消费时间|扣款时间|扣费时间", "Payment time|Paid on|Date and time"
)
_BILL_METHOD = row(
    "payment_method",
    "支付方式|付款方式|付款账户|支付卡|资金来源|交易卡号",
    "Payment method|Paid with|Paid from",
)
_BILL_TRADE = row(
    "trade_number",
    "交易单号|交易号|交易流水号|流水号|支付流水号|付款凭证号|凭证号|支付交易单号|银行流水号",
    "Transaction ID|Transaction no.|Reference number|Payment ID",
)
_BILL_ORDER = row(
    "order_number",
    "商户单号|商户订单号|商家订单号|商家单号|商户侧订单号|商户业务单号",
    "Merchant order no.|Merchant order ID|Merchant reference",
    0.85,
)
_BILL_ROWS = (
    _BILL_TIME,
    _BILL_METHOD,
    _BILL_PRODUCT,
    _PAYEE,
    _BILL_TRADE,
    _BILL_ORDER,
    *other_rows("acquirer", "category", "purpose", "balance", "fee", "terminal", "remark", "earned", chance=0.15),
)

COMPOSED: tuple[Layout, ...] = (
    breadth_layout(
        name="composed_order", page="order", languages=("zh", "zh", "en"), rows=ORDER_ROWS, times=TIMES, shuffled=True
    ),
    breadth_layout(
        name="composed_topup",
        page="order",
        languages=("zh", "zh", "en"),
        rows=(
            *ORDER_ROWS[:5],
            row(
                "recharged_account", "充值账号|充到|充值到|到账手机号|手机号码|角色ID|QQ号|缴费号码", "Player ID|Number"
            ),
            FACE,
            *other_rows("server", "role", "operator", "quantity", "balance"),
        ),
        times=TIMES,
        shuffled=True,
    ),
    breadth_layout(
        name="composed_desktop",
        page="order",
        languages=BOTH,
        devices=("desktop",),
        rows=(*ORDER_ROWS, *other_rows("hotline", "serial", "printed_at", chance=0.1)),
        times=WHOLE_TIMES,
        shuffled=True,
    ),
    breadth_layout(
        name="composed_bill",
        page="payment",
        languages=("zh", "zh", "zh", "en"),
        rows=_BILL_ROWS,
        times=TIMES,
        money=PAID_MONEY,
        shuffled=True,
    ),
    breadth_layout(
        name="composed_delivery",
        page="delivery",
        languages=("zh", "zh", "en"),
        devices=("phone", "phone", "phone", "desktop"),
        rows=(NUMBER, _ORDERED, _METHOD, FACE, VALID, _DELIVERED, *other_rows("quantity", "batch", "closes_at")),
        times=WHOLE_TIMES,
    ),
    breadth_layout(
        name="composed_prompt",
        page="prompt",
        languages=("zh", "zh", "en"),
        devices=("phone", "phone", "phone", "desktop"),
        prompts=0.25,
    ),
    breadth_layout(name="composed_chat", page="chat", languages=("zh", "zh", "zh", "en")),
    breadth_layout(
        name="composed_list",
        page="list",
        languages=("zh", "zh", "en"),
        devices=("phone", "phone", "desktop"),
        times=TIMES,
    ),
    breadth_layout(name="composed_other", page="unknown", languages=("zh", "zh", "en")),
)
