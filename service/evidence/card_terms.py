"""What a card is worth and how long it holds: face value and end of validity."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from service.domain.evidence import Field, FieldName, PageKind
from service.evidence.amounts import Amount, parse_amount
from service.evidence.lexicon import Label
from service.evidence.normalise import clean, compact
from service.evidence.segments import Segment, same_row
from service.evidence.sheet import Key, Sheet
from service.evidence.shelves import shelf_of
from service.evidence.times import parse_time
from service.evidence.values import Value, find, find_amount

LONG_TERM = "long_term"

_FACE_KEY = re.compile(
    r"(?:.{0,4}面[值额]|充值面[值额]|面[值额]金额|卡片?金额|facevalue|cardvalue|denomination|(?:topup|recharge|reload)(?:amount|value))(?:\(.{0,3}\))?:?"
)
# Also the sum to be paid, unless the page says apart from it what was paid.
_TOP_UP_KEY = re.compile(r"(?:充值|[交缴]费|续费)(?:金?额|额度|数额|话费)(?:\(元\))?:?")
# What reached the account of whoever topped up; of money drawn or paid back it is no value of goods.
_REACHED_KEY = re.compile(
    r"(?:实际)?(?:到账|入账|充入)(?:金?额|数额|话费)(?:\(元\))?:?|(?:amountcredited|creditedamount|rechargeamount):?"
)
_TOPS_UP = re.compile(r"充值|话费|[缴交]费|直充|充话费|top-?up|recharge", re.IGNORECASE)
_DRAWN = re.compile(r"提现|退款|转账|转出|withdraw|refund", re.IGNORECASE)
_FACE_SAID = re.compile(r"面[值额]\s*[:为]?\s*(¥?\s*\d[\d,]*(?:\.\d{1,2})?\s*元|¥\s*\d[\d,]*(?:\.\d{1,2})?)")
_VALID_KEY = re.compile(
    r".{0,6}(?:有效期[至到限间止]?|有效(?:日期|时间|时段|期限|截止.{0,3}|期截[至止])|到期(?:时间|日期?|日)?|过期(?:时间|日期?)|失效(?:时间|日期?)|"
    r"(?:使用|兑换|激活|充值|核销|提货|活动|服务|权益|会员)?截[止至](?:时间|日期?)|可用(?:至|期限|时间|日期)|"
    r"(?:可?使用|兑换|激活|核销|可用|提货|保质|服务|会员|权益)(?:期限|日期|有效期)|(?:可?使用|兑换|激活|核销|可用|提货|保质)期|到期[:：]?|有效至|最[晚迟](?:使用|兑换|激活)(?:时间|日期))(?:\(.{0,6}\))?:?|"
    r"请?[于在]?此(?:日期?|时间)?[之以]?前(?:使用|兑换|激活|充值|核销):?|"
    r"(?:valid(?:ity)?|expir|exp\b|(?:use|redeem|activate|claim|spend)(?:it)?(?:by|before|until)|bestbefore|goodthru|goodthrough).{0,14}:?",
    re.IGNORECASE,
)
_VALID_SAID = re.compile(
    r"(?:有效期(?:限|间)?[至到为是]?|有效[至到]|有效期截[至止]|到期(?:时间|日期?)[为:]?|过期(?:时间|日期?)[为:]?|失效(?:时间|日期?)[为:]?|"
    r"截[止至](?:时间|日期?)[为:]?|(?:使用|兑换|激活)(?:期限|有效期|日期)[为至:]?|可用(?:至|期限)|最[晚迟](?:使用|兑换|激活)(?:时间|日期)|"
    r"(?:请[于在])?此(?:日期|时间)?前(?:使用|有效)|(?:仍|还|依然|继续|均)?可?(?:继续)?(?:使用|享有|享受|保留|访问|有效)(?:会员|权益|特权|服务)*[至到]|"
    r"(?:use|enjoy|access|keep|available|active|remains?|stays?|yours)\b(?: \w+){0,4} (?:until|till|through)|"
    r"valid (?:until|till|thru|through|to)|validity(?: period)?|good (?:until|thru|through)|"
    r"expir(?:es?|y|ation|ing)(?: date)?(?: on)?|\bexp\b\.?|"
    r"(?:use|redeem|activate)(?: it)? (?:by|before))\s*:?\s*(?P<rest>.+)",
    re.IGNORECASE,
)
_DATED = r"(?:20\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?)"
_USE_BEFORE = re.compile(
    rf"(?:请|须|需)?[于在]?\s*(?P<rest>{_DATED})\s*(?:之|以)?(?:前|止|(?:到期|过期|失效)|(?=[^\d]{{0,3}}(?:到期|过期|失效)))"
    r"(?:.{0,6}(?:使用|兑换|激活|充值|绑定|核销|有效|提取|领取))?"
)
_OPEN_BEFORE = re.compile(
    rf"{_DATED}\s*(?:之|以)?前\s*(?:发货|到账|退款|处理|付款|完成(?:发货|退款|处理|付款|支付)|支付|回复|送达|核实)"
)
_NO_END = re.compile(
    r"(?:永久|长期|终身)(?:有效|使用|可用)?|(?:不限|无限)(?:期|时间?|制)?|无(?:有效|使用)?期限?制?|"
    r"(?:never(?:expires)?|permanent(?:ly)?|lifetime|noexpir(?:y|ation)(?:date)?|doesnotexpire|unlimited)"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = re.compile(
    rf"{_DATED}|(?<!\d)20\d{{6}}(?!\d)|{_MONTH}\s*\d{{1,2}},?\s*20\d{{2}}|\d{{1,2}}\s*{_MONTH},?\s*20\d{{2}}",
    re.IGNORECASE,
)
_CLOCK_FOLLOWS = re.compile(
    r"[,.]?\s*(?:at\s)?(?:上午|下午|晚上|凌晨|中午)?\s?\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*$", re.IGNORECASE
)
# After receipt or purchase: no day that the page itself tells.
_DURATION = re.compile(
    r"\d+\s*(?:天|日内|小时|个?月|年)(?:内|后|有效)|(?:领取|购买|激活|发放|兑换|到账)(?:之?日)?(?:起|后)|\b(?:days?|months?|years?)\b",
    re.IGNORECASE,
)
_NO_YEAR = re.compile(
    r"(?:0?[1-9]|1[0-2])\s*[-/月]\s*(?:[12]\d|3[01]|0?[1-9])\s*[日号]?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
)
# A term without its year ends within so many days; a day that was just past would be as likely otherwise.
_LATEST = 300
_RANGE = re.compile(r"\s(?:-|to|until|through)\s|\s?[~～至到]\s?", re.IGNORECASE)
# Found in running text rather than behind a key.
_SAID = 0.9


def find_terms(sheet: Sheet, kind: PageKind, as_of: date | None = None) -> list[Field]:
    """Face value in minor units and the end of validity, as far as the page says them outright.

    ``as_of``: local day of the capture; without it a term without its year is absent.
    """
    if kind in (PageKind.CHAT, PageKind.IDENTITY, PageKind.UNKNOWN):
        return []  # a shelf's vouchers and plans are nobody's yet
    found = (_face_value(sheet, kind), _valid_until(sheet, as_of))
    return [field for field in found if field]


# --- face value ----------------------------------------------------------------------------------------------------


def _face_value(sheet: Sheet, kind: PageKind) -> Field | None:
    start, end = shelf_of(sheet)
    own = [key for key in sheet.keys_of(Label.OTHER_AMOUNT) if not start <= key.piece.center_y <= end]
    keys = [key for key in own if _FACE_KEY.fullmatch(_form(key))]
    if not keys and sheet.keys_of(Label.PAID, Label.PAYMENT_AMOUNT):
        keys = [key for key in own if _TOP_UP_KEY.fullmatch(_form(key))] or _reached(sheet, own)
    values = [value for key in keys if (value := find_amount(sheet, key)) and value.value.sign == 0]
    if values:
        value = max(values, key=lambda one: one.score)
        same = len({other.value.minor for other in values}) == 1
        return _amount_field(value, f"face value {value.how}") if same else None
    return _face_said(sheet) or (_worth(sheet) if kind is PageKind.DELIVERY else None)


def _reached(sheet: Sheet, keys: Sequence[Key]) -> list[Key]:
    """到账金额 on the record of a top-up."""
    heads = [one.text for one in sheet.segments[:_HEAD]]
    if not any(map(_TOPS_UP.search, heads)) or any(map(_DRAWN.search, heads)):
        return []
    return [key for key in keys if _REACHED_KEY.fullmatch(_form(key))]


_HEAD = 8


def _worth(sheet: Sheet) -> Field | None:
    """Value among the facts of a card that was delivered; elsewhere the word may name any sum."""
    found: list[tuple[Segment, Amount, str]] = []
    for one in sheet.segments:
        if said := _WORTH_SAID.fullmatch(clean(one.text)):
            amount = parse_amount(said[1])
            if amount and amount.marked and amount.sign == 0:
                found.append((one, amount, "inline"))
        if _WORTH.fullmatch(_ORNAMENT.sub("", compact(one.text))):
            for pieces, how in _right_and_under(sheet, one):
                amount = parse_amount(pieces[0].text) if len(pieces) == 1 else None
                if amount and amount.marked and amount.sign == 0:
                    found.append((pieces[0], amount, how))
    if len({amount.minor for _, amount, _ in found}) != 1:
        return None
    one, amount, how = found[0]
    return _amount_field(Value(amount, (one,), how, _SAID), f"face value {how}")


_WORTH_SAID = re.compile(r"(?:(?:gift )?card |face )?(?:value|worth)\s?:?\s?(\S.{1,14})", re.IGNORECASE)
_WORTH = re.compile(r"(?:(?:gift)?card|code|voucher)?(?:value|worth):?")


def _amount_field(value: Value[Amount], rule: str) -> Field:
    return Field(
        name=FieldName.FACE_VALUE,
        value=value.value.minor,
        text=value.text,
        score=value.score,
        box=value.box,
        rule=rule,
    )


def _face_said(sheet: Sheet) -> Field | None:
    """面值100元 inside a title: nothing else it could mean; none where two are named."""
    said: list[tuple[Segment, Amount]] = []
    start, end = shelf_of(sheet)
    for one in sheet.segments:
        if start <= one.center_y <= end:
            continue  # what else is sold
        for match in _FACE_SAID.finditer(clean(one.text)):
            amount = parse_amount(match[1])
            if amount:
                said.append((one, amount))
    if len({amount.minor for _, amount in said}) != 1:
        return None
    one, amount = said[0]
    return _amount_field(Value(amount, (one,), "said", _SAID), "face value said")


# --- validity ------------------------------------------------------------------------------------------------------


def _valid_until(sheet: Sheet, as_of: date | None) -> Field | None:
    keys = [key for key in sheet.keys if _VALID_KEY.fullmatch(_form(key))]
    values = [value for key in keys if (value := _under(sheet, key, as_of))]
    values = values or [value for one in sheet.segments if (value := _beside(sheet, one, as_of))]
    rule = "validity"
    if not values:
        values = [value for one in sheet.segments if (value := _said(sheet, one, as_of))]
        rule = "validity said"
    if len({value.value for value in values}) != 1:
        return None
    value = max(values, key=lambda one: one.score)
    return Field(
        name=FieldName.VALID_UNTIL,
        value=value.value,
        text=value.text,
        score=value.score,
        box=value.box,
        rule=f"{rule} {value.how}" if rule == "validity" else rule,
    )


def _under(sheet: Sheet, key: Key, as_of: date | None) -> Value[str] | None:
    return find(sheet, key, lambda pieces: end_of_validity(_whole_term(sheet, key, pieces), as_of))


def _whole_term(sheet: Sheet, key: Key, pieces: Sequence[Segment]) -> str:
    """The term's text, with its second line where the first ends in 至."""
    text = " ".join(piece.text for piece in pieces)
    following = sheet.continuation(pieces[-1], pieces[0], key=key) if _GOES_ON.search(text) else None
    return f"{text} {following.text}" if following else text


