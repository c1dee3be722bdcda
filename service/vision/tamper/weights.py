"""From signals to a strength: an additive model fitted in training, shipped as numbers (model.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from service.vision.tamper.strokes import Floats

MODEL = Path(__file__).with_name("model.json")
_CLIP = 4.0  # a signal beyond e⁴ times the usual says no more


@dataclass(frozen=True, slots=True)
class Model:
    """Logistic regression on each signal, clipped to [0, 4], and its square; then a scale of how rare that is.

    ``linear``, ``square``: weights per signal. ``scores``, ``strengths``: the piecewise-linear scale; 0.5 stands where
    one honest page in a hundred has a place as strange.
    """

    signals: tuple[str, ...]
    intercept: float
    linear: Floats
    square: Floats
    scores: Floats
    strengths: Floats

    def terms(self, values: Floats) -> Floats:
        """What each signal adds to the score, places × signals."""
        clipped = np.clip(values, 0, _CLIP)
        return clipped * self.linear + np.square(clipped) * self.square

    def score(self, terms: Floats) -> Floats:
        """Log-odds that the place was worked over, as often as in the training pages."""
        return np.asarray(self.intercept + terms.sum(axis=1), np.float32)

    def strength(self, scores: Floats) -> Floats:
        """In [0, 1): see ``TamperHint``."""
        return np.interp(scores, self.scores, self.strengths).astype(np.float32)


def model_of(document: Mapping[str, Any], signals: Sequence[str]) -> Model:
    """ValueError if it was fitted on other signals."""
    if tuple(document["signals"]) != tuple(signals):
        raise ValueError("the weights were fitted on other signals; fit anew: prereview-train screens forgery --fit")
    return Model(
        signals=tuple(signals),
        intercept=float(document["intercept"]),
        linear=np.array(document["linear"], np.float32),
        square=np.array(document["square"], np.float32),
        scores=np.array(document["scale"]["scores"], np.float32),
        strengths=np.array(document["scale"]["strengths"], np.float32),
    )


@cache
def shipped() -> Mapping[str, Any]:
    """model.json: {glyphs, lines, provenance}."""
    loaded: dict[str, Any] = json.loads(MODEL.read_text("utf-8"))
    return loaded
