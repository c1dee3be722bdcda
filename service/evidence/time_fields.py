"""When the order was placed and when it was paid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from service.domain.evidence import Field, FieldName, PageKind
from service.evidence.doubt import doubted, weighed
from service.evidence.lexicon import Label
from service.evidence.normalise import compact
from service.evidence.segments import Segment, part, same_row
from service.evidence.sheet import Key, Sheet
from service.evidence.steps import Dated, Deed, dated_steps
from service.evidence.times import Printed, is_clock, is_moment, moment_span, parse_time, without_offset
from service.evidence.values import Value, find_time

_Dated = tuple[Key | None, Value[Printed]]


def find(sheet: Sheet, kind: PageKind, as_of: date | None) -> list[Field]:
    values = {label: _values(sheet, label, as_of) for label in _LABELS}
    ordered, paid = values[Label.ORDERED_AT], values[Label.PAID_AT]
    created, bare = values[Label.CREATED_AT], values[Label.TIME]
    talk = kind in (PageKind.CHAT, PageKind.IDENTITY, PageKind.LIST)
    steps = [] if talk or kind is PageKind.PROMPT else dated_steps(sheet, as_of)
    both = len({one.deed for one in steps if one.deed is not Deed.OTHER}) > 1  # 提交订单, then 支付完成
    sent = _sent_first(sheet, as_of) if kind is PageKind.PAYMENT and not paid and not both else []
    ordered = ordered or ([] if sent else _of_steps(steps, Deed.ORDERED))
    paid = paid or sent or _of_steps(steps, Deed.PAID)
    if not talk and kind is not PageKind.PROMPT:
        ordered = ordered or _in_a_sentence(sheet, as_of, _WAS_ORDERED)
        paid = paid or _in_a_sentence(sheet, as_of, _WAS_PAID)
    if kind is PageKind.PAYMENT:
        # A bill is made by paying: its creation, or its only time, is the payment's.
        if paid:
            ordered = ordered or created
        else:
            paid = created or bare or _in_the_header(sheet, as_of)
            paid = (
                paid
                or _of_steps(steps, Deed.ORDERED)
                or _settled(sheet, as_of, _SETTLED)
                or _only_clocked(sheet, as_of)
            )
    else:
        if bare and not paid and kind is PageKind.ORDER and _is_a_tills(sheet):
            paid, bare = bare, []  # bought and paid for in one
        ordered = ordered or created or ([] if _of_something_else(sheet, kind, paid) else bare)
        ordered = ordered or (
            [] if kind is PageKind.PROMPT or _gives_back(sheet) else _settled(sheet, as_of, _TAKEN_IN)
        )
    if kind in (PageKind.ORDER, PageKind.DELIVERY) and not ordered:
        ordered = _under_its_number(sheet, as_of)
    fields = [
        *_only(FieldName.ORDERED_AT, ordered, sheet),
        *_only(FieldName.PAID_AT, paid, sheet),
    ]
    fields = [_of_either_deed(field, sheet) for field in fields]
    return _weighed_together([_against_steps(field, steps) for field in fields], as_of)


def _of_something_else(sheet: Sheet, kind: PageKind, paid: Sequence[_Dated]) -> bool:
    """时间 without an order's number is the payment's where that has one, and on a message when it was said."""
    return (bool(paid) or kind is PageKind.PROMPT) and not sheet.keys_of(Label.ORDER_NUMBER)


def _of_either_deed(field: Field, sheet: Sheet) -> Field:
    """时间 or Date over an order and its payment alike may be either's."""
    if field.name is FieldName.PAID_AT and _is_a_tills(sheet):
        return field
    bare = field.rule.startswith(Label.TIME.value) or field.rule.startswith("moment in the header")
    if bare and sheet.keys_of(Label.ORDER_NUMBER) and sheet.keys_of(*_PAID_FOR):
        return doubted(field, "a time of the order or of its payment")
    return field


def _is_a_tills(sheet: Sheet) -> bool:
    """A slip of a till names who stood at it, or which it was."""
    return any(_OF_A_TILL.match(compact(one.text)) for one in sheet.segments)


