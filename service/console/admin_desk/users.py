"""Users: who there is, somebody new, roles and skills, a new password, sessions and failed attempts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.desk import Desk, Room, requires
from service.console.figures import length, moment
from service.console.words import LANES, REASONS, ROLES, fault
from service.domain.assessment import Text
from service.domain.claims import ReasonCode
from service.domain.errors import Conflict, InvalidRequest, NotFound
from service.domain.queues import ASSIGNED
from service.domain.users import Role, User
from service.review.account_standing import AccountStanding

_CHOICES = {
    "lane": {lane.value: LANES[lane] for lane in sorted(ASSIGNED)},
    "reason": {reason.value: REASONS[reason] for reason in ReasonCode},
}
_DONE = {
    "roles": Text(zh="角色已更改，该用户已被登出。", en="The roles are changed; the person is signed out."),
    "disabled": Text(zh="账号已停用，该用户已被登出。", en="The account is disabled; the person is signed out."),
    "enabled": Text(zh="账号已恢复。", en="The account is enabled again."),
    "sessions": Text(zh="该用户的所有登录都已结束。", en="The person is signed out everywhere."),
    "retry": Text(zh="失败次数已清零，可以立即重试。", en="Failed attempts are forgotten; they can try again at once."),
    "skills": Text(zh="已更改该用户会分到的案件。", en="Changed which cases the person is given."),
    "same": Text(zh="没有变化。", en="Nothing has changed."),
}


@requires(Role.ADMINISTRATOR)
async def _list(request: Request, desk: Desk) -> Response:
    return await _page(desk, done=_DONE.get(request.query_params.get("done", "")))


@requires(Role.ADMINISTRATOR, back="/users")
async def _add(_request: Request, desk: Desk) -> Response:
    login, roles = desk.form.get("login"), desk.form.all("role")
    try:
        user, made = await desk.console.accounts.add(desk.platform_id, login, roles, desk.actor)
    except (InvalidRequest, Conflict) as error:
        return await _page(desk, status=error.status, wrong=fault(error), login=login, chosen=roles)
    # Not by a redirect: the password is shown in this answer and nowhere else.
    return await _page(desk, made=(user.login, made))


@requires(Role.ADMINISTRATOR, back="/users")
async def _set_roles(request: Request, desk: Desk) -> Response:
    async def change(login: str) -> str:
        changed = await desk.console.accounts.set_roles(desk.platform_id, login, desk.form.all("role"), desk.actor)
        return "roles" if changed else "same"

    return await _change(request, desk, change)


@requires(Role.ADMINISTRATOR, back="/users")
async def _disable(request: Request, desk: Desk) -> Response:
    return await _set_disabled(request, desk, disabled=True)


@requires(Role.ADMINISTRATOR, back="/users")
async def _enable(request: Request, desk: Desk) -> Response:
    return await _set_disabled(request, desk, disabled=False)


async def _set_disabled(request: Request, desk: Desk, *, disabled: bool) -> Response:
    async def change(login: str) -> str:
        changed = await desk.console.accounts.set_disabled(desk.platform_id, login, disabled, desk.actor)
        return ("disabled" if disabled else "enabled") if changed else "same"

    return await _change(request, desk, change)


@requires(Role.ADMINISTRATOR, back="/users")
async def _end_sessions(request: Request, desk: Desk) -> Response:
    async def change(login: str) -> str:
        ended = await desk.use_cases.account_desk.end_sessions(desk.platform_id, login, desk.actor)
        return "sessions" if ended else "same"

    return await _change(request, desk, change)


@requires(Role.ADMINISTRATOR, back="/users")
async def _let_try_again(request: Request, desk: Desk) -> Response:
    async def change(login: str) -> str:
        await desk.use_cases.account_desk.let_try_again(desk.platform_id, login, desk.actor)
        return "retry"

    return await _change(request, desk, change)


@requires(Role.ADMINISTRATOR, back="/users")
async def _set_skills(request: Request, desk: Desk) -> Response:
    async def change(login: str) -> str:
        form, accounts = desk.form, desk.use_cases.account_desk
        changed = await accounts.set_skills(desk.platform_id, login, form.all("lane"), form.all("reason"), desk.actor)
        return "skills" if changed else "same"

    return await _change(request, desk, change)


@requires(Role.ADMINISTRATOR, back="/users")
async def _set_password(request: Request, desk: Desk) -> Response:
    login = request.path_params["login"]
    try:
        made = await desk.console.accounts.set_password(desk.platform_id, login, desk.actor)
    except (Conflict, NotFound) as error:
        return await _page(desk, status=error.status, wrong=fault(error))
    return await _page(desk, made=(login, made))


async def _change(request: Request, desk: Desk, change: Callable[[str], Awaitable[str]]) -> Response:
    try:
        done = await change(request.path_params["login"])
    except (InvalidRequest, Conflict, NotFound) as error:
        return await _page(desk, status=error.status, wrong=fault(error))
    return desk.go(f"/users?done={done}")


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
    standing = await desk.use_cases.account_desk.standing(desk.platform_id, found)
    users = [(user, _standing(desk, standing[user.login], user)) for user in found]
    values = {"wrong": wrong, "done": done, "made": made, "login": login, "chosen": chosen}
    return desk.page("admin_desk/users.html", status=status, users=users, role_names=ROLES, choices=_CHOICES, **values)


def _standing(desk: Desk, found: AccountStanding, user: User) -> dict[str, Any]:
    lapsed = user.password_lapsed(desk.use_cases.account_desk.now())
    now, language = desk.use_cases.account_desk.now(), desk.look.language
    wait = 0.0 if found.wait_until is None else (found.wait_until - now).total_seconds()
    return {
        "lapsed": lapsed,
        "sessions": found.sessions,
        "used": moment(found.used_at, desk.platform.zone, now, language),
        "failures": found.failures,
        "wait": length(wait, language) if wait > 0 else "",
    }


USERS = Room(
    path="/users",
    name=Text(zh="用户", en="Users"),
    about=Text(zh="谁可以登录，以及可以做什么。", en="Who may sign in, and what they may do."),
    roles=frozenset({Role.ADMINISTRATOR}),
    routes=(
        Route("/users", _list, methods=["GET"]),
        Route("/users", _add, methods=["POST"]),
        Route("/users/{login}/roles", _set_roles, methods=["POST"]),
        Route("/users/{login}/skills", _set_skills, methods=["POST"]),
        Route("/users/{login}/password", _set_password, methods=["POST"]),
        Route("/users/{login}/disable", _disable, methods=["POST"]),
        Route("/users/{login}/enable", _enable, methods=["POST"]),
        Route("/users/{login}/sign-out", _end_sessions, methods=["POST"]),
        Route("/users/{login}/retry", _let_try_again, methods=["POST"]),
    ),
)
