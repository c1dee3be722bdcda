"""Whose page it is, where a sentence, a key or the page's foot says so."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from service.domain.evidence import Box, Field
from service.evidence.mark_mail import may_be
from service.evidence.mark_words import ANYONE, IN_THE_TITLE, below_bar, is_name, mark_field
from service.evidence.normalise import clean, compact
from service.evidence.segments import same_row
from service.evidence.sheet import Sheet
from service.evidence.values import tidy

_OWNERS = (
    re.compile(
        r"(?:^|[,，。\s])(?:本(?:服务|页面|订单|凭证|回单|平台|交易)?|该服务|服务)?由(?P<name>[^,，。;；:：]{2,30}?)(?:提供|出具|运营|承运|开具)"
    ),
    re.compile(r"^(?P<name>[^,，。;；:：]{2,30}?)提供(?:技术)?(?:服务|支持)"),
    re.compile(r"(?:服务提供方|服务商|运营方|出具机构|主办单位)[:：]\s*(?P<name>\S.{1,30})"),
    re.compile(r"(?:provided|operated|issued) by:?\s*(?P<name>[\w一-鿿][^,;|。]{1,30})", re.IGNORECASE),
    re.compile(
        r"(?:©|\(c\)|copyright)+\s*(?:©|\(c\))?\s*(?:20\d{2}(?:\s*[-–~]\s*(?:20\d{2}|\w+))?)?[\s,]*"
        r"(?P<name>[A-Za-z一-鿿][^,;|©。]{1,40}?)"
        r"(?:\s*(?:版权所有|保留所有权利|all rights.*|powered by.*|技术支持.*|\d{4}.*)|[.。]?)?$",
        re.IGNORECASE,
    ),
    re.compile(r"^(?P<name>[^,，。;；:：\s]{2,30}?)\s*版权所有"),
    re.compile(r"^(?P<name>[^,，。;；:：©]{2,24}?)[\s|·-]*powered by", re.IGNORECASE),
)
# Who made a site's software, which is whose page it is only where nobody else says so.
_MAKERS = (
    re.compile(r"技术支持[:：]\s*(?P<name>\S.{1,30})"),
    re.compile(r"powered by:?\s*(?P<name>[\w一-鿿][^,;|。]{1,30})", re.IGNORECASE),
)
_CONTACT = re.compile(
    r"\s*(?:\b(?:call|tel|phone|hotline|contact|help|support)\b|客服|电话|热线|\d{3,}-?\d).*$", re.IGNORECASE
)
# What follows a name at a page's foot: under which licence it works, and of which version its software is.
_LICENCE = re.compile(
    r"[\s|·•-]*(?:(?:增值电信|电信|支付|网络文化|营业|出版物|食品)*(?:业务|经营)*(?:许可证|执照)|[一-鿿]?ICP|公网安备|备案|"
    r"\b(?:PCI|licen[cs]e[ds]?|regulated|registered|FCA|NMLS|VAT|Reg\.? ?No)\b).*$",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\s*\bv(?:er(?:sion)?)?\.?\s?\d[\w.]*.*$|(?<=[a-z])v\d+\.[\d.]+.*$", re.IGNORECASE)
_COUNTER = re.compile(
    r"(?P<name>[一-鿿A-Za-z][^\d,，。:：]{1,14}?)\s*[·•|｜\-—]?\s*(?:网上|掌上|手机|电子|线上|自助|在线)?(?:营业厅|服务厅|(?:服务|缴费|办事)大厅)"
    r"|(?P<site>[一-鿿A-Za-z][^\d,，。:：]{1,14}?)\s*[·•|｜—]\s*(?:安全)?(?:收银台|支付|付款|结账|支付中心|用户中心|会员中心|官网|官方网站|"
    r"(?:secure )?(?:checkout|payments?)|account center|official site)",
    re.IGNORECASE,
)
_HEAD_ROWS, _SHORTEST_NAME = 4, 2
# Who issues or shows it, as records name it. Who sells it is a shop, not the platform.
_ISSUER_KEY = re.compile(
    r"(?:发行|发卡|发券|出票|出品|售卡|签发|出具|承销|券|卡)(?:方|人|机构|单位|商|平台|商家)|(?:所属|购买|下单|交易|来源|销售|充值|服务|发货|订单)平台|平台(?:名称)?|"
    r"(?:订单|交易|消息|页面)来源|(?:issued|provided)by|issuer|platform|marketplace|source"
)
_FROM = re.compile(
    r"^(?:(?:消息|页面|本页)?来自|发自|from)[\s:]*[「“\"]?(?P<name>[^\d,，。:：「」“”\"]{2,20}?)[」”\"]?(?:的(?:通知|消息|短信|邮件|订单|分享))?$",
    re.IGNORECASE,
)
# What a foot of a page calls for help with: the provider's own support.
_SUPPORT_FOOT = re.compile(
    r"^(?P<name>[^\s\d,，。;；:：][^\d,，。;；:：]{1,24}?)\s*(?:官方|在线)?"
    r"(?:客服(?:中心|热线|电话)?|服务热线|热线|customer service|support|help cent(?:er|re))"
    r"(?:[\s:：]*[\d-]{5,})?$",
    re.IGNORECASE,
)


def footer(sheet: Sheet) -> Field | None:
    return _at_the_foot(sheet, _OWNERS, 0.95)


def maker(sheet: Sheet) -> Field | None:
    """Whose software the site is, for want of whose site it is."""
    return _at_the_foot(sheet, _MAKERS, _OF_THE_SOFTWARE)


_OF_THE_SOFTWARE = 0.85


def _at_the_foot(sheet: Sheet, patterns: Sequence[re.Pattern[str]], trust: float) -> Field | None:
    middle = (sheet.bounds.y0 + sheet.bounds.y1) / 2
    for one in reversed(sheet.segments):
        if one.center_y < middle:
            return None
        for pattern in patterns:
            match = pattern.search(one.text)
            name = tidy(_VERSION.sub("", _LICENCE.sub("", _CONTACT.sub("", match["name"])))) if match else ""
            if len(name) >= 2 and not re.fullmatch(r"[\d\W]+|您|你|我们|商家|卖家|系统|平台", name):
                return mark_field(name, [one], "footer", trust)
    return None


def counter(sheet: Sheet) -> Field | None:
    """Whose counter it is, in the page's head: 远信通讯·网上营业厅."""
    for row in below_bar(sheet)[:_HEAD_ROWS]:
        for one in row:
            match = _COUNTER.fullmatch(one.text.strip())
            name = (match["name"] or match["site"]) if match else ""
            if len(ANYONE.sub("", compact(name))) >= _SHORTEST_NAME and may_be(name):
                return mark_field(tidy(name), [one], "counter", 0.95)
    return None


