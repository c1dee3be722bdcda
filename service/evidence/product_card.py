"""The product's name where no key stands before it: on a product card, or as a record's headline.

Several weak signs are summed, because no single one is on every page: a price beside it, words for goods, an image's
room at its left, its size, its place over the record; a shop's name, a page's title or a specification lose points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.evidence.amounts import parse_amount
from service.evidence.card_prices import card_prices
from service.evidence.labelled_text import in_title_bar
from service.evidence.lexicon import VALUE_KIND, Label, ValueKind
from service.evidence.normalise import compact
from service.evidence.segments import Segment, overlap_x, same_row
from service.evidence.sheet import Key, Sheet
from service.evidence.shelves import RECORD, is_for_sale, shelf_of
from service.evidence.title_lines import Title, title_from
from service.evidence.title_words import QUANTITY, is_shop, is_title_text, may_be_shop
from service.evidence.vocabulary import names_goods

# A card's title stands at most this far above its price or quantity, and as far below at most, in line heights.
_CARD_ABOVE, _CARD_BELOW = 7.0, 0.8
# A headline stands at most this far above the record's first key, in line heights.
_OVER_RECORD = 16.0
# What a title must reach, and by how much it must lead another that may be meant as well.
_ENOUGH, _LEAD, _LEAD_OF_CARDS = 2.0, 1.0, 3.0
_ALMOST, _LEAD_ALONE = 1.0, 1.0
# Who keeps the page: 联信·网上营业厅.
_OF_A_PLACE = re.compile(r"[厅行店网台司站局]$|大厅|官网|平台")
# What a price is worth.
_PRICED = 3.0
# Cards of one order follow each other within this many line heights.
_APART = 10.0
_SHORT_TITLE, _LONG_TITLE = 3, 8
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


@dataclass(frozen=True, slots=True)
class Found:
    """The title found; ``sure``: nothing else on the page comes near."""

    title: Title
    sure: bool


def find_title(sheet: Sheet, *, priced: bool = False) -> Found | None:
    """The one title of the page; None where several goods are shown, or nothing stands out.

    ``priced``: only a title with a price.
    """
    found = sorted((one for one in candidates(sheet) if one.price or not priced), key=lambda one: -one.points)
    if not found:
        return None
    if found[0].points < _ENOUGH:
        return None if priced else _lone_headline(sheet, found)
    found = _without_shelf(sheet, found)
    # Goods under the record are what else the shop would sell, where some stand over it.
    found = [one for one in found if one.ordered and one.points >= _ENOUGH] or found
    over = [one for one in found if one.points >= _ENOUGH and not _under_record(sheet, one.title)]
    found = over if over and (over[0].price or not _is_receipt(sheet, found)) else found
    best = found[0]
    if best.points < _ENOUGH:
        return None
    near = [one for one in found[1:] if one.points >= _ENOUGH and _rivals(one, best)]
    others = [one for one in near if not _same_card(sheet, one.title, best.title)]
    rivals = [one for one in others if best.price and one.price and one.price is not best.price]
    if not rivals:
        return Found(best.title, sure=not near)
    # Goods of one order stand under each other; far below the first it is another sale.
    first, second = sorted([best, *rivals], key=lambda one: one.title.first.center_y)[:2]
    apart = second.title.first.box.y0 - first.title.bottom > _APART * sheet.unit
    return Found(first.title, sure=False) if apart else None


def _lone_headline(sheet: Sheet, found: Sequence[Candidate]) -> Found | None:
    """A long title over the record that nothing else on the page comes near, though no word of it speaks of goods."""
    best = found[0]
    alone = len(found) == 1 or best.points - found[1].points >= _LEAD_ALONE
    if not alone or best.points < _ALMOST or len(best.title.text) < _LONG_TITLE or _over_record(sheet, best.title) <= 0:
        return None
    if _OF_A_PLACE.search(best.title.text):
        return None
    return Found(best.title, sure=False)


def _without_shelf(sheet: Sheet, found: list[Candidate]) -> list[Candidate]:
    """Without priced goods, two or more, under which nothing is recorded, where something else was named over them."""
    last = max((key.box.y0 for key in sheet.keys if VALUE_KIND[key.label] is not ValueKind.NONE), default=None)
    if last is None:
        return found
    shelf = [one for one in found if one.price and not one.ordered and one.title.first.box.y0 > last]
    rest = [one for one in found if not any(one is other for other in shelf)]
    named = any(one.points >= _ENOUGH and names_goods(one.title.text) for one in rest)
    return rest if len(shelf) > 1 and named else found


def _rivals(one: Candidate, best: Candidate) -> bool:
    """Whether ``one`` may be meant as well: nearly as many points, or a card of the same order."""
    return one.points > best.points - (_LEAD_OF_CARDS if one.ordered and best.ordered else _LEAD)


def _is_receipt(sheet: Sheet, found: Sequence[Candidate]) -> bool:
    """One priced title under the record's keys, with the sum under it."""
    under = [one for one in found if one.price and _under_record(sheet, one.title)]
    sums = sheet.keys_of(Label.TOTAL, Label.PAID, Label.GOODS_TOTAL, Label.ORDER_TOTAL, Label.PAYMENT_AMOUNT)
    return len({id(one.price) for one in under}) == 1 and any(key.box.y0 > under[0].title.bottom for key in sums)


