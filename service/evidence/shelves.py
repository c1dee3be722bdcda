"""Goods a shop would still sell, shown beside those that were bought: where they stand, and how their cards end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.evidence.lexicon import VALUE_KIND, Label, ValueKind
from service.evidence.normalise import compact
from service.evidence.segments import Segment, same_row
from service.evidence.sheet import Key, Sheet
from service.evidence.title_lines import Title

# Keys of a record's body: a headline stands above all of them.
RECORD = {label for label, kind in VALUE_KIND.items() if kind in (ValueKind.AMOUNT, ValueKind.TIME)} | {
    Label.ORDER_NUMBER,
    Label.TRADE_NUMBER,
    Label.MERCHANT_NUMBER,
    Label.PAYMENT_METHOD,
    Label.RECHARGED_ACCOUNT,
    Label.PHONE,
    Label.CARD_SECRET,
}
_OTHERS = r"customers|people|players|others|shoppers|buyers|users|gamers|members"
_RECOMMENDED = re.compile(
    r"(?:你可能还?(?:喜欢|想.{1,3}|需要)|猜[你您](?:喜欢|还?想.{1,3}|需要|关注)|为你推荐|为您推荐|热门推荐|推荐商品|相关推荐|看了又看|更多推荐|大家都在买|店铺推荐|精选推荐|更多(?:好物|服务)|"
    r".{0,6}[还也都]在?(?:看了?|买了?|喜欢)(?:了|的|什么)?|.{0,5}感兴趣(?:的.{0,4})?|(?:同类|相似|相关|热门|人气|店铺|更多)(?:好物|好货|商品|宝贝|推荐)|[为给][你您](?:精选|优选|挑选)|"
    r"买了还买|热卖|热销|爆款|人气好货|大家还买了|店长推荐|今日特惠|同款推荐|热销榜|热卖推荐|"
    r"(?:本店|店铺|店内|该店|同店)(?:还有|其他|更多|上新|新品|人气|热销|好物|好货|好评)?(?:榜|商品|宝贝|好货|好物|还有)|(?:搭配|加价|组合|凑单)(?:购买?|换购|推荐|专区|立减)?.{0,6}|(?:超值|优惠)?(?:加购|换购|加价购)|"
    r"(?:最近|历史)(?:浏览|看过)|浏览(?:记录|足迹)|(?:我的)?足迹|.{0,4}(?:都在看|都在逛|还在看|人气榜|排行榜)|相似(?:商品|宝贝)|逛一?逛|看看别的|[为给][你您]推荐.{0,4}|"
    r"you(?:may|might)(?:also)?(?:like|enjoy)|recommended(?:foryou)?|customersalso\w+|relateditems|morelikethis|"
    r"(?:more|also)from(?:this)?(?:seller|shop|store)|frequentlyboughttogether|recentlyviewed|more(?:to(?:explore|love|discover)|foryou)|popular(?:rightnow|items|products)?|similaritems|trending(?:now)?|bestsellers|"
    rf"(?:{_OTHERS})who(?:bought|viewed|purchased|played)\w*|(?:{_OTHERS})also(?:bought|viewed|liked|purchased|played|like)|"
    r"(?:you|others)(?:may|might|also)+\w*(?:like|enjoy|interested|need|bought|viewed)\w*|"
    r"(?:recommended|recommendations|inspired|suggested|picked|picks|toppicks|selected|chosen)(?:basedon|by|for|items|products|from|withyou)?(?:your?|this|you)?\w{0,30}|"
    r"(?:similar|related|sponsored|featured|explore|discover|other|more)+(?:sponsored|related|similar)?(?:items?|products?|deals|games|offers|goods|results|listings)(?:youmaylike|foryou|tothis\w*|fromthis\w*|from\w{0,20})?|"
    r"(?:sponsored|products?)+(?:related|similar)to\w{0,20}|(?:your)?recently(?:viewed|browsed)\w{0,12}|(?:your)?browsinghistory|"
    r"(?:keepshopping|continueshopping)for\w{0,20}|(?:hot|top|today's?|daily|great|bestselling|best)+(?:deals|offers|picks|sellers)(?:foryou)?|dealsforyou\w{0,20})"
)
# What stands on a card of goods still to be bought: how many to take, a button that buys, how many others bought.
_FOR_SALE = re.compile(
    r"[-−–—－]?\s*[1-9]\s*[+＋]|[-−–—－]\s*[1-9]\s*[+＋]?|(?:去|立即|马上|点击)?(?:购买|抢购|加购|抢|下单)|(?:加入)?购物车|马上抢|"
    r".*\d[+万w]*\s?(?:人)?(?:付款|买过|已买|购买|收货|人看过|已拼|人在看)|(?:已售|月销|销量|已拼|热销)\s?\d.*|.*\d[\dk+]*\s?sold|buy(?:now)?|add(?:tocart)?|[★☆⭐✩✭✰\s]{4,}\(?\s?\d.*",
    re.IGNORECASE,
)
_OF_AN_OFFER = re.compile(r"售价|单价|价格|原价|现价|特价|到手价|price")
# So many keys of a record under recommendations, and they stand above the order.
_RECORD_FOLLOWS = 2
# A card's foot is this far under its title at most, in line heights, and this far to its right, in page widths.
_TO_FOOT, _CARD_WIDTH = 3.0, 0.7


_SIDE_BY_SIDE = 2
# Of cards side by side one name may take a line or two more; and stars stand this far under their goods' name.
_CARDS_DIFFER, _NAME_OVER_STARS = 4.0, 4.5
_IS_RATED = re.compile(r"[★☆⭐✩✭✰\s]{3,}\(?\s?\d[\d.,]*[kw万]?\+?\s?\)?", re.IGNORECASE)


def shelf_of(sheet: Sheet) -> tuple[float, float]:
    """From where to where other goods are recommended; where the order's own record follows, up to what heads it."""
    heads = [one for one in sheet.standing if _RECOMMENDED.fullmatch(compact(one.text))]
    rated = [one for one in sheet.free if _IS_RATED.fullmatch(one.text)]
    heads = [one for one in heads if not _is_navigation(sheet, one)] + _heads_of_rated(sheet, rated)
    if not heads:
        return sheet.bounds.y1 + 1.0, sheet.bounds.y1
    head = min(heads, key=lambda one: one.box.y0)
    start = head.box.y0
    follows = [
        key.box.y0
        for key in sheet.keys
        if key.label in RECORD
        and key.label is not Label.FREIGHT  # Free delivery stands on the cards of goods as well
        and (key.inline or sheet.right_of(key))
        and not _OF_AN_OFFER.match(compact(key.piece.text))
        and not _is_beside(sheet, head, key)
    ]
    follows = sorted(place for place in follows if place > start)
    if len(follows) < _RECORD_FOLLOWS:
        return start, sheet.bounds.y1
    last = [one.box.y1 for one in sheet.free if start < one.center_y < follows[0] and _FOR_SALE.fullmatch(one.text)]
    return start, max(last, default=start)


