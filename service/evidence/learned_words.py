"""Weights learned from texts of many hands: what a text most likely is, told from all its words.

Rules know why they say what they say, and know only what somebody thought of; weights know what is like what they were
taught (training.wordings, `prereview-train screens wordings`). They are a second opinion beside rules, never the first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

from service.evidence.word_places import PLACES, places

WORDINGS, GOODS = "wording_weights.npz", "goods_weights.npz"


@dataclass(frozen=True, slots=True)
class Weights:
    """``steps``: int8 of shape (meanings, PLACES), ``size``: of a step, and ``start``: the bias, float32 (meanings,).

    ``meanings``: an empty one is none of the others. ``taught``: the SHA-256 of what they were learned from.
    """

    meanings: tuple[str, ...]
    steps: npt.NDArray[np.int8]
    size: npt.NDArray[np.float32]
    start: npt.NDArray[np.float32]
    taught: str


@cache
def weights(name: str) -> Weights:
    """The weights of this release. ValueError where the file is not of the shape this code reads."""
    with np.load(BytesIO(files(__package__).joinpath(name).read_bytes()), allow_pickle=False) as kept:
        meanings = tuple(str(meaning) for meaning in kept["meanings"].tolist())
        steps, size, start = kept["steps"], kept["size"], kept["start"]
        taught = str(kept["taught"])
    shapes = ((len(meanings), PLACES), (len(meanings),), (len(meanings),))
    if (steps.shape, size.shape, start.shape) != shapes or steps.dtype != np.int8:
        raise ValueError(f"{name} has {steps.shape}, not {shapes[0]}: prereview-train screens wordings fit writes it")
    return Weights(meanings, steps, size, start, taught)


def chances(learned: Weights, text: str) -> npt.NDArray[np.float32]:
    """How likely ``text`` has each meaning, (meanings,)."""
    at = places(text)
    summed = learned.steps[:, list(at)].sum(axis=1, dtype=np.int32).astype(np.float32)
    raw = summed * learned.size / np.float32(math.sqrt(max(len(at), 1))) + learned.start
    odds: npt.NDArray[np.float32] = np.exp(raw - raw.max())
    share: npt.NDArray[np.float32] = odds / odds.sum()
    return share
