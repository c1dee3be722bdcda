"""Pages of messages: whether the one payment that a message tells is what its page records."""

from __future__ import annotations

import re

from service.domain.evidence import Field, FieldName, ImageFacts, PageKind, Speaker
from service.evidence.conversation import find_messages, in_words
from service.evidence.dialogs import DETAILS
from service.evidence.kinds import is_message
from service.evidence.lexicon import Label
from service.evidence.payment_notices import Notice
from service.evidence.segments import union
from service.evidence.sheet import Sheet

_RECORDED = (DETAILS - {Label.RECHARGED_ACCOUNT}) | {
    Label.PAYEE,
    Label.PRODUCT,
    Label.PAYMENT_AMOUNT,
    Label.TOTAL,
    Label.ORDER_TOTAL,
}
# A signed message, how long ago one came, and what it came by.
_SET_ABOUT = re.compile(r"【|\S{1,6}前$|.{1,8}\bago$|(?:text message|imessage|短信|彩信)", re.IGNORECASE)
# A state stands in its message or at most this far over it, in line heights.
_OVER = 3.0
_A_LIST, _SHORTEST_ANSWER = 2, 5


def is_its_record(sheet: Sheet, kind: PageKind, notice: Notice, image: ImageFacts) -> bool:
    """Whether nothing else is recorded on the page, and nobody answers there: then the message is the record."""
    if kind is PageKind.CHAT:
        if is_message(sheet):
            return True
        said = find_messages(sheet, image, None)
        answers = any(one.speaker is Speaker.SELF and _is_an_answer(one.text) for one in said)
        return not answers and not _records_elsewhere(sheet, notice)
    if kind is PageKind.UNKNOWN:
        return True
    if kind is PageKind.ORDER and _lists_an_order(sheet):
        return False
    return kind in (PageKind.PAYMENT, PageKind.ORDER) and not _records_elsewhere(sheet, notice)


def _is_an_answer(text: str) -> bool:
    return len(text) >= _SHORTEST_ANSWER and in_words(text) and _SET_ABOUT.match(text) is None


def _lists_an_order(sheet: Sheet) -> bool:
    """Lines that begin with a key of an order's, each with its value: a letter rather than a sentence that wraps."""
    begun = [key for key in sheet.keys if key.hit.start == 0 and key.inline is not None and key.label in _RECORDED]
    return len({key.label for key in begun}) >= _A_LIST


def _records_elsewhere(sheet: Sheet, notice: Notice) -> bool:
    """A key of a record, with a value, in lines that are not the message's."""
    lines = {piece.line for piece in notice.message.pieces}
    return any(
        key.piece.line not in lines
        and key.label in _RECORDED
        and (key.inline is not None or bool(sheet.right_of(key)) or (key.hit.whole and bool(sheet.below(key))))
        for key in sheet.keys
    )


def adds_to(field: Field, notice: Notice, unit: float) -> bool:
    """Whether a field found by the page's general rules belongs to the message and is not told by it already."""
    if field.name in {one.name for one in notice.fields} or field.name in _TOLD_OR_NOT or field.rule == "product card":
        return False
    if any(str(field.value) in str(one.value) for one in notice.fields):
        return False  # the end of a number that the message tells whole
    box = union(piece.box for piece in notice.message.pieces)
    over = _OVER * unit if field.name is FieldName.STATUS else 0.0
    middle = (field.box.y0 + field.box.y1) / 2
    return box.y0 - over <= middle <= box.y1


# Sums and times of a message that its wording does not call paid are others.
_TOLD_OR_NOT = frozenset({FieldName.AMOUNT, FieldName.PAID_AT, FieldName.ORDERED_AT})
