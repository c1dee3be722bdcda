"""The default engine: PP-OCRv6 detection and recognition straight on onnxruntime."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2

from service.domain.evidence import Line
from service.vision.decode import Pixels
from service.vision.detection import DetectionSettings, Detector
from service.vision.geometry import Region, crop, reading_order
from service.vision.recognition import Recognised, Recogniser
from service.vision.rereading import rereadings, same_text
from service.vision.stages import Stages
from service.vision.tiles import merge, tiles_of
from service.vision.weights import Weights, verify_weights

MINIMUM_SCORE = 0.3  # below this the recogniser is guessing at texture and icons


class OnnxEngine:
    """Reads one image at a time on one thread. ConfigurationError if the weights are not the pinned ones.

    The tiny models read the page; the small recogniser reads again the lines whose value is in doubt (rereading.py).
    ``minimum_score``: lines the recogniser trusts less are left out; 0 for the raw pass. ``reread``: False leaves every
    line as first read, and spares the memory of the second recogniser.
    """

    name = "onnx"

    def __init__(
        self,
        weights: Weights | Path | None = None,
        *,
        minimum_score: float = MINIMUM_SCORE,
        reread: bool = True,
    ) -> None:
        cv2.setNumThreads(1)
        files = weights if isinstance(weights, Weights) else verify_weights(weights)
        settings = DetectionSettings.load(files.path("tiny", "detector_settings"))
        self._detector = Detector(files.path("tiny", "detector"), settings)
        self._recogniser = Recogniser(files.path("tiny", "recogniser"), files.path("tiny", "recogniser_settings"))
        small = files.path("small", "recogniser"), files.path("small", "recogniser_settings")
        self._second = Recogniser(*small, stage="reread", arena=False) if reread else None
        self._minimum_score = minimum_score

    def read(self, image: Pixels, stages: Stages | None = None) -> tuple[Line, ...]:
        """Lines top to bottom, left to right; see OcrEngine."""
        stages = stages or Stages(parts=False)
        with stages("detect"):
            regions = self.regions(image, stages)
        with stages("recognise"):
            first = [self._recognised(self._recogniser, image, region, stages) for region in regions]
        with stages("reread"):
            second = self._reread(image, regions, first, stages)
        lines = map(_line, regions, first, second)
        return tuple(line for line in lines if line.text.strip() and line.score >= self._minimum_score)

    def regions(self, image: Pixels, stages: Stages | None = None) -> list[Region]:
        """Detected regions in reading order, long captures tile by tile."""
        height, width = image.shape[:2]
        tiles = tiles_of(width, height)
        found = [(tile, self._detector.detect(image[tile.top : tile.bottom], stages)) for tile in tiles]
        if len(found) == 1:
            regions = found[0][1]
        else:
            whole = merge([(tile, [region.box for region in part]) for tile, part in found], height)
            regions = [found[t][1][i].moved(0, tiles[t].top) for t, i in whole]
        return [regions[i] for i in reading_order([region.box for region in regions])]

    def _reread(
        self, image: Pixels, regions: Sequence[Region], first: Sequence[Recognised], stages: Stages
    ) -> list[Recognised | None]:
        """The second reading of the lines in doubt, None for the others."""
        second: list[Recognised | None] = [None] * len(first)
        if self._second is not None:
            for index in rereadings(first):
                second[index] = self._recognised(self._second, image, regions[index], stages)
        return second

    @staticmethod
    def _recognised(recogniser: Recogniser, image: Pixels, region: Region, stages: Stages) -> Recognised:
        with stages(f"{recogniser.stage}.crop"):
            cut = crop(image, region)
        return recogniser.recognise(cut, stages)


def _line(region: Region, first: Recognised, second: Recognised | None) -> Line:
    """The second reading is right far more often where the two differ; the first is kept beside it."""
    if second is None or not second.text.strip():
        return Line(first.text, first.score, region.box)
    if same_text(first.text, second.text):
        return Line(second.text, max(first.score, second.score), region.box)
    return Line(second.text, second.score, region.box, other=first.text)
