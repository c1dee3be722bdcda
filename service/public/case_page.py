"""GET and POST /public/{platform}/cases/{token}: a case as its buyer follows it, and what the buyer may do with it.

The link is the key: whoever has it may see and act, as with any link a platform sends its buyer. So it shows no name,
no statement and no picture, it is stored and indexed nowhere, and each link may only be used so often.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.deadlines import DeadlineKind
from service.domain.errors import Conflict, InvalidRequest, NotFound, PrereviewError, TooLarge, Unavailable
from service.domain.lifecycle import Party
from service.domain.money import Money, exponent
from service.policy import Policy
from service.policy.buyer_steps import PENDING
from service.public.pages import Pages, language_of
from service.public.words import DUE, REASONS, STATES, named
from service.review import viewing
from service.review.buyer_desk import BuyerDesk
from service.review.requests import CaseView, UploadedFile

_FILES = 10
_FILE_BYTES = 10 * 1024 * 1024
_TOTAL_BYTES = 40 * 1024 * 1024
_HELD_BYTES = 256 * 1024 * 1024
_STATEMENT = 2_000
_SECONDS = 120.0
"""What a form may take to arrive."""
_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,3})?\Z")
_READS, _WRITES = RateLimitItemPerMinute(60), RateLimitItemPerHour(30)
# What a case comes through, as a buyer thinks of it.
_STAGES = ("received", "looked_at", "decided", "paid")
_REACHED = {
    **dict.fromkeys((CaseState.ACCEPTED, CaseState.ASSESSING), 1),
    **dict.fromkeys(
        (
            CaseState.IN_REVIEW, CaseState.AWAITING_MATERIALS, CaseState.AWAITING_SUPPLIER, CaseState.OFFERED,
            CaseState.COUNTERED, CaseState.REOPENED, CaseState.APPEALED, CaseState.IN_SECOND_REVIEW,
            CaseState.ARBITRATION,
        ),
        2,
    ),
    CaseState.PAID: 4,
}  # fmt: skip

Act = Callable[[str, str, int, FormData, Policy], Awaitable[None]]


class FormTooSlow(PrereviewError):
    type, title, status = "form-too-slow", "The form took too long to arrive", 408


@dataclass(frozen=True, slots=True)
class _Limits:
    """How often one link may be used, by process: a link that went round must not cost the claims of others.

    Counted by case, and only for links that are some: made-up ones leave nothing, and no spelling is a second link.
    """

    limiter: SlidingWindowCounterRateLimiter

    async def spend(self, request: Request, case_id: uuid.UUID) -> None:
        item = _READS if request.method == "GET" else _WRITES
        if not await self.limiter.hit(item, request.method, str(case_id)):
            raise Unavailable("This link is used too often. Try again in a minute.", retry_after=60)


class Room:
    """The bytes of all forms being worked on, which have to be in memory; those still arriving are on disk."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0

    @contextmanager
    def of(self, form: FormData) -> Iterator[None]:
        """Room for a form's files until left; Unavailable where there is none."""
        wanted = sum(value.size or 0 for _, value in form.multi_items() if isinstance(value, UploadFile))
        if self._held + wanted > self._limit:
            raise Unavailable("Too many files at once. Send them again in a moment.", retry_after=5)
        self._held += wanted
        try:
            yield
        finally:
            self._held -= wanted


def case_routes(desk: BuyerDesk, pages: Pages) -> list[Route]:
    limits = _Limits(SlidingWindowCounterRateLimiter(MemoryStorage()))
    acts, room = _acts(desk), Room(_HELD_BYTES)

    async def show(request: Request) -> Response:
        platform_id, token = _address(request)
        await limits.spend(request, desk.case_id(platform_id, token))
        view, policy = await desk.case(platform_id, token)
        return _page(pages, request, view, policy, done=request.query_params.get("done", ""))

    async def act(request: Request) -> Response:
        platform_id, token = _address(request)
        await limits.spend(request, desk.case_id(platform_id, token))
        view, policy = await desk.case(platform_id, token)
        form = await _form(request)
        name = str(form.get("act", ""))
        try:
            if name not in acts:
                raise InvalidRequest("There is no such step.")
            with room.of(form):
                await acts[name](platform_id, token, _version(form), form, policy)
        except PrereviewError as error:
            if error.status >= 500:
                raise
            view, policy = await desk.case(platform_id, token)
            return _page(pages, request, view, policy, refused=_refusal(error), status=error.status)
        finally:
            await form.close()
        # To a page that can be loaded again without doing anything again.
        return RedirectResponse(f"{request.url.path}?{_query(request, name)}", status_code=303)

    return [
        Route("/{platform}/cases/{token}", show, methods=["GET"]),
        Route("/{platform}/cases/{token}", act, methods=["POST"]),
    ]


