"""Golden cases: made and retired, how many cases are judged blind, and what is learned from one."""

from __future__ import annotations

import re
import uuid

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.desk import Desk, requires
from service.console.figures import moment, permille
from service.console.quality_desk import words
from service.domain.actors import same_person
from service.domain.assessment import Text
from service.domain.errors import InvalidRequest, NotFound
from service.domain.quality import QualitySettings
from service.domain.users import Role
from service.review.golden import Lesson

LOOKS = (Role.SENIOR, Role.RISK_OWNER, Role.AUDITOR)
MAKES = (Role.SENIOR, Role.RISK_OWNER)
SETS = (Role.RISK_OWNER,)
"""The share of cases whose score is held back is paid for in reviewers' time, and decides what labels are worth."""
_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d))?\Z", re.ASCII)
_LONGEST = 2_000


@requires(*LOOKS)
async def listed(request: Request, desk: Desk) -> Response:
    return await _page(desk, done=words.DONE.get(request.query_params.get("done", "")))


@requires(*MAKES)
async def make(_request: Request, desk: Desk) -> Response:
    number, note = desk.form.get("number").strip(), desk.form.get("note").strip()
    typed = {"number": number[:80], "note": note[:_LONGEST]}
    try:
        case_id = await desk.use_cases.quality.golden.case_of(desk.platform_id, number)
        await desk.use_cases.quality.golden.make(desk.platform_id, case_id, note[:_LONGEST], desk.actor)
    except NotFound:
        return await _page(desk, status=422, faults={"number": words.said("golden_number")}, typed=typed)
    except InvalidRequest as error:
        field = "note" if error.extra.get("code") == "golden_note" else "number"
        return await _page(desk, status=422, faults={field: words.fault(error)}, typed=typed)
    return desk.go("/quality/golden?done=made")


@requires(*MAKES)
async def retire(request: Request, desk: Desk) -> Response:
    retired = await desk.use_cases.quality.golden.retire(desk.platform_id, _uuid(request.path_params["id"]), desk.actor)
    return desk.go(f"/quality/golden?done={'retired' if retired else 'gone'}")


@requires(*SETS)
async def change(_request: Request, desk: Desk) -> Response:
    typed = {name: desk.form.get(name).strip()[:500] for name in ("blind", "golden", "reason")}
    blind, golden = _permille(typed["blind"]), _permille(typed["golden"])
    faults = {name: words.said("share") for name, value in (("blind", blind), ("golden", golden)) if value is None}
    if not typed["reason"]:
        faults["reason"] = words.said("reason")
    if faults or blind is None or golden is None:
        return await _page(desk, status=422, faults=faults, typed=typed)
    wanted = QualitySettings(blind_permille=blind, golden_permille=golden)
    await desk.use_cases.quality.change_settings(desk.platform_id, wanted, typed["reason"], desk.actor)
    return desk.go("/quality/golden?done=settings")


@requires(Role.REVIEWER)
async def learned(request: Request, desk: Desk) -> Response:
    """What there is to learn from a golden case, to whoever has judged it; without one, what was learned last."""
    golden, language = desk.use_cases.quality.golden, desk.look.language
    asked = request.query_params.get("case", "")
    lesson: Lesson | None
    if asked:
        lesson = await golden.lesson(desk.platform_id, _uuid(asked), desk.actor)
    else:
        lesson = next(iter(await golden.lessons(desk.platform_id, desk.actor)), None)
    if lesson is None or lesson.placement.verdict is None:
        return desk.page("quality/learned.html", lesson=None)
    return desk.page(
        "quality/learned.html",
        lesson=lesson,
        known=words.VERDICTS[lesson.golden.verdict].get(language),
        said=words.VERDICTS[lesson.placement.verdict].get(language),
        judged=lesson.placement.loss_share is not None,
        proof=words.PROOFS[lesson.golden.proof].get(language),
    )


async def _page(
    desk: Desk,
    *,
    status: int = 200,
    done: Text | None = None,
    faults: dict[str, Text] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    quality, language = desk.use_cases.quality, desk.look.language
    every = await quality.golden.listed(desk.platform_id)
    # Who judges cases may meet any of these: of those in use they see the ones they made, which never come to them.
    judges = desk.may(Role.REVIEWER, change=True)
    found = [each for each in every if not judges or each.retired_at or same_person(each.made_by, desk.actor)]
    settings = await quality.settings(desk.platform_id)
    shares = {"blind": permille(settings.blind_permille), "golden": permille(settings.golden_permille)}
    return desk.page(
        "quality/golden.html",
        status=status,
        done=done,
        faults=faults or {},
        typed={
            "number": "",
            "note": "",
            "reason": "",
            **{k: v.rstrip("%") for k, v in shares.items()},
            **(typed or {}),
        },
        shares=shares,
        found=found,
        hidden=len(every) - len(found),
        verdict=lambda each: words.VERDICTS[each].get(language),
        proof=lambda each: words.PROOFS[each].get(language),
        when=lambda at: moment(at, desk.platform.zone, quality.now(), language),
        makes=desk.may(*MAKES, change=True),
        sets=desk.may(*SETS, change=True),
    )


def _permille(text: str) -> int | None:
    """Per cent as typed, ``20`` or ``2.5``, in thousandths."""
    found = _PERCENT.match(text.replace("%", "").strip())
    if found is None:
        return None
    share = int(found[1]) * 10 + int(found[2] or 0)
    return share if share <= 1000 else None


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound("There is nothing of this id.") from None


ROUTES = (
    Route("/quality/golden", listed, methods=["GET"]),
    Route("/quality/golden", make, methods=["POST"]),
    Route("/quality/golden/{id}/retire", retire, methods=["POST"]),
    Route("/quality/settings", change, methods=["POST"]),
    Route("/quality/learned", learned, methods=["GET"]),
)
