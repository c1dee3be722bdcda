"""Server-sent events to whoever has a page open: kinds and ids; the page asks for the rest."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from service.console.desk import Desk, requires
from service.console.pages import SECURITY
from service.console.queue_desk.summary import LOOKING
from service.review.live import LiveEvent, Seen

_RETRY_MS = 3_000


@requires()
async def live(request: Request, desk: Desk) -> Response:
    """``seen``: what the page shows; after a break the last event's id says it. ``case``: the one that is open."""
    given = request.headers.get("last-event-id") or request.query_params.get("seen", "")
    desk.use_cases.live.require_place(desk.platform_id)
    case_id = _case_id(request.query_params.get("case", "")) if desk.may(*LOOKING) else None
    if case_id is not None and await desk.use_cases.quality.blind(desk.platform_id, case_id, desk.user):
        case_id = None  # a case's version would say which of those to be judged are real, and which were decided
    events = desk.use_cases.live.events(
        platform_id=desk.platform_id,
        login=desk.user.login,
        session_id=desk.session.id,
        case_id=case_id,
        seen=Seen.parse(given) or Seen(),
    )
    headers = {**SECURITY, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(events), media_type="text/event-stream", headers=headers)


@requires()
async def banner(_request: Request, desk: Desk) -> Response:
    """What everybody of the platform has to know now."""
    return desk.page("live/banner.html")


async def _stream(events: AsyncIterator[LiveEvent]) -> AsyncIterator[str]:
    yield f"retry: {_RETRY_MS}\n\n"
    async for event in events:
        yield _written(event)


def _written(event: LiveEvent) -> str:
    if event.kind is None:
        return ": alive\n\n"
    data = {} if event.case_id is None else {"case": str(event.case_id), "version": event.version}
    return f"id: {event.id}\nevent: {event.kind.value}\ndata: {json.dumps(data)}\n\n"


def _case_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def live_routes() -> tuple[Route, ...]:
    return (
        Route("/live", live, methods=["GET"]),
        Route("/live/banner", banner, methods=["GET"]),
    )
