"""Font files by CSS family, for those who draw on a picture what a browser drew before."""

from __future__ import annotations

import subprocess
from functools import cache

from PIL import ImageFont


@cache
def _file(family: str, bold: bool) -> tuple[str, int]:
    """Path and index of the face that serves ``family``, as fontconfig (and so the browser) chooses it."""
    pattern = f"{family}:bold" if bold else family
    asked = subprocess.run(  # noqa: S603 (fixed program, our own pattern)
        ["fc-match", "-f", "%{file}|%{index}", pattern],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
        timeout=20,
    )
    path, index = asked.stdout.split("|")
    return path, int(index)


@cache
def typeface(family: str, weight: int, size: float) -> ImageFont.FreeTypeFont:
    """The face for one family name; ``weight`` from 600 up is bold, ``size`` in pixels. Needs fontconfig's fc-match."""
    path, index = _file(family, weight >= 600)
    return ImageFont.truetype(path, size, index=index)


_LATIN_ONLY = {"Liberation Sans", "DejaVu Sans", "DejaVu Sans Mono", "Liberation Mono", "Liberation Serif"}


def families_for(text: str, families: str) -> list[str]:
    """The names of a CSS font-family list that can set ``text``, best first."""
    names = [name.strip().strip("'\"") for name in families.split(",")]
    names = [name for name in names if name not in ("sans-serif", "serif", "monospace")] or ["Noto Sans CJK SC"]
    if text.isascii():
        return names
    # ¥ and the like stand in every face; from U+2E80 on only the Chinese faces have anything.
    if any(ord(character) >= 0x2E80 for character in text):
        names = [name for name in names if name not in _LATIN_ONLY] or ["Noto Sans CJK SC"]
    return names


def has_bold(family: str) -> bool:
    """Whether a bold face is installed, or the browser thickens the regular one."""
    return _file(family, True) != _file(family, False)
