"""The value of a key: beside it, in its own line, or below it, parsed as what the key promises."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from service.domain.evidence import Box
from service.domain.money import exponent
from service.evidence.amounts import Amount, leading_amount, parse_amount
from service.evidence.lexicon import VALUE_KIND, ValueKind
from service.evidence.normalise import LONGEST_IDENTIFIER, identifier, identifier_part, strip_noise
from service.evidence.segments import Segment, part, same_row, union
from service.evidence.sheet import Key, Sheet
from service.evidence.times import Printed, is_clock, parse_time

T = TypeVar("T")

# How much a way of finding a value is trusted; multiplies the OCR score.
_TRUST = {"inline": 1.0, "right": 1.0, "below": 0.97, "above": 0.89, "askew": 0.89}
_MOST_WRAPPED_LINES = 4
# A number's first line is at least this long where it wraps, shorter where it breaks at a hyphen.
_SHORTEST_BEFORE_BREAK, _SHORTEST_BEFORE_HYPHEN = 12, 6


_LOOKS_LIKE_TIME = re.compile(
    r"20\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\D?\d{1,2}(?::?\d{2}){1,2})?|\d{1,2}:\d{2}(?::\d{2})?"
)


@dataclass(frozen=True, slots=True)
class Value(Generic[T]):
    """A parsed value with the text it was parsed from and the pieces that text came from."""

    value: T
    pieces: tuple[Segment, ...]
    how: str
    sureness: float

    @property
    def text(self) -> str:
        return " ".join(piece.raw for piece in self.pieces)

    @property
    def box(self) -> Box:
        return union(piece.box for piece in self.pieces)

    @property
    def score(self) -> float:
        return round(min(piece.score for piece in self.pieces) * _TRUST.get(self.how, 1.0) * self.sureness, 4)


def candidates(sheet: Sheet, key: Key) -> Iterator[tuple[str, list[Segment]]]:
    """Pieces that may be the key's value, most likely first."""
    right = sheet.right_of(key)
    if key.inline:
        yield "inline", [key.inline]
        if right:
            yield "inline", [key.inline, *right]
    if right:
        yield "right", right
    if len(right) > 1:
        yield from (("right", [one]) for one in right)
    below = sheet.below(key)
    if below and not key.inline:
        yield "below", _side_by_side(below, sheet.unit)
        yield from (("below", [one]) for one in below)
    # What stands beside it without a digit is another column's button or state.
    figures = any(character.isdigit() for one in right for character in one.text)
    tile = VALUE_KIND[key.label] is ValueKind.AMOUNT and not figures and not key.inline
    over = sheet.over(key) if tile else None
    if over:
        yield "above", [over]
    askew = sheet.askew(key) if not key.inline else None
    if askew:
        yield "askew", [askew]


def _side_by_side(below: Sequence[Segment], unit: float) -> list[Segment]:
    """The first piece below with what stands a blank's distance beside it: another column's value stands further."""
    found = [below[0]]
    for one in below[1:]:
        last = found[-1]
        if abs(one.center_y - last.center_y) > 0.6 * unit or one.box.x0 - last.box.x1 > 1.5 * unit:
            break
        found.append(one)
    return found


def find(
    sheet: Sheet,
    key: Key,
    parse: Callable[[Sequence[Segment]], T | None],
    whole: Callable[[T], bool] | None = None,
) -> Value[T] | None:
    """The first candidate that parses. At the picture's edge only what is ``whole`` as it stands."""
    for how, pieces in candidates(sheet, key):
        value = parse(pieces)
        if value is not None:
            if whole and any(sheet.cut_off(piece.box) for piece in pieces) and not whole(value):
                return None
            return Value(value, tuple(pieces), how, key.hit.sureness)
    return None


def find_amount(sheet: Sheet, key: Key) -> Value[Amount] | None:
    found = find(sheet, key, _amount, lambda amount: amount.decimals == exponent(amount.currency or "CNY"))
    cents = _next_to(sheet, found.pieces[-1], _CENTS_REACH) if found and not found.value.decimals else None
    if found is None or cents is None or not _CENTS.match(cents.text):
        return found
    whole = _amount((*found.pieces, cents))
    return replace(found, value=whole, pieces=(*found.pieces, cents)) if whole else None


# Cents smaller than their yuan, and a day's clock, may stand in a box of their own: so near, in line heights.
_CENTS_REACH, _CLOCK_REACH = 0.5, 1.6
_CENTS = re.compile(r"[.,·]\s?\d{1,2}(?!\d)")


