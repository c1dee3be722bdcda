"""How every public page is made: template, language, and headers that let nothing foreign in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from service.domain import languages

# No script at all, no style or picture but our own, no frame around us: a page that looks like ours is not ours.
_SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_STYLE, _ICON = "public.css", "icon.svg"
_TYPES = {"css": "text/css", "svg": "image/svg+xml"}
_PAGES_KEPT = 128
_MINUTE, _YEAR = 60, 365 * 24 * 3600

Say = Callable[[str, str], str]


class Pages:
    """Templates of the package, rendered with everything escaped; one per process."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("service.public"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._assets = {_named(name): _asset(name) for name in (_STYLE, _ICON)}
        # A page is another one when its template is.
        drawn = [self._environment.get_template(name).filename for name in self._environment.list_templates()]
        self._design = hashlib.sha256(b"".join(Path(name).read_bytes() for name in drawn if name)).hexdigest()
        self._kept: dict[tuple[str, str, str], str] = {}
        self.style_name, self.icon_name = _named(_STYLE), _named(_ICON)

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        private: bool = False,
        tag: str | None = None,
        retry_after: int | None = None,
        **values: Any,
    ) -> Response:
        """One page in the reader's language.

        ``private``: only for who has the link, so it is neither stored nor indexed. ``tag``: the same text for as long
        as what the page shows is the same; the answer then has an ETag and is 304 where the reader has it already.
        Templates have ``say(zh, en)``, ``language``, ``other`` (the other language), ``style`` and ``values``.
        """
        language = language_of(request)
        headers = {
            **_SECURITY,
            "Content-Language": language,
            "Vary": "Accept-Language",
            "Cache-Control": "no-store" if private or tag is None else f"public, max-age={_MINUTE}",
        }
        if private:
            headers["X-Robots-Tag"] = "noindex, nofollow"
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        if tag is not None:
            headers["ETag"] = etag(tag, language, self.style_name, self._design)
            if holds(request, headers["ETag"]):
                return Response(status_code=304, headers=headers)
        static = f"{request.scope.get('root_path', '')}/static"
        key = (template, headers.get("ETag", ""), static)
        body = self._kept.get(key) or self._rendered(template, language, static, private=private, values=values)
        if tag is not None and not private:
            self._keep(key, body)
        return Response(body, status_code=status, media_type="text/html", headers=headers)

    def _rendered(self, template: str, language: str, static: str, *, private: bool, values: dict[str, Any]) -> str:
        return self._environment.get_template(template).render(
            say=speaking(language),
            language=language,
            other="zh" if language == "en" else "en",
            style=f"{static}/{self.style_name}",
            icon=f"{static}/{self.icon_name}",
            private=private,
            **values,
        )

    def _keep(self, key: tuple[str, str, str], body: str) -> None:
        """A page that stays the same is drawn once: a crowd at the door must not cost the claims behind it."""
        if key not in self._kept and len(self._kept) >= _PAGES_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = body

    def asset(self, name: str) -> Response | None:
        """Style sheet or icon, under the name that carries its digest; None for another name."""
        found = self._assets.get(name)
        if found is None:
            return None
        headers = {**_SECURITY, "Cache-Control": f"public, max-age={_YEAR}, immutable"}
        return Response(found, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)


def _asset(name: str) -> bytes:
    return (resources.files("service.public") / "static" / name).read_bytes()


def _named(name: str) -> str:
    """An asset's address changes with its content, so that a browser may keep it for good."""
    return f"{hashlib.sha256(_asset(name)).hexdigest()[:16]}.{name.rpartition('.')[2]}"


def language_of(request: Request) -> str:
    """``?lang=`` where it names a language we have, else what the reader's browser asks for."""
    wanted = request.query_params.get("lang")
    return wanted if wanted in languages.KNOWN else languages.choose(request.headers.get("accept-language"))


def speaking(language: str) -> Say:
    """Chooses between the two wordings of a sentence."""

    def say(zh: str, en: str) -> str:
        return en if language == "en" else zh

    return say


def etag(*parts: str) -> str:
    joined = "\n".join(parts)
    return f'"{hashlib.sha256(joined.encode()).hexdigest()[:32]}"'


def holds(request: Request, tag: str) -> bool:
    """Whether If-None-Match names ``tag`` (RFC 9110, weak comparison)."""
    given = request.headers.get("if-none-match", "")
    return any(item.strip().removeprefix("W/") in (tag, "*") for item in given.split(","))
