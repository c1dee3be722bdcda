"""The clock in the phone's status bar: when the page was captured, as far as the phone says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.domain.evidence import Field, FieldName, ImageFacts
from service.evidence.normalise import DIGIT_LIKE, clean, is_cjk
from service.evidence.segments import Segment
from service.evidence.sheet import Sheet

_HALF = r"(?:上午|下午|凌晨|早上|中午|傍晚|晚上|[AP]M)"
_CLOCK = re.compile(
    rf"(?P<before>.*?)(?P<half>{_HALF})?\s?(?<![\d:])(?P<hour>[01]?\d|2[0-4])\s?:\s?(?P<minute>[0-5]\d)(?!:)"
    rf"\s?(?P<after_half>{_HALF})?(?P<after>.*)",
    re.IGNORECASE,
)
# A colon read as a point or lost; only believed beside other signs of a status bar.
_CLOCK_LOOSE = re.compile(
    r"(?P<before>)(?P<half>)(?P<hour>[01]?\d|2[0-3])[.·;，,]?(?P<minute>[0-5]\d)(?P<after_half>)(?P<after>)"
)
# What else a status bar holds: nets, carriers, charge, speed, and the marks a reader makes of its icons.
_SIGN = (
    r"\d+(?:\.\d+)?\s?[KM]B?/s|[AIl]?[2-6]G[+A]?|[AIl]?LTE\+?|VoLTE|HD\d?|VoWi-?Fi|Wi-?Fi|SIM\d?|H\+|"
    r"[一-鿿]{0,4}(?:移动|联通|电信|广电)|无SIM卡|无服务|仅限紧急呼叫|"
    r"China (?:Mobile|Unicom|Telecom)|CMCC|Carrier|"
    r"\d{1,3}\s?%|(?:100|\d{1,2})|勿扰|静音|\b[A-Za-z]\b"
)
# Possessive: what was once taken for a sign is not tried again another way.
_SIGNS = re.compile(rf"(?:(?>{_SIGN})|[^\w\s]|[\s_oOlIi])*+", re.IGNORECASE)
_TELLING = re.compile(
    r"[2-6]G|LTE|HD|Wi-?Fi|中国(?:移动|联通|电信|广电)|China|CMCC|\d{1,3}\s?%|[KM]B?/s|^(?:100|\d{1,2})$", re.IGNORECASE
)
# What readers make of the bars of a signal and of a battery.
_LIKE_ICONS = "三川日目田口回囗亖皿"
_LONGEST = 40
_SURELY_A_DATE = re.compile(
    r"\d{1,2}月\d{1,2}日|(?:星期|周)[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s", re.IGNORECASE
)
# A lock screen's clock is at least this much higher than the page's text, and stands in this share of its height.
_HUGE, _UPPER = 2.5, 0.4
# The bar is no higher than this share of the page's width (59 of 390 points on phones with an island), and a lone
# clock without any sign beside it is only believed in it.
_BAR = 0.16
# The bar's text is at most this much higher than the page's own.
_TALLEST = 1.5
_ALONE = 0.92
# A clock without signs stands at one of the sides.
_SIDE = 0.34


def bar_of(sheet: Sheet) -> list[Segment]:
    """The pieces of the status bar: the top row, if all it holds are a clock and a bar's signs."""
    row = _top(sheet)
    if any(_parsed(one.text) is None and not _is_sign(one.text) and not _are_icons(one, sheet) for one in row):
        return []
    clocks = [one for one in row if _parsed(one.text)]
    told = any(_tells(one) for one in row if one not in clocks)
    return row if told or len(clocks) == 1 else []


def _top(sheet: Sheet) -> list[Segment]:
    """The top row; where a slanting photo sets the bar's signs over its clock, both."""
    rows = sheet.rows
    slanting = len(rows) > 1 and all(_is_sign(one.text) and not _parsed(one.text) for one in rows[0])
    if slanting and any(_tells(one) for one in rows[0]) and any(_parsed(one.text) for one in rows[1]):
        return [*rows[0], *rows[1]]
    return rows[0] if rows else []


def find_clock(sheet: Sheet, image: ImageFacts) -> Field | None:
    """HH:MM of the status bar, 24 hours where the bar says which half of the day; None where there is no bar.

    A page cropped below its bar may begin with a moment of its own; so a clock is taken in the top row only, beside a
    bar's other signs, or at a side of the very top. A lock screen has its clock in large over the day.
    """
    return _in_the_bar(sheet, image) or _of_a_lock_screen(sheet, image)


