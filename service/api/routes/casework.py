"""POST /v1/cases/{case_id}/…: what a platform does to a case, for itself or for its buyer."""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Request, Response

from service.api import examples
from service.api.body import read_model
from service.api.case_answers import case_action, case_answer
from service.api.conditional import IfMatch
from service.api.context import Context, Language
from service.api.idempotency import once
from service.api.schemas.casework import WithdrawIn
from service.api.security import CasesCaller

router = APIRouter(tags=["cases"])


@router.post(
    "/v1/cases/{case_id}/withdraw",
    summary="The buyer wants no refund any more",
    operation_id="withdrawCase",
    **case_action(WithdrawIn, examples.WITHDRAW, examples.WITHDRAWN),
)
async def withdraw(
    case_id: uuid.UUID, request: Request, context: Context, caller: CasesCaller, language: Language, expected: IfMatch
) -> Response:
    """Before a decision only; the order may then be claimed for again."""
    asked = await read_model(request, context.limits, WithdrawIn)

    async def perform() -> Response:
        view = await context.casework.withdraw(caller, case_id, reason=asked.reason, expected_version=expected)
        return case_answer(request, view, caller, language)

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)
