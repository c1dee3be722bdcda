"""The administrators' page of users: who there is, somebody new, roles, a new password, and the end of an account."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.desk import Desk, Room, requires
from service.console.words import ROLES, fault
from service.domain.assessment import Text
from service.domain.errors import Conflict, InvalidRequest, NotFound
from service.domain.users import Role

_DONE = {
    "roles": Text(zh="角色已更改，该用户已被登出。", en="The roles are changed; the person is signed out."),
    "disabled": Text(zh="账号已停用，该用户已被登出。", en="The account is disabled; the person is signed out."),
    "enabled": Text(zh="账号已恢复。", en="The account is enabled again."),
    "same": Text(zh="没有变化。", en="Nothing has changed."),
}


@requires(Role.ADMINISTRATOR)
async def _list(request: Request, desk: Desk) -> Response:
    return await _page(desk, done=_DONE.get(request.query_params.get("done", "")))


@requires(Role.ADMINISTRATOR)
async def _add(_request: Request, desk: Desk) -> Response:
    login, roles = desk.form.get("login"), desk.form.all("role")
    try:
        user, made = await desk.console.accounts.add(desk.platform_id, login, roles, desk.actor)
    except (InvalidRequest, Conflict) as error:
        return await _page(desk, status=error.status, wrong=fault(error), login=login, chosen=roles)
    # Not by a redirect: the password is shown in this answer and nowhere else.
    return await _page(desk, made=(user.login, made))


@requires(Role.ADMINISTRATOR)
async def _set_roles(request: Request, desk: Desk) -> Response:
    try:
        changed = await desk.console.accounts.set_roles(
            desk.platform_id, request.path_params["login"], desk.form.all("role"), desk.actor
        )
    except (InvalidRequest, Conflict, NotFound) as error:
        return await _page(desk, status=error.status, wrong=fault(error))
    return desk.go(f"/users?done={'roles' if changed else 'same'}")


@requires(Role.ADMINISTRATOR)
async def _disable(request: Request, desk: Desk) -> Response:
    return await _set_disabled(request, desk, disabled=True)


@requires(Role.ADMINISTRATOR)
async def _enable(request: Request, desk: Desk) -> Response:
    return await _set_disabled(request, desk, disabled=False)


async def _set_disabled(request: Request, desk: Desk, *, disabled: bool) -> Response:
    try:
        changed = await desk.console.accounts.set_disabled(
            desk.platform_id, request.path_params["login"], disabled, desk.actor
        )
    except (Conflict, NotFound) as error:
        return await _page(desk, status=error.status, wrong=fault(error))
    done = "disabled" if disabled else "enabled"
    return desk.go(f"/users?done={done if changed else 'same'}")


@requires(Role.ADMINISTRATOR)
async def _set_password(request: Request, desk: Desk) -> Response:
    login = request.path_params["login"]
    try:
        made = await desk.console.accounts.set_password(desk.platform_id, login, desk.actor)
    except (Conflict, NotFound) as error:
        return await _page(desk, status=error.status, wrong=fault(error))
    return await _page(desk, made=(login, made))


async def _page(
    desk: Desk,
    *,
    status: int = 200,
    wrong: Text | None = None,
    done: Text | None = None,
    made: tuple[str, str | None] | None = None,
    login: str = "",
    chosen: tuple[str, ...] = (),
) -> Response:
    found = await desk.console.accounts.listed(desk.platform_id)
    values = {"wrong": wrong, "done": done, "made": made, "login": login, "chosen": chosen}
    return desk.page("users.html", status=status, users=found, role_names=ROLES, **values)


USERS = Room(
    path="/users",
    name=Text(zh="用户", en="Users"),
    about=Text(zh="谁可以登录，以及可以做什么。", en="Who may sign in, and what they may do."),
    roles=frozenset({Role.ADMINISTRATOR}),
    key="u",
    routes=(
        Route("/users", _list, methods=["GET"]),
        Route("/users", _add, methods=["POST"]),
        Route("/users/{login}/roles", _set_roles, methods=["POST"]),
        Route("/users/{login}/password", _set_password, methods=["POST"]),
        Route("/users/{login}/disable", _disable, methods=["POST"]),
        Route("/users/{login}/enable", _enable, methods=["POST"]),
    ),
)
