"""Bytes in, outcome out: decoding, signals and OCR of one image, in this process."""

from __future__ import annotations

from dataclasses import replace

from service.domain.evidence import Box, Empty, Failed, FailedReason, Flaw, ImageFacts, Line, Read, ReadOutcome
from service.vision.decode import DecodedImage, DecodeFailed, DecodeLimits, decode
from service.vision.engine import OcrEngine
from service.vision.legibility import find_flaws
from service.vision.signals import image_signals
from service.vision.stages import Stages

READER_VERSION = "ppocrv6-tiny.1"
"""The reader's behaviour version; raised whenever the same bytes may give other lines or boxes than before."""


def read_image(
    data: bytes, engine: OcrEngine, limits: DecodeLimits | None = None, stages: Stages | None = None
) -> ReadOutcome:
    """Reads one image. Never raises for bad input: that is ``Failed`` with its reason.

    ``stages``, if given, counts the time; the outcome carries its wall milliseconds in any case.
    """
    stages = stages or Stages()
    try:
        with stages("total"):
            lines, facts = _read(data, engine, limits, stages)
    except DecodeFailed as failure:
        return Failed(reason=failure.reason, detail=failure.detail)
    except MemoryError:
        return Failed(reason=FailedReason.INTERNAL_ERROR, detail="not enough memory to read this image")
    except Exception as error:
        # Whatever it is, the case goes on to a person; the detail lets us find it.
        return Failed(reason=FailedReason.INTERNAL_ERROR, detail=f"{type(error).__name__}: {error}")
    facts = replace(facts, ms=stages.whole())
    return Read(lines=lines, image=facts) if lines else Empty(image=facts)


def _read(
    data: bytes, engine: OcrEngine, limits: DecodeLimits | None, stages: Stages
) -> tuple[tuple[Line, ...], ImageFacts]:
    """Lines and facts in pixels of the original; each stage under its own name."""
    with stages("decode"):
        image = decode(data, limits)
    with stages("signals"):
        perceptual_hash, signals = image_signals(image.pixels)
    lines = engine.read(image.pixels, stages)
    with stages("legibility"):
        flaws = find_flaws(image.pixels, lines)
    facts = ImageFacts(
        media_type=image.media_type,
        width=image.width,
        height=image.height,
        perceptual_hash=perceptual_hash,
        signals=signals,
        flaws=tuple(Flaw(flaw.kind, _scaled(flaw.box, image)) for flaw in flaws),
    )
    return tuple(replace(line, box=_scaled(line.box, image)) for line in lines), facts


def _scaled(box: Box, image: DecodedImage) -> Box:
    if image.scale == 1.0:
        return box
    across, down = image.width / image.pixels.shape[1], image.height / image.pixels.shape[0]
    return Box(box.x0 * across, box.y0 * down, box.x1 * across, box.y1 * down)
