"""The default engine: PP-OCRv6 detection and recognition straight on onnxruntime."""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from pathlib import Path

import cv2

from service.domain.evidence import Line
from service.vision.decode import Pixels
from service.vision.detection import DetectionSettings, Detector
from service.vision.geometry import Region, crop, reading_order
from service.vision.recognition import Recogniser
from service.vision.tiles import merge, tiles_of
from service.vision.weights import Weights, verify_weights

MINIMUM_SCORE = 0.3  # below this the recogniser is guessing at texture and icons


class OnnxEngine:
    """Reads one image at a time on one thread. ConfigurationError if the weights are not the pinned ones.

    ``minimum_score``: lines the recogniser trusts less are left out; 0 for the raw pass.
    """

    name = "onnx"

    def __init__(self, weights: Weights | Path | None = None, *, minimum_score: float = MINIMUM_SCORE) -> None:
        cv2.setNumThreads(1)
        files = weights if isinstance(weights, Weights) else verify_weights(weights, sizes=("tiny",))
        settings = DetectionSettings.load(files.path("tiny", "detector_settings"))
        self._detector = Detector(files.path("tiny", "detector"), settings)
        self._recogniser = Recogniser(files.path("tiny", "recogniser"), files.path("tiny", "recogniser_settings"))
        self._minimum_score = minimum_score

    def read(self, image: Pixels, ms: MutableMapping[str, float] | None = None) -> tuple[Line, ...]:
        """Lines top to bottom, left to right; see OcrEngine."""
        started = time.perf_counter()
        regions = self.regions(image)
        detected = time.perf_counter()
        lines = tuple(line for region in regions if (line := self._line(image, region)) is not None)
        if ms is not None:
            ms["detect"] = (detected - started) * 1e3
            ms["recognise"] = (time.perf_counter() - detected) * 1e3
        return lines

    def regions(self, image: Pixels) -> list[Region]:
        """Detected regions in reading order, long captures tile by tile."""
        height, width = image.shape[:2]
        tiles = tiles_of(width, height)
        found = [(tile, self._detector.detect(image[tile.top : tile.bottom])) for tile in tiles]
        if len(found) == 1:
            regions = found[0][1]
        else:
            whole = merge([(tile, [region.box for region in part]) for tile, part in found], height)
            regions = [found[t][1][i].moved(0, tiles[t].top) for t, i in whole]
        return [regions[i] for i in reading_order([region.box for region in regions])]

    def _line(self, image: Pixels, region: Region) -> Line | None:
        recognised = self._recogniser.recognise(crop(image, region))
        if not recognised.text.strip() or recognised.score < self._minimum_score:
            return None
        return Line(recognised.text, recognised.score, region.box)