def _of_a_lock_screen(sheet: Sheet, image: ImageFacts) -> Field | None:
    for one in sheet.segments:
        if one.center_y > _UPPER * image.height:
            return None
        parsed = _parsed(one.text) if one.box.height >= _HUGE * sheet.unit else None
        under = [
            other for other in sheet.segments if 0 < other.box.y0 - one.box.y1 + other.box.height <= one.box.height
        ]
        if parsed and any(_SURELY_A_DATE.search(other.text) for other in under):
            return _field(one, parsed[0], 1.0, "lock screen")
    return None


def _in_the_bar(sheet: Sheet, image: ImageFacts) -> Field | None:
    row = _top(sheet)
    found = _clocks(row, strict=True)
    strict = bool(found)
    found = found or _clocks(row, strict=False)
    if len(found) != 1:
        return None
    segment, value, told = found[0]
    others = [one for one in row if one is not segment]
    told = told or any(_tells(one) for one in others)
    if segment.box.height > _TALLEST * sheet.unit or (
        not told and any(not _is_sign(one.text) and not _are_icons(one, sheet) for one in others)
    ):
        return None
    if not told and not (strict and _at_a_side(segment, image)):
        return None
    trust, rule = (1.0, "status bar") if told else (_ALONE, "clock at the top")
    return _field(segment, value, trust, rule)


def _field(segment: Segment, value: str, trust: float, rule: str) -> Field:
    score = round(segment.score * trust, 4)
    return Field(name=FieldName.CLOCK, value=value, text=segment.raw, score=score, box=segment.box, rule=rule)


def _tells(segment: Segment) -> bool:
    """A piece that stands in status bars and nowhere else."""
    return _is_sign(segment.text) and bool(_TELLING.search(segment.text))


def shows_clock(text: str) -> bool:
    """Whether ``text`` is a status bar's clock, with or without the bar's other signs."""
    return _parsed(text) is not None


def _clocks(row: Sequence[Segment], *, strict: bool) -> list[tuple[Segment, str, bool]]:
    parsed = ((one, _parsed(one.text, strict=strict)) for one in row)
    return [(one, *clock) for one, clock in parsed if clock]


def _is_sign(text: str) -> bool:
    """Signs of a bar, or a net or charge with what a reader makes of the icons beside it (A4G日)."""
    if len(text) > _LONGEST:
        return False
    if _SIGNS.fullmatch(text) or len(text) == 1:
        return True
    rest = re.sub(rf"[{_LIKE_ICONS}]", "", _TELLING.sub("", text)) if _TELLING.search(text) else text
    letters = sum(2 if is_cjk(one) else one.isalpha() for one in rest)
    return rest != text and letters <= 3 and sum(one.isdigit() for one in rest) <= 2


def _are_icons(one: Segment, sheet: Sheet) -> bool:
    """What the reader made, with little certainty, of the icons at the bar's right end."""
    at_right = one.box.x0 >= sheet.bounds.x1 - _SIDE * sheet.bounds.width
    beside = any(
        _parsed(other.text) and other.box.x1 <= sheet.bounds.x0 + _SIDE * sheet.bounds.width for other in _top(sheet)
    )
    hardly = one.score < _HARDLY_READ and len(re.sub(r"[\W\d]", "", one.text)) <= _FEW_ICONS >= len(one.text) // 2
    return beside and at_right and (hardly or _ICONS.fullmatch(one.text) is not None)


_HARDLY_READ, _FEW_ICONS = 0.8, 4
_ICONS = re.compile(rf"(?:[{_LIKE_ICONS}\W]|[\sIl.]|[2-6]G|LTE|\d{1, 3}){1, 8}")


def _parsed(text: str, *, strict: bool = True) -> tuple[str, bool] | None:
    """(HH:MM, whether signs of a bar stand in the same piece), or None."""
    if len(text) > _LONGEST:
        return None
    mended = clean(text).translate(DIGIT_LIKE)
    match = (None if strict else _CLOCK_LOOSE.fullmatch(mended)) or _CLOCK.fullmatch(mended)
    if match is None:
        return None
    around = [match["before"].strip(), match["after"].strip()]
    if not all(_is_sign(part) or (not strict and len(part) <= 1) for part in around):
        return None
    hour = _hour(int(match["hour"]), (match["half"] or match["after_half"] or "").lower())
    return f"{hour:02d}:{match['minute']}", any(_TELLING.search(part) for part in around)


def _hour(hour: int, half: str) -> int:
    if half in ("下午", "晚上", "傍晚", "pm"):
        return hour + 12 if hour < 12 else hour
    if half == "中午":
        return hour + 12 if hour < 3 else hour
    if half:
        return 0 if hour == 12 else hour
    return hour % 24


def _at_a_side(segment: Segment, image: ImageFacts) -> bool:
    width = image.width
    at_side = segment.box.x1 <= _SIDE * width or segment.box.x0 >= (1 - _SIDE) * width
    return at_side and segment.center_y <= _BAR * width and image.height > image.width
