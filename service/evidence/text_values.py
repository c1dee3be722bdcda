"""The text of a key, with the further lines it wraps to: beside the key, under it, or from the page's left edge on."""

from __future__ import annotations

import re
from collections.abc import Callable

from service.evidence.labels import glued_hit
from service.evidence.lexicon import Label
from service.evidence.normalise import is_cjk
from service.evidence.segments import Segment, aligned, overlap_x, same_row
from service.evidence.sheet import Key, Sheet
from service.evidence.title_words import names_columns, tells_of_renewal
from service.evidence.values import Value, is_word, joined, one_phrase, tidy

MOST_LINES = 4
# Lines of one text follow each other within this many of their heights, and are of one size.
_PITCH = 1.62
# The detector draws a short line's box higher than a long one's of the same size.
_OTHER_SIZE_OF_ONE = 2.0  # a character alone is boxed with much air
_OTHER_SIZE, _OTHER_SIZE_IF_FULL, _OTHER_SIZE_IF_SHORT, _SHORT = 1.25, 1.35, 1.6, 4
# Lines of one text stand no further apart than from what follows, slack for the detector's boxes aside.
_NEARER = 1.06
# A line is full if what begins the next one would not have fitted, within this many line heights.
_SLACK = 1.2
# A value that wraps takes up at least this share of the room beside its key.
_LEAST_FULL = 0.4
_FEWEST_VALUES = 2
# A key between two lines of its value stands so near their middle, in line heights.
_HALFWAY = 0.35
# What is so much higher than the key is a stamp or a watermark across its row.
_STAMP = 2.4
_OPENING = frozenset("(（[【")
_OPEN = re.compile(r"[(（\[【][^)）\]】]*$")
_ENDS_A_BRACKET = re.compile(r"\w?[)）\]】]")
_CLOSING = frozenset(")）]】》」”")


def find_text(
    sheet: Sheet, key: Key, accept: Callable[[str], bool] = bool, *, wraps: bool = False
) -> Value[str] | None:
    """Free text of a key: inline, else beside it, else the nearest line below; ``wraps``: with its further lines."""
    how, pieces = _first_pieces(sheet, key)
    if not pieces:
        return None
    if wraps:
        pieces = with_wrapped_lines(sheet, key, pieces, how)
    text = tidy(joined(pieces))
    return Value(text, tuple(pieces), how, key.hit.sureness) if text and accept(text) else None


def _first_pieces(sheet: Sheet, key: Key) -> tuple[str, list[Segment]]:
    if key.inline and is_word(key.inline.text):
        return "inline", [key.inline]
    right = [
        one
        for one in sheet.right_of(key)
        if is_word(one.text) and one.box.height <= _STAMP * key.box.height and not names_columns(one.text)
    ]
    if right:
        row = [one for one in right if same_row(one.box, key.box)]
        if row:
            return "right", row if one_phrase(row, sheet.unit) else row[:1]
        return "right", right if one_phrase(right, sheet.unit) else right[:1]
    below = [one for one in sheet.below(key) if is_word(one.text) and one.box.y0 - key.box.y1 <= 2 * sheet.unit]
    return "below", below[:1]


def with_wrapped_lines(sheet: Sheet, key: Key, pieces: list[Segment], how: str) -> list[Segment]:
    """``pieces`` with the lines that read on below them, and above them where the key stands in the middle."""
    found = list(pieces)
    while len(found) < MOST_LINES:
        following = _next_line(sheet, key, found, how)
        if following is None:
            break
        found.append(following)
    if how == "right" and len(found) < MOST_LINES:
        upper = _line_above(sheet, key, found) if len(found) > 1 else _upper_half(sheet, key, found[0])
        return [upper, *found] if upper else found
    return found


