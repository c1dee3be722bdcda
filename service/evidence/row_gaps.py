"""Rows of a page whose value is hidden, whatever their name: told by how the other rows are set."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from itertools import pairwise

from service.domain.evidence import Box, FlawKind, Gap, GapKind
from service.evidence.fact_gaps import WIDE_MARK, in_place_of_text
from service.evidence.lexicon import VALUE_KIND, ValueKind
from service.evidence.name_places import WITH_VALUE, among_the_names, of_a_picture, pieces_of
from service.evidence.normalise import is_cjk
from service.evidence.page_look import HALF, Look, overlaps
from service.evidence.segments import Segment

# In line heights: how well edges of one column agree, and how much rows of one list may differ in height and distance.
_ALIGNED = 0.7
_SAME_HEIGHT, _SAME_PITCH = 0.2, 0.08
_FEWEST_VALUES, _FEWEST_ROWS = 2, 3
_LONGEST_NAME = 16  # half ems
_TALLEST_MARK = 3.0
_SURELY_LEGIBLE = 0.93
# What buyers may fill in or leave out; many apps print a dash there, which is seldom read.
_MAY_BE_EMPTY = re.compile(r"备注|留言|附言|说明|发票|标签|note|remark|memo|message|invoice|comment", re.IGNORECASE)


def hidden_rows(look: Look) -> Iterator[Gap]:
    """At most one gap of the page as a whole: a value nobody can name is covered."""
    for gap in (*_values_of_others(look), *_in_a_column(look), *_without_value(look)):
        yield gap
        return


def _values_of_others(look: Look) -> Iterator[Gap]:
    """In the place of a number, a sum or a moment that is not asked for, or not by this name."""
    for key in look.sheet.keys:
        if VALUE_KIND[key.label] is ValueKind.TEXT or not key.hit.whole or pieces_of(look, key):
            continue
        gap = in_place_of_text(look, key)
        if gap is not None and gap.kind is GapKind.COVERED and gap.box and not _runs_out(look, gap.box):
            yield gap


def _in_a_column(look: Look) -> Iterator[Gap]:
    """Long marks that begin or end where the values of the page do."""
    unit = look.sheet.unit
    values = [piece.box for key in look.sheet.keys for piece in pieces_of(look, key)[:1]]
    for flaw in look.of(FlawKind.MARK):
        box = flaw.box
        if box.width < WIDE_MARK * unit or box.height > _TALLEST_MARK * unit or _runs_out(look, box):
            continue
        if of_a_picture(look, box) or _is_print(look, box):
            continue
        left = sum(abs(one.x0 - box.x0) <= _ALIGNED * unit for one in values)
        right = sum(abs(one.x1 - box.x1) <= _ALIGNED * unit for one in values)
        if max(left, right) >= _FEWEST_VALUES and among_the_names(look, box):
            yield Gap(kind=GapKind.COVERED, box=box)


def _is_print(look: Look, box: Box) -> bool:
    """Large print fills its row as a mark does, but is read."""
    return any(
        one.score >= _SURELY_LEGIBLE
        and overlaps(one.box, box)
        and min(one.box.x1, box.x1) - max(one.box.x0, box.x0) >= HALF * box.width
        for one in look.sheet.segments
    )


def _runs_out(look: Look, box: Box) -> bool:
    """A band or a card's rim, which no cover over a value is."""
    return box.x1 >= look.image.width - 2 or box.x0 <= 2


def _without_value(look: Look) -> Iterator[Gap]:
    """A short text in the column of names, alone in its row, between rows at the same distance that have values."""
    rows = [sorted(row, key=lambda one: one.box.x0) for row in look.sheet.rows]
    pairs = [row for row in rows if len(row) == 2 and _is_name(row[0])]
    if len(pairs) < _FEWEST_ROWS:
        return
    unit = look.sheet.unit
    pitches = [
        lower[0].center_y - upper[0].center_y for upper, lower in pairwise(rows) if upper in pairs and lower in pairs
    ]
    usual = statistics.median(pitches) if pitches else 0.0
    for above, row, under in zip(rows, rows[1:], rows[2:], strict=False):
        if (
            len(row) != 1
            or not _is_name(row[0])
            or _MAY_BE_EMPTY.search(row[0].text)
            or len(above) != 2
            or len(under) != 2
        ):
            continue
        names = [above[0], row[0], under[0]]
        first, second = (b.center_y - a.center_y for a, b in pairwise(names))
        heights = [one.box.height for one in names]
        middle = statistics.median(heights)
        if (
            max(one.box.x0 for one in names) - min(one.box.x0 for one in names) <= _ALIGNED * unit
            and max(abs(first - usual), abs(second - usual)) <= _SAME_PITCH * usual
            and max(heights) - min(heights) <= 2 * _SAME_HEIGHT * middle
            and _one_column(above[1], under[1], unit)
            and not any(WITH_VALUE.match(one.text) for one in (above[1], under[1]))  # a menu beside the page
        ):
            place = Box(row[0].box.x1, row[0].box.y0, max(above[1].box.x1, under[1].box.x1), row[0].box.y1)
            yield Gap(kind=GapKind.COVERED, box=place)


def _is_name(one: Segment) -> bool:
    width = sum(2 if is_cjk(character) else 1 for character in one.text)
    return 4 <= width <= _LONGEST_NAME and not any(character.isdigit() for character in one.text)


def _one_column(upper: Segment, lower: Segment, unit: float) -> bool:
    slack = _ALIGNED * unit
    return abs(upper.box.x0 - lower.box.x0) <= slack or abs(upper.box.x1 - lower.box.x1) <= slack
