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
# Written in capitals as pages do: rm, php and rub are words. PHP 8 and PHP 8.2 are versions.
_FURTHER_MARKS = {
    "TWD": r"NT\$|TWD|新?台[幣币]",
    "KRW": "₩|KRW",
    "INR": r"₹|INR|Rs\.?(?=\s?\d)",
    "SGD": r"SG?\$|SGD",
    "MYR": r"RM(?=\s?\d)|MYR",
    "PHP": r"₱|PHP(?!\s?\d(?:\.\d)?(?![\d,.]))",
    "IDR": r"Rp\.?(?=\s?\d)|IDR",
    "THB": "฿|THB",
    "BRL": r"R\$|BRL",
    "AUD": r"AU?\$|AUD",
    "CAD": r"CA?\$|CAD",
    "NZD": r"NZ\$|NZD",
    "CHF": "CHF",
    "RUB": "₽|RUB",
    "VND": "₫|VND",
    "MOP": r"MOP\$?|澳[門门][元幣币]",
    "SEK": "SEK",
    "NOK": "NOK",
    "DKK": "DKK",
}
_MARKS |= {code: f"(?-i:{marks})" for code, marks in _FURTHER_MARKS.items()}
FURTHER_MARKS = "|".join(_FURTHER_MARKS.values())
_UNITS = {
    "CNY": "元|RMB|CNY|人民币",
    "USD": "USD|美元",
    "HKD": "HKD|港元|港币",
    "EUR": "EUR|€",
    "GBP": "GBP",
    "JPY": "日元|JPY|円",
    "KRW": "(?-i:₩|KRW|원|韩元|韓元)",
    "VND": "(?-i:₫|VND|越南盾)",
    "RUB": "(?-i:₽|RUB|卢布)",
    **{code: f"(?-i:{code})" for code in _FURTHER_MARKS if code not in ("KRW", "VND", "RUB")},
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
# 1.299,00 as on the continent; points alone between thousands only where money has no such small change: Rp50.000.
_POINTS_BETWEEN = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{3})+,\d{2}(?!\d)")
_OF_LITTLE_MONEY = re.compile(
    r"(?P<before>(?:Rp\.?|IDR|₫|VND|₩|KRW)\s?)?(?P<sum>(?<![\d.])\d{1,3}(?:\.\d{3})+)(?![\d.])(?P<after>\s?(?:₫|VND|IDR|원|KRW))?"
)
# Crowns of several countries: a sum whose currency is not told.
_CROWNS = re.compile(r"^kr\.?\s?(?=\d)|(?<=\d)\s?kr\.?$")
# What a sum is of, before it; what it recurs by, behind it; the brackets bookkeepers write for a minus.
_OF_A_SUM = re.compile(r"^(?:共|支出)\s?(?=[+-]?\s?(?:[¥$€£]|\d[\d,]*\.\d{2}(?!\d)))")
_RECURRING = re.compile(r"(?<=\d)\s?(?:/|per\s)\s?(?:month|mo|year|yr|week|wk|quarter)\.?$", re.IGNORECASE)
_BOOKED_OUT = re.compile(r"\((?=(?:[A-Z]{0,2}\$|[€£])\s?\d)([^()]+)\)")
_AFTER_A_MARK = re.compile(rf"((?:{FURTHER_MARKS}))\s+(?=\d)")
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
    neat = _BOOKED_OUT.sub(r"-\1", _RECURRING.sub("", _OF_A_SUM.sub("", _CROWNS.sub("", _neat(text)))))
    if _DIGITS_APART.search(neat) and not _POINT_AFTER.search(neat):
        return None
    squeezed = "".join(neat.split()).strip(":;>|,([]")
    squeezed = _REMARK.sub("", squeezed) or squeezed
    squeezed = _COMMA_FOR_POINT.sub(".", squeezed) if "." not in squeezed else squeezed
    match = _AMOUNT.fullmatch(squeezed) or _AMOUNT.fullmatch(_mended(squeezed))
    return _amount(match) if match else None


def leading_amount(text: str) -> Amount | None:
    """The amount ``text`` starts with, where words or brackets follow: ``¥39.00元 已省¥5``."""
    squeezed = _squeezed(text)
    match = _WITHIN.match(squeezed)
    if match is None or _NOT_MONEY.match(squeezed, match.end()) or re.match(r"\s\d", squeezed[match.end() :]):
        return None
    amount = _amount(match)
    return amount if amount.marked else None


def find_amounts(text: str) -> Iterator[Amount]:
    """Amounts printed as money anywhere in ``text``, from left to right."""
    squeezed = _squeezed(text)
    for match in _WITHIN.finditer(squeezed):
        if squeezed[match.end() : match.end() + 1] in {"万", "千", "亿"}:
            continue
        amount = _amount(match)
        if amount.marked:
            yield amount


def _squeezed(text: str) -> str:
    return _AFTER_A_MARK.sub(r"\1", re.sub(r"(?<=[¥$€£Y半])\s+|\s+(?=元)", "", _neat(text)))


def _neat(text: str) -> str:
    plain = _OF_LITTLE_MONEY.sub(_without_points, _V_FOR_YUAN.sub("¥", _TWICE.sub("", clean(text).strip("【】"))))
    plain = _POINTS_BETWEEN.sub(lambda match: match[0].replace(".", "").replace(",", "."), plain)
    return _POINT.sub(".", plain)


def _without_points(match: re.Match[str]) -> str:
    return (
        match[0].replace(match["sum"], match["sum"].replace(".", "")) if match["before"] or match["after"] else match[0]
    )


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
