"""The orders of a list of cards, one under the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise, takewhile

from service.domain.evidence import Field, FieldName, Line, OrderRow, PageKind
from service.evidence import money_fields, number_fields, text_fields, time_fields
from service.evidence.amounts import find_amounts, parse_amount
from service.evidence.doubt import doubted
from service.evidence.lexicon import Label
from service.evidence.mark_repeats import is_tilted
from service.evidence.normalise import compact
from service.evidence.order_table import COUNT_OF_ROWS, Column, called_number, field_by_place, heading
from service.evidence.product_field import is_product
from service.evidence.segments import Segment, rows_of, same_row, union
from service.evidence.sheet import Sheet
from service.evidence.status_bar import bar_of
from service.evidence.times import is_moment, parse_time
from service.evidence.title_lines import is_kind_of_goods, title_from, title_text
from service.evidence.title_words import is_shop, is_title_text, may_be_shop
from service.evidence.values import find_identifier, tidy
from service.evidence.vocabulary import is_button, is_list_title, is_tab_word, names_goods, status_text

_FEWEST_TABS = 3
_AFTER_A_SUM = re.compile(r"\d\.\d{2}\s?元?\s*([^\d\s].{1,20})$")
# Between two cards there is more room than inside one; a state or number at a card's head, and buttons at its foot,
# say so too.
_HEAD_SAYS, _FOOT_SAYS = 1.4, 1.6
# A number with the state at its row's other end heads a card, however much room a picture leaves inside it.
_WHOLE_HEAD_SAYS = 2.0
_MUCH_TALLER = 1.8  # line heights
# Pieces of one row differ by so little of a line height.
_OWN_ROW = 0.4
_HEADED = 1.0  # line heights


def card_rows(sheet: Sheet, as_of: date | None) -> list[OrderRow]:
    body = body_of(sheet)
    anchors = _repeated(sheet, body)
    if len(anchors) < 2:
        return []
    paid = _paid_column(sheet)
    cards = _split(body, anchors, sheet)
    return [row for card in cards if (row := _card(card, as_of, paid))]


def only_card(sheet: Sheet, as_of: date | None) -> list[OrderRow]:
    """A column that holds one card alone, as the last of those side by side may."""
    row = _card(sheet.segments, as_of, None)
    return [row] if row else []


def body_of(sheet: Sheet) -> list[list[Segment]]:
    """The rows below the status bar, the title, the tabs and the table's heading, without what is written over them."""
    bar = {id(one) for one in bar_of(sheet)}
    over = any(_is_written_over(one, sheet.unit) for one in sheet.segments)
    all_rows = rows_of([one for one in sheet.segments if not _is_written_over(one, sheet.unit)]) if over else sheet.rows
    rows = [row for row in all_rows if not any(id(one) in bar for one in row)]
    start = 0
    for index, row in enumerate(rows[:8]):
        tabs = sum(is_tab_word(one.text) for one in row) >= _FEWEST_TABS
        if tabs or any(is_list_title(one.text) for one in row):
            start = index + 1
    return [kept for row in rows[start:] if (kept := _without_pages(row))]


def _without_pages(row: Sequence[Segment]) -> list[Segment]:
    """Without what leads to a list's further pages: 共 37 条 ‹ 1 2 3 ›, Showing 1-7 of 37."""
    counted = any(COUNT_OF_ROWS.fullmatch(one.text.strip()) for one in row)
    turned = sum(_PAGE.fullmatch(one.text.strip()) is not None for one in row) >= _FEWEST_PAGES
    if not counted and not turned:
        return list(row)
    return [
        one for one in row if not COUNT_OF_ROWS.fullmatch(one.text.strip()) and not _PAGE.fullmatch(one.text.strip())
    ]


_PAGE = re.compile(
    r"[<>‹›«»]?\s?\d{1,3}(?:\s\d{1,3})*\s?[<>‹›«»]?|[<>‹›«».…]+|上一页|下一页|prev(?:ious)?|next", re.IGNORECASE
)
_FEWEST_PAGES = 3