_GOES_ON = re.compile(r"(?:[-~—–至到]|起至|\bto)\s*$")


def _beside(sheet: Sheet, one: Segment, as_of: date | None) -> Value[str] | None:
    """The term at the right of words for it that are no key of an order, or right under them."""
    if not _VALID_KEY.fullmatch(_ORNAMENT.sub("", compact(one.text))):
        return None
    for pieces, how in _right_and_under(sheet, one):
        end = end_of_validity(" ".join(piece.text for piece in pieces), as_of) if pieces else None
        if end:
            return Value(end, tuple(pieces), how, _SAID)
    return None


# A dot of the list, a timeline's or an icon's, before the words.
_ORNAMENT = re.compile(r"^[^\w]+")
# So far a dot moves the words from what stands under them, in line heights.
_INDENT = 1.6


def _right_and_under(sheet: Sheet, one: Segment) -> tuple[tuple[list[Segment], str], tuple[list[Segment], str]]:
    height = one.box.height
    right = [other for other in sheet.segments if other.box.x0 >= one.box.x1 and same_row(one.box, other.box)]
    under = [
        other
        for other in sheet.segments
        if 0 < other.box.y0 - one.box.y1 + 0.3 * height <= 2 * height
        and abs(other.box.x0 - one.box.x0) <= _INDENT * height
    ]
    return (right, "beside"), (under, "below")


