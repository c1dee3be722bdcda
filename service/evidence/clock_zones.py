"""Zones written behind a time: what they are from UTC, and which of them nobody can tell.

China's own (UTC+8, +08:00, CST) is what times without a zone are in, and is not told again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

_CHINA = timedelta(hours=8)
_FARTHEST = 14  # hours
_NAMED = {
    "est": -5,
    "edt": -4,
    "cdt": -5,
    "pst": -8,
    "pdt": -7,
    "mst": -7,
    "mdt": -6,
    "cet": 1,
    "cest": 2,
    "jst": 9,
    "kst": 9,
    "hkt": 8,
    "sgt": 8,
    "cst": 8,
}
_ZONE = re.compile(
    r"\(?\b(?P<utc>GMT|UTC)(?:\s*(?P<sign>[+\-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?!\d))?\)?"
    r"|(?<=\d)(?P<zulu>Z)\b"
    r"|(?<=\d)\s?(?P<bare>[+\-])(?P<bare_hours>\d{2}):?(?P<bare_minutes>\d{2})(?P<more>:\d{2})?(?!\d)"
    rf"|(?<=[\dm])\s*\(?(?P<name>{'|'.join(_NAMED)}|BST)\)?(?![a-z])",
    re.IGNORECASE,
)
# Bare hours are an offset right behind a clock; 19:48-20:00 is a span of time, and a clock without seconds says not
# which.
_CLOCK_BEFORE, _SECONDS_BEFORE = re.compile(r":\d{2}(?:\.\d+)?$"), re.compile(r":\d{2}:\d{2}(?:\.\d+)?$")


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone at ``text[start:end]``; ``offset`` from UTC, None where nobody can tell it."""

    start: int
    end: int
    offset: timedelta | None

    @property
    def is_china(self) -> bool:
        return self.offset == _CHINA


def zone_in(text: str) -> Zone | None:
    """The zone that ``text`` (clean) writes, None where it writes none."""
    for match in _ZONE.finditer(text):
        before = text[: match.start()]
        if match["bare"] and not _CLOCK_BEFORE.search(before):
            continue
        return Zone(match.start(), match.end(), _offset(match, before))
    return None


def zone_end(text: str, end: int) -> int:
    """Where a moment that ends at ``end`` ends with its zone."""
    zone = zone_in(text)
    return zone.end if zone and zone.start >= end and not text[end : zone.start].strip() else end


def without_zone(text: str) -> str:
    zone = zone_in(text)
    return f"{text[: zone.start]} {text[zone.end :]}" if zone else text


def _offset(match: re.Match[str], before: str) -> timedelta | None:
    if match["zulu"]:
        return timedelta()
    if match["name"]:
        hours = _NAMED.get(match["name"].lower())
        return None if hours is None else timedelta(hours=hours)
    sign = match["sign"] or match["bare"] or "+"
    hours, minutes = (
        int(match["hours"] or match["bare_hours"] or 0),
        int(match["minutes"] or match["bare_minutes"] or 0),
    )
    offset = timedelta(hours=hours, minutes=minutes) * (1 if sign == "+" else -1)
    sure = match["utc"] or offset == _CHINA or _SECONDS_BEFORE.search(before)
    return offset if sure and not match["more"] and hours <= _FARTHEST and minutes in (0, 30, 45) else None