def _address(request: Request) -> tuple[str, str]:
    token = request.path_params["token"]
    if not re.fullmatch(r"[A-Za-z0-9_-]{43}", token):
        raise NotFound("There is no page under this link.")
    return request.path_params["platform"], token


def _query(request: Request, name: str) -> str:
    language = request.query_params.get("lang")
    return f"done={name}" + (f"&lang={language}" if language in ("zh", "en") else "")


# --- what a buyer does


def _acts(desk: BuyerDesk) -> Mapping[str, Act]:
    async def files(platform: str, token: str, version: int, form: FormData, _: Policy) -> None:
        await desk.add_files(platform, token, await _files(form, needed=True), version)

    async def explain(platform: str, token: str, version: int, form: FormData, policy: Policy) -> None:
        statement = _statement(form)
        chosen = str(form.get("reason", ""))
        if not statement or chosen not in {each.value for each in policy.reasons}:
            raise InvalidRequest("Choose a reason and say what happened.")
        await desk.explain(platform, token, ReasonCode(chosen), statement, version)

    async def accept(platform: str, token: str, version: int, _: FormData, __: Policy) -> None:
        await desk.accept_offer(platform, token, version)

    async def decline(platform: str, token: str, version: int, _: FormData, __: Policy) -> None:
        await desk.decline_offer(platform, token, version)

    async def counter(platform: str, token: str, version: int, form: FormData, policy: Policy) -> None:
        minor = _minor(str(form.get("amount", "")), policy.currency)
        await desk.counter(platform, token, minor, _statement(form), version)

    async def appeal(platform: str, token: str, version: int, form: FormData, _: Policy) -> None:
        await desk.appeal(platform, token, _statement(form), await _files(form, needed=False), version)

    async def arbitration(platform: str, token: str, version: int, form: FormData, _: Policy) -> None:
        await desk.ask_for_arbitration(platform, token, _statement(form), version)

    async def reopen(platform: str, token: str, version: int, _: FormData, __: Policy) -> None:
        await desk.reopen(platform, token, version)

    async def withdraw(platform: str, token: str, version: int, _: FormData, __: Policy) -> None:
        await desk.withdraw(platform, token, version)

    return {
        "evidence": files,
        "explain": explain,
        "accept-offer": accept,
        "decline-offer": decline,
        "counter": counter,
        "appeal": appeal,
        "request-arbitration": arbitration,
        "reopen": reopen,
        "withdraw": withdraw,
    }


async def _form(request: Request, seconds: float = _SECONDS) -> FormData:
    """The form, refused while it arrives where it is larger or slower than allowed."""
    announced = request.headers.get("content-length", "")
    if not announced.isdecimal():
        raise TooLarge("Send the form with its length.")
    if int(announced) > _TOTAL_BYTES + 1024 * 1024:
        raise TooLarge("All files together may be 40 MB at most.")
    try:
        async with asyncio.timeout(seconds):
            return await request.form(max_files=_FILES, max_fields=12, max_part_size=64 * 1024)
    except TimeoutError:
        raise FormTooSlow("The form took too long to arrive. Send it again, with fewer or smaller files.") from None
    except ClientDisconnect:
        raise InvalidRequest("The form broke off. Send it again.") from None


async def _files(form: FormData, *, needed: bool) -> list[UploadedFile]:
    found: list[UploadedFile] = []
    for _, value in form.multi_items():
        if not isinstance(value, UploadFile) or not value.size:
            continue
        if value.size > _FILE_BYTES:
            raise TooLarge("A file may be 10 MB at most.")
        found.append(UploadedFile(name=value.filename or "", data=await value.read()))
    if needed and not found:
        raise InvalidRequest("Choose at least one file.")
    return found


def _version(form: FormData) -> int:
    given = str(form.get("version", ""))
    if not given.isdecimal() or len(given) > 9:
        raise InvalidRequest("The form lacks the case's version.")
    return int(given)


