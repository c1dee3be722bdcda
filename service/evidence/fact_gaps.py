"""Why a single fact cannot be read: its value runs into the border or under something, or its name stands alone.

A mark alone proves nothing (icons, pictures, swiped cards), nor does a name without a value (headings). It takes two
signs: a mark *and* no value where one belongs, print that is cut *and* a fact that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from service.domain.evidence import Box, Edge, Field, FieldName, Flaw, FlawKind, Gap, GapKind, PageKind
from service.evidence.amounts import find_amounts, leading_amount
from service.evidence.demands import CORE, NAMES
from service.evidence.lexicon import VALUE_KIND, Label, ValueKind
from service.evidence.name_places import (
    among_the_names,
    end_of_place,
    inline_piece,
    is_one_of_a_column,
    of_a_picture,
    pieces_of,
    place_of,
    stands_among_tiles,
    stands_among_values,
)
from service.evidence.normalise import is_cjk
from service.evidence.page_look import HALF, OF_THE_SCREEN, STATUS_BAR, Look, adjoins, overlaps
from service.evidence.segments import Segment, overlap_y
from service.evidence.sheet import Key
from service.evidence.times import is_moment, moment_span, parse_time
from service.evidence.words_gaps import says_a_sum

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
_LEAST_LEGIBLE, _LEAST_LEGIBLE_VALUE, _SURELY_LEGIBLE = 0.7, 0.85, 0.93
_MOMENTS = frozenset({FieldName.ORDERED_AT, FieldName.PAID_AT})
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
    read = [one for one in look.sheet.segments if overlaps(one.box, field.box)]
    legible = (
        name is FieldName.AMOUNT and bool(read) and all(one.score >= _SURELY_LEGIBLE for one in read)
    )  # large print fills its row, too
    for flaw in look.of(FlawKind.MARK):
        if (_lies_over(flaw.box, field.box) and not legible) or adjoins(field.box, flaw.box):
            return Gap(kind=GapKind.COVERED, field=name, box=flaw.box)
    if look.kind is PageKind.CHAT:
        return None
    for one in look.sheet.segments:
        if name not in _LETTERED or not overlaps(one.box, field.box) or _BESIDE_A_VALUE.fullmatch(one.text):
            continue
        if look.hides_more(one.text, one.box):
            return Gap(kind=GapKind.COVERED, field=name, box=one.box)
    for one in read:
        # Where two readers saw two numbers, print that is no worse than hard to read was not read either.
        disputed = name in _LETTERED and look.sheet.lines[one.line].other is not None
        if one.score < (_LEAST_LEGIBLE_VALUE if disputed else _LEAST_LEGIBLE):
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
        if key.label is Label.PHONE and _may_be_recharged(look, key):
            name = FieldName.RECHARGED_ACCOUNT
        if name is None or _used(look, key):
            continue
        if key.inline is not None and _runs_into_mark(look, key.inline):
            yield name, key
        ends_its_line = key.label is Label.PAID and key.inline is None
        if ends_its_line and not key.hit.whole and _goes_on_below(look, key):
            continue
        unsure = key.inline is not None and _illegible(key, key.inline)
        if not (key.hit.whole or ends_its_line or unsure or _is_garbage(key)):
            continue
        pieces = pieces_of(look, key)
        if key.label in _OF_A_PERSON and any(any(find_amounts(piece.text)) for piece in pieces):
            continue  # of a product's title, over its price
        broken = any(_is_broken_moment(key, piece.text) for piece in pieces[:1])
        if broken or unsure or not _holds_value(key, pieces) or any(_incomplete(look, key, piece) for piece in pieces):
            yield name, key


def _goes_on_below(look: Look, key: Key) -> bool:
    """A sentence that breaks before its sum."""
    line = look.sheet.lines[key.piece.line].box
    under = [one for one in look.sheet.segments if 0 < one.center_y - key.piece.center_y <= 2 * line.height]
    return any(abs(one.box.x0 - line.x0) <= line.height and leading_amount(one.text) for one in under)


def _may_be_recharged(look: Look, key: Key) -> bool:
    """An order's phone, in a list of its facts: not a button."""
    if look.kind is not PageKind.ORDER or FieldName.RECHARGED_ACCOUNT in look.fields:
        return False
    return stands_among_values(look, key) or stands_among_tiles(look, key)


