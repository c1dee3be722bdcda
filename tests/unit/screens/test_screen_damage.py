"""Damages keep boxes on what they label."""

from __future__ import annotations

import io
from random import Random

import numpy as np
import pytest
from PIL import Image, ImageDraw

from training.screens.contact_sheet import contact_sheet
from training.screens.damage import DAMAGES, Picture, cropped, opened, scaled

BOX = (300.0, 900.0, 620.0, 960.0)


def page() -> Picture:
    """A white page with one black bar, labelled."""
    image = Image.new("RGB", (1080, 2340), "white")
    ImageDraw.Draw(image).rectangle((300, 900, 619, 959), fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return opened(out.getvalue(), {"amount": BOX})


@pytest.mark.parametrize("damage", sorted(DAMAGES))
@pytest.mark.parametrize("seed", range(3))
def test_the_box_stays_on_the_ink(damage: str, seed: int) -> None:
    result = DAMAGES[damage](page(), Random(seed))
    with Image.open(io.BytesIO(result.data)) as image:
        assert image.format in {"PNG", "JPEG", "WEBP"}
        assert image.size == result.image.size
        ink = np.asarray(image.convert("L")) < 128
    rows, columns = np.nonzero(ink)
    x0, y0, x1, y1 = result.boxes["amount"]
    assert abs(columns.min() - x0) <= 2
    assert abs(columns.max() + 1 - x1) <= 2
    assert abs(rows.min() - y0) <= 2
    assert abs(rows.max() + 1 - y1) <= 2


@pytest.mark.parametrize("damage", sorted(DAMAGES))
def test_a_damage_is_the_same_for_the_same_seed(damage: str) -> None:
    assert DAMAGES[damage](page(), Random(5)).data == DAMAGES[damage](page(), Random(5)).data


def test_a_fact_cut_through_is_no_longer_on_the_page() -> None:
    assert "amount" not in cropped(page(), 0, 930, 0, 0).boxes
    assert cropped(page(), 10, 100, 0, 0).boxes["amount"] == (290, 800, 610, 860)


def test_scaling_moves_boxes_by_the_pixels_really_left() -> None:
    half = scaled(page(), 0.5)
    assert half.image.size == (540, 1170)
    assert half.boxes["amount"] == (150, 450, 310, 480)


def test_a_contact_sheet_shows_every_file(tmp_path) -> None:
    files = []
    for index in range(11):
        files.append(tmp_path / f"{index}.png")
        Image.new("RGB", (108, 234), "blue").save(files[-1])
    sheet = contact_sheet(files, {"0.png": "first"}, {"0.png": [(10, 10, 50, 20)]}, columns=4)
    assert sheet.size == (4 * 220, 3 * 416)
    blue = np.asarray(sheet)[..., 2].astype(int) - np.asarray(sheet)[..., 0] > 200
    assert all(blue[row * 416 + 30, column * 220 + 20] for row in range(2) for column in range(4))
    assert not blue[2 * 416 + 30, 3 * 220 + 20]


def test_a_contact_sheet_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one file"):
        contact_sheet([], {}, {})
