"""The ASGI application of the public pages, mounted at /public."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from service.domain.errors import NotFound, PrereviewError
from service.public.pages import Pages


def create_public(*routes: BaseRoute, pages: Pages) -> Starlette:
    """The pages' application; each room of pages brings its ``routes``. Errors are pages too."""

    async def asset(request: Request) -> Response:
        found = pages.asset(request.path_params["name"])
        return found if found is not None else _refused(pages, request, NotFound(""))

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, PrereviewError)
        return _refused(pages, request, error)

    async def framework(request: Request, error: Exception) -> Response:
        """Unknown addresses and methods."""
        assert isinstance(error, HTTPException)
        return pages.page(request, "error.html", status=error.status_code, kind=_kind(error.status_code))

    return Starlette(
        routes=[Route("/static/{name}", asset), *routes],
        exception_handlers={PrereviewError: ours, HTTPException: framework},
    )


def _refused(pages: Pages, request: Request, error: PrereviewError) -> Response:
    """What went wrong, in general words: details are written for platforms and may name what is not a reader's."""
    wait = error.retry_after or (2 if error.status in (429, 503) else None)
    return pages.page(request, "error.html", status=error.status, retry_after=wait, kind=_kind(error.status))


def _kind(status: int) -> str:
    kinds = {404: "missing", 405: "missing", 429: "busy", 503: "busy"}
    return kinds.get(status, "wrong" if status < 500 else "broken")
