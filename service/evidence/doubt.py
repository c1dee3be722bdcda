"""What speaks against a value that was read: another reader, the picture's edge, letters that may be digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.domain.evidence import Field
from service.evidence.normalise import doubtful_letters, squeeze
from service.evidence.segments import Segment
from service.evidence.sheet import Sheet

# Two readers that differ leave the value open to a slip (compare.DOUBTFUL_SCORE); what only might be is less doubtful.
DISPUTED, IN_DOUBT = 0.84, 0.89


def weighed(field: Field, pieces: Sequence[Segment], sheet: Sheet) -> Field:
    """The field with its score lowered, and a note, where the second reader saw something else in its pieces."""
    for piece in pieces:
        other = sheet.lines[piece.line].other
        if other is not None and squeeze(piece.raw) not in squeeze(other):
            return doubted(field, f"another reader sees {other}", DISPUTED)
    return field


def doubted(field: Field, note: str, score: float = IN_DOUBT) -> Field:
    """The field at ``score`` at most, with one more note."""
    notes = f"{field.note}; {note}" if field.note else note
    return replace(field, score=min(field.score, score), note=notes)


def with_doubtful_letters(field: Field) -> Field:
    """A score says nothing of O against 0 and I against 1 where letters and digits alternate at random."""
    value = str(field.value)
    return doubted(field, "letters that may be digits") if doubtful_letters(value) else field


def with_open_brackets(field: Field) -> Field:
    """What opens a bracket and does not close it goes on somewhere that was not read, and the other way round."""
    value = str(field.value)
    uneven = any(sum(map(value.count, opens)) != sum(map(value.count, closes)) for opens, closes in _BRACKETS)
    return doubted(field, "a bracket of it was not read") if uneven else field


_BRACKETS = (("(", "（"), (")", "）")), (("[", "【", "〔"), ("]", "】", "〕")), (("《",), ("》",)), (("「",), ("」",))
