"""What runs inside a reader process: set up once, then one image after the other."""

from __future__ import annotations

import ctypes
import os
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from service.domain.evidence import Failed, FailedReason, ReadOutcome
from service.domain.reuse import PictureComparison
from service.vision.decode import DecodeFailed, DecodeLimits
from service.vision.engine import OcrEngine
from service.vision.onnx_engine import OnnxEngine
from service.vision.reading import read_image
from service.vision.same_picture import compare_pictures

EngineName = Literal["onnx", "paddleocr"]

_PR_SET_PDEATHSIG = 1
_WARM_SIZES = ((960, 448), (2340, 1080))  # height, width
_LARGE_PIXELS = 3_000_000  # more than a phone page has
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h
_LARGE_BLOCK = 8 << 20  # bytes; at 4 MB a reader holds 15 MB less and takes 3 % longer


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSetup:
    """What a reader process is told. ``parent``: process id; ``niceness``: added to the parent's."""

    parent: int
    engine: EngineName = "onnx"
    weights: Path | None = None
    limits: DecodeLimits = field(default_factory=DecodeLimits)
    niceness: int = 10


_libc = ctypes.CDLL(None)
_engine: OcrEngine | None = None
_limits = DecodeLimits()


def build_engine(name: EngineName, weights: Path | None = None) -> OcrEngine:
    """The named engine; ConfigurationError if its weights or packages are not in place."""
    if name == "paddleocr":
        # Only there in an environment of its own (make reference).
        from service.vision.paddle_engine import PaddleEngine

        return PaddleEngine(weights)
    return OnnxEngine(weights)


def set_up(setup: ReaderSetup) -> None:
    """Runs once in a new reader process: dies with the parent, gives way to requests, loads and warms the engine."""
    global _engine, _limits
    _die_with(setup.parent)
    # pebble's handler needs the interpreter, which native code may hold: let the kernel end us at once.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(setup.niceness)
    cv2.setNumThreads(1)
    _give_large_blocks_back()
    _engine, _limits = build_engine(setup.engine, setup.weights), setup.limits
    _warm(_engine)


def _give_large_blocks_back() -> None:
    """Has the C library map every block past a fixed size by itself, and unmap it when it is freed.

    Left alone, glibc learns from a freed picture to keep blocks as large as it: 40 to 50 MB a reader, for no time won.
    """
    if hasattr(_libc, "mallopt"):  # glibc's
        _libc.mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)
        _libc.mallopt(_M_TRIM_THRESHOLD, 2 * _LARGE_BLOCK)


def read_bytes(data: bytes) -> ReadOutcome:
    """One image, in the reader process."""
    if _engine is None:
        return Failed(reason=FailedReason.READER_UNAVAILABLE, detail="the reader process was not set up")
    outcome = read_image(data, _engine, _limits)
    if not isinstance(outcome, Failed) and outcome.image.width * outcome.image.height > _LARGE_PIXELS:
        # The C library keeps what a large picture took; after phone pages that is just as well, they use it again.
        _libc.malloc_trim(0)
    return outcome


def compare_bytes(one: bytes, other: bytes) -> PictureComparison | None:
    """Two images laid over each other, in the reader process; None where one of them cannot be decoded."""
    try:
        return compare_pictures(one, other, _limits)
    except DecodeFailed:
        return None


def ready() -> int:
    """Answers with the process id once set up: a probe."""
    return os.getpid()


def _die_with(parent: int) -> None:
    """Has the kernel kill this process when its parent goes, however it goes (Linux)."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it went before we asked
        os._exit(1)


def _warm(engine: OcrEngine) -> None:
    """The first pass through codecs and networks allocates and plans; let it not be a claim's."""
    for height, width in _WARM_SIZES:
        page = np.full((height, width, 3), 255, np.uint8)
        cv2.putText(page, "9R64PB958R2R 12:00:00", (40, height // 2), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 2)
        for suffix in (".png", ".jpg"):
            read_image(cv2.imencode(suffix, page)[1].tobytes(), engine)
