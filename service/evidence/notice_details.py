"""What a message tells of a payment besides its sum: whom, when, how, what for, under which number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.domain.evidence import FieldName
from service.evidence.amounts import parse_amount
from service.evidence.labels import hits_in
from service.evidence.normalise import identifier
from service.evidence.vocabulary import is_payment_method, names_goods

_KEY_END = r"\s?(?:名称|户名|全称|姓名)?\s?(?:[:：为是]|\s)?\s?"
_COMMA_OF_A_FIRM = r",(?=\s?(?:Inc|Ltd|Limited|LLC|Co|Corp)\b)"
_NAMES = (
    re.compile(
        r"(?:收款方|收款人|收款商户|收款账户名|(?<!子)商户(?!订?单号|号|编号)|商家(?!订?单号)|交易对[方手象]|对方(?:户名|商户)?(?=\s?[:：为]))"
        + _KEY_END
        + r"(?P<name>[^,，。;；:：\n]{2,40}?)"
        r"(?=[,，。;；\n]|(?:成功|已)?(?:付款|支付|消费|支出)了?\s?(?:人民币|RMB|CNY|¥|\d)|$)"
    ),
    re.compile(
        r"(?:付款|支付|转账|汇款)给(?P<name>[^,，。;；\n您]{2,40}?)(?=\s?(?:人民币|RMB|CNY|¥|\d+(?:\.\d+)?\s?元)|[,，。;；\n]|$)"
    ),
    re.compile(r"(?:元|\d)\s?给(?P<name>[^,，。;；\n您]{2,40}?)(?=[,，。;；\n]|$)"),
    re.compile(r"向(?:商户|商家|收款方)?(?P<name>[^,，。;；\n您]{2,40}?)(?:成功|已)?(?:付款|支付|转账|汇款|支出)"),
    re.compile(
        r"(?:(?<![现存])在|于)(?P<name>[^,，。;；\n在您你\d][^,，。;；\n在您你]{1,30}?)(?:(?:使用|通过|用)\S{1,24}?)?(?:成功|已)?"
        r"(?:消费|支付|付款|支出|购买|下单|订购)"
    ),
    re.compile(
        r"(?:^|[\n。;；!！,，】]|(?:通知|提醒)\s?[:：])\s?(?P<name>[^,，。;；:：\n]{2,30}?)"
        r"(?:于[\d年月日/.:\- 今昨天]{4,22})?(?:已)?从您的?"
    ),
    re.compile(r"(?:^|[\n。;；!！】])\s?(?P<name>[^,，。;；:：\n您【】]{3,30}?)\s?[:：]\s?您已?(?:成功)?(?:付款|支付)"),
    re.compile(
        r"(?:元|\.\d\d)\s?[(（](?P<name>[^()（）余额含,，]{3,40}(?:[(（][一-鿿]{2,6}[)）][^()（）,，]{0,12})?)(?:[,，][^"
        r"()（）]{2,30}(?:[(（][^()（）]*[)）])?)?[)）]"
    ),
    re.compile(
        r"\b(?:to|at|by|[Mm]erchant:?|[Pp]ayee:?|[Rr]ecipient:?)\s+(?!your\b|you\b|the\b|my\b|a\b)"
        rf"(?P<name>[A-Z一-鿿](?:[\w&'. 一-鿿()（）]|{_COMMA_OF_A_FIRM}){{1,40}}?)"
        rf"(?=\.(?:\s|$)|(?!{_COMMA_OF_A_FIRM})[,;·\n]|\s(?:on|with|using|from|via|for|was|has|in)\b|$)"
    ),
    re.compile(r"(?:^|[\n.])\s?(?P<name>[A-Z一-鿿][\w&'. 一-鿿]{1,40}?)\s(?:has\s)?charged\s"),
)
_WAYS = (
    re.compile(
        r"(?:支付|付款|扣款)(?:方式|账户|卡|渠道|账号)\s?[:：为是]?\s?(?P<way>[^,，。;；\n]{2,30}?)(?=[,，。;；\n]|$)"
    ),
    re.compile(
        r"(?:使用|通过|(?<![费作])用)(?:您的?)?(?P<way>(?:(?!使用|通过)[^,，。:：¥\n]){2,30}?)(?=成功|已|完成|支付了?|付款了?|扣款|消费|在|向|于|给)"
    ),
    re.compile(
        r"(?:您|你)的?(?P<way>(?!账户\d)[^,，。;；:：¥\n您你]{2,30}?)(?:账户)?(?=(?:于|在)?\s?(?:20\d\d|\d{1,2}\s?[月/-]"
        r"|今天|昨天)|于|向|消费|支出|付款|支付|扣款|快捷|成功|发生|完成|有一笔)"
    ),
    re.compile(r"从(?:您|你)的?(?P<way>[^,，。;；\n]{2,30}?)(?:账户)?(?:中|内)?(?=扣款|支付|付款|扣除|支出|转出)"),
    re.compile(r"[\d:]{4,8}\s(?P<way>[^,，。;；\n\d:][^,，。;；\n]{1,30}?)(?=向)"),
    re.compile(r"[(（][^()（）,，]{3,40}[,，]\s?(?P<way>[^()（）]{2,20}(?:[(（][^()（）]*[)）])?)[)）]"),
    re.compile(
        r"\b(?:with|using|via|from|paid by|card:|payment method:?|paid with:?|to)\s(?:your\s|my\s)?"
        r"(?P<way>[A-Z](?:[^.,;·\n]|[·.]+\s?(?=\d{4})){2,30}?)"
        r"(?=\.(?:\s|$)|[,;\n]|\s·|\s(?:on|at|for|to|was|in)\s|$)"
    ),
    re.compile(r"\byour\s(?P<way>[^.,;\n]{3,30}?)\s(?:was|has been|for)\b", re.IGNORECASE),
    re.compile(r"(?:^|[\n.:])\s?(?P<way>[A-Z][^.,;\n]{2,30}?)\swas\s(?:used|charged)\b"),
)
_GOODS_END = r"(?=[」”》】\"]|[,，。;；\n]|已|(?:付款|支付|下单|购买|充值)?成功|$)"
_GOODS = (
    # Between quotes a name has its commas.
    re.compile(
        r"(?:商品|产品|货品|宝贝|\b(?:item|product|purchase)s?)\s?[:：]?\s?[「“《\"](?P<goods>[^「」“”《》\"\n]{2,80})[」”》\"]",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:商品|产品|货品|订单内容)(?:名称|说明|信息)?\s?[:：为「“《\"]\s?[「“《\"]?(?P<goods>[^,，。;；\n「」“”]{2,60}?)"
        + _GOODS_END
    ),
    re.compile(r"(?:用途|用于)\s?[:：为]?\s?(?P<goods>[^,，。;；\n]{2,60}?)(?=[,，。;；\n]|$)"),
    re.compile(
        r"(?:(?:下单|充值)(?:了|的)|(?:购买|订购|选购|所购)(?:了|的)?(?:商品)?[:：]?)\s?[「“《【\"]?(?P<goods>[^,，。;；\n「」“”]{2,60}?)"
        + _GOODS_END
    ),
    re.compile(
        r"\bfor\s(?:the\s|your\s)?[\"“]?(?P<goods>(?!your|you\b|a\b|the\b|this|details|more"
        r"|help)[A-Z0-9一-鿿][^.;,\n\"”]{2,60}?)"
        r"[\"”]?(?=\.(?:\s|$)|[,;\n]|\s·|\s(?:on|with|using|was|from|has)\s|$)"
    ),
    re.compile(
        r"\b(?:item|product|description)\s?:\s?(?P<goods>[^.;,\n]{3,60}?)(?=\.(?:\s|$)|[,;\n]|$)", re.IGNORECASE
    ),
)
# A name in quotes or brackets where it speaks of goods and of nobody's firm.
_QUOTED = (
    re.compile(r"[「“《『\"](?P<goods>[^「」“”《》『』\"\n]{3,60})[」”》』\"]"),
    re.compile(r"(?<=[^\n。;；!！\s])【(?P<goods>[^【】\n]{3,60})】(?=[^\s\n])"),
    re.compile(r"(?:元|\.\d\d)\s?[(（](?P<goods>[^()（）\n]{3,60})[)）]"),
)
_OF_THE_PAYMENT = (
    r"流水号?|交易(?:单|订单|流水|凭证)?号|(?:支付|转账|付款|银行)(?:单|流水|凭证|交易)号|凭证号|参考号|ref(?:erence)?(?:\s?(?:no\.?"
    r"|number|id))?|transaction\s?(?:id|no\.?|number)|payment\s?(?:id|ref(?:erence)?)"
)
_OF_THE_ORDER = (
    r"(?:商户|商家|下)?(?:订单?)?(?:单号|编号)|订单(?:编?号码?|(?=\s?(?:[A-Z-]*\d){3}))|(?:merchant\s)?order(?:\s?"
    r"(?:id|no\.?|number|#))?"
)
_NUMBERS = re.compile(
    rf"(?:(?P<trade>{_OF_THE_PAYMENT})|(?P<order>{_OF_THE_ORDER}))\s?[:：为是#]?\s?(?P<number>"
    rf"(?=[A-Za-z-]*\d)[A-Za-z0-9-]{{8,40}})",
    re.IGNORECASE,
)
_AN_ACCOUNT = re.compile(
    r"尾号|账户|储蓄卡|信用卡|^\d+$|20\d\d[-/.年]|\d{1,2}:\d{2}|客服|本人|您|你的|"
    r"^we(?:'ve| have)?$|^(?:you|it|this)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Detail:
    """``text[start:end]`` of a message, and which field it is."""

    name: FieldName
    value: str
    start: int
    end: int
    doubt: str = ""


def details(text: str) -> Iterator[Detail]:
    """Payee, way to pay, goods and numbers, each where the message's wording names it, at most once."""
    payee = _first(text, _NAMES, "name", FieldName.PAYEE, _is_name)
    way = _first(text, _WAYS, "way", FieldName.PAYMENT_METHOD, _is_way)
    if payee and way and payee.start < way.end and way.start < payee.end:
        payee = None
    goods = _first(text, _GOODS, "goods", FieldName.PRODUCT, _is_goods)
    goods = goods or _first(
        text, _QUOTED, "goods", FieldName.PRODUCT, lambda value: _is_goods(value) and _is_ware(value)
    )
    yield from (one for one in (payee, way, goods) if one)
    numbers: dict[FieldName, set[str]] = {}
    spans: dict[FieldName, Detail] = {}
    for match in _NUMBERS.finditer(text):
        name = FieldName.TRADE_NUMBER if match["trade"] else FieldName.ORDER_NUMBER
        value = identifier(match["number"])
        if value:
            numbers.setdefault(name, set()).add(value)
            spans[name] = Detail(name, value, match.start("number"), match.end("number"))
    yield from (spans[name] for name, values in numbers.items() if len(values) == 1)


