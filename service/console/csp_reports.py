"""Where browsers tell that a page tried what its policy forbids: counted and logged, so that no attempt is silent.

Anybody may post here, so little is believed and nothing kept: a report is cut down to which rule, what sort of thing
was blocked and which room's page, none of which names a person or a case.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from prometheus_client import CollectorRegistry, Counter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from service.domain.errors import BadRequest, TooLarge

log = structlog.get_logger("prereview.console")

PATH = "/csp-reports"
_BYTES, _REPORTS = 16 * 1024, 20
_AT_ONCE, _PER_SECOND = 40, 10.0
_SECONDS = 4.0
_MEDIA = frozenset({"application/csp-report", "application/reports+json", "application/json"})
_SOURCES = ("default", "img", "font", "connect", "media", "object", "frame", "child", "worker", "manifest")
_DIRECTIVES = frozenset(
    {
        *(f"{what}-src" for what in _SOURCES),
        *(f"{what}-src{part}" for what in ("script", "style") for part in ("", "-elem", "-attr")),
        "form-action",
        "base-uri",
        "frame-ancestors",
    }
)
# Directive, what was blocked, page, script and line, as either format names them.
_LEVEL_2 = ("effective-directive", "blocked-uri", "document-uri", "source-file", "line-number")
_REPORTING_API = ("effectiveDirective", "blockedURL", "documentURL", "sourceFile", "lineNumber")
_SORTS = frozenset({"inline", "eval", "wasm-eval", "self", "data", "blob", "trusted-types-policy", "about"})
_ROOM = re.compile(r"[a-z][a-z-]{0,24}\Z")
_FILE = re.compile(r"[a-z-]{1,40}\.js\Z")
_DIGEST = re.compile(r"-[0-9a-f]{16}(?=\.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """What is kept of a report: codes of ours alone. ``room``: the first part of the page's path below /console."""

    directive: str
    blocked: str
    room: str
    script: str
    line: int | None


class CspReports:
    """One per process. ``registry``: where ``prereview_console_csp_reports`` is counted."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self._counted = Counter(
            "prereview_console_csp_reports",
            "Violations of the console's content security policy that browsers told of, by directive; dropped: too "
            "many at once, unreadable: no report.",
            ["directive"],
            registry=registry if registry is not None else CollectorRegistry(),
        )
        for label in ("dropped", "unreadable"):
            self._counted.labels(label)
        self._room, self._since = float(_AT_ONCE), time.monotonic()

    def route(self) -> Route:
        return Route(PATH, self._receive, methods=["POST"])

    async def _receive(self, request: Request) -> Response:
        if not self._take():
            self._counted.labels("dropped").inc()
            return Response(status_code=429, headers={"Retry-After": "10"})
        try:
            told = list(violations(await _body(request), root=request.scope.get("root_path", "")))
        except (BadRequest, TooLarge) as error:
            self._counted.labels("unreadable").inc()
            return Response(status_code=error.status)
        except ClientDisconnect:
            return Response(status_code=400)
        for number, one in enumerate(told):
            self._counted.labels(one.directive).inc()
            if number and not self._take():  # one post may bring twenty
                continue
            log.warning(
                "a page tried what its policy forbids",
                directive=one.directive,
                blocked=one.blocked,
                room=one.room,
                script=one.script,
                line=one.line,
            )
        return Response(status_code=204)

    def _take(self) -> bool:
        """A place among so many a second, over everybody: a flood costs neither log nor time."""
        now = time.monotonic()
        self._room = min(float(_AT_ONCE), self._room + (now - self._since) * _PER_SECOND)
        self._since = now
        if self._room < 1:
            return False
        self._room -= 1
        return True


def headers(root: str, policy: str, *, secure: bool) -> dict[str, str]:
    """``policy`` with where to report to. By name, for the Reporting API, over https alone: elsewhere browsers know no
    such endpoints, and Chromium, told of one, would not use the address either."""
    where = root + PATH
    told = {"Content-Security-Policy": f"{policy}; report-uri {where}"}
    if secure:
        told["Content-Security-Policy"] += "; report-to console"
        told["Reporting-Endpoints"] = f'console="{where}"'
    return told


def violations(body: bytes, *, root: str = "") -> Iterator[Violation]:
    """Out of either format (CSP level 2's object, the Reporting API's list); BadRequest where it is neither."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("This is no report.") from None
    if isinstance(data, Mapping) and isinstance(data.get("csp-report"), Mapping):
        yield _violation(data["csp-report"], _LEVEL_2, root)
        return
    if not isinstance(data, list):
        raise BadRequest("This is no report.")
    for one in data[:_REPORTS]:
        if isinstance(one, Mapping) and one.get("type") == "csp-violation" and isinstance(one.get("body"), Mapping):
            yield _violation(one["body"], _REPORTING_API, root)


def _violation(found: Mapping[str, Any], names: tuple[str, str, str, str, str], root: str) -> Violation:
    directive, blocked, page, script = (_text(found.get(name)) for name in names[:4])
    line, rule = found.get(names[4]), directive.split(" ")[0]
    return Violation(
        directive=rule if rule in _DIRECTIVES else "other",
        blocked=_sort(blocked),
        room=_part(page, root),
        script=_script(script),
        line=line if isinstance(line, int) and 0 <= line < 10**6 else None,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _sort(blocked: str) -> str:
    word = blocked.partition(":")[0]
    if word in ("http", "https", "ws", "wss"):
        return "address"
    return word if word in _SORTS else "other"


def _part(address: str, root: str) -> str:
    first = _path(address).removeprefix(root).strip("/").split("/")[0]
    return first if _ROOM.match(first) else ""


def _script(address: str) -> str:
    name = _DIGEST.sub("", _path(address).rpartition("/")[2])
    return name if _FILE.match(name) else ""


def _path(address: str) -> str:
    try:
        return urlsplit(address[:2_000]).path
    except ValueError:
        return ""


async def _body(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _MEDIA:
        raise BadRequest("This is no report.")
    body = bytearray()
    try:
        async with asyncio.timeout(_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > _BYTES:
                    raise TooLarge("The report is larger than 16 kB.")
    except TimeoutError:
        raise BadRequest("The report did not arrive whole.") from None
    return bytes(body)
