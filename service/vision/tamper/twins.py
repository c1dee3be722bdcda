"""Digits held against their likes: the same digit on the line and on the page, and the line's other digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from service.vision.tamper.strokes import Floats, Glyphs, Integers, Print, middle

CHANNELS = ("shape", "mass", "spread", "crisp_down", "crisp_across", "top", "foot")
"""How two glyphs of one digit differ: ink by row, amount of ink, its width, steepness of edges, first and last row."""

SIGNALS = (
    *(f"own_{name}" for name in CHANNELS),
    *(f"page_{name}" for name in CHANNELS),
    *("line_top", "line_foot"),
    *("noise", "spacing"),
)
"""Columns of ``glyph_signals``."""

# Distances below these are rounding: pixels are whole, coverage has 256 levels.
_LEAST = np.array([0.02, 0.02, 0.005, 0.02, 0.02, 0.01, 0.01], np.float32)
_LEAST_LINE = np.array([0.015, 0.015], np.float32)
# What makes a glyph the nearest twin of another, by channel.
_WEIGHTS = np.array([1.0, 0.7, 2.0, 0.5, 0.5, 1.0, 1.0], np.float32)
_SAME_SIZE = 0.05  # two lines whose digits differ less in height are of one size
_LIKE_SIZE = 0.12  # and may be meant to be of one, where the hand is another
_TELLING = 3  # digits with likes on other lines that tell whether two lines share a face
_SHADED = 4.0  # grey levels by which a mark over the page changes the ground about a digit
_FACE = 0.12  # weighted difference below which two digits may well be of one face, whatever the page is like
_LEVEL = 4  # digits that tell how a line lies; of fewer nobody can say whether one is low or all are aslant
_ENOUGH = 6  # digits more than runs of digits, from which their spacing can be fitted
_LEAST_APART = 0.002  # of the digits' height; centres of ink are no more exact on a clean page


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
    own, page, anywhere = _twins(glyphs, codes, line, height)
    starts = np.cumsum([0, *sizes])
    spans = [slice(a, b) for a, b in pairwise(starts.tolist())]
    whole = _excess(np.array([_median(anywhere[span]) for span in spans]), _LEAST)
    for span in spans:
        # A line set in a face of its own is no news about one of its digits, and two digits do not tell its face.
        known = int((~np.isnan(page[span, 0])).sum())
        page[span] = page[span] - _median(page[span]) if known >= _TELLING else np.nan
    beside = np.concatenate([_beside(one) for one in glyphs])
    ground = np.concatenate([_ground(one) for one in glyphs])
    columns = np.concatenate(
        [_excess(own, _LEAST), _excess(page, _LEAST), _excess(beside, _LEAST_LINE), ground], axis=1
    ).astype(np.float32)
    columns[_doubtful(glyphs, codes)] = 0
    return Compared(tuple(columns[span] for span in spans), whole)


def _twins(glyphs: Sequence[Glyphs], codes: Integers, line: Integers, height: Floats) -> tuple[Floats, Floats, Floats]:
    """n × CHANNELS thrice: what each glyph differs from its nearest like on its own line, on other lines of the same
    face, and on other lines of about its size, whatever their face.

    NaN where there is no like.
    """
    profile = np.concatenate([one.profile for one in glyphs])
    scalars = np.concatenate(
        [np.column_stack([np.log(one.mass), one.spread, one.crisp, one.top, one.foot]) for one in glyphs]
    )
    own = np.full((len(codes), len(CHANNELS)), np.nan, np.float32)
    page, anywhere = own.copy(), own.copy()
    nearest = np.full((len(codes), len(glyphs)), np.inf)  # glyph × line: how near the line's nearest like is
    which = np.zeros((len(codes), len(glyphs)), np.int64)
    for code in np.unique(codes):
        at = np.flatnonzero(codes == code)
        shape = np.abs(profile[at, None] - profile[None, at]).sum(axis=2)
        apart = shape + np.abs(scalars[at, None] - scalars[None, at]) @ _WEIGHTS[1:]
        apart[np.diag_indices(len(at))] = np.inf
        apart[np.abs(height[at, None] / height[None, at] - 1) > _LIKE_SIZE] = np.inf
        others, starts = np.unique(line[at], return_index=True)
        least = np.minimum.reduceat(apart, starts, axis=1)
        first = np.where(
            apart == np.repeat(least, np.diff([*starts, len(at)]), axis=1), np.arange(len(at)), len(at) - 1
        )
        nearest[np.ix_(at, others)] = least
        which[np.ix_(at, others)] = at[np.minimum.reduceat(first, starts, axis=1)]
    everyone = np.arange(len(codes))
    mine = nearest[everyone, line]
    known = np.isfinite(mine)
    own[known] = _apart(profile, scalars, everyone[known], which[everyone, line][known])
    nearest[everyone, line] = np.inf
    best = nearest.argmin(axis=1)
    reached = np.isfinite(nearest[everyone, best])
    anywhere[reached] = _apart(profile, scalars, everyone[reached], which[everyone, best][reached])
    usual = middle(mine[known]) if known.any() else 0.0
    tall = np.array([height[line == one][0] for one in range(len(glyphs))])
    sized = np.abs(tall[:, None] / tall[None] - 1) < _SAME_SIZE
    nearest[~(_one_face(nearest, line, usual) & sized)[line]] = np.inf
    best = nearest.argmin(axis=1)
    known = np.isfinite(nearest[everyone, best])
    page[known] = _apart(profile, scalars, everyone[known], which[everyone, best][known])
    return own, page, anywhere


def _doubtful(glyphs: Sequence[Glyphs], codes: Integers) -> npt.NDArray[np.bool_]:
    """Which glyphs tell nothing: another digit's shape comes nearer than their own (misread, or matched to the wrong
    ink), or something lies over the ground about them.

    A forger's digit is still more like that digit than like any other.
    """
    values = np.concatenate([np.column_stack([one.profile, 0.7 * np.log(one.mass), 2 * one.spread]) for one in glyphs])
    usual = np.array([_medians(values[codes == code]) for code in range(10) if (codes == code).any()])
    of = np.searchsorted(np.unique(codes), codes)
    apart = np.abs(values[:, None] - usual[None]).sum(axis=2)
    mine = apart[np.arange(len(codes)), of].copy()
    apart[np.arange(len(codes)), of] = np.inf
    shaded = np.concatenate([np.abs(one.offset - middle(one.offset)) for one in glyphs]) > _SHADED
    return np.asarray((apart.min(axis=1, initial=np.inf) < mine) | shaded)


def _apart(profile: Floats, scalars: Floats, ones: Integers, others: Integers) -> Floats:
    shape = np.abs(profile[ones] - profile[others]).sum(axis=1)
    return np.column_stack([shape, np.abs(scalars[ones] - scalars[others])])


def _one_face(nearest: Floats, line: Integers, usual: float) -> npt.NDArray[np.bool_]:
    """line × line: whether the digits two lines share are as near as digits of one line are."""
    count = nearest.shape[1]
    alike = np.zeros((count, count), bool)
    for one in range(count):
        rows = nearest[line == one]
        shared = np.isfinite(rows)
        alike[one] = (shared.sum(axis=0) >= _TELLING) & (_middles(rows, shared) < 2 * usual + _FACE)
    return alike


def _middles(values: Floats, known: npt.NDArray[np.bool_]) -> Floats:
    """The median of the known values of each column; unknown ones are infinite or NaN. 0 where none is known."""
    ordered = np.sort(values, axis=0)  # which puts the unknown last
    count, columns = known.sum(axis=0), np.arange(values.shape[1])
    low, high = (
        ordered[np.maximum(count - 1, 0) // 2, columns],
        ordered[np.minimum(count // 2, len(values) - 1), columns],
    )
    return np.asarray(np.where(count > 0, (low + high).astype(np.float64) / 2, 0.0))


def _median(values: Floats) -> Floats:
    known = ~np.isnan(values[:, 0])
    if known.sum() < 2:
        return np.full(values.shape[1], np.nan)
    return _medians(values[known])


def _medians(values: Floats) -> Floats:
    """The median of each column; np.median says the same, several times as slow on so few."""
    ordered = np.sort(values, axis=0)
    return np.asarray((ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2)


def _beside(one: Glyphs) -> Floats:
    values = np.column_stack([one.top, one.foot])
    if len(values) < _LEVEL:
        return np.full(values.shape, np.nan)
    return np.asarray(np.abs(values - _medians(values)))


def _excess(values: Floats, least: Floats) -> Floats:
    known = ~np.isnan(values)
    usual = _middles(values, known)
    times = np.log((np.maximum(np.nan_to_num(values), 0) + least) / (np.maximum(usual, 0) + least))
    return np.asarray(np.where(known, times, 0.0))


def _ground(one: Glyphs) -> Floats:
    usual = max(0.0, middle(one.noise))
    quiet = np.log((usual + 0.2) / (np.where(one.noise < 0, usual, one.noise) + 0.2))
    return np.column_stack([quiet, _spacing(one)])


def _spacing(one: Glyphs) -> Floats:
    """How far each digit stands from where even spacing would put it: logarithm of multiples of the usual distance."""
    count = len(one.codes)
    run = np.concatenate([[0], np.cumsum(np.diff(one.order) != 1)])
    runs = int(run[-1]) + 1
    if count - runs < _ENOUGH:
        return np.zeros(count, np.float32)
    # Centre = start of the run + advance × place + what is the digit's own; a little ridge keeps lone digits from
    # fitting whatever they show, and a second pass keeps one misplaced digit from pulling its neighbours along.
    places = np.arange(count)
    design = np.zeros((count + 10, runs + 11))
    design[places, run], design[places, runs], design[places, runs + 1 + one.codes] = 1, one.order - one.order[0], 1
    design[count:, runs + 1 :] = 0.1 * np.eye(10)
    target = np.concatenate([one.centre, np.zeros(10)])
    weight = np.ones(count + 10)
    for _ in range(2):
        fitted = np.linalg.lstsq(design * weight[:, None], target * weight, rcond=None)[0]
        left = np.abs(one.centre - design[:count] @ fitted)
        usual = middle(left) + _LEAST_APART
        weight[:count] = np.sqrt(usual / np.maximum(left, usual))
    return np.asarray(np.log((left + _LEAST_APART) / usual))
