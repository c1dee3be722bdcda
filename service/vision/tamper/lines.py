"""Whole lines held against the page's others: a value set anew differs in its edges, its ground, its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from service.vision.tamper.strokes import Floats, Print, middle

SIGNALS = ("crisper_down", "softer_down", "crisper_across", "softer_across", "quieter", "noisier", "placed", "colour")
"""Columns of ``line_signals``."""

_CHINESE = re.compile(r"[⺀-鿿]")


def line_signals(prints: Sequence[Print], wanted: Sequence[int]) -> Floats:
    """wanted × SIGNALS: how far each wanted line stands from the page's lines of its kind.

    Logarithm of 1 + multiples of their usual distance; 0 where there is nothing to compare with.
    """
    if len(prints) < 4:
        return np.zeros((len(wanted), len(SIGNALS)), np.float32)
    chinese = np.array([len(_CHINESE.findall(one.line.text)) * 2 > len(one.line.text) for one in prints])
    height = np.array([one.height for one in prints])
    crisp = np.array([one.crisp for one in prints])
    ground = np.log(np.array([max(one.noise, 0.0) for one in prints]) + 0.2)
    ink = np.array([one.ink for one in prints])
    result = np.zeros((len(wanted), len(SIGNALS)), np.float32)
    place = _placed(prints)
    for row, i in enumerate(wanted):
        like = (chinese == chinese[i]) & (np.abs(height / height[i] - 1) < 0.3)
        like[i] = False
        if like.sum() >= 3:
            for j in range(2):
                result[row, 2 * j : 2 * j + 2] = _beyond(crisp[i, j], crisp[like, j], 0.02)
        others = np.arange(len(prints)) != i
        result[row, 5], result[row, 4] = _beyond(ground[i], ground[others], 0.15)
        result[row, 6] = place[i]
        apart = np.abs(ink - ink[i]).max(axis=1)
        result[row, 7] = np.log1p(float(np.partition(apart, 1)[1]) / 6)
    return result


def _beyond(value: float, others: Floats, least: float) -> tuple[float, float]:
    """How far above and below the others' middle, in multiples of their usual distance from it (logarithm of 1 + x)."""
    centre = middle(others)
    usual = middle(np.abs(others - centre)) + least
    away = (value - centre) / usual
    return float(np.log1p(max(away, 0.0))), float(np.log1p(max(-away, 0.0)))


def _placed(prints: Sequence[Print]) -> list[float]:
    """How much higher or lower a value stands against its name on the same row than the page's other values do."""
    shift: list[float | None] = []
    for one in prints:
        beside = [
            other
            for other in prints
            if other is not one
            and other.line.box.x1 <= one.line.box.x0
            and abs((other.top + other.bottom) - (one.top + one.bottom)) < one.height
            and 0.75 < other.height / one.height < 1.35
        ]
        name = min(beside, key=lambda other: one.line.box.x0 - other.line.box.x1, default=None)
        shift.append(None if name is None else (one.bottom - name.bottom) / one.height)
    known = np.array([value for value in shift if value is not None])
    if len(known) < 3:
        return [0.0] * len(prints)
    centre = middle(known)
    usual = middle(np.abs(known - centre)) + 0.04
    return [0.0 if value is None else float(np.log1p(abs(value - centre) / usual)) for value in shift]
