"""A longer hash, over the page and its parts, by which re-used pictures are found among those of one platform.

A hash only finds candidates: pages of one template differ in a few bits of it, the same page saved again in as many.
The status bar and blank margins are left out first, so that another clock or a narrow crop moves little.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from service.vision.decode import Pixels
from service.vision.shrinking import shrunk_by
from service.vision.signals import perceptual_hash

# Parts of the page's height. They overlap, so that a change at one place leaves some part as it was.
_PARTS = ((0.0, 1.0), (0.0, 0.5), (0.25, 0.75), (0.5, 1.0))
_WIDTH = 256  # pixels the page is reduced to
_STATUS_BAR, _PORTRAIT, _USUAL_SHAPE = 0.05, 1.5, 2.2
_PRINTED = 12.0  # grey levels by which something printed differs from its neighbourhood
_FEWEST_PRINTED = 0.01  # share of a row or column
_SMALLEST = 16  # pixels


def picture_hash(gray: Pixels) -> str:
    """64 bits as 16 hex digits for each part of a grey image, the whole first, joined by points."""
    page = _printed(_without_bar(_reduced(gray)))
    rows = page.shape[0]
    parts = (page[round(top * rows) : max(round(bottom * rows), round(top * rows) + 1)] for top, bottom in _PARTS)
    return ".".join(perceptual_hash(part) for part in parts)


def _reduced(gray: Pixels) -> Pixels:
    """_WIDTH pixels wide at most."""
    height, width = gray.shape
    # By a whole number first: averaging over whole blocks is several times as fast.
    step = width // _WIDTH
    if step > 1 and height >= step:
        gray = shrunk_by(gray, step)
        height, width = gray.shape
    return _resized(gray, _WIDTH, max(1, round(height * _WIDTH / width))) if width > _WIDTH else gray


def _resized(gray: Pixels, width: int, height: int) -> Pixels:
    return cv2.resize(gray, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _without_bar(gray: Pixels) -> Pixels:
    height, width = gray.shape
    return gray[round(_STATUS_BAR * min(height, _USUAL_SHAPE * width)) :] if height > _PORTRAIT * width else gray


def _printed(gray: Pixels) -> Pixels:
    """The page without blank margins; whole where nothing stands out."""
    ground = cv2.blur(gray, (15, 15))
    marks = cv2.absdiff(gray, ground) > _PRINTED
    rows, columns = _extent(marks.mean(axis=1)), _extent(marks.mean(axis=0))
    if rows is None or columns is None:
        return gray
    return gray[rows[0] : rows[1], columns[0] : columns[1]]


def _extent(shares: npt.NDArray[np.float64]) -> tuple[int, int] | None:
    found = np.flatnonzero(shares > _FEWEST_PRINTED)
    if found.size == 0 or found[-1] + 1 - found[0] < _SMALLEST:
        return None
    return int(found[0]), int(found[-1]) + 1
