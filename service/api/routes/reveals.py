"""POST /v1/cases/{case_id}/reveals: personal data in the clear, for a purpose that is logged."""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Request, Response

from service.api import documentation as docs
from service.api.acting import named
from service.api.body import read_model
from service.api.case_answers import BAD_CASE_ID, NO_SUCH_CASE
from service.api.context import Context
from service.api.schemas.reveals import RevealIn, RevealOut
from service.api.security import ReviewCaller
from service.domain.errors import BadRequest

router = APIRouter(tags=["cases"])

_NO_PURPOSE = BadRequest(
    "say what for: personal data are shown, handed out and erased only for a purpose, and it is logged"
)
_ASKED = {"by": "ana.lopez", "purpose": "asking the carrier", "what": ["recharged_account"]}


@router.post(
    "/v1/cases/{case_id}/reveals",
    summary="Show a case's personal data to a reviewer",
    operation_id="revealPersonalData",
    response_class=Response,
    openapi_extra=docs.json_body(RevealIn, _ASKED),
    responses={
        200: docs.answer("What was asked for", RevealOut, {"number": {"recharged_account": "13800138078"}}),
        **docs.refusals(
            _NO_PURPOSE,
            docs.MALFORMED_JSON,
            docs.BODY_CUT_OFF,
            docs.BODY_TOO_SLOW,
            docs.NOT_JSON,
            docs.BODY_TOO_LARGE,
            docs.SCOPE_MISSING,
            NO_SUCH_CASE,
            BAD_CASE_ID,
            *docs.COMMON,
        ),
    },
)
async def reveal(case_id: uuid.UUID, request: Request, context: Context, caller: ReviewCaller) -> Response:
    """Who saw what, when and what for is in the audit trail before it is shown. Every showing is logged anew, and no
    answer is kept: it takes no Idempotency-Key."""
    asked = await read_model(request, context.limits, RevealIn)
    what = tuple(dict.fromkeys(asked.what))
    found = await context.personal_data.reveal_case(caller.platform_id, case_id, what, named(asked.by), asked.purpose)
    body = RevealOut.model_validate(found).model_dump_json(exclude_unset=True)
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})
