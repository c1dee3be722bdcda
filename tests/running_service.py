"""The service as processes of its own, for tests and benchmarks that kill, starve or load it."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import io
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import orjson
import psutil
import psycopg
from PIL import Image

from service import wiring
from service.api import examples
from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.policy import platform_policy_text
from service.review.requests import Scope
from service.settings import Settings
from service.store import EmbeddedPostgres, KeyTerms, migrate

# A little after the moments of the documented example claim.
CLOCK_START = datetime(2026, 11, 21, 9, 31, tzinfo=UTC)
FOUNDER = Actor(ActorKind.PERSON, "founder")
SCREENS = Path(__file__).parent / "data" / "screens"
START_SECONDS = 90


class NotYet(AssertionError):
    """What was waited for did not come."""


def wait_for(condition: Callable[[], Any], seconds: float, what: str, every: float = 0.05) -> Any:
    """The first true value of ``condition``; NotYet naming ``what`` after ``seconds``."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise NotYet(f"{what} within {seconds:g} s")
        time.sleep(every)
    return value


@dataclass(frozen=True, slots=True)
class Child:
    """A process of the service; ``log`` is what it said."""

    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """SIGKILL, as the kernel's out-of-memory killer would."""
        self.process.kill()
        self.process.wait(20)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def readers(self) -> list[psutil.Process]:
        """Its reader processes (they are spawned; the other child only tracks resources)."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if _is_reader(child)]


def _is_reader(child: psutil.Process) -> bool:
    try:
        return any("spawn_main" in word for word in child.cmdline())
    except psutil.Error:
        return False


@dataclass(frozen=True, slots=True)
class Server:
    """A serving process and how to talk to it."""

    child: Child
    address: str
    keys: Mapping[str, str]

    def http(self, key: str = "full", **headers: str) -> httpx.Client:
        sent = {"Authorization": f"Bearer {self.keys.get(key, key)}", **headers}
        return httpx.Client(base_url=self.address, headers=sent, timeout=60, trust_env=False, verify=False)

    def submit(
        self, claim: Any, files: list[bytes] | None = None, *, idempotency_key: str = "", key: str = "full", **more: str
    ) -> httpx.Response:
        headers = {"Idempotency-Key": idempotency_key or uuid.uuid4().hex, **more}
        with self.http(key) as http:
            return http.post("/v1/pre-reviews", files=parts(claim, files or []), headers=headers)

    def get(self, path: str) -> httpx.Response:
        with self.http() as http:
            return http.get(path)

    def decided(self, case_id: str, seconds: float = 30) -> dict[str, Any]:
        """The case once it has a decision."""

        def look() -> dict[str, Any] | None:
            data: dict[str, Any] = self.get(f"/v1/cases/{case_id}").json()
            return data if data["decision"] else None

        found: dict[str, Any] = wait_for(look, seconds, f"no decision on {case_id}", 0.1)
        return found


def parts(claim: Any, files: list[bytes]) -> list[Any]:
    """A claim and its files as httpx sends multipart bodies."""
    described: list[Any] = [("claim", ("claim.json", orjson.dumps(claim), "application/json"))]
    return described + [("evidence", (f"{i}.png", data, "application/octet-stream")) for i, data in enumerate(files)]


@dataclass(frozen=True, slots=True)
class Site:
    """A database, a home and a platform with keys, on which processes are started."""

    home: Path
    url: str
    keys: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)

    @contextlib.contextmanager
    def serving(self, *options: str, **environment: str) -> Iterator[Server]:
        """``prereview serve`` on a free port, ready to take claims."""
        port = free_port()
        with self._child("serve", "--port", str(port), *options, **environment) as child:
            server = Server(child, f"http://127.0.0.1:{port}", self.keys)
            wait_for(lambda: _is_ready(server), START_SECONDS, f"the service was not ready (log: {child.log})", 0.1)
            yield server

    @contextlib.contextmanager
    def working(self, **environment: str) -> Iterator[Child]:
        """``prereview worker``."""
        with self._child("worker", **environment) as child:
            yield child

    @contextlib.contextmanager
    def _child(self, *command: str, **environment: str) -> Iterator[Child]:
        log = self.home / f"{command[0]}-{uuid.uuid4().hex[:8]}.log"
        surroundings = self._surroundings(environment)
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", *command],
                env=surroundings,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        child = Child(process, log)
        try:
            yield child
        finally:
            child.stop()

    def command(self, *words: str, typed: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        """``prereview`` with these words, to its end. ``typed``: what it reads from standard input."""
        return subprocess.run(
            [sys.executable, "-m", "service.cli", *words],
            env=self._surroundings(environment),
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def _surroundings(self, environment: Mapping[str, str]) -> dict[str, str]:
        return {
            **os.environ,
            "PREREVIEW_HOME": str(self.home),
            "PREREVIEW_DATABASE_URL": self.url,
            "PREREVIEW_CLOCK_START": CLOCK_START.isoformat(),
            **self.environment,
            **environment,
        }

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a fresh connection sees."""
        with psycopg.connect(self.url.replace("+psycopg", "")) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def execute(self, statement: str, *values: Any) -> None:
        """Change something behind the service's back."""
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(statement.encode(), values)

    def counts(self) -> dict[str, int]:
        """Rows of every table that a claim may leave something in."""
        names = ("cases", "idempotency", "evidence", "order_evidence", "linked_claims", "assessments", "history_events")
        names += ("audit", "procrastinate_jobs")
        return {name: self.rows(f"SELECT count(*) FROM {name}")[0][0] for name in names}

    def files(self) -> set[str]:
        """Names of stored evidence files, half-written ones too."""
        return {path.name for path in (self.home / "evidence").rglob("*") if path.is_file()}


