"""Messages that lie over a page: dialogs with their buttons, questions, and toasts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.evidence.lexicon import Label
from service.evidence.normalise import compact
from service.evidence.segments import Segment, overlap_x, same_row, union
from service.evidence.sheet import Sheet
from service.evidence.vocabulary import is_button, is_dismissal

# What an order or a payment records, as opposed to what a form asks for.
DETAILS = frozenset(
    {
        Label.ORDER_NUMBER,
        Label.ORDERED_AT,
        Label.CREATED_AT,
        Label.PAID_AT,
        Label.PAYMENT_METHOD,
        Label.TRADE_NUMBER,
        Label.PAID,
        Label.RECHARGED_ACCOUNT,
    }
)
# A message and its button are at most this many line heights apart; buttons under each other further.
_TO_BUTTON, _TO_STACKED_BUTTON = 6.0, 10.0
_FEW_LINES = 8
_SHORTEST_MESSAGE = 4
# How far from the middle a message over a page stands, as a share of the page, and how near to its top and bottom.
_OFF_MIDDLE, _FROM_TOP, _FROM_BOTTOM = 0.06, 0.22, 0.85


def details_of(sheet: Sheet) -> set[Label]:
    """Which of an order's details the page has keys for."""
    return {key.label for key in sheet.keys} & DETAILS


def asks(sheet: Sheet) -> bool:
    """A question with its two buttons side by side lies over the page."""
    asked = [one for one in sheet.segments if re.search(r"[?？]$|吗$", one.text)]
    if any(_buttons_under(sheet, one) >= 2 for one in asked):
        return True
    return any(
        sum(is_button(one.text) for one in row) >= 2
        and any(0 < row[0].box.y0 - one.box.y1 <= _TO_BUTTON * sheet.unit for one in asked)
        for row in sheet.rows
    )


def lies_over(sheet: Sheet, said: Sequence[Segment]) -> bool:
    """A message over a page that shows something else: closed by its own button, or floating in the middle.

    ``said``: the pieces of an error prompt that was found, if any.
    """
    return _closed_by_button(sheet) or (bool(said) and (_floats_over(sheet, said) or _acknowledged(sheet, said)))


def says_and_closes(sheet: Sheet, *, prompt: bool, big_amount: bool, recorded: bool) -> bool:
    """A message with its button under it, on a page that records nothing else (``recorded``)."""
    buttons = [one for one in sheet.segments if is_button(one.text)]
    few = len(sheet.segments) <= _FEW_LINES
    if prompt or (few and bool(buttons) and not sheet.keys):
        return True
    paid = big_amount and sheet.keys_of(Label.PAYEE, Label.PAYMENT_METHOD, Label.TRADE_NUMBER)
    if paid or recorded or len(details_of(sheet)) > 1:
        return False
    return any(
        0 < button.box.y0 - one.box.y1 <= _TO_BUTTON * sheet.unit
        and abs(one.center_x - button.center_x) <= 0.35 * sheet.bounds.width
        for button in buttons
        for one in sheet.free
        if one is not button and len(one.text) >= _SHORTEST_MESSAGE and not is_button(one.text)
    )


def _buttons_under(sheet: Sheet, asked: Segment) -> int:
    """Buttons under each other and under the middle of a question, as some phones set them."""
    return sum(
        is_button(one.text)
        and 0 < one.box.y0 - asked.box.y1 <= _TO_STACKED_BUTTON * sheet.unit
        and abs(one.center_x - asked.center_x) <= 2 * sheet.unit
        for one in sheet.free
    )


def _closed_by_button(sheet: Sheet) -> bool:
    """A dismissal in the page's middle, alone or with one other button, under a message of the same middle."""
    for row in sheet.rows:
        closing = [one for one in row if is_dismissal(one.text) and _CLOSES.fullmatch(compact(one.text))]
        buttons = [one for one in row if is_button(one.text)]
        if not closing or len(buttons) > 2 or not _middle(sheet, buttons):
            continue
        box = union(one.box for one in buttons)
        if box.y1 > sheet.bounds.y0 + _FROM_BOTTOM * sheet.bounds.height:
            continue
        centre = (box.x0 + box.x1) / 2
        said = [
            one
            for one in sheet.free
            if 0 < box.y0 - one.box.y1 <= _TO_BUTTON * sheet.unit
            and len(one.text) >= _SHORTEST_MESSAGE
            and not is_button(one.text)
            and (abs(one.center_x - centre) <= 0.1 * sheet.bounds.width or one.box.x0 <= box.x0)
        ]
        beneath = [one for one in sheet.segments if one.box.y0 > box.y1]
        if said and len(beneath) >= 2 and _middle(sheet, [*buttons, *said]):
            return True
    return False


_CLOSES = re.compile(
    r"我?知道[了啦]|好的?|确定|我已[了知].{0,2}|关闭|取消|ok|okay|gotit|dismiss|understood|close|cancel", re.IGNORECASE
)

_ACKNOWLEDGES = re.compile(r"我?知道[了啦]|好的|我已了解|ok|okay|gotit|understood", re.IGNORECASE)


def _middle(sheet: Sheet, pieces: Sequence[Segment]) -> bool:
    box = union(one.box for one in pieces)
    return abs((box.x0 + box.x1) / 2 - (sheet.bounds.x0 + sheet.bounds.x1) / 2) <= 0.15 * sheet.bounds.width


def _acknowledged(sheet: Sheet, said: Sequence[Segment]) -> bool:
    """A half sheet: what is said ends in a button that no record has."""
    box = union(one.box for one in said)
    return any(
        _ACKNOWLEDGES.fullmatch(compact(one.text))
        and 0 < one.box.y0 - box.y1 <= _TO_STACKED_BUTTON * sheet.unit
        and _middle(sheet, [one])
        for one in sheet.segments
    )


def _floats_over(sheet: Sheet, said: Sequence[Segment]) -> bool:
    """Pieces in the page's middle with a record above and below them, in line with none of it."""
    box = union(one.box for one in said)
    height = max(sheet.bounds.height, 1e-6)
    place = ((box.y0 + box.y1) / 2 - sheet.bounds.y0) / height
    off = abs((box.x0 + box.x1) / 2 - (sheet.bounds.x0 + sheet.bounds.x1) / 2) / max(sheet.bounds.width, 1e-6)
    if off > _OFF_MIDDLE or not _FROM_TOP <= place <= _FROM_BOTTOM:
        return False
    others = [one for one in sheet.segments if all(one is not piece for piece in said)]
    if any(abs(one.box.x0 - box.x0) <= 0.4 * sheet.unit and overlap_x(one.box, box) > 0 for one in others):
        return False
    if any(same_row(one.box, box) for one in others):
        return True
    keys = [key for key in sheet.keys if key.label in DETAILS]
    return any(key.box.y1 < box.y0 for key in keys) and any(key.box.y0 > box.y1 for key in keys)
