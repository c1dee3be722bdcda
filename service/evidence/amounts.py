"""Amounts as printed: currency marks before or after, thousands separators, signs, and the reader's slips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.domain.money import exponent
from service.evidence.normalise import DIGIT_LIKE, clean
from service.evidence.page_memory import once_a_page

# The reader turns the yuan sign into Y, 半, 羊 or V; before a number on a money line these mean nothing else.
_MARKS = {
    "JPY": "JP¥|JPY",
    "CNY": "CN¥|RMB|CNY|人民币|[¥Y半羊Ұ]",
    "HKD": r"HK\$|HKD|港币",
    "USD": r"US\$|USD|美元|\$",
    "EUR": "EUR|€",
    "GBP": "GBP|£",
}
_UNITS = {
    "CNY": "元|RMB|CNY|人民币",
    "USD": "USD|美元",
    "HKD": "HKD|港元|港币",
    "EUR": "EUR|€",
    "GBP": "GBP",
    "JPY": "日元|JPY|円",
}
_MARK = "|".join(f"(?P<mark_{code}>{marks})" for code, marks in _MARKS.items())
_UNIT = "|".join(f"(?P<unit_{code}>{units})" for code, units in _UNITS.items())
_NUMBER = r"(?P<whole>\d{1,3}(?:[,，]\d{3})+|\d{1,9})(?:[.·](?P<part>\d{1,2}))?"
_AMOUNT = re.compile(rf"(?P<before>[+\-]?)(?:{_MARK})?(?P<after>[+\-]?){_NUMBER}(?:{_UNIT}|¥)?元?", re.IGNORECASE)
_WITHIN = re.compile(
    rf"(?<![\d.,A-Za-z])(?P<before>[+\-]?)(?:{_MARK})?(?P<after>[+\-]?){_NUMBER}(?:{_UNIT})?(?![\d,]|\.\d)",
    re.IGNORECASE,
)
# V is one only before yuan and cents, being a letter of versions and levels.
_V_FOR_YUAN = re.compile(r"(?<![A-Za-z])[Vv](?=\s?\d[\d,]*\.\d{2}(?!\d))")
# A mark read twice, a point read as a comma's or a stop's like, blanks around a point.
_TWICE = re.compile(r"[¥Y半羊](?=[¥Y半羊])")
_POINT = re.compile(r"(?<=\d)\s*[.。、·]\s*(?=\d{1,2}(?!\d))")
# Digits apart from each other that no thousands' group explains: their point may be lost.
_DIGITS_APART = re.compile(r"\d\s+\d(?!\d{2}(?!\d))")
# What makes a number something else than so much money: 1.2万, 39/月, 100积分.
_NOT_MONEY = re.compile(
    r"[/x×*%:\-万千百亿wk折倍个件张次人分角点]|积分|钻|金币|q币|代金|天|日|月|年|小时|[gm]b", re.IGNORECASE
)
_POINT_AFTER = re.compile(r"\d\s+\d[\d\s]*\.\d{2}(?!\d)")
_REMARK = re.compile(r"\([^()]*\)?$")
_COMMA_FOR_POINT = re.compile(r"(?<=\d),(?=\d{2}(?!\d))")


@dataclass(frozen=True, slots=True)
class Amount:
    """``minor``: absolute value in minor units; ``sign`` -1, 0 (none printed) or +1; ``currency`` None if unmarked."""

    minor: int
    sign: int
    currency: str | None
    decimals: int

    @property
    def marked(self) -> bool:
        """Printed as money: with a currency or with its decimals."""
        return self.currency is not None or self.decimals == 2


@once_a_page
def parse_amount(text: str) -> Amount | None:
    """The amount that is the whole of ``text`` (a remark in brackets aside), or None."""
    neat = _neat(text)
    if _DIGITS_APART.search(neat) and not _POINT_AFTER.search(neat):
        return None
    squeezed = "".join(neat.split()).strip(":;>|,([]")
    squeezed = _REMARK.sub("", squeezed) or squeezed
    squeezed = _COMMA_FOR_POINT.sub(".", squeezed) if "." not in squeezed else squeezed
    match = _AMOUNT.fullmatch(squeezed) or _AMOUNT.fullmatch(_mended(squeezed))
    return _amount(match) if match else None


def leading_amount(text: str) -> Amount | None:
    """The amount ``text`` starts with, where words or brackets follow: ``¥39.00元 已省¥5``."""
    squeezed = re.sub(r"(?<=[¥$€£Y半])\s+|\s+(?=元)", "", _neat(text))
    match = _WITHIN.match(squeezed)
    if match is None or _NOT_MONEY.match(squeezed, match.end()) or re.match(r"\s\d", squeezed[match.end() :]):
        return None
    amount = _amount(match)
    return amount if amount.marked else None


def find_amounts(text: str) -> Iterator[Amount]:
    """Amounts printed as money anywhere in ``text``, from left to right."""
    squeezed = re.sub(r"(?<=[¥$€£Y半])\s+|\s+(?=元)", "", _neat(text))
    for match in _WITHIN.finditer(squeezed):
        if squeezed[match.end() : match.end() + 1] in {"万", "千", "亿"}:
            continue
        amount = _amount(match)
        if amount.marked:
            yield amount


def _neat(text: str) -> str:
    return _V_FOR_YUAN.sub("¥", _POINT.sub(".", _TWICE.sub("", clean(text).strip("【】"))))


def _mended(text: str) -> str:
    """Letters that stand where only digits can: after a currency mark or around a decimal point."""
    if not re.search(r"\d", text) and not re.search(r"[¥$€£]", text):
        return text
    head = re.match(rf"[+\-]?(?:{_MARK})?[+\-]?", text, re.IGNORECASE)
    start = head.end() if head else 0
    return text[:start] + text[start:].translate(DIGIT_LIKE)


def _amount(match: re.Match[str]) -> Amount:
    groups = match.groupdict()
    currency = next((name.split("_")[1] for name, value in groups.items() if value and "_" in name), None)
    digits = exponent(currency) if currency else 2
    part = groups["part"] or ""
    whole = int(re.sub(r"[,，]", "", groups["whole"]))
    minor = whole * 10**digits + int((part + "00")[:digits] or 0)
    sign = groups["before"] or groups["after"]
    return Amount(minor, {"-": -1, "+": 1}.get(sign, 0), currency, len(part))
