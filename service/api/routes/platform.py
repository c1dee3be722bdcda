"""/v1/platform: the kill switch and the budgets, for whoever answers for the money."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from service.api import documentation as docs
from service.api import idempotency
from service.api.acting import named
from service.api.body import read_model
from service.api.context import Context
from service.api.idempotency import once
from service.api.policy_answers import json_answer
from service.api.schemas.fields import Strict
from service.api.schemas.platform import BudgetOut, BudgetsOut, PlatformModeOut, ResumeIn, StopIn
from service.api.security import OperateCaller
from service.domain.assessment import PlatformMode
from service.domain.errors import Conflict, InvalidRequest

router = APIRouter(tags=["platform"])

_NOT_STOPPED = Conflict("'demo' is not stopped, it is live")
_BLANK = InvalidRequest("say why in 1 to 500 characters; it is kept in the audit record")
_STOP = {"by": "ana.lopez", "reason": "forged top-up pages since 14:00"}
_RESUME = {"by": "ana.lopez", "approved_by": "wang.li", "reason": "pages are checked by hand now"}
_STOPPED = {"platform": "demo", "mode": "stopped", "changed": True}
_BUDGETS = {
    "budgets": [
        {
            "budget": "account_day",
            "window_hours": 24,
            "entity": "u-20391",
            "amount": 18000,
            "amount_limit": 20000,
            "approvals": 2,
            "approvals_limit": 3,
            "full": 0.9,
        }
    ]
}


def _switch(body: type[Strict], example: dict[str, str], done: dict[str, Any]) -> dict[str, Any]:
    return {
        "response_class": Response,
        "openapi_extra": {"parameters": [idempotency.parameter()], **docs.json_body(body, example)},
        "responses": {
            200: docs.answer("The mode it is in now", PlatformModeOut, {"done": done}, idempotency.HEADERS),
            **docs.refusals(
                *idempotency.REFUSALS,
                docs.MALFORMED_JSON,
                docs.BODY_CUT_OFF,
                docs.BODY_TOO_SLOW,
                docs.NOT_JSON,
                docs.BODY_TOO_LARGE,
                docs.SCOPE_MISSING,
                _NOT_STOPPED,
                _BLANK,
                *docs.COMMON,
            ),
        },
    }


@router.post(
    "/v1/platform/stop",
    summary="Stop approving, on every process",
    operation_id="stopPlatform",
    **_switch(StopIn, _STOP, _STOPPED),
)
async def stop(request: Request, context: Context, caller: OperateCaller) -> Response:
    """The kill switch: from the next decision on every claim goes to a person. One person is enough. Use a new
    Idempotency-Key each time: a kept answer stops nothing."""
    asked = await read_model(request, context.limits, StopIn)

    async def perform() -> Response:
        changed = await context.switching.stop(caller.platform_id, asked.reason, named(asked.by))
        return json_answer(PlatformModeOut(platform=caller.platform_id, mode=PlatformMode.STOPPED, changed=changed))

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)


@router.post(
    "/v1/platform/resume",
    summary="Let a stopped platform go on in the mode it had",
    operation_id="resumePlatform",
    **_switch(ResumeIn, _RESUME, {**_STOPPED, "mode": "live"}),
)
async def resume(request: Request, context: Context, caller: OperateCaller) -> Response:
    """It takes two people: claims are approved again. Conflict where it is not stopped, or both names are one."""
    asked = await read_model(request, context.limits, ResumeIn)

    async def perform() -> Response:
        first, second = named(asked.by), named(asked.approved_by)
        mode = await context.switching.resume(caller.platform_id, asked.reason, first, second)
        return json_answer(PlatformModeOut(platform=caller.platform_id, mode=mode, changed=True))

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)


@router.get(
    "/v1/platform/budgets",
    summary="How much of each budget is taken, and by whom most",
    operation_id="getBudgets",
    response_model=BudgetsOut,
    responses={
        200: docs.answer("What lies within each sliding window", BudgetsOut, {"one": _BUDGETS}),
        **docs.refusals(docs.SCOPE_MISSING, *docs.COMMON),
    },
)
async def budgets(context: Context, caller: OperateCaller) -> Response:
    """Those of the policy in force."""
    fills = await context.budgeting.fills(caller.platform_id)
    return json_answer(BudgetsOut(budgets=[BudgetOut.of(each) for each in fills]))
