"""Why a single fact cannot be read: its value runs into the border or under something, or its name stands alone.

A mark alone proves nothing (icons, pictures, swiped cards), nor does a name without a value (headings). It takes two
signs: a mark *and* no value where one belongs, print that is cut *and* a fact that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from service.domain.evidence import Box, Edge, Field, FieldName, FlawKind, Gap, GapKind, PageKind
from service.evidence.demands import CORE, NAMES
from service.evidence.lexicon import VALUE_KIND, Label, ValueKind
from service.evidence.normalise import is_cjk
from service.evidence.page_look import HALF, OF_THE_SCREEN, Look, adjoins, overlaps
from service.evidence.segments import Segment, overlap_y
from service.evidence.sheet import Key
from service.evidence.times import is_moment, parse_time

# A mark this long (in line heights) may hide a name with its value.
WIDE_MARK = 4.0
_TALLEST_MARK = 3.0
_ANY_DAY = date(2024, 12, 31)
_LETTERED = frozenset(
    {
        FieldName.ORDER_NUMBER,
        FieldName.TRADE_NUMBER,
        FieldName.ORDERED_AT,
        FieldName.PAID_AT,
        FieldName.RECHARGED_ACCOUNT,
    }
)
# Apps print these bare; states and prompts come with icons, products with pictures and badges.
_UNADORNED = _LETTERED | {FieldName.AMOUNT, FieldName.PAYEE}
# Of blurred lines that score more than this few are misread.
_LEAST_SURE = 0.97
# Print that is plain scores more; what is scribbled over and read all the same is mostly read wrong.
_LEAST_LEGIBLE, _LEAST_LEGIBLE_VALUE = 0.7, 0.85
_ALIGNED = 0.7  # line heights
_ROWS, _SAME_PITCH = 3, 0.06
_OF_A_PERSON = frozenset({Label.PAYEE, Label.RECHARGED_ACCOUNT, Label.PHONE})
# What stands beside a value or, where it is hidden, alone: a button that copies it, a remark in brackets.
_BESIDE_A_VALUE = re.compile(r"[|｜\s]*(?:点击|一键)?(?:复制|拷贝|copy)[|｜\s]*|[(（\[【].*[)）\]】]", re.IGNORECASE)
# What begins like a day or a moment.
_BEGINS_A_MOMENT = re.compile(r"(?:20)?\d{1,2}\s?[-/.年月]\s?\d")
_SENTENCE = 10  # Han characters, or words
_KINDS: Mapping[FieldName, ValueKind] = {
    FieldName.ORDER_NUMBER: ValueKind.IDENTIFIER,
    FieldName.TRADE_NUMBER: ValueKind.IDENTIFIER,
    FieldName.AMOUNT: ValueKind.AMOUNT,
    FieldName.FACE_VALUE: ValueKind.AMOUNT,
    FieldName.ORDERED_AT: ValueKind.TIME,
    FieldName.PAID_AT: ValueKind.TIME,
    FieldName.VALID_UNTIL: ValueKind.TIME,
}
KIND_OF = {FlawKind.BLURRED: GapKind.BLURRED, FlawKind.TOO_SMALL: GapKind.TOO_SMALL}


def in_the_value(look: Look, name: FieldName, field: Field) -> Gap | None:
    """A value that was read, but runs into the border or into something opaque, or is hardly legible."""
    if edge := look.touched(field.box):
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=edge, box=field.box)
    if field.score < _LEAST_SURE:
        for flaw in look.of(FlawKind.BLURRED, FlawKind.TOO_SMALL):
            if overlaps(flaw.box, field.box) and not _is_badge(flaw.box, field.box):
                return Gap(kind=KIND_OF[flaw.kind], field=name, box=field.box)
    if name not in _UNADORNED:
        return None
    for flaw in look.of(FlawKind.MARK):
        if _lies_over(flaw.box, field.box) or adjoins(field.box, flaw.box):
            return Gap(kind=GapKind.COVERED, field=name, box=flaw.box)
    if look.kind is PageKind.CHAT:
        return None
    for one in look.sheet.segments:
        if name in _LETTERED and overlaps(one.box, field.box) and look.hides_more(one.text, one.box):
            return Gap(kind=GapKind.COVERED, field=name, box=one.box)
    read = [one.score for one in look.sheet.segments if overlaps(one.box, field.box)]
    if read and min(read) < _LEAST_LEGIBLE:
        return Gap(kind=GapKind.BLURRED, field=name, box=field.box)
    return None


def _is_badge(poor: Box, value: Box) -> bool:
    """Small print within a line, as shops put before a product's title: the rest of it is legible."""
    return poor.width < HALF * value.width and poor.height <= value.height


