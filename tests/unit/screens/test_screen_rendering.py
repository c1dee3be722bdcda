"""Pages through a real browser."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.screens import render
from training.screens.browser import Camera, Screen, chromium_path
from training.screens.edited import KINDS
from training.screens.layouts import BY_NAME, LAYOUTS
from training.screens.printing import environment
from training.screens.rendering import TEMPLATES, drawings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="no chromium installed; set PREREVIEW_CHROMIUM to one"),
]

PLAIN = """<!doctype html><body style="margin:0;background:#fff"><div style="padding:40px"><span data-field="amount"
 style="background:#000;color:#000;font:20px monospace">39.00</span></div><p data-field="status"
 style="position:absolute;top:900px">below</p></body>"""


def test_boxes_are_device_pixels_and_unseen_facts_are_absent() -> None:
    with Camera() as camera:
        shot = camera.shoot(PLAIN, Screen(width=300, height=200, scale=2.5))
        tall = camera.shoot(PLAIN, Screen(width=300, height=200, tall=True))
    assert set(shot.spots) == {"amount"}
    assert shot.spots["amount"].text == "39.00"
    assert set(tall.spots) == {"amount", "status"}
    x0, y0, *_ = shot.spots["amount"].box
    assert x0 == pytest.approx(100, abs=1)
    assert y0 == pytest.approx(100, abs=8)


def test_what_lies_under_something_opaque_is_hidden() -> None:
    page = """<!doctype html><body style="margin:0"><p data-field="amount">39.00</p><p data-field="status">Paid</p>
      <div style="position:fixed;left:0;top:40px;width:300px;height:60px;background:#ccc"></div></body>"""
    with Camera() as camera:
        shot = camera.shoot(page, Screen(width=300, height=200))
    assert set(shot.spots) == {"amount"}
    assert shot.hidden == ("status",)


def test_neighbours_in_a_line_do_not_hide_each_other() -> None:
    rows = "".join(
        f"""<div class="inline" style="font:{size}px 'WenQuanYi Micro Hei'"><span class="k">订单ID：</span><span
        data-field="fact{size}">T20260729ZN43TC</span></div>"""
        for size in (11, 12, 13, 14, 15, 16, 17)
    )
    with Camera() as camera:
        shot = camera.shoot(f"<!doctype html><body>{rows}", Screen(width=400, height=400, scale=2.625))
    assert shot.hidden == ()
    assert len(shot.spots) == 14


def test_cells_stand_where_the_characters_stand() -> None:
    with Camera() as camera:
        spot = camera.shoot(PLAIN, Screen(width=300, height=200, scale=2)).spots["amount"]
    assert spot.lettering is not None
    assert spot.lettering.size == 40
    assert spot.lettering.colour == (0, 0, 0)
    assert len(spot.cells) == len(spot.text) == 5
    assert spot.cells[0][0] == pytest.approx(spot.box[0])
    assert spot.cells[-1][2] == pytest.approx(spot.box[2])


def test_a_page_does_not_depend_on_what_was_photographed_before() -> None:
    other = PLAIN.replace("39.00", "12345.00").replace("20px", "33px")
    with Camera() as camera:
        first = camera.shoot(PLAIN, Screen(width=300, height=200))
        camera.shoot(other, Screen(width=500, height=300, tall=True))
        again = camera.shoot(PLAIN, Screen(width=300, height=200))
    assert first == again


def test_every_layout_has_ink_where_the_truth_points() -> None:
    jinja = environment(TEMPLATES)
    with Camera() as camera:
        for drawing in drawings(99, len(LAYOUTS), LAYOUTS):
            # Fewer pixels than a phone has: this is about places, and time.
            html = jinja.get_template(f"{drawing.layout.name}.html").render(drawing.context)
            shot = camera.shoot(html, replace(drawing.screen, scale=1.0))
            with Image.open(io.BytesIO(shot.png)) as image:
                grey = np.asarray(image.convert("L")).astype(float)
            if drawing.layout.tall:
                assert grey.shape[0] > 2.6 * grey.shape[1], drawing.layout.name
            fields = set(shot.spots) & set(drawing.values)
            if drawing.layout.page in {"order", "payment", "delivery"}:
                assert len(fields) >= 3, drawing.layout.name
            if drawing.layout.page == "list":
                assert sum(name.startswith("order:") for name in shot.spots) >= 8
            if drawing.layout.page == "identity":
                front, back = {"identity_name", "identity_number"}, {"identity_validity"}
                assert front <= set(shot.spots) or back <= set(shot.spots)
            for name, spot in shot.spots.items():
                x0, y0, x1, y1 = spot.box
                assert grey[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1].std() > 6, (drawing.layout.name, name)


@pytest.fixture(scope="module")
def edited(tmp_path_factory) -> tuple[Path, dict]:
    out = tmp_path_factory.mktemp("edited")
    return out, render(out, 4, 1, [BY_NAME["order_cards"]], damages=("none",), edits=len(KINDS))


def test_pages_and_their_edits_are_written_with_their_truth(edited) -> None:
    out, truths = edited
    assert json.loads((out / "truth.json").read_text("utf-8")) == truths
    assert (out / "contact_sheet.png").is_file()
    kinds = {entry["edit"]["kind"] for entry in truths.values() if "edit" in entry}
    assert kinds == set(KINDS)
    for name, entry in truths.items():
        with Image.open(out / name) as image:
            assert image.size == (entry["width"], entry["height"])
        if "edit" in entry:
            assert "edit" not in truths[entry["edit"]["of"]]


def test_tampering_changes_one_field_and_only_its_own_place(edited) -> None:
    out, truths = edited
    for name, entry in truths.items():
        edit = entry.get("edit", {"family": "none"})
        if edit["family"] != "tampered":
            continue
        first = truths[edit["of"]]
        assert entry["fields"] == first["fields"] | {edit["field"]: edit["after"]}
        assert edit["before"] == first["fields"][edit["field"]] != edit["after"]
        before, after = (np.asarray(Image.open(out / file).convert("L")).astype(int) for file in (edit["of"], name))
        changed = np.abs(before - after) > 90
        x0, y0, x1, y1 = (round(edge) for edge in edit["box"])
        touched = changed[y0 - 2 : y1 + 3, x0 - 2 : x1 + 3]
        assert touched.any(), name
        if edit["kind"] not in {"state_changed", "retyped_other_font"}:  # those rub out the old, longer or shorter
            assert changed.sum() == touched.sum(), name


def test_reuse_keeps_the_facts_and_a_look_alike_has_others(edited) -> None:
    _, truths = edited
    for entry in truths.values():
        edit = entry.get("edit")
        if edit is None or edit["family"] == "tampered":
            continue
        first = truths[edit["of"]]["fields"]
        if edit["family"] == "reused":
            assert entry["fields"].items() <= first.items()
            # A twentieth off one side cuts through whatever stands flush with it.
            assert edit["kind"] == "cropped_5" or entry["fields"] == first
        else:
            assert entry["layout"] == truths[edit["of"]]["layout"]
            assert entry["fields"]["order_number"] != first["order_number"]


def test_a_camera_outside_its_with_block_says_so() -> None:
    with pytest.raises(RuntimeError, match="with block"):
        Camera().shoot(PLAIN, Screen(width=10, height=10))
