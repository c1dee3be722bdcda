"""JSON bodies: where they break is said, and what no database can hold is refused."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from service.api.body import chunks, parse_json, read_body, refuse_unstorable
from service.api.errors import BodyCutOff, BodyTooSlow, MalformedJson, UnsupportedMediaType
from service.domain.errors import InvalidRequest, TooLarge


def request(*messages: dict[str, Any], headers: dict[str, str] | None = None, forever: bool = False) -> Request:
    waiting = list(messages)

    async def receive() -> dict[str, Any]:
        if not waiting and forever:
            await asyncio.sleep(60)
        return waiting.pop(0)

    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw}, receive)


def piece(data: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": data, "more_body": more}


async def test_body_is_put_together() -> None:
    whole = await read_body(request(piece(b"ab"), piece(b""), piece(b"c", more=False)), limit=3, seconds=1, what="It")
    assert whole == b"abc"


async def test_too_much_is_refused_by_its_announcement_alone() -> None:
    with pytest.raises(TooLarge, match="announces 4 bytes"):
        await read_body(request(headers={"content-length": "4"}), limit=3, seconds=1, what="It")


async def test_too_much_is_refused_while_reading() -> None:
    sent = request(piece(b"ab"), piece(b"cd"), piece(b"ef", more=False))
    with pytest.raises(TooLarge):
        await read_body(sent, limit=3, seconds=1, what="It")
    assert await sent.receive() == piece(b"ef", more=False)


async def test_a_sender_that_goes_away() -> None:
    with pytest.raises(BodyCutOff):
        await read_body(request(piece(b"a"), {"type": "http.disconnect"}), limit=3, seconds=1, what="It")


async def test_a_sender_that_dawdles() -> None:
    with pytest.raises(BodyTooSlow):
        async for _ in chunks(request(piece(b"a"), forever=True), 0.05):
            pass


async def test_compressed_bodies_are_not_taken() -> None:
    with pytest.raises(UnsupportedMediaType, match="gzip"):
        await read_body(request(headers={"content-encoding": "gzip"}), limit=3, seconds=1, what="It")


@pytest.mark.parametrize(
    ("raw", "line", "column"),
    [
        (b'{\n "a": 1,\n}', 2, 8),
        (b"", 1, 1),
        (b"\xff", 1, 1),
        (b'"\\ud800"', 1, 2),
        (b"NaN", 1, 1),
        (b"[" * 5_000, 1, 1026),
    ],
)
def test_broken_json_says_where(raw: bytes, line: int, column: int) -> None:
    with pytest.raises(MalformedJson) as refused:
        parse_json(raw, "The claim")
    assert (refused.value.extra["line"], refused.value.extra["column"]) == (line, column)
    assert f"line {line}, column {column}" in refused.value.detail


@pytest.mark.parametrize(
    ("data", "path"),
    [({"a": [{"b": "x\x00"}]}, "a[0].b"), ({"a": {"\x00": 1}}, "a"), ("\x00", "")],
)
def test_nul_is_refused_with_its_path(data: Any, path: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        refuse_unstorable(data)
    assert refused.value.extra["errors"][0]["path"] == path


def test_depth_is_bounded() -> None:
    def nested(levels: int) -> Any:
        return [nested(levels - 1)] if levels else 1

    refuse_unstorable(nested(16))
    with pytest.raises(InvalidRequest, match="deeper"):
        refuse_unstorable(nested(17))
