"""Pages through a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.screens import DEVELOPMENT, HELD_OUT, render
from training.screens.browser import Camera, Screen, chromium_path

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


def test_every_layout_renders_with_ink_where_the_truth_points(tmp_path: Path) -> None:
    layouts = (*DEVELOPMENT, *HELD_OUT)
    truths = render(tmp_path, 99, len(layouts), layouts, damages=("none",))
    assert json.loads((tmp_path / "truth.json").read_text("utf-8")) == truths
    assert (tmp_path / "contact_sheet.png").is_file()
    assert {entry["layout"] for entry in truths.values()} == {layout.name for layout in layouts}
    for name, entry in truths.items():
        with Image.open(tmp_path / name) as image:
            grey = np.asarray(image.convert("L")).astype(float)
        assert grey.shape == (entry["height"], entry["width"])
        if entry["page"] in {"order", "payment"}:
            assert {"order_number", "amount"} & set(entry["fields"]), name
        for field, (x0, y0, x1, y1) in entry["boxes"].items():
            assert grey[int(y0) : int(y1), int(x0) : int(x1)].std() > 8, (name, field)


def test_a_camera_outside_its_with_block_says_so() -> None:
    with pytest.raises(RuntimeError, match="with block"):
        Camera().shoot(PLAIN, Screen(width=10, height=10))
