"""One line of print taken apart: ground, ink, glyphs, and numbers about each glyph that its place does not change."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from service.domain.evidence import Box, Line
from service.vision.decode import Pixels

Floats = npt.NDArray[np.floating[Any]]
Integers = npt.NDArray[np.signedinteger[Any]]

_FAINTEST = 30  # grey levels between ground and ink; below it glyphs drown in noise
_THRESHOLDS = (0.35, 0.5, 0.65)  # of full ink, tried in turn until runs of ink match the characters
_PROFILE = 24  # samples of a row profile, from a fifth of the digits' height above them to a fifth below
_DECIMALS = re.compile(r"[.．](\d{1,2})(?!\d)\D{0,2}$")
# What prints as one run of ink: digits, Latin letters, marks. Chinese characters fall apart, so they end a run.
_RUN = re.compile(r"[!-~¥￥：，。－—]+")
# Widths in digit heights, of faces from condensed to wide.
_WIDTHS = dict.fromkeys("023456789", (0.38, 0.85)) | {
    "1": (0.1, 0.75),
    "M": (0.5, 1.25),
    "W": (0.6, 1.5),
    "@": (0.6, 1.5),
}
_LETTER, _MARK = (0.05, 1.1), (0.05, 0.7)
_FOREIGN = 28  # levels between a pixel's strongest and weakest channel, over what ground and ink have
_LEAST_GROUND = 8  # pixels
_NEAR = np.ones((3, 3), np.uint8)  # edges are softened over a pixel
_DIGITS = frozenset("0123456789")


_Digit = tuple[str, int, list[int]]  # the character, its place in the text, its first column and the one past its last


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The digits of one line, n of them. Pixels are those of the page.

    ``codes``: the digit, 0 to 9. ``order``: which character of its run. ``x0``, ``x1``: columns. ``centre``: of ink,
    in digit heights. ``profile``: n × 24, share of the glyph's ink by row. ``mass``, ``spread``: ink in squared digit
    heights, and its standard deviation across in digit heights. ``crisp``: how steep edges are, down and across.
    ``top``, ``foot``: first and last row of ink, to a fraction, in digit heights from the line's own.
    ``noise``, ``offset``: grey levels of the ground about the glyph: mean deviation, mean difference from the line's.
    """

    codes: Integers
    order: Integers
    x0: Floats
    x1: Floats
    centre: Floats
    profile: Floats
    mass: Floats
    spread: Floats
    crisp: Floats
    top: Floats
    foot: Floats
    noise: Floats
    offset: Floats


@dataclass(frozen=True, slots=True)
class Print:
    """One line as printed. ``height``: of a digit, of the ink where there are none; ``top``, ``bottom``: rows of ink.

    ``crisp``, ``noise``, ``contrast``, ``ink``: as for glyphs, over the whole line.
    """

    line: Line
    height: float
    top: float
    bottom: float
    contrast: float
    crisp: tuple[float, float]
    noise: float
    ink: Floats
    glyphs: Glyphs | None


def measure(image: Pixels, line: Line) -> Print | None:
    """The line's print; None where the crop shows no clear ink on an even ground."""
    crop, x, y = _crop(image, line.box)
    if min(crop.shape[:2]) < 6:
        return None
    grey: Pixels = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    count = cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel().astype(np.int64)
    ground = int(count.argmax())
    away: Pixels = cv2.LUT(grey, np.abs(np.arange(256) - ground).astype(np.uint8)).astype(np.uint8, copy=False)
    contrast = _contrast(count, ground)
    if contrast < _FAINTEST:
        return None
    cover = cv2.LUT(away, np.minimum(np.arange(256, dtype=np.float32) / contrast, 1)).astype(np.float32, copy=False)
    rows = np.flatnonzero(cover.max(axis=1) > 0.5)
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    if bottom - top < 6:
        return None
    still = _Still(
        crop=crop,
        grey=grey,
        ground=ground,
        away=away,
        cover=cover,
        clear=cv2.erode(_mask(away, 0.2 * contrast, cv2.THRESH_BINARY_INV), _NEAR).astype(np.uint8, copy=False),
        down=np.asarray(cv2.absdiff(cover[1:], cover[:-1])),
        across=np.asarray(cv2.absdiff(cover[:, 1:], cover[:, :-1])),
        ink=np.array(cv2.mean(crop, _mask(away, 0.85 * contrast, cv2.THRESH_BINARY))[:3], np.float32),
    )
    glyphs = _glyphs(still, line.text, top, bottom)
    return Print(
        line=line,
        height=float(glyphs[1]) if glyphs else float(bottom - top),
        top=y + top,
        bottom=y + bottom,
        contrast=contrast,
        crisp=(_crisp(still.down), _crisp(still.across)),
        noise=cv2.mean(away, still.clear)[0] if cv2.countNonZero(still.clear) else -1.0,
        ink=still.ink,
        glyphs=replace(glyphs[0], x0=glyphs[0].x0 + x, x1=glyphs[0].x1 + x) if glyphs else None,
    )


