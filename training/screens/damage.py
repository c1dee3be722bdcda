"""What happens to a screenshot on its way: re-compression, chat apps, scaling, cropping, blur. Boxes follow along."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random

from PIL import Image, ImageFilter

Edges = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Pixels with the boxes of what is printed on them; ``data`` and ``suffix`` once it is a file."""

    image: Image.Image
    boxes: Mapping[str, Edges]
    data: bytes = b""
    suffix: str = ""


def opened(png: bytes, boxes: Mapping[str, Edges]) -> Picture:
    """A fresh screenshot."""
    return Picture(image=Image.open(io.BytesIO(png)).convert("RGB"), boxes=boxes)


def as_png(picture: Picture, _: Random) -> Picture:
    """A palette PNG, as phones' optimisers write it; colours move a little, text does not."""
    out = io.BytesIO()
    picture.image.quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return replace(picture, data=out.getvalue(), suffix=".png")


def _jpeg(picture: Picture, quality: int) -> Picture:
    out = io.BytesIO()
    picture.image.save(out, "JPEG", quality=quality)
    data = out.getvalue()
    return replace(picture, image=Image.open(io.BytesIO(data)).convert("RGB"), data=data, suffix=".jpg")


def as_jpeg(picture: Picture, rng: Random) -> Picture:
    """JPEG at quality 40 to 95."""
    return _jpeg(picture, rng.randrange(40, 96))


def as_webp(picture: Picture, rng: Random) -> Picture:
    """WebP at quality 45 to 90."""
    out = io.BytesIO()
    picture.image.save(out, "WEBP", quality=rng.randrange(45, 91))
    return replace(picture, data=out.getvalue(), suffix=".webp")


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


def through_chat(picture: Picture, rng: Random) -> Picture:
    """Sent twice through a chat app: long side limited, JPEG, then JPEG again at lower quality.

    Of a long capture the apps limit the width instead, to what a phone's page would have been left with.
    """
    longest = max(picture.image.size)
    limit: float = rng.choice((1280, 1440, 1600))
    if picture.image.height > 2.6 * picture.image.width:
        limit *= 0.45 * picture.image.height / picture.image.width
    small = scaled(picture, limit / longest) if longest > limit else picture
    return _jpeg(_jpeg(small, rng.randrange(65, 85)), rng.randrange(50, 75))


def shrunk(picture: Picture, rng: Random) -> Picture:
    """Scaled to 0.5–0.8 of the device's pixels, then JPEG."""
    return _jpeg(scaled(picture, rng.uniform(0.5, 0.8)), rng.randrange(70, 92))


def trimmed(picture: Picture, rng: Random) -> Picture:
    """The status bar, a strip below and a sliver at the sides cut off by hand, then JPEG."""
    width, height = picture.image.size
    side = int(width * rng.uniform(0, 0.012))
    cut = cropped(picture, side, int(height * rng.uniform(0.02, 0.06)), side, int(height * rng.uniform(0, 0.12)))
    return _jpeg(cut, rng.randrange(70, 95))


def blurred(picture: Picture, rng: Random) -> Picture:
    """Gaussian blur, radius 0.08–0.18 % of the width (one or two pixels on a phone), then JPEG."""
    radius = picture.image.width * rng.uniform(0.0008, 0.0018)
    return _jpeg(replace(picture, image=picture.image.filter(ImageFilter.GaussianBlur(radius))), rng.randrange(60, 90))


DAMAGES: Mapping[str, Callable[[Picture, Random], Picture]] = {
    "none": as_png,
    "jpeg": as_jpeg,
    "chat": through_chat,
    "scale": shrunk,
    "webp": as_webp,
    "crop": trimmed,
    "blur": blurred,
}