def _lies_over(mark: Box, value: Box) -> bool:
    """With half of itself at least; an icon before the value only touches it."""
    across = min(mark.x1, value.x1) - max(mark.x0, value.x0)
    return overlaps(mark, value) and across >= HALF * min(mark.width, value.width)


def without_value(look: Look) -> Iterator[tuple[FieldName, Key]]:
    """Names of facts that are printed, where the fact itself was not read."""
    for key in look.sheet.keys:
        name = NAMES.get(key.label)
        if key.label in (Label.TOTAL, Label.ORDER_TOTAL) and FieldName.AMOUNT not in look.fields:
            name = FieldName.AMOUNT  # where nothing else is called paid
        if key.label is Label.PHONE and look.kind is PageKind.ORDER:
            name = FieldName.RECHARGED_ACCOUNT
        if name is None or _used(look, key):
            continue
        if key.inline is not None and _runs_into_mark(look, key.inline):
            yield name, key
        ends_its_line = key.label is Label.PAID and key.inline is None
        unsure = key.inline is not None and _illegible(key, key.inline)
        if not (key.hit.whole or ends_its_line or unsure or _is_garbage(key)):
            continue
        pieces = pieces_of(look, key)
        broken = any(_is_broken_moment(key, piece.text) for piece in pieces[:1])
        if broken or unsure or not _holds_value(key, pieces) or any(_incomplete(look, key, piece) for piece in pieces):
            yield name, key


def pieces_of(look: Look, key: Key) -> list[Segment]:
    """What stands where the key's value should, read or not; a watermark runs over everything."""
    around = (*look.sheet.right_of(key), *look.sheet.below(key))
    return [piece for piece in around if not look.is_slanted(piece)]


def _used(look: Look, key: Key) -> bool:
    """Whether a field was read from the place of this key's value, under whatever name; below it, one of its kind."""
    right = Box(key.box.x1, key.box.y0, _end_of_place(look, key), key.box.y1)
    below = Box(key.box.x0, key.box.y1, key.box.x1, key.box.y1 + 2.5 * key.box.height)
    return any(
        overlaps(field.box, right)
        or (
            overlaps(field.box, below)
            and _KINDS.get(name, ValueKind.TEXT) is VALUE_KIND[key.label]
            and not _beside_a_name(look, field)
        )
        for name, field in look.fields.items()
        if name not in OF_THE_SCREEN
    )


def _beside_a_name(look: Look, field: Field) -> bool:
    return any(overlap_y(key.box, field.box) > HALF and key.box.x0 < field.box.x0 for key in look.sheet.keys)


def _is_garbage(key: Key) -> bool:
    """Two or three letters after the name of a number, a sum or a moment are what is left of a value."""
    if key.inline is None or VALUE_KIND[key.label] is ValueKind.TEXT:
        return False
    if _is_broken_moment(key, key.inline.text):
        return True
    return not any(character.isdigit() or is_cjk(character) for character in key.inline.text)


def _is_broken_moment(key: Key, text: str) -> bool:
    """What is left of a moment where its end is hidden: 08-03, 2026-06-2."""
    begins = VALUE_KIND[key.label] is ValueKind.TIME and _BEGINS_A_MOMENT.match(text) is not None
    return begins and parse_time(text, as_of=_ANY_DAY) is None


