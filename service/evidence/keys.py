"""Keys in pieces of text: inside a line, broken over two lines, and how lines stand above each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.domain.evidence import Box
from service.evidence.labels import EXACT, Hit, hits_in
from service.evidence.lexicon import Label
from service.evidence.normalise import compact
from service.evidence.segments import Segment, part, rows_of, same_row, union
from service.evidence.times import is_moment
from service.evidence.vocabulary import status_text

_PRICE_AT_END = re.compile(
    r"\s*((?:[YV半]|RMB|CNY)\s?\d[\d,]*\.\d{2}|[¥$]\s?\d[\d,]*(?:\.\d{1,2})?|(?<!\d)\d[\d,]*\.\d{2}\s?(?:元|CNY|RMB)|(?<=\s)[x×X*]\s?\d{1,3})$"
)


@dataclass(frozen=True, slots=True)
class Key:
    """A label where it stands: ``piece`` its own text and box, ``inline`` what follows it in the same line."""

    hit: Hit
    piece: Segment
    inline: Segment | None

    @property
    def label(self) -> Label:
        return self.hit.label

    @property
    def box(self) -> Box:
        return self.piece.box


def keys_in(segment: Segment, hits: Sequence[Hit]) -> list[Key]:
    found = []
    for number, hit in enumerate(hits):
        end = hits[number + 1].start if number + 1 < len(hits) else len(segment.text)
        text = segment.text[hit.value : end].rstrip(" ,;|([")
        inline = part(segment, hit.value, hit.value + len(text)) if text else None
        found.append(Key(hit, part(segment, hit.start, hit.end), inline))
    return found


def dated(keys: Sequence[Key], free: Sequence[Segment]) -> list[Key]:
    """Purchased beside or right over a moment says when, beside a name what."""
    moments: list[Segment] | None = None
    found = []
    for key in keys:
        if key.label is Label.PRODUCT and key.inline is None and _DEED.fullmatch(compact(key.piece.text).strip(":")):
            moments = [one for one in free if is_moment(one.text)] if moments is None else moments
            beside = any(same_row(one.box, key.box) and one.box.x0 > key.box.x1 for one in moments)
            if beside or any(directly_below(key.piece, one) for one in moments):
                key = replace(key, hit=replace(key.hit, label=Label.ORDERED_AT))
        found.append(key)
    return found


_DEED = re.compile(r"(?:date)?(?:item|items|you)?(?:purchased?|bought)")
WrappedKey = tuple[Key, tuple[Segment, ...]]


def wrapped_keys(segments: Sequence[Segment]) -> list[WrappedKey]:
    """Keys printed on two lines, with the pieces they are made of: neither says it alone, both together do."""
    found: list[WrappedKey] = []
    for upper in segments:
        lower = next((one for one in segments if one is not upper and _reads_on(upper, one)), None)
        if lower is None or any(character.isdigit() for character in lower.text):
            continue
        wrapped = _wrapped_before_value(upper, lower) if _has_digit(upper) else _wrapped(upper, lower)
        if wrapped:
            found.append(wrapped)
    return found


def _reads_on(upper: Segment, lower: Segment) -> bool:
    return directly_below(upper, lower) or _ends_with_its_colon(upper, lower)


def _ends_with_its_colon(upper: Segment, lower: Segment) -> bool:
    """The last characters of a key set flush right, whose wide colon is half empty: 充值通行 / 证：."""
    if not lower.text.endswith(":") or len(lower.text) > _MOST_ON_THE_SECOND_LINE + 1:
        return False
    match = _BEFORE_VALUE.fullmatch(upper.text)
    box = part(upper, *match.span("key")).box if match else upper.box
    height = box.height
    return (
        0 <= box.x1 - lower.box.x1 + 0.3 * height <= 2.0 * height
        and lower.box.x0 > box.x0
        and -0.4 * height <= lower.box.y0 - box.y1 <= 0.7 * height
        and lower.center_y > box.y1
    )


def _has_digit(segment: Segment) -> bool:
    return any(character.isdigit() for character in segment.text)


def _wrapped(upper: Segment, lower: Segment) -> WrappedKey | None:
    text = upper.text + (" " if upper.text[-1].isascii() else "") + lower.text
    hits = hits_in(text)
    if not (hits and hits[0].whole and hits[0].start == 0 and hits[0].sureness == EXACT):
        return None
    below = hits_in(lower.text)
    ends_it = _HEAD_WORD.fullmatch(compact(lower.text).strip(":")) is not None
    if not ends_it and (hits_in(upper.text) or (below and below[0].whole and below[0].sureness == EXACT)):
        return None
    piece = Segment(text, text, min(upper.score, lower.score), union((upper.box, lower.box)), upper.line)
    return Key(hits[0], piece, None), (upper, lower)


_BEFORE_VALUE = re.compile(r"(?P<key>[一-鿿]{2,8})\s?(?P<value>[A-Za-z0-9¥-].*)")
_MOST_ON_THE_SECOND_LINE = 3


def _wrapped_before_value(upper: Segment, lower: Segment) -> WrappedKey | None:
    """A narrow column's key broken before its last characters, its value read into the first line."""
    match = _BEFORE_VALUE.fullmatch(upper.text)
    tail = lower.text.strip(" :")
    if match is None or len(tail) > _MOST_ON_THE_SECOND_LINE or hits_in(upper.text):
        return None
    hits = hits_in(match["key"] + tail)
    if not (hits and hits[0].whole and hits[0].sureness == EXACT):
        return None
    key = part(upper, *match.span("key"))
    text = match["key"] + tail
    piece = Segment(text, text, min(upper.score, lower.score), union((key.box, lower.box)), upper.line)
    return Key(hits[0], piece, part(upper, *match.span("value"))), (upper, lower)


