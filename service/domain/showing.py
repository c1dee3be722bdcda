"""What the pages of an order show together, and what is plainly missing from them.

Pages add up: several files may show one page, and what one page hides another may show. So a page more can only
complete the evidence, never spoil it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from service.domain.claims import Claim
from service.domain.evidence import Evidence, Field, FieldName, Gap, GapKind, Page, PageKind, Read
from service.domain.identifiers import fold_identifier

# Why a fact that is printed cannot be read; each can be mended by sending the page again.
PLAIN = frozenset({GapKind.CUT_OFF, GapKind.COVERED, GapKind.BLURRED, GapKind.TOO_SMALL})
# What every purchase comes down to; of each group one fact is enough.
PURCHASE = (
    (FieldName.ORDER_NUMBER, FieldName.TRADE_NUMBER),
    (FieldName.AMOUNT,),
    (FieldName.ORDERED_AT, FieldName.PAID_AT),
)
# What is said in a conversation is no record, and an identity card records no purchase.
_NO_RECORD = frozenset({PageKind.CHAT, PageKind.IDENTITY})


def facts_shown(claim: Claim, evidence: Sequence[Evidence]) -> frozenset[FieldName]:
    """Facts that some page shows legibly and whole; of a list of orders only the claim's own row counts.

    What agrees with the platform's record is shown, whatever stands near it.
    """
    return frozenset(name for item in evidence for name in _shown_on(claim, item))


def plain_gaps(claim: Claim, evidence: Sequence[Evidence]) -> Iterator[tuple[Evidence, Gap]]:
    """Facts that are plainly cut, covered or illegible, where no page shows them; and pages that are so as a whole,
    where something of the purchase is still to be shown."""
    shown = facts_shown(claim, evidence)
    whole = all(not shown.isdisjoint(names) for names in PURCHASE)
    for item in evidence:
        page = _page(item)
        if page is None or page.kind in _NO_RECORD:
            continue
        for gap in page.gaps:
            if gap.kind in PLAIN and (not whole if gap.field is None else gap.field not in shown):
                yield item, gap


def _page(item: Evidence) -> Page | None:
    return item.page if isinstance(item.outcome, Read) else None


def _shown_on(claim: Claim, item: Evidence) -> Iterator[FieldName]:
    page = _page(item)
    if page is None or page.kind in _NO_RECORD:
        return
    hidden = {gap.field for gap in page.gaps if gap.kind in PLAIN}
    for name, field in _own_fields(claim, page).items():
        if (name not in hidden and not _in_part(claim, field)) or _agrees(claim, field):
            yield name


def _own_fields(claim: Claim, page: Page) -> Mapping[FieldName, Field]:
    own = fold_identifier(claim.order.order_number)
    for row in page.rows:
        number = row.fields.get(FieldName.ORDER_NUMBER)
        if number is not None and fold_identifier(str(number.value)) == own:
            return {**page.fields, **row.fields}
    return page.fields


def _agrees(claim: Claim, field: Field) -> bool:
    order = claim.order
    if field.name is FieldName.AMOUNT:
        return field.value == order.amount_paid.minor
    recorded = {FieldName.ORDER_NUMBER: order.order_number, FieldName.TRADE_NUMBER: order.trade_number}.get(field.name)
    return recorded is not None and fold_identifier(str(field.value)) == fold_identifier(recorded)


def _in_part(claim: Claim, field: Field) -> bool:
    """A number of which only a piece can be read: it speaks neither for nor against the record's."""
    order = claim.order
    recorded = {FieldName.ORDER_NUMBER: order.order_number, FieldName.TRADE_NUMBER: order.trade_number}.get(field.name)
    return recorded is not None and fold_identifier(str(field.value)) in fold_identifier(recorded)