def _next_line(sheet: Sheet, key: Key, found: list[Segment], how: str) -> Segment | None:
    last, first = found[-1], found[0]
    lines = [
        one
        for one in sheet.free
        if one.line not in {piece.line for piece in found}
        and 0.5 * last.box.height < one.center_y - last.center_y <= _PITCH * max(last.box.height, one.box.height)
        and (of_one_size(last, one) or _fills_its_row(sheet, key, last, one))
        and sheet.owner(one) in (None, key)
        and (_in_column(one, first, last) or (_flows(key, first, how) and _from_the_edge(one, key)))
        and not (how == "right" and _has_a_head(sheet, key, one))
    ]
    if not lines:
        return None
    following = min(lines, key=lambda one: one.center_y)
    named = glued_hit(following.text) if key.label is Label.PAYMENT_METHOD else None
    if named and named.label is not Label.PAYMENT_METHOD:
        return None  # 微信支付 / 账单抬头满集: the next fact, run together with its name
    if key.label is Label.PRODUCT and tells_of_renewal(following.text):
        return None  # 自动续订，可随时取消 in small print under what was subscribed to
    if is_number_of_its_own(following.text) and not _OPEN.search("".join(one.text for one in found)):
        return None
    ends = following.text in _CLOSING or (_ENDS_A_BRACKET.fullmatch(following.text) and _OPEN.search(found[-1].text))
    if not (is_word(following.text) or ends) or not _was_full(sheet, key, found, following, how):
        return None
    return following if _nearer_above(sheet, last, following) else None


def _fills_its_row(sheet: Sheet, key: Key, last: Segment, one: Segment) -> bool:
    """A line from its key on, or up to the page's edge, had to break: its box may differ more from what follows."""
    low, high = sorted((one.box.height, last.box.height))
    room = min(last.box.x0 - key.box.x1, sheet.bounds.x1 - last.box.x1)
    return high <= _OTHER_SIZE_IF_FULL * low and room <= 1.5 * last.box.height


def is_number_of_its_own(text: str) -> bool:
    """The bar code, the serial number or the phone's number that is printed under a name."""
    return _BAR_CODE.fullmatch(text.strip()) is not None or is_phone(text)


def is_phone(text: str) -> bool:
    """A mobile's number and nothing else, in groups or with its middle hidden: 138 0013 8000, 138****8000."""
    return _PHONE.fullmatch(text.strip()) is not None


_BAR_CODE = re.compile(r"\d{8,14}(?:\s*\d*\s*[x×X*@].*)?")
_PHONE = re.compile(r"(?:\+?86[ -]?)?1[3-9]\d[ -]?(?:\d{4}[ -]?|[*•●＊xX×]{2,6}[ -]?)\d{4}")


def _has_a_head(sheet: Sheet, key: Key, one: Segment) -> bool:
    """What stands beside a word in the keys' column belongs to that word, though it is no key known here: 件数 1."""
    return any(
        abs(other.box.x0 - key.box.x0) <= 0.5 * key.box.height
        and other.box.x1 < one.box.x0
        and other.center_y > key.box.y1
        and same_row(other.box, one.box)
        and of_one_size(other, key.piece)
        for other in sheet.free
    )


def of_one_size(one: Segment, other: Segment) -> bool:
    """Whether two lines may be set in one size, going by their boxes."""
    low, high = sorted((one.box.height, other.box.height))
    fewest = min(len(one.text), len(other.text))
    if fewest == 1 and any(is_cjk(text) for text in (one.text, other.text) if len(text) == 1):
        return high <= _OTHER_SIZE_OF_ONE * low
    short = fewest <= _SHORT
    return high <= (_OTHER_SIZE_IF_SHORT if short else _OTHER_SIZE) * low


def _in_column(one: Segment, first: Segment, last: Segment) -> bool:
    height = last.box.height
    return (
        abs(one.box.x0 - first.box.x0) <= 0.8 * height
        or abs(one.box.x1 - last.box.x1) <= 0.6 * height
        or abs(one.center_x - last.center_x) <= 0.4 * height
    )


def _flows(key: Key, first: Segment, how: str) -> bool:
    """Whether the value runs on from its key as one text."""
    return how == "inline" or (how == "right" and first.box.x0 - key.box.x1 <= 1.5 * key.box.height)


def _from_the_edge(one: Segment, key: Key) -> bool:
    # A bullet before the key may begin the line.
    return -1.8 * key.box.height <= one.box.x0 - key.box.x0 <= 0.8 * key.box.height


