"""In whose part a key acts, and the pattern every action on a case follows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Request, Response

from service.api.body import read_model
from service.api.case_answers import case_answer
from service.api.context import ApiContext
from service.api.errors import ScopeMissing
from service.api.idempotency import once
from service.api.schemas.casework import ActionIn
from service.domain.actors import Actor, ActorKind, readable_name
from service.domain.errors import InvalidRequest
from service.domain.lifecycle import Party
from service.review.desk import Acting
from service.review.requests import Caller, CaseView, Scope

A = TypeVar("A", bound=ActionIn)

_NEEDED = {
    Party.BUYER: Scope.CASES,
    Party.PLATFORM: Scope.CASES,
    Party.REVIEWER: Scope.REVIEW,
    Party.SENIOR: Scope.REVIEW_SENIOR,
}


def acting(caller: Caller, asked: ActionIn) -> Acting:
    """Who acts. ScopeMissing where the key may not in that part; InvalidRequest for a reviewer without a name.

    A reviewer's name is the platform's word: the key vouches for it, and what it prevents is one person in two parts.
    """
    party = asked.party
    needed = _NEEDED[party]
    if needed not in caller.scopes:
        raise ScopeMissing(
            f"To act as {party.value} this key needs the scope `{needed}`. Ask your operator for a key that has it.",
            extra={"scope": needed.value},
        )
    actor = caller.actor
    if party in (Party.REVIEWER, Party.SENIOR):
        if asked.person is None:
            raise InvalidRequest(
                "Name the reviewer with `by`.",
                extra={"errors": [{"path": "by", "message": "is required"}], "error_count": 1},
            )
        actor = named(asked.person)
    return Acting(platform_id=caller.platform_id, party=party, actor=actor, score_seen=Scope.INTERNAL in caller.scopes)


def named(person: str) -> Actor:
    """A person the platform vouches for; InvalidRequest for a name nobody can read."""
    return Actor(ActorKind.PERSON, f"api:{readable_name(person)}")


async def act(
    request: Request,
    context: ApiContext,
    caller: Caller,
    language: str,
    model: type[A],
    perform: Callable[[A, Acting], Awaitable[CaseView]],
) -> Response:
    """Read the body, act once, answer with the case: 202 where another person has to confirm first."""
    asked = await read_model(request, context.limits, model)
    return await act_on(request, context, caller, language, asked, asked.model_dump(mode="json"), perform)


async def act_on(
    request: Request,
    context: ApiContext,
    caller: Caller,
    language: str,
    asked: A,
    said: Any,
    perform: Callable[[A, Acting], Awaitable[CaseView]],
) -> Response:
    """As ``act``, for a body that was read already. ``said``: all of it, JSON-ready, files as their SHA-256."""
    who = acting(caller, asked)

    async def performed() -> Response:
        view = await perform(asked, who)
        return case_answer(request, view, caller, language, status=202 if view.waits_for_another else 200)

    return await once(request, context, caller, said, performed)
