"""From a claim's JSON and files to a submission, and from its answer to a status: for one claim or many."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from service.api.body import refuse_unstorable
from service.api.errors import PlatformMismatch
from service.api.schemas.claims import ClaimIn
from service.api.validation import validate
from service.domain.errors import InvalidClaim
from service.review.requests import Answer, AnswerKind, Caller, Submission, UploadedFile

POLL_SECONDS = 2


def submission(
    caller: Caller, data: Any, files: tuple[UploadedFile, ...], key: str, *, respond_async: bool
) -> Submission:
    """``data``: the claim's JSON, parsed. InvalidClaim, PlatformMismatch."""
    refuse_unstorable(data, InvalidClaim)
    claim = validate(ClaimIn, data, InvalidClaim)
    if claim.platform not in (None, caller.platform_id):
        raise PlatformMismatch(
            "The claim names another platform than this key's. Leave `platform` out, or use that platform's key."
        )
    return Submission(
        claim=claim.to_domain(caller.platform_id),
        claim_data=data,
        files=files,
        idempotency_key=key,
        respond_async=respond_async,
    )


def prefers_async(request: Request) -> bool:
    preferences = ",".join(request.headers.getlist("prefer")).split(",")
    return any(item.partition(";")[0].strip().lower() == "respond-async" for item in preferences)


def status_of(answer: Answer) -> int:
    """200 linked to a live case, 201 decided, 202 to be polled."""
    if answer.kind is AnswerKind.LINKED or answer.linked_claim_id is not None:
        return 200
    return 202 if answer.kind is AnswerKind.PENDING or answer.view.assessment is None else 201


def decision_label(answer: Answer) -> str:
    """For the metrics."""
    return answer.view.assessment.verdict.decision.value if answer.view.assessment else "pending"
