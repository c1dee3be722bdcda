"""Every public page: nothing foreign, nothing kept that should not be, in the reader's language."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from service.domain.errors import NotFound, Unavailable
from service.public import create_public
from service.public.pages import Pages

PAGES = Pages()


async def _secret(request: Request) -> Response:
    return PAGES.page(request, "error.html", private=True, kind="wrong")


async def _refused(request: Request) -> Response:
    if request.path_params["what"] == "busy":
        raise Unavailable("db 10.0.0.3 <b>does not answer</b>", retry_after=7)
    raise NotFound("platform <script>alert(1)</script>")


APP = Starlette(
    routes=[Mount("/public", create_public(Route("/secret", _secret), Route("/refused/{what}", _refused), pages=PAGES))]
)


def client(**headers: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://service", headers=headers)


async def test_a_page_takes_nothing_from_elsewhere_and_runs_no_script() -> None:
    async with client() as http:
        answer = await http.get("/public/secret")
        style = answer.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
        sheet = await http.get(style)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert "script-src" not in policy
    assert set(policy.values()) <= {"'none'", "'self'"}
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert "http" not in answer.text.replace("http-equiv", "")
    assert (sheet.status_code, sheet.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in sheet.headers["Cache-Control"]
    assert "prefers-color-scheme: dark" in sheet.text


async def test_a_private_page_is_kept_nowhere_and_tells_nobody_where_the_reader_was() -> None:
    async with client() as http:
        answer = await http.get("/public/secret")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [("", "en", "en"), ("", "fr", "zh"), ("?lang=en", "zh", "en"), ("?lang=zh", "en", "zh"), ("?lang=xx", "en", "en")],
)
async def test_the_link_wins_over_the_browser(query: str, header: str, language: str) -> None:
    async with client(**{"Accept-Language": header}) as http:
        answer = await http.get(f"/public/secret{query}")
    assert answer.headers["Content-Language"] == language
    assert ("Go back and try again." in answer.text) == (language == "en")


async def test_errors_are_pages_and_say_nothing_of_the_inside() -> None:
    async with client() as http:
        busy = await http.get("/public/refused/busy")
        missing = await http.get("/public/refused/missing")
        nowhere = await http.get("/public/nowhere?lang=en")
        foreign = await http.get("/public/static/other.css")
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "7")
    assert missing.status_code == nowhere.status_code == foreign.status_code == 404
    assert "There is no such page" in nowhere.text
    for answer in (busy, missing):
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "10.0.0.3" not in answer.text
        assert "alert" not in answer.text
