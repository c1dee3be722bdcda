"""Numbers, paid amount and times on pages of many makers; what a page does not state is not on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from evidence_record_pages import BANKS, ENGLISH, FOREIGN, MANNERS, ORDERS, TALKED, WALLETS
from evidence_samples import line, middle, read, right

from service.domain.evidence import Box, FieldName, Line
from service.evidence import extract

AS_OF = date(2026, 11, 4)
ASKED = (
    FieldName.ORDER_NUMBER,
    FieldName.TRADE_NUMBER,
    FieldName.AMOUNT,
    FieldName.ORDERED_AT,
    FieldName.PAID_AT,
)
PITCH, TIGHT = 90.0, 58.0
SURE = 0.9


def pages() -> Iterator[tuple[str, list[str], dict[str, str]]]:
    for text in (BANKS, WALLETS, ORDERS, ENGLISH, MANNERS, TALKED, FOREIGN):
        for block in text.split("## ")[1:]:
            name, *rows = block.strip().splitlines()
            body, expected = [row for row in rows if not row.startswith("=>")], rows[-1].removeprefix("=>")
            yield name, body, dict(part.split("=", 1) for part in expected.split())


def lines_of(rows: list[str]) -> list[Line]:
    found: list[Line] = []
    y0 = 160.0
    for row in rows:
        y0 -= PITCH - TIGHT if row.startswith("+ ") else 0.0
        found += _row(row, y0)
        y0 += TIGHT if " || " in row else PITCH
    return found


def _row(row: str, y0: float) -> list[Line]:
    mark, _, rest = row.partition(" ")
    if mark in ("#", "^", "="):
        return [middle(rest, y0, height={"#": 84.0, "^": 56.0, "=": 40.0}[mark])]
    if mark in (">", "+"):
        return [right(rest, 1020, y0)]
    if " || " in row:
        cells = row.split(" || ")
        pitch, height = (330, 36) if len(cells) <= 3 else (1000 / len(cells), 20)
        return [line(text, 60 + pitch * column, y0, height=height) for column, text in enumerate(cells)]
    if " | " in row:
        key, *between, value = row.split(" | ")
        return [line(key, 60, y0), *(middle(text, y0) for text in between), right(value, 1020, y0)]
    return [line(row.removeprefix("- "), 60, y0)]


@pytest.mark.parametrize(
    ("rows", "expected"), [(rows, wanted) for _, rows, wanted in pages()], ids=[n for n, _, _ in pages()]
)
def test_a_page_states_its_numbers_amount_and_times(rows: list[str], expected: dict[str, str]) -> None:
    fields = extract(read(*lines_of(rows)), as_of=AS_OF).fields
    assert {name.value: str(fields[name].value) for name in ASKED if name in fields} == expected


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [("订", "汀"), ("号", "亏"), ("额", "颌"), ("间", "问"), ("实", "买"), ("¥", "羊"), ("：", " ")],
)
def test_one_character_always_misread_hides_little_and_asserts_nothing_else(printed: str, read_as: str) -> None:
    asked = found = 0
    for _, rows, wanted in pages():
        lines = [replace(one, text=one.text.replace(printed, read_as)) for one in lines_of(rows)]
        fields = extract(read(*lines), as_of=AS_OF).fields
        for name in ASKED:
            value = str(fields[name].value) if name in fields else None
            asked += name.value in wanted
            found += value is not None and value == wanted.get(name.value)
            assert value in (None, wanted.get(name.value)) or fields[name].score < SURE
    assert found >= 0.99 * asked


@pytest.mark.parametrize("apart", [r"(\.\d\d)$", r"¥\s?(\d[\d,.]*)$", r"\d (\d\d:\d\d(?::\d\d)?)$"])
def test_a_value_s_end_in_a_box_of_its_own_is_read_with_it(apart: str) -> None:
    """Cents printed smaller, the number after its mark, the clock after its day."""
    asked = found = 0
    for _, rows, wanted in pages():
        lines = [piece for one in lines_of(rows) for piece in _split(one, apart)]
        fields = extract(read(*lines), as_of=AS_OF).fields
        asked += len(wanted)
        found += sum(
            str(fields[name].value) == wanted[name.value] for name in ASKED if name in fields and name.value in wanted
        )
        assert all(
            str(fields[name].value) == wanted.get(name.value) or fields[name].score < SURE
            for name in ASKED
            if name in fields
        )
    assert found >= 0.99 * asked


def _split(one: Line, apart: str) -> list[Line]:
    match = re.search(apart, one.text)
    if match is None or not match.start(1):
        return [one]
    at = one.box.x0 + one.box.width * match.start(1) / len(one.text)
    head = replace(one, text=one.text[: match.start(1)].rstrip(), box=replace(one.box, x1=at))
    tail = Box(at, one.box.y0 + 0.25 * one.box.height, one.box.x1, one.box.y1)
    return [head, replace(one, text=match[1], box=tail)]
