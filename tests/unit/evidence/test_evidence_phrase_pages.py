"""Numbers, amounts and times in the words and structures of many makers, none of which the rules list as a page."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from evidence_phrase_pages import STRUCTURES, PhrasePage, pairs_page
from evidence_samples import FACTS
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.evidence import Box, FieldName, Line, Read
from service.evidence import extract

AS_OF = date(2026, 11, 20)
MINE = (
    FieldName.ORDER_NUMBER,
    FieldName.TRADE_NUMBER,
    FieldName.AMOUNT,
    FieldName.ORDERED_AT,
    FieldName.PAID_AT,
)


def read_of(lines: list[Line]) -> Read:
    width = int(max(one.box.x1 for one in lines)) + 60
    height = int(max(one.box.y1 for one in lines)) + 80
    return Read(lines=tuple(lines), image=replace(FACTS, width=width, height=height))


def told(lines: list[Line]) -> dict[FieldName, str | int]:
    fields = extract(read_of(lines), as_of=AS_OF).fields
    return {name: fields[name].value for name in MINE if name in fields}


@pytest.mark.parametrize("structure", sorted(STRUCTURES))
@pytest.mark.parametrize("seed", range(12))
def test_keys_and_values_are_read_however_they_are_set(seed: int, structure: str) -> None:
    page = pairs_page(seed, structure)
    assert told(page.lines) == page.truth


PAGES = st.builds(pairs_page, st.integers(0, 10_000), st.sampled_from(sorted(STRUCTURES)))


@given(PAGES, st.floats(0.4, 2.5), st.floats(0, 900), st.floats(0, 900), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_place_size_and_order_of_lines_do_not_matter(
    page: PhrasePage, scale: float, across: float, down: float, dice: random.Random
) -> None:
    moved = [
        replace(
            one,
            box=Box(
                one.box.x0 * scale + across,
                one.box.y0 * scale + down,
                one.box.x1 * scale + across,
                one.box.y1 * scale + down,
            ),
        )
        for one in page.lines
    ]
    dice.shuffle(moved)
    assert told(moved) == told(page.lines)


@given(PAGES, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_what_a_second_reader_sees_otherwise_is_not_certain(page: PhrasePage, dice: random.Random) -> None:
    doubted = [replace(one, other="??") for one in page.lines]
    for field in (extract(read_of(doubted), as_of=AS_OF).fields.get(name) for name in MINE):
        assert field is None or (field.score < 0.85 and "another reader" in field.note)


@given(PAGES)
@settings(max_examples=40, deadline=None)
def test_nothing_is_read_from_lines_the_picture_cuts(page: PhrasePage) -> None:
    outcome = read_of(page.lines)
    edge = max(one.box.x1 for one in page.lines)
    cut = Read(lines=outcome.lines, image=replace(outcome.image, width=int(edge)))
    fields = extract(cut, as_of=AS_OF).fields
    for name in (FieldName.ORDER_NUMBER, FieldName.TRADE_NUMBER):
        assert name not in fields or fields[name].box.x1 < edge - 1
