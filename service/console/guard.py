"""Cookies of a session, and whether a request that changes something was meant by who is signed in.

Three things have to hold for an unsafe request: it comes from a page of this origin (Sec-Fetch-Site or Origin; one of
them must be there), it carries the session's cookie, and, in the form or a header, the token only that session's pages
have. The token is made from the session's secret, so that there is nothing to store and nothing to mix up.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from service.console.forms import Form
from service.domain.errors import Forbidden
from service.review.accounts import SignedIn

CSRF_FIELD, CSRF_HEADER = "csrf", "x-csrf-token"
_SESSION, _DEVICE = "prereview-session", "prereview-device"
_DEVICE_SECONDS = 180 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Guard:
    """``public_url``: where people reach the service, if that is told; https there makes every cookie secure."""

    public_url: str = ""

    def session_token(self, request: Request) -> str:
        return request.cookies.get(self._name(request, _SESSION), "")

    def device_token(self, request: Request) -> str:
        return request.cookies.get(self._name(request, _DEVICE), "")

    def remember(self, request: Request, response: Response, signed_in: SignedIn) -> None:
        """The session for as long as the browser is open; the device for half a year."""
        self._set(request, response, _SESSION, signed_in.token, None)
        self._set(request, response, _DEVICE, signed_in.device, _DEVICE_SECONDS)

    def forget(self, request: Request, response: Response) -> None:
        """The session; the device stays known."""
        self._set(request, response, _SESSION, "", 0)

    def require_same_origin(self, request: Request) -> None:
        """Forbidden unless a page of ours sent it."""
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site is not None and site != "same-origin":
            raise _foreign()
        if origin is None and site is None:
            raise _foreign()
        if origin is not None and urlsplit(origin).netloc not in self._hosts(request):
            raise _foreign()

    def require_token(self, request: Request, form: Form) -> None:
        """Forbidden unless the form, or the header HTMX sends, has the session's token."""
        given = form.get(CSRF_FIELD) or request.headers.get(CSRF_HEADER, "")
        wanted = csrf_token(self.session_token(request))
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            raise _foreign()

    def _hosts(self, request: Request) -> frozenset[str]:
        return frozenset({request.headers.get("host", ""), urlsplit(self.public_url).netloc} - {""})

    def _secure(self, request: Request) -> bool:
        return request.url.scheme == "https" or self.public_url.startswith("https:")

    def _name(self, request: Request, name: str) -> str:
        """Over https under a name no other host and no plain-text page can set (RFC 6265bis, cookie prefixes)."""
        return f"__Host-{name}" if self._secure(request) else name

    def _set(self, request: Request, response: Response, name: str, value: str, seconds: int | None) -> None:
        response.set_cookie(
            self._name(request, name),
            value,
            max_age=seconds,
            path="/",
            secure=self._secure(request),
            httponly=True,
            samesite="lax",
        )


def csrf_token(session_token: str) -> str:
    return hmac.new(session_token.encode(errors="replace"), b"console csrf", hashlib.sha256).hexdigest()


def _foreign() -> Forbidden:
    return Forbidden("This did not come from a page of this session. Load the page again and repeat it.")