def candidates(sheet: Sheet) -> list[Candidate]:
    """Every title of the page outside its recommendations, from top to bottom, with its points."""
    start, end = shelf_of(sheet)
    prices = [one for one in card_prices(sheet) if not start <= one.center_y <= end]
    found: list[Candidate] = []
    used = _values_below(sheet)
    for one in sheet.free:
        if id(one) in used or start <= one.center_y <= end or not _may_begin(sheet, one):
            continue
        title = title_from(sheet, one)
        used.update(id(piece) for piece in title.pieces)
        found.append(_weighed(sheet, title, prices))
    found = [_with_its_own_price(sheet, one, found) for one in found]
    found = [_in_a_picture(sheet, one, found) for one in found]
    return [_below_another(sheet, one, found) for one in found]


def _values_below(sheet: Sheet) -> set[int]:
    """What stands under a key that has nothing beside it is that key's value."""
    keys = [key for key in sheet.keys if key.hit.whole and key.inline is None and not sheet.right_of(key)]
    named = [key for key in keys if VALUE_KIND[key.label] is not ValueKind.NONE and not in_title_bar(sheet, key.piece)]
    return {id(below[0]) for key in named if (below := sheet.below(key))}


def priced_lines(sheet: Sheet) -> list[list[Segment]]:
    """Titles with their price at the right end of the same row: the items of a receipt, which has a total too."""
    if not sheet.keys_of(Label.TOTAL, Label.GOODS_TOTAL, Label.PAID, Label.ORDER_TOTAL):
        return []
    found = []
    for anchor in card_prices(sheet):
        row = [
            one
            for one in sheet.free
            if one is not anchor
            and same_row(one.box, anchor.box)
            and one.box.x1 <= anchor.box.x0
            and is_title_text(one.text)
            and sheet.owner(one) is None
        ]
        if row:
            found.append(list(title_from(sheet, max(row, key=lambda one: one.box.width)).pieces))
    goods = [pieces for pieces in found if names_goods(pieces[0].text)]
    return goods or found


def _may_begin(sheet: Sheet, one: Segment) -> bool:
    owner = sheet.owner(one)
    return (owner is None or VALUE_KIND[owner.label] is ValueKind.NONE) and is_title_text(one.text)


# --- what speaks for a title ---------------------------------------------------------------------------------------


def _weighed(sheet: Sheet, title: Title, prices: Sequence[Segment]) -> Candidate:
    first, text = title.first, title.text
    price = _price_of(sheet, title, prices)
    points = 0.0
    if price:
        points += _PRICED + (same_row(price.box, first.box) and price.box.x0 > first.box.x1)
    count, own = _has_count(sheet, title), _over_its_own(sheet, title)
    points += count + own
    points += 2.0 * names_goods(text) + 0.5 * bool(_COUNTED.search(text))
    points += 0.5 * (len(title.pieces) > 1) + 0.5 * (len(text) >= _LONG_TITLE) - (len(text) <= _SHORT_TITLE)
    size = first.box.height / max(sheet.unit, 1e-6)
    points += 1.2 if size >= 1.35 else 0.7 if size >= 1.15 else 0.0
    points += _beside_image(sheet, first) + _over_record(sheet, title)
    points -= (
        8.0 * is_shop(text)
        + 4.0 * bool(_ADDED.search(text))
        + 2.0 * may_be_shop(text)
        + 3.0 * _leads_to_shop(sheet, first)
    )
    points -= 4.0 * in_title_bar(sheet, first) + 2.0 * _crowded(sheet, title) + 1.5 * _is_bare_word(text)
    if is_for_sale(sheet, title):
        return Candidate(title, points - _A_SHELF, None)
    return Candidate(title, points, price, ordered=price is not None and (count > 0 or own > 0))


