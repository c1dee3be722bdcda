"""What happens to a screenshot on its way: re-compression, chat apps, scaling, cropping, blur. Boxes follow along."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from PIL import Image, ImageFilter

from training.screens.overlay import covered
from training.screens.photo import photographed
from training.screens.picture import Edges, Picture, as_jpeg_of, cropped, opened, scaled

__all__ = ["DAMAGES", "TREATMENTS", "UNDAMAGED_HALF", "Edges", "Picture", "cropped", "opened", "scaled"]


def as_png(picture: Picture, _: Random) -> Picture:
    """A palette PNG, as phones' optimisers write it; colours move a little, text does not."""
    out = io.BytesIO()
    picture.image.quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return replace(picture, data=out.getvalue(), suffix=".png")


def as_screenshot(picture: Picture, _: Random) -> Picture:
    """A true-colour PNG, as the phone itself writes it."""
    out = io.BytesIO()
    picture.image.save(out, "PNG")
    return replace(picture, data=out.getvalue(), suffix=".png")


def as_jpeg(picture: Picture, rng: Random) -> Picture:
    """JPEG at quality 40 to 95."""
    return as_jpeg_of(picture, rng.randrange(40, 96))


def as_webp(picture: Picture, rng: Random) -> Picture:
    """WebP at quality 45 to 90."""
    out = io.BytesIO()
    picture.image.save(out, "WEBP", quality=rng.randrange(45, 91))
    return replace(picture, data=out.getvalue(), suffix=".webp")


def through_chat(picture: Picture, rng: Random) -> Picture:
    """Sent twice through a chat app: long side limited, JPEG, then JPEG again at lower quality.

    Of a long capture the apps limit the width instead, to what a phone's page would have been left with.
    """
    longest = max(picture.image.size)
    limit: float = rng.choice((1280, 1440, 1600))
    if picture.image.height > 2.6 * picture.image.width:
        limit *= 0.45 * picture.image.height / picture.image.width
    small = scaled(picture, limit / longest) if longest > limit else picture
    return as_jpeg_of(as_jpeg_of(small, rng.randrange(65, 85)), rng.randrange(50, 75))


def shrunk(picture: Picture, rng: Random) -> Picture:
    """Scaled to 0.5–0.8 of the device's pixels, then JPEG."""
    return as_jpeg_of(scaled(picture, rng.uniform(0.5, 0.8)), rng.randrange(70, 92))


def trimmed(picture: Picture, rng: Random) -> Picture:
    """The status bar, a strip below and a sliver at the sides cut off by hand, then JPEG."""
    width, height = picture.image.size
    side = int(width * rng.uniform(0, 0.012))
    cut = cropped(picture, side, int(height * rng.uniform(0.02, 0.06)), side, int(height * rng.uniform(0, 0.12)))
    return as_jpeg_of(cut, rng.randrange(70, 95))


def blurred(picture: Picture, rng: Random) -> Picture:
    """Gaussian blur, radius 0.08–0.18 % of the width (one or two pixels on a phone), then JPEG."""
    radius = picture.image.width * rng.uniform(0.0008, 0.0018)
    return as_jpeg_of(
        replace(picture, image=picture.image.filter(ImageFilter.GaussianBlur(radius))), rng.randrange(60, 90)
    )


def cut_short(picture: Picture, rng: Random) -> Picture:
    """A tenth to a third cut off at one edge, whatever stands there; then JPEG."""
    width, height = picture.image.size
    share = rng.uniform(0.1, 0.34)
    edge = rng.choice(("top", "top", "bottom", "left", "right"))
    left, right = (int(width * share * (edge == name)) for name in ("left", "right"))
    top, bottom = (int(height * share * (edge == name)) for name in ("top", "bottom"))
    return as_jpeg_of(cropped(picture, left, top, right, bottom), rng.randrange(70, 95))


DAMAGES: Mapping[str, Callable[[Picture, Random], Picture]] = {
    "none": as_png,
    "jpeg": as_jpeg,
    "chat": through_chat,
    "scale": shrunk,
    "webp": as_webp,
    "crop": trimmed,
    "blur": blurred,
    "cut": cut_short,
    "photo": photographed,
    "overlay": covered,
}
# What may be asked for by name; a true-colour screenshot is large and reads no worse than the smaller one.
TREATMENTS: Mapping[str, Callable[[Picture, Random], Picture]] = {**DAMAGES, "screenshot": as_screenshot}
# Every other page as it left the phone: what is promised for undamaged pages needs as many of them as of all others.
UNDAMAGED_HALF = tuple(name for damage in list(DAMAGES)[1:] for name in ("none", damage))
