"""POST /v1/cases/{case_id}/…: what reviewers do to a case, each a named person of the platform's back office."""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Request, Response

from service.api import casework_examples as shown
from service.api import examples
from service.api.acting import act
from service.api.conditional import IfMatch
from service.api.context import Context, Language
from service.api.schemas.casework import (
    ApproveIn,
    AskSupplierIn,
    MaterialsIn,
    PartialRulingIn,
    PartIn,
    RejectIn,
    ReviewersWordIn,
    RulingIn,
    SecondReviewIn,
)
from service.api.security import AnyCaller
from service.domain.lifecycle import Action

router = APIRouter()


@router.post(
    "/v1/cases/{case_id}/approve",
    summary="Approve all that was claimed",
    operation_id="approveCase",
    **shown.decision(ApproveIn, shown.APPROVE, examples.APPROVED),
)
async def approve(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """Less a fee the policy asks for. Large amounts need a second person: the first is answered 202."""
    deciding = context.casework.deciding
    return await act(
        request, context, caller, language, ApproveIn,
        lambda asked, who: deciding.approve(who, case_id, asked.to_decision(), expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/approve-partially",
    summary="Approve a part",
    operation_id="approvePartially",
    **shown.decision(PartIn, shown.PART, examples.APPROVED),
)
async def approve_partially(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """The part the policy works out, or another with a reason; never more than was paid less what was refunded."""
    deciding = context.casework.deciding
    return await act(
        request, context, caller, language, PartIn,
        lambda asked, who: deciding.approve_partially(who, case_id, asked.to_decision(), expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/reject",
    summary="Reject the claim",
    operation_id="rejectCase",
    **shown.action(RejectIn, shown.REJECT),
)
async def reject(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """Under a clause of the policy, which the buyer is told with the way to appeal."""
    deciding = context.casework.deciding
    return await act(
        request, context, caller, language, RejectIn,
        lambda asked, who: deciding.reject(who, case_id, asked.to_decision(), expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/offer",
    summary="Offer a part",
    operation_id="offerPart",
    **shown.decision(PartIn, shown.PART),
)
async def offer(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """The buyer may accept, counter or decline; granted only when accepted."""
    offers = context.casework.offers
    return await act(
        request, context, caller, language, PartIn,
        lambda asked, who: offers.offer(who, case_id, asked.to_decision(), expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/ask-for-materials",
    summary="Ask the buyer for materials",
    operation_id="askForMaterials",
    **shown.action(MaterialsIn, shown.MATERIALS),
)
async def ask_for_materials(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """Of the policy's list; the buyer is told exactly what to send and by when."""
    materials = context.casework.materials
    return await act(
        request, context, caller, language, MaterialsIn,
        lambda asked, who: materials.ask(
            who, case_id, asked.materials, asked.message, asked.reason, expected_version=expected
        ),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/ask-supplier",
    summary="Have supplier or seller asked",
    operation_id="askSupplier",
    **shown.action(AskSupplierIn, shown.SUPPLIER),
)
async def ask_supplier(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """The platform asks; the answer comes with supplier-answer and makes a new assessment."""
    materials = context.casework.materials
    return await act(
        request, context, caller, language, AskSupplierIn,
        lambda asked, who: materials.ask_supplier(
            who, case_id, asked.question, seller=asked.asked == "seller", expected_version=expected
        ),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/send-to-review",
    summary="Wait no longer",
    operation_id="sendToReview",
    **shown.action(ReviewersWordIn, shown.HANDED_BACK),
)
async def send_to_review(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """For material, supplier, or the answer to an offer, which is thereby taken back."""
    materials = context.casework.materials
    return await act(
        request, context, caller, language, ReviewersWordIn,
        lambda asked, who: materials.hand_back(who, case_id, asked.reason, expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/begin-second-review",
    summary="Take up an appeal",
    operation_id="beginSecondReview",
    **shown.action(SecondReviewIn, shown.SECOND),
)
async def begin_second_review(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """By somebody who has not handled the case before."""
    appeals = context.casework.appeals
    return await act(
        request, context, caller, language, SecondReviewIn,
        lambda _, who: appeals.begin_second_review(who, case_id, expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/uphold",
    summary="The rejection stands",
    operation_id="upholdRejection",
    **shown.action(RejectIn, shown.REJECT),
)
async def uphold(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """After a second review; the buyer may ask for arbitration."""
    deciding = context.casework.deciding
    return await act(
        request, context, caller, language, RejectIn,
        lambda asked, who: deciding.uphold(who, case_id, asked.to_decision(), expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/escalate",
    summary="Hand an appeal on to arbitration",
    operation_id="escalateCase",
    **shown.action(ReviewersWordIn, shown.HANDED_BACK),
)
async def escalate(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """The ruling is recorded and binding."""
    appeals = context.casework.appeals
    return await act(
        request, context, caller, language, ReviewersWordIn,
        lambda asked, who: appeals.escalate(who, case_id, asked.reason, expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/rule-approved",
    summary="Record a ruling for the buyer",
    operation_id="ruleApproved",
    **shown.decision(RulingIn, shown.RULING, examples.APPROVED),
)
async def rule_approved(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """By a senior reviewer who did not reject the claim."""
    deciding = context.casework.deciding
    return await act(
        request, context, caller, language, RulingIn,
        lambda asked, who: deciding.rule(who, case_id, Action.RULE_APPROVED, asked.to_decision(), expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/rule-partially",
    summary="Record a ruling for a part",
    operation_id="rulePartially",
    **shown.decision(PartialRulingIn, shown.RULING, examples.APPROVED),
)
async def rule_partially(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """The part the policy works out, or the one that was ruled, with a reason."""
    deciding = context.casework.deciding
    return await act(
        request, context, caller, language, PartialRulingIn,
        lambda asked, who: deciding.rule(who, case_id, Action.RULE_PARTIALLY, asked.to_decision(), expected),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/rule-rejected",
    summary="Record a ruling against the claim",
    operation_id="ruleRejected",
    **shown.action(RulingIn, shown.RULING),
)
async def rule_rejected(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """It is binding: the case is closed."""
    deciding = context.casework.deciding
    return await act(
        request, context, caller, language, RulingIn,
        lambda asked, who: deciding.rule(who, case_id, Action.RULE_REJECTED, asked.to_decision(), expected),
    )  # fmt: skip
