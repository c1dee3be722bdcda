"""Long captures are detected in overlapping tiles, so that their text keeps its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.evidence import Box

TALL = 2.6  # height over width from which a capture is tiled
_TILE = 2.2  # height of a tile over its width, about a phone's screen
_OVERLAP = 0.25  # of a tile's width; more than any line is high
_EDGE = 2.0  # pixels; a box this close to a cut may have lost a part


@dataclass(frozen=True, slots=True)
class Tile:
    """Rows ``top`` to ``bottom`` (exclusive) of the image."""

    top: int
    bottom: int


def tiles_of(width: int, height: int) -> list[Tile]:
    """One tile for ordinary images; for tall ones equal tiles that overlap."""
    if height <= TALL * width:
        return [Tile(0, height)]
    tall, overlap = round(_TILE * width), round(_OVERLAP * width)
    count = max(2, -(-(height - overlap) // (tall - overlap)))
    step = (height - overlap) / count
    return [Tile(round(i * step), height if i == count - 1 else round(i * step + step + overlap)) for i in range(count)]


def merge(found: Sequence[tuple[Tile, Sequence[Box]]], height: int) -> list[tuple[int, int]]:
    """Each line once: indices (tile, box) of the sightings to keep, of several the one no cut has touched.

    Boxes are in pixels of their tile; ``height`` is the image's.
    """
    sightings = [
        (tile_index, box_index, Box(box.x0, box.y0 + tile.top, box.x1, box.y1 + tile.top))
        for tile_index, (tile, boxes) in enumerate(found)
        for box_index, box in enumerate(boxes)
    ]
    # Whole sightings first, then larger ones: a line cut in one tile is whole in its neighbour, unless it is taller
    # than the overlap.
    sightings.sort(key=lambda s: (_is_cut(found[s[0]][0], s[2], height), -s[2].width * s[2].height))
    kept: list[tuple[int, int, Box]] = []
    for tile, index, box in sightings:
        if not any(other != tile and _same_line(box, seen) for other, _, seen in kept):
            kept.append((tile, index, box))
    return [(tile, index) for tile, index, _ in kept]


def _is_cut(tile: Tile, box: Box, height: int) -> bool:
    return (tile.top > 0 and box.y0 <= tile.top + _EDGE) or (tile.bottom < height and box.y1 >= tile.bottom - _EDGE)


def _same_line(one: Box, other: Box) -> bool:
    """Two sightings of one line: they share more than half of the smaller."""
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    smaller = min(one.width * one.height, other.width * other.height)
    return width > 0 and height > 0 and width * height > 0.5 * smaller
