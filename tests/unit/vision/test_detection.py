from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.vision.detection import DetectionSettings, network_side, regions_of
from service.vision.weights import verify_weights

SETTINGS = DetectionSettings(
    pixel_threshold=0.2, box_threshold=0.4, grow=1.4, mean=(0.5, 0.5, 0.5), deviation=(0.5, 0.5, 0.5)
)


def probability_map(height: int = 96, width: int = 160) -> np.ndarray:
    return np.zeros((height, width), np.float32)


def test_a_core_grows_to_its_line() -> None:
    probability = probability_map()
    probability[40:47, 20:101] = 0.9
    (region,) = regions_of(probability, 320, 192, SETTINGS)
    # 80 × 6 between pixel centres: margin 480 · 1.4 / 172 = 3.9; then whole map pixels, each two of the image.
    assert (region.box.x0, region.box.y0, region.box.x1, region.box.y1) == (32, 72, 208, 100)
    assert region.corners is None


def test_faint_blobs_are_left_out() -> None:
    probability = probability_map()
    probability[40:47, 20:101] = 0.39
    assert regions_of(probability, 160, 96, SETTINGS) == []
    probability[40:47, 20:101] = 0.41
    assert len(regions_of(probability, 160, 96, SETTINGS)) == 1


def test_specks_are_left_out() -> None:
    probability = probability_map()
    probability[40:43, 20:60] = 1.0
    assert regions_of(probability, 160, 96, SETTINGS) == []


def test_boxes_stay_inside_the_image() -> None:
    probability = probability_map()
    probability[0:10, 0:160] = 1.0
    (region,) = regions_of(probability, 333, 201, SETTINGS)
    assert 0 <= region.box.x0 <= region.box.x1 <= 333
    assert 0 <= region.box.y0 <= region.box.y1 <= 201


def test_a_slanted_line_keeps_its_slant() -> None:
    probability = probability_map(160, 160)
    points = cv2.boxPoints(((80, 80), (100, 8), 20))
    cv2.fillPoly(probability, [points.astype(np.int32)], 1.0)
    (region,) = regions_of(probability, 160, 160, SETTINGS)
    assert region.corners is not None
    across, down = region.corners[1] - region.corners[0]
    assert np.degrees(np.arctan2(down, across)) == pytest.approx(20, abs=2)


def test_settings_come_from_the_model_itself() -> None:
    settings = DetectionSettings.load(verify_weights(sizes=("tiny",)).path("tiny", "detector_settings"))
    assert (settings.pixel_threshold, settings.box_threshold, settings.grow) == (0.2, 0.4, 1.4)
    assert settings.mean == (0.485, 0.456, 0.406)


@pytest.mark.parametrize(
    ("size", "side"),
    [((1080, 2340), 960), ((1080, 1080), 960), ((1440, 900), 960), ((2560, 1440), 1280), ((7680, 4320), 1440)],
)
def test_wide_captures_are_shrunk_less(size: tuple[int, int], side: int) -> None:
    assert network_side(*size) == side


@given(st.integers(16, 60_000), st.integers(16, 60_000))
def test_no_picture_gives_the_network_more_than_the_largest_desktop(width: int, height: int) -> None:
    side = network_side(width, height)
    ratio = min(1.0, side / max(width, height))
    assert max(32, width * ratio) * max(32, height * ratio) <= 1.02 * 1440 * 1440
