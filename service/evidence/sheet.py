"""A page as keys and free text: which piece stands beside or below which key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from service.domain.evidence import Box, Line
from service.evidence.amounts import parse_amount
from service.evidence.column_lines import split_columns
from service.evidence.key_columns import bare_order_keys, column_keys
from service.evidence.keys import Key as Key
from service.evidence.keys import dated, directly_below, ends_above, is_a_tile, keys_in, split_prices, wrapped_keys
from service.evidence.labels import hits_in
from service.evidence.lexicon import VALUE_KIND, Label, ValueKind
from service.evidence.normalise import without_copy_button
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
from service.evidence.silent_keys import any_amount, has_value
from service.evidence.times import is_moment
from service.evidence.value_words import is_tail, is_value_word, others_in_row
from service.evidence.vocabulary import asks_to_pay, is_payment_method, status_text

# A value below its key starts within this many line heights of it; further where something else (a barcode, a remark)
# stands beside the key and the value had to move down.
BELOW_REACH = 2.5
BELOW_REACH_PAST_REMARK = 7.0
# Text this near to the picture's edge, in its own heights, is cut by it.
AT_THE_EDGE = 0.08
# A piece this short may be much flatter than the line it ends, whose box a slant makes higher.
_FEW_LETTERS = 4


def _is_state(text: str) -> bool:
    return status_text(text) is not None


_FITTING: Mapping[Label, Callable[[str], bool]] = {Label.PAYMENT_METHOD: is_payment_method, Label.STATUS: _is_state}
_SHORTEST_NAME = 3
_ANOTHER_COLUMN = 8.0  # line heights


class Sheet:
    """Geometry of one page. Pure: built from lines, never changed. ``frame``: the picture's own edges, if known."""

    def __init__(self, lines: Sequence[Line], frame: Box | None = None) -> None:
        self.lines = tuple(lines)
        # Lines past the edges: the size is not that of the picture the lines are of.
        self.frame = frame if frame and all(line.box.x1 <= frame.x1 + 1 for line in lines) else None
        self.segments = split_columns(split_prices(segments_of(lines)))
        self.unit = line_height(self.segments)
        self.bounds = union(one.box for one in self.segments) if self.segments else Box(0, 0, 0, 0)
        self.rows = rows_of(self.segments)
        self.keys, self.free = self._split()
        self._right: dict[int, list[Segment]] = {}
        self._owner = {id(one): self._owner_of(one) for one in self.free}

    def _split(self) -> tuple[list[Key], list[Segment]]:
        keys: list[Key] = []
        free: list[Segment] = []
        wrapped = wrapped_keys(self.segments)
        used = {id(piece) for _, pieces in wrapped for piece in pieces}
        keys.extend(key for key, _ in wrapped)
        for segment in self.segments:
            if id(segment) in used:
                continue
            hits = hits_in(segment.text)
            if not hits or is_value_word(self.segments, segment, hits) or is_tail(self.segments, segment, hits):
                free.append(segment)
            else:
                keys.extend(keys_in(segment, hits))
                if is_moment(before := segment.text[: hits[0].start].rstrip()):
                    free.append(part(segment, 0, len(before)))  # 2025-06-13 07:52:38 实付¥91.68
        glued = [*column_keys(keys, free, self.unit), *bare_order_keys(keys, free, self.unit)]
        keys.extend(key for segment, hit in glued for key in keys_in(segment, [hit]))
        taken = {id(segment) for segment, _ in glued}
        return dated(keys, free), [one for one in free if id(one) not in taken]

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
        owner = max((key for share, key in beside if share >= best - 0.25), key=lambda key: key.box.x0)
        if (
            self._heads_its_own_tile(segment, owner)
            or self._is_of_the_key_above(segment, owner)
            or self._is_a_tile_beside(segment, owner)
        ):
            return None
        return owner

    def _is_a_tile_beside(self, segment: Segment, owner: Key) -> bool:
        """Beside a way to pay or a state that stands under its key: the next tile's head. Paid with / Apple Pay."""
        fits = _FITTING.get(owner.label)
        if fits is None or not owner.hit.whole or owner.inline or fits(segment.text):
            return False
        return any(directly_below(owner.piece, one, reach=1.6) and fits(one.text) for one in self.segments)

    def _is_of_the_key_above(self, segment: Segment, owner: Key) -> bool:
        """Under a key of its own, in another column than the key in its row: a page's summary beside its goods."""
        far = segment.box.x0 - owner.box.x1 > _ANOTHER_COLUMN * segment.box.height
        coded = owner.label is Label.CARD_SECRET and "@" in segment.text  # beside a menu's Redeem a code
        return (far or coded) and any(
            key is not owner
            and key.hit.whole
            and key.inline is None
            and abs(key.box.x0 - segment.box.x0) <= 0.5 * segment.box.height
            and (directly_below(key.piece, segment, reach=1.0) or (coded and ends_above(key.piece, segment)))
            and not self._names(key, owner)
            for key in self.keys
        )

    def _names(self, key: Key, owner: Key) -> bool:
        """Whether the key above may be a value that reads like a key, with its own key in the column of ``owner``."""
        return any(
            same_row(other.box, key.box) and abs(other.box.x0 - owner.box.x0) <= self.unit and not other.inline
            for other in self.keys
            if other is not key
        )

    def _heads_its_own_tile(self, segment: Segment, key: Key) -> bool:
        """Payment completed over its moment, beside a key over its value: Paid from / PayPal."""
        if status_text(segment.text) is None:
            return False
        return any(
            is_moment(moment.text)
            and directly_below(segment, moment, reach=1.2)
            and abs(moment.box.x0 - segment.box.x0) <= 0.5 * segment.box.height
            and any(
                same_row(one.box, moment.box)
                and abs(one.box.x0 - key.box.x0) <= 0.5 * key.box.height
                and (is_payment_method(one.text) or not hits_in(one.text))
                for one in self.segments
            )
            for moment in self.segments
        )

    def right_of(self, key: Key) -> list[Segment]:
        """Free pieces of the key's row, up to the next key, in reading order (upper lines first)."""
        if id(key) not in self._right:
            self._right[id(key)] = self._find_right_of(key)
        return self._right[id(key)]

    def _find_right_of(self, key: Key) -> list[Segment]:
        found = self._around(key, [one for one in self.free if self._owner[id(one)] is key])
        stacked = any(overlap_x(a.box, b.box) > 0.3 for a in found for b in found if a is not b)
        return sorted(found, key=lambda one: (one.center_y, one.box.x0) if stacked else (one.box.x0, 0.0))

    def _around(self, key: Key, beside: list[Segment]) -> list[Segment]:
        """A wrapped value stands with its middle beside the key: of two lines neither shares the key's row enough."""
        if not key.hit.whole or len(beside) > 1:
            return beside
        reach = 0.9 * key.box.height + (beside[0].box.height if beside else 0.0)
        others = [
            one
            for one in self.free
            if self._owner[id(one)] is None
            and one.box.x0 > key.box.x1
            and abs(one.center_y - key.piece.center_y) <= reach
            and 0.6 <= one.box.height / max(key.box.height, 1e-6) <= 1.6
            and not self._has_a_word(one, key)
        ]
        for upper in others:
            for lower in others:
                between = upper.center_y < key.piece.center_y < lower.center_y
                if between and ends_above(upper, beside[0] if beside else lower):
                    if not beside:
                        return [upper, lower]
                    if ends_above(beside[0], lower):
                        return [upper, beside[0], lower]
        if beside and beside[0].center_y - key.piece.center_y >= 0.25 * key.box.height:
            # Of two lines around the key's middle a slant let the lower one share its row.
            for upper in others:
                middle = (upper.center_y + beside[0].center_y) / 2
                if abs(middle - key.piece.center_y) <= 0.35 * key.box.height and ends_above(upper, beside[0]):
                    return [upper, beside[0]]
        return beside

    def _has_a_word(self, one: Segment, key: Key) -> bool:
        """Whether a word in the keys' column stands beside it, though no key known here: Handling ¥0.00."""
        flush = [
            other for other in others_in_row(self.segments, one) if abs(other.box.x0 - key.box.x0) <= key.box.height
        ]
        return any(other is not key.piece and not same_row(other.box, key.box) for other in flush)

    def over(self, key: Key) -> Segment | None:
        """The figure over its key, as tiles show it: middles in line, close above, the key's column holding no more."""
        if not key.hit.whole or VALUE_KIND[key.label] not in (ValueKind.AMOUNT, ValueKind.TEXT) or self.below(key):
            return None
        slack, line = 0.6 * key.box.height, self.lines[key.piece.line].box  # 实付（含优惠） with its remark
        near = [
            one
            for one in self.free
            if self._owner[id(one)] is None
            and (abs(one.center_x - key.piece.center_x) <= slack or abs(one.box.x1 - line.x1) <= slack)
            and -0.3 * key.box.height <= key.box.y0 - one.box.y1 <= 1.2 * key.box.height
            and parse_amount(one.text)
        ]
        nearest = max(near, key=lambda one: one.box.y1, default=None)
        return (
            nearest
            if nearest and not any(same_row(one.box, nearest.box) for one in near if one is not nearest)
            else None
        )

    def askew(self, key: Key) -> Segment | None:
        """The piece to the right a photo's slant has lifted out of the key's row: nobody's, and nearest to this key."""
        if not key.hit.whole or self.right_of(key):
            return None
        near = [
            one
            for one in self.free
            if self._owner[id(one)] is None
            and one.box.x0 > key.box.x1
            and abs(one.center_y - key.piece.center_y) <= 1.2 * key.box.height
            and self._rows_nearest(one) is key
        ]
        return near[0] if len(near) == 1 else None

    def _rows_nearest(self, segment: Segment) -> Key:
        return min(
            (key for key in self.keys if key.box.x1 < segment.box.x0 and not self.right_of(key)),
            key=lambda key: abs(key.piece.center_y - segment.center_y),
        )

    def below(self, key: Key) -> list[Segment]:
        """Free pieces under the key that belong to no other, nearest first."""
        if not key.hit.whole:
            return []
        beside = self.right_of(key)
        # Words side by side are steps or tabs, no remark.
        words = len(beside) > 1 and not any(character.isdigit() for one in beside for character in one.text)
        reach = (BELOW_REACH_PAST_REMARK if beside and not words else BELOW_REACH) * self.unit
        columns = [key.box, *(one.box for one in beside)]
        found = [
            one
            for one in self.free
            if self._owner[id(one)] is None
            and one.box.y0 >= key.box.y1 - 0.5 * key.box.height
            and one.center_y > key.box.y1
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

    def cut_off(self, box: Box) -> bool:
        """Whether the picture's left or right edge runs through a text: nobody knows how it goes on."""
        if self.frame is None:
            return False
        slack = AT_THE_EDGE * box.height
        return box.x0 <= self.frame.x0 + slack or box.x1 >= self.frame.x1 - slack

    def heads_column(self, key: Key, segment: Segment) -> bool:
        """Whether no other key stands between ``key`` and this piece below it."""
        return not any(
            key.box.y1 < other.piece.center_y < segment.box.y0 and overlap_x(other.box, segment.box) > 0
            for other in self.keys
            if other is not key
        )

    def owner(self, segment: Segment) -> Key | None:
        return self._owner.get(id(segment))

    def continuation(self, last: Segment, first: Segment, *, key: Key | None = None) -> Segment | None:
        """The next line of a value that wraps: close below, same size, left or right edges in line, nobody else's."""
        # Where a value begins within a line is only estimated.
        slack = 0.8 if first.box == self.lines[first.line].box else 1.8
        candidates = [
            one
            for one in self.free
            if one.line not in (last.line, first.line)
            and 0 < one.center_y - last.center_y <= 1.9 * last.box.height
            and one.box.y0 - last.box.y1 <= (0.9 if _is_few(one) else 0.7) * last.box.height
            and _alike(one, last)
            and (
                abs(one.box.x0 - first.box.x0) <= slack * last.box.height
                or abs(self._right_edge(one) - first.box.x1) <= 0.6 * last.box.height
                or (key is not None and abs(one.box.x0 - key.box.x0) <= 0.8 * last.box.height)
            )
            and self._owner[id(one)] in (None, key)
            and without_copy_button(one.text)
            and not (key is not None and self._is_named(one, key, (last, first)))
        ]
        return min(candidates, key=lambda one: one.center_y) if candidates else None

    def _is_named(self, one: Segment, key: Key, value: Sequence[Segment]) -> bool:
        """Whether a word in the keys' column stands beside it, though no key known here: Rewards 128 XP."""
        return any(
            other.line not in (key.piece.line, *(piece.line for piece in value))
            and other.box.x1 < one.box.x0
            and abs(other.box.x0 - key.box.x0) <= 0.5 * key.box.height
            and len(other.text) >= _SHORTEST_NAME
            and 0.75 <= other.box.height / max(key.box.height, 1e-6) <= 1.33
            for other in others_in_row(self.segments, one)
        )

    def _right_edge(self, one: Segment) -> float:
        """Where it ends with the button behind it that copies it."""
        buttons = [
            other.box.x1
            for other in self.segments
            if 0 <= other.box.x0 - one.box.x1 + 0.5 * one.box.height <= 2 * one.box.height
            and same_row(one.box, other.box)
            and not without_copy_button(other.text)
        ]
        return max(buttons, default=one.box.x1)

    @cached_property
    def standing(self) -> list[Segment]:
        """Free pieces and keys without any value, in reading order: text that stands for itself."""
        silent = [
            key.piece
            for key in self.keys
            if key.hit.whole
            and not key.hit.colon
            and not has_value(key.label, self.right_of(key))
            and not any_amount(self.below(key))
            and not (VALUE_KIND[key.label] is ValueKind.TIME and self.below(key))
        ]
        return sorted([*self.free, *silent], key=lambda one: (one.center_y, one.box.x0))

    @cached_property
    def texts(self) -> list[str]:
        return [one.text for one in self.segments]

    @cached_property
    def asks_to_pay(self) -> bool:
        """A checkout or a price list: nothing on it was paid yet, save what an order number stands beside."""
        # Paid over a sum tells that it was.
        if any(status_text(key.piece.text) and any_amount(self.below(key)) for key in self.keys_of(Label.PAID)):
            return False
        return any(
            asks_to_pay(one.text) and not is_a_tile(one, self.rows) and not self._is_dated(one) for one in self.free
        )

    def _is_dated(self, segment: Segment) -> bool:
        """提交订单 beside or over its moment is a step that was taken, not a button."""
        return any(
            is_moment(one.text) and (same_row(one.box, segment.box) or directly_below(segment, one, reach=1.2))
            for one in self.segments
        )

    def keys_of(self, *labels: Label) -> list[Key]:
        return [key for key in self.keys if key.label in labels]


def _alike(one: Segment, last: Segment) -> bool:
    """Of one size; the box of a few letters may be much flatter or higher than a whole line's."""
    share = one.box.height / max(last.box.height, 1e-6)
    return 0.4 <= share <= 1.8 if _is_few(one) else 0.7 <= share <= 1.4


def _is_few(one: Segment) -> bool:
    return len(without_copy_button(one.text)) <= _FEW_LETTERS
