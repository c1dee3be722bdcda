"""Pieces of text with boxes, and how they stand to each other on the page."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.domain.evidence import Box, Line
from service.evidence.normalise import clean, is_cjk, single_blanks

# Two pieces share a row when this much of the lower one's height overlaps: half a line of skew or of wrapping.
SAME_ROW_OVERLAP = 0.4


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of text on the page: ``text`` clean, ``raw`` as printed and as long, ``line`` the line it came from."""

    text: str
    raw: str
    score: float
    box: Box
    line: int

    @property
    def center_x(self) -> float:
        return (self.box.x0 + self.box.x1) / 2

    @property
    def center_y(self) -> float:
        return (self.box.y0 + self.box.y1) / 2


# A page of more lines than this is no screenshot of anything we know; what is below is not looked at.
MOST_LINES = 1_000


def segments_of(lines: Sequence[Line]) -> list[Segment]:
    """Lines with text, cleaned, from top to bottom and left to right."""
    found = [
        Segment(clean(line.text), single_blanks(line.text), line.score, line.box, index)
        for index, line in enumerate(lines)
    ]
    return sorted((one for one in found if one.text), key=lambda one: (one.center_y, one.box.x0))[:MOST_LINES]


def part(segment: Segment, start: int, end: int) -> Segment:
    """The piece ``text[start:end]`` with its share of the box: a Han character is as wide as two others."""
    widths = [2.0 if is_cjk(character) else 1.0 for character in segment.text]
    scale = segment.box.width / (sum(widths) or 1.0)
    x0 = segment.box.x0 + scale * sum(widths[:start])
    x1 = segment.box.x0 + scale * sum(widths[:end])
    box = Box(x0, segment.box.y0, x1, segment.box.y1)
    return Segment(segment.text[start:end], segment.raw[start:end], segment.score, box, segment.line)


def union(boxes: Iterable[Box]) -> Box:
    found = list(boxes)
    return Box(
        min(box.x0 for box in found),
        min(box.y0 for box in found),
        max(box.x1 for box in found),
        max(box.y1 for box in found),
    )


def line_height(segments: Sequence[Segment]) -> float:
    """The median height of a line: the unit for every distance."""
    return statistics.median(one.box.height for one in segments) if segments else 1.0


def overlap_y(first: Box, second: Box) -> float:
    """Share of the lower box's height that both cover."""
    # Asked some thousand times a page: without the boxes' properties it takes half as long.
    top, bottom, other_top, other_bottom = first.y0, first.y1, second.y0, second.y1
    height = min(bottom - top, other_bottom - other_top)
    return (min(bottom, other_bottom) - max(top, other_top)) / height if height > 0 else 0.0


def overlap_x(first: Box, second: Box) -> float:
    width = min(first.width, second.width)
    return (min(first.x1, second.x1) - max(first.x0, second.x0)) / width if width > 0 else 0.0


def same_row(first: Box, second: Box) -> bool:
    return overlap_y(first, second) >= SAME_ROW_OVERLAP


def aligned(first: Box, second: Box) -> bool:
    """Left, right or middle in line, within a line height."""
    slack = max(first.height, second.height)
    return (
        abs(first.x0 - second.x0) <= slack
        or abs(first.x1 - second.x1) <= slack
        or abs((first.x0 + first.x1) - (second.x0 + second.x1)) <= slack
    )


def rows_of(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Segments grouped into rows, each from left to right."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda one: one.center_y):
        if rows and same_row(rows[-1][0].box, segment.box):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [sorted(row, key=lambda one: one.box.x0) for row in rows]
