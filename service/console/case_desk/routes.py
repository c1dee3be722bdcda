"""The pages of one case: what it shows, what is done to it, its pictures, and the decisions one can take back."""

from __future__ import annotations

import uuid

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.case_desk.adding_files import add_files
from service.console.case_desk.deciding import decide
from service.console.case_desk.intended import typed_again
from service.console.case_desk.marking import correct_reading, mark
from service.console.case_desk.revealing import reveal
from service.console.case_desk.seat import ACTING, LOOKING, Attempt, Seat, case_id_of, seat_at
from service.console.case_page.forms import major
from service.console.desk import Desk, requires
from service.console.pages import SECURITY
from service.domain.assessment import Text
from service.domain.errors import NotFound
from service.domain.holding import Ended, Held
from service.domain.money import Money


@requires(*LOOKING)
async def case(request: Request, desk: Desk) -> Response:
    """A case in one look."""
    seat = await _seat(request, desk)
    if isinstance(seat, Response):
        return seat
    held = await _own(seat, request.query_params.get("undone", ""))
    if held is not None and held.ended is Ended.UNDONE:
        what = held.intended
        amount = "" if what.amount is None else major(Money(what.amount, seat.currency))
        attempt = Attempt(typed=typed_again(what, amount), materials=frozenset(what.materials))
        notice = desk.say(
            "已撤回，没有任何内容生效。填写的内容仍在下面。",
            "Taken back; nothing took effect. What you wrote is still below.",
        )
        return await seat.page(attempt, notice=notice)
    if held is not None:
        return await seat.page(
            notice=desk.say("已经生效，不能再撤回。", "It has taken effect and cannot be taken back any more.")
        )
    done = _DONE.get(request.query_params.get("done", ""))
    return await seat.page(notice=done.get(desk.look.language) if done is not None else "")


_DONE = {
    "mark": Text(zh="标记已记录。", en="The mark is recorded."),
    "add-files": Text(zh="文件已添加，正在重新预审。", en="Added; the case is being assessed anew."),
    "correct-reading": Text(zh="已纠正，正在重新预审。", en="Corrected; the case is being assessed anew."),
}


@requires(*ACTING, uploads=True)
async def act(request: Request, desk: Desk) -> Response:
    """Whatever form of the case page was sent."""
    seat = await _seat(request, desk)
    if isinstance(seat, Response):
        return seat
    match desk.form.get("act"):
        case "reveal":
            return await reveal(seat)
        case "correct-reading":
            return await correct_reading(seat)
        case "mark":
            return await mark(seat)
        case "add-files":
            return await add_files(seat)
        case _:
            return await decide(seat)


async def _seat(request: Request, desk: Desk) -> Seat | Response:
    """Where it was a golden case they have judged, what there is to learn from it."""
    case_id = case_id_of(request)
    try:
        return await seat_at(desk, case_id)
    except NotFound:
        if not await desk.use_cases.quality.learned(desk.platform_id, case_id, desk.actor):
            raise
        return desk.go(f"/quality/learned?case={case_id}")


@requires(*LOOKING)
async def picture(request: Request, desk: Desk) -> Response:
    """A page of the case as it was sent, or its twin: an image and nothing else, kept by no browser."""
    found = await desk.use_cases.case_pictures.get(
        desk.platform_id, case_id_of(request), request.path_params["sha256"], desk.actor
    )
    policy = "default-src 'none'; sandbox; frame-ancestors 'none'"
    headers = {
        **SECURITY,
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Content-Disposition": "inline",
    }
    return Response(found.data, media_type=found.media_type, headers=headers)


@requires(*ACTING)
async def undo(_request: Request, desk: Desk) -> Response:
    """Take back what was just decided: one goes back to its case, with what was written."""
    ids = _ids(desk.form.all("id"))
    back = await desk.use_cases.held.undo(desk.platform_id, desk.actor, ids)
    if len(ids) > 1:
        return desk.go("/queues")
    if back:
        return desk.go(f"/cases/{back[0].case_id}?undone={back[0].id}")
    if not ids:
        return desk.go("/")
    held = await desk.use_cases.held.get(desk.platform_id, ids[0])
    return desk.go(f"/cases/{held.case_id}?undone={held.id}")


@requires(*ACTING)
async def seen(_request: Request, desk: Desk) -> Response:
    """They have read that these were not done."""
    ids = _ids(desk.form.all("id"))
    await desk.use_cases.held.seen(desk.platform_id, desk.actor, ids)
    held = await desk.use_cases.held.get(desk.platform_id, ids[0]) if ids else None
    return desk.go("/" if held is None else f"/cases/{held.case_id}")


async def _own(seat: Seat, text: str) -> Held | None:
    """A decision of theirs on this case by its id in an address; None for anything else."""
    for held_id in _ids((text,)):
        try:
            held = await seat.desk.use_cases.held.get(seat.desk.platform_id, held_id)
        except NotFound:
            return None
        if held.actor == seat.desk.actor and held.case_id == seat.case_id:
            return held
    return None


def _ids(texts: tuple[str, ...]) -> list[uuid.UUID]:
    found = []
    for text in texts[:200]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


ROUTES = (
    Route("/cases/{case_id}", case, methods=["GET"]),
    Route("/cases/{case_id}", act, methods=["POST"]),
    Route("/cases/{case_id}/evidence/{sha256}", picture, methods=["GET"]),
    Route("/held/undo", undo, methods=["POST"]),
    Route("/held/seen", seen, methods=["POST"]),
)
