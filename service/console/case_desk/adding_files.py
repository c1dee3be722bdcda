"""Files that reached a person some other way, put to their case: it is assessed anew with them."""

from __future__ import annotations

import hashlib

from starlette.responses import Response

from service.console.case_desk.deciding import done_once, once_of, version_of
from service.console.case_desk.refusals import refusal
from service.console.case_desk.seat import Attempt, Seat, seat_at
from service.console.case_page import Fault
from service.domain.errors import Forbidden, NotFound, PrereviewError, StaleWrite, Unavailable

ACT = "add-files"


async def add_files(seat: Seat) -> Response:
    if seat.blind:
        raise Forbidden("Judge the case first; files are added afterwards.")
    desk, form = seat.desk, seat.desk.form
    version, once = version_of(form.get("version")), once_of(form.get("once"))
    if not form.files:
        return await _again(seat, Fault("files", desk.say("请选择文件。", "Choose at least one file.")), 422)
    materials = desk.use_cases.casework.materials

    async def do() -> None:
        kept = await materials.receive(desk.platform_id, form.files)
        await materials.add_evidence(desk.acting(), seat.case_id, kept, version)

    sent = sorted(hashlib.sha256(each.data).hexdigest() for each in form.files)
    try:
        await done_once(seat, once, {"act": ACT, "files": sent, "version": version}, do)
    except (NotFound, Unavailable):
        raise
    except PrereviewError as error:
        stale = version if isinstance(error, StaleWrite) else None
        return await _again(await seat_at(desk, seat.case_id), Fault("", refusal(error, desk.say)), error.status, stale)
    return desk.go(f"/cases/{seat.case_id}?done={ACT}")


async def _again(seat: Seat, fault: Fault, status: int, acted_on: int | None = None) -> Response:
    return await seat.page(Attempt(typed={"act": ACT}, fault=fault, acted_on=acted_on), status=status)