def _said(sheet: Sheet, segment: Segment, as_of: date | None) -> Value[str] | None:
    text = clean(segment.text)
    following = _date_goes_on(sheet, segment)
    if following:
        text = f"{text} {clean(following.text)}"
    before = None if _OPEN_BEFORE.search(text) else _USE_BEFORE.search(text)
    for match in (_VALID_SAID.search(text), before):
        end = end_of_validity(match["rest"], as_of) if match else None
        if end:
            return Value(end, (segment, following) if following else (segment,), "said", _SAID)
    return None


def _date_goes_on(sheet: Sheet, segment: Segment) -> Segment | None:
    """The rest of a moment that broke at the end of a sentence's full line: … 使用至2026年3月9日 / 18:20."""
    height = segment.box.height
    under = [
        one
        for one in sheet.segments
        if 0 < one.center_y - segment.center_y <= _NEXT_LINE * height
        and abs(one.box.x0 - segment.box.x0) <= height
        and one.box.height >= _OF_ONE_SIZE * height
        and _REST_OF_A_MOMENT.fullmatch(clean(one.text))
    ]
    if len(under) != 1 or not _VALID_SAID.search(f"{clean(segment.text)} {clean(under[0].text)}"):
        return None
    return under[0]


_NEXT_LINE, _OF_ONE_SIZE = 2.2, 0.7
_REST_OF_A_MOMENT = re.compile(
    rf"(?:until |till |to |on |至|到)?(?:{_MONTH}\s*)?[\d\s,./:年月日号-]*(?:{_MONTH})?[\d\s,./:年月日号-]*\d[\d:日号]*"
    r"\s*(?:[ap]\.?m)?\.?[.。]?",
    re.IGNORECASE,
)