def _is_written_over(one: Segment, unit: float) -> bool:
    """A watermark aslant, or a shred of it, which would join rows that are apart."""
    shred = one.box.height > _MUCH_TALLER * unit and not any(character.isdigit() for character in one.text)
    return shred or is_tilted(one)


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
    moments = [one.center_y for row in body for one in row if is_moment(one.text)]
    for found in (numbers, paid, states, moments):
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
        fitting = [index for index, kind, _ in cuts if _as_chosen(kind, chosen)]
        if fitting or cuts:
            places.append(fitting[0] if fitting else cuts[0][0])
    if not places:
        return []
    first = next(
        (
            i
            for i in range(1, places[0])
            if middles[i] <= anchors[0] + _OWN_ROW * sheet.unit and _as_chosen(_kind(body, i), chosen)
        ),
        None,
    )
    if first is None:
        # No card begins much further over its anchor than all the others do: what stands there heads the page.
        deepest = max(anchor - middles[place] for place, anchor in zip(places, anchors[1:], strict=False))
        reach = anchors[0] - deepest - _HEADED * sheet.unit
        first = next((i for i in range(places[0]) if middles[i] >= reach), 0)
    # A further card that is cut at the page's end begins after the last anchor.
    last = next(
        (
            i
            for i in range(places[-1] + 1, len(body))
            if middles[i] > anchors[-1] + _OWN_ROW * sheet.unit and _as_chosen(_kind(body, i), chosen)
        ),
        None,
    )
    edges = [first, *places, len(body) if last is None else last]
    return [[one for row in body[a:b] for one in row] for a, b in pairwise(edges) if a < b]


def _cuts(
    body: Sequence[list[Segment]], middles: Sequence[float], upper: float, lower: float, sheet: Sheet
) -> list[tuple[int, tuple[str, str], float]]:
    """(row it runs before, kind, weighted room in line heights), widest first."""
    found = []
    for index in range(1, len(body)):
        # The anchor's own row may have its middle a little lower than the anchor.
        if middles[index] <= upper + _OWN_ROW * sheet.unit or middles[index - 1] >= lower:
            continue
        if middles[index] > lower + 0.3 * sheet.unit:
            break
        room = min(one.box.y0 for one in body[index]) - max(one.box.y1 for one in body[index - 1])
        if _SUMS_UP.match(compact(body[index][0].text)):
            continue  # a card's sum is at its foot
        kind = _kind(body, index)
        weight = {"H": _WHOLE_HEAD_SAYS, "N": _HEAD_SAYS, "S": _HEAD_SAYS}.get(kind[1], 1.0) * (
            _FOOT_SAYS if kind[0] == "B" else 1.0
        )
        found.append((index, kind, weight * max(room, 0.0) / max(sheet.unit, 1e-6)))
    found += _past_banners(body, found)
    return sorted(found, key=lambda cut: -cut[2])


def _past_banners(
    body: Sequence[list[Segment]], cuts: Sequence[tuple[int, tuple[str, str], float]]
) -> list[tuple[int, tuple[str, str], float]]:
    """Between a foot's buttons and the next card's head an advertisement may stand alone: 会员日 全场95折起."""
    heads = {index: (kind[1], room) for index, kind, room in cuts if kind[0] == "X" and kind[1] in "HNS"}
    return [
        (index + 1, ("B", heads[index + 1][0]), room + heads[index + 1][1])
        for index, kind, room in cuts
        if kind == ("B", "X") and len(body[index]) == 1 and index + 1 in heads
    ]


_SUMS_UP = re.compile(r"共\d+件|(?:商品)?(?:合计|总计|总额|实付|实收)|(?:\d+items?\(?s?\)?.*)?(?:total|youpaid)\b")


def _kind(body: Sequence[Sequence[Segment]], index: int) -> tuple[str, str]:
    return _row_kind(body[index - 1]), _row_kind(body[index])


def _as_chosen(kind: tuple[str, str], chosen: tuple[str, str]) -> bool:
    """Of one kind; a head's state may be covered or unread."""
    return kind == chosen or (kind[0] == chosen[0] and {kind[1], chosen[1]} == {"H", "N"})


