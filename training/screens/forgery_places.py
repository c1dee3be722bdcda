"""Pages to examples: what the reader measures at every place, and whether a forger was there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.domain.evidence import Box, Read, ReadOutcome
from service.vision import decode
from service.vision.tamper.places import Places, places_of
from service.vision.tamper.strokes import Print

Truth = Mapping[str, Any]
# Of these edits a forger touches single characters; the others set a whole value anew.
BY_CHARACTER = frozenset({"retyped_same_font", "pasted_patch", "time_changed"})
HONEST = "honest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One file. ``kind``: honest, or of edit; ``finish``: what happened to it last; ``base``: what a forger began with.
    ``clean``: as in Places.

    ``glyphs``, ``lines``: signals of each digit and of each line with a value; ``glyph_labels``, ``line_labels``: 1
    forged, 0 not, -1 touched, but not as a whole. ``sizes``: digits of each of the first lines; the others have none.
    """

    name: str
    layout: str
    held_out: bool
    kind: str
    base: str
    finish: str
    clean: bool
    glyphs: NDArray[np.float32]
    glyph_labels: NDArray[np.int64]
    lines: NDArray[np.float32]
    line_labels: NDArray[np.int64]
    sizes: tuple[int, ...]


def examples(folder: Path, truths: Mapping[str, Truth], outcomes: Mapping[str, ReadOutcome]) -> Iterator[Example]:
    """Every file of ``truths`` that was read, its lines taken from ``outcomes``."""
    for name, truth in truths.items():
        outcome = outcomes.get(name)
        if isinstance(outcome, Read):
            pixels = decode((folder / name).read_bytes()).pixels
            yield example(name, truth, places_of(pixels, outcome.lines))


def example(name: str, truth: Truth, places: Places) -> Example:
    edit = truth.get("edit")
    if edit and edit["box"]:
        edit = edit | {"box": [edge / places.scale for edge in edit["box"]]}
    # Only lines with digits have glyphs, and these come first among the values.
    assert places.values[: len(places.numbers)] == places.numbers
    glyphs = [_glyph_labels(one, edit) for one in places.numbers]
    return Example(
        name=name,
        layout=truth["layout"],
        held_out=truth["held_out"],
        kind=edit["kind"] if edit else HONEST,
        base=edit.get("base") or "" if edit else "",
        finish=(edit.get("finish") if edit else None) or truth["damage"],
        clean=places.clean,
        glyphs=np.concatenate([*places.glyph_signals, np.zeros((0, _width(places)), np.float32)]),
        glyph_labels=np.concatenate([*glyphs, np.zeros(0, np.int64)]).astype(np.int64),
        lines=places.line_signals,
        line_labels=np.array([_line_label(one, edit) for one in places.values], np.int64),
        sizes=tuple(len(signals) for signals in places.glyph_signals),
    )


def _width(places: Places) -> int:
    from service.vision.tamper.places import GLYPH_SIGNALS

    return places.glyph_signals[0].shape[1] if places.glyph_signals else len(GLYPH_SIGNALS)


def _glyph_labels(one: Print, edit: Truth | None) -> NDArray[np.int64]:
    assert one.glyphs is not None
    count = len(one.glyphs.codes)
    if edit is None:
        return np.zeros(count, np.int64)
    box = Box(*edit["box"])
    middle = (one.top + one.bottom) / 2
    across = (one.glyphs.x0 + one.glyphs.x1) / 2
    within = (across > box.x0 - 1) & (across < box.x1 + 1) & (box.y0 - 3 < middle < box.y1 + 3)
    if edit["kind"] not in BY_CHARACTER:
        # Every digit is new: which of them stand out is the line's business.
        return np.where(within, -1, 0)
    packed, before, after = ("".join(t.split()) for t in (one.line.text, edit["before_text"], edit["after_text"]))
    at = packed.find(after)
    if at < 0 or len(before) != len(after):
        return np.where(within, -1, 0)
    changed = [at + i for i, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    return (within & np.isin(one.glyphs.order, changed)).astype(np.int64)


def _line_label(one: Print, edit: Truth | None) -> int:
    if edit is None:
        return 0
    box, line = Box(*edit["box"]), one.line.box
    across, down = min(box.x1, line.x1) - max(box.x0, line.x0), min(box.y1, line.y1) - max(box.y0, line.y0)
    if across <= 0 or down < 0.5 * line.height:
        return 0
    return 1 if edit["kind"] not in BY_CHARACTER and across > 0.6 * line.width else -1
