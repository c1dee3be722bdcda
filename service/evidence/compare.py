"""One fact of a page against the same fact of the record: pass, unknown or fail, with a note in English.

A difference is a contradiction unless a misreading of the page could explain it, and only a page the reader itself
doubts can be misread: a sharp page that differs fails, and so does a blurred one that differs by more than a slip.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from service.domain.checks import Result
from service.domain.evidence import Field
from service.domain.identifiers import fold_identifier
from service.domain.money import Money, exponent
from service.evidence.amounts import find_amounts, parse_amount
from service.evidence.normalise import plain_identifier, same_up_to_look_alikes, words_only
from service.evidence.times import shows_seconds, without_offset

# Below this score the reader doubts what it read; misreadings of whole characters on sharp pages stay above it rarely.
DOUBTFUL_SCORE = 0.85
# A doubtful reading may be wrong in this many characters; more is another number.
SLIPS_IN_DOUBT = 2
# The order page shows the platform's own clock: what differs by more than a rounded minute is another moment.
ORDERED_AT_TOLERANCE = timedelta(seconds=60)
# The payer's bill shows the payment service's clock; the platform records when it was told, minutes later at worst.
PAID_AT_TOLERANCE = timedelta(minutes=10)
# A masked account must show this many characters before its agreement means anything.
FEWEST_VISIBLE = 4
# Names agree from this likeness (0-100) on, and are different names below the second; between is for a person.
SAME_NAME, OTHER_NAME = 85.0, 45.0
# A part of a number this long tells which number it is part of.
TELLING_PART = 6

LOOK_ALIKES = "matches up to look-alikes"


@dataclass(frozen=True, slots=True)
class Finding:
    result: Result
    note: str = ""


PASS = Finding(Result.PASS)


def compare_identifier(field: Field, record: str, other: str | None = None) -> Finding:
    """An order or trade number; ``other`` is the record's number of the other kind, which pages may label alike."""
    read = str(field.value)
    if plain_identifier(read) == plain_identifier(record):
        return PASS
    if same_up_to_look_alikes(read, record):
        return Finding(Result.PASS, LOOK_ALIKES)
    if other and same_up_to_look_alikes(read, other):
        return Finding(Result.UNKNOWN, "the page shows the record's other number under this name")
    first, second = fold_identifier(read), fold_identifier(record)
    if len(first) >= TELLING_PART and first in second:
        return Finding(Result.UNKNOWN, "only part of the number is visible")
    if "*" in read:
        return _masked(read, record)
    return _difference(field, Levenshtein.distance(first, second), "another number than the record's")


def _difference(field: Field, distance: int, note: str) -> Finding:
    if field.score < DOUBTFUL_SCORE and distance <= SLIPS_IN_DOUBT:
        return Finding(Result.UNKNOWN, "differs by a slip the unclear page may explain")
    return Finding(Result.FAIL, note)


def compare_account(field: Field, record: str) -> Finding:
    """A recharged phone number or account; masked characters agree with anything."""
    read, known = _bare_account(str(field.value)), _bare_account(record)
    if read == known:
        return PASS
    if bool(_ZONE.search(read)) != bool(_ZONE.search(known)):
        read, known = _ZONE.sub("", read), _ZONE.sub("", known)
        if read == known:
            return Finding(Result.PASS, "one of them without its zone")
    if "*" in read or "*" in known:
        return _masked(read, known)
    if same_up_to_look_alikes(read, known):
        return Finding(Result.PASS, LOOK_ALIKES)
    return _difference(field, Levenshtein.distance(read, known), "another account than the record's")


# The zone a player's number counts in, which pages print and records may leave out.
_ZONE = re.compile(r"(?<=\d)\(\d{3,5}\)$")


def _bare_account(text: str) -> str:
    plain = re.sub(r"[\s\-]", "", text).lower().replace("（", "(").replace("）", ")")
    bare = re.sub(r"^(?:uid|id|qq)[:：]?(?=\d+(?:\(\d+\))?$)", "", plain)
    return re.sub(r"^(?:\+|00)?86(?=1\d{10}$|1\d{2}\*)", "", bare)


