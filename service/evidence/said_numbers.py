"""The order number of a conversation: named with a key, named in passing, or sent alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.domain.evidence import Field, FieldName
from service.evidence.doubt import doubted, weighed, with_doubtful_letters
from service.evidence.labels import hits_in
from service.evidence.lexicon import Label
from service.evidence.normalise import identifier
from service.evidence.paragraphs import Paragraph, paragraphs
from service.evidence.segments import segments_of, union
from service.evidence.sheet import Sheet
from service.evidence.unlabelled_numbers import IN_PASSING
from service.evidence.values import code_of_letters

_AFTER_KEY = re.compile(r"(?:is|为|是)?\s*(?P<number>[A-Za-z0-9](?:[A-Za-z0-9]|-\s?)*)")
# Not the card's sum under it: 3893.50, 199元.
_REST = re.compile(
    r"\s(?!20\d{2}[-/.年]\d)(?=[A-Za-z-]*\d)[A-Za-z0-9-]+(?=$|[\s,;。，]|\.(?!\d))(?!\s(?:CNY|RMB|USD|元))"
)
_ALONE = re.compile(r"(?P<number>(?=(?:[A-Za-z-]*\d){6})[A-Za-z0-9-]{10,40})[.。]?")
_ASKED = re.compile(r"订单号|订单编号|单号|order\s?(?:number|no\b|id\b|#)", re.IGNORECASE)
_PHONE = re.compile(r"(?:86)?1[3-9]\d{9}")
_SHORTEST, _LONGEST = 6, 40
# By wording in a sentence, by nothing but its form: below what a comparison takes for certain.
_PASSING, _BY_FORM = 0.88, 0.84

_Said = tuple[str, int, int]


def said(sheet: Sheet, *, alone: bool = True) -> list[Field]:
    """The order number of a conversation, if the plainest way it is given gives only one.

    ``alone``: a number sent without a word counts as well, where somebody speaks of the order's number.
    """
    talk = list(paragraphs(segments_of(sheet.lines)))
    ways = ((_with_key, ""), (_in_passing, "named in passing"), (_alone, "a number sent alone"))
    asked = any(_ASKED.search(paragraph.text) for paragraph in talk)
    for find, note in ways if alone and asked else ways[:2]:
        found: dict[str, Field] = {}
        for paragraph in talk:
            for number, start, end in find(paragraph):
                if any(sheet.cut_off(piece.box) for piece in paragraph.between(start, end)):
                    continue
                field = _field(sheet, paragraph, number, start, end)
                trust = _PASSING if find is _in_passing else _BY_FORM
                found[number] = doubted(field, note, trust) if note else field
        if found:
            return list(found.values()) if len(found) == 1 else []
    return []


def _with_key(paragraph: Paragraph) -> Iterator[_Said]:
    for hit in hits_in(paragraph.text):
        match = _AFTER_KEY.match(paragraph.text, hit.value) if hit.label is Label.ORDER_NUMBER else None
        if match:
            yield from _number(paragraph, *match.span("number"))


def _in_passing(paragraph: Paragraph) -> Iterator[_Said]:
    for match in IN_PASSING.finditer(paragraph.text):
        yield from _number(paragraph, *match.span("number"))


def _alone(paragraph: Paragraph) -> Iterator[_Said]:
    match = _ALONE.fullmatch(paragraph.text.replace(" ", "") if len(paragraph.pieces) > 1 else paragraph.text)
    if match and not _PHONE.fullmatch(match["number"]):
        number = identifier(match["number"])
        if number:
            yield number, 0, len(paragraph.text)


def _number(paragraph: Paragraph, start: int, end: int) -> Iterator[_Said]:
    """The number from here on; where a bubble's line ends within it, with what the next line begins with."""
    rest = _REST.match(paragraph.text, end) if end + 1 in paragraph.starts else None
    stop = rest.end() if rest and rest.end() - start <= _LONGEST else end
    text = paragraph.text[start:stop].replace(" ", "")
    number = (identifier(text) or code_of_letters(text)) if len(text) >= _SHORTEST else None
    if number:
        yield number, start, stop


def _field(sheet: Sheet, paragraph: Paragraph, number: str, start: int, end: int) -> Field:
    pieces = paragraph.between(start, end)
    field = Field(
        name=FieldName.ORDER_NUMBER,
        value=number,
        text=paragraph.text[start:end],
        score=min(piece.score for piece in pieces),
        box=union(piece.box for piece in pieces),
        rule="said in a conversation",
    )
    if any(sheet.lines[piece.line].other for piece in pieces):
        field = weighed(field, pieces, sheet)
    return with_doubtful_letters(field)
