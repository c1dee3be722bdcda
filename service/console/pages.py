"""How every page of the console is made: template, language, theme, and headers that let nothing foreign in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from service.console import csp_reports
from service.domain import languages
from service.domain.errors import NotFound

# Scripts, styles and pictures are files of ours; nothing inline runs, whatever text from outside ends up in a page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: forms would say `Origin: null`, and ours must say where they come from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
}
_TYPES = {"css": "text/css", "svg": "image/svg+xml", "js": "text/javascript"}
_YEAR = 365 * 24 * 3600
THEMES = ("light", "dark")
SAFE_METHODS = frozenset({"GET", "HEAD"})

Say = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody wants pages: ``theme`` None as their system has it; ``keys``: whether single keys do things."""

    language: str
    theme: str | None
    keys: bool

    def say(self, zh: str, en: str) -> str:
        return en if self.language == "en" else zh


class Pages:
    """Templates of the package, rendered with everything escaped; one per process."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("service.console"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        files = _files()
        self._names = {name: _digested(name, content) for name, content in files.items()}
        self._assets = {self._names[name]: content for name, content in files.items()}

    def page(self, request: Request, template: str, look: Look, *, status: int = 200, **values: Any) -> Response:
        """One page. Templates have ``say(zh, en)``, ``look``, ``path(inside)``, ``asset(name)`` and
        ``values``. Nothing of the console is kept by a browser or a proxy."""
        root = request.scope.get("root_path", "")
        body = self._environment.get_template(template).render(
            say=look.say,
            look=look,
            path=lambda inside: root + inside,
            here=here(request),
            asset=lambda name: f"{root}/static/{self._names[name]}",
            **values,
        )
        reported = csp_reports.headers(root, POLICY, secure=request.url.scheme == "https")
        headers = {**SECURITY, **reported, "Content-Language": look.language, "Cache-Control": "no-store"}
        return Response(body, status_code=status, media_type="text/html", headers=headers)

    def asset(self, name: str) -> Response:
        """A file under the name that carries its digest; NotFound for any other."""
        found = self._assets.get(name)
        if found is None:
            raise NotFound("There is no such file.")
        headers = {**SECURITY, "Cache-Control": f"public, max-age={_YEAR}, immutable"}
        return Response(found, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)


def look_of(request: Request) -> Look:
    """What the person chose before, else what their browser asks for."""
    cookies = request.cookies
    language = cookies.get("console_language")
    theme = cookies.get("console_theme")
    return Look(
        language=language if language in languages.KNOWN else languages.choose(request.headers.get("accept-language")),
        theme=theme if theme in THEMES else None,
        keys=cookies.get("console_keys") != "off",
    )


def here(request: Request) -> str:
    """The page's own address below the mount, with its query: where to come back to. After an unsafe request, which
    cannot be repeated by a link, the first page of its room."""
    root = request.scope.get("root_path", "")
    inside = request.scope["path"].removeprefix(root) or "/"
    if request.method not in SAFE_METHODS:
        return "/" + inside.split("/")[1]
    query = request.scope.get("query_string", b"").decode("ascii", "replace")
    return f"{inside}?{query}" if query else inside


def sent_from(request: Request) -> str:
    """The page of ours a form was sent from, below the mount: where somebody goes on whose session has ended meanwhile.
    Empty where that is not told."""
    root = request.scope.get("root_path", "")
    try:
        found = urlsplit(request.headers.get("referer", "")[:2_000])
    except ValueError:
        return ""
    if found.netloc != request.headers.get("host", "") or not found.path.startswith(f"{root}/"):
        return ""
    inside = found.path.removeprefix(root)
    return f"{inside}?{found.query}" if found.query else inside


def _files() -> dict[str, bytes]:
    """Ours and the vendored ones (static/VENDORED.md says whose those are)."""
    folder = resources.files("service.console") / "static"
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name.rpartition(".")[2] in _TYPES}


def _digested(name: str, content: bytes) -> str:
    """An asset's address changes with its content, so that a browser may keep it for good."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:16]}.{ending}"
