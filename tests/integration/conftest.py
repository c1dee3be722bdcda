"""Requests to the store, ready made; the running service of ``serving`` for whoever talks to it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from serving import claim, service

from service.domain.actors import PREREVIEW_JOB, Actor, ActorKind
from service.domain.assessment import (
    Assessment,
    BuyerAnswer,
    Decision,
    Grant,
    Recommendation,
    Text,
    Verdict,
)
from service.domain.cases import CaseState
from service.domain.claims import Claim, Route
from service.domain.codec import digest, to_data
from service.domain.identifiers import new_id
from service.domain.money import Money
from service.store import AcceptRequest, DecideRequest

__all__ = ["claim", "service"]

KEY = Actor(ActorKind.KEY, "key-1")
_TEXT = Text(zh="好", en="fine")


@pytest.fixture
def accept_request(make_claim: Callable[..., Claim], now: datetime) -> Callable[..., AcceptRequest]:
    def make(claim: Claim | None = None, key: str = "key-a", **changes: Any) -> AcceptRequest:
        claim = claim or make_claim()
        case_id = new_id()
        request = AcceptRequest(
            platform_id=claim.platform_id,
            idempotency_key=key,
            body_digest=digest(to_data(claim)),
            claim=claim,
            claim_data={"reference": claim.reference},
            files=(),
            actor=KEY,
            case_id=case_id,
            number=f"R-{case_id}",
            now=now,
            due_at=now + timedelta(seconds=10),
            assess_in_seconds=10,
        )
        return replace(request, **changes)

    return make


@pytest.fixture
def make_assessment(now: datetime) -> Callable[..., Assessment]:
    def make(case_id: uuid.UUID, *, approve: bool = True, **changes: Any) -> Assessment:
        verdict = Verdict(
            decision=Decision.AUTO_APPROVED if approve else Decision.MANUAL_REVIEW,
            recommendation=Recommendation.APPROVE if approve else Recommendation.REVIEW,
            reasons=(),
            buyer=BuyerAnswer(message=_TEXT, next=_TEXT),
            grant=Grant(amount=Money(3000), fee=Money(0), route=Route.ORIGINAL) if approve else None,
        )
        assessment = Assessment(
            id=new_id(),
            case_id=case_id,
            as_of=now,
            assessed_at=now,
            verdict=verdict,
            evidence=(),
            checks=(),
            features={"account_age_days": 12.0, "usual_amount": float("nan")},
            risk=None,
            threshold=None,
            certificate=None,
            versions={"code": "test"},
        )
        return replace(assessment, **changes)

    return make


@pytest.fixture
def decide_request(make_assessment: Callable[..., Assessment], now: datetime) -> Callable[..., DecideRequest]:
    def make(case_id: uuid.UUID, *, platform_id: str = "acme", approve: bool = True, **changes: Any) -> DecideRequest:
        request = DecideRequest(
            platform_id=platform_id,
            case_id=case_id,
            assessment=make_assessment(case_id, approve=approve),
            reservations=(),
            fallback=make_assessment(case_id, approve=False),
            new_state=CaseState.AUTO_APPROVED if approve else CaseState.IN_REVIEW,
            fallback_state=CaseState.IN_REVIEW,
            actor=PREREVIEW_JOB,
            now=now + timedelta(seconds=1),
        )
        return replace(request, **changes)

    return make
