"""Three cases as the store would give them back: approved, doubtful, and waiting for material.

The verdicts are the policy's own; only what a reader and a model would have said is written here.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from service.api import examples
from service.api.schemas.claims import ClaimIn
from service.api.validation import validate
from service.console.case_page import LinkedAccount, Shared, Surroundings
from service.domain.actors import PREREVIEW_JOB, Actor, ActorKind
from service.domain.assessment import Assessment, Contribution, PlatformMode, Risk
from service.domain.cases import Case, CaseState
from service.domain.certificate import Certificate, Origin, Serving
from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import Claim, Fulfilment, FulfilmentState, ReasonCode, UseState
from service.domain.deadlines import Deadline, DeadlineKind
from service.domain.evidence import (
    Box,
    Edge,
    Evidence,
    Failed,
    FailedReason,
    Field,
    FieldName,
    Gap,
    GapKind,
    HintKind,
    Identity,
    ImageFacts,
    Line,
    Page,
    PageKind,
    Read,
    TamperHint,
)
from service.domain.history import EventKind, HistoryEvent
from service.domain.lifecycle import Action, Party
from service.domain.money import Money
from service.domain.reuse import Reuse, ReuseKind, Standing
from service.domain.steps import Step
from service.domain.turning import TURNED
from service.features import FEATURES
from service.policy import DecideInput, decide, load_platform_policy
from service.review.requests import CaseView

POLICY = load_platform_policy("demo")
NOW = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
PAID = NOW - timedelta(days=2)
CASE_ID = uuid.UUID("01938f3a-0000-7000-8000-00000000c0de")
OTHER_CASE = uuid.UUID("01938f3a-0000-7000-8000-0000000000aa")
ORDER, PROMPT, CARD, BROKEN, TWIN = ("a" * 64, "b" * 64, "c" * 64, "d" * 64, "e" * 64)
SERVING = Serving(model="m1", features="f1", policy=POLICY.digest, reader="r1")
CERTIFICATE = Certificate(
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
    policy=POLICY.digest,
    reader="r1",
    issued_at=NOW - timedelta(days=10),
    expires_at=NOW + timedelta(days=80),
    data_hash="d",
    code_version="c",
)
REVIEWER = Actor(ActorKind.PERSON, "user:ana")


def claim(**changes: Any) -> Claim:
    """¥120 for a code that was viewed and is said not to work."""
    base = validate(ClaimIn, examples.CLAIM).to_domain("demo")
    order = replace(
        base.order,
        order_number="QW20261119093000000001",
        amount_paid=Money(12000),
        amount_refunded=Money(0),
        ordered_at=PAID,
        paid_at=PAID,
        confirmed_at=None,
        cross_border=False,
        disputed=False,
        quantity=1,
    )
    made = replace(
        base,
        account=replace(base.account, id="13800001111", elderly=False),
        order=order,
        fulfilment=Fulfilment(state=FulfilmentState.DELIVERED, use=UseState.VIEWED, delivered_at=PAID),
        reason=ReasonCode.CODE_INVALID,
        amount_claimed=Money(12000),
        statement="兑换时提示卡密无效，请退款到原账户，谢谢。",
        duplicate_of=None,
    )
    return replace(made, **changes)


def risk(total: float) -> Risk:
    """Every feature has its share, none a round number; the base makes up the rest."""
    shares = [((place * 37) % 23 - 11) / 17 for place in range(len(FEATURES))]
    base = total - math.fsum(shares)
    log_odds = math.fsum((base, *shares))
    return Risk(
        probability=1 / (1 + math.exp(-log_odds)),
        log_odds=log_odds,
        base=base,
        contributions=tuple(
            Contribution(feature=feature.name, value=1.0, log_odds=share, text=feature.description)
            for feature, share in zip(FEATURES, shares, strict=True)
        ),
        model="m1",
    )


def field(name: FieldName, value: str | int, text: str, box: Box) -> Field:
    return Field(name=name, value=value, text=text, score=0.97, box=box)


def order_page(amount: str = "￥120.00", **image: Any) -> Evidence:
    fields = (
        field(FieldName.ORDER_NUMBER, "QW20261119093000000001", "QW20261119093000000001", Box(300, 400, 980, 440)),
        field(FieldName.AMOUNT, 12000, amount, Box(800, 500, 980, 540)),
        field(FieldName.ORDERED_AT, "2026-11-19T09:30:00", "2026-11-19 09:30", Box(600, 600, 980, 640)),
        field(FieldName.RECHARGED_ACCOUNT, "13812345678", "13812345678", Box(600, 700, 980, 740)),
    )
    return Evidence(
        sha256=ORDER,
        outcome=Read(lines=(), image=ImageFacts(media_type="image/png", width=1080, height=2340, **image)),
        page=Page(kind=PageKind.ORDER, fields={each.name: each for each in fields}),
        name="order.png",
    )


def prompt_page() -> Evidence:
    prompt = field(FieldName.ERROR_PROMPT, "code_invalid", "激活码无效", Box(300, 900, 780, 960))
    return Evidence(
        sha256=PROMPT,
        outcome=Read(
            lines=(),
            image=ImageFacts(media_type="image/png", width=1080, height=2340, signals={TURNED: 90.0}),
        ),
        page=Page(
            kind=PageKind.PROMPT,
            fields={prompt.name: prompt},
            gaps=(Gap(kind=GapKind.CUT_OFF, field=FieldName.PLATFORM_MARK, edge=Edge.TOP),),
        ),
        name="提示.png",
    )


def identity_page() -> Evidence:
    lines = (Line(text="[redacted]", score=0.9, box=Box(100, 100, 500, 140)),)
    return Evidence(
        sha256=CARD,
        outcome=Read(lines=lines, image=ImageFacts(media_type="image/jpeg", width=1000, height=630)),
        page=Page(
            kind=PageKind.IDENTITY, fields={}, identity=Identity(side="front", number_masked="110***********1234")
        ),
        name="card.jpg",
    )


def checks(**changed: CheckResult) -> tuple[CheckResult, ...]:
    """All pass, save what is given."""
    shown = {
        CheckCode.AMOUNT: CheckResult(
            code=CheckCode.AMOUNT,
            result=Result.PASS,
            claimed="¥120.00",
            read="￥120.00",
            record="¥120.00",
            evidence_sha256=ORDER,
            box=Box(800, 500, 980, 540),
        ),
        CheckCode.RECHARGED_ACCOUNT: CheckResult(
            code=CheckCode.RECHARGED_ACCOUNT,
            result=Result.PASS,
            read="13812345678",
            record="13812345678",
            evidence_sha256=ORDER,
            box=Box(600, 700, 980, 740),
        ),
    }
    return tuple(
        changed.get(code.value) or shown.get(code) or CheckResult(code=code, result=Result.PASS) for code in CheckCode
    )


def assessed(made: Claim, **found: Any) -> Assessment:
    """What the policy says of it; ``found``: of the assessment's fields."""
    given = DecideInput(
        claim=made,
        as_of=NOW,
        evidence=found.get("evidence", ()),
        checks=found.get("checks", ()),
        risk=found.get("risk"),
        certificate=CERTIFICATE,
        serving=SERVING,
        mode=PlatformMode.DEMO,
        platform_id="demo",
        bundle_healthy=True,
        reused_orders=found.get("reused_orders", 0),
        claimed_at=NOW,
        share_draw=0.0,
    )
    outcome = decide(POLICY, given)
    values: dict[str, Any] = {"evidence": (), "checks": (), "features": {}, "risk": None, **found}
    return Assessment(
        id=uuid.UUID("01938f3a-0000-7000-8000-00000000a55e"),
        case_id=CASE_ID,
        as_of=NOW,
        assessed_at=NOW,
        verdict=outcome.verdict,
        would_have_been=outcome.would_have_been,
        threshold=CERTIFICATE.threshold,
        certificate=CERTIFICATE.id,
        mode=PlatformMode.DEMO,
        versions={"model": "m1", "features": "f1", "policy": POLICY.digest, "reader": "r1"},
        **values,
    )


