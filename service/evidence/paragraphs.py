"""Lines that read on: paragraphs of dialogs, bubbles and help texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.evidence.normalise import identifier, is_cjk
from service.evidence.segments import Segment, aligned, same_row
from service.evidence.vocabulary import is_button

# A shorter identifier may be a date or the end of a number that wrapped.
_SHORTEST_VALUE, _LONG_NUMBER = 11, 15


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that read on, as one text; ``starts`` is where each piece begins in it."""

    text: str
    pieces: tuple[Segment, ...]
    starts: tuple[int, ...]

    def between(self, start: int, end: int) -> tuple[Segment, ...]:
        ends = (*self.starts[1:], len(self.text) + 1)
        spans = zip(self.pieces, self.starts, ends, strict=True)
        return tuple(piece for piece, first, last in spans if first < end and start < last)


def paragraphs(segments: Sequence[Segment]) -> Iterator[Paragraph]:
    """Paragraphs: lines close below each other, edges or middles in line, of one size."""
    rest = list(segments)
    while rest:
        pieces = [rest.pop(0)]
        while True:
            following = next((one for one in rest if _reads_on(pieces[-1], one)), None)
            if following is None or len(pieces) >= 8:
                break
            rest.remove(following)
            pieces.append(following)
        text, starts = "", []
        for piece in pieces:
            if text and not (is_cjk(text[-1]) or text[-1] in ",，、") and piece.text[:1].isascii():
                text += " "
            starts.append(len(text))
            text += piece.text
        yield Paragraph(text, tuple(pieces), tuple(starts))


def _reads_on(last: Segment, following: Segment) -> bool:
    height = last.box.height
    if _is_value(last) or _is_value(following):
        return False
    if same_row(last.box, following.box) and last.text[-1] not in "。!！.?？":
        # One printed line that the reader took apart.
        return -height <= following.box.x0 - last.box.x1 <= 0.6 * height
    return (
        0.5 * height < following.center_y - last.center_y <= 2.0 * height
        and 0.7 <= following.box.height / max(height, 1e-6) <= 1.45
        and aligned(last.box, following.box)
        and not is_button(following.text)
        and last.text[-1] not in "。!！.?？"
    )


def _is_value(piece: Segment) -> bool:
    """A code or number that is all of its line stands in a form or a table, not in a sentence."""
    found = identifier(piece.text) if " " not in piece.text else None
    return found is not None and len(found) >= _SHORTEST_VALUE and (not found.isdigit() or len(found) >= _LONG_NUMBER)
