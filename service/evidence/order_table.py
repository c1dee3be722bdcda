"""The orders of a table: a row of headings, and under it one order a row."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from service.domain.evidence import Field, FieldName, OrderRow
from service.evidence.amounts import find_amounts, parse_amount
from service.evidence.lexicon import Label
from service.evidence.normalise import compact, identifier
from service.evidence.segments import Segment, rows_of, union
from service.evidence.sheet import Sheet
from service.evidence.times import is_moment, parse_time
from service.evidence.values import joined, tidy
from service.evidence.vocabulary import is_button, names_goods, status_text

_FEWEST_COLUMNS = 3
_MOSTLY = 0.6
# What makes a row of an order without any heading, in how many rows, with numbers of what length.
_TELLING = (FieldName.ORDER_NUMBER, FieldName.AMOUNT, FieldName.ORDERED_AT)
_FEWEST_ROWS, _LONG_NUMBER = 2, 10
_FEWEST_ENTRIES = 3
_SAME_ROW = 0.4  # line heights
_CALLED = re.compile(
    r"(?:no(?![A-Z])|order(?![A-Z])|№|#|编号|号码)[\s:：.,]*(?P<number>[A-Z0-9][A-Z0-9 -]*)", re.IGNORECASE
)
# A slant is believed from so many pairs of cells on, nearly all of which rise, or fall.
_FEWEST_SLOPES, _ONE_WAY = 4, 0.8
# Found by its place in a card or column, without a key.
_BY_PLACE = 0.95

_COLUMN_OF = {
    Label.ORDER_NUMBER: FieldName.ORDER_NUMBER,
    Label.TRADE_NUMBER: FieldName.TRADE_NUMBER,
    Label.MERCHANT_NUMBER: FieldName.ORDER_NUMBER,
    Label.PRODUCT: FieldName.PRODUCT,
    Label.PRODUCT_SECTION: FieldName.PRODUCT,
    Label.ORDERED_AT: FieldName.ORDERED_AT,
    Label.CREATED_AT: FieldName.ORDERED_AT,
    Label.TIME: FieldName.ORDERED_AT,
    Label.PAID_AT: FieldName.PAID_AT,
    Label.PAID: FieldName.AMOUNT,
    Label.PAYMENT_AMOUNT: FieldName.AMOUNT,
    Label.TOTAL: FieldName.AMOUNT,
    Label.ORDER_TOTAL: FieldName.AMOUNT,
    Label.STATUS: FieldName.STATUS,
    Label.RECHARGED_ACCOUNT: FieldName.RECHARGED_ACCOUNT,
    Label.PAYMENT_METHOD: FieldName.PAYMENT_METHOD,
}
# Of two columns of one meaning (单价, 实付款) the plainer one is taken: the order of the labels above.
_RANK = {label: rank for rank, label in enumerate(_COLUMN_OF)}
_HEADINGS = {"宝贝": Label.PRODUCT, "item": Label.PRODUCT, "order": Label.ORDER_NUMBER, "placed": Label.ORDERED_AT}


@dataclass(frozen=True, slots=True)
class Column:
    """What stands under a heading, from ``left`` to ``right`` in pixels."""

    label: Label | None
    left: float
    right: float


COUNT_OF_ROWS = re.compile(
    r"共\s?\d+\s?[条页笔单个].*|showing\s?\d+\s?[-–~]\s?\d+\.?\s?of\s?\d+.*|\d+\s?[-–]\s?\d+ of \d+", re.IGNORECASE
)


def table_rows(sheet: Sheet, as_of: date | None) -> list[OrderRow]:
    """The rows of the page's table, none where it has none."""
    head = heading(sheet)
    if head is None:
        return [row for cells in unheaded(sheet) if (row := _bare_row(cells, as_of))]
    bottom, columns = head
    under = [one for one in sheet.segments if one.box.y0 > bottom - 0.2 * sheet.unit]
    cells = [one for one in under if not COUNT_OF_ROWS.fullmatch(one.text.strip())]
    columns = _with_amounts(columns, cells)
    anchors = anchors_of(cells, columns)
    level = levelled(cells, columns, anchors)
    return [
        row
        for low, high in _bands([one.center_y for one in anchors], bottom, cells)
        if (row := table_row([one for one in cells if low <= level(one) < high], columns, as_of))
    ]