def _used(look: Look, key: Key) -> bool:
    """Whether a field was read from the place of this key's value, under whatever name; below it, one of its kind."""
    right = Box(key.box.x1, key.box.y0, end_of_place(look, key), key.box.y1)
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


_BARE_NUMBER = re.compile(r"[A-Za-z]{0,4}(?:\s?\d){10,}")


def _is_sentence(text: str) -> bool:
    """More words than a number, a sum or a moment has: a remark under it."""
    return sum(is_cjk(character) for character in text) >= _SENTENCE or len(text.split()) >= _SENTENCE


def in_the_place(look: Look, name: FieldName, key: Key) -> Gap | None:
    """Something that is no text where the value should stand, or text that cannot be made out."""
    if gap := in_place_of_text(look, key):
        return Gap(kind=gap.kind, field=name, box=gap.box)
    for piece in (*inline_piece(key), *pieces_of(look, key)):
        if edge := look.touched(piece.box):
            return Gap(kind=GapKind.CUT_OFF, field=name, edge=edge, box=piece.box)
        if look.hides_more(piece.text, piece.box) or (name not in look.fields and _is_broken_moment(key, piece.text)):
            return Gap(kind=GapKind.COVERED, field=name, box=piece.box)
        if name not in look.fields and _illegible(key, piece):
            return Gap(kind=GapKind.BLURRED, field=name, box=piece.box)
    return None


def in_place_of_text(look: Look, key: Key) -> Gap | None:
    """A mark, or print that was not read, where the value of this name should stand."""
    place = place_of(look, key)
    if key.label is Label.PRODUCT:  # under a column's head stands its picture
        place = Box(key.box.x1, key.box.y0, place.x1, key.box.y1)
    for flaw in look.of(FlawKind.MARK, FlawKind.UNREAD):
        if overlaps(flaw.box, place) and flaw.box.height <= _TALLEST_MARK * key.box.height:
            if _is_bar_code(look, flaw):
                continue
            kind = GapKind.COVERED if flaw.kind is FlawKind.MARK else GapKind.BLURRED
            return Gap(kind=kind, box=flaw.box)
    return None


def _is_bar_code(look: Look, flaw: Flaw) -> bool:
    """Its number is printed under it, without a name."""
    box = flaw.box
    return flaw.kind is FlawKind.UNREAD and any(
        -HALF * box.height <= one.box.y0 - box.y1 <= 2 * box.height
        and min(one.box.x1, box.x1) > max(one.box.x0, box.x0)
        and not any(
            other.box.x1 <= one.box.x0 and overlap_y(other.box, one.box) > HALF for other in look.sheet.segments
        )
        and _BARE_NUMBER.fullmatch(one.text)
        for one in look.sheet.segments
    )


