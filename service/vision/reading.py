"""Bytes in, outcome out: decoding, signals and OCR of one image, in this process."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.domain.evidence import Box, Empty, Failed, FailedReason, ImageFacts, Line, Read, ReadOutcome
from service.domain.turning import TURNED, turned_box
from service.vision.decode import DecodedImage, DecodeFailed, DecodeLimits, Pixels, decode
from service.vision.engine import OcrEngine
from service.vision.legibility import find_flaws
from service.vision.orientation import is_upright, quarters_to_turn, turned
from service.vision.picture_hash import picture_hash
from service.vision.signals import grey_levels, image_signals
from service.vision.stages import Stages
from service.vision.tamper import find_hints

READER_VERSION = "ppocrv6-tiny.3"
"""The reader's behaviour version; raised whenever the same bytes may give other lines or boxes than before."""


def read_image(
    data: bytes, engine: OcrEngine, limits: DecodeLimits | None = None, stages: Stages | None = None
) -> ReadOutcome:
    """Reads one image. Never raises for bad input: that is ``Failed`` with its reason.

    ``stages``, if given, counts the time in all its parts; the outcome carries wall milliseconds in any case.
    """
    stages = stages or Stages(parts=False)
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
        gray = grey_levels(image.pixels)
        perceptual_hash, signals = image_signals(gray)
        long_hash = picture_hash(gray)
    page, lines = _read_upright(image.pixels, engine, stages)
    if page.quarters:
        signals[TURNED] = 90.0 * page.quarters
    with stages("legibility"):
        flaws = find_flaws(page.pixels, lines, None if page.quarters else gray)
    with stages("hints"):
        hints = find_hints(page.pixels, lines, data)
    facts = ImageFacts(
        media_type=image.media_type,
        width=image.width,
        height=image.height,
        perceptual_hash=perceptual_hash,
        picture_hash=long_hash,
        signals=signals,
        hints=tuple(replace(hint, box=hint.box and _as_it_came(hint.box, page, image)) for hint in hints),
        flaws=tuple(replace(flaw, box=_as_it_came(flaw.box, page, image)) for flaw in flaws),
    )
    return tuple(replace(line, box=_as_it_came(line.box, page, image)) for line in lines), facts


@dataclass(frozen=True, slots=True)
class _Upright:
    """The pixels text was read from: those of the picture turned counter-clockwise by ``quarters``."""

    pixels: Pixels
    quarters: int


def _read_upright(pixels: Pixels, engine: OcrEngine, stages: Stages) -> tuple[_Upright, tuple[Line, ...]]:
    """The lines, boxes in the upright pixels; a page that lies on its side or head is turned and read once more."""
    lines = engine.read(pixels, stages)
    if quarters := quarters_to_turn(lines):
        upright = turned(pixels, quarters)
        again = engine.read(upright, stages)
        if is_upright(again):
            return _Upright(upright, quarters), again
    return _Upright(pixels, 0), lines


def _as_it_came(box: Box, page: _Upright, image: DecodedImage) -> Box:
    """A box of the upright page in pixels of the original picture."""
    height, width = page.pixels.shape[:2]
    box = turned_box(box, -page.quarters, width, height)
    if image.scale == 1.0:
        return box
    across, down = image.width / image.pixels.shape[1], image.height / image.pixels.shape[0]
    return Box(box.x0 * across, box.y0 * down, box.x1 * across, box.y1 * down)
