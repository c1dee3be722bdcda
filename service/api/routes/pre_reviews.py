"""POST /v1/pre-reviews and GET /v1/cases/{case_id}: a claim gets its answer."""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Request, Response

from service.api import conditional, examples, idempotency
from service.api import documentation as docs
from service.api.body import announced, chunks, parse_json, refuse_encoding
from service.api.case_answers import BAD_CASE_ID, NO_SUCH_CASE, case_answer
from service.api.context import ApiContext, Context, Language
from service.api.errors import (
    MalformedBody,
    PlatformMismatch,
    UnsupportedMediaType,
)
from service.api.multipart import read_upload
from service.api.schemas.answers import CaseOut
from service.api.schemas.claims import ClaimIn
from service.api.security import ClaimsCaller
from service.api.submissions import POLL_SECONDS, decision_label, prefers_async, status_of, submission
from service.domain.errors import (
    IdempotencyKeyReused,
    InvalidClaim,
    RequestInFlight,
    TooLarge,
)
from service.review.requests import Answer, AnswerKind, Caller, Scope

router = APIRouter(tags=["claims"])


_INVALID = InvalidClaim(
    "order.amount_paid must be a whole number (amounts: integer minor units). Correct what `errors` lists and send it "
    "again.",
    extra={
        "errors": [{"path": "order.amount_paid", "message": "must be a whole number (amounts: integer minor units)"}],
        "error_count": 1,
    },
)
_BODY = {
    "parameters": [
        idempotency.parameter(),
        {
            "name": "Prefer",
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
            "description": "`respond-async`: answer 202 at once and let the case be polled.",
            "example": "respond-async",
        },
    ],
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["claim"],
                    "properties": {
                        "claim": docs.ref(ClaimIn),
                        "evidence": {
                            "type": "array",
                            "maxItems": 20,
                            "items": {"type": "string", "format": "binary"},
                            "description": "Screenshots: PNG, JPEG, WebP, HEIC, a still GIF, or a zip of them; "
                            "10 MB each, 40 MB together. Any part name will do.",
                        },
                    },
                },
                "encoding": {"claim": {"contentType": "application/json"}},
                "examples": {"code_invalid": {"value": {"claim": examples.CLAIM, "evidence": []}}},
            }
        },
    },
}
_POLLING = {"Location": "Where the case is.", "Retry-After": "Seconds to wait before asking."}
_CREATED = {"Location": "Where the case is.", **idempotency.HEADERS, **conditional.HEADERS}


@router.post(
    "/v1/pre-reviews",
    summary="Send a claim with its screenshots, get the answer",
    operation_id="submitPreReview",
    status_code=201,
    response_class=Response,
    openapi_extra=_BODY,
    responses={
        201: docs.answer(
            "Decided",
            CaseOut,
            {
                "approved": examples.APPROVED,
                "in_review_with_internal_scope": examples.IN_REVIEW,
                "materials_needed": examples.MATERIALS_NEEDED,
            },
            _CREATED,
        ),
        200: docs.answer(
            "The order already has a live case; this claim is linked to it", CaseOut, {"linked": examples.LINKED}
        ),
        202: docs.answer("Accepted, not decided yet: poll the case", CaseOut, {"pending": examples.PENDING}, _POLLING),
        **docs.refusals(
            idempotency.MISSING,
            idempotency.INVALID,
            docs.MALFORMED_JSON,
            MalformedBody("There is no part named `claim`. Send the claim's JSON in a part of that name."),
            docs.BODY_CUT_OFF,
            PlatformMismatch("The claim names the platform `north`, but this key belongs to another."),
            docs.SCOPE_MISSING,
            docs.BODY_TOO_SLOW,
            IdempotencyKeyReused(
                "This key was used for another claim. Use a new one, or send the same claim and files."
            ),
            RequestInFlight("The first request with this key is still being answered. Ask again in a second."),
            TooLarge("File 2 is larger than 10 MB. Send less.", extra={"limit": 10 * 1024 * 1024}),
            UnsupportedMediaType("Send multipart/form-data: a part named `claim` with the claim's JSON."),
            _INVALID,
            *docs.COMMON,
        ),
    },
)
async def submit(request: Request, context: Context, caller: ClaimsCaller, language: Language) -> Response:
    """Multipart: the part `claim` holds the claim's JSON, every other part is a file.

    The same key with the same claim and files gives the same answer; nothing is decided twice.
    """
    key = idempotency.required_key(request)
    refuse_encoding(request)
    with context.held.room(announced(request, context.limits.request_bytes, "A claim with its files")):
        upload = await read_upload(
            request.headers.get("content-type"), chunks(request, context.limits.seconds), context.limits
        )
        data = parse_json(upload.claim, "The claim")
        asked = submission(caller, data, upload.files, key, respond_async=prefers_async(request))
        answer = await context.review.submit(caller, asked)
    return _respond(request, answer, context, caller, language)


def _respond(request: Request, answer: Answer, context: ApiContext, caller: Caller, language: str) -> Response:
    context.metrics.answers.labels(answer.kind.value, decision_label(answer)).inc()
    headers: dict[str, str] = {"Location": f"/v1/cases/{answer.view.case.id}"}
    if answer.kind is AnswerKind.REPLAYED:
        headers[idempotency.REPLAYED] = "true"
    if answer.view.assessment is None:
        headers["Retry-After"] = str(POLL_SECONDS)
    status, linked = status_of(answer), answer.linked_claim_id
    return case_answer(request, answer.view, caller, language, status=status, headers=headers, linked_claim_id=linked)


@router.get(
    "/v1/cases/{case_id}",
    summary="How a case stands",
    operation_id="getCase",
    response_class=Response,
    responses={
        200: docs.answer(
            "The case",
            CaseOut,
            {"approved": examples.APPROVED, "not_decided_yet": examples.PENDING},
            conditional.HEADERS,
        ),
        **conditional.not_modified(),
        **docs.refusals(NO_SUCH_CASE, docs.SCOPE_MISSING, BAD_CASE_ID, *docs.COMMON),
    },
)
async def case(
    case_id: uuid.UUID, request: Request, context: Context, caller: ClaimsCaller, language: Language
) -> Response:
    """The case with its latest assessment; `decision` is null while there is none."""
    view = await context.review.case(caller, case_id)
    if Scope.INTERNAL in caller.scopes:
        view = await context.sightings.told(view)
    return case_answer(request, view, caller, language)
