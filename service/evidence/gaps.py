"""What a page should show and does not, and why: cut off, covered, blurred, too small, or of another kind.

A fact that was read is shown, unless the picture's border or something opaque stands in it. A fact that was not read
has a reason only where the page gives one: its name without a value, a border through print, a mark in its place.
Without a reason it is merely not shown: many apps do not print everything.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.domain.evidence import Box, Edge, Field, FieldName, Flaw, FlawKind, Gap, GapKind, ImageFacts, PageKind
from service.evidence.demands import CORE, DATED, NAMES, WHOLE_KINDS
from service.evidence.lexicon import VALUE_KIND, ValueKind
from service.evidence.normalise import is_cjk
from service.evidence.segments import Segment, overlap_y
from service.evidence.sheet import Key, Sheet
from service.evidence.vocabulary import is_order_title, is_payment_title, status_text

# Screens keep text this far (in line heights) from their border; print that touches it was cut.
_TOUCHING = 0.12
_TOUCHING_PIXELS = 2.5
_FEWEST_TOUCHING, _TOUCHED_ROWS = 2, 0.2
_SLANTED = 1.8  # line heights
# A mark this close (in line heights) to a value's end stands where the value should go on.
_ADJOINING = 0.3
# A mark this long (in line heights) may hide a name with its value.
_WIDE_MARK = 4.0
_PORTRAIT = 1.2  # a phone's page; in a window there is no status bar to miss
_STATUS_BAR = 0.07  # of the page's height
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])[:：][0-5]\d(?!\d|[:：])")
_TITLE_ROWS = 3
_ANY_DATE = re.compile(
    r"\d{1,2}\s*[:：]\s*[0-5]\d|20\d{2}\s*[-/.年]\s*\d{1,2}|\d{1,2}\s*月\s*\d{1,2}|昨天|前天|今天|刚刚|分钟前|小时前|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s*\d|today|yesterday|ago",
    re.IGNORECASE,
)
_LETTERED = frozenset(
    {
        FieldName.ORDER_NUMBER,
        FieldName.TRADE_NUMBER,
        FieldName.ORDERED_AT,
        FieldName.PAID_AT,
        FieldName.RECHARGED_ACCOUNT,
    }
)
# Apps print these bare; states and prompts come with icons.
_UNADORNED = _LETTERED | {FieldName.AMOUNT, FieldName.PAYEE, FieldName.PRODUCT}
_OF_THE_SCREEN = frozenset({FieldName.CLOCK, FieldName.PLATFORM_MARK})
# A page of no known kind that shows none of these has nothing to do with a purchase.
_TELLING = frozenset(
    {
        FieldName.ORDER_NUMBER,
        FieldName.TRADE_NUMBER,
        FieldName.ORDERED_AT,
        FieldName.PAID_AT,
        FieldName.RECHARGED_ACCOUNT,
        FieldName.ERROR_PROMPT,
    }
)
# Of blurred lines that score more than this few are misread.
_LEAST_SURE = 0.97
_MUCH_LONGER = 1.7
_ENOUGH_PRINT, _ENOUGH_LINES = 4.0, 4
_HALF = 0.5
_KIND = {FlawKind.BLURRED: GapKind.BLURRED, FlawKind.TOO_SMALL: GapKind.TOO_SMALL}


@dataclass(frozen=True)
class _Look:
    """One page as it is looked over."""

    sheet: Sheet
    kind: PageKind
    fields: Mapping[FieldName, Field]
    image: ImageFacts
    flaws: Sequence[Flaw]

    @cached_property
    def print_width(self) -> float:
        """Usual width of half an em in line heights, 0 where there is too little print to tell."""
        widths = [
            one.box.width / (weight * one.box.height)
            for one in self.sheet.segments
            if (weight := _weight(one.text)) >= _ENOUGH_PRINT and 0 < one.box.height <= _SLANTED * self.sheet.unit
        ]
        return statistics.median(widths) if len(widths) >= _ENOUGH_LINES else 0.0

    def of(self, *kinds: FlawKind) -> Iterator[Flaw]:
        return (flaw for flaw in self.flaws if flaw.kind in kinds)


def find_gaps(sheet: Sheet, kind: PageKind, fields: Mapping[FieldName, Field], image: ImageFacts) -> tuple[Gap, ...]:
    """The gaps of one page, single facts first; at most one for a fact."""
    look = _Look(sheet, kind, fields, image, image.flaws)
    if kind is PageKind.IDENTITY:
        return tuple(_of_the_page(look, ()))
    edges = _cut_edges(look)
    named: dict[FieldName, Gap] = {}
    for name, field in fields.items():
        if name not in _OF_THE_SCREEN and (gap := _in_the_value(look, name, field)):
            named[name] = gap
    for name, key in _without_value(look):
        gap = _in_the_place(look, name, key) or (None if name in fields else _at_the_key(look, name, key, edges))
        if gap is not None:
            named.setdefault(name, gap)
    for name in _expected(look, named):
        named[name] = _nowhere(look, name, edges)
    return (*named.values(), *_of_the_page(look, edges))


# --- where the page ends too soon ---


def _cut_edges(look: _Look) -> tuple[Edge, ...]:
    """Edges that run through print, the surest first; then the top of a page that has neither clock nor title."""
    width, height = look.image.width, look.image.height
    touching: dict[Edge, int] = dict.fromkeys(Edge, 0)
    for one in look.sheet.segments:
        if one.box.height > _SLANTED * look.sheet.unit:
            continue  # a watermark runs out of every picture
        near = max(_TOUCHING_PIXELS, _TOUCHING * one.box.height)
        touching[Edge.LEFT] += one.box.x0 <= near
        touching[Edge.RIGHT] += one.box.x1 >= width - near
        touching[Edge.TOP] += one.box.y0 <= near
        touching[Edge.BOTTOM] += one.box.y1 >= height - near
    if _has_status_bar(look):
        touching[Edge.TOP] = 0
    # Rows of cards to be swiped through run out of a whole page too, but not the most of it.
    sides = max(_FEWEST_TOUCHING, _TOUCHED_ROWS * len(look.sheet.rows))
    least = {Edge.LEFT: sides, Edge.RIGHT: sides, Edge.TOP: 1, Edge.BOTTOM: 1}
    return tuple(sorted((edge for edge in Edge if touching[edge] >= least[edge]), key=lambda edge: -touching[edge]))


def _has_status_bar(look: _Look) -> bool:
    upper = [one for one in look.sheet.segments if one.center_y <= _STATUS_BAR * look.image.height]
    return FieldName.CLOCK in look.fields or any(_CLOCK.search(one.text) for one in upper)


def _begins_like_a_page(look: _Look) -> bool:
    """A clock in the status bar, or a title over the rest."""
    if _has_status_bar(look):
        return True
    names = {key.piece.line for key in look.sheet.keys if key.inline is not None or look.sheet.right_of(key)}
    first = [one for row in look.sheet.rows[:_TITLE_ROWS] for one in row if one.line not in names]
    # 交易成功 is a title as often as a state further down.
    titles = [one for one in first if is_order_title(one.text) or is_payment_title(one.text)]
    return any(status_text(one.text) is None for one in titles)


def _touched(look: _Look, box: Box) -> Edge | None:
    if box.height > _SLANTED * look.sheet.unit:
        return None
    near = max(_TOUCHING_PIXELS, _TOUCHING * box.height)
    distances = {
        Edge.LEFT: box.x0,
        Edge.RIGHT: look.image.width - box.x1,
        Edge.TOP: box.y0,
        Edge.BOTTOM: look.image.height - box.y1,
    }
    edge = min(distances, key=lambda each: distances[each])
    return edge if distances[edge] <= near else None


# --- single facts ---


def _in_the_value(look: _Look, name: FieldName, field: Field) -> Gap | None:
    """A value that was read, but runs into the border or into something opaque, or is hardly legible."""
    if edge := _touched(look, field.box):
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=edge, box=field.box)
    if field.score < _LEAST_SURE:
        for flaw in look.of(FlawKind.BLURRED, FlawKind.TOO_SMALL):
            if _overlaps(flaw.box, field.box):
                return Gap(kind=_KIND[flaw.kind], field=name, box=field.box)
    for flaw in look.of(FlawKind.MARK) if name in _UNADORNED else ():
        if _overlaps(flaw.box, field.box) or _adjoins(field.box, flaw.box):
            return Gap(kind=GapKind.COVERED, field=name, box=flaw.box)
    if name in _LETTERED and look.kind is not PageKind.CHAT:
        for one in look.sheet.segments:
            if _overlaps(one.box, field.box) and _hides_more(look, one.text, one.box):
                return Gap(kind=GapKind.COVERED, field=name, box=one.box)
    return None


def _without_value(look: _Look) -> Iterator[tuple[FieldName, Key]]:
    """Names of facts that are printed, where the fact itself was not read."""
    for key in look.sheet.keys:
        name = NAMES.get(key.label)
        if name is None or _used(look, key) or not (key.hit.whole or _is_garbage(key)):
            continue
        pieces = [*look.sheet.right_of(key), *look.sheet.below(key)]
        if not _holds_value(key, pieces) or any(_incomplete(look, piece) for piece in pieces):
            yield name, key


def _used(look: _Look, key: Key) -> bool:
    """Whether some field was read from the place of this key's value, under whatever name."""
    right = Box(key.box.x1, key.box.y0, _end_of_place(look, key), key.box.y1)
    below = Box(key.box.x0, key.box.y1, key.box.x1, key.box.y1 + 2.5 * key.box.height)
    return any(
        _overlaps(field.box, right) or (_overlaps(field.box, below) and not _beside_a_name(look, field))
        for field in look.fields.values()
    )