def _masked(read: str, known: str) -> Finding:
    visible = sum(character != "*" for character in read)
    if visible < FEWEST_VISIBLE:
        return Finding(Result.UNKNOWN, "too little is visible")
    head, tail = re.match(r"[^*]*", read), re.search(r"[^*]*$", read)
    start, end = head[0] if head else "", tail[0] if tail else ""
    length_fits = len(read) == len(known) or re.search(r"\*", read) is not None
    if length_fits and _agree(known[: len(start)], start) and (not end or _agree(known[-len(end) :], end)):
        return Finding(Result.PASS, "the visible characters match")
    return Finding(Result.FAIL, "the visible characters differ from the record's")


def _agree(first: str, second: str) -> bool:
    return len(first) == len(second) and all("*" in (a, b) or a == b for a, b in zip(first, second, strict=True))


def compare_amount(field: Field, record: Money, quantity: int) -> Finding:
    """The paid amount, in the record's currency and minor unit."""
    printed = parse_amount(field.text) or next(find_amounts(field.text), None)
    if printed and printed.currency and printed.currency != record.currency:
        yen = printed.currency == "CNY" and record.currency == "JPY"
        if not yen:
            return Finding(Result.FAIL, f"the page shows {printed.currency}, the record {record.currency}")
    read = _in_minor_units(int(field.value), printed.currency if printed else None, record.currency)
    if read == record.minor:
        return PASS
    if quantity > 1 and read * quantity == record.minor:
        return Finding(Result.UNKNOWN, "looks like the price of one of several")
    distance = Levenshtein.distance(str(read), str(record.minor))
    # Of an amount's few digits only one may be in doubt.
    return _difference(field, distance * SLIPS_IN_DOUBT, "another amount than was paid")


def _in_minor_units(value: int, printed: str | None, currency: str) -> int:
    """Unmarked amounts are read with two decimals; the record's currency may have another number."""
    if printed == currency:
        return value
    digits = exponent(currency)
    return value * int(10 ** max(digits - 2, 0)) // int(10 ** max(2 - digits, 0))


def compare_moment(field: Field, record: datetime, zone: ZoneInfo, tolerance: timedelta) -> Finding:
    """A printed time, local or with the zone the page writes, as precise as it is printed, against a UTC moment."""
    local = record.astimezone(zone).replace(tzinfo=None)
    text = str(field.value)
    if "T" not in text:
        days = abs((date.fromisoformat(text) - local.date()).days)
        near = days == 1 and abs(_to_midnight(local)) <= tolerance
        return PASS if days == 0 or near else _differs_in_time(field, record, zone)
    read = datetime.fromisoformat(text)
    # A page without seconds has cut off up to a minute.
    slack = tolerance if shows_seconds(text) else tolerance + timedelta(minutes=1)
    apart = read - record if read.tzinfo else read - local
    return PASS if abs(apart) <= slack else _differs_in_time(field, record, read.tzinfo or zone)


def _to_midnight(local: datetime) -> timedelta:
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return min(local - midnight, midnight + timedelta(days=1) - local)


def _differs_in_time(field: Field, record: datetime, zone: tzinfo) -> Finding:
    printed = re.sub(r"\D", "", without_offset(str(field.value)))
    known = record.astimezone(zone).strftime("%Y%m%d%H%M%S")[: len(printed)]
    return _difference(field, Levenshtein.distance(printed, known), "another time than the record's")