def _was_full(sheet: Sheet, key: Key, found: list[Segment], following: Segment, how: str) -> bool:
    """No line is much longer than the one before it, and one that goes on at the page's left edge had no room left."""
    last = found[-1]
    if following.text[0] in _OPENING or _OPEN.search("".join(one.text for one in found)):
        return True
    room = first_word_width(following) + _SLACK * last.box.height
    if len(found) > 1 and max(one.box.width for one in found[:-1]) - last.box.width > room:
        return False
    if how == "inline" or not _in_column(following, found[0], last):
        return sheet.bounds.x1 - last.box.x1 <= room + 2.0 * last.box.height
    if following.box.width > last.box.width + room:
        return False
    if how != "right":
        return True
    widest = _widest_in_column(sheet, key, found, following)
    if widest is not None:
        return widest - last.box.width <= room + _SLACK * last.box.height
    beside = any(one.box.x0 > last.box.x1 and same_row(one.box, last.box) for one in sheet.segments)
    return beside or last.box.width >= _LEAST_FULL * (sheet.bounds.x1 - key.box.x1)


def _widest_in_column(sheet: Sheet, key: Key, found: list[Segment], following: Segment) -> float | None:
    """The widest of at least two other values that begin, or end, where this one does; None without them.

    What begins in the keys' column is a notice over the page's width and no value.
    """
    first, height = found[0], found[-1].box.height
    mine = {one.line for one in (*found, following)}
    others = [
        one
        for one in sheet.free
        if one.line not in mine and of_one_size(one, found[-1]) and one.box.x0 >= key.box.x1 - height
    ]
    begin = [one for one in others if abs(one.box.x0 - first.box.x0) <= 0.5 * height]
    end = [one for one in others if abs(one.box.x1 - first.box.x1) <= 0.5 * height]
    column = max(begin, end, key=len)
    return max(one.box.width for one in column) if len(column) >= _FEWEST_VALUES else None


def first_word_width(segment: Segment) -> float:
    """How much room the beginning of a line would have needed on the line before."""
    text, height = segment.text, segment.box.height
    if not text or is_cjk(text[0]) or not text[0].isascii():
        return height
    word = next((at for at, character in enumerate(text) if not character.isalnum() or is_cjk(character)), len(text))
    return min(segment.box.width * word / max(len(text), 1), 0.6 * height * word)


def _nearer_above(sheet: Sheet, last: Segment, following: Segment) -> bool:
    """Whether ``following`` stands nearer to ``last`` than to what stands under it."""
    pitch = following.center_y - last.center_y
    under = [
        one.center_y - following.center_y
        for one in sheet.segments
        if one.center_y - following.center_y > 0.5 * following.box.height
        and (aligned(one.box, following.box) or overlap_x(one.box, following.box) > 0.5)
    ]
    return not under or pitch <= _NEARER * min(under)


def _upper_half(sheet: Sheet, key: Key, lower: Segment) -> Segment | None:
    """The first of two lines between which the key stands; the second was tall enough to share the key's row."""
    height = min(lower.box.height, key.box.height)
    if lower.center_y - key.piece.center_y < 0.25 * height:
        return None
    lines = [
        one
        for one in sheet.free
        if one.line != lower.line
        and sheet.owner(one) in (None, key)
        and 0.5 * height < lower.center_y - one.center_y <= _PITCH * max(height, one.box.height)
        and abs((one.center_y + lower.center_y) / 2 - key.piece.center_y) <= _HALFWAY * height
        and of_one_size(one, lower)
        and _in_column(one, lower, lower)
        and is_word(one.text)
    ]
    return min(lines, key=lambda one: lower.center_y - one.center_y) if lines else None


def _line_above(sheet: Sheet, key: Key, found: list[Segment]) -> Segment | None:
    """The line over the key's row, where one under it shows that the key stands in the value's middle."""
    first, second = found[0], found[1]
    if not same_row(first.box, key.box):
        return None
    pitch = second.center_y - first.center_y
    lines = [
        one
        for one in sheet.free
        if sheet.owner(one) is None
        and abs((first.center_y - one.center_y) - pitch) <= 0.15 * pitch
        and of_one_size(first, one)
        and _in_column(one, first, first)
        and is_word(one.text)
    ]
    if not lines:
        return None
    upper = lines[0]
    over = [
        upper.center_y - one.center_y
        for one in sheet.segments
        if upper.center_y - one.center_y > 0.5 * upper.box.height and overlap_x(one.box, upper.box) > 0
    ]
    return upper if not over or pitch <= min(over) / _NEARER else None