def _end_of_place(look: Look, key: Key) -> float:
    """Where the place of a value beside its name ends: at the next name of the row, or the page's edge."""
    beside = [
        other.box.x0 for other in look.sheet.keys if other.box.x0 > key.box.x1 and overlap_y(key.box, other.box) > HALF
    ]
    return min([look.image.width, *beside])


def _holds_value(key: Key, pieces: Sequence[Segment]) -> bool:
    """Whether something that could be the value stands there, read or not."""
    if VALUE_KIND[key.label] is ValueKind.TEXT:
        return bool(pieces)
    return any(_may_be_value(key, piece.text) for piece in pieces)


def _may_be_value(key: Key, text: str) -> bool:
    """Digits as a number, a sum or a moment has them: no other fact, and no remark."""
    kind = VALUE_KIND[key.label]
    digits = sum(character.isdigit() for character in text)
    if not digits or _is_sentence(text) or (is_moment(text) and kind is not ValueKind.TIME):
        return False
    return kind is not ValueKind.IDENTIFIER or _LIKE_A_NUMBER.search(text) is not None


# Five signs without a blank, some of them digits; the words and counts of a title have no such run.
_LIKE_A_NUMBER = re.compile(r"(?=[A-Za-z*•-]*\d)(?=[A-Za-z\d*•-]{5})[A-Za-z*•-]*\d[A-Za-z\d*•-]*\d")


def _is_sentence(text: str) -> bool:
    """More words than a number, a sum or a moment has: a remark under it."""
    return sum(is_cjk(character) for character in text) >= _SENTENCE or len(text.split()) >= _SENTENCE


def in_the_place(look: Look, name: FieldName, key: Key) -> Gap | None:
    """Something that is no text where the value should stand, or text that cannot be made out."""
    if gap := in_place_of_text(look, key):
        return Gap(kind=gap.kind, field=name, box=gap.box)
    for piece in (*_inline(key), *pieces_of(look, key)):
        if edge := look.touched(piece.box):
            return Gap(kind=GapKind.CUT_OFF, field=name, edge=edge, box=piece.box)
        if look.hides_more(piece.text, piece.box) or (name not in look.fields and _is_broken_moment(key, piece.text)):
            return Gap(kind=GapKind.COVERED, field=name, box=piece.box)
        if name not in look.fields and _illegible(key, piece):
            return Gap(kind=GapKind.BLURRED, field=name, box=piece.box)
    return None


def _inline(key: Key) -> tuple[Segment, ...]:
    return (key.inline,) if key.inline is not None else ()


def in_place_of_text(look: Look, key: Key) -> Gap | None:
    """A mark, or print that was not read, where the value of this name should stand."""
    place = _place(look, key)
    if key.label is Label.PRODUCT:  # under a column's head stands its picture
        place = Box(key.box.x1, key.box.y0, place.x1, key.box.y1)
    for flaw in look.of(FlawKind.MARK, FlawKind.UNREAD):
        if overlaps(flaw.box, place) and flaw.box.height <= _TALLEST_MARK * key.box.height:
            kind = GapKind.COVERED if flaw.kind is FlawKind.MARK else GapKind.BLURRED
            return Gap(kind=kind, box=flaw.box)
    return None


