"""Order numbers without a key: named in passing (Your order 1234 is confirmed), or after a mere # or No."""

from __future__ import annotations

import re
from collections.abc import Collection

from service.domain.evidence import Box, Field, FieldName
from service.evidence.doubt import weighed, with_doubtful_letters
from service.evidence.lexicon import Label
from service.evidence.normalise import identifier
from service.evidence.segments import Segment, part
from service.evidence.sheet import Sheet

_ID = r"(?P<number>(?=[A-Za-z0-9-]*\d{2})[A-Za-z0-9][A-Za-z0-9-]{5,39})(?![A-Za-z0-9*…-]|\.{2})"
IN_PASSING = re.compile(
    rf"(?:\border|订单|(?<![一-鿿])单号)\s*(?:no\.?|number|id|编号|号码?)?\s*(?:is|为|是)?\s*[:#№(\[【「]*\s*{_ID}",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"(?:#|No\.?\s?[:#]?|№|编号|ID)\s*[:.]?\s*{_ID}\s*(?:复制|copy)?", re.IGNORECASE)
_BARE = re.compile(r"(?P<number>[A-Z]{0,4}\d{14,30})\s*(?:复制|copy)?", re.IGNORECASE)
# Position and wording alone; below what a comparison takes for certain (compare.DOUBTFUL_SCORE).
_PASSING, _AFTER_A_MARK, _ALONE = 0.88, 0.84, 0.8


def named_in_passing(sheet: Sheet, taken: Collection[int] = ()) -> list[Field]:
    """The one number that a text of the page calls the order's."""
    return _only(sheet, IN_PASSING, taken, _PASSING, "named in passing", whole=False)


def numbered(sheet: Sheet, taken: Collection[int] = ()) -> list[Field]:
    """The one line of the page that is a number sign and a number, in no key's row."""
    return _only(sheet, _NUMBERED, taken, _AFTER_A_MARK, "after a number sign", whole=True)


def bare(sheet: Sheet, taken: Collection[int] = ()) -> list[Field]:
    """The one long number of the page that stands alone in its row, under no key."""
    lonely = {row[0].line for row in sheet.rows if len(row) == 1}
    elsewhere = {piece.line for key in sheet.keys for piece in sheet.below(key)[:2]}
    others = {one.line for one in sheet.segments} - lonely
    return _only(sheet, _BARE, {*taken, *elsewhere, *others}, _ALONE, "long number alone", whole=True)


def _only(
    sheet: Sheet, pattern: re.Pattern[str], taken: Collection[int], trust: float, rule: str, *, whole: bool
) -> list[Field]:
    found: dict[str, Field] = {}
    for one in sheet.segments:
        match = pattern.fullmatch(one.text.strip()) if whole else pattern.search(one.text)
        number = identifier(match["number"]) if match and one.line not in taken else None
        if match is None or number is None or _of_a_key(sheet, one, whole=whole):
            continue
        piece = part(one, *match.span("number"))
        if sheet.cut_off(piece.box) or _is_day(number):
            continue
        found[number] = _field(piece, number, trust, rule, sheet)
    return list(found.values()) if len(found) == 1 else []


def _of_a_key(sheet: Sheet, one: Segment, *, whole: bool) -> bool:
    """What stands beside or after another key is that key's: a remark says what its writer likes."""
    if sheet.owner(one) is not None:
        return True
    return any(key.piece.line == one.line and (whole or key.label is Label.OTHER_TEXT) for key in sheet.keys)


def _is_day(number: str) -> bool:
    return re.fullmatch(r"20\d{2}-?\d{2}-?\d{2}", number) is not None


def _field(piece: Segment, number: str, trust: float, rule: str, sheet: Sheet) -> Field:
    box: Box = piece.box
    score = round(piece.score * trust, 4)
    field = Field(name=FieldName.ORDER_NUMBER, value=number, text=piece.raw, score=score, box=box, rule=rule)
    return with_doubtful_letters(weighed(field, (piece,), sheet))