def at_the_key(look: Look, name: FieldName, key: Key) -> Gap | None:
    """Why nothing stands where the value should."""
    if edge := look.touched(key.box):
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=edge, box=key.box)
    not_text = VALUE_KIND[key.label] is not ValueKind.TEXT
    last = look.image.height - key.box.y1 < 3 * key.box.height
    for edge in (Edge.RIGHT, Edge.BOTTOM, Edge.LEFT):
        if edge is Edge.BOTTOM and not (last and (not_text or is_one_of_a_column(look, key))):
            continue  # a word of a product's title, as the last page of a list ends
        if edge in look.cut_edges:
            return Gap(kind=GapKind.CUT_OFF, field=name, edge=edge, box=key.box)
    if _valueless(look):
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=Edge.RIGHT, box=key.box)
    if last and not any(one.box.y0 > key.box.y1 for one in look.sheet.segments):
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=Edge.BOTTOM, box=key.box)
    if key.label in _OF_A_PERSON and (stands_among_values(look, key) or stands_among_tiles(look, key)):
        return Gap(kind=GapKind.COVERED, field=name, box=place_of(look, key))
    if VALUE_KIND[key.label] is ValueKind.TEXT or key.label in (Label.TOTAL, Label.ORDER_TOTAL):
        return None  # a heading, as often as a name
    beside = Box(key.box.x1, key.box.y0, end_of_place(look, key), key.box.y1)
    if any(overlaps(flaw.box, beside) and _is_bar_code(look, flaw) for flaw in look.of(FlawKind.UNREAD)):
        return None
    others = [one for one in look.sheet.segments if one.line != key.piece.line and overlaps(one.box, beside)]
    if not all(
        one.score < _LEAST_LEGIBLE or look.is_slanted(one) or _BESIDE_A_VALUE.fullmatch(one.text) for one in others
    ):
        return None  # something stands there that was not understood
    if key.label is not Label.PAID and not is_one_of_a_column(look, key):
        return None  # a heading, a button or a word in a sentence
    # No app prints the name of a number, a sum or a moment among others and nothing beside it.
    return Gap(kind=GapKind.COVERED, field=name, box=place_of(look, key))


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


def expected(look: Look, named: Mapping[FieldName, Gap]) -> Iterator[FieldName]:
    """Core facts of this kind of page of which not even the name is there."""
    for names in CORE.get(look.kind, ()):
        if not any(name in look.fields or name in named for name in names):
            yield names[0]


def nowhere(look: Look, name: FieldName, explained: Collection[Box] = ()) -> Gap:
    """Why neither the fact nor its name is there. ``explained``: marks that hide another fact."""
    if is_printed(look, name):
        return Gap(kind=GapKind.NOT_SHOWN, field=name)  # read past, but there
    # Over or under its name nothing of a value is cut off.
    edges = [edge for edge in look.cut_edges if edge in (Edge.LEFT, Edge.RIGHT) or not announced(look, name)]
    for edge in edges:
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=edge)
    if look.is_headless:
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=Edge.TOP)
    if name in _MOMENTS and any(_is_moment_of_nothing(look, one) for one in look.sheet.segments):
        return Gap(kind=GapKind.NOT_SHOWN, field=name)
    if name is FieldName.AMOUNT and says_a_sum(look):
        return Gap(kind=GapKind.NOT_SHOWN, field=name)
    for flaw in look.of(FlawKind.MARK):
        wide = flaw.box.width >= WIDE_MARK * look.sheet.unit and flaw.box.height <= _TALLEST_MARK * look.sheet.unit
        if flaw.box not in explained and wide and not of_a_picture(look, flaw.box) and among_the_names(look, flaw.box):
            return Gap(kind=GapKind.COVERED, field=name, box=flaw.box)
    return Gap(kind=GapKind.NOT_SHOWN, field=name)


def _is_moment_of_nothing(look: Look, one: Segment) -> bool:
    """A moment under the status bar that no name and no fact has to do with: it may be the one that was not read."""
    return (
        moment_span(one.text) is not None
        and one.center_y > STATUS_BAR * look.image.height
        and look.sheet.owner(one) is None
        and not any(overlaps(one.box, field.box) for field in look.fields.values())
        and not any(key.piece.line == one.line for key in look.sheet.keys)
    )


def is_printed(look: Look, name: FieldName) -> bool:
    """At the fact's name stands something legible that may be it."""
    return any(
        piece.score >= _LEAST_LEGIBLE_VALUE
        and _holds_value(key, (piece,))
        and (VALUE_KIND[key.label] is not ValueKind.TIME or is_moment(piece.text))
        and look.touched(piece.box) is None
        and not any(overlaps(flaw.box, piece.box) for flaw in look.of(FlawKind.MARK))
        for key in look.sheet.keys
        if NAMES.get(key.label) is name
        for piece in (*inline_piece(key), *pieces_of(look, key))
    )


def announced(look: Look, name: FieldName) -> bool:
    """The fact's name is printed: no border cut it off together with its value."""
    return any(NAMES.get(key.label) is name for key in look.sheet.keys)
