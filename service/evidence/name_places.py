"""Where the value of a printed name should stand, and how the names of a page stand to each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from service.domain.evidence import Box, FlawKind
from service.evidence.demands import NAMES
from service.evidence.page_look import HALF, Look
from service.evidence.segments import Segment, overlap_y
from service.evidence.sheet import Key

_ALIGNED = 0.7  # line heights
WITH_VALUE = re.compile(r"[^\s:：]{2,8}[:：]\s*\S")
_ROWS, _SAME_PITCH = 3, 0.06


def pieces_of(look: Look, key: Key) -> list[Segment]:
    """What stands where the key's value should, read or not; a watermark runs over everything."""
    around = (*look.sheet.right_of(key), *look.sheet.below(key))
    return [piece for piece in around if not look.is_slanted(piece)]


def inline_piece(key: Key) -> tuple[Segment, ...]:
    return (key.inline,) if key.inline is not None else ()


def end_of_place(look: Look, key: Key) -> float:
    """Where the place of a value beside its name ends: at the next name of the row, or the page's edge."""
    beside = [
        other.box.x0 for other in look.sheet.keys if other.box.x0 > key.box.x1 and overlap_y(key.box, other.box) > HALF
    ]
    return min([look.image.width, *beside])


def place_of(look: Look, key: Key) -> Box:
    """Where the value should stand: to the right of its name, or in the row under it."""
    return Box(key.box.x0, key.box.y0, end_of_place(look, key), key.box.y1 + 1.6 * key.box.height)


def stands_among_values(look: Look, key: Key) -> bool:
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
            follows = follows or WITH_VALUE.match(first.text) is not None
            found.append((first.center_y, follows or first.line in inline))
    return found


def stands_among_tiles(look: Look, key: Key) -> bool:
    """Whether another name in this one's row has its value right under it, where this one has nothing."""
    if not key.hit.whole or pieces_of(look, key):
        return False
    return any(
        other is not key
        and other.hit.whole
        and overlap_y(other.box, key.box) > HALF
        and any(abs(one.box.x0 - other.box.x0) <= _ALIGNED * look.sheet.unit for one in look.sheet.below(other)[:1])
        for other in look.sheet.keys
        if other.label in NAMES
    )


def is_one_of_a_column(look: Look, key: Key) -> bool:
    """Whether names with values stand in line with this one."""
    slack = _ALIGNED * look.sheet.unit
    return any(
        min(abs(other.box.x0 - key.box.x0), abs(other.box.x1 - key.box.x1), abs(other.box.y0 - key.box.y0)) <= slack
        and (other.inline is not None or pieces_of(look, other))
        for other in look.sheet.keys
        if other is not key and other.label in NAMES
    )


def of_a_picture(look: Look, box: Box) -> bool:
    """Marks right over each other are the rows a picture was seen in."""
    return any(
        flaw.box != box
        and min(flaw.box.x1, box.x1) > max(flaw.box.x0, box.x0)
        and max(flaw.box.y0 - box.y1, box.y0 - flaw.box.y1) <= HALF * look.sheet.unit
        for flaw in look.of(FlawKind.MARK)
    )


def among_the_names(look: Look, box: Box) -> bool:
    """Between the first and the last name of a fact, give or take a row or two; not a camera's notch or a card."""
    names = _names(look)
    reach = 3 * look.sheet.unit
    return bool(names) and (
        min(one.y0 for one in names) - reach <= box.y0 and box.y1 <= max(one.y1 for one in names) + reach
    )


def _names(look: Look) -> list[Box]:
    return [key.box for key in look.sheet.keys if key.label in NAMES]
