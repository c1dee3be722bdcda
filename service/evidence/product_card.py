"""The product's name where no key stands before it: on a product card, or as a record's headline."""

from __future__ import annotations

import re

from service.evidence.amounts import parse_amount
from service.evidence.lexicon import VALUE_KIND, Label, ValueKind
from service.evidence.normalise import compact, is_cjk
from service.evidence.segments import Segment, overlap_x, same_row
from service.evidence.sheet import Key, Sheet
from service.evidence.times import is_moment
from service.evidence.vocabulary import (
    is_button,
    is_delivery_title,
    is_list_title,
    is_message_sender,
    is_order_title,
    is_payment_title,
    is_result_title,
    is_tab_word,
    names_goods,
    status_text,
)

_QUANTITY = re.compile(r"[x×X*]\s*\d{1,3}|数量[:：]?\s*[x×]?\d{1,3}|共\d+件.*|qty:?\d+", re.IGNORECASE)
_ENDS_IN_QUANTITY = re.compile(r"(?:^|\D)[x×X*]\s*\d{1,3}$")
# A card's title stands at most this far above its price or quantity, and as far below at most, in line heights.
_CARD_ABOVE, _CARD_BELOW = 7.0, 0.6
# A title breaks where its line is full: so near its column's end, in line heights; a Latin word may break earlier.
# Beside a price there is padding besides.
_FULL, _FULL_BESIDE_PRICE, _FULL_LATIN = 2.0, 3.0, 4.0
_MOST_LINES = 4
# A cost's name is no longer than this; titles mostly are.
_LONGEST_COST = 6
_NAMES_A_PAGE = re.compile(
    r"(?:我的)?.{0,4}(?:详情|中心|列表|管理|明细|订单|记录|专区|套餐|权益)|(?:my)?(?:orders?|details|history|benefits)"
)
_RECOMMENDED = re.compile(
    r"(?:你可能还?喜欢|猜你喜欢|为你推荐|为您推荐|热门推荐|推荐商品|相关推荐|看了又看|更多推荐|大家都在买|店铺推荐|精选推荐|"
    r"youmay(?:also)?like|recommended(?:foryou)?|customersalso\w+|relateditems|morelikethis)"
)
# Lines of one title follow each other within this many of their heights.
_PITCH = 1.65
_LONGEST_TITLE = 90
# Keys that stand on a card rather than in the record.
_COUNT_KEY = re.compile(r"(?:购买|商品)?数量|单价|价格|售价|quantity|qty|price|unitprice")
_PERSON_OR_PLACE = re.compile(
    r"1\d{2}[\d*]{8}|[省市区县].{0,12}[路街道号村校室栋]|收货|地址|^\d{1,2}:\d{2}|20\d{2}[-/.年]\d"
)
# A shop's name under a title is set like a title's second line.
_SHOP = re.compile(
    r".{2,10}(?:店|旗舰店|专营|商城|商行|超市|铺|会员站|数码|网络|科技|点卡|工作室)|.{1,24}(?:Store|Shop|Digital|Official)"
)
# Keys of a record's body: a headline stands above all of them.
_RECORD = {label for label, kind in VALUE_KIND.items() if kind in (ValueKind.AMOUNT, ValueKind.TIME)} | {
    Label.ORDER_NUMBER,
    Label.TRADE_NUMBER,
    Label.MERCHANT_NUMBER,
    Label.PAYMENT_METHOD,
    Label.RECHARGED_ACCOUNT,
    Label.PHONE,
}
_COST = re.compile(r"(?:费|价|金额|price|fee|tax|cost|total)$", re.IGNORECASE)
_SENTENCE = re.compile(
    r"[。！!?？]$|[,，].*[,，。]|请|如有|您的|感谢|欢迎|^(?:温馨提示|注意|说明)|客服|"
    r"[a-z] [a-z]+ [a-z]+ [a-z]+ [a-z]+\b"
)


def titles(sheet: Sheet) -> list[list[Segment]]:
    """Title lines of every card on the page, from top to bottom; a record's headline where there is no card."""
    found: list[list[Segment]] = []
    used: set[int] = set()
    anchors = _outside_grids(sheet, [one for one in sheet.free if _is_anchor(sheet, one)])
    anchors += [key.piece for key in sheet.keys if _COUNT_KEY.match(compact(key.piece.text)) and _has_value(sheet, key)]
    for anchor in sorted(anchors, key=lambda one: one.center_y):
        first = _title_line(sheet, anchor)
        if first is None or first.line in used:
            continue
        pieces = _wrapped(sheet, first)
        used.update(piece.line for piece in pieces)
        if not any(_same_card(sheet, pieces[0], other[0]) for other in found):
            found.append(pieces)
    return _telling(found) or _headline(sheet)


