"""Keys of moments put together from known parts: 买家 + 下单 + 时间, 下次 + 扣款 + 日, refund + issued + on.

As in label_grammar, all text is in match form, and the lexicon's own entries win.
"""

from __future__ import annotations

import re

from service.evidence.lexicon import Label

_CLOCK = "时间|日期|时刻|时间点|日期时间|日"
_ORDERING = (
    "下单|提交|拍下|订购|购买|预订|预定|申购|购入|购物|采购|拍|订货|订单提交|提单|购票|订票|购卡|购券|抢购|"
    "团购|拼单|参团|认购|发起拼单|成单|拍单|下标|落单|下订|下定|订单成立"
)
_MAKING = "创建|生成|开单|制单|开票|建立|新建|产生|发起"
_PAYING = "支付|付款|扣款|扣费|交易|转账|消费|汇款|缴费|付费|支出|扣缴|缴款|打款|转出|记账|买单|刷卡|结账"
_DONE = "成功|完成|完毕|确认|的"
_WHOSE = "订单|充值|购买|买家|用户|客户|商品|您|您的|我的|本单|本次|交易|实际|微信|支付宝|银行|最近|系统|平台"
_ORDERED_AT = re.compile(
    rf"(?:{_WHOSE})*(?:{_ORDERING})(?:订单)?(?:{_DONE})*(?:{_CLOCK}|于|在)|(?:{_WHOSE})*订单(?:{_CLOCK})|成立时间"
)
_CREATED_AT = re.compile(
    rf"(?P<order>订单|购买|商品)?(?:{_WHOSE}|账单|记录)*(?:{_MAKING})(?:订单)?(?:{_DONE})*(?:{_CLOCK}|于|在)"
)
_PAID_AT = re.compile(rf"(?:{_WHOSE})*(?:成功|完成)?(?:{_PAYING})(?:{_DONE})*(?:{_CLOCK}|于)")
# A day of what is no order and no payment.
_OTHER_DAY = re.compile(
    r"(?:下次|下期|下一期|本期|上次|最后|最近|预计|自动|实际|商品|订单|款项)*(?:还款|扣款|扣费|续费|续订|入账|到账|到货|出货|发货|取货|收货|出账|账单|结算|交割|"
    r"交付|到期|生效|失效|截止|缴费|退款|兑换|使用|起始|开始|结束)日期?"
)

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
    r"paid|charged|billed|debited|transferred|delivered|shipped|dispatched|cancell?ed|refunded|redeemed|received|returned|"
    r"activated|completed|updated))$"
)
_LATIN_OTHER_DEED = (
    "ship(?:ped|ping|ment|s)?|dispatch(?:ed)?|deliver(?:ed|y|s)?|arriv(?:al|es|ed|e)|cancell?(?:ed|ation)|post(?:ed|ing)|booking|"
    "redeem(?:ed)?|redemption|received?|receipt|return(?:ed|s)?|updated?|modified|pick-?up|collection|release[ds]?|fulfil?led|fulfil?lment|"
    "refund(?:ed)?(?:initiated|requested|issued|completed|processed)?|expir(?:y|es|ed|ation)|renew(?:al|s|ed)?|activat(?:ed|ion)|"
    "settle(?:d|ment)|clear(?:ed|ing)|complet(?:ed|ion)|clos(?:ed|ing)|start(?:s|ed)?|end(?:s|ed)?|effective|statement|access(?:ed)?"
)
# When something else was or will be done; what may be the payment's own time is told before.
_LATIN_OTHER_TIME = re.compile(
    rf"(?:order|item|items|package|parcel|your|last|next|latest|estimated|expected|scheduled|first|code|card|key|subscription|membership|funds|is|"
    rf"was|by)*(?:{_LATIN_OTHER_DEED})(?:{_LATIN_CLOCK}|by)|arriving(?:on|by)?|(?:estimated|expected)(?:delivery|arrival)|last(?:updated?|modified)"
    r"|(?:return|refund)(?:window)?(?:closes|ends|by|until|deadline)(?:on)?"
)
_LATIN_PAYING = re.compile(r"pa(?:y|id)|trans|txn|trade|charge|bill|debit")


def han_time(form: str) -> Label | None:
    """What a Chinese key of a moment means by its parts, or None."""
    created = _CREATED_AT.fullmatch(form)
    if created:
        return Label.ORDERED_AT if created["order"] else Label.CREATED_AT
    if _ORDERED_AT.fullmatch(form):
        return Label.ORDERED_AT
    if _PAID_AT.fullmatch(form):
        return Label.PAID_AT
    return Label.OTHER_TIME if _OTHER_DAY.fullmatch(form) else None


def latin_time(form: str) -> Label | None:
    """What a Latin key of a moment means by its parts, or None."""
    form = _DATE_OF.sub(r"\g<of>\g<deed>\g<clock>", form)
    created = _LATIN_CREATED_AT.fullmatch(form)
    if created:
        return Label.ORDERED_AT if created["order"] else Label.CREATED_AT
    if _LATIN_ORDERED_AT.fullmatch(form):
        return Label.ORDERED_AT
    if _LATIN_PAID_AT.fullmatch(form) and _LATIN_PAYING.search(form):
        return Label.PAID_AT
    return Label.OTHER_TIME if _LATIN_OTHER_TIME.fullmatch(form) else None


def books(form: str) -> bool:
    """Whether the key is of the day a bank books a payment."""
    return _BOOKED.match(form) is not None
