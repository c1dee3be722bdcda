"""Lines that are one title: which line reads on where the one above ended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.evidence.amounts import parse_amount
from service.evidence.lexicon import VALUE_KIND, Label, ValueKind
from service.evidence.normalise import is_cjk
from service.evidence.segments import Segment, overlap_x, same_row
from service.evidence.sheet import Sheet
from service.evidence.text_values import first_word_width, is_number_of_its_own, of_one_size
from service.evidence.title_words import (
    QUANTITY,
    addresses_the_buyer,
    is_rated,
    is_shop,
    is_specification,
    is_tag,
    may_be_shop,
    without_badge,
)
from service.evidence.values import joined, tidy
from service.evidence.vocabulary import is_button, names_goods, status_text

MOST_LINES = 4
# Lines of one title follow each other within this many of their heights.
_PITCH = 1.65
# What speaks against two lines being one title, each sign in parts of what is too much.
_TOO_MUCH = 1.0
_PER_EMPTY_HEIGHT, _PER_EMPTY_HEIGHT_IF_SHORT, _PER_SIZE, _OTHER_PITCH = 0.32, 0.45, 8.0, 0.5
# A line at least this wide, in ems, shows its size.
_WIDE_ENOUGH = 2.5
_ONE_EM = 0.08
_MARGIN = 0.35  # of the detector's box, both sides together, in its heights
_FREE_SIZE, _FREE_SIZE_OF_LATIN, _FREE_SIZE_IF_SHORT = 0.05, 0.14, 0.45
_OPEN = re.compile(r"[(（\[【「《][^)）\]】」》]*$")
_CLOSING = re.compile(r"[)）\]】」》]")
# An app's own name under a title.
_BRAND = re.compile(r"[A-Z][a-z]+[A-Z][A-Za-z]+")
# What a buyer calls himself, and of what kind the goods are, under their name.
_HANDLE = re.compile(r"[A-Za-z]+[_.]?\d{2,}|[A-Za-z]+_\w+|@\w+")
_KIND_OF_GOODS = re.compile(
    r"(?:自动续费|连续包[月季年])?(?:订阅|数字版|数字商品|电子版|虚拟商品|会员服务|应用内购买|一次性购买|自动续[费订]|[月季年]付|点数|游戏)|"
    r"(?:Auto-?[Rr]enewable |Monthly |Annual |Yearly )?"
    r"(?:[Ss]ubscription|[Dd]igital(?: [Cc]ode| [Vv]ersion| [Dd]ownload| [Ii]tem)?|"
    r"(?:[Ii]n-?(?:[Aa]pp|[Gg]ame) |[Gg]ift |[Oo]ne-?time )?[Pp]urchase|[Mm]embership|[Gg]ame|App|[Cc]onsumable)"
)
# What a count at the end of its row says of a line, where no price stands beside the title: it tells the variant.
_COUNTED = 0.8
_A_KIND = 1.3
_FACE = re.compile(r"[$€£¥￥][1-9]\d{0,3}")
_CENTS = 2
_WORTH = re.compile(r"[1-9]\d{0,4}元")
_ENDS_IN_QUANTITY = re.compile(r"(?:^|\D)[x×X*]\s*\d{1,3}$")
_NO_HEIGHT = 1e-6
_COUNTS, _UNIT = (
    re.compile(r"(?<![\d.])\d{1,3}$"),
    re.compile(r"(?:years?|months?|days?|devices?|pcs|users?)\b|[年月天日]"),
)
_COUNT_BEHIND = re.compile(r"(?<=[一-鿿)）】])\s*[x×X]\s?\d{1,2}$")
_PRICE_AND_QUANTITY = re.compile(
    r"(?:[¥￥$]\s?[\d,]+(?:\.\d{1,2})?|[\d,]+(?:\.\d{1,2})?元|[\d,]+\.\d{2})\s*[x×X*]\s*\d{1,3}"
)
# A price with what is off it, on a card of goods for sale: ¥198.00 -15%.
_REDUCED = re.compile(
    r"(?:[¥￥$€£]|[A-Z]{2,3}\s)?\s?\d[\d,]*(?:\.\d{1,2})?\s?(?:[A-Z]{3}|元)?\s?[-−–(:]?\s?\d{1,2}\s?%(?:\s?off)?\)?",
    re.IGNORECASE,
)
_OF_A_RECORD = (Label.ORDER_NUMBER, Label.MERCHANT_NUMBER, Label.TRADE_NUMBER, Label.PAYEE, Label.PAYMENT_METHOD)
# Its left half is empty, so that a line that begins with it seems to begin further in.
_HALF_EMPTY = ("【", "《", "「", "〔", "（")
_SMALLER = 0.8  # a remark under a title is set smaller, whatever it speaks of
_SHORT, _VERY_SHORT = 5, 3
# Which account the goods went to, under their name.
_TO_WHOM = re.compile(r"(?:to|for|id|uid|充值\S{0,4}|账号|账户|号码)[\s:：]*[\w*+@.-]*\d", re.IGNORECASE)
# What was chosen of the goods on sale, printed under their title.
_CHOICE = re.compile(
    r"套餐[一二三四五\dA-D]|\d+个?[月天年]|[月季年周日]卡|.{1,4}版|安卓|苹果|ios|微信区?|qq区?|国区|全球|单人|标准|默认|\d+件|[一二三单双]?档",
    re.IGNORECASE,
)


_HOW_PACKED = re.compile(r"[单两双三]?[件品个](?:装|套)?|[单两双多]?(?:套|组合?|件)装")


@dataclass(frozen=True, slots=True)
class Title:
    """Lines that are one title, from top to bottom."""

    pieces: tuple[Segment, ...]

    @property
    def first(self) -> Segment:
        return self.pieces[0]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def bottom(self) -> float:
        return self.pieces[-1].box.y1


def title_from(sheet: Sheet, first: Segment) -> Title:
    """The title that begins with this line, or with a promise in brackets that fills the line over it."""
    promise = _promise_over(sheet, first)
    pieces = [promise, first] if promise else [first]
    while len(pieces) < MOST_LINES and (not is_shop(first.text) or _priced_in_its_row(sheet, first)):
        following = _following(sheet, pieces)
        if following is None or _against(sheet, pieces, following) >= _TOO_MUCH:
            break
        pieces.append(following)
    return Title(tuple(pieces))


def _promise_over(sheet: Sheet, first: Segment) -> Segment | None:
    """【24小时自动发货】 over a title's other line, of its size, with its price beside it."""
    over = [
        one
        for one in sheet.free
        if _PROMISE.fullmatch(one.text)
        and 0.6 * first.box.height < first.center_y - one.center_y <= _PITCH * max(first.box.height, one.box.height)
        and of_one_size(one, first)
        and (_left_edges([one], first) or _under_its_badge(sheet, [one], first))
        and _priced_in_its_row(sheet, one)
    ]
    return over[0] if over else None


