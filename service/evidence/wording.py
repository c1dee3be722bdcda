"""What a message means, told from all its words: the second opinion beside the lexicon of sayings.

The lexicon knows why it says what it says, and knows only what somebody thought of; the weights were learned from
wordings of many hands (training.wordings, `prereview-train screens wordings`) and know what is like them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

from service.domain.evidence import ErrorCode
from service.evidence.page_memory import once_a_page
from service.evidence.wording_features import PLACES, places

WEIGHTS = "wording_weights.npz"


@dataclass(frozen=True, slots=True)
class Wording:
    """``code``: what it most likely reports, None for no error. ``chance`` in [0, 1], for words like those taught."""

    code: ErrorCode | None
    chance: float


@dataclass(frozen=True, slots=True)
class Weights:
    """``steps``: int8 of shape (meanings, PLACES), ``size``: of a step, and ``start``: the bias, float32 (meanings,).

    ``taught``: the SHA-256 of what they were learned from.
    """

    meanings: tuple[ErrorCode | None, ...]
    steps: npt.NDArray[np.int8]
    size: npt.NDArray[np.float32]
    start: npt.NDArray[np.float32]
    taught: str


@cache
def weights() -> Weights:
    """The weights of this release. ValueError where the file is not of the shape this code reads."""
    with np.load(BytesIO(files(__package__).joinpath(WEIGHTS).read_bytes()), allow_pickle=False) as kept:
        meanings = tuple(ErrorCode(name) if name else None for name in kept["meanings"].tolist())
        steps, size, start = kept["steps"], kept["size"], kept["start"]
        taught = str(kept["taught"])
    shapes = ((len(meanings), PLACES), (len(meanings),), (len(meanings),))
    if (steps.shape, size.shape, start.shape) != shapes or steps.dtype != np.int8:
        raise ValueError(f"{WEIGHTS} has {steps.shape}, not {shapes[0]}: prereview-train screens wordings writes it")
    return Weights(meanings, steps, size, start, taught)


@once_a_page
def wording_of(text: str) -> Wording:
    """What ``text`` says as a message to whoever uses the page."""
    learned = weights()
    at = places(text)
    if not at:
        return Wording(None, 1.0)
    chances = softmax(learned, at)
    best = int(chances.argmax())
    return Wording(learned.meanings[best], round(float(chances[best]), 4))


def softmax(learned: Weights, at: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """The chance of each meaning, (meanings,)."""
    summed = learned.steps[:, list(at)].sum(axis=1, dtype=np.int32).astype(np.float32)
    raw = summed * learned.size / np.float32(math.sqrt(len(at))) + learned.start
    odds: npt.NDArray[np.float32] = np.exp(raw - raw.max())
    chances: npt.NDArray[np.float32] = odds / odds.sum()
    return chances
