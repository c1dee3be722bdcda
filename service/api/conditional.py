"""ETags: what the caller has already (304), and what it must still be for a write to count (409).

A case's ETag is its version and a digest of the answer: ``"4.9f2c01ab77de"``. Reading compares the whole; writing the
version alone, so that the language or the key a case was read with makes no difference.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response

from service.domain.errors import BadRequest, StaleWrite

_VERSION = re.compile(r'"(\d{1,9})(?:\.[0-9a-f]{12})?"\Z')
STALE = StaleWrite(
    "The case is in_review at version 5 now, not at version 4. Read it again and decide anew.",
    extra={"state": "in_review", "version": 5},
)
HEADERS = {"ETag": "The case's version and a digest of this answer, for If-Match and If-None-Match."}


def answer(
    request: Request,
    body: bytes,
    *,
    version: int,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """``body`` as JSON with its ETag; 304 without it where a GET names the same in If-None-Match."""
    tag = etag(version, body)
    sent = {**(headers or {}), "ETag": tag}
    if request.method in ("GET", "HEAD") and status == 200 and _known(request, tag):
        return Response(status_code=304, headers=sent)
    return Response(body, status_code=status, media_type="application/json", headers=sent)


def etag(version: int, body: bytes) -> str:
    return f'"{version}.{hashlib.sha256(body).hexdigest()[:12]}"'


def _known(request: Request, tag: str) -> bool:
    given = ",".join(request.headers.getlist("if-none-match"))
    tags = [item.strip().removeprefix("W/") for item in given.split(",")]
    return tag in tags or tags == ["*"]


async def _expected(
    if_match: Annotated[
        str | None,
        Header(
            description='The ETag (or `"<version>"`) of the case as you read it: refused with 409 where it has changed '
            "since. `*` or nothing: whatever it is now.",
            examples=['"4.9f2c01ab77de"'],
        ),
    ] = None,
) -> int | None:
    if if_match is None or if_match.strip() in ("", "*"):
        return None
    found = _VERSION.match(if_match.strip())
    if found is None:
        raise UNREADABLE
    return int(found[1])


UNREADABLE = BadRequest(
    'The If-Match header must be one ETag as it was answered, e.g. "4.9f2c01ab77de", or "4" for version 4.'
)
# The version a write was made for; None where the caller does not mind. Hand it on as ``expected_version``.
IfMatch = Annotated[int | None, Depends(_expected)]


def not_modified() -> dict[int | str, dict[str, Any]]:
    """The documented 304."""
    return {304: {"description": "As the If-None-Match header has it", "headers": {"ETag": _ETAG}}}


_ETAG = {"description": HEADERS["ETag"], "schema": {"type": "string"}}
