"""The ASGI application of the console, mounted at /console."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.desk import Console, Desk, console_of
from service.console.pages import look_of
from service.domain.errors import PrereviewError


def create_console(console: Console, *routes: Route) -> Starlette:
    """All rooms' pages, ``routes`` of none, and the files they use. Errors are pages too."""
    app = Starlette(
        routes=[
            Route("/static/{name}", _asset, methods=["GET"]),
            *routes,
            *(route for room in console.rooms for route in room.routes),
        ],
        exception_handlers={PrereviewError: _ours, HTTPException: _framework, Exception: _unforeseen},
    )
    app.state.console = console
    return app


async def _asset(request: Request) -> Response:
    return console_of(request).pages.asset(request.path_params["name"])


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, PrereviewError)
    wait = error.retry_after or (2 if error.status in (429, 503) else None)
    # Details are meant for who does the work; a stranger at the door gets general words.
    return _page(request, error.status, detail=error.detail, retry_after=wait)


async def _framework(request: Request, error: Exception) -> Response:
    """Unknown addresses and methods."""
    assert isinstance(error, HTTPException)
    return _page(request, error.status_code)


async def _unforeseen(request: Request, _error: Exception) -> Response:
    return _page(request, 500)


def _page(request: Request, status: int, *, detail: str = "", retry_after: int | None = None) -> Response:
    desk = getattr(request.state, "desk", None)
    values = {"kind": _kind(status), "status_code": status, "request_id": request.scope.get("prereview.request_id", "")}
    if isinstance(desk, Desk):
        answer = desk.page("error.html", status=status, detail=detail if status < 500 else "", **values)
    else:
        pages, look = console_of(request).pages, look_of(request)
        answer = pages.page(request, "error.html", look, status=status, desk=None, detail="", **values)
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def _kind(status: int) -> str:
    kinds = {403: "forbidden", 404: "missing", 405: "missing", 409: "moved_on", 429: "busy", 503: "busy"}
    return kinds.get(status, "wrong" if status < 500 else "broken")
