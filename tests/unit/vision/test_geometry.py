from __future__ import annotations

import numpy as np
import pytest

from service.domain.evidence import Box
from service.vision.geometry import Region, clockwise_corners, crop, reading_order, region_of


def corners(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, np.float32)


def test_corners_come_clockwise_from_top_left() -> None:
    expected = corners((0, 0), (9, 1), (8, 5), (-1, 4))
    for order in ([2, 0, 3, 1], [3, 2, 1, 0], [1, 3, 0, 2]):
        assert np.array_equal(clockwise_corners(expected[order]), expected)


def test_upright_regions_need_no_corners() -> None:
    region = region_of(corners((2, 3), (10, 3), (10, 7), (2, 7)))
    assert region == Region(Box(2, 3, 10, 7), None)


def test_slanted_regions_keep_their_corners_and_an_enclosing_box() -> None:
    region = region_of(corners((2, 3), (10, 5), (9, 9), (1, 7)))
    assert region.box == Box(1, 3, 10, 9)
    assert region.corners is not None


def test_an_upright_crop_is_a_slice() -> None:
    image = np.arange(20 * 30 * 3, dtype=np.uint8).reshape(20, 30, 3)
    cut = crop(image, Region(Box(4, 5, 20, 12)))
    assert np.array_equal(cut, image[5:12, 4:20])


def test_a_column_lies_down() -> None:
    image = np.zeros((40, 40, 3), np.uint8)
    image[5, 10] = 255  # top of the column, which becomes the left end
    cut = crop(image, Region(Box(10, 5, 14, 30)))
    assert cut.shape == (4, 25, 3)
    assert cut[3, 0].tolist() == [255, 255, 255]


def test_a_slanted_line_is_straightened() -> None:
    image = np.zeros((80, 120, 3), np.uint8)
    for x in range(20, 100):  # a bar falling by one in four, 9 pixels high
        y = 20 + (x - 20) // 4
        image[y : y + 9, x] = 255
    cut = crop(image, region_of(corners((20, 20), (99, 40), (99, 48), (20, 28))))
    assert abs(cut.shape[1] - 81) <= 1
    assert cut[2:-2, 3:-3].mean() > 240


def test_an_empty_box_still_gives_a_pixel() -> None:
    assert crop(np.zeros((10, 10, 3), np.uint8), Region(Box(10, 10, 10, 10))).ndim == 3


@pytest.mark.parametrize(
    ("boxes", "order"),
    [
        ([Box(0, 50, 10, 60), Box(0, 0, 10, 10)], [1, 0]),
        ([Box(50, 0, 60, 10), Box(0, 4, 10, 14)], [1, 0]),  # side by side, though the left one stands lower
        ([Box(0, 0, 10, 10), Box(50, 6, 60, 16), Box(0, 20, 10, 30)], [0, 1, 2]),
        ([Box(0, 0, 10, 40), Box(20, 15, 60, 25), Box(20, 50, 60, 60)], [0, 1, 2]),
        ([], []),
    ],
)
def test_reading_order(boxes: list[Box], order: list[int]) -> None:
    assert reading_order(boxes) == order
