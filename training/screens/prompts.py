"""What apps say when something fails, by code and language, and harmless prompts that must not be taken for errors.

Wordings come in pools: ``first`` (every fourth entry of a list kept for held-out layouts), ``breadth``, which adds to
the development half of the first (``further`` says the same), and ``second``, ``third``, ``fourth``, ``fifth``,
``sixth`` to ``thirteenth``, held out as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

import yaml

_FILES = {
    "first": "prompts.yaml",
    "breadth": "prompts_breadth.yaml",
    "further": "prompts_breadth.yaml",
    "second": "prompts_second.yaml",
    "third": "prompts_third.yaml",
    "fourth": "prompts_fourth.yaml",
    "fifth": "prompts_fifth.yaml",
    "sixth": "prompts_sixth.yaml",
    "seventh": "prompts_seventh.yaml",
    "eighth": "prompts_eighth.yaml",
    "ninth": "prompts_ninth.yaml",
    "tenth": "prompts_tenth.yaml",
    "eleventh": "prompts_eleventh.yaml",
    "twelfth": "prompts_twelfth.yaml",
    "thirteenth": "prompts_thirteenth.yaml",
}
_EVERY = 4


@cache
def _all(pool: str) -> dict[str, dict[str, list[str]]]:
    text = Path(__file__).with_name(_FILES[pool]).read_text("utf-8")
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return loaded


def codes(pool: str = "breadth") -> tuple[str, ...]:
    """Every error code there are wordings for. The first pool lacks the codes that came later."""
    return tuple(code for code in _all(pool) if code != "none")


def wordings(code: str | None, language: str, *, held_out: bool = False, pool: str = "first") -> list[str]:
    """Wordings of ``code`` (None: harmless prompts). Held-out layouts say things in words the others never use."""
    name = code or "none"
    if pool not in ("first", "breadth", "further"):
        return list(_all(pool)[name][language])
    every = _all("first").get(name, {}).get(language, [])
    own = [text for index, text in enumerate(every) if (index % _EVERY == _EVERY - 1) == held_out]
    return own + (_all(pool)[name][language] if pool in ("breadth", "further") else [])


def draw(
    rng: Random,
    language: str,
    *,
    held_out: bool = False,
    harmless: float = 0.2,
    among: Sequence[str] = (),
    pool: str = "first",
) -> tuple[str | None, str]:
    """A code (of ``among``, if given) and its wording; with probability ``harmless`` None and no error's prompt."""
    code = None if rng.random() < harmless else rng.choice(among or codes(pool))
    return code, rng.choice(wordings(code, language, held_out=held_out, pool=pool))