def _next_to(sheet: Sheet, last: Segment, reach: float) -> Segment | None:
    """The free piece that follows in the row, not further than ``reach`` line heights."""
    height = last.box.height
    near = [
        one
        for one in sheet.free
        if one is not last
        and same_row(one.box, last.box)
        and -0.3 * height <= one.box.x0 - last.box.x1 <= reach * height
    ]
    return min(near, key=lambda one: one.box.x0) if near else None


def _amount(pieces: Sequence[Segment]) -> Amount | None:
    text = " ".join(piece.text for piece in pieces)
    return parse_amount(text) or (leading_amount(text) if len(pieces) == 1 else None)


def find_time(sheet: Sheet, key: Key, as_of: date | None) -> Value[Printed] | None:
    """The moment of a key; date and clock may stand in two pieces or on two lines."""
    wrapped = _wrapped_time(sheet, key, as_of)
    if wrapped:
        return wrapped
    found = find(
        sheet,
        key,
        lambda pieces: parse_time(" ".join(piece.text for piece in pieces), as_of=as_of),
        lambda printed: printed.time is not None and printed.seconds,
    )
    if found is None or found.value.time is not None:
        return found
    beside = _next_to(sheet, found.pieces[-1], _CLOCK_REACH)
    if beside and is_clock(beside.text):
        whole = parse_time(f"{found.text} {beside.text}", as_of=as_of)
        if whole and whole.time is not None:
            return replace(found, value=whole, pieces=(*found.pieces, beside))
    following = sheet.continuation(found.pieces[-1], found.pieces[0], key=key)
    if following and re.match(r"\D{0,3}\d{1,2}[:.时]\d{2}", following.text):
        whole = parse_time(f"{found.text} {following.text}", as_of=as_of)
        if whole and whole.time is not None:
            return Value(whole, (*found.pieces, following), found.how, found.sureness)
    return found


_REST_OF_CLOCK = re.compile(
    r"\d{1,2}(?::\d{1,2})*(?:\s?[ap]\.?m\.?)?|:\d{1,2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?|[ap]\.?m\.?", re.IGNORECASE
)
_REST_OF_DATE = re.compile(r"(?:\d{1,2}\s?[-/.月]\s?)?\d{1,2}\s?日?\s?\d{1,2}:\d{2}(?::\d{2})?")
# Where a line may break: within the clock, before its hour's last digit, within the date.
_BROKEN_CLOCK = re.compile(r"\d{1,2}:\d?(?::\d?)?$|:\d{2}:\d?$")
_BROKEN_HOUR = re.compile(r"(?:日|[-/.]\d{1,2}|,)\s\d$")
_BROKEN_DATE = re.compile(r"20\d{2}\s?(?:[-/.年]|[-/.年]\s?\d{1,2}\s?[-/.月])$")


def _wrapped_time(sheet: Sheet, key: Key, as_of: date | None) -> Value[Printed] | None:
    """A moment broken within its clock or date: 15:0 over 6, 01:54 over PM, 2025年10月27日 1 over 5:37."""
    for how, pieces in candidates(sheet, key):
        following = sheet.continuation(pieces[-1], pieces[0], key=key)
        rest = following.text.strip() if following else ""
        text = " ".join(piece.text for piece in pieces)
        if following is None or not _goes_on(text, rest):
            continue
        whole = parse_time(text + (" " if rest[0].isalpha() else "") + rest, as_of=as_of)
        if whole and whole.time is not None:
            return Value(whole, (*pieces, following), how, key.hit.sureness)
    return None


def _goes_on(text: str, rest: str) -> bool:
    if _BROKEN_DATE.search(text):
        return _REST_OF_DATE.fullmatch(rest) is not None
    if not _REST_OF_CLOCK.fullmatch(rest) or not re.search(r"\d:\d{0,2}$|\d$", text):
        return False
    if not rest[0].isdigit() or _BROKEN_CLOCK.search(text):
        return True
    return _BROKEN_HOUR.search(text) is not None and re.match(r"\d:\d{2}", rest) is not None


def find_identifier(sheet: Sheet, key: Key) -> Value[str] | None:
    """The number of a key, with its further lines where it wraps."""
    beside = "".join(piece.text for piece in sheet.right_of(key))
    unread = sum(character.isdigit() for character in beside) >= _SHORTEST_BEFORE_HYPHEN
    for how, pieces in candidates(sheet, key):
        if len(pieces) > 1 and not _stacked(pieces) and not _groups(pieces):
            continue
        if how == "below" and unread:
            return None  # what stands beside the key is its number, and could not be read
        for piece in pieces[:1]:
            value = _wrapped_identifier(sheet, key, piece, how)
            if value and len(pieces) > len(value.pieces) and all(map(_is_part, pieces)) and _stacked(pieces):
                return replace(value, sureness=value.sureness * _MAY_GO_ON)
            if value:
                return value
    return None