def _statement(form: FormData) -> str:
    text = str(form.get("statement", "")).replace("\x00", "").strip()
    if len(text) > _STATEMENT:
        raise InvalidRequest(f"A statement may have {_STATEMENT} characters at most.")
    return text


def _minor(text: str, currency: str) -> int:
    """``12.50`` as minor units; InvalidRequest for anything else than a plain amount."""
    digits = exponent(currency)
    if not _AMOUNT.match(text.strip()):
        raise InvalidRequest("Write the amount in figures, e.g. 12.50.")
    whole, _, part = text.strip().partition(".")
    if len(part) > digits:
        raise InvalidRequest("The amount has more places than the currency.")
    return int(whole + part.ljust(digits, "0"))


# --- what a buyer sees


def _page(
    pages: Pages,
    request: Request,
    view: CaseView,
    policy: Policy,
    *,
    done: str = "",
    refused: str = "",
    status: int = 200,
) -> Response:
    language = language_of(request)
    return pages.page(
        request,
        "case.html",
        status=status,
        private=True,
        page=_shown(view, policy, language),
        done=done if done in _DONE else "",
        refused=refused,
    )


_DONE = frozenset(
    {
        "evidence",
        "explain",
        "accept-offer",
        "decline-offer",
        "counter",
        "appeal",
        "request-arbitration",
        "reopen",
        "withdraw",
    }
)


def _shown(view: CaseView, policy: Policy, language: str) -> dict[str, Any]:
    case = view.case
    answer = viewing.buyer_answer(view) or PENDING
    grant = viewing.standing_grant(view)
    offer = viewing.last_offer(view) if case.state in (CaseState.OFFERED, CaseState.COUNTERED) else None
    zone = policy.time_zone
    return {
        "platform": policy.platform,
        "number": case.number,
        "version": case.version,
        "state": case.state.value,
        "state_name": named(STATES, case.state.value, language),
        "reason": named(REASONS, case.claim.reason.value, language),
        "amount": str(case.claim.amount_claimed),
        "applied": f"{case.accepted_at.astimezone(zone):%Y-%m-%d %H:%M}",
        "zone": policy.zone,
        "message": answer.message.get(language),
        "next": answer.next.get(language),
        "missing": [each.text.get(language) for each in answer.missing],
        "granted": str(grant.amount) if grant is not None else None,
        "offer": str(offer[0].amount) if offer is not None else None,
        "countered": str(Money(offer[1], policy.currency)) if offer is not None and offer[1] is not None else None,
        "stages": _STAGES,
        "reached": _REACHED.get(case.state, 3),
        "due": _due(view, policy, language),
        "explains": case.state is CaseState.AWAITING_MATERIALS,
        "reasons": [(each.value, named(REASONS, each.value, language)) for each in policy.reasons],
        "chosen": case.claim.reason.value,
        "actions": viewing.possible_actions(view).get(Party.BUYER, ()),
        "channel": policy.official_channel.text.get(language),
        "digits": exponent(policy.currency),
        "steps": [
            {"at": _at(step.at, policy), "state": named(STATES, step.to_state.value, language)}
            for step in view.steps
            if step.from_state is not step.to_state
        ],
    }


def _at(moment: datetime, policy: Policy) -> str:
    return f"{moment.astimezone(policy.time_zone):%Y-%m-%d %H:%M}"


# What runs against the buyer or for the buyer; the others are between the platform and us.
_TOLD_DUE = frozenset(
    {
        DeadlineKind.MATERIALS, DeadlineKind.OFFER, DeadlineKind.REVIEW, DeadlineKind.SUPPLIER,
        DeadlineKind.SELLER_REPLY, DeadlineKind.APPEAL, DeadlineKind.ARBITRATION, DeadlineKind.PAYMENT,
    }
)  # fmt: skip


def _due(view: CaseView, policy: Policy, language: str) -> dict[str, str] | None:
    if view.deadline is None or view.deadline.kind not in _TOLD_DUE:
        return None
    what = named(DUE, view.deadline.kind.value, language)
    return {"what": what, "at": _at(view.deadline.due_at, policy)}


def _refusal(error: PrereviewError) -> str:
    """Which of the page's own sentences fits; details are written for platforms."""
    if isinstance(error, TooLarge):
        return "large"
    return "moved_on" if isinstance(error, Conflict) else "wrong"
