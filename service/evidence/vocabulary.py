"""Words pages use of themselves: states, ways to pay, titles, buttons. Matched in match form, whole text."""

from __future__ import annotations

import re

from service.evidence.normalise import clean, compact
from service.evidence.page_memory import once_a_page

_DEED = (
    "订单|交易|支付|付款|充值|直充|转账|退款|售后|提现|扣款|购买|兑换|激活|开通|领取|核销|发货|收款|缴费|预订|下单|"
    "出票|续费|交费|缴款|汇款|申请退款|交易已|订单已|处理|还款|还贷|提取|提卡|取卡|发卡|发码|发放|审核|扣费|消费|办理|受理|绑定|配送|打款|到账|结算|缴纳|核验|预约|"
    "赠送|转赠|续订|订阅|补款|代付|下发|交付|自动发货|拼单|拼团|团购|抢购|成团|制卡"
)
_OUTCOME = (
    "成功|失败|完成|关闭|取消|处理中|进行中|受理中|审核中|确认中|已完成|已关闭|已取消|已成功|超时|异常|待处理|待确认|已生效|已失效|未完成|未成功|"
    "已撤销|已退款|已超时|已受理|已提交|被拒绝?|被驳回|终止|中"
)
_DONE = (
    "完成|发货|收货|付款|支付|取消|关闭|退款|使用|激活|过期|到账|签收|全额退款|部分退款|评价|充值|确认|核销|失效|出票|成交|退回|撤销|"
    "生效|失效|冻结|送达|提货|发卡|发码|出卡|成功|充值成功|充值到账|兑换|开通|入账|存入零钱|转账|收款|付|结束|受理|提交|交付|发放|预订|申请退款|付清|"
    "处理|提取|接单|下单|揽收|派送|出库|续费|缴费|扣款|扣费|结算|打款|交费|缴款|退回余额|退货|终止|失败|驳回|拒绝|超时|充入|配送|预约|领取|绑定|"
    "自动收货|自动确认收货|确认收货|确认付款|自动发货|卖出|买下|开卡|补发|重发|退款成功|全部发货|部分发货|部分到账|支付待发货|付款待发货"
)
_AWAITED = (
    "付款|支付|发货|收货|评价|使用|充值|确认|核销|处理|退款|审核|激活|提货|确认收货|分享|接单|配送|自提|取货|领取|"
    "入账|付尾款|交费|缴费|兑换|出票|提现|结算|补款|完成|发码|发放|出卡|退货|绑定|核验|提取|派送|确认付款|买家付款|卖家发货|商家发货|商家处理"
)
_THING = (
    "订单|交易|商品|款项|您|卡密|话费|流量|会员|货物|包裹|激活码|兑换码|卡券|权益|服务|宝贝|钱款|资金|充值|账单|本单"
)
# What a warehouse or carrier does with an order.
_HANDLED = "出库|配货|备货|打包|包装|拣货|分拣|验货|发运|运输|揽收|揽件|派件|送货|投递|制卡|制作|准备"
_PARTY = "商家|卖家|买家|平台|商户|客服|供应商|您|系统|对方"
_STATUS = re.compile(
    rf"(?:(?:{_DEED})(?:{_OUTCOME})|(?:{_THING})?已(?:{_DONE})|(?:{_THING})?[待未](?:自动|人工|系统)?(?:{_AWAITED}|到账|开通|生效|发卡)"
    rf"|(?:{_THING})?(?:可|可以)(?:使用|兑换|激活|提取|领取|核销)|(?:出|制|开)卡(?:{_OUTCOME})"
    rf"|(?:{_PARTY})(?:已|未|待|正在)?(?:同意|拒绝|处理)?(?:{_AWAITED}|退款|申请)?(?:中|成功)?"
    rf"|等待(?:{_PARTY})?(?:{_AWAITED}|处理)|(?:退款|支付|充值|处理|发货|配送|审核|进行|运输|派送|服务|出库|受理|交易|制作|确认)中"
    rf"|(?:会员|权益|服务|套餐|卡券)?(?:生效|使用|履约|兑换|开通|激活|续费|转账|提交|到账)中|正在(?:为您)?(?:{_AWAITED})(?:中)?|等待(?:到账|充值|审核|出票|确认)|(?:部分|全额|全部)(?:退款|发货|到账)(?:成功)?"
    rf"|(?:支付|付款|订单|交易)?超时(?:自动|已)?(?:关闭|取消)|待(?:对方|朋友|好友)(?:确认)?收款|(?:骑手|快递员|商家)(?:正在)?(?:配送|派送|取货|送货)中"
    rf"|(?:商品|订单|货物|包裹)?(?:正在(?:为您)?(?:{_HANDLED})(?:中)?|待(?:{_HANDLED})|(?:部分)?(?:{_HANDLED})(?:中|完成|完毕)|已(?:{_HANDLED}|妥投|锁定))"
    rf"|(?:商品|部分|全部|包裹)出库|(?:订单|交易)锁定(?:中)?|等待(?:厂商|厂家|仓库|供货商|客户|用户|快递员?)?(?:{_AWAITED}|{_HANDLED}|(?:付款|支付|收款)确认)"
    rf"|成功|失败|支付成功已发货|(?:朋友|好友|对方|商家|收款方)已(?:确认)?收[款钱]|已转入零钱通|交易已关闭|订单已(?:{_DONE}))"
)
_STATUS_LATIN = re.compile(
    r"(?:your)?(?:payment|order|transaction|top-?up|recharge|transfer|purchase|refund|charge|(?:digital)?delivery|code|card|status:?)?(?:is|was|hasbeen)?"
    r"(?:success|successful|successfully|succeeded|completed?|paid|delivered|processing|pending|cancell?ed|refunded|failed|"
    r"shipped|unpaid|unfulfilled|pack(?:ed|ing)|picking|being(?:prepared|packed|picked)|preparingfor(?:dispatch|delivery)|backordered|onbackorder|readyfordispatch|pre-?ordered|credited|pendingpayment|preparingforshipment|closed|confirmed|declined|expired|fulfilled|refunding|shipping|preparing|renewed|subscribed|upgraded|inprogress|received|awaitingpayment|awaitingdelivery|"
    r"awaitingshipment|awaitingfulfil?lment|notshipped|notdelivered|partiallyrefunded|redeemed|activated|onhold|"
    r"paymentreceived|paymentcomplete|delivering|intransit|settled|authori[sz]ed|voided|settlementcompleted|placed|approved|accepted|"
    r"denied|rejected|reversed|disputed|sent|posted|paidinfull|issued|underreview|awaitingconfirmation|outfordelivery|ontheway|"
    r"(?:refund|return)(?:started|requested|initiated|processed|issued|inprogress|completed)|(?:key|code|card)s?(?:delivered|sent|issued)|readyforpickup|readyto(?:redeem|use|ship|collect)|partiallypaid|partiallydelivered|fullyrefunded|notpaid|timedout|returned|dispatched|queued|submitted|available|ready|readytouse|unused|used|valid|active|inuse)"
)
_PARTY_ALONE = re.compile(rf"(?:{_PARTY})(?:中|成功)?")
_METHOD = re.compile(
    r".{0,12}(?:微信|支付宝|零钱|零钱通|余额宝|花呗|余额|银联|云闪付|白条|信用卡|储蓄卡|借记卡|银行卡|银行|balance|applepay|"
    r"googlepay|paypal|亲情卡|亲属卡|月付|分付|后付|翼支付|和包|抖音|金条|信用付|礼品卡|giftcard|bankcard|unionpay|amex|klarna|jcb|discover|debit|credit|"
    r"storecredit|storebalance|购物卡|e卡|八达通|octopus|visa|mastercard|alipay|wechatpay|wallet|creditcard|debitcard|话费|积分|京东支付|钱包|数字人民币|"
    r"货到付款|快捷支付|网银|在线|线上|现金|第三方支付|对公转账|云支付|快捷|点券|q币)(?:支付|付款|快捷)?.{0,14}",
    re.IGNORECASE,
)

