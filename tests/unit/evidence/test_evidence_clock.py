"""The status bar's clock and the claim's day against the times a page prints; and hints that decide nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from service.domain.claims import Account, Claim, Fulfilment, GoodsKind, Order, Product, ReasonCode
from service.domain.evidence import (
    Box,
    Evidence,
    Field,
    FieldName,
    HintKind,
    ImageFacts,
    Line,
    Message,
    OrderRow,
    Page,
    PageKind,
    Read,
    Speaker,
    TamperHint,
)
from service.domain.money import Money
from service.evidence import verify, with_clock_hints
from service.evidence.clock_check import clock_hints

DAY = date(2026, 11, 20)
BOX = Box(1, 2, 30, 40)


def field(name: FieldName, value: str | int) -> Field:
    return Field(name=name, value=value, text=str(value), score=0.99, box=BOX)


def page(clock: str | None = None, **times: str) -> Page:
    fields = {FieldName(name): field(FieldName(name), value) for name, value in times.items()}
    if clock:
        fields[FieldName.CLOCK] = field(FieldName.CLOCK, clock)
    return Page(kind=PageKind.ORDER, fields=fields)


@pytest.mark.parametrize(
    ("shown", "odd"),
    [
        (page("14:30", paid_at="2026-11-20T14:20:11"), False),
        (page("14:19", paid_at="2026-11-20T14:20:11"), False),  # two clocks are never quite the same
        (page("13:05", paid_at="2026-11-20T14:20:11"), True),
        (page("13:05", paid_at="2026-11-19T14:20:11"), False),  # captured another day
        (page("13:05", ordered_at="2026-11-20T12:00:00", paid_at="2026-11-20T14:20:11"), True),
        (page("00:01", paid_at="2026-11-20"), False),  # a day without its time
        (page(None, paid_at="2026-11-20T23:59:59"), False),
        (page(None, paid_at="2026-11-21T09:00:00"), False),  # already tomorrow where the buyer is
        (page(None, paid_at="2026-11-23T09:00:00"), True),
        (page(None, valid_until="2027-11-23"), False),
        (page("09:00"), False),
        (page("09:00", paid_at="soon"), False),
    ],
)
def test_a_page_is_no_older_than_what_it_shows(shown: Page, odd: bool) -> None:
    hints = list(clock_hints(shown, DAY))
    assert [hint.kind for hint in hints] == [HintKind.CLOCK] * odd
    assert all(hint.box == BOX and hint.strength > 0.5 for hint in hints)


def test_rows_and_messages_count_as_well() -> None:
    later = field(FieldName.ORDERED_AT, "2026-11-20T18:00:00")
    listed = replace(page("13:05"), rows=(OrderRow(fields={FieldName.ORDERED_AT: later}, box=BOX),))
    said = Message(speaker=Speaker.OTHER, text="在", box=BOX, said_at="2026-11-20T18:00:00")
    for shown in (listed, replace(page("13:05"), messages=(said,))):
        assert len(list(clock_hints(shown, DAY))) == 1
        assert not list(clock_hints(replace(shown, fields={}), DAY))


def reading(*hints: TamperHint) -> Read:
    image = ImageFacts(media_type="image/png", width=100, height=100, hints=hints)
    return Read(lines=(Line("订单编号 D1", 0.99, BOX),), image=image)


def test_hints_are_put_among_the_others_by_strength() -> None:
    known = (TamperHint(kind=HintKind.FONT, strength=0.9), TamperHint(kind=HintKind.FONT, strength=0.3))
    odd = page("13:05", paid_at="2026-11-20T14:20:11")
    merged = with_clock_hints(reading(*known), odd, DAY).image.hints
    assert [hint.kind for hint in merged] == [HintKind.FONT, HintKind.CLOCK, HintKind.FONT]
    assert with_clock_hints(reading(*known), odd, None) == reading(*known)


def test_no_check_comes_out_otherwise_for_any_hint() -> None:
    """Advisory: what contradicts the record fails a check, what the pixels suggest never does."""
    at = datetime(2026, 11, 20, 6, tzinfo=UTC)
    order = Order(
        order_number="D1", product=Product(id="p", name="点卡", kind=GoodsKind.CARD_CODE), seller_id="s",
        amount_paid=Money(3_000), amount_refunded=Money(0), ordered_at=at, paid_at=at,
    )  # fmt: skip
    claim = Claim(
        platform_id="demo", reference="r", account=Account(id="a"), order=order, fulfilment=Fulfilment(),
        reason=ReasonCode.CODE_INVALID, amount_claimed=Money(3_000),
    )  # fmt: skip
    shown = replace(
        page("13:05", paid_at="2026-11-20T14:20:11"),
        fields={
            FieldName.ORDER_NUMBER: field(FieldName.ORDER_NUMBER, "D1"),
            FieldName.AMOUNT: field(FieldName.AMOUNT, 3_000),
        },
    )
    hints = tuple(TamperHint(kind=kind, strength=1.0, box=BOX) for kind in HintKind)
    zone = ZoneInfo("Asia/Shanghai")
    plain, hinted = (
        verify(claim, [Evidence(sha256="0" * 64, outcome=outcome, page=shown)], zone=zone)
        for outcome in (reading(), reading(*hints))
    )
    assert plain == hinted
