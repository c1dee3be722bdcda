"""POST /v1/pre-reviews/batch: many claims in one request, each accepted and answered for itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response

from service.api import documentation as docs
from service.api import examples, problems
from service.api.body import announced, chunks, media_type, parse_json, read_body, refuse_encoding
from service.api.case_answers import case_body
from service.api.context import ApiContext, Context, Language
from service.api.errors import MalformedBody, UnsupportedMediaType
from service.api.multipart import Upload, read_upload
from service.api.schemas.batches import MAX_ITEMS, BatchItemIn, BatchOut, BatchResultOut
from service.api.security import ClaimsCaller, spend
from service.api.submissions import decision_label, prefers_async, status_of, submission
from service.api.validation import validate
from service.domain.errors import InvalidRequest, PrereviewError, TooLarge
from service.review.requests import AnswerKind, Caller, UploadedFile

router = APIRouter(tags=["claims"])
_log = structlog.get_logger("prereview.api")

_PART = "claims"
_LINES = ("application/x-ndjson", "application/ndjson", "application/jsonl")
# Few at once: a batch must not take the places of claims whose buyers wait. Past the seconds the rest is accepted only.
_AT_ONCE = 4
_ANSWER_WITHIN = 20.0
_WRONG_TYPE = UnsupportedMediaType(
    "Send the claims as application/json (a list), one a line as application/x-ndjson, or with their files as "
    "multipart/form-data with the claims in a part named `claims`."
)
_ITEMS = {"type": "array", "items": docs.ref(BatchItemIn), "minItems": 1, "maxItems": MAX_ITEMS}
_BODY = {
    "parameters": [
        {
            "name": "Prefer",
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
            "description": "`respond-async`: accept all, decide later.",
            "example": "respond-async",
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "required": [_PART], "properties": {_PART: _ITEMS}},
                "encoding": {_PART: {"contentType": "application/json, application/x-ndjson"}},
                "examples": {"two_claims": {"value": {_PART: examples.BATCH}}},
            },
            "application/json": {"schema": _ITEMS, "examples": {"two_claims": {"value": examples.BATCH}}},
            "application/x-ndjson": {
                "schema": {"type": "string", "description": "One claim of the batch a line."},
                "examples": {"one_claim": {"value": examples.BATCH_LINE}},
            },
        },
    },
}


@dataclass(frozen=True, slots=True)
class _Batch:
    items: Sequence[Any]
    files: dict[str, list[UploadedFile]]


@router.post(
    "/v1/pre-reviews/batch",
    summary="Send up to 100 claims, each answered or accepted on its own",
    operation_id="submitPreReviews",
    response_class=Response,
    openapi_extra=_BODY,
    responses={
        200: docs.answer("One result for each claim", BatchOut, {"one_taken_one_refused": examples.BATCH_ANSWER}),
        **docs.refusals(
            docs.MALFORMED_JSON,
            MalformedBody("There is no part named `claims`. Send the claims in a part of that name."),
            docs.BODY_CUT_OFF,
            docs.SCOPE_MISSING,
            docs.BODY_TOO_SLOW,
            TooLarge("The files of one request may be 40 MB together. Send fewer or smaller ones."),
            _WRONG_TYPE,
            InvalidRequest("A batch holds 1 to 100 claims; this one holds 250. Send them in parts."),
            *docs.COMMON,
        ),
    },
)
async def submit_many(request: Request, context: Context, caller: ClaimsCaller, language: Language) -> Response:
    """A claim that is refused does not touch the others; sending the batch again decides nothing twice.

    Files go in parts of their own; each claim names its parts in `evidence`. After 20 s the claims left are accepted
    and decided later.
    """
    refuse_encoding(request)
    with context.held.room(announced(request, context.limits.batch.request_bytes, "A batch with its files")):
        batch = await _read(request, context)
        await spend(request, context, caller, len(batch.items) - 1)
        results = await _answer_all(_Work(request, context, caller, language, batch))
    accepted = sum(result.problem is None for result in results)
    body = BatchOut(accepted=accepted, refused=len(results) - accepted, results=results)
    return Response(
        body.model_dump_json(),
        media_type="application/json",
        headers={"Content-Language": language, "Vary": "Accept-Language"},
    )


async def _read(request: Request, context: ApiContext) -> _Batch:
    kind, limits = media_type(request), context.limits.batch
    if kind == "multipart/form-data":
        upload = await read_upload(
            request.headers.get("content-type"), chunks(request, limits.seconds), limits, part=_PART
        )
        if not upload.claim:
            raise MalformedBody(f"There is no part named `{_PART}`. Send the claims in a part of that name.")
        return _Batch(_items(upload.claim), _by_part(upload))
    if kind not in ("application/json", *_LINES):
        raise _WRONG_TYPE
    raw = await read_body(request, limit=limits.claim_bytes, seconds=limits.seconds, what="The claims of a batch")
    return _Batch(_items(raw), {})


def _items(raw: bytes) -> list[Any]:
    """A JSON list, or one value a line."""
    if raw.lstrip()[:1] == b"[":
        items = parse_json(raw, "The list of claims")
    else:
        lines = enumerate(raw.split(b"\n"), start=1)
        items = [parse_json(line, f"Line {number}", line=number) for number, line in lines if line.strip()]
    if not 1 <= len(items) <= MAX_ITEMS:
        raise InvalidRequest(f"A batch holds 1 to {MAX_ITEMS} claims; this one holds {len(items)}. Send them in parts.")
    return list(items)


def _by_part(upload: Upload) -> dict[str, list[UploadedFile]]:
    files: dict[str, list[UploadedFile]] = {}
    for part, file in zip(upload.parts, upload.files, strict=True):
        files.setdefault(part, []).append(file)
    return files


@dataclass(frozen=True, slots=True)
class _Work:
    request: Request
    context: ApiContext
    caller: Caller
    language: str
    batch: _Batch


async def _answer_all(work: _Work) -> list[BatchResultOut]:
    free, begun = asyncio.Semaphore(_AT_ONCE), time.monotonic()
    prefers = prefers_async(work.request)

    async def one(index: int, item: Any) -> BatchResultOut:
        async with free:
            later = prefers or time.monotonic() - begun > _ANSWER_WITHIN
            try:
                return await _answer(work, index, item, later=later)
            except PrereviewError as refused:
                return _refused(work, index, item, refused)
            except Exception as unforeseen:  # one claim's trouble is not the others'
                _log.error("a claim of a batch failed", index=index, error=type(unforeseen).__qualname__)
                return _refused(work, index, item, PrereviewError(problems.UNFORESEEN))

    return list(await asyncio.gather(*(one(index, item) for index, item in enumerate(work.batch.items))))


async def _answer(work: _Work, index: int, data: Any, *, later: bool) -> BatchResultOut:
    item = validate(BatchItemIn, data)
    files = tuple(file for part in dict.fromkeys(item.evidence) for file in _files(work.batch, part))
    if len(files) > work.context.limits.files:
        raise TooLarge(f"A claim may carry {work.context.limits.files} files at most, this one names {len(files)}.")
    asked = submission(work.caller, item.claim, files, item.idempotency_key, respond_async=later)
    answer = await work.context.review.submit(work.caller, asked)
    work.context.metrics.answers.labels(answer.kind.value, decision_label(answer)).inc()
    case = case_body(answer.view, work.caller, work.language, answer.linked_claim_id)
    return BatchResultOut(
        index=index,
        idempotency_key=item.idempotency_key,
        status=status_of(answer),
        replayed=answer.kind is AnswerKind.REPLAYED,
        case=case,
        problem=None,
    )


def _files(batch: _Batch, part: str) -> list[UploadedFile]:
    try:
        return batch.files[part]
    except KeyError:
        raise InvalidRequest(
            "evidence names a part that was not sent. Give every file a part of the name the claim uses.",
            extra={"errors": [{"path": "evidence", "message": "names a part that was not sent"}], "error_count": 1},
        ) from None


def _refused(work: _Work, index: int, item: Any, error: PrereviewError) -> BatchResultOut:
    document = problems.document(error, problems.request_id(work.request))
    if error.retry_after is not None:
        document["retry_after"] = error.retry_after
    key = item.get("idempotency_key") if isinstance(item, dict) else None
    return BatchResultOut(
        index=index,
        idempotency_key=key if isinstance(key, str) else None,
        status=error.status,
        replayed=False,
        case=None,
        problem=problems.ProblemOut.model_validate(document),
    )
