"""Whether a page shows one order or several."""

from __future__ import annotations

import re

from service.evidence.label_grammar import RANK_OF_GRAMMAR
from service.evidence.lexicon import Label
from service.evidence.normalise import compact
from service.evidence.order_cards import body_of
from service.evidence.order_grid import columns_of
from service.evidence.order_table import cards_alike, entries, unheaded
from service.evidence.segments import Segment, same_row
from service.evidence.sheet import Key, Sheet
from service.evidence.times import is_moment
from service.evidence.values import Value, find_amount, find_identifier
from service.evidence.vocabulary import is_button, is_tab_word, status_text

# So many words for states side by side are tabs to choose from.
_FEWEST_TABS = 3


def several_orders(sheet: Sheet) -> bool:
    """More than one order number under the same word or in one column, or several paid amounts."""
    by_word: dict[int | str, set[str]] = {}
    for key in sheet.keys_of(Label.ORDER_NUMBER):
        value = find_identifier(sheet, key)
        if value:
            rank = key.hit.rank
            word = rank if rank < RANK_OF_GRAMMAR else compact(key.piece.text)
            numbers = by_word.setdefault(word, set())
            numbers.add(value.value)
            numbers.update(_column_below(sheet, key, value))
    if any(len(numbers) > 1 for numbers in by_word.values()):
        return True
    if _paid_amounts(sheet) > 1 or _dated_sums(sheet) > 1 or unheaded(sheet) or entries(sheet) or cards_alike(sheet):
        return True
    return bool(columns_of(sheet, body_of(sheet)))


def shows_one_order(sheet: Sheet) -> bool:
    """One order number on the page, and not more than one state outside tabs and steps."""
    keys = sheet.keys_of(Label.ORDER_NUMBER)
    numbers = {value.value for value in (find_identifier(sheet, key) for key in keys) if value}
    states = [
        one
        for row in sheet.rows
        if sum(bool(status_text(one.text)) or is_tab_word(one.text) for one in row) < _FEWEST_TABS
        for one in row
        if status_text(one.text)
    ]
    return len(numbers) == 1 and len(states) <= 1


def _paid_amounts(sheet: Sheet) -> int:
    """How often what was paid is said in the same words: cards of a list say it once each."""
    found: dict[tuple[str, str], list[float]] = {}
    for key in sheet.keys_of(Label.PAID):
        value = find_amount(sheet, key)
        places = found.setdefault((compact(key.piece.text).strip(":"), value.how if value else ""), [])
        if value and all(abs(key.piece.center_y - other) > 4 * sheet.unit for other in places):
            places.append(key.piece.center_y)
    return max(map(len, found.values()), default=0)


def _dated_sums(sheet: Sheet) -> int:
    """How many rows hold a moment and what an order came to, flush with each other: each heads an order of its own."""
    heads = []
    for key in sheet.keys_of(Label.TOTAL, Label.ORDER_TOTAL, Label.PAID):
        row = [one for one in sheet.segments if one is not key.piece and same_row(one.box, key.box)]
        moments = [one for one in row if is_moment(one.text) and one.box.x1 <= key.box.x0]
        if len(moments) == 1 and find_amount(sheet, key):
            heads.append(moments[0])
    return max((sum(abs(one.box.x0 - first.box.x0) <= sheet.unit for one in heads) for first in heads), default=0)


def _column_below(sheet: Sheet, key: Key, value: Value[str]) -> set[str]:
    """Further numbers of a table's column: whole numbers of like length under the first, row by row.

    A table's header has other columns beside it, or the column holds nothing but numbers; on a page of labels over
    their values the next label stands between.
    """
    if value.how != "below":
        return set()
    first = value.pieces[0]
    used = {piece.line for piece in value.pieces}
    column = [
        one
        for one in sheet.free
        if one.line not in used
        and one.box.y0 > first.box.y1
        and abs(one.box.x0 - first.box.x0) <= sheet.unit
        and sheet.owner(one) is None
        and sheet.heads_column(key, one)
    ]
    headed = any(one is not key.piece and same_row(one.box, key.box) for one in sheet.segments)
    numbers: set[str] = set()
    for one in column:
        text = re.sub(r"(?<=\d)\s(?=\d)", "", one.text)
        if re.fullmatch(r"(?=.*\d)[A-Za-z0-9-]{8,}", text) and not is_moment(one.text):
            numbers.add(text)
        elif not re.fullmatch(r"[\d\W]+", text) and not (headed and _in_a_cell(one)):
            break
    return numbers


def _in_a_cell(one: Segment) -> bool:
    """What a table's column of numbers may hold besides them; any other word names what stands under it."""
    return is_button(one.text) or any(character.isdigit() for character in one.text)