_PAYMENT_TITLE = re.compile(
    r"账单详情|账单|交易详情|交易记录|交易明细|付款详情|支付详情|支付成功|付款成功|转账成功|支付结果|付款结果|支付凭证|付款凭证|交易凭证|转账凭证|电子回单|"
    r"电子凭证|转账详情|转账记录|收支详情|支付完成|付款完成|回单|银行回单|扣款成功|汇款成功|交易成功|支付信息|付款记录|支付记录|扣费详情|消费详情|汇款凭证|"
    r"网上银行电子回单|.{0,6}电子回单|交易提醒|微信支付凭证|"
    r"paymentreceipt|paymentdetails|transactiondetails|transactiondetail|receipt|paymentsuccessful|paymentcomplete|"
    r"billdetails|transactionreceipt|paymentconfirmation|paymentsuccess|transactionhistory|paymentsuccessful!?|transferdetails|"
    r"transfersuccessful|activitydetails"
)
_ORDER_TITLE = re.compile(
    r"(?:我的)?订单详情|订单信息|订单明细|订单|查看订单|购买详情|订单状态|充值订单|充值详情|订单内容|商品订单|充值订单详情|购买成功|下单成功|充值记录详情|订单查询|"
    r"(?:话费|流量|手机|游戏|会员|权益|视频|宽带|电费|水费|燃气费?|生活)*(?:充值|交费|缴费|直充|代充|续费|开通|办理|订阅)(?:订单)?(?:详情|明细)|"
    r"(?:top-?up|recharge|membership|subscription)(?:order)?details|"
    r".{0,6}订单详情|orderdetails?|yourorder|orderinformation|ordersummary|orderconfirmation|orderinfo|purchasedetails"
)
_LIST_TITLE = re.compile(
    r"我的订单|订单列表|全部订单|订单管理|已买到的宝贝|订单中心|充值记录|购买记录|账单列表|历史订单|交易记录列表|订单记录|myorders|orderhistory|"
    r"(?:购买|消费|交易|支付|账单)历史(?:记录)?|我的购买|"
    r"yourorders|(?:my|your)?purchases|orders|(?:purchase|account|transaction|billing)history|orderlist"
)
_DELIVERY_TITLE = re.compile(
    r"(?:我的|查看)?卡密(?:详情|信息|列表)?|提取卡密|发货(?:信息|详情|通知|成功|记录)|提货(?:信息|详情)|我的卡券|卡券详情|兑换码详情|查看卡密|卡密提取|激活码详情|"
    r"提卡|取卡|电子卡券|卡号卡密|自动发货(?:信息)?|发货内容|交付(?:信息|内容|详情)|交易物品|"
    r"deliverydetails|yourcode|yourcodes|yourkey|giftcarddetails|delivery|codedetails"
)
_RESULT_TITLE = re.compile(
    r"(?:充值|兑换|激活|操作|提交|办理|查询|开通|处理)?结果(?:详情|页)?|(?:top-?up|recharge|redemption|activation|redeem)?result"
)
_MESSAGE_SENDER = re.compile(
    r"(?:10\d{3,10}|95\d{3,8}|106\d{4,16}|短信|信息|短信详情|彩信|textmessage|imessage|sms|messages|短信/彩信)"
)
_GOODS = re.compile(
    r"[卡券码包币钻]|会员|充值|直充|话费|流量|钻石|点[券数]|金币|皮肤|礼包|账号|通行证|月|季|年|元|激活|兑换|代[金练充]|加油|水晶|宝石|晶石|勾玉|"
    r"红包|元宝|金豆|[^红绿土黄大]豆$|宽带|题库|电子版|软件|图书|听书|电子书|影票|代练|门票|课程|授权|密钥|订阅|装备|道具|套餐|礼品|积分|加速|网盘|(?<![a-z])vip|key|code|card|"
    r"top-?up|membership|premium|pass|pack|subscription|gift|coins?|credits?|license|months?|year|edition|upgrade|deluxe|bundle|suite|storage|expansion|access|voucher|diamonds?|gems?|crystals?|tokens?|(?<![a-z])plan|licen[cs]e|e-?book|clouddrive|airtime|antivirus|(?:annual|yearly|monthly|lifetime)plan"
)
_BUTTON = re.compile(
    r"好的?|好吧|确定|确认.{0,4}|取消|我?知道[了啦]|我已[了知].{0,2}|关闭|完成|重试|再.{1,3}|重新.{1,4}|返回.{0,4}|去.{1,3}|立即.{1,4}|马上.{1,4}|"
    r"继续.{0,4}|稍后.{0,3}|暂不.{0,3}|不再.{1,3}|下次再说|放弃|跳过|不?允许|不?同意.{0,3}|拒绝|联系(?:在线)?客服|刷新|提交|查看(?:订单|详情|帮助|卡密|记录)|"
    r"ok|okay|cancel|close|retry|tryagain|gotit|confirm|dismiss|back|done|contactsupport|continue|understood|goback|learnmore|help|"
    r"yes|no|allow|don'?tallow|notnow|later|skip|i?agree|accept|decline|vieworder|viewdetails|proceed|home|backtohome|redeemnow|usenow|"
    r"(?:buy|order)(?:it)?again|reorder|contact(?:the)?(?:seller|store|us)|track(?:order|package)|vieworderdetails|(?:leave|write)a(?:product)?review"
)
_PAY_BUTTON = re.compile(
    r"(?:立即|马上|确认|去|同意协议并|确认协议并|确认并|免密)(?:支付|付款|购买|开通|续费|充值|下单|结算|缴费)|提交订单|立即抢购|我要购买|"
    r"(?:去|立即)?结算[()]*|去付款|pay(?:now)?|confirmandpay|confirmpayment|buynow|checkout|placeorder|subscribe(?:now)?|purchase|topupnow"
)
_DISMISSAL = re.compile(
    r"好的?|好吧|确定|确认|取消|我?知道[了啦]|我已[了知].{0,2}|关闭|重试|重新输入|返回(?:重试|修改)?|"
    r"ok|okay|cancel|close|retry|tryagain|gotit|dismiss|understood|back"
)
_TAB_WORDS = re.compile(
    r"全部|待付款|待支付|待发货|待收货|待评价|待使用|已完成|已取消|已付款|退款/?售后|退换/?售后|已退款|已发货|待处理|处理中|充值中|已关闭|交易成功|售后|进行中|未完成|"
    r"all|unpaid|topay|toship|toreceive|toreview|shipped|completed|cancell?ed|refunded|pending|processing|returns"
)

