"""POST /v1/events: what happened on the platform, for later assessments to see."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request, Response

from service.api import documentation as docs
from service.api import examples
from service.api.body import media_type, parse_json, read_body, refuse_unstorable
from service.api.context import Context
from service.api.errors import UnsupportedMediaType
from service.api.schemas.events import MAX_EVENTS, EventIn, EventsIn, EventsOut
from service.api.security import EventsCaller
from service.api.validation import MAX_ERRORS, validate
from service.domain.errors import InvalidRequest, TooLarge

router = APIRouter(tags=["history"])

_NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl")
_LINES = {
    "application/x-ndjson": {
        "schema": {"type": "string", "description": "One event a line."},
        "examples": {
            "one_event": {
                "value": '{"event_id":"s-1","kind":"session","occurred_at":"2026-11-20T20:58:00+08:00",'
                '"account_id":"u-48213","device_id":"d-7f31c2"}\n'
            }
        },
    }
}


@router.post(
    "/v1/events",
    summary="Report history: accounts, orders, payments, fulfilments, refunds, sessions",
    operation_id="recordEvents",
    response_class=Response,
    openapi_extra=docs.json_body(EventsIn, examples.EVENTS, **_LINES),
    responses={
        200: docs.answer("Recorded", EventsOut, {"recorded": examples.EVENTS_RECORDED}),
        **docs.refusals(
            docs.MALFORMED_JSON,
            docs.BODY_CUT_OFF,
            docs.SCOPE_MISSING,
            docs.BODY_TOO_SLOW,
            TooLarge("A batch of events may be 4 MB at most. Send it in parts.", extra={"limit": 4 * 1024 * 1024}),
            UnsupportedMediaType("Send the events as application/json or, one a line, as application/x-ndjson."),
            InvalidRequest(
                "events[1].occurred_at is required. Correct what `errors` lists and send it again.",
                extra={"errors": [{"path": "events[1].occurred_at", "message": "is required"}], "error_count": 1},
            ),
            *docs.COMMON,
        ),
    },
)
async def record(request: Request, context: Context, caller: EventsCaller) -> Response:
    """Up to 1,000 events, recorded whole or not at all; an `event_id` already known is counted, not recorded again."""
    kind = media_type(request)
    if kind != "application/json" and kind not in _NDJSON:
        raise UnsupportedMediaType("Send the events as application/json or, one a line, as application/x-ndjson.")
    raw = await read_body(
        request, limit=context.limits.events_bytes, seconds=context.limits.seconds, what="A batch of events"
    )
    events = _batch(raw) if kind == "application/json" else _lines(raw)
    told = [event.to_domain() for event in events]
    async with context.casework.in_one():
        recorded = await context.review.record_events(caller, told)
        if recorded.accepted:
            await context.casework.late_records(caller.platform_id, told, caller.actor)
    body = EventsOut(accepted=recorded.accepted, duplicates=recorded.duplicates, recorded_at=recorded.recorded_at)
    return Response(body.model_dump_json(), media_type="application/json")


def _batch(raw: bytes) -> list[EventIn]:
    data = parse_json(raw, "The batch")
    refuse_unstorable(data)
    return validate(EventsIn, data).events


def _lines(raw: bytes) -> list[EventIn]:
    numbered = [(number, line) for number, line in _numbered(raw) if line.strip()]
    if not 1 <= len(numbered) <= MAX_EVENTS:
        raise InvalidRequest(f"A batch holds 1 to {MAX_EVENTS} events, one a line; this one holds {len(numbered)}.")
    events, errors = [], []
    for number, line in numbered:
        data = parse_json(line, f"Line {number}", line=number)
        try:
            refuse_unstorable(data)
            events.append(validate(EventIn, data))
        except InvalidRequest as wrong:
            errors += [{**item, "line": number} for item in wrong.extra.get("errors", [])]
    if errors:
        raise InvalidRequest(
            f"Line {errors[0]['line']}: {errors[0]['path']} {errors[0]['message']}. Correct what `errors` lists and "
            "send the whole batch again.",
            extra={"errors": errors[:MAX_ERRORS], "error_count": len(errors)},
        )
    return events


def _numbered(raw: bytes) -> Iterator[tuple[int, bytes]]:
    return enumerate(raw.split(b"\n"), start=1)
