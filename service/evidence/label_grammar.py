"""Labels put together from known parts, for the many words pages use that no list holds.

A key names whose it is, of what, and ends in what it gives: 充值 + 订单 + 编号, 实际 + 支付 + 金额, 订单 + 提交 +
时间. All text
is in match form (see normalise). The lexicon's own entries win over what is put together here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from service.evidence.amount_grammar import han_amount, latin_amount
from service.evidence.lexicon import Label, of_another_kind
from service.evidence.text_grammar import composed_text
from service.evidence.time_grammar import books, han_time, latin_time

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
    "会员 权益 卡券 商品 服务 游戏 拼单 拼团 团购 "
    "虚拟商品 话费 流量"
)
_ANYBODY = _any(
    "平台 系统 侧 端 方 我的 您的 本 本次 本单 该 此 网上 线上 在线 电子 官网 官方 内部 唯一 当前 客户 用户 "
    "买家 主 总 本站 站内 网站 app 业务 办理"
)
_WEAK_MATTER = _any("受理 申请 业务 办理")
_WITH_A_SLIP = r"(?:订单|单据?|流水)"
_NUMBER_HEAD = _any("编号 号码 号 id no 编码 序号 流水 流水号 参考号 代码 代号 标识号 识别码 识别号 参考编号 参考号码")
_NUMBER = re.compile(
    rf"(?:的|之|{_SELLER}|{_PAYMENT}|{_ORDER}|{_ANYBODY}|{_WEAK_MATTER})*{_WITH_A_SLIP}?(?:{_NUMBER_HEAD})"
)
_VOUCHER = re.compile(
    r"(?:电子|银行|记账|系统|检索|业务|主机|转数快|快速转账|跨行|汇款|付款人?)*(?:凭证|参考|检索参考)(?:编号|号码|号|码)"
)
_NAMES_A_PAYMENT = re.compile(_PAYMENT)
_NAMES_A_SELLER = re.compile(_SELLER)
# A document of its own kind: without one of these the number is a person's, a product's or a phone's.
_DOCUMENT = re.compile(
    r"订单|单据?(?:编号|号码|号|编码|id|no|序号)|流水|交易|支付|付款|转账|扣款|汇款|跨行|购买编|消费编|下单编|充值编|订购编"
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

# What a network or a bank calls one payment by: the receipt's own number where nothing else is there.
_LATIN_NETWORK = (
    "upi|utr|rrn|arn|imps|neft|rtgs|fps|paynow|promptpay|duitnow|instapay|pesonet|pix|gcash|maya|grabpay|ovo|dana|gopay|momo|zalopay|"
    "bpay|payid|ach|sepa|swift|wire|host|network|retrieval|acquirer|issuer"
)
_LATIN_VOUCHER = re.compile(
    rf"(?:{_LATIN_NETWORK})+(?:reference|ref)(?:{_LATIN_HEAD})?|(?:utr|rrn|arn)(?:{_LATIN_HEAD})?"
)
# A service's name before the number of its payment: Google transaction ID.
_LATIN_BRANDED = re.compile(
    rf"(?!refund|original|previous|parent|related|linked|internal|external|{_LATIN_STRANGER}|{_LATIN_SELLER})[a-z]{{3,12}}"
    rf"(?:transaction|txn|payment)(?:{_LATIN_HEAD})"
)

_TAX_IN_IT = re.compile(r",?\(?(?:incl|inc|including|inclusive)\.?(?:of|all|any)*(?:vat|tax|taxes|gst)\)?$")
# Merchant's order number, customers' account.
_OWNER_S = re.compile(r"(?<=[a-z]{3})(?:'s|s')(?=[a-z]{2})")

_PAID_DEED = ("支付成功", "付款成功", "支付完成", "付款完成", "已支付", "已付款", "买家付款")
_ORDERED_DEED = ("提交订单", "订单提交", "下单成功", "创建订单", "订单创建", "买家下单", "订单生成")
# What happened, before its time in one line; alone these words are a state.
DEEDS = dict.fromkeys((*_PAID_DEED, "paymentcompleted", "paymentreceived"), Label.PAID_AT) | dict.fromkeys(
    (*_ORDERED_DEED, "orderreceived"), Label.ORDERED_AT
)


_NO_POINT = re.compile(r"(?<=trans)\.|(?<=txn)\.|(?<=ref)\.|(?<=amt)\.|(?<=acct)\.")  # Trans. ID, Ref. No.


@lru_cache(maxsize=8192)
def composed(form: str) -> tuple[Label, int] | None:
    """What a key in match form means by its parts, and its rank; None where the parts make no key."""
    if not _SHORTEST <= len(form) <= LONGEST_GRAMMATICAL:
        return None
    plain = form.replace("’", "'")
    meaning = _latin(_NO_POINT.sub("", plain)) if plain.isascii() else _han(form)
    if meaning is None:
        return None
    weak = _WEAK_NUMBER.fullmatch(form) if meaning is Label.ORDER_NUMBER else books(form)
    return meaning, (RANK_OF_WEAK if weak else RANK_OF_GRAMMAR) + len(form)  # the shorter the plainer


def _han(form: str) -> Label | None:
    return _number(form) or han_amount(form) or han_time(form) or composed_text(form)


def _latin(form: str) -> Label | None:
    form = _OWNER_S.sub("", _TAX_IN_IT.sub("", form) or form)
    return _latin_number(form) or latin_time(form) or latin_amount(form) or composed_text(form)


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
        if _LATIN_VOUCHER.fullmatch(form):
            return Label.VOUCHER_NUMBER
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
