"""What may be a platform's name, and what only stands where one would: navigation, titles, buttons, a carrier's net."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.domain.evidence import Field, FieldName
from service.evidence.labels import hits_in
from service.evidence.normalise import compact
from service.evidence.segments import Segment, same_row, union
from service.evidence.sheet import Sheet
from service.evidence.status_bar import bar_of
from service.evidence.vocabulary import (
    is_button,
    is_delivery_title,
    is_list_title,
    is_order_title,
    is_payment_method,
    is_payment_title,
    is_result_title,
    is_tab_word,
    status_text,
)

LONGEST = 30
# Words every app uses; a title made of nothing else names no platform.
ANYONE = re.compile(
    r"买家|卖家|商家|用户|客户|顾客|电子|我的?|订单|详情|明细|信息|支付|付款|充值|话费|流量|手机|会员|中心|卡券|卡密|账单|结果|成功|失败|记录|在线|客服|官方|平台|商城|商店|"
    r"首页|购买|查询|商品|分类|号|兑换|激活|钱包|余额|网|银行|交易|转账|服务|游戏|点卡|直充|自助|个人|全部|安全|帮助|助手|快捷|移动|网上|数码|科技|文化|超市|"
    r"online|customer|my|support|payment|purchase|transaction|transfer|sales|refund|pay|wallet|bank|store|shop|mall|market|digital|games?|cards?|order|the"
)
IN_THE_TITLE = 0.9
_LONGEST_LOGO = 16
_NAVIGATION = re.compile(
    r"首页|(?:全部)?商品(?:分类|列表)?|分类|购物车|我的(?:订单|账户|卡密|卡包|卡券)?|(?:全部)?订单(?:查询|列表|管理|中心)?|(?:购买|充值)(?:商品|中心)?|卡密(?:查询|提取)?|"
    r"查单|工单|提卡|商店|商城|游戏库|库|社区|论坛|客服(?:中心)?|活动|资讯|帮助(?:中心)?|(?:联系|在线)?客服|登录|注册|退出(?:登录)?|个人中心|会员中心|公告|教程|(?:查询|关于|提取|下载)(?:订单|卡密|商品|我们|客服|客户端|APP)|财务|设置|工单|用户(?:管理)?|数据|"
    r"home|orders?|myorders|mycodes|mycards|mykeys|codes|products?|catalog(?:ue)?|dashboard|help|support|cart|login|signin|logout|signout|account|myaccount|"
    r"store|shop|settings|wallet|customers?|reports?|billing|faq|contact(?:us)?|deals|browse|library|track(?:ing|myorder)?|complaints?|register|signup|languages?|topup|sell|giftcards|wishlist|today'sdeals|hotdeals|offers|bestsellers|customerservice|registry"
)
# One word, or several read as one: 商店 库 社区 客服.
_NAVIGATIONS = re.compile(rf"(?:{_NAVIGATION.pattern})+")
NAV_TAIL = re.compile(
    r"(?:\s*(?:首页|(?:购买|全部|所有)?商品(?:分类|列表)?|购物车|我的(?:订单|账户|卡密)?|订单(?:查询|管理|中心|列表)?|使用教程|帮助(?:中心)?|(?:联系|关于)(?:我们|客服)|(?:查询|提取)(?:订单|卡密)|登录|注册|公告))+$"
)
# The field one searches the site in, and the currency and the menu that end its head.
_SEARCH = re.compile(r"(?:(?:[^\w\s]|[ρQOo0])\s?)?(?:search|搜索?)(?:\s|商品|游戏|订单|你想|$)", re.IGNORECASE)
# How much lies in it: Cart (0), 购物车(2).
_COUNTED = re.compile(r"\s?[(（]\s?\d{1,3}\s?[)）]")
_MENU_TAIL = re.compile(r"(?:\s+[A-Z]{2,3}\s?[.▼▾]?)?\s*[三≡☰▼▾\ue000-\uf8ff]*$")
# A carrier alone at a side of the top is the phone's net; a carrier's own page has its name in the middle, lower down.
_CARRIER = re.compile(
    r"(?:中国|CHN[- ]?)?(?:移动|联通|电信|广电|CMCC|Unicom|Mobile|Telecom|CT)"
    r"(?:\s?(?:[2-6]G\+?|LTE|VoLTE|HD|/.*))*|"
    r"China (?:Mobile|Unicom|Telecom|Broadnet).{0,6}",
    re.IGNORECASE,
)
# Words to whoever reads it, not a name.
_TO_THE_READER = re.compile(r"[您你]|感谢|谢谢|欢迎|恭喜|尊敬|thank|welcome|\b(?:your?|we)\b", re.IGNORECASE)
_BAR, _MIDDLE = 0.09, 0.12


def mark_field(value: str, pieces: Sequence[Segment], rule: str, trust: float = 1.0) -> Field:
    return Field(
        name=FieldName.PLATFORM_MARK,
        value=value,
        text=pieces[0].raw,
        score=round(trust * max(piece.score for piece in pieces), 4),
        box=union(piece.box for piece in pieces),
        rule=rule,
    )


def below_bar(sheet: Sheet) -> list[list[Segment]]:
    """The rows under the status bar, without the net's name that a bar not known as one may hold."""
    bar = {id(one) for one in bar_of(sheet)}
    rows = [row for row in sheet.rows if not any(id(one) in bar for one in row)]
    return [kept for row in rows if (kept := [one for one in row if not _is_carrier(sheet, one)])]


