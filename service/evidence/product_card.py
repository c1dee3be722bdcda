"""The title on a product card: the text that goes with a price or a quantity."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.evidence.amounts import parse_amount
from service.evidence.normalise import compact, is_cjk
from service.evidence.segments import Segment, overlap_x, same_row
from service.evidence.sheet import Sheet
from service.evidence.values import joined
from service.evidence.vocabulary import (
    is_button,
    is_delivery_title,
    is_list_title,
    is_order_title,
    is_payment_title,
    is_tab_word,
    status_text,
)

_QUANTITY = re.compile(r"[x×X*]\s*\d{1,3}|数量[:：]?\s*[x×]?\d{1,3}|共\d+件.*|qty:?\d+", re.IGNORECASE)
# How far above its price or quantity a card's title may start, in line heights.
_CARD_HEIGHT = 7.0
# A title breaks where its line is full: so near its column's end, in line heights; a Latin word may break earlier.
_FULL, _FULL_LATIN = 2.0, 3.5
_PERSON_OR_PLACE = re.compile(r"1\d{2}[\d*]{8}|[省市区县].{0,12}[路街道号村校室栋]|收货|地址|^\d{1,2}:\d{2}")


def titles(sheet: Sheet) -> list[list[Segment]]:
    """Title lines of every card on the page, from top to bottom."""
    anchors = [one for one in sheet.free if _is_anchor(sheet, one)]
    found: list[list[Segment]] = []
    used: set[int] = set()
    for anchor in sorted(anchors, key=lambda one: one.center_y):
        first = _title_line(sheet, anchor)
        if first is None or first.line in used:
            continue
        pieces = _wrapped(sheet, first)
        used.update(piece.line for piece in pieces)
        found.append(pieces)
    return found


def joined_title(pieces: Sequence[Segment]) -> str:
    text = joined(pieces)
    return re.sub(r"^(?:\[?(?:自营|官方|正品|旗舰)\]?\s)", "", text)


def _is_anchor(sheet: Sheet, segment: Segment) -> bool:
    """A quantity, or a price that is no key's value."""
    if sheet.owner(segment) is not None:
        return False
    if _QUANTITY.fullmatch(segment.text):
        return True
    amount = parse_amount(segment.text)
    return amount is not None and amount.currency is not None and segment.box.height < 2.2 * sheet.unit


def _title_line(sheet: Sheet, anchor: Segment) -> Segment | None:
    """The topmost line of the card's text: in the anchor's row or above it, left of it, no gap in between."""
    candidates = [
        one
        for one in sheet.free
        if _is_title_text(one.text)
        and sheet.owner(one) is None
        and one is not anchor
        and one.box.x0 <= anchor.box.x0 + sheet.unit
        and -0.6 * sheet.unit <= anchor.center_y - one.center_y <= _CARD_HEIGHT * sheet.unit
    ]
    floor = max((key.box.y0 for key in sheet.keys if key.box.y1 <= anchor.center_y), default=sheet.bounds.y0 - 1)
    candidates = sorted((one for one in candidates if one.center_y > floor), key=lambda one: -one.center_y)
    column: list[Segment] = []
    for one in candidates:
        if not column:
            if anchor.box.y0 - one.box.y1 <= 2.6 * sheet.unit:
                column = [one]
        elif _same_column(one, column[-1], sheet.unit):
            column.append(one)
        elif not same_row(one.box, column[-1].box):
            break
    if not column:
        return None
    return column[-1]


def _same_column(upper: Segment, lower: Segment, unit: float) -> bool:
    near = lower.box.y0 - upper.box.y1 <= 1.6 * unit
    return near and abs(upper.box.x0 - lower.box.x0) <= 0.9 * unit and upper.box.height >= 0.8 * lower.box.height


def _wrapped(sheet: Sheet, first: Segment) -> list[Segment]:
    pieces = [first]
    while len(pieces) < 4:
        last = pieces[-1]
        if _column_end(sheet, last) - last.box.x1 > (_FULL if is_cjk(last.text[-1]) else _FULL_LATIN) * last.box.height:
            break
        following = [
            one
            for one in sheet.free
            if 0.6 * last.box.height < one.center_y - last.center_y <= 1.7 * last.box.height
            and abs(one.box.x0 - first.box.x0) <= 0.6 * last.box.height
            and 0.75 <= one.box.height / last.box.height <= 1.33
            and sheet.owner(one) is None
            and parse_amount(one.text) is None
            and not _QUANTITY.fullmatch(one.text)
        ]
        if not following:
            break
        pieces.append(following[0])
    return pieces


def _column_end(sheet: Sheet, line: Segment) -> float:
    """Where the text column ends: at the price beside it, or with the page's text."""
    beside = [
        one.box.x0
        for one in sheet.segments
        if one.box.x0 > line.box.x1
        and abs(one.center_y - line.center_y) <= 3 * sheet.unit
        and (parse_amount(one.text) is not None or _QUANTITY.fullmatch(one.text))
        and overlap_x(one.box, line.box) <= 0
    ]
    return min(beside) - 0.5 * sheet.unit if beside else sheet.bounds.x1


def _is_title_text(text: str) -> bool:
    form = compact(text)
    letters = sum(is_cjk(character) or character.isalpha() for character in form)
    return (
        letters >= 2
        and letters >= 0.3 * len(form)
        and not (status_text(text) or is_button(text) or is_tab_word(text))
        and not (is_order_title(text) or is_payment_title(text) or is_list_title(text) or is_delivery_title(text))
        and not _PERSON_OR_PLACE.search(text)
        and parse_amount(text) is None
        and not _QUANTITY.fullmatch(text)
    )