_OF_A_TILL = re.compile(
    r"(?:收银员|收款员|收银机|收银台号|机台号?|pos机?号)[:\d]|(?:cashier|till|register|pos|lane)(?:no\.?)?[:#]?\d"
)

_PAID_FOR = (Label.PAID, Label.PAYMENT_AMOUNT, Label.PAYMENT_METHOD, Label.TOTAL)


def _against_steps(field: Field, steps: Sequence[Dated]) -> Field:
    """A step of the page that dates the same deed otherwise speaks against the key's time."""
    deed = Deed.ORDERED if field.name is FieldName.ORDERED_AT else Deed.PAID
    moments = {one.moment.iso for one in steps if one.deed is deed}
    agree = any(_same(moment, str(field.value)) for moment in moments)
    return doubted(field, f"a step of the page says {min(moments)}") if moments and not agree else field


def _same(first: str, second: str) -> bool:
    return first.startswith(second) or second.startswith(first)


def _weighed_together(fields: list[Field], as_of: date | None) -> list[Field]:
    """Doubt on what cannot be: paid before it was ordered, or later than the page was seen."""
    value = {field.name: str(field.value) for field in fields}
    ordered, paid = value.get(FieldName.ORDERED_AT), value.get(FieldName.PAID_AT)
    if ordered and paid and _earlier(paid, ordered):
        fields = [doubted(field, "paid before it was ordered") for field in fields]
    if as_of is not None:
        latest = (as_of + timedelta(days=1)).isoformat() + "T24"
        fields = [doubted(one, "later than the day it was sent") if str(one.value) > latest else one for one in fields]
    return fields


def _earlier(paid: str, ordered: str) -> bool:
    """Whether one is printed before the other by the same clock; in two zones their digits say nothing."""
    first, second = without_offset(paid), without_offset(ordered)
    return paid[len(first) :] == ordered[len(second) :] and first < second and not second.startswith(first)


def _settled(sheet: Sheet, as_of: date | None, words: re.Pattern[str]) -> list[_Dated]:
    """For want of a plainer word: when a bill's payment came to its end, when an order was taken in."""
    keys = [key for key in sheet.keys_of(Label.OTHER_TIME) if words.match(compact(key.piece.text))]
    values = [value for key in keys if (value := find_time(sheet, key, as_of))]
    if not values or len({value.value.day for value in values}) != 1:
        return []
    return [(None, replace(values[0], how="by another word", sureness=_AT_ITS_END))]


_SETTLED = re.compile(
    r"(?!.*(?:有效|到期|过期|失效|预计|打印|退|截止|查询|出生|注册|登录|更新|下载|回单|通知|取消|关闭|失败|expire|valid|print|refund|estimat))"
)
_TAKEN_IN = re.compile(r"(?:业务)?(?:受理|申请|办理)(?:时间|日期)")
_AT_ITS_END = 0.84


def _under_its_number(sheet: Sheet, as_of: date | None) -> list[_Dated]:
    """The moment that stands alone right under the row of the order's number, flush with it."""
    for key in sheet.keys_of(Label.ORDER_NUMBER):
        under = [
            one
            for one in sheet.free
            if is_moment(one.text)
            and sheet.owner(one) is None
            and abs(one.box.x0 - key.box.x0) <= sheet.unit
            and 0 < one.box.y0 - key.box.y1 + 0.5 * key.box.height <= _RIGHT_UNDER * sheet.unit
        ]
        moment = parse_time(under[0].text, as_of=as_of) if len(under) == 1 else None
        if moment and moment.time is not None:
            return [(None, Value(moment, (under[0],), "under the number", _AT_ITS_END))]
    return []


_RIGHT_UNDER = 2.0