_PROMISE = re.compile(r"[【\[][^】\]]{2,14}[】\]]")


def _priced_in_its_row(sheet: Sheet, first: Segment) -> bool:
    """A price stands beside goods, whose first line may end like a shop's name: Moonsea Ark Digital / Soundtrack."""
    return any(
        one.box.x0 > first.box.x1
        and same_row(one.box, first.box)
        and (amount := parse_amount(one.text)) is not None
        and amount.decimals == _CENTS
        for one in sheet.segments
    )


def _following(sheet: Sheet, pieces: Sequence[Segment]) -> Segment | None:
    last = pieces[-1]
    of_a_record = {key.piece.line for key in sheet.keys_of(*_OF_A_RECORD) if key.hit.whole}
    below = [
        one
        for one in [*sheet.standing, *_idle_keys(sheet)]  # 填写 / 游戏ID: a title's end may read like a key
        if 0.6 * last.box.height < one.center_y - last.center_y <= _PITCH * max(last.box.height, one.box.height)
        and (_left_edges(pieces, one) or _centred(pieces, one) or _under_its_badge(sheet, pieces, one))
        and (of_one_size(last, one) or _of_one_em(last, one) or _closes(pieces, one) or _badge_heightens(last, one))
        and (sheet.owner(one) is None)
        and one.line not in of_a_record
        and (not _stands_for_itself(one.text) or (_FACE.fullmatch(one.text) and _priced_beside(sheet, last)))
    ]
    return min(below, key=lambda one: (one.center_y, abs(one.box.x0 - pieces[0].box.x0))) if below else None


def title_text(pieces: Sequence[Segment]) -> str:
    """The lines of a title as one text, without the quantity that stands at the end of a line that wraps."""
    lines = [replace(one, raw=_COUNT_BEHIND.sub("", one.raw)) for one in pieces[:-1]]
    return tidy(joined([*lines, *pieces[-1:]]))


def _closes(pieces: Sequence[Segment], one: Segment) -> bool:
    """The few characters, in whatever box, that close the title's bracket: 【自动充 / 值】."""
    text = "".join(piece.text for piece in pieces)
    return _OPEN.search(text) is not None and len(one.text) <= _SHORT and _CLOSING.search(one.text) is not None


