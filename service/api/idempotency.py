"""The Idempotency-Key header: a write sent again changes nothing and gets the same answer.

A handler that writes hands over what it was asked and how to do it:

    return await once(request, context, caller, body.model_dump(mode="json"), perform)

Everything ``perform`` changes commits in one transaction with the answer it returns; where it raises, neither stays.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request, Response

from service.api.context import ApiContext
from service.api.errors import IdempotencyKeyInvalid, IdempotencyKeyMissing
from service.domain.answers import KeptAnswer, Write
from service.domain.codec import digest
from service.domain.errors import IdempotencyKeyReused, PrereviewError, RequestInFlight
from service.review.requests import Caller

REPLAYED = "Idempotent-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")
# What of an answer belongs to it; the rest (ids, dates, limits) is of the one request.
_KEPT = frozenset({"content-type", "content-language", "location", "etag", "link", "vary", "retry-after"})


async def once(
    request: Request,
    context: ApiContext,
    caller: Caller,
    asked: Any,
    perform: Callable[[], Awaitable[Response]],
    *,
    required: bool = True,
) -> Response:
    """``perform()``'s answer, or the one this key was given before, marked ``Idempotent-Replayed: true``.

    ``asked``: the body as JSON-ready data (files as their SHA-256), since a retry need not have the same bytes. Method,
    path and query are added. ``required``: else a request without the header is just performed.
    """
    key = required_key(request) if required else given_key(request)
    if key is None:
        return await perform()
    said = {"method": request.method, "path": request.url.path, "query": request.url.query, "asked": asked}
    write = Write(
        platform_id=caller.platform_id,
        key=key,
        digest=digest(said),
        scopes=frozenset(scope.value for scope in caller.scopes),
    )

    async def kept() -> KeptAnswer:
        return _kept(await perform())

    answer = await context.writes.once(write, kept)
    headers = {**answer.headers, REPLAYED: "true"} if answer.replayed else dict(answer.headers)
    return Response(answer.body, status_code=answer.status, headers=headers)


def required_key(request: Request) -> str:
    """The header's value; IdempotencyKeyMissing, IdempotencyKeyInvalid."""
    key = given_key(request)
    if key is None:
        raise MISSING
    return key


def given_key(request: Request) -> str | None:
    """The header's value; None where there is none."""
    given = request.headers.getlist("idempotency-key")
    if not given or given == [""]:
        return None
    if len(given) > 1 or not _KEY.match(given[0]):
        raise INVALID
    return given[0]


def _kept(response: Response) -> KeptAnswer:
    if response.status_code >= 400:
        raise RuntimeError("an error is raised, not returned: what was changed must not stay")
    headers = {name: value for name, value in response.headers.items() if name in _KEPT}
    return KeptAnswer(status=response.status_code, headers=headers, body=bytes(response.body))


def parameter(*, required: bool = True) -> dict[str, Any]:
    """The header as an OpenAPI parameter, for an operation's ``openapi_extra``."""
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": required,
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        "description": "Yours, one for each thing you ask: sent again with it, the request changes nothing and gets "
        "the same answer, for 48 hours at least.",
        "example": "RF-20261121-0031",
    }


MISSING = IdempotencyKeyMissing("Send the header Idempotency-Key with a value of your own for this request.")
INVALID = IdempotencyKeyInvalid("Send one Idempotency-Key of 1 to 255 visible ASCII characters, without blanks.")
# The problems every idempotent operation documents.
REFUSALS: tuple[PrereviewError, ...] = (
    MISSING,
    INVALID,
    IdempotencyKeyReused("This Idempotency-Key was used for another request. Use a new key for a new request."),
    RequestInFlight("The first request with this Idempotency-Key is still being answered. Ask again in a moment."),
)
HEADERS = {REPLAYED: "`true`: the stored answer of this key; nothing was done this time."}
