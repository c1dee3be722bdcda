"""Untrusted bytes to pixels, within limits; the content decides the type, never the name."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pi_heif
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from service.domain.evidence import FailedReason
from service.vision.archives import ArchiveRefused, is_archive, open_archive

Pixels = npt.NDArray[np.uint8]

PNG, JPEG, WEBP, HEIC = "image/png", "image/jpeg", "image/webp", "image/heic"

_PILLOW_FORMAT = {PNG: "PNG", JPEG: "JPEG", WEBP: "WEBP", HEIC: "HEIF"}
# Brands of ISO base media files that hold HEVC stills; AVIF and video brands are not among them.
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"hevc", b"hevx"})
_KNOWN_OTHERS = (
    (b"GIF8", "a GIF"),
    (b"%PDF", "a PDF"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"PK\x03\x04", "an archive or office document"),
    (b"Rar!", "an archive"),
    (b"BM", "a BMP image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
)
_ORIENTATION, _SIDEWAYS = 0x0112, frozenset({5, 6, 7, 8})  # the EXIF tag, and its values with sides exchanged
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
    ``min_side_pixels``: of the shorter side; below it no text can be read.
    """

    max_bytes: int = 10_000_000
    max_pixels: int = 40_000_000
    max_frames: int = 1
    min_side_pixels: int = 16


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
    """Decodes one PNG, JPEG, WebP or HEIC still. DecodeFailed for anything else, too large, cut off or damaged."""
    limits = limits or DecodeLimits()
    if not data:
        raise DecodeFailed(FailedReason.EMPTY_FILE, "the file has 0 bytes")
    if len(data) > limits.max_bytes:
        raise DecodeFailed(FailedReason.TOO_LARGE, f"{len(data):,} bytes; the limit is {limits.max_bytes:,}")
    media_type = media_type_of(data)
    if media_type is None and is_archive(data):
        raise DecodeFailed(FailedReason.ARCHIVE_REFUSED, _why_not_opened(data))
    if media_type is None:
        raise DecodeFailed(FailedReason.UNSUPPORTED_TYPE, f"{_describe(data)}; send PNG, JPEG, WebP or HEIC")
    with _open(data, media_type) as image:
        _check_header(image, media_type, limits)
        return _pixels(image, data, media_type)


def media_type_of(data: bytes) -> str | None:
    """The media type by signature, or None if it is none of the four we accept."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return HEIC
    return None


def _why_not_opened(data: bytes) -> str:
    """Archives are opened where claims come in; one that arrives here was refused there, or came another way."""
    try:
        open_archive(data)
    except ArchiveRefused as refused:
        return refused.detail
    return "the file is an archive, not a picture; send the pictures in it"


def _describe(data: bytes) -> str:
    for signature, name in _KNOWN_OTHERS:
        if data.startswith(signature):
            return f"the content is {name}"
    return "the content is no image format we know"


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
    # Phones store a preview or depth map as a second picture in a JPEG (MPO); the first is the picture itself.
    frames = 1 if media_type == JPEG else getattr(image, "n_frames", 1)
    if frames > limits.max_frames:
        raise DecodeFailed(FailedReason.TOO_MANY_FRAMES, f"{frames} frames; send a still picture")


def _pixels(image: Image.Image, data: bytes, media_type: str) -> DecodedImage:
    width, height = image.size
    factor = max(1, min(width, height) // _WORKING_SIDE)
    try:
        if media_type == JPEG and factor > 1:
            image.draft("RGB", (width // factor, height // factor))
        image.load()
        if factor > 1 and image.size == (width, height):
            image = image.reduce(factor)
        sideways = image.getexif().get(_ORIENTATION, 1) in _SIDEWAYS
        ImageOps.exif_transpose(image, in_place=True)
        pixels = _to_bgr(image)
    except MemoryError:
        raise
    except Exception as error:
        raise _broken(data, media_type, error) from error
    if sideways:
        width, height = height, width
    return DecodedImage(pixels=pixels, media_type=media_type, width=width, height=height, scale=width / pixels.shape[1])


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