# A payment's notification carries the wallet's name.
_WALLET = re.compile(
    r"(?:微信|支付宝|云闪付|京东|翼|和包)支付(?:凭证|助手|通知)?|微信支付|支付宝|支付助手|云闪付|钱包通知|支付凭证|服务通知|服务消息|消息通知|"
    r"(?:付款|支付|扣款|消费|交易|收款|账单|扣费)(?:成功)?(?:通知|提醒|凭证|助手)"
)

# Signs a page puts before what it says, and the letters the reader takes a tick for.
_TICKS = "·•√✓✔✅❌×☑✕✖○●⊙◎"
_TICK_AS_LETTER = re.compile(r"^[VvJ√]\s*(?=[一-鿿])")


# 已完成 感谢您的购买, Refunded Thank you for shopping with us: read as one line.
_THANKS = re.compile(
    r"(?<=[\w）)])\s*(?:感谢您?的?(?:购买|支持|惠顾|使用|光临|信任)|thank you|thanks for).*$", re.IGNORECASE
)
# Whose state it is, before the state: 您的订单已发货, Your order: Delivered.
_YOURS = re.compile(
    r"^(?:(?:您|你)的|该|本|此)(?:订单|商品|包裹|充值)(?=[^号编金总价时详信]{2})|^your order:\s*", re.IGNORECASE
)


