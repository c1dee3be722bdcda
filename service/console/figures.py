"""Moments, sums and counts as people of a desk read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from service.domain.money import Money

_GROUPED = re.compile(r"(?<=\d)(?=(\d{3})+(?!\d))")


@dataclass(frozen=True, slots=True)
class Shown:
    """A moment in a platform's zone: ``at`` to the minute, ``iso`` with offset, ``age`` as "3 hours ago"."""

    at: str
    iso: str
    age: str


def moment(at: datetime | None, zone: str, now: datetime, language: str) -> Shown | None:
    """None for None."""
    if at is None:
        return None
    local = at.astimezone(ZoneInfo(zone))
    return Shown(f"{local:%Y-%m-%d %H:%M}", local.isoformat(timespec="seconds"), age(now - at, language))


def age(since: timedelta, language: str) -> str:
    """In the largest whole unit; of what is to come, how long until then."""
    seconds = since.total_seconds()
    shown = length(abs(seconds), language)
    if language == "en":
        return f"{shown} ago" if seconds >= 0 else f"in {shown}"
    return f"{shown}前" if seconds >= 0 else f"{shown}后"


def length(seconds: float, language: str) -> str:
    """``90 s``, ``12 min``, ``5 h``, ``3 days``."""
    units = ((86_400 * 2, 86_400, "天", "days"), (3_600 * 2, 3_600, "小时", "h"), (120, 60, "分钟", "min"))
    for least, size, zh, en in units:
        if seconds >= least:
            return f"{seconds // size:,.0f} {en if language == 'en' else zh}"
    return f"{seconds:.0f} {'s' if language == 'en' else '秒'}"


def money(minor: int, currency: str) -> str:
    """``¥12,345.00``."""
    whole, dot, part = str(Money(minor, currency)).partition(".")
    return _GROUPED.sub(",", whole) + dot + part


def more(minor: int, currency: str) -> str:
    """A difference, with its sign: ``+¥12.00``, ``−¥3.00``, ``±0``."""
    if minor == 0:
        return "±0"
    return f"{'+' if minor > 0 else '−'}{money(abs(minor), currency)}"


def count(number: int) -> str:
    return f"{number:,}"


def permille(share: int) -> str:
    """Thousandths as per cent: ``1%``, ``0.5%``."""
    return f"{share / 10:g}%"
