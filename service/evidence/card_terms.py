"""What a card is worth and how long it holds: face value and end of validity."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.domain.evidence import Field, FieldName, PageKind
from service.evidence.amounts import Amount, parse_amount
from service.evidence.lexicon import Label
from service.evidence.normalise import clean, compact
from service.evidence.segments import Segment
from service.evidence.sheet import Key, Sheet
from service.evidence.times import parse_time
from service.evidence.values import Value, find, find_amount

LONG_TERM = "long_term"

_FACE_KEY = re.compile(
    r"(?:.{0,4}面[值额]|充值面[值额]|面[值额]金额|卡片?金额|facevalue|cardvalue|denomination|topupamount)(?:\(.{0,3}\))?:?"
)
# Also the sum to be paid, unless the page says apart from it what was paid.
_TOP_UP_KEY = re.compile(r"充值金额:?")
_FACE_SAID = re.compile(r"面[值额]\s*[:为]?\s*(¥?\s*\d[\d,]*(?:\.\d{1,2})?\s*元|¥\s*\d[\d,]*(?:\.\d{1,2})?)")
_VALID_KEY = re.compile(
    r".{0,5}(?:有效期[至到限]?|有效日期|有效截止.{0,3}|有效时间|到期(?:时间|日期?)?|过期(?:时间|日期)|失效(?:时间|日期)|截止(?:时间|日期)|可用至|"
    r"使用期限|有效至)(?:\(.{0,3}\))?:?|"
    r"(?:valid|expir|useby|bestbefore|goodthru).{0,12}:?"
)
_VALID_SAID = re.compile(
    r"(?:有效期[至到为]?|有效[至到]|到期(?:时间|日)[为:]?|(?:请[于在])?此(?:日期|时间)?前(?:使用|有效)|"
    r"valid (?:until|till|thru|through|to)|expires?(?: on)?|use by)\s*:?\s*(?P<rest>.+)",
    re.IGNORECASE,
)
_USE_BEFORE = re.compile(
    r"(?:请|须|需)?[于在]?\s*(?P<rest>20\d{2}[-/.年]\s*\d{1,2}[-/.月]\s*\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?)\s*(?:之)?前"
    r"(?:使用|兑换|激活|充值|绑定|核销|有效)"
)
_NO_END = re.compile(
    r"(?:永久|长期|终身)(?:有效|使用|可用)?|(?:不限|无限)(?:期|时间?|制)?|无(?:有效|使用)?期限?制?|"
    r"(?:never(?:expires)?|permanent(?:ly)?|lifetime|noexpir(?:y|ation)(?:date)?|doesnotexpire|unlimited)"
)
_DAY = re.compile(
    r"20\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?|(?<!\d)20\d{6}(?!\d)"
)
_RANGE = re.compile(r"\s(?:-|to|until|through)\s|\s?[~～至到]\s?", re.IGNORECASE)
# Found in running text rather than behind a key.
_SAID = 0.9


def find_terms(sheet: Sheet, kind: PageKind) -> list[Field]:
    """Face value in minor units and the end of validity, as far as the page says them outright."""
    if kind in (PageKind.CHAT, PageKind.IDENTITY):
        return []
    found = (_face_value(sheet), _valid_until(sheet))
    return [field for field in found if field]


# --- face value ----------------------------------------------------------------------------------------------------


def _face_value(sheet: Sheet) -> Field | None:
    keys = [key for key in sheet.keys_of(Label.OTHER_AMOUNT) if _FACE_KEY.fullmatch(_form(key))]
    if not keys and sheet.keys_of(Label.PAID, Label.PAYMENT_AMOUNT):
        keys = [key for key in sheet.keys_of(Label.OTHER_AMOUNT) if _TOP_UP_KEY.fullmatch(_form(key))]
    values = [value for key in keys if (value := find_amount(sheet, key)) and value.value.sign == 0]
    if values:
        value = max(values, key=lambda one: one.score)
        same = len({other.value.minor for other in values}) == 1
        return _amount_field(value, f"face value {value.how}") if same else None
    return _face_said(sheet)


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
    for one in sheet.segments:
        for match in _FACE_SAID.finditer(clean(one.text)):
            amount = parse_amount(match[1])
            if amount:
                said.append((one, amount))
    if len({amount.minor for _, amount in said}) != 1:
        return None
    one, amount = said[0]
    return _amount_field(Value(amount, (one,), "said", _SAID), "face value said")


# --- validity ------------------------------------------------------------------------------------------------------


def _valid_until(sheet: Sheet) -> Field | None:
    keys = [key for key in sheet.keys_of(Label.OTHER_TIME) if _VALID_KEY.fullmatch(_form(key))]
    values = [value for key in keys if (value := _under(sheet, key))]
    rule = "validity"
    if not values:
        values = [value for one in sheet.segments if (value := _said(one))]
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


def _under(sheet: Sheet, key: Key) -> Value[str] | None:
    return find(sheet, key, lambda pieces: end_of_validity(" ".join(piece.text for piece in pieces)))


def _said(segment: Segment) -> Value[str] | None:
    text = clean(segment.text)
    match = _VALID_SAID.search(text) or _USE_BEFORE.search(text)
    end = end_of_validity(match["rest"]) if match else None
    return Value(end, (segment,), "said", _SAID) if end else None


def end_of_validity(text: str) -> str | None:
    """The last day (or moment) of a term as printed, ISO; ``long_term`` where it has no end; None for durations."""
    bare = clean(text)
    if _NO_END.fullmatch(compact(bare).strip("().,:;!。")):
        return LONG_TERM
    days = _DAY.findall(bare)
    for part in (*days[-1:], *_range_end(bare)):
        moment = parse_time(part)
        if moment:
            return moment.iso
    return LONG_TERM if re.search(r"[-~至到]\s*(?:长期|永久)", bare) else None


def _range_end(text: str) -> Sequence[str]:
    parts = _RANGE.split(text)
    return (parts[-1],) if len(parts) > 1 else (text,)


def _form(key: Key) -> str:
    return compact(key.piece.text)