def priced_lines(sheet: Sheet) -> list[list[Segment]]:
    """Titles with their price at the right end of the same row: the items of a receipt, which has a total too."""
    if not sheet.keys_of(Label.TOTAL, Label.GOODS_TOTAL, Label.PAID, Label.ORDER_TOTAL):
        return []
    found = []
    for anchor in _outside_grids(sheet, [one for one in sheet.free if _is_anchor(sheet, one)]):
        row = [
            one
            for one in sheet.free
            if one is not anchor
            and same_row(one.box, anchor.box)
            and one.box.x1 <= anchor.box.x0
            and is_title_text(one.text)
            and sheet.owner(one) is None
        ]
        if row and parse_amount(anchor.text) is not None:
            found.append([max(row, key=lambda one: one.box.width)])
    return _telling(found)


def _outside_grids(sheet: Sheet, anchors: list[Segment]) -> list[Segment]:
    """Without prices side by side, each under a heading of its own: plans to choose from, of which none was bought."""
    priced = [one for one in anchors if parse_amount(one.text) is not None]
    in_grid: set[int] = set()
    for one in priced:
        row = [other for other in priced if same_row(one.box, other.box)]
        headed = [other for other in row if _heading_over(sheet, other)]
        if len(headed) >= 2:
            in_grid.update(id(other) for other in row)
    return [one for one in anchors if id(one) not in in_grid]


def _heading_over(sheet: Sheet, price: Segment) -> bool:
    return any(
        0 < price.center_y - one.center_y <= 6 * sheet.unit
        and abs(one.center_x - price.center_x) <= max(one.box.width, price.box.width) / 2
        and one.box.width <= 0.3 * sheet.bounds.width
        and any(map(str.isalpha, one.text))
        for one in sheet.free
    )


def _telling(found: list[list[Segment]]) -> list[list[Segment]]:
    """Of several candidates those that name goods: a shop or a service beside a price is no card."""
    if len(found) < 2:
        return found
    found = [pieces for pieces in found if not _SHOP.fullmatch(pieces[0].text)] or found
    goods = [pieces for pieces in found if names_goods(pieces[0].text)]
    return goods or found


def _has_value(sheet: Sheet, key: Key) -> bool:
    return key.inline is not None or bool(sheet.right_of(key))


def _same_card(sheet: Sheet, one: Segment, other: Segment) -> bool:
    """Two lines so near each other that they belong to one card: its title is the upper."""
    return abs(one.center_y - other.center_y) <= 2.5 * sheet.unit and overlap_x(one.box, other.box) > 0


def _is_anchor(sheet: Sheet, segment: Segment) -> bool:
    """A quantity, or a price that is no key's value, no discount and no part of what else the shop would sell."""
    if sheet.owner(segment) is not None or segment.center_y > _end_of_record(sheet) or _in_cost_row(sheet, segment):
        return False
    if _QUANTITY.fullmatch(segment.text):
        return True
    amount = parse_amount(segment.text)
    priced = amount is not None and amount.currency is not None and amount.sign == 0
    return priced and segment.box.height < 2.2 * sheet.unit


def _end_of_record(sheet: Sheet) -> float:
    """Where recommendations of other goods begin."""
    starts = [one.box.y0 for one in sheet.free if _RECOMMENDED.fullmatch(compact(one.text))]
    return min(starts, default=sheet.bounds.y1)


def _in_cost_row(sheet: Sheet, segment: Segment) -> bool:
    """A short word at the left and an amount at the right edge, right above or below another such row."""
    labels = [one for one in sheet.free if same_row(one.box, segment.box) and one.box.x1 < segment.box.x0]
    if len(labels) != 1 or len(labels[0].text) > _LONGEST_COST or parse_amount(segment.text) is None:
        return False
    return any(
        VALUE_KIND[key.label] is ValueKind.AMOUNT
        and abs(key.box.x0 - labels[0].box.x0) <= sheet.unit
        and abs(key.piece.center_y - segment.center_y) <= 4 * sheet.unit
        and any(abs(one.box.x1 - segment.box.x1) <= sheet.unit for one in sheet.right_of(key))
        for key in sheet.keys
    )


def _title_line(sheet: Sheet, anchor: Segment) -> Segment | None:
    """The first line of the card's text column: left of or above the anchor, the column with the longest line."""
    record = [key for key in sheet.keys if key.label in _RECORD and not _COUNT_KEY.match(compact(key.piece.text))]
    floor = max((key.box.y1 for key in record if key.box.y1 <= anchor.box.y0), default=sheet.bounds.y0 - 1)
    texts = [
        one
        for one in sheet.free
        if one is not anchor
        and is_title_text(one.text)
        and sheet.owner(one) is None
        and one.center_y > floor
        and one.box.x0 <= anchor.box.x0 + sheet.unit
        and -_CARD_BELOW * sheet.unit <= anchor.center_y - one.center_y <= _CARD_ABOVE * sheet.unit
    ]
    if not texts:
        return None
    longest = max(texts, key=lambda one: (names_goods(one.text), one.box.width))
    column = [one for one in texts if abs(one.box.x0 - longest.box.x0) <= 0.9 * sheet.unit]
    first = longest
    for one in sorted(column, key=lambda other: -other.center_y):
        if one.center_y < first.center_y and _reads_on(one, first) and not _SHOP.fullmatch(one.text):
            first = one
    return first