def _priced_beside(sheet: Sheet, last: Segment) -> bool:
    """With its price at its right, a sum below a line is the card's own worth: Gift Card / $20."""
    return any(
        (amount := parse_amount(one.text)) is not None
        and amount.decimals == _CENTS
        and one.box.x0 > last.box.x1 - last.box.height
        and abs(one.center_y - last.center_y) <= 2.0 * last.box.height
        for one in sheet.segments
    )


def _is_counted(sheet: Sheet, one: Segment) -> bool:
    return any(
        QUANTITY.fullmatch(other.text) and other.box.x0 > one.box.x1 and same_row(other.box, one.box)
        for other in sheet.segments
    )


def _idle_keys(sheet: Sheet) -> list[Segment]:
    """Keys beside which nothing stands, or but a quantity or a price."""
    return [
        key.piece
        for key in sheet.keys
        if key.hit.whole
        and not key.hit.colon
        and all(QUANTITY.fullmatch(one.text) or parse_amount(one.text) for one in sheet.right_of(key))
        and (
            VALUE_KIND[key.label] in (ValueKind.TEXT, ValueKind.IDENTIFIER)
            or key.piece.text[0].islower()
            or (key.label is Label.FREIGHT and not sheet.right_of(key))  # Fast / Delivery
        )
        and key.label not in _OF_A_RECORD
    ]


def _left_edges(pieces: Sequence[Segment], one: Segment) -> bool:
    first, height = pieces[0], pieces[-1].box.height
    further_in = 0.5 * height if first.text.startswith(_HALF_EMPTY) else 0.0
    return -(0.7 * height + further_in) <= one.box.x0 - first.box.x0 <= 0.7 * height


def _badge_heightens(last: Segment, following: Segment) -> bool:
    """Whether ``last`` was read together with a badge, whose box is higher than the title's text."""
    badge = without_badge(last.text) != last.text
    return badge and _LEAST_OF_A_BADGE * last.box.height <= following.box.height <= last.box.height


_LEAST_OF_A_BADGE = 0.65


def _under_its_badge(sheet: Sheet, pieces: Sequence[Segment], one: Segment) -> bool:
    """A badge at the beginning of a title's first line pushes that line in, and no other."""
    badge = _badge_before(sheet, pieces[0])
    return badge is not None and abs(one.box.x0 - badge.box.x0) <= 0.7 * pieces[0].box.height


def _badge_before(sheet: Sheet, first: Segment) -> Segment | None:
    badges = (
        other
        for other in sheet.segments
        if same_row(other.box, first.box)
        and -0.3 * first.box.height <= first.box.x0 - other.box.x1 <= first.box.height
        and is_tag(other.text.strip("()（）[]"))
    )
    return next(badges, None)


def _centred(pieces: Sequence[Segment], one: Segment) -> bool:
    return all(abs(one.center_x - piece.center_x) <= 0.5 * piece.box.height for piece in pieces)


def _stands_for_itself(text: str) -> bool:
    amount = parse_amount(text)
    worth = _WORTH.fullmatch(text) is not None  # 电费充值 / 500元
    return (
        bool(_TO_WHOM.match(text))
        or (amount is not None and not worth and (amount.currency is not None or amount.decimals == 2))
        or bool(QUANTITY.fullmatch(text) or _PRICE_AND_QUANTITY.fullmatch(text))
        or bool(_ENDS_IN_QUANTITY.search(text) and len(text) <= _SHORT)
        or status_text(text) is not None
        or is_button(text)
        or is_shop(text)
        or is_rated(text)
        or _REDUCED.fullmatch(text) is not None
    )


