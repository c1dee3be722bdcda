"""Dates and times as printed, to ISO 8601 with the precision of the page: local time, without a zone unless the page
writes one other than China's."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone

from service.evidence.clock_zones import without_zone, zone_end, zone_in
from service.evidence.normalise import DIGIT_LIKE, clean, strip_noise

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_MONTHS["auq"] = _MONTHS["aug"]  # as a reader of small print sees it
_MONTH = "(?P<month_name>" + "|".join(_MONTHS) + r")[a-z]*\.?"
_WEEKDAY = re.compile(
    r"\(?(?:星期|周|週)[一二三四五六日天]\)?|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?",
    re.IGNORECASE,
)

_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>20\d{2})\s*[-/.年]?\s*(?P<month>\d{2})\s*[-/.月]?\s*(?P<day>\d{2})(?:\s*[日号])?"
)
_YEAR_FIRST_LOOSE = re.compile(
    r"(?<!\d)(?P<year>20\d{2})\s*[-/.,·年]\s*(?P<month>\d{1,2})\s*[-/.,·月]\s*(?P<day>\d{2}(?=\D|$|\d{2}\s*[:时]|\d{2}\.\d{2}$)|\d(?=\D|$|\d{2}\s*[:时]))(?:\s*[日号])?"
)
_NAMED = (
    re.compile(
        rf"(?<![a-z]){_MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*[,.]?\s*(?P<year>20\d{{2}})", re.IGNORECASE
    ),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s/-]*{_MONTH}[\s,/-]*(?P<year>20\d{{2}})", re.IGNORECASE),
)
# Taiwan's years begin with 1912: 民國113年3月18日, and 113/03/18 14:22, where no other date begins with three digits.
_REPUBLIC = (
    re.compile(
        r"民[國国]\s*(?P<year>\d{2,3})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})(?!\d)(?:\s*[日号])?"
    ),
    re.compile(r"(?<![\d年./-])(?P<year>1[0-4]\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"),
    re.compile(
        r"(?<![\d./-])(?P<year>1[0-4]\d)(?P<mark>[/.-])(?P<month>[01]\d)(?P=mark)(?P<day>[0-3]\d)(?=\s*\d{1,2}:\d{2})"
    ),
)
_BEFORE_THE_REPUBLIC = 1911
# American, with the last two digits of the year: 3/18/24. Told by a day that is no month, or by a 12-hour clock.
_SHORT_YEAR_LAST = re.compile(
    r"(?<![\d./-])(?P<first>1[0-2]|0?[1-9])/(?P<second>\d{1,2})/(?P<year>2\d|3[0-5])(?![\d/])"
)
_YEAR_LAST = re.compile(r"(?<![\d./-])(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>2[0-9]|3[0-5])(?![\d/])")
_YEAR_LAST = re.compile(r"(?<!\d)(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year>20\d{2})")
_NO_YEAR = re.compile(
    r"(?<![\d.:/-])(?P<month>\d{1,2})\s*(?P<separator>[-/.月])\s*(?P<day>\d{2}|\d(?!\d))(?:\s*[日号])?(?![.\d]*%|/\d)"
)
_NO_YEAR_NAMED = re.compile(
    rf"(?<![a-z]){_MONTH}\s*(?P<day>\d{{1,2}})(?!\d)"
    rf"|(?<!\d)(?P<day_before>\d{{1,2}})\s*(?:{_MONTH.replace('month_name', 'month_after')})",
    re.IGNORECASE,
)
_RELATIVE = (("前天", 2), ("昨天", 1), ("昨日", 1), ("yesterday", 1), ("今天", 0), ("今日", 0), ("today", 0))

_HALF = r"(?P<half>上午|下午|晚上|凌晨|早上|中午|傍晚|[ap](?:\.?\s?m)?\.?(?![a-z])|[ap]m(?=CST))?"
_HALF_AFTER = _HALF.replace("half", "half_after")
_TIME = re.compile(
    rf"{_HALF}\s*(?<![\dOoIl|])(?P<hour>\d{{1,2}})\s*[:;时点]\s*(?P<minute>\d{{2}})(?!\d{{3}}|:[OoIl|]|:\d[OoIl|])\s*(?:[:;.分]?\s*(?P<second>\d{{2}})(?!\d)(?:\s*秒)?|分)?(?:\.\d{{1,6}})?\s*{_HALF_AFTER}",
    re.IGNORECASE,
)
# Colons lost to a small font: six digits, or a dot in a colon's place, right after the date.
_TIME_LOOSE = re.compile(r"^\s*[T,/-]?\s*(?P<hour>\d{2})[.: ]?(?P<minute>\d{2})[.: ]?(?P<second>\d{2})(?!\d)")
_TIME_LOOSER = re.compile(r"(?P<gap>[\s,]*)(?P<hour>[01]\d|2[0-3])(?P<dot>[.·]?)(?P<minute>[0-5]\d)$")
# A year of two digits, where the last part is none.
_SHORT_YEAR = re.compile(
    r"(?<![\d.])(?P<year>2[0-9]|3[0-5])[-/.](?P<month>[01]\d)[-/.](?P<day>0[1-9]|1\d|3[01])(?=\s*\d{1,2}:)"
)
_WITH_YEAR = re.compile(r"(?<!\d)2[0Oo]\d{2}\s*[-/.,·年]|[-/.]20\d{2}(?![\d:])")
_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEKDAY_NAME = re.compile(
    r"(?:星期|周|週)(?P<han>[一二三四五六日天])|\b(?P<latin>mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.IGNORECASE
)
# A span of time is no moment.
_RANGE = re.compile(r"(?:~|至|到)\s*(?:20\d{2}|\d{1,2}[:月/-])|\d\s*-\s*20\d{2}[-/.年]\d{1,2}[-/.月]\d")
# A slash of the date taken for a 7 or a 1, while the other stands.
_SLASH_AS_DIGIT = re.compile(
    r"(?<!\d)(20\d{2})[71lI|]([01]\d)/([0-3]\d)(?!\d)|(?<!\d)(20\d{2})/([01]\d)[71lI|]([0-3]\d)(?!\d)"
)
# A month of two digits with a nought and a day of one: the day's other digit is covered, cut off or was not read.
_HALF_A_DAY = re.compile(r"(?:20\d{2}\s*[-/.,·]\s*)?0\d\s*[-/.,·]\s*\d")
_HALF_A_CLOCK = re.compile(r"[\s,T日]*\d{1,2}\s*(?:[:;：.时点].{0,3})?$")
# What a moment is written with, and what at least must be there for a day.
_MONTH_WORD = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|au[gq](?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?)"
)
_LONGEST_MOMENT = 48
_SHORTEST_MOMENT = 5
# A number of an order, or of a telephone: 400-160-2090 holds no year.
_A_NUMBER = re.compile(r"\d{9,13}(?!\d)|\d{15,}|(?<!\d)\d{3,4}-\d{3,4}-\d{3,4}(?!\d)")
# T20251030CLNV3 holds no day.
_OF_A_CODE = re.compile(r"(?!T\d)[A-Z]")
_CLOCK_ALONE = re.compile(
    r"(?:上午|下午|晚上|凌晨|早上|中午)?\s*[0-2]?\d:[0-5]\d(?::?[0-5]\d)?\s*(?:[ap]\.?m\.?)?", re.IGNORECASE
)
_MOMENT_WORDS = re.compile(
    r"(?:[\d\s:;./,\-年月日号时分秒()]|[上下中]午|晚上|早上|凌晨|傍晚|[昨今前](?:[天日晚夜早晨]|夜里)|民[國国]|(?<=\d)T(?=\d)|[ap]\.?m?\b|at\b|on\b|(?:st|nd|rd|th)\b|today\b|"
    rf"yesterday\b|{_MONTH_WORD})+",
    re.IGNORECASE,
)
_A_DAY = re.compile(
    r"20\d{2}|\d{1,2}\s*月\s*\d|\d{1,2}[-/.]\d{1,2}\s+\d{1,2}:|[01]?\d[-/.][0-3]\d[0-2]\d:[0-5]\d|昨|今|前天|today|yesterday|"
    rf"{_MONTH_WORD}\.?\s*\d|\d[\s/-]*{_MONTH_WORD}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A moment as printed: ``time`` None where only a date stands, ``seconds`` whether seconds stand.

    ``offset``: from UTC, where the page writes a zone that is not China's own. ``loose``: without its colon, so that it
    may be something else, such as a price behind a day.
    """

    day: date
    time: time | None
    seconds: bool
    offset: timedelta | None = None
    loose: bool = False

    @property
    def iso(self) -> str:
        if self.time is None:
            return self.day.isoformat()
        zone = None if self.offset is None else timezone(self.offset)
        moment = datetime.combine(self.day, self.time, zone)
        return moment.isoformat(timespec="seconds" if self.seconds else "minutes")


