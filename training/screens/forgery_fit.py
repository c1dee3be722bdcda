"""Fits the weights of the pixel signals on development layouts, and the scale that says how rare a score is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.model_selection import GroupKFold

from service.vision.tamper.places import GLYPH_SIGNALS, LINE_SIGNALS
from service.vision.tamper.weights import MODEL, model_of
from training.screens.forgery_places import HONEST, Example

Floats = NDArray[np.float64]

# Share of honest pages with a place at least so strange, and the strength that stands there. Glyphs and lines each get
# half of the two in a hundred that may pass 0.5.
_SCALE = ((1.0, 0.0), (0.5, 0.1), (0.2, 0.2), (0.1, 0.27), (0.05, 0.35), (0.01, 0.5))
_BEYOND = ((1.0, 0.65), (2.0, 0.77), (4.0, 0.9), (8.0, 0.98))  # log-odds past the last share, and the strength there
_CLIP = 4.0
_FOLDS = 5
_PENALTY = 5.0  # on the squares of the weights, against some two hundred forged places


def fit(pages: Sequence[Example]) -> dict[str, Any]:
    """The document of model.json but for its provenance. Held-out layouts are refused."""
    if any(page.held_out for page in pages):
        raise ValueError("held-out layouts are to measure with, never to fit on")
    return {
        "glyphs": _fitted(pages, GLYPH_SIGNALS, "glyphs", "glyph_labels"),
        "lines": _fitted(pages, LINE_SIGNALS, "lines", "line_labels"),
    }


def write(document: dict[str, Any], provenance: dict[str, Any], path: Path = MODEL) -> None:
    """model.json with its provenance."""
    path.write_text(json.dumps(document | {"provenance": provenance}, indent=1) + "\n", "utf-8")


def _fitted(pages: Sequence[Example], signals: Sequence[str], part: str, labels: str) -> dict[str, Any]:
    values = np.concatenate([getattr(page, part) for page in pages]).astype(np.float64)
    truth = np.concatenate([getattr(page, labels) for page in pages])
    page_of = np.repeat(np.arange(len(pages)), [len(getattr(page, labels)) for page in pages])
    layout_of = np.array([page.layout for page in pages])[page_of]
    scores = np.zeros(len(truth))
    # The scale is taken where the weights have not seen the layout.
    for learn, other in GroupKFold(_FOLDS).split(values, truth, layout_of):
        known = learn[truth[learn] >= 0]
        intercept, weights = _regression(values[known], truth[known])
        scores[other] = intercept + _terms(values[other]) @ weights
    intercept, weights = _regression(values[truth >= 0], truth[truth >= 0])
    highest = np.full(len(pages), -np.inf)
    np.maximum.at(highest, page_of, scores)
    honest = np.array([page.kind == HONEST for page in pages]) & np.isfinite(highest)
    document: dict[str, Any] = {
        "signals": list(signals),
        "intercept": round(intercept, 5),
        "linear": [round(float(value), 5) for value in weights[: len(signals)]],
        "square": [round(float(value), 5) for value in weights[len(signals) :]],
        "scale": _scale(highest[honest]),
    }
    model_of(document, signals)
    return document


def _terms(values: Floats) -> Floats:
    clipped = np.clip(values, 0, _CLIP)
    return np.concatenate([clipped, np.square(clipped)], axis=1)


def _regression(values: Floats, truth: NDArray[np.int64]) -> tuple[float, Floats]:
    """Intercept and weights of a penalised logistic regression whose weights are not below 0.

    A place that differs more is never less suspect; a free fit makes up negative weights from signals that go together.
    """
    terms = _terms(values)
    sign = np.where(truth > 0, 1.0, -1.0)

    def loss(point: Floats) -> tuple[float, Floats]:
        margin = sign * (point[0] + terms @ point[1:])
        slope = -sign * expit(-margin)
        value = np.logaddexp(0, -margin).sum() + _PENALTY / 2 * np.square(point[1:]).sum()
        return float(value), np.concatenate([[slope.sum()], terms.T @ slope + _PENALTY * point[1:]])

    start = np.zeros(terms.shape[1] + 1)
    bounds = [(None, None), *[(0.0, None)] * terms.shape[1]]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000})
    return float(found.x[0]), found.x[1:]


def _scale(honest: Floats) -> dict[str, list[float]]:
    """Scores and strengths, both rising."""
    points = [(float(np.quantile(honest, 1 - share)), strength) for share, strength in _SCALE]
    last = points[-1][0]
    points += [(last + further, strength) for further, strength in _BEYOND]
    return {"scores": [round(score, 4) for score, _ in points], "strengths": [strength for _, strength in points]}
