"""Text detection: a probability map from the network, and boxes from the map (differentiable binarisation)."""

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
from service.vision.geometry import Corners, Region, clockwise_corners, region_of
from service.vision.sessions import Network, channels_first
from service.vision.stages import Stages

_STRIDE = 32  # the network halves its input five times
_PHONE_PAGE = 960 * 480  # cells of the network's input
_MOST_CELLS = 1440 * 1080  # what the largest ordinary desktop capture gives the network
WIDE = 2.6  # width over height from which a capture spans several screens
_SMALLEST_CORE = 3  # map pixels; a smaller blob is noise, as in the reference's decoder
_SMALLEST_LINE = 5  # map pixels, after growing

Map = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionSettings:
    """``pixel_threshold``, ``box_threshold``: probabilities. ``grow``: area over perimeter ratio by which cores grow.

    ``mean``, ``deviation``: per BGR channel, of pixels in [0, 1].
    """

    pixel_threshold: float
    box_threshold: float
    grow: float
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]

    @classmethod
    def load(cls, path: Path) -> DetectionSettings:
        """From the model's own inference.yml."""
        data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        steps = {name: step for each in data["PreProcess"]["transform_ops"] for name, step in each.items()}
        post, scale = data["PostProcess"], steps["NormalizeImage"]
        return cls(
            pixel_threshold=post["thresh"],
            box_threshold=post["box_thresh"],
            grow=post["unclip_ratio"],
            mean=tuple(scale["mean"]),
            deviation=tuple(scale["std"]),
        )


class Detector:
    """Finds lines of text in one image."""

    def __init__(self, model: Path, settings: DetectionSettings) -> None:
        self.settings = settings
        self._network = Network(model, usual_cells=_PHONE_PAGE)
        self._tables = [
            ((np.arange(256) / 255 - mean) / deviation).astype(np.float32)
            for mean, deviation in zip(settings.mean, settings.deviation, strict=True)
        ]

    def detect(self, image: Pixels, stages: Stages | None = None) -> list[Region]:
        """Regions in pixels of ``image`` (uint8 BGR), in no particular order."""
        stages = stages or Stages(parts=False)
        with stages("detect.prepare"):
            pixels = self._network_input(image)
        with stages("detect.network"):
            probability = self._network.run(pixels)[0, 0]
        with stages("detect.boxes"):
            return regions_of(probability, image.shape[1], image.shape[0], self.settings)

    def _network_input(self, image: Pixels) -> npt.NDArray[np.float32]:
        """1 × 3 × H × W, both sides multiples of 32."""
        height, width = image.shape[:2]
        ratio = min(1.0, network_side(width, height) / max(height, width))
        target = tuple(max(_STRIDE, round(side * ratio / _STRIDE) * _STRIDE) for side in (width, height))
        # Bilinear without smoothing is what the reference does and the network was trained on; area averaging costs
        # 7 ms a page more and moves the boxes.
        small: Pixels = cv2.resize(image, target, interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)
        return channels_first(small, target[0], self._tables)


def network_side(width: int, height: int) -> int:
    """Pixels of the longer side as the network sees it; larger images are shrunk, none is enlarged.

    640 lost date hyphens on phone pages, more than 960 found nothing new there; on wide desktop captures letters are
    smaller, so those are never shrunk below half, up to 1440. Captures over several screens are wider still: at 1440,
    245 of 1,116 lines of a 5760 × 1080 page were lost, at half its width 4; there the network's cells are the bound.
    """
    if width <= height:
        return 960
    if width <= WIDE * height:
        return max(960, min(1440, width // 2))
    return max(960, min(width // 2, int((_MOST_CELLS * width / height) ** 0.5), _MOST_CELLS // _STRIDE))


def regions_of(probability: Map, width: int, height: int, settings: DetectionSettings) -> list[Region]:
    """Regions in pixels of a ``width`` × ``height`` image, from the map the network made of it."""
    scale = np.array([width / probability.shape[1], height / probability.shape[0]], np.float32)
    mask = (probability > settings.pixel_threshold).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    outlines = [outline for one in contours if (outline := _outline(one, probability, settings)) is not None]
    if not outlines:
        return []
    limits = np.array([width, height], np.float32)
    return [region_of(corners) for corners in np.clip(np.round(np.array(outlines) * scale), 0, limits)]


def _outline(contour: Any, probability: Map, settings: DetectionSettings) -> Corners | None:
    """The four corners of one line in map pixels; None for what is too small or too faint to be one.

    Corners are cut to whole pixels before growing and rounded after, as the reference's polygon library does: a line is
    ten map pixels high, and half a pixel less at its foot loses the comma.
    """
    rectangle = cv2.minAreaRect(contour)
    if min(rectangle[1]) < _SMALLEST_CORE:
        return None
    core = np.asarray(cv2.boxPoints(rectangle), np.float32)
    if _score(core, probability) < settings.box_threshold:
        return None
    long, short = rectangle[1]
    # The network paints a shrunken core of each line; this undoes the shrinking (area / perimeter times the ratio).
    margin = long * short * settings.grow / (2 * (long + short))
    centre, (long, short), angle = cv2.minAreaRect(np.trunc(core))
    if min(long, short) + 2 * margin < _SMALLEST_LINE:
        return None
    grown = cv2.boxPoints((centre, (long + 2 * margin, short + 2 * margin), angle))
    return clockwise_corners(np.rint(grown).astype(np.float32))


def _score(corners: Corners, probability: Map) -> float:
    """Mean probability inside the rectangle, corners and edges included."""
    height, width = probability.shape
    # Plain numbers: numpy takes ten times as long for two of them.
    (left, top), (right, foot) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    x0, x1 = (min(max(column, 0), width - 1) for column in (math.floor(left), math.ceil(right)))
    y0, y1 = (min(max(row, 0), height - 1) for row in (math.floor(top), math.ceil(foot)))
    mask = np.zeros((y1 - y0 + 1, x1 - x0 + 1), np.uint8)
    cv2.fillPoly(mask, [(corners - np.array([x0, y0], np.float32)).astype(np.int32)], 1)
    return float(cv2.mean(probability[y0 : y1 + 1, x0 : x1 + 1], mask)[0])
