"""The default engine's raw pass against the reference's stored lines; `make proof` makes the reference read anew."""

from __future__ import annotations

import pytest
from ocr_conformance import SHORT_PAGE, Agreement, agreement, golden_lines, golden_pages, legible

from service.domain.evidence import Box, Line
from service.vision import OnnxEngine, decode


@pytest.fixture(scope="module")
def agreements() -> dict[str, Agreement]:
    engine = OnnxEngine(minimum_score=0.0, reread=False)
    return {
        page.name: agreement(engine.read(decode(page.read_bytes()).pixels), golden_lines(page))
        for page in golden_pages()
        if legible(golden_lines(page))
    }


def test_there_is_enough_to_compare(agreements: dict[str, Agreement]) -> None:
    assert len(agreements) >= 20
    assert sum(page.characters for page in agreements.values()) > 3000


def test_characters_agree(agreements: dict[str, Agreement]) -> None:
    characters = sum(page.characters for page in agreements.values())
    differing = sum(page.differing for page in agreements.values())
    assert 1 - differing / characters >= 0.995, {n: p.differences for n, p in agreements.items() if p.differing}


def test_short_pages_differ_in_one_character_at_most(agreements: dict[str, Agreement]) -> None:
    short = {name: page for name, page in agreements.items() if page.characters <= SHORT_PAGE}
    assert short
    assert {name: page.differences for name, page in short.items() if page.differing > 1} == {}


def test_boxes_agree(agreements: dict[str, Agreement]) -> None:
    assert min(overlap for page in agreements.values() for overlap in page.overlaps) >= 0.8


def test_the_measure_counts_what_is_missing_and_what_is_too_much() -> None:
    reference = [Line("订单 123", 1.0, Box(0, 0, 50, 10)), Line("ok", 1.0, Box(0, 20, 20, 30))]
    own = [Line("订单124", 1.0, Box(0, 0, 50, 9)), Line("extra", 1.0, Box(0, 80, 50, 90))]
    found = agreement(own, reference)
    assert (found.characters, found.differing) == (7, 1 + 2 + 5)
    assert found.overlaps == (0.9,)
