"""What a forger's hand does to pixels: rub out a glyph, set another in its place, or paste one from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from training.screens.browser import Lettering, Spot
from training.screens.lettering import families_for, has_bold, typeface
from training.screens.picture import Edges

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Hand:
    """The face text is set in; ``stroke`` thickens it where the family has no bold of its own."""

    font: ImageFont.FreeTypeFont
    stroke: float
    colour: tuple[int, int, int]


def same_hand(lettering: Lettering, text: str) -> Hand:
    """The very face, size and colour the browser used for ``text``."""
    family = families_for(text, lettering.family)[0]
    bold = lettering.weight >= 600
    stroke = lettering.size / 44 if bold and not has_bold(family) else 0.0
    return Hand(typeface(family, lettering.weight, lettering.size), stroke, lettering.colour)


def other_hand(lettering: Lettering, family: str, width: float, text: str) -> Hand:
    """Another family, sized so that ``text`` comes out ``width`` pixels wide, within a tenth of the first size."""
    drawn = typeface(family, lettering.weight, lettering.size).getlength(text)
    size = lettering.size * min(1.1, max(0.9, width / max(drawn, 1.0)))
    return Hand(typeface(family, lettering.weight, round(size, 1)), 0.0, lettering.colour)


def rubbed_out(image: Image.Image, edges: Edges) -> None:
    """Fill the rectangle, column by column, with what stands above and below it."""
    pixels = np.asarray(image).copy()
    height, width = pixels.shape[:2]
    x0, x1 = max(0, round(edges[0])), min(width, round(edges[2]))
    y0, y1 = max(0, round(edges[1])), min(height, round(edges[3]))
    above = pixels[max(0, y0 - 1), x0:x1].astype(np.float32)
    below = pixels[min(height - 1, y1), x0:x1].astype(np.float32)
    share = np.linspace(0, 1, max(1, y1 - y0), dtype=np.float32)[:, None, None]
    pixels[y0:y1, x0:x1] = np.round(above * (1 - share) + below * share).astype(np.uint8)
    image.paste(Image.fromarray(pixels))


def baseline(image: Image.Image, spot: Spot, hand: Hand) -> float:
    """Where the line of ``spot`` stands: the foot of its ink, less what the face sets below the line."""
    x0, y0, x1, y1 = (round(edge) for edge in spot.box)
    grey = np.asarray(image.convert("L")).astype(np.int16)[y0:y1, x0:x1]
    ink = np.abs(grey - int(np.median(grey))) > max(24, int(np.ptp(grey)) // 3)
    rows = np.flatnonzero(ink.any(axis=1))
    foot = y0 + (int(rows[-1]) + 1 if rows.size else y1 - y0)
    return foot - hand.font.getbbox(spot.text, anchor="ls")[3]


def typed(image: Image.Image, text: str, x: float, line: float, hand: Hand) -> Edges:
    """Set ``text`` from ``x`` on the line; the edges of what was set."""
    pen = ImageDraw.Draw(image)
    pen.text((x, line), text, fill=hand.colour, font=hand.font, anchor="ls", stroke_width=hand.stroke)
    left, top, right, bottom = hand.font.getbbox(text, anchor="ls")
    return x + left, line + top, x + right, line + bottom


def retyped_cells(image: Image.Image, spot: Spot, after: str) -> Edges:
    """Rub out the characters that differ and set the new ones in the same face. ``after`` is as long as the text."""
    assert spot.lettering is not None
    hand = same_hand(spot.lettering, after)
    foot = baseline(image, spot, hand)
    changed = [index for index, (old, new) in enumerate(zip(spot.text, after, strict=True)) if old != new]
    for index in changed:
        cell = spot.cells[index]
        # The foot is the last line's; a character of a line above stands as much higher as its cell does.
        raised = (spot.cells[-1][1] + spot.cells[-1][3] - cell[1] - cell[3]) / 2
        rubbed_out(image, cell)
        typed(image, after[index], cell[0], foot - (raised if raised > spot.lettering.size / 2 else 0), hand)
    return hull([spot.cells[index] for index in changed])


def retyped_whole(image: Image.Image, spot: Spot, after: str, hand: Hand) -> Edges:
    """Rub out the whole value and set another, keeping to the side it was aligned to."""
    line = baseline(image, spot, hand)
    rubbed_out(image, spot.box)
    length = hand.font.getlength(after)
    x0, _, x1, _ = spot.box
    # Right-aligned values end where they ended; the others begin where they began.
    right = x1 > image.width * 0.8
    return typed(image, after, x1 - length if right else x0, line, hand)


def pasted(image: Image.Image, target: Edges, donor: Edges) -> None:
    """Copy the pixels of ``donor`` over ``target``, resized where the two differ in size."""
    box = (round(donor[0]), round(donor[1]), round(donor[2]), round(donor[3]))
    size = (max(1, round(target[2]) - round(target[0])), max(1, round(target[3]) - round(target[1])))
    patch = image.crop(box)
    if patch.size != size:
        patch = patch.resize(size, Image.Resampling.BICUBIC)
    image.paste(patch, (round(target[0]), round(target[1])))


def hull(boxes: list[Edges]) -> Edges:
    """The smallest rectangle around all of them."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
