"""Damages keep boxes on what they label."""

from __future__ import annotations

import io
from functools import cache
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


# On a photo the desk is dark as well, and what lies over a page or cuts it may take the bar away.
GENTLE = sorted(set(DAMAGES) - {"photo", "overlay", "cut"})


@pytest.mark.parametrize("damage", GENTLE)
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


@pytest.mark.parametrize("seed", range(4))
def test_on_a_photo_the_box_holds_the_bar_and_little_else(seed: int) -> None:
    result = DAMAGES["photo"](page(), Random(seed))
    with Image.open(io.BytesIO(result.data)) as image:
        grey = np.asarray(image.convert("L")).astype(float)
    x0, y0, x1, y1 = (round(edge) for edge in result.boxes["amount"])
    assert grey.shape == (result.image.height, result.image.width)
    middle = (y0 + y1) // 2
    assert grey[middle - 3 : middle + 3, x0 + 20 : x1 - 20].mean() < 110
    for outside in (slice(y0 - 14, y0 - 5), slice(y1 + 5, y1 + 14)):
        assert grey[outside, x0:x1].mean() > 120


def small_page() -> Picture:
    return scaled(page(), 0.5)


@cache
def overlaid(seed: int) -> Picture:
    return DAMAGES["overlay"](small_page(), Random(seed))


@pytest.mark.parametrize("seed", range(24))
def test_an_overlay_takes_the_fact_exactly_when_it_hides_it(seed: int) -> None:
    plain, result = small_page(), overlaid(seed)
    x0, y0, x1, y1 = (int(edge) // 2 for edge in BOX)
    before = np.asarray(plain.image.convert("L")).astype(int)[y0 + 7 : y1 - 7, x0:x1]
    after = np.asarray(result.image.convert("L")).astype(int)[y0 + 7 : y1 - 7, x0:x1]
    hidden = (np.abs(after - before) > 100).mean()
    if "amount" in result.boxes:
        assert hidden < 0.002
    else:
        # A black pen on a black bar changes nothing.
        assert hidden > 0 or np.abs(after - before).max() < 100


def test_overlays_do_hide_facts_at_times() -> None:
    gone = ["amount" not in overlaid(seed).boxes for seed in range(24)]
    assert 3 <= sum(gone) <= 18


def test_a_hard_crop_takes_a_tenth_to_a_third_of_one_side() -> None:
    for seed in range(12):
        width, height = DAMAGES["cut"](page(), Random(seed)).image.size
        assert sorted((width / 1080, height / 2340))[1] == 1
        assert 0.65 <= min(width / 1080, height / 2340) <= 0.91


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