def without_offset(iso: str) -> str:
    """An ISO moment as its own clock shows it: ``2026-11-20T08:00:00+00:00`` without what follows the clock."""
    return _OFFSET.sub("", iso)


def shows_seconds(iso: str) -> bool:
    return without_offset(iso).count(":") == 2


_OFFSET = re.compile(r"(?<=:\d{2})[+-]\d{2}:\d{2}$")


# A day and its half in one word, before an hour that leaves no doubt of the day: 昨晚 11:18, not 昨晚 12:30.
_EVENING = re.compile(r"(?P<day>[昨今前])(?:晚上?|夜里?)(?=\s*(?:0?[5-9]|1[01]|1[89]|2[0-3])\s*[:;时点])")
_MORNING = re.compile(r"(?P<day>[昨今前])(?:早上?|晨)(?=\s*(?:0?\d|1[01])\s*[:;时点])")


def _days_and_halves(text: str) -> str:
    return _MORNING.sub(r"\g<day>天早上", _EVENING.sub(r"\g<day>天晚上", text))


# 03 Aug, 2026 @03:45PM
_AT = re.compile(r"(?<=\d)\s*@\s*(?=\d)")


def parse_time(text: str, *, as_of: date | None = None) -> Printed | None:
    """The one moment in ``text``, or None. A date without a year, 昨天 and the like need ``as_of`` (local date)."""
    plain = _days_and_halves(_AT.sub(" ", clean(text)))
    zone = zone_in(plain)
    if _RANGE.search(plain) or (zone and zone.offset is None):
        return None
    found = _in_its_zone(without_zone(plain), as_of)
    if found is None or zone is None or zone.is_china or found.time is None:
        return found
    return replace(found, offset=zone.offset)