def issuer(sheet: Sheet, taken: Set[Box]) -> Field | None:
    """Behind or beside 发行方, 交易平台, 来自 and the like; a name, no number."""
    for one in sheet.segments:
        said = _FROM.match(one.text)
        if said and is_name(said["name"]) and "@" not in said["name"]:
            return mark_field(tidy(said["name"]), [one], "said to be from", 0.95)
        key, _, inline = clean(one.text).partition(":")
        if not _ISSUER_KEY.fullmatch(compact(key)):
            continue
        beside = [other for other in sheet.segments if other.box.x0 >= one.box.x1 and same_row(one.box, other.box)]
        if _A_DEVICE.match(compact(inline)) or _LISTS.search(inline):
            continue
        if inline.strip() and is_name(inline.strip()):
            return mark_field(tidy(inline.strip()), [one], "issuer", 0.95)
        if not inline and len(beside) == 1 and beside[0].box not in taken and is_name(beside[0].text):
            return mark_field(tidy(beside[0].raw), beside, "issuer", 0.95)
    return None


# The platform a game runs on: Platform: PC · Region: Global.
_A_DEVICE = re.compile(
    r"pc|windows|mac|linux|android|ios|xbox|ps\d|playstation|switch|steam|安卓|苹果|电脑|手游|端游|全平台"
)

# One of several properties of the goods in one line: Platform: Larkplay · Region: Europe.
_LISTS = re.compile(
    r"[·•|/]\s*(?:region|type|version|edition|language|delivery|works on|地区|区域|类型|版本|语言)\b", re.IGNORECASE
)


def support_foot(sheet: Sheet, taken: Set[Box]) -> Field | None:
    """星河商城客服热线 at the foot: the support is the platform's own."""
    foot = sheet.bounds.y0 + 0.75 * sheet.bounds.height
    for one in reversed(sheet.segments):
        if one.center_y < foot:
            return None
        match = _SUPPORT_FOOT.match(one.text)
        name = match["name"].strip() if match else ""
        own = ANYONE.sub("", compact(name))
        if len(own) >= 2 and not re.search(
            r"联系|咨询|拨打|致电|请|如|专属|贵宾|人工|一对一|售后|全天|小时|商家|卖家|问题|需要|contact|call|need|get",
            name,
            re.IGNORECASE,
        ):
            return None if one.box in taken else mark_field(tidy(name), [one], "support at the foot", IN_THE_TITLE)
    return None