def _is_part(piece: Segment) -> bool:
    return identifier_part(piece.text) is not None


def _groups(pieces: Sequence[Segment]) -> bool:
    """Digits printed in groups of four or so, which the detector may take for pieces of their own."""
    return all(re.fullmatch(r"[\d ]{2,}", piece.text) for piece in pieces)


def _stacked(pieces: Sequence[Segment]) -> bool:
    return all(lower.box.y0 > upper.center_y for upper, lower in pairwise(pieces))


def _wrapped_identifier(sheet: Sheet, key: Key, first: Segment, how: str) -> Value[str] | None:
    text = identifier(first.text) or code_of_letters(first.text)
    if text is None and (begun := _leading_identifier(first)) and not sheet.cut_off(begun.box):
        return Value(begun.text, (begun,), how, key.hit.sureness * _AMONG_WORDS)
    if text is None or _LOOKS_LIKE_TIME.fullmatch(first.text):
        return None
    if _CUT_SHORT.search(first.text) or sheet.cut_off(first.box):
        return None  # cut short by the page or the picture: no number at all
    pieces = [first]
    sureness = key.hit.sureness
    while len(pieces) < _MOST_WRAPPED_LINES:
        following = sheet.continuation(pieces[-1], first, key=key)
        more = identifier_part(following.text) if following else None
        if following is None or more is None:
            break
        if _OF_ITS_OWN.fullmatch(more) or _OF_ITS_OWN.fullmatch(following.text.strip()):
            sureness *= _MAY_GO_ON  # another row's value, where the page slants
            break
        button = _button_follows(first.text) and not (more.isdigit() and text[-1].isdigit())
        if button or not _continues(pieces[-1], following, more):
            sureness *= _MAY_GO_ON if more.isdigit() else 1.0
            break
        if len(text) + len(more) > LONGEST_IDENTIFIER:
            break
        text += more
        pieces.append(following)
    if len(pieces) == 1 and sureness == key.hit.sureness and _stands_under(sheet, key, first):
        sureness *= _MAY_GO_ON
    whole = identifier(text) or code_of_letters(text)
    if any(sheet.cut_off(piece.box) or _CUT_SHORT.search(piece.text) for piece in pieces):
        return None
    return Value(whole, tuple(pieces), how, sureness) if whole else None


_AMONG_WORDS = 0.96
_BEGINS_WITH_NUMBER = re.compile(r"(?=(?:[A-Za-z-]*\d){4})[A-Za-z0-9-]{8,40}(?=\s?[,，。;；、(（一-鿿])")


def _leading_identifier(piece: Segment) -> Segment | None:
    """The number a text begins with before it goes on in words: 订单号 8827712345,一直没到账."""
    match = _BEGINS_WITH_NUMBER.match(piece.text)
    if match is None or _LOOKS_LIKE_TIME.fullmatch(match[0]) or identifier(match[0]) is None:
        return None
    found = part(piece, match.start(), match.end())
    return replace(found, text=identifier(match[0]) or match[0])


def _stands_under(sheet: Sheet, key: Key, first: Segment) -> bool:
    """Whether digits that nothing else claims stand under a long number, too far off to be read on to it."""
    height = first.box.height
    return len(first.text) >= _SHORTEST_BEFORE_BREAK and any(
        0 < one.center_y - first.center_y <= _FURTHER_LINE * height
        and (abs(one.box.x0 - first.box.x0) <= 0.8 * height or abs(one.box.x1 - first.box.x1) <= 0.6 * height)
        and one.box.width <= first.box.width + 0.5 * height
        and sheet.owner(one) in (None, key)
        and re.fullmatch(r"[A-Za-z]?\d[\dA-Za-z]*", one.text.strip())
        and not any(
            same_row(other.box, one.box) for other in sheet.segments if other is not one and other.box.x1 <= one.box.x0
        )
        for one in sheet.free
    )


_FURTHER_LINE = 2.3  # line heights
# A phone's number, a day, a moment, a sum or an address is no further line of a number.
_OF_ITS_OWN = re.compile(
    r"\d{3,4}-\d{3,4}-\d{4}|0\d{2,3}-\d{7,8}|20\d{2}[-/.]\d{2}[-/.]\d{2}.*|\d{2}-\d{2}|\d{1,2}:\d{2}.*|\d+\.\d{2}|1\d{2}[\d*]{4}\d{4}"
)
# Digits right under a number that were not read on to it.
_MAY_GO_ON = 0.84
_CUT_SHORT = re.compile(r"\.{2,}|…|·{3,}|\*{2,}")


