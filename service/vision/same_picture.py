"""Two pictures laid over each other: the same page once more, the same with a place changed, or another page.

A template's pages differ in a few digits only, so nothing coarse will do: the pictures are aligned by their corners,
reduced to one size, and compared window by window, each window where it fits best. What re-compression, scaling and
blur do to a window leaves its pattern; another digit does not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from service.domain.evidence import Box
from service.domain.reuse import PictureComparison
from service.vision.decode import DecodeLimits, Pixels, decode

Floats = npt.NDArray[np.float32]

# Pixels both are reduced to: a phone page of 530 × 1170, whose digits are 8 pixels wide. Long captures get more.
_AREA, _USUAL_SHAPE, _MOST_PAGES = 620_000, 2.2, 4.0
_CORNERS, _FEWEST_MATCHES, _FARTHEST_CODE = 1500, 12, 64
_SCALES = (0.4, 2.6)
_LARGEST_TURN = 0.03  # radians
_WINDOW = 13  # pixels; somewhat more than a digit
_REACH = 1  # pixels a window may be off after alignment
_SMOOTHING = 0.8  # pixels; takes the edge off the sharper of the two
# Correlation of a window with its counterpart below which it shows something else. On development pages saved again,
# scaled, cropped, given another status bar or sent through two chat apps no 3 pixels that hang together fell below.
_SAME = 0.8
_SMALLEST_CHANGE = 15  # pixels that hang together
_PRINTED = 120.0  # variance of a window that shows something
_NOISE = 20.0  # variance that says nothing
# A page of which more differs is another page that happens to fit.
_MOST_DIFFERENCE = 0.3
_FEWEST_PRINTED = 400  # pixels; on an empty page there is nothing to compare
_STATUS_BAR, _PORTRAIT = 0.05, 1.5
_FEWEST_IN_BAR = 150  # pixels about the signs of a status bar


@dataclass(frozen=True, slots=True)
class _Prepared:
    """``scale``: original pixels per pixel."""

    gray: Pixels
    scale: float


def compare_pictures(one: bytes, other: bytes, limits: DecodeLimits | None = None) -> PictureComparison:
    """Lays ``other`` over ``one``; boxes are in pixels of ``one``. DecodeFailed where either cannot be decoded.

    The status bar of phone pages is left out: it is the easiest to change and says nothing of the page.
    """
    first, second = _prepared(one, limits), _prepared(other, limits)
    warp = _aligned(first.gray, second.gray)
    if warp is None:
        return PictureComparison(aligned=False)
    likeness, seen = _likeness(first.gray, second.gray, warp)
    printed = seen.copy()
    printed[: max(_bar(first.gray), _bar_laid(second.gray, warp))] = False
    total = int(printed.sum())
    if total < _FEWEST_PRINTED:
        return PictureComparison(aligned=False)
    changed = (likeness < _SAME) & printed
    difference = float(changed.sum()) / total
    return PictureComparison(
        aligned=difference <= _MOST_DIFFERENCE,
        difference=round(difference, 5),
        boxes=_boxes(changed, first.scale),
        same_bar=_same_bar(likeness, seen, first.gray),
    )


def _prepared(data: bytes, limits: DecodeLimits | None) -> _Prepared:
    image = decode(data, limits)
    gray = cv2.cvtColor(image.pixels, cv2.COLOR_BGR2GRAY)
    height, width = gray.shape
    pages = min(max(height / width / _USUAL_SHAPE, 1.0), _MOST_PAGES)
    factor = min(1.0, math.sqrt(_AREA * pages / (height * width)))
    if factor < 1.0:
        size = (max(1, round(width * factor)), max(1, round(height * factor)))
        gray = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return _Prepared(gray.astype(np.uint8, copy=False), image.width / gray.shape[1])


def _aligned(first: Pixels, second: Pixels) -> Floats | None:
    """The 2 × 3 similarity that takes points of ``first`` to ``second``; None where too little fits."""
    finder = cv2.ORB.create(nfeatures=_CORNERS, fastThreshold=12)
    points, codes = finder.detectAndCompute(first, None)
    others, other_codes = finder.detectAndCompute(second, None)
    if not points or not others:
        return None
    matches = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(codes, other_codes)
    matches = [match for match in matches if match.distance <= _FARTHEST_CODE]
    if len(matches) < _FEWEST_MATCHES:
        return None
    source = np.array([points[match.queryIdx].pt for match in matches], np.float32)
    target = np.array([others[match.trainIdx].pt for match in matches], np.float32)
    cv2.setRNGSeed(7)  # the same pictures give the same answer
    warp, inliers = cv2.estimateAffinePartial2D(source, target, method=cv2.RANSAC, ransacReprojThreshold=2.5)
    if warp is None or int(inliers.sum()) < _FEWEST_MATCHES:
        return None
    scale, turn = math.hypot(warp[0, 0], warp[1, 0]), math.atan2(warp[1, 0], warp[0, 0])
    if not _SCALES[0] <= scale <= _SCALES[1] or abs(turn) > _LARGEST_TURN:
        return None
    return np.asarray(warp, np.float32)


def _likeness(first: Pixels, second: Pixels, warp: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Of each pixel's window the best correlation with the other picture, and where there is something printed."""
    height, width = first.shape
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpAffine(second, warp, (width, height), flags=flags)
    both = cv2.warpAffine(
        np.ones(second.shape, np.uint8), warp, (width, height), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    )
    whole = _WINDOW + 2 * (_REACH + 1)  # at the edge, laying over mixes in what is beyond it
    both = cv2.erode(both, np.ones((whole, whole), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    one, other = _smooth(first), _smooth(laid)
    mean, other_mean = _averaged(one), _averaged(other)
    variance = np.maximum(_averaged(one * one) - mean * mean, 0) + _NOISE
    other_variance = np.maximum(_averaged(other * other) - other_mean * other_mean, 0) + _NOISE
    best = np.full(first.shape, -1, np.float32)
    for down in range(-_REACH, _REACH + 1):
        for across in range(-_REACH, _REACH + 1):
            moved, moved_mean, moved_variance = (
                np.roll(part, (down, across), (0, 1)) for part in (other, other_mean, other_variance)
            )
            shared = _averaged(one * moved) - mean * moved_mean + _NOISE
            np.maximum(best, shared / np.sqrt(variance * moved_variance), out=best)
    printed = (np.maximum(variance, other_variance) > _PRINTED + _NOISE) & (both > 0)
    return best, printed


def _bar_laid(second: Pixels, warp: Floats) -> int:
    """Rows of the first picture that the other's status bar covers."""
    bar = _bar(second)
    return max(0, math.ceil((bar - float(warp[1, 2])) / float(warp[1, 1]))) if bar else 0


def _same_bar(likeness: Floats, printed: npt.NDArray[np.bool_], first: Pixels) -> bool:
    bar = _bar(first)
    shown = printed[:bar]
    return bool(shown.sum() >= _FEWEST_IN_BAR) and not bool(((likeness[:bar] < _SAME) & shown).any())


def _smooth(gray: npt.NDArray[np.generic]) -> Floats:
    return cv2.GaussianBlur(gray.astype(np.float32), (0, 0), _SMOOTHING).astype(np.float32, copy=False)


def _averaged(values: npt.NDArray[np.floating[Any]]) -> Floats:
    return cv2.boxFilter(values, -1, (_WINDOW, _WINDOW)).astype(np.float32, copy=False)


def _bar(gray: Pixels) -> int:
    height, width = gray.shape
    return round(_STATUS_BAR * min(height, _USUAL_SHAPE * width)) if height > _PORTRAIT * width else 0


def _boxes(changed: npt.NDArray[np.bool_], scale: float) -> tuple[Box, ...]:
    """Where pixels that hang together differ, neighbours on a line taken as one, from the top."""
    joined = cv2.dilate(changed.astype(np.uint8), np.ones((5, 25), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    areas = np.bincount(labels[changed], minlength=count)
    found = [
        Box(float(x) * scale, float(y) * scale, float(x + w) * scale, float(y + h) * scale)
        for label, (x, y, w, h, _) in enumerate(stats)
        if label and areas[label] >= _SMALLEST_CHANGE
    ]
    return tuple(sorted(found, key=lambda box: (box.y0, box.x0)))
