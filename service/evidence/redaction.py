"""Identity data out of a reading, so that what is stored, logged or shown never has it.

On an identity page everything is masked but words printed on every card; on any page an eighteen-digit number whose
check digit holds is, also where it wraps, and whatever a line calls somebody's identity number. Masks keep the length,
so that boxes and scores stay true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from service.domain.evidence import FieldName, Identity, Line, Page, PageKind, Read
from service.evidence.extract import extract
from service.evidence.identity_card import number_holds, numbers_in
from service.evidence.normalise import DIGIT_LIKE, clean, compact, single_blanks
from service.evidence.segments import Segment, segments_of
from service.evidence.status_bar import shows_clock

STAR = "*"
NUMBER_LENGTH = 18
# A number where the line, or the other reader, says that one stands, whether or not its check digit came out right.
_NAMED = re.compile(r"身份证|公民身份|证件号|idcard|idnumber")
_LOOSE = re.compile(r"(?<![0-9A-Za-z])[\dOoQIl](?:[ -]?[\dOoQIl|Xx×]){13,17}(?![0-9A-Za-z])")
_TRAILING, _LEADING = re.compile(r"(?<!\d)[1-8]\d{0,16}$"), re.compile(r"\d{0,16}[\dXx](?!\d)")
# Printed on every card, or around cards by the apps that ask for them.
_PRINTED = re.compile(
    r"中华人民共和国|居民身份证|公民身份号码|身份证号码?|签发机关|有效期限?|姓名|性别|民族|出生|住址|"
    r"(?:请)?(?:上传|拍摄|重新上传|重新拍摄)|身份证|人像面|国徽面|正面|反面|实名认证|身份认证|身份验证|人脸识别|认证|"
    r"提交|确认|下一步|取消|完成|返回|说明|测试样张|样张|仅供|使用|照片|长期"
)
_VALIDITY = re.compile(
    r"(?:有效期限?[:：]?)?(?:19|20)\d{2}[.\-/年]\d{2}[.\-/月]\d{2}日?[-—–~至到一](?:(?:19|20)\d{2}[.\-/年]\d{2}[.\-/月]\d{2}日?|长期)"
)


def interpret(outcome: Read, *, as_of: date | None = None, identity_key: bytes | None = None) -> tuple[Read, Page]:
    """A reading without identity data, and the page made of it.

    The page is what ``page_of`` makes of the kept reading later, so that a reading seen before gives the same page.
    """
    page = extract(outcome, as_of=as_of, identity_key=identity_key)
    kept = redact(outcome, page)
    return kept, page if kept is outcome else page_of(kept, page.identity, as_of=as_of)


def page_of(kept: Read, identity: Identity | None, *, as_of: date | None = None) -> Page:
    """The page of a redacted reading; what its card said comes from when it was read."""
    page = extract(kept, as_of=as_of)
    return replace(page, kind=PageKind.IDENTITY, identity=identity) if identity else replace(page, identity=None)


def redact(outcome: Read, page: Page) -> Read:
    """``outcome`` with every identity datum masked; the same object where there is none."""
    lines = _of_a_card(outcome) if page.kind is PageKind.IDENTITY else _elsewhere(outcome, page)
    return outcome if lines == outcome.lines else replace(outcome, lines=lines)


def _of_a_card(outcome: Read) -> tuple[Line, ...]:
    return tuple(
        replace(
            line,
            text=_mask_card_text(line.text),
            other=None if line.other is None else _mask_card_text(line.other),
        )
        for line in outcome.lines
    )


def _mask_card_text(text: str) -> str:
    """Stars for all letters and digits but the printed words, the term of validity and the phone's clock."""
    if shows_clock(text) or _VALIDITY.fullmatch(compact(text)):
        return text
    squeezed = [(index, character) for index, character in enumerate(text) if not character.isspace()]
    form = "".join(character for _, character in squeezed)
    kept = {squeezed[place][0] for match in _PRINTED.finditer(form) for place in range(*match.span())}
    return "".join(
        STAR if character.isalnum() and index not in kept else character for index, character in enumerate(text)
    )


def _elsewhere(outcome: Read, page: Page) -> tuple[Line, ...]:
    """Identity numbers in running text; what the page shows as its order's or payment's number is none."""
    numbers = (FieldName.ORDER_NUMBER, FieldName.TRADE_NUMBER)
    own = {str(page.fields[name].value) for name in numbers if name in page.fields}
    spans = _spans(outcome)
    return tuple(_masked(line, spans.get(index, []), own) for index, line in enumerate(outcome.lines))


def _masked(line: Line, spans: list[tuple[int, int]], own: set[str]) -> Line:
    """What one reader saw as a number is one in the other's words too."""
    others = list(_numbers(clean(line.other))) if line.other else []
    named = _NAMED.search(compact(line.text)) is not None
    text = spans + _loose(line.text) if named or (others and not spans) else spans
    other = others + _loose(line.other) if line.other and (named or (spans and not others)) else others
    return replace(
        line,
        text=_mask_spans(line.text, text, own),
        other=None if line.other is None else _mask_spans(line.other, other, own),
    )


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where identity numbers stand, also ones the reader took a letter for a digit in."""
    return numbers_in(text.translate(DIGIT_LIKE))


def _loose(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _LOOSE.finditer(clean(text))]


def _spans(outcome: Read) -> Mapping[int, list[tuple[int, int]]]:
    """Line index → where in its cleaned text identity numbers stand, also one that wraps into the line below."""
    found: dict[int, list[tuple[int, int]]] = {}
    segments = segments_of(outcome.lines)
    for one in segments:
        if spans := list(_numbers(one.text)):
            found[one.line] = spans
    starts = [(one, match) for one in segments if (match := _LEADING.match(one.text))]
    for upper in segments:
        head = _TRAILING.search(upper.text)
        for lower, rest in starts if head else ():
            if head and _wraps(upper, lower) and number_holds(head[0] + rest[0]):
                found.setdefault(upper.line, []).append(head.span())
                found.setdefault(lower.line, []).append(rest.span())
    return found


def _wraps(upper: Segment, lower: Segment) -> bool:
    return upper is not lower and 0 < lower.center_y - upper.center_y <= 2.2 * upper.box.height


def _mask_spans(text: str, spans: Sequence[tuple[int, int]], own: set[str]) -> str:
    """``spans`` are of the cleaned text, which is the text with single blanks, character by character."""
    if not spans:
        return text
    characters = list(single_blanks(text))
    for start, end in spans:
        number = "".join(characters[start:end])
        bare = "".join(number.split())
        if any(bare in one for one in own):
            continue
        for place in range(start, end):
            ends = place in (start, end - 1) and end - start >= NUMBER_LENGTH
            if not ends and not characters[place].isspace():
                characters[place] = STAR
    return "".join(characters)
