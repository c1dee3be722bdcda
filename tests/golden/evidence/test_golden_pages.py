"""Whole pages as the default engine read them, with everything the extractor is to find on them.

``pages.jsonl``: one page a line, ``lines`` as [text, score, x0, y0, x1, y1]. The pages are drawn for these tests in the
manner of bills, orders, receipts and dialogs in common use; names and numbers are invented. Expected values are what
stands on the page, save where the reader itself misread it (a traditional character read as its simplified one).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from service.domain.evidence import Box, ImageFacts, Line, Read
from service.evidence import extract

PAGES = [json.loads(text) for text in (Path(__file__).parent / "pages.jsonl").read_text("utf-8").splitlines()]


def outcome(page: dict[str, Any], *, scale: float = 1.0, shift: float = 0.0) -> Read:
    lines = tuple(
        Line(text, score, Box(*(edge * scale + shift for edge in edges))) for text, score, *edges in page["lines"]
    )
    return Read(lines=lines, image=ImageFacts(media_type="image/png", width=4000, height=8000))


def fields(page: dict[str, Any], **changes: float) -> dict[str, Any]:
    return {name.value: field.value for name, field in extract(outcome(page, **changes)).fields.items()}


@pytest.mark.parametrize("page", PAGES, ids=[page["name"] for page in PAGES])
def test_a_page_is_read_whole_and_nothing_is_added(page: dict[str, Any]) -> None:
    shown = extract(outcome(page))
    assert shown.kind.value == page["page"]
    assert {name.value: field.value for name, field in shown.fields.items()} == page["fields"]


@pytest.mark.parametrize("page", PAGES, ids=[page["name"] for page in PAGES])
def test_size_and_place_of_the_page_do_not_matter(page: dict[str, Any]) -> None:
    assert fields(page, scale=0.5) == page["fields"]
    assert fields(page, scale=2.0, shift=130.0) == page["fields"]


@pytest.mark.parametrize("page", PAGES, ids=[page["name"] for page in PAGES])
def test_the_reader_s_order_of_lines_does_not_matter(page: dict[str, Any]) -> None:
    turned = {**page, "lines": list(reversed(page["lines"]))}
    assert fields(turned) == page["fields"]