@once_a_page
def status_text(text: str) -> str | None:
    """The state ``text`` states, as printed and without ornament, or None. A headline's first clause may do."""
    bare = _TICK_AS_LETTER.sub("", clean(text).strip(f" >›:;,.!。，…~()-{_TICKS}"))
    bare = _THANKS.sub("", _YOURS.sub("", bare))
    first = re.split(r"[,，。!！;；(]", bare, maxsplit=1)[0].strip()
    word, *others = re.split(r"(?<=[一-鿿])\s+(?=[一-鿿])", bare, maxsplit=1)
    more = others and any(_is_status(compact(other)) or is_tab_word(other) for other in others[0].split())
    clauses = re.split(r"[,，]\s*", bare)
    if len(clauses) > 1 and all(_is_status(compact(clause)) for clause in clauses):
        return bare
    for candidate in (bare, first, *([] if more else [word])):
        form = re.sub(r"[·•|]", "", compact(candidate))
        if 2 <= len(form) <= 24 and _is_status(form):
            return candidate
    return None


_REVIEWS = re.compile(r"(?:买家|用户|商品|宝贝|店铺)评价")  # heads what others wrote


def _is_status(form: str) -> bool:
    if _PARTY_ALONE.fullmatch(form) or _REVIEWS.fullmatch(form):
        return False
    return bool(_STATUS.fullmatch(form) or _STATUS_LATIN.fullmatch(form))


