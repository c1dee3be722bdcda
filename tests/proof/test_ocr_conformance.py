"""PaddleOCR itself reads the test pages, in its own environment, and the default engine is held to it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from ocr_conformance import ROOT, SHORT_PAGE, agreement, golden_lines, golden_pages, legible, lines_from

from service.domain.evidence import Line
from service.vision import OnnxEngine, decode

pytestmark = pytest.mark.proof

REFERENCE = Path(os.environ.get("PREREVIEW_REFERENCE_PYTHON", ROOT / ".venv-reference" / "bin" / "python"))


def run(arguments: Sequence[str | Path], **environment: str) -> str:
    if not REFERENCE.exists():
        pytest.skip(f"{REFERENCE} is missing: run `make reference`")
    done = subprocess.run(
        [REFERENCE, *arguments],
        capture_output=True,
        text=True,
        timeout=600,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def reference() -> dict[str, list[Line]]:
    """Read now, with every connection refused."""
    printed = run([ROOT / "tests" / "proof" / "paddle_lines.py", *golden_pages()])
    return {name: lines_from(rows) for name, rows in json.loads(printed).items()}


def test_the_golden_lines_are_what_the_reference_reads(reference: dict[str, list[Line]]) -> None:
    for page in golden_pages():
        found = agreement(reference[page.name], golden_lines(page))
        assert found.differing == 0, (page.name, found.differences)
        assert min(found.overlaps) > 0.97, page.name


def test_the_default_engine_reads_what_the_reference_reads(reference: dict[str, list[Line]]) -> None:
    engine = OnnxEngine(minimum_score=0.0, reread=False)
    pages = [page for page in golden_pages() if legible(reference[page.name])]
    found = {
        page.name: agreement(engine.read(decode(page.read_bytes()).pixels), reference[page.name]) for page in pages
    }
    characters = sum(page.characters for page in found.values())
    agreed = 1 - sum(page.differing for page in found.values()) / characters
    lowest = min(overlap for page in found.values() for overlap in page.overlaps)
    print(f"\n{len(found)} pages, {characters} characters, {agreed:.2%} agree; lowest IoU {lowest:.3f}")
    assert agreed >= 0.995
    assert lowest >= 0.8
    assert {n: p.differences for n, p in found.items() if p.characters <= SHORT_PAGE and p.differing > 1} == {}


POOL = """
import asyncio, sys
from pathlib import Path
from service.vision import ReaderPool
pool = ReaderPool(engine="paddleocr", workers=1, deadline_seconds=60)
pool.start(wait_seconds=120)
outcome = asyncio.run(pool.read(Path(sys.argv[1]).read_bytes()))
pool.stop()
print(outcome.status, *(line.text for line in outcome.lines), sep="\\n")
"""


def test_the_reference_can_be_chosen_as_the_pools_engine() -> None:
    page = golden_pages()[0]
    status, *texts = run(["-c", POOL, page], PYTHONPATH=str(ROOT)).splitlines()
    assert status == "read"
    assert {line.text for line in golden_lines(page) if line.score > 0.9} <= set(texts)
