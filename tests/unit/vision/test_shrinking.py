"""Reducing by a whole number: the faster way has to give the same pixels, or hashes kept for years would move."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from service.vision.shrinking import shrunk_by


@pytest.mark.parametrize("levels", [2, 256])
@pytest.mark.parametrize("shape", [(61, 47), (60, 45, 3), (7, 301, 3)])
@pytest.mark.parametrize("step", range(1, 8))
def test_blocks_are_averaged_as_area_interpolation_does(step: int, shape: tuple[int, ...], levels: int) -> None:
    pixels = np.random.default_rng(step).integers(0, levels, shape, np.uint8) * (255 // (levels - 1))
    height, width = shape[0] // step, shape[1] // step
    whole = pixels[: height * step, : width * step]
    assert np.array_equal(shrunk_by(pixels, step), cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA))
