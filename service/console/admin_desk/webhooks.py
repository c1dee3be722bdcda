"""Webhooks: endpoints, their secrets, what was sent and what receivers answered, dead letters and sending again."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.admin_desk.words import DELIVERY_STATES, DISABLED_BECAUSE, PROBLEMS, fault
from service.console.desk import Desk, Room, requires
from service.console.figures import count, moment
from service.console.foreign_text import visible
from service.console.words import named
from service.domain.assessment import Text
from service.domain.errors import Conflict, InvalidRequest, NotFound
from service.domain.event_catalogue import EVENT_TYPES
from service.domain.users import Role
from service.review.webhooks import Delivery, Endpoint, EndpointCounts, NewSecret

OVERLAPS = (0, 1, 24, 168)
_EACH_PAGE = 50
_LONGEST_URL, _LONGEST_DESCRIPTION = 2_000, 200
_WHICH = frozenset({"dead", "missed"})
_DONE = {
    "changed": Text(zh="已保存。", en="Saved."),
    "disabled": Text(zh="回调已停用。", en="It is disabled; nothing is sent."),
    "enabled": Text(zh="回调已恢复。", en="It is enabled again."),
    "deleted": Text(zh="回调及其密钥已删除。", en="The endpoint and its secrets are gone."),
    "tested": Text(
        zh="测试事件已排队，稍后在下面查看结果。", en="A test event is queued; see below what becomes of it."
    ),
    "replayed": Text(zh="已排队重新发送。", en="Queued to be sent again."),
}


@requires(Role.ADMINISTRATOR)
async def _list(request: Request, desk: Desk) -> Response:
    return await _page(desk, done=_DONE.get(request.query_params.get("done", "")))


@requires(Role.ADMINISTRATOR, back="/webhooks")
async def _create(_request: Request, desk: Desk) -> Response:
    try:
        url, types, description = _fields(desk)
        made = await desk.use_cases.webhooks.create(
            desk.platform_id, desk.actor, url=url, types=types, description=description
        )
    except (InvalidRequest, Conflict) as error:
        form = {
            "url": desk.form.get("url"),
            "types": desk.form.all("type"),
            "description": desk.form.get("description"),
        }
        return await _page(desk, status=error.status, wrong=fault(error), form=form)
    return await _one(desk, made.endpoint.id, made=made)


@requires(Role.ADMINISTRATOR)
async def _show(request: Request, desk: Desk) -> Response:
    query = request.query_params
    state, before = query.get("state", ""), query.get("before", "")
    return await _one(
        desk,
        _id(request),
        done=_DONE.get(query.get("done", "")),
        state=state if state in DELIVERY_STATES else None,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 17 else None,
    )


@requires(Role.ADMINISTRATOR, back="/webhooks")
async def _update(request: Request, desk: Desk) -> Response:
    async def change(endpoint: uuid.UUID) -> str:
        url, types, description = _fields(desk)
        changes = {"url": url, "types": types, "description": description}
        await desk.use_cases.webhooks.update(desk.platform_id, endpoint, desk.actor, changes)
        return "changed"

    return await _change(request, desk, change)


@requires(Role.ADMINISTRATOR, back="/webhooks")
async def _disable(request: Request, desk: Desk) -> Response:
    async def change(endpoint: uuid.UUID) -> str:
        await desk.use_cases.webhooks.update(desk.platform_id, endpoint, desk.actor, {"enabled": False})
        return "disabled"

    return await _change(request, desk, change)


@requires(Role.ADMINISTRATOR, back="/webhooks")
async def _enable(request: Request, desk: Desk) -> Response:
    async def change(endpoint: uuid.UUID) -> str:
        await desk.use_cases.webhooks.update(desk.platform_id, endpoint, desk.actor, {"enabled": True})
        return "enabled"

    return await _change(request, desk, change)


@requires(Role.ADMINISTRATOR, back="/webhooks")
async def _test(request: Request, desk: Desk) -> Response:
    async def change(endpoint: uuid.UUID) -> str:
        await desk.use_cases.webhooks.test(desk.platform_id, endpoint, desk.actor)
        return "tested"

    return await _change(request, desk, change)


@requires(Role.ADMINISTRATOR, back="/webhooks")
async def _replay(request: Request, desk: Desk) -> Response:
    async def change(endpoint: uuid.UUID) -> str:
        event, which = desk.form.get("event"), desk.form.get("which")
        webhooks = desk.use_cases.webhooks
        if event:
            await webhooks.replay_one(desk.platform_id, endpoint, _uuid(event), desk.actor)
        elif which in _WHICH:
            await webhooks.replay_after(desk.platform_id, endpoint, which, 0, desk.actor)
        else:
            raise InvalidRequest("Say what is to be sent again.")
        return "replayed"

    return await _change(request, desk, change)


@requires(Role.ADMINISTRATOR, back="/webhooks")
async def _rotate(request: Request, desk: Desk) -> Response:
    endpoint, hours = _id(request), desk.form.get("overlap")
    try:
        if hours not in map(str, OVERLAPS):
            raise InvalidRequest("Choose an overlap.")
        made = await desk.use_cases.webhooks.rotate(desk.platform_id, endpoint, desk.actor, timedelta(hours=int(hours)))
    except (InvalidRequest, Conflict) as error:
        return await _one(desk, endpoint, status=error.status, wrong=fault(error))
    return await _one(desk, endpoint, made=made)


@requires(Role.ADMINISTRATOR, back="/webhooks")
async def _delete(request: Request, desk: Desk) -> Response:
    endpoint = _id(request)
    if desk.form.get("sure") != "yes":
        wrong = Text(zh="请先勾选确认删除。", en="Tick that you are sure first.")
        return await _one(desk, endpoint, status=422, wrong=wrong)
    await desk.use_cases.webhooks.delete(desk.platform_id, endpoint, desk.actor)
    return desk.go("/webhooks?done=deleted")


async def _change(request: Request, desk: Desk, change: Callable[[uuid.UUID], Awaitable[str]]) -> Response:
    endpoint = _id(request)
    try:
        done = await change(endpoint)
    except (InvalidRequest, Conflict) as error:
        return await _one(desk, endpoint, status=error.status, wrong=fault(error))
    return desk.go(f"/webhooks/{endpoint}?done={done}")


async def _page(
    desk: Desk,
    *,
    status: int = 200,
    wrong: Text | None = None,
    done: Text | None = None,
    form: dict[str, Any] | None = None,
) -> Response:
    webhooks = desk.use_cases.webhooks
    counts = await webhooks.counts(desk.platform_id)
    found = [_endpoint(desk, each, counts.get(each.id)) for each in await webhooks.listed(desk.platform_id)]
    return desk.page(
        "admin_desk/webhooks.html",
        status=status,
        wrong=wrong,
        done=done,
        endpoints=found,
        types=[(name, each.summary) for name, each in EVENT_TYPES.items()],
        form=form or {"url": "", "types": (), "description": ""},
    )


async def _one(
    desk: Desk,
    endpoint_id: uuid.UUID,
    *,
    status: int = 200,
    wrong: Text | None = None,
    done: Text | None = None,
    made: NewSecret | None = None,
    state: str | None = None,
    before: int | None = None,
) -> Response:
    """One endpoint. A new secret is in this answer and nowhere else."""
    webhooks, now = desk.use_cases.webhooks, desk.use_cases.account_desk.now()
    endpoint = await webhooks.get(desk.platform_id, endpoint_id)
    counts = await webhooks.counts(desk.platform_id)
    found = await webhooks.deliveries(desk.platform_id, endpoint_id, state=state, before=before, limit=_EACH_PAGE)
    until = None if made is None else moment(made.old_until, desk.platform.zone, now, desk.look.language)
    return desk.page(
        "admin_desk/webhook.html",
        status=status,
        wrong=wrong,
        done=done,
        made=None if made is None else {"secret": made.secret, "until": until},
        endpoint=_endpoint(desk, endpoint, counts.get(endpoint_id)),
        deliveries=[_delivery(desk, each, now) for each in found],
        following=found[-1].sequence if len(found) == _EACH_PAGE else None,
        state=state,
        states=[(key, text.get(desk.look.language)) for key, text in DELIVERY_STATES.items()],
        types=[(name, each.summary) for name, each in EVENT_TYPES.items()],
        overlaps=OVERLAPS,
    )


def _endpoint(desk: Desk, endpoint: Endpoint, counts: EndpointCounts | None) -> dict[str, Any]:
    now, zone, language = desk.use_cases.account_desk.now(), desk.platform.zone, desk.look.language
    state = "disabled" if endpoint.disabled_at else "failing" if endpoint.failing_since else "enabled"
    because = endpoint.disabled_because
    return {
        "id": str(endpoint.id),
        "url": visible(endpoint.url, 2_000),
        "types": endpoint.types,
        "description": visible(endpoint.description, 200),
        "state": state,
        "because": named(DISABLED_BECAUSE, because, language) if because else "",
        "created": moment(endpoint.created_at, zone, now, language),
        "failing": moment(endpoint.failing_since, zone, now, language),
        "disabled": moment(endpoint.disabled_at, zone, now, language),
        "pending": count(counts.pending) if counts else "0",
        "dead": count(counts.dead) if counts else "0",
        "has_dead": bool(counts and counts.dead),
    }


def _delivery(desk: Desk, delivery: Delivery, now: datetime) -> dict[str, Any]:
    zone, language = desk.platform.zone, desk.look.language
    tones = {"delivered": "good", "dead": "bad"}
    return {
        "event": str(delivery.event_id),
        "type": delivery.type,
        "sequence": count(delivery.sequence),
        "state": delivery.state,
        "state_name": named(DELIVERY_STATES, delivery.state, language),
        "tone": tones.get(delivery.state, ""),
        "attempts": delivery.attempts,
        "attempted": moment(delivery.attempted_at, zone, now, language),
        "due": moment(delivery.due_at, zone, now, language) if delivery.state == "pending" else None,
        "status": delivery.status,
        "problem": visible(named(PROBLEMS, delivery.problem or "", language), 200),
    }


def _fields(desk: Desk) -> tuple[str, tuple[str, ...], str]:
    url, description = desk.form.get("url").strip(), desk.form.get("description").strip()
    if not 1 <= len(url) <= _LONGEST_URL:
        raise InvalidRequest("url has 1 to 2,000 characters.")
    if len(description) > _LONGEST_DESCRIPTION or not all(each.isprintable() for each in description):
        raise InvalidRequest("The description has 200 visible characters at most.")
    return url, desk.form.all("type"), description


def _id(request: Request) -> uuid.UUID:
    return _uuid(request.path_params["webhook"])


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound("That is no id.") from None


WEBHOOKS = Room(
    path="/webhooks",
    name=Text(zh="回调", en="Webhooks"),
    about=Text(
        zh="向平台系统发送事件：地址、密钥、投递结果、重发。", en="Where events are sent, and what became of them."
    ),
    roles=frozenset({Role.ADMINISTRATOR}),
    routes=(
        Route("/webhooks", _list, methods=["GET"]),
        Route("/webhooks", _create, methods=["POST"]),
        Route("/webhooks/{webhook}", _show, methods=["GET"]),
        Route("/webhooks/{webhook}", _update, methods=["POST"]),
        Route("/webhooks/{webhook}/disable", _disable, methods=["POST"]),
        Route("/webhooks/{webhook}/enable", _enable, methods=["POST"]),
        Route("/webhooks/{webhook}/test", _test, methods=["POST"]),
        Route("/webhooks/{webhook}/replay", _replay, methods=["POST"]),
        Route("/webhooks/{webhook}/secret", _rotate, methods=["POST"]),
        Route("/webhooks/{webhook}/delete", _delete, methods=["POST"]),
    ),
)