def at_the_key(look: Look, name: FieldName, key: Key) -> Gap | None:
    """Why nothing stands where the value should."""
    if edge := look.touched(key.box):
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=edge, box=key.box)
    not_text = VALUE_KIND[key.label] is not ValueKind.TEXT
    last = look.image.height - key.box.y1 < 3 * key.box.height
    for edge in (Edge.RIGHT, Edge.BOTTOM, Edge.LEFT):
        if edge is Edge.BOTTOM and not (last and (not_text or _is_one_of_a_column(look, key))):
            continue  # a word of a product's title, as the last page of a list ends
        if edge in look.cut_edges:
            return Gap(kind=GapKind.CUT_OFF, field=name, edge=edge, box=key.box)
    if _valueless(look):
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=Edge.RIGHT, box=key.box)
    if last and not any(one.box.y0 > key.box.y1 for one in look.sheet.segments):
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=Edge.BOTTOM, box=key.box)
    if key.label in _OF_A_PERSON and _stands_among_values(look, key):
        return Gap(kind=GapKind.COVERED, field=name, box=_place(look, key))
    if VALUE_KIND[key.label] is ValueKind.TEXT or key.label in (Label.TOTAL, Label.ORDER_TOTAL):
        return None  # a heading, as often as a name
    beside = Box(key.box.x1, key.box.y0, _end_of_place(look, key), key.box.y1)
    others = [one for one in look.sheet.segments if one.line != key.piece.line and overlaps(one.box, beside)]
    if not all(look.is_slanted(one) or _BESIDE_A_VALUE.fullmatch(one.text) for one in others):
        return None  # something stands there that was not understood
    if key.label is not Label.PAID and not _is_one_of_a_column(look, key):
        return None  # a heading, a button or a word in a sentence
    # No app prints the name of a number, a sum or a moment among others and nothing beside it.
    return Gap(kind=GapKind.COVERED, field=name, box=_place(look, key))


def _stands_among_values(look: Look, key: Key) -> bool:
    """Whether the rows over it, under it or around it have values and stand as far apart as it does from them."""
    column = _column(look, key)
    place = next((index for index, (_, own) in enumerate(column) if own is None), None)
    if place is None:
        return False
    # A heading stands over its rows, too: there it takes one more.
    around = [column[max(place - 2, 0) : place + 1], column[max(place - 1, 0) : place + 2], column[place : place + 4]]
    return any(_is_list(rows, most) for rows, most in zip(around, (_ROWS, _ROWS, _ROWS + 1), strict=True))


def _is_list(rows: Sequence[tuple[float, bool | None]], many: int) -> bool:
    steps = [lower - upper for (upper, _), (lower, _) in pairwise(rows)]
    return (
        len(rows) == many
        and all(has_value is not False for _, has_value in rows)
        and max(steps) - min(steps) <= _SAME_PITCH * (min(steps) + max(steps))
    )


def _column(look: Look, key: Key) -> list[tuple[float, bool | None]]:
    """Middles of the rows that begin in line with this name, and whether a value follows there; None: its own row."""
    slack = _ALIGNED * look.sheet.unit
    inline = {other.piece.line for other in look.sheet.keys if other.inline is not None}
    found: list[tuple[float, bool | None]] = []
    for row in look.sheet.rows:
        first = next((one for one in row if abs(one.box.x0 - key.box.x0) <= slack), None)
        if first is None or look.is_slanted(first):
            continue
        if first.line == key.piece.line:
            found.append((key.piece.center_y, None))
        else:
            follows = any(one.box.x0 > first.box.x1 and not look.is_slanted(one) for one in row)
            found.append((first.center_y, follows or first.line in inline))
    return found


def _is_one_of_a_column(look: Look, key: Key) -> bool:
    """Whether names with values stand in line with this one."""
    slack = _ALIGNED * look.sheet.unit
    return any(
        min(abs(other.box.x0 - key.box.x0), abs(other.box.x1 - key.box.x1), abs(other.box.y0 - key.box.y0)) <= slack
        and (other.inline is not None or pieces_of(look, other))
        for other in look.sheet.keys
        if other is not key and other.label in NAMES
    )


def _incomplete(look: Look, key: Key, piece: Segment) -> bool:
    if look.touched(piece.box) is not None or look.hides_more(piece.text, piece.box) or _illegible(key, piece):
        return True
    return _runs_into_mark(look, piece)


def _runs_into_mark(look: Look, piece: Segment) -> bool:
    return any(adjoins(piece.box, flaw.box) for flaw in look.of(FlawKind.MARK))


def _illegible(key: Key, piece: Segment) -> bool:
    """Of a number, a sum, a moment or an account something was read, but nothing one could rely on."""
    told = VALUE_KIND[key.label] is not ValueKind.TEXT or key.label is Label.RECHARGED_ACCOUNT
    return told and piece.score < _LEAST_LEGIBLE_VALUE