def _is_ready(server: Server) -> bool:
    if server.child.process.poll() is not None:
        raise NotYet(f"the service ended at start: {server.child.log.read_text()[-2000:]}")
    try:
        return server.get("/readyz").status_code == 200
    except httpx.HTTPError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_database(postgres: EmbeddedPostgres, name: str = "", template: str = "template1") -> str:
    """The URL of a database on a running server: empty, or a copy of ``template``, to which nobody is connected."""
    name = name or f"system_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres.url().replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return postgres.url(name)


def migrated_database(postgres: EmbeddedPostgres, name: str = "") -> str:
    """The URL of a database with every table. It is a copy: on each server one is migrated once a process."""
    return new_database(postgres, name, _migrated(postgres.url()))


@cache
def _migrated(server: str) -> str:
    name = f"migrated_{os.getpid()}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    migrate(server.replace("/postgres?", f"/{name}?"))
    return name


def set_up(home: Path, url: str, **environment: str) -> Site:
    """Migrate, add the demo platform under its policy, make keys. ``environment``: PREREVIEW_* of every process."""
    migrate(url)
    # Every process starts its clock anew: what is in force must have been so for long.
    keys = asyncio.run(_platform(Settings(home=home, clock_start=CLOCK_START - timedelta(days=1)), url))
    return Site(home=home, url=url, keys=keys, environment=environment)


async def _platform(settings: Settings, url: str) -> dict[str, str]:
    deployment = wiring.build(settings, url)
    async with wiring.running(deployment, reading=False):
        now, store = deployment.clock.now(), deployment.store
        await wiring.set_up_platform(deployment, platform_policy_text("demo"), PlatformMode.DEMO, FOUNDER)
        scopes = tuple(scope.value for scope in Scope)
        load = KeyTerms(rate_class="unlimited")
        _, full = await store.create_key("demo", "full", scopes, FOUNDER, now, load)
        record, spare = await store.create_key("demo", "spare", scopes, FOUNDER, now)
    return {"full": full, "spare": spare, "spare_id": str(record.id)}


def new_claim(**changes: Any) -> dict[str, Any]:
    """The documented example, an unused code that can be voided, on an order and account of its own."""
    data = copy.deepcopy(examples.CLAIM)
    data["order"]["order_number"] = f"T{uuid.uuid4().hex[:16].upper()}"
    data["reference"] = f"RF-{data['order']['order_number']}"
    data["account"] |= {name: uuid.uuid4().hex[:12] for name in ("id", "device_id", "payer_id", "ip")}
    data.update(changes)
    return data


def screen(name: str = "0003-order_cards.jpg") -> bytes:
    """A page of the fixed sample."""
    return (SCREENS / name).read_bytes()


def long_capture(pages: int, name: str = "0003-order_cards.jpg") -> bytes:
    """One page many times below itself: takes the reader a second for about every five."""
    with Image.open(io.BytesIO(screen(name))) as page:
        tall = Image.new("RGB", (page.width, page.height * pages))
        for index in range(pages):
            tall.paste(page, (0, index * page.height))
    # Bytes of its own, so that nothing kept from another test answers for it.
    tall.putpixel((0, 0), tuple(uuid.uuid4().bytes[:3]))
    buffer = io.BytesIO()
    tall.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def busy_reader(child: Child, seconds: float = 20) -> psutil.Process:
    """A reader of ``child`` that has been computing for a while since this call."""
    before = {reader.pid: sum(reader.cpu_times()[:2]) for reader in child.readers()}

    def working() -> psutil.Process | None:
        for reader in child.readers():
            with contextlib.suppress(psutil.Error):
                if sum(reader.cpu_times()[:2]) - before.get(reader.pid, 0) > 0.2:
                    return reader
        return None

    found: psutil.Process = wait_for(working, seconds, "no reader became busy", 0.02)
    return found
