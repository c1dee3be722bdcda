"""What a layout of an invented app is: its page, the rows it shows under which names, the devices it is shown on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Labels = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled row: ``fact`` is a field of the read contract, or the name of a distractor (see draw.py)."""

    fact: str
    labels: Labels
    chance: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """``prompts``: share of pages whose prompt is harmless, None where the layout shows no prompt.
    ``codes``: the error codes such a page can show, all when empty.
    ``shuffled``: rows come in any order. ``devices``: names in draw.DEVICES.
    ``money``, ``times``: the ways this app prints them (facts.Print), any when empty.
    ``tall``: the whole scrolled page is captured. ``pool``: where names, words and prompts come from (pools.py).
    """

    name: str
    page: str
    rows: tuple[Row, ...] = ()
    languages: tuple[str, ...] = ("zh",)
    devices: tuple[str, ...] = ("phone",)
    prompts: float | None = None
    codes: tuple[str, ...] = ()
    shuffled: bool = False
    held_out: bool = False
    money: tuple[str, ...] = ()
    times: Mapping[str, tuple[str, ...]] | None = None
    tall: bool = False
    pool: str = "first"

    @property
    def voice(self) -> str:
        """The pool of prompts and conversations; a part of a pool has none of its own."""
        return self.pool.partition("/")[0]


def row(fact: str, zh: str, en: str = "", chance: float = 1.0) -> Row:
    """A row with its names by language, alternatives separated by ``|``; without ``en`` the Chinese serve."""
    labels = {"zh": tuple(zh.split("|"))} | ({"en": tuple(en.split("|"))} if en else {})
    return Row(fact, labels, chance)
