"""Where a line of text stands, and the pixels cut out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import cv2
import numpy as np
import numpy.typing as npt

from service.domain.evidence import Box
from service.vision.decode import Pixels

Corners = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Region:
    """One detected line. ``corners``: 4 × 2, clockwise from top left, for slanted lines; None for upright ones."""

    box: Box
    corners: Corners | None = None

    def moved(self, dx: float, dy: float) -> Region:
        box = Box(self.box.x0 + dx, self.box.y0 + dy, self.box.x1 + dx, self.box.y1 + dy)
        corners = None if self.corners is None else self.corners + np.array([dx, dy], np.float32)
        return Region(box, corners)


def region_of(corners: Corners) -> Region:
    """The region with these corners; upright rectangles keep none, since plain slicing cuts them."""
    points = corners.tolist()
    (x0, y0), (x1, y1) = map(min, zip(*points, strict=True)), map(max, zip(*points, strict=True))
    upright = points == [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]
    return Region(Box(x0, y0, x1, y1), None if upright else corners)


def clockwise_corners(points: npt.NDArray[np.float32]) -> Corners:
    """Four corners of a rectangle, reordered to top left, top right, bottom right, bottom left."""
    by_x = sorted(points.tolist(), key=itemgetter(0))
    left, right = sorted(by_x[:2], key=itemgetter(1)), sorted(by_x[2:], key=itemgetter(1))
    return np.array([left[0], right[0], right[1], left[1]], np.float32)


def crop(image: Pixels, region: Region) -> Pixels:
    """The region's pixels, slanted ones straightened, text running left to right."""
    cut = _cut_upright(image, region.box) if region.corners is None else _cut_slanted(image, region.corners)
    # A column of text is recognised lying on its side, as the models were trained.
    return np.rot90(cut) if cut.shape[0] >= 1.5 * cut.shape[1] else cut


def _cut_upright(image: Pixels, box: Box) -> Pixels:
    x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
    return image[y0 : max(y0 + 1, int(np.ceil(box.y1))), x0 : max(x0 + 1, int(np.ceil(box.x1)))]


def _cut_slanted(image: Pixels, corners: Corners) -> Pixels:
    top, right, bottom, left = (np.linalg.norm(corners[i] - corners[(i + 1) % 4]) for i in range(4))
    width, height = max(1, int(max(top, bottom))), max(1, int(max(left, right)))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    straight: Pixels = cv2.warpPerspective(
        image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8, copy=False)
    return straight


def reading_order(boxes: Sequence[Box]) -> list[int]:
    """Indices of the boxes top to bottom, and left to right among those that stand side by side."""
    by_middle = sorted(range(len(boxes)), key=lambda i: (boxes[i].y0 + boxes[i].y1, boxes[i].x0))
    rows: list[list[int]] = []
    for index in by_middle:
        if rows and _same_row(boxes[rows[-1][0]], boxes[index]):
            rows[-1].append(index)
        else:
            rows.append([index])
    return [index for row in rows for index in sorted(row, key=lambda i: boxes[i].x0)]


def _same_row(first: Box, other: Box) -> bool:
    """Side by side: the spans share more than half of the smaller height."""
    shared = min(first.y1, other.y1) - max(first.y0, other.y0)
    return shared > 0.5 * min(first.height, other.height)
