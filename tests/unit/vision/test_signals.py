from __future__ import annotations

import random

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from service.vision.signals import grey_levels, hash_distance, image_signals


def page(seed: int, *, dark: bool = False) -> np.ndarray:
    chance = random.Random(seed)
    image = Image.new("RGB", (540, 1170), "#111111" if dark else "#f4f4f4")
    pen = ImageDraw.Draw(image)
    for y in range(60, 1100, chance.randint(50, 90)):
        size = chance.randint(16, 34)
        words = "".join(chance.choice("ABCDEFGH 0123456789") for _ in range(chance.randint(5, 22)))
        at, colour = chance.randint(10, 200), "#eeeeee" if dark else "#222222"
        pen.text((at, y), words, font=ImageFont.load_default(size), fill=colour)
    return np.asarray(image)[:, :, ::-1].copy()


def recompressed(image: np.ndarray, quality: int = 40) -> np.ndarray:
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)


def test_the_hash_has_64_bits_and_half_of_them_set() -> None:
    value, _ = image_signals(grey_levels(page(1)))
    assert len(value) == 16
    assert 20 <= int(value, 16).bit_count() <= 44


def test_recompression_and_scaling_keep_the_hash() -> None:
    for seed in range(5):
        original, _ = image_signals(grey_levels(page(seed)))
        for changed in (recompressed(page(seed)), cv2.resize(page(seed), (405, 877), interpolation=cv2.INTER_AREA)):
            assert hash_distance(original, image_signals(grey_levels(changed))[0]) <= 6


def test_other_pages_have_other_hashes() -> None:
    hashes = [image_signals(grey_levels(page(seed)))[0] for seed in range(8)]
    distances = [hash_distance(a, b) for i, a in enumerate(hashes) for b in hashes[:i]]
    assert min(distances) >= 10


def test_distance_counts_bits() -> None:
    assert hash_distance("0000000000000000", "8000000000000001") == 2


def test_blur_lowers_sharpness() -> None:
    sharp = image_signals(grey_levels(page(3)))[1]["sharpness"]
    blurred = image_signals(grey_levels(cv2.GaussianBlur(page(3), (0, 0), 3)))[1]["sharpness"]
    assert blurred < sharp / 20


def test_sharpness_is_the_variance_of_the_laplacian() -> None:
    image = page(4)
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    assert abs(image_signals(grey_levels(image))[1]["sharpness"] - cv2.Laplacian(gray, cv2.CV_64F).var()) < 0.02


def test_brightness_and_contrast() -> None:
    light, dark = image_signals(grey_levels(page(1)))[1], image_signals(grey_levels(page(1, dark=True)))[1]
    assert light["brightness"] > 0.85 > 0.2 > dark["brightness"]
    flat = image_signals(grey_levels(np.full((100, 100, 3), 51, np.uint8)))[1]
    assert flat == {"sharpness": 0.0, "brightness": 0.2, "contrast": 0.0}


@pytest.mark.parametrize("height", [1, 2, 127, 128, 129, 300])
def test_sharpness_is_the_variance_of_the_whole_pictures_edges(height: int) -> None:
    image = np.random.default_rng(height).integers(0, 255, (height, 90, 3), np.uint8)
    edges = cv2.Laplacian(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.CV_64F)
    assert image_signals(grey_levels(image))[1]["sharpness"] == pytest.approx(edges.var(), rel=1e-6, abs=0.01)
