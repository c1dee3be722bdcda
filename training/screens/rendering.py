"""Render labelled development pages: facts by seed, a layout, a screen, a damage, and the truth beside the files."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from jinja2 import Environment
from tqdm import tqdm

from training.screens.browser import Camera, Shot
from training.screens.contact_sheet import contact_sheet
from training.screens.damage import DAMAGES, TREATMENTS, opened
from training.screens.draw import Drawing, draw_page
from training.screens.edited import Forgers, Sent, variants
from training.screens.edits import Scene
from training.screens.layouts import DEVELOPMENT, Layout
from training.screens.printing import environment
from training.screens.truths import truth

TEMPLATES = Path(__file__).parent / "templates"
_AT_ONCE = 20  # pages per browser: one starts in a second


def drawings(seed: int, count: int, layouts: Sequence[Layout] = DEVELOPMENT) -> list[Drawing]:
    """What ``count`` pages will print, layouts in turn. Page i depends on the seed, i and its layout alone."""
    chosen = (layouts[index % len(layouts)] for index in range(count))
    return [draw_page(Random(f"{seed}:{index}:{layout.name}"), layout) for index, layout in enumerate(chosen)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """Some pages of one set: their indices, and everything they follow from."""

    out: Path
    seed: int
    count: int
    layouts: tuple[Layout, ...]
    damages: tuple[str, ...]
    edits: int
    forgers: Forgers
    indices: tuple[int, ...]


def render(
    out: Path,
    seed: int,
    count: int,
    layouts: Sequence[Layout] = DEVELOPMENT,
    damages: Sequence[str] = tuple(DAMAGES),
    *,
    edits: int = 0,
    forgers: Forgers | None = None,
    progress: bool = False,
    processes: int = 1,
) -> dict[str, dict[str, Any]]:
    """Draw ``count`` pages into ``out`` with ``truth.json`` and ``contact_sheet.png``; the truth is returned too.

    ``edits``: edited variants of every page, kinds in turn (``edited.variants``), made by ``forgers``. Facts follow
    from the seed; pixels also from the browser and the fonts installed. The entries are those of ``truths.truth``.
    """
    out.mkdir(parents=True, exist_ok=True)
    tasks = [
        _Task(
            out=out,
            seed=seed,
            count=count,
            layouts=tuple(layouts),
            damages=tuple(damages),
            edits=edits,
            forgers=forgers or Forgers(),
            indices=tuple(range(first, min(count, first + _AT_ONCE))),
        )
        for first in range(0, count, _AT_ONCE)
    ]
    truths: dict[str, dict[str, Any]] = {}
    with tqdm(total=count, desc="drawn", unit="page", disable=not progress) as bar:
        for entries in _each(tasks, processes):
            truths |= entries
            bar.update(sum("edit" not in entry for entry in entries.values()))
    write_truths(out, truths)
    return truths


def _each(tasks: Sequence[_Task], processes: int) -> Iterator[dict[str, dict[str, Any]]]:
    if processes == 1 or len(tasks) == 1:
        yield from map(_render_some, tasks)
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_render_some, tasks)


def _render_some(task: _Task) -> dict[str, dict[str, Any]]:
    truths: dict[str, dict[str, Any]] = {}
    pages = drawings(task.seed, task.count, task.layouts)
    with Camera() as camera:
        shoot = partial(_shoot, camera, environment(TEMPLATES))
        for index in task.indices:
            sent = _sent(task, index, pages[index], shoot)
            (task.out / sent.name).write_bytes(sent.picture.data)
            truths[sent.name] = truth(sent.scene.drawing, sent.scene.shot, sent.picture, sent.damage)
            rng = Random(f"{task.seed}:{index}:edits")
            for name, variant in variants(sent, index * task.edits, task.edits, rng, shoot, task.forgers):
                (task.out / name).write_bytes(variant.picture.data)
                truths[name] = variant.truth
    return truths


def _sent(task: _Task, index: int, drawing: Drawing, shoot: Callable[[Drawing], Shot]) -> Sent:
    shot = shoot(drawing)
    # One step further each round, or a layout would always meet the same damage.
    damage = task.damages[(index + index // len(task.damages)) % len(task.damages)]
    fresh = opened(shot.png, {name: spot.box for name, spot in shot.spots.items()})
    picture = TREATMENTS[damage](fresh, Random(f"{task.seed}:{index}:damage"))
    return Sent(
        name=f"{index:04d}-{drawing.layout.name}{picture.suffix}",
        damage=damage,
        scene=Scene(drawing=drawing, shot=shot, picture=fresh),
        picture=picture,
    )


def _shoot(camera: Camera, jinja: Environment, drawing: Drawing) -> Shot:
    return camera.shoot(jinja.get_template(f"{drawing.layout.name}.html").render(drawing.context), drawing.screen)


def write_truths(out: Path, truths: Mapping[str, dict[str, Any]]) -> None:
    """truth.json and the contact sheet of pages drawn into ``out``."""
    (out / "truth.json").write_text(json.dumps(truths, ensure_ascii=False, indent=1) + "\n", "utf-8")
    captions = {name: _caption(entry) for name, entry in truths.items()}
    boxes = {name: _marked(entry) for name, entry in truths.items()}
    contact_sheet([out / name for name in truths], captions, boxes).save(out / "contact_sheet.png", optimize=True)


def _caption(entry: Mapping[str, Any]) -> str:
    return f"{entry['layout']} {entry['edit']['kind'] if 'edit' in entry else entry['damage']}"


def _marked(entry: Mapping[str, Any]) -> list[list[float]]:
    """What the contact sheet frames: of a tampered page the place that was touched, of others every field."""
    edit = entry.get("edit")
    return [edit["box"]] if edit and edit["box"] else list(entry["boxes"].values())
