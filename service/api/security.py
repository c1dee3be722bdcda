"""Who is calling: the bearer key, its platform and its scopes."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from service.api.context import ApiContext, Context
from service.api.errors import ScopeMissing
from service.domain.errors import Unauthenticated
from service.review.requests import Caller, Scope

_MAX_TOKEN = 256
_bearer = HTTPBearer(
    scheme_name="key",
    description="A key made by `prereview keys create`, bound to one platform: `Authorization: Bearer <key>`.",
    auto_error=False,
)


async def _authenticate(
    request: Request, context: Context, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Caller:
    if credentials is None:
        raise Unauthenticated("Send the header `Authorization: Bearer <key>`.")
    token = credentials.credentials
    caller = None
    if len(token) <= _MAX_TOKEN and token.isascii():
        caller = await context.review.authenticate(token, request.client.host if request.client else None)
    if caller is None:
        raise Unauthenticated(
            "This key is not known, has ended, or is not for use from this network. Ask your operator for a new one."
        )
    await spend(request, context, caller)
    return caller


async def spend(request: Request, context: ApiContext, caller: Caller, cost: int = 1) -> None:
    """Count ``cost`` requests against the caller's key; every answer tells what is left. TooManyRequests."""
    request.scope["prereview.headers"] = await context.rates.spend(caller.key_id, caller.rate_class, cost)


AnyCaller = Annotated[Caller, Depends(_authenticate)]


class _Requires:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def __call__(self, caller: AnyCaller) -> Caller:
        if self._scope not in caller.scopes:
            raise ScopeMissing(
                f"This key lacks the scope `{self._scope}`. Ask your operator for a key that has it.",
                extra={"scope": self._scope.value},
            )
        return caller


ClaimsCaller = Annotated[Caller, Depends(_Requires(Scope.CLAIMS))]
EventsCaller = Annotated[Caller, Depends(_Requires(Scope.EVENTS))]
CasesCaller = Annotated[Caller, Depends(_Requires(Scope.CASES))]
OutcomesCaller = Annotated[Caller, Depends(_Requires(Scope.OUTCOMES))]
PolicyCaller = Annotated[Caller, Depends(_Requires(Scope.POLICY))]
WebhooksCaller = Annotated[Caller, Depends(_Requires(Scope.WEBHOOKS))]
FeedCaller = Annotated[Caller, Depends(_Requires(Scope.FEED))]
OperateCaller = Annotated[Caller, Depends(_Requires(Scope.OPERATE))]
ReviewCaller = Annotated[Caller, Depends(_Requires(Scope.REVIEW))]
ScoresCaller = Annotated[Caller, Depends(_Requires(Scope.SCORES))]
