"""Every page of the console, found by following its links and held against the routes there are."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from starlette.routing import Match, Route

from service.console import ROOMS
from service.console.home_page import home_routes
from service.console.sign_in_page import sign_in_routes

_LINK = re.compile(r'(?:href|src|hx-get)="(/console/[^"#]*)')
_PARAMETER = re.compile(r"\{([a-z_]+)(?::[a-z]+)?\}")


@dataclass(frozen=True, slots=True)
class Page:
    """``route``: its template; ``path``: one address of it, below the service."""

    route: str
    path: str


def get_routes() -> tuple[Route, ...]:
    """Of all rooms, and the pages of none, in the order they are tried."""
    rooms = (route for room in ROOMS for route in room.routes)
    found = (*home_routes(), *sign_in_routes(), *rooms)
    return tuple(route for route in found if "GET" in (route.methods or ()))


def walk(http: httpx.Client, given: Mapping[str, Iterable[str]]) -> tuple[list[Page], list[str]]:
    """All pages somebody signed in can get to, and the routes nothing leads to.

    Of one route an address without a query is looked at, one with one, and all that are made from what is given.
    ``given``: for routes, values of the parameters in their paths. Answers that are no whole page
    (pictures, parts for HTMX, files, streams) are looked at once and left out.
    """
    made = _made(given)
    waiting = [f"/console{route.path}" for route in get_routes() if "{" not in route.path] + made
    seen: dict[str, set[bool]] = {}
    pages, asked = [], set()
    while waiting:
        path = waiting.pop(0)
        route = _route(path)
        if route is None or path in asked or "/static/" in path:
            continue
        asked.add(path)
        with_query = bool(urlsplit(path).query)
        if with_query in seen.get(route, set()) and path not in made:
            continue
        text = _page(http, path)
        if text is None:
            seen.setdefault(route, set()).update({True, False})
            continue
        if not text:
            continue
        seen.setdefault(route, set()).add(with_query)
        pages.append(Page(route, path))
        waiting += [html.unescape(found) for found in _LINK.findall(text)]
    return pages, sorted({route.path for route in get_routes()} - set(seen))


def _made(given: Mapping[str, Iterable[str]]) -> list[str]:
    made = []
    for route in get_routes():
        names = _PARAMETER.findall(route.path)
        if names and all(name in given for name in names):
            for values in zip(*(given[name] for name in names), strict=False):
                path = route.path
                for name, value in zip(names, values, strict=True):
                    path = re.sub(r"\{" + name + r"(:[a-z]+)?\}", value, path)
                made.append(f"/console{path}")
    return made


def _route(path: str) -> str | None:
    inside = urlsplit(path).path.removeprefix("/console") or "/"
    scope = {"type": "http", "path": inside, "method": "GET", "root_path": "", "headers": []}
    return next((route.path for route in get_routes() if route.matches(scope)[0] is Match.FULL), None)


def _page(http: httpx.Client, path: str) -> str | None:
    """The page's text; None for what is no whole page, empty where there is none."""
    with http.stream("GET", path.removeprefix("/console")) as answer:
        if answer.status_code >= 400:
            return ""
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return None
        text = answer.read().decode()
    return text if text.lstrip().lower().startswith("<!doctype html") else None
