"""The orders of a list of cards, one under the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from service.domain.evidence import OrderRow
from service.evidence.amounts import find_amounts
from service.evidence.lexicon import Label
from service.evidence.mark_repeats import is_tilted
from service.evidence.normalise import compact
from service.evidence.order_card import row_of_card
from service.evidence.order_table import COUNT_OF_ROWS, Column, heading, heads_of_cards
from service.evidence.segments import Segment, rows_of
from service.evidence.sheet import Sheet
from service.evidence.status_bar import bar_of
from service.evidence.times import is_moment
from service.evidence.title_words import is_title_text
from service.evidence.values import find_identifier
from service.evidence.vocabulary import is_button, is_list_title, is_tab_word, status_text

_FEWEST_TABS = 3
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
    if heads := heads_of_cards(sheet):
        return [row for card in _under_heads(body, heads) if (row := row_of_card(card, as_of, None, sheet))]
    anchors = _repeated(sheet, body)
    if len(anchors) < 2:
        return []
    paid = _paid_column(sheet)
    cards = _split(body, anchors, sheet)
    return [row for card in cards if (row := row_of_card(card, as_of, paid, sheet))]


def _under_heads(body: Sequence[list[Segment]], heads: Sequence[float]) -> list[list[Segment]]:
    pieces = [one for row in body for one in row]
    edges = pairwise([*heads, float("inf")])
    return [[one for one in pieces if low <= one.center_y < high] for low, high in edges]


def only_card(sheet: Sheet, as_of: date | None) -> list[OrderRow]:
    """A column that holds one card alone, as the last of those side by side may."""
    row = row_of_card(sheet.segments, as_of, None, sheet)
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
        while first and _reads_on(body[first - 1], body[first], sheet.unit):
            first -= 1  # its goods' name has a line more
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


def _reads_on(upper: Sequence[Segment], lower: Sequence[Segment], unit: float) -> bool:
    """A line of a name closely over another, beginning at its edge."""
    first, second = upper[0], lower[0]
    return (
        abs(first.box.x0 - second.box.x0) <= _OWN_ROW * unit
        and second.box.y0 - max(one.box.y1 for one in upper) <= _OWN_ROW * unit
        and all(is_title_text(one.text) for one in (first, second))
    )


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