def unheaded(sheet: Sheet) -> list[list[Segment]]:
    """Rows of a table whose headings were cropped away: each holds a number, a sum and a moment, set in columns."""
    rows = [row for row in sheet.rows if len(row) >= _FEWEST_COLUMNS and None not in map(first_of(row), _TELLING)]
    if len(rows) < _FEWEST_ROWS or heads_of_cards(sheet):
        return []
    first = first_of(rows[0])(FieldName.ORDER_NUMBER)
    slack = 3 * sheet.unit
    flush = [
        row
        for row in rows
        if first and (own := first_of(row)(FieldName.ORDER_NUMBER)) and abs(own.box.x0 - first.box.x0) <= slack
    ]
    return flush if len(flush) >= _FEWEST_ROWS else []


def entries(sheet: Sheet) -> list[Segment]:
    """Moments in one column, each with a sum in another beside it: the entries of a list that names no numbers."""
    alone = [one for one in sheet.free if sheet.owner(one) is None]
    moments = [one for one in alone if is_moment(one.text)]
    sums = [one for one in alone if _is_a(FieldName.AMOUNT, one.text)]
    if len(moments) < _FEWEST_ENTRIES or len(sums) < _FEWEST_ENTRIES:
        return []
    left = statistics.median_low(one.box.x0 for one in moments)
    right = statistics.median_low(one.box.x1 for one in sums)
    column = [one for one in sums if abs(one.box.x1 - right) <= sheet.unit and one.box.x0 > left + 4 * sheet.unit]
    found = [
        one
        for one in moments
        if abs(one.box.x0 - left) <= sheet.unit
        and any(abs(other.center_y - one.center_y) <= 3 * sheet.unit for other in column)
    ]
    return found if len(found) >= _FEWEST_ENTRIES else []


def cards_alike(sheet: Sheet) -> bool:
    """Three and more moments, or numbers called so, in one column, between any two of which one sum and one state
    stand in columns too."""
    alone = [one for one in sheet.free if sheet.owner(one) is None]
    moments = _column([one for one in alone if is_moment(one.text)], sheet.unit)
    if len(moments) < _FEWEST_ENTRIES:
        moments = _column([one for one in alone if called_number(one.text)], sheet.unit)
    sums = _column([one for one in alone if _is_a(FieldName.AMOUNT, one.text)], sheet.unit)
    states = _column([one for one in sheet.standing if status_text(one.text) and not is_button(one.text)], sheet.unit)
    if min(len(moments), len(sums), len(states)) < _FEWEST_ENTRIES:
        return False
    slack = _SAME_ROW * sheet.unit  # what stands in the row of a moment counts with it
    return all(
        sum(upper.center_y - slack <= one.center_y < lower.center_y - slack for one in column) == 1
        for upper, lower in pairwise(moments)
        for column in (sums, states)
    )


def called_number(text: str) -> str | None:
    """The number of a text that is nothing else, with the word for it: No. DD25121231236828."""
    match = _CALLED.fullmatch(text.strip())
    number = identifier(match["number"]) if match else None
    return number if number is not None and len(number) >= _LONG_NUMBER else None


def _column(pieces: Sequence[Segment], unit: float) -> list[Segment]:
    """The most of these that begin, or end, at one edge, from top to bottom."""
    flush = [[one for one in pieces if abs(edge(one) - edge(first)) <= unit] for first in pieces for edge in _EDGES]
    most: list[Segment] = max(flush, key=lambda found: len(found), default=[])
    return sorted(most, key=lambda one: one.center_y)


_EDGES: tuple[Callable[[Segment], float], ...] = (lambda one: one.box.x0, lambda one: one.box.x1)


def first_of(row: Sequence[Segment]) -> Callable[[FieldName], Segment | None]:
    def first(name: FieldName) -> Segment | None:
        return next((one for one in row if _is_just(name, one.text)), None)

    return first


def _is_just(name: FieldName, text: str) -> bool:
    """Like ``_is_a``, with the whole text and nothing it could be besides."""
    if name is FieldName.ORDERED_AT:
        return is_moment(text)
    if name is FieldName.ORDER_NUMBER:
        number = identifier(text)
        return number is not None and len(number) >= _LONG_NUMBER and not is_moment(text)
    return _is_a(name, text)


def _bare_row(cells: Sequence[Segment], as_of: date | None) -> OrderRow | None:
    first = first_of(cells)
    typed = {name: one for name in (*_TELLING, FieldName.STATUS) if (one := first(name))}
    rest = [one for one in cells if one not in typed.values() and not is_button(one.text) and names_goods(one.text)]
    fields = {name: field for name, one in typed.items() if (field := _cell(name, [one], as_of))}
    if rest and (product := _cell(FieldName.PRODUCT, rest[:1], as_of)):
        fields[FieldName.PRODUCT] = product
    return OrderRow(fields=fields, box=union(one.box for one in cells)) if len(fields) > 1 else None


