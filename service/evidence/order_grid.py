"""The columns of a page that sets the cards of its orders side by side, as shops do on wide screens."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import pairwise

from service.domain.evidence import Line
from service.evidence.amounts import parse_amount
from service.evidence.lexicon import Label
from service.evidence.normalise import compact
from service.evidence.order_table import called_number, heading, unheaded
from service.evidence.segments import Segment
from service.evidence.sheet import Sheet
from service.evidence.times import is_clock, is_moment
from service.evidence.vocabulary import is_button, status_text

_Sign = tuple[str, str]  # meaning, and the key's word
_FEWEST_SIGNS = 2
_SAME_PITCH, _LEAST_GUTTER = 1.5, 0.5  # line heights
# What says which order a card shows, and what says how it went and for how much.
_MOMENT, _NUMBER, _SUM, _STATE = "moment", "number", "sum", "state"
_WHICH = frozenset(
    (_MOMENT, _NUMBER, Label.ORDER_NUMBER.value, Label.ORDERED_AT.value, Label.CREATED_AT.value, Label.PAID_AT.value)
)
_HOW = frozenset((_SUM, _STATE, Label.PAID.value, Label.TOTAL.value, Label.ORDER_TOTAL.value, Label.STATUS.value))
# In columns narrower than this, in line heights, stand the facts of one order.
_NARROWEST = 8.0


def columns_of(sheet: Sheet, body: Sequence[Sequence[Segment]]) -> list[list[Line]]:
    """The lines of each column of cards from left to right; none where the cards stand only under each other.

    Side by side the same kinds of facts (a number, a moment, a sum, a state), in the same words, stand several times in
    one row, all of them equally far apart. ``body``: the page's rows below its title and tabs.
    """
    keys, values = _keys_and_values(sheet)
    rows = [list(_signs(keys, values, row)) for row in body]
    most = _abreast(rows)
    if most < 2 or heading(sheet) or unheaded(sheet) or _are_two_screens(sheet):
        return []
    full = {
        sign: pieces
        for row in rows
        for sign in {sign for sign, _ in row}
        if len(pieces := [one for other, one in row if other == sign]) == most
    }
    pitch = _pitch(list(full.values()), sheet.unit)
    if pitch is None:
        return []
    kept = [pieces for pieces in full.values() if _stands_at(pieces, pitch, sheet.unit)]
    if not all(any(sign[0] in group for sign, row in full.items() if row in kept) for group in (_WHICH, _HOW)):
        return []  # what a shop offers has prices alone, and the two sides of a transfer have names and numbers
    pieces = [one for row in body for one in row]
    cuts = [
        _gutter(pieces, [row[place] for row in kept], [row[place + 1] for row in kept]) for place in range(most - 1)
    ]
    edges = [float("-inf"), *(cut for cut, _ in cuts), float("inf")]
    if any(room < _LEAST_GUTTER * sheet.unit for _, room in cuts):
        return []
    return [
        [Line(one.raw, one.score, one.box) for one in pieces if low <= one.center_x < high]
        for low, high in pairwise(edges)
    ]


def _are_two_screens(sheet: Sheet) -> bool:
    """Each with its status bar: two pages in one picture."""
    return any(sum(is_clock(one.text) for one in row) > 1 for row in sheet.rows[:1])


def _keys_and_values(sheet: Sheet) -> tuple[dict[int, _Sign], set[int]]:
    """By its line every key's meaning and word; the lines of the values beside or under keys."""
    keys = {key.piece.line: (key.label.value, compact(key.piece.text).strip(":")) for key in sheet.keys}
    bare = [key for key in sheet.keys if key.inline is None]
    return keys, {one.line for key in bare for one in sheet.right_of(key) or sheet.below(key)[:1]}


def _signs(keys: Mapping[int, _Sign], values: Set[int], row: Sequence[Segment]) -> Iterator[tuple[_Sign, Segment]]:
    """What the pieces of a row say of an order, by their key or, without any, by what they are."""
    for one in row:
        if one.line in keys:
            if keys[one.line][0] in _WHICH | _HOW:
                yield keys[one.line], one
        elif one.line in values:
            continue
        elif is_moment(one.text):
            yield (_MOMENT, ""), one
        elif (amount := parse_amount(one.text)) and amount.marked:
            yield (_SUM, ""), one
        elif status_text(one.text) and not is_button(one.text):
            yield (_STATE, ""), one
        elif called_number(one.text):
            yield (_NUMBER, ""), one


def _abreast(rows: Sequence[Sequence[tuple[_Sign, Segment]]]) -> int:
    """How many of each of several kinds stand in one row at most."""
    counts: dict[_Sign, int] = {}
    for row in rows:
        for sign in {sign for sign, _ in row}:
            counts[sign] = max(counts.get(sign, 0), sum(other == sign for other, _ in row))
    ranked = sorted(counts.values(), reverse=True)
    return ranked[_FEWEST_SIGNS - 1] if len(ranked) >= _FEWEST_SIGNS else 0


def _pitch(rows: Sequence[Sequence[Segment]], unit: float) -> float | None:
    """How far apart the columns are, if several kinds of facts agree on it."""
    for first in rows:
        for steps in _steps(first):
            pitch = statistics.fmean(steps)
            agree = sum(_stands_at(row, pitch, unit) for row in rows)
            if pitch >= _NARROWEST * unit and agree >= _FEWEST_SIGNS:
                return pitch
    return None


def _steps(row: Sequence[Segment]) -> list[list[float]]:
    """The distances of neighbours, by their left edges and by their right ones."""
    return [
        [b.box.x0 - a.box.x0 for a, b in pairwise(row)],
        [b.box.x1 - a.box.x1 for a, b in pairwise(row)],
    ]


def _stands_at(row: Sequence[Segment], pitch: float, unit: float) -> bool:
    return any(all(abs(step - pitch) <= _SAME_PITCH * unit for step in steps) for steps in _steps(row))


def _gutter(pieces: Sequence[Segment], left: Sequence[Segment], right: Sequence[Segment]) -> tuple[float, float]:
    """The middle and the width of the widest room between two columns that nothing stands in."""
    start, end = max(one.box.x1 for one in left), min(one.box.x0 for one in right)
    between = sorted((one.box.x0, one.box.x1) for one in pieces if one.box.x1 > start and one.box.x0 < end)
    best, reached = (start, 0.0), start
    for x0, x1 in [*between, (end, end)]:
        if x0 - reached > best[1]:
            best = ((reached + x0) / 2, x0 - reached)
        reached = max(reached, x1)
    return best
