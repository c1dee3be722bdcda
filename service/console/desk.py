"""Who sits at the desk: what every page of somebody signed in gets, and which doors are open to whom.

A page is a function of a request and a ``Desk`` behind ``requires``::

    @requires(Role.REVIEWER)
    async def queues(request: Request, desk: Desk) -> Response:
        found = await desk.use_cases.queues.counts(desk.platform_id)
        return desk.page("queues.html", queues=found)
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from service.console.forms import FORM_BYTES, Form, read_form
from service.console.guard import CSRF_FIELD, Guard, csrf_token
from service.console.pages import SAFE_METHODS, SECURITY, Look, Pages, here, look_of, sent_from
from service.console.uploads import Uploads
from service.domain.actors import Actor
from service.domain.assessment import Text
from service.domain.errors import Forbidden
from service.domain.lifecycle import Party
from service.domain.users import Role, User
from service.review.accounts import Accounts, Platform, Session
from service.review.desk import Acting
from service.review.live import Seen
from service.review.use_cases import UseCases

Page = Callable[[Request, "Desk"], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Pages that belong together, with their entry in the navigation: shown to who has one of ``roles``.

    ``path``: of the first page, below /console. ``key``: the single key that leads there.
    """

    path: str
    name: Text
    about: Text
    roles: frozenset[Role]
    routes: tuple[Route, ...]
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """What all pages share; ``request.app.state.console``."""

    use_cases: UseCases
    pages: Pages
    guard: Guard
    rooms: tuple[Room, ...]
    uploads: Uploads = field(default_factory=Uploads)

    @property
    def accounts(self) -> Accounts:
        return self.use_cases.accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Somebody signed in, at one request. ``form``: of an unsafe request, checked to be theirs; else empty."""

    request: Request
    console: Console
    session: Session
    look: Look
    form: Form
    csrf: str

    @property
    def user(self) -> User:
        return self.session.user

    @property
    def platform(self) -> Platform:
        return self.session.platform

    @property
    def platform_id(self) -> str:
        return self.session.platform.id

    @property
    def actor(self) -> Actor:
        """Who does whatever is done here: ``user:<login>``."""
        return self.user.actor

    @property
    def use_cases(self) -> UseCases:
        return self.console.use_cases

    def acting(self, *, score_seen: bool = True) -> Acting:
        """For work on cases: as a senior who is one, else as a reviewer. ``score_seen`` False only of a case that held
        its score back: what was open to them may have been looked at, and a label must not claim otherwise."""
        party = Party.SENIOR if Role.SENIOR in self.user.roles else Party.REVIEWER
        return Acting(platform_id=self.platform_id, party=party, actor=self.actor, score_seen=score_seen)

    def say(self, zh: str, en: str) -> str:
        return self.look.say(zh, en)

    def may(self, *roles: Role, change: bool = False) -> bool:
        return self.user.may(roles, change=change)

    @property
    def may_review(self) -> bool:
        """Whether they may look at cases."""
        return self.may(Role.REVIEWER, Role.AUDITOR, Role.RISK_OWNER)

    @property
    def may_take(self) -> bool:
        """Whether they work on cases."""
        return self.may(Role.REVIEWER, change=True)

    @property
    def seen(self) -> Seen:
        """What any page shows of what may change while it is looked at."""
        return Seen(banner=self.use_cases.live.banner_key(self.platform))

    @property
    def lapsed(self) -> datetime | None:
        """Since when the certificate in service for the platform is out of date."""
        return self.use_cases.live.lapsed(self.platform)

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page with the navigation. Beside ``Pages.page``'s, templates have ``desk``, ``rooms``, ``csrf`` and
        ``token()``, the hidden field every form needs."""
        mine = [room for room in self.console.rooms if self.user.may(room.roles)]
        field = Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, self.csrf)
        given: dict[str, Any] = {"desk": self, "rooms": mine, "csrf": self.csrf, "token": lambda: field, **values}
        return self.console.pages.page(self.request, template, self.look, status=status, **given)

    def go(self, path: str) -> Response:
        """After a change, to a page (303), so that loading again changes nothing again. ``path``: below /console."""
        return see_other(self.request, path)


def console_of(request: Request) -> Console:
    found = request.app.state.console
    assert isinstance(found, Console)
    return found


def see_other(request: Request, path: str) -> Response:
    """303 to a page of the console; HTMX follows it as a whole page."""
    where = request.scope.get("root_path", "") + path
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers={**SECURITY, "HX-Redirect": where, "Cache-Control": "no-store"})
    return RedirectResponse(where, status_code=303, headers={**SECURITY, "Cache-Control": "no-store"})


def _not_theirs() -> Forbidden:
    return Forbidden("Your roles do not include this. Ask an administrator of your platform.")


def requires(
    *roles: Role,
    password_may_be_due: bool = False,
    form_bytes: int = FORM_BYTES,
    back: str = "/",
    only_reads: bool = False,
    uploads: bool = False,
) -> Callable[[Page], Endpoint]:
    """Lets in who is signed in and has one of ``roles`` (anybody signed in where none is named).

    Who is not is led to the sign-in and back. An unsafe method has to be meant by them (``guard``), and needs a role
    that may change things: an auditor only sees, and what ``only_reads`` though it is sent as a form. Who has been
    given a password changes it before anything else. ``uploads``: the form carries files, which are read of nobody
    without the role.
    """

    def around(page: Page) -> Endpoint:
        @functools.wraps(page)
        async def endpoint(request: Request) -> Response:
            console, changes = console_of(request), request.method not in SAFE_METHODS
            if changes:
                console.guard.require_same_origin(request)
            token = console.guard.session_token(request)
            session = await console.accounts.session(token) if token else None
            if session is None:
                wanted = (sent_from(request) or back) if changes else here(request)
                return see_other(request, f"/sign-in?back={quote(wanted, safe='')}")
            if uploads and not session.user.may(roles, change=True):
                raise _not_theirs()
            form = Form()
            if changes:
                form = await (console.uploads.read(request) if uploads else read_form(request, form_bytes))
            desk = Desk(
                request=request,
                console=console,
                session=session,
                look=look_of(request),
                form=form,
                csrf=csrf_token(token),
            )
            request.state.desk = desk
            if changes:
                console.guard.require_token(request, form)
            if session.user.password_due and not password_may_be_due:
                return desk.go("/password")
            if roles and not desk.may(*roles, change=changes and not only_reads):
                raise _not_theirs()
            return await page(request, desk)

        # For who lists the doors.
        endpoint.__dict__["roles"] = frozenset(roles)
        endpoint.__dict__["only_reads"] = only_reads
        return endpoint

    return around
