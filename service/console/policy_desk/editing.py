"""Writing a policy: the editor with what is wrong beside its line, the draft against what is in force, proposing it.

Whatever was typed is kept: each check stores the draft, mistakes and all, and a page that refuses something shows it
again as it was typed.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.desk import Desk, requires
from service.console.figures import moment
from service.console.policy_desk.differing import meanings, side_by_side
from service.console.policy_desk.faults import fault
from service.console.policy_desk.problems import Problem, problems
from service.console.policy_desk.reading import published
from service.console.policy_desk.roles import WRITERS
from service.domain.assessment import Text
from service.domain.errors import InvalidRequest, NotFound, PrereviewError, StaleWrite, TooLarge
from service.domain.policy_versions import text_digest
from service.policy import platform_policy_text
from service.review.policies import compared
from service.review.policy_drafting import PolicyDraft

# 400,000 characters of three bytes, each of them three letters in a form.
FORM_BYTES = 4 * 1024 * 1024
_EDIT = "/policy/edit"
_BAD_TIME = Text(zh="请按 2026-12-01 09:00 的样式填写时间。", en="Write the time as 2026-12-01 09:00.")


@requires(*WRITERS)
async def _edit(request: Request, desk: Desk) -> Response:
    draft = await desk.use_cases.drafting.mine(desk.platform_id, desk.user.login)
    text, revision, began_from = await _start(desk, draft)
    asked = request.query_params.get("line", "")
    at_line = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else None
    return await _editor(desk, text, revision, began_from, draft=draft, at_line=at_line)


@requires(*WRITERS, form_bytes=FORM_BYTES, back=_EDIT)
async def _save(_request: Request, desk: Desk) -> Response:
    """The whole page: without scripts, and for the button that goes on to the comparison."""
    text, revision, began_from = _typed(desk)
    try:
        draft = await _keep(desk, text, revision, began_from)
    except (StaleWrite, TooLarge) as error:
        return await _refused(desk, error, text, began_from)
    checked = await desk.use_cases.drafting.check(desk.platform_id, text)
    if checked.policy is not None and desk.form.get("then") == "compare":
        return desk.go("/policy/draft")
    status = 200 if checked.policy is not None else 422
    return await _editor(desk, text, draft.revision, began_from, draft=draft, status=status)


@requires(*WRITERS, form_bytes=FORM_BYTES, back=_EDIT)
async def _check(_request: Request, desk: Desk) -> Response:
    """For who types on: the draft is kept, and the list of what is wrong comes back."""
    text, revision, began_from = _typed(desk)
    wrong: Text | None = None
    try:
        revision = (await _keep(desk, text, revision, began_from)).revision
    except (StaleWrite, TooLarge) as error:
        wrong = fault(error)
    found = await desk.use_cases.drafting.check(desk.platform_id, text)
    return desk.page(
        "policy_desk/checked.html",
        problems=problems(found.problems, text, desk.look.language),
        revision=revision,
        wrong=wrong,
        saved=_saved(desk, desk.use_cases.drafting.now()),
    )


@requires(*WRITERS, back=_EDIT)
async def _begin(_request: Request, desk: Desk) -> Response:
    """A draft from a version's text. Where there is one already, only if that was meant."""
    version = desk.form.get("version")
    draft = await desk.use_cases.drafting.mine(desk.platform_id, desk.user.login)
    if draft is not None and desk.form.get("replace") != "yes":
        wrong = Text(
            zh="您已有一份草稿。要从这个版本重新开始，请勾选“替换我的草稿”。",
            en="You have a draft already. To begin anew from this version, tick that it replaces your draft.",
        )
        return await _editor(desk, draft.text, draft.revision, draft.began_from, draft=draft, status=409, wrong=wrong)
    await desk.use_cases.drafting.begin(desk.platform_id, desk.user.login, version)
    return desk.go(_EDIT)


@requires(*WRITERS, back=_EDIT)
async def _discard(_request: Request, desk: Desk) -> Response:
    await desk.use_cases.drafting.discard(desk.platform_id, desk.user.login)
    return desk.go("/policy")


@requires(*WRITERS)
async def _draft(_request: Request, desk: Desk) -> Response:
    return await draft_page(desk)


@requires(*WRITERS, back="/policy/draft")
async def _propose(_request: Request, desk: Desk) -> Response:
    note, wanted = desk.form.get("note"), desk.form.get("wanted_at").strip()
    try:
        standing = await desk.use_cases.drafting.propose(
            desk.platform_id,
            desk.user.login,
            desk.form.get("text_sha256"),
            actor=desk.actor,
            wanted_at=_moment(wanted, desk.platform.zone),
            note=note,
        )
    except PrereviewError as error:
        if isinstance(error, NotFound) or error.status >= 500:
            raise
        wrong = _BAD_TIME if error.extra.get("code") == "wanted_at" else fault(error)
        return await draft_page(desk, status=error.status, wrong=wrong, note=note, wanted_at=wanted)
    return desk.go(f"/policy/versions/{standing.record.version}?done=proposed")


