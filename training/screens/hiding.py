"""Ways a fact on a page gets hidden: covered by hand, cut off at an edge, or the whole page blurred or shrunk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from training.screens.picture import Edges

Hide = Callable[[Image.Image, Edges, Random], Image.Image]


def _around(image: Image.Image, box: Edges) -> tuple[int, int, int, int]:
    pad = 0.15 * (box[3] - box[1])
    return (
        max(0, round(box[0] - pad)),
        max(0, round(box[1] - pad)),
        min(image.width, round(box[2] + pad)),
        min(image.height, round(box[3] + pad)),
    )


def _filled(image: Image.Image, box: Edges, colour: tuple[int, int, int]) -> Image.Image:
    ImageDraw.Draw(image).rectangle(box, fill=colour)
    return image


def _size(box: tuple[int, int, int, int]) -> tuple[int, int]:
    return box[2] - box[0], box[3] - box[1]


def _black(image: Image.Image, box: Edges, _: Random) -> Image.Image:
    return _filled(image, _around(image, box), (0, 0, 0))


def _coloured(image: Image.Image, box: Edges, rng: Random) -> Image.Image:
    return _filled(
        image, _around(image, box), rng.choice(((230, 40, 40), (40, 120, 240), (250, 200, 40), (90, 200, 90)))
    )


def _erased(image: Image.Image, box: Edges, _: Random) -> Image.Image:
    """Painted over in the colour of the ground beside it."""
    left = max(0, round(box[0] - 0.4 * (box[3] - box[1])))
    ground = image.crop((left, round((box[1] + box[3]) / 2), left + 1, round((box[1] + box[3]) / 2) + 1))
    image.paste(ground.resize(_size(_around(image, box))), _around(image, box)[:2])
    return image


def _half(image: Image.Image, box: Edges, rng: Random) -> Image.Image:
    x0, y0, x1, y1 = _around(image, box)
    start = x0 + (x1 - x0) * rng.uniform(0.35, 0.6)
    return _filled(image, (start, y0, x1, y1), rng.choice(((0, 0, 0), (230, 40, 40))))


def _mosaic(image: Image.Image, box: Edges, rng: Random) -> Image.Image:
    place = _around(image, box)
    cut = image.crop(place)
    step = max(2, round((box[3] - box[1]) * rng.uniform(0.35, 0.6)))
    small = cut.resize((max(1, cut.width // step), max(1, cut.height // step)), Image.Resampling.BOX)
    image.paste(small.resize(cut.size, Image.Resampling.NEAREST), place[:2])
    return image


def _smeared(image: Image.Image, box: Edges, rng: Random) -> Image.Image:
    place = _around(image, box)
    blurred = image.crop(place).filter(ImageFilter.GaussianBlur((box[3] - box[1]) * rng.uniform(0.25, 0.4)))
    image.paste(blurred, place[:2])
    return image


def _scribbled(image: Image.Image, box: Edges, rng: Random) -> Image.Image:
    x0, y0, x1, y1 = box
    tall = y1 - y0
    points = [
        (x0 + (x1 - x0) * n / 14, y0 + tall * ((0.1 if n % 2 else 0.9) + rng.uniform(-0.1, 0.1))) for n in range(15)
    ]
    ImageDraw.Draw(image).line(
        points, fill=rng.choice(((230, 40, 40), (20, 20, 20))), width=max(3, round(0.28 * tall)), joint="curve"
    )
    return image


def _emoji(image: Image.Image, box: Edges, _: Random) -> Image.Image:
    """Yellow faces side by side, twice as tall as the text."""
    radius = 1.1 * (box[3] - box[1])
    x, y = box[0], (box[1] + box[3]) / 2
    pen = ImageDraw.Draw(image)
    while x < box[2] + 0.5 * radius:
        pen.ellipse((x - 0.2 * radius, y - radius, x + 1.8 * radius, y + radius), fill=(255, 204, 51))
        x += 1.9 * radius
    return image


def _cut(edge: str) -> Hide:
    """Cropped through the fact or past it, wherever that leaves half the page at least."""

    def cut(image: Image.Image, box: Edges, rng: Random) -> Image.Image:
        share = rng.choice((0.3, 0.6, 1.1))
        left, top, right, bottom = 0, 0, image.width, image.height
        if edge == "top":
            top = round(box[1] + share * (box[3] - box[1]))
        elif edge == "bottom":
            bottom = round(box[3] - share * (box[3] - box[1]))
        elif edge == "left":
            left = round(box[0] + share * 0.5 * (box[2] - box[0]))
        else:
            right = round(box[2] - share * 0.5 * (box[2] - box[0]))
        whole = (right - left) * (bottom - top) >= 0.5 * image.width * image.height
        return image.crop((left, top, right, bottom)) if whole else image

    return cut


def _out_of_focus(image: Image.Image, box: Edges, rng: Random) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur((box[3] - box[1]) * rng.uniform(0.06, 0.14)))


def _thumbnail(image: Image.Image, box: Edges, rng: Random) -> Image.Image:
    factor = rng.uniform(8, 12) / (box[3] - box[1])
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.LANCZOS)


HIDINGS: Mapping[str, Hide] = {
    "black bar": _black,
    "coloured bar": _coloured,
    "erased": _erased,
    "half covered": _half,
    "mosaic": _mosaic,
    "smeared": _smeared,
    "scribble": _scribbled,
    "emoji": _emoji,
    "cut top": _cut("top"),
    "cut bottom": _cut("bottom"),
    "cut left": _cut("left"),
    "cut right": _cut("right"),
    "blurred page": _out_of_focus,
    "thumbnail": _thumbnail,
}
