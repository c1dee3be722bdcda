"""Pages of the policy as it is: in words, as text, and its versions with what people do to them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.desk import Desk, requires
from service.console.policy_desk.clauses import sections
from service.console.policy_desk.differing import meanings, shown_line, side_by_side
from service.console.policy_desk.faults import fault
from service.console.policy_desk.roles import READERS, SIGNERS, WRITERS
from service.console.policy_desk.versions import version_view
from service.domain.assessment import Text
from service.domain.errors import InvalidPolicyText, InvalidRequest, NotFound, PrereviewError
from service.review.policies import Published, Standing, compared

_VERSION = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
_DONE = {
    "proposed": Text(
        zh="已提议。请另一位风险负责人签署。", en="Proposed. Another risk owner signs it before it comes into force."
    ),
    "signed": Text(zh="已签署。", en="Signed."),
    "rejected": Text(zh="已拒签。", en="Refused."),
    "withdrawn": Text(zh="已撤回。", en="Withdrawn."),
}


def now_of(desk: Desk) -> datetime:
    """By the service's clock, which policies go by."""
    return desk.use_cases.policies.now()


async def published(desk: Desk) -> Published | None:
    """None on a platform without a policy."""
    try:
        return await desk.use_cases.policies.published(desk.platform_id)
    except NotFound:
        return None


@requires(*READERS)
async def _in_force(_request: Request, desk: Desk) -> Response:
    found = await published(desk)
    values: dict[str, Any] = {
        "published": found,
        "sections": sections(found.policy, desk.look.language) if found is not None else (),
        "versions": await _views(desk),
    }
    return desk.page("policy_desk/in_force.html", tab="words", **values)


@requires(*READERS)
async def _text(_request: Request, desk: Desk) -> Response:
    found = await published(desk)
    if found is None:
        return desk.go("/policy")
    standing = await desk.use_cases.policies.version(desk.platform_id, found.version)
    lines = [shown_line(line) for line in standing.record.text.splitlines()]
    return desk.page("policy_desk/text.html", tab="text", published=found, lines=lines)


@requires(*READERS)
async def _versions(_request: Request, desk: Desk) -> Response:
    return desk.page("policy_desk/versions.html", tab="versions", versions=await _views(desk))


@requires(*READERS)
async def _version(request: Request, desk: Desk) -> Response:
    done = _DONE.get(request.query_params.get("done", ""))
    return await version_page(desk, _named(request), done=done)


@requires(*SIGNERS, back="/policy/versions")
async def _sign(request: Request, desk: Desk) -> Response:
    async def sign(version: str) -> Standing:
        if desk.form.get("read") != "yes":
            raise InvalidRequest("Say that you have read the difference.", extra={"code": "read"})
        return await desk.use_cases.policies.sign_off(
            desk.platform_id, version, desk.form.get("text_sha256"), person=desk.user.login, actor=desk.actor
        )

    return await _act(request, desk, sign, "signed")


@requires(*SIGNERS, back="/policy/versions")
async def _reject(request: Request, desk: Desk) -> Response:
    async def reject(version: str) -> Standing:
        return await desk.use_cases.policies.reject(
            desk.platform_id, version, why=desk.form.get("why"), person=desk.user.login, actor=desk.actor
        )

    return await _act(request, desk, reject, "rejected")


@requires(*WRITERS, back="/policy/versions")
async def _withdraw(request: Request, desk: Desk) -> Response:
    async def withdraw(version: str) -> Standing:
        return await desk.use_cases.policies.withdraw(
            desk.platform_id, version, why=desk.form.get("why"), person=desk.user.login, actor=desk.actor
        )

    return await _act(request, desk, withdraw, "withdrawn")


async def _act(request: Request, desk: Desk, act: Callable[[str], Awaitable[Standing]], done: str) -> Response:
    version = _named(request)
    try:
        await act(version)
    except PrereviewError as error:
        if isinstance(error, NotFound) or error.status >= 500:
            raise
        if error.extra.get("code") == "read":
            wrong = Text(zh="请先勾选已核对差异。", en="Tick that you have read the difference first.")
        else:
            wrong = fault(error)
        return await version_page(desk, version, status=error.status, wrong=wrong, why=desk.form.get("why"))
    return desk.go(f"/policy/versions/{version}?done={done}")


async def version_page(
    desk: Desk,
    version: str,
    *,
    status: int = 200,
    wrong: Text | None = None,
    done: Text | None = None,
    why: str = "",
) -> Response:
    """One version against the one in force. NotFound for one the platform does not have."""
    policies, language = desk.use_cases.policies, desk.look.language
    standing = await policies.version(desk.platform_id, version)
    found = await published(desk)
    other = None
    if found is not None and found.version != version:
        other = await policies.version(desk.platform_id, found.version)
    difference = None
    if other is not None:
        difference = await asyncio.to_thread(side_by_side, other.record.text, standing.record.text)
    values = {
        "view": version_view(standing, desk.platform.zone, now_of(desk), language, desk.user.login),
        "published": found,
        "difference": difference,
        "meanings": await asyncio.to_thread(_meanings, other, standing, desk.platform.currency),
        "lines": [shown_line(line) for line in standing.record.text.splitlines()],
        "signer": desk.may(*SIGNERS, change=True),
        "writer": desk.may(*WRITERS, change=True),
    }
    return desk.page(
        "policy_desk/version.html", tab="versions", status=status, wrong=wrong, done=done, why=why, **values
    )


def _meanings(other: Standing | None, standing: Standing, currency: str) -> tuple[object, ...] | None:
    """None where one of the two can no longer be read: policies may say less, or more, than they once could."""
    if other is None:
        return None
    try:
        found = compared(other.record.text, standing.record.text, before="", after="")
    except InvalidPolicyText:
        return None
    return meanings(found, currency)


async def _views(desk: Desk) -> tuple[object, ...]:
    now, zone, language = now_of(desk), desk.platform.zone, desk.look.language
    found = await desk.use_cases.policies.versions(desk.platform_id)
    return tuple(version_view(each, zone, now, language, desk.user.login) for each in found)


def _named(request: Request) -> str:
    version: str = request.path_params["version"]
    if not _VERSION.match(version):
        raise NotFound("That is no version's name.")
    return version


def reading_routes() -> tuple[Route, ...]:
    return (
        Route("/policy", _in_force, methods=["GET"]),
        Route("/policy/text", _text, methods=["GET"]),
        Route("/policy/versions", _versions, methods=["GET"]),
        Route("/policy/versions/{version}", _version, methods=["GET"]),
        Route("/policy/versions/{version}/sign", _sign, methods=["POST"]),
        Route("/policy/versions/{version}/reject", _reject, methods=["POST"]),
        Route("/policy/versions/{version}/withdraw", _withdraw, methods=["POST"]),
    )
