"""Places hard to read, on drawn pages: what is measured of print, and what stands where print should."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.evidence import Box, FlawKind, Line
from service.vision.decode import Pixels
from service.vision.legibility import BLURRED_EDGE, MOST_FLAWS, find_flaws, measure_print

PAPER = 245
ROW = Box(60, 100, 420, 140)  # the row's name; its value should stand to the right


def drawn(*, ink: int = 30) -> Pixels:
    """A page with three rows of print, the first with nothing beside it."""
    page = np.full((600, 1000, 3), PAPER, np.uint8)
    for top in (100, 200, 300):
        cv2.putText(page, "Order number", (62, top + 32), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (ink, ink, ink), 3)
    return page


def lines(*more: Line) -> list[Line]:
    names = [Line("Order number", 0.99, Box(60, top, 420, top + 40)) for top in (100, 200, 300)]
    return [*names, *more]


def kinds(page: Pixels, *more: Line) -> list[FlawKind]:
    return [flaw.kind for flaw in find_flaws(page, lines(*more))]


def test_plain_print_has_no_flaw() -> None:
    assert find_flaws(drawn(), lines()) == ()
    assert find_flaws(255 - drawn(), lines()) == ()
    assert find_flaws(drawn(), []) == ()


def _bar(page: Pixels) -> None:
    cv2.rectangle(page, (600, 98), (900, 142), (0, 0, 0), -1)


def _pale_bar(page: Pixels) -> None:
    cv2.rectangle(page, (600, 98), (900, 142), (215, 215, 215), -1)


def _mosaic(page: Pixels) -> None:
    rng = np.random.default_rng(1)
    for x in range(600, 900, 15):
        for y in range(98, 142, 15):
            level = int(rng.integers(90, 200))
            cv2.rectangle(page, (x, y), (x + 14, y + 14), (level, level, level), -1)


def _scribble(page: Pixels) -> None:
    points = np.array([(600 + 20 * n, 105 if n % 2 else 135) for n in range(16)], np.int32)
    cv2.polylines(page, [points], False, (40, 40, 230), 12)


def _emoji(page: Pixels) -> None:
    cv2.circle(page, (700, 120), 45, (51, 204, 255), -1)


@pytest.mark.parametrize("cover", [_bar, _pale_bar, _mosaic, _scribble, _emoji])
def test_what_covers_the_place_of_a_value_is_marked(cover: object) -> None:
    page = drawn()
    assert callable(cover)
    cover(page)
    marks = [flaw for flaw in find_flaws(page, lines()) if flaw.kind is FlawKind.MARK]
    assert any(flaw.box.x0 < 720 < flaw.box.x1 and flaw.box.y0 < 120 < flaw.box.y1 for flaw in marks)


def test_print_that_nobody_read_is_not_a_mark() -> None:
    page = drawn()
    cv2.putText(page, "2025 0411 0001", (600, 132), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (30, 30, 30), 3)
    assert kinds(page) == [FlawKind.UNREAD]
    read = Line("2025 0411 0001", 0.99, Box(595, 98, 960, 142))
    assert kinds(page, read) == []


def test_a_thin_arrow_or_small_icon_is_no_mark() -> None:
    page = drawn()
    cv2.polylines(page, [np.array([(940, 110), (952, 120), (940, 130)], np.int32)], False, (150, 150, 150), 3)
    cv2.rectangle(page, (600, 108), (622, 130), (120, 120, 120), 2)
    assert kinds(page) == []


def test_the_tint_of_the_margin_is_no_mark() -> None:
    page = drawn()
    page[:, 960:] = 200
    assert kinds(page) == []


def test_a_bar_within_a_line_of_text() -> None:
    page = drawn()
    cv2.rectangle(page, (250, 96), (330, 144), (0, 0, 0), -1)
    (flaw,) = find_flaws(page, lines())
    assert flaw.kind is FlawKind.MARK
    assert abs(flaw.box.x0 - 250) < 12
    assert abs(flaw.box.x1 - 330) < 12


@pytest.mark.parametrize("sigma", [4.0, 6.0])
def test_blurred_print(sigma: float) -> None:
    page = cv2.GaussianBlur(drawn(), (0, 0), sigma).astype(np.uint8)
    assert set(kinds(page)) == {FlawKind.BLURRED}


def test_tiny_print() -> None:
    small = cv2.resize(drawn(), (250, 150), interpolation=cv2.INTER_AREA).astype(np.uint8)
    found = [Line(one.text, one.score, Box(*(edge / 4 for edge in _edges(one.box)))) for one in lines()]
    assert {flaw.kind for flaw in find_flaws(small, found)} == {FlawKind.TOO_SMALL}


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1


def test_edges_widen_with_blur_and_height_stays() -> None:
    widths = []
    for sigma in (0.5, 2.0, 4.0, 8.0):
        gray = cv2.cvtColor(cv2.GaussianBlur(drawn(), (0, 0), sigma), cv2.COLOR_BGR2GRAY).astype(np.uint8)
        printed = measure_print(gray, ROW)
        assert printed is not None
        assert 20 <= printed.height <= 42
        widths.append(printed.edge / printed.height)
    assert widths == sorted(widths)
    assert widths[0] < BLURRED_EDGE < widths[-1]


def test_nothing_to_measure() -> None:
    gray = np.full((50, 50), 128, np.uint8)
    assert measure_print(gray, Box(0, 0, 50, 50)) is None
    assert measure_print(gray, Box(60, 60, 90, 90)) is None
    assert measure_print(gray, Box(5, 5, 5, 5)) is None


SPANS = st.floats(-50, 900, allow_nan=False)
BOXES = st.builds(lambda x, y, w, h: Box(x, y, x + w, y + h), SPANS, SPANS, st.floats(0, 400), st.floats(0, 300))


@given(st.lists(BOXES, max_size=12), st.integers(1, 60), st.integers(1, 60), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_any_lines_on_any_picture(boxes: list[Box], width: int, height: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    image = cv2.resize(rng.integers(0, 256, (height, width, 3), np.uint8), (8 * width, 8 * height)).astype(np.uint8)
    found = find_flaws(image, [Line("x", 0.5, box) for box in boxes])
    assert len(found) <= MOST_FLAWS
    for flaw in found:
        assert flaw.box.x0 <= flaw.box.x1
        assert flaw.box.y0 <= flaw.box.y1
    assert found == find_flaws(image, [Line("x", 0.5, box) for box in boxes])
