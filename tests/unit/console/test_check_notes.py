"""What checks note is said in Chinese, whatever note is added to them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import service.evidence
from service.console.case_page.check_notes import note_in, says_more


def notes() -> Iterator[str]:
    """The literal second argument of every Finding in the rules."""
    for file in Path(service.evidence.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "Finding":
                continue
            for given in node.args[1:2]:
                if isinstance(given, ast.Constant) and given.value:
                    yield str(given.value)


def test_every_note_of_a_check_has_chinese_words() -> None:
    found = set(notes())
    assert len(found) > 30
    assert [note for note in sorted(found) if note_in("zh", note) == note] == []
    assert all(note_in("en", note) == note for note in found)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("likeness 87 of 100", "相似度 87/100"),
        ("likeness 61 of 100; a brand and its company may differ", "相似度 61/100；品牌与公司名可能不同"),
        ("the page shows USD, the record CNY", "截图币种 USD，记录币种 CNY"),
        ("hardly legible; as read, paid to another account", "几乎看不清；照所读：收款方与记录不同"),
        ("something nobody has translated", "something nobody has translated"),
    ],
)
def test_notes_with_figures(note: str, said: str) -> None:
    assert note_in("zh", note) == said


def test_a_note_that_repeats_the_row_is_not_shown_again() -> None:
    assert not any(map(says_more, ("", "another number than the record's", "another amount than was paid")))
    assert says_more("another value, number or term of the product")
    assert says_more("paid to another account")
