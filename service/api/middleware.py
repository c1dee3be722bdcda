"""Around every request: its id, its counts, and the net under errors nobody foresaw."""

from __future__ import annotations

import re
import time
import traceback
import uuid
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import structlog
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api import problems
from service.api.errors import TooManyRequests
from service.api.metrics import Metrics
from service.api.rate_limits import OVERLOADED, Places
from service.domain.errors import PrereviewError
from service.domain.identifiers import new_id
from service.review import spans

_log = structlog.get_logger("prereview.api")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")


class RequestContext:
    """Takes the caller's X-Request-Id where it is harmless, else makes one; it is in logs, problems and the answer."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.match(given) else str(new_id())
        scope["prereview.request_id"] = request_id
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, scope, request_id)
            await send(message)

        begun = time.perf_counter()
        with (
            self._metrics.in_progress.track_inprogress(),
            structlog.contextvars.bound_contextvars(request_id=request_id),
            _span(scope, request_id) as span,
        ):
            try:
                await self._app(scope, receive, send_with_id)
            except Exception as unforeseen:
                _log.error("request failed", **_of_case(scope), **_facts(unforeseen))
                spans.failed(span, type(unforeseen).__qualname__)
                if status:
                    raise
                apology = PrereviewError(problems.UNFORESEEN)
                await problems.response(apology, request_id)(scope, receive, send_with_id)
            finally:
                route = getattr(scope.get("route"), "path", "unmatched")
                span.update_name(f"{_method(scope)} {route}")
                spans.note(span, route=route, status=status)
                self._count(scope, route, status, time.perf_counter() - begun)

    def _count(self, scope: Scope, route: str, status: int, seconds: float) -> None:
        method = _method(scope)
        self._metrics.requests.labels(method, route, str(status)).inc()
        if scope["path"] != _STREAM:
            self._metrics.seconds.labels(method, route).observe(seconds)
        if scope.get("prereview.shed"):
            self._metrics.refused.labels("overloaded").inc()
        elif status == TooManyRequests.status:
            self._metrics.refused.labels("rate_limited").inc()


class Shedding:
    """Answers 503 at once where the process has more requests in hand than it can answer in time."""

    def __init__(self, app: ASGIApp, places: Places) -> None:
        self._app = app
        self._places = places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _WATCHED or scope["path"] == _STREAM:
            await self._app(scope, receive, send)
            return
        # Of buyers' pages nobody looks at the header, so it may say anything: all of them are one.
        public = scope["path"].startswith("/public/")
        credentials = "" if public else Headers(scope=scope).get("authorization", "")
        # A crowd at the buyers' pages must not keep reviewers from work, nor one at the console's door those inside.
        door = scope["path"] in _DOOR
        if scope["path"].startswith("/console/"):
            credentials = "console's door" if door else "console"
        if not self._places.take(credentials, few=door):
            scope["prereview.shed"] = True
            await problems.response(OVERLOADED, scope.get("prereview.request_id"))(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            self._places.give_back(credentials)


# Whoever watches the process must see it also when it is full, and makes no trace.
_WATCHED = frozenset({"/livez", "/readyz", "/metrics"})
# Stays open for as long as somebody looks at a page; it has caps of its own, and its length is no answering time.
_STREAM = "/console/live"
# What of the console reads what strangers send, as slowly as they send it.
_DOOR = frozenset({"/console/sign-in", "/console/preferences", "/console/csp-reports"})
# Labels must be few: the method is the caller's word.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "other"


def _span(scope: Scope, request_id: str) -> AbstractContextManager[Span]:
    """Within the caller's trace, where it tells of one."""
    if scope["path"] in _WATCHED or not spans.traced():
        return nullcontext(INVALID_SPAN)
    method = _method(scope)
    parent = spans.caller_context(Headers(scope=scope).get("traceparent", ""))
    return spans.span(method, SpanKind.SERVER, parent, method=method, request_id=request_id)


def _of_case(scope: Scope) -> dict[str, str]:
    """The case a path names. Anything else in its place is the caller's own words."""
    try:
        return {"case_id": str(uuid.UUID(str(scope.get("path_params", {}).get("case_id"))))}
    except ValueError:
        return {}


def _add_headers(message: Message, scope: Scope, request_id: str) -> None:
    headers = MutableHeaders(scope=message)
    headers["X-Request-Id"] = request_id
    for name, value in scope.get("prereview.headers", {}).items():
        headers[name] = value
    headers["X-Content-Type-Options"] = "nosniff"
    if scope["path"].startswith("/v1/"):
        headers["Cache-Control"] = "no-store"


def _facts(error: BaseException) -> dict[str, Any]:
    """Type and place of an error and its causes. Messages stay out: they quote values, and values are people's data."""
    kinds: list[str] = []
    frames: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < 8:
        kinds.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        frames += [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(cause.__traceback__)
        ]
        cause = cause.__cause__ or cause.__context__
    system = error.strerror if isinstance(error, OSError) else None
    return {"errors": kinds, "frames": frames[-40:], "system": system}
