"""One page as it is looked over for what it does not show: its text, its fields, its poor places, its borders."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from service.domain.evidence import Box, Edge, Field, FieldName, Flaw, FlawKind, ImageFacts, PageKind
from service.evidence.normalise import is_cjk
from service.evidence.segments import Segment, overlap_y
from service.evidence.sheet import Sheet
from service.evidence.vocabulary import is_order_title, is_payment_title, status_text

SLANTED = 1.8  # line heights; a watermark's line is that high
HALF = 0.5
OF_THE_SCREEN = frozenset({FieldName.CLOCK, FieldName.PLATFORM_MARK})
# A mark this close (in line heights) to a value's end stands where the value should go on.
_ADJOINING = 0.3
_MUCH_LONGER = 1.7
_LOWER = 0.8
_SHORT = 0.6
_ENOUGH_PRINT, _ENOUGH_LINES = 4.0, 4
# Screens keep text this far (in line heights) from their border; print that touches it was cut.
_TOUCHING = 0.12
_TOUCHING_PIXELS = 2.5
_FEWEST_TOUCHING, _TOUCHED_ROWS = 2, 0.2
STATUS_BAR = 0.07  # of the page's height
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])[:：][0-5]\d(?!\d|[:：])")
_DATED = re.compile(r"\d\s*[-/.月日]\s*\d|\d\s*[:：]\s*\d\d\s*[:：]|\d{1,2}\s+[A-Za-z]{3}|[A-Za-z]{3}\s+\d{1,2}\b")
_TITLE_ROWS = 3
_PORTRAIT = 1.2


@dataclass(frozen=True)
class Look:
    """``fields`` as read from the ``sheet``; ``image`` with the flaws seen on its pixels."""

    sheet: Sheet
    kind: PageKind
    fields: Mapping[FieldName, Field]
    image: ImageFacts

    def is_slanted(self, one: Segment) -> bool:
        """A watermark: high for a line of this page, and far too short for large print."""
        box = one.box
        if box.height <= SLANTED * self.sheet.unit:
            return False
        return box.width < _SHORT * self.print_width * _weight(one.text) * box.height

    def of(self, *kinds: FlawKind) -> Iterator[Flaw]:
        return (flaw for flaw in self.image.flaws if flaw.kind in kinds)

    @cached_property
    def print_width(self) -> float:
        """Usual width of half an em in line heights, 0 where there is too little print to tell."""
        widths = [
            one.box.width / (weight * one.box.height)
            for one in self.sheet.segments
            if (weight := _weight(one.text)) >= _ENOUGH_PRINT and 0 < one.box.height <= SLANTED * self.sheet.unit
        ]
        return statistics.median(widths) if len(widths) >= _ENOUGH_LINES else 0.0

    def hides_more(self, text: str, box: Box) -> bool:
        """A box much longer than its print: the reader saw a longer line, of which a part is no text."""
        usual = self.print_width
        weight = _weight(text)
        return bool(
            usual
            and weight
            and 0 < box.height <= SLANTED * self.sheet.unit
            and box.width >= 2 * box.height
            and box.width / (weight * self._print_height(text, box)) > _MUCH_LONGER * usual
        )

    def _print_height(self, text: str, box: Box) -> float:
        """Capitals and digits fill a lower box than Han characters of the same size."""
        return box.height if any(map(is_cjk, text)) else max(box.height, _LOWER * self.sheet.unit)

    # --- where the page ends too soon ---

    @cached_property
    def cut_edges(self) -> tuple[Edge, ...]:
        """Edges that run through print, as it was read or as the pixels show it, the surest first."""
        touching: dict[Edge, int] = dict.fromkeys(Edge, 0)
        for one in self.sheet.segments:
            if one.box.height <= SLANTED * self.sheet.unit:  # a watermark runs out of every picture
                for edge in Edge:
                    touching[edge] += self._distance(one.box, edge) <= _near(one.box)
        for flaw in self.of(FlawKind.CUT):
            touching[min((Edge.TOP, Edge.BOTTOM), key=lambda edge: self._distance(flaw.box, edge))] += 1
        if self.has_status_bar:
            touching[Edge.TOP] = 0
        # Rows of cards to be swiped through run out of a whole page too, but not the most of it.
        sides = max(_FEWEST_TOUCHING, _TOUCHED_ROWS * len(self.sheet.rows))
        least = {Edge.LEFT: sides, Edge.RIGHT: sides, Edge.TOP: 1, Edge.BOTTOM: 1}
        return tuple(sorted((edge for edge in Edge if touching[edge] >= least[edge]), key=lambda edge: -touching[edge]))

    def touched(self, box: Box) -> Edge | None:
        """The edge of the picture that runs through this text."""
        if box.height > SLANTED * self.sheet.unit:
            return None
        edge = min(Edge, key=lambda each: self._distance(box, each))
        return edge if self._distance(box, edge) <= _near(box) else None

    def _distance(self, box: Box, edge: Edge) -> float:
        return {
            Edge.LEFT: box.x0,
            Edge.RIGHT: self.image.width - box.x1,
            Edge.TOP: box.y0,
            Edge.BOTTOM: self.image.height - box.y1,
        }[edge]

    @cached_property
    def has_status_bar(self) -> bool:
        upper = [one for one in self.sheet.segments if one.center_y <= STATUS_BAR * self.image.height]
        return FieldName.CLOCK in self.fields or any(
            _CLOCK.search(one.text) and not _DATED.search(one.text) for one in upper
        )

    @cached_property
    def begins_like_a_page(self) -> bool:
        """A clock in the status bar, or a title over the rest."""
        if self.has_status_bar:
            return True
        names = {key.piece.line for key in self.sheet.keys if key.inline is not None or self.sheet.right_of(key)}
        first = [one for row in self.sheet.rows[:_TITLE_ROWS] for one in row if one.line not in names]
        # 交易成功 is a title as often as a state further down.
        titles = [one for one in first if is_order_title(one.text) or is_payment_title(one.text)]
        return any(status_text(one.text) is None for one in titles)

    @cached_property
    def is_headless(self) -> bool:
        """A phone's page that begins in the middle; in a window there is no status bar to miss."""
        return self.image.height > _PORTRAIT * self.image.width and not self.begins_like_a_page

    @cached_property
    def holds_several(self) -> bool:
        """Two status bars: side by side, or one under the other at the same place of their pages."""
        clocks = [one for one in self.sheet.segments if _CLOCK.match(one.text) and len(one.text) <= 12]
        titles = [one for one in self.sheet.segments if is_order_title(one.text) or is_payment_title(one.text)]
        unit, image = self.sheet.unit, self.image
        for first in clocks:
            if first.center_y > STATUS_BAR * image.height:
                continue
            for other in clocks:
                if other is first:
                    continue
                beside = overlap_y(first.box, other.box) > HALF and other.box.x0 - first.box.x0 > 0.3 * image.width
                under = other.center_y > 0.25 * image.height and abs(other.box.x0 - first.box.x0) <= unit
                titled = any(0 < one.center_y - other.center_y <= 6 * unit for one in titles)
                if beside or (under and titled):
                    return True
        return False


def _near(box: Box) -> float:
    return max(_TOUCHING_PIXELS, _TOUCHING * box.height)


def _weight(text: str) -> float:
    """Width in half ems."""
    return sum(2.0 if is_cjk(character) else 0.5 if character in ".,:;'|il " else 1.1 for character in text)


def overlaps(one: Box, other: Box) -> bool:
    """Whether they share some columns and nearly half the lower one's rows."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    return across > 0 and down > 0.4 * min(one.height, other.height)


def adjoins(value: Box, mark: Box) -> bool:
    """Right behind the value and at least as long as a few of its characters."""
    return beside(value, mark) and mark.width >= value.height


def beside(value: Box, mark: Box) -> bool:
    """Right behind the value, of whatever length."""
    close = 0 <= mark.x0 - value.x1 + 1 <= _ADJOINING * value.height + 1
    return close and overlap_y(value, mark) > HALF