def _in_its_zone(plain: str, as_of: date | None) -> Printed | None:
    bare = _WEEKDAY.sub(" ", plain)
    found = _parse(bare, as_of) or (_on_weekday(plain, as_of) if as_of else None)
    if (found is None or found.time is None) and re.search(r"\d", bare):
        # A letter in a digit's place, or a blank in the wrong one.
        mended = bare.translate(DIGIT_LIKE)
        tries = (_parse(text, as_of) for text in (mended, "".join(mended.split())) if ":" in text or found is None)
        found = next((one for one in tries if one and (one.time is not None or found is None)), found)
        if found is None and (slip := _SLASH_AS_DIGIT.search(bare)):
            found = _parse(f"{bare[: slip.start()]}{'/'.join(filter(None, slip.groups()))}{bare[slip.end() :]}", as_of)
    return found


def is_moment(text: str) -> bool:
    """Whether ``text`` is a date or a date and time and nothing else."""
    if len(text) > _LONGEST_MOMENT:
        return False
    bare = _WEEKDAY.sub(" ", without_zone(strip_noise(_AT.sub(" ", clean(text)))))
    return bool(_MOMENT_WORDS.fullmatch(bare)) and bool(_A_DAY.search(bare))


def is_clock(text: str) -> bool:
    """Whether ``text`` is a time of day and nothing else."""
    return _CLOCK_ALONE.fullmatch(strip_noise(clean(text))) is not None


def moment_span(text: str) -> tuple[int, int] | None:
    """Where in ``text`` (clean) its one date or date and time stands; None where there is none, or more than one."""
    spans = []
    for match in _MOMENT_WORDS.finditer(text):
        words = match[0].strip(" .,:/-()")
        start = match.start() + match[0].find(words) if words else match.start()
        if (
            len(words) >= _SHORTEST_MOMENT
            and _A_DAY.search(words)
            and not _A_NUMBER.search(words)
            and not text[start + len(words) :][:1].isdigit()
            and not (words.isdigit() and _OF_A_CODE.match(text, start + len(words)))
        ):
            spans.append((start, zone_end(text, start + len(words))))
    return spans[0] if len(spans) == 1 else None


def _parse(text: str, as_of: date | None) -> Printed | None:
    near = as_of is not None and not _WITH_YEAR.search(text)
    located = _full_date(text) or (_date_near(text, as_of) if as_of and near else None)
    if located is None:
        return None
    day, start, end, needs_time = located
    after, before = text[end:], text[:start]
    clock = _clock(after) or _loose_clock(after)
    if clock is None and (bare := _clock_without_colon(text, end)):
        return Printed(day, bare, seconds=False, loose=True)
    clock = clock or _clock(before)
    if clock is None:
        if _HALF_A_CLOCK.match(after):
            return None  # cut off within the clock
        return None if needs_time else Printed(day, None, seconds=False)
    return Printed(day, clock[0], seconds=clock[1])


def _full_date(text: str) -> tuple[date, int, int, bool] | None:
    for pattern in (*_NAMED, _YEAR_FIRST_LOOSE, _YEAR_FIRST):  # 2026 09.15 after Sep 28 is a year and a clock
        for match in pattern.finditer(text):
            groups = match.groupdict()
            month = _MONTHS[groups["month_name"].lower()[:3]] if groups.get("month_name") else int(groups["month"])
            if _inside_number(match, text) or _HALF_A_DAY.fullmatch(match[0]):
                continue
            if day := _date(int(groups["year"]), month, int(groups["day"])):
                return day, match.start(), match.end(), False
    if (short := _SHORT_YEAR.search(text)) and (
        day := _date(2000 + int(short["year"]), int(short["month"]), int(short["day"]))
    ):
        return day, short.start(), short.end(), True
    american = re.search(r"\d\s*[ap]\.?m", text, re.IGNORECASE) is not None
    last = _YEAR_LAST.search(text)
    if last and (day := _year_last(last, american=american)):
        return day, last.start(), last.end(), False
    return _of_the_republic(text) or _short_year_last(text, american=american)


