"""Photos and captures of real apps, read by the default engine. They are not part of this repository."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from service.domain.evidence import PageKind, Read
from service.evidence import extract
from service.vision.onnx_engine import OnnxEngine
from service.vision.reading import read_image

DATA = os.environ.get("PREREVIEW_EXTERNAL_DATA")
SCREENS = Path(DATA or "") / "screens"
pytestmark = pytest.mark.skipif(
    not (DATA and (SCREENS / "labels.json").is_file()),
    reason="PREREVIEW_EXTERNAL_DATA does not point to a folder with screens/labels.json",
)


@pytest.fixture(scope="module")
def engine() -> OnnxEngine:
    return OnnxEngine()


def labelled() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCREENS / "labels.json").read_text("utf-8")) if SCREENS.is_dir() else {}
    return found


@pytest.mark.parametrize("name", sorted(labelled()) if DATA else ["none"])
def test_every_labelled_fact_is_read_and_nothing_is_invented(name: str, engine: OnnxEngine) -> None:
    truth = labelled()[name]
    outcome = read_image((SCREENS / name).read_bytes(), engine)
    assert isinstance(outcome, Read)
    page = extract(outcome)
    assert page.kind is PageKind(truth["page"])
    assert {field.value: found.value for field, found in page.fields.items()} == truth["fields"]
    for found in page.fields.values():
        assert 0 <= found.box.x0 < found.box.x1 <= outcome.image.width
        assert 0 <= found.box.y0 < found.box.y1 <= outcome.image.height
