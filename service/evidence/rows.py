"""The orders of a page that lists several: cards under each other, or the rows of a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from service.domain.evidence import Field, FieldName, ImageFacts, Line, OrderRow, PageKind
from service.evidence import money_fields, number_fields, text_fields, time_fields
from service.evidence.amounts import find_amounts, parse_amount
from service.evidence.lexicon import Label
from service.evidence.normalise import compact, identifier
from service.evidence.segments import Segment, rows_of, same_row, union
from service.evidence.sheet import Sheet
from service.evidence.status_bar import bar_of
from service.evidence.times import is_moment, parse_time
from service.evidence.values import find_identifier, joined, tidy
from service.evidence.vocabulary import is_button, is_list_title, is_tab_word, names_goods, status_text

# A page of more orders than this is no screenshot.
MOST_ROWS = 60
_FEWEST_COLUMNS = 3
_FEWEST_TABS = 3
# Between two cards there is more room than inside one; a state or number at a card's head, and buttons at its foot,
# say so too.
_HEAD_SAYS, _FOOT_SAYS = 1.4, 1.6
# A fact that so large a share of the other rows show is missed where a row at the page's edge does not.
_USUAL = 0.75
# Found by its place in a card or column, without a key.
_BY_PLACE = 0.95


def find_rows(sheet: Sheet, image: ImageFacts, as_of: date | None) -> tuple[OrderRow, ...]:
    """The orders of a list, top to bottom; one cut at the page's edge is left out, and what is not shown is absent."""
    table = _table_rows(sheet, as_of)
    found = table if len(table) > 1 else _card_rows(sheet, as_of)
    return tuple(_whole(found, image, sheet.unit)[:MOST_ROWS])


def _whole(rows: Sequence[OrderRow], image: ImageFacts, unit: float) -> list[OrderRow]:
    """Without a first or last row that touches the page's edge and lacks what the others have."""
    if len(rows) < 2:
        return list(rows)
    kept = list(rows)
    for place, near in ((0, rows[0].box.y0 <= 6 * unit), (-1, rows[-1].box.y1 >= image.height - 6 * unit)):
        others = kept[1:] if place == 0 else kept[:-1]
        counts = Counter(name for row in others for name in row.fields)
        usual = {name for name, count in counts.items() if count >= _USUAL * len(others)}
        if near and others and not usual <= set(kept[place].fields):
            kept.pop(place)
        if len(kept) < 2:
            break
    return kept


# --- tables --------------------------------------------------------------------------------------------------------

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
class _Column:
    """What stands under a heading, from ``left`` to ``right`` in pixels."""

    label: Label | None
    left: float
    right: float


def _table_rows(sheet: Sheet, as_of: date | None) -> list[OrderRow]:
    head = _heading(sheet)
    if head is None:
        return []
    bottom, columns = head
    cells = [one for one in sheet.segments if one.box.y0 > bottom - 0.2 * sheet.unit]
    anchors = _anchors(cells, columns)
    return [
        row
        for band in _bands(anchors, bottom, cells)
        if (row := _table_row([one for one in cells if band[0] <= one.center_y < band[1]], columns, as_of))
    ]


def _heading(sheet: Sheet) -> tuple[float, list[_Column]] | None:
    """The row of a table's headings: its lower edge and its columns."""
    labels = {id(key.piece): key.label for key in sheet.keys if key.hit.whole and not key.hit.colon}
    places = {(key.piece.line, key.box.x0): key.label for key in sheet.keys if key.hit.whole and not key.hit.colon}
    for row in sheet.rows:
        known = [
            (one, labels.get(id(one)) or places.get((one.line, one.box.x0)) or _HEADINGS.get(compact(one.text)))
            for one in row
        ]
        named = [label for _, label in known if label in _COLUMN_OF]
        if len(set(named)) < _FEWEST_COLUMNS or any(any(c.isdigit() for c in one.text) for one in row):
            continue
        return max(one.box.y1 for one in row), _columns(known, sheet)
    return None


def _columns(known: Sequence[tuple[Segment, Label | None]], sheet: Sheet) -> list[_Column]:
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
    return [_Column(label, left, right) for (_, label), (left, right) in zip(known, pairwise(edges), strict=True)]


def _anchors(cells: Sequence[Segment], columns: Sequence[_Column]) -> list[float]:
    """Middles of the rows: of the cells of the column that seldom wraps, an amount, a state, a time or a number."""
    best: list[float] = []
    for column in columns:
        name = _COLUMN_OF.get(column.label) if column.label else None
        if name is None or name is FieldName.PRODUCT:
            continue
        own = [one for one in cells if column.left <= one.center_x < column.right and _is_a(name, one.text)]
        middles = [one.center_y for one in own]
        if len(middles) > len(best):
            best = middles
    return sorted(best)


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


