"""Resident identity cards: what of them may leave the extractor, which is a masked form and a keyed hash.

The number is checked as GB 11643 says (ISO 7064 MOD 11-2). A number that does not hold is invalid, never mended.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal

from service.domain.evidence import Identity
from service.evidence.card_terms import LONG_TERM, end_of_validity
from service.evidence.normalise import clean, compact
from service.evidence.segments import Segment, rows_of
from service.evidence.sheet import Sheet

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
# Provinces as GB/T 2260 numbers them; 83 is for residents of Taiwan.
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
NUMBER = re.compile(r"(?<!\d)[1-8](?:[ -]?\d){16}[ -]?[\dXx×](?!\d)")
_NUMBER_KEY = re.compile(r"公民身[份分]号码?|身份证件?号码?|证件号码|身份号码|idnumber|idno")
_NAME_KEY = re.compile(r"^姓名:?")
_NAME_END = re.compile(r"(?:性别|民族|出生|住址|公民身份)")
_FACE = re.compile(r"姓名|性别|民族|出生|住址")
_MOST_OF_A_FACE = 3
_VALID_KEY = re.compile(r"有效期限?:?|签发日期|validity|validperiod")
_FRONT = re.compile(r"姓名|性别|民族|出生|住址|公民身份号码")
_BACK = re.compile(r"签发机关|有效期限|^居民身份证$|中华人民共和国居民身份证")
_NAME = re.compile(r"[一-鿿]{2,4}|[一-鿿·•.]{2,20}|[*＊一-鿿]{2,8}|[A-Za-z][A-Za-z .'-]{2,40}")
_MASKED_NUMBER = re.compile(r"[\d*＊Xx•]{15,18}")
_DATE = re.compile(r"((?:19|20)\d{2})\s*[.\-/年,]?\s*(\d{2})\s*[.\-/月,]?\s*(\d{2})日?")
# A number the reader itself doubts is not held against anybody; it counts as not read.
_SURE = 0.85


def find_identity(sheet: Sheet, key: bytes | None) -> Identity:
    """The card of an identity page. ``key`` makes the digests; without one there are none."""
    number, valid = _number(sheet)
    name = _name(sheet)
    starts, ends = _validity(sheet)
    return Identity(
        side=_side(sheet),
        name_masked=mask_name(name) if name else None,
        number_masked=mask_number(number) if number else None,
        name_digest=_digest(key, canonical_name(name)) if name and "*" not in name else None,
        number_digest=_digest(key, canonical_number(number)) if number and valid else None,
        number_valid=valid,
        valid_from=starts,
        valid_until=ends,
    )


def looks_like_a_card(texts: Sequence[str]) -> bool:
    """Whether a page prints what only the face of a card has: most of its keys, or one of them and a number or its
    name, for the number itself may be misread."""
    forms = [compact(text) for text in texts]
    keys = {key for form in forms if _FACE.match(form) for key in _FACE.findall(form)}
    return len(keys) >= _MOST_OF_A_FACE or (
        bool(keys) and (any("公民身份号" in form for form in forms) or any(any(numbers_in(text)) for text in texts))
    )


def number_holds(number: str) -> bool:
    """Whether eighteen characters are an identity number: province, a real birthday, the check digit."""
    form = canonical_number(number)
    if not re.fullmatch(r"\d{17}[\dX]", form) or not _PROVINCE.match(form):
        return False
    try:
        born = date(int(form[6:10]), int(form[10:12]), int(form[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(form[:17], _WEIGHTS, strict=True))
    return 1880 <= born.year <= 2100 and _CHECK[total % 11] == form[17]


def numbers_in(text: str) -> Iterator[tuple[int, int]]:
    """Where identity numbers stand in ``text``, as (start, end)."""
    yield from (match.span() for match in NUMBER.finditer(text) if number_holds(match[0]))


def canonical_number(number: str) -> str:
    """Without blanks and hyphens, in capitals: what the digest is of."""
    return "".join(clean(number).split()).replace("-", "").upper().replace("×", "X")


def canonical_name(name: str) -> str:
    """Without blanks, one kind of middle dot: what the digest is of."""
    return re.sub(r"[•.]", "·", "".join(clean(name).split()))


def mask_number(number: str) -> str:
    """First and last character, stars between: 3****************4."""
    form = canonical_number(number)
    return form[:1] + "*" * max(len(form) - 2, 0) + form[-1:]


def mask_name(name: str) -> str:
    """张*明, 张*, J*******h."""
    form = canonical_name(name)
    return form[:1] + "*" * (len(form) - 2 or 1) + form[-1:] if len(form) > 2 else form[:1] + "*"


def digest(key: bytes, canonical: str) -> str:
    """HMAC-SHA-256 (hex) of a canonical form, UTF-8, under a platform's key."""
    return hmac.new(key, canonical.encode(), hashlib.sha256).hexdigest()


