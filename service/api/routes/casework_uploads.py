"""POST /v1/cases/{case_id}/…: what comes in for a case afterwards: files, appeals, answers, corrected facts."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response

from service.api import casework_examples as shown
from service.api.acting import act, act_on, acting
from service.api.body import announced, chunks, media_type, parse_json, read_model, refuse_encoding, refuse_unstorable
from service.api.conditional import IfMatch
from service.api.context import ApiContext, Context, Language
from service.api.multipart import read_upload
from service.api.schemas.casework import ActionIn, AppealIn, CorrectionsIn, EvidenceIn, SupplierAnswerIn
from service.api.schemas.claims import ClaimIn
from service.api.security import AnyCaller
from service.api.validation import validate
from service.domain.claims import Claim
from service.domain.errors import InvalidRequest
from service.review.materials import Corrected, NewEvidence
from service.review.requests import Caller, UploadedFile

router = APIRouter()
A = TypeVar("A", bound=ActionIn)
# By these the case is known; another is another case.
_FIXED = (("account", "id"), ("order", "order_number"), ("order", "currency"))


@router.post(
    "/v1/cases/{case_id}/evidence",
    summary="Add files to a live case",
    operation_id="addEvidence",
    **shown.upload(EvidenceIn, shown.BUYER, "As for a claim; at least one the order does not have."),
)
async def evidence(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """They make a new assessment: of a case that waited for them through `assessing`, else beside the reviewer."""
    materials = context.casework.materials
    with context.held.room(announced(request, context.limits.request_bytes, "The files of a case")):
        asked, files = await _upload(request, context, EvidenceIn)
        kept = await _keep(context, caller, asked, case_id, files)
        return await act_on(
            request, context, caller, language, asked, _said(asked, files),
            lambda _, who: materials.add_evidence(who, case_id, kept, expected),
        )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/appeal",
    summary="Appeal against a rejection",
    operation_id="appealCase",
    **shown.upload(AppealIn, shown.APPEAL, "Files that were not sent before."),
)
async def appeal(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """With a file or a statement that is new. Refused where the order has another live case, which is named."""
    work = context.casework
    with context.held.room(announced(request, context.limits.request_bytes, "An appeal")):
        if media_type(request) == "multipart/form-data":
            asked, files = await _upload(request, context, AppealIn)
        else:
            asked, files = await read_model(request, context.limits, AppealIn), ()
        kept = await _keep(context, caller, asked, case_id, files)
        return await act_on(
            request, context, caller, language, asked, _said(asked, files),
            lambda asked, who: work.appeals.appeal(who, case_id, asked.statement, kept, expected),
        )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/supplier-answer",
    summary="What supplier or seller answered",
    operation_id="answerSupplier",
    **shown.action(SupplierAnswerIn, shown.ANSWER),
)
async def supplier_answer(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """It makes a new assessment, with what it puts right in the record."""
    materials = context.casework.materials
    return await act(
        request, context, caller, language, SupplierAnswerIn,
        lambda asked, who: materials.answer_supplier(
            who, case_id, asked.answer,
            _corrected(caller.platform_id, {"fulfilment": asked.fulfilment}) if asked.fulfilment else None, expected,
        ),
    )  # fmt: skip


@router.post(
    "/v1/cases/{case_id}/corrections",
    summary="Put facts of the claim or order right",
    operation_id="correctCase",
    **shown.action(CorrectionsIn, shown.CORRECTIONS),
)
async def corrections(
    case_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller, language: Language, expected: IfMatch
) -> Response:
    """It makes a new assessment; the old one is kept with the claim it was made of. A buyer may put right what the
    buyer said: reason, statement and amount claimed."""
    materials = context.casework.materials
    asked = await read_model(request, context.limits, CorrectionsIn)
    changes = asked.changes()
    if not changes:
        raise InvalidRequest("Name at least one field that changes: account, order, fulfilment, reason_code, …")
    return await act_on(
        request, context, caller, language, asked, asked.model_dump(mode="json"),
        lambda asked, who: materials.correct(
            who, case_id, _corrected(caller.platform_id, changes), tuple(changes), asked.reason, expected
        ),
    )  # fmt: skip


async def _upload(request: Request, context: ApiContext, model: type[A]) -> tuple[A, tuple[UploadedFile, ...]]:
    refuse_encoding(request)
    upload = await read_upload(
        request.headers.get("content-type"), chunks(request, context.limits.seconds), context.limits, part="details"
    )
    data = parse_json(upload.claim, "The details") if upload.claim else {}
    refuse_unstorable(data)
    return validate(model, data), upload.files


async def _keep(
    context: ApiContext, caller: Caller, asked: ActionIn, case_id: uuid.UUID, files: tuple[UploadedFile, ...]
) -> tuple[NewEvidence, ...]:
    """Write the files, once it is known that this key may add to a case of its own platform."""
    who = acting(caller, asked)
    await context.casework.view(who, case_id)
    return await context.casework.materials.receive(caller.platform_id, files)


def _said(asked: ActionIn, files: tuple[UploadedFile, ...]) -> dict[str, Any]:
    hashes = sorted(hashlib.sha256(file.data).hexdigest() for file in files)
    return {"details": asked.model_dump(mode="json"), "files": hashes}


def _corrected(platform_id: str, changes: Mapping[str, Any]) -> Corrected:
    """How a claim's JSON is corrected: merged, and held to everything a claim is held to."""
    for part, name in _FIXED:
        if isinstance(changes.get(part), dict) and name in changes[part]:
            message = "is what the case is known by and cannot change"
            raise InvalidRequest(
                f"{part}.{name} {message}.",
                extra={"errors": [{"path": f"{part}.{name}", "message": message}], "error_count": 1},
            )
    refuse_unstorable(dict(changes))

    def correct(request: Mapping[str, Any]) -> tuple[Claim, Mapping[str, Any]]:
        merged = _merged(dict(request), changes)
        return validate(ClaimIn, merged).to_domain(platform_id), merged

    return correct


def _merged(target: dict[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON merge patch (RFC 7396)."""
    merged = dict(target)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            below = merged.get(name)
            merged[name] = _merged(below if isinstance(below, dict) else {}, value)
        else:
            merged[name] = value
    return merged
