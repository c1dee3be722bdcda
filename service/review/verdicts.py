"""Where a decision of the pre-review leads, and by when the next step is due."""

from __future__ import annotations

from service.domain.assessment import Assessment, Decision, Party
from service.domain.cases import CaseState
from service.domain.deadlines import Deadline
from service.policy import Policy
from service.policy.confirmations import question
from service.policy.deadlines import deadline_of

STATE_AFTER = {
    Decision.AUTO_APPROVED: CaseState.AUTO_APPROVED,
    Decision.MANUAL_REVIEW: CaseState.IN_REVIEW,
    Decision.MATERIALS_NEEDED: CaseState.AWAITING_MATERIALS,
}


def due_after(in_force: Policy | None, assessment: Assessment) -> Deadline | None:
    """By when the next step is due after this decision; None where no policy says so."""
    if in_force is None:
        return None
    verdict = assessment.verdict
    return deadline_of(
        in_force,
        state_after(assessment),
        assessment.assessed_at,
        obligations=verdict.grant is not None and bool(verdict.grant.obligations),
        asks_seller=verdict.ask[:1] == (Party.SELLER,),
    )


def question_of(in_force: Policy | None, assessment: Assessment) -> str:
    """What the supplier or seller is asked after this decision; empty where none is."""
    return "" if in_force is None else question(in_force, assessment.verdict)


def state_after(assessment: Assessment) -> CaseState:
    """Where the decision leads; before a person decides, whoever the policy asks first is asked."""
    verdict = assessment.verdict
    if verdict.decision is Decision.MANUAL_REVIEW and verdict.ask and not assessment.under_review:
        return CaseState.AWAITING_SUPPLIER
    return STATE_AFTER[verdict.decision]
