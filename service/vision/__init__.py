"""Pixels to lines: safe decoding, OCR engines and their processes, signals of the picture itself."""

from __future__ import annotations

from service.vision.decode import DecodeFailed, DecodeLimits, decode
from service.vision.engine import OcrEngine
from service.vision.onnx_engine import OnnxEngine
from service.vision.pool import ReaderPool
from service.vision.reader_process import EngineName, build_engine
from service.vision.reading import READER_VERSION, read_image
from service.vision.recognition import Recogniser
from service.vision.signals import hash_distance
from service.vision.weights import Weights, verify_weights

__all__ = [
    "READER_VERSION",
    "DecodeFailed",
    "DecodeLimits",
    "EngineName",
    "OcrEngine",
    "OnnxEngine",
    "ReaderPool",
    "Recogniser",
    "Weights",
    "build_engine",
    "decode",
    "hash_distance",
    "read_image",
    "verify_weights",
]
