"""Hypothesis strategies: plausible inputs, near the rules' edges, and arbitrary ones, which need make no sense."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from policy_builders import AS_OF, DEMO, GOOD_PAGES, PAID_AT, certificate, given, order, page, risk, unreadable

from service.domain.assessment import PlatformMode
from service.domain.certificate import Certificate, Origin
from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import (
    Account,
    Claim,
    Fulfilment,
    FulfilmentState,
    GoodsKind,
    ProductTerms,
    ReasonCode,
    Route,
    UseState,
)
from service.domain.evidence import ErrorCode, Evidence, FailedReason, PageKind
from service.domain.money import Money
from service.policy import DecideInput

rarely = st.sampled_from([False] * 9 + [True])
moments = st.sampled_from([None, PAID_AT, PAID_AT + timedelta(hours=3), AS_OF - timedelta(days=9)])
amounts = st.sampled_from([0, 1, 990, 4999, 5000, 8800, 30000, 30001, 50000, 128000])


@st.composite
def fulfilments(draw: st.DrawFn) -> Fulfilment:
    return Fulfilment(
        state=draw(st.sampled_from(FulfilmentState)),
        use=draw(st.sampled_from(UseState)),
        delivered_at=draw(moments),
        activated_at=PAID_AT if draw(rarely) else None,
        promised_by=draw(moments),
        voidable=draw(st.booleans()),
        recallable=draw(st.booleans()),
        used_by_claimant=draw(st.sampled_from([None, True, False])),
        units_total=draw(st.sampled_from([None, None, 30])),
        units_used=draw(st.sampled_from([None, None, 0, 10, 30])),
    )


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    paid = draw(amounts)
    refunded = draw(st.sampled_from([0, 0, 0, 1, paid // 2, paid]))
    made = order(
        paid=paid,
        refunded=refunded,
        kind=draw(st.sampled_from(GoodsKind) | st.just(GoodsKind.CARD_CODE)),
        cross_border=draw(rarely),
        disputed=draw(rarely),
        terms=ProductTerms(no_refund_notice=draw(rarely), conspicuous=draw(st.booleans()), trial=draw(rarely)),
    )
    claimed = draw(st.sampled_from([paid - refunded, paid - refunded, paid // 3, paid, paid + 1]))
    return Claim(
        platform_id="demo",
        reference="r",
        account=Account(id="acc-1", device_id=draw(st.sampled_from([None, "dev-1"])), elderly=draw(rarely)),
        order=made,
        fulfilment=draw(fulfilments()),
        reason=draw(st.sampled_from(ReasonCode)),
        amount_claimed=Money(claimed),
        statement=draw(st.sampled_from(["", "坏了", "兑换时提示卡密无效，请退款到原账户，谢谢。"])),
        route=draw(st.sampled_from(Route)),
        duplicate_of=draw(st.sampled_from([None, "QW2"])),
    )


pages = st.builds(
    page,
    kind=st.sampled_from(PageKind),
    sha256=st.sampled_from(["a", "b", "c"]),
    prompt=st.sampled_from([None, *ErrorCode]),
)
evidence = st.lists(pages | pages | pages | st.builds(unreadable, st.sampled_from(FailedReason)), max_size=3).map(tuple)
one_off = st.dictionaries(
    st.sampled_from(CheckCode), st.sampled_from([Result.UNKNOWN, Result.UNKNOWN, Result.FAIL]), max_size=2
)
check_sets = one_off.map(
    lambda off: tuple(CheckResult(code=code, result=off.get(code, Result.PASS)) for code in CheckCode)
)
probabilities = st.sampled_from([0.0, 0.01, 0.05, 0.050001, 0.2, 0.21, 0.9, 1.0])


@st.composite
def plausible_inputs(draw: st.DrawFn) -> DecideInput:
    """Inputs as the service could pass them, of every kind; few are approved."""
    return given(
        claim=draw(claims()),
        evidence=draw(evidence),
        checks=draw(check_sets),
        risk=risk(draw(probabilities)),
        certificate=draw(st.sampled_from([None, certificate(), certificate(), certificate(origin=Origin.OBSERVED)])),
        mode=draw(st.sampled_from([PlatformMode.DEMO, PlatformMode.DEMO, PlatformMode.LIVE])),
        audit_drawn=draw(rarely),
        reused_orders=1 if draw(rarely) else 0,
    )


@st.composite
def easy_inputs(draw: st.DrawFn) -> DecideInput:
    """Inputs with little that speaks against them; about two in five are approved, by all three classes."""
    base = draw(plausible_inputs())
    if draw(st.booleans()):
        base = replace(base, evidence=draw(st.sampled_from([GOOD_PAGES, ()])), certificate=certificate())
        base = replace(base, mode=PlatformMode.DEMO)
    calm = replace(
        base.claim,
        order=order(paid=draw(st.sampled_from([990, 4999, 8800, 30000])), kind=base.claim.order.product.kind),
        fulfilment=Fulfilment(
            state=FulfilmentState.DELIVERED,
            use=draw(st.sampled_from([UseState.NEVER_VIEWED, UseState.VIEWED])),
            delivered_at=PAID_AT,
            voidable=draw(st.booleans()),
        ),
        reason=draw(st.sampled_from([ReasonCode.CODE_INVALID, ReasonCode.UNUSED_CHANGE_OF_MIND])),
        route=Route.ORIGINAL,
    )
    calm = replace(calm, amount_claimed=calm.order.amount_paid)
    return replace(base, claim=calm, reused_orders=0, risk=risk(draw(st.sampled_from([0.0, 0.01, 0.05, 0.2]))))


any_money = st.builds(Money, st.integers(), st.sampled_from(["CNY", "USD", "JPY"]))
aware = st.datetimes(timezones=st.just(UTC))
st.register_type_strategy(Money, any_money)
st.register_type_strategy(datetime, aware)


@st.composite
def arbitrary_inputs(draw: st.DrawFn) -> DecideInput:
    """Anything the types allow, and naive times and numbers that are none besides."""
    serving = given().serving
    return DecideInput(
        claim=draw(st.from_type(Claim)),
        as_of=draw(aware | aware | aware | st.datetimes()),
        evidence=draw(st.lists(st.from_type(Evidence), max_size=2).map(tuple)),
        checks=draw(st.lists(st.from_type(CheckResult), max_size=3).map(tuple) | check_sets),
        risk=draw(st.none() | st.builds(risk, st.floats())),
        certificate=draw(st.none() | st.from_type(Certificate) | st.just(certificate(DEMO))),
        serving=serving,
        mode=draw(st.sampled_from(PlatformMode)),
        platform_id=draw(st.text() | st.just("demo")),
        bundle_healthy=draw(st.booleans()),
        audit_drawn=draw(st.booleans()),
        faults=draw(st.lists(st.text(), max_size=2).map(tuple)),
        reused_orders=draw(st.integers()),
    )
