"""Two forms beside deciding: a misread field put right, and how risky the case seems."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from service.console.case_desk.deciding import done_once, once_of, version_of
from service.console.case_desk.refusals import refusal
from service.console.case_desk.seat import Attempt, Seat, seat_at
from service.console.case_page import Fault
from service.domain.errors import Forbidden, NotFound, PrereviewError, StaleWrite, Unavailable
from service.domain.evidence import FieldName
from service.review.marking import CORRECTABLE

_LONGEST, _LONGEST_NOTE = 200, 1_000
_FIELDS = frozenset(field.value for field in CORRECTABLE)


async def correct_reading(seat: Seat) -> Response:
    """What stands on a page; the case is assessed anew with it."""
    desk, form = seat.desk, seat.desk.form
    _judged(seat)
    version, once = version_of(form.get("version")), once_of(form.get("once"))
    chosen, text = form.get("field"), form.get("text").replace("\0", "").strip()
    typed = {"act": "correct-reading", "field": chosen, "text": text[:_LONGEST]}
    sha256, _, name = chosen.partition(" ")
    if name not in _FIELDS or not text or len(text) > _LONGEST:
        fault = Fault(
            "field", desk.say("请选择一项，并照截图写下内容。", "Choose a field, and write what stands there.")
        )
        return await seat.page(Attempt(typed=typed, fault=fault), status=422)

    async def do() -> None:
        await desk.use_cases.casework.marking.correct(
            desk.acting(score_seen=not seat.blind), seat.case_id, sha256, FieldName(name), text, version
        )

    return await _done(seat, once, typed | {"version": str(version)}, do, typed, version)


async def mark(seat: Seat) -> Response:
    """How the case seems to them."""
    desk, form = seat.desk, seat.desk.form
    _judged(seat)
    once = once_of(form.get("once"))
    loss, sure, note = form.get("loss"), form.get("confidence"), form.get("note").replace("\0", "").strip()
    typed = {"act": "mark", "loss": loss, "confidence": sure, "note": note[:_LONGEST_NOTE]}
    if loss not in ("0", "50", "100") or sure not in ("55", "75", "95") or len(note) > _LONGEST_NOTE:
        fault = Fault("loss", desk.say("请选择两项。", "Choose both."))
        return await seat.page(Attempt(typed=typed, fault=fault), status=422)

    async def do() -> None:
        acting = desk.acting(score_seen=not seat.blind)
        await desk.use_cases.casework.marking.mark(acting, seat.case_id, int(loss), int(sure), note)

    return await _done(seat, once, typed, do, typed, None)


def _judged(seat: Seat) -> None:
    """Forbidden before the first judgement, alike on every case that wants one."""
    if seat.blind:
        raise Forbidden("Judge the case first; readings and risk are marked afterwards.")


async def _done(
    seat: Seat,
    once: str,
    asked: dict[str, str],
    do: Callable[[], Awaitable[object]],
    typed: dict[str, str],
    version: int | None,
) -> Response:
    try:
        await done_once(seat, once, asked, do)
    except (NotFound, Unavailable):
        raise
    except PrereviewError as error:
        fresh = await seat_at(seat.desk, seat.case_id)
        stale = version if isinstance(error, StaleWrite) else None
        fault = Fault("", refusal(error, seat.desk.say))
        return await fresh.page(Attempt(typed=typed, fault=fault, acted_on=stale), status=error.status)
    return seat.desk.go(f"/cases/{seat.case_id}?done={typed['act']}")
