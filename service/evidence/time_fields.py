"""When the order was placed and when it was paid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from service.domain.evidence import Field, FieldName, PageKind
from service.evidence.lexicon import Label
from service.evidence.sheet import Key, Sheet
from service.evidence.steps import Dated, Deed, dated_steps
from service.evidence.times import Printed, is_moment, parse_time
from service.evidence.values import Value, find_time

_Dated = tuple[Key | None, Value[Printed]]


def find(sheet: Sheet, kind: PageKind, as_of: date | None) -> list[Field]:
    values = {label: _values(sheet, label, as_of) for label in _LABELS}
    ordered, paid = values[Label.ORDERED_AT], values[Label.PAID_AT]
    created, bare = values[Label.CREATED_AT], values[Label.TIME]
    if kind not in (PageKind.CHAT, PageKind.IDENTITY, PageKind.LIST):
        steps = dated_steps(sheet, as_of)
        ordered = ordered or _of_steps(steps, Deed.ORDERED)
        paid = paid or _of_steps(steps, Deed.PAID)
    if kind is PageKind.PAYMENT:
        # A bill is made by paying: its creation, or its only time, is the payment's.
        if paid:
            ordered = ordered or created
        else:
            paid = created or bare or _in_the_header(sheet, as_of)
    else:
        ordered = ordered or created or ([] if paid and not sheet.keys_of(Label.ORDER_NUMBER) else bare)
    return [
        *_only(FieldName.ORDERED_AT, ordered),
        *_only(FieldName.PAID_AT, paid),
    ]


def _of_steps(steps: Sequence[Dated], deed: Deed) -> list[_Dated]:
    return [(None, Value(one.moment, one.pieces, one.how, one.sureness)) for one in steps if one.deed is deed]


def _in_the_header(sheet: Sheet, as_of: date | None) -> list[_Dated]:
    """The one moment without a key on a receipt's upper part: nothing else is dated there but the payment."""
    middle = (sheet.bounds.y0 + sheet.bounds.y1) / 2
    found: list[_Dated] = []
    for one in sheet.free:
        text = _DEED.sub("", one.text)
        if one.center_y > middle or sheet.owner(one) is not None or not is_moment(text):
            continue
        moment = parse_time(text, as_of=as_of)
        if moment is None:
            return []
        found.append((None, Value(moment, (one,), "in the header", _WITHOUT_KEY)))
    return found if len(found) == 1 else []


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
        value = find_time(sheet, key, as_of)
        if value:
            found.append((key, value))
    return found


def _rank(key: Key | None) -> int:
    return key.hit.rank if key else 0


def _only(name: FieldName, values: Sequence[_Dated]) -> list[Field]:
    if not values:
        return []
    key, value = min(values, key=lambda pair: _rank(pair[0]))
    same = [other for others, other in values if _rank(others) == _rank(key)]
    if len({other.value.iso for other in same}) != 1:
        return []
    return [
        Field(
            name=name,
            value=value.value.iso,
            text=value.text,
            score=value.score,
            box=value.box,
            rule=f"{key.label.value} {value.how}" if key else f"moment {value.how}",
        )
    ]
