"""What speaks for and against a text being the goods' name: weak signs, none of which is on every page, summed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.evidence.amounts import parse_amount
from service.evidence.goods_words import goods_chance, is_unlike_goods
from service.evidence.labelled_text import in_title_bar
from service.evidence.lexicon import Label
from service.evidence.normalise import compact
from service.evidence.segments import Segment, overlap_x, same_row
from service.evidence.sheet import Key, Sheet
from service.evidence.shelves import RECORD, is_for_sale
from service.evidence.title_lines import Title
from service.evidence.title_words import QUANTITY, is_shop, is_title_text, may_be_shop
from service.evidence.vocabulary import is_button, names_goods, status_text

# A card's title stands at most this far above its price or quantity, and as far below at most, in line heights.
_CARD_ABOVE, _CARD_BELOW = 7.0, 0.8
# A headline stands at most this far above the record's first key, in line heights.
_OVER_RECORD = 16.0
# What a title must reach.
ENOUGH = 2.0
# What a price is worth.
_PRICED = 3.0
_SHORT_TITLE, LONG_TITLE = 3, 8
# Navigation's words are no wider than this, in their heights.
_LONG_WORD = 7.0
# What it costs to stand on a card of goods still to be bought.
_A_SHELF = 5.0
# What is sold along with the goods.
_ADDED = re.compile(
    r"(?:保险|[^充]险|保障服务|无忧服务|服务费|安装费|延保)(?:服务)?$|^(?:shipping|delivery) (?:insurance|protection)"
)
_OF_A_SHOP = re.compile(r"联系(?:商家|卖家|店家|店铺)|进店(?:逛逛)?|关注|店铺|visitstore|contactseller")
_COUNTED = re.compile(
    r"\d+\s*(?:元|个|天|月|年|点|钻|gb|g|mb|张|枚|小时|diamonds?|gems?|months?|days?|years?)", re.IGNORECASE
)
# Keys that stand on a card rather than in the record.
_COUNT_KEY = re.compile(r"(?:购买|商品)?数量|单价|价格|售价|quantity|qty|price|unitprice")
_OF_GOODS = {Label.CARD_SECRET, Label.DUE, Label.GOODS_TOTAL, Label.ORDER_TOTAL, Label.DISCOUNT, Label.FREIGHT}
_TO_OWN, _INDENT = 4.5, 2.5
_OF_ORDERS = {
    Label.ORDER_NUMBER,
    Label.TRADE_NUMBER,
    Label.ORDERED_AT,
    Label.CREATED_AT,
    Label.PAID_AT,
    Label.PAYMENT_METHOD,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A title, what speaks for it, and the price that stands with it.

    ``ordered``: with a price and a count, or over sums: what else a shop would sell has neither.
    """

    title: Title
    points: float
    price: Segment | None
    ordered: bool = False


def weighed(sheet: Sheet, title: Title, prices: Sequence[Segment]) -> Candidate:
    first, text = title.first, title.text
    price = _price_of(sheet, title, prices)
    points = 0.0
    if price:
        points += _PRICED + (same_row(price.box, first.box) and price.box.x0 > first.box.x1)
    count, own = _has_count(sheet, title), _over_its_own(sheet, title)
    points += count + own
    points += _by_its_words(text) + 0.5 * bool(_COUNTED.search(text))
    points += 0.5 * (len(title.pieces) > 1) + 0.5 * (len(text) >= LONG_TITLE) - (len(text) <= _SHORT_TITLE)
    size = first.box.height / max(sheet.unit, 1e-6)
    points += 1.2 if size >= 1.35 else 0.7 if size >= 1.15 else 0.0
    points += _beside_image(sheet, first) + over_record(sheet, title)
    points += 1.5 * _has_its_state(sheet, first) - 3.0 * _is_a_members_banner(sheet, first)
    points -= (
        8.0 * is_shop(text)
        + 4.0 * bool(_ADDED.search(text))
        + 2.0 * may_be_shop(text)
        + 4.0 * bool(_COUNTER.search(text))
        + 3.0 * bool(_OF_A_MEMBER.search(text))
        + 3.0 * _leads_to_shop(sheet, first)
        + 3.0 * (price is None and _explains_the_state(sheet, first))
    )
    points -= 4.0 * in_title_bar(sheet, first) + 2.0 * _crowded(sheet, title) + 1.5 * _is_bare_word(text)
    if is_for_sale(sheet, title):
        return Candidate(title, points - _A_SHELF, None)
    return Candidate(title, points, price, ordered=price is not None and (count > 0 or own > 0))