def _table_row(cells: Sequence[Segment], columns: Sequence[_Column], as_of: date | None) -> OrderRow | None:
    fields: dict[FieldName, Field] = {}
    ranks: dict[FieldName, int] = {}
    used: list[Segment] = []
    for column in columns:
        name = _COLUMN_OF.get(column.label) if column.label else None
        if column.label is None or name is None or ranks.get(name, 99) <= _RANK[column.label]:
            continue
        pieces = [one for row in rows_of([c for c in cells if column.left <= c.center_x < column.right]) for one in row]
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
    return _field(name, value, pieces, "column")


def _field(name: FieldName, value: str | int, pieces: Sequence[Segment], rule: str) -> Field:
    return Field(
        name=name,
        value=value,
        text=" ".join(one.raw for one in pieces),
        score=round(_BY_PLACE * min(one.score for one in pieces), 4),
        box=union(one.box for one in pieces),
        rule=rule,
    )


# --- cards ---------------------------------------------------------------------------------------------------------


def _card_rows(sheet: Sheet, as_of: date | None) -> list[OrderRow]:
    body = _body(sheet)
    anchors = _repeated(sheet, body)
    if len(anchors) < 2:
        return []
    paid = _paid_column(sheet)
    cards = _split(body, anchors, sheet)
    return [row for card in cards if (row := _card(card, as_of, paid))]


def _body(sheet: Sheet) -> list[list[Segment]]:
    """The rows below the status bar, the title, the tabs and the table's heading."""
    bar = {id(one) for one in bar_of(sheet)}
    rows = [row for row in sheet.rows if not any(id(one) in bar for one in row)]
    start = 0
    for index, row in enumerate(rows[:8]):
        tabs = sum(is_tab_word(one.text) for one in row) >= _FEWEST_TABS
        if tabs or any(is_list_title(one.text) for one in row):
            start = index + 1
    return rows[start:]


def _repeated(sheet: Sheet, body: Sequence[Sequence[Segment]]) -> list[float]:
    """Where each card is, by what every card shows once: its number, what was paid, or its state."""
    lines = {one.line for row in body for one in row}
    numbers = [key.piece.center_y for key in sheet.keys_of(Label.ORDER_NUMBER) if find_identifier(sheet, key)]
    paid = [
        key.piece.center_y
        for key in sheet.keys_of(Label.PAID, Label.TOTAL, Label.PAYMENT_AMOUNT)
        if key.piece.line in lines and (key.inline or sheet.right_of(key))
    ]
    states = [
        row[0].center_y
        for row in body
        if any(status_text(one.text) for one in row) and sum(is_button(one.text) for one in row) < len(row)
    ]
    for found in (numbers, paid, states):
        apart = _apart(found, 2.0 * sheet.unit)
        if len(apart) >= 2:
            return apart
    return []


def _apart(places: Sequence[float], least: float) -> list[float]:
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > least:
            kept.append(place)
    return kept


def _split(body: Sequence[list[Segment]], anchors: Sequence[float], sheet: Sheet) -> list[list[Segment]]:
    """Cards: between two anchors the page is cut where the room is widest, and alike everywhere.

    Which rows a cut runs between (a foot of buttons over a head with a state) is voted over all cards, because in one
    card a picture may leave more room than there is between cards.
    """
    middles = [_middle(row) for row in body]
    options = [_cuts(body, middles, upper, lower, sheet) for upper, lower in pairwise(anchors)]
    votes: Counter[tuple[str, str]] = Counter()
    for cuts in options:
        for _, kind, room in cuts[:3]:
            votes[kind] += int(100 * room)
    chosen = votes.most_common(1)[0][0] if votes else ("", "")
    places = []
    for cuts in options:
        fitting = [index for index, kind, _ in cuts if kind == chosen]
        if fitting or cuts:
            places.append(fitting[0] if fitting else cuts[0][0])
    first = (
        next((i for i in range(1, places[0]) if middles[i] <= anchors[0] and _kind(body, i) == chosen), 0)
        if places
        else 0
    )
    edges = [first, *places, len(body)]
    return [[one for row in body[a:b] for one in row] for a, b in pairwise(edges) if a < b]


def _cuts(
    body: Sequence[list[Segment]], middles: Sequence[float], upper: float, lower: float, sheet: Sheet
) -> list[tuple[int, tuple[str, str], float]]:
    """(row it runs before, kind, weighted room in line heights), widest first."""
    found = []
    for index in range(1, len(body)):
        if not upper < middles[index] or middles[index - 1] >= lower:
            continue
        if middles[index] > lower + 0.3 * sheet.unit:
            break
        room = min(one.box.y0 for one in body[index]) - max(one.box.y1 for one in body[index - 1])
        kind = _kind(body, index)
        weight = (_HEAD_SAYS if kind[1] in "NS" else 1.0) * (_FOOT_SAYS if kind[0] == "B" else 1.0)
        found.append((index, kind, weight * max(room, 0.0) / max(sheet.unit, 1e-6)))
    return sorted(found, key=lambda cut: -cut[2])