def _is_carrier(sheet: Sheet, one: Segment) -> bool:
    if not _CARRIER.fullmatch(one.text) or one.center_y > sheet.bounds.y0 + _BAR * sheet.bounds.width:
        return False
    middle = (sheet.bounds.x0 + sheet.bounds.x1) / 2
    level = [other for other in sheet.segments if other is not one and same_row(one.box, other.box)]
    return bool(level) or abs(one.center_x - middle) > _MIDDLE * sheet.bounds.width


def is_name(text: str) -> bool:
    return (
        2 <= len(text) <= LONGEST
        and not re.search(r"[\d¥,，。!！?？>]", text)
        and not is_button(text)
        and status_text(text) is None
        and not is_payment_method(text)
    )


def is_navigation(segment: Segment) -> bool:
    form = compact(segment.text)
    return _NAVIGATIONS.fullmatch(form) is not None or NAV_TAIL.fullmatch(form) is not None


def navigation_words(segment: Segment) -> int:
    """How many words of navigation a text holds that the detector may have read as one line: Home Orders Login."""
    if _SEARCH.match(segment.text):
        return 1
    form = compact(_MENU_TAIL.sub("", _COUNTED.sub("", segment.text)))
    if _NAVIGATIONS.fullmatch(form):
        return len(_NAVIGATION.findall(form))
    words = re.split(r"[\s|｜]+", segment.text)
    if len(words) == 1 and is_navigation(segment):
        return len(_NAVIGATION.findall(compact(segment.text)))
    known = sum(_NAVIGATION.fullmatch(compact(word)) is not None for word in words)
    return known if known * 2 > len(words) else int(is_navigation(segment))


def is_bare_name(segment: Segment) -> bool:
    text = segment.text
    return (
        2 <= len(text) <= _LONGEST_LOGO
        and not re.search(r"[\d¥,，。!！?？:：/>]", text)
        and not is_navigation(segment)
        and not is_title(text)
        and not is_button(text)
        and not is_tab_word(text)
        and status_text(text) is None
        and not hits_in(text)
        and not speaks_to_reader(text)
    )


def speaks_to_reader(text: str) -> bool:
    return _TO_THE_READER.search(text) is not None


def is_title(text: str) -> bool:
    return (
        is_order_title(text)
        or is_payment_title(text)
        or is_list_title(text)
        or is_delivery_title(text)
        or is_result_title(text)
    )
