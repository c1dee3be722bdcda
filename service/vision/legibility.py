"""Places of a picture that are hard or impossible to read: blurred or tiny lines, and what covers the place of text.

Everything is measured against the text the reader found: a row's own ground tells what in that row is not ground, and
a row's own height tells what is large. Nothing here knows what a page should say; that is the extractor's to ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from service.domain.evidence import Box, Flaw, FlawKind, Line
from service.vision.borders import find_cut_print
from service.vision.decode import Pixels
from service.vision.shrinking import shrunk_by
from service.vision.signals import grey_levels

MOST_FLAWS = 80
# Rows are looked at with text of about this height, in pixels: enough to tell a bar from print, four times as fast.
_ROW = 18.0
# Ink differs from the row's ground by this many grey levels in some channel: above JPEG noise and panel tints; what is
# fainter may be a watermark's letter, and counts only where it is long.
_INK, _FAINT_INK = 36, 20
_FLAT_COLUMN = 0.3  # a column of the row with this share of ink belongs to something
_MARK_FILL = 0.55  # print fills a quarter to two fifths of its row, a bar, a blur or a mosaic more
_TEXT_FILL = 0.1
# From one half height of columns to the next a cover's edge, even a blurred one, differs by more than this many levels.
_FADING = 20.0
_SHORTEST_MARK, _SHORTEST_FAINT, _SHORTEST_TEXT = 0.9, 3.0, 2.0  # in row heights
_SOLID_COLUMN = 0.9  # inside a line of text: no stroke is this tall for so long
_SHORTEST_SOLID = 1.0
# A pen's stroke is thicker than print's: half its width, in row heights, over at least this length.
_THICK_STROKE, _SHORTEST_THICK = 0.125, 1.5
_SURELY_READ = 0.98  # score; what is scribbled over is read with less, or not at all
_LEAST_FOR_STROKES = 24  # rows of pixels, below which a stroke's width cannot be told
# Of lines with ink lower than this (pixels), a quarter is misread; of those twice as high one in twenty.
TOO_SMALL_GLYPH = 8.5
# Width of a stroke's edge in glyph heights. Sharp print has 0.08 to 0.14; from here on every second line is misread,
# and every fourth of those the reader is sure of. Measured on development pages blurred and shrunk step by step.
BLURRED_EDGE = 0.2
# Nor are edges this wide (pixels) ever sharp: where all is blurred, several lines are taken for one tall one.
_SOFT_EDGE = 10.0
_FEWEST_COLUMNS, _LEAST_CONTRAST = 8, 12


@dataclass(frozen=True, slots=True)
class Print:
    """How one line is printed. ``height``: of its ink, pixels. ``edge``: width of a stroke's edge, pixels.

    ``contrast``: between print and ground, grey levels.
    """

    height: float
    edge: float
    contrast: float


def find_flaws(image: Pixels, lines: Sequence[Line], gray: Pixels | None = None) -> tuple[Flaw, ...]:
    """Flaws of a BGR page with these lines, boxes in pixels of ``image``; at most MOST_FLAWS, top to bottom.

    ``gray``: the page's grey levels, where they are at hand.
    """
    if not lines:
        return ()
    if gray is None:
        gray = grey_levels(image)
    illegible = [_illegible(gray, line) for line in lines]
    found = [flaw for flaw in illegible if flaw is not None]
    found += _Rows(image, lines).marks(legible=[flaw is None for flaw in illegible])
    found += find_cut_print(gray, float(np.median([line.box.height for line in lines])))
    return tuple(sorted(found, key=lambda flaw: (flaw.box.y0, flaw.box.x0))[:MOST_FLAWS])


# --- how a line is printed ---


def measure_print(gray: Pixels, box: Box) -> Print | None:
    """Height, edge and contrast of the line in ``box``; None where there is too little to measure."""
    cut = _cut(gray, box)
    if cut.shape[0] < 4 or cut.shape[1] < _FEWEST_COLUMNS:
        return None
    low, high = _levels(cut, (0.02, 0.98))
    contrast = float(high - low)
    if contrast < _LEAST_CONTRAST:
        return None
    steps: Pixels = cv2.absdiff(cut[:, 1:], cut[:, :-1]).astype(np.uint8, copy=False)
    (steepest,) = _levels(steps, (0.98,))
    rows = steps.max(axis=1) > 0.25 * float(steps.max())
    inked = np.flatnonzero(rows)
    height = float(inked[-1] - inked[0] + 1) if len(inked) else 0.0
    return Print(height=height, edge=contrast / max(steepest, 1), contrast=contrast)


def _levels(pixels: Pixels, shares: Sequence[float]) -> list[int]:
    """The grey levels below which these shares of the pixels lie: counting is much faster than sorting."""
    counts = np.cumsum(cv2.calcHist([pixels], [0], None, [256], [0, 256]), dtype=np.float64)
    return [int(level) for level in counts.searchsorted([share * pixels.size for share in shares])]


def _illegible(gray: Pixels, line: Line) -> Flaw | None:
    printed = measure_print(gray, line.box)
    if printed is None or printed.height <= 0:
        return None
    if printed.height < TOO_SMALL_GLYPH:
        return Flaw(FlawKind.TOO_SMALL, line.box)
    blurred = printed.edge > min(BLURRED_EDGE * printed.height, _SOFT_EDGE)
    return Flaw(FlawKind.BLURRED, line.box) if blurred else None


def _cut(pixels: Pixels, box: Box) -> Pixels:
    x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
    return pixels[y0 : max(y0, int(np.ceil(box.y1))), x0 : max(x0, int(np.ceil(box.x1)))]


# --- what stands in a row beside its text ---


class _Rows:
    """The page reduced so that its text is _ROW pixels high."""

    def __init__(self, image: Pixels, lines: Sequence[Line]) -> None:
        usual = float(np.median([line.box.height for line in lines]))
        # By a whole number: averaging over whole blocks is several times as fast.
        step = max(1, round(usual / _ROW))
        if min(image.shape[:2]) < step:
            step = 1
        self._factor, self._image = 1 / step, image
        self._small = shrunk_by(image, step)
        self._height, self._width = self._small.shape[:2]
        self._boxes = [self._reduced(line.box) for line in lines]
        # The same boxes, edge by edge: every line is held against all others.
        self._x0, self._y0, self._x1, self._y1 = np.array(
            [(box.x0, box.y0, box.x1, box.y1) for box in self._boxes], np.float64
        ).T
        self._unsure = [line.score < _SURELY_READ for line in lines]

    def _reduced(self, box: Box) -> Box:
        factor = self._factor
        return Box(box.x0 * factor, box.y0 * factor, box.x1 * factor, box.y1 * factor)

    def marks(self, legible: Sequence[bool]) -> list[Flaw]:
        """``legible``: for each line; within a blurred one nothing can be told from its strokes."""
        found: list[Flaw] = []
        for box, clear, unsure in zip(self._boxes, legible, self._unsure, strict=True):
            ground = self._ground(box)
            if ground is None or box.height < 3:
                continue
            over = self._over(box, ground, unsure=unsure) if clear else ()
            for flaw in (*self._beside(box, ground), *self._below(box, ground), *over):
                if not any(_same_place(flaw.box, other.box) for other in found):
                    found.append(flaw)
        return [Flaw(flaw.kind, self._enlarged(flaw.box)) for flaw in found]

    def _ground(self, box: Box) -> npt.NDArray[np.float64] | None:
        """The colour the line is printed on: the middle one of the two rows of pixels around it."""
        x0, x1 = max(0, int(box.x0)), min(self._width, int(np.ceil(box.x1)))
        rows = [y for y in (int(box.y0) - 1, int(np.ceil(box.y1))) if 0 <= y < self._height]
        if x1 <= x0 or not rows:
            return None
        around = np.concatenate([self._small[y, x0:x1] for y in rows])
        return np.array([*_middle_colour(around), 0.0])

    def _differs(self, x0: float, y0: float, x1: float, y1: float, ground: npt.NDArray[np.float64]) -> Pixels:
        """Grey levels by which each pixel differs from the ground in some channel; empty outside the page."""
        cut = self._small[max(0, int(y0)) : int(np.ceil(y1)), max(0, int(x0)) : max(0, int(np.ceil(x1)))]
        return _difference(cut, ground)

    def _beside(self, box: Box, ground: npt.NDArray[np.float64]) -> Iterator[Flaw]:
        """To the right of the line, up to the next text of its row or the page's edge."""
        gap = 0.25 * box.height
        others = self._x0[self._share_row(box) & (self._x0 > box.x1 - gap)]
        end = min(float(self._width), float(others.min()) - gap) if others.size else float(self._width)
        yield from self._in_strip(box.x1 + gap, box.y0, end, box.y1, ground)

    def _share_row(self, box: Box) -> npt.NDArray[np.bool_]:
        """Which lines stand beside this one, itself included."""
        shared = np.minimum(self._y1, box.y1) - np.maximum(self._y0, box.y0)
        return np.asarray(shared > 0.3 * np.minimum(self._y1 - self._y0, box.height))

    def _below(self, box: Box, ground: npt.NDArray[np.float64]) -> Iterator[Flaw]:
        """In the row under the line, where no text stands: the place of a value printed below its name."""
        top, bottom = box.y1 + 0.3 * box.height, box.y1 + 1.5 * box.height
        there = (self._y0 < bottom) & (self._y1 > top)
        if (there & (self._x0 < box.x1) & (self._x1 > box.x0)).any():
            return
        if self._on_other_ground(box, top, bottom, ground):
            return
        others = self._x0[there & (self._x0 >= box.x1)]
        end = min(float(self._width), float(others.min())) if others.size else float(self._width)
        yield from self._in_strip(box.x0, top, end, bottom, ground)

    def _on_other_ground(self, box: Box, top: float, bottom: float, ground: npt.NDArray[np.float64]) -> bool:
        """Whether the page is of another colour there to the left of the line, too: its card or band has ended."""
        beside = self._small[
            max(0, int(top)) : int(bottom), max(0, int(box.x0 - 1.2 * box.height)) : int(box.x0 - 0.7 * box.height)
        ]
        if not beside.size:
            return False
        return float(np.abs(_middle_colour(beside.reshape(-1, 3)) - ground[:3]).max()) > _FAINT_INK

    def _over(self, box: Box, ground: npt.NDArray[np.float64], *, unsure: bool) -> Iterator[Flaw]:
        """Inside the line's own box: columns that are ink from top to bottom, which no print is; in a line that was
        read ``unsure``ly also strokes as thick as a pen's, which bold print may have."""
        inset = 0.1 * box.height
        differs = self._differs(box.x0, box.y0 + inset, box.x1, box.y1 - inset, ground)
        ink = differs > _INK
        if ink.size == 0:
            return
        full = _column_means(ink)
        x0 = max(0, int(box.x0))
        for start, end in _runs(full >= _SOLID_COLUMN, 1):
            long = _SHORTEST_SOLID * box.height <= end - start < 0.9 * len(full)
            if long and not _fades(differs, start, end, box.height, among_print=True):
                yield Flaw(FlawKind.MARK, Box(x0 + start, box.y0, x0 + end, box.y1))
        for start, end in self._thick(differs, box.height) if unsure else ():
            # The reduced row only raises the question: three pixels of bold print are as thick as a pen there.
            part = Box(x0 + start - 1, box.y0 + inset, x0 + end + 1, box.y1 - inset)
            whole = _difference(_cut(self._image, self._enlarged(part)), ground)
            if whole.size and whole.shape[0] >= _LEAST_FOR_STROKES and any(self._thick(whole, whole.shape[0] / 0.8)):
                yield Flaw(FlawKind.MARK, Box(x0 + start, box.y0, x0 + end, box.y1))

    def _thick(self, differs: Pixels, height: float) -> Iterator[tuple[int, int]]:
        """Columns through which runs a stroke thicker than print's, in a row of that height."""
        # At half the contrast, or the soft edges of small print would run together.
        dark = (differs > max(_INK, 0.5 * int(differs.max()))).astype(np.uint8)
        depth = cv2.distanceTransform(dark, cv2.DIST_L2, 3)
        for start, end in _runs(depth.max(axis=0) >= _THICK_STROKE * height, max(1, int(0.5 * height))):
            if end - start >= _SHORTEST_THICK * height:
                yield start, end

    def _goes_on(self, box: Box) -> bool:
        """Whether the page looks the same a row above this place or a row below it."""
        middle = self._ground_at(box, 0.0)
        around = [self._ground_at(box, rows * box.height) for rows in (-1.6, 1.6)]
        return any(one is None or middle is None or float(np.abs(one - middle).max()) <= _INK for one in around)

    def _ground_at(self, box: Box, below: float) -> npt.NDArray[np.float64] | None:
        y = int((box.y0 + box.y1) / 2 + below)
        if not 0 <= y < self._height:
            return None
        return _middle_colour(self._small[y, int(box.x0) : int(box.x1)])

    def _enlarged(self, box: Box) -> Box:
        return Box(*(edge / self._factor for edge in (box.x0, box.y0, box.x1, box.y1)))

    def _in_strip(self, x0: float, y0: float, x1: float, y1: float, ground: npt.NDArray[np.float64]) -> Iterator[Flaw]:
        differs = self._differs(x0, y0, x1, y1, ground)
        height = y1 - y0
        if differs.size == 0 or differs.shape[1] < _SHORTEST_MARK * height:
            return
        left, closing, most = max(0, int(x0)), max(1, int(0.5 * height)), int(differs.max())
        for least, shortest in ((_INK, _SHORTEST_MARK), (_FAINT_INK, _SHORTEST_FAINT)):
            if most <= least:
                continue
            columns = _column_means(differs > least)
            for start, end in _runs(columns > _TEXT_FILL, closing):
                fill = float(columns[start:end].mean())
                box = Box(left + start, y0, left + end, y1)
                if _fades(differs, start, end, height):
                    continue
                if left + end >= self._width - 1 and fill > 0.95 and self._goes_on(box):
                    continue  # the page's margin in another tint
                if fill >= _MARK_FILL and end - start >= shortest * height:
                    yield Flaw(FlawKind.MARK, box)
                elif (
                    shortest == _SHORTEST_MARK
                    and end - start >= _SHORTEST_TEXT * height
                    and float((columns[start:end] > _FLAT_COLUMN).mean()) > 0.3
                ):
                    yield Flaw(FlawKind.UNREAD, box)