def _below_another(sheet: Sheet, one: Candidate, found: Sequence[Candidate]) -> Candidate:
    """What stands under a title in the same column, no larger, describes it."""
    over = [
        other
        for other in found
        if other is not one
        and other.points >= _ENOUGH
        and 0 < one.title.first.center_y - other.title.pieces[-1].center_y <= 3.0 * sheet.unit
        and (
            abs(one.title.first.box.x0 - other.title.first.box.x0) <= sheet.unit
            or abs(one.title.first.center_x - other.title.first.center_x) <= 0.7 * sheet.unit
        )
        and one.title.first.box.height <= 1.03 * other.title.first.box.height
    ]
    return replace(one, points=one.points - 1.5) if over else one


def _with_its_own_price(sheet: Sheet, one: Candidate, found: Sequence[Candidate]) -> Candidate:
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


def _over_record(sheet: Sheet, title: Title) -> float:
    """Over the first of at least two keys of a record."""
    record = sorted(key.box.y0 for key in sheet.keys if key.label in RECORD)
    if len(record) < 2:
        return 0.0
    if _under_record(sheet, title):
        return -1.5
    return 1.0 if -0.3 * sheet.unit <= record[0] - title.bottom <= _OVER_RECORD * sheet.unit else 0.0


def _over_its_own(sheet: Sheet, title: Title) -> float:
    """What stands right over a card's secret, or heads a column of sums, names what they are of."""
    below = [key for key in sheet.keys if 0 <= key.box.y0 - title.bottom <= _TO_OWN * sheet.unit]
    first = min(below, key=lambda key: key.box.y0, default=None)
    if first is None or abs(first.box.x0 - title.first.box.x0) > _INDENT * sheet.unit:
        return 0.0
    return 2.0 if first.label in _OF_GOODS or any(key.label is Label.CARD_SECRET for key in below) else 0.0


def _under_record(sheet: Sheet, title: Title) -> bool:
    record = [key.box.y0 for key in sheet.keys if key.label in _OF_ORDERS]
    return len(record) >= 2 and title.first.box.y0 > max(record)


def _leads_to_shop(sheet: Sheet, first: Segment) -> bool:
    """With an arrow behind it, or with a way to the seller at the end of its row."""
    if first.text.endswith((">", "›")):
        return True
    return any(
        same_row(one.box, first.box)
        and one.box.x0 > first.box.x1
        and _OF_A_SHOP.fullmatch(compact(one.text).strip(">"))
        for one in sheet.segments
    )


def _is_bare_word(text: str) -> bool:
    """One Latin word names an app or a place sooner than goods: CardHub, Asia."""
    return re.fullmatch(r"[A-Za-z]{2,14}\.?", text) is not None


def _crowded(sheet: Sheet, title: Title) -> bool:
    """One of three or more pieces of text side by side: navigation, tabs or the head of a table."""
    if title.first.box.width > _LONG_WORD * title.first.box.height:
        return False
    row = [one for one in sheet.segments if same_row(one.box, title.first.box)]
    return len(row) >= 3 and not any(parse_amount(one.text) for one in row)


def _in_a_picture(sheet: Sheet, one: Candidate, found: Sequence[Candidate]) -> Candidate:
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


def _same_card(sheet: Sheet, one: Title, other: Title) -> bool:
    """Two titles so near each other that they belong to one card."""
    gap = max(one.first.box.y0 - other.bottom, other.first.box.y0 - one.bottom)
    return gap <= 2.5 * sheet.unit and overlap_x(one.first.box, other.first.box) > 0
