"""Pages set by Pillow's own face, and what a forger does to them."""

from __future__ import annotations

import io
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from service.domain.evidence import Box, Line
from service.vision.decode import Pixels

SIZE, LEFT, STEP = 40, 300.0, 90
FACE = ImageFont.load_default(SIZE)


class Sheet:
    """A page of labelled numbers, one a row; ``cells`` has the left edge of every character."""

    def __init__(self, seed: int = 1, rows: int = 7, dark: bool = False) -> None:
        rng = Random(seed)
        self.paper, self.colour = ((22, 22, 26), (225, 225, 228)) if dark else ((255, 255, 255), (34, 34, 38))
        self.texts = ["2026-11-20 10:22:33"] + ["".join(rng.choices("0123456789", k=16)) for _ in range(rows - 1)]
        self.image = Image.new("RGB", (1080, STEP * (rows + 1)), self.paper)
        for row, text in enumerate(self.texts):
            self.set(row, 0, text)

    def foot(self, row: int) -> float:
        return STEP * (row + 0.8)

    def left(self, row: int, place: int) -> float:
        return LEFT + FACE.getlength(self.texts[row][:place])

    def set(
        self, row: int, place: int, text: str, *, lower: float = 0, face: ImageFont.FreeTypeFont | None = None
    ) -> None:
        """Print ``text`` from a place of the row on."""
        pen = ImageDraw.Draw(self.image)
        pen.text((self.left(row, place), self.foot(row) + lower), text, self.colour, face or FACE, anchor="ls")

    def rub_out(self, row: int, place: int) -> Box:
        """Clear one character; its box."""
        box = Box(self.left(row, place), self.foot(row) - SIZE, self.left(row, place + 1), self.foot(row) + SIZE / 4)
        x0, y0, x1, y1 = (round(edge) for edge in (box.x0, box.y0, box.x1, box.y1))
        ImageDraw.Draw(self.image).rectangle((x0, y0, x1 - 1, y1), fill=self.paper)
        return box

    def through_jpeg(self, quality: int) -> None:
        out = io.BytesIO()
        self.image.save(out, "JPEG", quality=quality)
        self.image = Image.open(io.BytesIO(out.getvalue())).convert("RGB")

    def pixels(self) -> Pixels:
        return np.ascontiguousarray(np.asarray(self.image)[:, :, ::-1])

    def lines(self) -> tuple[Line, ...]:
        """As an engine would read them."""
        return tuple(
            Line(text, 0.99, Box(LEFT - 6, self.foot(row) - SIZE, LEFT + FACE.getlength(text) + 6, self.foot(row) + 14))
            for row, text in enumerate(self.texts)
        )
