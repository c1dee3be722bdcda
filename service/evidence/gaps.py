"""What a page should show and does not, and why: cut off, covered, blurred, too small, or of another kind.

A fact that was read is shown, unless the picture's border or something opaque stands in it. A fact that was not read
has a reason only where the page gives one: its name without a value, a border through print, a mark in its place.
Without a reason it is merely not shown: many apps do not print everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from service.domain.evidence import Edge, Field, FieldName, FlawKind, Gap, GapKind, ImageFacts, PageKind
from service.domain.showing import PLAIN, PURCHASE
from service.evidence.demands import CORE, DATED, WHOLE_KINDS
from service.evidence.fact_gaps import (
    KIND_OF,
    announced,
    at_the_key,
    expected,
    in_the_place,
    in_the_value,
    nowhere,
    without_value,
)
from service.evidence.page_look import HALF, OF_THE_SCREEN, Look
from service.evidence.row_gaps import hidden_rows
from service.evidence.sheet import Sheet
from service.evidence.step_gaps import hidden_moments
from service.evidence.sum_gaps import hidden_sum
from service.evidence.words_gaps import covered_words

_ANY_DATE = re.compile(
    r"\d{1,2}\s*[:：]\s*[0-5]\d|20\d{2}\s*[-/.年]\s*\d{1,2}|\d{1,2}\s*月\s*\d{1,2}|昨天|前天|今天|刚刚|分钟前|小时前|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s*\d|today|yesterday|ago",
    re.IGNORECASE,
)
# A page of no known kind that shows none of these has nothing to do with a purchase.
_OF_A_PURCHASE = frozenset(
    {
        FieldName.ORDER_NUMBER,
        FieldName.TRADE_NUMBER,
        FieldName.ORDERED_AT,
        FieldName.PAID_AT,
        FieldName.RECHARGED_ACCOUNT,
    }
)
_TELLING = _OF_A_PURCHASE | {FieldName.ERROR_PROMPT}


def find_gaps(sheet: Sheet, kind: PageKind, fields: Mapping[FieldName, Field], image: ImageFacts) -> tuple[Gap, ...]:
    """The gaps of one page, single facts first; at most one for a fact."""
    look = Look(sheet, kind, fields, image)
    if kind is PageKind.IDENTITY:
        return tuple(_of_the_page(look))
    named: dict[FieldName, Gap] = {}
    for name, field in fields.items():
        if name not in OF_THE_SCREEN and (gap := in_the_value(look, name, field)):
            named[name] = gap
    for name, key in without_value(look):
        gap = in_the_place(look, name, key) or (None if name in fields else at_the_key(look, name, key))
        if gap is not None:
            named.setdefault(name, gap)
    for name, gap in hidden_moments(look) if kind in CORE else ():
        named.setdefault(name, gap)
    if FieldName.AMOUNT not in named and (gap := hidden_sum(look)):
        named[FieldName.AMOUNT] = gap
    for name in expected(look, named):
        named[name] = nowhere(look, name, [gap.box for gap in named.values() if gap.box])
    if (words := covered_words(look)) and words.field is not None:
        named[words.field] = words
    told = any(gap.kind in PLAIN for gap in named.values())
    others: list[Gap] = []  # covers over what nobody can name
    if not told and words is not None:
        others = [words]
    elif not told and kind in WHOLE_KINDS | {PageKind.DELIVERY}:
        others = [*hidden_rows(look)]
    return (*named.values(), *others, *_of_the_page(look))


def _of_the_page(look: Look) -> Iterator[Gap]:
    yield from _cut(look)
    for kind in (FlawKind.BLURRED, FlawKind.TOO_SMALL):
        poor = sum(1 for _ in look.of(kind))
        if poor > HALF * len(look.sheet.segments):
            yield Gap(kind=KIND_OF[kind])
    if look.kind is PageKind.UNKNOWN and _TELLING.isdisjoint(look.fields):
        yield Gap(kind=GapKind.WRONG_KIND)
    if look.holds_several:
        yield Gap(kind=GapKind.SEVERAL_PAGES)
    if look.kind in DATED and not any(_ANY_DATE.search(text) for text in look.sheet.texts):
        yield Gap(kind=GapKind.NO_DATE)
    if look.kind in WHOLE_KINDS and not _marked(look):
        yield Gap(kind=GapKind.NO_MARK)


def _cut(look: Look) -> Iterator[Gap]:
    # A screen ends at the bottom where its page goes on; that matters only where something is missing.
    complete = all(any(name in look.fields or announced(look, name) for name in names) for names in PURCHASE)
    for edge in look.cut_edges:
        if edge is not Edge.BOTTOM or not complete:
            yield Gap(kind=GapKind.CUT_OFF, edge=edge)
    recorded = look.kind is PageKind.UNKNOWN and not _OF_A_PURCHASE.isdisjoint(look.fields)
    headless = (recorded or look.kind in WHOLE_KINDS) and Edge.TOP not in look.cut_edges and look.is_headless
    if headless and (not complete or look.fields.keys().isdisjoint({FieldName.PRODUCT, FieldName.STATUS})):
        # What stands on top of such pages is missing together with their beginning.
        yield Gap(kind=GapKind.CUT_OFF, edge=Edge.TOP)


def _marked(look: Look) -> bool:
    """A platform's mark or any moment at all."""
    shown = {FieldName.PLATFORM_MARK, FieldName.CLOCK, FieldName.ORDERED_AT, FieldName.PAID_AT}
    return bool(shown & look.fields.keys()) or any(_ANY_DATE.search(text) for text in look.sheet.texts)
