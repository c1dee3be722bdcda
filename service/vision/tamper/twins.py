"""Digits held against their likes: the same digit on the line and on the page, and the line's other digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from service.vision.tamper.strokes import Floats, Glyphs, Integers, Print

CHANNELS = ("shape", "mass", "spread", "crisp_down", "crisp_across", "top", "foot")
"""How two glyphs of one digit differ: ink by row, amount of ink, its width, steepness of edges, first and last row."""

SIGNALS = (
    *(f"own_{name}" for name in CHANNELS),
    *(f"page_{name}" for name in CHANNELS),
    *("line_crisp_down", "line_crisp_across", "line_top", "line_foot"),
    *("noise", "offset", "spacing", "colour"),
)
"""Columns of ``glyph_signals``."""

# Distances below these are rounding: pixels are whole, coverage has 256 levels.
_LEAST = np.array([0.02, 0.02, 0.005, 0.02, 0.02, 0.01, 0.01], np.float32)
_LEAST_LINE = np.array([0.02, 0.02, 0.015, 0.015], np.float32)
# What makes a glyph the nearest twin of another, by channel.
_WEIGHTS = np.array([1.0, 0.7, 2.0, 0.5, 0.5, 1.0, 1.0], np.float32)
_SAME_SIZE = 0.05  # two lines whose digits differ less in height are of one size
_ENOUGH = 8  # digits of one run from which their spacing can be fitted


@dataclass(frozen=True, slots=True)
class Compared:
    """``glyphs``: for every line with glyphs n × SIGNALS, logarithms of how many times the page's usual difference a
    glyph shows; 0 where there is nothing to compare with, more is stranger. ``lines``: the same for each such line as a
    whole, lines × CHANNELS, against other lines of its size.
    """

    glyphs: tuple[Floats, ...]
    lines: Floats


def compare_digits(prints: Sequence[Print]) -> Compared:
    """Every digit of ``prints``, all of them with glyphs, held against the page's others."""
    glyphs = [one.glyphs for one in prints if one.glyphs is not None]
    if not glyphs:
        return Compared((), np.zeros((0, len(CHANNELS)), np.float32))
    sizes = [len(one.codes) for one in glyphs]
    line = np.repeat(np.arange(len(glyphs)), sizes)
    height = np.repeat([one.height for one in prints if one.glyphs], sizes)
    codes = np.concatenate([one.codes for one in glyphs])
    own, page = _twins(glyphs, codes, line, height)
    starts = np.cumsum([0, *sizes])
    spans = [slice(a, b) for a, b in pairwise(starts.tolist())]
    whole = _excess(np.array([_median(page[span]) for span in spans]), _LEAST)
    for span in spans:
        # A line set in a face of its own is no news about one of its digits.
        page[span] -= np.nan_to_num(_median(page[span]))
    beside = np.concatenate([_beside(one) for one in glyphs])
    noise = max(0.0, float(np.median([one.noise for one in prints])))
    ground = np.concatenate([_ground(one, noise) for one in glyphs])
    columns = np.concatenate(
        [_excess(own, _LEAST), _excess(page, _LEAST), _excess(beside, _LEAST_LINE), ground], axis=1
    ).astype(np.float32)
    return Compared(tuple(columns[span] for span in spans), whole)


def _twins(glyphs: Sequence[Glyphs], codes: Integers, line: Integers, height: Floats) -> tuple[Floats, Floats]:
    profile = np.concatenate([one.profile for one in glyphs])
    scalars = np.concatenate(
        [np.column_stack([np.log(one.mass), one.spread, one.crisp, one.top, one.foot]) for one in glyphs]
    )
    own = np.full((len(codes), len(CHANNELS)), np.nan, np.float32)
    page = own.copy()
    for code in np.unique(codes):
        at = np.flatnonzero(codes == code)
        if len(at) < 2:
            continue
        shape = np.abs(profile[at, None] - profile[None, at]).sum(axis=2)
        apart = np.concatenate([shape[..., None], np.abs(scalars[at, None] - scalars[None, at])], axis=2)
        total = apart @ _WEIGHTS
        same_line = line[at, None] == line[None, at]
        sized = np.abs(height[at, None] / height[None, at] - 1) < _SAME_SIZE
        for chosen, wanted in ((own, same_line & ~np.eye(len(at), dtype=bool)), (page, ~same_line & sized)):
            reach = np.where(wanted, total, np.inf)
            nearest = reach.argmin(axis=1)
            found = np.isfinite(reach[np.arange(len(at)), nearest])
            chosen[at[found]] = apart[np.flatnonzero(found), nearest[found]]
    return own, page


def _median(values: Floats) -> Floats:
    known = ~np.isnan(values[:, 0])
    if known.sum() < 2:
        return np.full(values.shape[1], np.nan)
    return np.asarray(np.median(values[known], axis=0))


def _beside(one: Glyphs) -> Floats:
    values = np.column_stack([one.crisp, one.top, one.foot])
    return np.asarray(np.abs(values - np.median(values, axis=0)))


def _excess(values: Floats, least: Floats) -> Floats:
    known = ~np.isnan(values[:, 0])
    if not known.any():
        return np.zeros_like(values)
    usual = np.median(np.maximum(values[known], 0), axis=0) + least
    times = np.log((np.maximum(np.nan_to_num(values), 0) + least) / usual)
    return np.asarray(np.where(known[:, None], times, 0.0))


def _ground(one: Glyphs, page_noise: float) -> Floats:
    usual = max(0.0, float(np.median(one.noise)))
    quiet = np.abs(np.log((np.where(one.noise < 0, usual, one.noise) + 0.2) / (usual + 0.2)))
    offset = np.log1p(np.abs(one.offset - np.median(one.offset)) / (page_noise + 0.3))
    colour = np.abs(one.ink - np.median(one.ink, axis=0)).max(axis=1)
    colour = np.log1p(colour / (6.0 + float(np.median(colour))))
    return np.column_stack([quiet, offset, _spacing(one), colour])


def _spacing(one: Glyphs) -> Floats:
    """How far each digit stands from where even spacing would put it: logarithm of multiples of the usual distance."""
    count = len(one.codes)
    if count < _ENOUGH:
        return np.zeros(count, np.float32)
    # Position = start + advance × place + what is the digit's own; a little ridge keeps lone digits from fitting all.
    design = np.zeros((count + 10, 12), np.float32)
    design[:count, 0], design[:count, 1] = 1, one.order - one.order.mean()
    design[np.arange(count), 2 + one.codes] = 1
    design[count:, 2:] = 0.3 * np.eye(10)
    target = np.concatenate([one.centre, np.zeros(10, np.float32)])
    fitted = np.linalg.lstsq(design, target, rcond=None)[0]
    left = np.abs(one.centre - design[:count] @ fitted)
    return np.asarray(np.log((left + 0.01) / (np.median(left) + 0.01)))
