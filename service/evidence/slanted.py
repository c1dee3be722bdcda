"""A page photographed aslant is understood level, and told in the pixels of the picture as it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import TypeVar

from service.domain.evidence import Box, Line, Read
from service.evidence.turned import with_boxes

T = TypeVar("T")

# Slopes are looked for in steps of this, up to so much; less than the least moves nothing out of its row.
_STEP, _STEEPEST, _LEAST = 0.0025, 0.05, 0.006
# Two lines tell a slope where more than so many of their heights lie between their middles.
_FAR_APART = 6.0
# A slant is believed from so many pairs on, and from so many times those that lie level.
_FEWEST, _AGAINST_LEVEL = 5, 1.5
# Of a page with more lines the first tell.
_ENOUGH = 160


def slope_of(lines: Sequence[Line]) -> float:
    """How much the page's rows rise, in pixels down per pixel to the right; 0.0 where they run level or say nothing."""
    told = sorted((line.box for line in lines), key=lambda box: (box.y0, box.x0))[:_ENOUGH]
    votes: Counter[int] = Counter()
    # Some thousand pairs a page: without the boxes' properties they take half as long.
    edges = [(box.x0, box.x1, box.y0, box.y1, _FAR_APART * box.height) for box in told]
    for left, right, top, bottom, far in edges:
        for other_left, other_right, other_top, other_bottom, other_far in edges:
            run = (other_left + other_right - left - right) / 2
            if run <= far or run <= other_far:
                continue
            slope = (other_top + other_bottom - top - bottom) / 2 / run
            if abs(slope) <= _STEEPEST:
                votes[round(slope / _STEP)] += 1
    near = {step: sum(votes[step + side] for side in (-1, 0, 1)) for step in votes}
    if not near:
        return 0.0
    best = max(near, key=lambda step: (near[step], -abs(step)))
    level = sum(votes[side] for side in (-1, 0, 1))
    if abs(best) * _STEP < _LEAST or near[best] < max(_FEWEST, _AGAINST_LEVEL * level):
        return 0.0
    return sum((best + side) * votes[best + side] for side in (-1, 0, 1)) / near[best] * _STEP


def levelled(outcome: Read, slope: float) -> Read:
    """The same reading with every line moved to where it would be, did the rows run level."""
    turned: Read = with_boxes(outcome, partial(_moved, slope=-slope, middle=outcome.image.width / 2))
    return turned


def as_slanted(found: T, outcome: Read, slope: float) -> T:
    """What was found on the ``levelled`` page, boxes in pixels of the picture as it came."""
    turned: T = with_boxes(found, partial(_moved, slope=slope, middle=outcome.image.width / 2))
    return turned


def _moved(box: Box, *, slope: float, middle: float) -> Box:
    down = slope * ((box.x0 + box.x1) / 2 - middle)
    return Box(box.x0, box.y0 + down, box.x1, box.y1 + down)
