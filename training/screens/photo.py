"""A photo of a screen: perspective, moiré between two pixel grids, glare, uneven light, noise, a little blur."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.screens.picture import Edges, Picture, as_jpeg_of, scaled

Floats = NDArray[np.float32]
# The camera's page is this wide at most, as a phone's photo is after a chat app took it.
_WIDTHS = (860, 1080, 1240)


def photographed(picture: Picture, rng: Random) -> Picture:
    """The screen photographed by hand, slightly from one side, then JPEG at 70 to 89."""
    width = picture.image.width
    target = min(1.0, rng.choice(_WIDTHS) / min(width, 1600))
    small = scaled(picture, target) if target < 1 else picture
    pixels, boxes = _warped(small, rng)
    pixels = _lit(_rippled(pixels, rng), rng)
    noise = np.random.default_rng(rng.randrange(2**32)).normal(0, rng.uniform(1.5, 4.5), pixels.shape)
    pixels = cv2.GaussianBlur(pixels + noise.astype(np.float32), (0, 0), rng.uniform(0.4, 0.8)).astype(np.float32)
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return as_jpeg_of(replace(picture, image=image, boxes=boxes), rng.randrange(70, 90))


def _warped(picture: Picture, rng: Random) -> tuple[Floats, dict[str, Edges]]:
    """The page in perspective on a dark desk. Boxes become the upright hulls of their corners."""
    width, height = picture.image.size
    margin = int(width * rng.uniform(0.02, 0.08))
    slant = width * 0.045

    def near(x: float, y: float) -> tuple[float, float]:
        return x + margin + rng.uniform(-slant, slant), y + margin + rng.uniform(-slant, slant)

    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    seen = np.array([near(*corner) for corner in corners.tolist()], np.float32)
    seen -= np.minimum(seen.min(axis=0) - margin * 0.3, 0)
    size = (int(seen[:, 0].max() + margin * 0.5), int(seen[:, 1].max() + margin * 0.5))
    matrix = cv2.getPerspectiveTransform(corners, seen)
    desk = [rng.randrange(12, 70) for _ in range(3)]
    pixels = cv2.warpPerspective(
        np.asarray(picture.image), matrix, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT, borderValue=desk
    )
    return pixels.astype(np.float32), _moved(picture.boxes, np.asarray(matrix, np.float64))


def _moved(boxes: Mapping[str, Edges], matrix: NDArray[np.float64]) -> dict[str, Edges]:
    moved: dict[str, Edges] = {}
    for name, (x0, y0, x1, y1) in boxes.items():
        corners = np.array([[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]], np.float64)
        there = cv2.perspectiveTransform(corners, matrix)[0]
        (left, top), (right, bottom) = there.min(axis=0).tolist(), there.max(axis=0).tolist()
        moved[name] = (left, top, right, bottom)
    return moved


def _rippled(pixels: Floats, rng: Random) -> Floats:
    """Moiré: the beat of the screen's grid with the sensor's, per colour a little out of step."""
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    strength = rng.uniform(0.02, 0.07)
    bend = np.sin(y / height * rng.uniform(2, 5)) * width * rng.uniform(0.01, 0.05)
    for channel in range(3):
        period, angle = rng.uniform(7, 26), rng.uniform(0, np.pi)
        wave = np.sin((x * np.cos(angle) + y * np.sin(angle) + bend) * (2 * np.pi / period))
        fine = np.sin((x + y * 0.12) * (2 * np.pi / rng.uniform(2.3, 3.4)))
        pixels[..., channel] *= 1 + strength * wave + strength * 0.5 * fine
    return pixels


def _lit(pixels: Floats, rng: Random) -> Floats:
    """Light falls off to one side, and a lamp is mirrored somewhere."""
    height, width = pixels.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    tilt = rng.uniform(-0.16, 0.16) * (x / width - 0.5) + rng.uniform(-0.16, 0.16) * (y / height - 0.5)
    centre = (rng.uniform(0, width), rng.uniform(0, height))
    spread = (width * rng.uniform(0.12, 0.4), width * rng.uniform(0.12, 0.5))
    lamp = np.exp(-(((x - centre[0]) / spread[0]) ** 2 + ((y - centre[1]) / spread[1]) ** 2))
    lifted = pixels * (rng.uniform(0.86, 1.04) + tilt)[..., None] + rng.uniform(4, 16)
    shine = (lamp * rng.uniform(0.1, 0.5))[..., None]
    result: Floats = (lifted * (1 - shine) + 255 * shine).astype(np.float32)
    return result
