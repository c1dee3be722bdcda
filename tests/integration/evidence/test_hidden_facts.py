"""Facts hidden on rendered pages, read by the default engine: what cannot be read is told as such, by name or page."""

from __future__ import annotations

import io
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PIL import Image

from service.domain.evidence import Edge, Empty, FieldName, GapKind, ImageFacts, Page, Read
from service.domain.showing import PLAIN
from service.evidence import extract
from service.vision import OnnxEngine
from service.vision.decode import decode
from service.vision.legibility import find_flaws
from training.screens.hiding import HIDINGS

PAGES = Path(__file__).parents[2] / "data" / "screens"
TRUTHS: dict[str, Any] = json.loads((PAGES / "truth.json").read_text("utf-8"))
WHOLE = ("0000-bill_spread.png", "0001-bill_columns.jpg", "0007-card_delivery.jpg", "0020-bill_spread.jpg")


@pytest.fixture(scope="module")
def engine() -> OnnxEngine:
    return OnnxEngine()


def seen(image: Image.Image, engine: OnnxEngine, *, quality: int = 88) -> Page | None:
    """What is made of the picture; None where no text is left on it."""
    data = io.BytesIO()
    image.save(data, "JPEG", quality=quality)
    decoded = decode(data.getvalue())
    lines = engine.read(decoded.pixels)

    facts = ImageFacts(
        media_type=decoded.media_type,
        width=decoded.width,
        height=decoded.height,
        flaws=find_flaws(decoded.pixels, lines),
    )
    outcome = Read(lines=lines, image=facts) if lines else Empty(image=facts)
    return extract(outcome) if isinstance(outcome, Read) else None


def opened(name: str) -> Image.Image:
    with Image.open(PAGES / name) as image:
        return image.convert("RGB")


@pytest.mark.parametrize("name", WHOLE)
def test_whole_pages_hide_nothing(name: str, engine: OnnxEngine) -> None:
    page = seen(opened(name), engine)
    assert page is not None
    assert [gap for gap in page.gaps if gap.kind in PLAIN] == []


@pytest.mark.parametrize("kind", ["black bar", "coloured bar", "mosaic", "smeared", "scribble", "erased"])
def test_a_covered_number_is_told_as_covered_or_illegible(kind: str, engine: OnnxEngine) -> None:
    name = "0001-bill_columns.jpg"
    box = TRUTHS[name]["boxes"]["trade_number"]
    page = seen(HIDINGS[kind](opened(name), box, Random(5)), engine)
    assert page is not None
    gaps = {gap.field: gap.kind for gap in page.gaps if gap.kind in PLAIN}
    assert gaps.get(FieldName.TRADE_NUMBER) in (GapKind.COVERED, GapKind.BLURRED)
    assert set(gaps) == {FieldName.TRADE_NUMBER}


@pytest.mark.parametrize("edge", ["top", "right"])
def test_a_number_cut_off_is_told_with_its_edge(edge: str, engine: OnnxEngine) -> None:
    name = "0020-bill_spread.jpg"
    image, box = opened(name), TRUTHS[name]["boxes"]["amount" if edge == "top" else "order_number"]
    x0, y0, x1, y1 = (round(each) for each in box)
    cut = {"top": (0, (y0 + y1) // 2, *image.size), "right": (0, 0, (x0 + x1) // 2, image.height)}[edge]
    page = seen(image.crop(cut), engine)
    assert page is not None
    hidden = FieldName.AMOUNT if edge == "top" else FieldName.ORDER_NUMBER
    cuts = {gap.field: gap.edge for gap in page.gaps if gap.kind is GapKind.CUT_OFF}
    assert cuts[hidden] is Edge(edge)


def test_an_illegible_page_is_told_as_blurred_or_too_small(engine: OnnxEngine) -> None:
    name = "0000-bill_spread.png"
    image = opened(name)
    small = seen(image.resize((image.width // 5, image.height // 5), Image.Resampling.LANCZOS), engine)
    assert small is not None
    assert any(gap.kind is GapKind.TOO_SMALL and gap.field is None for gap in small.gaps)
    blurred = seen(HIDINGS["blurred page"](image, (0, 0, 100, 90), Random(2)), engine)
    assert blurred is None or any(gap.kind is GapKind.BLURRED and gap.field is None for gap in blurred.gaps)
    for page in (small, blurred):
        shown = {} if page is None else page.fields
        hidden = set() if page is None else {gap.field for gap in page.gaps if gap.kind in PLAIN}
        for field, value in TRUTHS[name]["fields"].items():
            read = shown.get(FieldName(field))
            assert read is None or read.value == value or FieldName(field) in hidden or None in hidden


def test_two_pages_in_one_picture_are_told(engine: OnnxEngine) -> None:
    one = opened("0000-bill_spread.png")
    both = Image.new("RGB", (2 * one.width, one.height), "white")
    both.paste(one, (0, 0))
    both.paste(one, (one.width, 0))
    page = seen(both, engine)
    assert page is not None
    assert GapKind.SEVERAL_PAGES in {gap.kind for gap in page.gaps}
