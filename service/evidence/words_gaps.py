"""Words of a running text that lie under a mark: a message of a bank's is covered within its sentence."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain.evidence import Box, FieldName, FlawKind, Gap, GapKind, PageKind
from service.evidence.amounts import find_amounts
from service.evidence.demands import CORE, NAMES
from service.evidence.normalise import is_cjk
from service.evidence.page_look import Look
from service.evidence.segments import Segment, overlap_y, union

# In line heights: how well lines of one text are in line, how far apart they stand, how near a mark is to its words,
# and the marks that can cover words: little faces stand between them, pictures are taller.
_ALIGNED, _APART, _NEAR = 0.7, 2.0, 1.0
_SHORTEST, _SHORTEST_IN_TALK, _TALLEST = 2.0, 4.0, 3.0
_LONG_END = 6.0
_SENTENCE, _WORDS = 10, 5
NAMES_OF_A_FORM = 2


def covered_words(look: Look) -> Gap | None:
    """One gap for what a running text hides: of a fact such a page must show and does not, or of the page."""
    if look.kind not in CORE and look.kind not in (PageKind.CHAT, PageKind.UNKNOWN):
        return None
    marks = [*look.of(FlawKind.MARK)]
    texts = [union(one.box for one in lines) for lines in _texts(look)] if marks else []
    for flaw in marks:
        if any(_within(look, flaw.box, text) for text in texts):
            missing = (names[0] for names in CORE.get(look.kind, ()) if look.fields.keys().isdisjoint(names))
            name = next((name for name in missing if name is not FieldName.AMOUNT or not says_a_sum(look)), None)
            return Gap(kind=GapKind.COVERED, field=name, box=flaw.box)
    return None


def says_a_sum(look: Look) -> bool:
    """A sentence names money: that no fact was read from it has another reason than a cover over its sum."""
    if len(names_of_a_form(look)) >= NAMES_OF_A_FORM:
        return False  # a title with its face value
    return any(is_sentence(one.text) and any(find_amounts(one.text)) for one in look.sheet.segments)


def names_of_a_form(look: Look) -> list[Box]:
    """Names of facts that stand for themselves, in no sentence."""
    lines = look.sheet.lines
    return [key.box for key in look.sheet.keys if key.label in NAMES and not is_sentence(lines[key.piece.line].text)]


def is_sentence(text: str) -> bool:
    return sum(map(is_cjk, text)) >= _SENTENCE or len(text.split()) >= _WORDS


def _texts(look: Look) -> Iterator[list[Segment]]:
    """Lines in line right under each other, one of them a sentence's."""
    unit = look.sheet.unit
    lines: list[Segment] = []
    for one in sorted(look.sheet.segments, key=lambda each: each.center_y):
        last = lines[-1] if lines else None
        if last is not None and abs(one.box.x0 - last.box.x0) > _ALIGNED * unit:
            continue
        if last is not None and one.center_y - last.center_y > _APART * unit:
            if len(lines) > 1 and any(is_sentence(line.text) for line in lines):
                yield lines
            lines = []
        lines.append(one)
    if len(lines) > 1 and any(is_sentence(line.text) for line in lines):
        yield lines


def _within(look: Look, mark: Box, text: Box) -> bool:
    """Between the text's first and last line and within its width, right beside words of its row."""
    unit = look.sheet.unit
    inside = text.x0 - unit <= mark.x0 and mark.x1 <= text.x1 + unit and text.y0 - unit <= mark.y0
    talk = look.kind not in CORE
    if not inside or mark.y1 > text.y1 + unit or mark.height > _TALLEST * unit:
        return False
    if mark.width < (_SHORTEST_IN_TALK if talk else _SHORTEST) * unit:
        return False
    row = [one.box for one in look.sheet.segments if overlap_y(one.box, mark) > 0.5]
    after = any(-unit <= box.x0 - mark.x1 <= _NEAR * unit for box in row)
    before = any(-unit <= mark.x0 - box.x1 <= _NEAR * unit for box in row)
    across = any(box.x0 < mark.x0 and mark.x1 < box.x1 for box in row)
    long = mark.width >= _LONG_END * unit and mark.y1 <= text.y1
    return across or after or (before and (long or not talk))
