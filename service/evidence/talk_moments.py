"""Moments as conversations write them: between the messages, beside a name, or inside a bubble."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from service.evidence.normalise import clean
from service.evidence.times import is_moment, parse_time

_WEEKDAYS = "一二三四五六日"
_WEEKDAY = re.compile(r"(?:星期|周|週)([一二三四五六日天])|\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.IGNORECASE)
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ONLY_CLOCK = re.compile(
    r"(?:(?:星期|周|週)[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)?[\s,]*"
    r"(?:上午|下午|凌晨|早上|中午|傍晚|晚上)?\s*\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?",
    re.IGNORECASE,
)
MOMENT_AT_END = re.compile(
    r"^(?P<name>[^\d:]{1,24}?)[\s·|,]*(?P<moment>(?:20\d{2}[-/.年]|\d{1,2}[-/月]\d{1,2}|昨天|前天|今天|星期|周|yesterday|today)?[\d\s:/.\-年月日]*"
    r"\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]m)?)$",
    re.IGNORECASE,
)
_LONGEST_STAMP = 40


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment between messages; ``iso`` None where the page gives no day and no day of capture is known."""

    iso: str | None


def _bare_stamp(text: str) -> str:
    """Without ticks that tell it was delivered or read."""
    return clean(text).strip(" -—·|✓√✔/")


def is_stamp(text: str) -> bool:
    bare = _bare_stamp(text)
    if len(bare) > _LONGEST_STAMP or not re.search(r"\d[:年月/.-]|\d\s+[a-z]{3}", bare, re.IGNORECASE):
        return False
    return bool(_ONLY_CLOCK.fullmatch(bare)) or is_moment(bare)


def stamp_of(text: str, as_of: date | None) -> Stamp | None:
    bare = _bare_stamp(text)
    return Stamp(moment_of(bare, as_of)) if is_stamp(bare) else None


def moment_of(text: str, as_of: date | None) -> str | None:
    """A clock alone is the capture's day; a weekday is the latest such day before it, as conversations write them."""
    printed = parse_time(text, as_of=as_of)
    if printed or as_of is None:
        return printed.iso if printed else None
    day = _weekday(text, as_of)
    printed = parse_time(f"{day.isoformat()} {_WEEKDAY.sub(' ', text)}")
    return printed.iso if printed else None


def _weekday(text: str, as_of: date) -> date:
    match = _WEEKDAY.search(text)
    if match is None:
        return as_of
    number = _WEEKDAYS.index(match[1].replace("天", "日")) if match[1] else _ENGLISH_DAYS.index(match[2].lower())
    return as_of - timedelta(days=(as_of.weekday() - number - 1) % 7 + 1)
