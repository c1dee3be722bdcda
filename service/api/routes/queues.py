"""The reviewers' queues, and the buyer's chase."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from service.api import documentation as docs
from service.api import examples
from service.api.body import read_model
from service.api.case_answers import case_action, case_answer
from service.api.context import Context, Language
from service.api.idempotency import once
from service.api.schemas.queues import ChaseIn, QueuesOut
from service.api.security import CasesCaller
from service.domain.errors import Conflict
from service.domain.queues import Lane

router = APIRouter(tags=["cases"])

_NOT_YET = Conflict(
    "The case was promised by 2026-11-24T16:00:00+00:00; it can be chased from then on.",
    extra={"from": "2026-11-24T16:00:00+00:00"},
)
_QUEUES: dict[str, Any] = {
    "lanes": [
        {
            "lane": "near_breach",
            "cases": 3,
            "oldest": "2026-11-20T01:12:00Z",
            "due_at": "2026-11-21T16:00:00Z",
            "chased": 1,
        }
    ],
    "next": [
        {
            "case_id": "019a6f3e-5301-7aa4-b1f4-0c5d7e9a2b36",
            "number": "R261121-7K3M9Q2XWA",
            "lane": "near_breach",
            "state": "in_review",
            "reason": "code_invalid",
            "amount": 3000,
            "currency": "CNY",
            "accepted_at": "2026-11-20T01:12:00Z",
            "due_at": "2026-11-21T16:00:00Z",
            "chased_at": None,
            "incident_id": None,
        }
    ],
}


@router.get(
    "/v1/queues",
    summary="What waits for a reviewer, lane by lane",
    operation_id="getQueues",
    response_model=QueuesOut,
    responses={
        200: docs.answer("Lanes and the cases to take next", QueuesOut, {"late": _QUEUES}),
        **docs.refusals(docs.SCOPE_MISSING, *docs.COMMON),
    },
)
async def queues(
    context: Context,
    caller: CasesCaller,
    lane: Annotated[Lane | None, Query(description="Only the cases of this lane.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Nearly late and chased cases first, then large amounts, elderly holders, the others, and incidents."""
    lanes = await context.queues.lengths(caller.platform_id)
    waiting = await context.queues.waiting(caller.platform_id, lane=lane, limit=limit)
    return Response(QueuesOut.of(lanes, waiting).model_dump_json(), media_type="application/json")


@router.post(
    "/v1/cases/{case_id}/chase",
    summary="The buyer asks where the answer stays (催办)",
    operation_id="chaseCase",
    **case_action(ChaseIn, {}, examples.IN_REVIEW, _NOT_YET),
)
async def chase(
    case_id: uuid.UUID, request: Request, context: Context, caller: CasesCaller, language: Language
) -> Response:
    """Once the promised time is over it moves the case to the head of the queues, once."""
    asked = await read_model(request, context.limits, ChaseIn)

    async def perform() -> Response:
        return case_answer(request, await context.queues.chase(caller, case_id), caller, language)

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)