def _against(sheet: Sheet, pieces: Sequence[Segment], following: Segment) -> float:
    """What speaks against ``following`` being the next line, summed; less than one lets it be."""
    last, text = pieces[-1], "".join(piece.text for piece in pieces)
    height = max(last.box.height, _NO_HEIGHT)
    if is_number_of_its_own(following.text) and not _OPEN.search(text):
        return _TOO_MUCH
    never_closed = is_tag(following.text) and _CLOSING.search(following.text) is None
    if _OPEN.search(text) and never_closed:
        return _TOO_MUCH  # 【直充手机号 / 官方直营: the bracket's end was not read
    if _OPEN.search(text) or (len(following.text) == 1 and is_cjk(following.text)):
        return 0.0  # an open bracket, or the one character that found no room
    if _COUNTS.search(text) and _UNIT.match(following.text):
        return 0.0  # 3 devices / 1, then year
    size = against = (
        0.0
        if _badge_heightens(last, following)
        else _of_other_size(last, following, shared=_shares_its_line(sheet, last))
    )
    room = first_word_width(following)
    hint = len(following.text) <= _SHORT and not _OPEN.search(text)
    against += (_PER_EMPTY_HEIGHT_IF_SHORT if hint else _PER_EMPTY_HEIGHT) * max(
        0.0, (_column_end(sheet, pieces[0], last) - last.box.x1 - room) / height - 0.5
    )
    longest = max([following, *pieces[:-1]], key=lambda one: one.box.width)
    badge = _badge_before(sheet, last) if last is pieces[0] else None
    width = last.box.x1 - badge.box.x0 if badge else last.box.width
    if longest.box.width - width > room + 1.2 * height:
        against += _TOO_MUCH  # a line much shorter than another was not full
    if len(pieces) > 1:
        pitch = pieces[1].center_y - pieces[0].center_y
        against += _OTHER_PITCH * (abs((following.center_y - last.center_y) / max(pitch, _NO_HEIGHT) - 1.0) > 0.15)
    if addresses_the_buyer(following.text):
        against += 1.0
    if is_specification(following.text) and not text.endswith(("/", "、")):
        against += 1.0
    elif _CHOICE.fullmatch(following.text):
        against += 0.5
    elif _HOW_PACKED.fullmatch(following.text):
        against += _TOO_MUCH
    if _BRAND.fullmatch(following.text) or _HANDLE.fullmatch(following.text):
        against += 0.9
    if _KIND_OF_GOODS.fullmatch(following.text) and not following.text[0].islower():
        against += _A_KIND
    if _is_counted(sheet, following) and not _priced_beside(sheet, pieces[0]):
        against += _COUNTED
    if is_tag(following.text) and (_badge_heightens(last, following) or _badge_before(sheet, last)):
        against += _TOO_MUCH  # a card that promises in a badge promises on under its title
    elif is_tag(following.text) or may_be_shop(following.text) or may_be_shop(pieces[0].text):
        against += 0.9
    elif names_goods(following.text) and len(following.text) > _SHORT and size < _SMALLER:
        against -= 0.2
    return against


def _shares_its_line(sheet: Sheet, last: Segment) -> bool:
    """Whether it was cut from a line that held its price as well: where it ends there is a guess, and so its width."""
    return last.box.x1 < sheet.lines[last.line].box.x1


def _of_other_size(last: Segment, following: Segment, *, shared: bool) -> float:
    """By the width of their characters, else by their boxes, which say little of short lines."""
    other = _other_em(last, following)
    by_width = None if other is None else _PER_SIZE * max(0.0, other - _FREE_SIZE)
    if by_width is not None and not (shared and by_width):
        return by_width
    free = _FREE_SIZE if _has_han(last.text) == _has_han(following.text) else _FREE_SIZE_OF_LATIN
    if min(len(last.text), len(following.text)) <= _VERY_SHORT:
        free = _FREE_SIZE_IF_SHORT
    return _PER_SIZE * max(0.0, abs(following.box.height / max(last.box.height, 1e-6) - 1.0) - free)


def is_kind_of_goods(text: str) -> bool:
    """Of what kind goods are, or how they were bought, and not which: Digital code, In-Game Purchase."""
    return _KIND_OF_GOODS.fullmatch(text) is not None


def _of_one_em(last: Segment, following: Segment) -> bool:
    other = _other_em(last, following)
    return other is not None and other <= _ONE_EM


def _other_em(last: Segment, following: Segment) -> float | None:
    """By what share the sizes of two lines differ, going by their widths; None where there are too few characters.

    The detector draws some boxes with a margin and some without, which is much of a short one: the nearer counts.
    """
    widths = [sum(map(_width, one.text)) for one in (last, following)]
    if min(widths) < _WIDE_ENOUGH:
        return None
    return min(
        abs(
            (following.box.width - margin * following.box.height)
            / widths[1]
            * widths[0]
            / max(last.box.width - margin * last.box.height, 1e-6)
            - 1.0
        )
        for margin in (0.0, _MARGIN)
    )


def _width(character: str) -> float:
    """How wide a character is set, in ems of common sans-serif fonts."""
    if not character.isascii():
        return 1.0
    if character in "iljtfI.,:;'|!()[] -":
        return 0.3
    return 0.85 if character in "mwMW@%" else 0.66 if character.isupper() else 0.55


def _has_han(text: str) -> bool:
    return any(map(is_cjk, text))


def _column_end(sheet: Sheet, first: Segment, last: Segment) -> float:
    """Where the text column ends: at what stands beside it, or with the page's text."""
    beside = [
        one.box.x0
        for one in sheet.segments
        if one.box.x0 >= last.box.x1
        and abs(one.center_y - last.center_y) <= 2.5 * last.box.height
        and overlap_x(one.box, last.box) <= 0
        and one.box.x0 - first.box.x0 > 2 * last.box.height
    ]
    end = sheet.bounds.x1
    return min(beside) - 0.5 * last.box.height if beside else end