def _by_its_words(text: str) -> float:
    """Words for goods that are known, or what all its words are like: on sets left out of learning one name of goods in
    a hundred had a chance below 0.15, and nine in ten of a page's other lines."""
    like = _NAMES_GOODS if names_goods(text) else _LIKE_GOODS if goods_chance(text) >= _LIKELY else 0.0
    return like - _UNLIKE_GOODS * is_unlike_goods(text)


_LIKELY = 0.8
_NAMES_GOODS, _LIKE_GOODS, _UNLIKE_GOODS = 2.0, 1.0, 2.0


def below_another(sheet: Sheet, one: Candidate, found: Sequence[Candidate]) -> Candidate:
    """What stands under a title in the same column, no larger, describes it."""
    over = [
        other
        for other in found
        if other is not one
        and other.points >= ENOUGH
        and 0 < one.title.first.center_y - other.title.pieces[-1].center_y <= 3.0 * sheet.unit
        and (
            abs(one.title.first.box.x0 - other.title.first.box.x0) <= sheet.unit
            or abs(one.title.first.center_x - other.title.first.center_x) <= 0.7 * sheet.unit
        )
        and one.title.first.box.height <= 1.03 * other.title.first.box.height
    ]
    return replace(one, points=one.points - 1.5) if over else one


def with_its_own_price(sheet: Sheet, one: Candidate, found: Sequence[Candidate]) -> Candidate:
    """Without a price that stands beside another title's lines and not beside its own."""
    price = one.price
    if price is None or _beside_lines(sheet, one.title, price):
        return one
    others = [other for other in found if other is not one and len(other.title.text) > _SHORT_TITLE]
    sharing = [other for other in others if other.price is price]
    if any(
        _beside_lines(sheet, other.title, price) or _heads(sheet, one.title, other.title, price) for other in sharing
    ):
        return replace(one, points=one.points - _PRICED, price=None, ordered=False)
    return one


def _heads(sheet: Sheet, upper: Title, lower: Title, price: Segment) -> bool:
    """Whether ``upper`` stands over the card whose text column begins with ``lower`` and holds the price: its shop."""
    column = abs(lower.first.box.x0 - price.box.x0) <= sheet.unit
    return (
        column and upper.bottom <= lower.first.center_y and lower.first.box.x0 - upper.first.box.x0 > 2.0 * sheet.unit
    )


def _beside_lines(sheet: Sheet, title: Title, price: Segment) -> bool:
    slack = 0.5 * sheet.unit
    return title.first.box.y0 - slack <= price.center_y <= title.bottom + slack


def _price_of(sheet: Sheet, title: Title, prices: Sequence[Segment]) -> Segment | None:
    """The nearest price right of or below the title, with no key of the record between."""
    first = title.first
    near = [
        one
        for one in prices
        if one.box.x0 >= first.box.x0 - sheet.unit
        and -_CARD_BELOW * sheet.unit <= one.center_y - first.center_y <= _CARD_ABOVE * sheet.unit
        and not _record_between(sheet, first, one)
    ]
    return min(near, key=lambda one: abs(one.center_y - first.center_y)) if near else None


