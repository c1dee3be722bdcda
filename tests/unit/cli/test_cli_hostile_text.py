"""What an image, a file name or a claim says never steers the terminal it is shown on."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hostile_input import HOSTILE
from rich.console import Console

from service.cli import console
from service.cli.reading import _table


def printed(thing: Any) -> str:
    screen = Console(file=io.StringIO(), width=400, color_system=None)
    screen.print(thing)
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def steers(text: str) -> bool:
    return any(ord(each) < 32 and each != "\n" for each in text) or "\x7f" in text or "\u202e" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str) -> None:
    shown = printed(console.shown(text))
    assert not steers(shown)
    if text.isprintable() and text.isascii():
        assert text in shown  # markup and formulas are shown as they are


@pytest.mark.parametrize("text", HOSTILE)
def test_a_field_and_a_file_name_are_only_text(text: str) -> None:
    document = {
        "status": "read",
        "page": "order",
        "reason": None,
        "ms": {"total": 1.0},
        "lines": [],
        "fields": {"product": {"value": text, "text": text, "score": 0.9, "box": [0, 0, 1, 1], "rule": "product"}},
    }
    assert not steers(printed(_table(Path(text.replace("/", "_").replace("\x00", "") or "x"), document)))


@pytest.mark.parametrize("text", HOSTILE)
def test_an_error_message_is_only_text(
    text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Console(file=io.StringIO(), width=400, color_system=None)
    monkeypatch.setattr(console, "errors", screen)
    assert console.fail(text, code=3) == 3
    assert isinstance(screen.file, io.StringIO)
    assert not steers(screen.file.getvalue())
