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
_WIDEST, _TALLEST = 1400, 160  # pixels; larger crops are shrunk, print of that size says the same in half the pixels
# What prints as one run of ink: digits, Latin letters, marks. Chinese characters fall apart, so they end a run.
_RUN = re.compile(r"[!-~¥￥：，。－—]+")
_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The digits of one line, n of them. Pixels are those of the page.

    ``codes``: the digit, 0 to 9. ``order``: which character of its run. ``x0``, ``x1``: columns. ``centre``: of ink,
    in digit heights. ``profile``: n × 24, share of the glyph's ink by row. ``mass``, ``spread``: ink in squared digit
    heights, and its standard deviation across in digit heights. ``crisp``: how steep edges are, down and across.
    ``top``, ``foot``: first and last row of ink, to a fraction, in digit heights from the line's own.
    ``noise``, ``offset``: grey levels of the ground about the glyph: mean deviation, mean difference from the line's.
    ``ink``: n × 3, colour of full ink, BGR.
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
    ink: Floats


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
    signed = grey.astype(np.float32) - ground
    away = np.abs(signed)
    contrast = float(np.partition(away.ravel(), -max(2, away.size // 200))[-max(2, away.size // 200)])
    if contrast < _FAINTEST:
        return None
    cover = np.minimum(away / contrast, 1.0)
    rows = np.flatnonzero(cover.max(axis=1) > 0.5)
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    if bottom - top < 6:
        return None
    down, across = np.abs(np.diff(cover, axis=0)), np.abs(np.diff(cover, axis=1))
    clear = cv2.dilate((cover > 0.25).astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    still = _Still(cover, away, signed, clear, down, across, crop)
    glyphs = _glyphs(still, line.text, top, bottom)
    full = cover > 0.85
    return Print(
        line=line,
        height=float(glyphs[1]) if glyphs else float(bottom - top),
        top=y + top,
        bottom=y + bottom,
        contrast=contrast,
        crisp=(_crisp(down), _crisp(across)),
        noise=float(away[clear].mean()) if clear.any() else -1.0,
        ink=crop[full].mean(axis=0).astype(np.float32) if full.any() else np.zeros(3, np.float32),
        glyphs=_placed(glyphs[0], x) if glyphs else None,
    )


@dataclass(frozen=True, slots=True)
class _Still:
    cover: Floats
    away: Floats
    signed: Floats
    clear: npt.NDArray[np.bool_]
    down: Floats
    across: Floats
    crop: Pixels


def _crop(image: Pixels, box: Box) -> tuple[Pixels, int, int]:
    height, width = image.shape[:2]
    x0, y0 = max(0, int(box.x0) - 2), max(0, int(box.y0) - 1)
    x1, y1 = min(width, int(box.x1) + 3), min(height, int(box.y1) + 2)
    return image[y0:y1, x0:x1], x0, y0


def _crisp(steps: Floats) -> float:
    """Mean step weighted by itself: near 1 for hard edges, small for soft ones."""
    total = float(steps.sum())
    return float(np.square(steps).sum()) / total if total else 0.0


def _runs(cover: Floats, threshold: float) -> Integers:
    """n × 2: first column and the one past the last of each run of columns with ink."""
    inked = np.concatenate(([False], cover.max(axis=0) > threshold, [False]))
    edges = np.flatnonzero(inked[1:] != inked[:-1])
    return edges.reshape(-1, 2)


def _matched(text: str, runs: Integers) -> list[tuple[str, int, Integers]]:
    """(character, its place in the text, run) of what stands at the line's ends and can be told apart."""
    packed = "".join(text.split())
    whole = _RUN.fullmatch(packed)
    if whole:
        return list(zip(packed, range(len(packed)), runs, strict=True)) if len(packed) == len(runs) else []
    pairs: list[tuple[str, int, Integers]] = []
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
    if sum(character in _DIGITS for character in text) < 2:
        return None
    for threshold in _THRESHOLDS:
        runs = _runs(still.cover[top:bottom], threshold)
        digits = [pair for pair in _matched(text, runs) if pair[0] in _DIGITS]
        if len(digits) < 2:
            continue
        measured = _measured(still, digits, top, bottom)
        if measured:
            return measured
    return None


def _measured(
    still: _Still, digits: list[tuple[str, int, Integers]], top: int, bottom: int
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
    height = float(np.median(heights))
    # A run that is no digit after all (a comma read as one, two that touch): the text was matched wrongly.
    if height < 7 or np.abs(heights - height).max() > max(2.0, 0.15 * height) or (ends - starts).max() > 0.95 * height:
        return None
    return _numbers(still, digits, starts, ends, tops, feet, height), height


def _numbers(
    still: _Still,
    digits: list[tuple[str, int, Integers]],
    starts: Integers,
    ends: Integers,
    tops: Integers,
    feet: Integers,
    height: float,
) -> Glyphs:
    first, last = int(np.median(tops)), int(np.median(feet))
    middle = (starts + ends) / 2
    drift = _drift(middle, tops + feet)
    margin = max(1, round(0.2 * height)) + int(np.ceil(np.abs(drift).max()))
    band = slice(max(0, first - margin), min(still.cover.shape[0], last + margin))
    count, columns = len(digits), still.cover.shape[1]
    profile = np.zeros((count, _PROFILE), np.float32)
    values = np.zeros((count, 10), np.float32)
    ink = np.zeros((count, 3), np.float32)
    reach = 0.2 * (last - first)
    at = (np.arange(_PROFILE) + 0.5) / _PROFILE * (last - first + 2 * reach) - 0.5 + (first - reach - band.start)
    for i, (a, b) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        a, b = max(0, a - 1), min(columns, b + 1)
        cell = still.cover[band, a:b]
        by_row, by_column = cell.sum(axis=1), cell.sum(axis=0)
        mass = float(by_row.sum())
        x = np.arange(a, b, dtype=np.float32)
        centre = float((x * by_column).sum()) / mass
        profile[i] = np.interp(at + drift[i], np.arange(len(by_row)), by_row)
        around = slice(max(0, a - 2), min(columns, b + 2))
        clear = still.clear[band, around]
        amount = int(clear.sum())
        peaks = cell.max(axis=1)
        values[i] = (
            centre / height,
            mass / height**2,
            np.sqrt(float((np.square(x - centre) * by_column).sum()) / mass) / height,
            _crisp(still.down[band, a:b]),
            _crisp(still.across[band, a : b - 1]),
            (_edge(peaks) - drift[i]) / height,
            (-_edge(peaks[::-1]) - drift[i]) / height,
            float(still.away[band, around][clear].mean()) if amount > 8 else -1.0,
            float(still.signed[band, around][clear].mean()) if amount > 8 else 0.0,
            0.0,
        )
        ink[i] = still.crop[band, a:b][cell > 0.8 * cell.max()].mean(axis=0)
    profile /= profile.sum(axis=1, keepdims=True)
    return Glyphs(
        codes=np.array([int(character) for character, _, _ in digits]),
        order=np.array([place for _, place, _ in digits]),
        x0=starts.astype(np.float32),
        x1=ends.astype(np.float32),
        centre=values[:, 0],
        profile=profile,
        mass=values[:, 1],
        spread=values[:, 2],
        crisp=values[:, 3:5],
        top=values[:, 5],
        foot=values[:, 6],
        noise=values[:, 7],
        offset=values[:, 8],
        ink=ink,
    )


def _drift(x: npt.NDArray[np.float64], sides: Integers) -> npt.NDArray[np.float64]:
    """Rows by which each glyph lies below the line's middle where the page is held aslant; 0 on level ones.

    ``sides``: sum of first and last row.
    """
    if len(x) < 5:
        return np.zeros(len(x))
    away = x - x.mean()
    slope = float((away * sides).sum() / np.square(away).sum()) / 2
    return slope * away if abs(slope) * np.ptp(x) > 1.0 else np.zeros(len(x))


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