def _kind(body: Sequence[Sequence[Segment]], index: int) -> tuple[str, str]:
    return _row_kind(body[index - 1]), _row_kind(body[index])


def _row_kind(row: Sequence[Segment]) -> str:
    """N a number, S a state, B buttons alone, A an amount, T a moment, X anything else."""
    texts = [one.text for one in row]
    if all(
        is_button(text) or re.fullmatch(r"(?:删除|再次|申请|查看|确认|去|追加|联系|加入|更多).{0,6}", text)
        for text in texts
    ):
        return "B"
    if any(re.search(r"单号|编号|order (?:no|number|id|#)", text, re.IGNORECASE) for text in texts):
        return "N"
    if any(status_text(text) for text in texts):
        return "S"
    if any(any(True for _ in find_amounts(text)) for text in texts):
        return "A"
    return "T" if any(is_moment(text) for text in texts) else "X"


def _middle(row: Sequence[Segment]) -> float:
    return sum(one.center_y for one in row) / len(row)


def _paid_column(sheet: Sheet) -> _Column | None:
    """Over the cards of a shop's page stand a table's headings: the column of what was paid."""
    head = _heading(sheet)
    paid = [one for one in head[1] if one.label in (Label.PAID, Label.TOTAL)] if head else []
    return paid[0] if len(paid) == 1 else None


def _card(card: Sequence[Segment], as_of: date | None, paid: _Column | None) -> OrderRow | None:
    """A card read as a page of its own."""
    own = Sheet([Line(one.raw, one.score, one.box) for one in card])
    fields = {
        field.name: field
        for field in (
            *number_fields.find(own, PageKind.ORDER),
            *money_fields.find(own, PageKind.ORDER, None),
            *time_fields.find(own, PageKind.ORDER, as_of),
            *text_fields.find(own, PageKind.ORDER, None),
        )
    }
    lone = _lone_amount(own, paid)
    for field in (_lone_moment(own, as_of), lone, _state(own), _name(own)):
        if field and field.name not in fields:
            fields[field.name] = field
    return OrderRow(fields=fields, box=union(one.box for one in card)) if len(fields) > 1 else None


def _lone_moment(card: Sheet, as_of: date | None) -> Field | None:
    """The only moment on a card, without a key: when its order was placed."""
    moments = [
        (one, moment) for one in card.free if is_moment(one.text) and (moment := parse_time(one.text, as_of=as_of))
    ]
    if len(moments) != 1:
        return None
    one, moment = moments[0]
    return _field(FieldName.ORDERED_AT, moment.iso, [one], "moment on a card")


def _lone_amount(card: Sheet, paid: _Column | None) -> Field | None:
    """The only sum on a card, or the one in the column of what was paid."""
    if card.keys_of(Label.PAID, Label.TOTAL, Label.DUE, Label.ORDER_TOTAL):
        return None
    amounts = [(one, amount) for one in card.free for amount in find_amounts(one.text)]
    if paid:
        amounts = [(one, amount) for one, amount in amounts if paid.left <= one.center_x < paid.right] or amounts
    if len({amount.minor for _, amount in amounts}) != 1:
        return None
    one, amount = amounts[0]
    return _field(FieldName.AMOUNT, amount.minor, [one], "amount on a card")


def _state(card: Sheet) -> Field | None:
    for one in card.standing:
        if (state := status_text(one.text)) and not is_button(one.text):
            return _field(FieldName.STATUS, state, [one], "state on a card")
    return None


def _name(card: Sheet) -> Field | None:
    """The goods' name: free text that speaks of goods, with the line it reads on in."""
    for one in card.free:
        text = one.text
        if card.owner(one) is not None or is_button(text) or status_text(text) or is_moment(text) or len(text) < 4:
            continue
        if names_goods(text) and parse_amount(text) is None and not _is_shop_row(card, one):
            more = card.continuation(one, one)
            pieces = [one, more] if more and not is_moment(more.text) and not status_text(more.text) else [one]
            return _field(FieldName.PRODUCT, tidy(joined(pieces)), pieces, "goods on a card")
    return None


def _is_shop_row(card: Sheet, segment: Segment) -> bool:
    """A shop's name stands at the card's head, beside its state."""
    return segment.center_y <= card.bounds.y0 + card.unit and any(
        status_text(one.text) for one in card.segments if one is not segment and same_row(one.box, segment.box)
    )