def _with_amounts(columns: list[Column], cells: Sequence[Segment]) -> list[Column]:
    """The one column of sums, where its heading was not understood and no other gives what was paid."""
    if any(column.label and _COLUMN_OF.get(column.label) is FieldName.AMOUNT for column in columns):
        return columns
    unknown = [
        column
        for column in columns
        if column.label is None
        and sum(_is_a(FieldName.AMOUNT, one.text) for one in in_column(column, cells))
        >= _MOSTLY * len(in_column(column, cells))
        > 0
    ]
    if len(unknown) != 1:
        return columns
    return [replace(one, label=Label.ORDER_TOTAL) if one is unknown[0] else one for one in columns]


def in_column(column: Column, cells: Sequence[Segment]) -> list[Segment]:
    return [one for one in cells if column.left <= one.center_x < column.right]


def levelled(
    cells: Sequence[Segment], columns: Sequence[Column], anchors: Sequence[Segment]
) -> Callable[[Segment], float]:
    """Where a cell's middle would be, did its row run level: photos slant, and lower rows otherwise than upper ones."""
    slopes = _slopes(cells, columns, anchors)
    falling = sum(slope < 0 for _, slope in slopes)
    if len(slopes) < _FEWEST_SLOPES or max(falling, len(slopes) - falling) < _ONE_WAY * len(slopes):
        return lambda one: one.center_y
    line = statistics.linear_regression([place for place, _ in slopes], [slope for _, slope in slopes])
    home = statistics.fmean(one.center_x for one in anchors)
    return lambda one: one.center_y - (line.intercept + line.slope * one.center_y) * (one.center_x - home)


def _slopes(
    cells: Sequence[Segment], columns: Sequence[Column], anchors: Sequence[Segment]
) -> list[tuple[float, float]]:
    """(height on the page, rise per pixel to the right) between cells of columns that seldom wrap."""
    if len(anchors) < 2:
        return []
    pitch = statistics.median(b.center_y - a.center_y for a, b in pairwise(anchors))
    typed = [_typed(column, cells) for column in columns]
    found = []
    for left, right in pairwise([own for own in typed if own]):
        for one in left:
            other = min(right, key=lambda cell: abs(cell.center_y - one.center_y))
            rise, run = other.center_y - one.center_y, other.center_x - one.center_x
            if abs(rise) < pitch / 2 and run > 0:
                found.append((one.center_y, rise / run))
    return found


def _typed(column: Column, cells: Sequence[Segment]) -> list[Segment]:
    name = _COLUMN_OF.get(column.label) if column.label else None
    if name is None or name is FieldName.PRODUCT:
        return []
    return [one for one in in_column(column, cells) if _is_a(name, one.text)]


def heading(sheet: Sheet) -> tuple[float, list[Column]] | None:
    """The row of a table's headings: its lower edge and its columns; none where each card has one of its own."""
    rows = _heading_rows(sheet)
    if not rows or len(_recurring(rows, sheet.unit)) > 1:
        return None
    return max(one.box.y1 for one, _ in rows[0]), _columns(rows[0], sheet)


def heads_of_cards(sheet: Sheet) -> list[float]:
    """Where the rows of words begin that head each card of a list over their values: 下单时间 订单金额 订单号."""
    recurring = _recurring(_heading_rows(sheet), sheet.unit)
    return [min(one.box.y0 for one, _ in row) for row in recurring] if len(recurring) > 1 else []


_Headings = list[tuple[Segment, Label | None]]


def _recurring(rows: Sequence[_Headings], unit: float) -> list[_Headings]:
    """Those that say what the first does, in its columns."""
    return [
        row
        for row in rows
        if len(row) == len(rows[0])
        and all(
            label is first_label and min(abs(one.box.x0 - first.box.x0), abs(one.box.x1 - first.box.x1)) <= unit
            for (one, label), (first, first_label) in zip(row, rows[0], strict=True)
        )
    ]


def _heading_rows(sheet: Sheet) -> list[_Headings]:
    labels = {id(key.piece): key.label for key in sheet.keys if key.hit.whole and not key.hit.colon}
    places = {(key.piece.line, key.box.x0): key.label for key in sheet.keys if key.hit.whole and not key.hit.colon}
    found = []
    for row in sheet.rows:
        known = [
            (one, labels.get(id(one)) or places.get((one.line, one.box.x0)) or _HEADINGS.get(compact(one.text)))
            for one in row
        ]
        named = [label for _, label in known if label in _COLUMN_OF]
        if len(set(named)) < _FEWEST_COLUMNS or any(any(c.isdigit() for c in one.text) for one in row):
            continue
        found.append(known)
    return found