def _valueless(look: Look) -> bool:
    """Names down the page and not one value: the column of values is gone."""
    whole = [key for key in look.sheet.keys if key.hit.whole]
    return len(whole) >= 3 and not any(pieces_of(look, key) for key in whole)


def _place(look: Look, key: Key) -> Box:
    """Where the value should stand: to the right of its name, or in the row under it."""
    return Box(key.box.x0, key.box.y0, _end_of_place(look, key), key.box.y1 + 1.6 * key.box.height)


def expected(look: Look, named: Mapping[FieldName, Gap]) -> Iterator[FieldName]:
    """Core facts of this kind of page of which not even the name is there."""
    for names in CORE.get(look.kind, ()):
        if not any(name in look.fields or name in named for name in names):
            yield names[0]


def nowhere(look: Look, name: FieldName, explained: Collection[Box] = ()) -> Gap:
    """Why neither the fact nor its name is there. ``explained``: marks that hide another fact."""
    if is_printed(look, name):
        return Gap(kind=GapKind.NOT_SHOWN, field=name)  # read past, but there
    for edge in () if announced(look, name) else look.cut_edges:
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=edge)
    if look.is_headless:
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=Edge.TOP)
    big = name is FieldName.AMOUNT and look.kind is PageKind.PAYMENT
    for flaw in look.of(FlawKind.MARK):
        wide = flaw.box.width >= WIDE_MARK * look.sheet.unit and flaw.box.height <= _TALLEST_MARK * look.sheet.unit
        if (
            flaw.box not in explained
            and wide
            and not of_a_picture(look, flaw.box)
            and (among_the_names(look, flaw.box) or (big and _over_the_names(look, flaw.box)))
        ):
            return Gap(kind=GapKind.COVERED, field=name, box=flaw.box)
    return Gap(kind=GapKind.NOT_SHOWN, field=name)


def of_a_picture(look: Look, box: Box) -> bool:
    """Marks right over each other are the rows a picture was seen in."""
    return any(
        flaw.box != box
        and min(flaw.box.x1, box.x1) > max(flaw.box.x0, box.x0)
        and max(flaw.box.y0 - box.y1, box.y0 - flaw.box.y1) <= HALF * look.sheet.unit
        for flaw in look.of(FlawKind.MARK)
    )


def is_printed(look: Look, name: FieldName) -> bool:
    """At the fact's name stands something legible that may be it."""
    return any(
        piece.score >= _LEAST_LEGIBLE_VALUE
        and _holds_value(key, (piece,))
        and (VALUE_KIND[key.label] is not ValueKind.TIME or is_moment(piece.text))
        and not any(overlaps(flaw.box, piece.box) for flaw in look.of(FlawKind.MARK))
        for key in look.sheet.keys
        if NAMES.get(key.label) is name
        for piece in (*_inline(key), *pieces_of(look, key))
    )


def announced(look: Look, name: FieldName) -> bool:
    """The fact's name is printed: no border cut it off together with its value."""
    return any(NAMES.get(key.label) is name for key in look.sheet.keys)


def among_the_names(look: Look, box: Box) -> bool:
    """Between the first and the last name of a fact, give or take a row or two; not a camera's notch or a card."""
    names = _names(look)
    reach = 3 * look.sheet.unit
    return bool(names) and (
        min(one.y0 for one in names) - reach <= box.y0 and box.y1 <= max(one.y1 for one in names) + reach
    )


def _over_the_names(look: Look, box: Box) -> bool:
    """Around the middle of the page over all names, under its title: where apps print what was paid."""
    names = _names(look)
    middle = look.image.width / 2
    under_title = box.y0 > min((one.box.y1 for one in look.sheet.segments), default=0.0) + look.sheet.unit
    return bool(names) and under_title and box.y1 < min(one.y0 for one in names) and box.x0 < middle < box.x1


def _names(look: Look) -> list[Box]:
    return [key.box for key in look.sheet.keys if key.label in NAMES]
