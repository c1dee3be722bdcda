"""A receiver of webhooks on a loopback port, with a certificate of its own authority, that can misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Post:
    """One request as it arrived; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes
    server_name: str | None

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.body)
        return found


Reaction = Callable[[Post, asyncio.StreamWriter], Awaitable[None]]


def status(code: int, *headers: str, body: bytes = b"ok") -> Reaction:
    async def react(_: Post, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {code} X", f"Content-Length: {len(body)}", *headers]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()

    return react


async def reset(_: Post, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def silence(_: Post, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def drip(_: Post, writer: asyncio.StreamWriter) -> None:
    """A status line that never ends, a byte at a time: no single read takes long."""
    writer.write(b"HTTP/1.1 200 ")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def endless_body(_: Post, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        await writer.drain()


async def endless_headers(_: Post, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"x" * 8000 + b"\r\n")
        await writer.drain()


async def nonsense(_: Post, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP\r\n")
    await writer.drain()


@dataclass
class Receiver:
    """``react`` may be replaced at any time; ``posts`` is what arrived so far."""

    port: int
    react: Reaction
    posts: list[Post] = field(default_factory=list)
    now: int = 0
    most_at_once: int = 0

    def url(self, host: str = "shop.example", path: str = "/hooks") -> str:
        return f"https://{host}:{self.port}{path}"

    async def wait(self, count: int, seconds: float = 10) -> list[Post]:
        async with asyncio.timeout(seconds):
            while len(self.posts) < count:  # noqa: ASYNC110  the tests poll
                await asyncio.sleep(0.01)
        return self.posts

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            seen = writer.get_extra_info("ssl_object")
            name = getattr(seen, "asked_for", None) if seen else None
            post = Post(path=first.split(" ")[1], headers=headers, body=body, server_name=name)
            self.posts.append(post)
            await self.react(post, writer)
        self.now -= 1
        writer.close()


@contextlib.asynccontextmanager
async def receiving(context: ssl.SSLContext | None, react: Reaction | None = None) -> AsyncIterator[Receiver]:
    """A receiver that answers 200 unless told otherwise; ``context`` None: plain http."""
    receiver = Receiver(port=0, react=react or status(200))
    server = await asyncio.start_server(receiver.handle, "127.0.0.1", 0, ssl=context)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()


@dataclass(frozen=True, slots=True)
class Authority:
    """``client`` trusts it; ``server`` has a certificate of it for these names."""

    client: ssl.SSLContext
    server: ssl.SSLContext


def authority(folder: Path, *names: str) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    now = dt.datetime.now(dt.UTC)

    def builder(public: Any) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .issuer_name(subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
        )

    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    root = (
        builder(key.public_key())
        .subject_name(subject)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    own = ec.generate_private_key(ec.SECP256R1())
    leaf = (
        builder(own.public_key())
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])]))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "receiver.pem"
    file.write_bytes(
        own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + leaf.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    server.sni_callback = _remember
    client = ssl.create_default_context(cadata=root.public_bytes(serialization.Encoding.PEM).decode())
    return Authority(client=client, server=server)


def _remember(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
    connection.asked_for = name  # type: ignore[attr-defined]
