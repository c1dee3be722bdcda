"""One attempt to deliver one message: resolve once, connect to that very address, sign, post, look at the status.

What a receiver answers is neither kept nor shown: a platform cannot read through us what it cannot reach itself. The
HTTP client is imported where something is sent: of all that is made with a sender at hand, little sends.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from service.delivery.addresses import Address, AddressRefused, Targets, literal_address
from service.delivery.schedule import retry_after

if TYPE_CHECKING:
    import httpx

Resolve = Callable[[str, int, str], Awaitable[list[Address]]]
"""Host, port and on whose behalf → addresses."""

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
RESOLVE_SECONDS = 5.0
# Small answers are read so that the receiver sees a clean end; of larger ones nobody wants the rest.
_MOST_READ = 16 * 1024
_MOST_ADDRESSES = 3
_MOST_ASKED = 64
_MOST_ASKED_FOR_ONE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """``secrets``: those in force, each signs. ``sent_at``: of this attempt, by the real clock. ``platform_id``: whose
    names may take so many of the threads that resolve them, and no more."""

    id: str
    platform_id: str
    url: str = field(repr=False)
    body: bytes = field(repr=False)
    secrets: Sequence[str] = field(repr=False)
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """``status``: None where there was no answer; then ``problem`` is one short word of ours, e.g. ``timeout``."""

    status: int | None
    problem: str = ""
    retry_after: timedelta | None = None

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The receiver wants no more, ever."""
        return self.status == 410


class Names:
    """Asks the system for addresses, in threads of its own: a name server that never answers holds up nobody else.

    Who asks for a name that is being asked for shares the answer, so one such name takes one thread; of one platform
    at most so many are being asked for at once, so that dead names of its own keep no other platform's waiting.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=_MOST_ASKED, thread_name_prefix="webhook-names")
        self._asked: dict[tuple[str, int], asyncio.Future[list[Address]]] = {}
        self._room: dict[str, asyncio.Semaphore] = {}

    async def __call__(self, host: str, port: int, platform_id: str) -> list[Address]:
        """Every address of a name; none where it has none, or is not resolved in time."""
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                asking = self._asked.get((host, port)) or await self._ask(host, port, platform_id)
                return list(await asyncio.shield(asking))
        except TimeoutError:
            return []

    async def _ask(self, host: str, port: int, platform_id: str) -> asyncio.Future[list[Address]]:
        room = self._room.setdefault(platform_id, asyncio.Semaphore(_MOST_ASKED_FOR_ONE))
        await room.acquire()
        if (meanwhile := self._asked.get((host, port))) is not None:
            room.release()
            return meanwhile
        asking = asyncio.get_running_loop().run_in_executor(self._threads, _ask, host, port)
        self._asked[host, port] = asking

        def done(_: object) -> None:  # not when whoever asked gave up: the thread is taken until then
            self._asked.pop((host, port), None)
            room.release()

        asking.add_done_callback(done)
        return asking


def _ask(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found))


def trusted() -> ssl.SSLContext:
    """Public certificate authorities and the system's own."""
    import certifi

    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context


class Sender:
    """Holds nothing between attempts: no connection, cookie or credential of one receiver is met by another."""

    def __init__(
        self,
        targets: Targets,
        *,
        resolver: Resolve | None = None,
        context: ssl.SSLContext | None = None,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._targets = targets
        self._resolve = resolver or Names()
        self._context = context
        self._total = total_seconds

    async def send(self, message: Message) -> Result:
        """Never raises for what a receiver or its network does."""
        import httpx

        try:
            async with asyncio.timeout(self._total):
                return await self._send(message)
        except AddressRefused:
            return Result(status=None, problem="address refused")
        except (TimeoutError, httpx.TimeoutException):
            return Result(status=None, problem="timeout")
        except httpx.ConnectError as error:
            return Result(status=None, problem="certificate" if _of_certificate(error) else "no connection")
        except (httpx.HTTPError, OSError, ValueError):  # ValueError: what the protocol's parser does not expect
            return Result(status=None, problem="broken answer")

    async def _send(self, message: Message) -> Result:
        import httpx

        url = self._targets.check(message.url)
        port = (443 if url.scheme == "https" else 80) if url.port is None else url.port
        host = url.raw_host.decode("ascii")
        literal = literal_address(host)
        found = [literal] if literal is not None else await self._resolve(host, port, message.platform_id)
        if not found:
            return Result(status=None, problem="no address")
        self._targets.check_addresses(found)
        *first, last = found[:_MOST_ADDRESSES]
        for address in first:
            try:
                return await self._post(message, url, address)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._post(message, url, last)

    async def _post(self, message: Message, url: httpx.URL, address: Address) -> Result:
        import httpx

        if self._context is None:
            self._context = trusted()
        request = httpx.Request(
            "POST",
            url.copy_with(host=str(address)),
            content=message.body,
            headers={**_headers(message), "Host": url.netloc.decode("ascii"), "Connection": "close"},
            extensions={
                # The certificate has to be the name's, whatever address it was found at.
                "sni_hostname": url.raw_host.decode("ascii").removeprefix("[").removesuffix("]"),
                "timeout": {"connect": CONNECT_SECONDS, "read": self._total, "write": self._total, "pool": 1.0},
            },
        )
        # A transport by itself: no redirects, no cookies, no proxy out of the environment.
        async with httpx.AsyncHTTPTransport(verify=self._context, trust_env=False, retries=0) as transport:
            response = await transport.handle_async_request(request)
            try:
                await _read_some(response)
            finally:
                await response.aclose()
        return Result(
            status=response.status_code,
            retry_after=retry_after(response.headers.get("retry-after"), message.sent_at),
        )


async def _read_some(response: httpx.Response) -> None:
    """The status is the answer; how the body ends changes nothing about it."""
    import httpx

    read = 0
    try:
        async with asyncio.timeout(1):
            async for chunk in response.aiter_raw():
                read += len(chunk)
                if read > _MOST_READ:
                    return
    except (TimeoutError, httpx.HTTPError):
        return


def _headers(message: Message) -> dict[str, str]:
    from standardwebhooks import Webhook

    signatures = [
        Webhook(secret).sign(message.id, message.sent_at, message.body.decode()) for secret in message.secrets
    ]
    return {
        "Content-Type": "application/json",
        "User-Agent": "prereview-webhooks/1",
        "Accept-Encoding": "identity",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(message.sent_at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _of_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
