"""The first page, and how somebody wants pages to look."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.desk import Desk, console_of, requires, see_other
from service.console.forms import read_strangers_form
from service.console.pages import THEMES
from service.console.queue_desk.summary import summary
from service.console.words import MODES, ROLES
from service.domain import languages

_YEAR = 365 * 24 * 3600
# A path of ours: one slash at its beginning, so that it can never name another host.
_INSIDE = re.compile(r"/(?:[A-Za-z0-9._~%-][A-Za-z0-9._~%/-]*)?(?:\?[A-Za-z0-9._~%&=+/-]*)?\Z")
_CHOICES = {"language": languages.KNOWN, "theme": (*THEMES, "system"), "keys": ("on", "off")}


def home_routes() -> tuple[Route, ...]:
    return (
        Route("/", _home, methods=["GET"]),
        Route("/preferences", _prefer, methods=["POST"]),
    )


def inside(path: str) -> str:
    """``path`` if it leads into the console, else the first page."""
    return path if _INSIDE.match(path) else "/"


@requires()
async def _home(_request: Request, desk: Desk) -> Response:
    return desk.page("home.html", role_names=ROLES, mode_names=MODES, queues=await summary(desk))


async def _prefer(request: Request) -> Response:
    """Language, theme or keys into a cookie; also for who is not signed in."""
    console_of(request).guard.require_same_origin(request)
    form = await read_strangers_form(request)
    answer = see_other(request, inside(form.get("back")))
    for name, known in _CHOICES.items():
        if (chosen := form.get(name)) in known:
            answer.set_cookie(f"console_{name}", chosen, max_age=_YEAR, path="/", httponly=True, samesite="lax")
    return answer