def _columns(known: Sequence[tuple[Segment, Label | None]], sheet: Sheet) -> list[Column]:
    """Columns meet between the headings, nearer to the next one's start: cells begin where their heading does.

    Centred headings stand over the middle of their cells; then the columns meet half way.
    """
    starts = [one.box.x0 for one, _ in known]
    below = [one.box.x0 for one in sheet.segments if one.center_y > known[0][0].box.y1]
    flush = sum(any(abs(edge - start) <= sheet.unit for edge in below) for start in starts)
    left_aligned = flush >= 0.6 * len(starts)
    cuts = [
        (b.box.x0 - 0.5 * sheet.unit) if left_aligned else (a.box.x1 + b.box.x0) / 2
        for (a, _), (b, _) in pairwise(known)
    ]
    edges = [float("-inf"), *cuts, float("inf")]
    return [Column(label, left, right) for (_, label), (left, right) in zip(known, pairwise(edges), strict=True)]


def anchors_of(cells: Sequence[Segment], columns: Sequence[Column]) -> list[Segment]:
    """One cell a row: of the column that seldom wraps and is read best, sums, states, times or numbers."""
    best = max((_typed(column, cells) for column in columns), key=len, default=[])
    return sorted(best, key=lambda one: one.center_y)


def _is_a(name: FieldName, text: str) -> bool:
    if name is FieldName.AMOUNT:
        amount = parse_amount(text)
        return amount is not None and amount.marked
    if name in (FieldName.ORDERED_AT, FieldName.PAID_AT):
        return bool(re.search(r"20\d{2}|\d{1,2}[-/月]\d{1,2}|[A-Za-z]{3} \d|\d [A-Za-z]{3}", text))
    if name is FieldName.STATUS:
        return status_text(text) is not None
    number = identifier(text)
    return number is not None and len(number) >= 8


def _bands(anchors: Sequence[float], top: float, cells: Sequence[Segment]) -> Iterator[tuple[float, float]]:
    """From half way to the row before to half way to the row after."""
    if len(anchors) < 2:
        return
    bottom = max(one.box.y1 for one in cells) + 1
    middles = [(a + b) / 2 for a, b in pairwise(anchors)]
    pitch = min(b - a for a, b in pairwise(anchors))
    last = min(bottom, anchors[-1] + pitch)
    yield from pairwise([top, *middles, last])


def table_row(cells: Sequence[Segment], columns: Sequence[Column], as_of: date | None) -> OrderRow | None:
    fields: dict[FieldName, Field] = {}
    ranks: dict[FieldName, int] = {}
    used: list[Segment] = []
    for column in columns:
        name = _COLUMN_OF.get(column.label) if column.label else None
        if column.label is None or name is None or ranks.get(name, 99) <= _RANK[column.label]:
            continue
        pieces = [one for row in rows_of(in_column(column, cells)) for one in row]
        field = _cell(name, pieces, as_of) if pieces else None
        if field:
            fields[name], ranks[name] = field, _RANK[column.label]
            used += pieces
    return OrderRow(fields=fields, box=union(one.box for one in used)) if len(fields) > 1 else None


def _cell(name: FieldName, pieces: Sequence[Segment], as_of: date | None) -> Field | None:
    texts = [one.text for one in pieces]
    value: str | int | None = None
    if name is FieldName.AMOUNT:
        amounts = [amount for text in texts if (amount := parse_amount(text))]
        amounts = amounts or [amount for text in texts for amount in find_amounts(text)]
        value = amounts[0].minor if len({one.minor for one in amounts}) == 1 else None
    elif name in (FieldName.ORDERED_AT, FieldName.PAID_AT):
        moment = parse_time(" ".join(texts), as_of=as_of)
        value = moment.iso if moment else None
    elif name in (FieldName.ORDER_NUMBER, FieldName.TRADE_NUMBER):
        value = identifier("".join(texts)) or next((number for text in texts if (number := identifier(text))), None)
    elif name is FieldName.STATUS:
        value = next((state for text in texts if (state := status_text(text))), None)
    else:
        value = tidy(joined(pieces)) or None
    if value is None:
        return None
    return field_by_place(name, value, pieces, "column")


def field_by_place(name: FieldName, value: str | int, pieces: Sequence[Segment], rule: str) -> Field:
    return Field(
        name=name,
        value=value,
        text=" ".join(one.raw for one in pieces),
        score=round(_BY_PLACE * min(one.score for one in pieces), 4),
        box=union(one.box for one in pieces),
        rule=rule,
    )
