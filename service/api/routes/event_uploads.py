"""POST /v1/events/uploads/{upload}: history by the hundred thousand, one event a line, taken up where it broke off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ValidationError

from service.api import documentation as docs
from service.api.body import chunks, media_type, refuse_encoding
from service.api.context import ApiContext, Context
from service.api.errors import UnsupportedMediaType
from service.api.schemas.events import EventIn
from service.api.security import EventsCaller
from service.api.validation import validate
from service.domain.errors import Conflict, InvalidRequest, NotFound, TooLarge
from service.domain.history import HistoryEvent
from service.domain.uploads import LineError, UploadStanding
from service.review.requests import Caller

router = APIRouter(tags=["history"])

PIECE = 2_000
"""Lines a transaction: large enough that a commit is a small part of it, small enough that others are not held up."""

MAX_LINE = 32 * 1024
MAX_ERRORS = 1_000
_SECONDS = 3_600.0
_NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl")
_NUL = b"\\u0000"

Upload = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="Your own name of this upload, unique on the platform.")
]


class LineErrorOut(BaseModel):
    line: int
    path: str
    message: str


class UploadOut(BaseModel):
    """``lines``: settled so far; go on with line ``lines`` + 1. ``errors``: of this request, at most 1,000."""

    upload: str
    lines: int
    accepted: int
    duplicates: int
    refused: int
    updated_at: datetime
    errors: list[LineErrorOut]


_EXAMPLE: dict[str, Any] = {
    "upload": "2026-11-20-orders",
    "lines": 120000,
    "accepted": 119998,
    "duplicates": 1,
    "refused": 1,
    "updated_at": "2026-11-21T02:00:14Z",
    "errors": [{"line": 77121, "path": "occurred_at", "message": "is required"}],
}
_ELSEWHERE = Conflict(
    "Upload '2026-11-20-orders' is at line 44000, not at line 0: go on with from_line=44001.", extra={"lines": 44000}
)
_LONG = TooLarge("Line 77121 is longer than 32 kB. Send an event a line.", extra={"limit": MAX_LINE, "line": 77121})
_TYPE = UnsupportedMediaType("Send the events one a line, as application/x-ndjson.")
_UNKNOWN = NotFound("There is no upload '2026-11-20-orders' on your platform; begin it with its first line.")
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-ndjson": {
                "schema": {"type": "string", "description": "One event a line, as in POST /v1/events."},
                "examples": {
                    "one_event": {
                        "value": '{"event_id":"s-1","kind":"session","occurred_at":"2026-11-20T20:58:00+08:00",'
                        '"account_id":"u-48213","device_id":"d-7f31c2"}\n'
                    }
                },
            }
        },
    }
}


@dataclass(frozen=True, slots=True)
class _Piece:
    """So many lines, read."""

    lines: int
    events: list[tuple[int, HistoryEvent]]
    errors: list[LineError]


@dataclass(slots=True)
class _Progress:
    """What this request has come to."""

    lines: int
    errors: list[LineError] = field(default_factory=list)
    standing: UploadStanding | None = None


@router.post(
    "/v1/events/uploads/{upload}",
    summary="Report history by the hundred thousand",
    operation_id="uploadEvents",
    response_class=Response,
    openapi_extra=_BODY,
    responses={
        200: docs.answer("Settled to the last line sent", UploadOut, {"one_line_refused": _EXAMPLE}),
        **docs.refusals(docs.BODY_CUT_OFF, docs.BODY_TOO_SLOW, docs.SCOPE_MISSING, _ELSEWHERE, _LONG, _TYPE,
                        InvalidRequest("query.from_line must be at least 1."), *docs.COMMON),
    },
)  # fmt: skip
async def upload_events(
    upload: Upload,
    request: Request,
    context: Context,
    caller: EventsCaller,
    from_line: Annotated[int, Query(ge=1, le=10**12, description="Of the first line sent in this request.")] = 1,
) -> Response:
    """Each 2,000 lines commit together with how far they came. A line with errors is named and passed over; where the
    connection breaks, ask how far it came and send the rest with `from_line`. Sending a line twice records it once.
    """
    if media_type(request) not in _NDJSON:
        raise _TYPE
    refuse_encoding(request)
    progress = _Progress(lines=from_line - 1)
    async with aclosing(_read_ahead(_pieces(request, progress.lines), progress.lines)) as pieces:
        async for piece in pieces:
            await _settle(context, caller, upload, piece, progress)
    if progress.standing is None:
        await _settle(context, caller, upload, _Piece(0, [], []), progress)
    assert progress.standing is not None
    return _answer(progress.standing, progress.errors)


@router.get(
    "/v1/events/uploads/{upload}",
    summary="How far an upload of history has come",
    operation_id="getEventUpload",
    response_class=Response,
    responses={
        200: docs.answer("Its standing", UploadOut, {"under_way": {**_EXAMPLE, "errors": []}}),
        **docs.refusals(docs.SCOPE_MISSING, _UNKNOWN, *docs.COMMON),
    },
)
async def standing(upload: Upload, context: Context, caller: EventsCaller) -> Response:
    """Errors are told in the answer to the request that had them."""
    return _answer(await context.uploads.standing(caller, upload), [])


async def _settle(context: ApiContext, caller: Caller, upload: str, piece: _Piece, progress: _Progress) -> None:
    refused = len({error.line for error in piece.errors})
    progress.standing, late = await context.uploads.record(
        caller, upload, progress.lines, piece.lines, piece.events, refused
    )
    progress.lines += piece.lines
    progress.errors += [*piece.errors, *late][: MAX_ERRORS - len(progress.errors)]


async def _read_ahead(pieces: AsyncIterator[list[bytes]], before: int) -> AsyncGenerator[_Piece]:
    """The pieces' events. The next is received and read while the database takes the one before: at most three pieces
    are in memory."""
    ahead: asyncio.Queue[_Piece | Exception | None] = asyncio.Queue(maxsize=1)

    async def read() -> None:
        seen = before
        try:
            async for lines in pieces:
                events, errors = await asyncio.to_thread(_read, lines, seen)
                seen += len(lines)
                await ahead.put(_Piece(len(lines), events, errors))
        except Exception as error:  # told once what came before it is settled
            await ahead.put(error)
        else:
            await ahead.put(None)

    reading = asyncio.create_task(read())
    try:
        while (piece := await ahead.get()) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece
    finally:
        reading.cancel()
        await asyncio.wait([reading])


async def _pieces(request: Request, before: int) -> AsyncIterator[list[bytes]]:
    """Lists of at most PIECE whole lines, as they arrive."""
    rest, piece, seen = b"", [], before
    async for chunk in chunks(request, _SECONDS):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            seen += 1
            _refuse_long(line, seen)
            piece.append(line)
            if len(piece) == PIECE:
                yield piece
                piece = []
        _refuse_long(rest, seen + 1)
    if rest.strip():
        piece.append(rest)
    if piece:
        yield piece


def _refuse_long(line: bytes, number: int) -> None:
    if len(line) > MAX_LINE:
        raise TooLarge(
            f"Line {number} is longer than 32 kB. Send an event a line; those before it may have been kept.",
            extra={"limit": MAX_LINE, "line": number},
        )


def _read(piece: list[bytes], before: int) -> tuple[list[tuple[int, HistoryEvent]], list[LineError]]:
    events: list[tuple[int, HistoryEvent]] = []
    errors: list[LineError] = []
    for number, line in enumerate(piece, start=before + 1):
        if not line.strip():
            continue
        try:
            if _NUL in line:
                raise InvalidRequest("", extra={"errors": [{"path": "", "message": "holds the character U+0000"}]})
            events.append((number, _event(line)))
        except orjson.JSONDecodeError as broken:
            errors.append(LineError(number, "", f"is not valid JSON: {broken.msg} at column {broken.colno}"))
        except InvalidRequest as wrong:
            errors += [LineError(number, each["path"], each["message"]) for each in wrong.extra["errors"]]
    return events, errors


def _event(line: bytes) -> HistoryEvent:
    data = orjson.loads(line)
    try:
        return EventIn.model_validate(data).to_domain()
    except ValidationError:
        return validate(EventIn, data).to_domain()  # raises the same with sentences for people


def _answer(standing: UploadStanding, errors: list[LineError]) -> Response:
    body = UploadOut(
        upload=standing.upload,
        lines=standing.lines,
        accepted=standing.accepted,
        duplicates=standing.duplicates,
        refused=standing.refused,
        updated_at=standing.updated_at,
        errors=[LineErrorOut(line=each.line, path=each.path, message=each.message) for each in errors],
    )
    return Response(body.model_dump_json(), media_type="application/json")
