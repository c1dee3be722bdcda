"""API keys: what there is and when it was used, a new one shown once, one replaced with an overlap, one revoked."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.admin_desk.words import SCOPES, fault
from service.console.desk import Desk, Room, requires
from service.console.figures import moment
from service.console.foreign_text import visible
from service.console.words import named
from service.domain.assessment import Text
from service.domain.errors import Conflict, Forbidden, InvalidRequest, NotFound
from service.domain.users import Role
from service.review.api_keys import GRANTABLE, KeyRecord, NewKey, guarded

OVERLAPS = (0, 1, 24, 168)
_DONE = {"revoked": Text(zh="密钥已撤销。", en="The key is revoked.")}
_REFUSED = (InvalidRequest, Conflict, Forbidden)


@requires(Role.ADMINISTRATOR)
async def _list(request: Request, desk: Desk) -> Response:
    return await _page(desk, done=_DONE.get(request.query_params.get("done", "")))


@requires(Role.ADMINISTRATOR, back="/keys")
async def _create(_request: Request, desk: Desk) -> Response:
    form = desk.form
    days = form.get("days").strip()
    try:
        made = await desk.use_cases.api_keys.create(
            desk.platform_id,
            desk.actor,
            name=form.get("name"),
            scopes=form.all("scope"),
            days=None if not days else _number(days, "days"),
            rate_class=form.get("rate_class") or "standard",
            networks=form.get("networks").split(),
        )
    except _REFUSED as error:
        return await _page(desk, status=error.status, wrong=fault(error), form=_filled(desk))
    return await _page(desk, made=made)


@requires(Role.ADMINISTRATOR, back="/keys")
async def _rotate(request: Request, desk: Desk) -> Response:
    try:
        overlap = timedelta(hours=_number(desk.form.get("overlap"), "overlap"))
        made = await desk.use_cases.api_keys.rotate(desk.platform_id, _id(request), overlap, desk.actor)
    except _REFUSED as error:
        return await _page(desk, status=error.status, wrong=fault(error))
    return await _page(desk, made=made)


@requires(Role.ADMINISTRATOR, back="/keys")
async def _revoke(request: Request, desk: Desk) -> Response:
    await desk.use_cases.api_keys.revoke(desk.platform_id, _id(request), desk.actor)
    return desk.go("/keys?done=revoked")


async def _page(
    desk: Desk,
    *,
    status: int = 200,
    wrong: Text | None = None,
    done: Text | None = None,
    made: NewKey | None = None,
    form: dict[str, Any] | None = None,
) -> Response:
    keys = desk.use_cases.api_keys
    found = [_shown(desk, each) for each in reversed(await keys.listed(desk.platform_id))]
    new = None
    if made is not None:
        ends = moment(made.old_ends_at, desk.platform.zone, keys.now(), desk.look.language)
        new = {"token": made.token, "name": visible(made.record.name, 100), "old_ends": ends}
    return desk.page(
        "admin_desk/keys.html",
        status=status,
        wrong=wrong,
        done=done,
        made=new,
        live=[each for each in found if each["state"] != "ended"],
        ended=[each for each in found if each["state"] == "ended"][:50],
        scopes=[(scope.value, named(SCOPES, scope, desk.look.language)) for scope in GRANTABLE],
        rate_classes=keys.rate_classes,
        overlaps=OVERLAPS,
        form=form or {"name": "", "scopes": ("claims", "events"), "days": "", "networks": "", "rate_class": "standard"},
    )


def _shown(desk: Desk, key: KeyRecord) -> dict[str, Any]:
    now, zone, language = desk.use_cases.api_keys.now(), desk.platform.zone, desk.look.language
    state = "ended" if key.ended(now) else "ending" if key.terms.expires_at is not None else "live"
    return {
        "id": str(key.id),
        "name": visible(key.name, 100),
        "scopes": sorted(key.scopes),
        "scope_names": {scope: named(SCOPES, scope, language) for scope in key.scopes},
        "created": moment(key.created_at, zone, now, language),
        "used": moment(key.last_used_at, zone, now, language),
        "ends": moment(key.terms.expires_at, zone, now, language),
        "revoked": moment(key.revoked_at, zone, now, language),
        "rate_class": key.terms.rate_class,
        "networks": key.terms.networks,
        "state": state,
        "guarded": guarded(key),
        "follows": None if key.rotated_from is None else str(key.rotated_from)[-12:],
    }


def _filled(desk: Desk) -> dict[str, Any]:
    form = desk.form
    return {
        "name": form.get("name"),
        "scopes": form.all("scope"),
        "days": form.get("days"),
        "networks": form.get("networks"),
        "rate_class": form.get("rate_class"),
    }


def _number(text: str, code: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise InvalidRequest("Write a whole number.", extra={"code": code})
    return int(text)


def _id(request: Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.path_params["key"])
    except ValueError:
        raise NotFound("That is no key's id.") from None


KEYS = Room(
    path="/keys",
    name=Text(zh="API 密钥", en="API keys"),
    about=Text(zh="平台系统用的密钥：新建、更换、撤销。", en="What the platform's systems sign in with."),
    roles=frozenset({Role.ADMINISTRATOR}),
    routes=(
        Route("/keys", _list, methods=["GET"]),
        Route("/keys", _create, methods=["POST"]),
        Route("/keys/{key}/rotate", _rotate, methods=["POST"]),
        Route("/keys/{key}/revoke", _revoke, methods=["POST"]),
    ),
)
