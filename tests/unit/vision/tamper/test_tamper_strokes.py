"""A line of print taken apart into its digits."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import ImageDraw, ImageFont
from tamper_pages import FACE, LEFT, SIZE, Sheet

from service.domain.evidence import Box, Line
from service.vision.tamper.strokes import measure


def glyphs_of(sheet: Sheet, row: int):  # type: ignore[no-untyped-def]
    printed = measure(sheet.pixels(), sheet.lines()[row])
    assert printed is not None
    return printed.glyphs


def test_every_digit_is_found_where_it_stands() -> None:
    sheet = Sheet()
    for row, text in enumerate(sheet.texts):
        glyphs = glyphs_of(sheet, row)
        assert "".join(map(str, glyphs.codes)) == "".join(filter(str.isdigit, text))
        packed = text.replace(" ", "")
        assert [packed[place] for place in glyphs.order] == [c for c in text if c.isdigit()]
        places = [place for place, character in enumerate(text) if character.isdigit()]
        for place, x0, x1 in zip(places, glyphs.x0, glyphs.x1, strict=True):
            assert sheet.left(row, place) - 1 <= x0 < x1 <= sheet.left(row, place + 1) + 1


def test_what_is_measured_does_not_depend_on_the_digits_place() -> None:
    sheet = Sheet(rows=4)
    for row in range(1, 4):
        glyphs = glyphs_of(sheet, row)
        for code in set(glyphs.codes.tolist()):
            same = glyphs.codes == code
            assert np.ptp(glyphs.mass[same]) < 0.02
            assert np.ptp(glyphs.top[same]) < 0.02
            assert np.abs(np.diff(glyphs.profile[same], axis=0)).sum(axis=-1).max(initial=0) < 0.06


def test_nothing_is_made_of_an_empty_or_faint_line() -> None:
    sheet = Sheet()
    blank = Line("1234", 0.9, Box(10, 10, 200, 60))
    assert measure(np.full((100, 300, 3), 255, np.uint8), blank) is None
    assert measure((sheet.pixels() // 16 + 200).astype(np.uint8), sheet.lines()[1]) is None


@pytest.mark.parametrize("read", ["1234", "123456789012345678901234", "8" * 16])
def test_text_that_does_not_fit_the_ink_gives_no_digits(read: str) -> None:
    sheet = Sheet(rows=3)
    assert glyphs_of(sheet, 1) is not None
    line = sheet.lines()[1]
    printed = measure(sheet.pixels(), Line(read, 0.9, line.box))
    assert printed is not None
    assert printed.glyphs is None


def test_decimals_an_app_sets_small_are_left_out() -> None:
    sheet = Sheet(rows=3)
    pen, foot = ImageDraw.Draw(sheet.image), sheet.foot(3)
    pen.text((LEFT, foot), "1286", sheet.colour, FACE, anchor="ls")
    pen.text(
        (LEFT + FACE.getlength("1286"), foot), ".57", sheet.colour, ImageFont.load_default(SIZE * 0.9), anchor="ls"
    )
    line = Line("1286.57", 0.99, Box(LEFT - 6, foot - SIZE, LEFT + 200, foot + 14))
    printed = measure(sheet.pixels(), line)
    assert printed is not None
    assert printed.glyphs is not None
    assert printed.glyphs.codes.tolist() == [1, 2, 8, 6]


def test_a_seal_over_some_digits_takes_these_out_and_no_others() -> None:
    sheet = Sheet(rows=4)
    x = sheet.left(2, 6)
    ImageDraw.Draw(sheet.image).line((x, sheet.foot(2) - SIZE, x + 8, sheet.foot(2) + 10), (250, 150, 150), 4)
    sheet.set(2, 0, sheet.texts[2])
    assert len(glyphs_of(sheet, 2).codes) in (14, 15)
    assert len(glyphs_of(sheet, 3).codes) == 16
