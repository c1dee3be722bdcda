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
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = (
    r"(?:20\d{2}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?|\d{1,2}[-/月]\d{1,2}日?|昨天|前天|今天|(?:星期|周)[一二三四五六日天]|yesterday|today|"
    rf"{_MONTH} \d{{1,2}}(?:, ?20\d{{2}})?|\d{{1,2}} {_MONTH}(?: 20\d{{2}})?)"
)
_CLOCK = r"(?:上午|下午|凌晨|早上|中午|傍晚|晚上)?\s?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?"
_MOMENT = rf"(?:{_DAY}(?:[\s,T]|at)*{_CLOCK}|{_CLOCK}|{_DAY})"
MOMENT_AT_END = re.compile(
    rf"^(?P<name>(?=.*?[^\W\d_])[^。!！?？]{{1,28}}?)(?:[\s·|,(]+|(?<=[^\d:/-])(?=\d))(?P<moment>{_MOMENT})\)?:?$",
    re.IGNORECASE,
)
MOMENT_AT_START = re.compile(
    rf"^\(?(?P<moment>{_MOMENT})[\s·|,)]+(?P<name>[^\d\s:，,。!！?？][^:，,。!！?？]{{0,24}}):?$", re.IGNORECASE
)
# A notice with its moment before it, in any words: 07-03 03:38 您的工单已受理，请耐心等待.
MOMENT_THEN_WORDS = re.compile(rf"^[(（]?(?P<moment>{_MOMENT})[\s·|,)）]*(?P<said>[^\W\d_].{{1,80}})$", re.IGNORECASE)
_DAY_ALONE = re.compile(
    r"昨天|前天|今天|(?:星期|周|週)[一二三四五六日天]|yesterday|today|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)day",
    re.IGNORECASE,
)
_CLOCK_ONLY = re.compile(_CLOCK, re.IGNORECASE)
_RELATIVE_DAYS = {"今天": 0, "today": 0, "昨天": 1, "yesterday": 1, "前天": 2}
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
    if _DAY_ALONE.fullmatch(bare):
        return True
    if len(bare) > _LONGEST_STAMP or not re.search(r"\d[:年月/.-]|\d\s+[a-z]{3}", bare, re.IGNORECASE):
        return False
    return bool(_ONLY_CLOCK.fullmatch(bare)) or is_moment(bare)


def stamp_of(text: str, as_of: date | None, *, day: date | None = None) -> Stamp | None:
    bare = _bare_stamp(text)
    return Stamp(moment_of(bare, as_of, day=day)) if is_stamp(bare) else None


def day_of(iso: str | None) -> date | None:
    """The day a heading names, where it names a day and no clock."""
    return date.fromisoformat(iso) if iso and len(iso) == len("2025-04-10") else None


def moment_of(text: str, as_of: date | None, *, day: date | None = None) -> str | None:
    """A clock alone is the capture's day, or ``day`` where a heading gives one; a weekday is the latest such day
    before the capture, as conversations write them."""
    bare = _bare_stamp(text)
    if _CLOCK_ONLY.fullmatch(bare) and (day or as_of):
        printed = parse_time(f"{(day or as_of)} {bare}")
        return printed.iso if printed else None
    if _DAY_ALONE.fullmatch(bare):
        return _day_alone(bare, as_of).isoformat() if as_of else None
    printed = parse_time(text, as_of=as_of)
    if printed or as_of is None:
        return printed.iso if printed else None
    named = _weekday(text, as_of)
    printed = parse_time(f"{named.isoformat()} {_WEEKDAY.sub(' ', text)}")
    return printed.iso if printed else None


def _day_alone(text: str, as_of: date) -> date:
    days = _RELATIVE_DAYS.get(text.lower())
    return _weekday(text, as_of) if days is None else as_of - timedelta(days=days)


def _weekday(text: str, as_of: date) -> date:
    match = _WEEKDAY.search(text)
    if match is None:
        return as_of
    number = _WEEKDAYS.index(match[1].replace("天", "日")) if match[1] else _ENGLISH_DAYS.index(match[2].lower())
    return as_of - timedelta(days=(as_of.weekday() - number - 1) % 7 + 1)