def _reads_on(upper: Segment, lower: Segment) -> bool:
    near = lower.box.y0 - upper.box.y1 <= 1.2 * lower.box.height
    return near and upper.box.height >= 0.75 * lower.box.height


def _wrapped(sheet: Sheet, first: Segment) -> list[Segment]:
    pieces = [first]
    while len(pieces) < _MOST_LINES:
        last = pieces[-1]
        end, priced = _column_end(sheet, first)
        slack = (_FULL_BESIDE_PRICE if priced else _FULL) if is_cjk(last.text[-1]) else _FULL_LATIN
        if len(pieces) > 1:  # the first full line has shown where the column really ends
            end, slack = max(piece.box.x1 for piece in pieces[:-1]), _FULL_LATIN if not is_cjk(last.text[-1]) else 1.2
        if end - last.box.x1 > slack * last.box.height:
            break
        following = [
            one
            for one in sheet.free
            if 0.6 * last.box.height < one.center_y - last.center_y <= _PITCH * last.box.height
            and abs(one.box.x0 - first.box.x0) <= 0.6 * last.box.height
            and 0.75 <= one.box.height / last.box.height <= 1.33
            and sheet.owner(one) is None
            and (parse_amount(one.text) is None or (priced and one.text.strip("$¥€£").isdigit()))
            and not _ENDS_IN_QUANTITY.search(one.text)
            and status_text(one.text) is None
        ]
        if not following or _SHOP.fullmatch(following[0].text):
            break
        pieces.append(following[0])
    return pieces


def _column_end(sheet: Sheet, line: Segment) -> tuple[float, bool]:
    """Where the text column ends, and whether that is at a price beside it rather than with the page's text."""
    beside = [
        one.box.x0
        for one in sheet.segments
        if one.box.x0 >= line.box.x1
        and abs(one.center_y - line.center_y) <= 3 * sheet.unit
        and (parse_amount(one.text) is not None or _QUANTITY.fullmatch(one.text))
        and overlap_x(one.box, line.box) <= 0
    ]
    return (min(beside) - 0.5 * sheet.unit, True) if beside else (sheet.bounds.x1, False)


def _headline(sheet: Sheet) -> list[list[Segment]]:
    """The one line over the record's keys that names goods, or is set larger than anything but titles."""
    floor = min((key.box.y0 for key in sheet.keys if key.label in _RECORD), default=0.0)
    above = [
        one
        for one in sheet.free
        if one.box.y1 <= floor + 0.3 * sheet.unit and sheet.owner(one) is None and is_title_text(one.text)
    ]
    lines = [
        one
        for one in above
        if not any(
            same_row(one.box, other.box) and other.box.width > 3 * sheet.unit
            for other in sheet.free
            if other is not one
        )
    ]
    goods = [one for one in lines if names_goods(one.text) and len(compact(one.text)) >= 4]
    top = sheet.bounds.y0 + 5 * sheet.unit
    named = goods or [one for one in lines if one.box.height >= 1.25 * sheet.unit and one.center_y > top]
    starts = [
        one for one in named if not any(_reads_on(other, one) and other.center_y < one.center_y for other in named)
    ]
    if len(starts) > 1:
        starts = [one for one in starts if not _in_title_bar(sheet, one)]
    return [_wrapped(sheet, starts[0])] if len(starts) == 1 else []


def _in_title_bar(sheet: Sheet, segment: Segment) -> bool:
    """In the page's first row of text, the phone's own status bar aside."""
    for row in sheet.rows:
        if not any(re.search(r"^\d{1,2}:\d{2}$|\d%$|[45]G|LTE|WiFi", one.text) for one in row):
            return any(one is segment for one in row)
    return False


def is_title_text(text: str) -> bool:
    """Text that may name a product: not a state, button, title, price, person, place or sentence."""
    form = compact(text)
    letters = sum(is_cjk(character) or character.isalpha() for character in form)
    return (
        (letters >= 4 or (any(map(is_cjk, form)) and letters >= 2))
        and letters >= 0.3 * len(form)
        and len(text) <= _LONGEST_TITLE
        and not _is_page_word(text)
        and not _PERSON_OR_PLACE.search(text)
        and not _SENTENCE.search(text)
        and not _COST.search(text)
        and parse_amount(text) is None
        and not is_moment(text)
        and not _NAMES_A_PAGE.fullmatch(form)
        and not _QUANTITY.fullmatch(text)
    )


def _is_page_word(text: str) -> bool:
    return status_text(text) is not None or any(test(text) for test in _PAGE_WORDS)


_PAGE_WORDS = (
    is_button,
    is_tab_word,
    is_order_title,
    is_payment_title,
    is_list_title,
    is_delivery_title,
    is_result_title,
    is_message_sender,
)