def _mask(away: Pixels, levels: float, kind: int) -> Pixels:
    """1 where a pixel is more than ``levels`` away, or where it is not, 0 elsewhere."""
    return cv2.threshold(away, int(levels), 1, kind)[1].astype(np.uint8, copy=False)


def middle(values: Floats | Integers) -> float:
    """The median of one row of numbers; np.median says the same, ten times as slow on so few."""
    ordered = values.copy()
    ordered.sort()
    return float(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _contrast(count: Integers, ground: int) -> float:
    """Grey levels between ground and full ink: what one pixel in two hundred passes. ``count``: pixels by level."""
    away = np.zeros(256, np.int64)
    away[: 256 - ground] = count[ground:]
    away[1 : ground + 1] += count[:ground][::-1]
    passed = np.cumsum(away[::-1])
    return 255.0 - float(passed.searchsorted(max(2, int(passed[-1]) // 200)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Still:
    """One line's crop: ``away`` from the ground in grey levels, ``cover`` in shares of full ink, ``clear`` 1 where no
    ink is near, steps ``down`` and ``across``, colour of full ink.
    """

    crop: Pixels
    grey: Pixels
    ground: int
    away: Pixels
    cover: Floats
    clear: Pixels
    down: Floats
    across: Floats
    ink: Floats


def _crop(image: Pixels, box: Box) -> tuple[Pixels, int, int]:
    height, width = image.shape[:2]
    x0, y0 = max(0, int(box.x0) - 2), max(0, int(box.y0) - 1)
    x1, y1 = min(width, int(box.x1) + 3), min(height, int(box.y1) + 2)
    return image[y0:y1, x0:x1], x0, y0


def _crisp(steps: Floats) -> float:
    """Mean step weighted by itself: near 1 for hard edges, small for soft ones."""
    total = cv2.norm(steps, cv2.NORM_L1)
    return cv2.norm(steps, cv2.NORM_L2SQR) / total if total else 0.0


def _runs(peaks: Floats, threshold: float) -> list[list[int]]:
    """First column and the one past the last of each run of columns with ink. ``peaks``: most ink of each column."""
    inked = np.zeros(len(peaks) + 2, bool)
    inked[1:-1] = peaks > threshold
    runs: list[list[int]] = (inked[1:] != inked[:-1]).nonzero()[0].reshape(-1, 2).tolist()
    return runs


def _matched(text: str, runs: list[list[int]]) -> list[_Digit]:
    """(character, its place in the text, run) of what stands at the line's ends and can be told apart."""
    packed = "".join(text.split())
    whole = _RUN.fullmatch(packed)
    if whole:
        return list(zip(packed, range(len(packed)), runs, strict=True)) if len(packed) == len(runs) else []
    pairs: list[_Digit] = []
    pieces = list(_RUN.finditer(packed))
    if pieces and pieces[-1].end() == len(packed):
        tail = pieces[-1].group()
        if len(tail) < len(runs):
            pairs += zip(tail, range(pieces[-1].start(), len(packed)), runs[-len(tail) :], strict=True)
    if pieces and pieces[0].start() == 0:
        head = pieces[0].group()
        if len(head) < len(runs):
            pairs += zip(head, range(len(head)), runs[: len(head)], strict=True)
    return pairs


def _glyphs(still: _Still, text: str, top: int, bottom: int) -> tuple[Glyphs, float] | None:
    # Dots are read as noughts, bars as ones.
    if sum(character in _DIGITS for character in text) < 2 or len(set(text)) < 2:
        return None
    peaks = still.cover[top:bottom].max(axis=0)
    for threshold in _THRESHOLDS:
        pairs = _matched(text, _runs(peaks, threshold))
        digits = [pair for pair in pairs if pair[0] in _DIGITS]
        if len(digits) > 1 and (measured := _measured(still, pairs, digits, text, top, bottom)):
            return measured
    return None


def _measured(
    still: _Still, pairs: list[_Digit], digits: list[_Digit], text: str, top: int, bottom: int
) -> tuple[Glyphs, float] | None:
    starts, ends = np.array([run for _, _, run in digits]).T
    # Half-inked rows where each glyph begins and ends.
    inked = _by_row(np.maximum, still.cover[top:bottom], starts, ends) > 0.5
    if not inked.any(axis=0).all():
        return None
    tops, feet = inked.argmax(axis=0) + top, bottom - inked[::-1].argmax(axis=0)
    heights = feet - tops
    if (small := _small_decimals(digits, text, heights)) and len(digits) - small > 1:
        return _measured(still, pairs, digits[:-small], text, top, bottom)
    if (larger := _of_larger_size((starts + ends) / 2, heights)) is not None:
        digits, starts, ends = [digits[i] for i in larger], starts[larger], ends[larger]
        tops, feet, heights = tops[larger], feet[larger], heights[larger]
    height = middle(heights)
    # A run that is no digit after all (a comma read as one, two that touch): the text was matched wrongly.
    if height < 7 or np.abs(heights - height).max() > max(2.0, 0.15 * height) or not _plausible(pairs, height):
        return None
    if (kept := np.flatnonzero(~_overlaid(still, starts, ends, top, bottom))).size < len(digits):
        if kept.size < 2:
            return None
        digits, starts, ends = [digits[i] for i in kept], starts[kept], ends[kept]
        tops, feet = tops[kept], feet[kept]
    return _numbers(still, digits, starts, ends, tops, feet, height), height


def _plausible(pairs: list[_Digit], height: float) -> bool:
    """Whether every run is about as wide as its character: letters that touch shift all that follow by one."""
    for character, _, (a, b) in pairs:
        least, most = _WIDTHS.get(character, _LETTER if character.isalpha() else _MARK)
        if not least * height - 2 <= b - a <= most * height + 2:
            return False
    return True


def _overlaid(still: _Still, starts: Integers, ends: Integers, top: int, bottom: int) -> npt.NDArray[np.bool_]:
    """Which digits a seal or a mark in another colour runs across: pale pixels of more colour than ground and ink."""
    blue, green, red = cv2.split(still.crop[top:bottom])
    colour = cv2.subtract(cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red))
    own = max(float(np.ptp(still.ink)), middle(colour[::4, ::4].ravel().astype(np.int64)))
    if int(colour.max()) <= own + _FOREIGN:
        return np.zeros(len(starts), bool)
    foreign = ((colour > own + _FOREIGN) & (still.cover[top:bottom] < 0.7)).sum(axis=0)
    count = np.concatenate([[0], np.cumsum(foreign)])
    share = (count[ends] - count[starts]) / ((ends - starts) * (bottom - top))
    # More than on the line's other digits: letters smoothed for a flat panel have coloured fringes, all of them.
    return np.asarray(share > 0.012 + 2 * middle(share))


def _of_larger_size(x: npt.NDArray[np.float64], heights: Integers) -> Integers | None:
    """The digits of the larger size where two pieces of a line, a gap between them, are set in two; else None."""
    steps = np.diff(x)
    if len(x) < 4:
        return None
    gap = int(steps.argmax()) + 1
    pieces = heights[:gap], heights[gap:]
    if steps[gap - 1] < 1.5 * middle(steps) or min(map(len, pieces)) < 2:
        return None
    low, high = sorted(pieces, key=middle)
    if low.max() >= high.min() or middle(high) < 1.05 * middle(low):
        return None
    return np.arange(gap) if high is pieces[0] else np.arange(gap, len(x))


def _small_decimals(digits: list[_Digit], text: str, heights: Integers) -> int:
    """How many decimals an amount ends with that are set smaller than what stands before the point, as apps like to."""
    decimals = _DECIMALS.search("".join(text.split()))
    count = len(decimals.group(1)) if decimals else 0
    if not count or count >= len(digits):
        return 0
    return count if heights[-count:].max() < middle(heights[:-count]) else 0


def _numbers(
    still: _Still,
    digits: list[_Digit],
    starts: Integers,
    ends: Integers,
    tops: Integers,
    feet: Integers,
    height: float,
) -> Glyphs:
    first, last = int(middle(tops)), int(middle(feet))
    drift = _drift((starts + ends) / 2, tops + feet)
    margin = max(1, round(0.2 * height)) + int(np.ceil(np.abs(drift).max()))
    band = slice(max(0, first - margin), min(still.cover.shape[0], last + margin))
    a, b = np.maximum(0, starts - 1), np.minimum(still.cover.shape[1], ends + 1)
    cover = still.cover[band]
    by_row = _by_row(np.add, cover, a, b, np.float64)
    by_column = cover.sum(axis=0)
    x = np.arange(len(by_column), dtype=np.float64)
    mass, first_moment, second_moment = _between(np.stack([by_column, by_column * x, by_column * x * x]), a, b)
    centre = first_moment / mass
    return Glyphs(
        codes=np.array([int(character) for character, _, _ in digits]),
        order=np.array([place for _, place, _ in digits]),
        x0=starts.astype(np.float32),
        x1=ends.astype(np.float32),
        centre=centre / height,
        profile=_profiles(by_row, first - band.start, last - band.start, drift),
        mass=mass / height**2,
        spread=np.sqrt(np.maximum(second_moment / mass - centre**2, 0)) / height,
        crisp=np.column_stack([_steepness(still.down[band], a, b), _steepness(still.across[band], a, b - 1)]),
        **_edges(cover, a, b, drift, height),
        **_ground(still, band, np.maximum(0, a - 2), np.minimum(len(by_column), b + 2)),
    )


def _between(values: Floats, a: Integers, b: Integers) -> Floats:
    """rows × n: sums over the columns from ``a`` to ``b`` of each glyph."""
    sums = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return np.asarray(sums[:, b] - sums[:, a])


def _profiles(by_row: Floats, first: int, last: int, drift: Floats) -> Floats:
    reach = 0.2 * (last - first)
    at = (np.arange(_PROFILE) + 0.5) / _PROFILE * (last - first + 2 * reach) - 0.5 + first - reach
    at = np.clip(at + drift[:, None], 0, len(by_row) - 1)
    # Between rows in proportion; np.interp says the same, glyph by glyph.
    above, glyph = np.minimum(at.astype(np.int64), len(by_row) - 2), np.arange(len(drift))[:, None]
    ink = by_row[above, glyph]
    sampled = (by_row[above + 1, glyph] - ink) * (at - above) + ink
    return np.asarray(sampled / np.maximum(sampled.sum(axis=1, keepdims=True), 1e-6))


def _steepness(steps: Floats, a: Integers, b: Integers) -> Floats:
    weighted, total = _between(np.stack([np.square(steps).sum(axis=0), steps.sum(axis=0)]), a, np.maximum(a + 1, b))
    return np.asarray(weighted / np.maximum(total, 1e-6))


def _edges(cover: Floats, a: Integers, b: Integers, drift: Floats, height: float) -> dict[str, Floats]:
    """Rows where each glyph's ink reaches half, to a fraction, in digit heights."""
    peaks = _by_row(np.maximum, cover, a, b).astype(np.float64)
    return {"top": (_edge(peaks) - drift) / height, "foot": (-_edge(peaks[::-1]) - drift) / height}


def _ground(still: _Still, band: slice, a: Integers, b: Integers) -> dict[str, Floats]:
    """Noise and shade of the ground about each glyph; -1 and 0 where too little of it is to be seen."""
    clear = still.clear[band]
    count, away, grey = _between(
        np.stack([clear.sum(axis=0), (still.away[band] * clear).sum(axis=0), (still.grey[band] * clear).sum(axis=0)]),
        a,
        b,
    )
    seen = count > _LEAST_GROUND
    count = np.maximum(count, 1)
    return {
        "noise": np.where(seen, away / count, -1.0),
        "offset": np.where(seen, grey / count - still.ground, 0.0),
    }


def _drift(x: npt.NDArray[np.float64], sides: Integers) -> npt.NDArray[np.float64]:
    """Rows by which each glyph lies below the line's middle where the page is held aslant; 0 on level ones.

    ``sides``: sum of first and last row.
    """
    if len(x) < 4:
        return np.zeros(len(x))
    away, rows = x - x.mean(), (sides - sides.mean()) / 2
    fitted = float((away * rows).sum() / np.square(away).sum()) * away
    # One digit set too low is no slope: a slope explains nearly all there is.
    aslant = np.ptp(fitted) > 1.0 and np.square(rows - fitted).sum() < 0.3 * np.square(rows).sum()
    return fitted if aslant else np.zeros(len(x))


def _by_row(what: np.ufunc, cover: Floats, a: Integers, b: Integers, kind: type[np.float64] | None = None) -> Floats:
    """rows × n: the sum, or the most, of each row's ink between the columns ``a`` and ``b`` of each glyph."""
    if int(b.max()) == cover.shape[1]:
        cover = np.asarray(cv2.copyMakeBorder(cover, 0, 0, 0, 1, cv2.BORDER_CONSTANT))
    return np.asarray(what.reduceat(cover, np.array([a, b]).T.ravel(), axis=1, dtype=kind)[:, ::2])


def _edge(peaks: Floats) -> Floats:
    """Row where each glyph's ink reaches half, to a fraction of a row. ``peaks``: rows × n."""
    glyph = np.arange(peaks.shape[1])
    index = (peaks > 0.5).argmax(axis=0)
    before, here = peaks[np.maximum(index - 1, 0), glyph], peaks[index, glyph]
    return np.asarray(np.where(index == 0, 0.0, index - (here - 0.5) / np.maximum(here - before, 1e-3)))