def _beside_a_name(look: _Look, field: Field) -> bool:
    return any(overlap_y(key.box, field.box) > _HALF and key.box.x0 < field.box.x0 for key in look.sheet.keys)


def _is_garbage(key: Key) -> bool:
    """Two or three letters after the name of a number, a sum or a moment are what is left of a value."""
    if key.inline is None or VALUE_KIND[key.label] is ValueKind.TEXT:
        return False
    return not any(character.isdigit() or is_cjk(character) for character in key.inline.text)


def _end_of_place(look: _Look, key: Key) -> float:
    """Where the place of a value beside its name ends: at the next name of the row, or the page's edge."""
    beside = [
        other.box.x0 for other in look.sheet.keys if other.box.x0 > key.box.x1 and overlap_y(key.box, other.box) > _HALF
    ]
    return min([look.image.width, *beside])


def _holds_value(key: Key, pieces: Sequence[Segment]) -> bool:
    """Whether something that could be the value stands there, read or not."""
    if VALUE_KIND[key.label] is ValueKind.TEXT:
        return bool(pieces)
    return any(any(character.isdigit() for character in piece.text) for piece in pieces)


def _in_the_place(look: _Look, name: FieldName, key: Key) -> Gap | None:
    """Something that is no text where the value should stand."""
    place = _place(look, key)
    for flaw in look.of(FlawKind.MARK, FlawKind.UNREAD):
        if _overlaps(flaw.box, place) and flaw.box.height <= 3 * key.box.height:
            kind = GapKind.COVERED if flaw.kind is FlawKind.MARK else GapKind.BLURRED
            return Gap(kind=kind, field=name, box=flaw.box)
    for piece in (*look.sheet.right_of(key), *look.sheet.below(key)):
        if edge := _touched(look, piece.box):
            return Gap(kind=GapKind.CUT_OFF, field=name, edge=edge, box=piece.box)
        if _hides_more(look, piece.text, piece.box):
            return Gap(kind=GapKind.COVERED, field=name, box=piece.box)
    return None


