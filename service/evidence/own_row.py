"""Which row of a list the claim means. Another row's facts say nothing about the claim, for it or against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from service.domain.checks import Result
from service.domain.claims import Claim
from service.domain.evidence import Evidence, Field, FieldName, OrderRow, Page, PageKind
from service.evidence import compare
from service.evidence.normalise import same_up_to_look_alikes

# Without a number a row is known by so many of product, amount and time, none of them another.
_TELLING = 2


def as_claimed(claim: Claim, item: Evidence, zone: ZoneInfo) -> Evidence:
    """``item`` with the claim's own row in place of a list's page; a list without it keeps no facts at all."""
    page = item.page
    if page is None or not page.rows:
        return item
    row = own_row(claim, page.rows, zone)
    if row is None:
        return replace(item, page=replace(page, fields={}))
    return replace(item, page=Page(kind=PageKind.ORDER, fields=row.fields))


def own_row(claim: Claim, rows: Sequence[OrderRow], zone: ZoneInfo) -> OrderRow | None:
    """The row of the claim's order: by its order number, else its trade number, else the one row whose product,
    amount and time agree. None where no row or more than one could be it."""
    order = claim.order
    for name, number in ((FieldName.ORDER_NUMBER, order.order_number), (FieldName.TRADE_NUMBER, order.trade_number)):
        same = [row for row in rows if number and _is_number(row.fields.get(name), number)]
        if same:
            return same[0] if len(same) == 1 else None
    unnumbered = [row for row in rows if FieldName.ORDER_NUMBER not in row.fields]
    fitting = [row for row in unnumbered if _fits(claim, row.fields, zone)]
    return fitting[0] if len(fitting) == 1 else None


def _is_number(field: Field | None, number: str) -> bool:
    return field is not None and same_up_to_look_alikes(str(field.value), number)


def _fits(claim: Claim, fields: Mapping[FieldName, Field], zone: ZoneInfo) -> bool:
    order = claim.order
    tests: dict[FieldName, Callable[[Field], compare.Finding]] = {
        FieldName.PRODUCT: lambda field: compare.compare_product(field, order.product.name, own_page=True),
        FieldName.AMOUNT: lambda field: compare.compare_amount(field, order.amount_paid, order.quantity),
        FieldName.ORDERED_AT: lambda field: _moment(field, claim, zone),
    }
    findings = [test(fields[name]) for name, test in tests.items() if name in fields]
    return len(findings) >= _TELLING and all(one.result is Result.PASS for one in findings)


def _moment(field: Field, claim: Claim, zone: ZoneInfo) -> compare.Finding:
    """A list's time may be the order's or the payment's."""
    order = claim.order
    tolerance: timedelta = compare.ORDERED_AT_TOLERANCE
    first = compare.compare_moment(field, order.ordered_at, zone, tolerance)
    if first.result is Result.PASS or order.paid_at is None:
        return first
    return compare.compare_moment(field, order.paid_at, zone, tolerance)