def code_of_letters(text: str) -> str | None:
    """Under a number's key capitals alone are a number too."""
    bare = strip_noise(text)
    return bare if re.fullmatch(r"[A-Z]{8,32}", bare) else None


def _button_follows(text: str) -> bool:
    return strip_noise(text) != text.strip(" :;,.|·>")


def _continues(last: Segment, following: Segment, more: str) -> bool:
    """A number breaks only where its line is full, so what follows is not longer, and has a digit."""
    start = strip_noise(last.text).replace(" ", "")
    broken = start.endswith("-") and len(start) >= _SHORTEST_BEFORE_HYPHEN
    return (
        (broken or following.box.width <= last.box.width + 0.5 * last.box.height)
        and (broken or any(character.isdigit() for character in more) or _ends_a_hex(start, more))
        and not parse_amount_like(following.text)
        and (broken or len(start) >= _SHORTEST_BEFORE_BREAK)
    )


def parse_amount_like(text: str) -> bool:
    amount = parse_amount(text)
    return amount is not None and amount.marked


def one_phrase(pieces: Sequence[Segment], unit: float) -> bool:
    """Pieces side by side with a blank's distance, or lines under each other."""
    return all(
        second.box.x0 - first.box.x1 <= 1.5 * unit or second.center_y > first.box.y1
        for first, second in pairwise(pieces)
    )


def _ends_a_hex(start: str, more: str) -> bool:
    """The last letter or two of a number of hexadecimal digits: eea9b4f9ce584b107cb5dae / f."""
    return len(more) <= _HEX_REST and re.fullmatch(r"(?=.*[a-f])[0-9a-f]{16,}", start + more) is not None


_HEX_REST = 2
_CARD_DOTS = re.compile(r"([A-Za-z一-鿿])\s*(?:[.•·∙…]{2,}|…)\s*(\d{4})$")


def joined(pieces: Sequence[Segment]) -> str:
    """Lines put together: with a blank only between words of letters or digits."""
    text = ""
    for piece in pieces:
        gap = " " if text and text[-1].isascii() and text[-1] != "-" and piece.raw[:1].isascii() else ""
        text += gap + piece.raw
    return text


def tidy(text: str) -> str:
    """Without arrows, copy buttons and separators at the edges; a hidden card number's dots as four."""
    text = _LINK_BEHIND.sub("", text)
    kept = "." if _INITIALS.search(text) else ""
    bare = _CARD_DOTS.sub(r"\1 •••• \2", strip_noise(text)).strip(" >›:;,|·")
    bare = _RIVER.sub("川", _IOS.sub("IOS", bare))
    bare = _NO_WORD_BEGINS.sub("I", re.sub(r"[\s>›❯]+$", "", bare)) + kept
    if bare.count("(") + bare.count("（") < bare.count(")") + bare.count("）"):
        bare = _BRACKET_TWICE.sub("", bare)
    bare = re.sub(r"\[([^\[\]【】]+)】", r"【\1】", re.sub(r"【([^\[\]【】]+)\]", r"【\1】", bare))
    return re.sub(r"（([^（）()]*)\)", r"（\1）", re.sub(r"\(([^（）()]*)）", r"(\1)", bare))


# A shop's link to what its page of the goods said: 云杉月卡 [交易快照].
_LINK_BEHIND = re.compile(r"\s*[\[【(（](?:交易|订单|商品)快照[\]】)）]\s*$")
# The point after initials is theirs: Larkspur Trading B.V.
_INITIALS = re.compile(r"\s[A-Z]\.\s?[A-Z]\.$")
# The bracket that closes 储蓄卡（5540）, read twice.
_BRACKET_TWICE = re.compile(r"(?<=[)）])[)）]$")
# 安卓/1OS: the one word of its shape.
_IOS = re.compile(r"(?<![A-Za-z0-9])[1l|I]\s?[O0]S(?![A-Za-z0-9])")
# The reader sees the strokes of 川 once more behind it: 绣川川银行, 绣川|银行; but 四川川菜 has two.
_RIVER = re.compile(r"川(?:川(?=银行|支付)|[|丨](?=[一-鿿]))")
# A capital I read as a small l: lron Coins.
_NO_WORD_BEGINS = re.compile(r"(?<![A-Za-z0-9])l(?=[bcdfghjkmnpqrstvwxz][a-z]{2})")


def is_word(text: str) -> bool:
    """More than an icon: a Han character, two letters, or a digit."""
    bare = tidy(text)
    return bool(re.search(r"[一-鿿]|[A-Za-z]{2}|\d", bare))
