"""What one phone page costs to read, against the networks alone and against a peer. python -m tests.benchmarks.ocr_page

CPU time throughout, best of several rounds, since the machine may be shared: a busy one slows whatever runs just then,
so every page goes through all measurements in turn, or their ratios would tell the neighbours' work. The peer is
measured in the same run if its environment is there (``make peers``, or PREREVIEW_PEERS_PYTHON).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any

from service.domain.evidence import Read
from service.evidence import interpret
from service.vision import OnnxEngine, decode, read_image
from service.vision.stages import Stages
from tests.benchmarks.drawn_pages import PHONE, draw_page, encode

PAGES, REPETITIONS = 8, 7
ROOT = Path(__file__).parents[2]
PEERS = Path(os.environ.get("PREREVIEW_PEERS_PYTHON", ROOT / ".venv-peers" / "bin" / "python"))


def run() -> Iterator[dict[str, str | float]]:
    """One figure a line: milliseconds of CPU a page, or a ratio with its aim."""
    engine = OnnxEngine()
    pages = {kind: [encode(draw_page(seed), kind) for seed in range(PAGES)] for kind in ("PNG", "JPEG")}
    pixels = [decode(data).pixels for data in pages["PNG"]]
    taken = _best(
        {
            "networks": [partial(_networks, engine, image) for image in pixels],
            "engine": [partial(_cpu, engine.read, image) for image in pixels],
            **{kind: [partial(_cpu, read_image, data, engine) for data in files] for kind, files in pages.items()},
            "fields": [partial(_cpu, interpret, outcome) for outcome in _readings(pages["JPEG"], engine)],
        }
    )
    networks, ocr, fields = taken["networks"], taken["engine"], taken["fields"]
    shape = f"{PAGES} pages of {PHONE[0]}×{PHONE[1]}, about 36 lines"
    yield _figure("ocr.networks_alone", networks * 1e3, "cpu ms/page", shape)
    yield _figure("ocr.engine", ocr * 1e3, "cpu ms/page", shape)
    yield _figure("ocr.read_jpeg", taken["JPEG"] * 1e3, "cpu ms/page", "bytes to outcome")
    yield _figure("ocr.read_png", taken["PNG"] * 1e3, "cpu ms/page", "bytes to outcome")
    yield _figure("ocr.engine_over_networks", ocr / networks, "ratio", "detection, recognition, re-reading")
    yield _figure("ocr.read_jpeg_over_networks", taken["JPEG"] / networks, "ratio", "aim ≤ 1.5; all signals included")
    yield _figure("ocr.read_png_over_networks", taken["PNG"] / networks, "ratio", "aim ≤ 1.5; all signals included")
    yield _figure("ocr.fields", fields * 1e3, "cpu ms/page", "lines to fields, gaps and what else the page has")
    for kind, name in (("JPEG", "read"), ("PNG", "read_png")):
        whole = (taken[kind] + fields) / networks
        yield _figure(f"ocr.{name}_and_fields_over_networks", whole, "ratio", f"aim ≤ 1.5; {kind} bytes to fields")
    yield from _peer(pages["JPEG"], taken["JPEG"])


def _readings(pages: Sequence[bytes], engine: OnnxEngine) -> list[Read]:
    outcomes = [read_image(data, engine) for data in pages]
    return [outcome for outcome in outcomes if isinstance(outcome, Read)]


def _peer(pages: Sequence[bytes], own: float) -> Iterator[dict[str, str | float]]:
    if not PEERS.exists():
        yield {"name": "ocr.read_over_rapidocr", "unit": "ratio", "note": f"not measured: no {PEERS}; run make peers"}
        return
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{index}.jpg" for index in range(len(pages))]
        for file, data in zip(files, pages, strict=True):
            file.write_bytes(data)
        script = ROOT / "tests" / "benchmarks" / "ocr_peer.py"
        done = subprocess.run([PEERS, script, str(REPETITIONS), *files], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    peer = mean(answer["cpu_seconds"])
    note = f"{answer['peer']} defaults, {mean(answer['lines']):.0f} lines a page, same JPEGs"
    yield _figure("ocr.rapidocr", peer * 1e3, "cpu ms/page", note)
    yield _figure("ocr.read_over_rapidocr", own / peer, "ratio", "aim ≤ 0.2; same JPEGs, bytes to lines")


def _networks(engine: OnnxEngine, image: Any) -> float:
    """CPU seconds inside the models, re-reading included."""
    stages = Stages()
    engine.read(image, stages)
    return stages.networks / 1e3


def _best(measured: Mapping[str, Sequence[Callable[[], float]]]) -> dict[str, float]:
    """CPU seconds a page under each name: of every page the least of all rounds."""
    rounds = [
        [[measure() for measure in of_page] for of_page in zip(*measured.values(), strict=True)]
        for _ in range(REPETITIONS)
    ]
    least = [[min(times) for times in zip(*of_page, strict=True)] for of_page in zip(*rounds, strict=True)]
    return {name: mean(times) for name, times in zip(measured, zip(*least, strict=True), strict=True)}


def _cpu(function: Callable[..., object], *arguments: object) -> float:
    started = time.process_time()
    function(*arguments)
    return time.process_time() - started


def _figure(name: str, value: float, unit: str, note: str) -> dict[str, str | float]:
    return {"name": name, "value": round(value, 3), "unit": unit, "note": note}


def show(figures: Iterator[dict[str, str | float]]) -> None:
    """JSON lines to standard output, a table to standard error."""
    rows = []
    for figure in figures:
        print(json.dumps(figure, ensure_ascii=False), flush=True)
        rows.append(figure)
    for row in rows:
        print(f"{row['name']:<32} {row.get('value', ''):>10} {row['unit']:<14} {row['note']}", file=sys.stderr)


if __name__ == "__main__":
    show(run())