def _of_the_republic(text: str) -> tuple[date, int, int, bool] | None:
    for match in filter(None, (pattern.search(text) for pattern in _REPUBLIC)):
        if day := _date(_BEFORE_THE_REPUBLIC + int(match["year"]), int(match["month"]), int(match["day"])):
            return day, match.start(), match.end(), False
    return None


def _short_year_last(text: str, *, american: bool) -> tuple[date, int, int, bool] | None:
    match = _SHORT_YEAR_LAST.search(text)
    if match is None or not (american or int(match["second"]) > 12):
        return None
    day = _date(2000 + int(match["year"]), int(match["first"]), int(match["second"]))
    return (day, match.start(), match.end(), False) if day else None


def _inside_number(match: re.Match[str], text: str) -> bool:
    """Eight digits in a row are a date only where the number ends, or six digits of a clock follow."""
    return match[0].isdigit() and re.match(r"\D|$|\d{6}(?!\d)|\d{2}[:时]", text[match.end() :]) is None


def _year_last(match: re.Match[str], *, american: bool) -> date | None:
    """Day and month in doubt are not guessed; a 12-hour clock beside slashes is American."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if first > 12 or match[0].count(".") == 2:  # dots are the continent's, day first
        return _date(year, second, first)
    if second > 12 or american or first == second:
        return _date(year, first, second)
    return None


def _date_near(text: str, as_of: date) -> tuple[date, int, int, bool] | None:
    """Relative words and dates without a year, taken as the latest such day not after ``as_of``."""
    for word, days in _RELATIVE:
        if (start := text.lower().find(word)) >= 0:
            return as_of - timedelta(days=days), start, start + len(word), True
    if (match := _NO_YEAR.search(text)) and _HALF_A_DAY.fullmatch(match[0]):
        return None
    if match:
        month, day, needs_time = int(match["month"]), int(match["day"]), match["separator"] != "月"
    elif match := _NO_YEAR_NAMED.search(text):
        month = _MONTHS[(match["month_name"] or match["month_after"]).lower()[:3]]
        day, needs_time = int(match["day"] or match["day_before"]), False
    else:
        return None
    for year in range(as_of.year, as_of.year - 5, -1):
        found = _date(year, month, day)
        if found and found <= as_of:
            return found, match.start(), match.end(), needs_time
    return None


def _on_weekday(text: str, as_of: date) -> Printed | None:
    """星期五 19:48: the latest such day before ``as_of``, within the week that lists name days of."""
    match = _WEEKDAY_NAME.search(text)
    if match is None or re.search(r"上周|上星期|last|下周|next", text, re.IGNORECASE):
        return None
    clock = _clock(text)
    number = (
        "一二三四五六日".find(match["han"].replace("天", "日")) if match["han"] else _DAYS.index(match["latin"].lower())
    )
    days = (as_of.weekday() - number) % 7
    if clock is None or days == 0:
        return None
    return Printed(as_of - timedelta(days=days), clock[0], seconds=clock[1])


def _clock(text: str) -> tuple[time, bool] | None:
    for match in _TIME.finditer(text):
        hour = _hour(int(match["hour"]), (match["half"] or match["half_after"] or "").lower())
        try:
            return time(hour, int(match["minute"]), int(match["second"] or 0)), match["second"] is not None
        except ValueError:
            continue
    return None


def _loose_clock(text: str) -> tuple[time, bool] | None:
    match = _TIME_LOOSE.match(text)
    try:
        return (time(int(match["hour"]), int(match["minute"]), int(match["second"])), True) if match else None
    except ValueError:
        return None


def _clock_without_colon(text: str, end: int) -> time | None:
    """20.51 or 2051 at the end of the text, right behind a day that ends at ``end``."""
    match = _TIME_LOOSER.match(text, end)
    if match is None or not (match["gap"] or match["dot"] or text[end - 1] in "日号"):
        return None
    return time(int(match["hour"]), int(match["minute"]))


def _hour(hour: int, half: str) -> int:
    if half.startswith(("下午", "晚上", "傍晚", "p")):
        return hour + 12 if hour < 12 else hour
    if half.startswith("中午"):
        return hour + 12 if hour < 3 else hour
    if half.startswith(("上午", "凌晨", "早上", "a")):
        return 0 if hour == 12 else hour
    return hour


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