def _fades(differs: Pixels, start: int, end: int, height: float, *, among_print: bool = False) -> bool:
    """Whether these columns differ from the ground by degrees, as a coloured panel's do, and not from some column on.

    Where neither end is within the strip, whether they go from one level to another by degrees. ``among_print``: of a
    column also strokes differ.
    """
    levels = np.quantile(differs, 0.2 if among_print else 0.5, axis=0)
    half = max(1, int(0.5 * height))
    ends = [at for at in (start, end) if half <= at <= len(levels) - half]
    steps = [abs(float(np.median(levels[at : at + half])) - float(np.median(levels[at - half : at]))) for at in ends]
    if steps:
        return max(steps) < (_INK if among_print else _FADING)
    inside = [float(np.median(levels[at : at + half])) for at in range(start, end - half + 1, half)]
    jumps = [abs(after - before) for before, after in pairwise(inside)]
    return len(jumps) > 1 and max(jumps) < _FADING < max(inside) - min(inside)


def _difference(pixels: Pixels, ground: npt.NDArray[np.float64]) -> Pixels:
    """Grey levels by which each pixel differs from the ground in some channel."""
    if not pixels.size:
        return np.zeros((0, 0), np.uint8)
    blue, green, red = cv2.split(cv2.absdiff(pixels, ground))
    return cv2.max(cv2.max(blue, green), red).astype(np.uint8, copy=False)


