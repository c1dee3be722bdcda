"""A page as keys and free text: which piece stands beside or below which key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from service.domain.evidence import Box, Line
from service.evidence.labels import Hit, hits_in
from service.evidence.lexicon import VALUE_KIND, Label, ValueKind
from service.evidence.segments import (
    Segment,
    aligned,
    line_height,
    overlap_x,
    overlap_y,
    part,
    rows_of,
    same_row,
    segments_of,
    union,
)
from service.evidence.vocabulary import is_payment_method, status_text

# A value below its key starts within this many line heights of it; further where something else (a barcode, a remark)
# stands beside the key and the value had to move down.
BELOW_REACH = 2.5
BELOW_REACH_PAST_REMARK = 7.0


@dataclass(frozen=True, slots=True)
class Key:
    """A label where it stands: ``piece`` its own text and box, ``inline`` what follows it in the same line."""

    hit: Hit
    piece: Segment
    inline: Segment | None

    @property
    def label(self) -> Label:
        return self.hit.label

    @property
    def box(self) -> Box:
        return self.piece.box


class Sheet:
    """Geometry of one page. Pure: built from lines, never changed."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.segments = segments_of(lines)
        self.unit = line_height(self.segments)
        self.bounds = union(one.box for one in self.segments) if self.segments else Box(0, 0, 0, 0)
        self.rows = rows_of(self.segments)
        self.keys, self.free = self._split()
        self._owner = {id(one): self._owner_of(one) for one in self.free}

    def _split(self) -> tuple[list[Key], list[Segment]]:
        keys: list[Key] = []
        free: list[Segment] = []
        for segment in self.segments:
            hits = hits_in(segment.text)
            if not hits or self._is_value_word(segment, hits):
                free.append(segment)
            else:
                keys.extend(_keys(segment, hits))
        return keys, free

    def _is_value_word(self, segment: Segment, hits: list[Hit]) -> bool:
        """待付款 is a key before an amount, but a value beside 订单状态: told by the text key to its left."""
        only = hits[0]
        if not only.whole or only.colon or not (status_text(segment.text) or is_payment_method(segment.text)):
            return False
        row = [one for one in self.segments if one is not segment and same_row(one.box, segment.box)]
        lefts = [one for one in row if one.center_x < segment.box.x0]
        if len(row) > 1 or not lefts:
            return False
        left = hits_in(lefts[0].text)
        return (
            bool(left) and left[-1].value >= len(lefts[0].text) and VALUE_KIND[left[-1].label] is not ValueKind.AMOUNT
        )

    def _owner_of(self, segment: Segment) -> Key | None:
        """The key whose row this piece stands in, to the right of it."""
        beside = [
            (overlap_y(key.box, segment.box), key)
            for key in self.keys
            if key.piece.line != segment.line
            and same_row(key.box, segment.box)
            and key.piece.center_x < segment.center_x
            and segment.center_x > key.box.x1
        ]
        if not beside:
            return None
        best = max(share for share, _ in beside)
        return max((key for share, key in beside if share >= best - 0.25), key=lambda key: key.box.x0)

    def right_of(self, key: Key) -> list[Segment]:
        """Free pieces of the key's row, up to the next key, in reading order (upper lines first)."""
        found = [one for one in self.free if self._owner[id(one)] is key]
        stacked = any(overlap_x(a.box, b.box) > 0.3 for a in found for b in found if a is not b)
        return sorted(found, key=lambda one: (one.center_y, one.box.x0) if stacked else (one.box.x0, 0.0))

    def below(self, key: Key) -> list[Segment]:
        """Free pieces under the key that belong to no other, nearest first."""
        if not key.hit.whole:
            return []
        beside = self.right_of(key)
        reach = (BELOW_REACH_PAST_REMARK if beside else BELOW_REACH) * self.unit
        columns = [key.box, *(one.box for one in beside)]
        found = [
            one
            for one in self.free
            if self._owner[id(one)] is None
            and one.box.y0 >= key.box.y1 - 0.5 * key.box.height
            and one.box.y0 - key.box.y1 <= reach
            and any(aligned(column, one.box) or overlap_x(column, one.box) > 0.5 for column in columns)
            and self._header_of(one, reach) is key
        ]
        return sorted(found, key=lambda one: (round(one.box.y0 / max(self.unit, 1.0)), one.box.x0))

    def _header_of(self, segment: Segment, reach: float) -> Key | None:
        """The nearest key above this piece; of several in one row the one it stands under best."""
        above = [
            key
            for key in self.keys
            if key.hit.whole
            and key.box.y1 - 0.5 * key.box.height <= segment.box.y0 <= key.box.y1 + reach
            and (self._spans(key, segment))
        ]
        if not above:
            return None
        lowest = max(key.box.y1 for key in above)
        row = [key for key in above if lowest - key.box.y1 <= 0.6 * self.unit]
        return max(row, key=lambda key: (overlap_x(key.box, segment.box), -abs(key.piece.center_x - segment.center_x)))

    def _spans(self, key: Key, segment: Segment) -> bool:
        boxes = [key.box, *(one.box for one in self.right_of(key))]
        return any(aligned(box, segment.box) or overlap_x(box, segment.box) > 0.0 for box in boxes)

    def owner(self, segment: Segment) -> Key | None:
        return self._owner.get(id(segment))

    def continuation(self, last: Segment, first: Segment, *, key: Key | None = None) -> Segment | None:
        """The next line of a value that wraps: close below, same size, left or right edges in line, nobody else's."""
        candidates = [
            one
            for one in self.free
            if one.line not in (last.line, first.line)
            and 0 < one.center_y - last.center_y <= 1.9 * last.box.height
            and one.box.y0 - last.box.y1 <= 0.7 * last.box.height
            and 0.7 <= one.box.height / max(last.box.height, 1e-6) <= 1.4
            and (
                abs(one.box.x0 - first.box.x0) <= 0.8 * last.box.height
                or abs(one.box.x1 - first.box.x1) <= 0.6 * last.box.height
                or (key is not None and abs(one.box.x0 - key.box.x0) <= 0.8 * last.box.height)
            )
            and self._owner[id(one)] in (None, key)
        ]
        return min(candidates, key=lambda one: one.center_y) if candidates else None

    @cached_property
    def texts(self) -> list[str]:
        return [one.text for one in self.segments]

    def keys_of(self, *labels: Label) -> list[Key]:
        return [key for key in self.keys if key.label in labels]


def _keys(segment: Segment, hits: list[Hit]) -> list[Key]:
    found = []
    for number, hit in enumerate(hits):
        end = hits[number + 1].start if number + 1 < len(hits) else len(segment.text)
        text = segment.text[hit.value : end].rstrip(" ,;|([")
        inline = part(segment, hit.value, hit.value + len(text)) if text else None
        found.append(Key(hit, part(segment, hit.start, hit.end), inline))
    return found