def _digest(key: bytes | None, canonical: str) -> str | None:
    return digest(key, canonical) if key else None


# --- what stands where ---------------------------------------------------------------------------------------------


def _side(sheet: Sheet) -> Literal["front", "back", "both"]:
    forms = [compact(one.text) for one in sheet.segments]
    front = sum(bool(_FRONT.search(form)) for form in forms) >= 2 or any("公民身份" in form for form in forms)
    back = any(_BACK.search(form) for form in forms)
    if front and back:
        return "both"
    return "back" if back else "front"


def _number(sheet: Sheet) -> tuple[str | None, bool | None]:
    """The number as read and whether it holds; behind its key first, else wherever eighteen characters hold."""
    for text, score in _behind(sheet, _NUMBER_KEY):
        bare = canonical_number(text).strip(":;,.·")
        if "*" in bare or "•" in bare:
            masked = _MASKED_NUMBER.fullmatch(bare)
            return (bare.replace("＊", "*").replace("•", "*"), None) if masked else (None, None)
        if number_holds(bare):
            return bare, True
        if re.fullmatch(r"[\dA-Z]{14,20}", bare) and sum(character.isdigit() for character in bare) >= 12:
            return bare, False if score >= _SURE else None
    for one in sheet.segments:
        for start, end in numbers_in(one.text):
            return one.text[start:end], True
    return None, None


def _name(sheet: Sheet) -> str | None:
    for text in (*(text for text, _ in _behind(sheet, _NAME_KEY)), *_behind_a_key_in_two(sheet)):
        bare = "".join(_NAME_END.split(compact_blanks(text))[0].split()).strip(":;,.|")
        if _NAME.fullmatch(bare):
            return bare
    return None


def _behind_a_key_in_two(sheet: Sheet) -> Iterator[str]:
    """Cards set 姓 and 名 so far apart that they are two pieces, the name read with the second."""
    for row in rows_of(sheet.segments):
        for first, second in pairwise(row):
            if compact(first.text) == "姓" and compact(second.text).startswith("名"):
                yield _after(second, 1)


def compact_blanks(text: str) -> str:
    """Without the blanks between Han characters, which cards set wide apart; those between Latin words stay."""
    return re.sub(r"(?<=[一-鿿])\s+(?=[一-鿿])", "", clean(text))


def _behind(sheet: Sheet, key: re.Pattern[str]) -> Iterator[tuple[str, float]]:
    """Texts behind a key: the rest of its line, then what stands right of it, then what stands under it."""
    for row in rows_of(sheet.segments):
        for index, one in enumerate(row):
            form = compact(one.text)
            match = key.search(form)
            if match is None:
                continue
            rest = _after(one, match.end())
            if rest:
                yield rest, one.score
            right = row[index + 1 :]
            if right:
                yield " ".join(piece.text for piece in right), min(piece.score for piece in right)
                yield right[0].text, right[0].score
            under = _under(sheet, one)
            if under:
                yield under.text, under.score


def _after(segment: Segment, end: int) -> str:
    """The piece's text after the first ``end`` characters of its match form."""
    seen = 0
    for index, character in enumerate(segment.text):
        if seen >= end:
            return segment.text[index:].strip(" :")
        seen += not character.isspace()
    return ""


def _under(sheet: Sheet, one: Segment) -> Segment | None:
    below = [
        other
        for other in sheet.segments
        if 0 < other.center_y - one.center_y <= 2.5 * one.box.height and other.box.x0 < one.box.x1
    ]
    return min(below, key=lambda other: other.center_y, default=None)


def _validity(sheet: Sheet) -> tuple[str | None, str | None]:
    """(from, until) as ISO dates; until may be ``long_term``."""
    texts: Sequence[str] = [text for text, _ in _behind(sheet, _VALID_KEY)]
    for text in (*texts, *(one.text for one in sheet.segments)):
        days = [day for match in _DATE.finditer(clean(text)) if (day := _iso(match))]
        if len(days) == 2 and days[0] < days[1]:
            return days[0], days[1]
        if len(days) == 1 and re.search(r"长\s*期", text):
            return days[0], LONG_TERM
    ends = [end for text in texts if (end := end_of_validity(text))]
    return None, ends[0] if ends else None


def _iso(match: re.Match[str]) -> str | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None
