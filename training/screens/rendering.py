"""Render labelled development pages: facts by seed, a layout, a screen, a damage, and the truth beside the files."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
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
    indices: tuple[int, ...]


def render(
    out: Path,
    seed: int,
    count: int,
    layouts: Sequence[Layout] = DEVELOPMENT,
    damages: Sequence[str] = tuple(DAMAGES),
    *,
    progress: bool = False,
    processes: int = 1,
) -> dict[str, dict[str, Any]]:
    """Draw ``count`` pages into ``out`` with ``truth.json`` and ``contact_sheet.png``; the truth is returned too.

    Facts follow from the seed; pixels also from the browser and the fonts installed. See ``truths.truth``.
    """
    out.mkdir(parents=True, exist_ok=True)
    tasks = [
        _Task(
            out=out,
            seed=seed,
            count=count,
            layouts=tuple(layouts),
            damages=tuple(damages),
            indices=tuple(range(first, min(count, first + _AT_ONCE))),
        )
        for first in range(0, count, _AT_ONCE)
    ]
    truths: dict[str, dict[str, Any]] = {}
    with tqdm(total=count, desc="drawn", unit="page", disable=not progress) as bar:
        for entries in _each(tasks, processes):
            truths |= entries
            bar.update(len(entries))
    _write(out, truths)
    return truths


def _each(tasks: Sequence[_Task], processes: int) -> Iterator[dict[str, dict[str, Any]]]:
    if processes == 1 or len(tasks) == 1:
        yield from map(_render_some, tasks)
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_render_some, tasks)


def _render_some(task: _Task) -> dict[str, dict[str, Any]]:
    jinja = environment(TEMPLATES)
    truths: dict[str, dict[str, Any]] = {}
    pages = drawings(task.seed, task.count, task.layouts)
    with Camera() as camera:
        for index in task.indices:
            drawing = pages[index]
            rng = Random(f"{task.seed}:{index}:damage")
            # One step further each round, or a layout would always meet the same damage.
            damage = task.damages[(index + index // len(task.damages)) % len(task.damages)]
            html = jinja.get_template(f"{drawing.layout.name}.html").render(drawing.context)
            shot = camera.shoot(html, drawing.screen)
            picture = DAMAGES[damage](opened(shot.png, {name: spot.box for name, spot in shot.spots.items()}), rng)
            name = f"{index:04d}-{drawing.layout.name}{picture.suffix}"
            (task.out / name).write_bytes(picture.data)
            truths[name] = truth(drawing, shot, picture, damage)
    return truths


def _write(out: Path, truths: Mapping[str, dict[str, Any]]) -> None:
    (out / "truth.json").write_text(json.dumps(truths, ensure_ascii=False, indent=1) + "\n", "utf-8")
    captions = {name: f"{entry['layout']} {entry['damage']}" for name, entry in truths.items()}
    boxes = {name: list(entry["boxes"].values()) for name, entry in truths.items()}
    contact_sheet([out / name for name in truths], captions, boxes).save(out / "contact_sheet.png", optimize=True)
