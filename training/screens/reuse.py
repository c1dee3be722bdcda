"""The same picture handed in again: saved anew, scaled, cropped a little, or with a new status bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from training.screens.damage import as_jpeg, as_png, as_webp
from training.screens.lettering import typeface
from training.screens.picture import Picture, as_jpeg_of, cropped, scaled


def resaved(picture: Picture, rng: Random) -> Picture:
    """Saved again: JPEG, WebP or PNG."""
    return rng.choice((as_jpeg, as_webp, as_png))(picture, rng)


def rescaled(picture: Picture, rng: Random) -> Picture:
    """Scaled to 0.5–1.15 of its size, then JPEG."""
    return as_jpeg_of(scaled(picture, rng.uniform(0.5, 1.15)), rng.randrange(70, 95))


def cropped_5(picture: Picture, rng: Random) -> Picture:
    """A twentieth of height and width cut away, from both sides or from one; then JPEG."""
    width, height = picture.image.size
    across, down = int(width * 0.05), int(height * 0.05)
    left, top = (rng.choice((0, across // 2, across)), rng.choice((0, down // 2, down)))
    return as_jpeg_of(cropped(picture, left, top, across - left, down - top), rng.randrange(70, 95))


def new_status_bar(picture: Picture, rng: Random) -> Picture | None:
    """The clock, the net and the battery drawn anew over the old ones, then JPEG. None where no clock is to be seen."""
    if "clock" not in picture.boxes:
        return None
    x0, y0, _, y1 = picture.boxes["clock"]
    tall = y1 - y0
    image = picture.image.copy()
    pixels = np.asarray(image).copy()
    top, bottom = max(0, round(y0 - tall * 0.35)), min(image.height - 1, round(y1 + tall * 0.35))
    pixels[:bottom] = pixels[bottom]
    if top:  # what lay above the bar's own strip was background as well
        pixels[:top] = pixels[bottom]
    image = Image.fromarray(pixels)
    font = typeface(rng.choice(("Noto Sans CJK SC", "Liberation Sans")), 700, round(tall * 0.7, 1))
    ink = (20, 20, 22) if pixels[bottom].mean() > 140 else (240, 240, 242)
    pen, clock = ImageDraw.Draw(image), f"{rng.randrange(24):02d}:{rng.randrange(60):02d}"
    line = y0 + tall * 0.76
    pen.text((x0, line), clock, fill=ink, font=font, anchor="ls")
    right = f"{rng.choice(('5G', '4G', 'HD', 'WiFi'))}  {rng.randrange(5, 100)}%"
    pen.text((image.width - x0, line), right, fill=ink, font=font, anchor="rs")
    boxes = dict(picture.boxes) | {"clock": (x0, y0, x0 + font.getlength(clock), y1)}
    changed = as_jpeg_of(replace(picture, image=image, boxes=boxes), rng.randrange(70, 95))
    return replace(changed, clock=clock)


REUSE: Mapping[str, Callable[[Picture, Random], Picture | None]] = {
    "resaved": resaved,
    "rescaled": rescaled,
    "cropped_5": cropped_5,
    "new_status_bar": new_status_bar,
}