_CUT_CLOCK = re.compile(r":\d\s*$")


def end_of_validity(text: str, as_of: date | None = None) -> str | None:
    """The last day (or moment) of a term as printed, ISO; ``long_term`` where it has no end; None for durations.

    ``as_of``: a day without its year is the next such day after it.
    """
    bare = clean(text)
    if _NO_END.fullmatch(compact(bare).strip("().,:;!。")):
        return LONG_TERM
    if _GOES_ON.search(bare) or _MONTH_OR_YEAR.fullmatch(bare) or _CUT_CLOCK.search(bare):
        return None  # where it begins, and no more; or 03/28, which may be a day or a year; or a clock's first digits
    if short := _SHORT_END.search(bare):
        return _end_in_its_year(short)
    bare = _MIDNIGHT.sub("", bare)
    days = list(_DAY.finditer(bare))
    clocked = [bare[day.start() :] for day in days[-1:] if _CLOCK_FOLLOWS.match(bare, day.end())]
    for part in (*clocked, *(day[0] for day in days[-1:]), *_range_end(bare)):
        moment = parse_time(part)
        if moment:
            return moment.iso
    if re.search(r"[-~至到]\s*(?:长期|永久)", bare):
        return LONG_TERM
    return _without_year(bare, as_of) if as_of and not _DURATION.search(bare) else None


_MONTH_OR_YEAR = re.compile(r"(?:0?[1-9]|1[0-2])\s?/\s?\d{2}")
# 2026年3月11日-3月31日 ends in the year it begins, or in the next.
_SHORT_END = re.compile(
    rf"(?P<start>{_DATED})\s*[-~—–至到]\s*(?P<month>\d{{1,2}})\s?[-/.月]\s?(?P<day>\d{{1,2}})\s?[日号]?(?:\s*\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?$"
)
_MIDNIGHT = re.compile(r"\s*24\s?:\s?00(?:\s?:\s?00)?")


def _end_in_its_year(term: re.Match[str]) -> str | None:
    start = parse_time(term["start"])
    if start is None:
        return None
    end = parse_time(f"{start.day.year}-{int(term['month']):02}-{int(term['day']):02}")
    if end is not None and end.day < start.day:
        end = parse_time(f"{start.day.year + 1}-{int(term['month']):02}-{int(term['day']):02}")
    return end.day.isoformat() if end else None


def _without_year(text: str, as_of: date) -> str | None:
    ends = _NO_YEAR.findall(text)
    if not ends or re.search(r"20\d{2}", text) or not re.fullmatch(r"[\d\s:/月日号前至到~止.-]+", text):
        return None
    # The next such day: as of a year on, the latest such day before that.
    moment = parse_time(ends[-1], as_of=as_of + timedelta(days=_LATEST)) or parse_time(
        f"{ends[-1]} 00:00", as_of=as_of + timedelta(days=_LATEST)
    )
    if moment is None or moment.day <= as_of:
        return None
    return moment.iso if ":" in ends[-1] else moment.day.isoformat()


def _range_end(text: str) -> Sequence[str]:
    parts = _RANGE.split(text)
    return (parts[-1],) if len(parts) > 1 else (text,)


def _form(key: Key) -> str:
    return compact(key.piece.text)
