"""What is done with the lock on one case."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.desk import Desk, requires
from service.console.queue_desk.strip import HOLDS, lock_strip
from service.console.queue_desk.summary import ACTING, LOOKING
from service.console.queue_desk.words import said
from service.domain.errors import Conflict, Forbidden, InvalidRequest, NotFound

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}\Z")


@requires(*LOOKING)
async def strip(request: Request, desk: Desk) -> Response:
    """Who has the case, for a page that hears of a change; ``version``: of the case as that page shows it."""
    return await _strip(desk, _case_id(request), request.query_params.get("version", ""))


@requires(*ACTING)
async def act(request: Request, desk: Desk) -> Response:
    """Take, release, hand over, put on hold, or end the hold; refused, the strip says why."""
    case_id, what = _case_id(request), desk.form.get("act")
    done = _ACTS.get(what)
    if done is None:
        raise InvalidRequest("There is no such thing to do with a lock.")
    try:
        leads_to = await done(desk, case_id)
    except (Conflict, Forbidden, InvalidRequest) as error:
        return await _strip(desk, case_id, desk.form.get("version"), fault=said(error, desk.say), status=error.status)
    return desk.go(leads_to)


@requires(*ACTING)
async def beat(request: Request, desk: Desk) -> Response:
    """A sign of work on a case: its lock lasts longer. 204 while it is theirs, the strip once it is not."""
    case_id = _case_id(request)
    if await desk.use_cases.case_locks.extend(desk.user, case_id) is not None:
        return Response(status_code=204, headers={"Cache-Control": "no-store"})
    return await _strip(desk, case_id, desk.form.get("version"))


async def _take(desk: Desk, case_id: uuid.UUID) -> str:
    await desk.use_cases.case_locks.take(desk.user, case_id)
    return f"/cases/{case_id}"


async def _release(desk: Desk, case_id: uuid.UUID) -> str:
    await desk.use_cases.case_locks.release(desk.user, case_id)
    return "/queues"


async def _hand_over(desk: Desk, case_id: uuid.UUID) -> str:
    await desk.use_cases.case_locks.hand_over(desk.user, case_id, desk.form.get("to"), desk.form.get("note"))
    return "/queues"


async def _hold(desk: Desk, case_id: uuid.UUID) -> str:
    await desk.use_cases.case_locks.put_on_hold(desk.user, case_id, desk.form.get("reason"), _wakes_at(desk))
    return "/queues"


async def _end_hold(desk: Desk, case_id: uuid.UUID) -> str:
    await desk.use_cases.case_locks.end_hold(desk.user, case_id)
    return f"/cases/{case_id}"


_ACTS: Mapping[str, Callable[[Desk, uuid.UUID], Awaitable[str]]] = {
    "take": _take,
    "release": _release,
    "hand-over": _hand_over,
    "hold": _hold,
    "end-hold": _end_hold,
}


def _wakes_at(desk: Desk) -> datetime:
    """One of the moments offered, or the one typed in the platform's zone. InvalidRequest for anything else."""
    now, typed = desk.use_cases.queues.now(), desk.form.get("until")
    hours = HOLDS.get(desk.form.get("for"))
    if not typed and hours is not None:
        return now + timedelta(hours=hours)
    if not _MOMENT.match(typed):
        raise InvalidRequest("When shall it wake up?", extra={"code": "hold_until"})
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(desk.platform.zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidRequest("When shall it wake up?", extra={"code": "hold_until"}) from None


async def _strip(desk: Desk, case_id: uuid.UUID, version: str, *, fault: str = "", status: int = 200) -> Response:
    found = (await desk.use_cases.quality.sight(desk.platform_id, case_id, desk.user)).view
    shown = int(version) if version.isascii() and version.isdigit() and len(version) <= 9 else found.case.version
    lock = await lock_strip(desk, case_id, shown, fault=fault)
    moved_on = found.case.version > shown
    # In a page of its own where there are no scripts.
    template = "queues/strip.html" if desk.request.headers.get("hx-request") else "queues/strip_page.html"
    return desk.page(template, status=status, lock=lock, moved_on=moved_on, number=found.case.number)


def _case_id(request: Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.path_params["case_id"])
    except ValueError:
        raise NotFound("There is no case with this id on your platform.") from None


ROUTES = (
    Route("/locks/{case_id}", strip, methods=["GET"]),
    Route("/locks/{case_id}", act, methods=["POST"]),
    Route("/locks/{case_id}/beat", beat, methods=["POST"]),
)
