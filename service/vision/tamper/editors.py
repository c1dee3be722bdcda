"""What image editors leave in a file: their name, their own segments. Nothing here looks at pixels."""

from __future__ import annotations

import re

from service.domain.evidence import HintKind, TamperHint

# Programs that redraw text and patch pixels; an honest page seldom passes through one.
_STUDIO = re.compile(
    rb"photoshop|imageready|gimp|paint\.net|affinity photo|pixelmator|photopea|coreldraw|corel paint|krita|canva|fotor"
    rb"|inkscape|\xe7\xbe\x8e\xe5\x9b\xbe\xe7\xa7\x80\xe7\xa7\x80|meitu|picsart|procreate|figma|polarr|b612|xiaoxiuxiu",
    re.IGNORECASE,
)
# Programs people use to crop, mark up or brighten a page, which changes no print.
_TOUCH_UP = re.compile(rb"snapseed|lightroom|vsco|markup|screenshot editor|paint 3d|microsoft paint", re.IGNORECASE)
_STUDIO_STRENGTH, _TOUCH_UP_STRENGTH = 0.6, 0.25
_HEAD = 65536  # metadata stand before the pixels
_TEXT_CHUNKS = (b"tEXt", b"iTXt", b"zTXt", b"eXIf")


def editor_hint(data: bytes) -> TamperHint | None:
    """A hint for the file as a whole where its metadata name an editor. Strengths are set by hand: see the module.

    Names are looked for in metadata only, never among compressed pixels.
    """
    metadata = _metadata(data)
    for pattern, strength in ((_STUDIO, _STUDIO_STRENGTH), (_TOUCH_UP, _TOUCH_UP_STRENGTH)):
        if found := pattern.search(metadata):
            name = found.group().decode("utf-8", "replace").lower()
            return TamperHint(kind=HintKind.EDITOR, strength=strength, note=f"the file's metadata name {name}")
    return None


def _metadata(data: bytes) -> bytes:
    if data.startswith(b"\x89PNG"):
        return b" ".join(_png_texts(data))
    if data.startswith(b"\xff\xd8"):
        return b" ".join(_jpeg_segments(data))
    if data[:4] == b"RIFF":
        return b" ".join(_riff_texts(data))
    return b""


def _png_texts(data: bytes) -> list[bytes]:
    texts, at = [], 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if kind in _TEXT_CHUNKS:
            texts.append(data[at + 8 : at + 8 + min(size, _HEAD)])
        at += 12 + size
    return texts


def _jpeg_segments(data: bytes) -> list[bytes]:
    """APP1 (EXIF, XMP) and comments, up to the pixels. Not APP13: large sites write it without any editor."""
    texts, at = [], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA or size < 2:
            break
        if marker in (0xE1, 0xFE):
            texts.append(data[at + 4 : at + 2 + size])
        at += 2 + size
    return texts


def _riff_texts(data: bytes) -> list[bytes]:
    texts, at = [], 12
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if kind in (b"EXIF", b"XMP "):
            texts.append(data[at + 8 : at + 8 + min(size, _HEAD)])
        at += 8 + size + size % 2
    return texts
