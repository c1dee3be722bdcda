"""Personal data: how long evidence is kept and when it is next looked after, erasure on request by two people, and
what is stored of an account handed out."""

from __future__ import annotations

import uuid
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.admin_desk.words import KINDS, REQUEST_STATES, fault
from service.console.desk import Desk, Room, requires
from service.console.figures import count, moment
from service.console.foreign_text import visible
from service.console.pages import SECURITY
from service.console.words import named
from service.domain.actors import same_person
from service.domain.assessment import Text
from service.domain.errors import BadRequest, Conflict, InvalidRequest, NotFound
from service.domain.users import Role
from service.review.erasure_requests import ErasureRequest, Keeping

_DONE = {
    "asked": Text(zh="申请已登记，请另一位管理员批准。", en="Written down. Another administrator approves it."),
    "erased": Text(zh="该账号的数据已删除。", en="The account's data are erased."),
    "refused": Text(zh="申请已拒绝。", en="The request is refused."),
}


@requires(Role.ADMINISTRATOR, Role.AUDITOR)
async def _show(request: Request, desk: Desk) -> Response:
    return await _page(desk, done=_DONE.get(request.query_params.get("done", "")))


@requires(Role.ADMINISTRATOR, back="/personal-data")
async def _ask(_request: Request, desk: Desk) -> Response:
    account, reason = desk.form.get("account"), desk.form.get("reason")
    try:
        await desk.use_cases.erasures.ask(desk.platform_id, account, reason, desk.actor)
    except (InvalidRequest, Conflict) as error:
        return await _page(desk, status=error.status, wrong=fault(error), account=account, reason=reason)
    return desk.go("/personal-data?done=asked")


@requires(Role.ADMINISTRATOR, back="/personal-data")
async def _approve(request: Request, desk: Desk) -> Response:
    request_id = _id(request)
    try:
        await desk.use_cases.erasures.approve(desk.platform_id, request_id, desk.actor)
    except (InvalidRequest, Conflict) as error:
        return await _page(desk, status=error.status, wrong=fault(error))
    except NotFound as error:
        if error.extra.get("code") != "nothing":
            raise
        return await _page(desk, status=error.status, wrong=fault(error))
    return desk.go("/personal-data?done=erased")


@requires(Role.ADMINISTRATOR, back="/personal-data")
async def _refuse(request: Request, desk: Desk) -> Response:
    try:
        await desk.use_cases.erasures.refuse(desk.platform_id, _id(request), desk.form.get("reason"), desk.actor)
    except (InvalidRequest, Conflict) as error:
        return await _page(desk, status=error.status, wrong=fault(error))
    return desk.go("/personal-data?done=refused")


@requires(Role.ADMINISTRATOR, back="/personal-data")
async def _export(_request: Request, desk: Desk) -> Response:
    """A file, in this answer alone."""
    account, reason = desk.form.get("account"), desk.form.get("reason")
    try:
        found = await desk.use_cases.erasures.export(desk.platform_id, account, reason, desk.actor)
    except (NotFound, BadRequest) as error:
        code = "nothing" if isinstance(error, NotFound) else "reason"
        return await _page(desk, status=error.status, wrong=fault(InvalidRequest("", extra={"code": code})))
    headers = {
        **SECURITY,
        "Cache-Control": "no-store",
        "Content-Disposition": 'attachment; filename="account-data.json"',
    }
    return Response(orjson.dumps(found, default=str), media_type="application/json", headers=headers)


async def _page(
    desk: Desk,
    *,
    status: int = 200,
    wrong: Text | None = None,
    done: Text | None = None,
    account: str = "",
    reason: str = "",
) -> Response:
    erasures, zone, language = desk.use_cases.erasures, desk.platform.zone, desk.look.language
    keeping, now = await erasures.keeping(desk.platform_id), erasures.now()
    return desk.page(
        "admin_desk/personal_data.html",
        status=status,
        wrong=wrong,
        done=done,
        account=account,
        reason=reason,
        kinds=_kinds(keeping, language),
        keeping=keeping,
        last=moment(keeping.standing.run.ended_at, zone, now, language) if keeping.standing.run else None,
        next=moment(keeping.next_at, zone, now, language),
        next_whole=moment(keeping.next_whole_at, zone, now, language),
        overdue=keeping.next_at is not None and keeping.next_at < now,
        requests=[_request_view(desk, each) for each in await erasures.requests(desk.platform_id)],
        erased=[
            {
                "pseudonym": each.pseudonym,
                "at": moment(each.erased_at, zone, now, language),
                "cases": count(each.cases),
                "files": count(each.files),
                "events": count(each.events),
            }
            for each in await erasures.done(desk.platform_id)
        ],
        may=desk.may(Role.ADMINISTRATOR, change=True),
    )


def _kinds(keeping: Keeping, language: str) -> list[dict[str, Any]]:
    """Every kind that is kept for days of its own or of which something went lately."""
    names = dict.fromkeys([*keeping.days, *keeping.standing.lately])
    rest = keeping.days["default"]
    return [
        {
            "name": named(KINDS, kind, language),
            "days": keeping.days.get(kind, rest),
            "gone": count(keeping.standing.lately.get(kind, 0)),
        }
        for kind in sorted(names, key=lambda kind: (kind == "default", kind))
    ]


def _request_view(desk: Desk, request: ErasureRequest) -> dict[str, Any]:
    now, zone, language = desk.use_cases.erasures.now(), desk.platform.zone, desk.look.language
    return {
        "id": str(request.id),
        # Whose data it is, is for who decides; afterwards it is a pseudonym.
        "account": visible(request.account_id, 200) if desk.may(Role.ADMINISTRATOR) else "—",
        "reason": visible(request.reason, 500),
        "asked_by": request.asked_by.removeprefix("user:"),
        "asked": moment(request.asked_at, zone, now, language),
        "state": request.state,
        "state_name": named(REQUEST_STATES, request.state, language),
        "ended_by": (request.ended_by or "").removeprefix("user:"),
        "ended": moment(request.ended_at, zone, now, language),
        "own": same_person(request.asked_by, desk.actor.name),
    }


def _id(request: Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.path_params["erasure"])
    except ValueError:
        raise NotFound("That is no request's id.") from None


PERSONAL_DATA = Room(
    path="/personal-data",
    name=Text(zh="个人数据", en="Personal data"),
    about=Text(zh="凭证保留多久、删除申请、数据导出。", en="How long evidence is kept, erasure, and handing out."),
    roles=frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    routes=(
        Route("/personal-data", _show, methods=["GET"]),
        Route("/personal-data/erasures", _ask, methods=["POST"]),
        Route("/personal-data/erasures/{erasure}/approve", _approve, methods=["POST"]),
        Route("/personal-data/erasures/{erasure}/refuse", _refuse, methods=["POST"]),
        Route("/personal-data/export", _export, methods=["POST"]),
    ),
)
