"""The queues, the next case, and cases found by an id."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.case_desk.bar import held_bar
from service.console.desk import Desk, requires
from service.console.figures import moment, money
from service.console.foreign_text import visible
from service.console.queue_desk.asked import AGES, SIZES, Asked, asked, asked_of, filter_of, position_of, written
from service.console.queue_desk.bulk import ROUTES as BULK_ROUTES
from service.console.queue_desk.listing import case_lines, lane_lines
from service.console.queue_desk.locks import ROUTES as LOCK_ROUTES
from service.console.queue_desk.summary import ACTING, LOOKING
from service.console.queue_desk.words import KINDS, LIKENESSES, said
from service.console.words import LANES, REASONS, STATES, named
from service.domain.errors import Conflict, InvalidRequest
from service.domain.queues import WAITING
from service.review.finding import LONGEST_TYPED, SavedView


@requires(*LOOKING)
async def queues(request: Request, desk: Desk) -> Response:
    """Lanes, and the cases of the filter asked for."""
    return await queue_page(desk, asked(request.query_params.multi_items()))


@requires(*LOOKING)
async def lanes(_request: Request, desk: Desk) -> Response:
    """The lanes alone, for a page that hears of a change."""
    glanced = await desk.use_cases.queue_sight.glances(desk.user)
    found = lane_lines(glanced, desk.use_cases.queues.now(), desk.look.language)
    return desk.page("queues/lanes.html", lanes=found, question=asked(()), size_of="")


async def queue_page(desk: Desk, question: Asked, *, status: int = 200, fault: str = "", notice: str = "") -> Response:
    sight, now = desk.use_cases.queue_sight, desk.use_cases.queues.now()
    wanted = filter_of(question, login=desk.user.login, currency=desk.platform.currency, now=now)
    glanced = await sight.glances(desk.user)
    page = await sight.page(desk.user, wanted, position_of(question.after), question.size)
    return desk.page(
        "queues/page.html",
        status=status,
        bar=await held_bar(desk),
        lanes=lane_lines(glanced, now, desk.look.language),
        cases=case_lines(
            page.cases, login=desk.user.login, zone=desk.platform.zone, now=now, language=desk.look.language
        ),
        question=question,
        views=await _views(desk, question),
        further=None if page.after is None else question.query(after=written(page.after)),
        looked_through=page.looked_through,
        choices=_choices(desk),
        fault=fault,
        notice=notice,
        may_act=desk.may(*ACTING, change=True),
    )


async def _views(desk: Desk, question: Asked) -> list[tuple[SavedView, bool]]:
    """Each with whether it is the one that is shown."""
    return [(view, view.query == question.query()) for view in await desk.use_cases.views.of(desk.user)]


def _choices(desk: Desk) -> dict[str, list[tuple[str, str]]]:
    language = desk.look.language
    ages = {each: desk.say(f"超过 {days} 天", f"over {days} d") for each, days in AGES.items()}
    return {
        "state": [(state.value, named(STATES, state, language)) for state in WAITING],
        "reason": [(reason, name.get(language)) for reason, name in REASONS.items()],
        "lane": [(lane, name.get(language)) for lane, name in LANES.items()],
        "age": list(ages.items()),
        "whose": [("free", desk.say("无人处理", "nobody has it")), ("mine", desk.say("我的", "mine"))],
        "held": [("only", desk.say("仅搁置的", "on hold only")), ("too", desk.say("含搁置的", "those on hold too"))],
        "size": [(str(size), str(size)) for size in SIZES],
    }


@requires(*LOOKING)
async def save_view(_request: Request, desk: Desk) -> Response:
    """The filter that is shown, under a name."""
    question = asked_of(desk.form.get("query"))
    try:
        await desk.use_cases.views.save(desk.user, desk.form.get("name"), question.query())
    except (InvalidRequest, Conflict) as error:
        return await queue_page(desk, question, status=error.status, fault=said(error, desk.say))
    return desk.go(_path(question))


@requires(*LOOKING)
async def delete_view(_request: Request, desk: Desk) -> Response:
    await desk.use_cases.views.delete(desk.user, desk.form.get("name"))
    return desk.go(_path(asked_of(desk.form.get("query"))))


def _path(question: Asked) -> str:
    query = question.query()
    return f"/queues?{query}" if query else "/queues"


@requires(*LOOKING)
async def search(request: Request, desk: Desk) -> Response:
    """By any id; one that fits exactly and alone opens its case."""
    typed = request.query_params.get("q", "").replace("\0", "").strip()[:LONGEST_TYPED]
    found = await desk.use_cases.finding.find(desk.platform_id, typed)
    found = await desk.use_cases.queue_sight.found(desk.user, typed, found)
    now, language = desk.use_cases.queues.now(), desk.look.language
    lines = [
        {
            "id": str(each.case_id),
            "number": each.number,
            "kind": named(KINDS, each.kind, language),
            "likeness": named(LIKENESSES, each.likeness, language),
            "exact": each.likeness == "exact",
            "value": visible(each.value, 80),
            "state": named(STATES, each.state, language),
            "reason": named(REASONS, each.reason, language),
            "amount": money(each.amount.minor, each.amount.currency),
            "applied": moment(each.accepted_at, desk.platform.zone, now, language),
        }
        for each in found
    ]
    return desk.page("queues/search.html", typed=visible(typed, LONGEST_TYPED), found=lines)


@requires(*ACTING)
async def next_case(_request: Request, desk: Desk) -> Response:
    """Take the next case that is for them, and show it."""
    try:
        lock = await desk.use_cases.next_case.take(desk.user)
    except Conflict as error:
        return await queue_page(desk, asked(()), status=error.status, fault=said(error, desk.say))
    if lock is None:
        nothing = desk.say(
            "现在没有适合您的退款单：其余的正由他人处理、已搁置，或不在您负责的范围。",
            "Nothing waits for you now: others have what there is, it is on hold, or it is not yours to decide.",
        )
        return await queue_page(desk, asked(()), notice=nothing)
    return desk.go(f"/cases/{lock.case_id}")


@requires(*ACTING)
async def to_next(_request: Request, desk: Desk) -> Response:
    """Taking a case changes something, so the address alone does not; it shows where the button is."""
    return desk.go("/queues")


ROUTES = (
    Route("/queues", queues, methods=["GET"]),
    Route("/queues/lanes", lanes, methods=["GET"]),
    Route("/queues/search", search, methods=["GET"]),
    Route("/queues/views", save_view, methods=["POST"]),
    Route("/queues/views/delete", delete_view, methods=["POST"]),
    Route("/next", next_case, methods=["POST"]),
    Route("/next", to_next, methods=["GET"]),
    *BULK_ROUTES,
    *LOCK_ROUTES,
)