def _at_the_key(look: _Look, name: FieldName, key: Key, edges: Sequence[Edge]) -> Gap | None:
    """Why nothing stands where the value should."""
    if edge := _touched(look, key.box):
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=edge, box=key.box)
    for edge in (Edge.RIGHT, Edge.BOTTOM, Edge.LEFT):
        if edge in edges:
            return Gap(kind=GapKind.CUT_OFF, field=name, edge=edge, box=key.box)
    if _valueless(look):
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=Edge.RIGHT, box=key.box)
    others = [one for one in look.sheet.segments if one.box.y0 > key.box.y1]
    if not others and look.image.height - key.box.y1 < 3 * key.box.height:
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=Edge.BOTTOM, box=key.box)
    if VALUE_KIND[key.label] is ValueKind.TEXT:
        return None  # a heading, as often as a name
    beside = Box(key.box.x1, key.box.y0, _end_of_place(look, key), key.box.y1)
    if any(one.line != key.piece.line and _overlaps(one.box, beside) for one in look.sheet.segments):
        return None  # something stands there that was not understood
    # No app prints the name of a number, a sum or a moment and nothing beside it.
    return Gap(kind=GapKind.COVERED, field=name, box=_place(look, key))


def _incomplete(look: _Look, piece: Segment) -> bool:
    if _touched(look, piece.box) is not None or _hides_more(look, piece.text, piece.box):
        return True
    return any(_adjoins(piece.box, flaw.box) for flaw in look.of(FlawKind.MARK))


def _hides_more(look: _Look, text: str, box: Box) -> bool:
    """A box much longer than its print: the reader saw a longer line, of which a part is no text."""
    usual = look.print_width
    weight = _weight(text)
    return bool(
        usual
        and weight
        and 0 < box.height <= _SLANTED * look.sheet.unit
        and box.width >= 2 * box.height
        and box.width / (weight * box.height) > _MUCH_LONGER * usual
    )


def _weight(text: str) -> float:
    """Width in half ems."""
    return sum(2.0 if is_cjk(character) else 0.5 if character in ".,:;'|il " else 1.1 for character in text)


def _valueless(look: _Look) -> bool:
    """Names down the page and not one value: the column of values is gone."""
    whole = [key for key in look.sheet.keys if key.hit.whole]
    return len(whole) >= 3 and not any(look.sheet.right_of(key) or look.sheet.below(key) for key in whole)


