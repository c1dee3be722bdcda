"""Sums that are hidden where no name announces them: the large figure of a payment, and one of which an end is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.domain.evidence import Box, Field, FieldName, FlawKind, Gap, GapKind, PageKind
from service.evidence.amounts import parse_amount
from service.evidence.demands import CORE
from service.evidence.fact_gaps import is_printed
from service.evidence.lexicon import VALUE_KIND, ValueKind
from service.evidence.name_places import of_a_picture
from service.evidence.page_look import Look, beside, overlaps
from service.evidence.segments import Segment, same_row
from service.evidence.words_gaps import NAMES_OF_A_FORM, names_of_a_form, says_a_sum

# What was asked before anything was taken off it, where no paid sum stands.
_BEFORE_DISCOUNTS = ("order_total", "total", "goods_total")
_WIDEST_BARE = 3  # digits without mark or point, of which a row's rest or a count is made
_TALL, _TALLEST, _WIDE = 1.3, 4.5, 2.0  # line heights
# Of a column of sums: how many over this one, how well in line, how near, and how much is missing (line heights).
_COLUMN, _IN_LINE, _CLOSE, _SHORT, _FAR = 2, 0.3, 8.0, 0.7, 3.5
_UNFINISHED = re.compile(r"\d\s*[.,，]$")
_POINT = re.compile(r"[.．]\d{1,2}\D*$")


def hidden_sum(look: Look) -> Gap | None:
    """The sum of a payment whose page shows none, or a sum of which only the beginning stands."""
    field = look.fields.get(FieldName.AMOUNT)
    if field is not None and (gap := _in_part(look, field)):
        return gap
    if look.kind not in CORE or is_printed(look, FieldName.AMOUNT):
        return None
    if field is None or field.rule.startswith(_BEFORE_DISCOUNTS):
        return _figure_cut_short(look) or _over_the_form(look, field)
    return None


def _figure_cut_short(look: Look) -> Gap | None:
    """The beginning of a large figure."""
    for one in look.sheet.segments:
        if one.box.height >= _TALL * look.sheet.unit and parse_amount(one.text):
            if edge := look.touched(one.box):
                return Gap(kind=GapKind.CUT_OFF, field=FieldName.AMOUNT, edge=edge, box=one.box)
            for flaw in look.of(FlawKind.MARK):
                if beside(one.box, flaw.box):
                    return Gap(kind=GapKind.COVERED, field=FieldName.AMOUNT, box=flaw.box)
    return None


def _over_the_form(look: Look, field: Field | None) -> Gap | None:
    names = names_of_a_form(look)
    payment = look.kind is PageKind.PAYMENT
    if (field is not None and not payment) or (field is None and says_a_sum(look)):
        return None
    if len(names) < NAMES_OF_A_FORM or (not payment and any(_unexplained(look))):
        return None
    for flaw in look.of(FlawKind.MARK, FlawKind.UNREAD):
        sure = flaw.kind is FlawKind.MARK or not payment
        if sure and _over_the_names(look, flaw.box, names) and not of_a_picture(look, flaw.box):
            return Gap(kind=GapKind.COVERED, field=FieldName.AMOUNT, box=flaw.box)
    whole = payment and look.begins_like_a_page and not look.cut_edges
    # No app records a payment without its sum; what it was before discounts is not that.
    shown = any(_unexplained(look)) if field is None else not _is_discounted(look)
    return Gap(kind=GapKind.COVERED, field=FieldName.AMOUNT) if whole and not shown else None


def _is_discounted(look: Look) -> bool:
    for one in look.sheet.segments:
        amount = parse_amount(one.text)
        if amount is not None and amount.minor and amount.sign < 0 and _lefts(look, one):
            return True
    return False


def _in_part(look: Look, field: Field) -> Gap | None:
    """``¥1,``, or ``¥8`` where other sums go on behind a point: before a mark, or short of the end of its column."""
    sums = [one for one in look.sheet.segments if parse_amount(one.text)]
    for one in sums:
        if not overlaps(one.box, field.box):
            continue
        if _UNFINISHED.search(one.text):
            return Gap(kind=GapKind.COVERED, field=FieldName.AMOUNT, box=one.box)
        others = [other for other in sums if other is not one]
        pointed = [other for other in others if _POINT.search(other.text)]
        if _POINT.search(one.text) or len(pointed) < max(1, len(others) - len(pointed)):
            continue
        if any(beside(one.box, flaw.box) for flaw in look.of(FlawKind.MARK)) or _ends_early(one, pointed):
            return Gap(kind=GapKind.COVERED, field=FieldName.AMOUNT, box=one.box)
    return None


def _ends_early(one: Segment, others: Sequence[Segment]) -> bool:
    """Where the sums over it end in line, some characters further to the right."""
    over = [other.box for other in others if other.box.y1 <= one.box.y0 and other.box.x1 > one.box.x1]
    near = sorted(over, key=lambda box: -box.y1)[:_COLUMN]
    ends = [box.x1 for box in near]
    height = one.box.height
    return (
        len(near) == _COLUMN
        and max(ends) - min(ends) <= _IN_LINE * height
        and one.box.y0 - min(box.y0 for box in near) <= _CLOSE * height
        and _SHORT <= (min(ends) - one.box.x1) / height <= _FAR
    )


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
        if key.piece.line == one.line or one in look.sheet.right_of(key):
            return True
        if VALUE_KIND[key.label] is ValueKind.AMOUNT and one in look.sheet.below(key):
            return True
    # What is taken off has a minus and a name, whatever the name.
    return one.text.lstrip().startswith(("-", "−", "–")) and bool(_lefts(look, one))


def _lefts(look: Look, one: Segment) -> list[Segment]:
    return [other for other in look.sheet.segments if other.box.x1 <= one.box.x0 and same_row(other.box, one.box)]