def view(made: Claim, state: CaseState, assessment: Assessment | None, **more: Any) -> CaseView:
    case = Case(
        id=CASE_ID,
        number="R261121-7K3M9Q2XWA",
        platform_id="demo",
        claim=made,
        state=state,
        accepted_at=NOW,
        as_of=NOW,
        due_at=NOW,
        version=4,
    )
    return CaseView(case=case, assessment=assessment, **more)


def step(version: int, action: Action, party: Party, to: CaseState, **more: Any) -> Step:
    actor = PREREVIEW_JOB if party is Party.PREREVIEW else REVIEWER
    return Step(
        version=version,
        action=action,
        party=party,
        actor=more.pop("actor", actor),
        from_state=CaseState.ACCEPTED,
        to_state=to,
        at=NOW + timedelta(minutes=version),
        **more,
    )


def approved() -> CaseView:
    assessment = assessed(claim(), evidence=(order_page(), prompt_page()), checks=checks(), risk=risk(-4.0))
    return view(
        claim(),
        CaseState.AUTO_APPROVED,
        assessment,
        steps=(step(2, Action.APPROVE_AUTOMATICALLY, Party.PREREVIEW, CaseState.AUTO_APPROVED),),
        deadline=Deadline(kind=DeadlineKind.PAYMENT, due_at=NOW + timedelta(hours=24)),
    )


