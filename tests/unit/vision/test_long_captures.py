"""Captures far from a phone's shape, drawn so that every line's place is known: none lost, none doubled."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from service.domain.evidence import Box, Line
from service.vision import OnnxEngine
from service.vision.tiles import tiles_of

WORDS = ("ORDER 20260102123456", "PAID 12.50", "DELIVERED", "CARD CODE SENT", "2026-01-02 12:30:45", "TOP UP 100")

Printed = tuple[Box, str]


@pytest.fixture(scope="module")
def engine() -> OnnxEngine:
    return OnnxEngine(reread=False)


def draw(size: tuple[int, int], rows: Sequence[tuple[float, float, int, str]]) -> tuple[np.ndarray, list[Printed]]:
    """(x, y, points, words) of each row; the pixels (BGR) and what is printed where."""
    image = Image.new("RGB", size, "#f6f6f8")
    pen, printed = ImageDraw.Draw(image), []
    for x, y, points, words in rows:
        font = ImageFont.load_default(points)
        pen.text((x, y), words, font=font, fill="#222222")
        printed.append((Box(*pen.textbbox((x, y), words, font=font)), words))
    return np.asarray(image)[:, :, ::-1].copy(), printed


def sightings(lines: Sequence[Line], box: Box) -> list[Line]:
    """The lines that lie on a printed one."""
    return [
        line
        for line in lines
        if min(line.box.y1, box.y1) - max(line.box.y0, box.y0) > 0.5 * box.height
        and min(line.box.x1, box.x1) - max(line.box.x0, box.x0) > 0.3 * box.width
    ]


def check(lines: Sequence[Line], printed: Sequence[Printed]) -> None:
    assert len(lines) == len(printed)
    for box, words in printed:
        (line,) = sightings(lines, box)
        assert line.text.replace(" ", "") == words.replace(" ", "")


@pytest.mark.parametrize("edge", ["top", "bottom"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_identical_rows_come_out_as_often_as_they_are_printed(engine: OnnxEngine, edge: str, share: float) -> None:
    """The cut of a tile goes through a row, ``share`` of its ink above it; its neighbours look the same."""
    width, height, points, pitch = 540, 2600, 26, 53
    seam = getattr(tiles_of(width, height)[1 if edge == "top" else 0], edge)
    ink = draw((width, 100), [(30.0, 0.0, points, "ORDER 20260102")])[1][0][0]
    first = (seam - ink.y0 - share * ink.height) % pitch
    pixels, printed = draw((width, height), [(30.0, first + pitch * i, points, "ORDER 20260102") for i in range(48)])
    assert any(box.y0 < seam < box.y1 for box, _ in printed)
    check(engine.read(pixels), printed)


@pytest.mark.parametrize("seed", range(4))
def test_pages_of_any_length_width_and_print(engine: OnnxEngine, seed: int) -> None:
    chance = random.Random(seed)
    width = chance.choice((480, 720, 1080))
    height = round(width * chance.uniform(2.7, 7))
    unit, y, rows = width / 360, 20.0, []
    while y < height - 40 * unit:
        points = round(chance.choice((12, 14, 16, 20, 28)) * unit)
        rows.append((16 * unit, y, points, chance.choice(WORDS[1:4]) if points > 16 * unit else chance.choice(WORDS)))
        if chance.random() < 0.4:
            rows.append((255 * unit, y, round(13 * unit), "PAID 12.50"))
        y += points * chance.uniform(1.6, 2.6)
    pixels, printed = draw((width, height), rows)
    lines = engine.read(pixels)
    for box, words in printed:
        found = sightings(lines, box)
        assert len(found) == 1, (words, box, found)
    assert len(lines) == len(printed)


def test_a_capture_at_the_limit_of_pixels(engine: OnnxEngine) -> None:
    width, height = 720, 720 * 40
    rows = [(40.0, 40.0 + 240 * i, 34, f"LINE {10_000 + i}") for i in range(height // 240)]
    pixels, printed = draw((width, height), rows)
    check(engine.read(pixels), printed)


@pytest.mark.parametrize("size", [(3840, 1080), (5760, 900)])
def test_a_capture_over_several_screens(engine: OnnxEngine, size: tuple[int, int]) -> None:
    rows = [(40.0 + 420 * i, 30.0 + 97 * j, 20, WORDS[(i + j) % 6]) for i in range(size[0] // 420) for j in range(8)]
    pixels, printed = draw(size, rows)
    check(engine.read(pixels), printed)