def _sent_first(sheet: Sheet, as_of: date | None) -> list[_Dated]:
    """Of a transfer's dated steps the first, where it tells that the money went out; the last tells that it came."""
    found: list[tuple[Printed, Segment, str]] = []
    for one in sheet.free:
        span = moment_span(one.text) if sheet.owner(one) is None else None
        if span is None:
            continue
        rest = (one.text[: span[0]] + one.text[span[1] :]).strip(" ●·•○O0:：,，")
        moment = parse_time(one.text[slice(*span)], as_of=as_of)
        if moment and moment.time is not None:
            found.append((moment, part(one, *span), compact(rest or _step_of(sheet, one))))
    if len({moment.iso for moment, _, _ in found}) < _FEWEST_STEPS:
        return []
    first, piece, told = min(found, key=lambda step: step[0].iso)
    if not _GOES_OUT.search(told):
        return []
    return [(None, Value(first, (piece,), "of the first step", _AT_ITS_END))]


def _step_of(sheet: Sheet, moment: Segment) -> str:
    """The words beside a moment, else right over it."""
    beside = [
        one for one in sheet.segments if one is not moment and same_row(one.box, moment.box) and len(one.text) > 1
    ]
    over = [
        one
        for one in sheet.segments
        if 0 < moment.center_y - one.center_y <= _RIGHT_UNDER * sheet.unit
        and abs(one.box.x0 - moment.box.x0) <= sheet.unit
    ]
    near = beside or over
    return min(near, key=lambda one: abs(one.center_y - moment.center_y)).text if near else ""


_FEWEST_STEPS = 2
_GOES_OUT = re.compile(
    r"(?:提交|付款|支付|发起|转出|汇出|扣款|已付|已提交)(?!.*(?:到账|收款))|转账(?:已?提交|申请)|(?:sent|submitted|paid|initiated|debited)"
)


def _gives_back(sheet: Sheet) -> bool:
    """On a refund's page what was applied for is the refund."""
    return bool(sheet.keys_of(Label.REFUNDED)) or any(_REFUND.search(text) for text in sheet.texts)


_REFUND = re.compile(r"退款|售后|退货|refund", re.IGNORECASE)


def _of_steps(steps: Sequence[Dated], deed: Deed) -> list[_Dated]:
    return [(None, Value(one.moment, one.pieces, one.how, one.sureness)) for one in steps if one.deed is deed]


def _in_the_header(sheet: Sheet, as_of: date | None) -> list[_Dated]:
    """The one moment without a key on a receipt's upper part: nothing else is dated there but the payment."""
    middle = (sheet.bounds.y0 + sheet.bounds.y1) / 2
    found: list[_Dated] = []
    for one in sheet.free:
        text = _WHAT_IT_IS.sub("", _DEED.sub("", one.text))
        if one.center_y > middle or sheet.owner(one) is not None or not is_moment(text):
            continue
        moment = parse_time(text, as_of=as_of)
        if moment is None:
            return []
        if moment.time is None and not re.search(r"20\d{2}", text):
            continue  # a lock screen's 3月4日星期三
        found.append((None, Value(moment, (one,), "in the header", _WITHOUT_KEY)))
    clocked = [(key, value) for key, value in found if value.value.time is not None]
    return found if len(found) == 1 else clocked if len(clocked) == 1 else []


def _in_a_sentence(sheet: Sheet, as_of: date | None, deed: tuple[re.Pattern[str], re.Pattern[str]]) -> list[_Dated]:
    """The one moment of a sentence that tells the deed: your order was placed on …, 您于…下单."""
    found: list[_Dated] = []
    for one in sheet.free:
        span = moment_span(one.text) if sheet.owner(one) is None else None
        if span is None or not (deed[0].search(one.text[: span[0]]) or deed[1].match(one.text[span[1] :])):
            continue
        piece = part(one, *span)
        moment = parse_time(piece.text, as_of=as_of)
        if moment:
            found.append((None, Value(moment, (piece,), "in a sentence", _WITHOUT_KEY)))
    return found if len({value.value.iso for _, value in found}) == 1 else []


_WAS_ORDERED = (
    re.compile(r"\b(?:placed|ordered|purchased|bought)\s*(?:on|at)?\s*$", re.IGNORECASE),
    re.compile(r"\s*(?:成功)?(?:下单|购买|提交(?:了)?订单)"),
)
_WAS_PAID = (
    re.compile(r"\b(?:paid|charged|billed)\s*(?:in full)?\s*(?:on|at)?\s*$", re.IGNORECASE),
    re.compile(r"\s*(?:成功)?(?:支付|付款)(?!前|截止)"),
)


