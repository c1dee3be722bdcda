"""Threads whose every turn stands under its speaker's name and, right under that, its moment, all at one edge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.evidence.normalise import compact
from service.evidence.segments import Segment, same_row
from service.evidence.talk_moments import is_stamp
from service.evidence.talk_sides import says_notice

# A moment stands this near under its name, in line heights; what is over the name keeps this much further off.
_RIGHT_UNDER, _APART = 2.0, 1.2
# The mark of who serves stands this near behind a name, in line heights.
_BEHIND = 4.0
_FEWEST, _MOST_INITIALS, _FLUSH = 2, 3, 0.6
# What readers take for each other in a name.
_ALIKE = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o"})

Turn = tuple[str, str, tuple[Segment, ...], float]


@dataclass(frozen=True, slots=True)
class _Head:
    """A name, what stands behind it in its row, and the moment under it."""

    name: str
    pieces: tuple[Segment, ...]
    moment: Segment


def stacked_turns(talk: Sequence[Segment], name_of: Callable[[str], str | None]) -> list[Turn]:
    """Name, moment, words and left edge of every turn; what stands amid the thread has no name.

    Without the portraits at the left, and without a column at the right of all words: who asked, and what of.
    ``name_of``: the name a text is, or None.
    """
    heads = [head for one in talk if (head := _head(one, talk, name_of))]
    if not heads:
        return []
    edge = sorted(one.pieces[0].box.x0 for one in heads)[len(heads) // 2]
    height = heads[0].pieces[0].box.height
    heads = [one for one in heads if abs(one.pieces[0].box.x0 - edge) <= height]
    counts = Counter(_form(one.name) for one in heads)
    if len(heads) < _FEWEST or (max(counts.values()) < _FEWEST and not _pictured(heads, talk)):
        return []
    return _read_down(talk, heads, edge, height)


def _head(one: Segment, talk: Sequence[Segment], name_of: Callable[[str], str | None]) -> _Head | None:
    height = one.box.height
    if is_stamp(one.text) or not name_of(one.text):
        return None
    flush = [other for other in talk if abs(other.box.x0 - one.box.x0) <= 0.5 * height]
    under = [other for other in flush if 0.5 * height < other.center_y - one.center_y <= _RIGHT_UNDER * height]
    moment = min(under, key=lambda other: other.center_y, default=None)
    if moment is None or not is_stamp(moment.text):
        return None
    over = [one.center_y - other.center_y for other in flush if other.center_y < one.center_y - 0.5 * height]
    if min(over, default=float("inf")) <= _APART * (moment.center_y - one.center_y):
        return None
    behind = [
        other
        for other in talk
        if same_row(other.box, one.box) and -0.5 * height < other.box.x0 - one.box.x1 <= _BEHIND * height
    ]
    pieces = (one, *sorted(behind, key=lambda other: other.box.x0))
    return _Head(name_of(" ".join(piece.text for piece in pieces)) or one.text, pieces, moment)


def _form(name: str) -> str:
    return compact(name).translate(_ALIKE)


def _pictured(heads: Sequence[_Head], talk: Sequence[Segment]) -> bool:
    """Whether every heading has a portrait's letter at its left."""
    letters = [one for one in talk if len(one.text) <= _MOST_INITIALS]
    return all(
        any(
            one.box.x1 < head.pieces[0].box.x0
            and one.box.y1 > head.pieces[0].box.y0
            and one.box.y0 < head.moment.box.y1
            for one in letters
        )
        for head in heads
    )


def _read_down(talk: Sequence[Segment], heads: Sequence[_Head], edge: float, height: float) -> list[Turn]:
    named = {id(head.pieces[0]): head for head in heads}
    around = {id(one) for head in heads for one in (*head.pieces[1:], head.moment)}
    spelled = _spellings(heads)
    end = max(one.box.x1 for one in talk if abs(one.box.x0 - edge) <= height)
    turns: list[Turn] = []
    for one in sorted(talk, key=lambda piece: piece.center_y):
        if head := named.get(id(one)):
            turns.append((spelled[_form(head.name)], head.moment.text, (), edge))
        elif id(one) in around or not turns or one.box.x0 < edge - height or _in_side_column(one, talk, end):
            continue
        elif turns[-1][2] and says_notice(one.text):
            turns.append(("", "", (one,), one.box.x0))
        elif abs(one.box.x0 - edge) <= _FLUSH * height or _goes_on(turns[-1][2], one):
            turns = _with_words(turns, one)
        else:
            turns.append(("", "", (one,), one.box.x0))
    return turns


def _spellings(heads: Sequence[_Head]) -> Mapping[str, str]:
    """One spelling for what was read differently from turn to turn: the first."""
    return {_form(head.name): head.name for head in reversed(heads)}


def _in_side_column(one: Segment, talk: Sequence[Segment], end: float) -> bool:
    """Right of all that is said, with more flush over or under it."""
    return one.box.x0 > end and any(
        other is not one and abs(other.box.x0 - one.box.x0) <= 0.5 * one.box.height for other in talk
    )


def _goes_on(pieces: Sequence[Segment], one: Segment) -> bool:
    return bool(pieces) and same_row(pieces[-1].box, one.box) and one.box.x0 - pieces[-1].box.x1 <= one.box.height


def _with_words(turns: list[Turn], one: Segment) -> list[Turn]:
    """The last turn under a name with these words; after a notice they begin a message of that same turn."""
    name, moment, pieces, edge = turns[-1]
    if name:
        return [*turns[:-1], (name, moment, (*pieces, one), edge)]
    name, moment, _, edge = next(turn for turn in reversed(turns) if turn[0])
    return [*turns, (name, moment, (one,), edge)]
