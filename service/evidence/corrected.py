"""Fields put right by people who looked at the page: parsed as the reader would have, and laid over its reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from service.domain.evidence import Evidence, Field, FieldName
from service.domain.marks import ReadingLabel
from service.evidence.amounts import parse_amount
from service.evidence.normalise import clean, identifier
from service.evidence.times import parse_time

CORRECTED = "corrected"
"""The rule that found a corrected field."""
_AMOUNTS = frozenset({FieldName.AMOUNT, FieldName.FACE_VALUE})
_TIMES = frozenset({FieldName.ORDERED_AT, FieldName.PAID_AT, FieldName.VALID_UNTIL})
_NUMBERS = frozenset({FieldName.ORDER_NUMBER, FieldName.TRADE_NUMBER})
_WORDS = frozenset({FieldName.PRODUCT, FieldName.PAYEE, FieldName.PAYMENT_METHOD, FieldName.STATUS})
CORRECTABLE = _AMOUNTS | _TIMES | _NUMBERS | _WORDS | {FieldName.RECHARGED_ACCOUNT}
"""Prompts, marks and clocks are recognised, not read: what they mean is the extractor's to say."""
_LONGEST = 200


def value_of(name: FieldName, text: str, as_of: date) -> str | int | None:
    """A field's value from what stands on the page; None where the text is none of the kind. ``as_of``: local day."""
    plain = clean(text)
    if name not in CORRECTABLE or not plain or len(plain) > _LONGEST:
        return None
    if name in _AMOUNTS:
        amount = parse_amount(plain)
        return None if amount is None else amount.minor
    if name in _TIMES:
        printed = parse_time(plain, as_of=as_of)
        return None if printed is None else printed.iso
    return identifier(plain) if name in _NUMBERS else plain


def with_corrections(evidence: Sequence[Evidence], labels: Sequence[ReadingLabel]) -> tuple[Evidence, ...]:
    """The reading with what was put right, the last word on each field; what was not read at all stays so."""
    last = {(label.sha256, label.field): label for label in labels}
    return tuple(_corrected(item, last) for item in evidence) if last else tuple(evidence)


def _corrected(item: Evidence, last: dict[tuple[str, FieldName], ReadingLabel]) -> Evidence:
    page = item.page
    if page is None:
        return item
    fields = dict(page.fields)
    for name, field in page.fields.items():
        label = last.get((item.sha256, name))
        if label is not None:
            fields[name] = _field(field, label)
    return item if fields == page.fields else replace(item, page=replace(page, fields=fields))


def _field(field: Field, label: ReadingLabel) -> Field:
    """Where and how surely it was read stays: a person's word makes the reader no better."""
    return replace(field, value=label.value, text=label.text, rule=CORRECTED, note=f"read as {label.read}")
