"""Claims, pages, checks and histories for the features' tests: one plain case, and strategies for any valid one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from service.domain.checks import CheckCode, CheckResult, Result
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
from service.domain.evidence import (
    Box,
    Empty,
    Evidence,
    Failed,
    FailedReason,
    Gap,
    ImageFacts,
    Line,
    Page,
    PageKind,
    Read,
    TamperHint,
)
from service.domain.money import Money
from service.features import AGGREGATES, Caps, Entity, FeatureRow, row

AS_OF = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
CAPS = Caps(auto_amount=20_000, one_click_amount=5_000)
BOX = Box(0, 0, 10, 10)
_IMAGE = ImageFacts(media_type="image/png", width=1080, height=2340)


def plain_claim(**changes: object) -> Claim:
    """An order of ¥30.00 of ten hours ago, paid and delivered; ``changes`` replace parts of the claim."""
    order = Order(
        order_number="D1",
        product=Product(id="p1", name="点卡", kind=GoodsKind.CARD_CODE),
        seller_id="s1",
        amount_paid=Money(3_000),
        amount_refunded=Money(0),
        ordered_at=AS_OF - timedelta(hours=10),
        paid_at=AS_OF - timedelta(hours=10),
    )
    parts = {
        "platform_id": "demo",
        "reference": "r1",
        "account": Account(id="a1", opened_at=AS_OF - timedelta(days=100), device_id="d1", ip="ip1", payer_id="y1"),
        "order": order,
        "fulfilment": Fulfilment(state=FulfilmentState.DELIVERED, delivered_at=AS_OF - timedelta(hours=9)),
        "reason": ReasonCode.CODE_INVALID,
        "amount_claimed": Money(3_000),
    }
    return Claim(**{**parts, **changes})  # type: ignore[arg-type]


def no_past(**changes: float | None) -> dict[str, float | None]:
    """A history of zeros, with ``changes``."""
    assert set(changes) <= {aggregate.name for aggregate in AGGREGATES}
    return {**{aggregate.name: 0 for aggregate in AGGREGATES}, **changes}


def page(sha256: str, *scores: float, gaps: tuple[Gap, ...] = (), hints: tuple[TamperHint, ...] = ()) -> Evidence:
    lines = tuple(Line("字", score, BOX) for score in scores)
    shown = Page(kind=PageKind.ORDER, fields={}, gaps=gaps)
    return Evidence(sha256=sha256, outcome=Read(lines=lines, image=replace(_IMAGE, hints=hints)), page=shown)


def make_row(
    claim: Claim | None = None,
    *,
    evidence: list[Evidence] | None = None,
    checks: list[CheckResult] | None = None,
    history: Mapping[str, float | None] | None = None,
    caps: Caps = CAPS,
    reused_orders: int = 0,
    reused_accounts: int = 0,
) -> FeatureRow:
    return row(
        claim or plain_claim(),
        as_of=AS_OF,
        evidence=evidence or [],
        checks=checks or [],
        history=history or no_past(),
        caps=caps,
        reused_orders=reused_orders,
        reused_accounts=reused_accounts,
    )


# --- strategies: whatever the types allow, absurd amounts and far times included -----------------------------------
_moments = st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_maybe_moment = st.none() | _moments
_maybe_id = st.none() | st.text(max_size=4)
_money = st.builds(
    Money,
    st.integers(0, 5_000_000) | st.integers(-(10**40), 10**40),
    st.sampled_from(["CNY", "USD", "JPY", "KWD"]),
)
_units = st.none() | st.integers(-5, 10**30)

claims = st.builds(
    Claim,
    platform_id=st.just("demo"),
    reference=st.just("r"),
    account=st.builds(
        Account, id=st.just("a"), opened_at=_maybe_moment, device_id=_maybe_id, ip=_maybe_id, payer_id=_maybe_id
    ),
    order=st.builds(
        Order,
        order_number=st.just("D1"),
        product=st.builds(Product, id=st.just("p"), name=st.just("n"), kind=st.sampled_from(GoodsKind)),
        seller_id=st.just("s"),
        amount_paid=_money,
        amount_refunded=_money,
        ordered_at=_moments,
        quantity=st.integers(-1, 10**40),
        paid_at=_maybe_moment,
        confirmed_at=_maybe_moment,
    ),
    fulfilment=st.builds(
        Fulfilment,
        state=st.sampled_from(FulfilmentState),
        use=st.sampled_from(UseState),
        delivered_at=_maybe_moment,
        activated_at=_maybe_moment,
        promised_by=_maybe_moment,
        voidable=st.booleans(),
        recallable=st.booleans(),
        used_by_claimant=st.none() | st.booleans(),
        units_total=_units,
        units_used=_units,
    ),
    reason=st.sampled_from(ReasonCode),
    amount_claimed=_money,
)

evidence_lists = st.lists(
    st.builds(
        Evidence,
        sha256=st.text("0123456789abcdef", min_size=4, max_size=4),
        outcome=st.builds(Failed, reason=st.sampled_from(FailedReason))
        | st.just(Empty(image=_IMAGE))
        | st.builds(
            Read,
            lines=st.lists(st.builds(Line, st.text(max_size=3), st.floats(0, 1), st.just(BOX)), max_size=5).map(tuple),
            image=st.just(_IMAGE),
        ),
    ),
    max_size=6,
)

check_lists = st.lists(
    st.builds(CheckResult, code=st.sampled_from(CheckCode), result=st.sampled_from(Result)), max_size=15
)

caps_any = st.builds(Caps, auto_amount=st.integers(0, 10**30), one_click_amount=st.integers(0, 10**30))

_ENTITY_FIELDS = {Entity.DEVICE: "device_id", Entity.IP: "ip", Entity.PAYER: "payer_id"}


@st.composite
def claims_with_history(draw: st.DrawFn) -> tuple[Claim, dict[str, float | None]]:
    """A claim with every aggregate's number: None exactly where the claim lacks the entity."""
    claim = draw(claims)
    history: dict[str, float | None] = {}
    for aggregate in AGGREGATES:
        field = _ENTITY_FIELDS.get(aggregate.entity)
        absent = field is not None and getattr(claim.account, field) is None
        history[aggregate.name] = None if absent else draw(st.integers(0, 10**6))
    return claim, history
