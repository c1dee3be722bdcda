"""Lines that the detector drew across two columns: keys side by side, and their values side by side under them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.evidence.labels import EXACT, hits_in
from service.evidence.normalise import compact
from service.evidence.segments import Segment, overlap_x, part, same_row

# A value stands under its key within so many line heights, and begins within so many of the key's left edge.
_UNDER, _FLUSH = 1.6, 1.2
# Two keys are columns of their own from so many line heights between them on.
_APART = 2.0
_LONGEST_KEYS = 40


def split_columns(segments: Sequence[Segment]) -> list[Segment]:
    """``segments`` with such lines cut at the blank between two columns."""
    parted = _counts_apart([piece for one in segments for piece in _keys_apart(one)])
    heads = [one for one in parted if _is_key(one)]
    rows = [(one, other) for one in heads for other in heads if _side_by_side(one, other)]
    if not rows:
        return parted
    found: list[Segment] = []
    for one in parted:
        found += _under_both(one, rows) if " " in one.text else [one]
    return found


def _counts_apart(segments: list[Segment]) -> list[Segment]:
    """A name that reads on to the number in the column of counts is two pieces: Starter bundle 2 under Item, Qty."""
    heads = [one for one in segments if compact(one.text).strip(":") in _COUNT]
    if len(heads) != 1:
        return segments
    head = heads[0]
    found: list[Segment] = []
    for one in segments:
        match = (
            _ENDS_IN_COUNT.fullmatch(one.text) if 0 < one.center_y - head.center_y <= _TABLE * head.box.height else None
        )
        count = part(one, match.start("count"), len(one.text)) if match else None
        if match is None or count is None or overlap_x(count.box, head.box) <= 0 or _is_counted(one, head, segments):
            found.append(one)
        else:
            found += [part(one, 0, match.end("name")), count]
    return found


def _is_counted(one: Segment, head: Segment, segments: Sequence[Segment]) -> bool:
    return any(
        other is not one
        and overlap_x(other.box, head.box) > 0
        and same_row(one.box, other.box)
        and other.text.strip("xX×*").isdigit()
        for other in segments
    )


_COUNT = frozenset({"数量", "件数", "购买数量", "qty", "quantity"})
_ENDS_IN_COUNT = re.compile(r"(?P<name>.*[^\W\d_].*?[^\d.,:¥$+-])\s*(?P<count>[x×]?\d{1,2})")
_TABLE = 8.0  # line heights under its heading


def _keys_apart(one: Segment) -> list[Segment]:
    """账户名称 付款方式 in one line, and nothing else, are two keys."""
    words = one.text.split(" ")
    if not 1 < len(words) <= 3 or len(one.text) > _LONGEST_KEYS or not all(map(_names_a_key, words)):
        return [one]
    found, start = [], 0
    for word in words:
        start = one.text.index(word, start)
        found.append(part(one, start, start + len(word)))
        start += len(word)
    return found


def _names_a_key(word: str) -> bool:
    hits = hits_in(word) if len(word) >= 3 and not word.isascii() else []
    return len(hits) == 1 and hits[0].whole and not hits[0].colon and hits[0].sureness == EXACT


def _is_key(one: Segment) -> bool:
    hits = hits_in(one.text)
    return len(hits) == 1 and hits[0].whole and not hits[0].colon


def _side_by_side(left: Segment, right: Segment) -> bool:
    return right.box.x0 - left.box.x1 >= _APART * left.box.height and same_row(left.box, right.box)


def _under_both(one: Segment, rows: Sequence[tuple[Segment, Segment]]) -> list[Segment]:
    """Cut at the blank nearest to where the right column begins."""
    height = one.box.height
    for left, right in rows:
        under = 0 < one.center_y - left.center_y <= _UNDER * max(height, left.box.height)
        begins = abs(one.box.x0 - left.box.x0) <= _FLUSH * height
        if not under or not begins or not one.box.x0 + height < right.box.x0 < one.box.x1 - height:
            continue
        cuts = [(blank.start(), part(one, blank.end(), len(one.text))) for blank in re.finditer(r" +", one.text)]
        start, tail = min(cuts, key=lambda cut: abs(cut[1].box.x0 - right.box.x0))
        if abs(tail.box.x0 - right.box.x0) <= _FLUSH * height:
            return [part(one, 0, start), tail]
    return [one]
