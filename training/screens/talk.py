"""Conversations with support: who says what, and when; held-out layouts have conversations of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import yaml

_FILE = Path(__file__).with_name("talks.yaml")


@dataclass(frozen=True, slots=True)
class Message:
    """``who``: buyer, support or system. ``at``: as printed, ``moment`` ISO 8601 of the same.

    ``promise``: support says that money will come back.
    """

    who: str
    text: str
    at: str
    promise: bool
    moment: str


@cache
def _all() -> dict[str, dict[str, list[list[str]]]]:
    loaded: dict[str, dict[str, list[list[str]]]] = yaml.safe_load(_FILE.read_text("utf-8"))
    return loaded


_SPEAKERS = {"B": "buyer", "S": "support", "P": "support", "T": "system"}


def draw_talk(rng: Random, language: str, start: datetime, *, held_out: bool, pool: str = "first") -> list[Message]:
    """One conversation beginning at ``start``. A line begins with B (buyer), S (support), P (support promises) or
    T (the app itself)."""
    key = pool if pool != "first" else "held_out" if held_out else "development"
    lines = rng.choice(_all()[key][language])
    form = rng.choice(("%H:%M", "%m-%d %H:%M", "%Y-%m-%d %H:%M"))
    messages, moment = [], start
    for line in lines:
        speaker, text = line.split(" ", 1)
        told = moment.isoformat(timespec="minutes")
        messages.append(Message(_SPEAKERS[speaker], text, moment.strftime(form), speaker == "P", told))
        moment += timedelta(seconds=rng.randrange(20, 400))
    return messages
