"""What a file is, told by its first bytes, and what to send in place of a kind that is not read."""

from __future__ import annotations

PNG, JPEG, WEBP, HEIC, GIF = "image/png", "image/jpeg", "image/webp", "image/heic", "image/gif"

# Brands of ISO base media files that hold HEVC stills; AVIF and video brands are not among them.
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"hevc", b"hevx"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})

_AS_PICTURE = "save it as PNG or JPEG and send that"
_AS_SCREENSHOT = "send a screenshot of the page as PNG or JPEG"
_AS_STILL = "send a screenshot (PNG or JPEG) of the moment that matters"
_AS_IT_IS = "send the screenshot itself: PNG, JPEG, WebP, HEIC or a still GIF"

_OTHERS = (
    (b"%PDF", "a PDF", "send a screenshot of each page as PNG or JPEG"),
    (b"II*\x00", "a TIFF image", _AS_PICTURE),
    (b"MM\x00*", "a TIFF image", _AS_PICTURE),
    (b"II+\x00", "a TIFF image", _AS_PICTURE),
    (b"MM\x00+", "a TIFF image", _AS_PICTURE),
    (b"BM", "a BMP image", _AS_PICTURE),
    (b"8BPS", "a Photoshop image", _AS_PICTURE),
    (b"\x00\x00\x01\x00", "an icon", _AS_PICTURE),
    (b"\xff\x0a", "a JPEG XL image", _AS_PICTURE),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "a JPEG XL image", _AS_PICTURE),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "a JPEG 2000 image", _AS_PICTURE),
    (b"\x1aE\xdf\xa3", "a video", _AS_STILL),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document", _AS_SCREENSHOT),
    (b"{\\rtf", "an office document", _AS_SCREENSHOT),
    (b"MZ", "a Windows program", _AS_IT_IS),
    (b"\x7fELF", "a program", _AS_IT_IS),
)
_MARKUP = (b"<svg", b"<?xml", b"<!doctype", b"<html")
_LOOKED_AT = 64  # bytes, for markup behind blanks or a byte order mark


def media_type_of(data: bytes) -> str | None:
    """The media type by signature, or None if it is none of those we read."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return HEIC
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    return None


def describe(data: bytes) -> str:
    """Of a file that is not read: what it is, and what to send instead."""
    for signature, name, instead in _OTHERS:
        if data.startswith(signature):
            return f"the content is {name}; {instead}"
    if data[4:8] == b"ftyp" and data[8:12] in _AVIF_BRANDS:
        return f"the content is an AVIF image; {_AS_PICTURE}"
    if data[4:8] == b"ftyp" or (data[:4] == b"RIFF" and data[8:12] == b"AVI "):
        return f"the content is a video; {_AS_STILL}"
    if data[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        return f"the content is a web page or drawing in markup; {_AS_SCREENSHOT}"
    return f"the content is no image format we know; {_AS_IT_IS}"
