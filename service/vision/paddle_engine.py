"""PaddleOCR itself on the same weights: the reference, and an engine to choose where its packages are installed.

PaddleX refuses to work without the distribution opencv-contrib-python, whose files overwrite the headless build and
which needs libGL; so this engine lives in an environment of its own (``make reference``).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from service.domain.errors import ConfigurationError
from service.domain.evidence import Box, Line
from service.vision.decode import Pixels
from service.vision.detection import network_side
from service.vision.geometry import reading_order
from service.vision.onnx_engine import MINIMUM_SCORE
from service.vision.stages import Stages
from service.vision.tiles import merge, tiles_of
from service.vision.weights import Weights, verify_weights

_DETECTOR, _RECOGNISER = "PP-OCRv6_tiny_det", "PP-OCRv6_tiny_rec"


class PaddleEngine:
    """PaddleOCR 3.7 with ``engine="onnxruntime"``. ConfigurationError where it cannot be imported. Opens no socket.

    ``cache``: a writable folder for PaddleX's model folders and its own cache.
    """

    name = "paddleocr"

    def __init__(
        self,
        weights: Weights | Path | None = None,
        *,
        cache: Path | None = None,
        minimum_score: float = MINIMUM_SCORE,
    ) -> None:
        files = weights if isinstance(weights, Weights) else verify_weights(weights, sizes=("tiny",))
        cache = cache or Path(tempfile.gettempdir()) / f"prereview-paddlex-{os.getuid()}"
        detector, recogniser = model_folders(files, cache)
        self._ocr = _pipeline(detector, recogniser, cache)
        self._minimum_score = minimum_score

    def read(self, image: Pixels, stages: Stages | None = None) -> tuple[Line, ...]:
        """Lines top to bottom, left to right; see OcrEngine. Long captures tile by tile, as the default engine."""
        height, width = image.shape[:2]
        tiles = tiles_of(width, height)
        with (stages or Stages())("detect_and_recognise"):
            found = [(tile, self._read_tile(image[tile.top : tile.bottom])) for tile in tiles]
        kept = merge([(tile, [line.box for line in lines]) for tile, lines in found], height)
        lines = [_moved(found[t][1][i], tiles[t].top) for t, i in kept]
        return tuple(lines[i] for i in reading_order([line.box for line in lines]))

    def _read_tile(self, image: Pixels) -> list[Line]:
        # PaddleOCR's own default is full resolution, which costs six times as much on phone pages.
        side = network_side(image.shape[1], image.shape[0])
        result: dict[str, Any] = self._ocr.predict(image, text_det_limit_side_len=side, text_det_limit_type="max")[0]
        boxes = ([float(v) for v in polygon.reshape(-1)] for polygon in result["rec_polys"])
        lines = [
            Line(text, float(score), Box(min(p[::2]), min(p[1::2]), max(p[::2]), max(p[1::2])))
            for text, score, p in zip(result["rec_texts"], result["rec_scores"], boxes, strict=True)
        ]
        return [line for line in lines if line.text.strip() and line.score >= self._minimum_score]


def _moved(line: Line, dy: float) -> Line:
    box = line.box
    return Line(line.text, line.score, Box(box.x0, box.y0 + dy, box.x1, box.y1 + dy))


def model_folders(weights: Weights, cache: Path) -> tuple[Path, Path]:
    """PaddleX wants a folder per model with inference.onnx and inference.yml: made once from the pinned files."""
    detector = _folder(weights.path("tiny", "detector"), weights.path("tiny", "detector_settings"), cache, _DETECTOR)
    settings = weights.path("tiny", "recogniser_settings")
    return detector, _folder(weights.path("tiny", "recogniser"), settings, cache, _RECOGNISER)


def _folder(model: Path, settings: Path, cache: Path, name: str) -> Path:
    digest = hashlib.sha256(model.read_bytes() + settings.read_bytes()).hexdigest()[:16]
    folder = cache / digest / name
    if not folder.is_dir():
        # Built aside and renamed, so that two processes starting at once see a whole folder or none.
        folder.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(dir=folder.parent))
        shutil.copyfile(model, making / "inference.onnx")
        shutil.copyfile(settings, making / "inference.yml")
        try:
            making.rename(folder)
        except OSError:
            shutil.rmtree(making)
    return folder


def _pipeline(detector: Path, recogniser: Path, cache: Path) -> Any:
    """All three extra models off and both folders given: then PaddleX downloads nothing and asks no host."""
    os.environ.setdefault("PADDLE_PDX_CACHE_HOME", str(cache / "paddlex"))
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    try:
        from paddleocr import PaddleOCR
    except ImportError as error:
        raise ConfigurationError(
            f"the paddleocr engine cannot be imported ({error}); it needs its own environment: run `make reference`. "
            "If libGL.so.1 is named, install the system package libgl1."
        ) from error
    return PaddleOCR(
        engine="onnxruntime",
        engine_config={"intra_op_num_threads": 1, "inter_op_num_threads": 1, "providers": ["CPUExecutionProvider"]},
        device="cpu",
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        text_detection_model_name=_DETECTOR,
        text_detection_model_dir=str(detector),
        text_recognition_model_name=_RECOGNISER,
        text_recognition_model_dir=str(recogniser),
        text_det_thresh=0.2,
        text_det_box_thresh=0.4,
        text_det_unclip_ratio=1.4,
        text_rec_score_thresh=0.0,
    )