def _middle_colour(pixels: Pixels) -> npt.NDArray[np.float64]:
    """The median of each channel over n × 3 pixels; np.median says the same, three times as slow."""
    ordered = np.sort(pixels, axis=0)
    count = len(ordered)
    middle: npt.NDArray[np.float64] = (ordered[(count - 1) // 2].astype(np.float64) + ordered[count // 2]) / 2
    return middle


def _column_means(ink: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """The share of ink in each column."""
    counts = np.add.reduce(ink, axis=0, dtype=np.float64)
    return np.asarray(counts / ink.shape[0])


def _runs(flags: npt.NDArray[np.bool_], closing: int) -> Iterator[tuple[int, int]]:
    """[start, end) of runs of True; runs less than ``closing`` apart are one."""
    where = flags.nonzero()[0]
    if not len(where):
        return
    breaks = np.flatnonzero(np.diff(where) > closing)
    starts = [int(where[0]), *(int(where[at + 1]) for at in breaks)]
    ends = [*(int(where[at]) + 1 for at in breaks), int(where[-1]) + 1]
    yield from zip(starts, ends, strict=True)


def _same_place(one: Box, other: Box) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    smaller = min(one.width * one.height, other.width * other.height)
    return across > 0 and down > 0 and across * down > 0.5 * smaller