def _first(
    text: str, patterns: tuple[re.Pattern[str], ...], group: str, name: FieldName, accept: Callable[[str], bool]
) -> Detail | None:
    for place, pattern in enumerate(patterns):
        for match in pattern.finditer(text):
            start, end = match.span(group)
            doubt = _BY_PLACE if place in _UNSURE.get(name, ()) else ""
            if name is FieldName.PAYEE and re.match(r"\.(?:\s|$)", text[end:]) and _ENDS_IN_DOT.search(text[start:end]):
                end += 1
                doubt = doubt if re.match(r"\s[a-z]", text[end:]) else "a dot that may end the sentence"
            if name is FieldName.PAYMENT_METHOD and _OF_ITS_NAME.match(text[end:]):
                end += 2
            value = text[start:end].strip()
            start += len(text[start:end]) - len(text[start:end].lstrip())
            if value and accept(value):
                return Detail(name, value, start, end, doubt)
    return None


# Wordings that tell by the place in the sentence alone where a name begins or ends.
_BY_PLACE = "told by its place in a sentence"
_UNSURE = {FieldName.PAYEE: (2, 4, 5, 6, 7, 9), FieldName.PRODUCT: tuple(range(2, len(_GOODS)))}
# 使用微信支付向, 使用点券支付支付.
_OF_ITS_NAME = re.compile(r"支付(?=向|在|于|给|付款|消费|支付|扣款|成功(?:付|支)|[,，。;；])")


