"""Cases as answers: the contract's fields, in the reader's language, the internal part only where allowed."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from service.api import examples
from service.api.rendering import case_out
from service.api.schemas.claims import ClaimIn
from service.api.validation import validate
from service.domain.assessment import (
    Arrival,
    Assessment,
    BuyerAnswer,
    Contribution,
    Decision,
    Grant,
    Liability,
    MissingMaterial,
    ObligationKind,
    PaidFrom,
    Party,
    Reason,
    Recommendation,
    Risk,
    Text,
    Verdict,
)
from service.domain.cases import Case, CaseState
from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import Route
from service.domain.evidence import (
    Box,
    Empty,
    Evidence,
    Failed,
    FailedReason,
    Field,
    FieldName,
    ImageFacts,
    Page,
    PageKind,
    Read,
)
from service.domain.money import Money
from service.review.requests import CaseView

NOW = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
CASE_ID = uuid.UUID(examples.CASE_ID)
IMAGE = ImageFacts(media_type="image/png", width=1080, height=2340)
CONTRACT = {
    "actions",
    "case_id",
    "number",
    "version",
    "state",
    "decision",
    "amount",
    "currency",
    "fee",
    "route",
    "obligations",
    "settlement",
    "buyer",
    "versions",
    "ms",
}

VERDICT = Verdict(
    decision=Decision.AUTO_APPROVED,
    recommendation=Recommendation.APPROVE,
    reasons=(
        Reason(code="recoverable", text=Text(zh="卡密可作废", en="The code can be voided"), clause="recoverable.code"),
        Reason(code="account_age", text=Text(zh="账号较新", en="New account"), contribution=0.25, evidence=None),
    ),
    buyer=BuyerAnswer(
        message=Text(zh="已通过", en="Approved"),
        next=Text(zh="请等待到账", en="Wait for the money"),
        missing=(MissingMaterial(code="prompt", text=Text(zh="提示截图", en="The prompt")),),
    ),
    grant=Grant(
        amount=Money(2900),
        fee=Money(50),
        route=Route.ORIGINAL,
        obligations=(ObligationKind.VOID_CODE,),
        arrival=Arrival(working_days=2),
        funding_source="Bank 6222020200001234567",
        liability=Liability(
            party=Party.SUPPLIER,
            paid_from=PaidFrom.PLATFORM,
            recover=Money(2900),
            recover_from=Party.SUPPLIER,
            freeze=True,
            clause="L1",
        ),
        basis=("R1",),
    ),
)
RISK = Risk(
    probability=0.03,
    log_odds=-3.5,
    base=-3.75,
    contributions=(Contribution(feature="account_age", value=2.0, log_odds=0.25, text=Text(zh="x", en="x")),),
    model="m1",
)


def view(**changes: Any) -> CaseView:
    claim = validate(ClaimIn, examples.CLAIM).to_domain("demo")
    case = Case(
        id=CASE_ID,
        number="R261121-7K3M9Q2XWA",
        platform_id="demo",
        claim=claim,
        state=CaseState.AUTO_APPROVED,
        accepted_at=NOW,
        as_of=NOW,
        due_at=NOW,
    )
    box = Box(1.5, 2, 3, 4)
    amount = Field(name=FieldName.AMOUNT, value=2950, text="￥29.50", score=0.99, box=box)
    assessment = Assessment(
        id=uuid.uuid4(),
        case_id=CASE_ID,
        as_of=NOW,
        assessed_at=NOW,
        verdict=VERDICT,
        evidence=(
            Evidence(
                sha256="a" * 64,
                outcome=Read(lines=(), image=IMAGE),
                page=Page(kind=PageKind.ORDER, fields={FieldName.AMOUNT: amount}),
            ),
            Evidence(sha256="b" * 64, outcome=Failed(reason=FailedReason.EMPTY_FILE)),
            Evidence(sha256="c" * 64, outcome=Empty(image=IMAGE)),
        ),
        checks=(
            CheckResult(
                code=CheckCode.AMOUNT,
                result=Result.PASS,
                claimed="¥29.50",
                read="￥29.50",
                record="¥29.50",
                evidence_sha256="a" * 64,
                box=box,
            ),
            CheckResult(code=CheckCode.PAYEE, result=Result.UNKNOWN),
        ),
        features={"account_age": 2.0},
        risk=RISK,
        threshold=0.04,
        certificate="c1",
        versions={"model": "m1"},
        ms={"total": 12.5},
    )
    return CaseView(case=case, assessment=replace(assessment, **changes))


def rendered(shown: CaseView, **options: Any) -> dict[str, Any]:
    settings: dict[str, Any] = {"language": "zh", "internal": True, **options}
    data: dict[str, Any] = json.loads(case_out(shown, **settings).model_dump_json())
    return data


def test_a_grant_in_full() -> None:
    data = rendered(view())
    assert set(data) == CONTRACT | {"internal"}
    assert {name: data[name] for name in ("decision", "amount", "currency", "fee", "route", "obligations")} == {
        "decision": "auto_approved",
        "amount": 2900,
        "currency": "CNY",
        "fee": 50,
        "route": "original",
        "obligations": ["void_code"],
    }
    assert data["settlement"] == {
        "arrival": {"minutes": None, "hours": None, "working_days": 2},
        "withdrawable": None,
        "funding_source": "Bank 622****67",
        "liability": {
            "party": "supplier",
            "paid_from": "platform",
            "recover": 2900,
            "recover_from": "supplier",
            "freeze": True,
            "clause": "L1",
        },
        "basis": ["R1"],
    }
    assert data["buyer"] == {
        "message": "已通过",
        "missing": [{"code": "prompt", "text": "提示截图"}],
        "next": "请等待到账",
    }
    assert data["versions"] == {"model": "m1"}
    assert data["ms"] == {"total": 12.5}


def test_the_internal_part() -> None:
    internal = rendered(view(), language="en")["internal"]
    assert internal["recommendation"] == "approve"
    assert internal["reasons"] == [
        {
            "code": "recoverable",
            "text": "The code can be voided",
            "clause": "recoverable.code",
            "contribution": None,
            "evidence": None,
        },
        {"code": "account_age", "text": "New account", "clause": None, "contribution": 0.25, "evidence": None},
    ]
    assert internal["risk"] == {"probability": 0.03, "threshold": 0.04, "certificate": "c1"}
    assert internal["checks"][0]["box"] == [1.5, 2, 3, 4]
    assert set(internal["checks"][0]) == {
        "code",
        "result",
        "claimed",
        "read",
        "record",
        "evidence_sha256",
        "box",
    }
    assert internal["checks"][1]["result"] == "unknown"
    assert [(item["status"], item["reason"], item["page"]) for item in internal["evidence"]] == [
        ("read", None, "order"),
        ("failed", "empty_file", None),
        ("empty", None, None),
    ]
    assert internal["evidence"][0]["fields"] == {
        "amount": {"value": 2950, "text": "￥29.50", "score": 0.99, "box": [1.5, 2, 3, 4]}
    }


def test_without_the_scope_nothing_of_how_risk_was_judged_is_shown() -> None:
    data = rendered(view(), internal=False)
    assert set(data) == CONTRACT
    text = json.dumps(data, ensure_ascii=False)
    assert not any(word in text for word in ("账号较新", "probability", "recoverable", "a" * 64))


def test_no_risk_is_null() -> None:
    assert rendered(view(risk=None))["internal"]["risk"] is None


def test_nothing_granted() -> None:
    data = rendered(view(verdict=replace(VERDICT, decision=Decision.MANUAL_REVIEW, grant=None)))
    assert [data[name] for name in ("amount", "currency", "fee", "route", "obligations")] == [None] * 4 + [[]]


@pytest.mark.parametrize(("language", "word"), [("zh", "已收到"), ("en", "received")])
def test_not_decided_yet(language: str, word: str) -> None:
    pending = replace(view(), assessment=None)
    data = rendered(pending, language=language)
    assert set(data) == CONTRACT - {"settlement"}
    assert data["decision"] is None
    assert word in data["buyer"]["message"]


def test_linked_claim() -> None:
    assert rendered(view(), linked_claim_id=CASE_ID)["linked_claim_id"] == str(CASE_ID)
