"""Print cut by the picture's border, on drawn pages."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from service.domain.evidence import FlawKind
from service.vision.borders import find_cut_print
from service.vision.decode import Pixels

LINE = 40.0


def printed(text: str = "Order 2025 0411 0001") -> Pixels:
    """One line of print, capitals from row 88 to row 116, far from all borders."""
    page = np.full((300, 900), 245, np.uint8)
    cv2.putText(page, text, (60, 115), cv2.FONT_HERSHEY_SIMPLEX, 1.3, 30, 3)
    return page


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("row", [95, 100, 106])
def test_print_cut_at_the_top_or_bottom(row: int, dark: bool) -> None:
    page = 255 - printed() if dark else printed()
    below = find_cut_print(np.ascontiguousarray(page[row:]), LINE)
    above = find_cut_print(np.ascontiguousarray(page[:row]), LINE)
    assert below
    assert above
    assert {flaw.kind for flaw in (*below, *above)} == {FlawKind.CUT}
    assert all(55 <= flaw.box.x0 < flaw.box.x1 <= 480 for flaw in (*below, *above))
    assert all(flaw.box.y0 == 0 and abs(flaw.box.y1 - (117 - row)) <= 5 for flaw in below)
    assert all(flaw.box.y1 == row and abs(flaw.box.y0 - 87) <= 4 for flaw in above)


def test_print_beside_the_border_is_whole() -> None:
    assert find_cut_print(printed(), LINE) == []
    assert find_cut_print(np.ascontiguousarray(printed()[84:]), LINE) == []
    assert find_cut_print(np.ascontiguousarray(printed()[:120]), LINE) == []


def test_a_bar_a_band_and_a_ticket_s_teeth_are_no_print() -> None:
    page = np.full((300, 900), 245, np.uint8)
    page[:12, 300:600] = 0
    assert find_cut_print(page, LINE) == []
    page[:30] = 120
    assert find_cut_print(page, LINE) == []
    teeth = np.full((300, 900), 245, np.uint8)
    for x in range(20, 900, 40):
        cv2.circle(teeth, (x, 0), 12, 60, -1)
    assert find_cut_print(teeth, LINE) == []


@settings(max_examples=60, deadline=None)
@given(
    page=arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60))),
    height=st.floats(0, 200, allow_nan=False),
)
def test_any_picture_can_be_looked_at(page: Pixels, height: float) -> None:
    for flaw in find_cut_print(page, height):
        assert 0 <= flaw.box.x0 < flaw.box.x1 <= page.shape[1]
        assert 0 <= flaw.box.y0 < flaw.box.y1 <= page.shape[0]