def compare_product(field: Field, record: str, *, own_page: bool) -> Finding:
    """``own_page``: an order page names the product as the platform does; a bill may call it anything."""
    read, known = _term_in_digits(words_only(str(field.value))), _term_in_digits(words_only(record))
    numbers_differ = not _nested(_amounts_and_terms(str(field.value)), _amounts_and_terms(record))
    likeness = max(fuzz.ratio(read, known), fuzz.token_set_ratio(_spaced(str(field.value)), _spaced(record)))
    same = (
        read == known or (min(len(read), len(known)) >= 4 and (read in known or known in read)) or likeness >= SAME_NAME
    )
    if same and not numbers_differ:
        return PASS if read == known else Finding(Result.PASS, f"likeness {likeness:.0f} of 100")
    if not own_page:
        return Finding(Result.UNKNOWN, "the bill names it otherwise")
    if field.score >= DOUBTFUL_SCORE:
        if likeness >= OTHER_NAME and numbers_differ:
            return Finding(Result.FAIL, "another value, number or term of the product")
        if likeness < OTHER_NAME:
            return Finding(Result.FAIL, "another product than the record's")
    return Finding(Result.UNKNOWN, f"likeness {likeness:.0f} of 100")


def _amounts_and_terms(text: str) -> set[str]:
    """What tells one product of a family from another: its numbers and its term."""
    form = _term_in_digits(words_only(re.sub(r"[x×*]\s*\d+\s*$", "", text)))
    terms = re.findall(r"[日天周月季年](?=卡|度|费|会员|包|$)|week|month|quarter|year|semester|fortnight", form)
    return {number.lstrip("0") or "0" for number in re.findall(r"\d+", form)} | set(terms)


# 一年 and 两年 are one character apart and twice the price.
_TERM_IN_WORDS = re.compile(r"[一二两三四五六七八九十]{1,3}(?=个?(?:年|月|季|星期|周|天|日))|半年|半个?月")
_NUMERALS = {numeral: value for value, numeral in enumerate("一二三四五六七八九", 1)} | {"两": 2}


def _term_in_digits(form: str) -> str:
    return _TERM_IN_WORDS.sub(_in_digits, form)


def _in_digits(numeral: re.Match[str]) -> str:
    """十二 as 12; half a year and half a month as terms of their own."""
    if numeral[0].startswith("半"):
        return "semester" if numeral[0] == "半年" else "fortnight"
    tens, ten, ones = numeral[0].rpartition("十")
    if not all(one in _NUMERALS for one in tens + ones) or len(ones) > 1 or len(tens) > 1:
        return numeral[0]
    return str((_NUMERALS.get(tens, 1) * 10 if ten else 0) + _NUMERALS.get(ones, 0))


def _nested(first: set[str], second: set[str]) -> bool:
    return first <= second or second <= first


def _spaced(text: str) -> str:
    return re.sub(r"[^\w]+", " ", text.lower())


def compare_payee(field: Field, record: str) -> Finding:
    """The payee on a bill against the platform's account. A name without a key may be a brand, so it cannot fail."""
    read, known = _name(str(field.value)), _name(record)
    if read == known or (min(len(read), len(known)) >= 4 and (read in known or known in read)):
        return PASS
    if "*" in read and len(read.replace("*", "")) >= 1:
        pattern = "".join("." if one == "*" else re.escape(one) for one in read)
        loose = re.sub(r"\.+", ".*", pattern)
        if re.fullmatch(loose, known):
            enough = len(read.replace("*", "")) >= FEWEST_VISIBLE
            return Finding(Result.PASS if enough else Result.UNKNOWN, "the visible characters match")
        return Finding(Result.FAIL, "paid to another account")
    likeness = fuzz.ratio(read, known)
    if likeness >= SAME_NAME:
        return Finding(Result.PASS, f"likeness {likeness:.0f} of 100")
    if field.rule.startswith("name above") or likeness >= OTHER_NAME or field.score < DOUBTFUL_SCORE:
        return Finding(Result.UNKNOWN, f"likeness {likeness:.0f} of 100; a brand and its company may differ")
    return Finding(Result.FAIL, "paid to another account")


def _name(text: str) -> str:
    bare = re.sub(r"[＊•●]", "*", text)
    return "".join(one for one in bare.lower() if one.isalnum() or one == "*")
