"""Request bodies: read within a limit and a time, parsed as JSON, held to plain text and sane depth."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from service.api.errors import BodyCutOff, BodyTooSlow, MalformedJson, UnsupportedMediaType
from service.api.limits import UploadLimits, size
from service.api.validation import M, validate
from service.domain.errors import InvalidRequest, PrereviewError, TooLarge

_MAX_DEPTH = 16


def media_type(request: Request) -> str:
    """The body's declared type without parameters, lower case; empty where none is given."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def announced(request: Request, limit: int, what: str) -> int:
    """The body's bytes by its Content-Length, ``limit`` where it names none; TooLarge where it is above ``limit``.

    Refused before a byte is read: a client that asked (Expect: 100-continue) sends nothing.
    """
    declared = request.headers.get("content-length", "")
    if not declared.isdecimal():
        return limit
    if int(declared) > limit:
        raise TooLarge(
            f"{what} may be {size(limit)} at most, this one announces {size(int(declared))}. Send less.",
            extra={"limit": limit},
        )
    return int(declared)


def refuse_encoding(request: Request) -> None:
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise UnsupportedMediaType(f"Content-Encoding {encoding[:40]!r} is not taken: send the body uncompressed.")


async def chunks(request: Request, seconds: float) -> AsyncIterator[bytes]:
    """The body as it arrives. BodyTooSlow after ``seconds`` in all; BodyCutOff where the sender went away."""
    deadline = asyncio.get_running_loop().time() + seconds
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout_at(deadline):
                chunk = await anext(stream, None)
        except TimeoutError:
            raise BodyTooSlow(
                f"The body must arrive within {seconds:g} s. Send it again, or send smaller files."
            ) from None
        except ClientDisconnect:
            raise BodyCutOff("The connection closed before the body ended; nothing was kept. Send it again.") from None
        if chunk is None:
            return
        if chunk:
            yield chunk


async def read_body(request: Request, *, limit: int, seconds: float, what: str) -> bytes:
    """The whole body; TooLarge as soon as it passes ``limit`` bytes."""
    refuse_encoding(request)
    announced(request, limit, what)
    body = bytearray()
    async for chunk in chunks(request, seconds):
        body += chunk
        if len(body) > limit:
            raise TooLarge(f"{what} may be {size(limit)} at most. Send it in parts.", extra={"limit": limit})
    return bytes(body)


async def read_model(request: Request, limits: UploadLimits, model: type[M], what: str = "The body") -> M:
    """A small JSON body as ``model``; an empty body counts as ``{}``."""
    raw = await read_body(request, limit=limits.action_bytes, seconds=limits.seconds, what=what)
    if raw and media_type(request) != "application/json":
        raise UnsupportedMediaType("Send the body as application/json.")
    data = parse_json(raw, what) if raw else {}
    refuse_unstorable(data)
    return validate(model, data)


def parse_json(raw: bytes, what: str, *, line: int | None = None) -> Any:
    """The value of a JSON text; MalformedJson says where it breaks. ``line``: its number in a text of many lines."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as broken:
        at = line or broken.lineno
        raise MalformedJson(
            f"{what} is not valid JSON: {broken.msg} at line {at}, column {broken.colno}. Mend it and send it again.",
            extra={"line": at, "column": broken.colno, "position": broken.pos},
        ) from None


def refuse_unstorable(data: Any, error: type[PrereviewError] = InvalidRequest) -> None:
    """Refuse NUL characters (no database text can hold them) and nesting deeper than any of our bodies needs."""
    stack: list[tuple[Any, str, int]] = [(data, "", 0)]
    while stack:
        value, path, depth = stack.pop()
        if depth > _MAX_DEPTH:
            raise error(f"The JSON is nested deeper than {_MAX_DEPTH} levels. Send the fields as documented.")
        if isinstance(value, str):
            if "\x00" in value:
                raise _nul(error, path)
        elif isinstance(value, dict):
            if any("\x00" in key for key in value):
                raise _nul(error, path)
            stack.extend((item, f"{path}.{key[:80]}" if path else key[:80], depth + 1) for key, item in value.items())
        elif isinstance(value, list):
            stack.extend((item, f"{path}[{index}]", depth + 1) for index, item in enumerate(value))


def _nul(error: type[PrereviewError], path: str) -> PrereviewError:
    message = "holds the character U+0000; remove it"
    return error(f"{path or 'The JSON'} {message}.", extra={"errors": [{"path": path, "message": message}]})
