"""What apps say when something fails, by code and language, and harmless prompts that must not be taken for errors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

import yaml

_FILE = Path(__file__).with_name("prompts.yaml")
_EVERY = 4


@cache
def _all() -> dict[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(_FILE.read_text("utf-8"))
    return loaded


def codes() -> tuple[str, ...]:
    """Every error code there are wordings for."""
    return tuple(code for code in _all() if code != "none")


def wordings(code: str | None, language: str, *, held_out: bool = False) -> list[str]:
    """Wordings of ``code`` (None: harmless prompts). Held-out layouts say things in words the others never use."""
    every = _all()[code or "none"][language]
    return [text for index, text in enumerate(every) if (index % _EVERY == _EVERY - 1) == held_out]


def draw(
    rng: Random, language: str, *, held_out: bool = False, harmless: float = 0.2, among: Sequence[str] = ()
) -> tuple[str | None, str]:
    """A code (of ``among``, if given) and its wording; with probability ``harmless`` None and no error's prompt."""
    code = None if rng.random() < harmless else rng.choice(among or codes())
    return code, rng.choice(wordings(code, language, held_out=held_out))
