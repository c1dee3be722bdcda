"""Posts claims at a given rate whatever the answers take, and measures from the moment each was due."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson

BOUNDARY = "prereview-benchmark"


@dataclass(frozen=True, slots=True)
class Sent:
    """``seconds``: from the scheduled send time to the last byte of the answer."""

    status: int
    seconds: float
    body: bytes


def request(address: str, key: str, claim: object, files: list[bytes]) -> bytes:
    """The whole HTTP request for a claim."""
    pieces = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="claim"\r\n'
        "Content-Type: application/json\r\n\r\n".encode()
        + orjson.dumps(claim)
    ]
    pieces += [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="evidence"; filename="{index}.png"\r\n\r\n'.encode()
        + data
        for index, data in enumerate(files)
    ]
    body = b"\r\n".join([*pieces, f"--{BOUNDARY}--\r\n".encode()])
    head = (
        f"POST /v1/pre-reviews HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\nAuthorization: Bearer {key}\r\n"
        f"Idempotency-Key: {uuid.uuid4().hex}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


# The server closes a connection that has been idle for five seconds.
IDLE_SECONDS = 3.0


class Connections:
    """Kept-alive connections, as many as are in use at once."""

    def __init__(self, address: str) -> None:
        self._host, self._port = urlsplit(address).hostname, urlsplit(address).port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter, float]] = []

    async def post(self, raw: bytes) -> tuple[int, bytes]:
        """(status, body) of one request; no redirects, no chunked answers: this service sends neither."""
        reader, writer = await self._connection()
        writer.write(raw)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.split("content-length:")[1].split("\r\n", 1)[0])
        body = await reader.readexactly(length)
        self._free.append((reader, writer, time.monotonic()))
        return int(head.split(" ", 2)[1]), body

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._free:
            reader, writer, since = self._free.pop()
            if time.monotonic() - since < IDLE_SECONDS:
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self._host, self._port)

    async def close(self) -> None:
        for _, writer, _ in self._free:
            writer.close()


async def open_loop(
    address: str, make: Callable[[], bytes], *, per_second: float, seconds: float, seed: int = 1
) -> list[Sent]:
    """Arrivals of a Poisson process: claims do not wait for one another, so neither do we."""
    chance, connections = random.Random(seed), Connections(address)
    due = [chance.expovariate(per_second)]
    while due[-1] < seconds:
        due.append(due[-1] + chance.expovariate(per_second))
    requests = [make() for _ in due[:-1]]  # made before, so that making them takes nothing from the service

    start = time.perf_counter()

    async def one(at: float, raw: bytes) -> Sent:
        await asyncio.sleep(start + at - time.perf_counter())
        status, body = await connections.post(raw)
        return Sent(status, time.perf_counter() - start - at, body)

    sent = await asyncio.gather(*(one(at, raw) for at, raw in zip(due, requests, strict=False)))
    await connections.close()
    return sent


async def one_by_one(address: str, requests: list[bytes]) -> list[Sent]:
    """One request after the other on one connection."""
    connections, sent = Connections(address), []
    for raw in requests:
        start = time.perf_counter()
        status, body = await connections.post(raw)
        sent.append(Sent(status, time.perf_counter() - start, body))
    await connections.close()
    return sent