def _place(look: _Look, key: Key) -> Box:
    """Where the value should stand: to the right of its name, or in the row under it."""
    return Box(key.box.x0, key.box.y0, _end_of_place(look, key), key.box.y1 + 1.6 * key.box.height)


def _expected(look: _Look, named: Mapping[FieldName, Gap]) -> Iterator[FieldName]:
    """Core facts of this kind of page of which not even the name is there."""
    for names in CORE.get(look.kind, ()):
        if not any(name in look.fields or name in named for name in names):
            yield names[0]


def _nowhere(look: _Look, name: FieldName, edges: Sequence[Edge]) -> Gap:
    if edges:
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=edges[0])
    if not _begins_like_a_page(look):
        return Gap(kind=GapKind.CUT_OFF, field=name, edge=Edge.TOP)
    for flaw in look.of(FlawKind.MARK):
        wide = flaw.box.width >= _WIDE_MARK * look.sheet.unit and flaw.box.height <= 3 * look.sheet.unit
        if wide and _among_the_names(look, flaw.box):
            return Gap(kind=GapKind.COVERED, field=name, box=flaw.box)
    return Gap(kind=GapKind.NOT_SHOWN, field=name)


def _among_the_names(look: _Look, box: Box) -> bool:
    """Between the first and the last name of a fact, give or take a row or two; not a camera's notch or a card."""
    names = [key.box for key in look.sheet.keys if key.label in NAMES]
    reach = 3 * look.sheet.unit
    return bool(names) and (
        min(one.y0 for one in names) - reach <= box.y0 and box.y1 <= max(one.y1 for one in names) + reach
    )


# --- the page as a whole ---


def _of_the_page(look: _Look, edges: Sequence[Edge]) -> Iterator[Gap]:
    for edge in edges:
        if edge is not Edge.BOTTOM or look.kind not in WHOLE_KINDS:
            yield Gap(kind=GapKind.CUT_OFF, edge=edge)
    product = FieldName.PRODUCT in look.fields or FieldName.STATUS in look.fields
    portrait = look.image.height > _PORTRAIT * look.image.width
    if (
        look.kind in WHOLE_KINDS
        and portrait
        and not product
        and Edge.TOP not in edges
        and not _begins_like_a_page(look)
    ):
        # What stands on top of such pages is missing together with their beginning.
        yield Gap(kind=GapKind.CUT_OFF, edge=Edge.TOP)
    for kind in (FlawKind.BLURRED, FlawKind.TOO_SMALL):
        poor = sum(1 for _ in look.of(kind))
        if poor > _HALF * len(look.sheet.segments):
            yield Gap(kind=_KIND[kind])
    if look.kind is PageKind.UNKNOWN and _TELLING.isdisjoint(look.fields):
        yield Gap(kind=GapKind.WRONG_KIND)
    if _several(look):
        yield Gap(kind=GapKind.SEVERAL_PAGES)
    if look.kind in DATED and not any(_ANY_DATE.search(text) for text in look.sheet.texts):
        yield Gap(kind=GapKind.NO_DATE)
    if look.kind in WHOLE_KINDS and not _marked(look):
        yield Gap(kind=GapKind.NO_MARK)


def _marked(look: _Look) -> bool:
    """A platform's mark or any moment at all."""
    shown = {FieldName.PLATFORM_MARK, FieldName.CLOCK, FieldName.ORDERED_AT, FieldName.PAID_AT}
    return bool(shown & look.fields.keys()) or any(_ANY_DATE.search(text) for text in look.sheet.texts)


def _several(look: _Look) -> bool:
    """Two status bars: side by side, or one under the other at the same place of their pages."""
    clocks = [one for one in look.sheet.segments if _CLOCK.match(one.text) and len(one.text) <= 12]
    titles = [one for one in look.sheet.segments if is_order_title(one.text) or is_payment_title(one.text)]
    for first in clocks:
        if first.center_y > _STATUS_BAR * look.image.height:
            continue
        for other in clocks:
            if other is first:
                continue
            beside = overlap_y(first.box, other.box) > _HALF and other.box.x0 - first.box.x0 > 0.3 * look.image.width
            under = other.center_y > 0.25 * look.image.height and abs(other.box.x0 - first.box.x0) <= look.sheet.unit
            titled = any(0 < one.center_y - other.center_y <= 6 * look.sheet.unit for one in titles)
            if beside or (under and titled):
                return True
    return False


def _overlaps(one: Box, other: Box) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    return across > 0 and down > 0.4 * min(one.height, other.height)


def _adjoins(value: Box, mark: Box) -> bool:
    """Right behind the value and at least as long as a few of its characters."""
    beside = 0 <= mark.x0 - value.x1 + 1 <= _ADJOINING * value.height + 1
    return beside and overlap_y(value, mark) > _HALF and mark.width >= value.height
