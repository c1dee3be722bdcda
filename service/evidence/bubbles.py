"""Texts as bubbles and cards of notifications hold them: lines close under each other from one left edge.

A line goes on in the next where it is full; where the next line's first word had still fitted, it ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.evidence.normalise import is_cjk
from service.evidence.paragraphs import Paragraph, breaks_within
from service.evidence.segments import Segment, same_row

# Lines of one bubble are at most this far apart, and as far from its left edge, in line heights.
_APART, _OFF_EDGE = 1.35, 0.9
_SAME_SIZE = (0.6, 1.65)
_SLACK = 1.2
_MOST_LINES = 14
# A key and its value, or the sender's mark, begin a line of their own.
_BEGINS = re.compile(r"【[^】]{2,14}】|[A-Z][a-z]+ ?[A-Za-z]* ?[A-Za-z]*:\s?\S")


def bubbles(segments: Sequence[Segment]) -> Iterator[Paragraph]:
    """Every bubble's whole text; a line that ends before the next is told by a line feed."""
    rest = sorted(segments, key=lambda one: (one.box.y0, one.box.x0))
    while rest:
        pieces = [rest.pop(0)]
        while len(pieces) < _MOST_LINES:
            following = next((one for one in rest if _follows(pieces[-1], one)), None)
            if following is None:
                break
            rest.remove(following)
            pieces.append(following)
        yield _joined(pieces)


def _follows(last: Segment, one: Segment) -> bool:
    height = max(last.box.height, 1e-6)
    if same_row(last.box, one.box):  # one printed line that the reader took apart
        return -height <= one.box.x0 - last.box.x1 <= 0.8 * height
    return (
        -0.4 * height <= one.box.y0 - last.box.y1 <= _APART * height
        and one.center_y > last.center_y
        and _SAME_SIZE[0] <= one.box.height / height <= _SAME_SIZE[1]
        and (abs(one.box.x0 - last.box.x0) <= _OFF_EDGE * height or one.box.x0 < last.box.x0 < one.box.x1)
    )


def _joined(pieces: Sequence[Segment]) -> Paragraph:
    right = max(piece.box.x1 for piece in pieces)
    text, starts = "", []
    for index, piece in enumerate(pieces):
        if index:
            last = pieces[index - 1]
            beneath = not same_row(last.box, piece.box)
            if beneath and (_BEGINS.match(piece.text) or not _is_full(last, piece, right)):
                text += "\n"
            elif not (is_cjk(text[-1]) or text[-1] in ",，、(（") and piece.text[:1].isascii():
                text += "" if breaks_within(pieces, index) else " "
        starts.append(len(text))
        text += piece.text
    return Paragraph(text, tuple(pieces), tuple(starts))


def _is_full(last: Segment, following: Segment, right: float) -> bool:
    """Whether the next line's first word had no room at this line's end."""
    word = re.match(r"[¥€£]?[!-~]+|.", following.text)
    first = word[0] if word else following.text[:1]
    weight = sum(2.0 if is_cjk(character) else 1.1 for character in first)
    width = following.box.width / max(sum(2.0 if is_cjk(character) else 1.1 for character in following.text), 1.0)
    room = right - last.box.x1
    return room < weight * width + _SLACK * last.box.height
