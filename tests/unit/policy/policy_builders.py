"""Claims and inputs for the tests of this room: one plain case, varied by keyword."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from service.domain.assessment import Contribution, PlatformMode, Risk, Text
from service.domain.certificate import Certificate, Origin, Serving
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
    ErrorCode,
    Evidence,
    Failed,
    FailedReason,
    Field,
    FieldName,
    Gap,
    ImageFacts,
    Page,
    PageKind,
    Read,
)
from service.domain.money import Money
from service.policy import DecideInput, Policy, load_platform_policy

ZONE = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 11, 20, 12, 0, tzinfo=ZONE)
PAID_AT = AS_OF - timedelta(days=2)
DEMO = load_platform_policy("demo")


def with_classes(policy: Policy = DEMO, **changes: Any) -> Policy:
    """The policy with parts of ``classes`` replaced: ``with_classes(risk={"opted_in": False})``."""
    classes = policy.classes.model_copy(
        update={name: getattr(policy.classes, name).model_copy(update=change) for name, change in changes.items()}
    )
    return policy.model_copy(update={"classes": classes})


# The demo platform asks no model for one-click; with a ceiling it does.
CEILED = with_classes(one_click={"maximum_risk_permille": 200})


def order(**changes: Any) -> Order:
    paid = changes.pop("paid", 12000)
    kind = changes.pop("kind", GoodsKind.CARD_CODE)
    base = Order(
        order_number="QW20261118120000000001",
        product=Product(id="prd-1", name="card", kind=kind),
        seller_id="sel-1",
        amount_paid=Money(paid),
        amount_refunded=Money(changes.pop("refunded", 0)),
        ordered_at=PAID_AT,
        paid_at=PAID_AT,
        payment_method="alipay",
    )
    return replace(base, **changes)


def claim(**changes: Any) -> Claim:
    """¥120 paid two days ago for a code that was viewed and is said to be invalid."""
    made = changes.pop("order", None) or order()
    base = Claim(
        platform_id="demo",
        reference="ref-1",
        account=Account(id="acc-1", device_id="dev-1", payer_id="pay-1"),
        order=made,
        fulfilment=Fulfilment(state=FulfilmentState.DELIVERED, use=UseState.VIEWED, delivered_at=PAID_AT),
        reason=ReasonCode.CODE_INVALID,
        amount_claimed=made.amount_paid,
        statement="兑换时提示卡密无效，请退款到原账户，谢谢。",
    )
    return replace(base, **changes)


PURCHASE: dict[FieldName, str | int] = {
    FieldName.ORDER_NUMBER: "QW20261118120000000001",
    FieldName.AMOUNT: 12000,
    FieldName.ORDERED_AT: "2026-11-18T12:00:00",
}


def page(
    kind: PageKind,
    sha256: str = "",
    prompt: ErrorCode | None = None,
    *,
    gaps: tuple[Gap, ...] = (),
    without: tuple[FieldName, ...] = (),
) -> Evidence:
    """A page of an order or a payment shows number, amount and time, save what it is ``without``."""
    shows = PURCHASE if kind in (PageKind.ORDER, PageKind.PAYMENT) else {}
    values = {name: value for name, value in shows.items() if name not in without}
    if prompt is not None:
        values[FieldName.ERROR_PROMPT] = prompt.value
    fields = {
        name: Field(name=name, value=value, text=str(value), score=0.9, box=Box(0, 0, 1, 1))
        for name, value in values.items()
    }
    return Evidence(
        sha256=sha256 or kind.value,
        outcome=Read(lines=(), image=ImageFacts(media_type="image/png", width=1080, height=2340)),
        page=Page(kind=kind, fields=fields, gaps=gaps),
    )


def unreadable(reason: FailedReason = FailedReason.TRUNCATED) -> Evidence:
    return Evidence(sha256="broken", outcome=Failed(reason=reason))


GOOD_PAGES = (page(PageKind.ORDER), page(PageKind.PROMPT, prompt=ErrorCode.CODE_INVALID))


def checks(**results: Result) -> tuple[CheckResult, ...]:
    """One result per check: unknown unless given by name."""
    return tuple(CheckResult(code=code, result=results.get(code.value, Result.UNKNOWN)) for code in CheckCode)


ALL_PASS = tuple(CheckResult(code=code, result=Result.PASS) for code in CheckCode)


def risk(probability: float = 0.01, model: str = "m1") -> Risk:
    shares = (("refunds_30d", 2.0), ("device_accounts", 1.5), ("account_days", -3.0), ("night", 0.5), ("new", 0.2))
    return Risk(
        probability=probability,
        log_odds=-4.0,
        base=-5.0,
        contributions=tuple(
            Contribution(feature=name, value=1.0, log_odds=log_odds, text=Text(zh=f"特征 {name}", en=f"feature {name}"))
            for name, log_odds in shares
        ),
        model=model,
    )


def certificate(rules: Policy = DEMO, **changes: Any) -> Certificate:
    base = Certificate(
        id="cert-1",
        threshold=0.05,
        alpha=0.02,
        delta=0.05,
        bound=0.018,
        labels=400,
        origin=Origin.SIMULATED,
        platforms=("demo",),
        model="m1",
        features="f1",
        policy=rules.digest,
        reader="r1",
        issued_at=AS_OF - timedelta(days=10),
        expires_at=AS_OF + timedelta(days=80),
        data_hash="d",
        code_version="c",
    )
    return replace(base, **changes)


def given(policy: Policy = DEMO, **changes: Any) -> DecideInput:
    """Good evidence, all checks passed, low risk, a certificate that holds, demo mode: approved by risk."""
    base = DecideInput(
        claim=claim(),
        as_of=AS_OF,
        evidence=GOOD_PAGES,
        checks=ALL_PASS,
        risk=risk(),
        certificate=certificate(policy),
        serving=Serving(model="m1", features="f1", policy=policy.digest, reader="r1"),
        mode=PlatformMode.DEMO,
        platform_id="demo",
        bundle_healthy=True,
    )
    return replace(base, **changes)


def no_upload(policy: Policy = DEMO, **changes: Any) -> DecideInput:
    """The same without a page."""
    return given(policy, **{"evidence": (), "checks": checks(), **changes})


ONE_CLICK = claim(
    order=order(paid=990),
    fulfilment=Fulfilment(state=FulfilmentState.DELIVERED, use=UseState.NEVER_VIEWED, delivered_at=PAID_AT),
    reason=ReasonCode.UNUSED_CHANGE_OF_MIND,
)
VOIDABLE = claim(
    order=order(paid=8800),
    fulfilment=Fulfilment(
        state=FulfilmentState.DELIVERED, use=UseState.NEVER_VIEWED, delivered_at=PAID_AT, voidable=True
    ),
    reason=ReasonCode.UNUSED_CHANGE_OF_MIND,
)
