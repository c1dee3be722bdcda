"""The forger's hand, on a page set by Pillow instead of a browser."""

from __future__ import annotations

import shutil
from random import Random
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from training.screens.browser import Lettering, Shot, Spot
from training.screens.draw import another, draw_page
from training.screens.edits import TAMPERING, Scene
from training.screens.layouts import BY_NAME, DEVELOPMENT
from training.screens.lettering import families_for, typeface
from training.screens.picture import Picture
from training.screens.retyping import rubbed_out
from training.screens.reuse import REUSE

pytestmark = pytest.mark.skipif(shutil.which("fc-match") is None, reason="no fontconfig to find faces with")

SIZE = 40.0


def scene(seed: int = 3) -> Scene:
    """A white page with four facts in Liberation Sans, as a browser would report them."""
    drawing = draw_page(Random(seed), BY_NAME["bill_columns"])
    image = Image.new("RGB", (1000, 700), "white")
    pen, font = ImageDraw.Draw(image), typeface("Liberation Sans", 400, SIZE)
    spots: dict[str, Spot] = {}
    texts = {
        "amount": drawing.style.yuan(drawing.facts.amount),
        "order_number": drawing.facts.order_number,
        "paid_at": drawing.style.moment(drawing.facts.paid_at),
        "status": drawing.facts.status,
    }
    for row, (name, text) in enumerate(texts.items()):
        family = families_for(text, "'Liberation Sans','Noto Sans CJK SC'")[0]
        font, x, y = typeface(family, 400, SIZE), 80.0, 120.0 + row * 140
        cells = []
        for character in text:
            pen.text((x, y), character, fill="black", font=font, anchor="ls")
            cells.append((x, y - 40, x + font.getlength(character), y + 12))
            x += font.getlength(character)
        lettering = Lettering("'Liberation Sans','Noto Sans CJK SC'", SIZE, 400, (0, 0, 0))
        spots[name] = Spot(text, (80.0, y - 40, x, y + 12), tuple(cells), lettering)
    boxes = {name: spot.box for name, spot in spots.items()}
    return Scene(drawing=drawing, shot=Shot(b"", spots), picture=Picture(image=image, boxes=boxes))


@pytest.mark.parametrize("kind", sorted(TAMPERING))
@pytest.mark.parametrize("seed", range(6))
def test_tampering_leaves_ink_in_its_box_and_nothing_elsewhere(kind: str, seed: int) -> None:
    made = scene(seed)
    change = TAMPERING[kind](made, Random(seed))
    if change is None:
        assert kind == "time_changed"  # 昨天 and the like cannot always be moved within their own length
        return
    before, after = (np.asarray(image.convert("L")).astype(int) for image in (made.picture.image, change.picture.image))
    changed = np.argwhere(np.abs(after - before) > 60)
    assert len(changed)
    spot = made.shot.spots[change.field]
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    assert top >= spot.box[1] - 4
    assert bottom <= spot.box[3] + 4
    assert left >= min(spot.box[0], change.box[0]) - 4
    assert right <= max(spot.box[2], change.box[2]) + 4
    assert change.text != spot.text
    assert change.value != made.drawing.values[change.field]


def test_the_same_face_gives_the_very_pixels_of_a_page_that_said_so() -> None:
    made = scene(1)
    change = TAMPERING["retyped_same_font"](made, Random(2))
    assert change is not None
    honest = Image.new("RGB", made.picture.image.size, "white")
    spot, pen = made.shot.spots[change.field], ImageDraw.Draw(honest)
    for character, cell in zip(change.text, spot.cells, strict=True):
        font = typeface("Liberation Sans", 400, SIZE)
        pen.text((cell[0], cell[3] - 12), character, fill="black", font=font, anchor="ls")
    x0, y0, x1, y1 = (round(edge) for edge in change.box)
    pixels = [
        np.asarray(image.crop((x0, y0, x1, y1)).convert("L")).astype(int) for image in (honest, change.picture.image)
    ]
    assert np.abs(pixels[0] - pixels[1]).mean() < 12


def test_digits_never_make_an_amount_begin_with_nought() -> None:
    for seed in range(60):
        for kind in ("retyped_same_font", "pasted_patch"):
            change = TAMPERING[kind](scene(seed), Random(seed))
            if change and change.field == "amount":
                digits = change.text.lstrip("-¥￥ ")
                assert not digits.startswith("0")
                assert change.value == round(float(digits.replace(",", "")) * 100)


def test_rubbing_out_keeps_the_ground() -> None:
    ramp = np.repeat(np.linspace(40, 240, 100).astype(np.uint8)[:, None, None], 80, axis=1).repeat(3, axis=2)
    image = Image.fromarray(ramp.copy())
    ImageDraw.Draw(image).rectangle((20, 40, 50, 60), fill="black")
    rubbed_out(image, (18, 36, 54, 64))
    assert np.abs(np.asarray(image).astype(int) - ramp).max() <= 4


def test_reuse_is_the_same_for_the_same_seed_and_knows_when_there_is_no_clock() -> None:
    picture = scene().picture
    for kind, again in REUSE.items():
        if kind == "new_status_bar":
            assert again(picture, Random(1)) is None
            continue
        first, second = again(picture, Random(1)), again(picture, Random(1))
        assert first is not None
        assert second is not None
        assert first.data == second.data


def test_a_new_status_bar_says_another_time_and_leaves_the_page_alone() -> None:
    made = scene().picture
    boxes = dict(made.boxes) | {"clock": (30.0, 14.0, 110.0, 44.0)}
    changed = REUSE["new_status_bar"](Picture(image=made.image, boxes=boxes), Random(4))
    assert changed is not None
    assert changed.clock
    before, after = (np.asarray(image.convert("L")).astype(int) for image in (made.image, changed.image))
    assert np.abs(before - after)[:60].max() > 100
    assert np.abs(before - after)[70:].mean() < 2


@pytest.mark.parametrize("layout", DEVELOPMENT, ids=lambda layout: layout.name)
def test_a_look_alike_wears_the_same_dress_and_tells_of_another_purchase(layout: Any) -> None:
    drawing = draw_page(Random(5), layout)
    alike = another(drawing, Random(6))
    for name in ("font", "accent", "size", "variant", "prompt", "failed", "lang"):
        assert alike.context[name] == drawing.context[name]
    assert [row["label"] for row in alike.context["rows"]] == [row["label"] for row in drawing.context["rows"]]
    assert (alike.screen, alike.language, alike.layout) == (drawing.screen, drawing.language, drawing.layout)
    assert alike.values["order_number"] != drawing.values["order_number"]
    assert alike.values.get("error_prompt") == drawing.values.get("error_prompt")


def test_lettering_falls_back_as_a_browser_does() -> None:
    families = "'Liberation Sans','Noto Sans CJK SC',sans-serif"
    assert families_for("2026", families)[0] == "Liberation Sans"
    assert families_for("已支付", families)[0] == "Noto Sans CJK SC"
    assert typeface("Liberation Sans", 700, 20.0).getname() == ("Liberation Sans", "Bold")
