"""What is noted beside a fact is said in Chinese, whatever note is added to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import service.evidence
from service.console.case_page.field_notes import field_note_in
from service.domain.evidence import ErrorCode

_DOUBTING = {"doubted": 1, "_lowered": 2, "_guessed": 1}


def notes() -> Iterator[str]:
    """The notes given where a fact is doubted; a value told in one stands as 5."""
    for file in Path(service.evidence.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            place = _DOUBTING.get(node.func.id)
            if place is None or len(node.args) <= place:
                continue
            yield from _texts(node.args[place])


def _texts(given: ast.expr) -> Iterator[str]:
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        yield given.value
    elif isinstance(given, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "5" for part in given.values)
        yield "".join(str(part) for part in parts)


def test_every_note_of_a_fact_has_chinese_words() -> None:
    found = {note for note in notes() if note != "all its words sound 5"}
    assert len(found) > 30
    assert [note for note in sorted(found) if field_note_in("zh", note) == note] == []
    assert all(field_note_in("en", note) == note for note in found)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("", ""),
        ("all its words sound like code_used", "整句话更像：卡密已使用"),
        ("another message says expired; said in passing", "另一条消息说的是：已过期；只是顺带提到"),
        (
            "another reader sees 云帆月卡; a bracket of it was not read",
            "另一个识别器读到：云帆月卡；有一个括号没有读到",
        ),
        ("something nobody has translated", "something nobody has translated"),
    ],
)
def test_notes_stand_one_behind_the_other(note: str, said: str) -> None:
    assert field_note_in("zh", note) == said


def test_a_code_nobody_knows_is_shown_as_it_is() -> None:
    assert field_note_in("zh", "it also says no_such_code") == "同时还说：no_such_code"
    assert ErrorCode.CODE_USED.value not in field_note_in("zh", "it also says code_used")