def _record_between(sheet: Sheet, first: Segment, anchor: Segment) -> bool:
    return any(
        key.label in RECORD
        and first.box.y1 <= key.piece.center_y <= anchor.box.y0
        and not _COUNT_KEY.match(compact(key.piece.text))
        for key in sheet.keys
    )


def _has_count(sheet: Sheet, title: Title) -> float:
    counts = [one for one in sheet.free if QUANTITY.fullmatch(one.text)]
    counts += [key.piece for key in sheet.keys if _COUNT_KEY.match(compact(key.piece.text)) and _has_value(sheet, key)]
    first = title.first
    near = any(
        -_CARD_BELOW * sheet.unit <= one.center_y - first.center_y <= _CARD_ABOVE * sheet.unit
        and one.box.x0 >= first.box.x0 - sheet.unit
        and not _record_between(sheet, first, one)
        for one in counts
    )
    return 1.0 if near else 0.0


def _beside_image(sheet: Sheet, first: Segment) -> float:
    """A picture is room without text at the left."""
    left = any(same_row(one.box, first.box) and one.box.x1 <= first.box.x0 for one in sheet.segments)
    indent = (first.box.x0 - sheet.bounds.x0) / max(sheet.unit, 1e-6)
    return 1.0 if not left and 3.0 <= indent <= 9.0 and not _is_centred(sheet, first) else 0.0


def _is_centred(sheet: Sheet, one: Segment) -> bool:
    return abs(one.center_x - (sheet.bounds.x0 + sheet.bounds.x1) / 2) <= sheet.unit


def over_record(sheet: Sheet, title: Title) -> float:
    """Over the first of at least two keys of a record."""
    record = sorted(key.box.y0 for key in sheet.keys if key.label in RECORD)
    if len(record) < 2:
        return 0.0
    if under_record(sheet, title):
        return -1.5
    return 1.0 if -0.3 * sheet.unit <= record[0] - title.bottom <= _OVER_RECORD * sheet.unit else 0.0


def _over_its_own(sheet: Sheet, title: Title) -> float:
    """What stands right over a card's secret, or heads a column of sums, names what they are of."""
    below = [key for key in sheet.keys if 0 <= key.box.y0 - title.bottom <= _TO_OWN * sheet.unit]
    first = min(below, key=lambda key: key.box.y0, default=None)
    if first is None or abs(first.box.x0 - title.first.box.x0) > _INDENT * sheet.unit:
        return 0.0
    return 2.0 if first.label in _OF_GOODS or any(key.label is Label.CARD_SECRET for key in below) else 0.0


def under_record(sheet: Sheet, title: Title) -> bool:
    # A record in a column of its own, right of what names goods, does not stand over them.
    edge = title.first.box.x1 if names_goods(title.text) else sheet.bounds.x1
    record = [key.box.y0 for key in sheet.keys if key.label in _OF_ORDERS and key.box.x0 < edge]
    return len(record) >= 2 and title.first.box.y0 > max(record)


def _leads_to_shop(sheet: Sheet, first: Segment) -> bool:
    """With an arrow behind it, which may be read as a bracket that closes nothing, or with a way to the seller."""
    if first.text.endswith((">", "›")) or _CLOSES_NOTHING.fullmatch(first.text):
        return True
    return any(
        same_row(one.box, first.box)
        and one.box.x0 > first.box.x1
        and _OF_A_SHOP.fullmatch(compact(one.text).strip(">"))
        for one in sheet.segments
    )


def _explains_the_state(sheet: Sheet, first: Segment) -> bool:
    """Small print right under the page's state, begun or centred with it: 充值中 / 到账可能延迟."""
    return any(
        0 < first.box.y0 - one.box.y1 + 0.5 * first.box.height <= _UNDER_ITS_STATE * sheet.unit
        and first.box.height <= _SMALL_PRINT * one.box.height
        and (abs(one.box.x0 - first.box.x0) <= 0.5 * sheet.unit or abs(one.center_x - first.center_x) <= sheet.unit)
        and status_text(one.text)
        for one in sheet.standing
    )


