"""Measure traces of editing: honest pages under every damage, and tampered ones that were sent on like them."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from tqdm import tqdm

from service.domain.errors import NotFound
from service.domain.evidence import Empty, ImageFacts, Read, ReadOutcome
from service.vision import OcrEngine, build_engine, decode
from service.vision.tamper.weights import shipped
from training.screens.edited import Forgers
from training.screens.edits import TAMPERING
from training.screens.forgery_figures import figures, scored
from training.screens.forgery_places import Example, examples
from training.screens.layout import Layout
from training.screens.reading import dump_lines, load_lines
from training.screens.rendering import render

# Honest pages: as they left the phone, and every way they come to us.
HONEST_DAMAGES = (
    *("screenshot", "jpeg", "chat", "none", "jpeg", "scale", "webp", "blur", "screenshot", "photo", "overlay"),
    *("crop", "jpeg"),
)
# Two of three forgers have the fresh screenshot; what they made is sent on as it is, or as honest pages are.
FORGERS = Forgers(
    kinds=tuple(TAMPERING),
    bases=("screenshot", "screenshot", "jpeg"),
    finishes=("screenshot", "none", "jpeg", "jpeg", "screenshot", "chat", "scale", "webp", "photo"),
)
EDITS = 3  # of every page, kinds in turn
LINES = "lines.jsonl"


def draw(
    out: Path, seed: int, count: int, layouts: Sequence[Layout], *, processes: int = 1, progress: bool = False
) -> None:
    """``count`` honest pages into ``out``, and up to three tampered ones of each, with ``truth.json``."""
    render(
        out, seed, count, layouts, HONEST_DAMAGES, edits=EDITS, forgers=FORGERS, progress=progress, processes=processes
    )


def load(pages: Path, *, processes: int = 2, progress: bool = False) -> list[Example]:
    """Every page of a folder with what is measured at its places; lines are read once and kept in ``lines.jsonl``.

    NotFound if there is no ``truth.json``. Pages used again and look-alikes are left out.
    """
    path = pages / "truth.json"
    if not path.is_file():
        raise NotFound(f"{path} is not there; make pages with: prereview-train screens forgery --out {pages}")
    everything: dict[str, Any] = json.loads(path.read_text("utf-8"))
    truths = {
        name: truth
        for name, truth in everything.items()
        if "edit" not in truth or truth["edit"]["family"] == "tampered"
    }
    outcomes = _outcomes(pages, list(truths), processes, progress)
    return list(tqdm(examples(pages, truths, outcomes), "compared", len(truths), unit="page", disable=not progress))


def measure(pages: Sequence[Example], weights: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The figures of ``forgery_figures.figures`` under the shipped weights, or those given."""
    document = weights or shipped()
    return figures([scored(page, document) for page in pages]) | {"weights": document.get("provenance")}


_engine: OcrEngine | None = None


def _set_up() -> None:
    global _engine
    _engine = build_engine("onnx")


def _read(path: Path) -> ReadOutcome:
    """Lines alone: a whole reading would look for traces with weights that may be about to be fitted."""
    assert _engine is not None
    image = decode(path.read_bytes())
    lines = _engine.read(image.pixels)
    facts = ImageFacts(media_type=image.media_type, width=image.width, height=image.height)
    return Read(lines=lines, image=facts) if lines else Empty(image=facts)


def _outcomes(pages: Path, names: Sequence[str], processes: int, progress: bool) -> dict[str, ReadOutcome]:
    kept = pages / LINES
    if kept.is_file():
        return load_lines(kept)
    paths = [pages / name for name in names]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_set_up) as pool:
        read = tqdm(pool.map(_read, paths), "read", len(paths), unit="page", disable=not progress)
        outcomes = dict(zip(names, read, strict=True))
    # Written whole or not at all: half a file would later pass for the whole.
    scratch = kept.with_suffix(".part")
    scratch.write_text("".join(f"{dump_lines(name, outcome)}\n" for name, outcome in outcomes.items()), "utf-8")
    scratch.rename(kept)
    return outcomes
