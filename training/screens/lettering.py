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


def first_family(families: str) -> str:
    """The first name of a CSS font-family list."""
    return families.split(",")[0].strip().strip("'\"")


@cache
def typeface(family: str, weight: int, size: float) -> ImageFont.FreeTypeFont:
    """The face for one family name; ``weight`` from 600 up is bold, ``size`` in pixels. Needs fontconfig's fc-match."""
    path, index = _file(family, weight >= 600)
    return ImageFont.truetype(path, size, index=index)
