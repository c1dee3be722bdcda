"""The findings as the service keeps them: Evidence with what was read, and one CheckResult per check."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import Claim, ReasonCode
from service.domain.evidence import (
    Box,
    Edge,
    ErrorCode,
    Evidence,
    Failed,
    FailedReason,
    Field,
    FieldName,
    Gap,
    GapKind,
    HintKind,
    ImageFacts,
    Line,
    Page,
    PageKind,
    Read,
    TamperHint,
)
from training.simulator.evidence import CHECKS, FAIL, PAGES, UNKNOWN, UNREADABLE, Findings
from training.simulator.hiding import FACTS, NOTHING

_RESULTS = (Result.PASS, Result.UNKNOWN, Result.FAIL)
_KINDS = (PageKind.ORDER, PageKind.PAYMENT, PageKind.PROMPT, PageKind.CHAT)
_LOCAL = timedelta(hours=8)
_LEAST_HINT = 0.2  # weaker ones the reader keeps to itself
_PROMPTS = {
    ReasonCode.CODE_INVALID: ErrorCode.CODE_INVALID,
    ReasonCode.CODE_ALREADY_USED: ErrorCode.CODE_USED,
    ReasonCode.USED_WITHOUT_EFFECT: ErrorCode.NO_SUCH_RECORD,
    ReasonCode.SERVICE_ABNORMAL: ErrorCode.SYSTEM_BUSY,
    ReasonCode.NOT_DELIVERED: ErrorCode.NOT_DELIVERED,
    ReasonCode.OTHER: ErrorCode.SYSTEM_BUSY,
}


def claim_evidence(claim: Claim, findings: Findings, number: int) -> tuple[Evidence, ...]:
    """The files of claim ``number``, in the order of PAGES."""
    return tuple(_file(claim, findings, number, page) for page in range(len(PAGES)) if findings.sent[number, page])


def claim_checks(findings: Findings, number: int) -> tuple[CheckResult, ...]:
    """One result per CheckCode; the texts are left out, nothing learns from them."""
    return tuple(
        CheckResult(code=code, result=_RESULTS[int(findings.ranks[number, column])])
        for column, code in enumerate(CHECKS)
    )


def _file(claim: Claim, findings: Findings, number: int, page: int) -> Evidence:
    sha256 = hashlib.sha256(f"{claim.order.order_number}/{number}/{PAGES[page]}".encode()).hexdigest()
    if findings.quality[number, page] == UNREADABLE:
        return Evidence(
            sha256=sha256, outcome=Failed(reason=FailedReason.DAMAGED), name=f"{PAGES[page]}.jpg", size=40_000
        )
    score = round(float(findings.scores[number, page]), 4)
    fields = _fields(claim, findings, number, page, score)
    lines = tuple(Line(field.text, score, field.box) for field in fields) or (Line("聊天记录", score, _box(0)),)
    image = ImageFacts(
        media_type="image/jpeg",
        width=1080,
        height=2340,
        hints=_hints(findings, number, page),
        signals={"sharpness": round(float(findings.sharpness[number, page]), 1)},
    )
    return Evidence(
        sha256=sha256,
        outcome=Read(lines=lines, image=image),
        page=Page(
            kind=_KINDS[page], fields={field.name: field for field in fields}, gaps=_gaps(findings, number, page)
        ),
        name=f"{PAGES[page]}.jpg",
        size=180_000,
    )


def _hints(findings: Findings, number: int, page: int) -> tuple[TamperHint, ...]:
    strength = float(findings.hints[number, page]) if page in FACTS else 0.0
    return (TamperHint(kind=HintKind.FONT, strength=strength),) if strength >= _LEAST_HINT else ()


def _gaps(findings: Findings, number: int, page: int) -> tuple[Gap, ...]:
    if page not in FACTS or findings.gaps[number, page] == NOTHING:
        return ()
    _, name = FACTS[page][int(findings.gaps[number, page])]
    return (Gap(kind=GapKind.CUT_OFF, field=name, edge=Edge.TOP),)


def _box(row: int) -> Box:
    return Box(60.0, 200.0 + 90 * row, 900.0, 244.0 + 90 * row)


def _fields(claim: Claim, findings: Findings, number: int, page: int, score: float) -> list[Field]:
    """Fields whose check was made; one that fails shows another value than the record."""
    found: list[Field] = []
    for code, name, value in _values(claim, _KINDS[page]):
        rank = int(findings.ranks[number, CHECKS.index(code)])
        if rank == UNKNOWN:
            continue
        shown = (value + 100 if isinstance(value, int) else value[::-1]) if rank == FAIL else value
        found.append(
            Field(name=name, value=shown, text=str(shown), score=score, box=_box(len(found)), rule="simulated")
        )
    return found


def _values(claim: Claim, kind: PageKind) -> list[tuple[CheckCode, FieldName, str | int]]:
    order = claim.order
    if kind is PageKind.ORDER:
        values: list[tuple[CheckCode, FieldName, str | int]] = [
            (CheckCode.ORDER_NUMBER, FieldName.ORDER_NUMBER, order.order_number),
            (CheckCode.AMOUNT, FieldName.AMOUNT, order.amount_paid.minor),
            (CheckCode.ORDERED_AT, FieldName.ORDERED_AT, f"{order.ordered_at + _LOCAL:%Y-%m-%dT%H:%M:%S}"),
            (CheckCode.PRODUCT, FieldName.PRODUCT, order.product.name),
        ]
        if order.recharged_account:
            values.append((CheckCode.RECHARGED_ACCOUNT, FieldName.RECHARGED_ACCOUNT, order.recharged_account))
        return values
    if kind is PageKind.PAYMENT:
        paid_at = order.paid_at or order.ordered_at
        return [
            (CheckCode.TRADE_NUMBER, FieldName.TRADE_NUMBER, order.trade_number or ""),
            (CheckCode.AMOUNT, FieldName.AMOUNT, order.amount_paid.minor),
            (CheckCode.PAID_AT, FieldName.PAID_AT, f"{paid_at + _LOCAL:%Y-%m-%dT%H:%M:%S}"),
            (CheckCode.PAYEE, FieldName.PAYEE, order.payee or ""),
            (CheckCode.PAYMENT_STATE, FieldName.STATUS, "支付成功"),
        ]
    if kind is PageKind.PROMPT and claim.reason in _PROMPTS:
        return [(CheckCode.PROMPT_REASON, FieldName.ERROR_PROMPT, _PROMPTS[claim.reason].value)]
    return []