def _is_beside(sheet: Sheet, head: Segment, key: Key) -> bool:
    """Of a column of keys at the right that begins over the shelf's heading and goes on beside the goods."""
    return key.box.x0 > head.box.x1 and any(
        other.label in RECORD and other.box.y1 < head.box.y0 and abs(other.box.x0 - key.box.x0) <= sheet.unit
        for other in sheet.keys
    )


def _is_navigation(sheet: Sheet, one: Segment) -> bool:
    """Today's Deals among three or more words side by side in the site's head."""
    row = [other for other in sheet.segments if same_row(one.box, other.box)]
    return len(row) > _SIDE_BY_SIDE and not any(map(str.isdigit, "".join(other.text for other in row)))


def _heads_of_rated(sheet: Sheet, rated: Sequence[Segment]) -> list[Segment]:
    """The row over goods side by side that buyers have rated: the heading may be a button's word, or not be read."""
    beside = [one for one in rated if any(one is not other and _is_level(sheet, one, other) for other in rated)]
    names = [
        other
        for one in beside
        for other in sheet.segments
        if 0 < one.center_y - other.center_y <= _NAME_OVER_STARS * sheet.unit
        and abs(other.box.x0 - one.box.x0) <= sheet.unit
    ]
    return [min(names, key=lambda one: one.box.y0)] if names else []


def _is_level(sheet: Sheet, one: Segment, other: Segment) -> bool:
    return abs(one.center_y - other.center_y) <= _CARDS_DIFFER * sheet.unit and one.box.x1 < other.box.x0


def is_for_sale(sheet: Sheet, title: Title) -> bool:
    """Whether a card's own foot says that its goods are to be bought."""
    reach = title.bottom + _TO_FOOT * sheet.unit
    return any(
        _FOR_SALE.fullmatch(one.text)
        and title.first.box.y0 <= one.center_y <= reach
        and one.box.x0 >= title.first.box.x0 - sheet.unit
        and one.box.x0 - title.first.box.x0 <= _CARD_WIDTH * sheet.bounds.width
        for one in sheet.segments
    )
