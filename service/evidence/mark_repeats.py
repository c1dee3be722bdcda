"""A platform's watermark, the same words over and over, and a seal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapidfuzz import fuzz

from service.domain.evidence import Field
from service.evidence.amounts import parse_amount
from service.evidence.labels import hits_in
from service.evidence.mark_words import ANYONE, LONGEST, mark_field
from service.evidence.normalise import compact, is_cjk, words_only
from service.evidence.page_memory import once_a_page
from service.evidence.segments import Segment, overlap_y
from service.evidence.sheet import Sheet
from service.evidence.times import is_moment
from service.evidence.values import tidy
from service.evidence.vocabulary import is_button, is_tab_word, names_goods, status_text

_SEAL = re.compile(
    r"^(?P<name>.{0,30}?(?:专用章|业务章|电子印?章|电子签章|公章|财务章|回单章|收讫章|样张|样本|SPECIMEN|SAMPLE))\W*$"
)
# A watermark is read this often at least, in as many places.
_REPEATS, _TILTED_REPEATS = 3, 2
_ALIKE = 80.0
# A column's prices read as one line are no name.
_SUMS = re.compile(r"(?:\s*[-+]?\s?(?:CNY|RMB|USD|HKD|[¥￥$€£])?\s?\d[\d,.]*\s?(?:元|CNY|RMB|USD)?)+\s*")
# Upright text is about as wide as its letters are high each (a Han character counts two Latin ones).
_TILTED = 0.45


def watermark(sheet: Sheet) -> Field | None:
    """The same words in several places, tilted, or strewn over rows and columns as no list sets its buttons."""
    best: list[Segment] = []
    for group in _alike(sheet.free):
        if len(group) <= len(best) or not _may_mark(group[0]):
            continue
        tilted = sum(is_tilted(one) for one in group)
        strewn = len(group) >= _REPEATS and _columns(group, sheet.unit) >= 2 and _staggered(group, sheet)
        if tilted >= _TILTED_REPEATS or (strewn and _may_be_a_name(group[0].text)):
            best = group
    if not best:
        return None
    best = sorted(best, key=lambda one: -one.score)
    return mark_field(tidy(best[0].raw), best, "watermark")


def _may_be_a_name(text: str) -> bool:
    """Goods and facts stand level in several places as well: 1980 Star Gems, PC Region: Global."""
    return bool(ANYONE.sub("", compact(text))) and not _OF_GOODS.search(text) and not names_goods(text)


_OF_GOODS = re.compile(r"\d|[:：+＋]")


def _alike(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Groups of pieces that read alike; faint and tilted text is read a little differently each time."""
    groups: list[tuple[str, list[Segment]]] = []
    for one in segments:
        form = words_only(one.text)
        if len(form) < 2 or len(one.text) > LONGEST:
            continue
        group = next((known for key, known in groups if fuzz.ratio(key, form, score_cutoff=_ALIKE)), None)
        if group is None:
            groups.append((form, [one]))
        else:
            group.append(one)
    yield from (group for _, group in groups if len(group) >= _TILTED_REPEATS)


def _may_mark(segment: Segment) -> bool:
    form = words_only(segment.text)
    letters = sum(2 if is_cjk(character) else character.isalpha() for character in form)
    return (
        letters >= 4
        and not is_button(segment.text)
        and not is_tab_word(segment.text)
        and status_text(segment.text) is None
        and parse_amount(segment.text) is None
        and not _SUMS.fullmatch(segment.text)
        and not is_moment(segment.text)
    )


def is_tilted(segment: Segment) -> bool:
    """Whether a piece's box is far too high for its text: it was written aslant."""
    letters = _length(segment.text)
    return letters >= 3 and segment.box.width < _TILTED * letters * segment.box.height


@once_a_page
def _length(text: str) -> float:
    """In Chinese characters, of which a Latin letter is half. Asked 700 times a page."""
    return sum(1.0 if is_cjk(character) else 0.5 for character in text if not character.isspace())


def _columns(group: Sequence[Segment], unit: float) -> int:
    edges = sorted(one.box.x0 for one in group)
    return 1 + sum(second - first > 2 * unit for first, second in pairwise(edges))


def _staggered(group: Sequence[Segment], sheet: Sheet) -> bool:
    """Over several rows, with other text running through some of them: not the cells of one table's column."""
    rows = {round(one.center_y / max(2 * sheet.unit, 1e-6)) for one in group}
    own = {id(one) for one in group}
    crossed = sum(
        any(
            id(other) not in own and overlap_y(other.box, one.box) > 0.3 and _overlaps(other, one)
            for other in sheet.segments
        )
        for one in group
    )
    edges = {round(one.box.x0 / max(3 * sheet.unit, 1e-6)) for one in group}
    return len(rows) >= 2 and (crossed >= 1 or len(edges) > len(group) / len(rows) + 1)


def _overlaps(first: Segment, second: Segment) -> bool:
    return min(first.box.x1, second.box.x1) > max(first.box.x0, second.box.x0)


def seal(sheet: Sheet) -> Field | None:
    for one in sheet.segments:
        match = _SEAL.match(one.text)
        if match and not hits_in(one.text):
            return mark_field(tidy(match["name"]), [one], "seal")
    return None
