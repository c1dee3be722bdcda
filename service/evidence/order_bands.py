"""The orders of a table in which each begins, or ends, with a band of its own: its day and number, and no sum.

Shops' desktop lists are set so: under one row of headings a band says when and under which number was ordered, and
the row of the goods beside it says what, for how much and how it went.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from service.domain.evidence import Field, FieldName, Line, OrderRow, PageKind
from service.evidence import number_fields, time_fields
from service.evidence.lexicon import Label
from service.evidence.order_table import (
    Column,
    anchors_of,
    called_number,
    field_by_place,
    first_of,
    heading,
    in_column,
    levelled,
    table_row,
)
from service.evidence.segments import Segment, union
from service.evidence.sheet import Sheet
from service.evidence.times import is_moment, moment_span, parse_time
from service.evidence.vocabulary import is_button, status_text

_FEWEST_BANDS = 2
# What stands in a band rather than in the row of the goods, where both have it.
_OF_THE_BAND = (FieldName.ORDER_NUMBER, FieldName.TRADE_NUMBER, FieldName.ORDERED_AT, FieldName.PAID_AT)
_SLACK, _SAME_ROW = 0.8, 0.6  # line heights
# Lines of one name stand no further apart.
_ONE_NAME = 2.2


def banded_rows(sheet: Sheet, as_of: date | None) -> list[OrderRow]:
    """The orders of such a table, top to bottom; none where the page is set otherwise."""
    head = heading(sheet)
    if head is None:
        return []
    bottom, columns = head
    body = [one for one in sheet.segments if one.center_y > bottom]
    anchors = anchors_of(body, columns)
    if len(anchors) < _FEWEST_BANDS:
        return []
    level = levelled(body, columns, anchors)
    bands = [row for row in _rows(body, level, sheet.unit) if _is_band(row)]
    if len(bands) < _FEWEST_BANDS:
        return []
    of_bands = {id(one) for row in bands for one in row}
    cells = [one for one in body if id(one) not in of_bands]
    places = [statistics.fmean(map(level, row)) for row in bands]
    over = places[0] < min(map(level, anchors))
    slack = _SLACK * sheet.unit
    edges = [place - slack for place in places] if over else [place + slack for place in places]
    edges = [*edges, float("inf")] if over else [bottom, *edges]
    found = []
    for band, (low, high) in zip(bands, pairwise(edges), strict=True):
        own = [one for one in cells if low <= level(one) < high]
        if row := _order(band, own, columns, sheet.unit, as_of):
            found.append(row)
    return found


def _rows(body: Sequence[Segment], level: Callable[[Segment], float], unit: float) -> list[list[Segment]]:
    """Rows by where their middles would be on a level page, each from left to right."""
    rows: list[list[Segment]] = []
    for one in sorted(body, key=level):
        if rows and level(one) - level(rows[-1][0]) <= _SAME_ROW * unit:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda one: one.box.x0) for row in rows]


def _is_band(row: Sequence[Segment]) -> bool:
    """A number called the order's, or a bare one beside a moment, and no sum."""
    first = first_of(row)
    if first(FieldName.AMOUNT):
        return False
    band = _sheet_of(row)
    if number_fields.find(band, PageKind.ORDER) or any(called_number(one.text) for one in row):
        return True
    return first(FieldName.ORDER_NUMBER) is not None and first(FieldName.ORDERED_AT) is not None


def _sheet_of(row: Sequence[Segment]) -> Sheet:
    return Sheet([Line(one.raw, one.score, one.box) for one in row])


def _order(
    band: Sequence[Segment], cells: Sequence[Segment], columns: Sequence[Column], unit: float, as_of: date | None
) -> OrderRow | None:
    row = table_row(cells, columns, as_of)
    fields = dict(row.fields) if row else {}
    if _several_goods(cells, columns, unit):
        fields.pop(FieldName.PRODUCT, None)
    said = _said_in(band, as_of)
    fields |= {name: field for name, field in said.items() if name in _OF_THE_BAND or name not in fields}
    return OrderRow(fields=fields, box=union(one.box for one in [*band, *cells])) if len(fields) > 1 else None


def _said_in(band: Sequence[Segment], as_of: date | None) -> dict[FieldName, Field]:
    """Number and moment, with or without their words, and the state at the band's end."""
    own = _sheet_of(band)
    fields = {
        field.name: field
        for field in (*number_fields.find(own, PageKind.ORDER), *time_fields.find(own, PageKind.ORDER, as_of))
    }
    first = first_of(band)
    if FieldName.ORDER_NUMBER not in fields:
        if called := next((one for one in band if called_number(one.text)), None):
            number = called_number(called.text) or ""
            fields[FieldName.ORDER_NUMBER] = field_by_place(FieldName.ORDER_NUMBER, number, [called], "band")
        elif bare := first(FieldName.ORDER_NUMBER):
            fields[FieldName.ORDER_NUMBER] = field_by_place(FieldName.ORDER_NUMBER, bare.text, [bare], "band")
    if FieldName.ORDERED_AT not in fields and FieldName.PAID_AT not in fields and (moment := _moment(band, as_of)):
        fields[FieldName.ORDERED_AT] = moment
    for one in band:
        if (state := status_text(one.text)) and not is_button(one.text):
            fields.setdefault(FieldName.STATUS, field_by_place(FieldName.STATUS, state, [one], "band"))
    return fields


def _moment(band: Sequence[Segment], as_of: date | None) -> Field | None:
    """The one moment of a band, alone or in one line with the number, whose own digits may read like a day."""
    texts = [(one, one.text if is_moment(one.text) else _WITHOUT_NUMBER.sub(" ", one.text)) for one in band]
    found = [
        (one, moment)
        for one, text in texts
        if (span := moment_span(text)) and (moment := parse_time(text[slice(*span)], as_of=as_of))
    ]
    if len({moment.iso for _, moment in found}) != 1:
        return None
    one, moment = found[0]
    return field_by_place(FieldName.ORDERED_AT, moment.iso, [one], "band")


# A number with its word, or one that letters or a hyphen among its digits give away.
_WITHOUT_NUMBER = re.compile(
    r"(?:单号|编号|号码?|流水|(?:order|purchase)?\s?(?:no|number|id|#))[.\s:：]*[A-Z0-9][A-Z0-9-]{7,}"
    r"|(?<![A-Z0-9])(?=[0-9-]*[A-Z])[A-Z0-9-]{10,}",
    re.IGNORECASE,
)


def _several_goods(cells: Sequence[Segment], columns: Sequence[Column], unit: float) -> bool:
    """Names apart from each other in the goods' column, and as many figures in another."""
    goods = next((one for one in columns if one.label in (Label.PRODUCT, Label.PRODUCT_SECTION)), None)
    if goods is None:
        return False
    names = sorted(in_column(goods, cells), key=lambda one: one.center_y)
    gaps = sum(lower.center_y - upper.center_y > _ONE_NAME * unit for upper, lower in pairwise(names))
    figures = max(
        (
            sum(one.text[:1].isdigit() or one.text[:1] in "¥x×" for one in in_column(column, cells))
            for column in columns
            if column is not goods
        ),
        default=0,
    )
    return gaps > 0 and figures > 1
