"""Outages: declared here, confirmed by another, ended; and one decision for their cases that wait."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from service.console.desk import Desk, requires
from service.console.figures import count, moment
from service.console.foreign_text import visible
from service.console.queue_desk.bulk import only_by_itself
from service.console.risk_desk import words
from service.console.risk_desk.overview_page import ACTS, LOOKS, id_in, line_of, reason_of
from service.domain.actors import Actor, same_person
from service.domain.assessment import Text
from service.domain.errors import Conflict, InvalidRequest
from service.domain.incidents import Incident, Struck
from service.domain.users import Role
from service.review.held_decisions import Act, Intended, Wanted
from service.review.incidents import BulkOutcome

DECIDES = (Role.REVIEWER, Role.SENIOR)
AT_ONCE = 100
"""Cases decided by one press; the rest by the next."""
COUNTED, SHOWN = 1_000, 20
_MESSAGE = 1_000
ACTIONS = {"confirm": "confirmed", "dismiss": "dismissed", "end": "ended"}
"""What is done to one, and what it is then."""


@requires(*LOOKS, *DECIDES)
async def listed(request: Request, desk: Desk) -> Response:
    asked = request.query_params.get("approve", "")
    return await _page(desk, done=words.DONE.get(request.query_params.get("done", "")), asked=asked)


@requires(*ACTS)
async def declare(_request: Request, desk: Desk) -> Response:
    form = desk.form
    struck = next((each for each in Struck if each == form.get("struck")), None)
    struck_id = desk.platform_id if struck is Struck.PLATFORM else line_of(form.get("struck_id"), 200)
    began, reason = _moment(form.get("began_at"), desk), reason_of(desk)
    faults = {
        name: words.said(code)
        for name, code, found in (
            ("struck", "struck", struck),
            ("struck_id", "struck_id", struck_id),
            ("began_at", "moment", began),
            ("reason", "reason", reason),
        )
        if found is None
    }
    if struck is None or struck_id is None or began is None or reason is None:
        return await _page(desk, status=422, faults=faults)
    try:
        await desk.use_cases.incidents.declare(desk.platform_id, struck, struck_id, began, reason, desk.actor)
    except InvalidRequest as error:
        return await _page(desk, status=error.status, faults={"began_at": words.said("moment")})
    except Conflict as error:
        return await _page(desk, status=error.status, wrong=words.said("struck_already"))
    return desk.go("/risk/incidents?done=declared")


@requires(*ACTS)
async def act(request: Request, desk: Desk) -> Response:
    """Confirm, dismiss or end one. Who declared it does not confirm it: the use case holds that."""
    what, incident_id, reason = request.url.path.rpartition("/")[2], id_in(request), reason_of(desk)
    if reason is None:
        return await _page(desk, status=422, wrong=words.said("reason"))
    incidents = desk.use_cases.incidents
    try:
        if what == "end":
            ended = _moment(desk.form.get("ended_at"), desk)
            if ended is None:
                return await _page(desk, status=422, wrong=words.said("moment"))
            await incidents.end(desk.platform_id, incident_id, ended, reason, desk.actor)
        else:
            doing: Callable[[str, uuid.UUID, str, Actor], Awaitable[Incident]]
            doing = incidents.confirm if what == "confirm" else incidents.dismiss
            await doing(desk.platform_id, incident_id, reason, desk.actor)
    except InvalidRequest as error:
        return await _page(desk, status=error.status, wrong=words.said("moment"))
    except Conflict as error:
        found = await incidents.incident(desk.platform_id, incident_id)
        own = what == "confirm" and same_person(found.actor, desk.actor)
        return await _page(desk, status=error.status, wrong=words.said("declared_by_you" if own else "struck_already"))
    return desk.go(f"/risk/incidents?done={ACTIONS[what]}")


@requires(*DECIDES)
async def approve_all(request: Request, desk: Desk) -> Response:
    """Hold an approval on each case that waits, under the rules of any bulk decision: it can be taken back for some
    seconds, and what is refused, or has to be looked at by itself, stays with people."""
    incident_id, message, reason = id_in(request), line_of(desk.form.get("message"), _MESSAGE), reason_of(desk)
    if message is None or reason is None:
        code = "message" if message is None else "reason"
        return await _page(desk, status=422, wrong=words.said(code), asked=str(incident_id))
    acting, cases = desk.acting(), desk.use_cases
    policy, once = await cases.review.policy_of(desk.platform_id), uuid.uuid4().hex

    async def hold(case_id: uuid.UUID) -> object:
        seen = await cases.casework.view(acting, case_id)
        queued = await cases.queues.chosen(desk.platform_id, (case_id,))
        why = await only_by_itself(desk, policy, queued[0]) if queued else desk.say("已不在等待", "waits no longer")
        if why is not None:
            raise Conflict(why)
        intended = Intended(act=Act.APPROVE, message=message, reason=reason)
        wanted = Wanted(case_id=case_id, version=seen.case.version, intended=intended, once=once)
        return await cases.held.hold_one(acting, wanted)

    outcome = await cases.incidents.decide_all(desk.platform_id, incident_id, hold, at_most=AT_ONCE)
    return await _page(desk, outcome=outcome)


async def _page(
    desk: Desk,
    *,
    status: int = 200,
    wrong: Text | None = None,
    faults: dict[str, Text] | None = None,
    done: Text | None = None,
    outcome: BulkOutcome | None = None,
    asked: str = "",
) -> Response:
    told = await desk.use_cases.incidents.listed(desk.platform_id)
    now, zone, language = desk.use_cases.risk.now(), desk.platform.zone, desk.look.language
    going_on = [each for each in told if each.ended_at is None and each.dismissed_at is None]
    incidents = desk.use_cases.incidents
    cases = {
        each.id: await incidents.cases(desk.platform_id, each.id, at_most=COUNTED + 1) for each in going_on[:SHOWN]
    }
    given = {name: desk.form.get(name) for name in ("struck", "struck_id", "began_at", "reason")}
    return desk.page(
        "risk/incidents.html",
        status=status,
        wrong=wrong,
        faults=faults or {},
        done=done,
        outcome=outcome,
        asked=asked,
        going_on=going_on,
        over=[each for each in told if each not in going_on][:SHOWN],
        cases=cases,
        counted=lambda found: count(len(found)) if len(found) <= COUNTED else f"{count(COUNTED)}+",
        given=given,
        names=words,
        when=lambda at: moment(at, zone, now, language),
        plain=visible,
        at_once=AT_ONCE,
        own=lambda actor: same_person(actor, desk.actor),
        may_act=desk.may(*ACTS, change=True),
        may_decide=desk.may(*DECIDES, change=True),
    )


def _moment(text: str, desk: Desk) -> datetime | None:
    """What a browser's field for date and time gives, in the platform's zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not 2000 <= found.year < 2200:  # beyond, another zone may have no such time
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(desk.platform.zone))
