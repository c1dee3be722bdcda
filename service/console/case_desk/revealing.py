"""Personal data shown for a reason: written down before anything is shown, and covered again after a while."""

from __future__ import annotations

from starlette.responses import Response

from service.console.case_desk.seat import Attempt, Seat
from service.console.case_page import RECHARGED_ACCOUNT, Fault
from service.domain.errors import BadRequest
from service.domain.evidence import PageKind

_LONGEST = 500


async def reveal(seat: Seat) -> Response:
    """An identity card of the case, the twin of a page, or the recharged account."""
    desk, what = seat.desk, seat.desk.form.get("what")
    purpose = desk.form.get("reason").replace("\0", "").strip()
    if not purpose or len(purpose) > _LONGEST:
        text = desk.say(
            f"请写明为什么要看（最多 {_LONGEST} 字），会被记录。",
            f"Say what for, in at most {_LONGEST} characters; it is logged.",
        )
        return await seat.page(Attempt(typed={"act": "reveal", "what": what}, fault=Fault("reason", text)), status=422)
    case = seat.full.view.case
    if what == RECHARGED_ACCOUNT:
        named = RECHARGED_ACCOUNT
    elif what in _cards(seat):
        named = f"evidence {what}"
    else:
        raise BadRequest("There is nothing of that name to be revealed on this case.")
    await desk.use_cases.personal_data.note_shown(desk.platform_id, case.id, named, desk.actor, purpose)
    return desk.go(f"/cases/{case.id}")


def _cards(seat: Seat) -> frozenset[str]:
    """Identity cards among the case's pages, and among their twins."""
    assessment = seat.full.view.assessment
    pages = assessment.evidence if assessment is not None else ()
    own = {item.sha256 for item in pages if item.page is not None and item.page.kind is PageKind.IDENTITY}
    return frozenset(own) | seat.full.cards
