"""Signing in and out, and one's own password."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.desk import Desk, console_of, requires, see_other
from service.console.forms import Form, read_strangers_form
from service.console.home_page import inside
from service.console.pages import look_of
from service.console.words import fault, said
from service.domain.assessment import Text
from service.domain.errors import InvalidRequest, PrereviewError, SignInRefused, SignInWaits, Unavailable

_YEAR = 365 * 24 * 3600
_PLATFORM_COOKIE = "console_platform"


def sign_in_routes() -> tuple[Route, ...]:
    return (
        Route("/sign-in", _ask, methods=["GET"]),
        Route("/sign-in", _sign_in, methods=["POST"]),
        Route("/sign-out", _sign_out, methods=["POST"]),
        Route("/password", _own_password, methods=["GET"]),
        Route("/password", _change_password, methods=["POST"]),
    )


async def _ask(request: Request) -> Response:
    query = request.query_params
    platform = query.get("platform") or request.cookies.get(_PLATFORM_COOKIE, "")
    return _form(request, platform=platform, login="", back=inside(query.get("back", "/")))


async def _sign_in(request: Request) -> Response:
    console = console_of(request)
    console.guard.require_same_origin(request)
    form = await read_strangers_form(request)
    try:
        signed_in = await console.accounts.sign_in(
            form.get("platform").strip(),
            form.get("login"),
            form.get("password"),
            address=request.client.host if request.client else "",
            device=console.guard.device_token(request),
        )
    except (SignInRefused, SignInWaits, Unavailable) as error:
        return _again(request, form, error)
    # Whoever was signed in here before is not any more: nobody would think of that session again.
    before = await console.accounts.session(console.guard.session_token(request))
    if before is not None:
        await console.accounts.sign_out(before)
    answer = see_other(request, inside(form.get("back")))
    console.guard.remember(request, answer, signed_in)
    answer.set_cookie(
        _PLATFORM_COOKIE, signed_in.user.platform_id, max_age=_YEAR, path="/", httponly=True, samesite="lax"
    )
    return answer


def _again(request: Request, form: Form, error: PrereviewError) -> Response:
    answer = _form(
        request,
        platform=form.get("platform"),
        login=form.get("login"),
        back=inside(form.get("back")),
        status=error.status,
        wrong=fault(error),
    )
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _form(
    request: Request, *, platform: str, login: str, back: str, status: int = 200, wrong: Text | None = None
) -> Response:
    look, pages = look_of(request), console_of(request).pages
    return pages.page(
        request, "sign_in.html", look, status=status, desk=None, platform=platform, login=login, back=back, wrong=wrong
    )


@requires(password_may_be_due=True)
async def _sign_out(request: Request, desk: Desk) -> Response:
    await desk.console.accounts.sign_out(desk.session)
    answer = desk.go("/sign-in")
    desk.console.guard.forget(request, answer)
    return answer


@requires(password_may_be_due=True)
async def _own_password(_request: Request, desk: Desk) -> Response:
    return desk.page("password.html", wrong=None)


@requires(password_may_be_due=True)
async def _change_password(request: Request, desk: Desk) -> Response:
    old, new = desk.form.get("old"), desk.form.get("new")
    if new != desk.form.get("again"):
        return desk.page("password.html", status=422, wrong=said("password_differs"))
    try:
        signed_in = await desk.console.accounts.change_password(desk.session, old, new)
    except (InvalidRequest, SignInRefused, SignInWaits) as error:
        return desk.page("password.html", status=error.status, wrong=fault(error))
    answer = desk.go("/")
    desk.console.guard.remember(request, answer, signed_in)
    return answer
