"""One's own figures, and the team's for seniors, risk owners and auditors; what waits between two who differ."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.desk import Desk, requires
from service.console.figures import moment, money
from service.console.quality_desk import words
from service.console.quality_desk.plots import rate_plot, rate_text
from service.domain.actors import same_person
from service.domain.quality import Disagreement
from service.domain.users import Role
from service.review.quality_figures import CATEGORIES, LOOKED_BACK

LOOKS = (Role.REVIEWER, Role.SENIOR, Role.RISK_OWNER, Role.AUDITOR)
TEAM = (Role.SENIOR, Role.RISK_OWNER, Role.AUDITOR)
"""Who sees how others do: to help them."""
_PLOTS = ("agreed", "overturned", "refused_wrongly", "golden_right")


@requires(*LOOKS)
async def figures(_request: Request, desk: Desk) -> Response:
    quality, language = desk.use_cases.quality, desk.look.language
    judges = desk.may(Role.REVIEWER)
    own = await quality.figures.own(desk.platform_id, desk.actor) if judges else None
    team = await quality.figures.team(desk.platform_id) if desk.may(*TEAM) else None
    lessons = await quality.golden.lessons(desk.platform_id, desk.actor) if judges else ()
    differing = await quality.disagreements(desk.platform_id) if desk.may(*TEAM) else ()
    plots = {}
    if team is not None:
        plots = {
            name: rate_plot([(each.reviewer, getattr(each, name)) for each in team.reviewers], language)
            for name in _PLOTS
        }
    return desk.page(
        "quality/figures.html",
        own=own,
        team=team,
        plots=plots,
        lessons=lessons,
        differing=[_differing(desk, each) for each in differing],
        days=LOOKED_BACK.days,
        categories=[words.VERDICTS[each].get(language) for each in CATEGORIES],
        shown=lambda rate: rate_text(rate, language),
        when=lambda at: moment(at, desk.platform.zone, quality.now(), language),
        verdict=lambda each: words.VERDICTS[each].get(language),
        mixes=desk.may(Role.SENIOR, Role.RISK_OWNER, Role.AUDITOR),
    )


def _differing(desk: Desk, each: Disagreement) -> dict[str, object]:
    """Whoever is one of the two, or no senior, is not led to decide it."""
    language = desk.look.language
    mine = any(same_person(who, desk.actor) for who in (each.first, each.second))
    return {
        "path": f"/cases/{each.case_id}",
        "first": _said(each.first.name, words.VERDICTS[each.first_verdict].get(language)),
        "second": _said(each.second.name, words.VERDICTS[each.second_verdict].get(language)),
        "sums": _sums(each),
        "opened": moment(each.opened_at, desk.platform.zone, desk.use_cases.quality.now(), language),
        "mine": mine,
        "decides": not mine and desk.may(Role.SENIOR, change=True),
    }


def _said(name: str, verdict: str) -> str:
    return f"{name.removeprefix('user:')}: {verdict}"


def _sums(each: Disagreement) -> str:
    first = money(each.first_minor, each.currency)
    return first if each.second_minor is None else f"{first} / {money(each.second_minor, each.currency)}"


ROUTES = (Route("/quality", figures, methods=["GET"]),)
