"""Lines that begin with a key though no colon says so, told by the column of keys they stand in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.evidence.keys import Key
from service.evidence.label_grammar import RANK_OF_WEAK
from service.evidence.labels import Hit, glued_hit
from service.evidence.lexicon import Label
from service.evidence.normalise import compact, identifier
from service.evidence.segments import Segment, part, same_row
from service.evidence.times import is_moment
from service.evidence.vocabulary import is_way_to_pay, status_text

# So many keys with their values must begin at the same edge, and the nearest stand within so many line heights.
_FEWEST, _NEAREST = 2, 4.0
_EDGE = 0.6
_SENTENCE = re.compile(
    r"[。!！?？;；]|[,，]|请|如有|为准|^[的了是为后前时将会可以不]|^(?:信息|详情|说明|须知|规则|管理|服务|记录|列表)$"
)
# 商品 + 类目: is another word than 商品.
_GOES_ON_AS_A_KEY = re.compile(
    r"(?:类[目型别]|分类|种类|数量|单价|[总原售]价|总额|金额|[编货]号|编码|规格|型号|说明|备注|信息|状态|时间|日期|方式|链接)\s?:"
)
_LONGEST = 48
_ACCOUNT = re.compile(r"(?=.*(?:\d{4}|@))[\w@.*+• -]+", re.ASCII)


def column_keys(keys: Sequence[Key], free: Sequence[Segment], unit: float) -> list[tuple[Segment, Hit]]:
    """Free lines of a column of keys that begin with a key of free text themselves.

    Keys of a column begin or end at one edge; those found here count for each other, and the nearest may be one whose
    value stands in a box of its own. A state behind 状态, and a way to pay behind 支付方式, need no column: 状态已发货,
    Status Shipped, 支付方式零钱.
    """
    keyed = [key.piece for key in keys if key.inline is not None and key.hit.start == 0]
    apart = [key.piece for key in keys if key.hit.whole]
    glued = [(one, hit, part(one, 0, hit.end)) for one in free if (hit := _glued(one))]
    owned = {id(piece) for piece in keyed}
    column = [*keyed, *(piece for _, _, piece in glued)]
    found = []
    for one, hit, piece in glued:
        if _says_itself(one, hit):
            found.append((one, hit))
            continue
        in_line = [other for other in column if other is not piece and _in_line(other, piece, unit)]
        beside = [other for other in apart if _in_line(other, piece, unit)]
        near = [other for other in (*in_line, *beside) if abs(other.center_y - one.center_y) <= _NEAREST * unit]
        if len(in_line) >= _FEWEST and near and any(id(other) in owned for other in in_line):
            found.append((one, hit))
    return found


def bare_order_keys(keys: Sequence[Key], free: Sequence[Segment], unit: float) -> list[tuple[Segment, Hit]]:
    """订单 or Order alone, in a column of keys, with a number beside it or right under it."""
    found = []
    for one in free:
        if compact(one.text).strip(":") not in _THE_ORDER:
            continue
        column = [key for key in keys if key.hit.whole and abs(key.box.x0 - one.box.x0) <= _EDGE * unit]
        if len({key.label for key in column}) < _FEWEST:
            continue
        beside = [other for other in free if other.box.x0 > one.box.x1 and same_row(other.box, one.box)]
        under = [
            other
            for other in free
            if abs(other.box.x0 - one.box.x0) <= _EDGE * unit and 0 < other.center_y - one.center_y <= _UNDER * unit
        ]
        value = min(beside, key=lambda other: other.box.x0, default=None) or min(
            under, key=lambda other: other.center_y, default=None
        )
        number = identifier(value.text) if value else None
        if (
            number
            and len(number) >= _SHORTEST
            and sum(map(str.isdigit, number)) >= _FEWEST_DIGITS
            and not is_moment(number)
        ):
            end = len(one.text)
            found.append((one, Hit(Label.ORDER_NUMBER, 0, end, end, True, False, _BARE, RANK_OF_WEAK - 1, end)))
    return found


_THE_ORDER = frozenset({"order", "订单", "yourorder", "本订单"})
_UNDER, _SHORTEST, _FEWEST_DIGITS, _BARE = 2.2, 7, 2, 0.95


def _says_itself(one: Segment, hit: Hit) -> bool:
    value = one.text[hit.value :]
    if hit.label is Label.STATUS:
        return status_text(value) is not None
    return hit.label is Label.PAYMENT_METHOD and is_way_to_pay(value)


def _glued(one: Segment) -> Hit | None:
    hit = glued_hit(one.text) if len(one.text) <= _LONGEST else None
    if hit is None or _SENTENCE.search(one.text[hit.value :]) or _GOES_ON_AS_A_KEY.match(one.text, hit.end):
        return None
    account = hit.label not in (Label.PHONE, Label.RECHARGED_ACCOUNT) or _ACCOUNT.fullmatch(one.text[hit.value :])
    return hit if account else None


def _in_line(one: Segment, other: Segment, unit: float) -> bool:
    return min(abs(one.box.x0 - other.box.x0), abs(one.box.x1 - other.box.x1)) <= _EDGE * unit