def doubtful() -> CaseView:
    """The amount on the page is another one, and the page was another account's; a card came along."""
    differs = CheckResult(
        code=CheckCode.AMOUNT,
        result=Result.FAIL,
        claimed="¥120.00",
        read="￥1200.00",
        record="¥120.00",
        evidence_sha256=ORDER,
        box=Box(800, 500, 980, 540),
        note="one digit more",
    )
    reused = CheckResult(code=CheckCode.EVIDENCE_ORIGINAL, result=Result.FAIL, evidence_sha256=ORDER)
    hints = (
        TamperHint(kind=HintKind.FONT, strength=0.83, box=Box(800, 500, 860, 540)),
        TamperHint(kind=HintKind.EDITOR, strength=0.61, note="saved by an editor"),
    )
    twin = Reuse(
        sha256=ORDER,
        other_sha256=TWIN,
        other_order="QW20261101120000000009",
        other_case_id=OTHER_CASE,
        other_account="acc-9",
        same_account=False,
        kind=ReuseKind.SAME_PICTURE_EDITED,
        standing=Standing.REUSED,
        difference=0.012,
        boxes=(Box(800, 500, 980, 540),),
    )
    broken = Evidence(sha256=BROKEN, outcome=Failed(reason=FailedReason.DAMAGED), name="broken.heic")
    assessment = assessed(
        claim(),
        evidence=(order_page("￥1200.00", hints=hints), prompt_page(), identity_page(), broken),
        checks=checks(amount=differs, evidence_original=reused),
        risk=risk(0.3),
        reused_orders=1,
        reused_accounts=1,
        reuse=(twin,),
        history={"device_accounts_30d": 3.0, "device_refunds_requested_30d": 7.0, "payer_accounts_90d": None},
    )
    return view(
        claim(),
        CaseState.IN_REVIEW,
        assessment,
        steps=(
            step(2, Action.SEND_TO_REVIEW, Party.PREREVIEW, CaseState.IN_REVIEW, reason="amount differs"),
            step(4, Action.DECLINE_OFFER, Party.BUYER, CaseState.IN_REVIEW),
        ),
        deadline=Deadline(kind=DeadlineKind.REVIEW, due_at=NOW + timedelta(hours=3, minutes=20)),
    )


def lacking() -> CaseView:
    assessment = assessed(claim(), evidence=(prompt_page(),), checks=checks(), risk=risk(-2.0))
    return view(
        claim(),
        CaseState.AWAITING_MATERIALS,
        assessment,
        steps=(step(2, Action.ASK_FOR_MATERIALS, Party.PREREVIEW, CaseState.AWAITING_MATERIALS),),
        deadline=Deadline(kind=DeadlineKind.MATERIALS, due_at=NOW - timedelta(minutes=25)),
    )


def around(**changes: Any) -> Surroundings:
    base = Surroundings(
        now=NOW,
        language="en",
        certificate=CERTIFICATE,
        events=(
            HistoryEvent(event_id="1", kind=EventKind.ACCOUNT_OPENED, occurred_at=NOW - timedelta(days=40)),
            HistoryEvent(
                event_id="2",
                kind=EventKind.REFUND_GRANTED,
                occurred_at=NOW - timedelta(days=9),
                order_number="QW20261110000000000003",
                amount=Money(990),
            ),
        ),
        linked=(LinkedAccount(account="acc-7", shares=(Shared.DEVICE, Shared.IP), requested=4, granted=3, wrong=1),),
        once="once-1",
    )
    return replace(base, **changes)
