"""GET /public/{platform}/policy: what can be refunded, what cannot, what to send, by when, how the money comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.domain.errors import NotFound
from service.domain.money import Money
from service.policy import Policy, public_view
from service.public.pages import Pages, language_of
from service.public.pictures import Picture, picture
from service.public.words import ANCHORS, GOODS, PARTIES, REASONS, ROUTES, named, share, span
from service.review.policies import PolicyDesk, Published

_PICTURES_EACH = 2
_PLATFORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\Z")


def policy_routes(policies: PolicyDesk, pages: Pages) -> list[Route]:
    async def page(request: Request) -> Response:
        platform_id = request.path_params["platform"]
        if not _PLATFORM.match(platform_id):
            raise NotFound("That is no platform's id.")
        published = await policies.published(platform_id)
        language = language_of(request)
        return pages.page(
            request,
            "policy.html",
            tag=f"{published.text_sha256} {published.effective_at.isoformat()}",
            page=_page(published.policy, language),
            since=_since(published),
        )

    return [Route("/{platform}/policy", page)]


def _since(published: Published) -> str:
    return f"{published.effective_at.astimezone(published.policy.time_zone):%Y-%m-%d %H:%M}"


def _page(policy: Policy, language: str) -> dict[str, Any]:
    """What the template shows."""
    view = public_view(policy, language)
    reasons = {each["reason"]: named(REASONS, each["reason"], language) for each in view["criteria"]}
    asked_for = {code for clause in view["further_evidence"] for code in clause["materials"]}
    shown = [each for each in view["evidence"] if each["reasons"] or each["code"] in asked_for]
    without = view["without_upload"]
    return {
        **view,
        "reason_names": reasons,
        "criteria": [{**each, **_terms(each)} for each in view["criteria"]],
        "evidence": [{**each, "pictures": _pictures(each, language)} for each in shown],
        "evidence_names": {each["code"]: each["text"] for each in view["evidence"]},
        "limits": _limits(view, language),
        "fee": _share(view["fees"]["buyer_at_fault_permille"]),
        "fee_at_most": _amount(policy, view["fees"]["at_most_minor"]),
        "routes": [{**each, "name": named(ROUTES, each["route"], language)} for each in view["routes"]],
        "asked_first": [{**each, "name": named(PARTIES, each["party"], language)} for each in view["asked_first"]],
        "one_click": _amount(policy, without["one_click_below_minor"]),
        "one_click_goods": [named(GOODS, each, language) for each in without["one_click_goods"]],
        "goods_names": {kind: text.get(language) for kind, text in GOODS.items()},
        "recoverable": _amount(policy, without["recoverable_up_to_minor"]),
    }


def _terms(criterion: dict[str, Any]) -> dict[str, Any]:
    """Fee and part refunded of one reason, where they are not none and all."""
    part = criterion["share_permille"]
    return {"fee": _share(criterion["fee_permille"]), "part": None if part in (None, 1000) else share(part)}


def _share(permille: int | None) -> str | None:
    return share(permille) if permille else None


def _pictures(material: dict[str, Any], language: str) -> list[Picture]:
    kinds = material["shown_by"] or ["statement"]
    drawn = [picture(kind, tuple(material["must_show"]), language) for kind in kinds]
    return [each for each in drawn if each is not None][:_PICTURES_EACH]


def _limits(view: dict[str, Any], language: str) -> list[dict[str, str]]:
    return list(_limit_lines(view["time_limits"], language))


def _limit_lines(limits: dict[str, Any], language: str) -> Iterator[dict[str, str]]:
    for reason, limit in limits["by_reason"].items():
        yield {"what": named(REASONS, reason, language), **_limit(limit, language)}
    for goods, limit in limits["by_goods"].items():
        yield {"what": named(GOODS, goods, language), **_limit(limit, language)}
    others = "其他情况" if limits["by_reason"] or limits["by_goods"] else "所有申请"
    in_english = "Everything else" if limits["by_reason"] or limits["by_goods"] else "Every claim"
    yield {"what": in_english if language == "en" else others, **_limit(limits["default"], language)}


def _limit(limit: dict[str, Any], language: str) -> dict[str, str]:
    anchor = named(ANCHORS, limit["anchor"], language)
    return {"within": span(limit["hours"], language), "anchor": anchor}


def _amount(policy: Policy, minor: int | None) -> str | None:
    return None if minor is None else str(Money(minor, policy.currency))
