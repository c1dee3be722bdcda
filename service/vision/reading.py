"""Bytes in, outcome out: decoding, signals and OCR of one image, in this process."""

from __future__ import annotations

import time

from service.domain.evidence import Box, Empty, Failed, FailedReason, Flaw, ImageFacts, Line, Read, ReadOutcome
from service.vision.decode import DecodedImage, DecodeFailed, DecodeLimits, decode
from service.vision.engine import OcrEngine
from service.vision.legibility import find_flaws
from service.vision.signals import image_signals

READER_VERSION = "ppocrv6-tiny.1"
"""The reader's behaviour version; raised whenever the same bytes may give other lines or boxes than before."""


def read_image(data: bytes, engine: OcrEngine, limits: DecodeLimits | None = None) -> ReadOutcome:
    """Reads one image. Never raises for bad input: that is ``Failed`` with its reason."""
    started = time.perf_counter()
    try:
        image = decode(data, limits)
        ms = {"decode": _since(started)}
        signalled = time.perf_counter()
        perceptual_hash, signals = image_signals(image.pixels)
        ms["signals"] = _since(signalled)
        read = engine.read(image.pixels, ms)
        looked = time.perf_counter()
        flaws = find_flaws(image.pixels, read)
        ms["legibility"] = _since(looked)
        lines = _in_original_pixels(read, image)
    except DecodeFailed as failure:
        return Failed(reason=failure.reason, detail=failure.detail)
    except MemoryError:
        return Failed(reason=FailedReason.INTERNAL_ERROR, detail="not enough memory to read this image")
    except Exception as error:
        # Whatever it is, the case goes on to a person; the detail lets us find it.
        return Failed(reason=FailedReason.INTERNAL_ERROR, detail=f"{type(error).__name__}: {error}")
    ms["total"] = _since(started)
    facts = ImageFacts(
        media_type=image.media_type,
        width=image.width,
        height=image.height,
        perceptual_hash=perceptual_hash,
        signals=signals,
        flaws=tuple(Flaw(flaw.kind, _scaled(flaw.box, image)) for flaw in flaws),
        ms={stage: round(value, 2) for stage, value in ms.items()},
    )
    return Read(lines=lines, image=facts) if lines else Empty(image=facts)


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1e3


def _in_original_pixels(lines: tuple[Line, ...], image: DecodedImage) -> tuple[Line, ...]:
    if image.scale == 1.0:
        return lines
    return tuple(Line(line.text, line.score, _scaled(line.box, image)) for line in lines)


def _scaled(box: Box, image: DecodedImage) -> Box:
    across, down = image.width / image.pixels.shape[1], image.height / image.pixels.shape[0]
    return Box(box.x0 * across, box.y0 * down, box.x1 * across, box.y1 * down)