def _row_kind(row: Sequence[Segment]) -> str:
    """H a number and a state at its right, N a number, S a state, B buttons alone, A an amount, T a moment, X else."""
    texts = [one.text for one in row]
    if all(_is_a_button(text) for text in texts):
        return "B"
    if any(is_button(text) for text in texts) and all(
        _is_a_button(text) or _SHORT_WORD.fullmatch(text) for text in texts
    ):
        return "B"  # Support beside Buy again
    if any(_NUMBERED.search(text) for text in texts):
        return "H" if len(row) > 1 and status_text(texts[-1]) else "N"
    if any(status_text(text) for text in texts):
        return "S"
    if any(any(True for _ in find_amounts(text)) for text in texts):
        return "A"
    return "T" if any(is_moment(text) for text in texts) else "X"


def _is_a_button(text: str) -> bool:
    return is_button(text) or _LIKE_A_BUTTON.fullmatch(text) is not None


_LIKE_A_BUTTON = re.compile(r"(?:删除|再次|申请|查看|确认|去|追加|联系|加入|更多).{0,6}")
_SHORT_WORD = re.compile(r"[A-Z]?[a-z]{2,10}|[^\W\d_a-zA-Z]{2,4}")
_NUMBERED = re.compile(
    r"单号|编号|order (?:no|number|id|#)|^order\s?#?(?=(?:[A-Z-]*\d){4})[A-Z0-9-]{8,}", re.IGNORECASE
)


def _middle(row: Sequence[Segment]) -> float:
    return sum(one.center_y for one in row) / len(row)


def _paid_column(sheet: Sheet) -> Column | None:
    """Over the cards of a shop's page stand a table's headings: the column of what was paid."""
    head = heading(sheet)
    paid = [one for one in head[1] if one.label in (Label.PAID, Label.TOTAL)] if head else []
    return paid[0] if len(paid) == 1 else None


def _card(card: Sequence[Segment], as_of: date | None, paid: Column | None) -> OrderRow | None:
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
    for field in (_called_number(own), _lone_moment(own, as_of), _lone_amount(own, paid), _state(own), _name(own)):
        if field and field.name not in fields:
            fields[field.name] = field
    sums_words = [one.box for one in own.segments if status_text(one.text) and _is_a_sums_word(own, one)]
    state = fields.get(FieldName.STATUS)
    if sums_words and (state is None or state.box in sums_words):
        besides = [one for one in own.segments if status_text(one.text) and one.box not in sums_words]
        if len(besides) == 1 and not is_button(besides[0].text):
            value = status_text(besides[0].text) or ""
            fields[FieldName.STATUS] = field_by_place(FieldName.STATUS, value, besides, "state on a card")
    if product := fields.get(FieldName.PRODUCT):
        fields[FieldName.PRODUCT] = replace(product, value=_without_what_follows(own, str(product.value)))
    return OrderRow(fields=fields, box=union(one.box for one in card)) if len(fields) > 1 else None


def _without_what_follows(card: Sheet, name: str) -> str:
    """The moment or number under a title is set like a title's further line."""
    for one in card.segments:
        if called_number(one.text) or (is_moment(one.text) and any(one is free for free in card.free)):
            name = name.replace(one.raw, "")
    return name.strip()


def _called_number(card: Sheet) -> Field | None:
    """The only number on a card that says it is one, and no more: No. DD25121231236828."""
    numbers = [(one, number) for one in card.segments if (number := called_number(one.text))]
    if len(numbers) != 1 or card.keys_of(Label.ORDER_NUMBER):
        return None
    one, number = numbers[0]
    return field_by_place(FieldName.ORDER_NUMBER, number, [one], "number on a card")


def _lone_moment(card: Sheet, as_of: date | None) -> Field | None:
    """The only moment on a card, without a key: when its order was placed."""
    moments = [
        (one, moment) for one in card.free if is_moment(one.text) and (moment := parse_time(one.text, as_of=as_of))
    ]
    if len(moments) != 1:
        return None
    one, moment = moments[0]
    return field_by_place(FieldName.ORDERED_AT, moment.iso, [one], "moment on a card")


def _lone_amount(card: Sheet, paid: Column | None) -> Field | None:
    """The only sum on a card, or the one in the column of what was paid."""
    if card.keys_of(Label.PAID, Label.TOTAL, Label.DUE, Label.ORDER_TOTAL):
        return None
    sums = [(one, amount) for one in card.free if (amount := parse_amount(one.text)) and amount.marked]
    # A sum inside a text may be the goods' own (一卡通100元), so it counts only where none stands by itself.
    amounts = sums or [(one, amount) for one in card.free for amount in find_amounts(one.text)]
    if paid:
        amounts = [(one, amount) for one, amount in amounts if paid.left <= one.center_x < paid.right] or amounts
    if len({amount.minor for _, amount in amounts}) != 1:
        return None
    one, amount = amounts[0]
    field = field_by_place(FieldName.AMOUNT, amount.minor, [one], "amount on a card")
    several = any((count := _COUNT.fullmatch(compact(other.text))) and int(count[1]) > 1 for other in card.segments)
    return doubted(field, "it may be the price of one of several") if several else field


