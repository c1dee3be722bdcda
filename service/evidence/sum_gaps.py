"""Sums that are hidden where no name announces them: the large figure of a payment, and one of which an end is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.domain.evidence import Box, Field, FieldName, FlawKind, Gap, GapKind, PageKind
from service.evidence.amounts import parse_amount
from service.evidence.demands import CORE, NAMES
from service.evidence.fact_gaps import of_a_picture
from service.evidence.lexicon import VALUE_KIND, Label, ValueKind
from service.evidence.page_look import Look, beside, overlaps
from service.evidence.segments import Segment, same_row

_PAID = frozenset({Label.PAID, Label.PAYMENT_AMOUNT})
# What was asked before anything was taken off it, where no paid sum stands.
_BEFORE_DISCOUNTS = ("order_total", "total", "goods_total")
_NAMES_OF_A_FORM = 2
_WIDEST_BARE = 3  # digits without mark or point, of which a row's rest or a count is made
_TALL, _TALLEST, _WIDE = 1.3, 4.5, 2.0  # line heights
_UNFINISHED = re.compile(r"\d\s*[.,，]$")
_POINT = re.compile(r"[.．]\d{1,2}\D*$")


def hidden_sum(look: Look) -> Gap | None:
    """The sum of a payment whose page shows none, or a sum of which only the beginning stands."""
    field = look.fields.get(FieldName.AMOUNT)
    if field is not None and (gap := _in_part(look, field)):
        return gap
    if look.kind not in CORE or _is_named(look):
        return None
    if field is not None and not field.rule.startswith(_BEFORE_DISCOUNTS):
        return None
    names = [key.box for key in look.sheet.keys if key.label in NAMES]
    if len(names) < _NAMES_OF_A_FORM or (look.kind is PageKind.ORDER and any(_unexplained(look))):
        return None
    for flaw in look.of(FlawKind.MARK):
        if _over_the_names(look, flaw.box, names) and not of_a_picture(look, flaw.box):
            return Gap(kind=GapKind.COVERED, field=FieldName.AMOUNT, box=flaw.box)
    # No app records a payment without its sum.
    whole = look.begins_like_a_page and not look.cut_edges
    if field is None and look.kind is PageKind.PAYMENT and whole and not any(_unexplained(look)):
        return Gap(kind=GapKind.COVERED, field=FieldName.AMOUNT)
    return None


def _in_part(look: Look, field: Field) -> Gap | None:
    """``¥1,`` and ``¥8`` before a mark, where the other sums of the page go on behind a point."""
    for one in look.sheet.segments:
        if not overlaps(one.box, field.box) or not parse_amount(one.text):
            continue
        if _UNFINISHED.search(one.text):
            return Gap(kind=GapKind.COVERED, field=FieldName.AMOUNT, box=one.box)
        marks = [flaw.box for flaw in look.of(FlawKind.MARK) if beside(one.box, flaw.box)]
        if marks and not _POINT.search(one.text):
            others = [other.text for other in look.sheet.segments if other is not one and parse_amount(other.text)]
            pointed = [text for text in others if _POINT.search(text)]
            if len(pointed) >= max(1, len(others) - len(pointed)):
                return Gap(kind=GapKind.COVERED, field=FieldName.AMOUNT, box=marks[0])
    return None


def _is_named(look: Look) -> bool:
    return any(key.label in _PAID for key in look.sheet.keys)


def _over_the_names(look: Look, box: Box, names: Sequence[Box]) -> bool:
    """Around the middle of the page between its title and the first name: where apps print what was paid."""
    unit, middle = look.sheet.unit, look.image.width / 2
    title = min(one.box.y1 for one in look.sheet.segments)
    return (
        title + unit < box.y0
        and box.y1 < min(one.y0 for one in names)
        and box.x0 < middle < box.x1
        and box.width >= _WIDE * unit
        and box.height <= _TALLEST * unit
    )


def _unexplained(look: Look) -> Iterator[Segment]:
    """Figures that may be the sum paid: those no name known as that of another sum explains."""
    for one in look.sheet.segments:
        amount = parse_amount(one.text)
        if amount is None or _is_of_another(look, one):
            continue
        digits = sum(character.isdigit() for character in one.text)
        bare = digits == len(one.text) and digits <= _WIDEST_BARE and one.box.height < _TALL * look.sheet.unit
        if not bare:
            yield one


def _is_of_another(look: Look, one: Segment) -> bool:
    for key in look.sheet.keys:
        named = key.inline is one or key.piece.line == one.line or one in look.sheet.right_of(key)
        if named or one in look.sheet.below(key):
            return VALUE_KIND[key.label] is not ValueKind.NONE
    # What is taken off has a minus and a name, whatever the name.
    lefts = [other for other in look.sheet.segments if other.box.x1 <= one.box.x0 and same_row(other.box, one.box)]
    return bool(lefts) and one.text.lstrip().startswith(("-", "−", "–"))