async def draft_page(
    desk: Desk, *, status: int = 200, wrong: Text | None = None, note: str = "", wanted_at: str = ""
) -> Response:
    """The draft against what is in force, and what can be done with it."""
    drafting = desk.use_cases.drafting
    draft = await drafting.mine(desk.platform_id, desk.user.login)
    if draft is None:
        return desk.go(_EDIT)
    checked, found = await drafting.check(desk.platform_id, draft.text), await published(desk)
    old = "" if found is None else (await desk.use_cases.policies.version(desk.platform_id, found.version)).record.text
    comparison = None
    if checked.policy is not None and found is not None:
        comparison = await asyncio.to_thread(compared, old, draft.text, before="", after="")
    values = {
        "published": found,
        "problems": problems(checked.problems, draft.text, desk.look.language),
        "difference": await asyncio.to_thread(side_by_side, old, draft.text),
        "meanings": None if comparison is None else meanings(comparison, desk.platform.currency),
        "decides_alike": comparison is not None and comparison.decides_alike,
        "text_sha256": text_digest(draft.text),
        "saved": _saved(desk, draft.saved_at),
        "began_from": draft.began_from,
    }
    return desk.page(
        "policy_desk/draft.html", tab="draft", status=status, wrong=wrong, note=note, wanted_at=wanted_at, **values
    )


async def _editor(
    desk: Desk,
    text: str,
    revision: int,
    began_from: str | None,
    *,
    draft: PolicyDraft | None,
    status: int = 200,
    wrong: Text | None = None,
    other: PolicyDraft | None = None,
    at_line: int | None = None,
) -> Response:
    checked = await desk.use_cases.drafting.check(desk.platform_id, text)
    found: tuple[Problem, ...] = problems(checked.problems, text, desk.look.language)
    return desk.page(
        "policy_desk/edit.html",
        tab="draft",
        status=status,
        text=text,
        revision=revision,
        began_from=began_from,
        problems=found,
        wrong=wrong,
        other=other,
        at_line=at_line,
        has_draft=draft is not None,
        saved=None if draft is None else _saved(desk, draft.saved_at),
        in_force=await published(desk),
    )


async def _refused(desk: Desk, error: PrereviewError, text: str, began_from: str | None) -> Response:
    """What was typed again, beside what another window saved. Saved once more, this one stands."""
    present = await desk.use_cases.drafting.mine(desk.platform_id, desk.user.login)
    other = present if isinstance(error, StaleWrite) else None
    revision = 0 if present is None else present.revision
    return await _editor(
        desk, text, revision, began_from, draft=present, status=error.status, wrong=fault(error), other=other
    )


async def _start(desk: Desk, draft: PolicyDraft | None) -> tuple[str, int, str | None]:
    """Text, revision and origin of what the editor opens with: the draft, else what is in force, else the template."""
    if draft is not None:
        return draft.text, draft.revision, draft.began_from
    found = await published(desk)
    if found is None:
        return platform_policy_text("template"), 0, None
    standing = await desk.use_cases.policies.version(desk.platform_id, found.version)
    return standing.record.text, 0, found.version


def _typed(desk: Desk) -> tuple[str, int, str | None]:
    revision, began_from = desk.form.get("revision"), desk.form.get("began_from")
    number = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0
    return desk.form.get("text"), number, began_from[:64] or None


async def _keep(desk: Desk, text: str, revision: int, began_from: str | None) -> PolicyDraft:
    return await desk.use_cases.drafting.save(
        desk.platform_id, desk.user.login, text, revision=revision, began_from=began_from
    )


def _saved(desk: Desk, at: datetime) -> object:
    return moment(at, desk.platform.zone, desk.use_cases.drafting.now(), desk.look.language)


def _moment(text: str, zone: str) -> datetime | None:
    """A time of the platform's clock as people or browsers write it; None for an empty one."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidRequest("Write the time as 2026-12-01 09:00.", extra={"code": "wanted_at"}) from None
    return at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(zone))


def editing_routes() -> tuple[Route, ...]:
    return (
        Route("/policy/edit", _edit, methods=["GET"]),
        Route("/policy/edit", _save, methods=["POST"]),
        Route("/policy/edit/check", _check, methods=["POST"]),
        Route("/policy/edit/begin", _begin, methods=["POST"]),
        Route("/policy/edit/discard", _discard, methods=["POST"]),
        Route("/policy/draft", _draft, methods=["GET"]),
        Route("/policy/draft/propose", _propose, methods=["POST"]),
    )
