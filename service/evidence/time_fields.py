"""When the order was placed and when it was paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from service.domain.evidence import Field, FieldName, PageKind
from service.evidence.lexicon import Label
from service.evidence.sheet import Key, Sheet
from service.evidence.times import Printed
from service.evidence.values import Value, find_time


def find(sheet: Sheet, kind: PageKind, as_of: date | None) -> list[Field]:
    values = {label: _values(sheet, label, as_of) for label in _LABELS}
    ordered, paid = values[Label.ORDERED_AT], values[Label.PAID_AT]
    created, bare = values[Label.CREATED_AT], values[Label.TIME]
    if kind is PageKind.PAYMENT:
        # A bill is made by paying: its creation, or its only time, is the payment's.
        if paid:
            ordered = ordered or created
        else:
            paid = created or bare
    else:
        ordered = ordered or created or ([] if paid and not sheet.keys_of(Label.ORDER_NUMBER) else bare)
    return [
        *_only(FieldName.ORDERED_AT, ordered),
        *_only(FieldName.PAID_AT, paid),
    ]


_LABELS = (Label.ORDERED_AT, Label.CREATED_AT, Label.PAID_AT, Label.TIME)


def _values(sheet: Sheet, label: Label, as_of: date | None) -> list[tuple[Key, Value[Printed]]]:
    found = []
    for key in sheet.keys_of(label):
        value = find_time(sheet, key, as_of)
        if value:
            found.append((key, value))
    return found


def _only(name: FieldName, values: Sequence[tuple[Key, Value[Printed]]]) -> list[Field]:
    if not values:
        return []
    best = min(values, key=lambda pair: pair[0].hit.rank)
    same = [value for key, value in values if key.hit.rank == best[0].hit.rank]
    if len({value.value.iso for value in same}) != 1:
        return []
    key, value = best
    return [
        Field(
            name=name,
            value=value.value.iso,
            text=value.text,
            score=value.score,
            box=value.box,
            rule=f"{key.label.value} {value.how}",
        )
    ]
