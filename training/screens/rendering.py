"""Render labelled development pages: facts by seed, a layout, a screen, a damage, and the truth beside the files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from tqdm import tqdm

from training.screens.browser import Camera
from training.screens.contact_sheet import contact_sheet
from training.screens.damage import DAMAGES, opened
from training.screens.draw import Drawing, draw_page
from training.screens.layouts import DEVELOPMENT, Layout
from training.screens.printing import environment
from training.screens.truths import truth

TEMPLATES = Path(__file__).parent / "templates"


def drawings(seed: int, count: int, layouts: Sequence[Layout] = DEVELOPMENT) -> list[Drawing]:
    """What ``count`` pages will print, layouts in turn. Page i depends on the seed, i and its layout alone."""
    chosen = (layouts[index % len(layouts)] for index in range(count))
    return [draw_page(Random(f"{seed}:{index}:{layout.name}"), layout) for index, layout in enumerate(chosen)]


def render(
    out: Path,
    seed: int,
    count: int,
    layouts: Sequence[Layout] = DEVELOPMENT,
    damages: Sequence[str] = tuple(DAMAGES),
    *,
    progress: bool = False,
) -> dict[str, dict[str, Any]]:
    """Draw ``count`` pages into ``out`` with ``truth.json`` and ``contact_sheet.png``; the truth is returned too.

    Facts follow from the seed; pixels also from the browser and the fonts installed. See ``truths.truth``.
    """
    out.mkdir(parents=True, exist_ok=True)
    jinja = environment(TEMPLATES)
    truths: dict[str, dict[str, Any]] = {}
    with Camera() as camera:
        pages = drawings(seed, count, layouts)
        for index, drawing in enumerate(tqdm(pages, desc="pages", unit="page", disable=not progress)):
            rng = Random(f"{seed}:{index}:damage")
            # One step further each round, or a layout would always meet the same damage.
            damage = damages[(index + index // len(damages)) % len(damages)]
            shot = camera.shoot(
                jinja.get_template(f"{drawing.layout.name}.html").render(drawing.context), drawing.screen
            )
            picture = DAMAGES[damage](opened(shot.png, {name: spot.box for name, spot in shot.spots.items()}), rng)
            name = f"{index:04d}-{drawing.layout.name}{picture.suffix}"
            (out / name).write_bytes(picture.data)
            truths[name] = truth(drawing, shot, picture, damage)
    _write(out, truths)
    return truths


def _write(out: Path, truths: Mapping[str, dict[str, Any]]) -> None:
    (out / "truth.json").write_text(json.dumps(truths, ensure_ascii=False, indent=1) + "\n", "utf-8")
    captions = {name: f"{entry['layout']} {entry['damage']}" for name, entry in truths.items()}
    boxes = {name: list(entry["boxes"].values()) for name, entry in truths.items()}
    contact_sheet([out / name for name in truths], captions, boxes).save(out / "contact_sheet.png", optimize=True)
