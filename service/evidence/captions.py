"""Pages that print what a value is under it, smaller: Northgate Retail / Counterparty, 6月3日 12:04 / 交易时间.

They are understood as if every name stood over its value, and told in the places where things are printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from service.domain.evidence import Box, Line
from service.evidence.labels import hits_in
from service.evidence.segments import Segment, same_row, union
from service.evidence.sheet import Key, Sheet
from service.evidence.turned import with_boxes

T = TypeVar("T")

_FEWEST, _MOST_OF_ALL = 3, 0.75
# A caption stands this near under its value, in the caption's heights, and by this much nearer than to what follows.
_NEAR, _NEARER = 1.0, 0.7
_FLUSH = 0.6
# A value set larger than its caption wraps within this many of its heights.
_LARGER, _WRAPS, _MOST_LINES = 0.8, 0.5, 3


@dataclass(frozen=True, slots=True)
class Captioned:
    """``lines`` with each caption over its value; ``moved``: captions and whole values where they stand there, and how
    far down from where they are printed."""

    lines: tuple[Line, ...]
    moved: tuple[tuple[Box, float], ...]


def captioned(sheet: Sheet) -> Captioned | None:
    """The page with its captions on top; None where names stand before or over their values."""
    keys = [key for key in sheet.keys if key.hit.whole and key.inline is None and not sheet.right_of(key)]
    if len(keys) < _FEWEST:
        return None
    pairs = [(key, value) for key in keys if (value := _value_over(sheet, key))]
    if len(pairs) < max(_FEWEST, _MOST_OF_ALL * len(keys)):
        return None
    lines, moved = list(sheet.lines), []
    for key, value in pairs:
        caption = sheet.lines[key.piece.line].box
        up, down = value[-1].box.y0 - caption.y0, caption.y1 - value[0].box.y1
        for places, by in (([key.piece.line], up), ([one.line for one in value], down)):
            for place in places:
                lines[place] = replace(lines[place], box=_by(lines[place].box, by))
            moved.append((union(lines[place].box for place in places), by))
    return Captioned(tuple(lines), tuple(moved))


def as_printed(found: T, swapped: Captioned) -> T:
    """What was found on the ``captioned`` page, boxes where things are printed."""
    printed: T = with_boxes(found, partial(_back, moved=swapped.moved))
    return printed


def _back(box: Box, *, moved: Sequence[tuple[Box, float]]) -> Box:
    middle = (box.y0 + box.y1) / 2
    for there, by in moved:
        if there.y0 <= middle <= there.y1 and there.x0 - 1 <= box.x0 and box.x1 <= there.x1 + 1:
            return _by(box, -by)
    return box


def _value_over(sheet: Sheet, key: Key) -> list[Segment]:
    """The lines right over a caption, lowest first; none where what follows is nearer or they are a name's own."""
    height = key.box.height
    flush = [
        one
        for one in sheet.segments
        if one is not key.piece
        and one.line != key.piece.line
        and abs(one.box.x0 - key.box.x0) <= _FLUSH * max(height, one.box.height)
        and not same_row(one.box, key.box)
    ]
    over = [one for one in flush if one.center_y < key.piece.center_y]
    under = [one for one in flush if one.center_y > key.piece.center_y]
    if not over:
        return []
    nearest = max(over, key=lambda one: one.center_y)
    gap = key.box.y0 - nearest.box.y1
    below = min((one.box.y0 - key.box.y1 for one in under), default=float("inf"))
    named = any(hit.whole for hit in hits_in(nearest.text))
    if gap > _NEAR * height or gap > _NEARER * below or named or nearest.box.height < _LARGER * height:
        return []
    lines = [nearest]
    for one in sorted(over, key=lambda one: -one.center_y)[1:_MOST_LINES]:
        upper_gap = lines[-1].box.y0 - one.box.y1
        alike = 0.8 <= one.box.height / max(nearest.box.height, 1e-6) <= 1.25
        if upper_gap > _WRAPS * nearest.box.height or not alike or hits_in(one.text):
            break
        lines.append(one)
    return lines


def _by(box: Box, down: float) -> Box:
    return Box(box.x0, box.y0 + down, box.x1, box.y1 + down)