# What ends a key and says little alone: on the line below it belongs to the key above.
_HEAD_WORD = re.compile(
    r"number|no\.?|id|code|reference|method|time|date|amount|name|编号|号码|号|单号|流水号|时间|日期|金额|方式|名称|全称"
)


def directly_below(upper: Segment, lower: Segment, reach: float = 0.7) -> bool:
    gap = lower.box.y0 - upper.box.y1
    height = upper.box.height
    return (
        (abs(upper.box.x0 - lower.box.x0) <= 0.5 * height or abs(upper.box.x1 - lower.box.x1) <= 0.3 * height)
        and -0.4 * height <= gap <= reach * height
        and lower.center_y > upper.box.y1
        and 0.75 <= lower.box.height / max(height, 1e-6) <= 1.33
    )


def ends_above(upper: Segment, lower: Segment) -> bool:
    """The line right above, with which the left or the right edge is in line."""
    height = upper.box.height
    return (
        lower.center_y > upper.box.y1
        and lower.box.y0 - upper.box.y1 <= 0.7 * height
        and (abs(upper.box.x0 - lower.box.x0) <= 0.8 * height or abs(upper.box.x1 - lower.box.x1) <= 0.6 * height)
    )


def is_a_tile(one: Segment, rows: Sequence[Sequence[Segment]]) -> bool:
    """One of three or more short words side by side, such as lead to a wallet's pages: Scan, Pay, Rides, Cards."""
    row = next((row for row in rows if any(other is one for other in row)), ())
    return len(row) >= _FEWEST_TILES and all(
        len(other.text) <= _LONGEST_TILE and not _has_digit(other) and "¥" not in other.text for other in row
    )


_FEWEST_TILES, _LONGEST_TILE = 3, 12


def split_prices(segments: list[Segment]) -> list[Segment]:
    """A title and the price at the page's right edge that the detector took for one line are two pieces, and so are a
    title and the order's state behind it. Words of one line in boxes that touch are one piece first."""
    if not segments:
        return segments
    segments = _rejoined(segments)
    edge = max(one.box.x1 for one in segments)
    found: list[Segment] = []
    for one in segments:
        match = _PRICE_AT_END.search(one.text)
        at_edge = edge - one.box.x1 <= 3 * one.box.height
        if match and _is_wordy(one.text[: match.start()]) and at_edge and not hits_in(one.text):
            found += [part(one, 0, match.start()), part(one, match.start(1), len(one.text))]
        elif start := _state_behind_goods(one.text):
            found += [part(one, 0, start - 1), part(one, start, len(one.text))]
        else:
            found.append(one)
    return found


def _is_wordy(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= _FEWEST_LETTERS


def _state_behind_goods(text: str) -> int:
    """Where the state begins that stands, after a blank, behind the goods' name; 0 where there is none."""
    for match in _LAST_WORDS.finditer(text):
        if status_text(match["state"]) is None:
            continue
        goods = text[: match.start("state") - 1]
        named = _is_wordy(goods) and not _LEADS_TO_A_STATE.search(goods)
        return match.start("state") if named and not hits_in(text) and status_text(text) is None else 0
    return 0


_FEWEST_LETTERS = 4
# The last one or two words: Vellum Pro, annual plan Shipped.
_LAST_WORDS = re.compile(r"(?<= )(?P<state>[A-Z][a-z]+(?: [a-z]+)?|[一-鿿]{2,6})$")
# A sentence, a key or a step tells a state in words of its own.
_LEADS_TO_A_STATE = re.compile(
    r"(?:\b(?:is|are|was|been|has|have|be|be|status|state|order|orders|payment|package|parcel|refund|items?|not|to|and|or|"
    r"your|all)|[:：,，;；。/|>·-]|状态|订单|付款|支付|物流|包裹|您的|全部|我的)\s*$",
    re.IGNORECASE,
)


def _rejoined(segments: list[Segment]) -> list[Segment]:
    """Lines whose words the detector took for two, its boxes touching, are one: 办公软件家庭版 + 一年订阅."""
    found: list[Segment] = []
    for row in rows_of(segments):
        joined: list[Segment] = []
        for one in row:
            if joined and _goes_on(joined[-1], one):
                joined[-1] = _joined(joined[-1], one)
            else:
                joined.append(one)
        found += joined
    return sorted(found, key=lambda one: (one.center_y, one.box.x0)) if len(found) < len(segments) else segments


def _goes_on(left: Segment, one: Segment) -> bool:
    height = left.box.height
    if not -_OVERLAP * height <= one.box.x0 - left.box.x1 <= _TOUCHING * height:
        return False
    if abs(one.center_y - left.center_y) > _ONE_LINE * height or abs(one.box.height - height) > _ONE_SIZE * height:
        return False
    return all(_is_of_a_name(piece.text) for piece in (left, one)) and status_text(one.text) is None


def _is_of_a_name(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= _FEWEST_LETTERS and not hits_in(text)


def _joined(left: Segment, one: Segment) -> Segment:
    return Segment(
        f"{left.text} {one.text}",
        f"{left.raw} {one.raw}",
        min(left.score, one.score),
        union((left.box, one.box)),
        left.line,
    )


# In heights of the line: boxes of one line's words overlap, since the detector draws them with a margin.
_OVERLAP, _TOUCHING, _ONE_LINE, _ONE_SIZE = 0.6, 0.12, 0.2, 0.25
