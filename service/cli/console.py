"""What every command says and how it runs: errors on standard error, one event loop, settings once."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Coroutine, Mapping
from functools import cache
from typing import Any, TypeVar

import orjson
import typer
from rich.console import Console
from rich.table import Column
from rich.text import Text

from service import wiring
from service.settings import Settings

T = TypeVar("T")

errors = Console(stderr=True, highlight=False)
out = Console(highlight=False)


@cache
def settings() -> Settings:
    """The settings of this command, with logging set up to match."""
    found = Settings()
    wiring.configure_logging(found)
    return found


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's async part to its end."""
    return asyncio.run(work)


def print_json(document: object) -> None:
    """One JSON document on one line, UTF-8."""
    typer.echo(orjson.dumps(document, default=str).decode())


def fail(message: str, *, code: int, extra: Mapping[str, Any] | None = None) -> int:
    """Say what went wrong and return the exit code."""
    # A log has no width to wrap to, and what is wrapped cannot be searched for.
    errors.print(f"[bold red]error:[/] {_plain(message)}", soft_wrap=True)
    for item in (extra or {}).get("errors", []):
        errors.print(f"  {_plain(str(item.get('path', '')))}: {_plain(str(item.get('message', '')))}", soft_wrap=True)
    return code


def shown(text: object) -> Text:
    """Text from outside for a terminal: no markup, no escape sequence, no reversed reading order."""
    return Text(_harmless(str(text)))


def whole(header: str) -> Column:
    """A column of ids, which are copied from the screen: never cut, whatever the terminal's width."""
    return Column(header, no_wrap=True, overflow="ignore", min_width=18)


def _plain(text: str) -> str:
    """Text from outside must not be taken for markup."""
    return _harmless(text).replace("[", r"\[")


def _harmless(text: str) -> str:
    return "".join("\ufffd" if _steers(each) else each for each in text)


def _steers(character: str) -> bool:
    """Whether a terminal acts on the character instead of showing it. Line breaks are wanted."""
    return character != "\n" and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"}
