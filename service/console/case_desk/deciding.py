"""A decision from the page: held for some seconds, or drawn again with what stands against it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from service.console.case_desk.intended import intended, typed_of
from service.console.case_desk.refusals import refusal
from service.console.case_desk.seat import Attempt, Seat, seat_at
from service.console.case_page import Fault
from service.domain.answers import KeptAnswer, Write
from service.domain.codec import digest, to_data
from service.domain.errors import BadRequest, Forbidden, NotFound, PrereviewError, StaleWrite, Unavailable
from service.domain.holding import AT_ONCE, Intended
from service.review.held_decisions import Wanted
from service.review.performing import perform


async def decide(seat: Seat) -> Response:
    """What the form asks for: held, and on to the next case. Refused, the page with everything still in the form."""
    form, say = seat.desk.form, seat.desk.say
    version, once = version_of(form.get("version")), once_of(form.get("once"))
    typed, materials = typed_of(form), frozenset(form.all("materials"))
    wanted = intended(form, seat.currency, say)
    if isinstance(wanted, Fault):
        return seat.page(Attempt(typed=typed, materials=materials, fault=wanted), status=422)
    try:
        await _carry(seat, wanted, version, once)
    except (NotFound, Unavailable):
        raise
    except PrereviewError as error:
        fresh = await seat_at(seat.desk, seat.case_id)
        stale = version if isinstance(error, StaleWrite) else None
        fault = None if stale is not None else Fault(_field(error), refusal(error, say))
        return fresh.page(Attempt(typed=typed, materials=materials, fault=fault, acted_on=stale), status=_status(error))
    if wanted.act in AT_ONCE:
        return seat.desk.go(f"/cases/{seat.case_id}")
    return seat.desk.go(next_path(seat))


def next_path(seat: Seat) -> str:
    """Where a reviewer goes on after a decision."""
    return f"/cases/{seat.case_id}"


async def _carry(seat: Seat, wanted: Intended, version: int, once: str) -> None:
    use_cases, acting = seat.desk.use_cases, seat.desk.acting(score_seen=not seat.blind)
    if wanted.act not in AT_ONCE:
        await use_cases.held.hold_one(acting, Wanted(case_id=seat.case_id, version=version, intended=wanted, once=once))
        return

    async def do() -> None:
        await perform(use_cases.casework, acting, seat.case_id, wanted, version)

    await done_once(seat, once, {"act": to_data(wanted), "version": version}, do)


async def done_once(seat: Seat, once: str, asked: object, do: Callable[[], Awaitable[object]]) -> None:
    """``do()``, once for this form of this person: sent again, it is not done again. IdempotencyKeyReused,
    RequestInFlight."""
    write = Write(
        platform_id=seat.desk.platform_id,
        key=f"console:{seat.desk.user.login}:{seat.case_id}:{once}",
        digest=digest(asked),
        scopes=frozenset(),
    )

    async def kept() -> KeptAnswer:
        await do()
        return KeptAnswer(status=204, headers={}, body=b"")

    await seat.desk.use_cases.writes.once(write, kept)


def version_of(text: str) -> int:
    """BadRequest for what the page's form cannot have held."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadRequest("The form does not say which version of the case it was made for. Load the page again.")
    return int(text)


def once_of(text: str) -> str:
    """BadRequest for what the page's form cannot have held."""
    if not (text.isascii() and text.isalnum() and 8 <= len(text) <= 64):
        raise BadRequest("The form has lost its own number. Load the page again.")
    return text


def _field(error: PrereviewError) -> str:
    """Where on the form it belongs."""
    detail = error.detail
    if "amount" in detail and "reason" not in detail:
        return "amount"
    return "clause" if detail.startswith("A rejection names") else ""


def _status(error: PrereviewError) -> int:
    return 403 if isinstance(error, Forbidden) else error.status
