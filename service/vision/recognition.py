"""Text recognition: one cropped line to its characters (CTC)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import yaml

from service.vision.decode import Pixels
from service.vision.sessions import Network, channels_first
from service.vision.stages import Stages

_HEIGHT = 48
_WIDTH_STEP = 32  # widths are padded to a multiple, so that the runtime meets few distinct shapes
# Of one or two characters the network makes less when it is not given the width it was trained with (× reads as X);
# for longer lines the padding only costs time.
_NARROW, _TRAINED_WIDTH = 96, 320
_WIDEST = 3200  # a wider crop is squeezed, as the reference does; it bounds memory
_PAGE_WIDE = 1600  # a line as wide as a phone page, at the network's height
_TABLES = [(np.arange(256) / 127.5 - 1).astype(np.float32)] * 3


@dataclass(frozen=True, slots=True)
class Recognised:
    """``score``: mean probability of the characters, 0 where there are none. ``characters``: of each one."""

    text: str
    score: float
    characters: tuple[float, ...] = ()


def load_alphabet(path: Path) -> tuple[str, ...]:
    """The characters by class, from the model's inference.yml: the CTC blank first, the space last."""
    data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return ("", *map(str, data["PostProcess"]["character_dict"]), " ")


class Recogniser:
    """Reads one line at a time. Works with the tiny and the small model alike: size comes from the files.

    ``stage``: the name its parts are timed under. ``arena``: see Network.
    """

    def __init__(self, model: Path, settings: Path, *, stage: str = "recognise", arena: bool = True) -> None:
        self._network = Network(model, usual_cells=_HEIGHT * _PAGE_WIDE, arena=arena)
        self._alphabet = load_alphabet(settings)
        self.stage = stage

    def recognise(self, line: Pixels, stages: Stages | None = None) -> Recognised:
        """Text of one cropped line (uint8 BGR, any size), running left to right."""
        stages = stages or Stages(parts=False)
        with stages(f"{self.stage}.prepare"):
            pixels = network_input(line)
        with stages(f"{self.stage}.network"):
            probabilities = self._network.run(pixels)[0]
        with stages(f"{self.stage}.decode"):
            return decode_ctc(probabilities, self._alphabet)


def network_input(line: Pixels) -> npt.NDArray[np.float32]:
    """1 × 3 × 48 × W in [-1, 1]; the right is padded with zeros, which are mid-grey."""
    height, width = line.shape[:2]
    target = min(_WIDEST, max(8, math.ceil(_HEIGHT * width / height)))
    shrink = cv2.INTER_AREA if height > 2 * _HEIGHT else cv2.INTER_LINEAR
    small: Pixels = cv2.resize(line, (target, _HEIGHT), interpolation=shrink).astype(np.uint8, copy=False)
    padded = _TRAINED_WIDTH if target <= _NARROW else -(-target // _WIDTH_STEP) * _WIDTH_STEP
    return channels_first(small, padded, _TABLES)


def decode_ctc(probabilities: npt.NDArray[np.float32], alphabet: tuple[str, ...]) -> Recognised:
    """Best path: steps × classes to text; repeats fall together and blanks (class 0) fall out."""
    classes = probabilities.argmax(axis=1)
    kept = classes != 0
    kept[1:] &= classes[1:] != classes[:-1]
    if not kept.any():
        return Recognised("", 0.0)
    best = probabilities[np.flatnonzero(kept), classes[kept]]
    text = "".join(alphabet[i] for i in classes[kept])
    return Recognised(text, float(best.mean()), tuple(best.tolist()))