_UNDER_ITS_STATE, _SMALL_PRINT = 1.5, 0.92
_CLOSES_NOTHING = re.compile(r"[^(（\[【]*[)）]")


def _has_its_state(sheet: Sheet, first: Segment) -> bool:
    """The head of an order's own card: goods at the left, their state at the right end, and no shop's row, which
    leads on to the goods under it."""
    row = [one for one in sheet.segments if one is not first and same_row(one.box, first.box)]
    stated = len(row) == 1 and row[0].box.x0 > first.box.x1 and status_text(row[0].text) and not is_button(row[0].text)
    heads = any(
        0 < one.center_y - first.center_y <= _CARD_ABOVE * sheet.unit
        and one.box.x0 >= first.box.x0 - sheet.unit
        and is_title_text(one.text)
        and names_goods(one.text)
        and not _record_between(sheet, first, one)
        for one in sheet.free
    )
    return bool(stated) and not heads and names_goods(first.text) and not may_be_shop(first.text)


def _is_a_members_banner(sheet: Sheet, first: Segment) -> bool:
    """What a member is told of his membership stands right under its name: 已陪伴你 400 天, Member since 2021."""
    return any(
        0 < one.center_y - first.center_y <= _BANNER * max(first.box.height, sheet.unit)
        and (abs(one.box.x0 - first.box.x0) <= sheet.unit or abs(one.center_x - first.center_x) <= sheet.unit)
        and _OF_A_MEMBER.search(one.text)
        for one in sheet.segments
    )


# A counter's name, which says whose page it is.
_COUNTER = re.compile(r"(?:营业厅|服务厅|(?:服务|缴费|办事)大厅|服务中心)$")
_BANNER = 2.2  # line heights
_OF_A_MEMBER = re.compile(
    r"陪伴|已加入|加入.{0,6}天|成长值|会员等级|尊贵|尊享会员|(?:v|vip|lv)\s?\d{1,2}(?:会员|$)|已为你省|"
    r"with you (?:for|since)|member since|joined|member level|days with us",
    re.IGNORECASE,
)


def _is_bare_word(text: str) -> bool:
    """One Latin word names an app or a place sooner than goods: CardHub, Asia."""
    return re.fullmatch(r"[A-Za-z|]{2,14}\.?", text) is not None


def _crowded(sheet: Sheet, title: Title) -> bool:
    """One of three or more pieces of text side by side: navigation, tabs or the head of a table."""
    if title.first.box.width > _LONG_WORD * title.first.box.height:
        return False
    row = [one for one in sheet.segments if same_row(one.box, title.first.box)]
    return len(row) >= 3 and not any(parse_amount(one.text) for one in row)


def in_a_picture(sheet: Sheet, one: Candidate, found: Sequence[Candidate]) -> Candidate:
    """A word or two at the left of another title's lines stand in the goods' picture."""
    first = one.title.first
    beside = len(one.title.text) <= _SHORT_TITLE + 1 and any(
        other.title.first.box.x0 >= first.box.x1
        and len(other.title.text) > len(one.title.text)
        and -3.5 * sheet.unit <= other.title.first.center_y - first.center_y <= 1.5 * sheet.unit
        for other in found
        if other is not one
    )
    return replace(one, points=one.points - 3.0, price=None, ordered=False) if beside else one


def _has_value(sheet: Sheet, key: Key) -> bool:
    return key.inline is not None or bool(sheet.right_of(key))


def same_card(sheet: Sheet, one: Title, other: Title) -> bool:
    """Two titles so near each other that they belong to one card."""
    gap = max(one.first.box.y0 - other.bottom, other.first.box.y0 - one.bottom)
    return gap <= 2.5 * sheet.unit and overlap_x(one.first.box, other.first.box) > 0
