"""Traces of editing: found where a forger was, not where nobody was, and never in the way of anything else."""

from __future__ import annotations

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont
from tamper_pages import SIZE, Sheet

from service.domain.codec import from_data, to_data
from service.domain.evidence import Box, HintKind, ImageFacts, Line, TamperHint
from service.evidence.document import reading_document
from service.vision.tamper import LEAST, MOST, find_hints
from service.vision.tamper.places import GLYPH_SIGNALS, LINE_SIGNALS, scaled
from service.vision.tamper.weights import MODEL, model_of, shipped


def strongest(sheet: Sheet) -> TamperHint | None:
    hints = find_hints(sheet.pixels(), sheet.lines())
    assert list(hints) == sorted(hints, key=lambda hint: -hint.strength)
    assert len(hints) <= MOST
    return hints[0] if hints else None


def covers(box: Box | None, place: Box) -> bool:
    return box is not None and box.x0 < (place.x0 + place.x1) / 2 < box.x1 and box.y0 < place.y1 and box.y1 > place.y0


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("quality", [None, 90, 60])
def test_an_honest_page_has_no_strong_hint(dark: bool, quality: int | None) -> None:
    for seed in range(4):
        sheet = Sheet(seed, dark=dark)
        if quality:
            sheet.through_jpeg(quality)
        hint = strongest(sheet)
        assert hint is None or hint.strength <= 0.5, (seed, hint)


@pytest.mark.parametrize("quality", [None, 85])
def test_a_digit_set_lower_than_its_neighbours_is_pointed_at(quality: int | None) -> None:
    sheet = Sheet()
    place = sheet.rub_out(3, 7)
    sheet.texts[3] = sheet.texts[3][:7] + "4" + sheet.texts[3][8:]
    sheet.set(3, 7, "4", lower=2.5)
    if quality:
        sheet.through_jpeg(quality)
    hint = strongest(sheet)
    assert hint is not None
    assert hint.strength > 0.5
    assert covers(hint.box, place)


def test_a_digit_of_another_size_is_pointed_at() -> None:
    sheet = Sheet()
    place = sheet.rub_out(4, 5)
    sheet.texts[4] = sheet.texts[4][:5] + "2" + sheet.texts[4][6:]
    sheet.set(4, 5, "2", face=ImageFont.load_default(SIZE * 1.09))
    hint = strongest(sheet)
    assert hint is not None
    assert hint.strength > 0.5
    assert covers(hint.box, place)
    assert hint.kind in (HintKind.FONT, HintKind.STROKE, HintKind.BASELINE)


def test_a_large_photo_is_measured_smaller_and_pointed_at_in_its_own_pixels() -> None:
    sheet = Sheet()
    place = sheet.rub_out(4, 5)
    sheet.texts[4] = sheet.texts[4][:5] + "2" + sheet.texts[4][6:]
    sheet.set(4, 5, "2", lower=2.5, face=ImageFont.load_default(SIZE * 1.09))
    large = cv2.resize(sheet.pixels(), None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    lines = [replace(line, box=scaled(line.box, 4)) for line in sheet.lines()]
    hint = find_hints(large.astype(np.uint8), lines)[0]
    assert hint.strength > 0.5
    assert covers(hint.box, scaled(place, 4))


def test_clean_ground_on_a_page_that_was_a_jpeg_is_told_by_its_noise() -> None:
    honest, forged = Sheet(2), Sheet(2)
    for sheet in (honest, forged):
        sheet.through_jpeg(70)
    place = forged.rub_out(5, 6)
    forged.set(5, 6, forged.texts[5][6])
    before, after = strongest(honest), strongest(forged)
    assert after is not None
    assert after.strength > (before.strength if before else 0)
    assert covers(after.box, place)


def test_hints_are_stored_and_shown_whole() -> None:
    hints = (
        TamperHint(kind=HintKind.FONT, strength=0.7, box=Box(1, 2, 3, 4), note="n"),
        TamperHint(kind=HintKind.EDITOR, strength=0.25),
    )
    facts = ImageFacts(media_type="image/png", width=10, height=10, hints=hints)
    assert from_data(ImageFacts, json.loads(json.dumps(to_data(facts, ImageFacts)))) == facts
    from service.domain.evidence import Empty

    shown = reading_document(Empty(image=facts), None)["hints"]
    assert [hint["kind"] for hint in shown] == ["font", "editor"]
    assert shown[0]["strength"] == 0.7


def test_the_shipped_weights_are_of_these_signals_and_only_ever_add_suspicion() -> None:
    document = shipped()
    for part, signals in (("glyphs", GLYPH_SIGNALS), ("lines", LINE_SIGNALS)):
        model = model_of(document[part], signals)
        assert min(model.linear.min(), model.square.min()) >= 0
        assert (np.diff(model.scores) > 0).all()
        assert (np.diff(model.strengths) > 0).all()
        assert 0 <= model.strengths[0] < LEAST < 0.5 < model.strengths[-1] < 1
    assert document["provenance"]["layouts"] == "development"
    assert json.loads(MODEL.read_text("utf-8")) == document


def test_weights_of_other_signals_are_refused() -> None:
    with pytest.raises(ValueError, match="fit anew"):
        model_of(shipped()["glyphs"], LINE_SIGNALS)


boxes = st.tuples(*[st.floats(-50, 300)] * 4).map(
    lambda edges: Box(
        min(edges[0], edges[2]), min(edges[1], edges[3]), max(edges[0], edges[2]), max(edges[1], edges[3])
    )
)
texts = st.text(st.sampled_from("0123456789:-.¥年月 ABl成功付款"), max_size=24)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(texts, boxes), max_size=9),
    st.integers(1, 220),
    st.integers(1, 220),
    st.integers(0, 2**32 - 1),
    st.sampled_from([2, 8, 256]),
)
def test_whatever_the_lines_say_of_whatever_pixels_nothing_breaks(
    read: list[tuple[str, Box]], width: int, height: int, seed: int, levels: int
) -> None:
    noise = np.random.default_rng(seed).integers(0, levels, (height, width, 3)) * (255 // (levels - 1))
    lines = [Line(text, 0.9, box) for text, box in read]
    for hint in find_hints(noise.astype(np.uint8), lines, b"\x89PNG\r\n\x1a\n" + seed.to_bytes(4, "big") * 5):
        assert LEAST <= hint.strength <= 1
