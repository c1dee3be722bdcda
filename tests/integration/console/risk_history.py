"""A platform with a past: claims that were scored, some of them drawn for audit and judged by two."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from api_service import CLOCK_START, FOUNDER, platform_policy

from service.domain.assessment import (
    Assessment,
    BuyerAnswer,
    Decision,
    Grant,
    PlatformMode,
    Reason,
    Recommendation,
    Risk,
    Text,
    Verdict,
)
from service.domain.certificate import Certificate
from service.domain.claims import Account, Claim, Fulfilment, GoodsKind, Order, Product, ReasonCode, Route
from service.domain.codec import to_data
from service.domain.identifiers import new_id
from service.domain.money import Money
from service.store import Platform, Store
from service.store.assessments import to_document
from service.store.learning_tables import labels
from service.store.tables import assessments, cases

_TEXT = Text(zh="好", en="fine")
_BUYER = BuyerAnswer(message=_TEXT, next=_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """``approval_class``: in which the rule approves; None: it does not, for ``codes``."""

    approval_class: str | None
    codes: tuple[str, ...]


BY_RISK, ONE_CLICK = (
    Kind(approval_class="risk", codes=("class_risk",)),
    Kind(approval_class="one_click", codes=("class_one_click",)),
)
ABOVE = Kind(approval_class=None, codes=("risk_above_threshold", "risk.account_age_days"))
EXCLUDED = Kind(approval_class=None, codes=("excluded", "risk_above_threshold"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One claim of the past. ``wrong``: what two reviewers found where it was drawn, None where nobody judged."""

    kind: Kind
    risk: float
    amount: int
    at: datetime
    drawn: bool = False
    wrong: float | None = None


async def add_platform(store: Store, platform_id: str, mode: PlatformMode = PlatformMode.DEMO) -> None:
    platform = Platform(id=platform_id, zone="Asia/Shanghai", currency="CNY", mode=mode, created_at=CLOCK_START)
    await store.add_platform(platform, FOUNDER)
    await store.add_policy(platform_policy(platform_id, CLOCK_START))


def history(certificate: Certificate, count: int, until: datetime, *, seed: int = 7) -> list[Past]:
    """Risks from 0 to twice the certified threshold; the riskier, the oftener wrong."""
    dice = random.Random(seed)
    found = []
    for number in range(count):
        risk = dice.random() ** 2 * 2.5 * certificate.threshold
        kind = BY_RISK if risk <= certificate.threshold else ABOVE
        if number % 9 == 0:
            kind = ONE_CLICK
        elif number % 5 == 0:
            kind = EXCLUDED
        drawn = kind is BY_RISK and dice.random() < 0.8
        wrong = float(dice.random() < risk / 3) if drawn else None
        at = until - timedelta(minutes=30) - (until - (until - timedelta(days=25))) * (number / count)
        found.append(Past(kind=kind, risk=risk, amount=dice.randrange(500, 30_000), at=at, drawn=drawn, wrong=wrong))
    return found


async def add_history(store: Store, platform_id: str, certificate: Certificate, past: list[Past]) -> list[uuid.UUID]:
    """Written at once, as the flow would have one by one; returns the cases' ids in the order given."""
    made = [_rows(platform_id, certificate, number, each) for number, each in enumerate(past)]
    async with store.transaction() as tx:
        await tx.execute(sa.insert(cases), [case for case, _, _ in made])
        await tx.execute(sa.insert(assessments), [assessment for _, assessment, _ in made])
        if judged := [label for _, _, found in made for label in found]:
            await tx.execute(sa.insert(labels), judged)
    return [case["id"] for case, _, _ in made]


def _rows(
    platform_id: str, certificate: Certificate, number: int, past: Past
) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    claim, case_id = _claim(platform_id, number, past), new_id()
    assessment = _assessment(case_id, claim, certificate, past)
    approved = assessment.verdict.decision is Decision.AUTO_APPROVED
    case = {
        "platform_id": platform_id, "id": case_id, "number": f"R-{platform_id}-{number:05}",
        "order_number": claim.order.order_number, "account_id": claim.account.id,
        "state": "auto_approved" if approved else "in_review", "state_since": past.at, "claim": to_data(claim),
        "lane": "standard",
        "accepted_at": past.at, "as_of": past.at, "due_at": past.at, "decided_at": past.at,
        "assessment_id": assessment.id,
    }  # fmt: skip
    stored = {
        "platform_id": platform_id, "id": assessment.id, "case_id": case_id, "document": to_document(assessment),
        "decision": assessment.verdict.decision.value, "risk": past.risk, "audit_drawn": past.drawn,
        "draw_probability": 0.1, "recorded_at": past.at,
    }  # fmt: skip
    found = [
        {
            "platform_id": platform_id, "id": new_id(), "case_id": case_id, "source": "audit",
            "reviewer_kind": "person", "reviewer_name": f"user:judge{judge}", "loss_share": past.wrong,
            "recorded_at": past.at + timedelta(minutes=10), "score_seen": False, "draw_probability": 0.1,
        }
        for judge in (1, 2)
        if past.wrong is not None
    ]  # fmt: skip
    return case, stored, found


def _claim(platform_id: str, number: int, past: Past) -> Claim:
    money = Money(past.amount)
    return Claim(
        platform_id=platform_id,
        reference=f"ref-{number}",
        account=Account(id=f"buyer-{number}"),
        order=Order(
            order_number=f"H{number:06}",
            product=Product(id="product-1", name="点卡", kind=GoodsKind.CARD_CODE),
            seller_id=f"seller-{number % 3}",
            amount_paid=money,
            amount_refunded=Money(0),
            ordered_at=past.at - timedelta(hours=1),
        ),
        fulfilment=Fulfilment(),
        reason=ReasonCode.CODE_INVALID,
        amount_claimed=money,
    )


def _assessment(case_id: uuid.UUID, claim: Claim, certificate: Certificate, past: Past) -> Assessment:
    reasons = tuple(Reason(code=code, text=_TEXT) for code in past.kind.codes)
    manual = Verdict(
        decision=Decision.MANUAL_REVIEW, recommendation=Recommendation.REVIEW, reasons=reasons, buyer=_BUYER
    )
    ruled = manual
    if past.kind.approval_class is not None:
        ruled = replace(
            manual,
            decision=Decision.AUTO_APPROVED,
            grant=Grant(amount=claim.amount_claimed, fee=Money(0), route=Route.ORIGINAL),
            approval_class=past.kind.approval_class,
        )
    return Assessment(
        id=new_id(),
        case_id=case_id,
        as_of=past.at,
        assessed_at=past.at,
        verdict=manual if past.drawn else ruled,
        would_have_been=ruled if past.drawn else None,
        evidence=(),
        checks=(),
        features={},
        risk=Risk(probability=past.risk, log_odds=0.0, base=0.0, contributions=(), model=certificate.model),
        threshold=certificate.threshold,
        certificate=certificate.id,
        audit_drawn=past.drawn,
        versions={"model": certificate.model, "code": "test"},
    )
