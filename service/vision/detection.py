"""Text detection: a probability map from the network, and boxes from the map (differentiable binarisation)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import yaml

from service.domain.evidence import Box
from service.vision.decode import Pixels
from service.vision.geometry import Region, clockwise_corners
from service.vision.sessions import channels_first, open_session

_STRIDE = 32  # the network halves its input five times
_SMALLEST_CORE = 3  # map pixels; a smaller blob is noise, as in the reference's decoder
_SMALLEST_LINE = 5  # map pixels, after growing
_UPRIGHT_DEGREES = 1.5  # below this slant an upright box holds the line as well, and needs no warp

Map = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionSettings:
    """``pixel_threshold``, ``box_threshold``: probabilities. ``grow``: area over perimeter ratio by which cores grow.

    ``longest_side``: pixels of the longer side as the network sees it; larger images are shrunk, none enlarged.
    ``mean``, ``deviation``: per BGR channel, of pixels in [0, 1].
    """

    pixel_threshold: float
    box_threshold: float
    grow: float
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]
    longest_side: int = 960

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
        self._session = open_session(model)
        self._input = self._session.get_inputs()[0].name
        levels = np.arange(256, dtype=np.float32) / 255
        self._tables = [
            (levels - mean) / deviation for mean, deviation in zip(settings.mean, settings.deviation, strict=True)
        ]

    def detect(self, image: Pixels) -> list[Region]:
        """Regions in pixels of ``image`` (uint8 BGR), in no particular order."""
        probability = self._session.run(None, {self._input: self._network_input(image)})[0][0, 0]
        return regions_of(probability, image.shape[1], image.shape[0], self.settings)

    def _network_input(self, image: Pixels) -> npt.NDArray[np.float32]:
        """1 × 3 × H × W, both sides multiples of 32."""
        height, width = image.shape[:2]
        ratio = min(1.0, self.settings.longest_side / max(height, width))
        target = tuple(max(_STRIDE, round(side * ratio / _STRIDE) * _STRIDE) for side in (width, height))
        # Bilinear without smoothing is what the reference does and the network was trained on; area averaging costs
        # 7 ms a page more and moves the boxes.
        small = cv2.resize(image, target, interpolation=cv2.INTER_LINEAR)
        return channels_first(small, target[0], self._tables)


def regions_of(probability: Map, width: int, height: int, settings: DetectionSettings) -> list[Region]:
    """Regions in pixels of a ``width`` × ``height`` image, from the map the network made of it."""
    scale = np.array([width / probability.shape[1], height / probability.shape[0]], np.float32)
    mask = (probability > settings.pixel_threshold).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = (_region(contour, probability, scale, settings) for contour in contours)
    return [_clip(region, width, height) for region in found if region is not None]


def _region(
    contour: Any, probability: Map, scale: npt.NDArray[np.float32], settings: DetectionSettings
) -> Region | None:
    x, y, width, height = cv2.boundingRect(contour)  # counts pixels; the last one is at x + width - 1
    (cx, cy), (long, short), angle = cv2.minAreaRect(contour)
    if (
        min(long, short) < _SMALLEST_CORE
        or _score(contour, probability, (x, y, width, height)) < settings.box_threshold
    ):
        return None
    # The network paints a shrunken core of each line; this undoes the shrinking (area / perimeter times the ratio).
    margin = long * short * settings.grow / (2 * (long + short))
    if min(long, short) + 2 * margin < _SMALLEST_LINE:
        return None
    if abs((angle + 45) % 90 - 45) < _UPRIGHT_DEGREES or max(long, short) < 3 * min(long, short):
        low = (np.array([x, y], np.float32) - margin) * scale
        high = (np.array([x + width - 1, y + height - 1], np.float32) + margin) * scale
        return Region(Box(float(low[0]), float(low[1]), float(high[0]), float(high[1])))
    points = cv2.boxPoints(((cx, cy), (long + 2 * margin, short + 2 * margin), angle))
    corners = clockwise_corners(np.asarray(points, np.float32) * scale)
    low, high = corners.min(axis=0), corners.max(axis=0)
    return Region(Box(float(low[0]), float(low[1]), float(high[0]), float(high[1])), corners)


def _score(contour: Any, probability: Map, bounds: tuple[int, int, int, int]) -> float:
    """Mean probability inside the contour."""
    x, y, width, height = bounds
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [contour - np.array([x, y], np.int32)], 1)
    return float(cv2.mean(probability[y : y + height, x : x + width], mask)[0])


def _clip(region: Region, width: int, height: int) -> Region:
    box = region.box
    return Region(
        Box(
            min(max(box.x0, 0.0), width),
            min(max(box.y0, 0.0), height),
            min(max(box.x1, 0.0), width),
            min(max(box.y1, 0.0), height),
        ),
        region.corners,
    )
