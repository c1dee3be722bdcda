"""Every error as an RFC 9457 problem document: stable ``type``, what happened, what to do, the request's id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from service.api.errors import MethodNotAllowed, ScopeMissing, TooManyRequests
from service.api.validation import refusal
from service.domain.errors import (
    BadRequest,
    InvalidRequest,
    NotFound,
    PrereviewError,
    RequestInFlight,
    Unauthenticated,
    Unavailable,
)

MEDIA_TYPE = "application/problem+json"
UNFORESEEN = "An error nobody foresaw. Send the request again with the same Idempotency-Key: nothing is decided twice."
_RETRY_SECONDS: dict[type[PrereviewError], int] = {RequestInFlight: 1, Unavailable: 2}


class ProblemOut(BaseModel):
    """An RFC 9457 problem. ``errors`` and other members come with the types that need them."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Stable: branch on this.")
    title: str
    status: int
    detail: str = Field(description="What happened here and what to do next.")
    request_id: str | None = Field(None, description="Name it when asking about this request.")


def document(error: PrereviewError, request_id: str | None = None) -> dict[str, Any]:
    """The problem's members; ``extra`` cannot displace the standard ones."""
    standard = {
        "type": f"urn:prereview:problem:{error.type}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
    }
    if request_id is not None:
        standard["request_id"] = request_id
    return {**error.extra, **standard}


def response(
    error: PrereviewError, request_id: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """The problem as an answer, with the headers its kind asks for."""
    return Response(
        orjson.dumps(document(error, request_id), default=str),
        status_code=error.status,
        media_type=MEDIA_TYPE,
        headers={**_headers(error), **(headers or {})},
    )


def _headers(error: PrereviewError) -> dict[str, str]:
    headers: dict[str, str] = {}
    wait = error.retry_after
    if wait is None:
        wait = next((seconds for kind, seconds in _RETRY_SECONDS.items() if isinstance(error, kind)), None)
    if wait is not None:
        headers["Retry-After"] = str(wait)
    if isinstance(error, TooManyRequests):
        headers |= error.headers
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="prereview"'
    elif isinstance(error, ScopeMissing):
        headers["WWW-Authenticate"] = 'Bearer realm="prereview", error="insufficient_scope"'
    return headers


def request_id(request: Request) -> str | None:
    value: str | None = request.scope.get("prereview.request_id")
    return value


def install(app: FastAPI) -> None:
    """Make ``app`` answer every error it raises or meets as a problem."""
    app.add_exception_handler(PrereviewError, _ours)
    app.add_exception_handler(RequestValidationError, _parameters)
    app.add_exception_handler(HTTPException, _http)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, PrereviewError)
    return response(error, request_id(request))


async def _parameters(request: Request, error: Exception) -> Response:
    """Path and query parameters; bodies are validated by us."""
    assert isinstance(error, RequestValidationError)
    return response(refusal(error.errors(), InvalidRequest), request_id(request))


async def _http(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: unknown addresses and methods."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        ours: PrereviewError = NotFound("There is nothing at this address. GET /openapi.json lists what there is.")
    elif error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "another method")
        ours = MethodNotAllowed(f"{request.method} is not taken at this address: use {allowed}.")
    else:
        ours = BadRequest(str(error.detail))
    return response(ours, request_id(request), error.headers)
