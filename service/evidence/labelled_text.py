"""Text fields as their key or their place gives them."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from service.domain.evidence import Field, FieldName
from service.evidence.lexicon import Label
from service.evidence.normalise import compact
from service.evidence.segments import Segment, same_row
from service.evidence.sheet import Key, Sheet
from service.evidence.text_values import find_text
from service.evidence.title_words import names_a_page
from service.evidence.values import Value
from service.evidence.vocabulary import (
    is_button,
    is_delivery_title,
    is_list_title,
    is_order_title,
    is_payment_title,
)

# Found without a key, by position and wording alone.
UNLABELLED = 0.9
# Found so, with something else on the page that may be meant as well.
UNSURE = 0.75
_STATUS_BAR = re.compile(r"^\d{1,2}:\d{2}|\d%$|[45]G|LTE|WiFi")
_FEWEST_ROWS = 6
_FEWEST_WORDS, _FEW_ABOVE = 2, 6


def labelled_text(
    sheet: Sheet,
    name: FieldName,
    label: Label,
    *,
    accept: Callable[[str], bool] = bool,
    wraps: bool = False,
    keys: re.Pattern[str] | None = None,
) -> Field | None:
    """The value under the plainest word of the label; none where that word stands before two different ones.

    ``keys``: only words of the label that match it.
    """
    values: list[tuple[Key, Value[str]]] = []
    for key in sheet.keys_of(label):
        if keys and not keys.match(compact(key.piece.text)):
            continue
        value = find_text(sheet, key, accept, wraps=wraps)
        if (
            value
            and not (value.how == "below" and in_title_bar(sheet, key.piece))
            and not _leads_away(sheet, key, value)
            and not _navigates(sheet, key, value)
        ):
            values.append((key, value))
    if not values:
        return None
    rank = min(key.hit.rank for key, _ in values)
    best = [pair for pair in values if pair[0].hit.rank == rank]
    if len({value.value for _, value in best}) != 1:
        return None
    key, value = best[0]
    return _field(name, value, f"{key.label.value} {value.how}")


def _leads_away(sheet: Sheet, key: Key, value: Value[str]) -> bool:
    """What a title bar has at its right end is a way to another page: 支付结果 … 充值记录, Result … Done."""
    return (
        value.how == "right"
        and not key.hit.colon
        and (names_a_page(value.text) or is_button(value.text) or is_title(value.text))
        and in_title_bar(sheet, key.piece)
    )


def _navigates(sheet: Sheet, key: Key, value: Value[str]) -> bool:
    """购买商品 订单查询 使用教程 over a page lead elsewhere: words side by side, none of them a value."""
    if value.how != "right" or len(value.pieces) < _FEWEST_WORDS or any(map(str.isdigit, value.text)):
        return False
    row = [one for one in sheet.segments if same_row(one.box, key.box)]
    top = sum(one.box.y1 < key.box.y0 for one in sheet.segments) <= _FEW_ABOVE
    beside = all(same_row(one.box, other.box) for one, other in pairwise(value.pieces))
    return top and len(row) > _FEWEST_WORDS and beside


def in_title_bar(sheet: Sheet, segment: Segment) -> bool:
    """In the page's first row of text, the phone's own status bar aside: a page's title is no key."""
    for row in sheet.rows:
        icons = all(len(one.text) <= 1 for one in row)
        if not icons and not any(_STATUS_BAR.search(one.text) for one in row):
            return len(sheet.rows) > _FEWEST_ROWS and any(one.line == segment.line for one in row)
    return False


def _field(name: FieldName, value: Value[str], rule: str) -> Field:
    return Field(name=name, value=value.value, text=value.text, score=value.score, box=value.box, rule=rule)


def unlabelled_text(name: FieldName, segment: Segment, value: str, rule: str) -> Field:
    score = round(segment.score * UNLABELLED, 4)
    return Field(name=name, value=value, text=segment.text, score=score, box=segment.box, rule=rule)


def is_title(text: str) -> bool:
    return is_payment_title(text) or is_order_title(text) or is_list_title(text) or is_delivery_title(text)
