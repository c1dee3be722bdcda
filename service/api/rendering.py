"""Domain values to the answer's JSON: language chosen, internal part shown only to keys that may see it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from service.api.schemas.answers import (
    Box,
    BuyerOut,
    CaseOut,
    CheckOut,
    DeadlineOut,
    EvidenceOut,
    FieldOut,
    GapOut,
    HintOut,
    IdentityOut,
    InternalOut,
    MessageOut,
    MissingOut,
    OfferOut,
    ProposalOut,
    ReasonOut,
    RiskOut,
    RowOut,
    StepOut,
)
from service.api.schemas.settlement import SettlementOut
from service.domain import evidence as seen
from service.domain.assessment import Assessment, BuyerAnswer
from service.domain.checks import CheckCode, CheckResult
from service.domain.lifecycle import BEFORE_DECISION
from service.domain.masking import mask_account, mask_text
from service.domain.steps import Step
from service.policy.buyer_steps import PENDING
from service.review import viewing
from service.review.requests import CaseView


def case_out(
    view: CaseView,
    *,
    language: str,
    internal: bool,
    people: bool = False,
    linked_claim_id: uuid.UUID | None = None,
) -> CaseOut:
    """The case as its platform may see it. ``internal``: the key has that scope; ``people``: it is a reviewer's."""
    assessment = view.assessment if view.case.state not in BEFORE_DECISION else None
    verdict = assessment.verdict if assessment else None
    grant = viewing.standing_grant(view)
    return CaseOut(
        case_id=view.case.id,
        number=view.case.number,
        version=view.case.version,
        state=view.case.state,
        decision=verdict.decision if verdict else None,
        amount=grant.amount.minor if grant else None,
        currency=grant.amount.currency if grant else None,
        fee=grant.fee.minor if grant else None,
        route=grant.route if grant else None,
        obligations=list(grant.obligations) if grant else [],
        settlement=SettlementOut.of(grant) if grant else None,
        buyer=_buyer(viewing.buyer_answer(view) or PENDING, language),
        internal=_internal(assessment, language, view.seen_elsewhere) if assessment and internal else None,
        actions={party: list(names) for party, names in viewing.possible_actions(view).items()},
        deadline=_deadline(view),
        offer=_offer(view),
        pending_second=_proposal(view, internal or people),
        reassessing=view.reassessing,
        history=[_step(step, language, internal or people) for step in view.steps],
        linked_claim_id=linked_claim_id,
        # In one order: the database keeps another, and the same case must give the same bytes.
        versions=dict(sorted(assessment.versions.items())) if assessment else {},
        ms=dict(sorted(assessment.ms.items())) if assessment else {},
    )


def _deadline(view: CaseView) -> DeadlineOut | None:
    due = view.deadline
    return None if due is None else DeadlineOut(due=due.kind, due_at=due.due_at, certain=due.certain)


def _offer(view: CaseView) -> OfferOut | None:
    found = viewing.last_offer(view)
    if found is None:
        return None
    grant, countered = found
    return OfferOut(amount=grant.amount.minor, currency=grant.amount.currency, countered=countered)


def _proposal(view: CaseView, internal: bool) -> ProposalOut | None:
    proposed = view.proposal
    if proposed is None:
        return None
    return ProposalOut(
        action=proposed.action,
        amount=proposed.amount.minor,
        currency=proposed.amount.currency,
        proposed_at=proposed.proposed_at,
        by=proposed.actor.name if internal else None,
    )


def _step(step: Step, language: str, internal: bool) -> StepOut:
    return StepOut(
        version=step.version,
        action=step.action,
        party=step.party,
        at=step.at,
        from_state=step.from_state,
        to_state=step.to_state,
        message=step.buyer.message.get(language) if step.buyer is not None else None,
        by=step.actor.name if internal else None,
        reason=(step.reason or None) if internal else None,
        said={name: value for name, value in step.data.items() if name in _SAID},
    )


# Of what a step keeps, what both sides said; a grant's document has a place of its own.
_SAID = frozenset(
    {"statement", "question", "asked", "answer", "ruling", "clause", "materials", "files", "cause", "amount"}
)


def _buyer(answer: BuyerAnswer, language: str) -> BuyerOut:
    return BuyerOut(
        message=answer.message.get(language),
        missing=[MissingOut(code=item.code, text=item.text.get(language)) for item in answer.missing],
        next=answer.next.get(language),
    )


def _internal(assessment: Assessment, language: str, seen_elsewhere: bool | None) -> InternalOut:
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
        seen_elsewhere=seen_elsewhere,
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
        claimed=_covered(check, check.claimed),
        read=_covered(check, check.read),
        record=_covered(check, check.record),
        evidence_sha256=check.evidence_sha256,
        box=_box(check.box) if check.box else None,
    )


def _covered(check: CheckResult, value: str | None) -> str | None:
    """Whose phone or game account was recharged is shown by a reveal alone, which is logged."""
    if value is None or check.code is not CheckCode.RECHARGED_ACCOUNT:
        return value
    return mask_account(value)


def _evidence(item: seen.Evidence) -> EvidenceOut:
    page, outcome = item.page, item.outcome
    return EvidenceOut(
        sha256=item.sha256,
        status=outcome.status,
        reason=outcome.reason if isinstance(outcome, seen.Failed) else None,
        page=page.kind if page else None,
        fields=_fields(page.fields) if page else {},
        rows=[RowOut(fields=_fields(row.fields), box=_box(row.box)) for row in page.rows] if page else [],
        messages=[_message(message) for message in page.messages] if page else [],
        identity=_identity(page.identity) if page and page.identity else None,
        gaps=[_gap(gap) for gap in page.gaps] if page else [],
        hints=[] if isinstance(outcome, seen.Failed) else [_hint(hint) for hint in outcome.image.hints],
    )


def _fields(fields: Mapping[seen.FieldName, seen.Field]) -> dict[str, FieldOut]:
    return {name.value: _field(field) for name, field in sorted(fields.items())}


def _field(field: seen.Field) -> FieldOut:
    value, text = field.value, field.text
    if field.name is seen.FieldName.RECHARGED_ACCOUNT:
        value, text = mask_account(str(value)), mask_account(text)
    return FieldOut(value=value, text=text, score=field.score, box=_box(field.box), note=field.note)


def _message(message: seen.Message) -> MessageOut:
    return MessageOut(
        speaker=message.speaker,
        name=message.name,
        said_at=message.said_at,
        text=mask_text(message.text),
        promises_refund=message.promises_refund,
        box=_box(message.box),
    )


def _identity(identity: seen.Identity) -> IdentityOut:
    return IdentityOut(
        side=identity.side,
        name=identity.name_masked,
        number=identity.number_masked,
        name_digest=identity.name_digest,
        number_digest=identity.number_digest,
        number_valid=identity.number_valid,
        valid_from=identity.valid_from,
        valid_until=identity.valid_until,
    )


def _gap(gap: seen.Gap) -> GapOut:
    return GapOut(kind=gap.kind, field=gap.field, edge=gap.edge, box=_box(gap.box) if gap.box else None)


def _hint(hint: seen.TamperHint) -> HintOut:
    return HintOut(kind=hint.kind, strength=hint.strength, box=_box(hint.box) if hint.box else None, note=hint.note)


def _box(box: seen.Box) -> Box:
    return (box.x0, box.y0, box.x1, box.y1)
