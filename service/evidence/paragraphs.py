"""Lines that read on: paragraphs of dialogs, bubbles and help texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.evidence.normalise import identifier, is_cjk
from service.evidence.segments import Segment, aligned, same_row
from service.evidence.vocabulary import is_button

# A shorter identifier may be a date or the end of a number that wrapped.
_SHORTEST_VALUE, _LONG_NUMBER = 11, 15
# Chinese text breaks its lines where they are full, within a number as well: RMB9 / 9.00, 4月1 / 1日.
_CHINESE, _FULL = 6, 1.3
_DIGITS_GO_ON = re.compile(r"\d(?:\n\d|\n[.:/-]\d|[.:/-]\n\d)")
_MARK_GOES_ON = re.compile(r"(?:R\nMB|RM\nB|C\nNY|CN\nY|U\nSD|US\nD|H\nKD|HK\nD|RMB\n|CNY\n|USD\n)(?=\s?\d)")
_DAY_THEN_CLOCK = re.compile(r"20\d{2}[-/.]\d{2}[-/.]\d{2}\n\d{1,2}:\d{2}")
_NAMED_CODE_GOES_ON = re.compile(r"(?:单号|编号|订单)[:为是]?\s?(?=[A-Z-]*\d)[A-Z0-9-]+\n[A-Z0-9-]+(?![a-z])")
_CODE_GOES_ON = re.compile(r"(?=(?:[A-Z\n-]*\d){6})[A-Z0-9-]+\n[A-Z0-9-]+")
# English breaks between words, but for a number as long as the line: Your order 31872620509 / 4 has been paid.
_LATIN_NUMBER = re.compile(
    r"\b(?:order|number|no\.|id|reference|ref\.?|#)\s?[:#]?\s?(?=(?:[A-Z-]*\d){5})[A-Z0-9-]{8,}$", re.IGNORECASE
)
_LATIN_REST = re.compile(
    r"(?!20\d\d-\d\d-\d\d)(?:[A-Z0-9-]*\d[A-Z0-9-]*|[A-Z]{1,6})(?=\s(?:has|was|is|will)\b|[.,;](?:\s|$)|$)"
)


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
    tiles = _tiles(segments)
    while rest:
        pieces = [rest.pop(0)]
        while True:
            following = next((one for one in rest if _reads_on(pieces[-1], one)), None)
            if following is not None and id(pieces[-1]) in tiles and id(following) not in tiles:
                following = None if pieces[-1].box.y1 <= following.center_y else following
            if following is None or len(pieces) >= 8:
                break
            rest.remove(following)
            pieces.append(following)
        text, starts = "", []
        for index, piece in enumerate(pieces):
            if text and not (is_cjk(text[-1]) or text[-1] in ",，、") and piece.text[:1].isascii():
                text += "" if breaks_within(pieces, index) else " "
            starts.append(len(text))
            text += piece.text
        yield Paragraph(text, tuple(pieces), tuple(starts))


def _tiles(segments: Sequence[Segment]) -> set[int]:
    """Short words with two others and more in their row, and icons: no sentence begins with one and goes on below."""
    short = [one for one in segments if len(one.text) <= _LONGEST_TILE]
    crowded = {id(one) for one in short if sum(same_row(one.box, other.box) for other in short) >= _FEWEST_SIDE_BY_SIDE}
    return crowded | {id(one) for one in segments if len(one.text) == 1 and not is_cjk(one.text)}


_LONGEST_TILE, _FEWEST_SIDE_BY_SIDE = 8, 3


def breaks_within(pieces: Sequence[Segment], index: int) -> bool:
    """Whether the full line before ``index`` ends within a number, a code or a currency's mark that goes on here."""
    last, following = pieces[index - 1], pieces[index]
    if _A_NUMBER_ENDS.search(last.text) and _A_SUM.fullmatch(following.text.strip()):
        return False  # on the card of an order its sum stands under its number
    if max(piece.box.x1 for piece in pieces) - last.box.x1 > _FULL * last.box.height:
        return False
    if sum(is_cjk(character) for piece in pieces for character in piece.text) < _CHINESE:
        return bool(_LATIN_NUMBER.search(last.text) and _LATIN_REST.match(following.text))
    tail = re.search(r"(?:单号|编号|订单)?[为是]?[!-~]*$", last.text)
    head = re.match(r"[!-~]*", following.text)
    broken = f"{tail[0] if tail else ''}\n{head[0] if head else ''}"
    if _DAY_THEN_CLOCK.search(broken):
        return False
    return any(pattern.search(broken) for pattern in (_DIGITS_GO_ON, _MARK_GOES_ON, _CODE_GOES_ON, _NAMED_CODE_GOES_ON))


_A_NUMBER_ENDS = re.compile(r"(?=(?:[A-Za-z-]*\d){5})[A-Za-z0-9-]{10,}$")
_A_SUM = re.compile(r"(?:[¥￥$]|RMB|CNY)?\s?\d[\d,]*\.\d{2}\s?(?:元|CNY|RMB|USD)?")


def _reads_on(last: Segment, following: Segment) -> bool:
    height = last.box.height
    if _is_value(last) or _is_value(following):
        return False
    if same_row(last.box, following.box) and not _ends(last.text):
        # One printed line that the reader took apart.
        return -height <= following.box.x0 - last.box.x1 <= 0.6 * height
    return (
        0.5 * height < following.center_y - last.center_y <= 2.0 * height
        and 0.7 <= following.box.height / max(height, 1e-6) <= 1.45
        and aligned(last.box, following.box)
        and not is_button(following.text)
        and not _ERROR_NUMBER.fullmatch(following.text)
        and not _ends(last.text)
    )


# Under a message: 错误码 E-10432.
_ERROR_NUMBER = re.compile(
    r"[(（]?(?:错误[代号]?码|error(?: code)?|err|code)[:：#\s]*[A-Z0-9_-]*\d[A-Z0-9_-]*[)）]?", re.IGNORECASE
)


def _ends(text: str) -> bool:
    """With a stop that is no number's point: 消费96. / 83元."""
    return text[-1] in "。!！.?？" and re.search(r"\d\.$", text) is None


def _is_value(piece: Segment) -> bool:
    """A code or number that is all of its line stands in a form or a table, not in a sentence."""
    found = identifier(piece.text) if " " not in piece.text else None
    return found is not None and len(found) >= _SHORTEST_VALUE and (not found.isdigit() or len(found) >= _LONG_NUMBER)
