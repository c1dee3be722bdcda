"""Labels put together from known parts, for the many words pages use that no list holds.

A key names whose it is, of what, and ends in what it gives: 充值 + 订单 + 编号, 实际 + 支付 + 金额, 订单 + 提交 +
时间. All text
is in match form (see normalise). The lexicon's own entries win over what is put together here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from service.evidence.lexicon import Label, of_another_kind
from service.evidence.text_grammar import composed_text

# Longer than any key the grammar can make sense of.
LONGEST_GRAMMATICAL = 26
# Composed keys are less plain than listed ones, which count from 0; what only may name an order comes last.
RANK_OF_GRAMMAR, RANK_OF_WEAK = 300, 600
_SHORTEST = 2


def _any(words: str | Iterable[str]) -> str:
    """An alternation, longest words first."""
    return "|".join(sorted(words.split() if isinstance(words, str) else words, key=len, reverse=True))


# -- numbers

_SELLER = _any("商户 商家 卖家 店铺 商城 店家 供应商 商户方 商家方")
_PAYMENT = _any(
    "交易 支付宝 支付 付款 转账 扣款 扣费 汇款 微信 微信支付 财付通 银行 银联 网联 云闪付 收单 流水 资金 钱包 "
    "翼支付 支付凭证 付款凭证 交易凭证 转账凭证 网银 核心 第三方支付 三方支付 "
    "第三方交易 支付平台 支付系统 支付渠道 支付通道 出款 打款 跨行"
)
_ORDER = _any(
    "订单 购买 消费 订购 下单 预订 预定 购物 采购 充值 直充 代充 话费充值 充卡 提货 兑换 购卡 缴费 续费 开通 "
    "会员 权益 卡券 商品 服务 游戏 "
    "虚拟商品 话费 流量"
)
_ANYBODY = _any(
    "平台 系统 侧 端 方 我的 您的 本 本次 本单 该 此 网上 线上 在线 电子 官网 官方 内部 唯一 当前 客户 用户 "
    "买家 主 总 本站 站内 网站 app 业务 办理"
)
_WEAK_MATTER = _any("受理 申请 业务 办理")
_WITH_A_SLIP = r"(?:订单|单据?|流水)"
_NUMBER_HEAD = _any("编号 号码 号 id no 编码 序号 流水 流水号 参考号 代码 标识号 识别码 识别号")
_NUMBER = re.compile(
    rf"(?:的|之|{_SELLER}|{_PAYMENT}|{_ORDER}|{_ANYBODY}|{_WEAK_MATTER})*{_WITH_A_SLIP}?(?:{_NUMBER_HEAD})"
)
_VOUCHER = re.compile(r"(?:电子|银行|记账|系统|检索|业务|主机)*(?:凭证|参考|检索参考)(?:编号|号码|号|码)")
_NAMES_A_PAYMENT = re.compile(_PAYMENT)
_NAMES_A_SELLER = re.compile(_SELLER)
# A document of its own kind: without one of these the number is a person's, a product's or a phone's.
_DOCUMENT = re.compile(
    r"订单|单据?(?:编号|号码|号|编码|id|no|序号)|流水|交易|支付|付款|转账|扣款|汇款|购买编|消费编|下单编|充值编|订购编"
)
_ENDING_OF_A_NUMBER = re.compile(r"(?:交易)?(?:订单|单据?|流水)?(?:编号|号码|号|id|no|编码|序号|流水)$")
_PHONE = re.compile(
    r"(?:充值|话费|流量|缴费|业务|办理|开通|续费|受理|会员|游戏|直充|代充|用户|客户|买家)(?:号码|号|id)"
)
_WEAK_NUMBER = re.compile(rf"(?:{_ORDER}|{_ANYBODY})?(?:受理|申请|业务|办理)(?:单据?|流水)?(?:编号|号|id|编码)")

_LATIN_SELLER = "merchant|seller|shop|store|vendor|retailer|partner"
_LATIN_PAYMENT = (
    "payments?|pay|transactions?|trans|txn|trade|transfer|paypal|alipay|wechatpay|wechat|bank|unionpay|charge|"
    "remittance|processor"
)
_LATIN_ORDER = "orders?|purchase|booking|reservation|confirmation|sales|salesorder|top-?up|recharge|checkout|e-?order"
_LATIN_STRANGER = (
    "receipt|invoice|ticket|case|document|doc|refund|returns?|tracking|shipment|parcel|batch|terminal|auth|"
    "authori[sz]ation|approval|"
    "account|card|phone|mobile|customer|user|member|item|product|serial|support|tax|vat|store|device|external"
)
_LATIN_HEAD = (
    "number|no|num|nr|nbr|id|code|identifier|referencenumber|referenceno|referenceid|reference|refnumber|refno|"
    "refid|ref|#|№"
)
_LATIN_NUMBER = re.compile(
    rf"(?:your|my|the|our|unique|original|platform|system|web|online|{_LATIN_SELLER}|{_LATIN_PAYMENT}|"
    rf"{_LATIN_ORDER}|{_LATIN_STRANGER})+"
    rf"(?:{_LATIN_HEAD})"
)

# A service's name before the number of its payment: Google transaction ID.
_LATIN_BRANDED = re.compile(
    rf"(?!refund|original|previous|parent|related|linked|internal|external|{_LATIN_STRANGER}|{_LATIN_SELLER})[a-z]{{3,12}}"
    rf"(?:transaction|txn|payment)(?:{_LATIN_HEAD})"
)

# -- amounts

_DEED_OF_PAYING = "支付|付款|付|扣款|扣费|扣|缴费|缴|支出|消费|花费"
_SUM = "款|金额|总金额|总额|总价|价格|价|额|合计|总计|共计|费用|款项|数额|现金|金"
_OF_THE_BILL = (
    "订单|本单|本次|此单|该单|商品|费用|账单|交易|最终|总|合计|共计|共|买家|用户|您|现金|在线|线上|到手|本期|"
    "微信|支付宝|人民币|购卡|购券|购票|购买"
)
_PAID = re.compile(
    rf"(?:{_OF_THE_BILL})*(?:实际|实|已经?|成功|累计已|共|总|总共)(?:需|应)?(?:{_DEED_OF_PAYING})(?:{_SUM})*(?:人民币)?"
    rf"|(?:{_OF_THE_BILL})*实收(?:{_SUM})*|实际(?:金额|花费|消费|费用)|(?:券后|折后|优惠后|最终)(?:实付|支付|"
    rf"付款)(?:{_SUM})*"
)
_PAYMENT_AMOUNT = re.compile(
    rf"(?:订单|本单|本次|账单|交易|现金|在线|线上|微信|支付宝|银行卡|余额宝|零钱|总|共|合计|买家|用户|您|客户|"
    rf"付款人|人民币)*(?:支付|付款|扣款|扣费|支出|消费|转账|汇款|交易|转出|付费|缴费|"
    rf"缴纳)(?:{_SUM})+(?:人民币)?"
    r"|(?:本次|本单|合计|总共|总计|现金|累计|买家|用户|您)(?:支付|付款|扣款|消费)"
)
_DUE = re.compile(
    rf"(?:{_OF_THE_BILL})*(?:应|需|须|待|还需|仍需|尚需|剩余|剩余待|还应|未)(?:{_DEED_OF_PAYING})(?:{_SUM})*|"
    rf"(?:券后|折后|优惠后)(?:{_SUM})"
)
_TOTAL = re.compile(rf"(?:订单|全部|费用|金额|本单|本次|商品|账单|总)?(?:合计|总计|共计)(?:{_SUM}|费用|付款|支付)*")
_ORDER_TOTAL = re.compile(
    r"(?:订单|账单|本单|本次|购买|下单|采购)(?:总|应|合计)?(?:金额|总额|总价|价格|价款|款|额|费用)"
)
_OF_A_DISCOUNT = (
    "平台|店铺|商家|会员|新人|新客|首单|首次|活动|限时|专享|专属|满|券|支付|订单|商品|随机|微信|支付宝|银行|"
    "银行卡|信用卡|银联|云闪付|刷卡|收银台|门店|品牌|花呗|京豆|积分|金币|淘金币|"
    "红包|优惠券|优惠|跨店|百亿|官方|运费|其他|共|已|总|本单|本次|余额|礼品卡|零钱|拼团|团购|到店|渠道|用户|老客|立"
)
_DISCOUNT = re.compile(
    rf"(?:{_OF_A_DISCOUNT})*(?:优惠|折扣|立减|满减|抵扣|红包|优惠券|代金券|卡券|减免|减|补贴|抵用|抵用券|折让|"
    rf"省|满赠|特惠|促销)(?:金额|合计|总额|总计|券)?"
)
_FEE = re.compile(
    r"(?:基础|平台|技术|交易|充值|提现|转账|支付|包装|配送|国际|商品|订单|代充|其他|渠道|快递|物流|信息|商家|"
    r"第三方|本次|退款)*(?:运费|手续费|服务费|快递费|配送费|包装费|税费|税|工本费|附加费|通道费|邮费|保险费|"
    r"技术费|平台费|代充费)(?:金额|合计)?"
)
_NOT_PAID = re.compile(
    r"(?:账户|可用|当前|剩余|钱包|零钱|交易后|支付后|卡|商品|充值|可得|获得|赠送|本次|会员|市场|官方|票面|到账|"
    r"卡内|卡券|券|累计|单笔|当日|产品|订单)*(?:余额|积分|面值|面额|单价|限额|额度|押金|定金|保证金|原价|售价|"
    r"标价|市场价|官方价|成本价|会员价|到账金额|返现|返利|奖励金?|赠送金额?)"
)
_REFUND = re.compile(
    r"(?:原路|订单|商品|申请|应|实|已|可|本次|最多|预计|平台|累计|总)*退(?:款|还|回|费)?(?:总)?(?:金额|款|款项|"
    r"总额|合计)"
)

_LATIN_SUM_WORD = (
    "total|amount|order|grand|final|net|actual|actually|you|youve|we|was|were|been|has|have|payments?|charge|"
    "card|sum|of|the|your|today|cost|"
    "purchase|transaction|transfer|value|in|invoice|bill|checkout"
)
_LATIN_SUM = re.compile(rf"(?:{_LATIN_SUM_WORD}|paid|charged|billed|debited|spent|due|payable|topay|debit)+")
_TAX_IN_IT = re.compile(r",?\(?(?:incl|inc|including|inclusive)\.?(?:of|all|any)*(?:vat|tax|taxes|gst)\)?$")
# Merchant's order number, customers' account.
_OWNER_S = re.compile(r"(?<=[a-z]{3})(?:'s|s')(?=[a-z]{2})")
_LATIN_DISCOUNT = re.compile(
    r"[a-z&-]{0,18}(?:discounts?|coupons?|vouchers?|savings|promo|promotions?|promocode|rebate|creditapplied|"
    r"credits?used)"
    r"(?:applied|amount|total|used)?"
)
_LATIN_FEE = re.compile(
    r"[a-z&-]{0,18}(?:(?<!cof)fees?|tax|taxes|shipping|delivery|vat|gst|surcharge)(?:amount|total|cost)?"
)

# -- times

_CLOCK = "时间|日期|时刻|时间点|日期时间|日"
_ORDERING = (
    "下单|提交|拍下|订购|购买|预订|预定|申购|购入|购物|采购|拍|订货|订单提交|提单|购票|订票|购卡|购券|抢购|"
    "团购|拼单|参团|认购|发起拼单"
)
_MAKING = "创建|生成|开单|制单|开票|建立|新建|产生|发起"
_PAYING = "支付|付款|扣款|扣费|交易|转账|消费|汇款|缴费|付费|支出|扣缴|缴款|打款|转出|记账"
_DONE = "成功|完成|完毕|确认|的"
_WHOSE = "订单|买家|用户|客户|商品|您|您的|我的|本单|本次|交易|实际|微信|支付宝|银行|最近|系统|平台"
_ORDERED_AT = re.compile(
    rf"(?:{_WHOSE})*(?:{_ORDERING})(?:订单)?(?:{_DONE})*(?:{_CLOCK}|于|在)|(?:{_WHOSE})*订单(?:{_CLOCK})"
)
_CREATED_AT = re.compile(
    rf"(?P<order>订单|购买|商品)?(?:{_WHOSE}|账单|记录)*(?:{_MAKING})(?:订单)?(?:{_DONE})*(?:{_CLOCK}|于|在)"
)
_PAID_AT = re.compile(rf"(?:{_WHOSE})*(?:{_PAYING})(?:{_DONE})*(?:{_CLOCK}|于)")

# A bank books a payment on the day it likes.
_BOOKED = re.compile(r"[记入]账")
_LATIN_CLOCK = r"(?:date(?:and|&|/)?time|timeanddate|timestamp|date|time|on|at)"
_LATIN_ORDERED_AT = re.compile(
    rf"(?:your|the)?(?:order|purchase|booking|top-?up)?(?:was|is|been|wasfirst)?(?:ordered|placed|submitted|"
    rf"purchased|bought|purchase|order|booking)(?:{_LATIN_CLOCK})"
)
_LATIN_CREATED_AT = re.compile(
    rf"(?P<order>order|purchase)?(?:was)?(?:created|creation|issued|booked)(?:{_LATIN_CLOCK})"
)
_LATIN_PAID_AT = re.compile(
    rf"(?:your|the)?(?:payment|transaction|transfer|order|amount|charge)?(?:was|is)?"
    rf"(?:paid|payment|pay|transaction|trans|txn|trade|charged?|transfer(?:red)?|billed|debited|received|made|"
    rf"processed|confirmed|completed|cleared|settled|posted)"
    rf"(?:{_LATIN_CLOCK})"
)
_DATE_OF = re.compile(
    r"^(?P<clock>date(?:and|&|/)?time|date|time)(?:of(?:the|your)?(?P<of>[a-z]+)|(?P<deed>ordered|purchased|placed|bought|"
    r"paid|charged|billed|debited|transferred))$"
)
_LATIN_PAYING = re.compile(r"pa(?:y|id)|trans|txn|trade|charge|bill|debit")


_PAID_DEED = ("支付成功", "付款成功", "支付完成", "付款完成", "已支付", "已付款", "买家付款")
_ORDERED_DEED = ("提交订单", "订单提交", "下单成功", "创建订单", "订单创建", "买家下单", "订单生成")
# What happened, before its time in one line; alone these words are a state.
DEEDS = dict.fromkeys((*_PAID_DEED, "paymentcompleted", "paymentreceived"), Label.PAID_AT) | dict.fromkeys(
    (*_ORDERED_DEED, "orderreceived"), Label.ORDERED_AT
)


@lru_cache(maxsize=8192)
def composed(form: str) -> tuple[Label, int] | None:
    """What a key in match form means by its parts, and its rank; None where the parts make no key."""
    if not _SHORTEST <= len(form) <= LONGEST_GRAMMATICAL:
        return None
    plain = form.replace("’", "'")
    meaning = _latin(plain) if plain.isascii() else _han(form)
    if meaning is None:
        return None
    weak = _WEAK_NUMBER.fullmatch(form) if meaning is Label.ORDER_NUMBER else _BOOKED.match(form)
    return meaning, (RANK_OF_WEAK if weak else RANK_OF_GRAMMAR) + len(form)  # the shorter the plainer


def _han(form: str) -> Label | None:
    return _number(form) or _amount(form) or _time(form) or composed_text(form)


def _latin(form: str) -> Label | None:
    form = _OWNER_S.sub("", _TAX_IN_IT.sub("", form) or form)
    return _latin_number(form) or _latin_time(form) or _latin_amount(form) or composed_text(form)


def _number(form: str) -> Label | None:
    if _VOUCHER.fullmatch(form):
        return Label.VOUCHER_NUMBER
    if _WEAK_NUMBER.fullmatch(form):
        return Label.ORDER_NUMBER
    if not _NUMBER.fullmatch(form) or _PHONE.fullmatch(form) or not _DOCUMENT.search(form):
        return None
    if of_another_kind(_ENDING_OF_A_NUMBER.sub("", form), but=("第三方", "银联")):
        return Label.OTHER_NUMBER
    if _NAMES_A_SELLER.search(form):
        return Label.MERCHANT_NUMBER if re.search(r"单|流水|交易|支付|付款", form) else Label.OTHER_NUMBER
    return Label.TRADE_NUMBER if _NAMES_A_PAYMENT.search(form) else Label.ORDER_NUMBER


def _latin_number(form: str) -> Label | None:
    if not _LATIN_NUMBER.fullmatch(form):
        return Label.TRADE_NUMBER if _LATIN_BRANDED.fullmatch(form) else None
    if re.search(_LATIN_STRANGER, form) and not re.match(
        rf"(?:{_LATIN_SELLER})(?:{_LATIN_ORDER}|{_LATIN_PAYMENT})", form
    ):
        return Label.OTHER_NUMBER
    if re.search(_LATIN_SELLER, form):
        order = re.search(rf"(?:{_LATIN_ORDER}|{_LATIN_PAYMENT}|ref)", form)
        return Label.MERCHANT_NUMBER if order else Label.OTHER_NUMBER
    if re.search(_LATIN_PAYMENT, form) and not re.match(rf"(?:your|my|the)?(?:{_LATIN_ORDER})", form):
        return Label.TRADE_NUMBER
    return Label.ORDER_NUMBER if re.search(_LATIN_ORDER, form) else None


def _amount(form: str) -> Label | None:
    for pattern, label in _AMOUNTS:
        if pattern.fullmatch(form):
            return label
    return None


_AMOUNTS = (
    (_REFUND, Label.REFUNDED),
    (_DISCOUNT, Label.DISCOUNT),
    (_FEE, Label.FREIGHT),
    (_NOT_PAID, Label.OTHER_AMOUNT),
    (_DUE, Label.DUE),
    (_PAID, Label.PAID),
    (_PAYMENT_AMOUNT, Label.PAYMENT_AMOUNT),
    (_TOTAL, Label.TOTAL),
    (_ORDER_TOTAL, Label.ORDER_TOTAL),
)


def _latin_amount(form: str) -> Label | None:
    if _LATIN_DISCOUNT.fullmatch(form):
        return Label.DISCOUNT
    if _LATIN_FEE.fullmatch(form):
        return Label.FREIGHT
    if not _LATIN_SUM.fullmatch(form):
        return None
    if re.search(r"paid|charged|billed|debited|spent", form):
        return Label.PAID
    if re.search(r"due|payable|topay", form):
        return Label.DUE
    if not re.search(r"total|amount|sum", form):
        return None
    if re.search(r"payment|charge|transaction|transfer|debit", form):
        return Label.PAYMENT_AMOUNT
    return Label.TOTAL if "total" in form else Label.ORDER_TOTAL


def _time(form: str) -> Label | None:
    created = _CREATED_AT.fullmatch(form)
    if created:
        return Label.ORDERED_AT if created["order"] else Label.CREATED_AT
    if _ORDERED_AT.fullmatch(form):
        return Label.ORDERED_AT
    return Label.PAID_AT if _PAID_AT.fullmatch(form) else None


def _latin_time(form: str) -> Label | None:
    form = _DATE_OF.sub(r"\g<of>\g<deed>\g<clock>", form)
    created = _LATIN_CREATED_AT.fullmatch(form)
    if created:
        return Label.ORDERED_AT if created["order"] else Label.CREATED_AT
    if _LATIN_ORDERED_AT.fullmatch(form):
        return Label.ORDERED_AT
    return Label.PAID_AT if _LATIN_PAID_AT.fullmatch(form) and _LATIN_PAYING.search(form) else None
