"""The wordings to learn from, pool by pool; a pool is one author's, or one set of drawn pages'."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from service.evidence.normalise import words_only
from service.evidence.vocabulary import names_goods
from training.screens import prompts
from training.screens.layouts import HELD_OUT_SETS, SPENT

_HERE = Path(__file__).parent
# Written as lists, apart from the rules and from each other.
WRITTEN = (
    "apps",
    "screens",
    "games_and_stores",
    "operators_and_shops",
    "odd_voices",
    "harmless",
    "near_misses",
    "other_troubles",
    "once_mistaken",
)
# Drawn on pages of development layouts, and of held-out sets that were opened. A set that is sealed is not among them.
DRAWN = ("prompts", "prompts_breadth", *(f"prompts_{name}" for name in HELD_OUT_SETS if name in SPENT - {"first"}))
PAGE_LINES, PAGE_GOODS = _HERE / "page_lines.json.gz", _HERE / "page_goods.json.gz"
GOODS = "goods"
# To measure with, never to learn from.
CHECK = "check"


@dataclass(frozen=True, slots=True)
class Taught:
    """``meaning`` is empty where ``text`` has none of those asked for. ``language``: zh or en; empty for page lines."""

    text: str
    meaning: str
    language: str
    pool: str


@cache
def wordings() -> tuple[Taught, ...]:
    """Every wording with its meaning, in the order of the files."""
    folders = {**dict.fromkeys(WRITTEN, _HERE), **dict.fromkeys(DRAWN, Path(prompts.__file__).parent)}
    return tuple(one for name, folder in folders.items() for one in _pool(folder / f"{name}.yaml"))


@cache
def check() -> tuple[Taught, ...]:
    """Wordings of one more author, which nothing was learned from and no rule was made for."""
    return tuple(_pool(_HERE / f"{CHECK}.yaml"))


def _pool(path: Path) -> list[Taught]:
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(path.read_text("utf-8"))
    return [
        Taught(text, "" if name == "none" else name, language, path.stem)
        for name, languages in loaded.items()
        for language, texts in languages.items()
        for text in texts
    ]


@cache
def page_lines() -> tuple[Taught, ...]:
    """Paragraphs read from drawn pages without an error on them: what a message is to be told from."""
    kept = _kept(PAGE_LINES)
    return tuple(Taught(text, "", "", f"lines of {name}") for name, texts in kept.items() for text in texts)


@cache
def goods() -> tuple[Taught, ...]:
    """Names of goods, written and of drawn pages, and what is none.

    A page's line that speaks of goods, or is a part of a name, is left out: nothing says which of them it is.
    """
    kept = _kept(PAGE_GOODS)
    names = [Taught(text, GOODS, "", f"goods of {name}") for name, texts in kept.items() for text in texts]
    known = {words_only(one.text) for one in names}
    others = [
        one
        for one in page_lines()
        if not names_goods(one.text)
        and len(words := words_only(one.text)) >= _SHORTEST
        and not any(words in name or name in words for name in known)
    ]
    return (*_pool(_HERE / f"{GOODS}.yaml"), *names, *others)


def _kept(path: Path) -> dict[str, list[str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        loaded: dict[str, list[str]] = json.load(file)
    return loaded


_SHORTEST = 2
