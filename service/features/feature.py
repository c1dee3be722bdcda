"""What a feature is: a number about a claim, declared once with its unit, direction, words and rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from service.domain.assessment import Text
from service.features.facts import Facts

Direction = Literal[-1, 0, 1]


class Group(StrEnum):
    ACCOUNT = "account history"
    EVIDENCE = "evidence"
    GOODS = "goods and seller"
    LINKS = "links"
    AMOUNT_TIME = "amount and time"


class Unit(StrEnum):
    """How a value is to be read. YUAN: major units of the order's currency. LEVEL: an index into ``levels``."""

    COUNT = "count"
    DAYS = "days"
    HOURS = "hours"
    YUAN = "yuan"
    RATIO = "ratio"
    SHARE = "share"
    LEVEL = "level"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One column of the row.

    ``direction``: +1 the risk may only rise with the value, -1 only fall, 0 free; training hands it to LightGBM as a
    monotone constraint. ``sentence``: what a reviewer reads; ``{value}`` is the value with its unit, ``{s}`` the
    English plural ending. ``missing``: when the value is NaN, in words; None means never. ``levels``: the words of a
    LEVEL's values 0, 1, 2, ...
    """

    name: str
    unit: Unit
    direction: Direction
    group: Group
    description: Text
    sentence: Text
    compute: Callable[[Facts], float]
    missing: Text | None = None
    levels: tuple[Text, ...] = ()


def text(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)


NO_YES = (text("否", "no"), text("是", "yes"))
