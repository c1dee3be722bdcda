"""What the console refuses before anything is looked at: foreign pages, foreign addresses, forms that are none."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from service.console.forms import read_form
from service.console.guard import Guard, csrf_token
from service.console.home_page import inside
from service.domain.errors import BadRequest, Forbidden, PrereviewError, TooLarge

GUARD = Guard("https://desk.example.com")
TOKEN = "session-token"


async def _change(request: Request) -> Response:
    try:
        GUARD.require_same_origin(request)
        form = await read_form(request)
        GUARD.require_token(request, form)
    except PrereviewError as error:
        return JSONResponse({"refused": type(error).__name__}, status_code=error.status)
    return JSONResponse({"names": form.all("name"), "last": form.get("name"), "absent": form.get("absent")})


APP = Starlette(routes=[Route("/change", _change, methods=["POST"])])
MINE = {"Cookie": f"__Host-prereview-session={TOKEN}"}


async def post(body: bytes, **headers: str) -> httpx.Response:
    sent = {"Content-Type": "application/x-www-form-urlencoded", **MINE, **headers}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://service") as http:
        return await http.post("/change", content=body, headers={k.replace("_", "-"): v for k, v in sent.items()})


def form(extra: str = "") -> bytes:
    return f"csrf={csrf_token(TOKEN)}{extra}".encode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://service"},
        {"Origin": "https://desk.example.com"},
        {"Sec_Fetch_Site": "same-origin"},
        {"Sec_Fetch_Site": "same-origin", "Origin": "http://service"},
    ],
)
async def test_a_form_of_ours_is_taken(headers: dict[str, str]) -> None:
    answer = await post(form("&name=a&name=b%0D%0Ac"), **headers)
    assert answer.json() == {"names": ["a", "b\nc"], "last": "b\nc", "absent": ""}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://service.evil.example"},
        {"Origin": "http://service", "Sec_Fetch_Site": "cross-site"},
        {"Origin": "http://service", "Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
    ],
)
async def test_a_form_of_another_page_is_refused_even_with_the_token(headers: dict[str, str]) -> None:
    assert (await post(form(), **headers)).json() == {"refused": Forbidden.__name__}


@pytest.mark.parametrize("token", ["", "0" * 64, csrf_token("another"), "ü"])
async def test_a_form_without_the_sessions_token_is_refused(token: str) -> None:
    sent = httpx.QueryParams({"csrf": token})
    answer = await post(str(sent).encode(), Origin="http://service")
    assert answer.json() == {"refused": Forbidden.__name__}


@pytest.mark.parametrize(
    ("body", "headers", "refused"),
    [
        (b"csrf=%FF", {}, BadRequest),
        (b"csrf=\xff", {}, BadRequest),
        (b"{}", {"Content_Type": "application/json"}, BadRequest),
        (b"a=" + b"x" * 70_000, {}, TooLarge),
        (b"&".join(b"a=1" for _ in range(2_000)), {}, BadRequest),
    ],
)
async def test_what_is_no_form_is_refused(body: bytes, headers: dict[str, str], refused: type[PrereviewError]) -> None:
    answer = await post(body, Origin="http://service", **headers)
    assert answer.json() == {"refused": refused.__name__}


@pytest.mark.parametrize("path", ["/", "/users", "/users?done=roles", "/cases/R26-1?x=%E4%B8%AD&y=a/b"])
def test_a_way_back_leads_inside(path: str) -> None:
    assert inside(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "",
        "/a\n",
    ],
)
def test_a_way_back_never_leads_elsewhere(path: str) -> None:
    assert inside(path) == "/"
