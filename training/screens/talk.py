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
    """``who``: buyer or support. ``at``: as printed. ``promise``: support says that money will come back."""

    who: str
    text: str
    at: str
    promise: bool


@cache
def _all() -> dict[str, dict[str, list[list[str]]]]:
    loaded: dict[str, dict[str, list[list[str]]]] = yaml.safe_load(_FILE.read_text("utf-8"))
    return loaded


def draw_talk(rng: Random, language: str, start: datetime, *, held_out: bool) -> list[Message]:
    """One conversation beginning at ``start``. A line begins with B (buyer), S (support) or P (support promises)."""
    lines = rng.choice(_all()["held_out" if held_out else "development"][language])
    form = rng.choice(("%H:%M", "%m-%d %H:%M", "%Y-%m-%d %H:%M"))
    messages, moment = [], start
    for line in lines:
        speaker, text = line.split(" ", 1)
        messages.append(Message("buyer" if speaker == "B" else "support", text, moment.strftime(form), speaker == "P"))
        moment += timedelta(seconds=rng.randrange(20, 400))
    return messages
