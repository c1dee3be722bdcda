"""Whether money is safe, on one page; the kill switch; and proposals that need a second person."""

from __future__ import annotations

import hmac
import uuid

from starlette.requests import Request
from starlette.responses import Response

from service.console.desk import Desk, requires
from service.console.figures import moment
from service.console.risk_desk import words
from service.console.risk_desk.view import view
from service.console.words import MODES, ROLES
from service.domain.actors import same_person
from service.domain.assessment import Text
from service.domain.errors import Conflict, InvalidRequest, NotFound, PrereviewError
from service.domain.proposals import ProposalKind
from service.domain.users import Role

LOOKS = (Role.RISK_OWNER, Role.AUDITOR, Role.ADMINISTRATOR, Role.DATA_SCIENTIST)
ACTS = (Role.RISK_OWNER,)
"""Who may propose, agree, and declare: what lets approvals run again takes two of them. Who hands roles out has no
word in it by that."""
STOPS = (*ACTS, Role.ADMINISTRATOR, Role.SENIOR)
"""Who may stop, which is never the wrong way: one person is enough."""
REASON = 500


@requires(*LOOKS)
async def overview(request: Request, desk: Desk) -> Response:
    return await page(desk, done=words.DONE.get(request.query_params.get("done", "")))


async def page(desk: Desk, *, status: int = 200, wrong: Text | None = None, done: Text | None = None) -> Response:
    told = await desk.use_cases.risk.overview(desk.platform_id)
    powers = await desk.use_cases.account_desk.powers_given(desk.platform_id)
    return desk.page(
        "risk/overview.html",
        status=status,
        wrong=wrong,
        done=done,
        view=view(told, desk.look.language),
        told=told,
        names=words,
        powers=powers,
        powers_of=lambda actor: [each for each in powers if same_person(f"user:{each.login}", actor)],
        power_when=lambda at: moment(at, desk.platform.zone, desk.use_cases.account_desk.now(), desk.look.language),
        role_names=ROLES,
        mode_names=MODES,
        may_act=desk.may(*ACTS, change=True),
        may_stop=desk.may(*STOPS, change=True),
        own=lambda actor: same_person(actor, desk.actor),
    )


@requires(*STOPS)
async def confirm_stop(_request: Request, desk: Desk) -> Response:
    """The second step of the switch: said in words, and typed."""
    return _stop_page(desk)


@requires(*STOPS)
async def stop(_request: Request, desk: Desk) -> Response:
    reason, typed = reason_of(desk), desk.form.get("confirm").strip()
    faults: dict[str, Text] = {}
    if not hmac.compare_digest(typed.encode(), desk.platform_id.encode()):
        faults["confirm"] = words.said("confirm")
    if reason is None:
        faults["reason"] = words.said("reason")
    if faults or reason is None:
        return _stop_page(desk, status=422, faults=faults)
    new = await desk.use_cases.switching.stop(desk.platform_id, reason, desk.actor)
    done = "stopped" if new else "stopped_before"
    return desk.go(f"/risk?done={done}" if desk.may(*LOOKS) else f"/?done={done}")


def _stop_page(desk: Desk, *, status: int = 200, faults: dict[str, Text] | None = None) -> Response:
    given = {name: desk.form.get(name) for name in ("confirm", "reason")}
    return desk.page("risk/stop.html", status=status, faults=faults or {}, given=given, stopped=desk.platform.stopped)


@requires(*ACTS)
async def propose(_request: Request, desk: Desk) -> Response:
    """That a stopped platform goes on, or that the breaker is reset; thresholds have a page of their own."""
    reason, kind = reason_of(desk), desk.form.get("kind")
    if kind not in (ProposalKind.RESUME, ProposalKind.RESET_BREAKER):
        return await page(desk, status=422, wrong=words.said("kind"))
    if reason is None:
        return await page(desk, status=422, wrong=words.said("reason"))
    try:
        await desk.use_cases.risk.propose(desk.platform_id, ProposalKind(kind), reason, desk.actor)
    except (Conflict, InvalidRequest) as error:
        return await page(desk, status=error.status, wrong=words.fault(error))
    return desk.go("/risk?done=proposed")


@requires(*ACTS)
async def approve(request: Request, desk: Desk) -> Response:
    try:
        await desk.use_cases.risk.approve(desk.platform_id, id_in(request), desk.actor)
    except (Conflict, InvalidRequest) as error:
        return await page(desk, status=error.status, wrong=words.fault(error))
    return desk.go("/risk?done=approved")


@requires(*ACTS)
async def decline(request: Request, desk: Desk) -> Response:
    reason = reason_of(desk)
    if reason is None:
        return await page(desk, status=422, wrong=words.said("reason"))
    try:
        await desk.use_cases.risk.decline(desk.platform_id, id_in(request), reason, desk.actor)
    except PrereviewError as error:
        if not isinstance(error, Conflict | InvalidRequest):
            raise
        return await page(desk, status=error.status, wrong=words.fault(error))
    return desk.go("/risk?done=declined")


def reason_of(desk: Desk) -> str | None:
    """What was given as reason, with single blanks; None for none, and for one that cannot be kept."""
    return line_of(desk.form.get("reason"), REASON)


def line_of(text: str, longest: int) -> str | None:
    plain = " ".join(text.split())
    return plain if 0 < len(plain) <= longest and plain.isprintable() else None


def id_in(request: Request) -> uuid.UUID:
    """Of the path. NotFound for what is none."""
    try:
        return uuid.UUID(request.path_params["id"])
    except ValueError:
        raise NotFound("There is nothing with this id on your platform.") from None
