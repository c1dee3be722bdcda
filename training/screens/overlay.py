"""Things that lie over a page: a repeated watermark, a floating button, a greasy smudge, an emoji, a redaction stroke.

What lets the print show through takes nothing from the truth; what is opaque takes every field it touches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from training.screens.lettering import typeface
from training.screens.picture import Edges, Picture, as_jpeg_of

_MARKS = ("仅供退款审核使用", "内部资料 请勿外传", "u2087 2026", "FOR REVIEW ONLY", "万卡通")


def covered(picture: Picture, rng: Random) -> Picture:
    """One overlay, at times put on a labelled fact on purpose; then JPEG at 70 to 94."""
    kind = rng.choice(sorted(_KINDS))
    image = picture.image.copy()
    mask = _KINDS[kind](image, _place(picture, rng), rng)
    boxes = picture.boxes if mask is None else _uncovered(picture.boxes, mask)
    return as_jpeg_of(replace(picture, image=image, boxes=boxes), rng.randrange(70, 95))


def _place(picture: Picture, rng: Random) -> tuple[float, float]:
    """The overlay's centre: on a fact in two cases of five, otherwise anywhere."""
    width, height = picture.image.size
    if picture.boxes and rng.random() < 0.4:
        x0, y0, x1, y1 = picture.boxes[rng.choice(sorted(picture.boxes))]
        return x0 + (x1 - x0) * rng.uniform(0.2, 0.8), (y0 + y1) / 2
    return rng.uniform(0.05, 0.95) * width, rng.uniform(0.1, 0.9) * height


def _uncovered(boxes: Mapping[str, Edges], mask: Image.Image) -> dict[str, Edges]:
    """Facts whose print the mask leaves alone. Line height is not print: a fifth above and below does not count."""
    kept = {}
    for name, (x0, y0, x1, y1) in boxes.items():
        inset = (y1 - y0) * 0.2
        if mask.crop((int(x0), int(y0 + inset), int(x1) + 1, int(y1 - inset) + 1)).getbbox() is None:
            kept[name] = (x0, y0, x1, y1)
    return kept


def _stamp(image: Image.Image, mask: Image.Image, colour: tuple[int, int, int]) -> None:
    image.paste(Image.new("RGB", image.size, colour), (0, 0), mask)


def _watermark(image: Image.Image, _: tuple[float, float], rng: Random) -> Image.Image | None:
    """Slanted words all over the page at a tenth to a quarter of full strength."""
    side = image.width + image.height
    layer = Image.new("L", (side, side), 0)
    pen, text = ImageDraw.Draw(layer), rng.choice(_MARKS)
    font = typeface("Noto Sans CJK SC", 400, image.width * rng.uniform(0.035, 0.06))
    step_x, step_y = int(pen.textlength(text, font) * 1.7), int(image.width * rng.uniform(0.2, 0.32))
    strength = rng.randrange(24, 64)
    for row, y in enumerate(range(0, side, step_y)):
        for x in range(-step_x // 2 * (row % 2), side, step_x):
            pen.text((x, y), text, fill=strength, font=font)
    layer = layer.rotate(rng.uniform(18, 34), resample=Image.Resampling.BILINEAR)
    left, top = (side - image.width) // 2, (side - image.height) // 2
    _stamp(image, layer.crop((left, top, left + image.width, top + image.height)), (128, 128, 136))
    return None


def _button(image: Image.Image, place: tuple[float, float], rng: Random) -> Image.Image:
    """A round button floating at the right edge (a recorder's, a service's)."""
    radius = image.width * rng.uniform(0.045, 0.075)
    x = image.width - radius * rng.uniform(0.9, 1.6) if rng.random() < 0.6 else place[0]
    mask = _ellipse(image.size, (x, place[1]), radius, radius)
    _stamp(image, mask, (rng.randrange(20, 240), rng.randrange(20, 240), rng.randrange(20, 240)))
    pen = ImageDraw.Draw(image)
    pen.ellipse((x - radius / 2, place[1] - radius / 2, x + radius / 2, place[1] + radius / 2), fill="white")
    return mask


def _smudge(image: Image.Image, place: tuple[float, float], rng: Random) -> Image.Image | None:
    """A finger's trace: soft-edged, dull, the print still visible beneath."""
    tall = image.width * rng.uniform(0.06, 0.16)
    mask = _ellipse(image.size, place, tall * rng.uniform(0.8, 1.6), tall)
    mask = mask.filter(ImageFilter.GaussianBlur(tall * 0.35)).point(lambda value: value * rng.uniform(0.2, 0.4))
    _stamp(image, mask, (150, 146, 140))
    return None


def _emoji(image: Image.Image, place: tuple[float, float], rng: Random) -> Image.Image:
    """A yellow face put over something."""
    radius = image.width * rng.uniform(0.03, 0.07)
    mask = _ellipse(image.size, place, radius, radius)
    _stamp(image, mask, (255, 204, 51))
    pen, (x, y) = ImageDraw.Draw(image), place
    for side in (-1, 1):
        eye = (x + side * radius * 0.36, y - radius * 0.25)
        pen.ellipse(
            (eye[0] - radius * 0.1, eye[1] - radius * 0.15, eye[0] + radius * 0.1, eye[1] + radius * 0.15), "#5a3a00"
        )
    smile = (x - radius * 0.5, y - radius * 0.4, x + radius * 0.5, y + radius * 0.55)
    pen.arc(smile, 20, 160, "#5a3a00", max(1, round(radius * 0.1)))
    return mask


def _redaction(image: Image.Image, place: tuple[float, float], rng: Random) -> Image.Image:
    """A thick stroke of the gallery's pen, as people hide what they call private."""
    mask = Image.new("L", image.size, 0)
    length, thick = image.width * rng.uniform(0.1, 0.3), image.width * rng.uniform(0.018, 0.04)
    x, y = place
    points = [(x - length / 2 + length * n / 6, y + rng.uniform(-thick, thick) * 0.3) for n in range(7)]
    ImageDraw.Draw(mask).line(points, fill=255, width=round(thick), joint="curve")
    _stamp(image, mask, rng.choice(((20, 20, 20), (225, 40, 40), (250, 250, 250))))
    return mask


def _ellipse(size: tuple[int, int], centre: tuple[float, float], across: float, down: float) -> Image.Image:
    mask = Image.new("L", size, 0)
    box = (centre[0] - across, centre[1] - down, centre[0] + across, centre[1] + down)
    ImageDraw.Draw(mask).ellipse(box, fill=255)
    return mask


_KINDS: Mapping[str, Callable[[Image.Image, tuple[float, float], Random], Image.Image | None]] = {
    "watermark": _watermark,
    "button": _button,
    "smudge": _smudge,
    "emoji": _emoji,
    "redaction": _redaction,
}
