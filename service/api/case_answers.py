"""A case as an answer: the same body, language, ETag and documentation wherever a case is answered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from service.api import conditional, examples, idempotency
from service.api import documentation as docs
from service.api.rendering import case_out
from service.api.schemas.answers import CaseOut
from service.api.schemas.fields import Strict
from service.domain.errors import IllegalMove, InvalidRequest, NotFound, PrereviewError
from service.review.requests import Caller, CaseView, Scope

NO_SUCH_CASE = NotFound("There is no such case on this platform. Check the id, and that the key is the platform's own.")
BAD_CASE_ID = InvalidRequest(
    "path.case_id must be a UUID. Correct what `errors` lists and send it again.",
    extra={"errors": [{"path": "path.case_id", "message": "must be a UUID"}], "error_count": 1},
)
ILLEGAL = IllegalMove("A case that is paid cannot be withdrawn. From here it can only be: reversed.")


def case_body(view: CaseView, caller: Caller, language: str, linked_claim_id: uuid.UUID | None = None) -> CaseOut:
    """The case as this caller may see it."""
    return case_out(
        view,
        language=language,
        internal=Scope.INTERNAL in caller.scopes,
        people=not caller.scopes.isdisjoint({Scope.REVIEW, Scope.REVIEW_SENIOR}),
        linked_claim_id=linked_claim_id,
    )


def case_answer(
    request: Request,
    view: CaseView,
    caller: Caller,
    language: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    linked_claim_id: uuid.UUID | None = None,
) -> Response:
    """The case as this caller may see it, with its ETag; 304 where a GET names the same."""
    out = case_body(view, caller, language, linked_claim_id)
    sent = {"Content-Language": language, "Vary": "Accept-Language, Authorization", **(headers or {})}
    return conditional.answer(
        request, out.model_dump_json().encode(), version=view.case.version, status=status, headers=sent
    )


def case_action(
    body: type[Strict],
    example: Mapping[str, Any],
    answer: Mapping[str, Any] = examples.APPROVED,
    *refusals: PrereviewError,
) -> dict[str, Any]:
    """What a route that acts on a case documents, as keyword arguments of ``router.post``.

    ``example`` of its body, ``answer``: of the case afterwards; ``refusals``: those only this action knows.
    """
    extra = docs.json_body(body, dict(example))
    extra["parameters"] = [idempotency.parameter()]
    return {
        "response_class": Response,
        "openapi_extra": extra,
        "responses": {
            200: docs.answer(
                "The case afterwards", CaseOut, {"case": answer}, {**conditional.HEADERS, **idempotency.HEADERS}
            ),
            **docs.refusals(
                *idempotency.REFUSALS,
                conditional.UNREADABLE,
                docs.MALFORMED_JSON,
                docs.BODY_CUT_OFF,
                docs.BODY_TOO_SLOW,
                docs.NOT_JSON,
                docs.BODY_TOO_LARGE,
                docs.SCOPE_MISSING,
                NO_SUCH_CASE,
                ILLEGAL,
                conditional.STALE,
                BAD_CASE_ID,
                *refusals,
                *docs.COMMON,
            ),
        },
    }
