"""The auditors' pages: the trail, the chain and the files."""

from __future__ import annotations

import contextlib

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from service.console.audit_desk.asked import Asked, asked, position_of, position_text
from service.console.audit_desk.covering import Covering
from service.console.audit_desk.files import csv_file, json_file
from service.console.audit_desk.rows import Eyes, row_of, verification_row
from service.console.audit_desk.words import ACTIONS, WRONG
from service.console.desk import Desk, Room, requires
from service.console.pages import SECURITY
from service.domain.assessment import Text
from service.domain.errors import Conflict, NotFound
from service.domain.users import Role
from service.review.trail_desk import EXPORTED_AT_MOST, TrailQuery

_READERS = (Role.AUDITOR, Role.RISK_OWNER, Role.ADMINISTRATOR)
_FORMS = {"csv": "text/csv", "json": "application/json"}
_RELOAD_SECONDS = 2


@requires(*_READERS)
async def _trail(request: Request, desk: Desk) -> Response:
    wanted = asked(request.query_params, desk.platform.zone)
    wrong = dict(wanted.wrong)
    query = await _query(desk, wanted, wrong)
    after = position_of(request.query_params.get("after", ""))
    eyes, trail, covering = _eyes(desk), desk.use_cases.trail_desk, Covering(desk)
    found = await trail.page(desk.platform_id, query, after) if query is not None else None
    return desk.page(
        "audit_desk/trail.html",
        status=422 if wrong else 200,
        asked=wanted,
        wrong={name: WRONG[code] for name, code in wrong.items()},
        rows=[row_of(await covering.covered(entry), eyes) for entry in found.entries] if found else [],
        cut=found.cut if found else False,
        older=wanted.address("/audit", after=position_text(found.after)) if found and found.after else "",
        newest=wanted.address("/audit") if after else "",
        csv=wanted.address("/audit/file", form="csv"),
        json=wanted.address("/audit/file", form="json"),
        most=EXPORTED_AT_MOST,
        actions=sorted(ACTIONS.items(), key=lambda pair: pair[1].get(desk.look.language)),
    )


@requires(*_READERS)
async def _file(request: Request, desk: Desk) -> Response:
    form = request.query_params.get("form", "")
    if form not in _FORMS:
        raise NotFound("Files are made as csv or json.")
    wanted = asked(request.query_params, desk.platform.zone)
    wrong = dict(wanted.wrong)
    query = await _query(desk, wanted, wrong)
    if query is None or not wanted.bounded:
        return desk.go(wanted.address("/audit", **({} if query is None else {"wanted": "file"})))
    entries = Covering(desk).each(await desk.use_cases.trail_desk.export(desk.platform_id, query, desk.actor, form))
    told = {"platform": desk.platform_id, "asked": {name: text for name, text in wanted.typed.items() if text}}
    written = csv_file(entries, EXPORTED_AT_MOST) if form == "csv" else json_file(entries, EXPORTED_AT_MOST, told)
    name = f"audit-{desk.use_cases.trail_desk.now:%Y%m%dT%H%M%SZ}.{form}"
    headers = {
        **SECURITY,
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return StreamingResponse(written, media_type=_FORMS[form], headers=headers)


@requires(*_READERS)
async def _chain(_request: Request, desk: Desk) -> Response:
    return await _chain_page(desk)


@requires(*_READERS)
async def _under_way(_request: Request, desk: Desk) -> Response:
    """The part of the page that changes while a chain is walked."""
    return await _chain_page(desk, template="audit_desk/verifications.html")


@requires(*_READERS, only_reads=True)
async def _verify(_request: Request, desk: Desk) -> Response:
    with contextlib.suppress(Conflict):  # one is under way, and the page shows it
        await desk.use_cases.trail_desk.ask_for_verification(desk.platform_id, desk.actor)
    return desk.go("/audit/chain")


async def _chain_page(desk: Desk, *, template: str = "audit_desk/chain.html") -> Response:
    trail, eyes = desk.use_cases.trail_desk, _eyes(desk)
    found = [verification_row(one, eyes) for one in await trail.verifications(desk.platform_id)]
    return desk.page(
        template,
        standing=await trail.standing(desk.platform_id),
        verifications=found,
        under_way=any(one.ended is None for one in found),
        every=_RELOAD_SECONDS,
        eyes=eyes,
    )


async def _query(desk: Desk, wanted: Asked, wrong: dict[str, str]) -> TrailQuery | None:
    """None where a field is wrong; ``wrong`` is told which."""
    trail, typed = desk.use_cases.trail_desk, wanted.typed
    subject = actor = None
    if typed["case"] and await Covering(desk).judges_first(typed["case"]):
        wrong["case"] = "judge_first"
    elif typed["case"]:
        subject = await trail.subject_of(desk.platform_id, typed["case"])
        if subject is None:
            wrong["case"] = "no_case"
    if typed["actor"]:
        actor = await trail.actor_of(desk.platform_id, typed["actor"])
        if actor is None:
            wrong["actor"] = "no_actor"
    return None if wrong else wanted.query(subject, actor)


def _eyes(desk: Desk) -> Eyes:
    return Eyes(desk.platform.zone, desk.platform.currency, desk.use_cases.trail_desk.now, desk.look.language)


AUDIT = Room(
    path="/audit",
    name=Text(zh="审计", en="Audit"),
    about=Text(
        zh="谁在何时做了什么；记录是否完整；导出。", en="Who did what and when; whether the trail is whole; files."
    ),
    roles=frozenset(_READERS),
    key="l",
    routes=(
        Route("/audit", _trail, methods=["GET"]),
        Route("/audit/file", _file, methods=["GET"]),
        Route("/audit/chain", _chain, methods=["GET"]),
        Route("/audit/chain/verifications", _under_way, methods=["GET"]),
        Route("/audit/chain/verifications", _verify, methods=["POST"]),
    ),
)
