"""Request ids, the net under unforeseen errors, and what is counted."""

from __future__ import annotations

import asyncio
import uuid

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from service.api.metrics import Metrics
from service.api.middleware import RequestContext, Shedding
from service.api.rate_limits import Places


async def _fine(_: Request) -> PlainTextResponse:
    return PlainTextResponse("fine")


async def _broken(_: Request) -> PlainTextResponse:
    raise RuntimeError("phone 13812345678")


METRICS = Metrics()
APP = Starlette(
    routes=[Route("/v1/fine", _fine), Route("/broken/{what}", _broken)],
    middleware=[Middleware(RequestContext, metrics=METRICS)],
)


def client() -> httpx.AsyncClient:
    transport = httpx.ASGITransport(APP, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://service")


@pytest.mark.parametrize("given", ["r-1", "A.b_c-9", "x" * 64])
async def test_a_harmless_request_id_is_kept(given: str) -> None:
    async with client() as http:
        response = await http.get("/v1/fine", headers={"X-Request-Id": given})
    assert response.headers["X-Request-Id"] == given
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("given", ["", "x" * 65, "two words", "<script>", 'a"b'])
async def test_any_other_is_replaced(given: str) -> None:
    async with client() as http:
        response = await http.get("/v1/fine", headers={"X-Request-Id": given})
    assert uuid.UUID(response.headers["X-Request-Id"]).version == 7


async def test_an_unforeseen_error_tells_neither_caller_nor_log_what_it_held(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with client() as http:
        response = await http.get("/broken/thing", headers={"X-Request-Id": "r-7"})
    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["type"], problem["request_id"]) == ("urn:prereview:problem:internal-error", "r-7")
    logged = "".join(capsys.readouterr())
    assert "13812345678" not in response.text + logged
    assert "RuntimeError" in logged
    assert "_broken" in logged


async def test_counts_name_the_method_and_status_and_nothing_of_the_caller() -> None:
    async with client() as http:
        await http.get("/nowhere/13812345678")
        await http.request("BREW", "/v1/fine")
    text = METRICS.exposition().decode()
    assert 'prereview_http_requests_total{method="GET",route="unmatched",status="404"}' in text
    assert 'method="other"' in text
    assert "13812345678" not in text
    assert "prereview_http_requests_in_progress 0.0" in text


async def test_a_full_process_says_so_at_once_and_stays_watchable() -> None:
    go_on = asyncio.Event()

    async def slow(_: Request) -> PlainTextResponse:
        await go_on.wait()
        return PlainTextResponse("done")

    app = Starlette(
        routes=[Route("/v1/slow", slow), Route("/livez", _fine)],
        middleware=[Middleware(RequestContext, metrics=Metrics()), Middleware(Shedding, places=Places(4))],
    )
    transport = httpx.ASGITransport(app)

    async def ask(key: str, path: str = "/v1/slow") -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
            return await http.get(path, headers={"Authorization": f"Bearer {key}"})

    held = [asyncio.create_task(ask(key)) for key in ("a", "a", "b", "b")]
    await asyncio.sleep(0.05)
    refused = await ask("c")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    assert refused.json()["request_id"] == refused.headers["X-Request-Id"]
    assert (await ask("c", "/livez")).status_code == 200
    go_on.set()
    assert [answer.status_code for answer in await asyncio.gather(*held)] == [200] * 4
    assert (await ask("c")).status_code == 200


async def test_buyers_pages_leave_room_whatever_their_requests_say_they_are() -> None:
    go_on = asyncio.Event()

    async def slow(_: Request) -> PlainTextResponse:
        await go_on.wait()
        return PlainTextResponse("done")

    app = Starlette(
        routes=[Route("/public/page", slow), Route("/v1/fine", _fine)],
        middleware=[Middleware(RequestContext, metrics=Metrics()), Middleware(Shedding, places=Places(4))],
    )

    async def ask(path: str, key: str) -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as http:
            return (await http.get(path, headers={"Authorization": f"Bearer {key}"})).status_code

    crowd = [asyncio.create_task(ask("/public/page", f"made-up-{number}")) for number in range(4)]
    await asyncio.sleep(0.05)
    assert await ask("/v1/fine", "a platform") == 200
    go_on.set()
    assert sorted(await asyncio.gather(*crowd)) == [200, 200, 503, 503]


async def test_strangers_at_the_consoles_door_keep_nobody_inside_from_work() -> None:
    go_on = asyncio.Event()

    async def slow(_: Request) -> PlainTextResponse:
        await go_on.wait()
        return PlainTextResponse("done")

    doors = ("/console/sign-in", "/console/preferences", "/console/csp-reports")
    app = Starlette(
        routes=[*(Route(door, slow, methods=["POST"]) for door in doors), Route("/console/queues", _fine)],
        middleware=[Middleware(RequestContext, metrics=Metrics()), Middleware(Shedding, places=Places(16))],
    )

    async def ask(method: str, path: str) -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as http:
            return (await http.request(method, path)).status_code

    crowd = [asyncio.create_task(ask("POST", doors[number % 3])) for number in range(12)]
    await asyncio.sleep(0.05)
    assert await ask("GET", "/console/queues") == 200
    go_on.set()
    assert sorted(await asyncio.gather(*crowd)) == [200] * 2 + [503] * 10
