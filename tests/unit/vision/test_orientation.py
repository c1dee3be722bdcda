from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from service.domain.evidence import Box, Line, Read
from service.domain.turning import TURNED, turned_box
from service.evidence import extract
from service.vision import OnnxEngine, read_image
from service.vision.orientation import is_upright, quarters_to_turn

SIDE = st.integers(0, 400)


@given(st.tuples(SIDE, SIDE, SIDE, SIDE), st.integers(-5, 5))
def test_a_box_turns_with_the_pixels(edges: tuple[int, int, int, int], quarters: int) -> None:
    (x0, x1), (y0, y1) = sorted(edges[:2]), sorted(edges[2:])
    image = np.zeros((410, 430), np.uint8)
    image[y0 : y1 + 1, x0 : x1 + 1] = 1
    rows, columns = np.nonzero(np.rot90(image, quarters))
    box = turned_box(Box(x0, y0, x1 + 1, y1 + 1), quarters, 430, 410)
    assert (box.x0, box.y0, box.x1, box.y1) == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    width, height = (410, 430) if quarters % 2 else (430, 410)
    assert turned_box(box, -quarters, width, height) == Box(x0, y0, x1 + 1, y1 + 1)


def line(score: float, box: Box = Box(0, 0, 200, 20)) -> Line:  # noqa: B008 - it is frozen
    return Line("ORDER 2026", score, box)


STANDING = Box(0, 0, 20, 200)


@pytest.mark.parametrize(
    ("lines", "quarters"),
    [
        ([line(0.95)] * 5, 0),
        ([line(0.6)] * 5, 2),
        ([line(0.95, STANDING)] * 5, 1),
        ([line(0.6, STANDING)] * 5, 3),
        ([line(0.95), line(0.95), line(0.95, STANDING)], 0),
        ([line(0.6)] * 2, 0),
        ([], 0),
    ],
)
def test_what_the_lines_tell(lines: list[Line], quarters: int) -> None:
    assert quarters_to_turn(lines) == quarters


def test_only_a_page_that_reads_well_is_taken_for_upright() -> None:
    assert is_upright([line(0.95)])
    assert not is_upright([line(0.95, STANDING)] * 3)
    assert not is_upright([line(0.6)])
    assert not is_upright([])


ROWS = ["ORDER NUMBER", "20260102123456", "PAID 12.50", "SHOP OF CARDS", "CODE 9R64PB958R2R"]


@pytest.fixture(scope="module")
def engine() -> OnnxEngine:
    return OnnxEngine()


def page() -> Image.Image:
    image = Image.new("RGB", (720, 900), "white")
    for index, words in enumerate(ROWS):
        ImageDraw.Draw(image).text((60, 60 + 160 * index), words, font=ImageFont.load_default(40), fill="#222222")
    return image


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("turn", "degrees"),
    [(Image.Transpose.ROTATE_90, 270.0), (Image.Transpose.ROTATE_180, 180.0), (Image.Transpose.ROTATE_270, 90.0)],
)
def test_a_turned_photo_is_read_and_its_boxes_are_in_its_own_pixels(
    engine: OnnxEngine, turn: Image.Transpose, degrees: float
) -> None:
    upright = read_image(png(page()), engine)
    photo = page().transpose(turn)
    outcome = read_image(png(photo), engine)
    assert isinstance(upright, Read)
    assert isinstance(outcome, Read)
    assert TURNED not in upright.image.signals
    assert outcome.image.signals[TURNED] == degrees
    assert (outcome.image.width, outcome.image.height) == photo.size
    assert [line.text for line in outcome.lines] == [line.text for line in upright.lines] == ROWS
    ink = np.asarray(photo.convert("L")) < 128
    for found in outcome.lines:
        box = found.box
        assert ink[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)].mean() > 0.05
    assert sum((line.box.width * line.box.height) for line in outcome.lines) == pytest.approx(
        sum((line.box.width * line.box.height) for line in upright.lines), rel=0.05
    )


def test_fields_of_a_turned_photo_are_found_where_they_are(engine: OnnxEngine) -> None:
    """Label and value stand side by side only on the upright page."""
    image = Image.new("RGB", (900, 900), "white")
    for row, (label, value) in enumerate(
        [("Order number", "20260102123456"), ("Order time", "2026-01-02 12:30:45"), ("Amount paid", "$12.50")]
    ):
        for x, words in ((60, label), (480, value)):
            ImageDraw.Draw(image).text((x, 100 + 150 * row), words, font=ImageFont.load_default(36), fill="#222222")
    plain = read_image(png(image), engine)
    photo = read_image(png(image.transpose(Image.Transpose.ROTATE_270)), engine)
    assert isinstance(plain, Read)
    assert isinstance(photo, Read)
    there, here = extract(plain), extract(photo)
    assert there.fields
    assert {name: field.value for name, field in here.fields.items()} == {
        name: field.value for name, field in there.fields.items()
    }
    for name, field in here.fields.items():
        expected = turned_box(there.fields[name].box, -1, 900, 900)
        assert field.box.x0 == pytest.approx(expected.x0, abs=8)
        assert field.box.y1 == pytest.approx(expected.y1, abs=8)
