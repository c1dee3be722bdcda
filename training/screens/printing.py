"""How pages print money and times, and the values a reader should get back from that print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context


def yuan(minor: int, *, grouped: bool = False) -> str:
    """Minor units as a decimal number with two places: 128000 → ``1280.00`` or, grouped, ``1,280.00``."""
    return f"{minor / 100:,.2f}" if grouped else f"{minor / 100:.2f}"


@pass_context
def _clock(context: Context, value: str) -> str:
    moment = datetime.fromisoformat(value)
    return f"{moment:%Y-%m-%d %H:%M}" if context.get("minutes") else f"{moment:%Y-%m-%d %H:%M:%S}"


def _clock_zh(value: str) -> str:
    moment = datetime.fromisoformat(value)
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M:%S}"


@pass_context
def _pick(context: Context, purpose: str, choices: Sequence[Any]) -> Any:
    """One of ``choices``, the same for one page and purpose: a page of many parts is put together by its looks."""
    looks = (context["variant"], context["battery"], context["accent"], context["size"], context["gap"])
    return Random(f"{looks}:{purpose}").choice(choices)


def environment(folder: Path) -> Environment:
    """Jinja2 over ``folder`` with our filters; an unknown variable in a template is an error unless defaulted."""
    jinja = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    jinja.filters.update(yuan=yuan, clock=_clock, clock_zh=_clock_zh)
    jinja.globals["pick"] = _pick
    return jinja
