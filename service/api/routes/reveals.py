"""POST /v1/cases/{case_id}/reveals and /consent-withdrawal: personal data shown for a logged purpose, or taken back."""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Request, Response

from service.api import documentation as docs
from service.api.acting import named
from service.api.body import read_model
from service.api.case_answers import BAD_CASE_ID, NO_SUCH_CASE
from service.api.context import Context
from service.api.schemas.reveals import ConsentWithdrawalIn, ConsentWithdrawalOut, RevealIn, RevealOut
from service.api.security import CasesCaller, ReviewCaller
from service.domain.errors import BadRequest

router = APIRouter(tags=["cases"])

_NO_PURPOSE = BadRequest(
    "say what for: personal data are shown, handed out and erased only for a purpose, and it is logged"
)
_WITHDRAWAL = {"by": "ana.lopez", "reason": "the buyer asked by phone"}
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


@router.post(
    "/v1/cases/{case_id}/consent-withdrawal",
    summary="Take back the buyer's consent to reading identity papers",
    operation_id="withdrawConsent",
    response_class=Response,
    openapi_extra=docs.json_body(ConsentWithdrawalIn, _WITHDRAWAL),
    responses={
        200: docs.answer("Withdrawn", ConsentWithdrawalOut, {"one_paper": {"consents": 1, "files": 1}}),
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
async def withdraw_consent(case_id: uuid.UUID, request: Request, context: Context, caller: CasesCaller) -> Response:
    """The order's identity papers and what was read of them go; papers sent later are kept sealed and not read, until
    a claim brings a new consent. Sent again it changes nothing: it takes no Idempotency-Key."""
    asked = await read_model(request, context.limits, ConsentWithdrawalIn)
    done = await context.personal_data.withdraw_consent(caller.platform_id, case_id, named(asked.by), asked.reason)
    body = ConsentWithdrawalOut(consents=done.consents, files=done.files)
    return Response(body.model_dump_json(), media_type="application/json")
