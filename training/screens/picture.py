"""A picture with the boxes of what is printed on it, and the changes of geometry that move them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace

from PIL import Image

Edges = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Pixels with the boxes of what is printed on them; ``data`` and ``suffix`` once it is a file.

    ``clock``: what the status bar says since it was drawn anew.
    """

    image: Image.Image
    boxes: Mapping[str, Edges]
    data: bytes = b""
    suffix: str = ""
    clock: str | None = None


def opened(png: bytes, boxes: Mapping[str, Edges]) -> Picture:
    """A fresh screenshot."""
    return Picture(image=Image.open(io.BytesIO(png)).convert("RGB"), boxes=boxes)


def as_jpeg_of(picture: Picture, quality: int) -> Picture:
    """The picture as a JPEG of that quality, pixels included."""
    out = io.BytesIO()
    picture.image.save(out, "JPEG", quality=quality)
    data = out.getvalue()
    return replace(picture, image=Image.open(io.BytesIO(data)).convert("RGB"), data=data, suffix=".jpg")


def scaled(picture: Picture, factor: float) -> Picture:
    """The picture at ``factor`` of its size."""
    size = (max(1, round(picture.image.width * factor)), max(1, round(picture.image.height * factor)))
    across, down = size[0] / picture.image.width, size[1] / picture.image.height
    boxes = {name: (x0 * across, y0 * down, x1 * across, y1 * down) for name, (x0, y0, x1, y1) in picture.boxes.items()}
    return replace(picture, image=picture.image.resize(size, Image.Resampling.LANCZOS), boxes=boxes)


def cropped(picture: Picture, left: int, top: int, right: int, bottom: int) -> Picture:
    """Cut away that many pixels on each side; a fact that is cut through is no longer on the page."""
    width, height = picture.image.width - left - right, picture.image.height - top - bottom
    moved = {name: (x0 - left, y0 - top, x1 - left, y1 - top) for name, (x0, y0, x1, y1) in picture.boxes.items()}
    kept = {
        name: box for name, box in moved.items() if box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height
    }
    return replace(picture, image=picture.image.crop((left, top, left + width, top + height)), boxes=kept)
