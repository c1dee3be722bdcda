"""Whole lines held against the page's others: a value set anew differs in its edges, its ground, its colour."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from service.vision.tamper.strokes import Floats, Print, middle

SIGNALS = ("crisper_down", "crisper_across", "quieter", "noisier", "colour")
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
    for row, i in enumerate(wanted):
        like = (chinese == chinese[i]) & (np.abs(height / height[i] - 1) < 0.3)
        like[i] = False
        if like.sum() >= 3:
            for j in range(2):
                result[row, j], _ = _beyond(crisp[i, j], crisp[like, j], 0.02)
        others = np.arange(len(prints)) != i
        result[row, 3], result[row, 2] = _beyond(ground[i], ground[others], 0.15)
        apart = np.abs(ink - ink[i]).max(axis=1)
        result[row, 4] = np.log1p(float(np.partition(apart, 1)[1]) / 6)
    return result


def _beyond(value: float, others: Floats, least: float) -> tuple[float, float]:
    """How far above and below the others' middle, in multiples of their usual distance from it (logarithm of 1 + x)."""
    centre = middle(others)
    usual = middle(np.abs(others - centre)) + least
    away = (value - centre) / usual
    return float(np.log1p(max(away, 0.0))), float(np.log1p(max(-away, 0.0)))
