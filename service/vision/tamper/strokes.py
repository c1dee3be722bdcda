"""One line of print taken apart: ground, ink, glyphs, and numbers about each glyph that its place does not change."""

from __future__ import annotations

import re
from dataclasses import dataclass
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


_Digit = tuple[str, int, Integers]  # the character, its place in the text, its first column and the one past its last


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
    ground = int(np.bincount(grey.ravel(), minlength=256).argmax())
    away = np.abs(np.arange(256) - ground).astype(np.uint8)[grey]
    contrast = _contrast(away)
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
        clear=(cv2.dilate((away > 0.2 * contrast).astype(np.uint8), _NEAR) == 0).astype(np.uint8),
        down=np.asarray(cv2.absdiff(cover[1:], cover[:-1])),
        across=np.asarray(cv2.absdiff(cover[:, 1:], cover[:, :-1])),
        ink=np.array(cv2.mean(crop, (away > 0.85 * contrast).astype(np.uint8))[:3], np.float32),
    )
    glyphs = _glyphs(still, line.text, top, bottom)
    clear = int(still.clear.sum())
    return Print(
        line=line,
        height=float(glyphs[1]) if glyphs else float(bottom - top),
        top=y + top,
        bottom=y + bottom,
        contrast=contrast,
        crisp=(_crisp(still.down), _crisp(still.across)),
        noise=cv2.mean(away, still.clear)[0] if clear else -1.0,
        ink=still.ink,
        glyphs=_placed(glyphs[0], x) if glyphs else None,
    )


def middle(values: Floats | Integers) -> float:
    """The median of one row of numbers; np.median says the same, ten times as slow on so few."""
    ordered = np.sort(values)
    return float(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _contrast(away: Pixels) -> float:
    """Grey levels between ground and full ink: what one pixel in two hundred passes."""
    count = np.cumsum(np.bincount(away.ravel(), minlength=256)[::-1])
    return 255.0 - float(np.searchsorted(count, max(2, away.size // 200)))


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


def _runs(cover: Floats, threshold: float) -> Integers:
    """n × 2: first column and the one past the last of each run of columns with ink."""
    inked = np.concatenate(([False], cover.max(axis=0) > threshold, [False]))
    edges = np.flatnonzero(inked[1:] != inked[:-1])
    return edges.reshape(-1, 2)


def _matched(text: str, runs: Integers) -> list[_Digit]:
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
    for threshold in _THRESHOLDS:
        runs = _runs(still.cover[top:bottom], threshold)
        pairs = _matched(text, runs)
        digits = [pair for pair in pairs if pair[0] in _DIGITS]
        measured = _measured(still, pairs, digits, text, top, bottom) if len(digits) > 1 else None
        if measured:
            return measured
    return None


def _measured(
    still: _Still, pairs: list[_Digit], digits: list[_Digit], text: str, top: int, bottom: int
) -> tuple[Glyphs, float] | None:
    cover = still.cover
    starts = np.array([run[0] for _, _, run in digits])
    ends = np.array([run[1] for _, _, run in digits])
    # Half-inked rows where each glyph begins and ends.
    spans = [np.flatnonzero(cover[top:bottom, a:b].max(axis=1) > 0.5) for a, b in zip(starts, ends, strict=True)]
    if any(len(span) == 0 for span in spans):
        return None
    tops, feet = np.array([span[0] for span in spans]) + top, np.array([span[-1] + 1 for span in spans]) + top
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
    own = max(float(np.ptp(still.ink)), float(np.median(colour[::4, ::4])))
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
    by_row = _between(cover, a, b)
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
    rows = np.arange(len(by_row))
    sampled = np.array([np.interp(at + low, rows, ink) for low, ink in zip(drift, by_row.T, strict=True)])
    return np.asarray(sampled / np.maximum(sampled.sum(axis=1, keepdims=True), 1e-6))


def _steepness(steps: Floats, a: Integers, b: Integers) -> Floats:
    weighted, total = _between(np.stack([np.square(steps).sum(axis=0), steps.sum(axis=0)]), a, np.maximum(a + 1, b))
    return np.asarray(weighted / np.maximum(total, 1e-6))


def _edges(cover: Floats, a: Integers, b: Integers, drift: Floats, height: float) -> dict[str, Floats]:
    """Rows where each glyph's ink reaches half, to a fraction, in digit heights."""
    peaks = [cover[:, left:right].max(axis=1) for left, right in zip(a.tolist(), b.tolist(), strict=True)]
    top = np.array([_edge(peak) for peak in peaks])
    foot = np.array([-_edge(peak[::-1]) for peak in peaks])
    return {"top": (top - drift) / height, "foot": (foot - drift) / height}


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


def _edge(peaks: Floats) -> float:
    """Row where ink reaches half, to a fraction of a row."""
    index = int((peaks > 0.5).argmax())
    if index == 0:
        return 0.0
    before, here = float(peaks[index - 1]), float(peaks[index])
    return index - (here - 0.5) / max(here - before, 1e-3)


def _placed(glyphs: Glyphs, x: int) -> Glyphs:
    return Glyphs(
        **{
            name: getattr(glyphs, name) + x if name in ("x0", "x1") else getattr(glyphs, name)
            for name in Glyphs.__slots__
        }
    )
