"""Domain values to the answer's JSON: language chosen, internal part shown only to keys that may see it."""

from __future__ import annotations

import uuid

from service.api.schemas.answers import (
    Box,
    BuyerOut,
    CaseOut,
    CheckOut,
    EvidenceOut,
    FieldOut,
    InternalOut,
    MissingOut,
    ReasonOut,
    RiskOut,
)
from service.domain import evidence as seen
from service.domain.assessment import Assessment, BuyerAnswer, Text
from service.domain.checks import CheckResult
from service.review.requests import CaseView

# A case without an assessment has no verdict to take the buyer's words from.
_PENDING = BuyerAnswer(
    message=Text(
        zh="您的退款申请已收到，正在处理。",
        en="Your refund request has been received and is being looked at.",
    ),
    next=Text(
        zh="无需重复提交，请凭退款单号在本平台查看进度。",
        en="There is no need to send it again; follow it here by its case number.",
    ),
)


def case_out(view: CaseView, *, language: str, internal: bool, linked_claim_id: uuid.UUID | None = None) -> CaseOut:
    """The case as its platform may see it. ``internal``: the key has that scope."""
    assessment = view.assessment
    verdict = assessment.verdict if assessment else None
    grant = verdict.grant if verdict else None
    return CaseOut(
        case_id=view.case.id,
        number=view.case.number,
        state=view.case.state,
        decision=verdict.decision if verdict else None,
        amount=grant.amount.minor if grant else None,
        currency=grant.amount.currency if grant else None,
        fee=grant.fee.minor if grant else None,
        route=grant.route if grant else None,
        obligations=list(grant.obligations) if grant else [],
        buyer=_buyer(verdict.buyer if verdict else _PENDING, language),
        internal=_internal(assessment, language) if assessment and internal else None,
        linked_claim_id=linked_claim_id,
        versions=dict(assessment.versions) if assessment else {},
        ms=dict(assessment.ms) if assessment else {},
    )


def _buyer(answer: BuyerAnswer, language: str) -> BuyerOut:
    return BuyerOut(
        message=answer.message.get(language),
        missing=[MissingOut(code=item.code, text=item.text.get(language)) for item in answer.missing],
        next=answer.next.get(language),
    )


def _internal(assessment: Assessment, language: str) -> InternalOut:
    verdict = assessment.verdict
    return InternalOut(
        recommendation=verdict.recommendation,
        reasons=[
            ReasonOut(
                code=reason.code,
                text=reason.text.get(language),
                clause=reason.clause,
                contribution=reason.contribution,
                evidence=reason.evidence,
            )
            for reason in verdict.reasons
        ],
        risk=_risk(assessment),
        checks=[_check(check) for check in assessment.checks],
        evidence=[_evidence(item) for item in assessment.evidence],
    )


def _risk(assessment: Assessment) -> RiskOut | None:
    if assessment.risk is None:
        return None
    return RiskOut(
        probability=assessment.risk.probability, threshold=assessment.threshold, certificate=assessment.certificate
    )


def _check(check: CheckResult) -> CheckOut:
    return CheckOut(
        code=check.code,
        result=check.result,
        claimed=check.claimed,
        read=check.read,
        record=check.record,
        evidence_sha256=check.evidence_sha256,
        box=_box(check.box) if check.box else None,
    )


def _evidence(item: seen.Evidence) -> EvidenceOut:
    fields = item.page.fields if item.page else {}
    return EvidenceOut(
        sha256=item.sha256,
        status=item.outcome.status,
        reason=item.outcome.reason if isinstance(item.outcome, seen.Failed) else None,
        page=item.page.kind if item.page else None,
        fields={
            name.value: FieldOut(value=field.value, text=field.text, score=field.score, box=_box(field.box))
            for name, field in fields.items()
        },
    )


def _box(box: seen.Box) -> Box:
    return (box.x0, box.y0, box.x1, box.y1)
