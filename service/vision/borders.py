"""Print that the picture's upper or lower border runs through, told from its pixels: what is left of a line cut in two
is seldom read as text at all."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from service.domain.evidence import Box, Flaw, FlawKind
from service.vision.decode import Pixels

# Ink differs from the ground around it by this many grey levels: above JPEG noise and panel tints.
_INK = 40
# In line heights: how deep is looked, what is still a piece of a glyph, how far apart the glyphs of a line stand, and
# how long the rest of a line must be.
_DEPTH, _LONGEST_PIECE, _WIDEST_PIECE, _APART, _SHORTEST_LINE = 1.6, 1.05, 1.4, 0.9, 2.5
_FLATTEST_PIECE = 0.12
_FEWEST_PIECES = 4
# The border of a ticket is a row of equal teeth; no word is.
_LEAST_VARIETY = 0.15
_ROWS_AT_BORDER = 2


def find_cut_print(gray: Pixels, line_height: float) -> list[Flaw]:
    """Remains of lines at the top and bottom of a grey page whose lines are ``line_height`` pixels high."""
    depth = min(round(_DEPTH * line_height), gray.shape[0])
    if depth < 4 or line_height < 4:
        return []
    height = gray.shape[0]
    top = _remains(gray[:depth], line_height)
    # Looked at from the border inwards, too.
    bottom = [
        Box(box.x0, height - box.y1, box.x1, height - box.y0) for box in _remains(gray[::-1][:depth], line_height)
    ]
    return [Flaw(FlawKind.CUT, box) for box in (*top, *bottom)]


def _remains(strip: Pixels, line_height: float) -> list[Box]:
    """Boxes of what is left of lines, where the border is the strip's first row."""
    border = strip[:_ROWS_AT_BORDER]
    if int(border.max()) - int(border.min()) <= _INK:
        return []  # one colour from end to end, as most borders are: nothing runs through it
    pieces = _pieces(np.ascontiguousarray(strip), line_height)
    found: list[Box] = []
    start = 0
    for end in range(1, len(pieces) + 1):
        if end < len(pieces) and pieces[end, 0] - pieces[start:end, 1].max() <= _APART * line_height:
            continue
        group = pieces[start:end]
        if _is_print(group, line_height):
            found.append(Box(float(group[:, 0].min()), 0.0, float(group[:, 1].max()), float(group[:, 2].max())))
        start = end
    return found


def _pieces(strip: Pixels, line_height: float) -> npt.NDArray[np.int32]:
    """Left end, right end and depth of every blot of ink at the border that may be of a glyph, left to right."""
    reach = 2 * round(0.6 * line_height) + 1
    ground = cv2.medianBlur(strip, min(reach, 255))
    ink = (cv2.absdiff(strip, ground) > _INK).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    x, y = stats[1:, cv2.CC_STAT_LEFT], stats[1:, cv2.CC_STAT_TOP]
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    fits = (
        (y < _ROWS_AT_BORDER)
        & (height >= max(2.0, _FLATTEST_PIECE * line_height))
        & (height <= _LONGEST_PIECE * line_height)
        & (width <= _WIDEST_PIECE * line_height)
    )
    pieces = np.stack([x, x + width, y + height], axis=1)[fits].astype(np.int32)
    return pieces[np.argsort(pieces[:, 0])]


def _is_print(group: npt.NDArray[np.int32], line_height: float) -> bool:
    if len(group) < _FEWEST_PIECES or group[:, 1].max() - group[:, 0].min() < _SHORTEST_LINE * line_height:
        return False
    widths = (group[:, 1] - group[:, 0]).astype(np.float64)
    return bool(widths.std() >= _LEAST_VARIETY * widths.mean())