def _only_clocked(sheet: Sheet, as_of: date | None) -> list[_Dated]:
    """The one day and clock of a bill that no key claims, wherever it stands."""
    moments = [one for one in sheet.free if sheet.owner(one) is None and is_moment(one.text)]
    values = [(one, moment) for one in moments if (moment := parse_time(one.text, as_of=as_of)) and moment.time]
    if len(values) != 1:
        return []
    return [(None, Value(values[0][1], (values[0][0],), "alone", _AT_ITS_END))]


# Oct 28, 2026 · Payment
_WHAT_IT_IS = re.compile(r"\s*[·•|]\s*(?:payment|purchase|completed?|支付|付款|消费|交易)(?:成功)?$", re.IGNORECASE)
_DEED = re.compile(
    r"^(?:paid|completed|sent|processed|charged|purchased)?\s*(?:on|at)?\s+|^(?:支付|付款|交易|完成|已)*[于在]\s*",
    re.IGNORECASE,
)
# Found without a key, by position alone.
_WITHOUT_KEY = 0.9
_LABELS = (Label.ORDERED_AT, Label.CREATED_AT, Label.PAID_AT, Label.TIME)


def _values(sheet: Sheet, label: Label, as_of: date | None) -> list[_Dated]:
    found: list[_Dated] = []
    for key in sheet.keys_of(label):
        value = None if _clock_of(sheet, key) else find_time(sheet, key, as_of)
        if value and value.value.time is None:
            value = _with_its_clock(sheet, key, value, as_of)
        if value:
            found.append((key, value))
    beside = [(key, value) for key, value in found if value.how != "below"]
    return beside or found  # 'Ordered' over a progress's times is the first of its steps


def _with_its_clock(sheet: Sheet, key: Key, value: Value[Printed], as_of: date | None) -> Value[Printed]:
    """A day whose clock stands under a key of its own: 交易日期, then 交易时间."""
    for other in sheet.keys_of(key.label, Label.TIME):
        if other is key or not _CLOCK_KEY.search(compact(other.piece.text)):
            continue
        clock = _clock_of(sheet, other)
        whole = parse_time(f"{value.text} {clock.text}", as_of=as_of) if clock else None
        if clock and whole and whole.time is not None:
            return replace(value, value=whole, pieces=(*value.pieces, clock))
    return value


def _clock_of(sheet: Sheet, key: Key) -> Segment | None:
    """The time of day that is all this key has."""
    pieces = [key.inline] if key.inline else [*sheet.right_of(key), *sheet.below(key)][:1]
    return pieces[0] if pieces and is_clock(pieces[0].text) else None


_CLOCK_KEY = re.compile(r"时间|时刻|time")


# 01:46:0, whose last figure stands in another line.
_GOES_ON = re.compile(r"\d:\d{2}:\d?$")


def _rank(key: Key | None) -> int:
    return key.hit.rank if key else 0


def _only(name: FieldName, values: Sequence[_Dated], sheet: Sheet) -> list[Field]:
    if not values:
        return []
    key, value = min(values, key=lambda pair: _rank(pair[0]))
    same = [other for others, other in values if _rank(others) == _rank(key)]
    if len({other.value.iso for other in same}) != 1:
        return []
    field = Field(
        name=name,
        value=value.value.iso,
        text=value.text,
        score=value.score,
        box=value.box,
        rule=f"{key.label.value} {value.how}" if key else f"moment {value.how}",
    )
    clocked = key is None or _CLOCK_KEY.search(compact(key.piece.text))
    if value.value.time is None and clocked:
        field = doubted(field, "a day without its clock")
    if _GOES_ON.search(value.text):
        field = doubted(field, "its seconds go on where they could not be read", _AT_ITS_END)
    if value.value.loose:
        field = doubted(field, "a clock without its colon")
    return [weighed(field, value.pieces, sheet)]
