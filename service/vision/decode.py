"""Untrusted bytes to pixels, within limits; the content decides the type, never the name."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pi_heif
from PIL import Image, ImageFile, UnidentifiedImageError

from service.domain.evidence import FailedReason
from service.vision.archives import ArchiveRefused, is_archive, open_archive
from service.vision.file_types import GIF, HEIC, JPEG, PNG, WEBP, describe, media_type_of

Pixels = npt.NDArray[np.uint8]

_PILLOW_FORMAT = {PNG: "PNG", JPEG: "JPEG", WEBP: "WEBP", HEIC: "HEIF", GIF: "GIF"}
_ORIENTATION = 0x0112  # the EXIF tag
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = frozenset({5, 6, 7, 8})
# A side shorter than twice this is kept whole; larger pictures are photos, where every n-th pixel says no more.
_WORKING_SIDE = 1440
_BAND = 256  # rows converted at a time

ImageFile.LOAD_TRUNCATED_IMAGES = False
# Pillow only warns between its limit and twice that; our own limit is checked on the header before any pixel is made.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
pi_heif.register_heif_opener(thumbnails=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodeLimits:
    """What is accepted, checked before pixels are made.

    ``max_bytes``: of the file. ``max_pixels``: width times height. ``max_frames``: pictures in one file.
    ``min_side_pixels``: of the shorter side; below it no text can be read. ``max_ratio``: of the sides; the longest
    captures have some 40.
    """

    max_bytes: int = 10_000_000
    max_pixels: int = 40_000_000
    max_frames: int = 1
    min_side_pixels: int = 16
    max_ratio: float = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedImage:
    """``pixels``: uint8 BGR, height × width × 3, upright. ``width``, ``height``: of the original after EXIF rotation.

    ``scale``: original pixels per pixel in ``pixels``; above 1 only for very large photos.
    """

    pixels: Pixels
    media_type: str
    width: int
    height: int
    scale: float = 1.0


class DecodeFailed(Exception):
    """The bytes cannot be used as an image; ``reason`` says why, ``detail`` in a sentence."""

    def __init__(self, reason: FailedReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def decode(data: bytes, limits: DecodeLimits | None = None) -> DecodedImage:
    """Decodes one still PNG, JPEG, WebP, HEIC or GIF. DecodeFailed for all else, too large, cut off or damaged."""
    limits = limits or DecodeLimits()
    if not data:
        raise DecodeFailed(FailedReason.EMPTY_FILE, "the file has 0 bytes")
    if len(data) > limits.max_bytes:
        raise DecodeFailed(FailedReason.TOO_LARGE, f"{len(data):,} bytes; the limit is {limits.max_bytes:,}")
    media_type = media_type_of(data)
    if media_type is None and is_archive(data):
        raise DecodeFailed(FailedReason.ARCHIVE_REFUSED, _why_not_opened(data))
    if media_type is None:
        raise DecodeFailed(FailedReason.UNSUPPORTED_TYPE, describe(data))
    with _open(data, media_type) as image:
        _check_header(image, media_type, limits)
        return _pixels(image, data, media_type)


def _why_not_opened(data: bytes) -> str:
    """Archives are opened where claims come in; one that arrives here was refused there, or came another way."""
    try:
        open_archive(data)
    except ArchiveRefused as refused:
        return refused.detail
    return "the file is an archive, not a picture; send the pictures in it"


def _open(data: bytes, media_type: str) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=[_PILLOW_FORMAT[media_type]])
    except Image.DecompressionBombError as error:
        raise DecodeFailed(FailedReason.TOO_MANY_PIXELS, str(error)) from error
    except Exception as error:
        raise _broken(data, media_type, error) from error


def _check_header(image: Image.Image, media_type: str, limits: DecodeLimits) -> None:
    width, height = image.size
    if width * height > limits.max_pixels:
        detail = f"{width} × {height} pixels; the limit is {limits.max_pixels:,}"
        raise DecodeFailed(FailedReason.TOO_MANY_PIXELS, detail)
    if min(width, height) < limits.min_side_pixels:
        detail = f"{width} × {height} pixels; the shorter side needs {limits.min_side_pixels}"
        raise DecodeFailed(FailedReason.TOO_SMALL, detail)
    if max(width, height) > limits.max_ratio * min(width, height):
        detail = f"{width} × {height} pixels; one side may be {limits.max_ratio:g} times the other at most"
        raise DecodeFailed(FailedReason.TOO_SMALL, detail)
    if _frames(image, media_type) > limits.max_frames:
        detail = "an animation or several pictures in one file; send a still screenshot of each as PNG or JPEG"
        raise DecodeFailed(FailedReason.TOO_MANY_FRAMES, detail)


def _frames(image: Image.Image, media_type: str) -> int:
    """Pictures in the file; of a GIF two stand for any number, since counting means reading them all."""
    if media_type == JPEG:
        return 1  # phones store a preview or depth map as a second picture (MPO); the first is the picture itself
    if media_type == GIF:
        return 1 + bool(getattr(image, "is_animated", False))
    return int(getattr(image, "n_frames", 1))


def _pixels(image: Image.Image, data: bytes, media_type: str) -> DecodedImage:
    width, height = image.size
    factor = max(1, min(width, height) // _WORKING_SIDE)
    try:
        if media_type == JPEG and factor > 1:
            image.draft("RGB", (width // factor, height // factor))
        image.load()
        if factor > 1 and image.size == (width, height):
            image = image.reduce(factor)
        orientation = _orientation(image)
        if orientation in _TURNS:
            image = image.transpose(_TURNS[orientation])
        pixels = _to_bgr(image)
    except MemoryError:
        raise
    except Exception as error:
        raise _broken(data, media_type, error) from error
    if orientation in _SIDEWAYS:
        width, height = height, width
    return DecodedImage(pixels=pixels, media_type=media_type, width=width, height=height, scale=width / pixels.shape[1])


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8. Broken metadata says nothing, as in every viewer; the picture is still whole."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:
        return 1
    return value if value in _TURNS else 1


def _to_bgr(image: Image.Image) -> Pixels:
    """Band by band, which is as fast and spares a reader two more copies of the whole picture."""
    pixels = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, _BAND):
        bottom = min(top + _BAND, image.height)
        band = _on_white(image.crop((0, top, image.width, bottom)))
        pixels[top:bottom] = cv2.cvtColor(np.asarray(band), cv2.COLOR_RGB2BGR)
    return pixels


def _on_white(image: Image.Image) -> Image.Image:
    """RGB. What is transparent was white on the page it was cut from, as far as anyone can know."""
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
        paper.alpha_composite(image)
        image = paper
    return image if image.mode == "RGB" else image.convert("RGB")


def _broken(data: bytes, media_type: str, error: Exception) -> DecodeFailed:
    why = "its header cannot be read" if isinstance(error, UnidentifiedImageError) else " ".join(str(error).split())
    if _is_cut_off(data, media_type) or "truncated" in why.lower():
        return DecodeFailed(FailedReason.TRUNCATED, f"the {media_type} file ends too early: {why}")
    return DecodeFailed(FailedReason.DAMAGED, f"the {media_type} file is damaged: {why}")


def _is_cut_off(data: bytes, media_type: str) -> bool:
    """Whether the end that the format promises is missing. Asked only once decoding has failed."""
    if media_type == PNG:
        return b"IEND" not in data[-64:]
    if media_type == JPEG:
        return b"\xff\xd9" not in data[-64:]
    if media_type == GIF:
        return not data.endswith(b";")
    if media_type == WEBP:
        return len(data) < 8 + int.from_bytes(data[4:8], "little")
    return _boxes_run_past_end(data)


def _boxes_run_past_end(data: bytes) -> bool:
    """Walks the top-level boxes of an ISO base media file: 32-bit size, type, or a 64-bit size after size 1."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8:
            return False
        at += size
    return at != len(data)
