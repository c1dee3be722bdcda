"""Hand-made lines and claims for the evidence tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from service.domain.claims import (
    Account,
    Claim,
    Fulfilment,
    FulfilmentState,
    GoodsKind,
    Order,
    Product,
    ReasonCode,
    UseState,
)
from service.domain.evidence import Box, Evidence, Field, FieldName, ImageFacts, Line, Page, PageKind, Read
from service.domain.money import Money
from service.evidence import extract

ZONE = ZoneInfo("Asia/Shanghai")
FACTS = ImageFacts(media_type="image/png", width=1080, height=2340)
AS_OF = date(2026, 11, 20)


def line(text: str, x0: float, y0: float, *, height: float = 40.0, score: float = 0.99) -> Line:
    width = sum(height if character > "⺀" else 0.55 * height for character in text)
    return Line(text, score, Box(x0, y0, x0 + width, y0 + height))


def right(text: str, x1: float, y0: float, *, height: float = 40.0, score: float = 0.99) -> Line:
    """A line that ends at ``x1``."""
    placed = line(text, 0.0, y0, height=height, score=score)
    return Line(text, score, Box(x1 - placed.box.width, y0, x1, y0 + height))


def middle(text: str, y0: float, *, height: float = 40.0, page: float = 1080.0) -> Line:
    placed = line(text, 0.0, y0, height=height)
    start = (page - placed.box.width) / 2
    return Line(text, 0.99, Box(start, y0, start + placed.box.width, y0 + height))


def rows(*pairs: tuple[str, str], top: float = 600.0, pitch: float = 90.0, page: float = 1080.0) -> list[Line]:
    """Key at the left edge, value at the right edge, one pair a row."""
    found = []
    for number, (key, value) in enumerate(pairs):
        y0 = top + pitch * number
        found += [line(key, 60, y0), right(value, page - 60, y0)]
    return found


STATUS_BAR = [line("14:16", 60, 20), right("5G", 1020, 20)]


def read(*lines: Line) -> Read:
    return Read(lines=tuple(lines), image=FACTS)


def page_of(*lines: Line) -> Page:
    """What is made of these lines on a phone's screen."""
    return extract(read(*lines), as_of=AS_OF)


def values_of(*lines: Line) -> dict[str, str | int]:
    return {name.value: found.value for name, found in page_of(*lines).fields.items()}


def claim(**changes: Any) -> Claim:
    order = Order(
        order_number="T20250411000123",
        trade_number="4200001823202304112345678901",
        product=Product(id="p1", name="腾讯视频VIP会员月卡", kind=GoodsKind.TOP_UP),
        seller_id="s1",
        amount_paid=Money(3900),
        amount_refunded=Money(0),
        ordered_at=datetime(2025, 4, 10, 23, 48, 30, tzinfo=UTC),
        paid_at=datetime(2025, 4, 10, 23, 49, 0, tzinfo=UTC),
        payee="深圳市星河网络科技有限公司",
        recharged_account="13800138000",
    )
    log = Fulfilment(state=FulfilmentState.FAILED, use=UseState.NEVER_VIEWED)
    order_fields = {name: value for name, value in changes.items() if hasattr(order, name)}
    log_fields = {name: value for name, value in changes.items() if hasattr(log, name)}
    rest = {name: value for name, value in changes.items() if name not in order_fields and name not in log_fields}
    return Claim(
        platform_id="demo",
        reference="r1",
        account=Account(id="a1"),
        order=replace(order, **order_fields),
        fulfilment=replace(log, **log_fields),
        reason=rest.pop("reason", ReasonCode.NOT_DELIVERED),
        amount_claimed=Money(3900),
        **rest,
    )


def field(name: FieldName, value: str | int, *, text: str = "", score: float = 0.99, rule: str = "") -> Field:
    return Field(name=name, value=value, text=text or str(value), score=score, box=Box(0, 0, 100, 40), rule=rule)


def page(*fields: Field, kind: PageKind = PageKind.ORDER, sha256: str = "a" * 64) -> Evidence:
    shown = Page(kind=kind, fields={one.name: one for one in fields})
    return Evidence(sha256=sha256, outcome=read(line("某页", 10, 10)), page=shown)
