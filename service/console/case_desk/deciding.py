"""A decision from the page: held for some seconds, or drawn again with what stands against it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from starlette.responses import Response

from service.console.case_desk.intended import intended, typed_of
from service.console.case_desk.refusals import refusal
from service.console.case_desk.seat import Attempt, Seat, seat_at
from service.console.case_page import Fault
from service.domain.answers import KeptAnswer, Write
from service.domain.codec import digest, to_data
from service.domain.errors import (
    BadRequest,
    Conflict,
    InvalidRequest,
    NotFound,
    PrereviewError,
    StaleWrite,
    Unavailable,
)
from service.domain.holding import AT_ONCE, Act, Intended
from service.domain.quality import Verdict
from service.review.held_decisions import Wanted
from service.review.performing import perform
from service.review.quality import Then


async def decide(seat: Seat) -> Response:
    """What the form asks for: held, and on to the next case. Refused, the page with everything still in the form."""
    form, say = seat.desk.form, seat.desk.say
    version, once = version_of(form.get("version")), once_of(form.get("once"))
    typed, materials = typed_of(form), frozenset(form.all("materials"))
    wanted = intended(form, seat.currency, say)
    if isinstance(wanted, Fault):
        return await seat.page(Attempt(typed=typed, materials=materials, fault=wanted), status=422)
    if seat.blind:
        answer = await _judge(seat, wanted, Attempt(typed=typed, materials=materials))
        if answer is not None:
            return answer
    try:
        await _carry(seat, wanted, version, once)
    except (NotFound, Unavailable):
        raise
    except PrereviewError as error:
        fresh = await seat_at(seat.desk, seat.case_id)
        stale = version if isinstance(error, StaleWrite) else None
        fault = None if stale is not None else Fault(_field(error), refusal(error, say))
        return await fresh.page(
            Attempt(typed=typed, materials=materials, fault=fault, acted_on=stale), status=error.status
        )
    if wanted.act in AT_ONCE:
        return seat.desk.go(f"/cases/{seat.case_id}")
    return seat.desk.go(await next_path(seat))


_VERDICTS = {
    Act.APPROVE: Verdict.APPROVE,
    Act.APPROVE_PARTIALLY: Verdict.APPROVE_PARTIALLY,
    Act.REJECT: Verdict.REJECT,
}


async def _judge(seat: Seat, wanted: Intended, attempt: Attempt) -> Response | None:
    """A first judgement, of a case whose score they have not seen. None: what was asked for is carried out now."""
    desk = seat.desk
    verdict = _VERDICTS.get(wanted.act, Verdict.UNDECIDED)
    try:
        judged = await desk.use_cases.quality.first_judgement(
            desk.acting(score_seen=False), seat.case_id, verdict, wanted.amount
        )
    except InvalidRequest as error:
        return await seat.page(replace(attempt, fault=Fault(_field(error), refusal(error, desk.say))), status=422)
    if judged.then is Then.DO:
        return None
    if judged.learned is not None:
        return desk.go(f"/quality/learned?case={judged.learned}")
    if judged.then is Then.NEXT:
        return desk.go(await next_path(seat))
    notice = desk.say(
        "您的判断已记录。现在可以看到评分与理由；请确认或修改后再提交一次，才会生效。",
        "Your judgement is recorded. Score and reasons are shown now; confirm or change it and send it once more.",
    )
    return await (await seat_at(desk, seat.case_id)).page(attempt, notice=notice)


async def next_path(seat: Seat) -> str:
    """Where a reviewer goes on after a decision: their next case, taken for them, or the queues."""
    desk = seat.desk
    try:
        lock = await desk.use_cases.next_case.take(desk.user)
    except Conflict:  # they have as many as one may have
        lock = None
    return "/queues" if lock is None else f"/cases/{lock.case_id}"


async def _carry(seat: Seat, wanted: Intended, version: int, once: str) -> None:
    use_cases, acting = seat.desk.use_cases, seat.desk.acting(score_seen=not seat.blind)
    # A decision is made by whoever has the case: Conflict where that is another.
    await use_cases.case_locks.take(seat.desk.user, seat.case_id)
    if wanted.act not in AT_ONCE:
        await use_cases.held.hold_one(acting, Wanted(case_id=seat.case_id, version=version, intended=wanted, once=once))
        if wanted.act is Act.HAND_UP:
            await use_cases.case_locks.release(seat.desk.user, seat.case_id)
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
