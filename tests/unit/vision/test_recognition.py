from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from service.vision.recognition import Recogniser, decode_ctc, network_input
from service.vision.weights import Size, verify_weights

ALPHABET = ("", "a", "b", " ")


def steps(*classes: int, probability: float = 0.9) -> np.ndarray:
    rows = np.full((len(classes), len(ALPHABET)), (1 - probability) / 3, np.float32)
    rows[np.arange(len(classes)), classes] = probability
    return rows


@pytest.mark.parametrize(
    ("classes", "text"),
    [
        ((1, 1, 0, 2), "ab"),
        ((1, 0, 1), "aa"),
        ((1, 1, 1), "a"),
        ((0, 1, 2, 1, 0), "aba"),
        ((1, 3, 2), "a b"),
        ((0, 0), ""),
    ],
)
def test_repeats_and_blanks_fall_out(classes: tuple[int, ...], text: str) -> None:
    assert decode_ctc(steps(*classes), ALPHABET).text == text


def test_the_score_is_that_of_the_characters_alone() -> None:
    probabilities = np.concatenate([steps(0, probability=1.0), steps(1, probability=0.6), steps(2, probability=0.8)])
    assert decode_ctc(probabilities, ALPHABET).score == pytest.approx(0.7)
    assert decode_ctc(steps(0, 0), ALPHABET).score == 0


def test_network_input_is_scaled_and_padded() -> None:
    line = np.full((96, 400, 3), 255, np.uint8)
    pixels = network_input(line)
    assert pixels.shape == (1, 3, 48, 224)
    assert (pixels[..., :200] == 1).all()
    assert (pixels[..., 200:] == 0).all()


def test_one_or_two_characters_get_the_trained_width() -> None:
    assert network_input(np.zeros((48, 40, 3), np.uint8)).shape[3] == 320


def test_an_absurdly_wide_crop_is_bounded() -> None:
    assert network_input(np.zeros((2, 5000, 3), np.uint8)).shape[3] == 3200


@pytest.mark.parametrize("size", ["tiny", "small"])
def test_both_sizes_read_a_line(size: Size) -> None:
    weights = verify_weights(sizes=(size,))
    recogniser = Recogniser(weights.path(size, "recogniser"), weights.path(size, "recogniser_settings"))
    image = Image.new("RGB", (560, 60), "white")
    ImageDraw.Draw(image).text((12, 6), "T20260102 K7M9QX 12.50", font=ImageFont.load_default(40), fill="black")
    read = recogniser.recognise(np.asarray(image))
    assert read.text.replace(" ", "") == "T20260102K7M9QX12.50"
    assert read.score > 0.9
