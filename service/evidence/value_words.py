"""Words that read like a key and are a value where they stand: 待付款 beside 订单状态, the last line of a title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.evidence.amounts import parse_amount
from service.evidence.keys import directly_below, ends_above
from service.evidence.labels import WITH_SLIP, Hit, hits_in
from service.evidence.lexicon import VALUE_KIND, Label, ValueKind
from service.evidence.segments import Segment, same_row
from service.evidence.times import is_moment
from service.evidence.title_words import is_tag
from service.evidence.vocabulary import is_payment_method, status_text

# Words that name ways to pay or states and yet are keys wherever they stand: Credited to.
_OF_THEIR_OWN = (Label.RECHARGED_ACCOUNT, Label.PHONE, Label.PAYEE, Label.PRODUCT, Label.STATUS, Label.PAYMENT_METHOD)


def is_tail(segments: Sequence[Segment], segment: Segment, hits: Sequence[Hit]) -> bool:
    """The last line of a wrapped value that happens to read like a key (… 填写 / 游戏ID)."""
    only = hits[0]
    if not only.whole or only.colon:
        return False
    level = others_in_row(segments, segment)
    above = [
        one
        for one in segments
        if one is not segment and ends_above(one, segment) and not _stands_under_a_word(segments, one, segment)
    ]
    return any(
        other.box.x1 < min(one.box.x0, segment.box.x0)
        and hits_in(other.text)
        and all(another.box.x1 < other.box.x0 for another in level)  # of a column further left
        for one in above
        for other in others_in_row(segments, one)
    )


def _stands_under_a_word(segments: Sequence[Segment], value: Segment, segment: Segment) -> bool:
    """A value under its own key in the column in which the next key follows it."""
    return any(
        directly_below(one, value, reach=1.0)
        and abs(one.box.x0 - segment.box.x0) <= 0.5 * one.box.height
        and any(hit.whole for hit in hits_in(one.text))
        for one in segments
        if one is not segment and one is not value
    )


def others_in_row(segments: Sequence[Segment], segment: Segment) -> list[Segment]:
    """The other pieces of its row."""
    return [one for one in segments if one is not segment and same_row(one.box, segment.box)]


def is_value_word(segments: Sequence[Segment], segment: Segment, hits: Sequence[Hit]) -> bool:
    """待付款 is a key before an amount, but a value beside 订单状态: told by the text key to its left."""
    only = hits[0]
    if only.label is Label.CARD_SECRET and not only.colon and _OF_GOODS.match(segment.text[only.value :]):
        return True
    if VALUE_KIND[only.label] is ValueKind.AMOUNT and _is_a_badge(segments, segment, only):
        return True
    if VALUE_KIND[only.label] in (ValueKind.IDENTIFIER, ValueKind.TIME):
        # 微信支付> is no 微信支付号 with its last character lost.
        return only.sureness <= WITH_SLIP and is_payment_method(segment.text.rstrip(" >"))
    whole = (only.whole or "+" in segment.text) and not only.colon  # 账户余额 + 优惠券
    if not whole or not (status_text(segment.text) or is_payment_method(segment.text)):
        return False
    row = others_in_row(segments, segment)
    if not row:
        return _stands_under_key(segments, segment)
    if only.label not in _OF_THEIR_OWN and _fills_a_tile(segments, segment):
        return True
    lefts = [one for one in row if one.center_x < segment.box.x0]
    under_amount = VALUE_KIND[only.label] is ValueKind.AMOUNT and _amount_under(segments, segment)
    if under_amount and not (len(row) == 1 and lefts and _chooses(segments, lefts[0])):
        return False
    rights = [one for one in row if one.center_x > segment.box.x1]
    if not lefts or (rights and parse_amount(min(rights, key=lambda one: one.box.x0).text)):
        return False
    left = hits_in(max(lefts, key=lambda one: one.box.x1).text)
    if len(row) > 1:
        return (
            bool(left)
            and left[-1].whole
            and left[-1].label in (Label.STATUS, Label.PAYMENT_METHOD)
            and len(lefts) % 2 == 1
        )
    text = lefts[0].text
    return bool(left) and left[-1].value >= len(text) and VALUE_KIND[left[-1].label] is not ValueKind.AMOUNT


# Behind 激活码 in the second line of a title, where a code would stand: 激活码 PC正版国区.
_OF_GOODS = re.compile(
    r"\s*(?=[^\d]*$)(?!.*(?:复制|查看|点击|显示|状态|使用|领取|有效|生成|发送|如下|请|已|未|待))[\sA-Za-z]{0,8}[一-鿿]{2,8}(?:[\s/·|]+\S{1,8})*$"
)


def _is_a_badge(segments: Sequence[Segment], segment: Segment, hit: Hit) -> bool:
    """会员价 or 限时折扣 set right before a name of goods says for whom its price is, and no sum."""
    if hit.start or hit.colon or not is_tag(segment.text[: hit.end]):
        return False
    row = others_in_row(segments, segment)
    if any(amount.sign < 0 for one in row if (amount := parse_amount(one.text))):
        return False  # 限时折扣 … -¥5.00
    if behind := segment.text[hit.value :]:
        return _may_be_goods(behind)
    beside = min((one for one in row if one.box.x0 > segment.center_x), key=lambda one: one.box.x0, default=None)
    return beside is not None and beside.box.x0 - segment.box.x1 <= segment.box.height and _may_be_goods(beside.text)


def _may_be_goods(text: str) -> bool:
    letters = sum(character.isalpha() for character in text)
    return letters >= _FEWEST_OF_A_NAME and not _A_SUM.match(text) and parse_amount(text) is None and not hits_in(text)


_FEWEST_OF_A_NAME, _A_SUM = 4, re.compile(r"[-+¥￥$]|\d+(?:\.\d{1,2})?\s?(?:元|$)")


def _chooses(segments: Sequence[Segment], left: Segment) -> bool:
    """Whether ``left`` is a key whose value may read like a key (支付方式 余额), with no other below."""
    hits = hits_in(left.text)
    if not hits or not hits[-1].whole or hits[-1].label not in (Label.STATUS, Label.PAYMENT_METHOD):
        return False
    return not any(directly_below(left, one, reach=1.2) and not hits_in(one.text) for one in segments)


def _amount_under(segments: Sequence[Segment], segment: Segment) -> bool:
    return any(parse_amount(one.text) for one in segments if directly_below(segment, one, reach=1.2))


def _fills_a_tile(segments: Sequence[Segment], segment: Segment) -> bool:
    """Flush under 支付方式 or 状态, with other tiles beside both: Gift card, 余额."""
    for one in segments:
        flush = abs(one.box.x0 - segment.box.x0) <= 0.5 * one.box.height
        if one is segment or not flush or not directly_below(one, segment, reach=1.2):
            continue
        rights = [other for other in others_in_row(segments, one) if other.box.x0 > one.box.x1]
        if not all(hits_in(other.text) or _dated_under(segments, other) for other in rights):
            return False  # its value stands beside it
        hits = hits_in(one.text)
        return bool(hits) and hits[0].whole and hits[0].label in (Label.PAYMENT_METHOD, Label.STATUS)
    return False


def _dated_under(segments: Sequence[Segment], segment: Segment) -> bool:
    """Payment completed over its moment heads a tile as a key does."""
    return any(is_moment(one.text) and directly_below(segment, one, reach=1.2) for one in segments)


def _stands_under_key(segments: Sequence[Segment], segment: Segment) -> bool:
    """Alone in its row, left edge under a key of free text that has nothing beside it."""
    for one in segments:
        under = directly_below(one, segment, reach=1.2) or _centred_below(one, segment)
        if one is segment or not under or others_in_row(segments, one):
            continue
        hits = hits_in(one.text)
        return bool(hits) and hits[0].whole and VALUE_KIND[hits[0].label] is ValueKind.TEXT
    return False


def _centred_below(upper: Segment, lower: Segment) -> bool:
    height = max(upper.box.height, lower.box.height)
    gap = lower.box.y0 - upper.box.y1
    return abs(upper.center_x - lower.center_x) <= 0.4 * height and -0.4 * height <= gap <= 1.2 * height