def is_payment_method(text: str) -> bool:
    return bool(_METHOD.fullmatch(compact(text)))


def is_way_to_pay(text: str) -> bool:
    """A way to pay and nothing else; what ``is_payment_method`` takes behind a key may name goods elsewhere."""
    return bool(_WAY.fullmatch(compact(text))) and not is_left_over(text)


_TAIL_OF_CARD = r"(?:[(\[]?(?:尾号|ending(?:in)?|no\.?)?[·.•*]{0,4}\d{4}[)\]]?)?"
_WAY = re.compile(
    r"(?:(?:微信|支付宝|零钱通?|余额宝|余额|信用卡|储蓄卡|借记卡|银行卡|银联(?:在线)?|云闪付|花呗|白条|月付|免密|快捷|网银|数字人民币|点券|话费(?:账单)?|现金|抖音|京东|翼|"
    r"账户余额|平台余额|apple|google|wechat|unionpay|amazon)(?:支付|付款|pay)|微信|支付宝|零钱通?|余额宝|花呗|白条|云闪付|先用后付|信用购|亲密付|亲属卡|亲情卡|礼品卡支付|"
    r"数字人民币|信用卡|储蓄卡|借记卡|alipay|paypal|visa|mastercard|amex|unionpay|(?:credit|debit|bank)card|[一-鿿]{2,8}银行(?:储蓄卡|借记卡|信用卡)?)"
    rf"(?:-[一-鿿]{{2,8}})?{_TAIL_OF_CARD}",
    re.IGNORECASE,
)


def is_left_over(text: str) -> bool:
    """A balance, a coupon or points beside a sum say what is left or was taken off, not how the rest was paid."""
    return bool(_LEFT_OVER.search(compact(text)))


_LEFT_OVER = re.compile(r"(?:余额|balance|积分|points|优惠.?|抵扣|券|红包|wallet|钱包|credit)$")


def is_wallet(text: str) -> bool:
    """The sender or heading of a payment's notification: 微信支付, 付款成功通知."""
    return bool(_WALLET.fullmatch(_title(text)))


def is_result_title(text: str) -> bool:
    return bool(_RESULT_TITLE.fullmatch(_title(text)))


def is_message_sender(text: str) -> bool:
    return bool(_MESSAGE_SENDER.fullmatch(_title(text)))


def names_goods(text: str) -> bool:
    """Whether ``text`` speaks of the goods these platforms sell."""
    return bool(_GOODS.search(compact(text)))


def is_payment_title(text: str) -> bool:
    return bool(_PAYMENT_TITLE.fullmatch(_title(text)))


def is_order_title(text: str) -> bool:
    return bool(_ORDER_TITLE.fullmatch(_title(text)))


def is_list_title(text: str) -> bool:
    return bool(_LIST_TITLE.fullmatch(_title(text)))


def is_delivery_title(text: str) -> bool:
    return bool(_DELIVERY_TITLE.fullmatch(_title(text)))


def is_button(text: str) -> bool:
    return bool(_BUTTON.fullmatch(_title(text)))


def asks_to_pay(text: str) -> bool:
    """A button that pays (立即支付¥19): what its page shows is a price, not a payment."""
    if text.isascii() and text.rstrip().endswith("!"):
        return False  # thanked for: Thank you for your / purchase!
    return bool(_PAY_BUTTON.fullmatch(re.sub(r"[¥$]?\d[\d.,]*元?", "", _title(text)).strip("¥$ ")))


def is_dismissal(text: str) -> bool:
    """A button that only a message carries."""
    return bool(_DISMISSAL.fullmatch(_title(text)))


def is_tab_word(text: str) -> bool:
    return bool(_TAB_WORDS.fullmatch(re.sub(r"[\d()]+$", "", _title(text))))


def _title(text: str) -> str:
    bare = _TICK_AS_LETTER.sub("", clean(text).strip(f" <{_TICKS}"))
    return compact(bare).strip(f"<>‹›←→x+.…!:()|[]《》〈〉{_TICKS}")