_COUNT = re.compile(r"[x×](\d{1,3})")


def _state(card: Sheet) -> Field | None:
    stated = [one for one in card.standing if status_text(one.text) and not is_button(one.text)]
    # ¥49.50 over paid says what was paid, where the card has a state besides.
    for one in [one for one in stated if not _is_a_sums_word(card, one)] or stated:
        return field_by_place(FieldName.STATUS, status_text(one.text) or one.text, [one], "state on a card")
    for one in card.segments:  # 已退款 is a key as well, where something stands at its right
        last = not any(other.box.x0 >= one.box.x1 and same_row(one.box, other.box) for other in card.segments)
        if last and (state := status_text(one.text)) and not is_button(one.text):
            return field_by_place(FieldName.STATUS, state, [one], "state on a card")
    for one in card.segments:
        after = _AFTER_A_SUM.search(one.text)
        if after and status_text(after[1]):
            return field_by_place(FieldName.STATUS, after[1], [one], "state after the sum")
    return None


def _is_a_sums_word(card: Sheet, one: Segment) -> bool:
    """Set right under a sum and flush with its end."""
    return any(
        abs(other.box.x1 - one.box.x1) <= 0.5 * card.unit
        and 0 < one.center_y - other.center_y <= 1.7 * card.unit
        and (amount := parse_amount(other.text)) is not None
        and amount.marked
        for other in card.segments
    )


def _name(card: Sheet) -> Field | None:
    """The goods' name: free text that speaks of goods, with the line it reads on in."""
    for one in card.free:
        text = one.text
        if card.owner(one) is not None or is_button(text) or status_text(text) or is_moment(text) or len(text) < 4:
            continue
        if (
            names_goods(text)
            and is_product(text)
            and parse_amount(text) is None
            and not _is_shop_row(card, one)
            and not is_shop(text)
        ):
            pieces = _without_facts(title_from(card, one).pieces)
            goods = field_by_place(FieldName.PRODUCT, title_text(pieces), pieces, "goods on a card")
            return doubted(goods, "it may be who sold it", _MAYBE) if may_be_shop(text) else goods
    return _only_title(card)


def _without_facts(lines: Sequence[Segment]) -> list[Segment]:
    """The lines of a title up to a moment, a state or a number under it."""
    return [lines[0], *takewhile(lambda one: not _is_a_fact(one.text), lines[1:])]


def _is_a_fact(text: str) -> bool:
    return is_moment(text) or status_text(text) is not None or called_number(text) is not None


def _only_title(card: Sheet) -> Field | None:
    """Without words for goods: the widest line of a card that may be a title, the shop's row and its picture aside."""
    titles = [
        one
        for one in card.free
        if is_title_text(one.text)
        and is_product(one.text)
        and not is_kind_of_goods(one.text)
        and not called_number(one.text)
        and card.owner(one) is None
        and not _is_shop_row(card, one)
        and not is_shop(one.text)
        and not any(
            other.box.x0 >= one.box.x1 and is_title_text(other.text) and len(other.text) > len(one.text)
            for other in card.free
            if other is not one
        )
    ]
    best = max(titles, key=lambda one: one.box.width, default=None)
    if best is None:
        return None
    title = field_by_place(FieldName.PRODUCT, tidy(best.raw), [best], "title on a card")
    return doubted(title, "no word of it speaks of goods", _MAYBE)


# Below what a comparison takes for certain (compare.DOUBTFUL_SCORE).
_MAYBE = 0.84


def _is_shop_row(card: Sheet, segment: Segment) -> bool:
    """A shop's name stands at the card's head, beside its state."""
    return segment.center_y <= card.bounds.y0 + card.unit and any(
        status_text(one.text) for one in card.segments if one is not segment and same_row(one.box, segment.box)
    )
