"""What editors leave in a file."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from service.domain.evidence import HintKind
from service.vision.tamper.editors import editor_hint

SOFTWARE = 0x0131
_PAGE = Image.new("RGB", (40, 40), "white")


def saved(software: str | None, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "PNG":
        info = PngInfo()
        if software:
            info.add_text("Software", software)
        _PAGE.save(out, "PNG", pnginfo=info)
        return out.getvalue()
    exif = Image.Exif()
    if software:
        exif[SOFTWARE] = software
    _PAGE.save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_studio_is_named_a_touch_up_weighs_less_and_a_phone_nothing(kind: str) -> None:
    studio, touch_up = (editor_hint(saved(name, kind)) for name in ("Adobe Photoshop 25.1 (Windows)", "Snapseed 2.0"))
    assert studio is not None
    assert touch_up is not None
    assert studio.kind is HintKind.EDITOR
    assert studio.box is None
    assert touch_up.strength < 0.5 < studio.strength
    assert "photoshop" in studio.note
    for name in (None, "17.1.2", "Android RP1A.200720.011", "MIUI Screenshot"):
        assert editor_hint(saved(name, kind)) is None


def test_a_name_among_the_pixels_is_no_metadata() -> None:
    out = io.BytesIO()
    picture = Image.frombytes("P", (40, 40), b"photoshop " * 160)
    picture.putpalette(bytes(range(256)) * 3)
    picture.save(out, "PNG", compress_level=0)
    assert b"photoshop" in out.getvalue()
    assert editor_hint(out.getvalue()) is None


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["PNG", "JPEG", "WEBP"]), st.integers(0, 400), st.binary(max_size=12))
def test_broken_files_are_walked_to_their_end(kind: str, at: int, junk: bytes) -> None:
    data = saved("Canva", kind)
    editor_hint(data[:at] + junk + data[at + len(junk) :])
    editor_hint(data[:at])