_ENDS_IN_DOT = re.compile(r"\b(?:Inc|Ltd|Co|Corp|Pty|Bros|B\.V|N\.V|S\.A)$")


def _is_way(value: str) -> bool:
    return is_payment_method(value) and _NO_WAY.match(value) is None


# A card told by its end alone, and what is done rather than with what.
_NO_WAY = re.compile(r"尾号|账户(?!余额)|购买|下单|订购|充值|成功|已|于|有|在|支付(?!宝)|付款|消费|订单")


def _is_name(value: str) -> bool:
    return (
        len(value) >= 2
        and not _AN_ACCOUNT.search(value)
        and not is_payment_method(value)
        and not _COUNTED.search(value)
        and not any(hit.whole for hit in hits_in(value))  # Qty, in a table read as a sentence
    )


# 100元点卡, 12个月: goods are counted, nobody's name is.
_COUNTED = re.compile(r"\d\s?(?:元|个月|天|年|GB|TB|点|钻|币|张|枚)", re.IGNORECASE)
_FIRM = re.compile(
    r"(?:公司|[店行社部所厅院网城]|集团|中心|平台|商城|旗舰店?|Ltd\.?|Inc\.?|LLC|Co\.?)(?:[(（][^()（）]*[)）])?$"
)


def _is_ware(value: str) -> bool:
    return names_goods(value) and _FIRM.search(value) is None


def _is_goods(value: str) -> bool:
    return len(value) >= 2 and not _NO_GOODS.fullmatch(value) and parse_amount(value) is None


# What any goods are called, and keys.
_NO_GOODS = re.compile(
    r"[\d\W]+|.*(?:时间|方式|金额)|成功.*|的?(?:卡密|商品|会员|服务|订单|宝贝|权益|卡券|产品|充值|兑换码|激活码|虚拟商品)"
)
